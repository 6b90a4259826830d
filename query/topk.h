/*
 * topk.h: the best filings so far, with the counts of their leaves.
 *
 * A heap with the worst on top; equal keys go to the lower sequence number, which is the lower
 * (segment, doc). Grows as it fills, up to `limit`. One thread.
 */
#ifndef GS_QUERY_TOPK_H
#define GS_QUERY_TOPK_H

#include "common/base/err.h"

#include <stdbool.h>

#define GS_TOPK_COUNTS_MAX ((size_t)1 << 29) /* counts kept in all: 2 GiB */

struct gs_topk_entry {
    double key; /* greatest first; by default the score */
    uint32_t segment, doc;
    size_t slot; /* of its counts */
};

struct gs_topk {
    struct gs_topk_entry *entries;
    size_t count, capacity, limit;
    uint32_t *counts; /* leaf_count values a slot */
    size_t leaf_count, slot_capacity;
    enum gaosou_status status; /* sticky: GAOSOU_E_NOMEM, or GAOSOU_E_LIMIT for the counts */
};

void gs_topk_init(struct gs_topk *t);
void gs_topk_release(struct gs_topk *t);
/* Empties it for a new query; memory is kept. */
void gs_topk_begin(struct gs_topk *t, size_t limit, size_t leaf_count);

/* The key a filing has to have to enter: the worst kept once full (an equal one enters only
 * with a lower sequence number), else minus infinity. */
double gs_topk_threshold(const struct gs_topk *t);
bool gs_topk_accepts(const struct gs_topk *t, double key, uint32_t segment, uint32_t doc);
/* Adds a filing that is accepted; returns room for its leaf_count counts, or NULL on error. */
uint32_t *gs_topk_push(struct gs_topk *t, double key, uint32_t segment, uint32_t doc);
/* Best first; nothing may be pushed behind. */
void gs_topk_sort(struct gs_topk *t);
static inline uint32_t *gs_topk_counts(const struct gs_topk *t, const struct gs_topk_entry *e)
{
    return t->counts + e->slot * t->leaf_count;
}

#endif
