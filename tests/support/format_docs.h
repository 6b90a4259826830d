/*
 * format_docs.h: runs the examples of FORMAT.md on columns, packed blocks, records, ids, manifest
 * and deletions. One thread.
 */
#ifndef GS_TESTS_FORMAT_DOCS_H
#define GS_TESTS_FORMAT_DOCS_H

#include "tests/support/format_example.h"

#include <stdbool.h>

/* False where the example is of another kind. Counts in *wrong; files go into folder. */
bool format_docs_run(const struct format_example *e, const char *folder, size_t *wrong);

#endif
