/*
 * source.h: from the paths on the command line to the files to read, in a fixed order.
 *
 * Folders are walked in byte order of their names; symbolic links are followed, a link to a folder
 * that is being walked is a loop. Names that begin with a dot, and the index's own folder, are
 * passed over. What cannot be read is reported and the rest goes on.
 *
 * The id of a file is its path below the root that was given, after that root's last component
 * (seeds/002.txt for /data/seeds); the base name of a file that was given itself. A prefix takes
 * the place of the root's component (a file given itself: prefix/base name).
 */
#ifndef GS_INDEXER_SOURCE_H
#define GS_INDEXER_SOURCE_H

#include "common/base/err.h"
#include "indexer/inflate.h"

enum gs_skip {                     /* why an input was not taken */
               GS_SKIP_KIND,       /* not a kind of file that is read */
               GS_SKIP_SPECIAL,    /* FIFO, socket, device */
               GS_SKIP_UNREADABLE, /* cannot be opened or read, or is not there */
               GS_SKIP_LOOP,       /* a symbolic link to a folder above it, or too many levels */
               GS_SKIP_EMPTY,
               GS_SKIP_BINARY,
               GS_SKIP_TOO_LARGE,
               GS_SKIP_DAMAGED, /* bad gzip or zstd */
               GS_SKIP_BAD_LINE,
               GS_SKIP_COUNT
};

enum gs_source_kind { GS_SOURCE_TEXT, GS_SOURCE_JSONL };

struct gs_source_file {
    const char *path; /* as given or found; "-": standard input */
    const char *id;
    enum gs_source_kind kind;
    enum gs_packing packing;
};

struct gs_source_visitor {
    void *ctx;
    /* A file to read, in order. A status other than OK ends the walk and is returned by it. */
    enum gaosou_status (*file)(void *ctx, const struct gs_source_file *file, struct gs_err *err);
    /* Something that is not taken; `detail` says more, or is NULL. */
    void (*skip)(void *ctx, const char *path, enum gs_skip reason, const char *detail);
};

struct gs_source_params {
    const char *id_prefix;    /* NULL: the root's last component */
    const char *index_folder; /* never walked into; NULL: none */
};

GS_MUST_USE enum gaosou_status gs_source_walk(const char *root,
                                              const struct gs_source_params *params,
                                              const struct gs_source_visitor *visitor,
                                              struct gs_err *err);

/* The kind of a file by its name; false for one that is not read. */
bool gs_source_kind_of(const char *name, enum gs_source_kind *kind, enum gs_packing *packing);

#endif
