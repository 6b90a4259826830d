/* gs_query_parse and gs_query_free: what surrounds the grammar. */
#include "query/parse.h"
#include "common/base/checksum.h"
#include "query/synonyms.h"

#include <stdlib.h>

#define MEMORY_MAX ((size_t)256 << 20) /* of one query's tree; its caps keep it far below */

/* Recursion is bounded by GS_QUERY_DEPTH_MAX. */
static void mark_excluded(struct gs_query *q, const struct gs_node *node, bool excluded)
{
    if (node->kind == GS_NODE_LEAF)
        q->leaves[node->leaf].excluded = excluded;
    for (size_t i = 0; i < node->child_count; i++)
        mark_excluded(q, node->children[i], excluded || node->kind == GS_NODE_NOT);
}

static enum gaosou_status parse_mode(struct gs_parser *p, enum gs_query_mode mode)
{
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
    if (status)
        return status;
    mark_excluded(p->query, p->query->root, false);
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
    query->fingerprint = gs_hash64(text, size) + (uint64_t)params->mode;
    if (params->synonyms)
        query->fingerprint ^= gs_synonyms_fingerprint(params->synonyms);
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
    enum gaosou_status status = parse_mode(&p, params->mode);
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
