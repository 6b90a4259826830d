/* A query of any form over one segment: filing by filing, led by candidates, confirmed last. */
#include "query/search_internal.h"

#include "query/unsearched.h"

#include <string.h>

/* The tfs of all leaves in a matching filing; `scored` says which count for the score, NULL: all.
 */
struct tally {
    uint32_t *tfs;
    bool *scored;
    struct gs_filter_match *filters;
    struct gs_node_match root;
};

static void take_tally(struct gs_search_run *run, struct gs_search_segment *segment,
                       struct tally *t, uint32_t doc)
{
    const struct gs_plan *plan = &run->search->plan;
    if (run->nested)
        gs_groups_confirm(&segment->groups, doc);
    for (size_t i = 0; i < segment->leaf_count; i++) {
        struct gs_leaf_match *m = &segment->leaves[i];
        t->tfs[i] = 0;
        if (plan->leaves[i].excluded)
            continue;
        if (run->nested)
            t->tfs[i] = gs_leaf_tf_at(&segment->again[i], doc);
        else if (m->tf_doc == doc)
            t->tfs[i] = m->tf;
    }
    if (!run->nested)
        return;
    for (size_t i = 0; i < segment->leaf_count; i++)
        t->scored[i] = false;
    gs_node_mark(&t->root, segment->leaves, t->scored);
}

/* The score with this norm, parts in leaf order. */
static double tally_score(const struct gs_search_run *run, const struct gs_search_segment *segment,
                          const struct tally *t, double norm)
{
    double score = 0;
    for (size_t i = 0; i < segment->leaf_count; i++) {
        if (t->tfs[i] && (!run->nested || t->scored[i]))
            score += gs_score_part(segment->leaves[i].weight, t->tfs[i], norm);
    }
    return score;
}

static enum gaosou_status add_match(struct gs_search_run *run, struct gs_search_segment *segment,
                                    struct tally *t, uint32_t doc)
{
    struct gs_topk *top = &run->search->top;
    take_tally(run, segment, t, doc);
    run->total++;
    for (size_t i = 0; i < segment->leaf_count; i++)
        run->occurrences += t->tfs[i];
    if (run->gather)
        gs_gather_doc(run->gather, doc);
    if (!run->by_score)
        return GAOSOU_OK;
    /* no filing is shorter than empty: most need not be asked for their length */
    if (gs_score_is_below(tally_score(run, segment, t, run->scorer.base), gs_topk_threshold(top)))
        return GAOSOU_OK;
    uint64_t length = 0;
    enum gaosou_status status =
        gs_column_get(segment->part->segment, GS_COLUMN_LENGTH, doc, &length, run->err);
    if (status)
        return status;
    double score = tally_score(run, segment, t, gs_score_norm(&run->scorer, (uint32_t)length));
    if (!gs_topk_accepts(top, score, (uint32_t)segment->index, doc))
        return GAOSOU_OK;
    uint32_t *counts = gs_topk_push(top, score, (uint32_t)segment->index, doc);
    for (size_t i = 0; counts && i < segment->leaf_count; i++)
        counts[i] = t->tfs[i];
    return GAOSOU_OK;
}

static enum gaosou_status open_tally(struct gs_search_run *run,
                                     const struct gs_search_segment *segment, struct tally *t)
{
    struct gs_arena *arena = &run->search->segment_arena;
    const struct gs_query *query = run->query;
    t->tfs = gs_arena_alloc(arena, segment->leaf_count * sizeof(*t->tfs));
    t->scored = gs_arena_alloc(arena, segment->leaf_count * sizeof(*t->scored));
    t->filters = gs_arena_alloc(arena, query->filter_count * sizeof(*t->filters));
    if (!t->tfs || !t->scored || !t->filters)
        return gs_err_nomem(run->err, arena->taken);
    for (size_t i = 0; i < query->filter_count; i++)
        gs_filter_open(&t->filters[i], &query->filters[i], segment->part->segment);
    const struct gs_node_parts parts = {.arena = arena,
                                        .leaves = segment->leaves,
                                        .filters = t->filters,
                                        .groups = segment->groups.all,
                                        .take_unknown = run->take_unknown};
    if (!gs_node_open(&t->root, query->root, &parts))
        return GAOSOU_OK;
    for (size_t i = 0; i < query->filter_count; i++)
        gs_filter_close(&t->filters[i]);
    return gs_err_nomem(run->err, arena->taken);
}

