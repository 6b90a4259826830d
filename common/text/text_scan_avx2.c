/*
 * text_scan_avx2.c: the scan for processors with AVX2.
 */
#include "common/text/text_scan.h"

#ifdef GS_HAS_X86_KERNELS
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,popcnt,bmi,bmi2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,popcnt,bmi,bmi2")
#endif
#include <immintrin.h>

#define TZCNT(mask)   _tzcnt_u64(mask)
#define VECTOR        __m256i
#define WIDTH         32
#define LOAD(p)       _mm256_loadu_si256((const __m256i *)(const void *)(p))
#define TABLE(t)      _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)(t)))
#define SPLAT(byte)   _mm256_set1_epi8((char)(byte))
#define AND(v, w)     _mm256_and_si256(v, w)
#define OR(v, w)      _mm256_or_si256(v, w)
#define SUB(v, w)     _mm256_sub_epi8(v, w)
#define HIGH(v)       AND(_mm256_srli_epi16(v, 4), SPLAT(0x0F))
#define LOOK_UP(t, v) _mm256_shuffle_epi8(t, v)
#define EQUAL(v, w)   _mm256_cmpeq_epi8(v, w)
#define BELOW(v, n)   EQUAL(_mm256_min_epu8(v, SPLAT((n)-1)), v)
#define BITS(v)       ((uint64_t)(uint32_t)_mm256_movemask_epi8(v))
#include "common/text/text_scan_nibbles.inc"
#include "common/text/text_scan_take.inc"
#include "common/text/text_scan_tokens.inc"
#include "common/text/text_scan_window.inc"

const struct gs_scan_kernel gs_scan_avx2 = {scan, window, count, tokens};

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
