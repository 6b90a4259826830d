#include "query/gather.h"

void gs_gather_release(struct gs_gather *g)
{
    gs_sort_keys_release(&g->keys);
    gs_facets_release(&g->facets);
}

enum gaosou_status gs_gather_begin(struct gs_gather *g, const struct gs_snapshot *snapshot,
                                   const struct gs_search_options *options, struct gs_topk *top,
                                   struct gs_err *err)
{
    gs_gather_release(g);
    g->by_key = options->sort != GS_SORT_SCORE && top->limit > 0;
    g->counts = options->facet_count > 0;
    g->top = top;
    g->doc_count = 0;
    g->status = GAOSOU_OK;
    g->err = err;
    enum gaosou_status status = gs_facets_begin(&g->facets, snapshot, options, err);
    if (!status && g->by_key)
        status = gs_sort_keys_make(&g->keys, options->sort, snapshot, err);
    return status;
}

enum gaosou_status gs_gather_open_segment(struct gs_gather *g, size_t segment)
{
    g->segment = segment;
    g->doc_count = 0;
    return g->counts ? gs_facets_open_segment(&g->facets, segment, g->err) : GAOSOU_OK;
}

/* Puts those of a batch that get in into the ranking. */
static enum gaosou_status rank(struct gs_gather *g, const uint32_t *docs, size_t count)
{
    double keys[GS_GATHER_BATCH], threshold = gs_topk_threshold(g->top);
    enum gaosou_status status =
        gs_sort_keys_read(&g->keys, g->segment, docs, count, threshold, keys, g->err);
    for (size_t i = 0; i < count && !status; i++) {
        if (keys[i] >= threshold &&
            gs_topk_accepts(g->top, keys[i], (uint32_t)g->segment, docs[i])) {
            (void)gs_topk_push(g->top, keys[i], (uint32_t)g->segment, docs[i]);
            threshold = gs_topk_threshold(g->top);
        }
    }
    return status;
}

void gs_gather_docs(struct gs_gather *g, const uint32_t *docs, size_t count)
{
    for (size_t at = 0, n; at < count && !g->status; at += n) {
        n = count - at < GS_GATHER_BATCH ? count - at : GS_GATHER_BATCH;
        if (g->by_key)
            g->status = rank(g, docs + at, n);
        if (g->counts && !g->status)
            g->status = gs_facets_add(&g->facets, docs + at, n, g->err);
    }
}

void gs_gather_flush(struct gs_gather *g)
{
    gs_gather_docs(g, g->docs, g->doc_count);
    g->doc_count = 0;
}

enum gaosou_status gs_gather_close_segment(struct gs_gather *g)
{
    gs_gather_flush(g);
    if (g->counts && !g->status)
        g->status = gs_facets_close_segment(&g->facets, g->err);
    return g->status;
}
