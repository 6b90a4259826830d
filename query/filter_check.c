#include "query/filter_check.h"

#include "common/base/utf8_step.h"
#include "common/filter/exchange_names.h"
#include "common/filter/filing_kinds.h"
#include "query/nearest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCRATCH_MAX ((size_t)1 << 30)
#define SHOWN_MAX   80u /* bytes of a value in a message */

/* ---- fields ---- */

static bool has_field(const struct gs_str *fields, size_t count, struct gs_str name)
{
    for (size_t i = 0; i < count; i++) {
        if (fields[i].size == name.size && memcmp(fields[i].bytes, name.bytes, name.size) == 0)
            return true;
    }
    return false;
}

enum gaosou_status gs_filterable_fields(const struct gs_snapshot *snapshot, struct gs_str **fields,
                                        size_t *count, struct gs_err *err)
{
    size_t most = 1, n = 0;
    for (size_t i = 0; i < snapshot->segment_count; i++)
        most += gs_keyword_count(snapshot->segments[i].segment);
    struct gs_str *found = malloc(most * sizeof(*found));
    if (!found)
        return gs_err_nomem(err, most * sizeof(*found));
    for (size_t i = 0; i < snapshot->segment_count; i++) {
        const struct gs_segment *segment = snapshot->segments[i].segment;
        for (uint32_t k = GS_KEYWORD_FIXED; k < gs_keyword_count(segment); k++) {
            struct gs_str name = gs_keyword_name(segment, k);
            if (!has_field(found, n, name))
                found[n++] = name;
        }
    }
    *fields = found;
    *count = n;
    return GAOSOU_OK;
}

/* ---- values ---- */

struct check {
    const struct gs_snapshot *snapshot;
    const struct gs_filter *filter;
    size_t item;
    struct gs_buf scratch;
    struct gs_nearest near;
    bool found;
    bool chinese;
    struct gs_err *err;
};

/* Whether a filing of the segment may have the item; else its values are offered as the nearest. */
static enum gaosou_status look_in(struct check *c, const struct gs_segment *segment)
{
    uint32_t keyword;
    const char *name = c->filter->name;
    enum gaosou_status status = GAOSOU_OK;
    if (!gs_keyword_find(segment, name, strlen(name), &keyword))
        return GAOSOU_OK;
    uint32_t count = gs_keyword_value_count(segment, keyword);
    for (uint32_t i = 1; i <= count && !status && !c->found; i++) {
        struct gs_str value;
        enum gs_truth truth = GS_TRUTH_NO;
        status = gs_keyword_value(segment, keyword, i, &value, c->err);
        if (status)
            break;
        status = gs_field_item_judge(&c->filter->values, c->item, value.bytes, value.size,
                                     &c->scratch, &truth);
        if (status)
            return gs_err_nomem(c->err, value.size);
        c->found = truth == GS_TRUTH_YES;
        gs_nearest_offer(&c->near, value.bytes, value.size);
    }
    return status;
}

static void offer_list(struct check *c)
{
    size_t count;
    if (c->filter->field == GS_FILTER_EXCHANGE) {
        const char *const *exchanges = gs_exchanges(&count);
        for (size_t i = 0; i < count; i++)
            gs_nearest_offer(&c->near, exchanges[i], strlen(exchanges[i]));
        return;
    }
    const struct gs_filing_kind *kinds = gs_filing_kinds(&count);
    for (size_t i = 0; i < count; i++) {
        gs_nearest_offer(&c->near, kinds[i].name, strlen(kinds[i].name));
        gs_nearest_offer(&c->near, kinds[i].id, strlen(kinds[i].id));
    }
}

static size_t column_of(const struct gs_filter *filter, size_t at)
{
    size_t column = filter->column;
    for (size_t i = 0; i < at; i++)
        column += !gs_utf8_is_tail((uint8_t)filter->text[i]);
    return column;
}

static int shown(struct gs_str text)
{
    size_t size = text.size < SHOWN_MAX ? text.size : SHOWN_MAX;
    while (size > 0 && size < text.size && gs_utf8_is_tail((uint8_t)text.bytes[size]))
        size--;
    return (int)size;
}

static enum gaosou_status fail_unknown(const struct check *c)
{
    const struct gs_filter *filter = c->filter;
    const struct gs_value_item *item = &filter->values.items[c->item];
    struct gs_str value = {item->bytes, item->size};
    const char *star = item->form == GS_VALUE_PREFIX ? "*" : "", *name = filter->name;
    const char *label = gs_filter_label(name, c->chinese);
    char where[64], names[160], hint[256] = "";
    snprintf(where, sizeof(where), c->chinese ? "%s第 %zu 列" : "%s, column %zu",
             c->chinese ? (filter->beside ? "筛选条件" : "查询")
                        : (filter->beside ? "filters" : "query"),
             column_of(filter, item->at));
    gs_nearest_write(&c->near, name, c->chinese, names, sizeof(names));
    if (names[0])
        snprintf(hint, sizeof(hint), c->chinese ? "；是否想用 %s？" : "; did you mean %s?", names);
    return gs_err_set(c->err, GAOSOU_E_QUERY,
                      c->chinese ? "%s：没有%s为“%.*s%s”的公告%s"
                                 : "%s: no filing has the %s '%.*s%s'%s",
                      where, label, shown(value), value.bytes, star, hint);
}

static enum gaosou_status check_item(struct check *c)
{
    const struct gs_value_item *item = &c->filter->values.items[c->item];
    enum gaosou_status status = GAOSOU_OK;
    if (item->known)
        return GAOSOU_OK;
    c->found = false;
    gs_nearest_begin(&c->near, item->bytes, item->size);
    offer_list(c);
    for (size_t i = 0; i < c->snapshot->segment_count && !status && !c->found; i++)
        status = look_in(c, c->snapshot->segments[i].segment);
    return status || c->found ? status : fail_unknown(c);
}

enum gaosou_status gs_filter_check_values(const struct gs_query *query,
                                          const struct gs_snapshot *snapshot, bool chinese,
                                          struct gs_err *err)
{
    struct check c = {.snapshot = snapshot, .chinese = chinese, .err = err};
    enum gaosou_status status = GAOSOU_OK;
    gs_buf_init(&c.scratch, SCRATCH_MAX);
    for (size_t i = 0; i < query->filter_count && !status; i++) {
        c.filter = &query->filters[i];
        bool listed = c.filter->field == GS_FILTER_TYPE || c.filter->field == GS_FILTER_EXCHANGE;
        for (c.item = 0; listed && c.item < c.filter->values.count && !status; c.item++)
            status = check_item(&c);
    }
    gs_buf_release(&c.scratch);
    return status;
}

enum gaosou_status gs_query_parse_for(struct gs_query **out, const struct gs_snapshot *snapshot,
                                      const char *text, size_t size,
                                      const struct gs_query_params *params, struct gs_err *err)
{
    struct gs_query_params all = *params;
    struct gs_query *query = NULL;
    struct gs_str *fields;
    enum gaosou_status status = gs_filterable_fields(snapshot, &fields, &all.field_count, err);
    if (status)
        return status;
    all.fields = fields;
    status = gs_query_parse(&query, text, size, &all, err);
    free(fields);
    if (!status)
        status = gs_filter_check_values(query, snapshot, params->chinese, err);
    if (status) {
        gs_query_free(query);
        return status;
    }
    *out = query;
    return GAOSOU_OK;
}
