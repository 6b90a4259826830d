/*
 * manifest.h: INDEX is a folder; its manifest names the segments of the last commit, and replacing it is the commit.
 *
 * Files: `manifest` (binary, checksummed, FORMAT.md), `<10 digits>.seg` segments, `<10 digits>.<generation>.del` deletions,
 * `lock`. Publishing writes a temporary file, fsync, rename, fsync folder. A reader that meets a vanished file reads the manifest
 * again. One thread owns a gs_manifest.
 */
#ifndef GS_SEGMENT_MANIFEST_H
#define GS_SEGMENT_MANIFEST_H

#include "common/base/buf.h"

struct gs_segment;

struct gs_manifest_segment {
    uint64_t number;         /* names the file */
    uint64_t file_size;      /* bytes; a file of another size is damaged */
    uint64_t del_generation; /* 0: no deletions file */
    uint32_t doc_count, deleted_count;
    uint64_t checksum;       /* of the segment's header: ties the manifest to that very file */
};
struct gs_manifest {
    uint64_t commit;        /* 1 for the first */
    uint64_t next_sequence; /* for the next filing */
    uint64_t next_number;   /* for the next segment file */
    uint64_t analysis_id;
    struct gs_manifest_segment *segments; /* in the order of their sequence numbers */
    size_t segment_count, segment_capacity;
};
void gs_manifest_init(struct gs_manifest *m);
void gs_manifest_release(struct gs_manifest *m);
/* GAOSOU_E_NOT_FOUND: no such folder, or a folder without a manifest that is empty; GAOSOU_E_NOT_INDEX: a file, or a folder of other things. */
GS_MUST_USE enum gaosou_status gs_manifest_read(struct gs_manifest *m, const char *folder, struct gs_err *err);
GS_MUST_USE enum gaosou_status gs_manifest_parse(struct gs_manifest *m, const uint8_t *bytes, size_t size, const char *name, struct gs_err *err);
GS_MUST_USE enum gaosou_status gs_manifest_publish(const struct gs_manifest *m, const char *folder, struct gs_err *err);
char *gs_manifest_segment_path(const char *folder, uint64_t number);                          /* malloc'ed */
char *gs_manifest_deletions_path(const char *folder, uint64_t number, uint64_t generation);   /* malloc'ed */

/* Deletions: a bit per doc, set = deleted. */
GS_MUST_USE enum gaosou_status gs_deletions_read(uint64_t **bits, const char *path, uint32_t doc_count, struct gs_err *err); /* malloc'ed, ceil(n/64) words */
GS_MUST_USE enum gaosou_status gs_deletions_write(const uint64_t *bits, const char *path, uint32_t doc_count, struct gs_err *err);

/* The writers' lock: an fcntl/flock on INDEX/lock. GAOSOU_E_BUSY at once where another holds it. fd out; close releases. */
GS_MUST_USE enum gaosou_status gs_lock_take(int *fd, const char *folder, struct gs_err *err);
void gs_lock_drop(int fd);

/* A snapshot of the whole index for reading: manifest, open segments, deletions. Immutable, shared by threads. */
struct gs_snapshot_segment {
    struct gs_segment *segment; /* see segment.h */
    uint64_t *deleted;          /* bits, or NULL */
    uint32_t deleted_count;
};
struct gs_snapshot {
    struct gs_manifest manifest;
    struct gs_snapshot_segment *segments;
    size_t segment_count;
    uint64_t doc_count;    /* N of the scores: deleted ones included until merged away */
    uint64_t live_count;
    uint64_t total_length; /* of all doc_count filings; avg = total_length / doc_count */
};
GS_MUST_USE enum gaosou_status gs_snapshot_open(struct gs_snapshot *s, const char *folder, struct gs_err *err);
void gs_snapshot_close(struct gs_snapshot *s);
static inline bool gs_snapshot_is_deleted(const struct gs_snapshot_segment *s, uint32_t doc)
{
    return s->deleted && (s->deleted[doc >> 6] >> (doc & 63) & 1);
}

#endif
