/*
 * mini_index.h: a whole index of a few filings, made through the segment writer and the manifest by
 * a plain sort, without the indexer. Ends the test on failure. One thread.
 */
#ifndef GS_TESTS_MINI_INDEX_H
#define GS_TESTS_MINI_INDEX_H

#include <stdbool.h>
#include <stddef.h>

struct mini_filing {
    const char *title; /* NULL: none */
    const char *text;
    bool deleted;
    const char *codes; /* NULL: none; several with U+001F between them */
    const char *type;  /* NULL: none */
    unsigned date;     /* yyyymmdd, 0: none */
};

/* Makes the index in `folder`, `per_segment` filings a segment, in order; ids are f0, f1, ... */
void mini_index_write(const char *folder, const struct mini_filing *filings, size_t count,
                      size_t per_segment);

#endif
