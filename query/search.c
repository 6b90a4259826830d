#include "query/search_internal.h"

#include "query/unsearched.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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
    free(s->hits);
    free(s->batch.all);
    free(s);
}

/* ---- plans and segments ---- */

bool gs_search_has_plan(const struct gs_search *s, const struct gs_snapshot *snapshot,
                        const struct gs_query *query)
{
    return s->has_plan && s->plan.snapshot == snapshot &&
           s->plan_commit == snapshot->manifest.commit && s->plan_query == query->fingerprint;
}

enum gaosou_status gs_search_plan(struct gs_search *s, const struct gs_snapshot *snapshot,
                                  const struct gs_query *query, struct gs_err *err)
{
    if (gs_search_has_plan(s, snapshot, query))
        return GAOSOU_OK;
    s->has_plan = false;
    s->hit_count = s->batch.hit_count = 0; /* of another query */
    gs_arena_clear(&s->plan_arena);
    enum gaosou_status status = gs_plan_make(&s->plan, &s->plan_arena, snapshot, query, err);
    if (status)
        return status;
    s->has_plan = true;
    s->plan_commit = snapshot->manifest.commit;
    s->plan_query = query->fingerprint;
    return GAOSOU_OK;
}

/* Opens every leaf of the plan; on failure none is left open. */
static enum gaosou_status open_leaves(const struct gs_match_context *context,
                                      struct gs_leaf_match **leaves)
{
    const struct gs_plan *plan = context->plan;
    *leaves = gs_arena_alloc(context->arena, plan->leaf_count * sizeof(**leaves));
    if (!*leaves)
        return GAOSOU_E_NOMEM;
    for (size_t i = 0; i < plan->leaf_count; i++) {
        enum gaosou_status status = gs_leaf_open(&(*leaves)[i], context, &plan->leaves[i]);
        if (status) {
            for (size_t k = 0; k <= i; k++)
                gs_leaf_close(&(*leaves)[k]);
            return status;
        }
    }
    return GAOSOU_OK;
}

/* Closes them; the first error that one has met, or OK. */
static enum gaosou_status close_leaves(struct gs_leaf_match *leaves, size_t count)
{
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0; leaves && i < count; i++) {
        enum gaosou_status met = gs_leaf_status(&leaves[i]);
        status = status ? status : met;
        gs_leaf_close(&leaves[i]);
    }
    return status;
}

enum gaosou_status gs_search_open_segment(struct gs_search *s, size_t index, bool always_positions,
                                          bool twice, struct gs_search_segment *out,
                                          struct gs_err *err)
{
    gs_arena_clear(&s->segment_arena);
    s->scratch.status = GAOSOU_OK;
    struct gs_match_context context = {.plan = &s->plan,
                                       .segment_index = index,
                                       .arena = &s->segment_arena,
                                       .scratch = &s->scratch,
                                       .always_positions = always_positions};
    enum gaosou_status status = gs_match_context_open(&context);
    *out = (struct gs_search_segment){.index = index,
                                      .part = &s->plan.snapshot->segments[index],
                                      .doc_count = gs_segment_get_stats(context.segment)->doc_count,
                                      .leaf_count = s->plan.leaf_count};
    if (!status)
        status = open_leaves(&context, &out->leaves);
    if (!status && twice) {
        status = open_leaves(&context, &out->again);
        if (status)
            (void)close_leaves(out->leaves, out->leaf_count);
    }
    return status ? gs_err_nomem(err, s->segment_arena.taken) : GAOSOU_OK;
}

static enum gaosou_status fail_segment(const struct gs_search_segment *segment,
                                       enum gaosou_status status, struct gs_err *err)
{
    const char *path = gs_segment_path(segment->part->segment);
    if (status == GAOSOU_E_NOMEM)
        return gs_err_set(err, status, "out of memory while searching %s", path);
    return gs_err_set(err, status,
                      "%s is damaged: section postings or positions: a list cannot be read "
                      "(gaosou-index check names it)",
                      path);
}

