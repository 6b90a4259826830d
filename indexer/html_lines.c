#include "indexer/html_lines.h"

#include "common/text/utf8.h"

#include <string.h>

#define TABLES_MAX ((size_t)1 << 27) /* bytes; a million tables in each other, and more */

void gs_html_lines_init(struct gs_html_lines *l, struct gs_buf *out)
{
    *l = (struct gs_html_lines){.out = out};
    gs_buf_init(&l->tables, TABLES_MAX);
    gs_buf_init(&l->indent, out->cap);
    struct gs_html_row outside = {0};
    gs_buf_append(&l->tables, &outside, sizeof outside);
}

void gs_html_lines_release(struct gs_html_lines *l)
{
    gs_buf_release(&l->tables);
    gs_buf_release(&l->indent);
}

enum gaosou_status gs_html_lines_status(const struct gs_html_lines *l)
{
    if (gs_buf_status(l->out) != GAOSOU_OK)
        return gs_buf_status(l->out);
    return gs_buf_status(&l->tables) != GAOSOU_OK ? gs_buf_status(&l->tables)
                                                  : gs_buf_status(&l->indent);
}

static struct gs_html_row *table_at(struct gs_html_lines *l, size_t depth)
{
    void *bytes = l->tables.data;
    return (struct gs_html_row *)bytes + depth;
}

static size_t table_count(const struct gs_html_lines *l)
{
    return l->tables.size / sizeof(struct gs_html_row);
}

/* The innermost table; NULL where memory did not suffice for the first. */
static struct gs_html_row *top(struct gs_html_lines *l)
{
    size_t count = table_count(l);
    return count ? table_at(l, count - 1) : NULL;
}

/* ---- characters ---------------------------------------------------------------------------- */

static bool is_white(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x3000 ||
           (c >= 0x2000 && c <= 0x200A);
}

/* Han, kana, Hangul, and their punctuation: written without spaces between words. */
static bool is_unspaced(uint32_t c)
{
    return (c >= 0x2E80 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7A3) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE4F) ||
           (c >= 0xFF01 && c <= 0xFF60) || (c >= 0x20000 && c <= 0x3FFFF);
}

/* Punctuation that Chinese and English share: dashes, quotes, the ellipsis. */
static bool is_shared(uint32_t c)
{
    return c == 0x2014 || (c >= 0x2018 && c <= 0x201D) || c == 0x2026;
}

/* A line may be broken between the two without a space being meant. */
static bool needs_no_space(uint32_t before, uint32_t after)
{
    return (is_unspaced(before) && (is_unspaced(after) || is_shared(after))) ||
           (is_shared(before) && is_unspaced(after));
}

/* The last character of the first `size` bytes; 0 for none. */
static uint32_t char_before(const uint8_t *bytes, size_t size)
{
    size_t at = size;
    while (at > 0 && size - at < 3 && (bytes[at - 1] & 0xC0) == 0x80)
        at--;
    return at > 0 ? gs_utf8_decode(bytes + at - 1, size - at + 1).code : 0;
}

/* What windows-1252 has at 0x80 to 0x9F; 0: nothing. */
static const uint16_t windows_1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

/* ---- what is due --------------------------------------------------------------------------- */

static bool at_line_start(const struct gs_html_lines *l)
{
    return l->out->size == l->line_start || l->due != GS_HTML_NOTHING || l->tabs > 0;
}

/* White space at the end of the line, which is about to end. */
static void trim_line(struct gs_html_lines *l)
{
    struct gs_buf *out = l->out;
    while (out->size > l->line_start) {
        uint32_t c = char_before(out->data, out->size);
        if (!is_white(c))
            return;
        out->size -= c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
    }
}

/* Only those at most GS_HTML_CELL_MAX bytes back are ever asked for. */
static void remember_edge(struct gs_html_lines *l, size_t offset)
{
    if (l->edge_count == sizeof l->edges / sizeof l->edges[0]) {
        l->edge_count = GS_HTML_CELL_MAX;
        memcpy(l->edges, l->edges + GS_HTML_CELL_MAX, GS_HTML_CELL_MAX * sizeof l->edges[0]);
    }
    l->edges[l->edge_count++] = offset;
}

