/*
 * built_index.h: indexes built by the real indexer from filings in memory, and their dumps.
 *
 * For the tests of inversion, merging and commits. Every call ends the test on failure. Folders are
 * the caller's.
 */
#ifndef GS_TESTS_BUILT_INDEX_H
#define GS_TESTS_BUILT_INDEX_H

#include "common/base/buf.h"

struct built_filing {
    const char *id, *title; /* title NULL: none */
    const void *text;
    size_t size;
};

struct built_params {
    unsigned threads;   /* 0: 1 */
    uint64_t memory;    /* 0: the default */
    uint64_t run_bytes; /* 0: what the memory allows */
    bool no_text;
};

/* Adds the filings in one commit; how many segments the index has then. */
size_t built_index_add(const char *folder, const struct built_filing *filings, size_t count,
                       const struct built_params *params);
/* Whether there was such a filing; commits. */
bool built_index_delete(const char *folder, const char *id);
void built_index_merge(const char *folder);
/* What `gaosou-index dump` prints, appended to *out; doc_id NULL: everything. */
void built_index_dump(const char *folder, const char *doc_id, struct gs_buf *out);
/* Ends the test where `gaosou-index check` finds anything. */
void built_index_check(const char *folder);

#endif
