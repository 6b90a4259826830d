/*
 * index_writer.h: the one writer of an index: lock, ids and replacement, deletions, new segments,
 * commit, cleaning up.
 *
 * From open to close the writer holds the index's lock. Nothing is seen by readers before commit(),
 * which writes deletions and replaces the manifest as its last step; after a failure or without a
 * commit close() removes what was written. Files that no manifest names (a dead writer's) are
 * removed at open. One thread.
 */
#ifndef GS_INDEXER_INDEX_WRITER_H
#define GS_INDEXER_INDEX_WRITER_H

#include "common/segment/manifest.h"
#include "common/segment/segment_writer.h"
#include "indexer/filterable.h"

struct gs_index_writer;

/* create: makes INDEX where there is none (its parent must exist). GAOSOU_E_BUSY where another
 * writer holds it; GAOSOU_E_NOT_INDEX for a file or a folder of other things. */
GS_MUST_USE enum gaosou_status gs_index_writer_open(struct gs_index_writer **out,
                                                    const char *folder, bool create,
                                                    struct gs_err *err);
void gs_index_writer_close(struct gs_index_writer *w);

/* As given to open; lives as long as the writer. */
const char *gs_index_writer_folder(const struct gs_index_writer *w);
/* As read at open, with this writer's changes. */
const struct gs_manifest *gs_index_writer_manifest(const struct gs_index_writer *w);

/*
 * The fields of the input that are keyword columns of new segments: those of the segments that are
 * there, and what is added here. gs_index_writer_add_filterable: as gs_filterable_add_list; before
 * the first segment is begun, and before a builder is made for the writer.
 */
const struct gs_filterable *gs_index_writer_filterable(const struct gs_index_writer *w);
GS_MUST_USE enum gaosou_status gs_index_writer_add_filterable(struct gs_index_writer *w,
                                                              const char *list, struct gs_err *err);

/* ---- a new segment ---- */

GS_MUST_USE enum gaosou_status gs_index_writer_begin(struct gs_index_writer *w, bool with_text,
                                                     int text_level, struct gs_err *err);
/* Gives the filing its sequence number and commit and adds it; an older filing of the same id is
 * deleted and *replaced is true. */
GS_MUST_USE enum gaosou_status gs_index_writer_add(struct gs_index_writer *w, struct gs_doc *doc,
                                                   bool *replaced, struct gs_err *err);
/* The segment being written; text and terms go straight to it. */
struct gs_segment_writer *gs_index_writer_segment(struct gs_index_writer *w);
GS_MUST_USE enum gaosou_status gs_index_writer_end(struct gs_index_writer *w, struct gs_err *err);
/* Bytes held for the segment that is being written: its writer's and the ids. Depends on what was
 * added only. */
size_t gs_index_writer_memory(const struct gs_index_writer *w);

/* ---- deletion and merging ---- */

GS_MUST_USE enum gaosou_status gs_index_writer_delete(struct gs_index_writer *w, const char *id,
                                                      size_t size, bool *found, struct gs_err *err);

/* Where a filing is: in the held segments, until one is added, replaced or committed. */
struct gs_index_place {
    size_t segment; /* for gs_index_writer_get() */
    uint32_t doc;   /* GS_DOC_END: nowhere */
};
/* The live filing with this id. The segment that is being written is not looked at. */
GS_MUST_USE enum gaosou_status gs_index_writer_find(struct gs_index_writer *w, const char *id,
                                                    size_t size, struct gs_index_place *place,
                                                    struct gs_err *err);
/* Deletes the live filing at this place. */
GS_MUST_USE enum gaosou_status gs_index_writer_delete_at(struct gs_index_writer *w,
                                                         const struct gs_index_place *place,
                                                         struct gs_err *err);
/* Live filings of the held segments. */
uint64_t gs_index_writer_live(const struct gs_index_writer *w);

/* The committed segments and deletions, as merge and the like read them. Index 0 to count - 1. */
size_t gs_index_writer_count(const struct gs_index_writer *w);
const struct gs_snapshot_segment *gs_index_writer_get(const struct gs_index_writer *w,
                                                      size_t index);
/* Its entry: number, bytes of the file, filings. Deleted ones as of the last commit. */
const struct gs_manifest_segment *gs_index_writer_manifest_entry(const struct gs_index_writer *w,
                                                                 size_t index);
/* Adds a filing of a held segment to the new one as it is, with its sequence number and commit. */
void gs_index_writer_copy(struct gs_index_writer *w, const struct gs_doc *doc);
/* Puts the segment that was written last in the place of `count` neighbours from `first` on. */
void gs_index_writer_replace(struct gs_index_writer *w, size_t first, size_t count);

/* Whether anything has changed since open. */
bool gs_index_writer_is_changed(const struct gs_index_writer *w);
GS_MUST_USE enum gaosou_status gs_index_writer_commit(struct gs_index_writer *w,
                                                      struct gs_err *err);

#endif
