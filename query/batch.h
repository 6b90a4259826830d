/*
 * batch.h: one query a line in, one answer a line out, in order (docs/QUERY.md, Batches).
 *
 * Each thread takes a line, answers it, and whoever has the answer that is due writes it, with
 * those behind it that are done. What is written is flushed when nobody has a line to work on, so
 * that a partner on a pipe that sends one query and waits gets its answer, on the newest commit. A
 * bad line gets an error object.
 */
#ifndef GS_QUERY_BATCH_H
#define GS_QUERY_BATCH_H

#include "common/gaosou.h"
#include "query/request.h"

#define GS_BATCH_THREADS_MAX 64u

struct gs_batch_params {
    struct gaosou_searcher *searcher;  /* refreshed when a line had to be waited for */
    const struct gs_request *defaults; /* of each line; all borrowed */
    unsigned threads;                  /* 1 to GS_BATCH_THREADS_MAX, the caller's among them */
    int input, output;                 /* file descriptors */
};

struct gs_batch_counts {
    uint64_t lines, found, errors; /* answered; with a filing; that are error objects */
};

/* Ends with the input, or when nobody reads the output any more. GAOSOU_E_IO, GAOSOU_E_FULL for
 * either; GAOSOU_E_NOMEM. */
GS_MUST_USE enum gaosou_status gs_batch_run(const struct gs_batch_params *params,
                                            struct gs_batch_counts *counts, struct gs_err *err);

#endif
