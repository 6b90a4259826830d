/* Fields in operator position: `title:`, those of filters, and what only looks like one. */
#include "query/nearest.h"
#include "query/parse.h"

#include <stdio.h>
#include <string.h>

#define NAME_MAX 32 /* letters; a longer name is no fixed field's */

static const struct {
    const char *name;
    struct gs_field_found found;
    const char *example;
} FIELDS[] = {
    {"title", {GS_QUERY_FIELD_TITLE, 0, NULL}, "title:年度报告"},
    {"code", {GS_QUERY_FIELD_FILTER, GS_FILTER_CODE, NULL}, "code:600001"},
    {"name", {GS_QUERY_FIELD_FILTER, GS_FILTER_NAME, NULL}, "name:大地*"},
    {"company", {GS_QUERY_FIELD_FILTER, GS_FILTER_COMPANY, NULL}, "company:大地*"},
    {"type", {GS_QUERY_FIELD_FILTER, GS_FILTER_TYPE, NULL}, "type:审计报告"},
    {"exchange", {GS_QUERY_FIELD_FILTER, GS_FILTER_EXCHANGE, NULL}, "exchange:SSE"},
    {"board", {GS_QUERY_FIELD_FILTER, GS_FILTER_BOARD, NULL}, "board:科创板"},
    {"date", {GS_QUERY_FIELD_FILTER, GS_FILTER_DATE, NULL}, "date:2024-03"},
    {"period", {GS_QUERY_FIELD_FILTER, GS_FILTER_PERIOD, NULL}, "period:2023"},
    {"id", {GS_QUERY_FIELD_FILTER, GS_FILTER_ID, NULL}, "id:reports/*"},
    {"since", {GS_QUERY_FIELD_FILTER, GS_FILTER_SINCE, NULL}, "since:12"},
};
#define FIELD_COUNT (sizeof(FIELDS) / sizeof(FIELDS[0]))

/* What stands at p->at, directly before a colon. */
struct name {
    struct gs_str text;
    bool all_lower;
    size_t behind; /* byte offset behind the colon */
};

/* Two letters or more; false where there are none. */
static bool read_letters(const struct gs_parser *p, struct name *n)
{
    size_t at = p->at, size;
    *n = (struct name){.text = {(const char *)p->text + at, 0}, .all_lower = true};
    for (;; at += size, n->text.size++) {
        uint32_t c = gs_scan_sign(p, at, &size);
        if (c == ':' && n->text.size >= 2) {
            n->behind = at + size;
            return true;
        }
        bool upper = c >= 'A' && c <= 'Z';
        if ((!upper && !(c >= 'a' && c <= 'z')) || n->text.size == NAME_MAX)
            return false;
        n->all_lower = n->all_lower && !upper;
    }
}

static bool same_name(const char *known, struct gs_str name)
{
    if (strlen(known) != name.size)
        return false;
    for (size_t i = 0; i < name.size; i++) {
        char c = name.bytes[i];
        if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != known[i])
            return false;
    }
    return true;
}

/* FIELD_COUNT: none. */
static size_t fixed_field(struct gs_str name)
{
    size_t i = 0;
    while (i < FIELD_COUNT && !same_name(FIELDS[i].name, name))
        i++;
    return i;
}

/* Of a name of lower case: no capital, and nothing beyond ASCII. */
static bool is_lower_ascii(char c)
{
    return (unsigned char)c < 0x80 && !(c >= 'A' && c <= 'Z');
}

/* A filterable field of the index; NULL: there stands none. */
static const struct gs_str *filterable_field(const struct gs_parser *p, struct name *n)
{
    for (size_t i = 0; i < p->field_count; i++) {
        struct gs_str name = p->fields[i];
        size_t size;
        if (name.size == 0 || name.size > p->size - p->at ||
            memcmp(p->text + p->at, name.bytes, name.size) != 0 ||
            gs_scan_sign(p, p->at + name.size, &size) != ':')
            continue;
        n->text = name;
        n->behind = p->at + name.size + size;
        n->all_lower = true;
        for (size_t k = 0; k < name.size; k++)
            n->all_lower = n->all_lower && is_lower_ascii(name.bytes[k]);
        return &p->fields[i];
    }
    return NULL;
}

/* ---- errors ---- */

