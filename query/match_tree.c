#include "query/match.h"

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

enum gaosou_status gs_node_open(struct gs_node_match *n, struct gs_arena *arena,
                                const struct gs_node *from, struct gs_leaf_match *leaves)
{
    *n = (struct gs_node_match){
        .kind = from->kind, .checked_doc = GS_DOC_END, .child_count = from->child_count};
    if (from->kind == GS_NODE_LEAF) {
        n->leaf = &leaves[from->leaf];
        n->cost = n->leaf->cost;
        return GAOSOU_OK;
    }
    n->children = gs_arena_alloc(arena, n->child_count * sizeof(*n->children));
    if (!n->children)
        return GAOSOU_E_NOMEM;
    for (size_t i = 0; i < n->child_count; i++) {
        enum gaosou_status status = gs_node_open(&n->children[i], arena, from->children[i], leaves);
        if (status)
            return status;
    }
    if (n->kind == GS_NODE_AND)
        settle_and(n);
    else
        settle_or(n);
    return GAOSOU_OK;
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
    if (n->kind == GS_NODE_NOT)
        return gs_node_seek(&n->children[0], target);
    if (n->started && n->doc >= target)
        return n->doc;
    n->started = true;
    n->doc = n->kind == GS_NODE_AND ? seek_and(n, target) : seek_or(n, target);
    return n->doc;
}

static bool confirm_and(struct gs_node_match *n)
{
    for (size_t i = 0; i < n->positive_count; i++) {
        if (!gs_node_confirm(&n->children[i]))
            return false;
    }
    for (size_t i = n->positive_count; i < n->child_count; i++) {
        struct gs_node_match *excluded = &n->children[i].children[0];
        if (gs_node_seek(excluded, n->doc) == n->doc && gs_node_confirm(excluded))
            return false;
    }
    return true;
}

/* All of them: each that matches scores. */
static bool confirm_or(struct gs_node_match *n)
{
    bool any = false;
    for (size_t i = 0; i < n->child_count; i++) {
        if (gs_node_seek(&n->children[i], n->doc) == n->doc)
            any |= gs_node_confirm(&n->children[i]);
    }
    return any;
}

bool gs_node_confirm(struct gs_node_match *n)
{
    if (n->kind == GS_NODE_LEAF)
        return gs_leaf_confirm(n->leaf) > 0;
    if (n->checked_doc == n->doc)
        return n->matched;
    n->matched = n->kind == GS_NODE_AND ? confirm_and(n) : confirm_or(n);
    n->checked_doc = n->doc;
    return n->matched;
}

static bool is_match(const struct gs_node_match *n, uint32_t doc)
{
    if (n->kind == GS_NODE_LEAF)
        return n->leaf->tf_doc == doc && n->leaf->tf > 0;
    return n->checked_doc == doc && n->matched;
}

void gs_node_mark(const struct gs_node_match *n, const struct gs_leaf_match *leaves, bool *scored)
{
    if (n->kind == GS_NODE_LEAF) {
        scored[n->leaf - leaves] = true;
        return;
    }
    for (size_t i = 0; i < n->positive_count; i++) {
        if (n->kind == GS_NODE_AND || is_match(&n->children[i], n->doc))
            gs_node_mark(&n->children[i], leaves, scored);
    }
}
