/*
 * source.h: from the paths on the command line to the files to read, in a fixed order.
 *
 * Folders are walked in byte order of their names; symbolic links are followed, a link to a folder
 * that is being walked is a loop. Names that begin with a dot, and the index's own folder, are
 * passed over. What cannot be read is reported and the rest goes on.
 *
 * The id of a file is its path below the root that was given, after that root's last component
 * (seeds/002.txt for /data/seeds); the base name of a file that was given itself. A prefix takes
 * the place of the root's component (a file given itself: prefix/base name). A byte of a name that
 * is not UTF-8 is written \xNN in the id, so that two names never share one.
 */
#ifndef GS_INDEXER_SOURCE_H
#define GS_INDEXER_SOURCE_H

#include "common/base/err.h"
#include "indexer/outcome.h"
#include "indexer/source_kind.h"

struct gs_source_file {
    const char *path; /* as given or found; "-": standard input */
    const char *id;   /* valid UTF-8 */
    enum gs_source_kind kind;
    enum gs_packing packing;
    bool given;    /* named by the user itself: text where nothing else is known */
    uint64_t size; /* bytes on disk; 0 for standard input */
    uint64_t time; /* last change, ns since 1970; 0: not known */
};

struct gs_source_visitor {
    void *ctx;
    /* A file to read, in order. A status other than OK ends the walk and is returned by it. */
    enum gaosou_status (*file)(void *ctx, const struct gs_source_file *file, struct gs_err *err);
    /* Something that is not taken; `detail` is a message that names it, or NULL. Its status as
     * that of file. */
    enum gaosou_status (*skip)(void *ctx, const char *path, const char *id, enum gs_skip reason,
                               const char *detail, struct gs_err *err);
};

struct gs_source_params {
    const char *id_prefix;    /* NULL: the root's last component */
    const char *index_folder; /* never walked into; NULL: none */
    const char *output;       /* a file that is written meanwhile, and never read; NULL: none */
};

GS_MUST_USE enum gaosou_status gs_source_walk(const char *root,
                                              const struct gs_source_params *params,
                                              const struct gs_source_visitor *visitor,
                                              struct gs_err *err);

/* Time of last change in ns since 1970; 0 for one before that. */
struct stat;
uint64_t gs_source_change_time(const struct stat *st);

/* The id of a root itself, below which those of its files are: malloc'ed, NULL without memory. */
char *gs_source_root_id(const char *root, const char *prefix);

#endif
