#include "indexer/metadata_lines.h"

#include "common/base/utf8_step.h"
#include "common/text/chartab.h"

#include <string.h>

enum { SIGN_LABEL = 1, SIGN_DATE = 2, SIGN_COMPANY = 4 };
enum { CHAR_SKIP, CHAR_SPACE, CHAR_LINE, CHAR_PAGE, CHAR_TEXT };

struct folder {
    struct gs_lines *l;
    uint32_t line_start; /* folded */
    bool gap, blank, page, cut;
    unsigned signs; /* SIGN_* */
};

/* One character of three bytes, the most of them: Han, then punctuation and full-width forms. */
static int fold_bmp(uint32_t *c)
{
    uint32_t mapped = gs_chartab_bmp[*c];
    if (mapped >= GS_CHAR_HAN_MIN) {
        *c = mapped;
        return CHAR_TEXT;
    }
    if (*c >= 0xFF01 && *c <= 0xFF5E) {
        *c -= 0xFEE0;
        return CHAR_TEXT;
    }
    if (*c >= 0xFE50 && *c <= 0xFE5A) { /* the small forms; ASCII, but for the 、 */
        static const char small[] = {',', 0, '.', 0, ';', ':', '?', '!', '-', '(', ')'};
        char ascii = small[*c - 0xFE50];
        *c = ascii ? (uint32_t)(uint8_t)ascii : 0x3001;
        return CHAR_TEXT;
    }
    if ((*c >= 0x2000 && *c <= 0x200A) || *c == 0x202F || *c == 0x205F || *c == 0x3000)
        return CHAR_SPACE;
    if ((*c >= 0x200B && *c <= 0x200F) || *c == 0xFEFF || (*c >= 0x2060 && *c <= 0x2064))
        return CHAR_SKIP;
    if (*c == 0x2028 || *c == 0x2029)
        return CHAR_LINE;
    if ((*c >= 0x2010 && *c <= 0x2015) || *c == 0x2212 || *c == 0x30FC)
        *c = '-';
    else if (*c == 0x25CB || *c == 0x25EF || *c == 0x2022 || *c == 0x25CF)
        *c = *c == 0x25CB || *c == 0x25EF ? 0x3007 : *c;
    return CHAR_TEXT;
}

static int fold_char(uint32_t *c)
{
    if (*c >= 0x800 && *c < 0x10000)
        return fold_bmp(c);
    if (*c == '\n' || *c == '\r' || *c == 0x85)
        return CHAR_LINE;
    if (*c == '\f')
        return CHAR_PAGE;
    if (*c == ' ' || *c == '\t' || *c == '\v' || *c == 0xA0)
        return CHAR_SPACE;
    if (*c < ' ' || *c == 0x7F || *c == 0xAD)
        return CHAR_SKIP;
    return CHAR_TEXT;
}

size_t gs_lines_next_char(const uint8_t *p, const uint8_t *end, uint32_t *c)
{
    const uint8_t *start = p;
    while (p < end) {
        size_t step = gs_utf8_step(p, end, c);
        int kind = fold_char(c);
        if (kind == CHAR_LINE || kind == CHAR_PAGE)
            break;
        p += step;
        if (kind == CHAR_TEXT)
            return (size_t)(p - start);
    }
    *c = 0;
    return (size_t)(p - start);
}

static size_t put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 63));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 63));
        out[2] = (char)(0x80 | (c & 63));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 63));
    out[2] = (char)(0x80 | (c >> 6 & 63));
    out[3] = (char)(0x80 | (c & 63));
    return 4;
}

static void end_line(struct folder *f)
{
    struct gs_lines *l = f->l;
    if (l->size > f->line_start)
        l->line[l->count++] = (struct gs_line){.start = f->line_start,
                                               .end = (uint32_t)l->size,
                                               .cut = f->cut,
                                               .after_blank = f->blank,
                                               .after_page = f->page,
                                               .may_label = f->signs & SIGN_LABEL,
                                               .may_date = f->signs & SIGN_DATE,
                                               .may_company = f->signs & SIGN_COMPANY};
    f->blank = l->size == f->line_start;
    f->page = f->page && f->blank;
    f->line_start = (uint32_t)l->size;
    f->gap = f->cut = false;
    f->signs = 0;
}

/* The start of the line's part that is to be kept when it is read from its end. */
static size_t last_part(const uint8_t *text, size_t from, size_t to)
{
    size_t most = GS_LINE_FOLD_MAX;
    if (to - from <= most)
        return from;
    from = to - most;
    while (from < to && gs_utf8_is_tail(text[from]))
        from++;
    return from;
}

static size_t line_end(const uint8_t *text, size_t from, size_t to)
{
    const uint8_t *end = memchr(text + from, '\n', to - from);
    return end ? (size_t)(end - text) : to;
}

/* What a folded character says of its line. */
static unsigned sign_of(uint32_t c)
{
    switch (c) {
    case 0x4EE3: /* 代 */
    case 0x540D: /* 名 */
    case 0x7B80: /* 简 */
    case 0x7F16: /* 编 */
    case 'S':
        return SIGN_LABEL;
    case 0x65E5: /* 日 */
        return SIGN_DATE;
    case 0x53F8: /* 司 */
        return SIGN_COMPANY;
    default:
        return 0;
    }
}

/* Whether a character may be one that sign_of() knows, by its last eight bits. */
static const bool may_be_sign[256] = {
    [0xE3] = true, [0x0D] = true, [0x80] = true, [0x16] = true,
    ['S'] = true,  [0xE5] = true, [0xF8] = true,
};

/* Stores the folded form of c, three bytes of which are at b, behind n bytes; its size, 0: it is
 * none that a line's plain part has. */
