/*
 * work.h: a batch of filings on its way: contents and fields in, analysed filings and token slices
 * out.
 *
 * The main thread fills it, any worker inverts it (invert.h), the main thread appends it to the run
 * and the segment. Arrays of the analysis are copied here because a gs_layout is reused for the
 * next filing.
 */
#ifndef GS_INDEXER_WORK_H
#define GS_INDEXER_WORK_H

#include "common/segment/segment_writer.h"
#include "indexer/crew.h"
#include "indexer/filing.h"
#include "indexer/filterable.h"
#include "indexer/run.h"

#define GS_WORK_DOCS_MAX 16384u

/* A part of one of the batch's arrays. */
struct gs_extent {
    size_t first, count;
};

struct gs_work_doc {
    size_t content; /* offset in gs_work.content */
    uint32_t content_size, title_size;
    uint32_t title_from, title_to; /* bytes of the content; equal: it is the first title_size */
    struct {
        size_t offset, size; /* in gs_work.fields */
    } field[GS_FIELD_COUNT];
    uint64_t source_size, source_time;
    enum gs_text_state text_state;
    /* What the worker found. */
    uint64_t content_hash;
    uint32_t positions, length, title_start, title_positions;
    struct gs_extent marks, pages, labels, headings;
};

struct gs_work {
    struct gs_job job; /* first: a job is a work */
    void *owner;       /* of the job's functions */
    struct gs_buf content, fields;
    struct gs_work_doc *docs;
    size_t doc_count, doc_capacity;
    size_t content_max; /* full from here on */
    /* What the worker found; arrays of the types of gs_record. */
    struct gs_buf marks, pages, page_positions, labels, headings;
    struct gs_buf values;     /* of filterable fields */
    struct gs_buf filterable; /* struct gs_str each into them: one a field, filing by filing */
    struct gs_slice *slices;
    size_t slice_count, slice_capacity;
    struct gs_text_pack *pack; /* NULL without text */
    struct gs_err failure;     /* status GAOSOU_OK: none */
};

/* content_max: bytes from which a batch is full; filing_max: of the largest single filing. */
GS_MUST_USE enum gaosou_status gs_work_init(struct gs_work *w, size_t content_max,
                                            size_t filing_max, bool with_text, int text_level,
                                            struct gs_err *err);
void gs_work_release(struct gs_work *w);
void gs_work_clear(struct gs_work *w);

GS_MUST_USE enum gaosou_status gs_work_add(struct gs_work *w, const struct gs_filing *filing,
                                           struct gs_err *err);
static inline bool gs_work_is_full(const struct gs_work *w)
{
    return w->content.size >= w->content_max || w->doc_count >= GS_WORK_DOCS_MAX;
}

/* A worker's part: the values of the filterable fields. What goes wrong is w->failure. */
void gs_work_find_values(struct gs_work *w, const struct gs_filterable *filterable);

/* The filing as the segment writer takes it; points into w. Sequence and commit are the caller's.
 */
void gs_work_doc_view(const struct gs_work *w, const struct gs_work_doc *d, struct gs_doc *out);

#endif
