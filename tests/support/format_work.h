/*
 * format_work.h: runs the examples of FORMAT.md on the indexer's own files, work and touched. One
 * thread.
 */
#ifndef GS_TESTS_FORMAT_WORK_H
#define GS_TESTS_FORMAT_WORK_H

#include "tests/support/format_example.h"

#include <stdbool.h>

/* False where the example is of another kind. Counts in *wrong; an index is made in folder. */
bool format_work_run(const struct format_example *e, const char *folder, size_t *wrong);

#endif
