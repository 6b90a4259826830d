/*
 * archive_kind.h: archives by their names and first bytes; see also gs_archive_kind_of. Pure.
 */
#ifndef GS_INDEXER_ARCHIVE_KIND_H
#define GS_INDEXER_ARCHIVE_KIND_H

#include "indexer/archive.h"

/* "zip", "tar", "compressed file": static. */
const char *gs_archive_kind_name(enum gs_archive_kind kind);

/* What bytes that are not the wanted archive are instead, as messages say it ("a PDF"); static.
 * NULL: not known. 16 bytes suffice. */
const char *gs_archive_what_is(const uint8_t *bytes, size_t size);

/* Bytes of the suffix of a single compressed file's name (".gz"); 0: it has none. */
size_t gs_archive_single_suffix(const char *name);

#endif
