/*
 * keywords.h: keyword columns: per field a dictionary of its different values and the ordinal of
 * each filing's (FORMAT.md, section Keywords). The readers' functions are in segment.h.
 *
 * The writer keeps every different value and, a filing, one to four bytes for each field; the order
 * of values is known only when the last filing is in. One thread.
 */
#ifndef GS_SEGMENT_KEYWORDS_H
#define GS_SEGMENT_KEYWORDS_H

#include "common/segment/column.h"
#include "common/segment/segment_writer.h"

/* ---- writing ---- */

/* A value in the order of first appearance; its number there is its id, from 1. */
struct gs_keyword_entry {
    uint64_t offset; /* in gs_keyword_column.bytes */
    uint32_t size;
    uint32_t hash;
};

struct gs_keyword_column {
    struct gs_buf name;
    struct gs_buf bytes;   /* of all values */
    struct gs_buf entries; /* struct gs_keyword_entry each */
    struct gs_buf ids;     /* one a filing, of id_size bytes; 0: none */
    unsigned id_size;      /* 1, 2 or 4 */
    uint32_t *slots;       /* a hash table of ids, 0: free; linear probing */
    uint32_t slot_count;   /* a power of two */
};

struct gs_keyword_writer {
    struct gs_keyword_column columns[GS_KEYWORDS_MAX];
    uint32_t count;
    uint32_t doc_count;
    enum gaosou_status status; /* sticky */
};

/* The fixed fields and these; names as gs_segment_params says. */
GS_MUST_USE enum gaosou_status gs_keyword_writer_init(struct gs_keyword_writer *w,
                                                      const struct gs_str *filterable,
                                                      size_t filterable_count);
void gs_keyword_writer_release(struct gs_keyword_writer *w); /* NULL and zeroed objects are fine */
void gs_keyword_writer_add(struct gs_keyword_writer *w, const struct gs_doc *doc);
GS_MUST_USE enum gaosou_status gs_keyword_writer_finish(struct gs_keyword_writer *w,
                                                        struct gs_container_writer *out);
/* Bytes held, with what finish will need for its sorting. */
size_t gs_keyword_writer_memory(const struct gs_keyword_writer *w);

/* The fixed field's value in a record; keyword < GS_KEYWORD_FIXED. */
struct gs_str gs_keyword_of_record(const struct gs_record *record, uint32_t keyword);
const char *gs_keyword_fixed_name(uint32_t keyword);

/* ---- reading ---- */

/* What is known of the columns once the segment is open. */
struct gs_keywords {
    uint32_t count;
    struct gs_str names[GS_KEYWORDS_MAX]; /* in the mapping */
    uint32_t firsts[GS_KEYWORDS_MAX + 1]; /* number of each dictionary's first value */
    struct gs_column_ref offsets;         /* of names and values in KEYWORD_BYTES */
    struct gs_column_ref ordinals[GS_KEYWORDS_MAX];
};

/* Columns of GS_SECTION_KEYWORDS. */
enum { GS_KEYWORDS_FIRST, GS_KEYWORDS_OFFSET, GS_KEYWORDS_COLUMNS };

/* Private to docs.c: sizes, names and tables at open; every value and ordinal at check. */
struct gs_checker;
GS_MUST_USE enum gaosou_status gs_keywords_open(struct gs_segment *s, struct gs_err *err);
void gs_keywords_check(struct gs_checker *c, struct gs_record_reader *r);

#endif
