/*
 * structure_count.c: quick necessary conditions for a table row, 16 bytes at a time.
 */
#include "common/text/structure_internal.h"

/* A byte in every wide gap: two spaces, a tab, or white space that is not ASCII. */
static inline bool is_gap(uint8_t a, uint8_t b, uint8_t c)
{
    return (a == ' ' && b == ' ') || a < ' ' || a == 0xC2 || (b == 0x80 && c == 0x80) ||
           (a == 0xE2 && c >= 0x80 && c <= 0x8A);
}

void gs_line_count_scalar(const uint8_t *p, const uint8_t *end, struct gs_line_counts *out)
{
    *out = (struct gs_line_counts){0, 0, 0};
    for (; p < end; p++) {
        uint8_t b = end - p > 1 ? p[1] : 0, c = end - p > 2 ? p[2] : 0;
        out->gaps += is_gap(p[0], b, c);
        out->digits += (p[0] & 0xF0) == 0x30;
        out->han += (p[0] & 0xFC) == 0xE4; /* U+4000 to U+7FFF */
    }
}

#ifdef __SSE2__
#include <emmintrin.h>

#define STEP 16

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

static inline __m128i gaps(__m128i a, __m128i b, __m128i c)
{
    __m128i two = _mm_and_si128(is(a, ' '), is(b, ' '));
    __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(a, _mm_set1_epi8(0x1F)), a);
    __m128i wide = _mm_and_si128(is(b, 0x80), is(c, 0x80));
    __m128i low = _mm_cmplt_epi8(c, _mm_set1_epi8((char)0x8B)); /* signed: 80 to 8A */
    __m128i general = _mm_and_si128(is(a, 0xE2), low);
    __m128i rest = _mm_or_si128(wide, _mm_or_si128(general, is(a, 0xC2)));
    return _mm_or_si128(_mm_or_si128(two, control), rest);
}

/* Sums of 0 or -1 a byte; at most 255 rounds, or they overflow. */
struct sums {
    __m128i gaps, digits, han;
};

static inline void add(struct sums *s, const uint8_t *p)
{
    __m128i a = load(p);
    s->gaps = _mm_sub_epi8(s->gaps, gaps(a, load(p + 1), load(p + 2)));
    s->digits = _mm_sub_epi8(s->digits, with_bits(a, 0xF0, 0x30));
    s->han = _mm_sub_epi8(s->han, with_bits(a, 0xFC, 0xE4));
}

static inline size_t total(__m128i v)
{
    v = _mm_sad_epu8(v, _mm_setzero_si128());
    return (size_t)(uint32_t)_mm_cvtsi128_si32(v) +
           (size_t)(uint32_t)_mm_cvtsi128_si32(_mm_srli_si128(v, 8));
}

void gs_line_count(const uint8_t *p, const uint8_t *end, struct gs_line_counts *out)
{
    *out = (struct gs_line_counts){0, 0, 0};
    while (end - p >= STEP + 2) {
        struct sums s = {_mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128()};
        for (unsigned round = 0; round < 255 && end - p >= STEP + 2; round++, p += STEP)
            add(&s, p);
        out->gaps += total(s.gaps);
        out->digits += total(s.digits);
        out->han += total(s.han);
    }
    struct gs_line_counts rest;
    gs_line_count_scalar(p, end, &rest);
    out->gaps += rest.gaps;
    out->digits += rest.digits;
    out->han += rest.han;
}
#else
void gs_line_count(const uint8_t *p, const uint8_t *end, struct gs_line_counts *out)
{
    gs_line_count_scalar(p, end, out);
}
#endif
