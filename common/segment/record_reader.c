/* The reading side of records.h; the row format is written by gs_record_encode(). */
#include "common/segment/records.h"

#include "common/segment/segment_internal.h"

#include <stdlib.h>

struct array { /* grows, never shrinks */
    void *data;
    size_t capacity; /* bytes */
};

struct gs_record_reader {
    struct gs_unpacker *unpacker;
    const struct gs_segment *segment; /* whose block is decoded; NULL: none */
    uint64_t header_checksum;         /* of that segment: an address may be used again */
    uint64_t block;
    uint64_t first, end; /* its filings */
    uint8_t *rows;
    size_t size, capacity;
    struct array marks, pages, positions, headings;
};

enum gaosou_status gs_record_reader_create(struct gs_record_reader **out)
{
    struct gs_record_reader *r = calloc(1, sizeof(*r));
    if (!r)
        return GAOSOU_E_NOMEM;
    enum gaosou_status status = gs_unpacker_create(&r->unpacker);
    if (status != GAOSOU_OK) {
        free(r);
        return status;
    }
    *out = r;
    return GAOSOU_OK;
}

void gs_record_reader_free(struct gs_record_reader *r)
{
    if (!r)
        return;
    gs_unpacker_free(r->unpacker);
    free(r->rows);
    free(r->marks.data);
    free(r->pages.data);
    free(r->positions.data);
    free(r->headings.data);
    free(r);
}

void gs_record_reader_forget(struct gs_record_reader *r)
{
    r->segment = NULL;
}

static bool array_reserve(struct array *a, size_t bytes)
{
    if (bytes <= a->capacity)
        return true;
    void *data = realloc(a->data, bytes);
    if (!data)
        return false;
    a->data = data;
    a->capacity = bytes;
    return true;
}

/* ---- blocks ---- */

/* Where block `b` stands: its filings [first, end) and its bytes [*from, *to) of RECORDS. */
static enum gaosou_status place_block(const struct gs_container *c,
                                      const struct gs_column_ref *firsts,
                                      const struct gs_column_ref *offsets, uint64_t b,
                                      uint64_t *first, uint64_t *end, uint64_t *from, uint64_t *to,
                                      struct gs_err *err)
{
    uint64_t f = 0, e = c->stats.doc_count, bytes[2] = {0};
    enum gaosou_status status = gs_column_value(c, firsts, b, &f, err);
    if (status == GAOSOU_OK && b + 1 < firsts->count)
        status = gs_column_value(c, firsts, b + 1, &e, err);
    if (status == GAOSOU_OK)
        status = gs_column_values(c, offsets, b, 2, bytes, err);
    if (status != GAOSOU_OK)
        return status;
    if (f >= e || e > c->stats.doc_count || bytes[0] >= bytes[1] ||
        bytes[1] > gs_section_size(c, GS_SECTION_RECORDS))
        return gs_container_corrupt(c, GS_SECTION_RECORD_INDEX, 0, err,
                                    "block %llu cannot hold filings %llu to %llu at %llu to %llu",
                                    (unsigned long long)b, (unsigned long long)f,
                                    (unsigned long long)e, (unsigned long long)bytes[0],
                                    (unsigned long long)bytes[1]);
    *first = f;
    *end = e;
    *from = bytes[0];
    *to = bytes[1];
    return GAOSOU_OK;
}

static enum gaosou_status decode_block(struct gs_record_reader *r, const struct gs_container *c,
                                       uint64_t from, uint64_t to, struct gs_err *err)
{
    const uint8_t *bytes = NULL;
    enum gaosou_status status =
        gs_container_get(c, GS_SECTION_RECORDS, from, to - from, &bytes, err);
    if (status != GAOSOU_OK)
        return status;
    uint64_t raw = 0;
    const uint8_t *packed = gs_varint_get(bytes, bytes + (to - from), &raw);
    if (!packed || raw > GS_RECORD_BLOCK_MAX)
        return gs_container_corrupt(c, GS_SECTION_RECORDS, from, err, "block of unsound size");
    if (raw + GS_UNPACK_SLACK > r->capacity) {
        uint8_t *rows = realloc(r->rows, raw + GS_UNPACK_SLACK);
        if (!rows)
            return gs_err_nomem(err, raw + GS_UNPACK_SLACK);
        r->rows = rows;
        r->capacity = raw + GS_UNPACK_SLACK;
    }
    size_t packed_size = (size_t)(bytes + (to - from) - packed);
    status = gs_unpacker_unpack(r->unpacker, packed, packed_size, r->rows, raw);
    if (status == GAOSOU_E_NOMEM)
        return gs_err_nomem(err, raw);
    if (status == GAOSOU_E_TOO_NEW)
        return gs_err_set(err, status,
                          "%s: records, block at %llu: packed in a way this program does not know",
                          c->path, (unsigned long long)from);
    if (status != GAOSOU_OK)
        return gs_container_corrupt(c, GS_SECTION_RECORDS, from, err, "block does not decode");
    r->size = raw;
    return GAOSOU_OK;
}

