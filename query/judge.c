#include "query/judge.h"

#include "query/unsearched.h"

#include <string.h>

/* Recursion here is bounded by GS_QUERY_DEPTH_MAX. */

struct judging {
    struct gs_judgement *out;
    struct gs_search_run run;
    struct gs_search_segment segment;
    struct gs_filter_match *filters;
    uint32_t doc;
};

size_t gs_judge_count(const struct gs_node *node)
{
    size_t count = 1;
    for (size_t i = 0; i < node->child_count; i++)
        count += gs_judge_count(node->children[i]);
    return count;
}

/* ---- truth ---- */

struct place {
    size_t number; /* of the node */
    bool negated;  /* below an odd number of exclusions */
    bool grouped;
};

static enum gs_truth judge_node(struct judging *j, const struct gs_node *node, struct place *at);

/* The least or the greatest of the children's. */
static enum gs_truth judge_children(struct judging *j, const struct gs_node *node, struct place *at)
{
    bool all = node->kind != GS_NODE_OR;
    enum gs_truth result = all ? GS_TRUTH_YES : GS_TRUTH_NO;
    for (size_t i = 0; i < node->child_count; i++) {
        enum gs_truth truth = judge_node(j, node->children[i], at);
        if (all ? truth < result : truth > result)
            result = truth;
    }
    return node->kind == GS_NODE_NOT ? GS_TRUTH_YES - result : result;
}

static enum gs_truth judge_filter(struct judging *j, const struct gs_node *node, bool negated)
{
    enum gs_truth truth = gs_filter_truth(&j->filters[node->leaf], j->doc);
    if (truth != GS_TRUTH_UNKNOWN || !j->run.take_unknown)
        return truth;
    return negated ? GS_TRUTH_NO : GS_TRUTH_YES;
}

static enum gs_truth judge_node(struct judging *j, const struct gs_node *node, struct place *at)
{
    size_t number = at->number++;
    struct place inside = *at;
    enum gs_truth truth;
    bool outermost = gs_node_is_group(node) && !at->grouped;
    inside.negated = at->negated != (node->kind == GS_NODE_NOT);
    inside.grouped |= outermost;
    if (node->kind == GS_NODE_LEAF)
        truth = j->out->leaves[node->leaf].all ? GS_TRUTH_YES : GS_TRUTH_NO;
    else if (node->kind == GS_NODE_FILTER)
        truth = judge_filter(j, node, at->negated);
    else
        truth = judge_children(j, node, &inside);
    if (outermost)
        truth = gs_group_confirm(&j->segment.groups.all[node->leaf], j->doc) ? GS_TRUTH_YES
                                                                             : GS_TRUTH_NO;
    at->number = inside.number;
    j->out->nodes[number] = truth;
    return truth;
}

/* ---- leaves ---- */

static void count_all(struct judging *j)
{
    for (size_t i = 0; i < j->segment.leaf_count; i++)
        j->out->leaves[i].all = gs_leaf_tf_at(&j->segment.leaves[i], j->doc);
}

/* What belongs to the groups, once these are confirmed. */
static void count_grouped(struct judging *j)
{
    gs_groups_confirm(&j->segment.groups, j->doc);
    for (size_t i = 0; i < j->segment.leaf_count; i++)
        j->out->leaves[i].count = gs_leaf_tf_at(&j->segment.again[i], j->doc);
}

static void mark_below(struct gs_judgement *out, const struct gs_node *node)
{
    if (node->kind == GS_NODE_LEAF)
        out->leaves[node->leaf].scored = true;
    for (size_t i = 0; i < node->child_count; i++) {
        if (node->children[i]->kind != GS_NODE_NOT)
            mark_below(out, node->children[i]);
    }
}

/* The leaves of the branches that match, as gs_node_mark does it. */
static void mark(struct gs_judgement *out, const struct gs_node *node, size_t number)
{
    if (node->kind == GS_NODE_LEAF || gs_node_is_group(node)) {
        mark_below(out, node);
        return;
    }
    size_t child = number + 1;
    for (size_t i = 0; i < node->child_count; i++) {
        const struct gs_node *below = node->children[i];
        if (below->kind != GS_NODE_NOT &&
            (node->kind == GS_NODE_AND || out->nodes[child] == GS_TRUTH_YES))
            mark(out, below, child);
        child += gs_judge_count(below);
    }
}

static void score_leaves(struct judging *j)
{
    struct gs_judgement *out = j->out;
    const struct gs_plan *plan = &j->run.search->plan;
    out->score = 0;
    for (size_t i = 0; i < out->leaf_count; i++) {
        struct gs_judged_leaf *leaf = &out->leaves[i];
        leaf->weight = plan->leaves[i].weight;
        leaf->scored = leaf->scored && leaf->count && !plan->leaves[i].excluded;
        leaf->part = leaf->scored ? gs_score_part(leaf->weight, leaf->count, out->norm) : 0;
        out->score += leaf->part;
        out->found += leaf->all > 0 && out->min_match > 0;
    }
}

/* ---- the filing ---- */

