#include "query/match_group.h"

#include <stdlib.h>

/* Recursion here is bounded by GS_QUERY_DEPTH_MAX. */

static int compare_nodes(const void *a, const void *b)
{
    const struct gs_node_match *x = a, *y = b;
    bool x_not = x->kind == GS_NODE_NOT, y_not = y->kind == GS_NODE_NOT;
    if (x_not != y_not)
        return x_not ? 1 : -1;
    return x->cost < y->cost ? -1 : x->cost > y->cost;
}

static void settle_and(struct gs_node_match *n)
{
    qsort(n->children, n->child_count, sizeof(*n->children), compare_nodes);
    n->cost = n->children[0].cost;
    n->positive_count = 0;
    for (size_t i = 0; i < n->child_count; i++)
        n->positive_count += n->children[i].kind != GS_NODE_NOT;
}

static void settle_or(struct gs_node_match *n)
{
    n->positive_count = n->child_count;
    for (size_t i = 0; i < n->child_count; i++)
        n->cost += n->children[i].cost;
}

struct opening {
    bool negated; /* below an odd number of exclusions, where taking a filing in means judging it a
                     no */
    bool grouped; /* in a group, which judges for all below it */
};

static enum gaosou_status open_node(struct gs_node_match *n, const struct gs_node *from,
                                    const struct gs_node_parts *parts, struct opening o);

static enum gaosou_status open_children(struct gs_node_match *n, const struct gs_node *from,
                                        const struct gs_node_parts *parts, struct opening o)
{
    n->children = gs_arena_alloc(parts->arena, n->child_count * sizeof(*n->children));
    if (!n->children)
        return GAOSOU_E_NOMEM;
    for (size_t i = 0; i < n->child_count; i++) {
        enum gaosou_status status = open_node(&n->children[i], from->children[i], parts, o);
        if (status)
            return status;
    }
    if (n->kind == GS_NODE_AND || n->kind == GS_NODE_NEAR)
        settle_and(n);
    else
        settle_or(n);
    return GAOSOU_OK;
}

static enum gaosou_status open_node(struct gs_node_match *n, const struct gs_node *from,
                                    const struct gs_node_parts *parts, struct opening o)
{
    *n = (struct gs_node_match){
        .kind = from->kind, .from = from, .checked_doc = GS_DOC_END, .child_count = from->child_count};
    if (from->kind == GS_NODE_LEAF) {
        n->leaf = &parts->leaves[from->leaf];
        n->cost = n->leaf->cost;
        return GAOSOU_OK;
    }
    if (from->kind == GS_NODE_FILTER) {
        n->filter = &parts->filters[from->leaf];
        n->cost = n->filter->doc_count;
        n->unknown = !parts->take_unknown ? GS_TRUTH_UNKNOWN
                     : o.negated          ? GS_TRUTH_NO
                                          : GS_TRUTH_YES;
        return GAOSOU_OK;
    }
    if (gs_node_is_group(from)) {
        n->group = o.grouped ? NULL : &parts->groups[from->leaf];
        o.grouped = true;
    }
    o.negated = o.negated != (from->kind == GS_NODE_NOT);
    return open_children(n, from, parts, o);
}

/* Whether filters lead, and what they cost, where about `others` filings come from elsewhere; then
 * the order of an AND. Exclusions are asked about single filings only. */
static void settle_filters(struct gs_node_match *n, uint64_t others)
{
    if (n->kind == GS_NODE_FILTER) {
        gs_filter_estimate(n->filter, others);
        n->cost = n->filter->cost;
        return;
    }
    if (n->kind != GS_NODE_AND && n->kind != GS_NODE_OR)
        return;
    if (n->kind == GS_NODE_AND && n->cost < others)
        others = n->cost;
    for (size_t i = 0; i < n->positive_count; i++)
        settle_filters(&n->children[i], others);
    n->cost = 0;
    if (n->kind == GS_NODE_AND)
        settle_and(n);
    else
        settle_or(n);
}

enum gaosou_status gs_node_open(struct gs_node_match *n, const struct gs_node *from,
                                const struct gs_node_parts *parts)
{
    enum gaosou_status status = open_node(n, from, parts, (struct opening){false, false});
    if (!status)
        settle_filters(n, UINT64_MAX);
    return status;
}

static uint32_t seek_and(struct gs_node_match *n, uint32_t target)
{
    uint32_t doc = gs_node_seek(&n->children[0], target);
    for (size_t i = 1; i < n->positive_count && doc != GS_DOC_END;) {
        uint32_t other = gs_node_seek(&n->children[i], doc);
        if (other == doc) {
            i++;
            continue;
        }
        doc = other == GS_DOC_END ? other : gs_node_seek(&n->children[0], other);
        i = 1;
    }
    return doc;
}

