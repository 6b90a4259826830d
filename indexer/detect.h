/*
 * detect.h: which character encoding the bytes of an input are in. The one door to uchardet.
 *
 * In this order: what the user says; a byte order mark; strict validity as UTF-8; what the input
 * declares of itself; GB18030 and Big5 tried on samples, where one of them reads well and the other
 * does not; uchardet's word among all encodings that may be, tried likewise. All but the user's
 * word are believed only as far as the text then reads as text (indexer/plausible.h): GBK that
 * declares itself ISO-8859-1, or UTF-8 that declares itself gb2312, is read as what it is.
 *
 * GB2312 and GBK are read as GB18030, Big5 as BIG5-HKSCS: each is the larger table of its family.
 * Pure functions of bytes; thread-safe; time and memory are bounded by a pass for validity and
 * samples of a few KB.
 */
#ifndef GS_INDEXER_DETECT_H
#define GS_INDEXER_DETECT_H

#include "indexer/encoding_name.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum gs_encoding_origin {
    GS_ENCODING_BY_NOTHING, /* the format has no encoding of its own */
    GS_ENCODING_BY_USER,
    GS_ENCODING_BY_BOM,
    GS_ENCODING_BY_VALIDITY, /* UTF-8, whole or with a little damage */
    GS_ENCODING_BY_DECLARATION,
    GS_ENCODING_BY_DETECTION, /* from the text itself: trials, and uchardet */
    GS_ENCODING_ORIGIN_COUNT
};

/* "option", "bom", "validity", "declaration" or "detection"; static. NULL for BY_NOTHING. */
const char *gs_encoding_origin_name(enum gs_encoding_origin origin);

struct gs_encoding {
    const char *name; /* static: "UTF-8", "UTF-16LE", "GB18030", "BIG5-HKSCS", ...; or what the user
                         gave, where that is none of the names known here */
    size_t bom_size;  /* bytes to skip in front */
    enum gs_encoding_origin origin;
    double confidence; /* 0 to 1: how much of the samples reads as text; 1 for the user's word */
    bool valid;        /* UTF-8, all of it valid and without U+0000: to be taken as it is */
    bool binary;       /* no text in any encoding; name is "UTF-8" */
};

/*
 * user: what --encoding says, NULL for nothing: obeyed even where the text contradicts. declared:
 * what gs_encoding_declared or a protocol says, NULL for nothing. An encoding that iconv does not
 * know is found when a decoder is opened for it.
 */
void gs_encoding_find(const uint8_t *bytes, size_t size, const char *user, const char *declared,
                      struct gs_encoding *out);

/* As gs_encoding_find, for the beginning of an input that goes on behind `size`. */
void gs_encoding_find_start(const uint8_t *bytes, size_t size, const char *user,
                            struct gs_encoding *out);

/*
 * Looks for what HTML or XML declares of itself: the XML declaration's encoding, <meta charset=> or
 * <meta http-equiv=content-type content=...charset=>, in the first 4 KB, comments aside. True with
 * the canonical static name; false where there is none or it is not known here.
 */
bool gs_encoding_declared(const uint8_t *bytes, size_t size, const char **name);

#endif
