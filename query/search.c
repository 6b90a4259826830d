#include "query/rerank.h"

#include "query/unsearched.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ARENA_MAX ((size_t)4 << 30)

struct gs_search_options gs_search_defaults(void)
{
    return (struct gs_search_options){.limit = 10, .k1 = 1.2, .b = 0.75};
}

enum gaosou_status gs_search_create(struct gs_search **out)
{
    struct gs_search *s = calloc(1, sizeof(*s));
    if (!s)
        return GAOSOU_E_NOMEM;
    gs_arena_init(&s->plan_arena, ARENA_MAX);
    gs_arena_init(&s->segment_arena, ARENA_MAX);
    gs_topk_init(&s->top);
    *out = s;
    return GAOSOU_OK;
}

void gs_search_free(struct gs_search *s)
{
    if (!s)
        return;
    gs_arena_release(&s->plan_arena);
    gs_arena_release(&s->segment_arena);
    gs_match_scratch_release(&s->scratch);
    gs_topk_release(&s->top);
    gs_collapse_release(&s->collapse);
    gs_search_view_release(&s->view);
    gs_gather_release(&s->gather);
    gs_closeness_release(&s->closeness);
    free(s->settled);
    free(s->hits);
    free(s->batch.all);
    free(s);
}

/* ---- segments ---- */

/* Below every OR there may be an AND that fails while some of its leaves occur. */
static bool is_nested(const struct gs_node *node, bool below_or)
{
    if (node->kind == GS_NODE_AND && below_or)
        return true;
    /* a group is judged as a whole */
    below_or = (below_or && !gs_node_is_group(node)) || node->kind == GS_NODE_OR;
    for (size_t i = 0; i < node->child_count; i++) {
        if (is_nested(node->children[i], below_or))
            return true;
    }
    return false;
}

static bool is_flat_or(const struct gs_node *root)
{
    if (root->kind != GS_NODE_OR)
        return false;
    for (size_t i = 0; i < root->child_count; i++) {
        if (root->children[i]->kind != GS_NODE_LEAF)
            return false;
    }
    return true;
}

static enum gaosou_status search_segment(struct gs_search_run *run,
                                         struct gs_search_segment *segment)
{
    const struct gs_node *root = run->query->root;
    if (root->kind == GS_NODE_LEAF && gs_leaf_list(&segment->leaves[0]))
        return gs_search_list(run, segment);
    if (root->kind == GS_NODE_LEAF && gs_search_union_suits(run, segment))
        return gs_search_union(run, segment);
    return is_flat_or(root) && run->min_match <= 1 ? gs_search_any(run, segment)
                                                   : gs_search_walk(run, segment);
}

static enum gaosou_status run_segment(struct gs_search_run *run, size_t index)
{
    struct gs_search_segment segment;
    enum gaosou_status status =
        gs_search_open_segment(run->search, index, false, run->nested, &segment, run->err);
    if (status)
        return status;
    segment.part = &run->view->segments[index];
    if (run->gather)
        status = gs_gather_open_segment(run->gather, index);
    if (!status)
        status = search_segment(run, &segment);
    if (run->gather && !status)
        status = gs_gather_close_segment(run->gather);
    enum gaosou_status closed =
        gs_search_close_segment(run->search, &segment, status ? NULL : run->err);
    return status ? status : closed;
}

/* ---- results ---- */

enum gaosou_status gs_search_fail_top(const struct gs_search_run *run)
{
    const struct gs_topk *top = &run->search->top;
    if (top->status == GAOSOU_E_LIMIT)
        return gs_err_set(
            run->err, GAOSOU_E_LIMIT,
            "too many results for this many terms: at most %zu counts; ask for fewer results",
            GS_TOPK_COUNTS_MAX);
    return gs_err_nomem(run->err, top->capacity * sizeof(*top->entries));
}

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static bool has_cursor(const struct gs_search_run *run)
{
    return run->more && !run->deadline.passed && run->query->leaf_count <= GS_CURSOR_LEAVES_MAX &&
           run->search->cursor.code_size <= GS_CURSOR_CODE_MAX;
}

static enum gaosou_status make_result(struct gs_search_run *run,
                                      const struct gs_search_options *options,
                                      struct gs_result *result)
{
    struct gs_search *s = run->search;
    uint64_t started = now_ns();
    enum gaosou_status status = gs_search_make_hits(run, options);
    if (!status)
        status = gs_facets_finish(&s->gather.facets, options->facet_limit, run->err);
    if (status)
        return status;
    run->cost.hits_ns = now_ns() - started;
    *result = (struct gs_result){
        .facets = s->gather.facets.results,
        .cost = run->cost,
        .hits = s->hits,
        .hit_count = s->hit_count,
        .cursor = has_cursor(run) ? &s->cursor : NULL,
        .continued_elsewhere =
            run->after && run->after->commit != s->plan.snapshot->manifest.commit,
        .total = run->total,
        .total_exact = !run->pruned && !run->deadline.passed,
        .partial = run->deadline.passed,
        .collapsed = options->collapse ? s->collapse.collapsed : 0,
        .occurrences = run->occurrences,
        .occurrences_exact = !run->pruned && !run->open_occurrences && !run->deadline.passed};
    memcpy(result->unjudged, run->unjudged, sizeof(result->unjudged));
    return gs_unsearched_count(run->view, run->query, run->take_unknown, result->unsearched,
                               run->err);
}

