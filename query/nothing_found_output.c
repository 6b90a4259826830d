/* What gs_nothing_found_make has found, as text and as JSON. */
#include "query/nothing_found.h"

#include "common/text/display.h"
#include "query/read_as.h"

#include <inttypes.h>

#define PARTS_SHOWN_MAX  20u /* that are listed in text; the rest is counted */
#define PART_COLUMNS_MAX 40u /* a wider part does not set the width of the column */

static const char *const TRIES[] = {
    [GS_TRY_PIECE] = "piece",    [GS_TRY_WORDS] = "words", [GS_TRY_CAPITALS] = "capitals",
    [GS_TRY_ANY] = "any",        [GS_TRY_VALUE] = "value", [GS_TRY_NO_VALUE] = "no_value",
    [GS_TRY_WITHOUT] = "without"};

/* ---- text ---- */

static size_t shown_of(size_t count)
{
    return count < PARTS_SHOWN_MAX ? count : PARTS_SHOWN_MAX;
}

/* Columns of a filter as `field:value`. */
static size_t filter_columns(const struct gs_filter *filter)
{
    return strlen(filter->name) + 1 + gs_display_columns(filter->text, strlen(filter->text));
}

/* Of the first column: the widest part that is listed, leaves and filters, but for long ones. */
static size_t first_column(const struct gs_query *q)
{
    size_t columns = 0;
    for (size_t i = 0; i < shown_of(q->leaf_count); i++) {
        size_t used = gs_display_columns(q->leaves[i].text, strlen(q->leaves[i].text));
        columns = used > columns && used <= PART_COLUMNS_MAX ? used : columns;
    }
    for (size_t i = 0; i < shown_of(q->filter_count); i++) {
        size_t used = filter_columns(&q->filters[i]);
        columns = used > columns && used <= PART_COLUMNS_MAX ? used : columns;
    }
    return columns;
}

static void write_total(struct gs_buf *out, uint64_t total, bool chinese)
{
    gs_buf_printf(out, chinese ? "  %" PRIu64 " 份" : "  %" PRIu64 " filing", total);
    gs_buf_append_str(out, chinese || total == 1 ? "" : "s");
}

static void write_leaf(struct gs_buf *out, const struct gs_leaf *leaf, uint64_t total,
                       size_t columns, bool chinese)
{
    gs_buf_append_str(out, "  ");
    gs_display_pad(out, leaf->text, strlen(leaf->text), columns, false);
    write_total(out, total, chinese);
    if (leaf->title_only)
        gs_buf_append_str(out, chinese ? "（标题中）" : " (in the title)");
    if (leaf->excluded)
        gs_buf_append_str(out, chinese ? "（被排除）" : " (excluded)");
    gs_buf_append_u8(out, '\n');
}

static void write_filter(struct gs_buf *out, const struct gs_filter *filter, uint64_t total,
                         size_t columns, bool chinese)
{
    gs_buf_printf(out, "  %s:", filter->name);
    gs_display_append(out, filter->text, strlen(filter->text));
    for (size_t used = filter_columns(filter); used < columns; used++)
        gs_buf_append_u8(out, ' ');
    write_total(out, total, chinese);
    gs_buf_append_u8(out, '\n');
}

static void write_parts(struct gs_buf *out, const struct gs_nothing_found *n,
                        const struct gs_query *query, bool chinese)
{
    size_t columns = first_column(query), leaves = shown_of(query->leaf_count);
    gs_buf_append_str(out, chinese ? "各部分单独：\n" : "each part alone:\n");
    for (size_t i = 0; i < leaves; i++)
        write_leaf(out, &query->leaves[i], n->leaves[i], columns, chinese);
    if (leaves < query->leaf_count)
        gs_buf_printf(out, chinese ? "  另有 %zu 个\n" : "  and %zu more\n",
                      query->leaf_count - leaves);
    for (size_t i = 0; i < shown_of(query->filter_count); i++)
        write_filter(out, &query->filters[i], n->filters[i], columns, chinese);
}

static void append_node(struct gs_buf *out, const struct gs_query *query,
                        const struct gs_node *node, bool chinese)
{
    struct gs_buf text;
    gs_buf_init(&text, GS_QUERY_BYTES_MAX * 4);
    if (node->kind == GS_NODE_NOT)
        gs_buf_append_str(&text, chinese ? "非 " : "not ");
    gs_read_as_node(&text, query, node, chinese);
    gs_display_append(out, text.data, text.size);
    gs_buf_release(&text);
}

/* Whether the part that empties the answer has nothing by itself, which has been said then. */
static bool is_empty_alone(const struct gs_nothing_found *n)
{
    const struct gs_node *last = n->steps[n->step_count - 1].node;
    return (last->kind == GS_NODE_LEAF && n->leaves[last->leaf] == 0) ||
           (last->kind == GS_NODE_FILTER && n->filters[last->leaf] == 0);
}

static void write_steps(struct gs_buf *out, const struct gs_nothing_found *n,
                        const struct gs_query *query, bool chinese)
{
    if (n->step_count == 0 || is_empty_alone(n))
        return;
    gs_buf_append_str(out, chinese ? "依次加上：\n" : "one after the other:\n");
    for (size_t i = 0; i < n->step_count && i < PARTS_SHOWN_MAX; i++) {
        gs_buf_append_str(out, "  ");
        append_node(out, query, n->steps[i].node, chinese);
        write_total(out, n->steps[i].total, chinese);
        gs_buf_append_u8(out, '\n');
    }
}

