#include "indexer/metadata_signs.h"

#include "common/base/utf8_step.h"
#include "indexer/metadata_lines.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* The last two bytes of characters: three would be sure, two are rare enough. */
struct pair {
    uint8_t first, second;
};

/* 代, 香 and its radical U+2FB9, the full-width S; an S with what may follow it. */
static const struct pair of_filing[] = {
    {0xBB, 0xA3}, {0xA6, 0x99}, {0xBE, 0xB9}, {0xBC, 0xB3}, {'S', 't'}, {'S', 'T'}, {'S', ' '},
};
/* 月 and its radicals U+2E9D and U+2F49. */
static const struct pair of_month[] = {{0x9C, 0x88}, {0xBA, 0x9D}, {0xBD, 0x89}};
/* Dashes, minus, the long vowel's mark; full-width - . / */
static const struct pair of_dash[] = {
    {0xE2, 0x80}, {0x88, 0x92}, {0x83, 0xBC}, {0xBC, 0x8D}, {0xBC, 0x8E}, {0xBC, 0x8F},
};
#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

static inline bool is_pair(const uint8_t *p, const struct pair *pairs, size_t count, bool marks)
{
    for (size_t i = 0; i < count; i++)
        if (p[0] == pairs[i].first && p[1] == pairs[i].second)
            return true;
    return marks && p[0] >= '-' && p[0] <= '/';
}

/* The next of the pairs, or with marks one of - . /, at or behind p; NULL: none. */
static inline const uint8_t *next_pair(const uint8_t *p, const uint8_t *end,
                                       const struct pair *pairs, size_t count, bool marks)
{
#ifdef __SSE2__
    for (; end - p >= 17; p += 16) {
        __m128i first = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i second = _mm_loadu_si128((const __m128i *)(const void *)(p + 1));
        __m128i found = _mm_setzero_si128();
        for (size_t i = 0; i < count; i++) {
            __m128i a = _mm_cmpeq_epi8(first, _mm_set1_epi8((char)pairs[i].first));
            __m128i b = _mm_cmpeq_epi8(second, _mm_set1_epi8((char)pairs[i].second));
            found = _mm_or_si128(found, _mm_and_si128(a, b));
        }
        if (marks)
            found =
                _mm_or_si128(found, _mm_and_si128(_mm_cmpgt_epi8(first, _mm_set1_epi8('-' - 1)),
                                                  _mm_cmpgt_epi8(_mm_set1_epi8('/' + 1), first)));
        unsigned mask = (unsigned)_mm_movemask_epi8(found);
        if (mask)
            return p + __builtin_ctz(mask);
    }
#endif
    for (; end - p >= 2; p++)
        if (is_pair(p, pairs, count, marks))
            return p;
    return NULL;
}

/* Where the character that is at p, or ends there, begins. */
static const uint8_t *char_start(const uint8_t *text, const uint8_t *p)
{
    for (int i = 0; i < 3 && p > text && gs_utf8_is_tail(*p); i++)
        p--;
    return p;
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
    for (const uint8_t *p = text;
         (p = next_pair(p, end, of_filing, COUNT_OF(of_filing), false)) != NULL; p++) {
        if (is_sign(char_start(text, p), end))
            return true;
    }
    return false;
}

/* The visible folded character before p on its line; 0: none. Moves *p to it. */
static uint32_t char_before(const uint8_t *text, const uint8_t **p)
{
    const uint8_t *end = *p;
    uint32_t c;
    while (*p > text) {
        *p = char_start(text, *p - 1);
        size_t step = gs_lines_next_char(*p, end, &c);
        if (c != 0)
            return c;
        if (step == 0)
            break; /* a line's end */
    }
    return 0;
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

/* What metadata_date.c reads as a digit of a month. */
static bool is_month_digit(uint32_t c)
{
    static const uint16_t digits[] = {
        0x3007, 0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D, 0x5341,
        0x96F6, 0x5EFF, 0x5345, 0x5143, 0x767E, 'O',    'o',    0x39F,  0x41E,  0x3BF,  0x43E};
    for (size_t i = 0; i < COUNT_OF(digits); i++)
        if (c == digits[i])
            return true;
    return is_digit(c) || (c >= 0xE000 && c < 0xF900);
}

static bool may_be_month(const uint8_t *text, const uint8_t *at)
{
    return is_month_digit(char_before(text, &at));
}

/* Four digits before the mark, one behind it. */
static bool may_be_dashed(const uint8_t *text, const uint8_t *at, const uint8_t *end)
{
    const uint8_t *p = at;
    uint32_t c;
    for (int i = 0; i < 4; i++)
        if (!is_digit(char_before(text, &p)))
            return false;
    at += gs_lines_next_char(at, end, &c);
    (void)gs_lines_next_char(at, end, &c);
    return is_digit(c);
}

bool gs_signs_of_day(const uint8_t *text, size_t size)
{
    const uint8_t *end = text + size;
    for (const uint8_t *p = text; (p = next_pair(p, end, of_month, COUNT_OF(of_month), false)); p++)
        if (may_be_month(text, char_start(text, p)))
            return true;
    for (const uint8_t *p = text; (p = next_pair(p, end, of_dash, COUNT_OF(of_dash), true)); p++)
        if (may_be_dashed(text, char_start(text, p), end))
            return true;
    return false;
}

const char *gs_signs_find(const char *text, size_t size, const char *word)
{
    const uint8_t *start = (const uint8_t *)text, *end = start + size;
    const struct pair pair = {(uint8_t)word[1], (uint8_t)word[2]};
    size_t length = strlen(word);
    for (const uint8_t *p = start; (p = next_pair(p, end, &pair, 1, false)); p++)
        if (p > start && (size_t)(end - (p - 1)) >= length && memcmp(p - 1, word, length) == 0)
            return (const char *)p - 1;
    return NULL;
}
