#include "common/segment/records.h"

#include "common/segment/segment_internal.h"

#include <stdlib.h>

#define ROWS_CAP (GS_RECORD_BLOCK_MAX + 64)

/* The string fields in the order of their bits in a row's field mask (FORMAT.md, section Records).
 */
static const size_t fields[] = {
    offsetof(struct gs_record, id),     offsetof(struct gs_record, title),
    offsetof(struct gs_record, name),   offsetof(struct gs_record, company),
    offsetof(struct gs_record, date),   offsetof(struct gs_record, period),
    offsetof(struct gs_record, type),   offsetof(struct gs_record, exchange),
    offsetof(struct gs_record, board),  offsetof(struct gs_record, url),
    offsetof(struct gs_record, path),   offsetof(struct gs_record, codes),
    offsetof(struct gs_record, extra),  offsetof(struct gs_record, number),
    offsetof(struct gs_record, source),
};

size_t gs_record_field_offset(size_t field)
{
    return fields[field];
}

static const struct gs_str *field_of(const struct gs_record *r, size_t i)
{
    return (const struct gs_str *)(const void *)((const char *)r + fields[i]);
}

static uint64_t zigzag(int64_t v)
{
    return (uint64_t)v << 1 ^ (uint64_t)(v >> 63);
}

/* ---- a row as bytes ---- */

/* Six bits a byte: a row of UTF-8 strings is UTF-8 as a whole, and its block goes through the text
 * code. */
static void put(struct gs_buf *row, uint64_t v)
{
    uint8_t bytes[GS_NARROW_MAX];
    size_t n = 0;
    for (; v >= 64; v >>= 6)
        bytes[n++] = (uint8_t)(64 | (v & 63));
    bytes[n++] = (uint8_t)v;
    gs_buf_append(row, bytes, n);
}

static void put_strings(struct gs_buf *row, const struct gs_record *r)
{
    uint64_t mask = 0;
    for (size_t i = 0; i < GS_RECORD_FIELDS; i++)
        mask |= (uint64_t)(field_of(r, i)->size > 0) << i;
    put(row, mask);
    for (size_t i = 0; i < GS_RECORD_FIELDS; i++)
        if (mask >> i & 1)
            put(row, field_of(r, i)->size);
    for (size_t i = 0; i < GS_RECORD_FIELDS; i++)
        gs_buf_append(row, field_of(r, i)->bytes, field_of(r, i)->size);
}

static bool put_marks(struct gs_buf *row, const struct gs_record *r)
{
    uint32_t last = 0;
    put(row, r->mark_count);
    for (size_t i = 0; i < r->mark_count; i++) {
        const struct gs_mark *m = &r->marks[i];
        if (m->start < last || m->start >= m->end || m->end > r->content_size ||
            (m->kind != GS_MARK_FURNITURE && m->kind != GS_MARK_JOIN))
            return false;
        put(row, m->start - last);
        put(row, (uint64_t)(m->end - m->start) << 1 | (m->kind == GS_MARK_JOIN));
        last = m->end;
    }
    return true;
}

static bool put_pages(struct gs_buf *row, const struct gs_record *r)
{
    uint32_t offset = 0, position = 0, sheet = 0;
    uint64_t label = 0; /* where a label would begin that follows the last one */
    put(row, r->page_count);
    if (r->page_count == 0)
        return true; /* labels without pages are not kept */
    put(row, r->labels_size);
    gs_buf_append(row, r->labels, r->labels_size);
    for (size_t i = 0; i < r->page_count; i++) {
        const struct gs_page *p = &r->pages[i];
        uint32_t at = r->page_positions ? r->page_positions[i] : 0;
        if (p->offset < offset || p->offset > r->content_size || at < position ||
            (uint64_t)p->label_offset + p->label_size > r->labels_size)
            return false;
        put(row, p->offset - offset);
        put(row, at - position);
        put(row, zigzag((int64_t)p->sheet - (int64_t)sheet - 1));
        put(row, p->label_size);
        if (p->label_size > 0) {
            put(row, zigzag((int64_t)p->label_offset - (int64_t)label));
            label = (uint64_t)p->label_offset + p->label_size;
        }
        offset = p->offset;
        position = at;
        sheet = p->sheet;
    }
    return true;
}

