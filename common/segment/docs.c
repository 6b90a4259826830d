#include "common/segment/docs.h"

#include "common/segment/segment_internal.h"

/* Where a column stands in the section: the lengths come first, so that they are found without the
 * table. FORMAT.md, section Columns. */
static uint32_t column_index(enum gs_column column)
{
    switch (column) {
    case GS_COLUMN_LENGTH:
        return 0;
    case GS_COLUMN_SEQUENCE:
        return 1;
    default:
        return (uint32_t)column;
    }
}

/* ---- writing ---- */

enum gaosou_status gs_docs_writer_init(struct gs_docs_writer *w, struct gs_container_writer *out,
                                       const struct gs_segment_params *params)
{
    *w = (struct gs_docs_writer){.out = out, .with_text = params->with_text};
    for (size_t i = 0; i < GS_COLUMN_COUNT; i++)
        gs_column_builder_init(&w->columns[i]);
    gs_buf_init(&w->lengths, (size_t)GS_DOC_MAX * sizeof(uint32_t));
    gs_id_writer_init(&w->ids);
    gs_text_writer_init(&w->text);
    w->status = gs_record_writer_init(&w->records);
    if (w->status == GAOSOU_OK)
        w->status =
            gs_keyword_writer_init(&w->keywords, params->filterable, params->filterable_count);
    if (w->status == GAOSOU_OK && w->with_text)
        gs_container_stream(out, GS_SECTION_TEXT);
    return w->status;
}

void gs_docs_writer_release(struct gs_docs_writer *w)
{
    if (!w)
        return;
    for (size_t i = 0; i < GS_COLUMN_COUNT; i++)
        gs_column_builder_release(&w->columns[i]);
    gs_buf_release(&w->lengths);
    gs_id_writer_release(&w->ids);
    gs_keyword_writer_release(&w->keywords);
    gs_text_writer_release(&w->text);
    gs_record_writer_release(&w->records);
}

static void add_columns(struct gs_docs_writer *w, const struct gs_doc *doc)
{
    const uint64_t values[GS_COLUMN_COUNT] = {
        [GS_COLUMN_SEQUENCE] = doc->sequence,
        [GS_COLUMN_TITLE_POSITIONS] = doc->title_positions,
        [GS_COLUMN_DATE] = doc->date,
        [GS_COLUMN_PERIOD] = doc->period,
        [GS_COLUMN_CONTENT_HASH] = doc->content_hash,
        [GS_COLUMN_SIZE] = doc->source_size,
        [GS_COLUMN_COMMIT] = doc->commit,
        [GS_COLUMN_TITLE_START] = doc->title_start,
        [GS_COLUMN_SOURCE_TIME] = doc->source_time,
        [GS_COLUMN_TEXT_STATE] = doc->text_state,
    };
    for (size_t i = 0; i < GS_COLUMN_COUNT; i++)
        if (i != GS_COLUMN_LENGTH)
            gs_column_builder_add(&w->columns[i], values[i]);
    gs_buf_append_u32(&w->lengths, doc->length);
}

void gs_docs_writer_add(struct gs_docs_writer *w, const struct gs_doc *doc)
{
    if (w->status != GAOSOU_OK)
        return;
    if (w->doc_count == GS_DOC_MAX) {
        w->status = GAOSOU_E_LIMIT;
        return;
    }
    if (w->doc_count > 0 && doc->sequence <= w->last_sequence) {
        w->status = GAOSOU_E_USE;
        return;
    }
    if (w->doc_count == 0)
        w->first_sequence = doc->sequence;
    w->last_sequence = doc->sequence;
    w->doc_count++;
    w->total_length += doc->length;
    w->content_bytes += doc->record.content_size;
    add_columns(w, doc);
    gs_id_writer_add(&w->ids, doc->record.id.bytes, doc->record.id.size);
    gs_record_writer_add(&w->records, w->out, &doc->record);
    gs_keyword_writer_add(&w->keywords, doc);
    w->status = w->ids.status != GAOSOU_OK       ? w->ids.status
                : w->records.status != GAOSOU_OK ? w->records.status
                                                 : w->keywords.status;
}

