#include "indexer/merge.h"

#include "indexer/merge_policy.h"
#include "indexer/merge_terms.h"
#include "indexer/merge_text.h"

#include <stdlib.h>

/* One merge of held segments [first, first + count). */
struct merge {
    struct gs_index_writer *writer;
    size_t first, count;
    struct gs_merge_input *inputs;
    uint32_t *lengths; /* of the filings that stay */
    uint32_t filings;
    struct gs_record_reader *records;
    struct gs_merge_text *text;                  /* NULL where the segments keep none */
    struct gs_str filterable[GS_FILTERABLE_MAX]; /* values of the filing at hand */
};

/* The filing's values of the writer's filterable fields; a field that its segment lacks has none.
 */
static enum gaosou_status read_filterable(struct merge *m, const struct gs_segment *s, uint32_t doc,
                                          struct gs_err *err)
{
    const struct gs_filterable *fields = gs_index_writer_filterable(m->writer);
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0; i < fields->count && status == GAOSOU_OK; i++) {
        uint32_t keyword, ordinal = 0;
        m->filterable[i] = (struct gs_str){"", 0};
        if (!gs_keyword_find(s, fields->names[i].bytes, fields->names[i].size, &keyword))
            continue;
        status = gs_keyword_ordinals(s, keyword, doc, 1, &ordinal, err);
        if (status == GAOSOU_OK && ordinal > 0)
            status = gs_keyword_value(s, keyword, ordinal, &m->filterable[i], err);
    }
    return status;
}

/* The filing as it is stored, without its text. */
static enum gaosou_status read_doc(struct merge *m, const struct gs_segment *s, uint32_t doc,
                                   struct gs_doc *out, struct gs_err *err)
{
    uint64_t v[GS_COLUMN_COUNT] = {0};
    *out = (struct gs_doc){0};
    enum gaosou_status status = gs_record_read(m->records, s, doc, &out->record, err);
    for (int i = 0; i < GS_COLUMN_COUNT && status == GAOSOU_OK; i++)
        status = gs_column_get(s, (enum gs_column)i, doc, &v[i], err);
    out->sequence = v[GS_COLUMN_SEQUENCE];
    out->commit = v[GS_COLUMN_COMMIT];
    out->content_hash = v[GS_COLUMN_CONTENT_HASH];
    out->source_size = v[GS_COLUMN_SIZE];
    out->source_time = v[GS_COLUMN_SOURCE_TIME];
    out->length = (uint32_t)v[GS_COLUMN_LENGTH];
    out->title_start = (uint32_t)v[GS_COLUMN_TITLE_START];
    out->title_positions = (uint32_t)v[GS_COLUMN_TITLE_POSITIONS];
    out->date = (uint32_t)v[GS_COLUMN_DATE];
    out->period = (uint32_t)v[GS_COLUMN_PERIOD];
    out->text_state = (enum gs_text_state)v[GS_COLUMN_TEXT_STATE];
    out->filterable = m->filterable;
    return status == GAOSOU_OK ? read_filterable(m, s, doc, err) : status;
}

static enum gaosou_status copy_filings(struct merge *m, struct gs_merge_input *in,
                                       struct gs_err *err)
{
    uint32_t docs = gs_segment_get_stats(in->view->segment)->doc_count;
    struct gs_segment_writer *to = gs_index_writer_segment(m->writer);
    const bool whole = in->view->deleted_count == 0;
    for (uint32_t doc = 0; doc < docs; doc++) {
        in->renumbered[doc] = GS_DOC_END;
        if (gs_snapshot_is_deleted(in->view, doc))
            continue;
        struct gs_doc filing;
        enum gaosou_status status = read_doc(m, in->view->segment, doc, &filing, err);
        if (status != GAOSOU_OK)
            return status;
        in->renumbered[doc] = m->filings;
        m->lengths[m->filings++] = filing.length;
        gs_index_writer_copy(m->writer, &filing);
        if (m->text && !whole)
            status = gs_merge_text_copy(m->text, in->view->segment, doc, &filing.record, to, err);
        if (status != GAOSOU_OK)
            return status;
    }
    return m->text && whole ? gs_merge_text_copy_all(m->text, in->view->segment, to, err)
                            : GAOSOU_OK;
}

static enum gaosou_status merge_alloc(struct merge *m, bool with_text, struct gs_err *err)
{
    uint64_t live = 0;
    m->inputs = calloc(m->count, sizeof(*m->inputs));
    for (size_t i = 0; m->inputs && i < m->count; i++) {
        const struct gs_snapshot_segment *view = gs_index_writer_get(m->writer, m->first + i);
        uint32_t docs = gs_segment_get_stats(view->segment)->doc_count;
        m->inputs[i].view = view;
        m->inputs[i].renumbered = malloc(((size_t)docs + 1) * sizeof(uint32_t));
        if (!m->inputs[i].renumbered)
            return gs_err_nomem(err, docs * sizeof(uint32_t));
        live += docs - view->deleted_count;
    }
    if (live > UINT32_MAX - 1)
        return gs_err_set(err, GAOSOU_E_LIMIT, "more than %u filings in one segment",
                          UINT32_MAX - 1);
    m->lengths = malloc(((size_t)live + 1) * sizeof(uint32_t));
    if (!m->inputs || !m->lengths || gs_record_reader_create(&m->records) != GAOSOU_OK)
        return gs_err_nomem(err, live * sizeof(uint32_t));
    return with_text ? gs_merge_text_create(&m->text, err) : GAOSOU_OK;
}