static enum gaosou_status open_index(const struct gs_container *c, struct gs_column_ref *firsts,
                                     struct gs_column_ref *offsets, struct gs_err *err)
{
    enum gaosou_status status = gs_column_open(c, GS_SECTION_RECORD_INDEX, GS_RECORD_INDEX_COLUMNS,
                                               GS_RECORD_INDEX_FIRST, firsts, err);
    if (status == GAOSOU_OK)
        status = gs_column_open(c, GS_SECTION_RECORD_INDEX, GS_RECORD_INDEX_COLUMNS,
                                GS_RECORD_INDEX_OFFSET, offsets, err);
    if (status != GAOSOU_OK)
        return status;
    if (offsets->count == 0 || offsets->count - 1 != firsts->count ||
        (firsts->count == 0) != (c->stats.doc_count == 0))
        return gs_container_corrupt(c, GS_SECTION_RECORD_INDEX, 0, err,
                                    "%u blocks and %u offsets for %u filings", firsts->count,
                                    offsets->count, c->stats.doc_count);
    return GAOSOU_OK;
}

enum gaosou_status gs_records_open(const struct gs_segment *s, struct gs_err *err)
{
    struct gs_column_ref firsts = {0}, offsets = {0};
    return open_index(&s->container, &firsts, &offsets, err);
}

static enum gaosou_status load_block_of(struct gs_record_reader *r, const struct gs_segment *s,
                                        uint32_t doc, struct gs_err *err)
{
    const struct gs_container *c = &s->container;
    if (r->segment == s && r->header_checksum == c->header_checksum && doc >= r->first &&
        doc < r->end)
        return GAOSOU_OK;
    r->segment = NULL;
    struct gs_column_ref firsts = {0}, offsets = {0};
    uint64_t after = 0, from = 0, to = 0;
    enum gaosou_status status = open_index(c, &firsts, &offsets, err);
    if (status == GAOSOU_OK)
        status = gs_column_upper_bound(c, &firsts, 0, firsts.count, doc, &after, err);
    if (status != GAOSOU_OK)
        return status;
    if (after == 0)
        return gs_container_corrupt(c, GS_SECTION_RECORD_INDEX, 0, err, "no block holds filing %u",
                                    doc);
    status = place_block(c, &firsts, &offsets, after - 1, &r->first, &r->end, &from, &to, err);
    if (status == GAOSOU_OK && doc >= r->end)
        status = gs_container_corrupt(c, GS_SECTION_RECORD_INDEX, 0, err,
                                      "no block holds filing %u", doc);
    if (status == GAOSOU_OK)
        status = decode_block(r, c, from, to, err);
    if (status != GAOSOU_OK)
        return status;
    r->block = from;
    r->segment = s;
    r->header_checksum = c->header_checksum;
    return GAOSOU_OK;
}

/* ---- rows ---- */

struct row { /* a cursor over a row's bytes; at is NULL after a bad value */
    const uint8_t *at, *end;
};

static uint64_t take(struct row *row)
{
    uint64_t v = 0;
    for (unsigned shift = 0; row->at; shift += 6) {
        if (row->at == row->end || *row->at >= 128 || shift >= 6 * GS_NARROW_MAX) {
            row->at = NULL;
            return 0;
        }
        uint8_t byte = *row->at++;
        v |= (uint64_t)(byte & 63) << shift;
        if (byte < 64)
            break;
    }
    return v;
}

