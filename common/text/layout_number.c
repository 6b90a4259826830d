/*
 * layout_number.c: page numbers as they are printed: rules F1 and F2 of docs/ANALYSIS.md, read from
 * the place that the scan has found.
 */
#include "common/text/layout_internal.h"

#include <stdio.h>

static void skip_spaces(struct gs_line_cursor *c)
{
    c->p = gs_skip_spaces(c->p, c->end);
}

/* ---- F1: a footer with a total ---- */

static bool take_page(struct gs_line_cursor *c)
{
    return TAKE(c, "页") || TAKE(c, "頁");
}

static bool take_total(struct gs_line_cursor *c)
{
    return TAKE(c, "共") || TAKE(c, "总") || TAKE(c, "總");
}

static bool take_slash(struct gs_line_cursor *c)
{
    return TAKE(c, "/") || TAKE(c, "／");
}

static bool take_separator(struct gs_line_cursor *c) /* other than a slash */
{
    return TAKE(c, ",") || TAKE(c, "，") || TAKE(c, "、") || TAKE(c, "|") || TAKE(c, "｜") ||
           TAKE(c, ";") || TAKE(c, "；");
}

/* Digits with white space between them, and white space behind. */
static bool take_spaced_number(struct gs_line_cursor *c, uint16_t *value)
{
    uint32_t sum = 0, digit;
    unsigned digits = 0;
    for (size_t n; c->p < c->end && (n = gs_digit_at(c->p, c->end, &digit)) > 0; digits++) {
        if (digits == GS_NUMBER_DIGITS)
            return false;
        sum = sum * 10 + digit;
        c->p += n;
        skip_spaces(c);
    }
    *value = (uint16_t)sum;
    return sum > 0;
}

/* What stands between 第 N and the total: whether it can. */
static bool take_middle(struct gs_line_cursor *c, bool *bracket)
{
    bool page = take_page(c);
    skip_spaces(c);
    bool slash = take_slash(c);
    *bracket = !slash && (TAKE(c, "(") || TAKE(c, "（"));
    if (!slash && !*bracket)
        (void)take_separator(c);
    skip_spaces(c);
    bool total = take_total(c);
    skip_spaces(c);
    return slash || (page && total);
}

/* 第 N 页 共 M 页 and its kin, from 第 on. */
static bool match_number_first(struct gs_line_cursor *c, struct gs_number *out)
{
    bool bracket;
    if (!TAKE(c, "第"))
        return false;
    skip_spaces(c);
    if (!take_spaced_number(c, &out->value) || !take_middle(c, &bracket) ||
        !take_spaced_number(c, &out->total) || !take_page(c))
        return false;
    if (bracket) {
        skip_spaces(c);
        return TAKE(c, ")") || TAKE(c, "）");
    }
    return true;
}

/* 共 M 页 第 N 页, with its 第 at `ordinal`. */
static bool match_total_first(struct gs_line_cursor *c, const uint8_t *ordinal,
                              struct gs_number *out)
{
    if (!take_total(c))
        return false;
    skip_spaces(c);
    if (!take_spaced_number(c, &out->total) || !take_page(c))
        return false;
    skip_spaces(c);
    if (take_slash(c) || take_separator(c))
        skip_spaces(c);
    if (c->p != ordinal || !TAKE(c, "第"))
        return false;
    skip_spaces(c);
    return take_spaced_number(c, &out->value) && take_page(c);
}

/* The nearest 共 before `ordinal` that only digits, white space, 页 and a separator part from it.
 */
static const uint8_t *find_total_before(const uint8_t *low, const uint8_t *ordinal)
{
    if (ordinal - low > GS_FOOTER_BYTES)
        low = ordinal - GS_FOOTER_BYTES;
    for (const uint8_t *p = ordinal; p > low;) {
        const uint8_t *q = p - 1;
        while (q > low && p - q < 4 && gs_utf8_is_tail(*q))
            q--;
        struct gs_line_cursor c = {q, p};
        uint32_t digit;
        if (take_total(&c))
            return q;
        if (!gs_space_at(q, p) && !gs_digit_at(q, p, &digit) && !take_page(&c) && !take_slash(&c) &&
            !take_separator(&c))
            return NULL;
        p = q;
    }
    return NULL;
}

bool gs_number_footer(const uint8_t *content, size_t size, uint32_t low, uint32_t at,
                      struct gs_number *out)
{
    const uint8_t *ordinal = content + at, *start = ordinal, *end = content + size;
    *out = (struct gs_number){.shape = (uint64_t)GS_NUMBER_FOOTER << 56, .counts = true};
    struct gs_line_cursor c = {find_total_before(content + low, ordinal), end};
    bool found = false;
    if (c.p) {
        start = c.p;
        found = match_total_first(&c, ordinal, out);
    }
    if (!found) {
        start = ordinal;
        c.p = ordinal;
        if (end - start > GS_FOOTER_BYTES)
            c.end = start + GS_FOOTER_BYTES;
        found = match_number_first(&c, out);
    }
    out->start = (uint32_t)(start - content);
    out->end = (uint32_t)(c.p - content);
    return found && out->end - out->start <= GS_FOOTER_BYTES && out->value <= out->total;
}

/* ---- F2: a line that is only a page count ---- */

/* One character of such a line in one byte: digits, lower-case letters, '/' and '.' as they are;
 * '-' for a hyphen or dash that may join parts, '~' for one that only decorates, 'D' 第, 'Y' 页; 0
 * for what no page count holds. */
