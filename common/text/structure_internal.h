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
    uint16_t two;
    memcpy(&two, p, sizeof(two));
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    two = __builtin_bswap16(two);
#endif
    return (uint32_t)two << 8 | p[2];
}

/* Whether a byte can begin an ender or a closer. */
#define GS_CAN_RUN 1u
extern const uint8_t gs_line_can[256];

static inline bool gs_is_wide_space(uint32_t three)
{
    return (three - 0xE28080 <= 10) | (three == 0xE38080);
}

/* Whether white space, or a control character, begins or ends three bytes. */
static inline bool gs_may_be_space(uint32_t three)
{
    return (three >> 16 <= ' ') | (three >> 8 == 0xC2A0) | gs_is_wide_space(three);
}

static inline bool gs_may_be_space_last(uint32_t three)
{
    return ((three & 0xFF) <= ' ') | ((three & 0xFFFF) == 0xC2A0) | gs_is_wide_space(three);
}

/* The one character that is a full ender, a colon, a half-width ender or a closer and ends with
 * this byte (no two end with the same), 0: none; and which it is. */
#define GS_LAST_ENDS   1u
#define GS_LAST_CLOSES 2u
extern const struct gs_line_last {
    uint32_t bytes, kind;
} gs_line_lasts[256];

/* GS_LAST_* of the last of three bytes' characters, or 0. */
static inline uint32_t gs_last_kind(uint32_t three)
{
    const struct gs_line_last *last = &gs_line_lasts[three & 0xFF];
    uint32_t bytes = (three & 0x80) ? three : three & 0xFF;
    return last->kind & (0 - (uint32_t)(bytes == last->bytes));
}

/* The ten numerals, 第 and （, each where gs_is_mark_start() looks for it. */
extern const uint32_t gs_mark_starts[16];

static inline bool gs_is_mark_start(uint32_t three)
{
    return (three != 0) & (gs_mark_starts[three * 0xEB8AC8CFu >> 28] == three);
}

/* Whether the text can begin with a heading mark, by its first character and what stands behind it
 * (behind two, where they are ASCII digits). */
static inline bool gs_text_may_have_mark(const uint8_t *p, const uint8_t *end)
{
    uint32_t three = gs_three_bytes(p, end);
    bool digit = (uint8_t)(*p - '0') < 10, wide_digit = three - 0xEFBC90 < 10;
    bool open = (*p == '(') | (three == 0xEFBC88), mark = gs_is_mark_start(three);
    bool begins = digit | open | mark | wide_digit;
    if (!begins || end - p < 6)
        return begins;
    size_t n = *p < 0x80 ? 1 : 3;
    n += digit & ((uint8_t)(p[1] - '0') < 10);
    uint32_t next = gs_three_from(p + n), lead = next >> 16;
    bool numeral = gs_is_mark_start(next), comma = next == 0xE38081; /* 、 */
    bool after_digit = (lead == '.') | (lead == ')') | comma | (lead == 0xEF);
    bool after_open = ((uint8_t)(lead - '0') < 10) | (lead <= ' ') | (lead == 0xC2) |
                      (lead == 0xE2) | (next == 0xE38080) | (lead == 0xEF) | numeral;
    bool after_mark = numeral | comma | (three == 0xE7ACAC); /* behind 第 anything */
    return (digit & after_digit) | (open & after_open) | (mark & !open & after_mark) | wide_digit;
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
