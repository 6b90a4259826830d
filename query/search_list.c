/*
 * A query that is one list (a word, a two-character phrase), over one segment: block by block. Its
 * totals are exact: they are added up, or known without reading it.
 */
#include "query/search_internal.h"

#define FEW_BLOCKS 4u /* with less, choosing gains nothing */

struct list_walk {
    struct gs_search_run *run;
    const struct gs_search_segment *segment;
    struct gs_list_cursor *list;
    double weight;
};

static enum gaosou_status offer(struct list_walk *w, uint32_t doc, uint32_t tf)
{
    struct gs_search_run *run = w->run;
    struct gs_topk *top = &run->search->top;
    /* no filing is shorter than empty */
    if (gs_score_is_below(gs_score_part(w->weight, tf, run->scorer.base), gs_topk_threshold(top)))
        return GAOSOU_OK;
    uint64_t length = 0;
    enum gaosou_status status =
        gs_column_get(w->segment->part->segment, GS_COLUMN_LENGTH, doc, &length, run->err);
    if (status)
        return status;
    double score = gs_score_part(w->weight, tf, gs_score_norm(&run->scorer, (uint32_t)length));
    if (!gs_topk_accepts(top, score, (uint32_t)w->segment->index, doc))
        return GAOSOU_OK;
    uint32_t *counts = gs_topk_push(top, score, (uint32_t)w->segment->index, doc);
    if (counts)
        counts[0] = tf;
    return GAOSOU_OK;
}

/* Adds postings [first, end) of the decoded block to the totals. */
static void count_block(struct list_walk *w, uint32_t first, uint32_t end)
{
    const struct gs_list_cursor *c = w->list;
    uint64_t sum = 0;
    uint32_t filings = end - first;
    for (uint32_t i = first; i < end; i++)
        sum += c->freqs[i];
    for (uint32_t i = first; w->segment->part->deleted && i < end; i++) {
        if (gs_snapshot_is_deleted(w->segment->part, c->docs[i])) {
            sum -= c->freqs[i];
            filings--;
        }
    }
    w->run->total += filings;
    w->run->occurrences += sum;
}

static void gather_block(struct list_walk *w)
{
    const struct gs_list_cursor *c = w->list;
    if (!w->segment->part->deleted) {
        gs_gather_docs(w->run->gather, c->docs + c->index, c->count - c->index);
        return;
    }
    for (uint32_t i = c->index; i < c->count; i++)
        if (!gs_snapshot_is_deleted(w->segment->part, c->docs[i]))
            gs_gather_doc(w->run->gather, c->docs[i]);
}

/* The filings of the decoded block, from the cursor's on; the cursor goes behind them. */
static enum gaosou_status walk_block(struct list_walk *w, bool count)
{
    struct gs_list_cursor *c = w->list;
    enum gaosou_status status = GAOSOU_OK;
    if (!gs_list_freq(c))
        return GAOSOU_OK; /* damaged: the cursor is at its end and says so */
    uint32_t last = c->docs[c->count - 1];
    if (count)
        count_block(w, c->index, c->count);
    if (w->run->gather)
        gather_block(w);
    for (uint32_t i = c->index; i < c->count && w->run->by_score && !status; i++) {
        if (!gs_snapshot_is_deleted(w->segment->part, c->docs[i]))
            status = offer(w, c->docs[i], c->freqs[i]);
    }
    gs_list_seek(c, last + 1);
    return status;
}

static enum gaosou_status walk_all(struct list_walk *w)
{
    enum gaosou_status status = GAOSOU_OK;
    while (w->list->doc != GS_DOC_END && !status && !gs_search_is_over(w->run))
        status = walk_block(w, true);
    return status;
}

static bool is_below(const struct list_walk *w, float bound)
{
    return bound < gs_bound_limit(gs_topk_threshold(&w->run->search->top));
}

/* One block with all its filings; blocks come in any order. */
static enum gaosou_status visit_block(struct list_walk *w, uint32_t first)
{
    if (w->list->doc > first)
        gs_list_rewind(w->list);
    gs_list_seek(w->list, first);
    return w->list->doc == GS_DOC_END ? GAOSOU_OK : walk_block(w, false);
}

/*
 * A blocked list without deleted filings: its head says how many filings and occurrences there are,
 * so only blocks that can get in are read. Those with the greatest bounds come first.
 */
static enum gaosou_status walk_best(struct list_walk *w, uint32_t blocks)
{
    struct gs_arena *arena = &w->run->search->segment_arena;
    float *bounds = gs_arena_alloc(arena, blocks * sizeof(*bounds));
    uint32_t best = 0, first = 0, last;
    if (!bounds)
        return gs_err_nomem(w->run->err, blocks * sizeof(*bounds));
    for (uint32_t b = 0; b < blocks; b++) {
        bounds[b] =
            gs_impacts_bound(&w->run->approximate, w->weight, gs_list_skip(w->list, b, &last));
        best = bounds[b] > bounds[best] ? b : best;
    }
    w->run->total += w->list->ref.df;
    w->run->occurrences += w->list->cf;
    if (best > 0)
        gs_list_skip(w->list, best - 1, &first);
    enum gaosou_status status = visit_block(w, best ? first + 1 : 0);
    first = 0;
    for (uint32_t b = 0; b < blocks && !status && !gs_search_is_over(w->run); b++) {
        if (b != best && !is_below(w, bounds[b]))
            status = visit_block(w, first);
        gs_list_skip(w->list, b, &last);
        first = last + 1;
    }
    return status;
}

enum gaosou_status gs_search_list(struct gs_search_run *run,
                                  const struct gs_search_segment *segment)
{
    struct gs_leaf_match *m = &segment->leaves[0];
    struct list_walk w = {
        .run = run, .segment = segment, .list = gs_leaf_list(m), .weight = m->weight};
    uint32_t blocks = gs_list_skip_count(w.list);
    bool only_totals = !run->by_score && !run->gather && !run->exhaustive;
    if (only_totals && blocks > 0 && !segment->part->deleted) {
        run->total += w.list->ref.df; /* its head tells them */
        run->occurrences += w.list->cf;
        return GAOSOU_OK;
    }
    if (blocks < FEW_BLOCKS || segment->part->deleted || !run->prune)
        return walk_all(&w);
    return walk_best(&w, blocks);
}
