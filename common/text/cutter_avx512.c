/*
 * cutter_avx512.c: codes into slots, and the whole of the AVX-512 cutter (fast mode only).
 *
 * A window is 32 lanes. From the codes come masks of their classes, and all else is arithmetic on
 * these masks in general registers: where words begin, which break begins a run, which separators
 * stand inside numbers. The lanes that take a position are packed behind the slots, the bytes of
 * words behind the batch's word bytes.
 *
 * No word is ever open behind a window: it ends before the word or number that might go on, and the
 * next one begins there. Whatever is not decided by a window alone, or rare (characters that
 * expand, vanish, compose or are isolated; letters beyond ASCII; what gs_codes_read refuses; glued
 * numbers; words longer than a window), goes to the scalar scan and the state machine, from the
 * beginning of the word before it, once all slots up to there have become tokens. The windows go on
 * in the same batch where the machine has come to rest.
 */
#include "common/text/cutter_avx512.h"
#include "common/text/chartab.h"

#ifdef GS_HAS_X86_KERNELS
#include "common/text/cutter_avx512.inc"

struct constants {
    __m512i one, rare, separator, han_min, from_0, words, ten, evens;
};

/* The byte of the batch at which lane n begins. */
INLINE uint32_t lane_to_byte(const struct gs_codes *b, uint32_t n)
{
    if (n == b->lanes)
        return b->size;
    size_t block = 0;
    while (block + 1 < GS_CODE_BLOCKS && (block + 1) * GS_CODE_BLOCK < b->size &&
           b->first_lane[block + 1] <= n)
        block++;
    return (uint32_t)(block * GS_CODE_BLOCK) + place_of(b->lead[block], n - b->first_lane[block]);
}

/* The lane that begins at or behind a byte of the batch. */
INLINE uint32_t byte_to_lane(const struct gs_codes *b, uint32_t byte)
{
    size_t block = byte / GS_CODE_BLOCK;
    return b->first_lane[block] + bits_of(b->lead[block] & below(byte % GS_CODE_BLOCK));
}

#define PICK(n) 2 * (n), 2 * (n) + 2, 2 * (n) + 4, 2 * (n) + 6
static const uint8_t evens[64] = {PICK(0),  PICK(4),  PICK(8),  PICK(12),
                                  PICK(16), PICK(20), PICK(24), PICK(28)};

/* ---- lanes ---- */

/* Classes of a block's characters, bit i for the one in lane i. */
struct lanes {
    __m512i code;
    uint64_t han, word, digit, transparent, breaks;
    uint64_t separator; /* among the breaks: . and , */
    uint64_t bytes;     /* word characters whose bytes count: `word` without dropped commas */
    uint64_t forced;    /* words that begin though a word character stands before */
    uint32_t count;     /* lanes in use */
    bool stop;          /* the lane behind them is for the state machine */
};

/* Word characters, and separators right behind a digit: a run of them may be one number. */
INLINE uint64_t word_runs(const struct lanes *l)
{
    return l->word | (l->separator & l->digit << 1);
}

/* Where the run of the mask's bits begins that ends before lane n; n where there is none. */
INLINE uint32_t run_start(uint64_t mask, uint32_t n)
{
    return behind_highest(~mask & below(n));
}

INLINE struct constants class_constants(void)
{
    return (struct constants){
        .one = all_lanes(GS_CHAR_TRANSPARENT),
        .rare = all_lanes(GS_CODE_RARE),
        .separator = all_lanes(GS_CODE_BIT_SEPARATOR),
        .han_min = all_lanes(GS_CHAR_HAN_MIN),
        .from_0 = all_lanes('0'),
        .words = all_lanes(0x80 - '0'),
        .ten = all_lanes(10),
        .evens = bytes_of(evens),
    };
}

/* The classes of at most `most` codes; fewer lanes where one of them is for the state machine, and
 * none of the word or number that the last of them may belong to. */
