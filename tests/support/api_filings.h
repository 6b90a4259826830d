/*
 * api_filings.h: small indexes made through gaosou.h alone, for tests of the library.
 */
#ifndef GS_TESTS_API_FILINGS_H
#define GS_TESTS_API_FILINGS_H

#include "common/gaosou.h"

#include <stddef.h>

/* A filing; NULL: not given. */
struct api_filing {
    const char *id, *title, *codes, *name, *date, *type, *text;
};

/* Adds filings and commits. Ends the test on failure. */
void api_add(const char *index, const struct api_filing *filings, size_t count);

/* Adds one filing. */
enum gaosou_status api_add_one(gaosou_writer *writer, const struct api_filing *f,
                               gaosou_error *error);

#endif
