/*
 * structure_figures.c: whether a line is mostly figures. Nearly every line is not, so that is asked
 * 16 bytes at a time first.
 */
#include "common/text/structure_internal.h"

/* ---- quick: figures are no more than digits, HAN no fewer than bytes E4 to E7 (U+4000-7FFF) ----
 */

static void count_scalar(const uint8_t *p, const uint8_t *end, size_t *digits, size_t *han)
{
    for (; p < end; p++) {
        *digits += (*p & 0xF0) == 0x30;
        *han += (*p & 0xFC) == 0xE4;
    }
}

bool gs_text_may_be_figures_scalar(const uint8_t *p, const uint8_t *end)
{
    size_t digits = 0, han = 0;
    count_scalar(p, end, &digits, &han);
    return digits > 0 && digits >= han;
}

#ifdef __SSE2__
#include <emmintrin.h>

#define STEP 16
_Static_assert(GS_ROW_BYTES / STEP < 255, "sums of bytes would overflow");

static inline __m128i with_bits(__m128i v, uint8_t bits, uint8_t wanted)
{
    return _mm_cmpeq_epi8(_mm_and_si128(v, _mm_set1_epi8((char)bits)), _mm_set1_epi8((char)wanted));
}

static inline size_t total(__m128i v)
{
    v = _mm_sad_epu8(v, _mm_setzero_si128());
    return (size_t)(uint32_t)_mm_cvtsi128_si32(v) +
           (size_t)(uint32_t)_mm_cvtsi128_si32(_mm_srli_si128(v, 8));
}

bool gs_text_may_be_figures(const uint8_t *p, const uint8_t *end, const uint8_t *limit)
{
    const __m128i order = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    __m128i digit_sums = _mm_setzero_si128(), han_sums = digit_sums;
    for (; p < end && limit - p >= STEP; p += STEP) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        if (end - p < STEP) /* zeros behind the end */
            v = _mm_and_si128(v, _mm_cmplt_epi8(order, _mm_set1_epi8((char)(end - p))));
        digit_sums = _mm_sub_epi8(digit_sums, with_bits(v, 0xF0, 0x30));
        han_sums = _mm_sub_epi8(han_sums, with_bits(v, 0xFC, 0xE4));
    }
    size_t digits = total(digit_sums), han = total(han_sums);
    count_scalar(p, end, &digits, &han); /* what stands too near the limit */
    return digits > 0 && digits >= han;
}
#else
bool gs_text_may_be_figures(const uint8_t *p, const uint8_t *end, const uint8_t *limit)
{
    (void)limit;
    return gs_text_may_be_figures_scalar(p, end);
}
#endif

/* ---- exact ---- */

/* A run of letters, digits, points and commas from p on. */
static const uint8_t *take_run(const uint8_t *p, const uint8_t *end, bool *letter, bool *digit)
{
    for (*letter = *digit = false; p < end; p++) {
        if (gs_is_ascii_letter(*p))
            *letter = true;
        else if ((uint8_t)(*p - '0') < 10)
            *digit = true;
        else if (*p != '.' && *p != ',')
            break;
    }
    return p;
}

bool gs_text_is_figures(const uint8_t *p, const uint8_t *end, const uint8_t *limit)
{
    if (!gs_text_may_be_figures(p, end, limit))
        return false;
    uint64_t figures = 0, others = 0;
    while (p < end) {
        bool letter, digit;
        uint32_t c;
        const uint8_t *behind = take_run(p, end, &letter, &digit);
        if (behind > p) {
            others += letter;
            figures += digit && !letter;
            p = behind;
            continue;
        }
        p += gs_utf8_step(p, end, &c);
        others += gs_is_rough_han(c);
    }
    return figures > 0 && figures >= others;
}
