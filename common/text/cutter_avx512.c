/*
 * cutter_avx512.c: bytes into slots, the first half of the AVX-512 cutter (fast mode only).
 *
 * Two passes over a batch of blocks of 64 bytes each, apart so that neither waits for the other's
 * latency. The first (read_batch) finds the first bytes of characters as masks and packs their code
 * points into one array. The second (take_lanes) goes over that array by windows of 32 lanes: two
 * gathers look them up in gs_chartab_bmp, from the codes come masks of the lanes' classes, and all
 * else is arithmetic on these masks in general registers: where words begin, which break begins a
 * run, which separators stand inside numbers. The lanes that take a position are packed behind the
 * slots, the bytes of words behind the batch's word bytes.
 *
 * No word is ever open behind a window: it ends before the word or number that might go on, and the
 * next one begins there. Whatever is not decided by a window alone, or rare (characters that
 * expand, vanish, compose or are isolated; letters beyond ASCII; four bytes; malformed bytes;
 * numbers in other than the plain forms; words longer than a window), goes to the state machine,
 * from the beginning of the word before it, once all slots up to there have become tokens. It goes
 * on in the same batch where the machine has come to rest.
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

#define BLOCK  64 /* bytes */
#define LANES  32
#define BLOCKS (GS_SLOT_CAP / BLOCK) /* of a batch, at most */

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

/* ---- constants ---- */

/* Vectors that the loop needs all the time. Each is hidden from the compiler, which else would make
 * it anew in each round, by instructions that compete with the shuffles. */
struct constants {
    __m512i continuation, three, refused;                      /* bytes */
    __m512i places, twice, low6, weights, low8, u80;           /* characters */
    __m512i one, rare, separator, han_min, from_0, words, ten; /* classes */
    __m512i evens;
};

INLINE __m512i hidden(__m512i v)
{
    __asm__("" : "+v"(v));
    return v;
}

INLINE __m512i bytes_of(const uint8_t table[64])
{
    return hidden(_mm512_loadu_si512(table));
}

INLINE __m512i all_bytes(uint8_t byte)
{
    return hidden(_mm512_set1_epi8((char)byte));
}

INLINE __m512i all_lanes(uint32_t code)
{
    return hidden(_mm512_set1_epi16((short)code));
}

/* ---- bytes into code points ---- */

struct batch {
    _Alignas(64) uint16_t code[BLOCKS * BLOCK + LANES]; /* code points */
    uint64_t lead[BLOCKS + 1]; /* of each block the first bytes of characters, bit i for byte i */
    uint32_t first_lane[BLOCKS + 1]; /* place in code[] of the first of them */
    uint32_t lanes;                  /* code points in all */
    uint32_t size;                   /* bytes that they are of */
    bool refused;                    /* what follows them is for the state machine */
};

/* By the low six bits of a first byte of several: the top bit of those that are refused. C0, C1 and
 * E0 because some of what they begin is overlong. */
static const uint8_t refused[64] = {
    [0x00] = 0x80, [0x01] = 0x80, [0x20] = 0x80, [0x30] = 0x80, [0x31] = 0x80,
    [0x32] = 0x80, [0x33] = 0x80, [0x34] = 0x80, [0x35] = 0x80, [0x36] = 0x80,
    [0x37] = 0x80, [0x38] = 0x80, [0x39] = 0x80, [0x3A] = 0x80, [0x3B] = 0x80,
    [0x3C] = 0x80, [0x3D] = 0x80, [0x3E] = 0x80, [0x3F] = 0x80};

/* The last character of a batch is cut off at its block's byte `at`. */
INLINE void cut_batch(struct batch *b, size_t block, uint32_t at)
{
    b->size = (uint32_t)(block * BLOCK) + at;
    b->lanes = b->first_lane[block] + bits_of(b->lead[block] & below(at));
    b->refused = true;
}

/* Ends the batch before the first character that it must not take: one that begins at a bit of
 * `odd`, or, where `bad` has bytes that should or should not be continuations, the one before the
 * first of those, which may have begun in the block before. */
