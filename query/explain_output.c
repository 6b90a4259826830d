/* What gs_explain_make has found, as text and as JSON. */
#include "query/explain.h"

#include "common/text/display.h"
#include "query/explain_score.h"
#include "query/read_as.h"

#include <inttypes.h>

#define INDENT     2
#define LISTED_MAX 20u /* lists of a leaf in text; the rest is counted */
#define NODES_MAX  200u
#define NS_IN_US   1000u

static const char *const KINDS[] = {
    [GS_NODE_LEAF] = "leaf",
    [GS_NODE_AND] = "and",
    [GS_NODE_OR] = "or",
    [GS_NODE_NOT] = "not",
    [GS_NODE_FILTER] = "filter",
    [GS_NODE_NEAR] = "near",
    [GS_NODE_SENTENCE] = "sentence",
    [GS_NODE_PARAGRAPH] = "paragraph",
};

/* How a leaf is read. */
static const char *leaf_kind(const struct gs_explained_leaf *leaf)
{
    if (leaf->list_count == 0)
        return "nothing";
    if (leaf->list_count > 1)
        return "phrase";
    return leaf->lists[0].is_union ? "union" : "list";
}

/* ---- text ---- */

static void write_cost(struct gs_buf *out, const struct gs_search_cost *cost, bool chinese)
{
    gs_buf_printf(out,
                  chinese ? "\n说明：计划 %" PRIu64 " µs，匹配 %" PRIu64 " µs，取结果 %" PRIu64
                            " µs；逐份核对 %" PRIu64 " 份\n"
                          : "\nexplain: planning %" PRIu64 " µs, matching %" PRIu64
                            " µs, hits %" PRIu64 " µs; %" PRIu64 " filings confirmed one by one\n",
                  cost->plan_ns / NS_IN_US, cost->match_ns / NS_IN_US, cost->hits_ns / NS_IN_US,
                  cost->candidates);
}

static void write_list(struct gs_buf *out, const struct gs_explained_list *list, size_t indent,
                       bool chinese)
{
    gs_buf_printf(out, "%*s", (int)indent, "");
    gs_display_append(out, list->text.bytes, list->text.size);
    gs_buf_printf(out,
                  chinese ? "  %" PRIu64 " 个列表，%" PRIu64 " 份，%" PRIu64 " 字节\n"
                          : "  lists %" PRIu64 ", filings %" PRIu64 ", bytes %" PRIu64 "\n",
                  list->terms, list->df, list->bytes);
}

static void write_leaf(struct gs_buf *out, const struct gs_explained_leaf *leaf,
                       const struct gs_leaf *from, size_t indent, bool chinese)
{
    gs_buf_printf(out, chinese ? "，%s，权重 %.6f" : ", %s, weight %.6f", leaf_kind(leaf),
                  leaf->weight);
    if (from->synonym_of) {
        gs_buf_append_str(out, chinese ? "，同义于 " : ", a synonym of ");
        gs_display_append(out, from->synonym_of, strlen(from->synonym_of));
    }
    gs_buf_append_u8(out, '\n');
    for (size_t i = 0; i < leaf->list_count && i < LISTED_MAX; i++)
        write_list(out, &leaf->lists[i], indent + INDENT, chinese);
    if (leaf->list_count > LISTED_MAX)
        gs_buf_printf(out, chinese ? "%*s另有 %zu 个\n" : "%*sand %zu more\n",
                      (int)(indent + INDENT), "", leaf->list_count - LISTED_MAX);
}

static void write_node(struct gs_buf *out, const struct gs_explanation *e,
                       const struct gs_query *query, const struct gs_explained_node *n,
                       bool chinese)
{
    const struct gs_node *node = n->node;
    size_t indent = INDENT * (n->depth + 1);
    gs_buf_printf(out, "%*s%zu. %s", (int)indent, "", n->order, KINDS[node->kind]);
    if (node->kind == GS_NODE_LEAF || node->kind == GS_NODE_FILTER) {
        struct gs_buf text;
        gs_buf_init(&text, GS_QUERY_BYTES_MAX * 4);
        gs_read_as_node(&text, query, node, chinese);
        gs_buf_append_u8(out, ' ');
        gs_display_append(out, text.data, text.size);
        gs_buf_release(&text);
    }
    gs_buf_printf(out, chinese ? "，代价 %" PRIu64 : ", cost %" PRIu64, n->cost);
    if (node->kind == GS_NODE_LEAF) {
        write_leaf(out, &e->leaves[node->leaf], &query->leaves[node->leaf], indent, chinese);
        return;
    }
    if (node->kind == GS_NODE_FILTER && e->filters[node->leaf].has_values)
        gs_buf_printf(out,
                      chinese ? "，%" PRIu64 " 个值中 %" PRIu64 " 个符合"
                              : ", of %" PRIu64 " values %" PRIu64 " pass",
                      e->filters[node->leaf].values, e->filters[node->leaf].passing);
    gs_buf_append_u8(out, '\n');
}

