#include "indexer/docx_flow.h"

#include <string.h>

/* Stands for a line break in a cell until it is known whether the cell keeps its lines; XML has no
 * such character. */
#define SOFT_END '\v'

void gs_docx_flow_init(struct gs_docx_flow *f, struct gs_buf *text, bool paged)
{
    *f = (struct gs_docx_flow){.text = text, .paged = paged};
    for (unsigned i = 0; i < GS_DOCX_BOX_DEPTH; i++)
        gs_buf_init(&f->aside[i], text->cap);
}

void gs_docx_flow_release(struct gs_docx_flow *f)
{
    for (unsigned i = 0; i < GS_DOCX_BOX_DEPTH; i++)
        gs_buf_release(&f->aside[i]);
}

/* The row that text goes to, or NULL outside of tables. */
static struct gs_docx_row *row(struct gs_docx_flow *f)
{
    return f->tables > f->base ? &f->rows[f->tables - 1] : NULL;
}

static bool ends_with(const struct gs_buf *b, uint8_t c)
{
    return b->size > 0 && b->data[b->size - 1] == c;
}

static bool at_line_start(const struct gs_buf *b)
{
    return b->size == 0 || ends_with(b, '\n') || ends_with(b, '\f');
}

/* ---- text -------------------------------------------------------------------------------------
 */