static void end_line(struct gs_html_lines *l)
{
    trim_line(l);
    if (l->due == GS_HTML_PAGE) {
        gs_buf_append_u8(l->out, '\f');
        l->pages_ended++;
    } else {
        gs_buf_append_str(l->out, l->due == GS_HTML_EMPTY_LINE ? "\n\n" : "\n");
        if (l->due_is_edge)
            remember_edge(l, l->out->size - 1);
    }
    l->last_break = l->out->size;
}

/* Cells whose first text comes now, the innermost first. */
static void cells_get_text(struct gs_html_lines *l)
{
    for (size_t i = table_count(l); i > 0; i--) {
        struct gs_html_row *row = table_at(l, i - 1);
        if (!row->cell_open || !row->cell_blank)
            return;
        row->cell_blank = false;
        row->cell_start = l->out->size;
        if (row->cells == 1)
            row->first_start = l->out->size;
    }
}

/* Writes what is due before text whose first character is `next`. */
static void begin_text(struct gs_html_lines *l, uint32_t next)
{
    bool fresh = at_line_start(l);
    if (l->due != GS_HTML_NOTHING && l->out->size > 0)
        end_line(l);
    for (; l->tabs > 0; l->tabs--)
        gs_buf_append_u8(l->out, '\t');
    if (fresh) {
        l->line_start = l->out->size;
        gs_buf_append(l->out, l->indent.data, l->indent.size);
    } else if (l->space) {
        uint32_t before = char_before(l->out->data, l->out->size);
        if (!l->soft_space || !needs_no_space(before, next))
            gs_buf_append_u8(l->out, ' ');
    }
    gs_buf_clear(&l->indent);
    l->due = GS_HTML_NOTHING;
    l->space = l->soft_space = false;
    cells_get_text(l);
}

/* The innermost open cell, as far as tables are where they belong; NULL: none. */
static const struct gs_html_row *cell_around(struct gs_html_lines *l)
{
    size_t count = table_count(l);
    for (size_t i = count; i > 0 && i + 2 > count; i--)
        if (table_at(l, i - 1)->cell_open)
            return table_at(l, i - 1);
    return NULL;
}

static void drop_spaces(struct gs_html_lines *l)
{
    l->space = l->soft_space = false;
    gs_buf_clear(&l->indent);
}

static void ask(struct gs_html_lines *l, enum gs_html_due due, bool edge)
{
    drop_spaces(l);
    const struct gs_html_row *cell = cell_around(l);
    if (due < GS_HTML_PAGE && cell && cell->cell_blank)
        return; /* nothing before the first text of a cell */
    l->due_is_edge = edge || (l->due != GS_HTML_NOTHING && l->due_is_edge);
    if (due > l->due)
        l->due = due;
}

void gs_html_lines_edge(struct gs_html_lines *l)
{
    ask(l, GS_HTML_LINE, true);
}

void gs_html_lines_break(struct gs_html_lines *l)
{
    if (l->due == GS_HTML_NOTHING)
        ask(l, GS_HTML_LINE, false);
    else
        ask(l, GS_HTML_EMPTY_LINE, true);
}

void gs_html_lines_page(struct gs_html_lines *l)
{
    ask(l, GS_HTML_PAGE, true);
}

/* ---- text ---------------------------------------------------------------------------------- */

/* Bytes at p that are a white space character other than ASCII's, or a C1 control; 0: neither. */
static size_t special_size(const uint8_t *p, size_t size)
{
    if (p[0] == 0xC2 && size >= 2 && p[1] <= 0xA0)
        return 2;
    bool is_space = size >= 3 && ((p[0] == 0xE2 && p[1] == 0x80 && p[2] <= 0x8A) ||
                                  (p[0] == 0xE3 && p[1] == 0x80 && p[2] == 0x80));
    return is_space ? 3 : 0;
}

