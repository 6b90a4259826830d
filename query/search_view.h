/*
 * search_view.h: a snapshot without the filings that were added from some sequence number on: what
 * a continued answer sees of an index.
 *
 * Shares all but deletions with the snapshot, which it must not outlive. Filings left out are as if
 * they were deleted. Immutable once made.
 */
#ifndef GS_QUERY_SEARCH_VIEW_H
#define GS_QUERY_SEARCH_VIEW_H

#include "common/segment/manifest.h"

struct gs_search_view {
    struct gs_snapshot snapshot; /* not to be closed */
    struct gs_snapshot_segment *segments;
    uint64_t *deleted; /* of its last segment, where that holds filings on both sides */
};

/* *v zeroed at first; release it in either case. */
GS_MUST_USE enum gaosou_status gs_search_view_make(struct gs_search_view *v,
                                                   const struct gs_snapshot *snapshot,
                                                   uint64_t next_sequence, struct gs_err *err);
void gs_search_view_release(struct gs_search_view *v);

#endif
