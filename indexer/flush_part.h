/*
 * flush_part.h: one partition of a run: its tokens gathered from the slices, grouped, emitted.
 *
 * A partition that is larger than the worker's scratch is taken in spans of terms, each with a
 * reading of its own. One gs_flush_worker a thread; the run is only read.
 */
#ifndef GS_INDEXER_FLUSH_PART_H
#define GS_INDEXER_FLUSH_PART_H

#include "indexer/emit.h"
#include "indexer/group.h"
#include "indexer/word_ranks.h"

struct gs_flush_worker {
    struct gs_emitter emitter;
    struct gs_groups groups;
    struct gs_word_ranks ranks;
    size_t scratch_tokens;
};

/* All wide tokens of the run, sorted by term and position (of the run). */
struct gs_wide_list {
    struct gs_wide_token *tokens; /* owned */
    size_t count;
};
GS_MUST_USE enum gaosou_status gs_wide_list_init(struct gs_wide_list *l, const struct gs_run *run,
                                                 struct gs_err *err);
void gs_wide_list_release(struct gs_wide_list *l);

void gs_flush_worker_init(struct gs_flush_worker *w, size_t scratch_tokens,
                          const struct gs_doc_map *map, const struct gs_run *run);
void gs_flush_worker_release(struct gs_flush_worker *w);

/* Terms of a Han partition to `part`, the wide terms in their places; number GS_HAN_PARTS: the wide
 * terms whose first character is outside the BMP. */
GS_MUST_USE enum gaosou_status gs_flush_han_part(struct gs_flush_worker *w,
                                                 const struct gs_run *run,
                                                 const struct gs_wide_list *wide, uint32_t number,
                                                 struct gs_term_part *part, struct gs_err *err);
GS_MUST_USE enum gaosou_status gs_flush_word_part(struct gs_flush_worker *w,
                                                  const struct gs_run *run, uint32_t number,
                                                  struct gs_term_part *part, struct gs_err *err);

#endif