void gs_docs_writer_append_text(struct gs_docs_writer *w, const struct gs_text_pack *pack)
{
    if (w->status == GAOSOU_OK && !w->with_text)
        w->status = GAOSOU_E_USE;
    if (w->status != GAOSOU_OK)
        return;
    gs_text_writer_append(&w->text, w->out, pack);
    w->status = w->text.status;
}

enum gaosou_status gs_docs_writer_copy_text(struct gs_docs_writer *w, const struct gs_segment *from,
                                            struct gs_err *err)
{
    if (w->status == GAOSOU_OK && !w->with_text)
        w->status = GAOSOU_E_USE;
    if (w->status != GAOSOU_OK)
        return gs_err_set(err, w->status, "text could not be copied: %s",
                          gaosou_status_text(w->status));
    enum gaosou_status status = gs_text_writer_copy(&w->text, w->out, from, err);
    if (status == GAOSOU_OK && w->text.raw != w->content_bytes)
        return gs_container_corrupt(&from->container, GS_SECTION_TEXT_DOCS, 0, err,
                                    "the filings' records say %llu bytes of text, not %llu",
                                    (unsigned long long)w->content_bytes,
                                    (unsigned long long)w->text.raw);
    return status;
}

static enum gaosou_status write_columns(struct gs_docs_writer *w)
{
    struct gs_column_part parts[GS_COLUMN_COUNT];
    enum gaosou_status status = gs_buf_status(&w->lengths);
    for (uint32_t i = 0; i < GS_COLUMN_COUNT && status == GAOSOU_OK; i++) {
        struct gs_column_part *part = &parts[column_index((enum gs_column)i)];
        *part = i == GS_COLUMN_LENGTH ? (struct gs_column_part){.plain = &w->lengths}
                                      : (struct gs_column_part){.packed = &w->columns[i]};
        if (part->packed)
            status = gs_column_builder_finish(&w->columns[i]);
    }
    if (status == GAOSOU_OK)
        gs_column_set_write(w->out, GS_SECTION_COLUMNS, parts, GS_COLUMN_COUNT);
    return status;
}

enum gaosou_status gs_docs_writer_finish(struct gs_docs_writer *w, struct gs_segment_stats *stats,
                                         struct gs_err *err)
{
    if (w->status == GAOSOU_OK && w->with_text &&
        (w->text.doc_count != w->doc_count || w->text.raw != w->content_bytes)) {
        w->status = GAOSOU_E_USE;
        return gs_err_set(err, w->status,
                          "text of %u filings and %llu bytes for %u filings of %llu bytes",
                          w->text.doc_count, (unsigned long long)w->text.raw, w->doc_count,
                          (unsigned long long)w->content_bytes);
    }
    if (w->status == GAOSOU_OK)
        w->status = write_columns(w);
    if (w->status == GAOSOU_OK)
        w->status = gs_record_writer_finish(&w->records, w->out);
    if (w->status == GAOSOU_OK)
        w->status = gs_id_writer_finish(&w->ids, w->out);
    if (w->status == GAOSOU_OK)
        w->status = gs_keyword_writer_finish(&w->keywords, w->out);
    if (w->status == GAOSOU_OK && w->with_text)
        w->status = gs_text_writer_finish(&w->text, w->out);
    if (w->status != GAOSOU_OK)
        return gs_err_set(err, w->status, "filings could not be written: %s",
                          gaosou_status_text(w->status));
    stats->doc_count = w->doc_count;
    stats->total_length = w->total_length;
    stats->first_sequence = w->first_sequence;
    stats->has_text = w->with_text;
    stats->text_bytes = w->with_text ? w->text.raw : 0;
    return GAOSOU_OK;
}