/* A filing that could not be judged, once under each field that the reason lies in. */
static void count_unjudged(struct gs_search_run *run, const struct tally *t, uint32_t doc)
{
    bool seen[GS_QUERY_FILTERS_MAX] = {false};
    for (size_t i = 0; i < run->query->filter_count; i++) {
        size_t field = run->query->filters[i].field_index;
        if (seen[field] || gs_filter_truth(&t->filters[i], doc) != GS_TRUTH_UNKNOWN)
            continue;
        seen[field] = true;
        run->unjudged[field]++;
    }
}

/* The tree's word on the filing it is on; of one without a text only what is sure. */
static enum gs_truth confirm(struct gs_search_run *run, struct gs_search_segment *segment,
                             struct tally *t, struct gs_unsearched *unsearched, uint32_t doc)
{
    enum gs_truth truth = gs_node_confirm(&t->root);
    if (truth == GS_TRUTH_NO || !gs_unsearched_has(unsearched, doc))
        return truth;
    return gs_unsearched_judge(run->query, segment->leaves, t->filters, run->take_unknown, doc,
                               GS_TEXT_SAYS_LEAST);
}

/* Whether enough of the leaves of a question occur in a filing that the tree has confirmed. */
static bool has_min_match(const struct gs_search_run *run, const struct gs_search_segment *segment,
                          uint32_t doc)
{
    size_t found = 0;
    for (size_t i = 0; run->min_match > 1 && i < segment->leaf_count; i++)
        found += segment->leaves[i].tf_doc == doc && segment->leaves[i].tf > 0;
    return run->min_match <= 1 || found >= run->min_match;
}

enum gaosou_status gs_search_walk(struct gs_search_run *run, struct gs_search_segment *segment)
{
    struct tally t = {0};
    struct gs_unsearched unsearched;
    enum gaosou_status status = open_tally(run, segment, &t);
    if (status)
        return status;
    gs_unsearched_open(&unsearched, segment->part->segment);
    for (uint32_t doc = gs_node_seek(&t.root, 0);
         doc < segment->doc_count && !status && !gs_search_is_over(run);
         doc = gs_node_seek(&t.root, doc + 1)) {
        if (gs_snapshot_is_deleted(segment->part, doc))
            continue;
        if (run->query->group_count > 0 && gs_deadline_ask(&run->deadline))
            break; /* one filing may take long */
        run->cost.candidates++;
        enum gs_truth truth = confirm(run, segment, &t, &unsearched, doc);
        if (run->deadline.passed)
            break; /* a union that ended there would say no */
        if (truth != GS_TRUTH_NO && !has_min_match(run, segment, doc))
            continue;
        if (truth == GS_TRUTH_YES)
            status = add_match(run, segment, &t, doc);
        else if (truth == GS_TRUTH_UNKNOWN)
            count_unjudged(run, &t, doc);
    }
    for (size_t i = 0; i < run->query->filter_count; i++) {
        status = status ? status : gs_filter_status(&t.filters[i], run->err);
        gs_filter_close(&t.filters[i]);
    }
    if (!status && unsearched.status)
        status = gs_err_set(run->err, unsearched.status,
                            "%s is damaged: section columns (gaosou-index check names it)",
                            gs_segment_path(segment->part->segment));
    return status;
}

enum gaosou_status gs_search_settle(struct gs_search_run *run, struct gs_search_segment *segment,
                                    struct gs_hit *const *hits, size_t count, uint32_t *counts)
{
    struct tally t = {0};
    enum gaosou_status status = open_tally(run, segment, &t);
    if (status)
        return status;
    for (size_t i = 0; i < count && !status; i++) {
        uint64_t length = 0;
        if (gs_node_seek(&t.root, hits[i]->doc) == hits[i]->doc)
            (void)gs_node_confirm(&t.root);
        take_tally(run, segment, &t, hits[i]->doc);
        status = gs_column_get(segment->part->segment, GS_COLUMN_LENGTH, hits[i]->doc, &length,
                               run->err);
        if (!run->by_score) /* else it was ranked by it, perhaps by more than BM25 */
            hits[i]->score =
                tally_score(run, segment, &t, gs_score_norm(&run->scorer, (uint32_t)length));
        hits[i]->counts = counts + i * segment->leaf_count;
        memcpy(counts + i * segment->leaf_count, t.tfs, segment->leaf_count * sizeof(*counts));
    }
    for (size_t i = 0; i < run->query->filter_count; i++) {
        status = status ? status : gs_filter_status(&t.filters[i], run->err);
        gs_filter_close(&t.filters[i]);
    }
    return status;
}
