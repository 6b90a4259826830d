/* field_values_internal.h: what reading and judging share. Private to field_values*.c. */
#ifndef GS_FILTER_FIELD_VALUES_INTERNAL_H
#define GS_FILTER_FIELD_VALUES_INTERNAL_H

#include "common/filter/field_values.h"

/* Bytes as they are compared; borrowed. */
struct gs_key {
    const char *bytes;
    size_t size;
};

/* The folded bytes of a value, appended to *out; for GS_VALUES_BYTES the bytes themselves. Lives
 * until the next append. */
struct gs_key gs_value_folded(enum gs_value_rule rule, const char *bytes, size_t size,
                              struct gs_buf *out);
/* What single values are told apart by: a kind or exchange by its stored name, a Hong Kong code
 * without its zeros, else what was folded. *named: it is of the list. */
struct gs_key gs_value_settled(enum gs_value_rule rule, struct gs_key folded, bool *named);

int gs_key_compare(struct gs_key a, struct gs_key b); /* by bytes, as memcmp */
bool gs_key_begins(struct gs_key text, struct gs_key front);

#endif
