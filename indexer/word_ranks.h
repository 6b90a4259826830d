/*
 * word_ranks.h: the distinct words of one partition over all slices of a run, sorted, with the rank
 * of every slice's word. Exact: words are compared by their bytes. Reused from partition to
 * partition, one thread.
 */
#ifndef GS_INDEXER_WORD_RANKS_H
#define GS_INDEXER_WORD_RANKS_H

#include "indexer/run.h"

struct gs_ranked_word;
struct gs_word_order;

struct gs_word_ranks {
    uint32_t *ranks; /* of slice 0's words of the partition, then slice 1's, ... */
    uint32_t distinct;
    struct gs_word_order *order; /* by rank after build */
    /* Private: */
    struct gs_word_order *sorted;
    struct gs_ranked_word *words;
    uint32_t *slots;
    size_t capacity, slot_capacity, order_capacity;
};

void gs_word_ranks_init(struct gs_word_ranks *w);
void gs_word_ranks_release(struct gs_word_ranks *w);
GS_MUST_USE enum gaosou_status gs_word_ranks_build(struct gs_word_ranks *w,
                                                   const struct gs_run *run, uint32_t part,
                                                   struct gs_err *err);
/* Size byte and bytes of the word of a rank; in the run's memory. */
const uint8_t *gs_word_ranks_name(const struct gs_word_ranks *w, uint32_t rank);

/* Bytes that build takes per name, for the accounting of memory. */
#define GS_WORD_RANKS_COST 64u

#endif