static inline size_t put_plain(char *out, const uint8_t *b, uint32_t *c)
{
    uint32_t mapped = gs_chartab_bmp[*c];
    if (*c < 0x800)
        return 0; /* overlong */
    if (mapped == *c || *c == 0x3001 || *c == 0x3002 || (*c >= 0x3008 && *c <= 0x3011)) {
        memcpy(out, b, 3);
        return 3;
    }
    if (mapped >= GS_CHAR_HAN_MIN) {
        *c = mapped;
        return put_utf8(out, mapped);
    }
    if (*c < 0xFF01 || *c > 0xFF5E)
        return 0;
    *c -= 0xFEE0;
    *out = (char)*c;
    return 1;
}

/* The Han characters, their punctuation, full-width forms and printing ASCII from *at on, up to the
 * first character that is neither, at most to the line's share: what most of a text is. */
static void take_plain(struct folder *f, size_t *at, size_t to)
{
    struct gs_lines *l = f->l;
    const uint8_t *text = l->text;
    size_t p = *at, n = l->size, most = f->line_start + GS_LINE_FOLD_MAX;
    uint32_t gap = f->gap && n > f->line_start ? GS_FROM_GAP : 0;
    if (most > GS_LINES_FOLD_MAX - 8)
        most = GS_LINES_FOLD_MAX - 8;
    while (p + 3 <= to && n < most) {
        const uint8_t *b = text + p;
        uint32_t c = b[0];
        size_t size = 1;
        l->from[n] = (uint32_t)p | gap;
        if ((c & 0xF0) == 0xE0 && gs_utf8_is_tail(b[1]) && gs_utf8_is_tail(b[2])) {
            c = (c & 15) << 12 | (b[1] & 63u) << 6 | (b[2] & 63u);
            size = put_plain(l->fold + n, b, &c);
            if (size == 0)
                break;
            p += 3;
            if (c == '-' && n > 0)
                f->signs |= SIGN_DATE;
        } else if (c > 0x20 && c < 0x7F) {
            if (c >= '-' && c <= '/' && n > 0 && l->fold[n - 1] >= '0' && l->fold[n - 1] <= '9')
                f->signs |= SIGN_DATE;
            l->fold[n] = (char)c;
            p++;
        } else {
            break;
        }
        n += size;
        gap = 0;
        if (may_be_sign[c & 255])
            f->signs |= sign_of(c);
    }
    if (n > l->size)
        f->gap = false;
    l->size = n;
    *at = p;
}

void gs_lines_take(struct gs_lines *l, const uint8_t *text, size_t from, size_t to, bool last)
{
    struct folder f = {.l = l};
    size_t at = from;
    l->text = text;
    l->text_end = to;
    l->count = l->size = 0;
    if (last && from < to) {
        size_t start = last_part(text, from, line_end(text, from, to));
        f.cut = start > from;
        at = start;
    }
    while (at < to && l->count < GS_LINES_MAX && l->size + 8 < GS_LINES_FOLD_MAX) {
        uint32_t c;
        take_plain(&f, &at, to);
        if (at == to)
            break;
        size_t step = gs_utf8_step(text + at, text + to, &c);
        int kind = fold_char(&c);
        if (c == '\r' && at + 1 < to && text[at + 1] == '\n')
            kind = CHAR_SKIP;
        if (kind == CHAR_TEXT) {
            f.signs |= sign_of(c) | (c == '-' && l->size > 0 ? SIGN_DATE : 0u); /* any dash */
            l->from[l->size] = (uint32_t)at | (f.gap && l->size > f.line_start ? GS_FROM_GAP : 0);
            l->size += put_utf8(l->fold + l->size, c);
            f.gap = false;
            at += step;
            if (l->size - f.line_start > GS_LINE_FOLD_MAX) { /* the rest is not wanted */
                f.cut = true;
                at = line_end(text, at, to);
            }
            continue;
        }
        at += step;
        if (kind == CHAR_SPACE)
            f.gap = true;
        if (kind != CHAR_LINE && kind != CHAR_PAGE)
            continue;
        end_line(&f);
        f.page = f.page || kind == CHAR_PAGE;
        if (last) {
            size_t start = last_part(text, at, line_end(text, at, to));
            f.cut = start > at;
            at = start;
        }
    }
    if (l->count < GS_LINES_MAX)
        end_line(&f);
    l->fold[l->size] = 0;
    l->from[l->size] = (uint32_t)at;
}

uint32_t gs_lines_source_end(const struct gs_lines *l, size_t p)
{
    size_t lead = p;
    while (lead > 0 && gs_utf8_is_tail((uint8_t)l->fold[--lead]))
        ;
    uint32_t at = gs_lines_source(l, lead), c;
    return at + (uint32_t)gs_utf8_step(l->text + at, l->text + l->text_end, &c);
}

size_t gs_lines_heading_number(const struct gs_lines *l, size_t start, size_t end)
{
    static const char *const units[] = {"年", "月", "日", "号", "亿", "万", "元", "季", "届"};
    size_t p = start;
    while (p < end && p - start < 3 && l->fold[p] >= '0' && l->fold[p] <= '9' &&
           (p == start || !gs_lines_gap(l, p)))
        p++;
    if (p == start || p - start > 2 || end - p < 6 || !gs_lines_gap(l, p) ||
        (uint8_t)l->fold[p] < 0xE0)
        return 0;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
        if (memcmp(l->fold + p, units[i], strlen(units[i])) == 0)
            return 0;
    size_t from = gs_lines_source_end(l, p), to = gs_lines_source(l, p);
    bool tab = to > from && memchr(l->text + from, '\t', to - from);
    return tab || memcmp(l->fold + p, "关于", strlen("关于")) == 0 ? p - start : 0;
}
