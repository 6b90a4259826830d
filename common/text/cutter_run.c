/*
 * The scalar hot loop of fast mode: Han-like characters, breaks, white space, plain words and
 * numbers, with the state of the cutter in registers ("a run").
 *
 * Speed comes from four things. (1) What a Han-like character or break gives is computed and not
 * branched on: runs of Han are short, and a missed branch costs as much as five characters; see
 * `effect`. (2) Two characters of three bytes are told by one load and compare. (3) A run does
 * not stop at structure ends: the position at each element's first byte goes into a small array,
 * and the ends are looked up there afterwards; see take_ends. (4) A word or decimal of up to seven
 * bytes is classified, folded and copied as one 64-bit number; see run_word.
 *
 * Whatever else comes (other words, two and four bytes, bad UTF-8, too near the end of the bytes)
 * ends the run: the state goes back into the cutter, and cutter_scan.c takes one element.
 */
#include "common/base/bytes.h"
#include "common/text/cutter_ascii.h"
#include "common/text/cutter_emit.h"

#define INLINE      static inline __attribute__((always_inline))
#define LIKELY(x)   __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

/* Positions are kept for this many bytes, and for one element that begins within them. */
#define PIECE   1024
#define ELEMENT 16

/* The last element, T aside, where it is not a Han-like character of the BMP. */
enum { LAST_BREAK = 0, LAST_WORD = 1, LAST_NOTHING = 2 };
_Static_assert(GS_CHAR_BREAK == LAST_BREAK, "a break is code 0 in a key");
_Static_assert(LAST_NOTHING < GS_CHAR_HAN_MIN, "and these are no characters");

#define CONTENT (UINT64_C(1) << 32)

/*
 * What a character gives by which of the last three (before last, last, this) are breaks, as bits
 * 4, 2, 1, while the last is Han-like or a break: the one token it may give has the last two as its
 * key, which is a bigram, or where this is a break the unigram of the last. That exists where the
 * last is Han-like and either this is, too, or the one before last is a break, so that nothing else
 * joins the last. All but a break behind a break takes a position.
 */
struct effect {
    uint64_t counts[8];
    size_t tokens[8]; /* bytes of them */
};
static const struct effect effect_of_three = {
    {1 + CONTENT, 1, 1 + CONTENT, 0, 1 + CONTENT, 1, 1 + CONTENT, 0},
    {8, 0, 0, 0, 8, 8, 0, 0},
};

struct run {
    uint8_t *han;         /* where the next token goes, 8 bytes each */
    uint64_t counts;      /* high half: content; low half: the position before the next */
    uint32_t key;         /* the last two elements, 16 bits each: characters or LAST_* */
    struct effect effect; /* effect_of_three beside the rest: a base register less */
    size_t three;         /* index of effect; of no meaning while the last is a word or nothing */
    struct gs_cut_word *words;
    size_t word_bytes_size;
    uint8_t *word_bytes;
};

/* (uint64_t)key << 32 | position, in halves: composing it costs more than a second store. */
INLINE void put_token(uint8_t *to, uint32_t key, uint32_t position)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    gs_store_u32(to, position);
    gs_store_u32(to + 4, key);
#else
    memcpy(to, &(uint64_t){(uint64_t)key << 32 | position}, 8);
#endif
}

INLINE uint32_t last_of(const struct run *r)
{
    return r->key & 0xFFFF;
}

/* The last element is a Han-like character or a break. */
INLINE bool is_plain(const struct run *r)
{
    return last_of(r) - 1 > 1;
}

/* v: a Han-like character of the BMP, or 0 for a break; is_plain holds. */
INLINE void add_plain(struct run *r, uint32_t v)
{
    r->three = (r->three * 2 + ((v - 1) >> 31)) & 7;
    r->key = r->key << 16 | v;
    put_token(r->han, r->key, (uint32_t)r->counts);
    r->han += r->effect.tokens[r->three];
    r->counts += r->effect.counts[r->three];
}

/* The same behind a word or nothing: no bigram, but a word gives the character its unigram. */
INLINE void add_first(struct run *r, uint32_t v)
{
    bool word = last_of(r) == LAST_WORD;
    put_token(r->han, v << 16, (uint32_t)r->counts + 1);
    r->han += (word & (v != 0)) * 8;
    r->counts += v ? 1 + CONTENT : 1;
    r->three = v ? (word ? 0 : 2) : 1;
    r->key = r->key << 16 | v;
}

INLINE void add(struct run *r, uint32_t v)
{
    if (is_plain(r))
        add_plain(r, v);
    else
        add_first(r, v);
}

/* ---- characters of three bytes ---- */

