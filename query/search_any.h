/*
 * search_any.h: what the two halves of the search of one OR of leaves share: search_any.c, which
 * windows of filings are looked at and what becomes of them, and any_sums.c, the sums in a window.
 * The algorithm is told in search_any.c. Everything is one run's over one segment.
 */
#ifndef GS_QUERY_SEARCH_ANY_H
#define GS_QUERY_SEARCH_ANY_H

#include "query/search_internal.h"

#define GS_ANY_WINDOW 16384u /* filings at most */
#define GS_ANY_WORDS  (GS_ANY_WINDOW / 64)
#define GS_ANY_PARTS  (GS_ANY_WINDOW / GS_RANGE_LEAST + 1) /* ranges that a window reaches into */

struct gs_any_leaf {
    struct gs_leaf_match *match;
    struct gs_list_cursor *list; /* where the leaf is one list that needs no positions */
    const float *row;            /* bounds by range */
    const struct gs_thin_list
        *thin;     /* where the list was read with the bounds; then it is walked */
    uint32_t next; /* in thin: the first filing at or behind what was asked for */
    float weight;
    uint32_t hit_count; /* filings of the window that it was found in, as far as it was asked,
                           ascending */
    uint16_t hits[GS_ANY_WINDOW];
    uint32_t tfs[GS_ANY_WINDOW];
};

struct gs_any {
    struct gs_search_run *run;
    const struct gs_search_segment *segment;
    struct gs_range_bounds bounds;
    bool bounded;               /* else every leaf is summed up everywhere */
    struct gs_any_leaf *leaves; /* in leaf order */
    size_t count;
    uint32_t *order;        /* leaves by their bound in the window, ascending */
    uint32_t *found;        /* tfs of one filing */
    float *local, *below;   /* by leaf: that bound; by place in order: sum of those before */
    uint32_t from, to;      /* the window */
    const uint8_t *lengths; /* of its filings */
    double threshold;
    float limit;                  /* sums below it are below the threshold */
    float sums[GS_ANY_WINDOW];    /* all 0 between windows */
    uint64_t bits[GS_ANY_WORDS];  /* all 0 but inside take_live */
    float least[GS_ANY_PARTS];    /* what a sum needs, by range */
    uint16_t live[GS_ANY_WINDOW]; /* filings of the window that can get in, ascending */
    uint32_t live_count;
    enum gaosou_status status;
};

static inline uint32_t gs_any_length(const struct gs_any *a, uint32_t i)
{
    return gs_load_u32(a->lengths + (size_t)i * 4);
}

/* Adds a leaf up over the window; `rest` is what leaves that are not summed up yet can add. */
void gs_any_fill(struct gs_any *a, struct gs_any_leaf *leaf, float rest);
/* Deleted filings as if the leaf had not been summed up in them. */
void gs_any_drop_deleted(struct gs_any *a, const struct gs_any_leaf *leaf);
/* live: the filings summed up that can get in with the leaves before place k. */
void gs_any_take_live(struct gs_any *a, size_t k);
/* Adds a leaf to the live filings only. */
void gs_any_seek_live(struct gs_any *a, struct gs_any_leaf *leaf);
/* Drops those live filings that cannot get in with the leaves before place k. */
void gs_any_drop_dead(struct gs_any *a, size_t k);

#endif