INLINE struct lanes classify(const struct constants *k, __m512i code, uint32_t most)
{
    struct lanes l = {.code = code, .bytes = UINT64_MAX};
    const __m512i from_0 = _mm512_sub_epi16(code, k->from_0);
    uint64_t rare = _mm512_cmpeq_epu16_mask(code, k->rare);
    l.han = _mm512_cmpge_epu16_mask(code, k->han_min);
    l.word = _mm512_cmplt_epu16_mask(from_0, k->words);
    l.digit = _mm512_cmplt_epu16_mask(from_0, k->ten);
    l.transparent = _mm512_cmpeq_epu16_mask(code, k->one);
    l.breaks = ~(l.han | l.word | l.transparent | rare);
    l.separator = _mm512_test_epi16_mask(code, k->separator) & l.breaks;
    rare &= below(most);
    if (UNLIKELY(rare)) {
        l.stop = true;
        most = lowest(rare);
    }
    l.count = run_start(word_runs(&l), most);
    return l;
}

/* ---- numbers ---- */

/*
 * A chain is a run of digits and of `inner`, separators with a digit on either side. All chains of
 * a window at once: `inner` may be added to the mask of chains, so that a carry comes out behind
 * each that has a separator; the same with the digits behind points shows what ends these.
 */
struct chains {
    uint64_t digit, inner; /* the window's */
    uint64_t starts, ends; /* of chains with separators: first lane, lane behind */
};

INLINE struct chains find_chains(uint64_t digit, uint64_t inner)
{
    uint64_t all = digit | inner, firsts = all & ~(all << 1), behind = ~all & all << 1;
    struct chains c = {digit, inner, 0, (all + inner) & ~all};
    c.starts = _pdep_u64(_pext_u64(c.ends, behind), firsts);
    return c;
}

/* Whether all chains are plain: \d+\.\d+ or \d{1,3}(,\d{3})+(\.\d+)?, and no year stands behind a
 * point. `nian`: the lanes of that character. */
INLINE bool all_plain(const struct chains *c, uint64_t commas, uint64_t nian)
{
    const uint64_t d = c->digit;
    uint64_t behind_point = (d + (c->inner & ~commas) * 2) & ~d;
    uint64_t grouped = d >> 1 & d >> 2 & d >> 3 & ~(d >> 4);
    uint64_t over_3 = d << 1 & d << 2 & d << 3 & d << 4;
    return !((behind_point & (c->inner | nian)) | (commas & (~grouped | over_3)));
}

/* Of numbers that are not all plain. */
struct numbers {
    uint64_t joined; /* separators inside words */
    uint32_t count;  /* lanes before the first that is for the state machine */
};

/* Looks at the chains one by one, as far as they are not glued. */
static __attribute__((noinline)) void take_numbers(struct numbers *n, struct chains c,
                                                   uint64_t commas, uint64_t nian, __m512i code)
{
    uint8_t chars[GS_SLOT_BLOCK];
    uint16_t codes[GS_SLOT_BLOCK];
    _mm512_storeu_si512(codes, code);
    n->joined = 0;
    for (; c.starts; c.starts &= c.starts - 1, c.ends &= c.ends - 1) {
        uint32_t start = lowest(c.starts), end = lowest(c.ends);
        for (uint32_t i = start; i < end; i++)
            chars[i] = (uint8_t)(c.digit >> i & 1 ? codes[i] : commas >> i & 1 ? ',' : '.');
        struct gs_chain chain = {chars + start, end - start, NULL, NULL, 0};
        enum gs_chain_form form = gs_chain_classify(&chain, nian >> end & 1 ? GS_NIAN : 0);
        if (form == GS_CHAIN_GLUED) {
            n->count = start;
            return;
        }
        if (form == GS_CHAIN_NUMBER)
            n->joined |= c.inner & below(end) & ~below(start);
    }
}

/* The numbers with separators: they begin and end words, and those that are one number join their
 * separators, commas without their bytes. All lie inside the lanes, with a character behind. */
