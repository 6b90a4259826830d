/*
 * field_values.h: the values of filters on what is known of a filing as strings (code, name, kind,
 * any filterable field): lists of values, prefixes and ranges, and what a stored value is to them
 * (docs/QUERY.md, Filters).
 *
 * Values are compared folded (common/text/fold.h), but for ids. Immutable once read; shared by
 * threads, each with a scratch buffer of its own.
 */
#ifndef GS_FILTER_FIELD_VALUES_H
#define GS_FILTER_FIELD_VALUES_H

#include "common/base/buf.h"
#include "common/filter/code_form.h"
#include "common/filter/truth.h"
#include "common/filter/value.h"

/* How the values of a field are compared. */
enum gs_value_rule {
    GS_VALUES_TEXT,     /* name, company, board: folded */
    GS_VALUES_CODE,     /* with exchanges, without the leading zeros of Hong Kong; ranges */
    GS_VALUES_KIND,     /* names of the closed list are what they name (filing_kinds.h) */
    GS_VALUES_EXCHANGE, /* likewise (exchange_names.h) */
    GS_VALUES_OPEN,     /* filterable fields: ranges of numbers and of strings */
    GS_VALUES_BYTES,    /* ids, paths: as they stand, no folding */
};

enum gs_value_form { GS_VALUE_ONE, GS_VALUE_PREFIX, GS_VALUE_RANGE };

/* One item as typed, without quotes, star and `..`. In the arena. */
struct gs_value_item {
    enum gs_value_form form;
    bool known; /* GS_VALUES_KIND, GS_VALUES_EXCHANGE: it names one of the list, or begins the
                   stored name of one; other rules: true */
    size_t at;  /* byte offset of the item in the value that was read */
    const char *bytes; /* value, prefix, or lower end */
    size_t size;
    /* private: as they are compared */
    const char *key, *upper; /* value, prefix or lower end; upper end */
    size_t key_size, upper_size;
    bool has_lower, has_upper; /* of a range; one of them at least */
    bool numeric;              /* the ends that are there are numbers */
};

/* Private: a single value in the order of searches. */
struct gs_value_key {
    const char *bytes;
    size_t size;
    enum gs_code_exchange exchange; /* that the code must be one of; GS_CODE_OTHER: any */
    size_t item;
};

struct gs_field_values {
    enum gs_value_rule rule;
    struct gs_value_item *items; /* in the order typed */
    size_t count;                /* at least one */
    /* private: */
    struct gs_value_key *keys; /* of single values; ascending */
    size_t key_count;
    size_t *spans; /* which items are prefixes and ranges */
    size_t span_count;
};

/*
 * Reads a list as it stands behind the colon of a filter. GAOSOU_E_QUERY with *flaw (flaw->at:
 * where in value); GAOSOU_E_NOMEM. Nothing of value is kept.
 */
GS_MUST_USE enum gaosou_status gs_field_values_read(struct gs_arena *arena, enum gs_value_rule rule,
                                                    const char *value, size_t size,
                                                    struct gs_field_values *out,
                                                    struct gs_value_flaw *flaw);

/*
 * What a filing's stored value (its parts with U+001F between them) is to the values: yes where one
 * part matches one item; unknown where it is empty. scratch is cleared and filled.
 * GAOSOU_E_NOMEM, with *truth unset.
 */
GS_MUST_USE enum gaosou_status gs_field_values_judge(const struct gs_field_values *values,
                                                     const char *stored, size_t size,
                                                     struct gs_buf *scratch, enum gs_truth *truth);
/* The same for one of the items alone. */
GS_MUST_USE enum gaosou_status gs_field_item_judge(const struct gs_field_values *values,
                                                   size_t item, const char *stored, size_t size,
                                                   struct gs_buf *scratch, enum gs_truth *truth);

/*
 * Where a value ends is the query's business, but what stands between quotes does not end it. Feed
 * the characters from the value's first on; starts zeroed, but for at_start. Quotes count at an
 * item's start: the four twins " “ ” ＂ (any opens, the next one closes), 「」, 『』.
 */
struct gs_value_scan {
    uint32_t closing; /* GS_QUOTE_*, or the sign that closes; 0: outside quotes */
    bool at_start;    /* of an item, or of a range's upper end: true at first */
    bool dot;         /* the last character was a `.` */
};
/* Whether c is text between quotes or one of the quotes. */
bool gs_value_scan_step(struct gs_value_scan *scan, uint32_t c);

#endif
