/*
 * structure_line.c: what one line is: a table row, a heading, a paragraph's last (docs/ANALYSIS.md,
 * section Structure). Every function reads inside [p, end) only.
 */
#include "common/text/structure_internal.h"

#define RUN GS_CAN_RUN
const uint8_t gs_line_can[256] = {
    ['!'] = RUN, ['?'] = RUN, [';'] = RUN, [')'] = RUN, [0xE2] = RUN, [0xE3] = RUN, [0xEF] = RUN};

#define ENDS(three)                                                                                \
    {                                                                                              \
        three, GS_LAST_ENDS                                                                        \
    }
#define CLOSES(three)                                                                              \
    {                                                                                              \
        three, GS_LAST_CLOSES                                                                      \
    }
const struct gs_line_last gs_line_lasts[256] = {
    ['!'] = ENDS('!'),         ['?'] = ENDS('?'),         [';'] = ENDS(';'),
    [':'] = ENDS(':'),         [0x82] = ENDS(0xE38082),   [0x81] = ENDS(0xEFBC81),
    [0x9A] = ENDS(0xEFBC9A),   [0x9B] = ENDS(0xEFBC9B),   [0x9F] = ENDS(0xEFBC9F),
    [0xA1] = ENDS(0xEFBDA1),   [')'] = CLOSES(')'),       [0x99] = CLOSES(0xE28099),
    [0x9D] = CLOSES(0xE2809D), [0x8B] = CLOSES(0xE3808B), [0x8D] = CLOSES(0xE3808D),
    [0x8F] = CLOSES(0xE3808F), [0x91] = CLOSES(0xE38091), [0x89] = CLOSES(0xEFBC89)};

bool gs_text_ends_paragraph(const uint8_t *p, const uint8_t *end)
{
    for (size_t n; end > p; end -= n) { /* closers and white space */
        if (end[-1] < 0x80)
            n = end[-1] == ')';
        else
            n = end - p >= 3 ? gs_closer_at(end - 3, end) : 0;
        if (!n && !(n = gs_space_before(p, end)))
            break;
    }
    if (end == p)
        return false;
    if (end[-1] < 0x80)
        return end[-1] == ':' || gs_ender_at(end - 1, end);
    return end - p >= 3 &&
           (gs_ender_at(end - 3, end) == 3 || gs_three_bytes(end - 3, end) == 0xEFBC9A); /* ： */
}

/* ---- rows ---- */

bool gs_text_has_gaps(const uint8_t *p, const uint8_t *end)
{
    unsigned gaps = 0;
    while (p < end) {
        if (*p > ' ' && *p < 0xC2) { /* most bytes: ASCII, and the tails of characters */
            p++;
            continue;
        }
        unsigned spaces = 0;
        bool tab = false;
        for (size_t n; p < end && (n = gs_space_at(p, end)) > 0; p += n) {
            spaces++;
            tab = tab || *p == '\t';
        }
        if ((spaces >= 2 || tab) && ++gaps == GS_ROW_GAPS)
            return true;
        if (spaces == 0)
            p++;
    }
    return false;
}

bool gs_text_wide_gap(const uint8_t *c, uint32_t *at, uint32_t start, uint32_t end)
{
    const uint8_t *p = c + *at, *to = c + end;
    unsigned spaces = 0;
    bool tab = false;
    if (!gs_space_at(p, to))
        p++;
    else if (*at > start && p[-1] == ' ') /* a space before white space of another kind */
        spaces++;
    for (size_t n; p < to && (n = gs_space_at(p, to)) > 0; p += n, spaces++)
        tab = tab || *p == '\t';
    *at = (uint32_t)(p - c);
    return spaces >= 2 || tab;
}

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

