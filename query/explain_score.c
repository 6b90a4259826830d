#include "query/explain_score.h"

#include "common/text/display.h"

#include <inttypes.h>

#define TEXT_COLUMNS_MAX 40 /* a wider leaf does not set the width of the column */

static size_t leaf_columns(const struct gs_query *query)
{
    size_t columns = 0;
    for (size_t i = 0; i < query->leaf_count; i++) {
        size_t used = gs_display_columns(query->leaves[i].text, strlen(query->leaves[i].text));
        columns = used > columns && used <= TEXT_COLUMNS_MAX ? used : columns;
    }
    return columns;
}

static void write_leaf(struct gs_buf *out, const struct gs_leaf *leaf,
                       const struct gs_judged_leaf *judged, size_t columns, bool chinese)
{
    gs_display_pad(out, leaf->text, strlen(leaf->text), columns, false);
    gs_buf_printf(out,
                  chinese ? "  %.6f  权重 %.6f，%" PRIu32 " 处\n"
                          : "  %.6f  weight %.6f, %" PRIu32 " times\n",
                  judged->part, judged->weight, judged->count);
}

static void write_extra(struct gs_buf *out, size_t indent, const char *name, double part)
{
    if (part != 0)
        gs_buf_printf(out, "%*s%s  %.6f\n", (int)indent, "", name, part);
}

void gs_score_parts_write_text(struct gs_buf *out, const struct gs_query *query,
                               const struct gs_judgement *judgement, size_t indent, bool chinese)
{
    size_t columns = leaf_columns(query);
    for (size_t i = 0; i < judgement->leaf_count; i++) {
        if (!judgement->leaves[i].scored)
            continue;
        gs_buf_printf(out, "%*s", (int)indent, "");
        write_leaf(out, &query->leaves[i], &judgement->leaves[i], columns, chinese);
    }
    write_extra(out, indent, chinese ? "标题" : "title", judgement->second.title);
    write_extra(out, indent, chinese ? "最佳段落" : "best passage", judgement->second.passage);
    gs_buf_printf(out, "%*s", (int)indent, "");
    gs_buf_printf(out,
                  chinese ? "合计 %.6f（长度 %" PRIu32 "，长度系数 %.6f）\n"
                          : "sum %.6f (length %" PRIu32 ", norm %.6f)\n",
                  judgement->score, judgement->length, judgement->norm);
}

static void write_double(struct gs_json *j, const char *key, double value)
{
    gs_json_key(j, key);
    gs_json_double(j, value);
}

static void write_count(struct gs_json *j, const char *key, uint64_t value)
{
    gs_json_key(j, key);
    gs_json_u64(j, value);
}

static void write_extra_json(struct gs_json *j, const char *key, bool is_part, double value)
{
    gs_json_key(j, key);
    if (is_part)
        gs_json_double(j, value);
    else
        gs_json_null(j);
}

void gs_score_parts_write_json(struct gs_json *j, const struct gs_query *query,
                               const struct gs_judgement *judgement)
{
    write_double(j, "score", judgement->score);
    write_count(j, "length", judgement->length);
    write_double(j, "norm", judgement->norm);
    gs_json_key(j, "leaves");
    gs_json_begin_array(j);
    for (size_t i = 0; i < judgement->leaf_count; i++) {
        const struct gs_judged_leaf *leaf = &judgement->leaves[i];
        if (!leaf->scored)
            continue;
        gs_json_begin_object(j);
        gs_json_key(j, "text");
        gs_json_string(j, query->leaves[i].text);
        write_double(j, "weight", leaf->weight);
        write_count(j, "count", leaf->count);
        write_double(j, "part", leaf->part);
        gs_json_end_object(j);
    }
    gs_json_end_array(j);
    write_extra_json(j, "title", judgement->second_pass, judgement->second.title);
    write_extra_json(j, "passage", judgement->second_pass, judgement->second.passage);
}
