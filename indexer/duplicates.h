/*
 * duplicates.h: filings whose text the index has under another id too.
 *
 * Told by the content hash alone (FORMAT.md); filings of hash 0 have no text and are nobody's
 * duplicate. Looks through the segments of an index writer; one thread.
 */
#ifndef GS_INDEXER_DUPLICATES_H
#define GS_INDEXER_DUPLICATES_H

#include "indexer/index_writer.h"

#define GS_DUPLICATES_CHUNK 1000000u /* new filings looked for at once: 16 MB */

struct gs_duplicates_params {
    uint64_t from_sequence; /* new filings are those from this number on */
    size_t chunk;           /* 0: GS_DUPLICATES_CHUNK. Each further chunk is one more pass */
    /* Called for each new filing that has duplicates, with the id of one of them, in the order in
     * which the filings were added (in each chunk); may be NULL. */
    void (*found)(void *ctx, struct gs_str id, struct gs_str other);
    void *ctx;
};

/* *count: new live filings that have a live duplicate, new or old. After gs_builder_finish(). */
GS_MUST_USE enum gaosou_status gs_duplicates_find(const struct gs_index_writer *w,
                                                  const struct gs_duplicates_params *params,
                                                  uint64_t *count, struct gs_err *err);

#endif