/* How many of the best filings are to be kept: one more than is shown, which tells that there are
 * more. A collapse has to see all. */
static size_t wanted_filings(const struct gs_search_run *run, const struct gs_search_options *o)
{
    if (o->collapse)
        return SIZE_MAX;
    if (o->limit == 0)
        return 0;
    size_t skipped = run->after ? run->depth : o->offset; /* the head is ranked anew */
    if (o->limit >= SIZE_MAX - 1 - skipped)
        return SIZE_MAX;
    size_t shown = skipped + o->limit + 1;
    return shown > run->depth ? shown : run->depth;
}

/* Closeness tells filings apart where the query has two parts that are looked for. */
static bool has_parts(const struct gs_query *query)
{
    size_t parts = 0;
    for (size_t i = 0; i < query->leaf_count; i++)
        parts += !query->leaves[i].excluded;
    return parts > 1;
}

/* At least one of the leaves, at most all of them. */
size_t gs_search_min_match(const struct gs_query *query, const struct gs_search_options *o)
{
    size_t leaves = query->leaf_count, least = o->min_match;
    if (query->mode != GS_QUERY_ANY)
        return 0;
    if (o->min_match_percent)
        least = o->min_match < 100 ? leaves * o->min_match / 100 : leaves;
    return least < 1 ? 1 : least < leaves ? least : leaves;
}

void gs_search_init_scorers(struct gs_search_run *run, const struct gs_search_options *o)
{
    const struct gs_cursor *after = run->after;
    uint64_t doc_count = after ? after->doc_count : run->view->doc_count;
    uint64_t total_length = after ? after->total_length : run->view->total_length;
    run->scorer = gs_scorer_make(o->k1, o->b, doc_count, total_length);
    gs_ranking_limit_length(&run->scorer, doc_count, total_length, &run->ranking);
    gs_float_scorer_init(&run->approximate, &run->scorer);
}

static enum gaosou_status begin_run(struct gs_search_run *run, struct gs_search *s,
                                    const struct gs_snapshot *snapshot,
                                    const struct gs_query *query,
                                    const struct gs_search_options *options, struct gs_err *err)
{
    *run = (struct gs_search_run){.search = s,
                                  .query = query,
                                  .view = snapshot,
                                  .by_score = options->sort == GS_SORT_SCORE &&
                                              (options->limit > 0 || options->collapse),
                                  .nested = is_nested(query->root, false),
                                  .exhaustive = options->exhaustive,
                                  .take_unknown = options->take_unknown,
                                  .ranking = gs_ranking_of(&options->ranking, query),
                                  .min_match = gs_search_min_match(query, options),
                                  .err = err};
    gs_deadline_init(&run->deadline, options->deadline_ns, options->clock_ns);
    run->options = gs_cursor_options(options, &run->ranking, run->min_match);
    run->depth = run->by_score ? gs_rerank_depth(&run->ranking) : 0;
    s->has_plan = false;
    enum gaosou_status status = gs_search_continue(run, snapshot, options);
    if (status)
        return status;
    gs_search_init_scorers(run, options);
    gs_topk_begin(&s->top, wanted_filings(run, options), query->leaf_count);
    s->top.keep_ties = options->ties == GS_TIES_CLOSEST && has_parts(query);
    s->top.no_counts = options->sort != GS_SORT_SCORE;
    status = gs_gather_begin(&s->gather, snapshot, options, &s->top, err);
    run->gather = gs_gather_wants(&s->gather) ? &s->gather : NULL;
    run->prune = options->limit > 0 && run->by_score && !run->gather && !options->count_all &&
                 !options->exhaustive && !options->collapse;
    if (!status)
        status = gs_search_plan(s, snapshot, query, &run->deadline, err);
    if (!status)
        gs_ranking_weigh(&s->plan, query, &run->ranking);
    if (!status)
        status = gs_search_continue_ready(run, options->collapse);
    return status;
}

enum gaosou_status gs_search_run(struct gs_search *s, const struct gs_snapshot *snapshot,
                                 const struct gs_query *query,
                                 const struct gs_search_options *options, struct gs_result *result,
                                 struct gs_err *err)
{
    if (!(options->k1 >= 0) || isinf(options->k1) || !(options->b >= 0 && options->b <= 1))
        return gs_err_set(err, GAOSOU_E_USE,
                          "BM25 wants k1 >= 0 and 0 <= b <= 1, not k1 = %g, b = %g", options->k1,
                          options->b);
    struct gs_search_run run;
    uint64_t started = now_ns();
    enum gaosou_status status = begin_run(&run, s, snapshot, query, options, err);
    s->scratch.deadline = &run.deadline;
    uint64_t planned = now_ns();
    run.cost.plan_ns = planned - started;
    for (size_t i = 0; !status && i < run.view->segment_count && !gs_deadline_ask(&run.deadline);
         i++)
        status = run_segment(&run, i);
    s->scratch.deadline = NULL; /* what was found is shown in full */
    if (!status && s->top.status)
        status = gs_search_fail_top(&run);
    run.cost.match_ns = now_ns() - planned;
    return status ? status : make_result(&run, options, result);
}
