/* What gs_why_not_make has found, as text and as JSON. */
#include "query/why_not.h"

#include "common/text/display.h"
#include "query/explain_score.h"
#include "query/output.h"
#include "query/read_as.h"

#include <inttypes.h>

#define INDENT 2

static const char *const OUTCOMES[] = {
    [GS_WHY_MATCHES] = "matches", [GS_WHY_FAILS] = "fails",      [GS_WHY_UNJUDGED] = "unjudged",
    [GS_WHY_DELETED] = "deleted", [GS_WHY_NO_ID] = "no_such_id",
};

static bool is_about_filing(const struct gs_why_not *why)
{
    return why->outcome != GS_WHY_DELETED && why->outcome != GS_WHY_NO_ID;
}

/* ---- text ---- */

static const char *outcome_text(enum gs_why_outcome outcome, bool chinese)
{
    switch (outcome) {
    case GS_WHY_MATCHES:
        return chinese ? "匹配" : "matches";
    case GS_WHY_FAILS:
        return chinese ? "不匹配" : "does not match";
    case GS_WHY_UNJUDGED:
        return chinese ? "无法判断；加 --unknown 可列出"
                       : "cannot be judged; --unknown takes it in";
    case GS_WHY_DELETED:
        return chinese ? "已删除或被替换" : "was deleted or replaced";
    case GS_WHY_NO_ID:
        break;
    }
    return chinese ? "没有这个 id 的公告" : "no filing has this id";
}

static void write_quoted(struct gs_buf *out, const char *front, struct gs_str text,
                         const char *behind)
{
    gs_buf_append_str(out, front);
    gs_display_append(out, text.bytes, text.size);
    gs_buf_append_str(out, behind);
}

/* A leaf's longest piece, or that there is none. */
static void write_leaf_reason(struct gs_buf *out, const struct gs_why_failed *f, bool chinese)
{
    gs_buf_append_str(out, chinese ? "不在文中" : "is not in it");
    if (f->piece.size)
        write_quoted(
            out, chinese ? "；文中有的最长一段：" : "; the longest piece that is: ", f->piece, "");
}

static void write_group_reason(struct gs_buf *out, const struct gs_why_failed *f, bool chinese)
{
    if (!f->parts_there) {
        gs_buf_append_str(out, chinese ? "缺少其中的部分" : "lacks parts of it");
        return;
    }
    gs_buf_append_str(out, chinese ? "各部分都在文中，但不在一处"
                                   : "all of its parts are in it, but not together");
    if (f->nearest)
        gs_buf_printf(out, chinese ? "；最近相距 %" PRIu32 : "; at the nearest %" PRIu32 " apart",
                      f->nearest);
    if (f->in_paragraph)
        gs_buf_append_str(out, chinese ? "；在同一段" : "; in one paragraph they are");
}

static void write_filter_reason(struct gs_buf *out, const struct gs_why_failed *f, bool chinese)
{
    if (f->value.size == 0) {
        gs_buf_append_str(out, chinese ? "公告没有这一项" : "it has none");
        return;
    }
    write_quoted(out, chinese ? "公告的是：" : "it has: ", f->value, "");
    if (f->unjudged)
        gs_buf_append_str(out, chinese ? "，不够确切" : ", which is too vague");
}

static void write_failed(struct gs_buf *out, const struct gs_why_failed *f,
                         const struct gs_query *query, bool chinese)
{
    struct gs_buf text;
    gs_buf_init(&text, GS_QUERY_BYTES_MAX * 4);
    gs_read_as_node(&text, query, f->node, chinese);
    gs_buf_printf(out, "%*s", INDENT, "");
    gs_display_append(out, text.data, text.size);
    gs_buf_append_str(out, chinese ? "：" : ": ");
    gs_buf_release(&text);
    if (f->excluded)
        gs_buf_append_str(out, chinese ? "被排除，而公告中有" : "excluded, but it is there");
    else if (f->node->kind == GS_NODE_LEAF)
        write_leaf_reason(out, f, chinese);
    else if (f->node->kind == GS_NODE_FILTER)
        write_filter_reason(out, f, chinese);
    else
        write_group_reason(out, f, chinese);
    gs_buf_append_u8(out, '\n');
}

static void write_rank(struct gs_buf *out, const struct gs_why_not *why, bool chinese)
{
    if (why->outcome != GS_WHY_MATCHES)
        return;
    if (why->rank)
        gs_buf_printf(out, chinese ? "，第 %" PRIu64 " 位" : ", rank %" PRIu64, why->rank);
    else
        gs_buf_printf(out, chinese ? "，不在前 %u 位" : ", not among the first %u",
                      GS_WHY_NOT_RANKS);
}

