/* gs_query_parse and gs_query_free: what surrounds the grammar. */
#include "query/parse.h"
#include "common/base/checksum.h"
#include "query/leaf_same.h"

#include <stdlib.h>
#include <string.h>

#define MEMORY_MAX ((size_t)256 << 20) /* of one query's tree; its caps keep it far below */

/* Recursion is bounded by GS_QUERY_DEPTH_MAX. */
static void mark_leaves(struct gs_query *q, struct gs_node *node, bool excluded, bool grouped)
{
    if (node->kind == GS_NODE_LEAF) {
        q->leaves[node->leaf].excluded = excluded;
        q->leaves[node->leaf].grouped = grouped;
    }
    excluded = excluded || node->kind == GS_NODE_NOT;
    if (gs_node_is_group(node) && !grouped) {
        node->leaf = (uint32_t)q->group_count++;
        grouped = true;
    }
    for (size_t i = 0; i < node->child_count; i++)
        mark_leaves(q, node->children[i], excluded, grouped);
}

/* All of the query and of the filters beside it must hold. */
static enum gaosou_status join_filters(struct gs_parser *p, struct gs_node *text,
                                       struct gs_node *filters)
{
    struct gs_node_list list = {0};
    enum gaosou_status status = gs_node_list_splice(p, &list, GS_NODE_AND, text);
    if (!status)
        status = gs_node_list_splice(p, &list, GS_NODE_AND, filters);
    return status ? status : gs_node_list_finish(p, &list, GS_NODE_AND, &p->query->root);
}

/* Filters given beside the query, whatever its mode: a text of their own, in the language. */
static enum gaosou_status parse_beside(struct gs_parser *p, const char *text, size_t size)
{
    struct gs_node *filters = NULL;
    p->text = (const uint8_t *)text;
    p->size = size;
    p->at = p->counted_at = p->counted = 0;
    p->beside = true;
    if (size > GS_QUERY_BYTES_MAX)
        return gs_parse_limit(p, "too many bytes", "字节过多", GS_QUERY_BYTES_MAX);
    enum gaosou_status status = gs_parse_all(p, &filters);
    if (status || !filters)
        return status;
    if (!gs_node_is_filters(filters))
        return gs_parse_fail(p, 0, "filters beside a query hold filters alone (date:2024 ...)",
                             "查询之外的筛选条件只能由字段组成（如 date:2024）");
    return join_filters(p, p->query->root, filters);
}

/* ---- fingerprint ---- */

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 29;
}

static uint64_t mix_text(uint64_t hash, const char *text)
{
    return mix(hash, gs_hash64(text, strlen(text)));
}

static uint64_t leaf_fingerprint(uint64_t hash, const struct gs_leaf *leaf)
{
    hash = mix(hash, (uint64_t)leaf->kind << 1 | leaf->title_only);
    hash = mix(hash, leaf->multiplicity);
    hash = mix(hash, gs_leaf_hash(leaf));
    for (size_t i = 0; i < leaf->item_count; i++) {
        const struct gs_item *item = &leaf->items[i];
        hash = mix(hash, (uint64_t)item->is_prefix | (uint64_t)item->is_pattern << 1 |
                             (uint64_t)item->joined << 2 | (uint64_t)item->beside_word << 3);
    }
    return hash;
}

/* Of how the query was read, whatever made it read so. Recursion is bounded by GS_QUERY_DEPTH_MAX.
 */
static uint64_t fingerprint(const struct gs_query *q, const struct gs_node *node, uint64_t hash)
{
    hash = mix(hash, (uint64_t)node->kind << 32 | node->distance);
    if (node->kind == GS_NODE_LEAF)
        return leaf_fingerprint(hash, &q->leaves[node->leaf]);
    if (node->kind == GS_NODE_FILTER) {
        const struct gs_filter *filter = &q->filters[node->leaf];
        return mix_text(mix_text(hash, filter->name), filter->text);
    }
    for (size_t i = 0; i < node->child_count; i++)
        hash = fingerprint(q, node->children[i], hash);
    return mix(hash, node->child_count);
}

static enum gaosou_status parse_mode(struct gs_parser *p, const struct gs_query_params *params)
{
    enum gs_query_mode mode = params->mode;
    if (p->size > GS_QUERY_BYTES_MAX)
        return gs_parse_limit(p, "too many bytes", "字节过多", GS_QUERY_BYTES_MAX);
    if (!p->cutter || !gs_buf_reserve(&p->piece, 1))
        return gs_parse_nomem(p);
    enum gaosou_status status = mode == GS_QUERY_LITERAL ? GAOSOU_OK : gs_parse_unwrap(p);
    if (status)
        return status;
    status = mode == GS_QUERY_SYNTAX    ? gs_parse_syntax(p)
             : mode == GS_QUERY_LITERAL ? gs_parse_literal(p)
                                        : gs_parse_any(p);
    if (!status)
        status = gs_parse_within(p, params->within, params->within_too);
    if (!status && params->filters)
        status = parse_beside(p, params->filters, params->filters_size);
    if (status)
        return status;
    mark_leaves(p->query, p->query->root, false, false);
    p->query->fingerprint = fingerprint(p->query, p->query->root, params->mode);
    return gs_read_as(p);
}

enum gaosou_status gs_query_parse(struct gs_query **out, const char *text, size_t size,
                                  const struct gs_query_params *params, struct gs_err *err)
{
    struct gs_query *query = calloc(1, sizeof(*query));
    struct gs_arena *arena = malloc(sizeof(*arena));
    if (!query || !arena) {
        free(query);
        free(arena);
        return gs_err_nomem(err, sizeof(*query) + sizeof(*arena));
    }
    gs_arena_init(arena, MEMORY_MAX);
    query->mode = params->mode;
    query->memory = arena;
    struct gs_parser p = {.text = (const uint8_t *)(text ? text : ""),
                          .size = size,
                          .query = query,
                          .arena = arena,
                          .chinese = params->chinese,
                          .synonyms = params->synonyms,
                          .fields = params->fields,
                          .field_count = params->field_count,
                          .err = err,
                          .cutter = gs_cutter_create(true)};
    gs_cut_batch_init(&p.batch);
    gs_buf_init(&p.piece, GS_QUERY_BYTES_MAX + 64);
    enum gaosou_status status = parse_mode(&p, params);
    gs_buf_release(&p.piece);
    gs_cut_batch_release(&p.batch);
    gs_cutter_free(p.cutter);
    if (status) {
        gs_query_free(query);
        return status;
    }
    *out = query;
    return GAOSOU_OK;
}

void gs_query_free(struct gs_query *q)
{
    if (!q)
        return;
    gs_arena_release(q->memory);
    free(q->memory);
    free(q);
}
