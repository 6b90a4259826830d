/*
 * run_ids.h: the ids of the filings of the segment that is being written: id to its newest filing.
 * Exact; one thread.
 */
#ifndef GS_INDEXER_RUN_IDS_H
#define GS_INDEXER_RUN_IDS_H

#include "common/base/buf.h"

struct gs_run_ids {
    uint32_t *slots; /* entry + 1, or 0 */
    size_t mask;     /* slots - 1, where there are any */
    struct gs_run_id_entry *entries;
    uint32_t count, capacity;
    struct gs_buf bytes;
};

void gs_run_ids_init(struct gs_run_ids *r);
void gs_run_ids_release(struct gs_run_ids *r);
void gs_run_ids_clear(struct gs_run_ids *r);

/* Notes that `doc` has this id; *older: the filing that had it before, or GS_DOC_END. */
GS_MUST_USE enum gaosou_status gs_run_ids_put(struct gs_run_ids *r, const char *id, size_t size,
                                              uint32_t doc, uint32_t *older, struct gs_err *err);
/* Bytes accounted for; by content, not by allocation. */
size_t gs_run_ids_memory(const struct gs_run_ids *r);

#endif