bool gs_text_is_figures(const uint8_t *p, const uint8_t *end)
{
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

/* ---- heading marks ---- */

/* At most GS_MARK_SPACES; how many. */
static unsigned take_spaces(struct gs_line_cursor *c)
{
    unsigned count = 0;
    for (size_t n; count < GS_MARK_SPACES && c->p < c->end && (n = gs_space_at(c->p, c->end)) > 0;
         count++)
        c->p += n;
    return count;
}

const uint32_t gs_mark_starts[16] = {0,        0xE585AB, 0xE4B883, 0,        0xE59B9B, 0xE4B880,
                                     0,        0xE4BA8C, 0xEFBC88, 0xE4B99D, 0xE4B889, 0xE7ACAC,
                                     0xE58D81, 0xE4BA94, 0xE585AD, 0};

static bool is_numeral(const struct gs_line_cursor *c)
{
    uint32_t three = gs_three_bytes(c->p, c->end);
    return gs_is_mark_start(three) && three < 0xE60000; /* 第 and （ are above */
}

static unsigned take_numerals(struct gs_line_cursor *c, unsigned most)
{
    unsigned count = 0;
    for (; count < most && is_numeral(c); count++)
        c->p += 3;
    return count;
}

static bool take_digit(struct gs_line_cursor *c)
{
    uint32_t value;
    size_t n = c->p < c->end ? gs_digit_at(c->p, c->end, &value) : 0;
    c->p += n;
    return n > 0;
}

static unsigned take_digits(struct gs_line_cursor *c, unsigned most)
{
    unsigned count = 0;
    while (count < most && take_digit(c))
        count++;
    return count;
}

static bool take_open(struct gs_line_cursor *c)
{
    return TAKE(c, "(") || TAKE(c, "（");
}

static bool take_close(struct gs_line_cursor *c)
{
    return TAKE(c, ")") || TAKE(c, "）");
}

static bool take_point(struct gs_line_cursor *c)
{
    return TAKE(c, ".") || TAKE(c, "．");
}

/* Whether the character at c, if any, is in a list of UTF-8 characters. */
static bool is_one_of(const struct gs_line_cursor *c, const char *list)
{
    if (c->p == c->end)
        return false;
    uint32_t cp;
    size_t size = gs_utf8_step(c->p, c->end, &cp);
    for (size_t n; *list; list += n) {
        n = gs_utf8_step((const uint8_t *)list, (const uint8_t *)list + strlen(list), &cp);
        if (n == size && memcmp(list, c->p, n) == 0)
            return true;
    }
    return false;
}

static bool is_at_space(const struct gs_line_cursor *c)
{
    return c->p < c->end && gs_space_at(c->p, c->end) > 0;
}

/* 第三节, 第十二条, from behind 第 */
static uint32_t read_ordinal(struct gs_line_cursor *c)
{
    unsigned count = 0;
    take_spaces(c);
    for (struct gs_line_cursor before = *c; count < 5; count++, before = *c) {
        if (!take_numerals(c, 1) && !TAKE(c, "百") && !TAKE(c, "零") && !TAKE(c, "〇") &&
            !take_digit(c)) {
            *c = before;
            break;
        }
        take_spaces(c);
    }
    if (count == 0)
        return 0;
    if (TAKE(c, "条") || TAKE(c, "條"))
        return c->p == c->end || is_at_space(c) ? 2 : 0;
    if (!TAKE(c, "编") && !TAKE(c, "編") && !TAKE(c, "章") && !TAKE(c, "节") && !TAKE(c, "節") &&
        !TAKE(c, "部分"))
        return 0;
    return is_one_of(c, "之的中和及与與或所、，。；：,;:”」』》）)") ? 0 : 1;
}

/* 一、 from its numerals on */
static uint32_t read_numeral_list(struct gs_line_cursor *c)
{
    if (!take_numerals(c, 3) || !TAKE(c, "、"))
        return 0;
    struct gs_line_cursor next = *c;
    take_spaces(&next);
    return next.p < next.end && !is_numeral(&next) ? 2 : 0;
}

/* （一） and (1) */
static uint32_t read_bracketed(struct gs_line_cursor *c)
{
    take_spaces(c);
    struct gs_line_cursor digits = *c;
    if (take_numerals(c, 3)) {
        take_spaces(c);
        return take_close(c) ? 3 : 0;
    }
    *c = digits;
    if (!take_digits(c, 2))
        return 0;
    take_spaces(c);
    return take_close(c) ? 5 : 0;
}

/* 1.1 with white space behind, before anything but a unit; c is behind the first digits */
static uint32_t read_decimal(struct gs_line_cursor *c)
{
    unsigned points = 0;
    for (struct gs_line_cursor before = *c; points < 3; points++, before = *c) {
        if (!take_point(c) || !take_digits(c, 2)) {
            *c = before;
            break;
        }
    }
    struct gs_line_cursor next = *c;
    uint32_t cp;
    if (points == 0 || !take_spaces(&next) || next.p == next.end)
        return 0;
    gs_utf8_step(next.p, next.end, &cp);
    if (!gs_is_rough_han(cp) || is_one_of(&next, "万萬亿億元千百倍个個股人家年月日天小吨台套件"))
        return 0;
    return 4 + points;
}

/* 1、 1. 1.1 1) */
static uint32_t read_digits(struct gs_line_cursor *c)
{
    if (!take_digits(c, 2))
        return 0;
    struct gs_line_cursor first = *c, next;
    if (TAKE(c, "、") || take_point(c)) {
        next = *c;
        take_spaces(&next);
        if (next.p < next.end && !take_digit(&next))
            return 4;
        *c = first;
        return read_decimal(c);
    }
    return take_close(c) && c->p < c->end ? 6 : 0;
}

uint32_t gs_heading_mark(const uint8_t *p, const uint8_t *end, const uint8_t **behind)
{
    struct gs_line_cursor c = {p, end};
    uint32_t digit, level = 0;
    if (TAKE(&c, "第"))
        level = read_ordinal(&c);
    else if (take_open(&c))
        level = read_bracketed(&c);
    else if (gs_digit_at(p, end, &digit))
        level = read_digits(&c);
    else if (is_numeral(&c))
        level = read_numeral_list(&c);
    *behind = c.p;
    return level;
}

bool gs_text_is_heading(const uint8_t *p, const uint8_t *behind, const uint8_t *end)
{
    unsigned chars = 0, points = 0, dots = 0, middles = 0;
    bool han = false;
    for (size_t n; p < end; p += n) {
        uint32_t c;
        if (*p >= 0xE4 && *p <= 0xE9 && end - p > 3) { /* most characters: HAN, no leaders */
            n = 3;
            han = han || p >= behind;
            points = dots = middles = 0;
            if (++chars > GS_HEADING_CHARS)
                return false;
            continue;
        }
        n = gs_utf8_step(p, end, &c);
        if (!gs_space_at(p, end) && ++chars > GS_HEADING_CHARS)
            return false;
        han = han || (p >= behind && gs_is_rough_han(c));
        points = c == '.' ? points + 1 : 0; /* leaders of a table of contents */
        dots = c == 0x2026 ? dots + 1 : 0;
        middles = c == 0xB7 ? middles + 1 : 0;
        if (points == 4 || dots == 2 || middles == 4)
            return false;
    }
    if (!han)
        return false;
    if (end[-1] < 0x80)
        return !memchr("!?;:,", end[-1], 5);
    return !GS_CHAR_AT(end - 3, end, "：") && !GS_CHAR_AT(end - 3, end, "，") &&
           !GS_CHAR_AT(end - 3, end, "、");
}