static void write_state(struct gs_buf *out, const struct gs_why_not *why, bool chinese)
{
    const struct gs_judgement *judgement = &why->judgement;
    if (is_about_filing(why) && judgement->text_state != GS_TEXT_READ)
        gs_buf_printf(out, "%*s%s\n", INDENT, "",
                      chinese ? "它没有可检索的文本" : "it has no text that could be searched");
    if (is_about_filing(why) && judgement->found < judgement->min_match)
        gs_buf_printf(out,
                      chinese ? "%*s不同的词只有 %zu 个，至少要 %zu 个\n"
                              : "%*sit has %zu different terms of at least %zu\n",
                      INDENT, "", judgement->found, judgement->min_match);
}

void gs_why_not_write_text(struct gs_buf *out, const struct gs_why_not *why,
                           const struct gs_query *query, bool chinese)
{
    gs_display_append(out, query->read_as, strlen(query->read_as));
    gs_buf_append_u8(out, '\n');
    write_quoted(out, "", why->id, chinese ? "：" : ": ");
    gs_buf_append_str(out, outcome_text(why->outcome, chinese));
    write_rank(out, why, chinese);
    gs_buf_append_u8(out, '\n');
    for (size_t i = 0; i < why->nearest.name_count; i++)
        write_quoted(out, chinese ? "  相近的：" : "  near it: ", why->nearest.names[i], "\n");
    write_state(out, why, chinese);
    for (size_t i = 0; i < why->failed_count; i++)
        write_failed(out, &why->failed[i], query, chinese);
    if (why->outcome == GS_WHY_MATCHES)
        gs_score_parts_write_text(out, query, &why->judgement, INDENT, chinese);
}

/* ---- JSON ---- */

static void string_or_null(struct gs_json *j, const char *key, struct gs_str s)
{
    gs_json_key(j, key);
    if (s.size)
        gs_json_string_bytes(j, s.bytes, s.size);
    else
        gs_json_null(j);
}

static const char *reason_of(const struct gs_why_failed *f)
{
    if (f->excluded)
        return "excluded";
    if (f->node->kind == GS_NODE_LEAF)
        return "absent";
    if (f->node->kind == GS_NODE_FILTER)
        return f->unjudged ? "unjudged" : "filtered";
    return f->parts_there ? "apart" : "absent";
}

static void write_failed_json(struct gs_json *j, const struct gs_why_failed *f,
                              const struct gs_query *query, bool chinese)
{
    struct gs_buf text;
    gs_buf_init(&text, GS_QUERY_BYTES_MAX * 4);
    gs_read_as_node(&text, query, f->node, chinese);
    gs_json_begin_object(j);
    gs_json_key(j, "part");
    gs_json_string_bytes(j, text.data, text.size);
    gs_json_key(j, "reason");
    gs_json_string(j, reason_of(f));
    string_or_null(j, "piece", f->piece);
    string_or_null(j, "value", f->value);
    gs_json_key(j, "nearest");
    if (f->nearest)
        gs_json_u64(j, f->nearest);
    else
        gs_json_null(j);
    gs_json_end_object(j);
    gs_buf_release(&text);
}

void gs_why_not_write_json(struct gs_json *j, const struct gs_why_not *why,
                           const struct gs_query *query, bool chinese)
{
    gs_json_begin_object(j);
    string_or_null(j, "id", why->id);
    gs_json_key(j, "read_as");
    gs_json_string(j, query->read_as);
    gs_json_key(j, "outcome");
    gs_json_string(j, OUTCOMES[why->outcome]);
    gs_json_key(j, "nearest_ids");
    gs_json_begin_array(j);
    for (size_t i = 0; i < why->nearest.name_count; i++)
        gs_json_string_bytes(j, why->nearest.names[i].bytes, why->nearest.names[i].size);
    gs_json_end_array(j);
    gs_json_key(j, "rank");
    if (why->rank)
        gs_json_u64(j, why->rank);
    else
        gs_json_null(j);
    gs_json_key(j, "unsearched");
    if (is_about_filing(why) && why->judgement.text_state != GS_TEXT_READ)
        gs_json_string(j, gs_json_text_state(why->judgement.text_state));
    else
        gs_json_null(j);
    gs_json_key(j, "failed");
    gs_json_begin_array(j);
    for (size_t i = 0; i < why->failed_count; i++)
        write_failed_json(j, &why->failed[i], query, chinese);
    gs_json_end_array(j);
    if (why->outcome == GS_WHY_MATCHES)
        gs_score_parts_write_json(j, query, &why->judgement);
    gs_json_end_object(j);
}