void gs_explain_write_text(struct gs_buf *out, const struct gs_explanation *e,
                           const struct gs_query *query, uint64_t first_rank, bool chinese)
{
    write_cost(out, &e->cost, chinese);
    for (size_t i = 0; i < e->node_count && i < NODES_MAX; i++)
        write_node(out, e, query, &e->nodes[i], chinese);
    if (e->node_count > NODES_MAX)
        gs_buf_printf(out, chinese ? "%*s另有 %zu 个\n" : "%*sand %zu more\n", INDENT, "",
                      e->node_count - NODES_MAX);
    for (size_t i = 0; i < e->hit_count; i++) {
        gs_buf_printf(out, chinese ? "第 %" PRIu64 " 位的得分\n" : "score of rank %" PRIu64 "\n",
                      first_rank + i);
        gs_score_parts_write_text(out, query, &e->hits[i], INDENT, chinese);
    }
}

/* ---- JSON ---- */

static void write_number(struct gs_json *j, const char *key, uint64_t value)
{
    gs_json_key(j, key);
    gs_json_u64(j, value);
}

static void write_cost_json(struct gs_json *j, const struct gs_search_cost *cost)
{
    write_number(j, "plan_us", cost->plan_ns / NS_IN_US);
    write_number(j, "match_us", cost->match_ns / NS_IN_US);
    write_number(j, "hits_us", cost->hits_ns / NS_IN_US);
    write_number(j, "candidates", cost->candidates);
}

static void write_lists_json(struct gs_json *j, const struct gs_explained_leaf *leaf)
{
    gs_json_key(j, "lists");
    gs_json_begin_array(j);
    for (size_t i = 0; i < leaf->list_count; i++) {
        gs_json_begin_object(j);
        gs_json_key(j, "term");
        gs_json_string_bytes(j, leaf->lists[i].text.bytes, leaf->lists[i].text.size);
        write_number(j, "lists", leaf->lists[i].terms);
        write_number(j, "filings", leaf->lists[i].df);
        write_number(j, "bytes", leaf->lists[i].bytes);
        gs_json_end_object(j);
    }
    gs_json_end_array(j);
}

static void write_leaf_json(struct gs_json *j, const struct gs_explained_leaf *leaf,
                            const struct gs_leaf *from)
{
    gs_json_key(j, "read");
    gs_json_string(j, leaf_kind(leaf));
    gs_json_key(j, "weight");
    gs_json_double(j, leaf->weight);
    gs_json_key(j, "synonym_of");
    if (from->synonym_of)
        gs_json_string(j, from->synonym_of);
    else
        gs_json_null(j);
    write_lists_json(j, leaf);
}

static void write_node_json(struct gs_json *j, const struct gs_explanation *e,
                            const struct gs_query *query, const struct gs_explained_node *n,
                            bool chinese)
{
    const struct gs_node *node = n->node;
    gs_json_begin_object(j);
    gs_json_key(j, "kind");
    gs_json_string(j, KINDS[node->kind]);
    write_number(j, "depth", n->depth);
    write_number(j, "order", n->order);
    write_number(j, "cost", n->cost);
    if (node->kind == GS_NODE_LEAF || node->kind == GS_NODE_FILTER) {
        struct gs_buf text;
        gs_buf_init(&text, GS_QUERY_BYTES_MAX * 4);
        gs_read_as_node(&text, query, node, chinese);
        gs_json_key(j, "text");
        gs_json_string_bytes(j, text.data, text.size);
        gs_buf_release(&text);
    }
    if (node->kind == GS_NODE_LEAF)
        write_leaf_json(j, &e->leaves[node->leaf], &query->leaves[node->leaf]);
    if (node->kind == GS_NODE_FILTER && e->filters[node->leaf].has_values) {
        write_number(j, "values", e->filters[node->leaf].values);
        write_number(j, "passing", e->filters[node->leaf].passing);
    }
    gs_json_end_object(j);
}

void gs_explain_write_json(struct gs_json *j, const struct gs_explanation *e,
                           const struct gs_query *query, uint64_t first_rank, bool chinese)
{
    gs_json_begin_object(j);
    write_cost_json(j, &e->cost);
    gs_json_key(j, "plan");
    gs_json_begin_array(j);
    for (size_t i = 0; i < e->node_count; i++)
        write_node_json(j, e, query, &e->nodes[i], chinese);
    gs_json_end_array(j);
    gs_json_key(j, "scores");
    gs_json_begin_array(j);
    for (size_t i = 0; i < e->hit_count; i++) {
        gs_json_begin_object(j);
        write_number(j, "rank", first_rank + i);
        gs_score_parts_write_json(j, query, &e->hits[i]);
        gs_json_end_object(j);
    }
    gs_json_end_array(j);
    gs_json_end_object(j);
}
