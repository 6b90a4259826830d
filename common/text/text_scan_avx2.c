/*
 * text_scan_avx2.c: the scan for processors with AVX2.
 */
#include "common/text/text_scan.h"

#ifdef GS_HAS_X86_SCAN
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,popcnt,bmi,bmi2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,popcnt,bmi,bmi2")
#endif
#include "common/text/text_scan_masks.inc"
#include <immintrin.h>

#define VECTOR        __m256i
#define WIDTH         32
#define LOAD(p)       _mm256_loadu_si256((const __m256i *)(const void *)(p))
#define TABLE(t)      _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)(t)))
#define SPLAT(byte)   _mm256_set1_epi8((char)(byte))
#define LOOK_UP(t, v) _mm256_shuffle_epi8(t, v)
#define AND(v, w)     _mm256_and_si256(v, w)
#define HIGH(v)       AND(_mm256_srli_epi16(v, 4), SPLAT(0x0F))
#define SAME(v, w)    ((uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(v, w)))
#define HAS(v, bits)  (SAME(AND(v, SPLAT(bits)), _mm256_setzero_si256()) ^ 0xFFFFFFFF)
#include "common/text/text_scan_nibbles.inc"

void gs_text_scan_avx2(const uint8_t *p, size_t blocks, uint32_t base, struct gs_text_scan *out)
{
    scan_blocks(p, blocks, base, out, block_masks);
}

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