INLINE bool is_3_bytes(const uint8_t *p)
{
    return ((p[0] ^ 0xE0) & 0xF0) + ((p[1] ^ 0x80) & 0xC0) + ((p[2] ^ 0x80) & 0xC0) == 0;
}

/* Two of them; eight bytes are readable. */
INLINE bool are_2_of_3_bytes(const uint8_t *p)
{
    return (gs_load_u64(p) & 0xC0C0F0C0C0F0) == 0x8080E08080E0;
}

/*
 * Three bytes of that form as their code in gs_chartab_bmp. Surrogates are GS_CHAR_SPECIAL there.
 * Overlong forms come out as ASCII and beyond, below GS_CHAR_HAN_MIN: where that is a break it is
 * as right as the three breaks that three bad bytes are, and all else ends the run.
 */
INLINE uint32_t code_of_3(const uint8_t *p)
{
    return gs_chartab_bmp[((size_t)p[0] << 12) + ((size_t)p[1] << 6) + p[2] - 0xE2080];
}

/* Han-like or a break (which is 0 and wraps). */
INLINE bool is_han_or_break(uint32_t v)
{
    return v - 1 >= GS_CHAR_HAN_MIN - 1;
}

/* The character at p, if it is Han-like or a break. */
INLINE bool add_3(struct run *r, const uint8_t *p, uint32_t *position)
{
    uint32_t v = code_of_3(p);
    if (UNLIKELY(!is_han_or_break(v)))
        return false;
    *position = (uint32_t)r->counts;
    add_plain(r, v);
    return true;
}

/* From byte i on over Han-like characters and breaks of three bytes, as long as i is below stop;
 * eight bytes must be readable there. */
INLINE size_t run_han(struct run *r, const uint8_t *bytes, size_t i, size_t stop,
                      uint32_t *positions)
{
    while (i < stop && LIKELY(are_2_of_3_bytes(bytes + i))) {
        if (!add_3(r, bytes + i, positions + i))
            return i;
        if (!add_3(r, bytes + i + 3, positions + i + 3))
            return i + 3;
        i += 6;
    }
    return i;
}

/* ---- words ---- */

/* Behind a word: three bytes at q that surely end it. */
INLINE bool ends_word(const uint8_t *q, uint32_t *code)
{
    if (!is_3_bytes(q))
        return false;
    *code = code_of_3(q);
    return *code >= GS_CHAR_HAN_MIN || (*code <= GS_CHAR_TRANSPARENT && *q != 0xE0);
}

INLINE void add_word(struct run *r, size_t size)
{
    uint32_t last = last_of(r);
    put_token(r->han, last << 16, (uint32_t)r->counts);
    r->han += ((last > LAST_NOTHING) & (r->key >> 16 != LAST_WORD)) * 8;
    r->counts += 1 + CONTENT;
    r->key = r->key << 16 | LAST_WORD;
    *r->words++ = (struct gs_cut_word){(uint32_t)r->counts, (uint32_t)r->word_bytes_size & 0xFFFFFF,
                                       (uint32_t)size & 0xFF};
    r->word_bytes_size += size;
}

#define WORD_READ 16 /* bytes that run_word may look at */

/*
 * A word of ASCII letters and digits at p, or a decimal \d+\.\d+, of at most seven bytes, with
 * something behind it that surely ends it: its size, or 0 where it is anything else. WORD_READ
 * bytes are readable. A separator with a digit on either side is inside a chain; the chain is plain
 * where it is one point and there are no letters at it.
 */
INLINE size_t run_word(struct run *r, const uint8_t *p)
{
    uint64_t x = gs_load_u64(p), ascii = x & ~GS_TOP_BITS, high = x & GS_TOP_BITS;
    uint64_t letters = gs_bytes_between(ascii | GS_EACH_BYTE(0x20), 'a', 'z') & ~high;
    uint64_t digits = gs_bytes_between(ascii, '0', '9') & ~high;
    uint64_t seps = gs_bytes_between(ascii | GS_EACH_BYTE(2), '.', '.') & ~high;
    uint64_t inner = seps & digits << 8 & digits >> 8;
    uint64_t behind = ~(letters | digits | inner) & GS_TOP_BITS;
    if (!behind)
        return 0;
    size_t size = gs_bytes_before(behind);
    uint64_t within = (behind & -behind) - 1;
    inner &= within;
    if (inner && ((letters & within) | (inner & (inner - 1)) | (inner & ~(x << 6))))
        return 0;
    const uint8_t *q = p + size;
    uint32_t next = 0;
    if (*q >= 0x80) {
        if (!ends_word(q, &next) || (inner && next == GS_NIAN))
            return 0;
    } else if (gs_is_separator_byte(*q) && gs_is_digit_byte(q[-1])) {
        if (gs_is_digit_byte(q[1]) || (q[1] >= 0x80 && !ends_word(q + 1, &next)))
            return 0;
    }
    gs_store_u64(r->word_bytes + r->word_bytes_size, x | letters >> 2);
    add_word(r, size);
    return size;
}

