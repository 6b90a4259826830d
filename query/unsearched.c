#include "query/unsearched.h"

#include <stdlib.h>

void gs_unsearched_open(struct gs_unsearched *u, const struct gs_segment *segment)
{
    *u = (struct gs_unsearched){.segment = segment};
    u->status = gs_column_next(segment, GS_COLUMN_TEXT_STATE, 0, &u->next, NULL);
    if (u->status)
        u->next = GS_DOC_END;
}

bool gs_unsearched_seek(struct gs_unsearched *u, uint32_t doc)
{
    if (u->next < doc) {
        u->status = gs_column_next(u->segment, GS_COLUMN_TEXT_STATE, doc, &u->next, NULL);
        if (u->status)
            u->next = GS_DOC_END;
    }
    return u->next == doc;
}

/* ---- judging ---- */

struct judging {
    const struct gs_query *query;
    struct gs_leaf_match *leaves;
    struct gs_filter_match *filters;
    bool take_unknown;
    uint32_t doc;
    enum gs_unsearched_text text;
};

/* Whether the leaf counts as one that matches; negated: below an odd number of NOTs. */
static bool judge_leaf(const struct judging *j, size_t leaf, bool negated)
{
    if (j->query->leaves[leaf].kind == GS_LEAF_NOTHING)
        return false;
    if ((j->text == GS_TEXT_SAYS_MOST) != negated)
        return true;
    return j->text == GS_TEXT_SAYS_LEAST && gs_leaf_tf_at(&j->leaves[leaf], j->doc) > 0;
}

/* Where words stand is not known but for those of a title: a group matches where it may, and
 * nowhere for sure. */
static bool judge_group(const struct judging *j, bool negated)
{
    return (j->text == GS_TEXT_SAYS_MOST) != negated;
}

/* Recursion is bounded by GS_QUERY_DEPTH_MAX. */
static enum gs_truth judge_node(const struct judging *j, const struct gs_node *n, bool negated)
{
    if (n->kind == GS_NODE_LEAF)
        return judge_leaf(j, n->leaf, negated) ? GS_TRUTH_YES : GS_TRUTH_NO;
    if (n->kind == GS_NODE_FILTER) {
        enum gs_truth truth = gs_filter_truth(&j->filters[n->leaf], j->doc);
        if (truth == GS_TRUTH_UNKNOWN && j->take_unknown)
            truth = negated ? GS_TRUTH_NO : GS_TRUTH_YES;
        return truth;
    }
    if (gs_node_is_group(n))
        return judge_group(j, negated) ? GS_TRUTH_YES : GS_TRUTH_NO;
    if (n->kind == GS_NODE_NOT)
        return GS_TRUTH_YES - judge_node(j, n->children[0], !negated);
    enum gs_truth all = n->kind == GS_NODE_AND ? GS_TRUTH_YES : GS_TRUTH_NO;
    for (size_t i = 0; i < n->child_count; i++) {
        enum gs_truth truth = judge_node(j, n->children[i], negated);
        if (n->kind == GS_NODE_AND ? truth < all : truth > all)
            all = truth;
    }
    return all;
}

enum gs_truth gs_unsearched_judge(const struct gs_query *query, struct gs_leaf_match *leaves,
                                  struct gs_filter_match *filters, bool take_unknown, uint32_t doc,
                                  enum gs_unsearched_text text)
{
    const struct judging j = {query, leaves, filters, take_unknown, doc, text};
    return judge_node(&j, query->root, false);
}

/* ---- counting ---- */

static enum gaosou_status count_segment(const struct gs_snapshot_segment *part,
                                        const struct gs_query *query,
                                        struct gs_filter_match *filters, bool take_unknown,
                                        uint64_t *counts, struct gs_err *err)
{
    const struct gs_segment *segment = part->segment;
    uint32_t doc = 0;
    enum gaosou_status status = gs_column_next(segment, GS_COLUMN_TEXT_STATE, 0, &doc, err);
    for (size_t i = 0; i < query->filter_count; i++)
        gs_filter_open(&filters[i], &query->filters[i], segment);
    while (status == GAOSOU_OK && doc != GS_DOC_END) {
        uint64_t state = 0;
        status = gs_column_get(segment, GS_COLUMN_TEXT_STATE, doc, &state, err);
        if (status == GAOSOU_OK && state < GS_TEXT_STATE_COUNT &&
            !gs_snapshot_is_deleted(part, doc) &&
            gs_unsearched_judge(query, NULL, filters, take_unknown, doc, GS_TEXT_SAYS_MOST) ==
                GS_TRUTH_YES)
            counts[state]++;
        if (status == GAOSOU_OK)
            status = gs_column_next(segment, GS_COLUMN_TEXT_STATE, doc + 1, &doc, err);
    }
    for (size_t i = 0; i < query->filter_count; i++) {
        status = status ? status : gs_filter_status(&filters[i], err);
        gs_filter_close(&filters[i]);
    }
    return status;
}

enum gaosou_status gs_unsearched_count(const struct gs_snapshot *snapshot,
                                       const struct gs_query *query, bool take_unknown,
                                       uint64_t *counts, struct gs_err *err)
{
    struct gs_filter_match *filters = calloc(query->filter_count + 1, sizeof(*filters));
    enum gaosou_status status = GAOSOU_OK;
    if (!filters)
        return gs_err_nomem(err, query->filter_count * sizeof(*filters));
    for (size_t i = 0; i < snapshot->segment_count && status == GAOSOU_OK; i++)
        status = count_segment(&snapshot->segments[i], query, filters, take_unknown, counts, err);
    free(filters);
    return status;
}
