/*
 * topk.h: the best filings so far, with the counts of their leaves.
 *
 * A heap with the worst on top; equal keys go to the lower sequence number, which is the lower
 * (segment, doc). Grows as it fills, up to `limit`. Where equal keys are to be told apart later
 * (keep_ties), filings that tie with the worst are kept beside the heap, without counts. One
 * thread.
 */
#ifndef GS_QUERY_TOPK_H
#define GS_QUERY_TOPK_H

#include "common/base/err.h"

#include <stdbool.h>

#define GS_TOPK_COUNTS_MAX ((size_t)1 << 29) /* counts kept in all: 2 GiB */

#define GS_TOPK_NO_COUNTS SIZE_MAX

struct gs_topk_entry {
    double key; /* greatest first; by default the score */
    uint32_t segment, doc;
    uint32_t closeness; /* between equal keys the least comes first; 0 until it is known */
    size_t slot;        /* of its counts, or GS_TOPK_NO_COUNTS */
};

/* Filings at or before this place are left out: an answer is continued behind it. */
struct gs_topk_after {
    bool set;
    double key;
    uint32_t segment, doc; /* the first filing with the key that is behind it */
};

/* Entries that tie with the worst, or with the place that the answer is continued behind. */
struct gs_topk_ties {
    struct gs_topk_entry *entries;
    size_t count, capacity;
};

struct gs_topk {
    struct gs_topk_entry *entries;
    size_t count, capacity, limit;
    uint32_t *counts; /* leaf_count values a slot */
    size_t leaf_count, slot_capacity;
    bool keep_ties;
    bool no_counts; /* none are kept of any filing */
    struct gs_topk_ties border, front;
    struct gs_topk_after after;
    enum gaosou_status status; /* sticky: GAOSOU_E_NOMEM, or GAOSOU_E_LIMIT for the counts */
};

void gs_topk_init(struct gs_topk *t);
void gs_topk_release(struct gs_topk *t);
/* Empties it for a new query; memory is kept. keep_ties, no_counts and after are reset; the caller
 * sets them before the first push. */
void gs_topk_begin(struct gs_topk *t, size_t limit, size_t leaf_count);

/* The key a filing has to have to enter: the worst kept once full (an equal one enters only
 * with a lower sequence number), else minus infinity. */
double gs_topk_threshold(const struct gs_topk *t);
bool gs_topk_accepts(const struct gs_topk *t, double key, uint32_t segment, uint32_t doc);
/* Adds a filing that is accepted; returns room for its leaf_count counts, or NULL on error and
 * where no counts are kept. */
uint32_t *gs_topk_push(struct gs_topk *t, double key, uint32_t segment, uint32_t doc);
/* By key, closeness and sequence number: a ranks behind b. */
bool gs_topk_is_worse(const struct gs_topk_entry *a, const struct gs_topk_entry *b);
/* Best first, those that tie among them: there may be more than `limit`. Nothing may be pushed
 * behind. */
void gs_topk_sort(struct gs_topk *t);
static inline uint32_t *gs_topk_counts(const struct gs_topk *t, const struct gs_topk_entry *e)
{
    return t->counts + e->slot * t->leaf_count;
}

#endif