static void merge_release(struct merge *m)
{
    for (size_t i = 0; m->inputs && i < m->count; i++)
        free(m->inputs[i].renumbered);
    free(m->inputs);
    free(m->lengths);
    gs_record_reader_free(m->records);
    gs_merge_text_free(m->text);
}

static enum gaosou_status merge_run(struct merge *m, bool with_text, struct gs_err *err)
{
    enum gaosou_status status = merge_alloc(m, with_text, err);
    if (status == GAOSOU_OK)
        status = gs_index_writer_begin(m->writer, with_text, 0, err);
    for (size_t i = 0; i < m->count && status == GAOSOU_OK; i++)
        status = copy_filings(m, &m->inputs[i], err);
    if (status == GAOSOU_OK && m->text)
        status = gs_merge_text_finish(m->text, gs_index_writer_segment(m->writer), err);
    if (status == GAOSOU_OK)
        status =
            gs_merge_terms(m->inputs, m->count, &(struct gs_doc_lengths){m->lengths, m->filings},
                           gs_index_writer_segment(m->writer), err);
    if (status == GAOSOU_OK)
        status = gs_index_writer_end(m->writer, err);
    return status;
}

static bool keeps_text(const struct gs_index_writer *w, size_t i)
{
    return gs_segment_get_stats(gs_index_writer_get(w, i)->segment)->has_text;
}

/* Segments [first, first + count) into one; *left: how many they are afterwards. */
static enum gaosou_status merge_group(struct gs_index_writer *w, size_t first, size_t count,
                                      size_t *left, struct gs_merge_counts *counts,
                                      struct gs_err *err)
{
    uint64_t deleted = 0, docs = 0;
    for (size_t i = first; i < first + count; i++) {
        deleted += gs_index_writer_get(w, i)->deleted_count;
        docs += gs_segment_get_stats(gs_index_writer_get(w, i)->segment)->doc_count;
    }
    *left = count;
    if ((count == 1 && deleted == 0) || deleted == docs) {
        counts->filings += docs - deleted;
        return GAOSOU_OK;
    }
    struct merge m = {.writer = w, .first = first, .count = count};
    enum gaosou_status status = merge_run(&m, keeps_text(w, first), err);
    merge_release(&m);
    if (status != GAOSOU_OK)
        return status;
    gs_index_writer_replace(w, first, count);
    *left = 1;
    counts->filings += m.filings;
    counts->dropped += deleted;
    return GAOSOU_OK;
}

enum gaosou_status gs_merge_all(struct gs_index_writer *w, struct gs_merge_counts *counts,
                                struct gs_err *err)
{
    *counts = (struct gs_merge_counts){.segments_before = gs_index_writer_count(w)};
    for (size_t first = 0, left; first < gs_index_writer_count(w); first += left) {
        size_t count = 1;
        while (first + count < gs_index_writer_count(w) &&
               keeps_text(w, first + count) == keeps_text(w, first))
            count++;
        enum gaosou_status status = merge_group(w, first, count, &left, counts, err);
        if (status != GAOSOU_OK)
            return status;
        counts->segments_after += left;
    }
    return GAOSOU_OK;
}

/* ---- some ---- */

static struct gs_merge_span span_of(const struct gs_index_writer *w, size_t i)
{
    return (struct gs_merge_span){.first = i,
                                  .count = 1,
                                  .bytes = gs_index_writer_manifest_entry(w, i)->file_size,
                                  .filings = gs_index_writer_manifest_entry(w, i)->doc_count,
                                  .deleted = gs_index_writer_get(w, i)->deleted_count,
                                  .with_text = keeps_text(w, i)};
}

/* Whether the plan wants the span written anew. */
static bool is_planned(const struct gs_index_writer *w, const struct gs_merge_span *s)
{
    return s->count > 1 || s->deleted != gs_index_writer_get(w, s->first)->deleted_count;
}

enum gaosou_status gs_merge_some(struct gs_index_writer *w, struct gs_merge_counts *counts,
                                 struct gs_err *err)
{
    size_t count = gs_index_writer_count(w);
    *counts = (struct gs_merge_counts){.segments_before = count, .segments_after = count};
    struct gs_merge_span *spans = calloc(count + 1, sizeof(*spans));
    if (!spans)
        return gs_err_nomem(err, count * sizeof(*spans));
    for (size_t i = 0; i < count; i++)
        spans[i] = span_of(w, i);
    size_t planned = gs_merge_plan(spans, count);
    enum gaosou_status status = GAOSOU_OK;
    /* From the back, so that the numbers of those before stay. */
    for (size_t i = planned; i-- > 0 && status == GAOSOU_OK;) {
        size_t left;
        if (!is_planned(w, &spans[i]))
            continue;
        status = merge_group(w, spans[i].first, spans[i].count, &left, counts, err);
        counts->segments_after -= spans[i].count - left;
    }
    free(spans);
    return status;
}