enum gaosou_status gs_search_close_segment(struct gs_search *s, struct gs_search_segment *segment,
                                           struct gs_err *err)
{
    enum gaosou_status first = close_leaves(segment->leaves, segment->leaf_count);
    enum gaosou_status second = close_leaves(segment->again, segment->leaf_count);
    enum gaosou_status status = s->scratch.status ? s->scratch.status : first ? first : second;
    return status ? fail_segment(segment, status, err) : GAOSOU_OK;
}

/* ---- filing by filing ---- */

/* Below every OR there may be an AND that fails while some of its leaves occur. */
static bool is_nested(const struct gs_node *node, bool below_or)
{
    if (node->kind == GS_NODE_AND && below_or)
        return true;
    for (size_t i = 0; i < node->child_count; i++) {
        if (is_nested(node->children[i], below_or || node->kind == GS_NODE_OR))
            return true;
    }
    return false;
}

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
                                        .take_unknown = run->take_unknown};
    return gs_node_open(&t->root, query->root, &parts) ? gs_err_nomem(run->err, arena->taken)
                                                       : GAOSOU_OK;
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

static enum gaosou_status walk(struct gs_search_run *run, struct gs_search_segment *segment)
{
    struct tally t = {0};
    struct gs_unsearched unsearched;
    enum gaosou_status status = open_tally(run, segment, &t);
    if (status)
        return status;
    gs_unsearched_open(&unsearched, segment->part->segment);
    for (uint32_t doc = gs_node_seek(&t.root, 0);
         doc < segment->doc_count && !status && !run->search->top.status;
         doc = gs_node_seek(&t.root, doc + 1)) {
        if (gs_snapshot_is_deleted(segment->part, doc))
            continue;
        enum gs_truth truth = confirm(run, segment, &t, &unsearched, doc);
        if (truth == GS_TRUTH_YES)
            status = add_match(run, segment, &t, doc);
        else if (truth == GS_TRUTH_UNKNOWN)
            count_unjudged(run, &t, doc);
    }
    for (size_t i = 0; i < run->query->filter_count && !status; i++)
        status = gs_filter_status(&t.filters[i], run->err);
    if (!status && unsearched.status)
        status = gs_err_set(run->err, unsearched.status,
                            "%s is damaged: section columns (gaosou-index check names it)",
                            gs_segment_path(segment->part->segment));
    return status;
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
    return is_flat_or(root) ? gs_search_any(run, segment) : walk(run, segment);
}

static enum gaosou_status run_segment(struct gs_search_run *run, size_t index)
{
    struct gs_search_segment segment;
    enum gaosou_status status =
        gs_search_open_segment(run->search, index, false, run->nested, &segment, run->err);
    if (status)
        return status;
    status = search_segment(run, &segment);
    enum gaosou_status closed =
        gs_search_close_segment(run->search, &segment, status ? NULL : run->err);
    return status ? status : closed;
}

/* ---- results ---- */

static enum gaosou_status fail_top(const struct gs_search_run *run)
{
    const struct gs_topk *top = &run->search->top;
    if (top->status == GAOSOU_E_LIMIT)
        return gs_err_set(
            run->err, GAOSOU_E_LIMIT,
            "too many results for this many terms: at most %zu counts; ask for fewer results",
            GS_TOPK_COUNTS_MAX);
    return gs_err_nomem(run->err, top->capacity * sizeof(*top->entries));
}

static enum gaosou_status fit_hits(struct gs_search *s, size_t count, struct gs_err *err)
{
    s->hit_count = 0;
    if (count <= s->hit_capacity)
        return GAOSOU_OK;
    struct gs_hit *grown = realloc(s->hits, count * sizeof(*grown));
    if (!grown)
        return gs_err_nomem(err, count * sizeof(*grown));
    s->hits = grown;
    s->hit_capacity = count;
    return GAOSOU_OK;
}

