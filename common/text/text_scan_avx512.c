/*
 * text_scan_avx512.c: the scan for processors with AVX-512 (F, BW, VBMI2).
 */
#include "common/text/text_scan.h"

#ifdef GS_HAS_X86_SCAN
#ifdef __clang__
#pragma clang attribute push(                                                                      \
    __attribute__((target("avx512f,avx512bw,avx512vbmi2,popcnt,bmi,bmi2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vbmi2,popcnt,bmi,bmi2")
#endif
#include <immintrin.h>

/* The offsets from number 16 on, of the places `bits`. */
static __attribute__((noinline, cold)) void write_rest(__m512i bits, uint32_t count, uint32_t base,
                                                       uint32_t *out)
{
    uint8_t at[GS_SCAN_BLOCK];
    _mm512_storeu_si512(at, bits);
    for (uint32_t i = 16; i < count; i++)
        out[i] = base + at[i];
}

static const uint8_t places[GS_SCAN_BLOCK] = {
    0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
    22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
    44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};

/* Sixteen offsets at once, whatever their number. */
static inline __attribute__((always_inline)) void write_some(uint64_t mask, uint32_t count,
                                                             uint32_t base, uint32_t *out)
{
    __m512i bits = _mm512_maskz_compress_epi8(mask, _mm512_loadu_si512(places));
    __m512i wide = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(bits));
    _mm512_storeu_si512(out, _mm512_add_epi32(wide, _mm512_set1_epi32((int)base)));
    if (__builtin_expect(count > 16, 0))
        write_rest(bits, count, base, out);
}
#define WRITE_SOME write_some
#include "common/text/text_scan_masks.inc"

#define VECTOR        __m512i
#define WIDTH         64
#define LOAD(p)       _mm512_loadu_si512(p)
#define TABLE(t)      _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)(t)))
#define SPLAT(byte)   _mm512_set1_epi8((char)(byte))
#define LOOK_UP(t, v) _mm512_shuffle_epi8(t, v)
#define AND(v, w)     _mm512_and_si512(v, w)
#define HIGH(v)       AND(_mm512_srli_epi16(v, 4), SPLAT(0x0F))
#define SAME(v, w)    ((uint64_t)_mm512_cmpeq_epi8_mask(v, w))
#define HAS(v, bits)  ((uint64_t)_mm512_test_epi8_mask(v, SPLAT(bits)))
#include "common/text/text_scan_nibbles.inc"

void gs_text_scan_avx512(const uint8_t *p, size_t blocks, uint32_t base, struct gs_text_scan *out)
{
    scan_blocks(p, blocks, base, out, block_masks);
}

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
