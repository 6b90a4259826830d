/*
 * file.h: files as whole things: map for reading, write once under a temporary name, publish by
 * rename.
 *
 * Paths are bytes as the system has them. A gs_map is immutable and may be read by any number of
 * threads; a gs_outfile belongs to one thread.
 */
#ifndef GS_BASE_FILE_H
#define GS_BASE_FILE_H

#include "common/base/buf.h"

struct gs_map {
    const uint8_t *data; /* NULL where size is 0 */
    size_t size;
};

/* Maps a regular file read-only. GAOSOU_E_NOT_FOUND where there is none. */
GS_MUST_USE enum gaosou_status gs_map_open(struct gs_map *m, const char *path, struct gs_err *err);
void gs_map_close(struct gs_map *m);

/* Reads a whole regular file into out, which has its cap; GAOSOU_E_IO for anything else. */
GS_MUST_USE enum gaosou_status gs_file_read(const char *path, struct gs_buf *out,
                                            struct gs_err *err);

struct gs_outfile {
    int fd;
    uint64_t offset;           /* bytes written so far, buffered ones included */
    char *path;                /* final path; owned */
    char *temp_path;           /* what is being written; owned */
    uint8_t *buffer;           /* private */
    size_t buffered;           /* private */
    enum gaosou_status status; /* sticky: after an error writes are no-ops */
    int errnum;                /* of the first failure */
};

/* Creates path + ".tmp" (truncating what a dead writer left). */
GS_MUST_USE enum gaosou_status gs_outfile_open(struct gs_outfile *f, const char *path,
                                               struct gs_err *err);
void gs_outfile_write(struct gs_outfile *f, const void *bytes, size_t size);
/* Overwrites bytes that were written before (a header); flushes first. */
void gs_outfile_rewrite(struct gs_outfile *f, uint64_t offset, const void *bytes, size_t size);
/* Flush, fsync, close, rename to the final path, fsync the folder. Releases f in every case; on
 * failure the temporary file is removed. */
GS_MUST_USE enum gaosou_status gs_outfile_publish(struct gs_outfile *f, struct gs_err *err);
void gs_outfile_discard(struct gs_outfile *f); /* closes and removes the temporary file */

GS_MUST_USE enum gaosou_status gs_folder_create(const char *path,
                                                struct gs_err *err); /* one level */
GS_MUST_USE enum gaosou_status gs_folder_sync(const char *path, struct gs_err *err);

/* folder + "/" + name, malloc'ed; the caller frees. NULL without memory. */
char *gs_path_join(const char *folder, const char *name);

#endif
