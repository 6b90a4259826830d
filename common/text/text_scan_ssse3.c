/*
 * text_scan_ssse3.c: the scan for processors with SSSE3.
 */
#include "common/text/text_scan.h"

#ifdef GS_HAS_X86_KERNELS
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("ssse3,popcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("ssse3,popcnt")
#endif
#include <immintrin.h>

#define VECTOR        __m128i
#define WIDTH         16
#define LOAD(p)       _mm_loadu_si128((const __m128i *)(const void *)(p))
#define TABLE(t)      LOAD(t)
#define SPLAT(byte)   _mm_set1_epi8((char)(byte))
#define AND(v, w)     _mm_and_si128(v, w)
#define OR(v, w)      _mm_or_si128(v, w)
#define SUB(v, w)     _mm_sub_epi8(v, w)
#define HIGH(v)       AND(_mm_srli_epi16(v, 4), SPLAT(0x0F))
#define LOOK_UP(t, v) _mm_shuffle_epi8(t, v)
#define EQUAL(v, w)   _mm_cmpeq_epi8(v, w)
#define BELOW(v, n)   EQUAL(_mm_min_epu8(v, SPLAT((n)-1)), v)
#define BITS(v)       ((uint64_t)(uint32_t)_mm_movemask_epi8(v))
#include "common/text/text_scan_nibbles.inc"
#include "common/text/text_scan_take.inc"
#include "common/text/text_scan_tokens.inc"
#include "common/text/text_scan_window.inc"

const struct gs_scan_kernel gs_scan_ssse3 = {scan, window, count, tokens};

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