static bool put_headings(struct gs_buf *row, const struct gs_record *r)
{
    uint32_t last = 0;
    put(row, r->heading_count);
    for (size_t i = 0; i < r->heading_count; i++) {
        const struct gs_heading *h = &r->headings[i];
        if (h->start < last || h->start > h->end || h->end > r->content_size)
            return false;
        put(row, h->start - last);
        put(row, h->end - h->start);
        put(row, h->level);
        last = h->start;
    }
    return true;
}

void gs_record_encode(struct gs_buf *row, const struct gs_record *record,
                      enum gaosou_status *status)
{
    put(row, record->content_size);
    put(row, record->title_size);
    put_strings(row, record);
    bool sound = record->title_size <= record->content_size && put_marks(row, record) &&
                 put_pages(row, record) && put_headings(row, record);
    *status = sound ? gs_buf_status(row) : GAOSOU_E_USE;
}

/* ---- writing ---- */

enum gaosou_status gs_record_writer_init(struct gs_record_writer *w)
{
    *w = (struct gs_record_writer){0};
    gs_buf_init(&w->open, ROWS_CAP);
    gs_buf_init(&w->packed, ROWS_CAP);
    gs_buf_init(&w->row, ROWS_CAP);
    gs_column_builder_init(&w->firsts);
    gs_column_builder_init(&w->offsets);
    w->status = gs_packer_create(&w->packer, 0);
    return w->status;
}

void gs_record_writer_release(struct gs_record_writer *w)
{
    if (!w)
        return;
    gs_packer_free(w->packer);
    w->packer = NULL;
    gs_buf_release(&w->open);
    gs_buf_release(&w->packed);
    gs_buf_release(&w->row);
    gs_column_builder_release(&w->firsts);
    gs_column_builder_release(&w->offsets);
}

static void close_block(struct gs_record_writer *w, struct gs_container_writer *out)
{
    if (w->status != GAOSOU_OK || w->open.size == 0)
        return;
    gs_buf_clear(&w->packed);
    gs_buf_append_varint(&w->packed, w->open.size);
    w->status = gs_packer_pack(w->packer, w->open.data, w->open.size, &w->packed);
    if (w->status != GAOSOU_OK)
        return;
    gs_column_builder_add(&w->firsts, w->open_first);
    gs_column_builder_add(&w->offsets, w->offset);
    gs_container_append(out, GS_SECTION_RECORDS, w->packed.data, w->packed.size);
    w->offset += w->packed.size;
    gs_buf_clear(&w->open);
    w->open_first = w->doc_count;
}

void gs_record_writer_add(struct gs_record_writer *w, struct gs_container_writer *out,
                          const struct gs_record *record)
{
    if (w->status != GAOSOU_OK)
        return;
    gs_buf_clear(&w->row);
    gs_record_encode(&w->row, record, &w->status);
    if (w->status != GAOSOU_OK)
        return;
    /* A large row gets a block of its own, so that its neighbours stay cheap. */
    if (w->open.size + w->row.size > 2 * GS_RECORD_BLOCK)
        close_block(w, out);
    put(&w->open, w->row.size);
    gs_buf_append(&w->open, w->row.data, w->row.size);
    if (w->status == GAOSOU_OK)
        w->status = gs_buf_status(&w->open);
    w->doc_count++;
    if (w->open.size >= GS_RECORD_BLOCK)
        close_block(w, out);
}

enum gaosou_status gs_record_writer_finish(struct gs_record_writer *w,
                                           struct gs_container_writer *out)
{
    close_block(w, out);
    if (w->status != GAOSOU_OK)
        return w->status;
    gs_column_builder_add(&w->offsets, w->offset);
    w->status = gs_column_builder_finish(&w->firsts);
    if (w->status == GAOSOU_OK)
        w->status = gs_column_builder_finish(&w->offsets);
    if (w->status == GAOSOU_OK) {
        const struct gs_column_part parts[GS_RECORD_INDEX_COLUMNS] = {
            [GS_RECORD_INDEX_FIRST] = {.packed = &w->firsts},
            [GS_RECORD_INDEX_OFFSET] = {.packed = &w->offsets},
        };
        gs_column_set_write(out, GS_SECTION_RECORD_INDEX, parts, GS_RECORD_INDEX_COLUMNS);
    }
    return w->status;
}

size_t gs_record_writer_memory(const struct gs_record_writer *w)
{
    return w->open.capacity + w->packed.capacity + w->row.capacity +
           gs_column_builder_memory(&w->firsts) + gs_column_builder_memory(&w->offsets);
}
