/*
 * text_scan_avx512.c: the scan for processors with AVX-512 (F, BW, VBMI).
 *
 * A byte's class is a set of eight patterns: a pattern holds at a place where its bit is in all of
 * three tables' entries, of the bytes a, b and c from there on (the method of Keiser and Lemire,
 * "Validating UTF-8 in less than one instruction per byte", 2020, on six bits of a byte in place of
 * four). The tables go by the low six bits of a byte. Of a that is made exact as far as it matters:
 * those of 40 to BF, letters and the tails of characters, are of no class. For b and c it is not:
 * 80 is as 40, 00 or C0. Valid UTF-8 seldom has those behind the a in question, and what is found
 * is looked at again by who takes it.
 */
#include "common/text/text_scan.h"

#ifdef GS_HAS_X86_KERNELS
#ifdef __clang__
#pragma clang attribute push(                                                                      \
    __attribute__((target("avx512f,avx512bw,avx512vbmi,popcnt,bmi,bmi2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vbmi,popcnt,bmi,bmi2")
#endif
#include <immintrin.h>

#define LOOKAHEAD   2
#define TZCNT(mask) _tzcnt_u64(mask)

/* Patterns. */
#define FULL   0x01 /* E3 80 82 */
#define WIDE   0x02 /* EF, BC or BD, 81 9B 9F or A1 */
#define HALF   0x04 /* 1B 1F 21 3B 3F */
#define NEL    0x08 /* C2 85 */
#define PARTER 0x10 /* E2 80, A8 or A9 */
#define PAGE   0x20 /* E7 AC AC */
#define BREAK  0x40 /* LF CR FF; see hits_of() */
#define DIGITS 0x80 /* 3x 20 3x */
#define ENDERS (FULL | WIDE | HALF)
#define RARE   (NEL | PARTER | PAGE | DIGITS)

#define B  (HALF | BREAK) /* whatever b is */
#define C  (HALF | BREAK | NEL)
#define D  DIGITS
#define CD (C | DIGITS)

/* clang-format off */
static const uint8_t first_bytes[64] = {
    0, 0, NEL, 0, 0, 0, 0, 0, 0, 0, BREAK, 0, BREAK, BREAK, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, HALF, 0, 0, 0, HALF,
    0, HALF, PARTER, FULL, 0, 0, 0, PAGE, 0, 0, 0, 0, 0, 0, 0, WIDE,
    D, D, D, D, D, D, D, D, D, D, D, D | HALF, D, D, D, D | HALF};
static const uint8_t second_bytes[64] = {
    B | FULL | PARTER, B, B, B, B, B | NEL, B, B, B, B, B, B, B, B, B, B,
    B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B,
    B | DIGITS, B, B, B, B, B, B, B, B, B, B, B, B | PAGE, B, B, B,
    B, B, B, B, B, B, B, B, B, B, B, B, B | WIDE, B | WIDE, B, B};
static const uint8_t third_bytes[64] = {
    C, C | WIDE, C | FULL, C, C, C, C, C, C, C, C, C, C, C, C, C,
    C, C, C, C, C, C, C, C, C, C, C, C | WIDE, C, C, C, C | WIDE,
    C, C | WIDE, C, C, C, C, C, C, C | PARTER, C | PARTER, C, C, C | PAGE, C, C, C,
    CD, CD, CD, CD, CD, CD, CD, CD, CD, CD, CD, CD, CD, CD, CD, CD};
/* clang-format on */

struct hits {
    uint64_t enders, lines,
        rare; /* lines: those of one byte, exactly; rare: see text_scan_take.inc */
};

/* The bytes at the places of a block, and one and two behind them. */
struct places {
    __m512i a, b, c;
};

static inline struct places places(const uint8_t *p)
{
    return (struct places){_mm512_loadu_si512(p), _mm512_loadu_si512(p + 1),
                           _mm512_loadu_si512(p + 2)};
}

/* With zeros behind the first `size` bytes, which are 1 to 65. */
static inline struct places places_end(const uint8_t *p, size_t size)
{
    uint64_t here = _bzhi_u64(UINT64_MAX, (unsigned)size),
             next = _bzhi_u64(UINT64_MAX, (unsigned)size - 1);
    return (struct places){_mm512_maskz_loadu_epi8(here, p), _mm512_maskz_loadu_epi8(next, p + 1),
                           _mm512_maskz_loadu_epi8(next >> 1, p + 2)};
}

/* Each place's class, by one table for each byte. */
static inline __m512i look_up(const struct places *v, const uint8_t first[64],
                              const uint8_t second[64], const uint8_t third[64])
{
    /* adding C0 sets the top bit of just 00 to 3F and C0 to FF */
    __mmask64 can = _mm512_movepi8_mask(_mm512_add_epi8(v->a, _mm512_set1_epi8((char)0xC0)));
    __m512i of_a = _mm512_maskz_permutexvar_epi8(can, v->a, _mm512_loadu_si512(first));
    __m512i of_b = _mm512_permutexvar_epi8(v->b, _mm512_loadu_si512(second));
    __m512i of_c = _mm512_permutexvar_epi8(v->c, _mm512_loadu_si512(third));
    return _mm512_ternarylogic_epi64(of_a, of_b, of_c, 0x80); /* and */
}

static inline struct hits hits_of(struct places v)
{
    __m512i all = look_up(&v, first_bytes, second_bytes, third_bytes);
    /* BREAK in all of 00 to 3F, as in look_up(), and not in C0 to FF */
    __m512i ascii = _mm512_andnot_si512(v.a, _mm512_set1_epi8(BREAK));
    return (struct hits){_mm512_test_epi8_mask(all, _mm512_set1_epi8(ENDERS)),
                         _mm512_test_epi8_mask(all, ascii),
                         _mm512_test_epi8_mask(all, _mm512_set1_epi8((char)RARE))};
}

static inline struct hits look(const uint8_t *p)
{
    return hits_of(places(p));
}

static inline struct hits look_end(const uint8_t *p, size_t size)
{
    return hits_of(places_end(p, size));
}

#include "common/text/text_scan_take.inc"

/* ---- windows ---- */

/* Of one block, bit i for byte i. */
struct line_masks {
    uint64_t tabs, spaces; /* 0009; 0020 and 000B */
    uint64_t other;        /* may begin white space of two or three bytes */
    uint64_t digits, han;
};

/* Patterns as above: C2 A0; E2 80, 80 to 8A; E3 80 80. */
#define N 1
#define Q 2
#define I 4
/* clang-format off */
static const uint8_t space_firsts[64] = {
    0, 0, N, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, Q, I};
static const uint8_t space_seconds[64] = {
    Q | I, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    N};
static const uint8_t space_thirds[64] = {
    N | Q | I, N | Q, N | Q, N | Q, N | Q, N | Q, N | Q, N | Q, N | Q, N | Q, N | Q, N, N, N, N, N,
    N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N,
    N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N};
/* clang-format on */

static inline void line_masks(const uint8_t *p, size_t size, struct line_masks *m)
{
    struct places v = size < GS_SCAN_BLOCK + LOOKAHEAD ? places_end(p, size) : places(p);
    __m512i all = look_up(&v, space_firsts, space_seconds, space_thirds);
    __m512i high = _mm512_and_si512(v.a, _mm512_set1_epi8((char)0xF0));
    __m512i above = _mm512_sub_epi8(v.a, _mm512_set1_epi8((char)0xE5));
    m->tabs = _mm512_cmpeq_epi8_mask(v.a, _mm512_set1_epi8('\t'));
    m->spaces = _mm512_cmpeq_epi8_mask(v.a, _mm512_set1_epi8(' ')) |
                _mm512_cmpeq_epi8_mask(v.a, _mm512_set1_epi8('\v'));
    m->other = _mm512_test_epi8_mask(all, all);
    m->digits = _mm512_cmpeq_epi8_mask(high, _mm512_set1_epi8(0x30));
    m->han = _mm512_cmplt_epu8_mask(above, _mm512_set1_epi8(5));
}

/* ---- tokens ---- */

static inline __mmask64 is(__m512i v, int byte)
{
    return _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8((char)byte));
}

/* Which bytes are from `first` on, `count` of them. */
static inline __mmask64 is_of(__m512i v, int first, int count)
{
    return _mm512_cmplt_epu8_mask(_mm512_sub_epi8(v, _mm512_set1_epi8((char)first)),
                                  _mm512_set1_epi8((char)count));
}

static inline void token_masks(const uint8_t *p, size_t size, struct gs_token_masks *m)
{
    struct places v = size < GS_SCAN_BLOCK + LOOKAHEAD ? places_end(p, size) : places(p);
    __mmask64 e3 = is(v.a, 0xE3), b80 = is(v.b, 0x80), c84 = is_of(v.c, 0x84, 4);
    __mmask64 odd = (is_of(v.a, 0xEA, 4) | is_of(v.a, 0xF0, 16) | (e3 & (~b80 | c84)));
    odd |= (is(v.a, 0xE2) & is_of(v.b, 0xBA, 6)) | (is(v.a, 0xE4) & is(v.b, 0xB7));
    odd |= is(v.a, 0xEF) & is_of(v.b, 0x80, 0x3C);
    m->letters = is_of(_mm512_or_si512(v.a, _mm512_set1_epi8(0x20)), 'a', 26);
    m->digits = is_of(v.a, '0', 10);
    m->points = is(v.a, '.') | is(v.a, ',');
    m->han = is_of(v.a, 0xE4, 6);
    m->odd = odd != 0;
}

#include "common/text/text_scan_tokens.inc"
#include "common/text/text_scan_window.inc"

const struct gs_scan_kernel gs_scan_avx512 = {scan, window, count, tokens};

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
