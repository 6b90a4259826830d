/*
 * layout_scan.c: the one pass of layout over every byte, 64 at a time, to offsets worth a look.
 *
 * The masks are a superset of what is wanted (see layout_internal.h); whoever takes an offset looks
 * at the bytes around it. Both kernels give the same masks: tests compare them.
 */
#include "common/text/layout_internal.h"

#define BLOCK     64
#define LOOKAHEAD 2

/* One block; reads p[0 .. BLOCK + LOOKAHEAD). */
typedef uint64_t block_mask(const uint8_t *p);

static inline bool is_wanted(uint8_t a, uint8_t b, uint8_t c)
{
    return (uint8_t)(a - 0x0A) < 4 ||                                      /* LF VT FF CR */
           (a == 0xAC && b == 0xAC) ||                                     /* of 第, E7 AC AC */
           (a == 0x80 && (b | 1) == 0xA9) ||                               /* of U+2028 and 2029 */
           (a == 0xC2 && b == 0x85) ||                                     /* U+0085 */
           ((a & 0xF0) == 0x30 && b == 0x20 && (c & 0xF0) == 0x30);        /* digits about a space */
}

static uint64_t mask_scalar(const uint8_t *p)
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < BLOCK; i++)
        mask |= (uint64_t)is_wanted(p[i], p[i + 1], p[i + 2]) << i;
    return mask;
}

#ifdef __SSE2__
#include <emmintrin.h>

static inline __m128i load(const uint8_t *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static inline __m128i is(__m128i v, uint8_t byte)
{
    return _mm_cmpeq_epi8(v, _mm_set1_epi8((char)byte));
}

static inline __m128i with_bits(__m128i v, uint8_t bits, uint8_t wanted)
{
    return is(_mm_and_si128(v, _mm_set1_epi8((char)bits)), wanted);
}

static inline uint32_t mask_16(const uint8_t *p)
{
    __m128i a = load(p), b = load(p + 1), c = load(p + 2);
    __m128i from_lf = _mm_sub_epi8(a, _mm_set1_epi8(0x0A));
    __m128i lines = _mm_cmpeq_epi8(_mm_min_epu8(from_lf, _mm_set1_epi8(3)), from_lf);
    __m128i ordinal = _mm_and_si128(is(a, 0xAC), is(b, 0xAC));
    __m128i separator = _mm_and_si128(is(a, 0x80), with_bits(b, 0xFE, 0xA8));
    __m128i next_line = _mm_and_si128(is(a, 0xC2), is(b, 0x85));
    __m128i pieces = _mm_and_si128(_mm_and_si128(with_bits(a, 0xF0, 0x30), is(b, 0x20)),
                                   with_bits(c, 0xF0, 0x30));
    __m128i all = _mm_or_si128(_mm_or_si128(lines, ordinal), _mm_or_si128(separator, next_line));
    return (uint32_t)_mm_movemask_epi8(_mm_or_si128(all, pieces));
}

static uint64_t mask_best(const uint8_t *p)
{
    return (uint64_t)mask_16(p) | (uint64_t)mask_16(p + 16) << 16 |
           (uint64_t)mask_16(p + 32) << 32 | (uint64_t)mask_16(p + 48) << 48;
}
#else
#define mask_best mask_scalar
#endif

static inline size_t scan(const uint8_t *content, size_t size, size_t *from, uint32_t *out,
                          size_t capacity, block_mask *mask_of)
{
    size_t count = 0, at = *from;
    while (at < size && count + BLOCK <= capacity) {
        uint64_t mask;
        if (size - at >= BLOCK + LOOKAHEAD) {
            mask = mask_of(content + at);
        } else { /* zeros behind the end are nothing wanted */
            uint8_t tail[BLOCK + LOOKAHEAD] = {0};
            memcpy(tail, content + at, size - at);
            mask = mask_of(tail);
        }
        for (; mask; mask &= mask - 1)
            out[count++] = (uint32_t)at + (uint32_t)__builtin_ctzll(mask);
        at += BLOCK;
    }
    *from = at < size ? at : size;
    return count;
}

size_t gs_layout_scan(const uint8_t *content, size_t size, size_t *from, uint32_t *out,
                      size_t capacity)
{
    return scan(content, size, from, out, capacity, mask_best);
}

size_t gs_layout_scan_scalar(const uint8_t *content, size_t size, size_t *from, uint32_t *out,
                             size_t capacity)
{
    return scan(content, size, from, out, capacity, mask_scalar);
}

size_t gs_layout_line_end(const uint8_t *content, size_t size, uint32_t at, uint32_t *first)
{
    *first = content[at] == 0x80 && at > 0 ? at - 1 : at;
    return gs_line_end_at(content + *first, content + size);
}