static enum gaosou_status fail_unknown(struct gs_parser *p, struct gs_str name)
{
    char english[320], chinese[320], names[128];
    int size = (int)name.size;
    struct gs_nearest near;
    gs_nearest_begin(&near, name.bytes, name.size);
    for (size_t i = 0; i < FIELD_COUNT; i++)
        gs_nearest_offer(&near, FIELDS[i].name, strlen(FIELDS[i].name));
    for (size_t i = 0; i < p->field_count; i++)
        gs_nearest_offer(&near, p->fields[i].bytes, p->fields[i].size);
    if (near.name_count == 0) {
        snprintf(english, sizeof(english),
                 "no field is called '%.*s'; there are title code name company type exchange board "
                 "date period id since (to search for it as text, put it in quotes)",
                 size, name.bytes);
        snprintf(chinese, sizeof(chinese),
                 "没有名为“%.*s”的字段；可用 title code name company type exchange board date "
                 "period id since（要按文字查找，请加引号）",
                 size, name.bytes);
        return gs_parse_fail(p, p->at, english, chinese);
    }
    gs_nearest_write(&near, NULL, p->chinese, names, sizeof(names));
    snprintf(english, sizeof(english),
             "no field is called '%.*s'; did you mean %s? (to search for it as text, put it in "
             "quotes)",
             size, name.bytes, names);
    snprintf(chinese, sizeof(chinese),
             "没有名为“%.*s”的字段；是否想用 %s？（要按文字查找，请加引号）", size, name.bytes,
             names);
    return gs_parse_fail(p, p->at, english, chinese);
}

static enum gaosou_status fail_missing(struct gs_parser *p, struct gs_str name, const char *example)
{
    char english[256], chinese[256], made[64];
    int size = (int)(name.size < 40 ? name.size : 40);
    snprintf(made, sizeof(made), "%.*s:…", size, name.bytes);
    snprintf(english, sizeof(english), "%.*s: needs its value directly behind the colon (%s)", size,
             name.bytes, example ? example : made);
    snprintf(chinese, sizeof(chinese), "%.*s: 的冒号后须紧跟内容（如 %s）", size, name.bytes,
             example ? example : made);
    return gs_parse_fail(p, p->at, english, chinese);
}

/* ---- fields ---- */

static bool two_slashes(const struct gs_parser *p, size_t at)
{
    return p->size - at >= 2 && p->text[at] == '/' && p->text[at + 1] == '/';
}

/* The name as it stands in an answer: static, or a copy in the arena. */
static enum gaosou_status settle_name(struct gs_parser *p, const struct gs_str *filterable,
                                      struct gs_field_found *found)
{
    if (found->kind != GS_QUERY_FIELD_FILTER)
        return GAOSOU_OK;
    found->name = filterable ? gs_parse_copy(p, filterable->bytes, filterable->size, "")
                             : gs_filter_field_name(found->filter);
    return found->name ? GAOSOU_OK : gs_parse_nomem(p);
}

enum gaosou_status gs_parse_field(struct gs_parser *p, struct gs_field_found *found)
{
    struct name name;
    size_t size, fixed = FIELD_COUNT;
    *found = (struct gs_field_found){.kind = GS_QUERY_FIELD_NONE};
    bool letters = read_letters(p, &name);
    if (letters)
        fixed = fixed_field(name.text);
    const struct gs_str *filterable = fixed == FIELD_COUNT ? filterable_field(p, &name) : NULL;
    if ((!letters && !filterable) || two_slashes(p, name.behind))
        return GAOSOU_OK;
    uint32_t next = gs_scan_sign(p, name.behind, &size);
    bool has_value = next != GS_SCAN_END && next != ' ';
    bool known = fixed < FIELD_COUNT || filterable;
    if (!known)
        return name.all_lower && has_value ? fail_unknown(p, name.text) : GAOSOU_OK;
    if (!has_value && !name.all_lower)
        return GAOSOU_OK;
    if (!has_value || next == ')' || next == '|')
        return fail_missing(p,
                            filterable
                                ? *filterable
                                : (struct gs_str){FIELDS[fixed].name, strlen(FIELDS[fixed].name)},
                            filterable ? NULL : FIELDS[fixed].example);
    p->at = name.behind;
    *found = filterable ? (struct gs_field_found){GS_QUERY_FIELD_FILTER, GS_FILTER_INPUT, NULL}
                        : FIELDS[fixed].found;
    return settle_name(p, filterable, found);
}
