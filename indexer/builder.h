/*
 * builder.h: filings in, segments out: batches through the crew into runs, runs through the flush
 * into segments of an index writer.
 *
 * Where a run ends depends on the filings and the memory budget alone, so that the same input gives
 * the same bytes for any number of threads: the decision before a batch looks at what the batches
 * before it really took, but for the last few, which may not be done yet and are estimated.
 *
 * The budget is kept by ending runs in time; more threads than it has room for are not started. One
 * thread owns a builder.
 */
#ifndef GS_INDEXER_BUILDER_H
#define GS_INDEXER_BUILDER_H

#include "indexer/filing.h"
#include "indexer/index_writer.h"

#define GS_MEMORY_DEFAULT ((uint64_t)1 << 30)
#define GS_MEMORY_MIN     ((uint64_t)64 << 20)

struct gs_builder_params {
    unsigned threads;
    uint64_t memory;    /* bytes the whole program may hold, GS_MEMORY_MIN or more */
    uint64_t run_bytes; /* accounted bytes after which a run ends; 0: what the memory allows */
    bool with_text;
    int text_level; /* 0: the format's default */
    /* Called on the main thread for each filing that replaced an older one; may be NULL. */
    void (*replaced)(void *ctx, struct gs_str id);
    void *ctx;
};

struct gs_builder_counts {
    uint64_t filings, replaced, content_bytes, runs;
    uint64_t with_value[GS_FILTERABLE_MAX]; /* filings with a value, by filterable field */
};

/* The largest filing (bytes of text) that this much memory can take. */
size_t gs_builder_filing_max(uint64_t memory);

struct gs_builder;

GS_MUST_USE enum gaosou_status gs_builder_create(struct gs_builder **out,
                                                 struct gs_index_writer *writer,
                                                 const struct gs_builder_params *params,
                                                 struct gs_err *err);
void gs_builder_free(struct gs_builder *b);

/* The filing is copied. */
GS_MUST_USE enum gaosou_status gs_builder_add(struct gs_builder *b, const struct gs_filing *filing,
                                              struct gs_err *err);
/* Ends the run, so that all that was added is in segments of the writer, which may commit; more may
 * be added. Where a run ends here depends on when this is called: the bytes of an index are those
 * of the input and the memory alone only where it never is. */
GS_MUST_USE enum gaosou_status gs_builder_checkpoint(struct gs_builder *b, struct gs_err *err);
/* All that was added is in segments of the writer after this; commit is the caller's. */
GS_MUST_USE enum gaosou_status gs_builder_finish(struct gs_builder *b, struct gs_err *err);

struct gs_builder_counts gs_builder_get_counts(const struct gs_builder *b);

#endif