static uint32_t seek_or(struct gs_node_match *n, uint32_t target)
{
    uint32_t least = GS_DOC_END;
    for (size_t i = 0; i < n->child_count; i++) {
        uint32_t doc = gs_node_seek(&n->children[i], target);
        if (doc < least)
            least = doc;
    }
    return least;
}

uint32_t gs_node_seek(struct gs_node_match *n, uint32_t target)
{
    if (n->kind == GS_NODE_LEAF)
        return gs_leaf_seek(n->leaf, target);
    if (n->kind == GS_NODE_FILTER)
        return n->doc = gs_filter_seek(n->filter, target);
    if (n->kind == GS_NODE_NOT)
        return gs_node_seek(&n->children[0], target);
    if (n->started && n->doc >= target)
        return n->doc;
    n->started = true;
    n->doc = n->kind == GS_NODE_AND || n->kind == GS_NODE_NEAR ? seek_and(n, target)
                                                               : seek_or(n, target);
    return n->doc;
}

static enum gs_truth confirm_and(struct gs_node_match *n)
{
    enum gs_truth least = GS_TRUTH_YES;
    for (size_t i = 0; i < n->positive_count && least; i++) {
        enum gs_truth truth = gs_node_confirm(&n->children[i]);
        least = truth < least ? truth : least;
    }
    for (size_t i = n->positive_count; i < n->child_count && least; i++) {
        struct gs_node_match *excluded = &n->children[i].children[0];
        if (gs_node_seek(excluded, n->doc) != n->doc)
            continue;
        enum gs_truth truth = GS_TRUTH_YES - gs_node_confirm(excluded);
        least = truth < least ? truth : least;
    }
    return least;
}

/* All of them: each that matches scores. */
static enum gs_truth confirm_or(struct gs_node_match *n)
{
    enum gs_truth greatest = GS_TRUTH_NO;
    for (size_t i = 0; i < n->child_count; i++) {
        if (gs_node_seek(&n->children[i], n->doc) != n->doc)
            continue;
        enum gs_truth truth = gs_node_confirm(&n->children[i]);
        greatest = truth > greatest ? truth : greatest;
    }
    return greatest;
}

static enum gs_truth confirm_filter(const struct gs_node_match *n)
{
    enum gs_truth truth = gs_filter_truth(n->filter, n->doc);
    return truth == GS_TRUTH_UNKNOWN ? n->unknown : truth;
}

static enum gs_truth confirm_group(struct gs_node_match *n)
{
    return gs_group_confirm(n->group, n->doc) ? GS_TRUTH_YES : GS_TRUTH_NO;
}

enum gs_truth gs_node_confirm(struct gs_node_match *n)
{
    if (n->kind == GS_NODE_LEAF)
        return gs_leaf_confirm(n->leaf) > 0 ? GS_TRUTH_YES : GS_TRUTH_NO;
    if (n->checked_doc == n->doc)
        return n->truth;
    n->truth = n->kind == GS_NODE_FILTER ? confirm_filter(n)
               : n->group                ? confirm_group(n)
               : n->kind == GS_NODE_AND  ? confirm_and(n)
                                         : confirm_or(n);
    n->checked_doc = n->doc;
    return n->truth;
}

static bool is_match(const struct gs_node_match *n, uint32_t doc)
{
    if (n->kind == GS_NODE_LEAF)
        return n->leaf->tf_doc == doc && n->leaf->tf > 0;
    return n->checked_doc == doc && n->truth == GS_TRUTH_YES;
}

/* In a group that matches each leaf scores that has occurrences left. */
static void mark_all(const struct gs_node_match *n, const struct gs_leaf_match *leaves,
                     bool *scored)
{
    if (n->kind == GS_NODE_LEAF)
        scored[n->leaf - leaves] = true;
    for (size_t i = 0; i < n->positive_count; i++)
        mark_all(&n->children[i], leaves, scored);
}

void gs_node_mark(const struct gs_node_match *n, const struct gs_leaf_match *leaves, bool *scored)
{
    if (n->kind == GS_NODE_LEAF || n->group) {
        mark_all(n, leaves, scored);
        return;
    }
    for (size_t i = 0; i < n->positive_count; i++) {
        if (n->kind == GS_NODE_AND || is_match(&n->children[i], n->doc))
            gs_node_mark(&n->children[i], leaves, scored);
    }
}
