/* Fields in operator position: `title:`, `date:`, `period:`, those of later work by name, and what
 * only looks like one. */
#include "query/parse.h"

#include <stdio.h>
#include <string.h>

#define NAME_MAX 32 /* letters; a longer name is nobody's field */

/* GS_QUERY_FIELD_NONE: known by name and not supported yet. */
static const struct {
    const char *name;
    enum gs_query_field field;
    const char *example;
} FIELDS[] = {
    {"title", GS_QUERY_FIELD_TITLE, "title:年度报告"},
    {"date", GS_QUERY_FIELD_DATE, "date:2024-03"},
    {"period", GS_QUERY_FIELD_PERIOD, "period:2023"},
    {"code", GS_QUERY_FIELD_NONE, NULL},
    {"name", GS_QUERY_FIELD_NONE, NULL},
    {"type", GS_QUERY_FIELD_NONE, NULL},
    {"exchange", GS_QUERY_FIELD_NONE, NULL},
    {"board", GS_QUERY_FIELD_NONE, NULL},
    {"id", GS_QUERY_FIELD_NONE, NULL},
    {"since", GS_QUERY_FIELD_NONE, NULL},
};
#define FIELD_COUNT (sizeof(FIELDS) / sizeof(FIELDS[0]))

/* A name as it stands in the query. */
struct name {
    char lower[NAME_MAX + 1];
    size_t letters;
    bool all_lower;
    size_t behind; /* byte offset behind the colon */
};

/* Letters and a colon at p->at; false where there are none. */
static bool read_name(const struct gs_parser *p, struct name *n)
{
    size_t at = p->at, size;
    *n = (struct name){.all_lower = true};
    for (;; at += size) {
        uint32_t c = gs_scan_sign(p, at, &size);
        if (c == ':' && n->letters >= 2) {
            n->behind = at + size;
            return true;
        }
        bool upper = c >= 'A' && c <= 'Z';
        if ((!upper && !(c >= 'a' && c <= 'z')) || n->letters == NAME_MAX)
            return false;
        n->all_lower = n->all_lower && !upper;
        n->lower[n->letters++] = (char)(upper ? c + 32 : c);
    }
}

static size_t known_field(const char *name)
{
    size_t i = 0;
    while (i < FIELD_COUNT && strcmp(FIELDS[i].name, name) != 0)
        i++;
    return i;
}

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t m = a < b ? a : b;
    return m < c ? m : c;
}

/* Edit distance, one row of Wagner and Fischer's table at a time. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t row[NAME_MAX + 1], n = strlen(b);
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 0; a[i]; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < n; j++) {
            size_t above = row[j + 1];
            row[j + 1] = smallest(above + 1, row[j] + 1, diagonal + (a[i] != b[j]));
            diagonal = above;
        }
    }
    return row[n];
}

static const char *nearest_field(const char *name)
{
    size_t best = 0, distance = SIZE_MAX;
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        size_t d = edit_distance(name, FIELDS[i].name);
        if (d < distance) {
            distance = d;
            best = i;
        }
    }
    return FIELDS[best].name;
}

static enum gaosou_status fail_unknown(struct gs_parser *p, const char *name)
{
    char english[256], chinese[256];
    const char *near = nearest_field(name);
    snprintf(
        english, sizeof(english),
        "no field is called '%s'; did you mean %s:? (to search for it as text, put it in quotes)",
        name, near);
    snprintf(chinese, sizeof(chinese),
             "没有名为“%s”的字段；是否想用 %s:？（要按文字查找，请加引号）", name, near);
    return gs_parse_fail(p, p->at, english, chinese);
}

static enum gaosou_status fail_unsupported(struct gs_parser *p, const char *name)
{
    char english[256], chinese[256];
    snprintf(english, sizeof(english),
             "the field %s: is not supported yet (to search for it as text, put it in quotes)",
             name);
    snprintf(chinese, sizeof(chinese), "字段 %s: 尚不支持（要按文字查找，请加引号）", name);
    return gs_parse_fail(p, p->at, english, chinese);
}

static enum gaosou_status fail_missing(struct gs_parser *p, size_t field)
{
    char english[256], chinese[256];
    const char *name = FIELDS[field].name, *example = FIELDS[field].example;
    snprintf(english, sizeof(english), "%s: needs its value directly behind the colon (%s)", name,
             example);
    snprintf(chinese, sizeof(chinese), "%s: 的冒号后须紧跟内容（如 %s）", name, example);
    return gs_parse_fail(p, p->at, english, chinese);
}

static bool two_slashes(const struct gs_parser *p, size_t at)
{
    return p->size - at >= 2 && p->text[at] == '/' && p->text[at + 1] == '/';
}

enum gaosou_status gs_parse_field(struct gs_parser *p, enum gs_query_field *field)
{
    struct name name;
    size_t size;
    *field = GS_QUERY_FIELD_NONE;
    if (!read_name(p, &name) || two_slashes(p, name.behind))
        return GAOSOU_OK;
    uint32_t next = gs_scan_sign(p, name.behind, &size);
    bool has_value = next != GS_SCAN_END && next != ' ';
    size_t known = known_field(name.lower);
    if (known == FIELD_COUNT)
        return name.all_lower && has_value ? fail_unknown(p, name.lower) : GAOSOU_OK;
    if (!has_value && !name.all_lower)
        return GAOSOU_OK;
    if (FIELDS[known].field == GS_QUERY_FIELD_NONE)
        return fail_unsupported(p, name.lower);
    if (!has_value || next == ')' || next == '|')
        return fail_missing(p, known);
    p->at = name.behind;
    *field = FIELDS[known].field;
    return GAOSOU_OK;
}
