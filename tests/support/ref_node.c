/* Nodes of the reference's query tree. See ref_sign.h. */
#include "tests/support/ref_sign.h"

struct ref_node *ref_node_new(enum gs_node_kind kind)
{
    struct ref_node *n = calloc(1, sizeof(*n));
    if (!n)
        abort();
    n->kind = kind;
    return n;
}

void ref_node_free(struct ref_node *n)
{
    if (!n)
        return;
    for (size_t i = 0; i < n->children.count; i++)
        ref_node_free(n->children.at[i]);
    REF_RELEASE(&n->children);
    free(n);
}

struct ref_node *ref_node_leaf(struct parser *p, const struct ref_leaf *leaf)
{
    struct ref_node *n = ref_node_new(GS_NODE_LEAF);
    n->leaf = p->query->leaves.count;
    *REF_PUSH(&p->query->leaves) = *leaf;
    return n;
}

void ref_node_join(struct ref_node *parent, struct ref_node *child)
{
    if (child && child->kind == parent->kind) {
        for (size_t i = 0; i < child->children.count; i++)
            *REF_PUSH(&parent->children) = child->children.at[i];
        REF_CLEAR(&child->children);
        ref_node_free(child);
    } else if (child) {
        *REF_PUSH(&parent->children) = child;
    }
}

struct ref_node *ref_node_settle(struct ref_node *n)
{
    if (n->children.count > 1)
        return n;
    struct ref_node *only = n->children.count ? n->children.at[0] : NULL;
    REF_CLEAR(&n->children);
    ref_node_free(n);
    return only;
}

bool ref_node_is_exclusion(const struct ref_node *n)
{
    if (n->kind != GS_NODE_AND)
        return n->kind == GS_NODE_NOT;
    for (size_t i = 0; i < n->children.count; i++)
        if (n->children.at[i]->kind != GS_NODE_NOT)
            return false;
    return true;
}

bool ref_node_has(const struct ref_node *n, enum gs_node_kind kind)
{
    bool has = n->kind == kind;
    for (size_t i = 0; i < n->children.count && !has; i++)
        has = ref_node_has(n->children.at[i], kind);
    return has;
}

bool ref_node_is_filters(const struct ref_node *n)
{
    return ref_node_has(n, GS_NODE_FILTER) && !ref_node_has(n, GS_NODE_LEAF);
}

struct ref_node *ref_fail(struct parser *p)
{
    p->failed = true;
    return NULL;
}
