/*
 * cutter_avx512.c: bytes into slots, the first half of the AVX-512 cutter (fast mode only).
 *
 * A block is 64 bytes, or as many as give 32 characters. Their first bytes are found and counted by
 * masks, the characters decoded into 16-bit lanes and looked up in gs_chartab_bmp by two gathers;
 * from the codes come masks of the lanes' classes, and all else is arithmetic on these masks in
 * general registers: where words begin, which break begins a run, which separators stand inside
 * numbers. The lanes that take a position are packed behind the slots, the bytes of words behind
 * the batch's word bytes.
 *
 * Nothing is ever pending: a block ends behind its last character of several bytes (an ASCII tail
 * is read again with what follows it), and where a word or number might go on, before that word.
 * Whatever is not decided by a block alone, or rare (characters that expand, vanish, compose or are
 * isolated; letters beyond ASCII; four bytes; malformed bytes; numbers in other than the plain
 * forms; words longer than a block), goes to the state machine, from the beginning of the word
 * before it, once all slots up to there have become tokens.
 */
#include "common/text/cutter_avx512.h"
#include "common/text/chartab.h"

#ifdef GS_HAS_X86_KERNELS
#ifdef __clang__
#pragma clang attribute push(                                                                      \
    __attribute__((                                                                                \
        target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,popcnt,bmi,bmi2,lzcnt"))),        \
    apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,popcnt,bmi,bmi2,lzcnt")
#endif
#include <immintrin.h>

#define INLINE      static inline __attribute__((always_inline))
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

#define BLOCK 64 /* bytes */
#define LANES 32
/* An ASCII tail of more bytes than this is taken into the block, up to where a word begins. */
#define LONG_TAIL 12

INLINE uint32_t bits_of(uint64_t mask)
{
    return (uint32_t)_mm_popcnt_u64(mask);
}

/* The n lowest bits, n <= 64. */
INLINE uint64_t below(uint32_t n)
{
    return _bzhi_u64(UINT64_MAX, n);
}

/* The number of the lowest bit; 64 for none. */
INLINE uint32_t lowest(uint64_t mask)
{
    return (uint32_t)_tzcnt_u64(mask);
}

/* The number behind the highest bit; 0 for none. */
INLINE uint32_t behind_highest(uint64_t mask)
{
    return 64 - (uint32_t)_lzcnt_u64(mask);
}

/* The place of bit number n (from 0) among the bits of the mask; 64 where there are not so many. */
INLINE uint32_t place_of(uint64_t mask, uint32_t n)
{
    return lowest(_pdep_u64((uint64_t)1 << n, mask));
}

/* ---- bytes ---- */

/* First bytes of characters and what follows from them, bit i for byte i of a block. */
struct bytes {
    __m512i v;
    uint64_t lead;  /* ASCII and first bytes */
    uint64_t multi; /* first bytes of several */
    uint64_t three; /* ... of three */
    uint32_t size;  /* the bytes that the block takes */
    bool stop;      /* what follows them is for the state machine */
};

/* By the low six bits of a first byte of several: the top bit of those that the block does not
 * decode. C0, C1 and E0 because some of what they begin is overlong. */
static const uint8_t refused[64] = {
    [0x00] = 0x80, [0x01] = 0x80, [0x20] = 0x80, [0x30] = 0x80, [0x31] = 0x80,
    [0x32] = 0x80, [0x33] = 0x80, [0x34] = 0x80, [0x35] = 0x80, [0x36] = 0x80,
    [0x37] = 0x80, [0x38] = 0x80, [0x39] = 0x80, [0x3A] = 0x80, [0x3B] = 0x80,
    [0x3C] = 0x80, [0x3D] = 0x80, [0x3E] = 0x80, [0x3F] = 0x80};

/* The first byte that the block must not take: of a refused character, or, where `bad` has bytes
 * that should or should not be continuations, the one before the first of those or itself. */
static __attribute__((noinline, cold)) uint32_t first_refused(uint64_t lead, uint64_t odd,
                                                              uint64_t bad)
{
    uint32_t malformed = lowest(bad);
    if (bad) {
        uint64_t before = lead & below(malformed);
        malformed = before ? behind_highest(before) - 1 : 0;
    }
    uint32_t other = lowest(odd);
    return malformed < other ? malformed : other;
}

/* How many bytes the block takes of `most`. */
INLINE uint32_t block_size(const struct bytes *b, uint32_t most)
{
    uint64_t last = (b->three << 2 | (b->multi & ~b->three) << 1) & below(most);
    uint32_t size = behind_highest(last);
    if (UNLIKELY(most - size > LONG_TAIL || !size)) {
        uint32_t incomplete = lowest(b->multi & ~below(size));
        size = incomplete < most ? incomplete : most;
    }
    return size;
}

INLINE struct bytes read_block(const uint8_t *p, size_t left)
{
    struct bytes b;
    uint32_t most = left < BLOCK ? (uint32_t)left : BLOCK;
    uint64_t in = below(most);
    b.v = left < BLOCK ? _mm512_maskz_loadu_epi8(in, p) : _mm512_loadu_si512(p);
    uint64_t high = _mm512_movepi8_mask(b.v);
    b.lead = _mm512_cmpgt_epi8_mask(b.v, _mm512_set1_epi8((char)0xBF)) & in;
    b.multi = b.lead & high;
    b.three = _mm512_test_epi8_mask(b.v, _mm512_set1_epi8(0x20)) & b.multi;
    uint64_t odd =
        (uint64_t)_mm512_movepi8_mask(_mm512_permutexvar_epi8(b.v, _mm512_loadu_si512(refused))) &
        b.multi;
    uint64_t bad = ((high & ~b.lead) ^ (b.multi << 1 | b.three << 2)) & in;
    if (UNLIKELY(odd | bad))
        most = first_refused(b.lead, odd, bad);
    uint32_t full = place_of(b.lead, LANES);
    b.size = block_size(&b, full < most ? full : most);
    b.stop = (odd | bad) && b.size == most;
    b.lead &= below(b.size);
    return b;
}

/* ---- characters ---- */

/* Codes of gs_chartab_bmp for the code points c. Reads 32 bits at each, so that U+FFFF is looked up
 * as U+FFFE, which is of the same class. */
INLINE __m512i look_up(__m512i c)
{
    c = _mm512_min_epu16(c, _mm512_set1_epi16((short)0xFFFE));
    __m512i even = _mm512_and_si512(c, _mm512_set1_epi32(0xFFFF));
    __m512i odd = _mm512_srli_epi32(c, 16);
    even = _mm512_i32gather_epi32(even, (const void *)gs_chartab_bmp, 2);
    odd = _mm512_i32gather_epi32(odd, (const void *)gs_chartab_bmp, 2);
    return _mm512_mask_blend_epi16(0xAAAAAAAA, even, _mm512_slli_epi32(odd, 16));
}

#define TWICE(n) (n), (n)
#define EIGHT(n) TWICE(n), TWICE((n) + 1), TWICE((n) + 2), TWICE((n) + 3)
static const uint8_t places[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                   16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
                                   32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
                                   48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
static const uint8_t twice[64] = {EIGHT(0),  EIGHT(4),  EIGHT(8),  EIGHT(12),
                                  EIGHT(16), EIGHT(20), EIGHT(24), EIGHT(28)};

/* The code points of a block's characters, well formed and of at most three bytes. */
INLINE __m512i decode(const struct bytes *b)
{
    __m512i at = _mm512_maskz_compress_epi8(b->lead, _mm512_loadu_si512(places));
    at = _mm512_permutexvar_epi8(_mm512_loadu_si512(twice), at); /* each in both bytes of a lane */
    __m512i first = _mm512_maskz_permutexvar_epi8(0x5555555555555555, at, b->v);
    /* Third byte low, second byte high. */
    __m512i rest = _mm512_permutexvar_epi8(_mm512_add_epi8(at, _mm512_set1_epi16(0x0102)), b->v);
    rest = _mm512_and_si512(rest, _mm512_set1_epi8(0x3F));
    __m512i c = _mm512_or_si512(_mm512_slli_epi16(first, 12),
                                _mm512_maddubs_epi16(rest, _mm512_set1_epi16(0x4001)));
    __mmask32 ascii = _mm512_cmplt_epu16_mask(first, _mm512_set1_epi16(0x80));
    if (UNLIKELY(b->lead & b->multi & ~b->three)) {
        __mmask32 two = _mm512_cmplt_epu16_mask(first, _mm512_set1_epi16(0xE0));
        __m512i top = _mm512_slli_epi16(_mm512_and_si512(first, _mm512_set1_epi16(0x1F)), 6);
        c = _mm512_mask_add_epi16(c, two, top, _mm512_srli_epi16(rest, 8));
    }
    return _mm512_mask_mov_epi16(c, ascii, first);
}

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

/* Bits of the codes below GS_CHAR_WORD_SELF: SPECIAL and VANISHING have one, DOT and COMMA the
 * other. */
#define CODE_BIT_RARE      2
#define CODE_BIT_SEPARATOR 4
_Static_assert((GS_CHAR_BREAK & 6) == 0 && (GS_CHAR_TRANSPARENT & 6) == 0 &&
                   (GS_CHAR_VANISHING & 2) && (GS_CHAR_SPECIAL & 2) && (GS_CHAR_WORD_SELF & 2) &&
                   (GS_CHAR_DOT & 6) == 4 && (GS_CHAR_COMMA & 6) == 4,
               "the codes are told apart by their bits");

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

/* Leaves the lanes from n on to others, and the open word before them. */
INLINE void keep_lanes(struct lanes *l, uint32_t n)
{
    l->count = run_start(word_runs(l), n);
}

INLINE struct lanes classify(__m512i code, uint32_t count)
{
    struct lanes l = {.code = code, .count = count};
    const __m512i from_0 = _mm512_sub_epi16(code, _mm512_set1_epi16(0x30));
    uint64_t low = _mm512_cmplt_epu16_mask(code, _mm512_set1_epi16(8));
    uint64_t rare = _mm512_test_epi16_mask(code, _mm512_set1_epi16(CODE_BIT_RARE)) & low;
    l.han = _mm512_cmpge_epu16_mask(code, _mm512_set1_epi16(GS_CHAR_HAN_MIN));
    l.word = _mm512_cmplt_epu16_mask(from_0, _mm512_set1_epi16(0x80 - 0x30));
    l.digit = _mm512_cmplt_epu16_mask(from_0, _mm512_set1_epi16(10));
    l.transparent = _mm512_cmpeq_epu16_mask(code, _mm512_set1_epi16(GS_CHAR_TRANSPARENT));
    l.separator = _mm512_test_epi16_mask(code, _mm512_set1_epi16(CODE_BIT_SEPARATOR)) & low & ~rare;
    l.breaks = low & ~l.transparent;
    rare |= ~(l.han | l.word | low); /* letters beyond ASCII */
    rare &= below(count);
    if (UNLIKELY(rare)) {
        l.stop = true;
        l.count = lowest(rare);
    }
    if (UNLIKELY(l.count && word_runs(&l) >> (l.count - 1) & 1))
        keep_lanes(&l, l.count);
    return l;
}

/* ---- numbers ---- */

/* Whether the separators `seps` of a number that ends before lane `end` make it one of the plain
 * forms \d+\.\d+ and \d{1,3}(,\d{3})+(\.\d+)?, the first comma or point being at lane `first`,
 * `before` digits into it. */
INLINE bool is_plain(uint64_t commas, uint64_t points, uint32_t before, uint32_t end)
{
    if (points & (points - 1))
        return false;
    if (!commas)
        return true;
    uint32_t first = lowest(commas), last = behind_highest(commas) - 1;
    uint64_t groups = UINT64_C(0x1111111111111111) << first & below(last + 1);
    uint32_t stop = points ? lowest(points) : end;
    return commas == groups && stop == last + 4 && before <= 3;
}

/* The numbers with separators inside: those of the plain forms become one word each; at any other
 * the block ends. All of them lie inside the block, with a character behind. */
static __attribute__((noinline)) void take_numbers(struct lanes *l, uint64_t inner)
{
    const uint64_t chain = l->digit | inner;
    const uint64_t comma = _mm512_cmpeq_epu16_mask(l->code, _mm512_set1_epi16(GS_CHAR_COMMA));
    const uint64_t nian = _mm512_cmpeq_epu16_mask(l->code, _mm512_set1_epi16(GS_NIAN));
    while (inner) {
        uint32_t first = lowest(inner);
        uint32_t start = run_start(chain, first), end = lowest(~chain & ~below(first));
        uint64_t seps = inner & below(end), commas = seps & comma, points = seps & ~comma;
        if (!is_plain(commas, points, first - start, end) || nian >> end & 1) {
            l->stop = true;
            keep_lanes(l, start);
            return;
        }
        l->word |= seps;
        l->breaks &= ~seps;
        l->bytes &= ~commas;
        l->code = _mm512_mask_mov_epi16(l->code, (__mmask32)points, _mm512_set1_epi16('.'));
        l->forced |= (uint64_t)1 << start | (l->word & (uint64_t)1 << end);
        inner &= ~below(end);
    }
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
INLINE uint64_t take_lanes(struct sink *s, const struct lanes *l)
{
    uint64_t in = below(l->count), word = l->word & in;
    uint64_t starts = word & (~(word << 1) | l->forced);
    uint64_t taken = (l->han & in) | starts | first_breaks(l, &s->break_open);
    uint64_t bytes = word & l->bytes;
    _mm512_storeu_si512(s->slots->code + GS_SLOT_FIRST + s->count,
                        _mm512_maskz_compress_epi16((__mmask32)taken, l->code));
    s->count += bits_of(taken);
    __m256i b = _mm512_cvtepi16_epi8(l->code);
    b = _mm256_mask_add_epi8(b, (__mmask32)starts, b, _mm256_set1_epi8((char)GS_WORD_FIRST));
    _mm256_storeu_si256((void *)s->word_bytes, _mm256_maskz_compress_epi8((__mmask32)bytes, b));
    s->word_bytes += bits_of(bytes);
    return taken;
}

/* Structure ends up to the end of the block: at the position that follows what begins before. */
static __attribute__((noinline)) void take_ends(struct gs_cutter *c, uint32_t offset, uint32_t size,
                                                uint64_t lead, uint64_t taken, uint32_t position)
{
    while (c->next_end <= offset + size) {
        uint32_t before = c->next_end > offset ? c->next_end - offset : 0;
        uint32_t lanes = bits_of(lead & below(before));
        gs_cut_ends_at(c, c->next_end, position + bits_of(taken & below(lanes)));
    }
}

INLINE void flush(struct sink *s, struct gs_cutter *c)
{
    struct gs_cut_batch *b = c->out;
    gs_slots_emit(s->slots, c, s->count,
                  (size_t)(s->word_bytes - b->word_bytes) - b->word_bytes_size);
    s->count = 0;
}

/* From p on as far as whole blocks go; the place behind, which is for the state machine. */
static const uint8_t *scan_blocks(struct gs_cutter *c, const uint8_t *p, const uint8_t *limit)
{
    struct gs_slots slots;
    struct sink s = {&slots, 0, c->out->word_bytes + c->out->word_bytes_size, c->break_open};
    bool stop = false;
    gs_slots_begin(&slots, c);
    while (p < limit && !stop) {
        struct bytes b = read_block(p, (size_t)(limit - p));
        struct lanes l = classify(look_up(decode(&b)), bits_of(b.lead));
        uint64_t inner = l.separator & l.digit << 1 & l.digit >> 1 & below(l.count);
        l.bytes = UINT64_MAX;
        if (UNLIKELY(inner))
            take_numbers(&l, inner);
        uint32_t size = b.size;
        stop = b.stop || l.stop;
        if (UNLIKELY(l.count < bits_of(b.lead))) {
            size = place_of(b.lead, l.count);
            stop = l.stop || !l.count;
        }
        size_t before = s.count;
        uint64_t taken = take_lanes(&s, &l);
        uint32_t offset = gs_cut_offset(c, p);
        if (UNLIKELY(c->next_end <= offset + size))
            take_ends(c, offset, size, b.lead, taken, c->position + (uint32_t)before);
        p += size;
        stop = stop || !size;
        if (UNLIKELY(s.count > GS_SLOT_CAP - LANES))
            flush(&s, c);
    }
    flush(&s, c);
    return p;
}

void gs_cut_scan_avx512(struct gs_cutter *c, const uint8_t *p, const uint8_t *limit)
{
    if (p < limit && !gs_cut_idle(c))
        p = gs_cut_slow(c, p, limit);
    while (p < limit) {
        gs_emit_ends(c, gs_cut_offset(c, p));
        if (c->prev <= 0xFFFF)
            p = scan_blocks(c, p, limit);
        if (p < limit)
            p = gs_cut_slow(c, p, limit);
    }
}

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
