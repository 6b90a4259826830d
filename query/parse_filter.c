/* The values of fields into filters (docs/QUERY.md, Filters). */
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

/* ---- values ---- */

/* Consumes the value: up to white space, `|` or a closing bracket that pairs with none in it, what
 * stands between quotes aside. Quotes open at the start of an item and behind its range sign, the
 * first `..` of a field that has ranges. */
static void take_value(struct gs_parser *p, bool ranges)
{
    struct gs_value_scan scan = {.at_start = true};
    bool ranged = !ranges;
    size_t open = 0, step;
    for (; p->at < p->size; p->at += step) {
        uint32_t c = gs_scan_sign(p, p->at, &step);
        if (gs_value_scan_step(&scan, gs_scan_char(p, p->at, &step)))
            continue;
        if (scan.at_start)
            ranged = c == '.' || !ranges;
        scan.dot = scan.dot && !ranged;
        if (c == ' ' || c == '|' || (c == ')' && open == 0))
            return;
        open += c == '(';
        open -= c == ')';
    }
}

/* One number, its digits of either width. */
static enum gaosou_status read_commit(struct gs_parser *p, const char *value, size_t size,
                                      uint64_t *commit, struct gs_value_flaw *flaw)
{
    size_t digits;
    const char *folded = gs_value_fold(p->arena, value, size, &digits);
    if (!folded)
        return GAOSOU_E_NOMEM;
    *flaw = (struct gs_value_flaw){.kind = GS_FLAW_NUMBER, .bytes = value, .size = size};
    *commit = 0;
    for (size_t i = 0; i < digits; i++) {
        uint64_t digit = (uint64_t)folded[i] - '0';
        if (digit > 9 || *commit > (UINT64_MAX - digit) / 10)
            return GAOSOU_E_QUERY;
        *commit = *commit * 10 + digit;
    }
    return digits ? GAOSOU_OK : GAOSOU_E_QUERY;
}

static enum gaosou_status read_value(struct gs_parser *p, const char *value, size_t size,
                                     struct gs_filter *filter, struct gs_value_flaw *flaw)
{
    *flaw = (struct gs_value_flaw){.kind = GS_FLAW_EMPTY};
    if (filter->field == GS_FILTER_DATE || filter->field == GS_FILTER_PERIOD)
        return gs_day_ranges_read(p->arena, value, size, &filter->days, flaw);
    if (filter->field == GS_FILTER_SINCE)
        return read_commit(p, value, size, &filter->since, flaw);
    return gs_field_values_read(p->arena, gs_filter_rule(filter->field), value, size,
                                &filter->values, flaw);
}

/* ---- filters ---- */

/* The column of a byte offset; offsets ascend, so that each character is counted once. */
static size_t column_of(struct gs_parser *p, size_t at)
{
    size_t step;
    for (; p->counted_at < at; p->counted_at += step, p->counted++)
        (void)gs_scan_char(p, p->counted_at, &step);
    return p->counted + 1;
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

enum gaosou_status gs_parse_filter(struct gs_parser *p, const struct gs_field_found *field,
                                   struct gs_node **out)
{
    struct gs_filter filter = {.field = field->filter, .beside = p->beside};
    struct gs_value_flaw flaw;
    size_t from = p->at;
    enum gs_value_rule rule = gs_filter_rule(field->filter);
    take_value(p, rule == GS_VALUES_CODE || rule == GS_VALUES_OPEN);
    const char *value = (const char *)p->text + from;
    enum gaosou_status status = read_value(p, value, p->at - from, &filter, &flaw);
    if (status == GAOSOU_E_QUERY)
        return fail_value(p, from + flaw.at, field->name, &flaw);
    filter.column = column_of(p, from);
    filter.text = gs_parse_copy(p, value, p->at - from, "");
    *out = gs_parse_node(p, GS_NODE_FILTER, NULL, 0);
    if (status || !filter.text || !*out)
        return gs_parse_nomem(p);
    (*out)->leaf = (uint32_t)p->query->filter_count;
    return append_filter(p, &filter, field->name);
}
