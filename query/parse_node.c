/* Nodes of a query's tree and lists of them while it is made. */
#include "query/parse.h"

#include <string.h>

struct gs_node *gs_parse_node(struct gs_parser *p, enum gs_node_kind kind,
                              struct gs_node *const *children, size_t count)
{
    struct gs_node *node = gs_arena_alloc(p->arena, sizeof(*node));
    struct gs_node **copy = count ? gs_arena_alloc(p->arena, count * sizeof(*copy)) : NULL;
    if (!node || (count && !copy))
        return NULL;
    if (count)
        memcpy(copy, children, count * sizeof(*copy));
    *node = (struct gs_node){.kind = kind, .children = copy, .child_count = count};
    return node;
}

struct gs_node *gs_parse_leaf_node(struct gs_parser *p, uint32_t leaf)
{
    struct gs_node *node = gs_arena_alloc(p->arena, sizeof(*node));
    if (node)
        *node = (struct gs_node){.kind = GS_NODE_LEAF, .leaf = leaf};
    return node;
}

enum gaosou_status gs_node_list_push(struct gs_parser *p, struct gs_node_list *list,
                                     struct gs_node *node)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 4;
        struct gs_node **grown = gs_arena_alloc(p->arena, capacity * sizeof(*grown));
        if (!grown)
            return gs_parse_nomem(p);
        if (list->count)
            memcpy(grown, list->nodes, list->count * sizeof(*grown));
        list->nodes = grown;
        list->capacity = capacity;
    }
    list->nodes[list->count++] = node;
    return GAOSOU_OK;
}

enum gaosou_status gs_node_list_splice(struct gs_parser *p, struct gs_node_list *list,
                                       enum gs_node_kind kind, struct gs_node *node)
{
    if (!node)
        return GAOSOU_OK;
    if (node->kind != kind)
        return gs_node_list_push(p, list, node);
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0; i < node->child_count && !status; i++)
        status = gs_node_list_push(p, list, node->children[i]);
    return status;
}

enum gaosou_status gs_node_list_finish(struct gs_parser *p, const struct gs_node_list *list,
                                       enum gs_node_kind kind, struct gs_node **out)
{
    *out = NULL;
    if (list->count == 0)
        return GAOSOU_OK;
    *out = list->count == 1 ? list->nodes[0] : gs_parse_node(p, kind, list->nodes, list->count);
    return *out ? GAOSOU_OK : gs_parse_nomem(p);
}

bool gs_node_is_exclusion(const struct gs_node *node)
{
    if (node->kind == GS_NODE_NOT)
        return true;
    if (node->kind != GS_NODE_AND)
        return false;
    for (size_t i = 0; i < node->child_count; i++) {
        if (node->children[i]->kind != GS_NODE_NOT)
            return false;
    }
    return true;
}

/* Recursion is bounded by GS_QUERY_DEPTH_MAX. */
bool gs_node_is_filters(const struct gs_node *node)
{
    if (node->kind == GS_NODE_LEAF)
        return false;
    for (size_t i = 0; i < node->child_count; i++) {
        if (!gs_node_is_filters(node->children[i]))
            return false;
    }
    return true;
}