static void write_try(struct gs_buf *out, const struct gs_try *t, bool chinese)
{
    static const char *const fronts[][2] = {
        [GS_TRY_PIECE] = {"try a shorter piece: ", "试试较短的："},
        [GS_TRY_WORDS] = {"try the words by themselves: ", "试试分开的词："},
        [GS_TRY_CAPITALS] = {"an operator is written in capitals: ", "运算符要用大写："},
        [GS_TRY_ANY] = {"try --any: any of the terms", "试试 --any：任意一个词"},
        [GS_TRY_VALUE] = {"no filing has that value; there is ", "没有公告是这个值；有："},
        [GS_TRY_NO_VALUE] = {"no filing has this value: ", "没有公告有这个值："},
        [GS_TRY_WITHOUT] = {"found without ", "不加这个条件便有："},
    };
    gs_buf_append_str(out, fronts[t->kind][chinese]);
    gs_display_append(out, t->text.bytes, t->text.size);
    if (t->total)
        gs_buf_printf(out, chinese ? "（%" PRIu64 " 份）" : " (%" PRIu64 ")", t->total);
    gs_buf_append_u8(out, '\n');
}

/* Whether what is looked for has no letter, digit or character. */
static bool is_of_nothing(const struct gs_query *query)
{
    bool nothing = query->leaf_count > 0;
    for (size_t i = 0; i < query->leaf_count; i++)
        nothing = nothing && query->leaves[i].kind == GS_LEAF_NOTHING;
    return nothing;
}

void gs_nothing_found_write_text(struct gs_buf *out, const struct gs_nothing_found *n,
                                 const struct gs_query *query, bool chinese)
{
    if (is_of_nothing(query)) {
        gs_buf_append_str(
            out, chinese ? "没有可检索的内容：没有字母、数字或汉字\n"
                         : "there is nothing to search for: no letter, digit or character\n");
        return;
    }
    if (query->leaf_count + query->filter_count > 1) {
        write_parts(out, n, query, chinese);
        write_steps(out, n, query, chinese);
    }
    for (size_t i = 0; i < n->try_count; i++)
        write_try(out, &n->tries[i], chinese);
}

/* ---- JSON ---- */

static void write_part_json(struct gs_json *j, const void *text, size_t size, uint64_t total)
{
    gs_json_begin_object(j);
    gs_json_key(j, "part");
    gs_json_string_bytes(j, text, size);
    gs_json_key(j, "total");
    gs_json_u64(j, total);
    gs_json_end_object(j);
}

static void write_parts_json(struct gs_json *j, const struct gs_nothing_found *n,
                             const struct gs_query *query)
{
    struct gs_buf text;
    gs_json_key(j, "parts");
    gs_json_begin_array(j);
    for (size_t i = 0; i < query->leaf_count; i++)
        write_part_json(j, query->leaves[i].text, strlen(query->leaves[i].text), n->leaves[i]);
    gs_buf_init(&text, GS_QUERY_BYTES_MAX * 2);
    for (size_t i = 0; i < query->filter_count; i++) {
        gs_buf_clear(&text);
        gs_buf_printf(&text, "%s:", query->filters[i].name);
        gs_buf_append_str(&text, query->filters[i].text);
        write_part_json(j, text.data, text.size, n->filters[i]);
    }
    gs_buf_release(&text);
    gs_json_end_array(j);
}

static void write_steps_json(struct gs_json *j, const struct gs_nothing_found *n,
                             const struct gs_query *query, bool chinese)
{
    struct gs_buf text;
    gs_buf_init(&text, GS_QUERY_BYTES_MAX * 4);
    gs_json_key(j, "steps");
    gs_json_begin_array(j);
    for (size_t i = 0; i < n->step_count; i++) {
        gs_buf_clear(&text);
        append_node(&text, query, n->steps[i].node, chinese);
        write_part_json(j, text.data, text.size, n->steps[i].total);
    }
    gs_json_end_array(j);
    gs_buf_release(&text);
}

void gs_nothing_found_write_json(struct gs_json *j, const struct gs_nothing_found *n,
                                 const struct gs_query *query, bool chinese)
{
    gs_json_begin_object(j);
    write_parts_json(j, n, query);
    write_steps_json(j, n, query, chinese);
    gs_json_key(j, "try");
    gs_json_begin_array(j);
    for (size_t i = 0; i < n->try_count; i++) {
        gs_json_begin_object(j);
        gs_json_key(j, "kind");
        gs_json_string(j, TRIES[n->tries[i].kind]);
        gs_json_key(j, "text");
        gs_json_string_bytes(j, n->tries[i].text.bytes ? n->tries[i].text.bytes : "",
                             n->tries[i].text.size);
        gs_json_key(j, "total");
        if (n->tries[i].total)
            gs_json_u64(j, n->tries[i].total);
        else
            gs_json_null(j);
        gs_json_end_object(j);
    }
    gs_json_end_array(j);
    gs_json_end_object(j);
}
