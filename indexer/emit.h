/*
 * emit.h: sorted tokens into postings: which filing a position belongs to, and one call per term.
 *
 * Scratch arrays are taken once and used for every partition; nothing is allocated per term, since
 * most terms have a handful of postings. A gs_emitter belongs to one thread; a gs_doc_map is
 * shared.
 */
#ifndef GS_INDEXER_EMIT_H
#define GS_INDEXER_EMIT_H

#include "common/segment/segment_writer.h"
#include "indexer/run.h"

/* Position to filing: a coarse table and a short walk (a binary search costs four times as much).
 */
struct gs_doc_map {
    const uint32_t *base; /* of each filing, and one more; borrowed */
    uint32_t *coarse;     /* filing at position i << shift; owned */
    unsigned shift;
};
GS_MUST_USE enum gaosou_status gs_doc_map_init(struct gs_doc_map *m, const struct gs_run *run,
                                               struct gs_err *err);
void gs_doc_map_release(struct gs_doc_map *m);

static inline uint32_t gs_doc_map_find(const struct gs_doc_map *m, uint32_t position)
{
    uint32_t doc = m->coarse[position >> m->shift];
    doc += m->base[doc + 1] <= position; /* about even: no branch */
    while (m->base[doc + 1] <= position)
        doc++;
    return doc;
}

struct gs_emitter {
    struct gs_region region; /* the five arrays below, each with GS_BLOCK entries of slack */
    uint64_t *tokens, *sorted;
    uint32_t *docs, *freqs, *positions;
    size_t capacity; /* tokens */
    const struct gs_doc_map *map;
    const uint32_t *doc_lengths;
    struct gs_term_part *part; /* borrowed: where terms go */
};

void gs_emitter_init(struct gs_emitter *e);
void gs_emitter_release(struct gs_emitter *e);
/* Room for at least `tokens`; what the arrays held is lost. */
GS_MUST_USE enum gaosou_status gs_emitter_reserve(struct gs_emitter *e, size_t tokens,
                                                  struct gs_err *err);

/* Names the term of a key; ctx is the caller's. */
typedef void gs_term_namer(void *ctx, uint32_t key, struct gs_term *term);

/* Adds every term of tokens[0, n) (sorted by key, then position) to e->part. tokens may be
 * e->tokens or e->sorted. */
void gs_emit(struct gs_emitter *e, const uint64_t *tokens, size_t n, gs_term_namer *namer,
             void *ctx);

#endif
