/* format_keywords.h: runs the examples of FORMAT.md on keywords. One thread. */
#ifndef GS_TESTS_FORMAT_KEYWORDS_H
#define GS_TESTS_FORMAT_KEYWORDS_H

#include "tests/support/format_example.h"

#include <stdbool.h>

/* False where the example is of another kind. Counts in *wrong; a segment is made in folder. */
bool format_keywords_run(const struct format_example *e, const char *folder, size_t *wrong);

#endif
