/*
 * A query that is one list (a word, a two-character phrase), over one segment: block by block.
 * Every block is counted, so the totals are exact; those that cannot enter the best k are not
 * scored.
 */
#include "query/search_internal.h"

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

/* Whether nothing in the block that the cursor is on can enter. */
static bool is_hopeless(struct list_walk *w)
{
    struct gs_impacts impacts;
    uint32_t last;
    double threshold = gs_topk_threshold(&w->run->search->top);
    if (!w->run->prune || !(threshold > 0))
        return false;
    gs_list_bound(w->list, w->list->doc, &last, &impacts);
    return gs_score_is_below(gs_score_bound(&w->run->scorer, w->weight, &impacts), threshold);
}

/* The filings of the decoded block, from the cursor's on; the cursor goes behind them. */
static enum gaosou_status walk_block(struct list_walk *w)
{
    struct gs_list_cursor *c = w->list;
    enum gaosou_status status = GAOSOU_OK;
    if (!gs_list_freq(c))
        return GAOSOU_OK; /* damaged: the cursor is at its end and says so */
    uint32_t last = c->docs[c->count - 1];
    count_block(w, c->index, c->count);
    for (uint32_t i = is_hopeless(w) ? c->count : c->index; i < c->count && !status; i++) {
        if (!gs_snapshot_is_deleted(w->segment->part, c->docs[i]))
            status = offer(w, c->docs[i], c->freqs[i]);
    }
    gs_list_seek(c, last + 1);
    return status;
}

enum gaosou_status gs_search_list(struct gs_search_run *run,
                                  const struct gs_search_segment *segment)
{
    struct gs_leaf_match *m = &segment->leaves[0];
    struct list_walk w = {
        .run = run, .segment = segment, .list = gs_leaf_list(m), .weight = m->weight};
    enum gaosou_status status = GAOSOU_OK;
    while (w.list->doc != GS_DOC_END && !status && !run->search->top.status)
        status = walk_block(&w);
    return status;
}