/* The first text of the present cell: what is due before it, in the rows around it first. */
static void begin_cell_text(struct gs_docx_flow *f)
{
    bool begun = false; /* a cell, by this very text */
    for (unsigned i = f->base; i < f->tables; i++) {
        struct gs_docx_row *r = &f->rows[i];
        if (r->cell_has_text)
            continue;
        if (!r->has_text && !begun && !at_line_start(f->text))
            gs_buf_append_u8(f->text, '\n'); /* a table in the middle of a line */
        begun = true;
        if (!r->has_text)
            r->start = f->text->size;
        if (r->new_line && !at_line_start(f->text))
            gs_buf_append_u8(f->text, '\n');
        for (; r->tabs > 0 && !r->new_line; r->tabs--)
            gs_buf_append_u8(f->text, '\t');
        r->tabs = 0;
        r->new_line = false;
        r->cell_start = f->text->size;
        r->has_text = r->cell_has_text = true;
    }
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void gs_docx_flow_text(struct gs_docx_flow *f, const char *bytes, size_t size)
{
    struct gs_docx_row *r = row(f);
    for (unsigned i = f->base; i < f->tables; i++)
        if (f->rows[i].deleted)
            return;
    while (r && !r->cell_has_text && size > 0 && is_space(*bytes))
        bytes++, size--;
    if (size == 0)
        return;
    if (r && !r->cell_has_text)
        begin_cell_text(f);
    uint8_t *to = gs_buf_reserve(f->text, size);
    bool solid = false;
    if (!to)
        return;
    for (size_t i = 0; i < size; i++) {
        solid |= !is_space(bytes[i]);
        to[i] = is_space(bytes[i]) ? ' ' : (uint8_t)bytes[i];
    }
    f->text->size += size;
    if (solid && f->box_count == 0)
        f->text_on_page = true;
}

void gs_docx_flow_tab(struct gs_docx_flow *f)
{
    if (row(f))
        gs_docx_flow_text(f, " ", 1);
    else
        gs_buf_append_u8(f->text, '\t');
}

void gs_docx_flow_line_break(struct gs_docx_flow *f)
{
    const struct gs_docx_row *r = row(f);
    if (!r)
        gs_buf_append_u8(f->text, '\n');
    else if (r->cell_has_text && !at_line_start(f->text) && !ends_with(f->text, SOFT_END))
        gs_buf_append_u8(f->text, SOFT_END);
}

/* ---- pages ------------------------------------------------------------------------------------
 */

static void form_feeds(struct gs_docx_flow *f, size_t at, unsigned count)
{
    uint8_t *p = count > 0 ? gs_buf_reserve(f->text, count) : NULL;
    if (!p)
        return;
    memmove(f->text->data + at + count, f->text->data + at, f->text->size - at);
    memset(f->text->data + at, '\f', count);
    f->text->size += count;
}

void gs_docx_flow_page_break(struct gs_docx_flow *f, bool forced)
{
    struct gs_docx_row *outermost = &f->rows[0];
    if (!f->paged || f->box_count > 0 || (!forced && !f->text_on_page))
        return;
    f->text_on_page = false;
    if (f->tables == 0 || (outermost->has_text && row(f)->cell_has_text))
        gs_buf_append_u8(f->text, '\f');
    else if (outermost->has_text)
        row(f)->breaks++;
    else
        outermost->breaks_before++;
}

/* ---- paragraphs -------------------------------------------------------------------------------
 */

size_t gs_docx_flow_paragraph_start(const struct gs_docx_flow *f)
{
    return f->text->size;
}

static void end_line_in_cell(struct gs_docx_flow *f, const struct gs_docx_row *r)
{
    if (!r->cell_has_text || at_line_start(f->text))
        return;
    if (ends_with(f->text, SOFT_END))
        f->text->size--;
    gs_buf_append_u8(f->text, '\n');
}

static void end_line(struct gs_buf *t, size_t start)
{
    bool blank = t->size <= start;
    bool one_is_there = t->size == 0 || ends_with(t, '\f') ||
                        (t->size >= 2 && ends_with(t, '\n') && t->data[t->size - 2] == '\n');
    if (!blank || !one_is_there)
        gs_buf_append_u8(t, '\n');
}

/* Appends lines that stood aside. */
static void place(struct gs_docx_flow *f, struct gs_buf *lines)
{
    struct gs_docx_row *r = row(f);
    if (lines->size == 0)
        return;
    if (r && !r->cell_has_text)
        begin_cell_text(f);
    gs_buf_append(f->text, lines->data, lines->size);
    f->text_on_page |= f->box_count == 0;
    gs_buf_clear(lines);
}

void gs_docx_flow_paragraph_end(struct gs_docx_flow *f, size_t start, bool joined)
{
    const struct gs_docx_row *r = row(f);
    struct gs_buf *aside = f->box_count < GS_DOCX_BOX_DEPTH ? &f->aside[f->box_count] : NULL;
    if (!joined || (aside && aside->size > 0)) {
        if (r)
            end_line_in_cell(f, r);
        else
            end_line(f->text, start);
    }
    if (aside)
        place(f, aside);
}

/* ---- cells ------------------------------------------------------------------------------------
 */

/* U+3400 to U+9FFF and U+F900 to U+FAFF, of three bytes each; near enough for a space. */
static bool is_han(const uint8_t *p)
{
    return (p[0] >= 0xE4 && p[0] <= 0xE9) || (p[0] == 0xE3 && p[1] >= 0x90) ||
           (p[0] == 0xEF && (p[1] & 0xFC) == 0xA4);
}

/* Puts the text from `start` on one line; returns how many form feeds it lost. */
static unsigned on_one_line(struct gs_buf *t, size_t start)
{
    unsigned breaks = 0;
    size_t to = start;
    for (size_t i = start; i < t->size; i++) {
        uint8_t c = t->data[i];
        bool between_han = c == SOFT_END && to >= start + 3 && i + 3 < t->size &&
                           is_han(t->data + to - 3) && is_han(t->data + i + 1);
        breaks += c == '\f';
        if (c == '\n' || c == SOFT_END)
            c = ' ';
        if (c != '\f' && !between_han && !(c == ' ' && to > start && t->data[to - 1] == ' '))
            t->data[to++] = c;
    }
    t->size = to;
    return breaks;
}

/* The text from `start` keeps its lines; form feeds go where `drop` says. Returns how many there
 * were. */
static unsigned on_its_lines(struct gs_buf *t, size_t start, bool drop)
{
    unsigned breaks = 0;
    size_t to = start;
    for (size_t i = start; i < t->size; i++) {
        uint8_t c = t->data[i];
        breaks += c == '\f';
        if (c != '\f' || !drop)
            t->data[to++] = c == SOFT_END ? '\n' : c;
    }
    t->size = to;
    return breaks;
}

static unsigned larger(unsigned a, unsigned b)
{
    return a > b ? a : b;
}

static void trim_cell(struct gs_buf *t, const struct gs_docx_row *r)
{
    while (t->size > r->cell_start &&
           (ends_with(t, '\n') || ends_with(t, SOFT_END) || ends_with(t, ' ')))
        t->size--;
}

/* The present cell of a row is over; `alone`: it is the row's only one. */
static void cell_end(struct gs_docx_flow *f, struct gs_docx_row *r, bool alone)
{
    struct gs_buf *t = f->text;
    if (!r->cell_has_text)
        return;
    trim_cell(t, r);
    if (!alone && !r->table_inside && t->size - r->cell_start <= GS_DOCX_CELL_MAX) {
        r->breaks = larger(r->breaks, on_one_line(t, r->cell_start));
        trim_cell(t, r);
    } else {
        bool drop = r->breaks_inside > 0;
        unsigned breaks = on_its_lines(t, r->cell_start, drop);
        if (drop)
            r->breaks = larger(r->breaks, breaks);
        else
            r->breaks_inside = breaks;
        r->new_line = true;
    }
    r->cell_has_text = r->table_inside = false;
}

/* ---- tables -----------------------------------------------------------------------------------
 */

bool gs_docx_flow_table_start(struct gs_docx_flow *f)
{
    if (f->tables == GS_DOCX_TABLE_DEPTH)
        return false;
    f->rows[f->tables++] = (struct gs_docx_row){0};
    return true;
}

void gs_docx_flow_table_end(struct gs_docx_flow *f)
{
    if (!row(f))
        return;
    gs_docx_flow_row_end(f);
    f->tables--;
}

void gs_docx_flow_row_start(struct gs_docx_flow *f)
{
    gs_docx_flow_row_end(f); /* one in another is none that Word writes */
}

void gs_docx_flow_row_deleted(struct gs_docx_flow *f)
{
    struct gs_docx_row *r = row(f);
    if (r)
        r->deleted = true;
}

void gs_docx_flow_row_end(struct gs_docx_flow *f)
{
    struct gs_docx_row *r = row(f);
    if (!r)
        return;
    cell_end(f, r, r->cells <= 1);
    if (r->has_text && !at_line_start(f->text))
        gs_buf_append_u8(f->text, '\n');
    if (r->has_text && f->tables - 1 > f->base)
        r[-1].table_inside = true;
    form_feeds(f, r->has_text ? r->start : f->text->size, r->breaks_before);
    if (r->breaks > r->breaks_inside) {
        form_feeds(f, f->text->size, r->breaks - r->breaks_inside);
        f->text_on_page = false;
    }
    *r = (struct gs_docx_row){0};
}

void gs_docx_flow_cell_start(struct gs_docx_flow *f)
{
    struct gs_docx_row *r = row(f);
    if (!r)
        return;
    cell_end(f, r, false);
    if (r->cells++ > 0)
        r->tabs++;
}

/* ---- text boxes -------------------------------------------------------------------------------
 */

bool gs_docx_flow_box_start(struct gs_docx_flow *f)
{
    if (f->box_count + 1 >= GS_DOCX_BOX_DEPTH)
        return false;
    f->boxes[f->box_count++] = (struct gs_docx_box){f->text, f->base};
    f->text = &f->aside[f->box_count - 1];
    f->base = f->tables;
    return true;
}

void gs_docx_flow_box_end(struct gs_docx_flow *f)
{
    if (f->box_count == 0)
        return;
    const struct gs_docx_box *box = &f->boxes[--f->box_count];
    while (f->tables > f->base)
        gs_docx_flow_table_end(f);
    f->text = box->outside;
    f->base = box->outside_base;
}
