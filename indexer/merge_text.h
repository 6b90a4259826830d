/*
 * merge_text.h: stored contents from one segment to another. One thread.
 *
 * Of a segment without deletions the packed blocks are copied. Else contents are decoded and packed
 * again, and where a filing is cut into blocks, the analysis runs over it once more, for the
 * cutter's states at the cuts.
 */
#ifndef GS_INDEXER_MERGE_TEXT_H
#define GS_INDEXER_MERGE_TEXT_H

#include "common/segment/segment_writer.h"

struct gs_merge_text;

GS_MUST_USE enum gaosou_status gs_merge_text_create(struct gs_merge_text **out, struct gs_err *err);
void gs_merge_text_free(struct gs_merge_text *m);

/* The content of `doc`, whose record is given; packs go to the writer as they fill. */
GS_MUST_USE enum gaosou_status gs_merge_text_copy(struct gs_merge_text *m,
                                                  const struct gs_segment *from, uint32_t doc,
                                                  const struct gs_record *record,
                                                  struct gs_segment_writer *to, struct gs_err *err);
/* The contents of all filings of a segment, which were added to the writer last. */
GS_MUST_USE enum gaosou_status gs_merge_text_copy_all(struct gs_merge_text *m,
                                                      const struct gs_segment *from,
                                                      struct gs_segment_writer *to,
                                                      struct gs_err *err);
/* The last pack. */
GS_MUST_USE enum gaosou_status
gs_merge_text_finish(struct gs_merge_text *m, struct gs_segment_writer *to, struct gs_err *err);

#endif
