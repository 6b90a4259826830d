#include "query/filter.h"

#include <string.h>

static const struct {
    const char *name, *chinese;
    enum gs_column column;
} FIELDS[GS_FILTER_FIELDS] = {
    [GS_FILTER_DATE] = {"date", "日期", GS_COLUMN_DATE},
    [GS_FILTER_PERIOD] = {"period", "报告期", GS_COLUMN_PERIOD},
    [GS_FILTER_CODE] = {"code", "代码", GS_COLUMN_COUNT},
    [GS_FILTER_NAME] = {"name", "简称", GS_COLUMN_COUNT},
    [GS_FILTER_COMPANY] = {"company", "公司", GS_COLUMN_COUNT},
    [GS_FILTER_TYPE] = {"type", "类型", GS_COLUMN_COUNT},
    [GS_FILTER_EXCHANGE] = {"exchange", "交易所", GS_COLUMN_COUNT},
    [GS_FILTER_BOARD] = {"board", "板块", GS_COLUMN_COUNT},
    [GS_FILTER_ID] = {"id", "编号", GS_COLUMN_COUNT},
    [GS_FILTER_SINCE] = {"since", "提交晚于", GS_COLUMN_COMMIT},
};

const char *gs_filter_field_name(enum gs_filter_field field)
{
    return FIELDS[field].name;
}

const char *gs_filter_label(const char *name, bool chinese)
{
    for (size_t i = 0; i < GS_FILTER_INPUT; i++) {
        if (chinese && strcmp(FIELDS[i].name, name) == 0)
            return FIELDS[i].chinese;
    }
    return name;
}

/* ---- over a segment ---- */

void gs_filter_open(struct gs_filter_match *m, const struct gs_filter *filter,
                    const struct gs_segment *segment)
{
    m->filter = filter;
    m->segment = segment;
    m->doc_count = gs_segment_get_stats(segment)->doc_count;
    m->block = m->last_block = UINT32_MAX;
    m->status = GAOSOU_OK;
}

enum gaosou_status gs_filter_status(const struct gs_filter_match *m, struct gs_err *err)
{
    if (!m->status)
        return GAOSOU_OK;
    return gs_err_set(err, m->status,
                      "%s is damaged: section columns (gaosou-index check names it)",
                      gs_segment_path(m->segment));
}

/* One value; a whole block once its neighbour, or it itself, was asked for before: then filings
 * come densely, and a block costs as much as a few single values. */
static enum gaosou_status read_value(struct gs_filter_match *m, uint32_t doc, uint64_t *value)
{
    enum gs_column column = FIELDS[m->filter->field].column;
    uint32_t block = doc / GS_FILTER_BLOCK, first = block * GS_FILTER_BLOCK;
    bool dense = m->last_block != UINT32_MAX && block - m->last_block <= 1;
    m->last_block = block;
    if (!dense)
        return gs_column_get(m->segment, column, doc, value, NULL);
    uint32_t left = m->doc_count - first;
    enum gaosou_status status =
        gs_column_range(m->segment, column, first, left < GS_FILTER_BLOCK ? left : GS_FILTER_BLOCK,
                        m->values, NULL);
    m->block = status ? UINT32_MAX : block;
    *value = m->values[doc - first];
    return status;
}

/* What no writer makes. */
static bool is_no_date(uint64_t value)
{
    return value > UINT32_MAX || (uint32_t)value / 100 % 100 > 12;
}

enum gs_truth gs_filter_truth(struct gs_filter_match *m, uint32_t doc)
{
    uint64_t value = 0;
    enum gaosou_status status = GAOSOU_OK;
    if (m->block == doc / GS_FILTER_BLOCK)
        value = m->values[doc % GS_FILTER_BLOCK];
    else
        status = read_value(m, doc, &value);
    if (!status && is_no_date(value))
        status = GAOSOU_E_CORRUPT;
    if (status) {
        m->status = m->status ? m->status : status;
        return GS_TRUTH_NO;
    }
    return gs_day_ranges_judge(&m->filter->days, (uint32_t)value);
}