size_t gs_docs_writer_memory(const struct gs_docs_writer *w)
{
    size_t sum = w->lengths.capacity + gs_record_writer_memory(&w->records) +
                 gs_id_writer_memory(&w->ids) + gs_keyword_writer_memory(&w->keywords) +
                 gs_text_writer_memory(&w->text);
    for (size_t i = 0; i < GS_COLUMN_COUNT; i++)
        sum += gs_column_builder_memory(&w->columns[i]);
    return sum;
}

/* ---- reading ---- */

static enum gaosou_status open_column(const struct gs_container *c, enum gs_column column,
                                      struct gs_column_ref *ref, struct gs_err *err)
{
    enum gaosou_status status =
        gs_column_open(c, GS_SECTION_COLUMNS, GS_COLUMN_COUNT, column_index(column), ref, err);
    bool plain = ref->kind == GS_COLUMN_KIND_PLAIN;
    if (status == GAOSOU_OK &&
        (ref->count != c->stats.doc_count || plain != (column == GS_COLUMN_LENGTH)))
        return gs_container_corrupt(
            c, GS_SECTION_COLUMNS, 0, err, "column %u has %u values of kind %u for %u filings",
            column_index(column), ref->count, ref->kind, c->stats.doc_count);
    return status;
}

enum gaosou_status gs_docs_open(struct gs_segment *s, struct gs_err *err)
{
    struct gs_column_ref ref = {0};
    enum gaosou_status status = GAOSOU_OK;
    for (uint32_t i = 0; i < GS_COLUMN_COUNT && status == GAOSOU_OK; i++)
        status = open_column(&s->container, (enum gs_column)i, &ref, err);
    if (status == GAOSOU_OK)
        status = gs_records_open(s, err);
    if (status == GAOSOU_OK)
        status = gs_ids_open(s, err);
    if (status == GAOSOU_OK)
        status = gs_keywords_open(s, err);
    return status == GAOSOU_OK ? gs_text_open(s, err) : status;
}

static enum gaosou_status outside(const struct gs_container *c, uint64_t doc, struct gs_err *err)
{
    return gs_err_set(err, GAOSOU_E_USE, "%s: column of filing %llu of %u", c->path,
                      (unsigned long long)doc, c->stats.doc_count);
}

enum gaosou_status gs_column_get(const struct gs_segment *s, enum gs_column column, uint32_t doc,
                                 uint64_t *value, struct gs_err *err)
{
    if ((uint32_t)column >= GS_COLUMN_COUNT || doc >= s->container.stats.doc_count)
        return outside(&s->container, doc, err);
    struct gs_column_ref ref = {0};
    enum gaosou_status status = open_column(&s->container, column, &ref, err);
    return status == GAOSOU_OK ? gs_column_value(&s->container, &ref, doc, value, err) : status;
}

enum gaosou_status gs_column_range(const struct gs_segment *s, enum gs_column column,
                                   uint32_t first, uint32_t count, uint64_t *out,
                                   struct gs_err *err)
{
    if ((uint32_t)column >= GS_COLUMN_COUNT)
        return outside(&s->container, first, err);
    struct gs_column_ref ref = {0};
    enum gaosou_status status = open_column(&s->container, column, &ref, err);
    return status == GAOSOU_OK ? gs_column_values(&s->container, &ref, first, count, out, err)
                               : status;
}

enum gaosou_status gs_column_bounds(const struct gs_segment *s, enum gs_column column, uint32_t doc,
                                    uint64_t *least, uint64_t *most, struct gs_err *err)
{
    if ((uint32_t)column >= GS_COLUMN_COUNT)
        return outside(&s->container, doc, err);
    struct gs_column_ref ref = {0};
    enum gaosou_status status = open_column(&s->container, column, &ref, err);
    return status ? status : gs_column_block_bounds(&s->container, &ref, doc, least, most, err);
}

