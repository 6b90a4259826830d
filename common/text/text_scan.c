/*
 * text_scan.c: scalar and SSE2 kernels of the scan, and the choice between them.
 */
#include "common/text/text_scan.h"

#include <stdbool.h>
#include <string.h>

static inline bool byte_can_end_line(uint8_t a, uint8_t b, uint8_t c)
{
    return (uint8_t)(a - 0x0A) < 4 || a == 0xC2 || (b == 0x80 && (c | 1) == 0xA9);
}

static inline bool byte_for_layout(uint8_t a, uint8_t b, uint8_t c)
{
    return (b == 0xAC && c == 0xAC) || (b == ' ' && (a & c & 0xF0) == 0x30);
}

static inline bool byte_for_structure(uint8_t a, uint8_t b, uint8_t c)
{
    return a < 0x20 || a == '!' || a == ';' || a == '?' ||
           (a == 0xE3 && b == 0x80 && (c == 0x80 || c == 0x82)) ||
           (a == 0xEF && b == 0xBC && (c == 0x81 || c == 0x9B || c == 0x9F)) ||
           (a == 0xEF && b == 0xBD && c == 0xA1) || (a != ' ' && b == ' ' && c == ' ') ||
           (a == 0xE2 && c <= 0x8A);
}

void gs_scan_masks_scalar(const uint8_t *p, size_t blocks, struct gs_scan_masks *masks)
{
    for (; blocks > 0; blocks--, p += GS_SCAN_BLOCK, masks++) {
        *masks = (struct gs_scan_masks){0, 0};
        for (unsigned i = 0; i < GS_SCAN_BLOCK; i++) {
            uint64_t line = byte_can_end_line(p[i], p[i + 1], p[i + 2]);
            masks->layout |= (line | byte_for_layout(p[i], p[i + 1], p[i + 2])) << i;
            masks->structure |= (line | byte_for_structure(p[i], p[i + 1], p[i + 2])) << i;
        }
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
#define MINUS(v, w)   _mm_sub_epi8(v, w)
#define ANDNOT(v, w)  _mm_andnot_si128(v, w)
#include "common/text/text_scan_body.inc"

void gs_scan_masks_best(const uint8_t *p, size_t blocks, struct gs_scan_masks *masks)
{
    for (; blocks > 0; blocks--, p += GS_SCAN_BLOCK, masks++) {
        *masks = (struct gs_scan_masks){0, 0};
        for (unsigned i = 0; i < GS_SCAN_BLOCK; i += 16) {
            VECTOR a = LOAD(p + i), b = LOAD(p + i + 1), c = LOAD(p + i + 2);
            VECTOR line = can_end_line(a, b, c);
            VECTOR layout = OR(line, for_layout(a, b, c));
            VECTOR structure = OR(line, for_structure(a, b, c));
            masks->layout |= (uint64_t)(uint32_t)_mm_movemask_epi8(layout) << i;
            masks->structure |= (uint64_t)(uint32_t)_mm_movemask_epi8(structure) << i;
        }
    }
}
#else
void gs_scan_masks_best(const uint8_t *p, size_t blocks, struct gs_scan_masks *masks)
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

/* Writes the offsets of the mask's bits; four are written at once, whatever their number, so that
 * the processor need not guess it. The number. */
static inline size_t write_offsets(uint64_t mask, uint32_t base, uint32_t *out)
{
    size_t count = 0;
    if (!mask)
        return 0;
    do {
        for (unsigned i = 0; i < 4; i++) {
            count += mask != 0;
            out[i] = base + (uint32_t)__builtin_ctzll(mask | (uint64_t)1 << 63);
            mask &= mask - 1;
        }
        out += 4;
    } while (mask);
    return count;
}

void gs_text_scan(const uint8_t *content, size_t size, size_t *from, struct gs_scan_offsets *out)
{
    struct gs_scan_masks masks[GS_SCAN_BATCH];
    size_t at = *from, left = size - at, blocks = 1;
    if (left >= GS_SCAN_BLOCK + GS_SCAN_LOOKAHEAD) {
        blocks = (left - GS_SCAN_LOOKAHEAD) / GS_SCAN_BLOCK;
        blocks = blocks < GS_SCAN_BATCH ? blocks : GS_SCAN_BATCH;
        best_kernel()(content + at, blocks, masks);
    } else { /* the end, with zeros behind it */
        uint8_t tail[GS_SCAN_BLOCK + GS_SCAN_LOOKAHEAD] = {0};
        memcpy(tail, content + at, left);
        best_kernel()(tail, 1, masks);
        if (left < GS_SCAN_BLOCK) /* zeros are control characters too */
            masks[0].structure &= ((uint64_t)1 << left) - 1;
    }
    out->layout_count = out->structure_count = 0;
    for (size_t b = 0; b < blocks; b++, at += GS_SCAN_BLOCK) {
        out->layout_count +=
            write_offsets(masks[b].layout, (uint32_t)at, out->layout + out->layout_count);
        out->structure_count +=
            write_offsets(masks[b].structure, (uint32_t)at, out->structure + out->structure_count);
    }
    *from = at < size ? at : size;
}
