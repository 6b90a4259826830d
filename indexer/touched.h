/*
 * touched.h: sources that were found with another size or time than their filing has stored, and
 * with the same contents: what they were found with (file `touched` in the index's folder,
 * FORMAT.md). Without it a file that was merely copied anew would be read at every update, since a
 * segment is never changed.
 *
 * Keyed by sequence number, which is never given twice, so the file is right with any commit.
 * Readers do not look at it; losing it costs time only. For the holder of the index's lock.
 */
#ifndef GS_INDEXER_TOUCHED_H
#define GS_INDEXER_TOUCHED_H

#include "indexer/index_writer.h"

#define GS_TOUCHED_NAME "touched"

struct gs_touched_entry {
    uint64_t sequence, size, time; /* bytes; ns since 1970 */
};

struct gs_touched {
    struct gs_touched_entry *entries; /* as loaded, by sequence */
    size_t count;
    struct gs_buf added; /* entries since, in any order; the last of a number counts */
};

/* What the folder has; one that is damaged counts as empty. */
GS_MUST_USE enum gaosou_status gs_touched_load(struct gs_touched *t,
                                               const struct gs_index_writer *w, struct gs_err *err);
void gs_touched_release(struct gs_touched *t);

/* The entry as loaded, or NULL. */
const struct gs_touched_entry *gs_touched_find(const struct gs_touched *t, uint64_t sequence);
GS_MUST_USE enum gaosou_status
gs_touched_add(struct gs_touched *t, const struct gs_touched_entry *entry, struct gs_err *err);
/* Where anything was added: writes what is of live filings, under the final name once it is whole.
 */
GS_MUST_USE enum gaosou_status gs_touched_save(struct gs_touched *t,
                                               const struct gs_index_writer *w, struct gs_err *err);

#endif
