#include "tests/support/query_tree.h"

#include "common/text/utf8.h"
#include "tests/support/test.h"

static void put_char(struct gs_buf *out, uint32_t c)
{
    uint8_t bytes[4];
    gs_buf_append(out, bytes, gs_utf8_encode(bytes, c));
}

static void put_leaf(struct gs_buf *out, const struct gs_leaf *leaf)
{
    if (leaf->title_only)
        gs_buf_append_str(out, "t:");
    for (size_t i = 0; i < leaf->item_count; i++) {
        const struct gs_item *item = &leaf->items[i];
        if (i > 0 && !item->joined)
            gs_buf_printf(out, "@%u", item->offset);
        if (item->is_han)
            put_char(out, item->character);
        else
            gs_buf_append(out, item->bytes, item->size);
        if (item->beside_word)
            gs_buf_append_str(out, "~");
        if (item->is_prefix)
            gs_buf_append_str(out, "*");
    }
    if (leaf->kind == GS_LEAF_NOTHING)
        gs_buf_append_str(out, "nothing");
    if (leaf->multiplicity > 1)
        gs_buf_printf(out, "x%u", leaf->multiplicity);
}

static void put_node(struct gs_buf *out, const struct gs_query *q, const struct gs_node *node)
{
    if (node->kind == GS_NODE_LEAF) {
        put_leaf(out, &q->leaves[node->leaf]);
        return;
    }
    if (node->kind == GS_NODE_FILTER) {
        const struct gs_filter *filter = &q->filters[node->leaf];
        gs_buf_printf(out, "%s:%s", gs_filter_field_name(filter->field), filter->text);
        return;
    }
    if (node->kind == GS_NODE_NOT) {
        gs_buf_append_str(out, "!");
        put_node(out, q, node->children[0]);
        return;
    }
    static const char *const names[] = {[GS_NODE_AND] = "&",
                                        [GS_NODE_OR] = "|",
                                        [GS_NODE_SENTENCE] = "S",
                                        [GS_NODE_PARAGRAPH] = "P"};
    if (node->kind == GS_NODE_NEAR)
        gs_buf_printf(out, "N%u", node->distance);
    else
        gs_buf_append_str(out, names[node->kind]);
    gs_buf_append_str(out, "(");
    for (size_t i = 0; i < node->child_count; i++) {
        gs_buf_append_str(out, i ? " " : "");
        put_node(out, q, node->children[i]);
    }
    gs_buf_append_str(out, ")");
}

void query_tree_check_params(const char *text, const struct gs_query_params *params,
                             const char *wanted)
{
    struct gs_query *q;
    struct gs_err err = {0};
    struct gs_buf out;
    if (gs_query_parse(&q, text, strlen(text), params, &err))
        test_fail("%s: %s", text, err.text);
    gs_buf_init(&out, 1 << 20);
    put_node(&out, q, q->root);
    gs_buf_append_u8(&out, 0);
    if (strcmp((char *)out.data, wanted) != 0)
        test_fail("%s: read as %s, wanted %s", text, (char *)out.data, wanted);
    gs_buf_release(&out);
    gs_query_free(q);
}

void query_tree_check(const char *text, enum gs_query_mode mode, const char *wanted)
{
    query_tree_check_params(text, &(struct gs_query_params){.mode = mode}, wanted);
}
