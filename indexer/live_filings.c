#include "indexer/live_filings.h"

void gs_live_filings_begin(struct gs_live_filings *l, const struct gs_index_writer *w,
                           enum gs_column column)
{
    l->writer = w;
    l->column = column;
    l->segment = 0;
    l->next = 0;
}

void gs_live_filings_seek(struct gs_live_filings *l, uint64_t sequence)
{
    /* Segments follow each other by sequence numbers. */
    size_t next = l->segment + 1;
    for (; next < gs_index_writer_count(l->writer); next++) {
        const struct gs_segment *s = gs_index_writer_get(l->writer, next)->segment;
        if (gs_segment_get_stats(s)->first_sequence > sequence)
            break;
    }
    l->segment = next - 1;
}

static enum gaosou_status read_block(struct gs_live_filings *l, const struct gs_segment *s,
                                     uint32_t docs, struct gs_err *err)
{
    uint32_t count = docs - l->next < GS_BLOCK ? docs - l->next : GS_BLOCK;
    enum gaosou_status status =
        gs_column_range(s, GS_COLUMN_SEQUENCE, l->next, count, l->sequences, err);
    if (status == GAOSOU_OK)
        status = gs_column_range(s, l->column, l->next, count, l->values, err);
    return status;
}

enum gaosou_status gs_live_filings_next(struct gs_live_filings *l, bool *more, struct gs_err *err)
{
    *more = false;
    while (l->segment < gs_index_writer_count(l->writer)) {
        const struct gs_snapshot_segment *view = gs_index_writer_get(l->writer, l->segment);
        uint32_t docs = gs_segment_get_stats(view->segment)->doc_count;
        for (; l->next < docs; l->next++) {
            if (l->next % GS_BLOCK == 0) {
                enum gaosou_status status = read_block(l, view->segment, docs, err);
                if (status != GAOSOU_OK)
                    return status;
            }
            if (gs_snapshot_is_deleted(view, l->next))
                continue;
            l->place = (struct gs_index_place){l->segment, l->next};
            l->sequence = l->sequences[l->next % GS_BLOCK];
            l->value = l->values[l->next++ % GS_BLOCK];
            *more = true;
            return GAOSOU_OK;
        }
        l->segment++;
        l->next = 0;
    }
    return GAOSOU_OK;
}

/* The first doc of the segment whose sequence number is `sequence` or more. */
static enum gaosou_status lower_bound(const struct gs_segment *s, uint64_t sequence, uint32_t *doc,
                                      uint64_t *value, struct gs_err *err)
{
    uint32_t from = 0, to = gs_segment_get_stats(s)->doc_count;
    *value = UINT64_MAX;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        uint64_t at;
        enum gaosou_status status = gs_column_get(s, GS_COLUMN_SEQUENCE, middle, &at, err);
        if (status != GAOSOU_OK)
            return status;
        if (at < sequence) {
            from = middle + 1;
        } else {
            to = middle;
            *value = at;
        }
    }
    *doc = from;
    return GAOSOU_OK;
}

enum gaosou_status gs_live_filings_find(const struct gs_index_writer *w, uint64_t sequence,
                                        struct gs_index_place *place, struct gs_err *err)
{
    *place = (struct gs_index_place){0, GS_DOC_END};
    for (size_t i = gs_index_writer_count(w); i-- > 0;) {
        const struct gs_segment *s = gs_index_writer_get(w, i)->segment;
        uint32_t doc = 0;
        uint64_t value;
        if (gs_segment_get_stats(s)->first_sequence > sequence)
            continue;
        enum gaosou_status status = lower_bound(s, sequence, &doc, &value, err);
        if (status == GAOSOU_OK && value == sequence)
            *place = (struct gs_index_place){i, doc};
        return status;
    }
    return GAOSOU_OK;
}

enum gaosou_status gs_live_filings_count(const struct gs_index_writer *w, uint64_t sequence,
                                         uint64_t *count, struct gs_err *err)
{
    struct gs_live_filings live;
    uint64_t n = 0;
    gs_live_filings_begin(&live, w, GS_COLUMN_SEQUENCE);
    gs_live_filings_seek(&live, sequence);
    for (bool more;;) {
        enum gaosou_status status = gs_live_filings_next(&live, &more, err);
        if (status != GAOSOU_OK)
            return status;
        if (!more)
            break;
        n += live.sequence >= sequence;
    }
    *count = n;
    return GAOSOU_OK;
}
