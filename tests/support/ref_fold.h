/*
 * ref_fold.h: values of filters as they are compared, and what a filing's value is to them, written
 * from docs/QUERY.md (Filters) and docs/METADATA.md (the names of kinds and exchanges).
 */
#ifndef GS_TESTS_REF_FOLD_H
#define GS_TESTS_REF_FOLD_H

#include "tests/support/ref_query.h"

/* Appends the text folded: as normalised, white space as U+0020 and none at the ends. */
void ref_fold(const uint8_t *text, size_t size, ref_bytes *out);

/* Whether the ends of a range are in the wrong order. */
bool ref_is_backwards(const struct ref_value *v);

/* Whether a stored value of the filter's field (one of several) is one of the filter's. */
bool ref_value_fits(const struct ref_filter *filter, const char *stored);

/* Whether an item is of the closed list that its field has (type, exchange). */
bool ref_value_is_listed(const struct ref_filter *filter, const struct ref_value *v);
/* Whether a stored value fits one item. */
bool ref_item_fits(const struct ref_filter *filter, const struct ref_value *v, const char *stored);

#endif
