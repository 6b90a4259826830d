/*
 * text_scan_avx2.c: the scan for processors with AVX2.
 */
#include "common/text/text_scan.h"

#ifdef GS_HAS_AVX2_KERNEL
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif
#include <immintrin.h>

#define VECTOR        __m256i
#define LOAD(p)       _mm256_loadu_si256((const __m256i *)(const void *)(p))
#define SPLAT(byte)   _mm256_set1_epi8((char)(byte))
#define EQUAL(v, w)   _mm256_cmpeq_epi8(v, w)
#define MINIMUM(v, w) _mm256_min_epu8(v, w)
#define AND(v, w)     _mm256_and_si256(v, w)
#define OR(v, w)      _mm256_or_si256(v, w)
#define MINUS(v, w)   _mm256_sub_epi8(v, w)
#define ANDNOT(v, w)  _mm256_andnot_si256(v, w)
#include "common/text/text_scan_body.inc"

void gs_scan_masks_avx2(const uint8_t *p, size_t blocks, struct gs_scan_masks *masks)
{
    for (; blocks > 0; blocks--, p += GS_SCAN_BLOCK, masks++) {
        *masks = (struct gs_scan_masks){0, 0};
        for (unsigned i = 0; i < GS_SCAN_BLOCK; i += 32) {
            VECTOR a = LOAD(p + i), b = LOAD(p + i + 1), c = LOAD(p + i + 2);
            VECTOR line = can_end_line(a, b, c);
            VECTOR layout = OR(line, for_layout(a, b, c));
            VECTOR structure = OR(line, for_structure(a, b, c));
            masks->layout |= (uint64_t)(uint32_t)_mm256_movemask_epi8(layout) << i;
            masks->structure |= (uint64_t)(uint32_t)_mm256_movemask_epi8(structure) << i;
        }
    }
}

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