/* ---- the run ---- */

/* Any one element at p into the run: its bytes, or 0 where it is none for a run. */
INLINE size_t run_one(struct run *r, const uint8_t *p, const uint8_t *limit, uint32_t *at)
{
    *at = (uint32_t)r->counts;
    if (*p >= 0x80) {
        if (limit - p < 3 || !is_3_bytes(p))
            return 0;
        uint32_t v = code_of_3(p);
        if (is_han_or_break(v))
            add(r, v);
        else if (v != GS_CHAR_TRANSPARENT || *p == 0xE0)
            return 0;
        return 3;
    }
    uint32_t v = gs_chartab_bmp[*p];
    if (v >= 0x30) {
        if (limit - p < WORD_READ)
            return 0;
        size_t size = run_word(r, p);
        for (int i = 1; i < 8; i++)
            at[i] = (uint32_t)r->counts;
        return size;
    }
    if (v != GS_CHAR_TRANSPARENT)
        add(r, GS_CHAR_BREAK);
    return 1;
}

/* The ends in [first, stop): at the start of an element they are at its position, inside one at
 * that of the next. The low half of counts is positions[stop - first], so to say. */
static void take_ends(struct gs_cutter *c, const uint8_t *first, const uint8_t *stop,
                      const uint32_t *positions, uint64_t counts)
{
    uint32_t base = gs_cut_offset(c, first);
    size_t size = (size_t)(stop - first);
    while (c->next_end - base < size) {
        size_t i = c->next_end - base;
        while (i < size && (first[i] & 0xC0) == 0x80)
            i++;
        gs_cut_ends_at(c, c->next_end, (i < size ? positions[i] : (uint32_t)counts) + 1);
    }
}

/* From p on as far as it goes in at most a piece. */
INLINE const uint8_t *run_piece(struct run *r, const uint8_t *p, const uint8_t *limit,
                                uint32_t *positions)
{
    size_t left = (size_t)(limit - p), stop = left < PIECE ? left : PIECE;
    size_t stop_han = left < 8 ? 0 : left - 7 < PIECE ? left - 7 : PIECE;
    size_t i = 0;
    while (i < stop) {
        if (is_plain(r))
            i = run_han(r, p, i, stop_han, positions);
        if (i >= stop)
            break;
        size_t size = run_one(r, p + i, limit, positions + i);
        if (!size)
            break;
        i += size;
    }
    return p + i;
}

static void run_begin(const struct gs_cutter *c, struct run *r)
{
    const struct gs_cut_batch *b = c->out;
    uint32_t last = c->prev         ? c->prev
                    : c->after_word ? LAST_WORD
                    : c->break_open ? LAST_BREAK
                                    : LAST_NOTHING;
    uint32_t before = c->joined ? LAST_WORD : c->lone ? LAST_BREAK : GS_CHAR_HAN_MIN;
    r->effect = effect_of_three;
    r->han = (uint8_t *)(b->han + b->han_count);
    r->counts = (uint64_t)c->position - 1;
    r->key = before << 16 | last;
    r->three = c->prev ? (c->lone ? 2 : 0) : 1;
    r->words = b->words + b->word_count;
    r->word_bytes = b->word_bytes;
    r->word_bytes_size = b->word_bytes_size;
}

static void run_end(struct gs_cutter *c, const struct run *r)
{
    struct gs_cut_batch *b = c->out;
    uint64_t counts = r->counts - ((uint64_t)c->position - 1);
    uint32_t last = last_of(r);
    b->han_count = (size_t)((uint64_t *)r->han - b->han);
    b->word_count = (size_t)(r->words - b->words);
    b->word_bytes_size = r->word_bytes_size;
    c->position += (uint32_t)counts;
    c->breaks += (uint32_t)counts - (uint32_t)(counts >> 32);
    c->prev = last > LAST_NOTHING ? last : 0;
    c->after_word = last == LAST_WORD;
    c->break_open = last == LAST_BREAK;
    c->joined = c->prev && r->key >> 16 == LAST_WORD;
    c->lone = c->prev && (r->three & 3) == 2;
}

const uint8_t *gs_cut_run(struct gs_cutter *c, const uint8_t *p, const uint8_t *limit)
{
    if (c->prev > 0xFFFF)
        return p;
    uint32_t positions[PIECE + ELEMENT];
    struct run r;
    run_begin(c, &r);
    const uint8_t *first;
    do {
        first = p;
        p = run_piece(&r, p, limit, positions);
        take_ends(c, first, p, positions, r.counts);
    } while (p - first >= PIECE);
    run_end(c, &r);
    return p;
}
