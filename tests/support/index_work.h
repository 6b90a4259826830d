/*
 * index_work.h: a long add or update as the indexer's commands do it, but of filings in memory: a
 * note of the work, commits on the way, reconciliation. For tests that break it off.
 */
#ifndef GS_TESTS_INDEX_WORK_H
#define GS_TESTS_INDEX_WORK_H

#include "indexer/reconcile.h"

struct index_work {
    enum gs_reconcile_mode mode;
    size_t count;      /* filings w0, w1, ...; text and time of each are those of its number */
    uint64_t later;    /* added to every time */
    size_t checkpoint; /* a commit after so many; 0: one at the end */
    /* Out: */
    size_t not_read, added;
    bool continued;
};

/* GAOSOU_OK, or the first failure; everything is closed in both cases. */
GS_MUST_USE enum gaosou_status index_work_run(const char *folder, struct index_work *work,
                                              struct gs_err *err);

#endif
