/* `date:` and `period:` values into filters (docs/QUERY.md, Filters). */
#include "common/base/date.h"
#include "query/parse.h"

#include <stdio.h>
#include <string.h>

/* The value with its twins folded to ASCII, so that the rest reads bytes. */
struct value {
    char *bytes;
    size_t size, at; /* at: byte offset of the value in the query, for errors */
};

/* Why a value is refused, and the part of it that is meant. */
struct flaw {
    enum { FLAW_FORM, FLAW_NO_SUCH_DAY, FLAW_BACKWARDS } kind;
    const char *bytes;
    size_t size;
};

static enum gaosou_status fail_form(struct gs_parser *p, const struct value *v, const char *name)
{
    char english[256], chinese[256];
    snprintf(english, sizeof(english),
             "%s: wants a year, month or day, or a range of them: %s:2024, %s:2024-03..2024-09-30, "
             "%s:2024..",
             name, name, name, name);
    snprintf(chinese, sizeof(chinese),
             "%s: 须为年、月、日或其范围，如 %s:2024、%s:2024-03..2024-09-30、%s:2024..", name,
             name, name, name);
    return gs_parse_fail(p, v->at, english, chinese);
}

static enum gaosou_status fail_value(struct gs_parser *p, const struct value *v,
                                     enum gs_filter_field field, const struct flaw *flaw)
{
    char english[256], chinese[256];
    const char *name = gs_filter_field_name(field);
    int size = (int)flaw->size; /* of one or two dates: a few dozen bytes */
    if (flaw->kind == FLAW_FORM)
        return fail_form(p, v, name);
    bool backwards = flaw->kind == FLAW_BACKWARDS;
    snprintf(english, sizeof(english), "%s: %s: %.*s", name,
             backwards ? "the range runs backwards" : "no such day or month", size, flaw->bytes);
    snprintf(chinese, sizeof(chinese), "%s: %s：%.*s", name,
             backwards ? "范围的起止颠倒" : "没有这样的月或日", size, flaw->bytes);
    return gs_parse_fail(p, v->at, english, chinese);
}

static bool ends_value(uint32_t c)
{
    return c == GS_SCAN_END || c == ' ' || c == '|' || c == ')';
}

/* Digits and signs of their full-width forms; a list's commas; a range's signs as '~'. */
static uint32_t fold(uint32_t c)
{
    if (c >= 0xFF10 && c <= 0xFF19)
        return c - 0xFF10 + '0';
    switch (c) {
    case 0xFF0F:
        return '/';
    case 0xFF0E:
        return '.';
    case 0xFF0C:
    case 0x3001:
        return ',';
    case 0xFF5E:
    case 0x81F3: /* 至 */
        return '~';
    default:
        return c;
    }
}

static enum gaosou_status take_value(struct gs_parser *p, struct value *v)
{
    size_t size;
    *v = (struct value){.at = p->at};
    while (!ends_value(gs_scan_sign(p, p->at, &size)))
        p->at += size;
    v->bytes = gs_arena_alloc(p->arena, p->at - v->at + 1);
    if (!v->bytes)
        return gs_parse_nomem(p);
    for (size_t at = v->at; at < p->at; at += size) {
        uint32_t c = fold(gs_scan_sign(p, at, &size));
        if (c < 0x80) {
            v->bytes[v->size++] = (char)c;
            continue;
        }
        memcpy(v->bytes + v->size, p->text + at, size); /* 年 月 日, or an error later */
        v->size += size;
    }
    return GAOSOU_OK;
}

/* One end of a range; false where it is no date. Nothing at all leaves *days alone. */
static bool read_days(const char *bytes, size_t size, struct gs_day_span *days, struct flaw *flaw)
{
    size_t used = 0;
    if (size == 0)
        return true;
    uint32_t date = gs_date_parse(bytes, size, &used);
    if (used != size || *bytes < '0' || *bytes > '9')
        return false;
    if (date == 0) {
        *flaw = (struct flaw){FLAW_NO_SUCH_DAY, bytes, size};
        return false;
    }
    *days = gs_date_days(date);
    return true;
}

/* A date, or two with `..` or `~` between; one of them may be missing. False: see *flaw. */
static bool read_range(const char *bytes, size_t size, struct gs_filter_range *range,
                       struct flaw *flaw)
{
    const char *sign = memchr(bytes, '~', size);
    size_t sign_size = 1;
    *flaw = (struct flaw){.kind = FLAW_FORM};
    if (!sign) {
        sign = memmem(bytes, size, "..", 2);
        sign_size = 2;
    }
    struct gs_day_span from = {0, 0}, to = {UINT32_MAX, UINT32_MAX};
    if (!sign) {
        bool read = size > 0 && read_days(bytes, size, &from, flaw);
        *range = (struct gs_filter_range){from.first, from.last};
        return read;
    }
    size_t left = (size_t)(sign - bytes), right = size - left - sign_size;
    if (left + right == 0 || !read_days(bytes, left, &from, flaw) ||
        !read_days(sign + sign_size, right, &to, flaw))
        return false;
    *range = (struct gs_filter_range){from.first, to.last};
    if (range->first > range->last)
        *flaw = (struct flaw){FLAW_BACKWARDS, bytes, size};
    return range->first <= range->last;
}

static enum gaosou_status read_ranges(struct gs_parser *p, const struct value *v,
                                      struct gs_filter *filter)
{
    size_t count = 1;
    for (size_t i = 0; i < v->size; i++)
        count += v->bytes[i] == ',';
    filter->ranges = gs_arena_alloc(p->arena, count * sizeof(*filter->ranges));
    if (!filter->ranges)
        return gs_parse_nomem(p);
    const char *at = v->bytes, *end = v->bytes + v->size;
    for (size_t i = 0; i < count; i++) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        const char *stop = comma ? comma : end;
        struct flaw flaw;
        if (!read_range(at, (size_t)(stop - at), &filter->ranges[i], &flaw))
            return fail_value(p, v, filter->field, &flaw);
        at = stop + 1;
    }
    filter->range_count = gs_filter_settle(filter->ranges, count);
    return GAOSOU_OK;
}

static enum gaosou_status append_filter(struct gs_parser *p, const struct gs_filter *filter)
{
    struct gs_query *q = p->query;
    if (q->filter_count == GS_QUERY_FILTERS_MAX)
        return gs_parse_limit(p, "too many filters", "筛选条件过多", GS_QUERY_FILTERS_MAX);
    if (!q->filters)
        q->filters = gs_arena_alloc(p->arena, GS_QUERY_FILTERS_MAX * sizeof(*q->filters));
    if (!q->filters)
        return gs_parse_nomem(p);
    q->filters[q->filter_count++] = *filter;
    return GAOSOU_OK;
}

enum gaosou_status gs_parse_filter(struct gs_parser *p, enum gs_filter_field field,
                                   struct gs_node **out)
{
    struct value v;
    struct gs_filter filter = {.field = field};
    enum gaosou_status status = take_value(p, &v);
    if (!status)
        status = read_ranges(p, &v, &filter);
    if (status)
        return status;
    filter.text = gs_parse_copy(p, p->text + v.at, p->at - v.at, "");
    *out = gs_parse_node(p, GS_NODE_FILTER, NULL, 0);
    if (!filter.text || !*out)
        return gs_parse_nomem(p);
    (*out)->leaf = (uint32_t)p->query->filter_count;
    return append_filter(p, &filter);
}