static __attribute__((noinline, cold)) void refuse(struct batch *b, size_t block, uint64_t odd,
                                                   uint64_t bad)
{
    uint32_t at = lowest(odd);
    if (lowest(bad) <= at) {
        at = lowest(bad);
        uint64_t before = b->lead[block] & below(at);
        if (before) {
            at = behind_highest(before) - 1;
        } else if (block) {
            block--;
            at = behind_highest(b->lead[block]) - 1;
        }
    }
    cut_batch(b, block, at);
}

#define TWICE(n) (n), (n)
#define EIGHT(n) TWICE(n), TWICE((n) + 1), TWICE((n) + 2), TWICE((n) + 3)
static const uint8_t places[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                   16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
                                   32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
                                   48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
static const uint8_t twice[64] = {EIGHT(0),  EIGHT(4),  EIGHT(8),  EIGHT(12),
                                  EIGHT(16), EIGHT(20), EIGHT(24), EIGHT(28)};

#define PICK(n) 2 * (n), 2 * (n) + 2, 2 * (n) + 4, 2 * (n) + 6
static const uint8_t evens[64] = {PICK(0),  PICK(4),  PICK(8),  PICK(12),
                                  PICK(16), PICK(20), PICK(24), PICK(28)};

/* Code points of two bytes, in the lanes whose first byte is below E0. */
static __attribute__((noinline)) __m512i decode_two(__m512i c, __m512i first, __m512i second)
{
    __mmask32 two = _mm512_cmplt_epu16_mask(first, _mm512_set1_epi16(0xE0));
    __m512i top = _mm512_slli_epi16(_mm512_and_si512(first, _mm512_set1_epi16(0x1F)), 6);
    return _mm512_mask_add_epi16(c, two, top, second);
}

/* The code points of the characters whose first bytes have the places `at` (bytes, 32 of them), in
 * both bytes of each lane; v0, v1, v2 are the bytes from a block's begin, one and two behind it. */
INLINE __m512i decode(const struct constants *k, __m512i at, __m512i v0, __m512i v1, __m512i v2,
                      uint64_t two)
{
    __m512i first = _mm512_and_si512(_mm512_permutexvar_epi8(at, v0), k->low8);
    __m512i rest = _mm512_permutexvar_epi8(at, v2);
    rest = _mm512_mask_permutexvar_epi8(rest, 0xAAAAAAAAAAAAAAAA, at, v1); /* second byte high */
    rest = _mm512_and_si512(rest, k->low6);
    __m512i c =
        _mm512_or_si512(_mm512_slli_epi16(first, 12), _mm512_maddubs_epi16(rest, k->weights));
    __mmask32 ascii = _mm512_cmplt_epu16_mask(first, k->u80);
    if (UNLIKELY(two))
        c = decode_two(c, first, _mm512_srli_epi16(rest, 8));
    return _mm512_mask_mov_epi16(c, ascii, first);
}

/* Reads block number i of the `left` bytes from p on; in `whole` ones there are all that a block
 * may touch, 64 and two more. `need` has the continuation bytes that the block before wants of it,
 * then those it wants of the next. Whether the batch may go on. */
INLINE bool read_block(struct batch *b, const struct constants *k, size_t i, const uint8_t *p,
                       uint32_t left, bool whole, uint64_t *need)
{
    const uint64_t in = whole ? UINT64_MAX : below(left);
    const uint64_t in1 = left > 0 ? below(left - 1) : 0, in2 = left > 1 ? below(left - 2) : 0;
    __m512i v0 = whole ? _mm512_loadu_si512(p) : _mm512_maskz_loadu_epi8(in, p);
    __m512i v1 = whole ? _mm512_loadu_si512(p + 1) : _mm512_maskz_loadu_epi8(in1, p + 1);
    __m512i v2 = whole ? _mm512_loadu_si512(p + 2) : _mm512_maskz_loadu_epi8(in2, p + 2);
    _mm_prefetch((const char *)p + BLOCKS * BLOCK,
                 _MM_HINT_T0); /* for the next batch; never faults */
    uint64_t high = _mm512_movepi8_mask(v0);
    uint64_t lead = _mm512_cmpgt_epi8_mask(v0, k->continuation) & in;
    uint64_t multi = lead & high;
    uint64_t three = _mm512_test_epi8_mask(v0, k->three) & multi;
    uint64_t odd = (uint64_t)_mm512_movepi8_mask(_mm512_permutexvar_epi8(v0, k->refused)) & multi;
    uint64_t bad = ((high & ~lead) ^ (multi << 1 | three << 2 | *need)) & in;
    *need = multi >> 63 | three >> 62;
    __m512i at = _mm512_maskz_compress_epi8(lead, k->places);
    uint16_t *code = b->code + b->lanes;
    uint32_t count = bits_of(lead);
    uint64_t two = multi & ~three;
    __m512i low = _mm512_permutexvar_epi8(k->twice, at);
    _mm512_storeu_si512(code, decode(k, low, v0, v1, v2, two));
    if (UNLIKELY(count > LANES)) {
        __m512i upper = _mm512_permutexvar_epi8(k->twice, _mm512_alignr_epi64(at, at, 4));
        _mm512_storeu_si512(code + LANES, decode(k, upper, v0, v1, v2, two));
    }
    b->lead[i] = lead;
    b->first_lane[i] = b->lanes;
    b->lanes += count;
    if (UNLIKELY(odd | bad)) {
        refuse(b, i, odd, bad);
        return false;
    }
    return true;
}

/* The last block of [p, p + left), left < BLOCK + 2, without a character that is not whole. */
INLINE void read_last(struct batch *b, const struct constants *k, size_t i, const uint8_t *p,
                      uint32_t left, uint64_t need)
{
    uint32_t size = left < BLOCK ? left : BLOCK;
    if (!read_block(b, k, i, p, left, false, &need))
        return;
    b->size = (uint32_t)(i * BLOCK) + size;
    uint32_t last = behind_highest(b->lead[i]);
    if (!last)
        return;
    last--;
    uint32_t length = p[last] < 0x80 ? 1 : p[last] < 0xE0 ? 2 : 3;
    if (last + length > left)
        cut_batch(b, i, last);
    else if (last + length > size)
        b->size += last + length - size;
}

INLINE struct constants byte_constants(void)
{
    return (struct constants){
        .continuation = all_bytes(0xBF),
        .three = all_bytes(0x20),
        .refused = bytes_of(refused),
        .places = bytes_of(places),
        .twice = bytes_of(twice),
        .low6 = all_bytes(0x3F),
        .weights = all_lanes(0x4001),
        .low8 = all_lanes(0xFF),
        .u80 = all_lanes(0x80),
    };
}

/* Code points from p on, as many blocks as there are room and bytes for. */
static __attribute__((noinline)) void read_batch(struct batch *b, const uint8_t *p,
                                                 const uint8_t *limit)
{
    const struct constants k = byte_constants();
    size_t i = 0, left = (size_t)(limit - p);
    uint64_t need = 0;
    b->lanes = 0;
    b->refused = false;
    for (; i < BLOCKS && left >= BLOCK + 2; i++, p += BLOCK, left -= BLOCK) {
        if (!read_block(b, &k, i, p, BLOCK + 2, true, &need))
            return;
    }
    b->size = (uint32_t)(i * BLOCK) + bits_of(need);
    if (i < BLOCKS && left > bits_of(need))
        read_last(b, &k, i++, p, (uint32_t)left, need);
    b->lead[i] = 0; /* a last character may reach into the next block */
    b->first_lane[i] = b->lanes;
}

/* The byte of the batch at which lane n begins. */
INLINE uint32_t lane_to_byte(const struct batch *b, uint32_t n)
{
    if (n == b->lanes)
        return b->size;
    size_t block = 0;
    while (block + 1 < BLOCKS && (block + 1) * BLOCK < b->size && b->first_lane[block + 1] <= n)
        block++;
    return (uint32_t)(block * BLOCK) + place_of(b->lead[block], n - b->first_lane[block]);
}

/* The lane that begins at or behind a byte of the batch. */
INLINE uint32_t byte_to_lane(const struct batch *b, uint32_t byte)
{
    size_t block = byte / BLOCK;
    return b->first_lane[block] + bits_of(b->lead[block] & below(byte % BLOCK));
}

/* In place of all codes that are for the state machine: GS_CHAR_VANISHING, SPECIAL and WORD_SELF,
 * which have CODE_BIT_RARE in common, and the letters beyond ASCII. */
#define CODE_RARE          8
#define CODE_BIT_RARE      2
#define CODE_BIT_SEPARATOR 4 /* of the breaks, GS_CHAR_DOT and COMMA have it */
_Static_assert((GS_CHAR_BREAK & 6) == 0 && (GS_CHAR_TRANSPARENT & 6) == 0 &&
                   (GS_CHAR_VANISHING & 2) && (GS_CHAR_SPECIAL & 2) && (GS_CHAR_WORD_SELF & 2) &&
                   (GS_CHAR_DOT & 6) == 4 && (GS_CHAR_COMMA & 6) == 4,
               "the codes are told apart by their bits");

/* Code points into codes of gs_chartab_bmp. Reads 32 bits at each, so that U+FFFF is looked up as
 * U+FFFE, which is of the same class. */
static __attribute__((noinline)) void look_up_batch(struct batch *b)
{
    const __m512i most = all_lanes(0xFFFE), low = hidden(_mm512_set1_epi32(0xFFFF));
    const __m512i letters = all_lanes(0x80), letter_count = all_lanes(GS_CHAR_HAN_MIN - 0x80);
    const __m512i rare_bit = all_lanes(CODE_BIT_RARE), all_rare = all_lanes(CODE_RARE);
    for (uint32_t i = 0; i < b->lanes; i += LANES) {
        __m512i c = _mm512_min_epu16(_mm512_loadu_si512(b->code + i), most);
        __m512i even = _mm512_and_si512(c, low), odd = _mm512_srli_epi32(c, 16);
        even = _mm512_i32gather_epi32(even, (const void *)gs_chartab_bmp, 2);
        odd = _mm512_slli_epi32(_mm512_i32gather_epi32(odd, (const void *)gs_chartab_bmp, 2), 16);
        c = _mm512_ternarylogic_epi32(even, low, odd, 0xEA); /* even & low | odd */
        __mmask32 rare = _mm512_cmplt_epu16_mask(_mm512_sub_epi16(c, letters), letter_count);
        rare |= _mm512_mask_test_epi16_mask(_mm512_cmplt_epu16_mask(c, all_rare), c, rare_bit);
        _mm512_storeu_si512(b->code + i, _mm512_mask_mov_epi16(c, rare, all_rare));
    }
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
        .rare = all_lanes(CODE_RARE),
        .separator = all_lanes(CODE_BIT_SEPARATOR),
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
    uint8_t chars[LANES];
    uint16_t codes[LANES];
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
    uint64_t bits[BLOCKS + 1];
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
static __attribute__((noinline)) void take_ends(struct gs_cutter *c, const struct batch *b,
                                                uint32_t offset, const struct taken *t,
                                                uint32_t lane, uint32_t last)
{
    uint32_t ranks[BLOCKS + 1];
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
                                                     const struct batch *b, uint32_t offset,
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
        struct lanes l =
            classify(&k, _mm512_loadu_si512(b->code + lane), left < LANES ? left : LANES);
        uint32_t count = l.count;
        lanes_take_numbers(&l);
        if (UNLIKELY(l.stop || !count)) {
            *stop = l.stop || left >= LANES;
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
    struct batch b;
    uint32_t lane = 0, offset = gs_cut_offset(c, p);
    bool stop;
    read_batch(&b, p, limit);
    look_up_batch(&b);
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
            q = gs_cut_slow(c, q, limit);
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
