/*
 * filter.h: conditions on what is known of a filing, judged from the columns (docs/QUERY.md,
 * Filters).
 *
 * A gs_filter is immutable once parsed; a gs_filter_match belongs to one thread and one run over
 * one segment.
 */
#ifndef GS_QUERY_FILTER_H
#define GS_QUERY_FILTER_H

#include "common/filter/day_ranges.h"
#include "common/segment/segment.h"

enum gs_filter_field {
    GS_FILTER_DATE,
    GS_FILTER_PERIOD,
    GS_FILTER_CODE,
    GS_FILTER_NAME,
    GS_FILTER_COMPANY,
    GS_FILTER_TYPE,
    GS_FILTER_EXCHANGE,
    GS_FILTER_BOARD,
    GS_FILTER_ID,
    GS_FILTER_SINCE,
    GS_FILTER_INPUT, /* one of the input's that was named filterable */
    GS_FILTER_FIELDS
};

/* The name of a fixed field in queries and in JSON; NULL for GS_FILTER_INPUT. Static. */
const char *gs_filter_field_name(enum gs_filter_field field);
/* What a field, of gs_query.filter_fields, is called in messages: the name itself for one of the
 * input's. Static, or the name. */
const char *gs_filter_label(const char *name, bool chinese);

struct gs_filter {
    enum gs_filter_field field;
    size_t field_index; /* in gs_query.filter_fields */
    const char *name;   /* there: as in queries and in JSON */
    struct gs_day_ranges days;
    char *text; /* the value as typed, NUL-ended */
};

#define GS_FILTER_BLOCK 128u /* filings whose values are read together */

struct gs_filter_match {
    const struct gs_filter *filter;
    const struct gs_segment *segment;
    uint32_t doc_count, block; /* the block that values holds; UINT32_MAX: none */
    uint32_t last_block;       /* asked for last */
    uint64_t values[GS_FILTER_BLOCK];
    enum gaosou_status status; /* sticky */
};
void gs_filter_open(struct gs_filter_match *m, const struct gs_filter *filter,
                    const struct gs_segment *segment);
/* What it has met, with its message. */
GS_MUST_USE enum gaosou_status gs_filter_status(const struct gs_filter_match *m,
                                                struct gs_err *err);
/* GS_TRUTH_NO once the segment is found damaged (m->status). Docs may come in any order; ascending
 * ones are fast. */
enum gs_truth gs_filter_truth(struct gs_filter_match *m, uint32_t doc);

#endif
