/*
 * index_files.h: the files in an index's folder: which are ours, which no manifest names, opening
 * one segment with its deletions. For the holder of the lock; one thread.
 */
#ifndef GS_INDEXER_INDEX_FILES_H
#define GS_INDEXER_INDEX_FILES_H

#include "common/segment/manifest.h"

/* Opens an entry's segment and deletions and checks them against the entry. view->deleted_count is
 * left. */
GS_MUST_USE enum gaosou_status gs_index_files_open(const char *folder,
                                                   const struct gs_manifest_segment *entry,
                                                   struct gs_snapshot_segment *view,
                                                   struct gs_err *err);

/* Opens a segment that was just written and completes its entry (number and doc_count are set). */
GS_MUST_USE enum gaosou_status gs_index_files_adopt(const char *folder,
                                                    struct gs_manifest_segment *entry,
                                                    struct gs_snapshot_segment *view,
                                                    struct gs_err *err);

/* Removes segments and deletions that the manifest does not name, and temporary files. */
void gs_index_files_sweep(const char *folder, const struct gs_manifest *m);

/* In a folder without a manifest: a mark that a first commit is under way. While it stands,
 * segments without a manifest are leftovers; without it they are an index whose manifest was lost,
 * which is left alone. */
GS_MUST_USE enum gaosou_status gs_index_files_mark_first(const char *folder, struct gs_err *err);
/* GAOSOU_E_NOT_INDEX for such a folder. */
GS_MUST_USE enum gaosou_status gs_index_files_check_first(const char *folder, struct gs_err *err);

/* Removes a folder in which nothing is but a lock and a note of work. */
void gs_index_files_remove_empty(const char *folder);

#endif
