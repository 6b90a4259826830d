/*
 * gather.h: what is taken from every matching filing beside its score: its place in another order,
 * and its values of the fields that are counted.
 *
 * Fed with the live matching filings of each segment, ascending, by every way of searching; works
 * on them by the batch, so that columns are read by the block. Not used where an answer is ordered
 * by score and nothing is counted. One thread, one run.
 */
#ifndef GS_QUERY_GATHER_H
#define GS_QUERY_GATHER_H

#include "query/facets.h"
#include "query/sort_key.h"
#include "query/topk.h"

#define GS_GATHER_BATCH 512u

struct gs_gather {
    bool by_key;              /* filings are put into top by their key */
    bool counts;              /* facets are asked for */
    struct gs_sort_keys keys; /* by_key */
    struct gs_facets facets;
    struct gs_topk *top;
    size_t segment;
    uint32_t docs[GS_GATHER_BATCH];
    size_t doc_count;
    enum gaosou_status status; /* sticky */
    struct gs_err *err;        /* borrowed for the run */
};

void gs_gather_release(struct gs_gather *g);
/* For a new run; *g zeroed at first. */
GS_MUST_USE enum gaosou_status gs_gather_begin(struct gs_gather *g,
                                               const struct gs_snapshot *snapshot,
                                               const struct gs_search_options *options,
                                               struct gs_topk *top, struct gs_err *err);
static inline bool gs_gather_wants(const struct gs_gather *g)
{
    return g->by_key || g->counts;
}
GS_MUST_USE enum gaosou_status gs_gather_open_segment(struct gs_gather *g, size_t segment);
/* Filings behind all that were given before; docs are borrowed. What goes wrong is sticky. */
void gs_gather_docs(struct gs_gather *g, const uint32_t *docs, size_t count);
void gs_gather_flush(struct gs_gather *g); /* private */
static inline void gs_gather_doc(struct gs_gather *g, uint32_t doc)
{
    if (g->doc_count == GS_GATHER_BATCH)
        gs_gather_flush(g);
    g->docs[g->doc_count++] = doc;
}
GS_MUST_USE enum gaosou_status gs_gather_close_segment(struct gs_gather *g);

#endif