static bool is_ascii_white(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Bytes from the start that are plain text. */
static size_t plain_run(const uint8_t *p, size_t size)
{
    size_t at = 0;
    while (at < size) {
        uint8_t c = p[at];
        if (c <= ' ' && is_ascii_white(c))
            break;
        if ((c == 0xC2 || c == 0xE2 || c == 0xE3) && special_size(p + at, size - at))
            break;
        at++;
    }
    return at;
}

static void put_plain(struct gs_html_lines *l, const uint8_t *p, size_t size)
{
    if (l->space || at_line_start(l))
        begin_text(l, gs_utf8_decode(p, size).code);
    gs_buf_append(l->out, p, size);
    l->visible += size;
}

static void put_ascii_white(struct gs_html_lines *l, uint8_t c, bool literal)
{
    bool is_line_end = c == '\n' || c == '\r';
    bool ignored = is_line_end && (l->skip_line_end || (c == '\n' && l->after_cr));
    l->after_cr = c == '\r';
    l->skip_line_end = false;
    if (!literal) {
        l->space = true;
        l->soft_space |= is_line_end;
    } else if (is_line_end) {
        if (!ignored)
            gs_html_lines_break(l);
    } else {
        gs_buf_append_u8(at_line_start(l) ? &l->indent : l->out, c == '\t' ? c : ' ');
    }
}

/* White space that does not collapse. */
static void put_wide_white(struct gs_html_lines *l, const uint8_t *p, size_t size, bool literal)
{
    if (at_line_start(l)) {
        if (literal)
            gs_buf_append(&l->indent, p, size);
        return;
    }
    if (l->space)
        gs_buf_append_u8(l->out, ' ');
    l->space = l->soft_space = false;
    gs_buf_append(l->out, p, size);
}

static void put_special(struct gs_html_lines *l, const uint8_t *p, size_t size, bool literal)
{
    if (size == 3) {
        put_wide_white(l, p, size, literal);
    } else if (p[1] == 0xA0) {
        put_wide_white(l, (const uint8_t *)" ", 1, literal);
    } else if (windows_1252[p[1] & 31]) {
        uint8_t c[4];
        put_plain(l, c, gs_utf8_encode(c, windows_1252[p[1] & 31]));
    }
}

void gs_html_lines_text(struct gs_html_lines *l, const char *bytes, size_t size, bool literal)
{
    const uint8_t *p = (const uint8_t *)bytes;
    while (size > 0) {
        size_t take = plain_run(p, size);
        if (take > 0) {
            put_plain(l, p, take);
            l->after_cr = l->skip_line_end = false;
        } else if (is_ascii_white(*p)) {
            take = 1;
            put_ascii_white(l, *p, literal);
        } else {
            take = special_size(p, size);
            put_special(l, p, take, literal);
        }
        p += take;
        size -= take;
    }
}

void gs_html_lines_finish(struct gs_html_lines *l)
{
    trim_line(l);
}

void gs_html_lines_literal(struct gs_html_lines *l)
{
    gs_html_lines_edge(l);
    l->skip_line_end = true;
}

/* ---- tables -------------------------------------------------------------------------------- */

static void forget_edges(struct gs_html_lines *l, size_t from)
{
    while (l->edge_count > 0 && l->edges[l->edge_count - 1] >= from)
        l->edge_count--;
}

static bool is_edge(const struct gs_html_lines *l, size_t offset)
{
    for (size_t i = l->edge_count; i > 0; i--)
        if (l->edges[i - 1] <= offset)
            return l->edges[i - 1] == offset;
    return false;
}

/* Puts the cell that is the text from `start` on one line, if it is short. */
static void join_cell(struct gs_html_lines *l, size_t start)
{
    struct gs_buf *out = l->out;
    size_t size = out->size;
    if (l->last_break <= start || size - start > GS_HTML_CELL_MAX ||
        memchr(out->data + start, '\f', size - start))
        return;
    size_t to = start;
    for (size_t at = start; at < size; at++) {
        if (out->data[at] != '\n') {
            out->data[to++] = out->data[at];
            continue;
        }
        bool edge = is_edge(l, at);
        while (at + 1 < size && out->data[at + 1] == '\n')
            edge |= is_edge(l, ++at);
        uint32_t after = at + 1 < size ? gs_utf8_decode(out->data + at + 1, size - at - 1).code : 0;
        if (edge || !needs_no_space(char_before(out->data, to), after))
            out->data[to++] = ' ';
    }
    out->size = to;
    l->last_break = l->line_start = start;
    forget_edges(l, start);
}

void gs_html_table_begin(struct gs_html_lines *l)
{
    static const struct gs_html_row none = {0};
    gs_html_lines_edge(l);
    gs_buf_append(&l->tables, &none, sizeof none);
}

void gs_html_table_end(struct gs_html_lines *l)
{
    if (table_count(l) < 2)
        return;
    gs_html_row_end(l);
    l->tables.size -= sizeof(struct gs_html_row);
    gs_html_lines_edge(l);
}

void gs_html_row_begin(struct gs_html_lines *l)
{
    gs_html_row_end(l);
    struct gs_html_row *row = top(l);
    if (!row)
        return;
    gs_html_lines_edge(l);
    *row =
        (struct gs_html_row){.row_open = true, .row_start = l->out->size, .tabs_before = l->tabs};
}

void gs_html_row_end(struct gs_html_lines *l)
{
    struct gs_html_row *row = top(l);
    if (!row || !row->row_open)
        return;
    gs_html_cell_end(l);
    row->row_open = false;
    if (l->out->size == row->row_start) {
        l->tabs = row->tabs_before;
        return;
    }
    l->tabs = 0;
    if (table_count(l) > 1)
        row[-1].rows_inside++;
    gs_html_lines_edge(l);
}

void gs_html_cell_begin(struct gs_html_lines *l)
{
    gs_html_cell_end(l);
    struct gs_html_row *row = top(l);
    if (row && !row->row_open)
        gs_html_row_begin(l);
    if (!row)
        return;
    if (row->first_may_join)
        join_cell(l, row->first_start);
    bool cell_broken = row->cells > 0 && !row->cell_blank && l->last_break > row->cell_start;
    bool row_has_text = l->out->size > row->row_start;
    drop_spaces(l);
    if (cell_broken || (row->cells == 0 && row_has_text))
        gs_html_lines_edge(l);
    else if (row->cells > 0 && (l->due == GS_HTML_NOTHING || !row_has_text))
        l->tabs++;
    row->cells++;
    row->first_may_join = false;
    row->rows_inside = 0;
    row->cell_open = row->cell_blank = true;
}

void gs_html_cell_end(struct gs_html_lines *l)
{
    struct gs_html_row *row = top(l);
    if (!row || !row->cell_open)
        return;
    row->cell_open = false;
    drop_spaces(l);
    if (row->cell_blank)
        return;
    if (l->due != GS_HTML_PAGE)
        l->due = GS_HTML_NOTHING;
    trim_line(l);
    bool may_join = row->rows_inside < 2;
    row->first_may_join = may_join && row->cells == 1;
    if (may_join && row->cells > 1)
        join_cell(l, row->cell_start);
}

void gs_html_cell_drop(struct gs_html_lines *l)
{
    struct gs_html_row *row = top(l);
    if (!row || !row->cell_open || !row->cell_blank)
        return;
    row->cell_open = false;
    row->cells--;
    if (row->cells > 0 && l->tabs > 0)
        l->tabs--;
}

/* ---- places -------------------------------------------------------------------------------- */

/* White space at the end of the text may go when more text comes, and then the place would lie
 * inside that: it becomes a space that is due. */
struct gs_html_place gs_html_lines_place(struct gs_html_lines *l)
{
    size_t size = l->out->size;
    trim_line(l);
    l->space |= l->out->size < size;
    return (struct gs_html_place){.size = l->out->size,
                                  .line_start = l->line_start,
                                  .last_break = l->last_break,
                                  .visible = l->visible,
                                  .pages_ended = l->pages_ended,
                                  .tabs = l->tabs,
                                  .due = l->due,
                                  .due_is_edge = l->due_is_edge,
                                  .space = l->space};
}

void gs_html_lines_return(struct gs_html_lines *l, const struct gs_html_place *place)
{
    drop_spaces(l);
    if (l->out->size <= place->size)
        return;
    l->out->size = place->size;
    l->line_start = place->line_start;
    l->last_break = place->last_break;
    l->visible = place->visible;
    l->pages_ended = place->pages_ended;
    l->tabs = place->tabs;
    l->due = place->due;
    l->due_is_edge = place->due_is_edge;
    l->space = place->space;
    forget_edges(l, place->size);
    for (size_t i = table_count(l); i > 0; i--) {
        struct gs_html_row *row = table_at(l, i - 1);
        if (!row->cell_open || row->cell_blank || row->cell_start < place->size)
            return;
        row->cell_blank = true;
    }
}