static uint32_t take32(struct row *row)
{
    uint64_t v = take(row);
    if (v > UINT32_MAX)
        row->at = NULL;
    return (uint32_t)v;
}

static const uint8_t *take_bytes(struct row *row, uint64_t size)
{
    const uint8_t *p = row->at;
    if (!p || size > (uint64_t)(row->end - p)) {
        row->at = NULL;
        return NULL;
    }
    row->at += size;
    return p;
}

/* A count of things that take at least `least` bytes each. */
static size_t take_count(struct row *row, size_t least)
{
    uint64_t n = take(row);
    if (row->at && n > (uint64_t)(row->end - row->at) / least)
        row->at = NULL;
    return row->at ? (size_t)n : 0;
}

/* last + step, as long as that is at most `limit`. */
static uint32_t take_step(struct row *row, uint32_t last, uint32_t limit)
{
    uint64_t v = (uint64_t)last + take32(row);
    if (v > limit)
        row->at = NULL;
    return (uint32_t)v;
}

static int64_t take_signed(struct row *row)
{
    uint64_t v = take(row);
    if (v >> 34)
        row->at = NULL; /* differences of 32-bit values need no more */
    return (int64_t)(v >> 1 ^ (0 - (v & 1)));
}

static void read_strings(struct row *row, struct gs_record *out)
{
    uint64_t mask = take(row), sizes[GS_RECORD_FIELDS] = {0};
    if (mask >> GS_RECORD_FIELDS)
        row->at = NULL;
    for (size_t i = 0; i < GS_RECORD_FIELDS; i++)
        if (mask >> i & 1)
            sizes[i] = take(row);
    for (size_t i = 0; i < GS_RECORD_FIELDS; i++) {
        const uint8_t *bytes = take_bytes(row, sizes[i]);
        struct gs_str field = {(const char *)bytes, bytes ? (size_t)sizes[i] : 0};
        memcpy((char *)out + gs_record_field_offset(i), &field, sizeof(field));
    }
}

static bool read_marks(struct gs_record_reader *r, struct row *row, struct gs_record *out)
{
    size_t count = take_count(row, 2);
    if (!array_reserve(&r->marks, count * sizeof(struct gs_mark)))
        return false;
    struct gs_mark *marks = r->marks.data;
    uint32_t last = 0;
    for (size_t i = 0; i < count && row->at; i++) {
        uint32_t start = take_step(row, last, out->content_size);
        uint64_t v = take(row), end = start + (v >> 1);
        if (v >> 1 == 0 || v >> 33 || end > out->content_size) {
            row->at = NULL;
            break;
        }
        marks[i] = (struct gs_mark){start, (uint32_t)end, v & 1 ? GS_MARK_JOIN : GS_MARK_FURNITURE};
        last = (uint32_t)end;
    }
    out->marks = marks;
    out->mark_count = count;
    return true;
}

static void read_page(struct row *row, const struct gs_record *out, const struct gs_page *last,
                      uint64_t *label, struct gs_page *page)
{
    int64_t sheet = (int64_t)last->sheet + 1 + take_signed(row);
    uint32_t size = take32(row);
    int64_t at = 0;
    if (size > 0) {
        at = (int64_t)*label + take_signed(row);
        if (at < 0 || (uint64_t)at + size > out->labels_size)
            row->at = NULL;
        *label = (uint64_t)at + size;
    }
    if (sheet < 0 || sheet > UINT32_MAX)
        row->at = NULL;
    if (!row->at)
        return;
    page->sheet = (uint32_t)sheet;
    page->label_offset = (uint32_t)at;
    page->label_size = size;
}

static bool read_pages(struct gs_record_reader *r, struct row *row, struct gs_record *out)
{
    size_t count = take_count(row, 4);
    if (!array_reserve(&r->pages, count * sizeof(struct gs_page)) ||
        !array_reserve(&r->positions, count * sizeof(uint32_t)))
        return false;
    if (count == 0)
        return true;
    uint64_t labels_size = take(row), label = 0;
    out->labels = take_bytes(row, labels_size);
    out->labels_size = out->labels ? (size_t)labels_size : 0;
    struct gs_page *pages = r->pages.data, last = {0};
    uint32_t *positions = r->positions.data, position = 0;
    for (size_t i = 0; i < count && row->at; i++) {
        pages[i].offset = take_step(row, last.offset, out->content_size);
        positions[i] = position = take_step(row, position, UINT32_MAX);
        read_page(row, out, &last, &label, &pages[i]);
        last = pages[i];
    }
    out->pages = pages;
    out->page_positions = positions;
    out->page_count = count;
    return true;
}

