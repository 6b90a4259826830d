/*
 * zip_directory.h: a look over the central directory of a zip before it is opened for reading:
 * how many members there are, and what their names are in raw bytes.
 *
 * Layout: PKWARE APPNOTE 6.3.10, sections 4.3.12 (file headers) to 4.3.16 (end record). Nothing is
 * read from it but that; the members are libarchive's matter.
 */
#ifndef GS_INDEXER_ZIP_DIRECTORY_H
#define GS_INDEXER_ZIP_DIRECTORY_H

#include "indexer/archive_input.h"

#include <stdbool.h>

struct gs_zip_visitor {
    void *ctx;
    /* The raw name of a member; false ends the scan. */
    bool (*name)(void *ctx, const char *raw, size_t size);
};

/* Calls the visitor for each member of the directory, in its order. Returns false where there is no
 * directory that can be found (the zip is cut off, or none). *announced: members that the end
 * record counts, whether they can be found or not; of a zip64 without the higher bits. */
bool gs_zip_directory_scan(struct gs_archive_input *in, const struct gs_zip_visitor *visitor,
                           uint64_t *announced);

#endif
