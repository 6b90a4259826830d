/* What the values of a segment's dictionary are to a filter: each is judged once. */
#include "query/filter.h"

#include <stdlib.h>
#include <string.h>

#define TRUTH_BITS 2u
#define PER_BYTE   (8u / TRUTH_BITS)
#define NOT_JUDGED 3u /* beside enum gs_truth */

static bool make_table(struct gs_filter_match *m)
{
    size_t bytes = ((size_t)m->value_count + 1 + PER_BYTE - 1) / PER_BYTE;
    m->truths = malloc(bytes);
    if (!m->truths)
        return false;
    memset(m->truths, 0xFF, bytes);
    return true;
}

static enum gaosou_status judge_value(struct gs_filter_match *m, uint32_t ordinal,
                                      enum gs_truth *truth)
{
    struct gs_str value;
    *truth = GS_TRUTH_UNKNOWN;
    if (ordinal == 0)
        return GAOSOU_OK;
    enum gaosou_status status = gs_keyword_value(m->segment, m->keyword, ordinal, &value, NULL);
    if (status)
        return status;
    return gs_field_values_judge(&m->filter->values, value.bytes, value.size, &m->scratch, truth);
}

enum gs_truth gs_filter_ordinal_truth(struct gs_filter_match *m, uint32_t ordinal)
{
    if (!m->truths && !make_table(m)) {
        m->status = m->status ? m->status : GAOSOU_E_NOMEM;
        return GS_TRUTH_NO;
    }
    uint8_t *byte = &m->truths[ordinal / PER_BYTE];
    unsigned shift = ordinal % PER_BYTE * TRUTH_BITS, known = (unsigned)*byte >> shift & NOT_JUDGED;
    if (known != NOT_JUDGED)
        return (enum gs_truth)known;
    enum gs_truth truth;
    enum gaosou_status status = judge_value(m, ordinal, &truth);
    if (status) {
        m->status = m->status ? m->status : status;
        return GS_TRUTH_NO;
    }
    *byte = (uint8_t)(((unsigned)*byte & ~(NOT_JUDGED << shift)) | (unsigned)truth << shift);
    return truth;
}
