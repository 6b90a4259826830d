/*
 * ref_marks.h: whether what is marked in a fragment is what the query looks for (docs/QUERY.md,
 * What matches), character by character and once normalised: breaks, white space and layout inside
 * do not count.
 */
#ifndef GS_TESTS_REF_MARKS_H
#define GS_TESTS_REF_MARKS_H

#include "tests/support/ref_query.h"

/* Each character of the marked text that counts belongs to an occurrence of a leaf that is not
 * below a NOT, and there is one. open_start, open_end: the fragment is cut there, and an occurrence
 * may go on beyond. */
bool ref_marks_fit(const struct ref_query *q, const uint8_t *text, size_t size, bool open_start,
                   bool open_end);

#endif
