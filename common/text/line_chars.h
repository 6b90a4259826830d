/*
 * line_chars.h: the character sets of docs/ANALYSIS.md, sections Layout and Structure, on bytes.
 *
 * Forward functions read inside [p, end), backward ones inside [begin, p); they give the bytes that
 * the character takes, or 0 where it is none of the set. Safe on bytes that are not UTF-8. Pure.
 */
#ifndef GS_TEXT_LINE_CHARS_H
#define GS_TEXT_LINE_CHARS_H

#include "common/base/utf8_step.h"

#include <stdbool.h>
#include <string.h>

static inline bool gs_bytes_at(const uint8_t *p, const uint8_t *end, const char *bytes, size_t size)
{
    return (size_t)(end - p) >= size && memcmp(p, bytes, size) == 0;
}
#define GS_CHAR_AT(p, end, text) gs_bytes_at(p, end, text, sizeof(text) - 1)

/* The three bytes at p as one number, 0 where there are fewer: U+3002 is 0xE38082. */
static inline uint32_t gs_three_bytes(const uint8_t *p, const uint8_t *end)
{
    return end - p >= 3 ? (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2] : 0;
}

static inline size_t gs_line_end_at(const uint8_t *p, const uint8_t *end)
{
    switch (*p) {
    case '\n':
    case '\r':
    case '\f':
        return 1;
    case 0xC2:
        return end - p >= 2 && p[1] == 0x85 ? 2 : 0;
    case 0xE2:
        return end - p >= 3 && p[1] == 0x80 && (p[2] | 1) == 0xA9 ? 3 : 0;
    default:
        return 0;
    }
}

/* The size of the line end that begins with this byte. */
static inline uint32_t gs_line_end_size(uint8_t lead)
{
    return lead < 0x80 ? 1 : lead == 0xC2 ? 2 : 3;
}

/* White space inside a line: the set W. */
static inline size_t gs_space_at(const uint8_t *p, const uint8_t *end)
{
    uint8_t b = p[0];
    if (b < 0xC2)
        return b == ' ' || b == '\t' || b == '\v';
    if (b > 0xE3)
        return 0;
    if (b == 0xC2)
        return end - p >= 2 && p[1] == 0xA0 ? 2 : 0;
    if (b < 0xE2 || end - p < 3 || p[1] != 0x80)
        return 0;
    return (uint8_t)(p[2] - 0x80) <= (b == 0xE2 ? 10 : 0) ? 3 : 0;
}

/* The backward twins: the character that ends at p; begin < p. */
static inline size_t gs_space_before(const uint8_t *begin, const uint8_t *p)
{
    uint8_t last = p[-1];
    if (last < 0x80)
        return last == ' ' || last == '\t' || last == '\v';
    if (last <= 0x8A)
        return p - begin >= 3 && gs_space_at(p - 3, p) == 3 ? 3 : 0;
    return last == 0xA0 && p - begin >= 2 && p[-2] == 0xC2 ? 2 : 0;
}

static inline size_t gs_line_end_before(const uint8_t *begin, const uint8_t *p)
{
    uint8_t last = p[-1];
    if (last < 0x80)
        return last == '\n' || last == '\r' || last == '\f';
    if (last == 0x85)
        return p - begin >= 2 && p[-2] == 0xC2 ? 2 : 0;
    return (last | 1) == 0xA9 && p - begin >= 3 && p[-2] == 0x80 && p[-3] == 0xE2 ? 3 : 0;
}

static inline const uint8_t *gs_skip_spaces(const uint8_t *p, const uint8_t *end)
{
    for (size_t n; p < end && (n = gs_space_at(p, end)) > 0;)
        p += n;
    return p;
}

/* ASCII or full-width digit. */
static inline size_t gs_digit_at(const uint8_t *p, const uint8_t *end, uint32_t *value)
{
    if ((uint8_t)(p[0] - '0') < 10) {
        *value = p[0] - (uint32_t)'0';
        return 1;
    }
    if (p[0] == 0xEF && end - p >= 3 && p[1] == 0xBC && (uint8_t)(p[2] - 0x90) < 10) {
        *value = p[2] - 0x90u;
        return 3;
    }
    return 0;
}

/* The set HAN: close to the character table's Han-like class, and independent of its version. */
static inline bool gs_is_rough_han(uint32_t c)
{
    if (c < 0x2E80)
        return false;
    if (c >= 0x3400)
        return (c <= 0x9FFF && (c <= 0x4DBF || c >= 0x4E00)) || (c >= 0xAC00 && c <= 0xD7A3) ||
               (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x3FFFF);
    return c <= 0x2FDF || (c >= 0x3005 && c <= 0x3007) || (c >= 0x3041 && c <= 0x3096) ||
           (c >= 0x309D && c <= 0x309F) || (c >= 0x30A1 && c <= 0x30FA) ||
           (c >= 0x30FC && c <= 0x30FF);
}

static inline bool gs_is_ascii_letter(uint8_t b)
{
    return (uint8_t)((b | 0x20) - 'a') < 26;
}

/* A place in a line that moves over what it is given; matchers of footers and heading marks. */
struct gs_line_cursor {
    const uint8_t *p, *end;
};

static inline __attribute__((always_inline)) bool gs_line_take(struct gs_line_cursor *c,
                                                               const char *bytes, size_t size)
{
    if (!gs_bytes_at(c->p, c->end, bytes, size))
        return false;
    c->p += size;
    return true;
}
#define TAKE(c, text) gs_line_take(c, text, sizeof(text) - 1)

#endif
