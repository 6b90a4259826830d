/*
 * text_scan.c: scalar and SSE2 kernels of the scan, and the choice between them.
 */
#include "common/text/text_scan.h"

#include <stdbool.h>
#include <string.h>

static inline bool is_wanted(uint8_t a, uint8_t b, uint8_t c)
{
    return a < 0x20 || a == '!' || a == ';' || a == '?' || a == 0xC2 ||
           (b == 0x80 && ((a == 0xE3 && c == 0x82) || (c | 1) == 0xA9)) ||
           (b == 0xBC && (c == 0x81 || c == 0x9B || c == 0x9F)) || (b == 0xBD && c == 0xA1) ||
           (b == 0xAC && c == 0xAC) || (b == ' ' && (a & c & 0xF0) == 0x30);
}

uint64_t gs_scan_mask_scalar(const uint8_t *p)
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < GS_SCAN_BLOCK; i++)
        mask |= (uint64_t)is_wanted(p[i], p[i + 1], p[i + 2]) << i;
    return mask;
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
#include "common/text/text_scan_body.h"

uint64_t gs_scan_mask_best(const uint8_t *p)
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < GS_SCAN_BLOCK; i += 16)
        mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(wanted(p + i)) << i;
    return mask;
}
#else
uint64_t gs_scan_mask_best(const uint8_t *p)
{
    return gs_scan_mask_scalar(p);
}
#endif

static gs_scan_kernel *kernel(void)
{
#ifdef GS_HAS_AVX2_KERNEL
    if (__builtin_cpu_supports("avx2"))
        return gs_scan_mask_avx2;
#endif
    return gs_scan_mask_best;
}

size_t gs_text_scan(const uint8_t *content, size_t size, size_t *from, uint32_t *out,
                    size_t capacity)
{
    gs_scan_kernel *mask_of = kernel();
    size_t count = 0, at = *from;
    while (at < size && count + GS_SCAN_BLOCK <= capacity) {
        uint8_t tail[GS_SCAN_BLOCK + GS_SCAN_LOOKAHEAD] = {0};
        const uint8_t *p = content + at;
        uint64_t keep = UINT64_MAX;
        if (size - at < sizeof(tail)) {
            memcpy(tail, p, size - at);
            p = tail;
            if (size - at < GS_SCAN_BLOCK) /* the zeros are control characters too */
                keep = ((uint64_t)1 << (size - at)) - 1;
        }
        for (uint64_t mask = mask_of(p) & keep; mask; mask &= mask - 1)
            out[count++] = (uint32_t)at + (uint32_t)__builtin_ctzll(mask);
        at += GS_SCAN_BLOCK;
    }
    *from = at < size ? at : size;
    return count;
}