INLINE void lanes_take_numbers(struct lanes *l)
{
    uint64_t inner = l->separator & l->digit << 1 & l->digit >> 1 & below(l->count);
    if (!UNLIKELY(inner))
        return;
    struct chains c = find_chains(l->digit, inner);
    uint64_t commas = _mm512_cmpeq_epu16_mask(l->code, _mm512_set1_epi16(GS_CHAR_COMMA)) & inner;
    uint64_t nian = _mm512_cmpeq_epu16_mask(l->code, _mm512_set1_epi16(GS_NIAN));
    struct numbers n = {inner, l->count};
    if (UNLIKELY(!all_plain(&c, commas, nian))) {
        struct numbers slow = n;
        take_numbers(&slow, c, commas, nian, l->code);
        n = slow;
        if (n.count < l->count) {
            l->stop = true;
            l->count = run_start(word_runs(l), n.count);
        }
    }
    l->code =
        _mm512_mask_mov_epi16(l->code, (__mmask32)(n.joined & ~commas), _mm512_set1_epi16('.'));
    l->word |= n.joined;
    l->breaks &= ~n.joined;
    l->bytes = ~commas;
    l->forced = c.starts | c.ends;
}

/* ---- slots ---- */

struct sink {
    struct gs_slots *slots;
    size_t count;        /* slots so far */
    uint8_t *word_bytes; /* where the next word's bytes go */
    uint64_t break_open; /* 0 or 1: the last element, T aside, is a break */
};

/* The breaks that begin a run, and whether one is open behind the lanes. Transparent lanes behind a
 * break are skipped by the carry of an addition. */
INLINE uint64_t first_breaks(const struct lanes *l, uint64_t *open)
{
    uint64_t in = below(l->count), t = l->transparent & in, breaks = l->breaks & in;
    uint64_t behind = breaks << 1 | *open;
    behind |= (t + (behind & t)) & ~t;
    *open = behind >> l->count & 1;
    return breaks & ~behind;
}

/* Packs the lanes behind the slots; which lanes took one. */
INLINE uint64_t take_lanes(struct sink *s, const struct constants *k, const struct lanes *l)
{
    uint64_t in = below(l->count), word = l->word & in;
    uint64_t starts = word & (~(word << 1) | l->forced);
    uint64_t taken = (l->han & in) | starts | first_breaks(l, &s->break_open);
    uint64_t bytes = word & l->bytes;
    _mm512_storeu_si512(s->slots->code + GS_SLOT_FIRST + s->count,
                        _mm512_maskz_compress_epi16((__mmask32)taken, l->code));
    s->count += bits_of(taken);
    __m256i b = _mm512_castsi512_si256(_mm512_permutexvar_epi8(k->evens, l->code));
    b = _mm256_mask_add_epi8(b, (__mmask32)starts, b, _mm256_set1_epi8((char)GS_WORD_FIRST));
    _mm256_storeu_si256((void *)s->word_bytes, _mm256_maskz_compress_epi8((__mmask32)bytes, b));
    s->word_bytes += bits_of(bytes);
    return taken;
}

INLINE void flush(struct sink *s, struct gs_cutter *c)
{
    struct gs_cut_batch *b = c->out;
    gs_slots_emit(s->slots, c, s->count,
                  (size_t)(s->word_bytes - b->word_bytes) - b->word_bytes_size);
    s->count = 0;
}

/* Which lanes of a batch took a slot. */
struct taken {
    uint64_t bits[GS_CODE_BLOCKS + 1];
};

INLINE void taken_add(struct taken *t, uint32_t lane, uint64_t bits)
{
    uint64_t *word = &t->bits[lane / 64];
    word[0] |= bits << lane % 64;
    word[1] = bits >> 1 >> (63 - lane % 64);
}

/* Slots taken before each word of t.bits, `before` of them before number `from`, up to `to`. */
INLINE void count_taken(uint32_t *ranks, const struct taken *t, uint32_t from, uint32_t to,
                        uint32_t before)
{
    for (uint32_t i = from; i <= to; i++) {
        ranks[i] = before;
        before += bits_of(t->bits[i]);
    }
}

/* As gs_cut_ends_at for one end, without its calls. */
INLINE void take_end(struct gs_cutter *c, struct gs_cut_end *held, uint32_t position,
                     uint32_t kinds)
{
    struct gs_cut_batch *b = c->out;
    if (held->kinds && held->position != position) {
        if (UNLIKELY(b->end_count == b->end_capacity))
            gs_cut_batch_end(c, held->position, held->kinds);
        else
            b->ends[b->end_count++] = *held;
        held->kinds = 0;
    }
    held->position = position;
    held->kinds |= kinds;
}

