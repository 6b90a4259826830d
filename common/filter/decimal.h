/* decimal.h: numbers as text, of any length, compared by their size. Pure functions. */
#ifndef GS_FILTER_DECIMAL_H
#define GS_FILTER_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>

/* `-`, digits, `.` and digits; of the two one may be missing. */
bool gs_decimal_is(const char *text, size_t size);

/* Below, above or 0, as memcmp; both are such numbers. */
int gs_decimal_compare(const char *a, size_t a_size, const char *b, size_t b_size);

#endif