static char fold(const uint8_t *p, const uint8_t *end, size_t *bytes)
{
    uint32_t c, digit;
    if ((*bytes = gs_digit_at(p, end, &digit)) > 0)
        return (char)('0' + digit);
    *bytes = gs_utf8_step(p, end, &c);
    switch (c) {
    case '-':
    case 0xFF0D:
    case 0x2013:
        return '-';
    case '~':
    case 0xFF5E:
    case 0x00B7:
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2014:
    case 0x2015:
    case 0x2212:
    case 0x2500:
        return '~';
    case '/':
    case 0xFF0F:
        return '/';
    case '.':
        return '.';
    case 0x7B2C:
        return 'D';
    case 0x9875:
    case 0x9801:
        return 'Y';
    default:
        return gs_is_ascii_letter((uint8_t)(c < 0x80 ? c : 0)) ? (char)(c | 0x20) : 0;
    }
}

/* The line without white space, folded; false where it cannot be a page count. */
static bool fold_line(const uint8_t *p, const uint8_t *end, char text[GS_COUNT_TEXT_BYTES + 1])
{
    size_t count = 0, used = 0, bytes;
    for (; p < end; p += bytes) {
        bytes = gs_space_at(p, end);
        if (bytes)
            continue;
        char folded = fold(p, end, &bytes);
        used += bytes;
        if (!folded || used > GS_COUNT_TEXT_BYTES)
            return false;
        text[count++] = folded;
    }
    text[count] = 0;
    return count > 0;
}

static const char *skip_dashes(const char *t)
{
    while (*t == '-' || *t == '~')
        t++;
    return t;
}

/* 1 to `most` digits with a value of at least 1, no digit behind; NULL if there are none such. */
static const char *read_number(const char *t, unsigned most, uint16_t *value)
{
    uint32_t sum = 0;
    unsigned digits = 0;
    for (; *t >= '0' && *t <= '9'; t++, digits++) {
        if (digits == most)
            return NULL;
        sum = sum * 10 + (uint32_t)(*t - '0');
    }
    *value = (uint16_t)sum;
    return digits > 0 ? t : NULL;
}

static const char *read_page_number(const char *t, uint16_t *value)
{
    t = read_number(t, GS_NUMBER_DIGITS, value);
    return t && *value > 0 ? t : NULL;
}

static uint64_t shape_of(enum gs_number_kind kind, uint64_t parameters)
{
    return (uint64_t)kind << 56 | parameters;
}

/* page n, p. n, page n of M */
static bool read_latin(const char *t, struct gs_number *out)
{
    t += strncmp(t, "page", 4) == 0 ? 4 : 1;
    if (*t == '.')
        t++;
    if (!(t = read_page_number(t, &out->value)))
        return false;
    if (*t) {
        size_t word = strncmp(t, "of", 2) == 0 ? 2 : *t == '/';
        if (!word || !(t = read_page_number(t + word, &out->total)) || out->value > out->total)
            return false;
    }
    out->shape = shape_of(GS_NUMBER_LATIN, out->total);
    return *t == 0;
}

/* 1-1-n, from the first prefix part on; *prefix: characters before n */
static bool read_prefixed(const char *t, struct gs_number *out, size_t *prefix)
{
    const char *begin = t;
    uint64_t parameters = 0;
    for (unsigned parts = 0; parts < 3; parts++) {
        uint16_t part;
        const char *next = read_number(t, 2, &part);
        if (!next || *next != '-')
            break;
        parameters = parameters << 8 | part | 0x80;
        t = next + 1;
    }
    *prefix = (size_t)(t - begin);
    out->shape = shape_of(GS_NUMBER_PREFIXED, parameters);
    t = parameters ? read_page_number(t, &out->value) : NULL;
    return t && *t == 0;
}

/* Shapes 1 to 5; *prefix: characters of the folded text that belong to the label before n. */
static bool read_numeric(const char *text, struct gs_number *out, size_t *prefix)
{
    const char *t = skip_dashes(text);
    bool dashed = t != text;
    if (*t == 'D') {
        t = read_page_number(t + 1, &out->value);
        out->shape = shape_of(GS_NUMBER_NAMED, 0);
        return t && *t == 'Y' && *skip_dashes(t + 1) == 0;
    }
    const char *next = read_page_number(t, &out->value);
    if (dashed) {
        out->shape = shape_of(GS_NUMBER_DASHED, 0);
        return next && *next && *skip_dashes(next) == 0;
    }
    if (next && *next == 0) {
        out->shape = shape_of(GS_NUMBER_BARE, 0);
        return true;
    }
    if (next && *next == '/') {
        next = read_page_number(next + 1, &out->total);
        out->shape = shape_of(GS_NUMBER_OF_TOTAL, out->total);
        return next && *next == 0 && out->value <= out->total;
    }
    out->total = 0;
    return read_prefixed(text, out, prefix);
}

bool gs_number_line(const uint8_t *content, uint32_t start, uint32_t end, struct gs_number *out,
                    char label[GS_LABEL_CAP])
{
    char text[GS_COUNT_TEXT_BYTES + 1];
    if (!fold_line(content + start, content + end, text))
        return false;
    size_t prefix = 0;
    *out = (struct gs_number){.start = start, .end = end};
    if (!(*text == 'p' ? read_latin(text, out) : read_numeric(text, out, &prefix)))
        return false;
    if (label) {
        memcpy(label, text, prefix); /* at most "99-99-99-" */
        (void)snprintf(label + prefix, GS_LABEL_CAP - prefix, "%u", (unsigned)out->value);
    }
    return true;
}