/* Structure ends up to lane `last` inclusive: at the position behind what begins before them. Those
 * lanes from `lane` on that took a slot are in t; the first of these is at c->position. */
static __attribute__((noinline)) void take_ends(struct gs_cutter *c, const struct gs_codes *b,
                                                uint32_t offset, const struct taken *t,
                                                uint32_t lane, uint32_t last)
{
    uint32_t ranks[GS_CODE_BLOCKS + 1];
    size_t i = c->end_next;
    struct gs_cut_end held = c->held;
    count_taken(ranks, t, lane / 64, last / 64, c->position);
    for (; i < c->end_count && c->ends[i].offset - offset < b->size; i++) {
        uint32_t at = byte_to_lane(b, c->ends[i].offset - offset);
        if (at > last)
            break;
        uint32_t before = bits_of(t->bits[at / 64] & below(at % 64));
        take_end(c, &held, ranks[at / 64] + before, c->ends[i].kinds);
    }
    c->held = held;
    c->end_next = i;
    c->next_end = i < c->end_count ? c->ends[i].offset : GS_NO_END;
}

/* The lanes from `lane` on into slots, up to an open word at the batch's end or, with *stop, to
 * what is for the state machine; the lane behind. `offset` is that of the batch's first byte. */
static __attribute__((noinline)) uint32_t take_batch(struct sink *sink, struct gs_cutter *c,
                                                     const struct gs_codes *b, uint32_t offset,
                                                     uint32_t lane, bool *stop)
{
    const struct constants k = class_constants();
    struct sink s = *sink;
    struct taken taken;
    const uint32_t first = lane, lanes = b->lanes;
    *stop = false;
    taken.bits[lane / 64] = 0;
    while (lane < lanes) {
        uint32_t left = lanes - lane;
        struct lanes l = classify(&k, _mm512_loadu_si512(b->code + lane),
                                  left < GS_SLOT_BLOCK ? left : GS_SLOT_BLOCK);
        uint32_t count = l.count;
        lanes_take_numbers(&l);
        if (UNLIKELY(l.stop || !count)) {
            *stop = l.stop || left >= GS_SLOT_BLOCK;
            count = l.count;
            if (!count)
                break;
        }
        taken_add(&taken, lane, take_lanes(&s, &k, &l));
        lane += count;
        if (UNLIKELY(l.stop))
            break;
    }
    if (c->next_end - offset < b->size)
        take_ends(c, b, offset, &taken, first, lane);
    *sink = s;
    return lane;
}

/* A batch from p on; the place behind what was taken of it. */
static const uint8_t *scan_batch(struct gs_cutter *c, const uint8_t *p, const uint8_t *limit)
{
    struct gs_slots slots;
    struct gs_codes b;
    uint32_t lane = 0, offset = gs_cut_offset(c, p);
    bool stop;
    gs_codes_read(&b, p, limit);
    gs_codes_look_up(&b);
    for (;;) {
        struct sink s = {&slots, 0, c->out->word_bytes + c->out->word_bytes_size, c->break_open};
        gs_slots_begin(&slots, c);
        lane = take_batch(&s, c, &b, offset, lane, &stop);
        flush(&s, c);
        const uint8_t *q = p + lane_to_byte(&b, lane);
        bool whole = lane == b.lanes || p + b.size < limit;
        if (q == limit || (!stop && !b.refused && whole && lane > 0))
            return q;
        do
            q = gs_cut_scan_one(c, q, limit);
        while (q < limit && c->prev > 0xFFFF);
        if (q >= p + b.size)
            return q;
        gs_emit_ends(c, gs_cut_offset(c, q));
        lane = byte_to_lane(&b, (uint32_t)(q - p));
    }
}

void gs_cut_scan_avx512(struct gs_cutter *c, const uint8_t *p, const uint8_t *limit)
{
    while (p < limit && (!gs_cut_idle(c) || c->prev > 0xFFFF))
        p = gs_cut_slow(c, p, limit);
    while (p < limit) {
        gs_emit_ends(c, gs_cut_offset(c, p));
        p = scan_batch(c, p, limit);
    }
}

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
