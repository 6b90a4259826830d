/*
 * text_scan_ssse3.c: the scan for processors with SSSE3.
 */
#include "common/text/text_scan.h"

#ifdef GS_HAS_X86_SCAN
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("ssse3,popcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("ssse3,popcnt")
#endif
#include "common/text/text_scan_masks.inc"
#include <immintrin.h>

#define VECTOR        __m128i
#define WIDTH         16
#define LOAD(p)       _mm_loadu_si128((const __m128i *)(const void *)(p))
#define TABLE(t)      LOAD(t)
#define SPLAT(byte)   _mm_set1_epi8((char)(byte))
#define LOOK_UP(t, v) _mm_shuffle_epi8(t, v)
#define AND(v, w)     _mm_and_si128(v, w)
#define HIGH(v)       AND(_mm_srli_epi16(v, 4), SPLAT(0x0F))
#define SAME(v, w)    ((uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(v, w)))
#define HAS(v, bits)  (SAME(AND(v, SPLAT(bits)), _mm_setzero_si128()) ^ 0xFFFF)
#include "common/text/text_scan_nibbles.inc"

void gs_text_scan_ssse3(const uint8_t *p, size_t blocks, uint32_t base, struct gs_text_scan *out)
{
    scan_blocks(p, blocks, base, out, block_masks);
}

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
