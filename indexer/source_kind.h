/*
 * source_kind.h: what kind of file an input is: by its name, and by its first bytes, which win.
 */
#ifndef GS_INDEXER_SOURCE_KIND_H
#define GS_INDEXER_SOURCE_KIND_H

#include "indexer/inflate.h"

#include <stddef.h>
#include <stdint.h>

enum gs_source_kind {
    GS_SOURCE_TEXT,
    GS_SOURCE_JSONL,
    GS_SOURCE_HTML,
    GS_SOURCE_PDF,
    GS_SOURCE_DOCX,
    GS_SOURCE_ARCHIVE,
    GS_SOURCE_UNKNOWN, /* a name that says nothing */
    GS_SOURCE_KIND_COUNT
};

/* "text", "jsonl", "html", "pdf", "docx", "archive"; NULL for UNKNOWN. Static. */
const char *gs_source_kind_name(enum gs_source_kind kind);

/* The kind of a file by its suffix, and whether it is packed as a whole (.gz, .zst; an archive is
 * never). False, and UNKNOWN, where the suffix is none of those that are read. */
bool gs_source_kind_of(const char *name, enum gs_source_kind *kind, enum gs_packing *packing);

/* Pictures, sound, programs and the like, by suffix: not even looked into, as they may be many. */
bool gs_source_is_never_read(const char *name);

struct gs_source_sniffed {
    enum gs_source_kind kind; /* UNKNOWN: nothing that is read */
    const char *foreign; /* UNKNOWN: what it looks like instead, in English; NULL: nothing known.
                            Static */
    const char *chinese; /* the same in Chinese */
    bool by_bytes;       /* `kind` is what the bytes say; false: only the name does */
};

/* The kind of a file of the kind `named` from its bytes (all, or the first few KB): `named` unless
 * they begin as something else does. UNKNOWN stays so where they begin as nothing known. */
struct gs_source_sniffed gs_source_sniff(enum gs_source_kind named, const uint8_t *bytes,
                                         size_t size);

/* What a file is packed with, by its first bytes. */
enum gs_packing gs_source_packing_of(const uint8_t *bytes, size_t size);

/* Whether a zip begins as those of Office do. */
bool gs_source_may_be_docx(const uint8_t *bytes, size_t size);

/* Whether nothing in the first bytes speaks against a text: no zeros, few control characters. */
bool gs_source_looks_textual(const uint8_t *bytes, size_t size);

#endif
