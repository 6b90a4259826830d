/* How a query was read, for people: its tree in words (docs/QUERY.md, How it was read). */
#include "query/read_as.h"

#include "query/parse.h"

#include <string.h>

struct words {
    const char *front, *and, * or, *and_not, *not_, *title, *colon;
    const char *near, *near_open, *sentence, *paragraph, *comma, *close; /* groups */
};
static const struct words ENGLISH = {"Read as: ",  " and ", " or ",  " and not ", "not ",
                                     "title:",     ":",     "NEAR/", "(",         "SENTENCE(",
                                     "PARAGRAPH(", ", ",    ")"};
static const struct words CHINESE = {"读作：", " 且 ",    " 或 ",   " 且非 ", "非 ", "标题：", "：",
                                     "相距 ",  " 以内（", "同句（", "同段（", "，",  "）"};

static const char *const QUOTED_SIGNS[] = {" ", "\t", "\n", "\r", "\xE3\x80\x80", "(",
                                           ")", "（", "）", "|",  "｜",           "\"",
                                           "“", "”",  "「", "『"};

static bool needs_quotes(const struct gs_query *q, const struct gs_leaf *leaf)
{
    if (q->mode == GS_QUERY_LITERAL)
        return true;
    for (size_t i = 0; i < sizeof(QUOTED_SIGNS) / sizeof(QUOTED_SIGNS[0]); i++) {
        if (strstr(leaf->text, QUOTED_SIGNS[i]))
            return true;
    }
    return false;
}

static void put_leaf(struct gs_buf *out, const struct gs_query *q, const struct words *w,
                     const struct gs_leaf *leaf)
{
    const char *quote = needs_quotes(q, leaf) ? "\"" : "";
    if (leaf->title_only)
        gs_buf_append_str(out, w->title);
    gs_buf_append_str(out, quote);
    gs_buf_append_str(out, leaf->text);
    gs_buf_append_str(out, quote);
    if (leaf->multiplicity > 1)
        gs_buf_printf(out, "×%u", leaf->multiplicity);
}

static void put_filter(struct gs_buf *out, const struct words *w, const struct gs_filter *filter)
{
    gs_buf_append_str(out, gs_filter_label(filter->name, w == &CHINESE));
    gs_buf_append_str(out, w->colon);
    gs_buf_append_str(out, filter->text);
}

static void put_node(struct gs_buf *out, const struct gs_query *q, const struct words *w,
                     const struct gs_node *node, bool inside);

/* AND and OR; brackets: it stands inside another one. */
static void put_children(struct gs_buf *out, const struct gs_query *q, const struct words *w,
                         const struct gs_node *node, bool brackets)
{
    if (brackets)
        gs_buf_append_u8(out, '(');
    for (size_t i = 0; i < node->child_count; i++) {
        bool negative = node->children[i]->kind == GS_NODE_NOT;
        const char *between = node->kind == GS_NODE_OR ? w->or : negative ? w->and_not : w->and;
        if (i > 0)
            gs_buf_append_str(out, between);
        else if (negative)
            gs_buf_append_str(out, w->not_);
        put_node(out, q, w, node->children[i], true);
    }
    if (brackets)
        gs_buf_append_u8(out, ')');
}

static void put_group(struct gs_buf *out, const struct gs_query *q, const struct words *w,
                      const struct gs_node *node)
{
    if (node->kind == GS_NODE_NEAR) {
        gs_buf_append_str(out, w->near);
        gs_buf_printf(out, "%u", node->distance);
        gs_buf_append_str(out, w->near_open);
    } else {
        gs_buf_append_str(out, node->kind == GS_NODE_SENTENCE ? w->sentence : w->paragraph);
    }
    for (size_t i = 0; i < node->child_count; i++) {
        if (i > 0)
            gs_buf_append_str(out, w->comma);
        put_node(out, q, w, node->children[i], false);
    }
    gs_buf_append_str(out, w->close);
}

/* Recursion is bounded by GS_QUERY_DEPTH_MAX. */
static void put_node(struct gs_buf *out, const struct gs_query *q, const struct words *w,
                     const struct gs_node *node, bool inside)
{
    if (node->kind == GS_NODE_LEAF)
        put_leaf(out, q, w, &q->leaves[node->leaf]);
    else if (node->kind == GS_NODE_FILTER)
        put_filter(out, w, &q->filters[node->leaf]);
    else if (node->kind == GS_NODE_NOT)
        put_node(out, q, w, node->children[0], true);
    else if (gs_node_is_group(node))
        put_group(out, q, w, node);
    else
        put_children(out, q, w, node, inside);
}

void gs_read_as_node(struct gs_buf *out, const struct gs_query *query, const struct gs_node *node,
                     bool chinese)
{
    put_node(out, query, chinese ? &CHINESE : &ENGLISH, node, false);
}

enum gaosou_status gs_read_as(struct gs_parser *p)
{
    const struct words *w = p->chinese ? &CHINESE : &ENGLISH;
    struct gs_buf out;
    gs_buf_init(&out, GS_QUERY_BYTES_MAX * 4);
    gs_buf_append_str(&out, w->front);
    put_node(&out, p->query, w, p->query->root, false);
    enum gaosou_status status = gs_buf_status(&out);
    if (!status)
        p->query->read_as = gs_parse_copy(p, out.data, out.size, "");
    gs_buf_release(&out);
    return !status && p->query->read_as ? GAOSOU_OK : gs_parse_nomem(p);
}
