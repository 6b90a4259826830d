/*
 * hit_ranges.h: where in the bytes of a filing's content a query's occurrences stand: all of them.
 *
 * The text is tokenised again around each occurrence, by the same stretches as for snippets. One
 * thread.
 */
#ifndef GS_QUERY_HIT_RANGES_H
#define GS_QUERY_HIT_RANGES_H

#include "query/clean.h"
#include "query/search.h"

struct gs_hit_ranges {
    struct gs_clean_range *ranges; /* ascending, neither overlapping nor touching */
    size_t count, capacity;
    size_t unmarked; /* occurrences too far from where reading can begin */
};

void gs_hit_ranges_release(struct gs_hit_ranges *h);

/* Fills *h (zeroed or used before). */
GS_MUST_USE enum gaosou_status gs_hit_ranges_find(struct gs_hit_ranges *h,
                                                  const struct gs_segment *segment, uint32_t doc,
                                                  const struct gs_record *record,
                                                  const struct gs_occurrence *occurrences,
                                                  size_t count, struct gs_err *err);

#endif
