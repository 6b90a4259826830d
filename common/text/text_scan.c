/*
 * text_scan.c: scalar and SSE2 kernels of the scan, and the choice between them.
 */
#include "common/text/text_scan.h"

#include <stdbool.h>
#include <string.h>

static inline bool is_wanted(uint8_t a, uint8_t b, uint8_t c)
{
    return a < 0x20 || a == '!' || a == ';' || a == '?' || a == 0xC2 || /* ASCII, U+0080 on */
           (b == 0x80 && ((a == 0xE3 && c == 0x82) || (c | 1) == 0xA9)) ||
           (b == 0xBC && (c == 0x81 || c == 0x9B || c == 0x9F)) || (b == 0xBD && c == 0xA1) ||
           (b == 0xAC && c == 0xAC) || /* 第 */
           (b == ' ' && ((a & c & 0xF0) == 0x30 || (a != ' ' && c == ' '))) ||
           (b == 0x80 && c == 0x80) || (a == 0xE2 && c <= 0x8A); /* white space */
}

void gs_scan_masks_scalar(const uint8_t *p, size_t blocks, uint64_t *masks)
{
    for (; blocks > 0; blocks--, p += GS_SCAN_BLOCK) {
        uint64_t mask = 0;
        for (unsigned i = 0; i < GS_SCAN_BLOCK; i++)
            mask |= (uint64_t)is_wanted(p[i], p[i + 1], p[i + 2]) << i;
        *masks++ = mask;
    }
}

#ifdef __SSE2__
#include <emmintrin.h>

#define VECTOR        __m128i
#define LOAD(p)       _mm_loadu_si128((const __m128i *)(const void *)(p))
#define SPLAT(byte)   _mm_set1_epi8((char)(byte))
#define EQUAL(v, w)   _mm_cmpeq_epi8(v, w)
#define MINIMUM(v, w) _mm_min_epu8(v, w)
#define AND(v, w)     _mm_and_si128(v, w)
#define OR(v, w)      _mm_or_si128(v, w)
#define ANDNOT(v, w)  _mm_andnot_si128(v, w)
#include "common/text/text_scan_body.inc"

void gs_scan_masks_best(const uint8_t *p, size_t blocks, uint64_t *masks)
{
    for (; blocks > 0; blocks--, p += GS_SCAN_BLOCK) {
        uint64_t mask = 0;
        for (unsigned i = 0; i < GS_SCAN_BLOCK; i += 16)
            mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(wanted(p + i)) << i;
        *masks++ = mask;
    }
}
#else
void gs_scan_masks_best(const uint8_t *p, size_t blocks, uint64_t *masks)
{
    gs_scan_masks_scalar(p, blocks, masks);
}
#endif

static gs_scan_kernel *best_kernel(void)
{
#ifdef GS_HAS_AVX2_KERNEL
    if (__builtin_cpu_supports("avx2"))
        return gs_scan_masks_avx2;
#endif
    return gs_scan_masks_best;
}

static inline size_t write_offsets(uint64_t mask, uint32_t base, uint32_t *out)
{
    size_t count = 0;
    for (; mask; mask &= mask - 1)
        out[count++] = base + (uint32_t)__builtin_ctzll(mask);
    return count;
}

#define BATCH 32 /* blocks */

/* Whole blocks, as long as a block's offsets fit. */
static size_t scan_blocks(const uint8_t *content, size_t size, size_t *from, uint32_t *out,
                          size_t capacity)
{
    gs_scan_kernel *masks_of = best_kernel();
    size_t count = 0, at = *from;
    while (size - at >= GS_SCAN_BLOCK + GS_SCAN_LOOKAHEAD && count + GS_SCAN_BLOCK <= capacity) {
        uint64_t masks[BATCH];
        size_t blocks = (size - at - GS_SCAN_LOOKAHEAD) / GS_SCAN_BLOCK;
        blocks = blocks < BATCH ? blocks : BATCH;
        masks_of(content + at, blocks, masks);
        for (size_t b = 0; b < blocks && count + GS_SCAN_BLOCK <= capacity; b++) {
            count += write_offsets(masks[b], (uint32_t)at, out + count);
            at += GS_SCAN_BLOCK;
        }
    }
    *from = at;
    return count;
}

size_t gs_text_scan(const uint8_t *content, size_t size, size_t *from, uint32_t *out,
                    size_t capacity)
{
    size_t count = scan_blocks(content, size, from, out, capacity);
    while (*from < size && size - *from < GS_SCAN_BLOCK + GS_SCAN_LOOKAHEAD &&
           count + GS_SCAN_BLOCK <= capacity) { /* the end, with zeros behind it */
        uint8_t tail[GS_SCAN_BLOCK + GS_SCAN_LOOKAHEAD] = {0};
        size_t left = size - *from;
        uint64_t mask;
        memcpy(tail, content + *from, left);
        best_kernel()(tail, 1, &mask);
        if (left < GS_SCAN_BLOCK) /* zeros are control characters too */
            mask &= ((uint64_t)1 << left) - 1;
        count += write_offsets(mask, (uint32_t)*from, out + count);
        *from += left < GS_SCAN_BLOCK ? left : GS_SCAN_BLOCK;
    }
    return count;
}
