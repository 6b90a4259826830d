/*
 * filter.h: conditions on what is known of a filing, judged from the columns (docs/QUERY.md,
 * Filters).
 *
 * A gs_filter is immutable once parsed; a gs_filter_match belongs to one thread and one run over
 * one segment. Strings are judged by their ordinals: each value of a segment's dictionary once, the
 * first time that a filing has it. Ids are found by the table of ids; a prefix of ids has no column
 * and reads the record of each filing that is asked for, some microseconds each (a fraction of one
 * where they are asked for in a row).
 */
#ifndef GS_QUERY_FILTER_H
#define GS_QUERY_FILTER_H

#include "common/filter/day_ranges.h"
#include "common/filter/field_values.h"
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
/* How the values of a field of strings are compared. */
enum gs_value_rule gs_filter_rule(enum gs_filter_field field);

struct gs_filter {
    enum gs_filter_field field;
    size_t field_index;            /* in gs_query.filter_fields */
    const char *name;              /* there: as in queries and in JSON */
    struct gs_day_ranges days;     /* GS_FILTER_DATE, GS_FILTER_PERIOD */
    uint64_t since;                /* GS_FILTER_SINCE: commits later than this */
    struct gs_field_values values; /* the others */
    char *text;                    /* the value as typed, NUL-ended */
    size_t column;                 /* where that stands, in characters from 1 */
    bool beside;                   /* not in the query but in gs_query_params.filters */
};

#define GS_FILTER_BLOCK 128u /* filings whose values are read together */

struct gs_filter_match {
    const struct gs_filter *filter;
    const struct gs_segment *segment;
    uint32_t doc_count;
    uint64_t cost; /* filings that it is thought not to turn down; see gs_filter_estimate */
    bool leads;    /* gs_filter_seek looks for the next of them, however far */
    enum gaosou_status status; /* sticky */
    /* private: */
    uint32_t sought, found;     /* the last target and what it led to */
    uint32_t block, last_block; /* the block that is decoded, UINT32_MAX: none; asked for last */
    union {
        uint64_t numbers[GS_FILTER_BLOCK];
        uint32_t ordinals[GS_FILTER_BLOCK];
    } values;
    bool has_keyword;
    uint32_t keyword, value_count;
    uint8_t *truths; /* two bits an ordinal; NULL: none was judged yet */
    struct gs_buf scratch;
    struct gs_record_reader *records;
    uint32_t *ids; /* filings with one of the ids that are no prefixes, ascending */
    size_t id_count;
    bool ids_found, id_prefix;
};
/* Reads nothing yet. To be closed. */
void gs_filter_open(struct gs_filter_match *m, const struct gs_filter *filter,
                    const struct gs_segment *segment);
void gs_filter_close(struct gs_filter_match *m); /* twice is fine */
/* What it has met, with its message. */
GS_MUST_USE enum gaosou_status gs_filter_status(const struct gs_filter_match *m,
                                                struct gs_err *err);
/* GS_TRUTH_NO once the segment is found damaged (m->status). Docs may come in any order; ascending
 * ones are fast. */
enum gs_truth gs_filter_truth(struct gs_filter_match *m, uint32_t doc);

/*
 * Settles m->cost and m->leads where filings come from elsewhere as well, about `others` of them
 * (UINT64_MAX: from nowhere else). It leads unless they are so few that a look at each is cheaper
 * than a walk over the column; then its cost is a guess from some filings spread over the segment,
 * else the number of all.
 */
void gs_filter_estimate(struct gs_filter_match *m, uint64_t others);
/* The first filing >= target that is not turned down, or GS_DOC_END; targets ascend. One that does
 * not lead may give the filing behind target instead, which may be turned down. */
uint32_t gs_filter_seek(struct gs_filter_match *m, uint32_t target);

/* ---- filter_strings.c: values by ordinal; filter_ids.c ---- */

/* Private to filter.c. On failure m->status is set and the truth is GS_TRUTH_NO. */
enum gs_truth gs_filter_ordinal_truth(struct gs_filter_match *m, uint32_t ordinal);
enum gs_truth gs_filter_id_truth(struct gs_filter_match *m, uint32_t doc);
/* The first filing >= target with one of the ids; only where none of them is a prefix. */
uint32_t gs_filter_id_seek(struct gs_filter_match *m, uint32_t target);
void gs_filter_find_ids(struct gs_filter_match *m);

#endif
