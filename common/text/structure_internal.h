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

/* What a character can be, by its first byte: a quick look before a real one. */
#define GS_CAN_SPACE 1u /* white space */
#define GS_CAN_RUN   2u /* an ender or a closer */
#define GS_CAN_LAST  4u /* one of those or a colon: a paragraph's last */
extern const uint8_t gs_line_can[256];

/* Of the last character of a text of 3 bytes or more; 0 where it is not one of those kinds. */
static inline unsigned gs_last_can(const uint8_t *end)
{
    uint8_t lead = end[-2] == 0xC2 ? 0xC2 : end[-3];
    return gs_line_can[end[-1] < 0x80 ? end[-1] : lead];
}

/* The ten numerals, 第 and （, each where gs_is_mark_start() looks for it. */
extern const uint32_t gs_mark_starts[16];

static inline bool gs_is_mark_start(uint32_t three)
{
    return three && gs_mark_starts[three * 0xEB8AC8CFu >> 28] == three;
}

/* Whether the text can begin with a heading mark, by its first character. */
static inline bool gs_text_may_have_mark(const uint8_t *p, const uint8_t *end)
{
    if (*p < 0x80)
        return (uint8_t)(*p - '0') < 10 || *p == '(';
    uint32_t three = gs_three_bytes(p, end);
    return gs_is_mark_start(three) | (three - 0xEFBC90 < 10); /* full-width digits */
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