enum gaosou_status gs_column_next(const struct gs_segment *s, enum gs_column column, uint32_t from,
                                  uint32_t *doc, struct gs_err *err)
{
    if ((uint32_t)column >= GS_COLUMN_COUNT)
        return outside(&s->container, from, err);
    struct gs_column_ref ref = {0};
    uint64_t index = 0;
    enum gaosou_status status = open_column(&s->container, column, &ref, err);
    if (status == GAOSOU_OK)
        status = gs_column_next_nonzero(&s->container, &ref, from, &index, err);
    if (status == GAOSOU_OK)
        *doc = index < ref.count ? (uint32_t)index : GS_DOC_END;
    return status;
}

enum gaosou_status gs_column_lengths_view(const struct gs_segment *s, uint32_t first,
                                          uint32_t count, const uint8_t **bytes, struct gs_err *err)
{
    const struct gs_container *c = &s->container;
    if (first > c->stats.doc_count || count > c->stats.doc_count - first)
        return outside(c, (uint64_t)first + count, err);
    return gs_container_get(c, GS_SECTION_COLUMNS, GS_LENGTHS_OFFSET + (uint64_t)first * 4,
                            (uint64_t)count * 4, bytes, err);
}

enum gaosou_status gs_column_lengths(const struct gs_segment *s, uint32_t first, uint32_t count,
                                     uint32_t *out, struct gs_err *err)
{
    const uint8_t *bytes = NULL;
    enum gaosou_status status = gs_column_lengths_view(s, first, count, &bytes, err);
    if (status != GAOSOU_OK)
        return status;
    for (uint32_t i = 0; i < count; i++)
        out[i] = gs_load_u32(bytes + (size_t)i * 4);
    return GAOSOU_OK;
}

/* ---- checking ---- */

static void check_columns(struct gs_checker *c)
{
    const struct gs_segment *s = c->segment;
    const struct gs_segment_stats *stats = &s->container.stats;
    struct gs_err err = {0};
    enum gaosou_status status = GAOSOU_OK;
    uint64_t last = 0, total = 0;
    for (uint32_t doc = 0; doc < stats->doc_count && status == GAOSOU_OK; doc++) {
        uint64_t values[GS_COLUMN_COUNT] = {0};
        for (uint32_t i = 0; i < GS_COLUMN_COUNT && status == GAOSOU_OK; i++)
            status = gs_column_get(s, (enum gs_column)i, doc, &values[i], &err);
        uint64_t sequence = values[GS_COLUMN_SEQUENCE];
        if (status == GAOSOU_OK &&
            (doc == 0 ? sequence != stats->first_sequence : sequence <= last))
            gs_checker_report(c, "columns: the sequence number of filing %u is out of order", doc);
        if (status == GAOSOU_OK && values[GS_COLUMN_TEXT_STATE] >= GS_TEXT_STATE_COUNT)
            gs_checker_report(c, "columns: filing %u has a text of unknown state %llu", doc,
                              (unsigned long long)values[GS_COLUMN_TEXT_STATE]);
        last = sequence;
        total += values[GS_COLUMN_LENGTH];
    }
    if (status != GAOSOU_OK)
        gs_checker_report(c, "columns: %s", err.text);
    else if (total != stats->total_length)
        gs_checker_report(c, "columns: the lengths sum to %llu, the header says %llu",
                          (unsigned long long)total, (unsigned long long)stats->total_length);
}

void gs_docs_check(struct gs_checker *c)
{
    struct gs_record_reader *reader = NULL;
    uint64_t content_bytes = 0;
    check_columns(c);
    if (gs_record_reader_create(&reader) != GAOSOU_OK) {
        gs_checker_report(c, "records: no memory to check them");
        return;
    }
    gs_records_check(c, reader, &content_bytes);
    gs_ids_check(c, reader);
    gs_keywords_check(c, reader);
    gs_record_reader_free(reader);
    gs_text_check(c, content_bytes);
}
