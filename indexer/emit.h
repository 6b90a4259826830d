/*
 * emit.h: grouped tokens into postings: which filing a position belongs to, and one call per term.
 *
 * Scratch arrays are taken once and used for every partition; nothing is allocated per term, since
 * most terms have a handful of postings. A gs_emitter belongs to one thread; a gs_doc_map is
 * shared.
 */
#ifndef GS_INDEXER_EMIT_H
#define GS_INDEXER_EMIT_H

#include "common/segment/segment_writer.h"
#include "common/text/kernel.h"
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
    struct gs_region region; /* the arrays below, each with GS_BLOCK entries of slack */
    uint32_t *positions;     /* in the run, term after term; emitting makes them those in filings */
    uint32_t *docs, *freqs;
    uint16_t *begins; /* a bit for each token: whether a term begins there */
    size_t capacity;  /* tokens */
    enum gs_kernel kernel;
    const struct gs_doc_map *map;
    struct gs_doc_lengths lengths; /* of the run */
    struct gs_term_part *part;     /* borrowed: where terms go */
};

void gs_emitter_init(struct gs_emitter *e);
void gs_emitter_release(struct gs_emitter *e);
/* Room for at least `tokens`; what the arrays held is lost. */
GS_MUST_USE enum gaosou_status gs_emitter_reserve(struct gs_emitter *e, size_t tokens,
                                                  struct gs_err *err);

/* Terms that lie one after the other in e->positions: term t has [starts[t], starts[t + 1]), one
 * position at least, ascending. */
struct gs_term_span {
    const uint32_t *keys, *starts; /* borrowed; starts has one more */
    size_t terms;
};

/* Names the term of a key; ctx is the caller's. */
typedef void gs_term_namer(void *ctx, uint32_t key, struct gs_term *term);

/* Adds every term of the span to e->part. */
void gs_emit(struct gs_emitter *e, const struct gs_term_span *span, gs_term_namer *namer,
             void *ctx);

#endif
