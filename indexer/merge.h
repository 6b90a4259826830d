/*
 * merge.h: neighbouring segments into one, deleted filings left out.
 *
 * A second producer of what a flush produces: terms are merged by cursors, filings renumbered,
 * lists encoded again; text is copied as it is packed, but for segments with deleted filings, whose
 * text is packed again. Sequence numbers and commits are kept. One thread.
 */
#ifndef GS_INDEXER_MERGE_H
#define GS_INDEXER_MERGE_H

#include "indexer/index_writer.h"

struct gs_merge_counts {
    size_t segments_before, segments_after;
    uint64_t filings, dropped;
};

/* Merges all neighbours that keep text, or all that keep none, into one each; the commit is the
 * caller's. Nothing is changed where there is nothing to gain. */
GS_MUST_USE enum gaosou_status gs_merge_all(struct gs_index_writer *w,
                                            struct gs_merge_counts *counts, struct gs_err *err);

/* Merges what merge_policy.h finds worth it, in the same way. Segments that stay as they are are
 * counted too. */
GS_MUST_USE enum gaosou_status gs_merge_some(struct gs_index_writer *w,
                                             struct gs_merge_counts *counts, struct gs_err *err);

#endif
