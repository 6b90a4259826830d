/*
 * jsonl.h: one line of JSON into a filing. Strict (RFC 8259), with a depth cap; an error names line
 * and column.
 *
 * Known fields: id title text code codes name company date period type exchange board url path
 * number.
 * Strings and numbers are taken (a number by its spelling), null is as if absent; code and codes
 * also as a list; text also as a list of pages, joined by form feeds. A known field given twice is
 * an error. All other fields are kept verbatim, in order, as one JSON object. Escaped lone
 * surrogates become U+FFFD and are counted.
 *
 * Input is one line of valid UTF-8. The filing points into the line and into the reader's buffers
 * until the next parse. One thread owns a reader.
 */
#ifndef GS_INDEXER_JSONL_H
#define GS_INDEXER_JSONL_H

#include "common/base/buf.h"
#include "indexer/filing.h"

#define GS_JSONL_UNKNOWN_MAX 256 /* unknown fields in one line */

struct gs_jsonl {
    struct gs_buf
        strings; /* unescaped and joined strings; reserved once a line, so that it never moves */
    struct gs_buf extra;
    struct gs_str unknown[GS_JSONL_UNKNOWN_MAX]; /* their keys, to find one given twice */
    size_t unknown_count;
    uint64_t replaced; /* since init */
};

/* line_max: bytes of the longest line that will be given. */
void gs_jsonl_init(struct gs_jsonl *j, size_t line_max);
void gs_jsonl_release(struct gs_jsonl *j);

/* GAOSOU_E_INPUT with "name:line:column: what" for what is not such an object. */
GS_MUST_USE enum gaosou_status gs_jsonl_parse(struct gs_jsonl *j, const char *name, uint64_t line,
                                              const uint8_t *bytes, size_t size,
                                              struct gs_filing *out, struct gs_err *err);

#endif
