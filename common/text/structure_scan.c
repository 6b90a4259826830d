/*
 * structure_scan.c: the one pass of structure over every byte, 64 at a time, to masks.
 */
#include "common/text/structure_internal.h"

#define LOOKAHEAD 2

static inline bool is_event(uint8_t a, uint8_t b, uint8_t c)
{
    return (uint8_t)(a - 0x0A) < 4 || a == 0x1F || a == '!' || a == '?' || a == ';' ||
           (a == 0xE3 && b == 0x80 && c == 0x82) ||                /* 。 */
           (a == 0xE2 && b == 0x80 && (c | 1) == 0xA9) ||          /* U+2028 U+2029 */
           (b == 0xBC && (c == 0x81 || c == 0x9B || c == 0x9F)) || /* ！ ； ？ */
           (b == 0xBD && c == 0xA1) ||                             /* half-width 。 */
           (a == 0xC2 && b == 0x85);
}

static inline bool is_gap(uint8_t a, uint8_t b, uint8_t c)
{
    return (a == ' ' && b == ' ') || a == '\t' || a == '\v' || (a == 0xC2 && b == 0xA0) ||
           (a == 0xE1 && b == 0x9A) || (a == 0xE3 && b == 0x80 && c == 0x80) ||
           (a == 0xE2 && (b & 0xFE) == 0x80 && (c <= 0x8A || c == 0x9F || c == 0xAF));
}

static void masks_scalar(const uint8_t *p, struct gs_structure_masks *out)
{
    *out = (struct gs_structure_masks){0};
    for (unsigned i = 0; i < GS_MASK_BLOCK; i++) {
        out->events |= (uint64_t)is_event(p[i], p[i + 1], p[i + 2]) << i;
        out->gaps |= (uint64_t)is_gap(p[i], p[i + 1], p[i + 2]) << i;
        out->digits |= (uint64_t)((uint8_t)(p[i] - '0') < 10) << i;
        out->han |= (uint64_t)((uint8_t)(p[i] - 0xE4) < 6) << i;
    }
}

#ifdef __SSE2__
#include <emmintrin.h>

#define AND(a, b) _mm_and_si128(a, b)
#define OR(a, b)  _mm_or_si128(a, b)

static inline __m128i load(const uint8_t *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static inline __m128i is(__m128i v, uint8_t byte)
{
    return _mm_cmpeq_epi8(v, _mm_set1_epi8((char)byte));
}

/* first <= byte <= last */
static inline __m128i within(__m128i v, uint8_t first, uint8_t last)
{
    __m128i from = _mm_sub_epi8(v, _mm_set1_epi8((char)first));
    return _mm_cmpeq_epi8(_mm_min_epu8(from, _mm_set1_epi8((char)(last - first))), from);
}

static inline uint64_t bits(__m128i v)
{
    return (uint32_t)_mm_movemask_epi8(v);
}

static inline __m128i events_16(__m128i a, __m128i b, __m128i c)
{
    __m128i ascii = OR(OR(within(a, 0x0A, 0x0D), is(a, 0x1F)), OR(OR(is(a, '!'), is(a, '?')), is(a, ';')));
    __m128i separator = AND(is(a, 0xE2), within(c, 0xA8, 0xA9));
    __m128i stop = AND(is(b, 0x80), OR(AND(is(a, 0xE3), is(c, 0x82)), separator));
    __m128i full = AND(is(b, 0xBC), OR(OR(is(c, 0x81), is(c, 0x9B)), is(c, 0x9F)));
    __m128i half = AND(is(b, 0xBD), is(c, 0xA1));
    __m128i next_line = AND(is(a, 0xC2), is(b, 0x85));
    return OR(OR(ascii, OR(stop, full)), OR(half, next_line));
}

static inline __m128i gaps_16(__m128i a, __m128i b, __m128i c)
{
    __m128i ascii = OR(AND(is(a, ' '), is(b, ' ')), OR(is(a, '\t'), is(a, '\v')));
    __m128i two = OR(AND(is(a, 0xC2), is(b, 0xA0)), AND(is(a, 0xE1), is(b, 0x9A)));
    __m128i wide = AND(is(a, 0xE3), AND(is(b, 0x80), is(c, 0x80)));
    __m128i last = OR(within(c, 0, 0x8A), OR(is(c, 0x9F), is(c, 0xAF)));
    __m128i general = AND(AND(is(a, 0xE2), within(b, 0x80, 0x81)), last);
    return OR(OR(ascii, two), OR(wide, general));
}

static void masks_best(const uint8_t *p, struct gs_structure_masks *out)
{
    *out = (struct gs_structure_masks){0};
    for (unsigned i = 0; i < GS_MASK_BLOCK; i += 16) {
        __m128i a = load(p + i), b = load(p + i + 1), c = load(p + i + 2);
        out->events |= bits(events_16(a, b, c)) << i;
        out->gaps |= bits(gaps_16(a, b, c)) << i;
        out->digits |= bits(within(a, '0', '9')) << i;
        out->han |= bits(within(a, 0xE4, 0xE9)) << i;
    }
}
#else
#define masks_best masks_scalar
#endif

static inline void scan(const uint8_t *p, size_t avail, struct gs_structure_masks *out,
                        void (*masks)(const uint8_t *, struct gs_structure_masks *))
{
    if (avail >= GS_MASK_BLOCK + LOOKAHEAD) {
        masks(p, out);
        return;
    }
    uint8_t tail[GS_MASK_BLOCK + LOOKAHEAD] = {0};
    memcpy(tail, p, avail);
    masks(tail, out);
}

void gs_structure_scan(const uint8_t *p, size_t avail, struct gs_structure_masks *out)
{
    scan(p, avail, out, masks_best);
}

void gs_structure_scan_scalar(const uint8_t *p, size_t avail, struct gs_structure_masks *out)
{
    scan(p, avail, out, masks_scalar);
}
