/* The fold of content_hash.h for processors with AVX-512 (F, BW, VBMI, VBMI2): blocks of 64 bytes,
 * what goes and what changes as masks, the rest compressed. */
#include "common/text/content_hash.h"
#include "common/text/kernel.h"

#ifdef GS_HAS_X86_KERNELS
#ifdef __clang__
#pragma clang attribute push(                                                                      \
    __attribute__((target("avx512f,avx512bw,avx512vbmi,avx512vbmi2,popcnt,bmi,bmi2"))),            \
    apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vbmi,avx512vbmi2,popcnt,bmi,bmi2")
#endif
#include <immintrin.h>

#define BLOCK 64u

/* The bytes at the places of a block, and one and two behind them; zeros behind the end. */
struct places {
    __m512i a, b, c;
};

static inline struct places places(const uint8_t *p, size_t left)
{
    if (left >= BLOCK + 2)
        return (struct places){_mm512_loadu_si512(p), _mm512_loadu_si512(p + 1),
                               _mm512_loadu_si512(p + 2)};
    uint64_t here = _bzhi_u64(UINT64_MAX, (unsigned)left),
             next = _bzhi_u64(UINT64_MAX, (unsigned)left - 1);
    return (struct places){_mm512_maskz_loadu_epi8(here, p), _mm512_maskz_loadu_epi8(next, p + 1),
                           _mm512_maskz_loadu_epi8(next >> 1, p + 2)};
}

/* Patterns: a holds where its bit is in the entries of the three bytes from there on, each in the
 * table for its place, which goes by the low six bits (see text_scan_avx512.c). */
#define N      0x01                /* C2, 80 to A0 or AD */
#define O      0x02                /* E1 9A 80 */
#define S      0x04                /* E2 80, 80 to 8F or A8 to AF */
#define I      0x08                /* E2 81, 9F to AF */
#define W      0x10                /* E3 80 80 */
#define M      0x20                /* EF BB BF */
#define L      0x40                /* EF BC, 81 to BF: U+FF01 to FF3F */
#define H      0x80                /* EF BD, 80 to 9E: U+FF40 to FF5E */
#define SILENT (O | S | I | W | M) /* of three bytes */

/* clang-format off */
static const uint8_t firsts[64] = {
    0, 0, N, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, O, S | I, W, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, M | L | H,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
static const uint8_t seconds[64] = {
    N | S | W, N | I, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
    N, N, N, N, N, N, N, N, N, N, N | O, N, N, N, N, N,
    N, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, N, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, M, L, H, 0, 0};
static const uint8_t thirds[64] = {
    N | O | W | S | H, N | S | L | H, N | S | L | H, N | S | L | H, N | S | L | H, N | S | L | H, N | S | L | H, N | S | L | H, N | S | L | H, N | S | L | H, N | S | L | H, N | S | L | H, N | S | L | H, N | S | L | H, N | S | L | H, N | S | L | H,
    N | L | H, N | L | H, N | L | H, N | L | H, N | L | H, N | L | H, N | L | H, N | L | H, N | L | H, N | L | H, N | L | H, N | L | H, N | L | H, N | L | H, N | L | H, N | I | L,
    N | I | L, N | I | L, N | I | L, N | I | L, N | I | L, N | I | L, N | I | L, N | I | L, N | S | I | L, N | S | I | L, N | S | I | L, N | S | I | L, N | S | I | L, N | S | I | L, N | S | I | L, N | S | I | L,
    N | L, N | L, N | L, N | L, N | L, N | L, N | L, N | L, N | L, N | L, N | L, N | L, N | L, N | L, N | L, N | M | L};
/* clang-format on */

static inline uint64_t is(__m512i v, int byte)
{
    return _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8((char)byte));
}

/* 80 to BF: as signed bytes those below C0. */
static inline uint64_t is_tail(__m512i v)
{
    return _mm512_cmplt_epi8_mask(v, _mm512_set1_epi8((char)0xC0));
}

/* What begins at a place: silent characters of two and of three bytes, full-width ASCII. */
struct begins {
    uint64_t two, three, low, high;
};

static inline struct begins find(const struct places *v)
{
    uint64_t leads = _mm512_cmpge_epu8_mask(v->a, _mm512_set1_epi8((char)0xC0));
    __m512i a = _mm512_maskz_permutexvar_epi8(leads, v->a, _mm512_loadu_si512(firsts));
    __m512i b = _mm512_maskz_permutexvar_epi8(is_tail(v->b), v->b, _mm512_loadu_si512(seconds));
    __m512i c = _mm512_mask_permutexvar_epi8(_mm512_set1_epi8(N), is_tail(v->c), v->c,
                                             _mm512_loadu_si512(thirds));
    __m512i all = _mm512_ternarylogic_epi64(a, b, c, 0x80); /* and */
    return (struct begins){_mm512_test_epi8_mask(all, _mm512_set1_epi8(N)),
                           _mm512_test_epi8_mask(all, _mm512_set1_epi8(SILENT)),
                           _mm512_test_epi8_mask(all, _mm512_set1_epi8(L)),
                           _mm512_test_epi8_mask(all, _mm512_set1_epi8((char)H))};
}

/* A mask of the block before, moved on by n places, so that its last ones are in this block. */
static inline uint64_t move(uint64_t mask, uint64_t before, unsigned n)
{
    return mask << n | before >> (64 - n);
}

size_t gs_fold_avx512(const uint8_t *bytes, size_t size, uint8_t *out)
{
    struct begins last = {0};
    uint8_t *q = out;
    for (size_t at = 0; at < size; at += BLOCK) {
        size_t left = size - at;
        struct places v = places(bytes + at, left);
        struct begins f = find(&v);
        uint64_t pairs = f.two | f.three | f.low | f.high,
                 pairs_before = last.two | last.three | last.low | last.high;
        uint64_t gone = _mm512_cmple_epu8_mask(v.a, _mm512_set1_epi8(0x20)) | is(v.a, 0x7F);
        gone |= pairs | move(pairs, pairs_before, 1) | move(f.three, last.three, 2);
        uint64_t low = move(f.low, last.low, 2), high = move(f.high, last.high, 2);
        __m512i folded = _mm512_mask_sub_epi8(v.a, low, v.a, _mm512_set1_epi8(0x60));
        folded = _mm512_mask_sub_epi8(folded, high, v.a, _mm512_set1_epi8(0x20));
        uint64_t kept = ~gone & _bzhi_u64(UINT64_MAX, left < BLOCK ? (unsigned)left : BLOCK);
        _mm512_storeu_si512(q, _mm512_maskz_compress_epi8(kept, folded));
        q += _mm_popcnt_u64(kept);
        last = f;
    }
    return (size_t)(q - out);
}

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
