/*
 * index_work.h: a long add or update as the indexer's commands do it, but of filings in memory: a
 * note of the work, commits on the way, reconciliation. For tests that break it off.
 */
#ifndef GS_TESTS_INDEX_WORK_H
#define GS_TESTS_INDEX_WORK_H

#include "indexer/reconcile.h"

struct index_input {
    const char *id, *text;
    uint64_t time;
    bool is_unreadable; /* it is there, and that is all */
};

struct index_work {
    enum gs_reconcile_mode mode;
    const struct index_input *inputs; /* NULL: w0, w1, ..., with text and time of their number */
    size_t count;
    const char *prune; /* the folder below which what is gone is dropped, or NULL */
    bool no_text;
    uint64_t later;    /* added to every time */
    size_t checkpoint; /* a commit after so many; 0: one at the end */
    size_t ahead;      /* inputs that are looked up before one is taken; at most 63 */
    size_t stop;       /* breaks off, as a kill does, before this input; 0: never */
    /* Out: */
    size_t not_read, added; /* looked up, and added */
    bool continued;
};

/* GAOSOU_OK, or the first failure; everything is closed in both cases. */
GS_MUST_USE enum gaosou_status index_work_run(const char *folder, struct index_work *work,
                                              struct gs_err *err);

#endif