/* The ranked entry as the next hit. */
static enum gaosou_status add_hit(struct gs_search *s, size_t entry, struct gs_err *err)
{
    const struct gs_topk_entry *e = &s->top.entries[entry];
    struct gs_hit *hit = &s->hits[s->hit_count++];
    *hit = (struct gs_hit){.score = e->score,
                           .segment = e->segment,
                           .doc = e->doc,
                           .counts = gs_topk_counts(&s->top, e)};
    return gs_column_get(s->plan.snapshot->segments[e->segment].segment, GS_COLUMN_SEQUENCE, e->doc,
                         &hit->sequence, err);
}

static enum gaosou_status make_all_hits(struct gs_search *s, size_t offset, struct gs_err *err)
{
    size_t first = offset < s->top.count ? offset : s->top.count;
    enum gaosou_status status = fit_hits(s, s->top.count - first, err);
    for (size_t i = first; i < s->top.count && status == GAOSOU_OK; i++)
        status = add_hit(s, i, err);
    return status;
}

static enum gaosou_status make_collapsed_hits(struct gs_search *s,
                                              const struct gs_search_options *o, struct gs_err *err)
{
    struct gs_collapse *c = &s->collapse;
    gs_collapse_release(c);
    enum gaosou_status status =
        gs_collapse_make(c, s->plan.snapshot, &s->top, o->offset, o->limit, err);
    if (status == GAOSOU_OK)
        status = fit_hits(s, c->shown_count, err);
    for (size_t i = 0; i < c->shown_count && status == GAOSOU_OK; i++) {
        status = add_hit(s, c->shown[i], err);
        s->hits[i].twins = c->twins + c->twin_starts[i];
        s->hits[i].twin_count = c->twin_starts[i + 1] - c->twin_starts[i];
    }
    return status;
}

static enum gaosou_status make_result(struct gs_search_run *run,
                                      const struct gs_search_options *options,
                                      struct gs_result *result)
{
    struct gs_search *s = run->search;
    gs_topk_sort(&s->top);
    enum gaosou_status status = options->collapse ? make_collapsed_hits(s, options, run->err)
                                                  : make_all_hits(s, options->offset, run->err);
    if (status)
        return status;
    *result = (struct gs_result){.hits = s->hits,
                                 .hit_count = s->hit_count,
                                 .total = run->total,
                                 .total_exact = !run->pruned,
                                 .collapsed = options->collapse ? s->collapse.collapsed : 0,
                                 .occurrences = run->occurrences,
                                 .occurrences_exact = !run->pruned && !run->open_occurrences};
    memcpy(result->unjudged, run->unjudged, sizeof(result->unjudged));
    return gs_unsearched_count(s->plan.snapshot, run->query, run->take_unknown, result->unsearched,
                               run->err);
}

/* How many of the best filings are to be kept; a collapse has to see all. */
static size_t wanted_filings(const struct gs_search_options *o)
{
    if (o->collapse)
        return SIZE_MAX;
    if (o->limit == 0)
        return 0;
    return o->limit > SIZE_MAX - o->offset ? SIZE_MAX : o->limit + o->offset;
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
    struct gs_search_run run = {
        .search = s,
        .query = query,
        .scorer =
            gs_scorer_make(options->k1, options->b, snapshot->doc_count, snapshot->total_length),
        .prune =
            options->limit > 0 && !options->count_all && !options->exhaustive && !options->collapse,
        .nested = is_nested(query->root, false),
        .take_unknown = options->take_unknown,
        .err = err};
    gs_float_scorer_init(&run.approximate, &run.scorer);
    s->has_plan = false;
    gs_topk_begin(&s->top, wanted_filings(options), query->leaf_count);
    enum gaosou_status status = gs_search_plan(s, snapshot, query, err);
    for (size_t i = 0; i < snapshot->segment_count && !status; i++)
        status = run_segment(&run, i);
    if (!status && s->top.status)
        status = fail_top(&run);
    return status ? status : make_result(&run, options, result);
}
