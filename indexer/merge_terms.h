/*
 * merge_terms.h: the terms of several segments, in order, into a segment writer. One thread.
 */
#ifndef GS_INDEXER_MERGE_TERMS_H
#define GS_INDEXER_MERGE_TERMS_H

#include "common/segment/manifest.h"
#include "common/segment/segment_writer.h"

struct gs_merge_input {
    const struct gs_snapshot_segment *view;
    uint32_t *renumbered; /* doc -> its number in the new segment, or GS_DOC_END: left out */
};

/* lengths: BM25 lengths by new number. A term of which no posting stays is left out. */
GS_MUST_USE enum gaosou_status gs_merge_terms(const struct gs_merge_input *inputs, size_t count,
                                              const struct gs_doc_lengths *lengths,
                                              struct gs_segment_writer *writer, struct gs_err *err);

/*
 * Terms of several segments as one ordered sequence; what merges and dumps walk along. Postings
 * come with renumbered filings, those left out skipped.
 */
struct gs_term_union;
GS_MUST_USE enum gaosou_status gs_term_union_open(struct gs_term_union **out,
                                                  const struct gs_merge_input *inputs, size_t count,
                                                  struct gs_err *err);
void gs_term_union_close(struct gs_term_union *u);

/* One term with all its postings; arrays have GS_BLOCK entries of slack and live until the next
 * call. */
struct gs_merged_term {
    struct gs_term term;
    const uint32_t *docs, *freqs, *positions;
    uint32_t df;
    uint64_t cf;
};
/* *more false: there is no further term. Terms without postings are passed over. */
GS_MUST_USE enum gaosou_status gs_term_union_next(struct gs_term_union *u,
                                                  struct gs_merged_term *out, bool *more,
                                                  struct gs_err *err);
/* Exactly this term; df 0 where it is in none. Does not move the sequence. */
GS_MUST_USE enum gaosou_status gs_term_union_find(struct gs_term_union *u,
                                                  const struct gs_term *term,
                                                  struct gs_merged_term *out, struct gs_err *err);

#endif