static bool read_headings(struct gs_record_reader *r, struct row *row, struct gs_record *out)
{
    size_t count = take_count(row, 3);
    if (!array_reserve(&r->headings, count * sizeof(struct gs_heading)))
        return false;
    struct gs_heading *headings = r->headings.data;
    uint32_t last = 0;
    for (size_t i = 0; i < count && row->at; i++) {
        headings[i].start = last = take_step(row, last, out->content_size);
        headings[i].end = take_step(row, last, out->content_size);
        headings[i].level = take32(row);
    }
    out->headings = headings;
    out->heading_count = count;
    return true;
}

/* The row's bytes: row `index` of the decoded block. */
static struct row find_row(const struct gs_record_reader *r, uint64_t index)
{
    struct row rows = {r->rows, r->rows + r->size};
    for (uint64_t i = 0; i < index && rows.at; i++)
        (void)take_bytes(&rows, take(&rows));
    uint64_t size = take(&rows);
    const uint8_t *at = take_bytes(&rows, size);
    return (struct row){at, at ? at + size : NULL};
}

enum gaosou_status gs_record_read(struct gs_record_reader *r, const struct gs_segment *s,
                                  uint32_t doc, struct gs_record *out, struct gs_err *err)
{
    const struct gs_container *c = &s->container;
    if (doc >= c->stats.doc_count)
        return gs_err_set(err, GAOSOU_E_USE, "%s: record of filing %u of %u", c->path, doc,
                          c->stats.doc_count);
    enum gaosou_status status = load_block_of(r, s, doc, err);
    if (status != GAOSOU_OK)
        return status;
    struct gs_record record = {0};
    struct row row = find_row(r, doc - r->first);
    record.content_size = take32(&row);
    record.title_size = take_step(&row, 0, record.content_size);
    read_strings(&row, &record);
    if (!read_marks(r, &row, &record) || !read_pages(r, &row, &record) ||
        !read_headings(r, &row, &record))
        return gs_err_nomem(err, r->size);
    if (!row.at || row.at != row.end)
        return gs_container_corrupt(c, GS_SECTION_RECORDS, r->block, err,
                                    "the row of filing %u is unsound", doc);
    *out = record;
    return GAOSOU_OK;
}

/* ---- checking ---- */

void gs_records_check(struct gs_checker *c, struct gs_record_reader *r, uint64_t *content_bytes)
{
    const struct gs_container *container = &c->segment->container;
    struct gs_column_ref firsts = {0}, offsets = {0};
    struct gs_err err = {0};
    uint64_t next_doc = 0, next_byte = 0;
    enum gaosou_status status = open_index(container, &firsts, &offsets, &err);
    for (uint64_t b = 0; status == GAOSOU_OK && b < firsts.count; b++) {
        uint64_t first = 0, end = 0, from = 0, to = 0;
        status = place_block(container, &firsts, &offsets, b, &first, &end, &from, &to, &err);
        if (status == GAOSOU_OK && (first != next_doc || from != next_byte))
            gs_checker_report(c, "records: block %llu leaves a gap", (unsigned long long)b);
        next_doc = end;
        next_byte = to;
    }
    if (status != GAOSOU_OK)
        gs_checker_report(c, "records: %s", err.text);
    else if (next_byte != gs_section_size(container, GS_SECTION_RECORDS))
        gs_checker_report(c, "records: bytes behind the last block");
    *content_bytes = 0;
    for (uint32_t doc = 0; doc < container->stats.doc_count; doc++) {
        struct gs_record record;
        status = gs_record_read(r, c->segment, doc, &record, &err);
        if (status == GAOSOU_OK) {
            *content_bytes += record.content_size;
            continue;
        }
        gs_checker_report(c, "records: %s", err.text);
        doc = r->end > doc ? (uint32_t)r->end - 1 : doc; /* one line a damaged block */
    }
}
