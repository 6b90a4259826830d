#include "indexer/docx_flow.h"

#include <string.h>

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

/* ---- text -------------------------------------------------------------------------------------
 */

/* U+3400 to U+9FFF and U+F900 to U+FAFF, of three bytes each; near enough for a space. */
static bool is_han(const uint8_t *p)
{
    return (p[0] >= 0xE4 && p[0] <= 0xE9) || (p[0] == 0xE3 && p[1] >= 0x90) ||
           (p[0] == 0xEF && (p[1] & 0xFC) == 0xA4);
}

/* What stands for a line's end in a cell, before the text that follows it. */
static void join(struct gs_docx_flow *f, const char *bytes, size_t size)
{
    const struct gs_buf *t = f->text;
    bool between_han = f->join == GS_DOCX_JOIN_LINE && t->size >= 3 && size >= 3 &&
                       is_han(t->data + t->size - 3) && is_han((const uint8_t *)bytes);
    if (f->join != GS_DOCX_JOIN_NONE && !between_han && !ends_with(t, ' '))
        gs_buf_append_u8(f->text, ' ');
    f->join = GS_DOCX_JOIN_NONE;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void gs_docx_flow_text(struct gs_docx_flow *f, const char *bytes, size_t size)
{
    struct gs_docx_row *r = row(f);
    bool solid = false;
    if (size == 0)
        return;
    if (r && r->cell_has_text)
        join(f, bytes, size);
    f->join = GS_DOCX_JOIN_NONE;
    uint8_t *to = gs_buf_reserve(f->text, size);
    if (!to)
        return;
    for (size_t i = 0; i < size; i++) {
        solid |= !is_space(bytes[i]);
        to[i] = is_space(bytes[i]) ? ' ' : (uint8_t)bytes[i];
    }
    f->text->size += size;
    if (solid && f->box_count == 0)
        f->text_on_page = true;
    if (solid && r)
        r->cell_has_text = true;
    for (unsigned i = f->tables; solid && i > f->base && !f->rows[i - 1].has_text; i--)
        f->rows[i - 1].has_text = f->rows[i - 1].any_text = true;
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
    if (!row(f))
        gs_buf_append_u8(f->text, '\n');
    else if (f->join == GS_DOCX_JOIN_NONE)
        f->join = GS_DOCX_JOIN_LINE;
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
    f->breaks += count;
}

void gs_docx_flow_page_break(struct gs_docx_flow *f, bool forced)
{
    struct gs_docx_row *outermost = &f->rows[0];
    if (!f->paged || f->box_count > 0)
        return;
    if (f->tables > 0 && outermost->has_text) {
        outermost->cell_breaks++;
    } else if (forced || f->text_on_page) {
        f->text_on_page = false;
        if (f->tables > 0)
            outermost->breaks_before++;
        else
            form_feeds(f, f->text->size, 1);
    }
}

/* ---- paragraphs -------------------------------------------------------------------------------
 */

/* Appends lines that stood aside; in a cell they join its line. */
static void place(struct gs_docx_flow *f, struct gs_buf *lines)
{
    const char *p = (const char *)lines->data, *end = p + lines->size;
    if (lines->size == 0)
        return;
    if (!row(f)) {
        gs_buf_append(f->text, lines->data, lines->size);
        f->text_on_page |= f->box_count == 0;
    }
    while (row(f) && p < end) {
        const char *line_end = memchr(p, '\n', (size_t)(end - p));
        size_t size = (size_t)((line_end ? line_end : end) - p);
        f->join = GS_DOCX_JOIN_PARAGRAPH;
        gs_docx_flow_text(f, p, size);
        p += size + (line_end != NULL);
    }
    gs_buf_clear(lines);
}

size_t gs_docx_flow_paragraph_start(const struct gs_docx_flow *f)
{
    return f->text->size;
}

void gs_docx_flow_paragraph_end(struct gs_docx_flow *f, size_t start, bool joined)
{
    struct gs_buf *t = f->text;
    struct gs_docx_row *r = row(f);
    if (r) {
        f->join = GS_DOCX_JOIN_PARAGRAPH;
    } else if (!joined) {
        bool blank = t->size <= start;
        bool one_is_there = t->size == 0 || ends_with(t, '\f') ||
                            (t->size >= 2 && ends_with(t, '\n') && t->data[t->size - 2] == '\n');
        if (!blank || !one_is_there)
            gs_buf_append_u8(t, '\n');
    }
    if (f->box_count < GS_DOCX_BOX_DEPTH)
        place(f, &f->aside[f->box_count]);
}

/* ---- tables -----------------------------------------------------------------------------------
 */

bool gs_docx_flow_table_start(struct gs_docx_flow *f)
{
    struct gs_docx_row *outer = row(f);
    if (f->tables == GS_DOCX_TABLE_DEPTH)
        return false;
    if (outer && outer->cell_has_text)
        gs_buf_append_u8(f->text, '\n');
    f->join = GS_DOCX_JOIN_NONE;
    f->rows[f->tables++] = (struct gs_docx_row){.start = f->text->size};
    return true;
}

void gs_docx_flow_table_end(struct gs_docx_flow *f)
{
    if (!row(f))
        return;
    bool any_text = f->rows[--f->tables].any_text;
    struct gs_docx_row *outer = row(f);
    f->join = GS_DOCX_JOIN_NONE;
    if (!outer || !any_text)
        return;
    outer->fresh = true;
    outer->cell_has_text = false;
}

void gs_docx_flow_row_start(struct gs_docx_flow *f)
{
    struct gs_docx_row *r = row(f);
    if (r)
        *r = (struct gs_docx_row){
            .start = f->text->size, .any_text = r->any_text, .breaks_before = r->breaks_before};
}

void gs_docx_flow_row_deleted(struct gs_docx_flow *f)
{
    struct gs_docx_row *r = row(f);
    if (r)
        r->deleted = true;
}

static void cell_end(struct gs_docx_row *r)
{
    if (r->cell_breaks > r->breaks)
        r->breaks = r->cell_breaks;
    r->cell_breaks = 0;
}

void gs_docx_flow_row_end(struct gs_docx_flow *f)
{
    struct gs_docx_row *r = row(f);
    if (!r)
        return;
    cell_end(r);
    f->join = GS_DOCX_JOIN_NONE;
    if (r->deleted || !r->has_text)
        f->text->size = r->start;
    else if (!ends_with(f->text, '\n'))
        gs_buf_append_u8(f->text, '\n');
    form_feeds(f, r->start, r->breaks_before);
    form_feeds(f, f->text->size, r->breaks);
    if (r->breaks > 0)
        f->text_on_page = false;
    *r = (struct gs_docx_row){.start = f->text->size, .any_text = r->any_text};
}

void gs_docx_flow_cell_start(struct gs_docx_flow *f)
{
    struct gs_docx_row *r = row(f);
    f->join = GS_DOCX_JOIN_NONE;
    if (!r)
        return;
    cell_end(r);
    if (r->cells++ > 0 && !r->fresh)
        gs_buf_append_u8(f->text, '\t');
    r->fresh = r->cell_has_text = false;
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
    f->text = box->outside;
    f->base = box->outside_base;
}
