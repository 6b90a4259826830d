#include "indexer/metadata_signs.h"

#include "indexer/metadata_lines.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* The last two bytes of the characters that are looked for, in all their forms, and an S with what
 * may follow it. Three bytes would be sure; two are rare enough. */
static const uint8_t pairs[][2] = {
    {0xBB, 0xA3}, /* 代 */
    {0xA6, 0x99}, /* 香 */
    {0xBE, 0xB9}, /* the radical 香, U+2FB9 */
    {0xBC, 0xB3}, /* full-width S */
    {'S', 't'},   {'S', 'T'}, {'S', ' '},
};
enum { PAIR_COUNT = sizeof(pairs) / sizeof(pairs[0]) };

static bool is_pair(const uint8_t *p)
{
    for (size_t i = 0; i < PAIR_COUNT; i++)
        if (p[0] == pairs[i][0] && p[1] == pairs[i][1])
            return true;
    return false;
}

/* The next pair at or behind p, or NULL. */
static const uint8_t *next_pair(const uint8_t *p, const uint8_t *end)
{
#ifdef __SSE2__
    for (; end - p >= 17; p += 16) {
        __m128i first = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i second = _mm_loadu_si128((const __m128i *)(const void *)(p + 1));
        __m128i found = _mm_setzero_si128();
        for (size_t i = 0; i < PAIR_COUNT; i++) {
            __m128i a = _mm_cmpeq_epi8(first, _mm_set1_epi8((char)pairs[i][0]));
            __m128i b = _mm_cmpeq_epi8(second, _mm_set1_epi8((char)pairs[i][1]));
            found = _mm_or_si128(found, _mm_and_si128(a, b));
        }
        unsigned mask = (unsigned)_mm_movemask_epi8(found);
        if (mask)
            return p + __builtin_ctz(mask);
    }
#endif
    for (; end - p >= 2; p++)
        if (is_pair(p))
            return p;
    return NULL;
}

/* Whether the characters at p, folded, are one of the openings that are looked for. */
static bool is_sign(const uint8_t *p, const uint8_t *end)
{
    uint32_t c, next, third;
    p += gs_lines_next_char(p, end, &c);
    p += gs_lines_next_char(p, end, &next);
    (void)gs_lines_next_char(p, end, &third);
    if (c == 0x4EE3)                              /* 代 */
        return next == 0x7801 || next == 0x53F7;  /* 码, 号 */
    if (c == 0x9999)                              /* 香 */
        return next == 0x6E2F && third == 0x4EA4; /* 港交 */
    return c == 'S' && (next | 32) == 't' && (third | 32) == 'o';
}

bool gs_signs_of_filing(const uint8_t *text, size_t size)
{
    const uint8_t *end = text + size;
    for (const uint8_t *p = text; (p = next_pair(p, end)) != NULL; p++) {
        const uint8_t *start = p > text && *p >= 0x80 ? p - 1 : p;
        if (is_sign(start, end))
            return true;
    }
    return false;
}