static enum gaosou_status read_columns(struct judging *j)
{
    const struct gs_segment *segment = j->segment.part->segment;
    uint64_t length, state;
    enum gaosou_status status =
        gs_column_get(segment, GS_COLUMN_LENGTH, j->doc, &length, j->run.err);
    if (!status)
        status = gs_column_get(segment, GS_COLUMN_TEXT_STATE, j->doc, &state, j->run.err);
    if (status)
        return status;
    j->out->length =
        (uint32_t)length < j->run.scorer.longest ? (uint32_t)length : j->run.scorer.longest;
    j->out->norm = gs_score_norm(&j->run.scorer, (uint32_t)length);
    j->out->text_state = (enum gs_text_state)state;
    return GAOSOU_OK;
}

static enum gaosou_status judge(struct judging *j, const struct gs_search_options *options)
{
    struct gs_judgement *out = j->out;
    struct place at = {0};
    enum gaosou_status status = read_columns(j);
    if (status)
        return status;
    count_all(j);
    out->truth = judge_node(j, j->run.query->root, &at);
    count_grouped(j);
    if (out->truth != GS_TRUTH_NO && out->text_state != GS_TEXT_READ)
        out->truth = gs_unsearched_judge(j->run.query, j->segment.leaves, j->filters,
                                         j->run.take_unknown, j->doc, GS_TEXT_SAYS_LEAST);
    mark(out, j->run.query->root, 0);
    score_leaves(j);
    if (out->found < out->min_match)
        out->truth = GS_TRUTH_NO;
    if (out->second_pass)
        status = gs_rerank_filing(&j->run, options, &j->segment, j->doc, &out->second);
    out->score += out->second.title;
    out->score += out->second.passage;
    return status;
}

static enum gaosou_status open_filters(struct judging *j, struct gs_arena *arena)
{
    const struct gs_query *query = j->run.query;
    j->filters = gs_arena_alloc(arena, query->filter_count * sizeof(*j->filters));
    if (!j->filters)
        return gs_err_nomem(j->run.err, query->filter_count * sizeof(*j->filters));
    for (size_t i = 0; i < query->filter_count; i++)
        gs_filter_open(&j->filters[i], &query->filters[i], j->segment.part->segment);
    return GAOSOU_OK;
}

static enum gaosou_status close_filters(struct judging *j, enum gaosou_status status)
{
    for (size_t i = 0; i < j->run.query->filter_count; i++) {
        status = status ? status : gs_filter_status(&j->filters[i], j->run.err);
        gs_filter_close(&j->filters[i]);
    }
    return status;
}

static enum gaosou_status take_arrays(struct gs_judgement *out, struct gs_arena *arena,
                                      const struct gs_query *query, struct gs_err *err)
{
    size_t nodes = gs_judge_count(query->root);
    out->leaf_count = query->leaf_count;
    out->nodes = gs_arena_alloc(arena, nodes * sizeof(*out->nodes));
    out->leaves = gs_arena_alloc(arena, query->leaf_count * sizeof(*out->leaves));
    if (!out->nodes || !out->leaves)
        return gs_err_nomem(err, nodes * sizeof(*out->nodes));
    memset(out->leaves, 0, query->leaf_count * sizeof(*out->leaves));
    return GAOSOU_OK;
}

static enum gaosou_status begin(struct judging *j, const struct gs_snapshot *snapshot,
                                const struct gs_search_options *o)
{
    struct gs_search_run *run = &j->run;
    struct gs_search *s = run->search;
    run->take_unknown = o->take_unknown;
    run->ranking = gs_ranking_of(&o->ranking, run->query);
    j->out->min_match = gs_search_min_match(run->query, o);
    run->view = snapshot;
    run->after = o->after;
    gs_search_init_scorers(run, o);
    if (gs_search_has_plan(s, snapshot, run->query))
        return GAOSOU_OK;
    enum gaosou_status status = gs_search_plan(s, snapshot, run->query, NULL, run->err);
    if (!status)
        gs_ranking_weigh(&s->plan, run->query, &run->ranking);
    return status;
}

enum gaosou_status gs_judge_filing(struct gs_judgement *out, struct gs_arena *arena,
                                   struct gs_search *search, const struct gs_snapshot *snapshot,
                                   const struct gs_query *query,
                                   const struct gs_search_options *options, uint32_t segment,
                                   uint32_t doc, bool second_pass, struct gs_err *err)
{
    struct judging j = {
        .out = out, .doc = doc, .run = {.search = search, .query = query, .err = err}};
    *out = (struct gs_judgement){.second_pass = second_pass};
    enum gaosou_status status = take_arrays(out, arena, query, err);
    if (!status)
        status = begin(&j, snapshot, options);
    if (!status)
        status = gs_search_open_segment(search, segment, true, true, &j.segment, err);
    if (status)
        return status;
    status = open_filters(&j, arena);
    if (!status)
        status = close_filters(&j, judge(&j, options));
    enum gaosou_status closed = gs_search_close_segment(search, &j.segment, status ? NULL : err);
    return status ? status : closed;
}

bool gs_judge_was_reranked(const struct gs_search *search, uint32_t segment, uint32_t doc)
{
    for (size_t i = 0; i < search->top.count && i < search->head; i++) {
        const struct gs_topk_entry *e = &search->top.entries[i];
        if (e->segment == segment && e->doc == doc)
            return true;
    }
    return false;
}
