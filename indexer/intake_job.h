/*
 * intake_job.h: inside the intake: some files read and extracted on a thread of the crew, then
 * taken in order on the main thread; and what JSON lines and archives share with them.
 *
 * Memory: a file is read whole, up to source_max (a quarter of the memory, 32 MB to 512 MB). Jobs
 * that are not yet consumed hold at most an eighth of the memory, by an estimate before they run
 * and as they are afterwards; one job is always let through.
 */
#ifndef GS_INDEXER_INTAKE_JOB_H
#define GS_INDEXER_INTAKE_JOB_H

#include "indexer/archive.h"
#include "indexer/intake.h"

#define GS_INTAKE_ITEMS_MAX 64u /* small files in a job */

/* Limits on a single input, beside those of the memory (man page: LIMITS). */
#define GS_INTAKE_CHILD_SECONDS 120u
#define GS_INTAKE_CHILD_MEMORY  ((uint64_t)2 << 30)

struct gs_intake_item {
    char *path, *id; /* owned */
    enum gs_source_kind kind;
    enum gs_packing packing;
    bool given;
    struct gs_stream_stamp stamp; /* of the walk, then as it was read */
    struct gs_buf bytes;          /* of an archive member */
    bool has_bytes;
    bool decided;   /* nothing to run: what run() would leave is there already */
    bool unchanged; /* decided: the index has it as it is */
    enum gs_have have;
    /* What run() leaves. */
    enum gs_source_kind real; /* what it turned out to be */
    bool taken;               /* false: skipped, `why` and `failure` say why */
    enum gs_skip why;
    struct gs_err failure; /* status other than OK and taken: the work ends */
    const char *foreign, *foreign_zh;
    const char *plain; /* decided: failure.text in English, where it is not; or NULL */
    uint64_t read;     /* bytes, as on disk */
    double seconds;
    struct gs_extracted x;
};

struct gs_intake_job {
    struct gs_job job;
    struct gs_intake *owner;
    struct gs_intake_item items[GS_INTAKE_ITEMS_MAX];
    size_t count;
    uint64_t cost; /* bytes, as accounted in owner->held */
};

enum gaosou_status gs_intake_jobs_open(struct gs_intake *in, struct gs_err *err);
void gs_intake_jobs_close(struct gs_intake *in);

/* Room for one more item of this many source bytes, in the job that is being filled; a full job is
 * submitted before, which may take those that are done. The item is cleared, path and id copied. */
GS_MUST_USE enum gaosou_status gs_intake_add_item(struct gs_intake *in,
                                                  const struct gs_source_file *file,
                                                  struct gs_intake_item **item, struct gs_err *err);
/* The item that was added last holds so many bytes more than was thought. */
void gs_intake_account(struct gs_intake *in, uint64_t bytes);
/* Everything that was added has been taken after this. */
GS_MUST_USE enum gaosou_status gs_intake_drain(struct gs_intake *in, struct gs_err *err);

/* ---- intake.c: what all kinds of inputs end in ---- */

/* A file that is read whole, unless the index has it as it is. */
GS_MUST_USE enum gaosou_status
gs_intake_add_file(struct gs_intake *in, const struct gs_source_file *file, struct gs_err *err);
/* What the index has of a filing; of a file that is one filing. */
GS_MUST_USE enum gaosou_status gs_intake_look(struct gs_intake *in,
                                              const struct gs_reconcile_source *source,
                                              enum gs_have *have, struct gs_err *err);
GS_MUST_USE enum gaosou_status gs_intake_look_at(struct gs_intake *in,
                                                 const struct gs_source_file *file,
                                                 enum gs_have *have, struct gs_err *err);
/* Between two inputs. */
GS_MUST_USE enum gaosou_status gs_intake_tick(struct gs_intake *in, struct gs_err *err);
/* Writes what the table and the name say over the fields; fields NULL: the name says nothing.
 * False: the name does not fit the pattern. */
bool gs_intake_override(struct gs_intake *in, struct gs_filing *filing,
                        struct gs_name_fields *fields);
/* Completes the filing, hands it on unless the index has it as it is, notes the outcome; x may be
 * NULL. */
GS_MUST_USE enum gaosou_status gs_intake_take(struct gs_intake *in, struct gs_filing *filing,
                                              const struct gs_extracted *x, enum gs_have have,
                                              struct gs_outcome *o, struct gs_err *err);
/* Notes that an input (o->path, o->why, o->detail) was not taken: what the index has of this id or
 * below it is not gone. */
GS_MUST_USE enum gaosou_status gs_intake_skip(struct gs_intake *in, const char *id,
                                              struct gs_outcome *o, struct gs_err *err);
/* Whether size or time of the file are others than when it was found. */
bool gs_intake_has_changed(const struct gs_source_file *file);
/* The time that is stored for what was last changed then. */
uint64_t gs_intake_settled_time(uint64_t modified);

/* ---- intake_jsonl.c ---- */

GS_MUST_USE enum gaosou_status
gs_intake_read_lines(struct gs_intake *in, const struct gs_source_file *file, struct gs_err *err);
/* The same for the bytes of an archive member. */
GS_MUST_USE enum gaosou_status gs_intake_read_line_bytes(struct gs_intake *in,
                                                         const struct gs_source_file *file,
                                                         const uint8_t *bytes, size_t size,
                                                         struct gs_err *err);

/* ---- intake_archive.c ---- */

GS_MUST_USE enum gaosou_status gs_intake_read_archive(struct gs_intake *in,
                                                      const struct gs_source_file *file,
                                                      enum gs_archive_kind kind,
                                                      struct gs_err *err);

/* ---- intake_kind.c ---- */

/* How a file is read: whole, on a thread of the crew; else as an archive or as JSON lines. */
struct gs_intake_way {
    bool is_item;
    enum gs_archive_kind archive; /* of a file of the kind ARCHIVE that is one */
};
/* By the name, and the first bytes of what the name calls an archive, lines, or something packed:
 * the kind of file->packing or of lines is set to what they are. */
struct gs_intake_way gs_intake_find_way(struct gs_source_file *file);

#endif
