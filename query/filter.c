#include "query/filter.h"

#include <stdlib.h>
#include <string.h>

#define SCRATCH_MAX   ((size_t)1 << 30) /* of one folded value */
#define SAMPLES       64u               /* filings looked at for an estimate */
#define WALK_PER_LOOK 32u /* filings of a column walked over in the time of a look at one */

enum source { FROM_NUMBERS, FROM_ORDINALS, FROM_IDS };

static const struct field {
    const char *name, *chinese;
    enum source source;
    enum gs_column column;   /* FROM_NUMBERS */
    enum gs_value_rule rule; /* the others */
} FIELDS[GS_FILTER_FIELDS] = {
    [GS_FILTER_DATE] = {"date", "日期", FROM_NUMBERS, GS_COLUMN_DATE, 0},
    [GS_FILTER_PERIOD] = {"period", "报告期", FROM_NUMBERS, GS_COLUMN_PERIOD, 0},
    [GS_FILTER_CODE] = {"code", "代码", FROM_ORDINALS, 0, GS_VALUES_CODE},
    [GS_FILTER_NAME] = {"name", "简称", FROM_ORDINALS, 0, GS_VALUES_TEXT},
    [GS_FILTER_COMPANY] = {"company", "公司", FROM_ORDINALS, 0, GS_VALUES_TEXT},
    [GS_FILTER_TYPE] = {"type", "类型", FROM_ORDINALS, 0, GS_VALUES_KIND},
    [GS_FILTER_EXCHANGE] = {"exchange", "交易所", FROM_ORDINALS, 0, GS_VALUES_EXCHANGE},
    [GS_FILTER_BOARD] = {"board", "板块", FROM_ORDINALS, 0, GS_VALUES_TEXT},
    [GS_FILTER_ID] = {"id", "id", FROM_IDS, 0, GS_VALUES_BYTES},
    [GS_FILTER_SINCE] = {"since", "提交晚于", FROM_NUMBERS, GS_COLUMN_COMMIT, 0},
    [GS_FILTER_INPUT] = {NULL, NULL, FROM_ORDINALS, 0, GS_VALUES_OPEN},
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

enum gs_value_rule gs_filter_rule(enum gs_filter_field field)
{
    return FIELDS[field].rule;
}

static const struct field *field_of(const struct gs_filter_match *m)
{
    return &FIELDS[m->filter->field];
}

/* ---- over a segment ---- */

void gs_filter_open(struct gs_filter_match *m, const struct gs_filter *filter,
                    const struct gs_segment *segment)
{
    /* not the values, which are large and written before they are read */
    m->filter = filter;
    m->segment = segment;
    m->doc_count = gs_segment_get_stats(segment)->doc_count;
    m->cost = m->doc_count;
    m->leads = false;
    m->status = GAOSOU_OK;
    m->sought = m->found = m->block = m->last_block = UINT32_MAX;
    m->truths = NULL;
    m->records = NULL;
    m->ids = NULL;
    m->id_count = 0;
    m->ids_found = m->id_prefix = false;
    gs_buf_init(&m->scratch, SCRATCH_MAX);
    m->has_keyword = field_of(m)->source == FROM_ORDINALS &&
                     gs_keyword_find(segment, filter->name, strlen(filter->name), &m->keyword);
    m->value_count = m->has_keyword ? gs_keyword_value_count(segment, m->keyword) : 0;
}

void gs_filter_close(struct gs_filter_match *m)
{
    if (!m)
        return;
    gs_buf_release(&m->scratch);
    gs_record_reader_free(m->records);
    free(m->truths);
    free(m->ids);
    m->records = NULL;
    m->truths = NULL;
    m->ids = NULL;
}

enum gaosou_status gs_filter_status(const struct gs_filter_match *m, struct gs_err *err)
{
    static const char *const sections[] = {"columns", "keywords", "ids or records"};
    if (!m->status)
        return GAOSOU_OK;
    if (m->status == GAOSOU_E_NOMEM)
        return gs_err_nomem(err, m->value_count / 4);
    return gs_err_set(err, m->status, "%s is damaged: section %s (gaosou-index check names it)",
                      gs_segment_path(m->segment), sections[field_of(m)->source]);
}

static enum gs_truth fail(struct gs_filter_match *m, enum gaosou_status status)
{
    m->status = m->status ? m->status : status;
    return GS_TRUTH_NO;
}

/* ---- numbers and ordinals ---- */

/* What no writer makes. */
static bool is_no_date(uint64_t value)
{
    return value > UINT32_MAX || (uint32_t)value / 100 % 100 > 12;
}

static enum gs_truth judge_number(struct gs_filter_match *m, uint64_t value)
{
    if (m->filter->field == GS_FILTER_SINCE)
        return value > m->filter->since ? GS_TRUTH_YES : GS_TRUTH_NO;
    return is_no_date(value) ? fail(m, GAOSOU_E_CORRUPT)
                             : gs_day_ranges_judge(&m->filter->days, (uint32_t)value);
}

/* Of a filing of the decoded block. */
static enum gs_truth judge_decoded(struct gs_filter_match *m, uint32_t doc)
{
    uint32_t at = doc % GS_FILTER_BLOCK;
    return m->has_keyword ? gs_filter_ordinal_truth(m, m->values.ordinals[at])
                          : judge_number(m, m->values.numbers[at]);
}

static enum gaosou_status decode_block(struct gs_filter_match *m, uint32_t block)
{
    uint32_t first = block * GS_FILTER_BLOCK, left = m->doc_count - first;
    uint32_t count = left < GS_FILTER_BLOCK ? left : GS_FILTER_BLOCK;
    enum gaosou_status status =
        m->has_keyword
            ? gs_keyword_ordinals(m->segment, m->keyword, first, count, m->values.ordinals, NULL)
            : gs_column_range(m->segment, field_of(m)->column, first, count, m->values.numbers,
                              NULL);
    m->block = status ? UINT32_MAX : block;
    return status;
}

static enum gs_truth judge_single(struct gs_filter_match *m, uint32_t doc)
{
    uint64_t number = 0;
    uint32_t ordinal = 0;
    enum gaosou_status status =
        m->has_keyword ? gs_keyword_ordinals(m->segment, m->keyword, doc, 1, &ordinal, NULL)
                       : gs_column_get(m->segment, field_of(m)->column, doc, &number, NULL);
    if (status)
        return fail(m, status);
    return m->has_keyword ? gs_filter_ordinal_truth(m, ordinal) : judge_number(m, number);
}

/* From a column: one value; a whole block once its neighbour, or it itself, was asked for before:
 * then filings come densely, and a block costs as much as a few single values. */
static enum gs_truth judge_column(struct gs_filter_match *m, uint32_t doc)
{
    uint32_t block = doc / GS_FILTER_BLOCK;
    if (m->block == block)
        return judge_decoded(m, doc);
    bool dense = m->last_block != UINT32_MAX && block - m->last_block <= 1;
    m->last_block = block;
    if (!dense)
        return judge_single(m, doc);
    enum gaosou_status status = decode_block(m, block);
    return status ? fail(m, status) : judge_decoded(m, doc);
}

enum gs_truth gs_filter_truth(struct gs_filter_match *m, uint32_t doc)
{
    switch (field_of(m)->source) {
    case FROM_ORDINALS:
        if (!m->has_keyword)
            return GS_TRUTH_UNKNOWN;
        break;
    case FROM_IDS:
        return gs_filter_id_truth(m, doc);
    case FROM_NUMBERS:
        break;
    }
    return judge_column(m, doc);
}

/* ---- leading ---- */

void gs_filter_estimate(struct gs_filter_match *m, uint64_t others)
{
    uint32_t step = m->doc_count / SAMPLES, seen = 0;
    if (field_of(m)->source == FROM_IDS) {
        gs_filter_find_ids(m);
        m->leads = !m->id_prefix;
        m->cost = m->leads ? m->id_count : m->doc_count;
        return;
    }
    m->leads = others >= m->doc_count / WALK_PER_LOOK;
    m->cost = m->doc_count;
    if (!m->leads || step == 0)
        return;
    for (uint32_t i = 0; i < SAMPLES; i++)
        seen += gs_filter_truth(m, i * step + step / 2) != GS_TRUTH_NO;
    m->last_block = UINT32_MAX; /* the samples say nothing of how filings come */
    m->cost = (uint64_t)step * seen + step / 2;
}

/* A walk over a column, block by block. */
static uint32_t walk(struct gs_filter_match *m, uint32_t doc)
{
    while (doc < m->doc_count && !m->status) {
        uint32_t block = doc / GS_FILTER_BLOCK, end = (block + 1) * GS_FILTER_BLOCK;
        enum gaosou_status status = m->block == block ? GAOSOU_OK : decode_block(m, block);
        if (status)
            (void)fail(m, status);
        end = end < m->doc_count ? end : m->doc_count;
        for (; doc < end && !m->status; doc++) {
            if (judge_decoded(m, doc) != GS_TRUTH_NO)
                return doc;
        }
    }
    return GS_DOC_END;
}

uint32_t gs_filter_seek(struct gs_filter_match *m, uint32_t target)
{
    if (target >= m->doc_count || m->status)
        return GS_DOC_END;
    if (field_of(m)->source == FROM_IDS && m->leads)
        return gs_filter_id_seek(m, target);
    if (m->leads && m->sought <= target && target <= m->found)
        return m->found;
    if (!m->leads || (field_of(m)->source == FROM_ORDINALS && !m->has_keyword))
        return gs_filter_truth(m, target) != GS_TRUTH_NO ? target
               : target + 1 < m->doc_count               ? target + 1
                                                         : GS_DOC_END;
    m->sought = target;
    m->found = walk(m, target);
    return m->found;
}
