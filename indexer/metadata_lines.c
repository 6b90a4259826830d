#include "indexer/metadata_lines.h"

#include "common/base/utf8_step.h"
#include "common/text/chartab.h"

#include <string.h>

enum { CHAR_SKIP, CHAR_SPACE, CHAR_LINE, CHAR_PAGE, CHAR_TEXT };

struct folder {
    struct gs_lines *l;
    uint32_t line_start; /* folded */
    bool gap, blank, page, cut, may_date, may_label;
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
        l->line[l->count++] = (struct gs_line){
            f->line_start, (uint32_t)l->size, f->cut, f->blank, f->page, f->may_date, f->may_label};
    f->blank = l->size == f->line_start;
    f->page = f->page && f->blank;
    f->line_start = (uint32_t)l->size;
    f->gap = f->cut = f->may_date = f->may_label = false;
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

static bool begins_label_tail(uint32_t c)
{
    return c == 0x4EE3 /* 代 */ || c == 0x540D /* 名 */ || c == 0x7B80 /* 简 */ ||
           c == 0x7F16 /* 编 */ || c == 'S';
}

/* The Han characters and printing ASCII from *at on, up to the first character that is neither, at
 * most to the line's share: what most of a text is. */
static void take_plain(struct folder *f, size_t *at, size_t to)
{
    struct gs_lines *l = f->l;
    size_t p = *at, n = l->size, most = f->line_start + GS_LINE_FOLD_MAX;
    uint32_t gap = f->gap && n > f->line_start ? GS_FROM_GAP : 0;
    while (p + 3 <= to && n < most && n + 8 < GS_LINES_FOLD_MAX) {
        const uint8_t *b = l->text + p;
        if (b[0] > 0x20 && b[0] < 0x7F) {
            f->may_label |= b[0] == 'S';
            f->may_date |= b[0] >= '-' && b[0] <= '/' && n > 0 && l->fold[n - 1] >= '0' &&
                           l->fold[n - 1] <= '9';
            l->from[n] = (uint32_t)p++ | gap;
            l->fold[n++] = (char)b[0];
            gap = 0;
            continue;
        }
        if (b[0] < 0xE3 || b[0] > 0xE9 || !gs_utf8_is_tail(b[1]) || !gs_utf8_is_tail(b[2]))
            break;
        uint32_t c = gs_chartab_bmp[(b[0] & 15u) << 12 | (b[1] & 63u) << 6 | (b[2] & 63u)];
        if (c < GS_CHAR_HAN_MIN)
            break;
        f->may_label |= begins_label_tail(c);
        f->may_date |= c == 0x65E5; /* 日 */
        l->from[n] = (uint32_t)p | gap;
        l->fold[n] = (char)(0xE0 | c >> 12);
        l->fold[n + 1] = (char)(0x80 | (c >> 6 & 63));
        l->fold[n + 2] = (char)(0x80 | (c & 63));
        gap = 0;
        n += 3;
        p += 3;
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
            f.may_label |= begins_label_tail(c);
            f.may_date |= c == 0x65E5 || (c == '-' && l->size > 0); /* dashes of any kind */
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
