/*
 * structure_internal.h: thresholds of the structure pass, and what its parts share. Private to
 * structure*.c.
 *
 * structure.c walks the places that text_scan.c has found and writes the ends; structure_line.c
 * judges one line: row, heading, how it ends.
 */
#ifndef GS_TEXT_STRUCTURE_INTERNAL_H
#define GS_TEXT_STRUCTURE_INTERNAL_H

#include "common/text/line_chars.h"
#include "common/text/structure.h"

/* Thresholds of docs/ANALYSIS.md, section Structure. */
#define GS_HEADING_CHARS 30   /* characters of a heading, at most, white space aside */
#define GS_ROW_BYTES     1000 /* of a row without U+001F, at most */
#define GS_ROW_GAPS      2    /* wide gaps that make a row, at least */
#define GS_MARK_SPACES   4    /* white space where `w` stands in a heading mark, at most */

/* ---- structure_line.c: of a line's text [p, end), p < end ---- */

/* Whether two wide gaps stand in it. */
bool gs_text_has_gaps(const uint8_t *p, const uint8_t *end);
/* The white space at *at, or right behind the character there, in the text [start, end) of c:
 * whether it is a wide gap. *at is moved behind it. */
bool gs_text_wide_gap(const uint8_t *c, uint32_t *at, uint32_t start, uint32_t end);
/* Whether figures are at least one, and half of its tokens. */
bool gs_text_is_figures(const uint8_t *p, const uint8_t *end);
/* The level of the heading mark it begins with, and where the mark ends; 0: none. */
uint32_t gs_heading_mark(const uint8_t *p, const uint8_t *end, const uint8_t **behind);
/* Whether a line with a heading mark that ends at `behind`, and no full ender, is a heading. */
bool gs_text_is_heading(const uint8_t *p, const uint8_t *behind, const uint8_t *end);
/* Whether it ends a paragraph: a full ender, a colon or a half-width one, closers aside. */
bool gs_text_ends_paragraph(const uint8_t *p, const uint8_t *end);

/* ---- quick looks, without branches: what a line is can hardly be guessed ---- */

/* The three bytes from p on as one number. */
static inline uint32_t gs_three_from(const uint8_t *p)
{
    return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

/* Whether a byte can begin an ender or a closer. */
#define GS_CAN_RUN 1u
extern const uint8_t gs_line_can[256];

static inline bool gs_is_wide_space(uint32_t three)
{
    return (three - 0xE28080 <= 10) | (three == 0xE38080);
}

static inline bool gs_is_ascii_space(uint32_t b)
{
    return (b == ' ') | (b == '\t') | (b == '\v');
}

/* Whether white space begins, or ends, three bytes. */
static inline bool gs_is_space(uint32_t three)
{
    return gs_is_ascii_space(three >> 16) | (three >> 8 == 0xC2A0) | gs_is_wide_space(three);
}

static inline bool gs_is_space_last(uint32_t three)
{
    return gs_is_ascii_space(three & 0xFF) | ((three & 0xFFFF) == 0xC2A0) | gs_is_wide_space(three);
}

/* Whether a full ender, a colon or a half-width one is the last of three bytes. */
static inline bool gs_is_paragraph_last(uint32_t three)
{
    uint32_t b = three & 0xFF;
    return (three == 0xE38082) | ((three | 4) == 0xEFBC9F) | (three == 0xEFBC81) |
           (three == 0xEFBC9A) | (three == 0xEFBDA1) | (b == '!') | (b == '?') | (b == ';') |
           (b == ':');
}

/* Whether a closer may be. */
static inline bool gs_is_closer_last(uint32_t three)
{
    return ((three & 0xFF) == ')') | ((three | 4) == 0xE2809D) | (three - 0xE3808B <= 6) |
           (three == 0xEFBC89);
}

/* The ten numerals, 第 and （, each where gs_is_mark_start() looks for it. */
extern const uint32_t gs_mark_starts[16];

static inline bool gs_is_mark_start(uint32_t three)
{
    return (three != 0) & (gs_mark_starts[three * 0xEB8AC8CFu >> 28] == three);
}

/* Whether the text can begin with a heading mark, by its first character. */
static inline bool gs_text_may_have_mark(const uint8_t *p, const uint8_t *end)
{
    uint32_t three = gs_three_bytes(p, end);
    return ((uint8_t)(*p - '0') < 10) | (*p == '(') | gs_is_mark_start(three) |
           (three - 0xEFBC90 < 10); /* full-width digits */
}

/* Bytes of an ender or closer at p, 0 where none stands; an ender of three bytes is a full one, E.
 */
static inline size_t gs_ender_at(const uint8_t *p, const uint8_t *end)
{
    if (*p < 0x80)
        return *p == '!' || *p == '?' || *p == ';';
    switch (gs_three_bytes(p, end)) {
    case 0xE38082: /* 。 */
    case 0xEFBC81: /* ！ */
    case 0xEFBC9B: /* ； */
    case 0xEFBC9F: /* ？ */
    case 0xEFBDA1: /* half-width 。 */
        return 3;
    default:
        return 0;
    }
}

static inline size_t gs_closer_at(const uint8_t *p, const uint8_t *end)
{
    if (*p < 0x80)
        return *p == ')';
    switch (gs_three_bytes(p, end)) {
    case 0xE28099: /* ’ */
    case 0xE2809D: /* ” */
    case 0xE3808B: /* 》 */
    case 0xE3808D: /* 」 */
    case 0xE3808F: /* 』 */
    case 0xE38091: /* 】 */
    case 0xEFBC89: /* ） */
        return 3;
    default:
        return 0;
    }
}

#endif
