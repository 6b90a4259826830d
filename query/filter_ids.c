/* Filters on ids: whole ones by the table of ids, prefixes by the records. */
#include "query/filter.h"

#include <stdlib.h>

static int compare_docs(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Of several filings with an id all but the newest are deleted, so that one is enough. */
static enum gaosou_status find_ids(struct gs_filter_match *m)
{
    const struct gs_field_values *values = &m->filter->values;
    m->ids = malloc(values->count * sizeof(*m->ids));
    if (!m->ids)
        return GAOSOU_E_NOMEM;
    for (size_t i = 0; i < values->count; i++) {
        const struct gs_value_item *item = &values->items[i];
        uint32_t doc = GS_DOC_END;
        if (item->form != GS_VALUE_ONE) {
            m->id_prefix = true;
            continue;
        }
        enum gaosou_status status =
            gs_segment_find_id(m->segment, m->records, item->bytes, item->size, &doc, NULL);
        if (status && status != GAOSOU_E_NOT_FOUND)
            return status;
        if (doc != GS_DOC_END)
            m->ids[m->id_count++] = doc;
    }
    qsort(m->ids, m->id_count, sizeof(*m->ids), compare_docs);
    return GAOSOU_OK;
}

void gs_filter_find_ids(struct gs_filter_match *m)
{
    if (m->ids_found)
        return;
    m->ids_found = true;
    enum gaosou_status status = gs_record_reader_create(&m->records);
    if (!status)
        status = find_ids(m);
    m->status = m->status ? m->status : status;
}

/* The place of the first filing >= doc among those found. */
static size_t place_of(const struct gs_filter_match *m, uint32_t doc)
{
    size_t low = 0, high = m->id_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (m->ids[middle] < doc)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t gs_filter_id_seek(struct gs_filter_match *m, uint32_t target)
{
    gs_filter_find_ids(m);
    size_t at = place_of(m, target);
    return at < m->id_count ? m->ids[at] : GS_DOC_END;
}

enum gs_truth gs_filter_id_truth(struct gs_filter_match *m, uint32_t doc)
{
    gs_filter_find_ids(m);
    if (m->status)
        return GS_TRUTH_NO;
    size_t at = place_of(m, doc);
    if (at < m->id_count && m->ids[at] == doc)
        return GS_TRUTH_YES;
    if (!m->id_prefix)
        return GS_TRUTH_NO;
    struct gs_record record;
    enum gs_truth truth = GS_TRUTH_NO;
    enum gaosou_status status = gs_record_read(m->records, m->segment, doc, &record, NULL);
    if (!status)
        status = gs_field_values_judge(&m->filter->values, record.id.bytes, record.id.size,
                                       &m->scratch, &truth);
    m->status = m->status ? m->status : status;
    return status ? GS_TRUTH_NO : truth;
}
