/* `date:` and `period:` values into filters (docs/QUERY.md, Filters). */
#include "query/parse.h"

#include <string.h>

static enum gaosou_status fail_value(struct gs_parser *p, size_t at, const char *name,
                                     const struct gs_value_flaw *flaw)
{
    char english[256], chinese[256];
    gs_value_flaw_text(flaw, name, false, english, sizeof(english));
    gs_value_flaw_text(flaw, name, true, chinese, sizeof(chinese));
    return gs_parse_fail(p, at, english, chinese);
}

static bool ends_value(uint32_t c)
{
    return c == GS_SCAN_END || c == ' ' || c == '|' || c == ')';
}

/* The place of a field among those of the query's filters; it lives as long as the query. */
static size_t field_index(struct gs_query *q, const char *name)
{
    size_t i = 0;
    while (i < q->filter_field_count && strcmp(q->filter_fields[i], name) != 0)
        i++;
    if (i == q->filter_field_count)
        q->filter_fields[q->filter_field_count++] = name;
    return i;
}

/* name: static, or of the arena. */
static enum gaosou_status append_filter(struct gs_parser *p, struct gs_filter *filter,
                                        const char *name)
{
    struct gs_query *q = p->query;
    if (q->filter_count == GS_QUERY_FILTERS_MAX)
        return gs_parse_limit(p, "too many filters", "筛选条件过多", GS_QUERY_FILTERS_MAX);
    if (!q->filters) {
        q->filters = gs_arena_alloc(p->arena, GS_QUERY_FILTERS_MAX * sizeof(*q->filters));
        q->filter_fields =
            gs_arena_alloc(p->arena, GS_QUERY_FILTERS_MAX * sizeof(*q->filter_fields));
    }
    if (!q->filters || !q->filter_fields)
        return gs_parse_nomem(p);
    filter->field_index = field_index(q, name);
    filter->name = q->filter_fields[filter->field_index];
    q->filters[q->filter_count++] = *filter;
    return GAOSOU_OK;
}

enum gaosou_status gs_parse_filter(struct gs_parser *p, enum gs_filter_field field,
                                   struct gs_node **out)
{
    struct gs_filter filter = {.field = field};
    struct gs_value_flaw flaw;
    size_t from = p->at, step;
    while (!ends_value(gs_scan_sign(p, p->at, &step)))
        p->at += step;
    const char *value = (const char *)p->text + from;
    enum gaosou_status status =
        gs_day_ranges_read(p->arena, value, p->at - from, &filter.days, &flaw);
    if (status == GAOSOU_E_QUERY)
        return fail_value(p, from, gs_filter_field_name(field), &flaw);
    if (status)
        return gs_parse_nomem(p);
    filter.text = gs_parse_copy(p, value, p->at - from, "");
    *out = gs_parse_node(p, GS_NODE_FILTER, NULL, 0);
    if (!filter.text || !*out)
        return gs_parse_nomem(p);
    (*out)->leaf = (uint32_t)p->query->filter_count;
    return append_filter(p, &filter, gs_filter_field_name(field));
}
