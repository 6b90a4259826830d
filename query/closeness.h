/*
 * closeness.h: how close together the parts of a query stand in a filing, which decides between
 * filings that are equal in all else (docs/QUERY.md, Order). Pure but for its scratch memory.
 */
#ifndef GS_QUERY_CLOSENESS_H
#define GS_QUERY_CLOSENESS_H

#include "query/search.h"

/* Kept from filing to filing. One thread. */
struct gs_closeness {
    uint64_t *ends; /* a tournament: its leaves the ends of the next occurrences of the leaves */
    size_t leaf_capacity;
};
void gs_closeness_release(struct gs_closeness *c); /* *c zeroed at first */
/*
 * Positions in the shortest stretch that holds one occurrence of each leaf that occurs; 0 with
 * fewer than two of those. Occurrences are by position; their leaves below leaf_count.
 * O(occurrences · log leaves).
 */
GS_MUST_USE enum gaosou_status gs_closeness_of(struct gs_closeness *c,
                                               const struct gs_occurrence *occurrences,
                                               size_t count, size_t leaf_count, uint32_t *out,
                                               struct gs_err *err);

#endif
