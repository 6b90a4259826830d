/*
 * archive_input.h: the bytes of an archive at any offset, from a file or from memory.
 *
 * A file is read by pread into a window, never mapped: a file that is cut off while it is read ends
 * early, and nothing worse. One thread owns an input.
 */
#ifndef GS_INDEXER_ARCHIVE_INPUT_H
#define GS_INDEXER_ARCHIVE_INPUT_H

#include "common/base/err.h"

#include <stddef.h>
#include <stdint.h>

struct gs_archive_input {
    const uint8_t *bytes; /* memory, borrowed; NULL for a file */
    uint64_t size;        /* as it was when it was opened */
    int fd;               /* -1: memory */
    uint8_t *window;      /* owned */
    uint64_t window_from; /* offset of window[0] */
    size_t window_size;
    int errnum; /* of the first read that failed; 0: none */
};

/* GAOSOU_E_IO for what is no regular file. Close it in any case. */
GS_MUST_USE enum gaosou_status gs_archive_input_open(struct gs_archive_input *in, const char *path,
                                                     struct gs_err *err);
void gs_archive_input_memory(struct gs_archive_input *in, const uint8_t *bytes, size_t size);
void gs_archive_input_close(struct gs_archive_input *in);

/* Up to `want` bytes (at most 64 KB) at an offset: *got of them at the returned address, valid
 * until the next call. *got is less than wanted only at the end, or where reading failed (errnum).
 */
const uint8_t *gs_archive_input_at(struct gs_archive_input *in, uint64_t offset, size_t want,
                                   size_t *got);

#endif
