/*
 * filter.h: conditions on what is known of a filing, judged from the columns (docs/QUERY.md,
 * Filters).
 *
 * What is not known cannot be judged: truth has three values (Kleene's strong logic), and the order
 * of the enumeration makes AND the least and OR the greatest of its parts. A gs_filter is immutable
 * once parsed; a gs_filter_match belongs to one thread and one run over one segment.
 */
#ifndef GS_QUERY_FILTER_H
#define GS_QUERY_FILTER_H

#include "common/segment/segment.h"

enum gs_truth { GS_TRUTH_NO, GS_TRUTH_UNKNOWN, GS_TRUTH_YES };

enum gs_filter_field { GS_FILTER_DATE, GS_FILTER_PERIOD, GS_FILTER_FIELDS };

/* Its name in queries and in JSON. Static. */
const char *gs_filter_field_name(enum gs_filter_field field);

/* Both included; day numbers (common/base/date.h). */
struct gs_filter_range {
    uint32_t first, last;
};

struct gs_filter {
    enum gs_filter_field field;
    struct gs_filter_range *ranges; /* ascending, none touching the next */
    size_t range_count;             /* at least one */
    char *text;                     /* the value as typed, NUL-ended */
};

/* Orders ranges and joins those that touch; the number left. */
size_t gs_filter_settle(struct gs_filter_range *ranges, size_t count);

/* date: yyyymmdd as the columns have it, 0 unknown. All its days within one range: yes; none in
 * any: no; else it cannot be told. */
enum gs_truth gs_filter_judge(const struct gs_filter *filter, uint32_t date);

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
