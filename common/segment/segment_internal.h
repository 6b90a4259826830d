/*
 * segment_internal.h: what the files of common/segment/ share and nobody else includes (tests may).
 */
#ifndef GS_SEGMENT_SEGMENT_INTERNAL_H
#define GS_SEGMENT_SEGMENT_INTERNAL_H

#include "common/segment/container.h"
#include "common/segment/keywords.h"
#include "common/segment/segment.h"

struct gs_segment {
    struct gs_container container; /* with path and stats */
    struct gs_keywords keywords;
};

/* A segment over bytes the caller keeps until close; name is for messages (tests, fuzzers). */
GS_MUST_USE enum gaosou_status gs_segment_parse(struct gs_segment **out, const uint8_t *bytes,
                                                size_t size, const char *name, struct gs_err *err);

/* The checksum of the segment's header page: the manifest ties itself to the file by it. */
uint64_t gs_segment_header_checksum(const struct gs_segment *s);

/* ---- checking: every part reports through this, so that lines look alike and the first goes to
 * err ---- */
struct gs_checker {
    const struct gs_segment *segment;
    void (*report)(void *ctx, const char *line); /* may be NULL */
    void *ctx;
    uint64_t *problems;
    struct gs_err *err; /* keeps the first problem */
};
void gs_checker_report(struct gs_checker *c, const char *fmt, ...) GS_PRINTF(2, 3);
/* The same with a message that a reader made, without the file's name in it. */
void gs_checker_error(struct gs_checker *c, const struct gs_err *err);

/* Section sizes at open; terms, lists, reverse table, totals at check (terms_check.c). */
GS_MUST_USE enum gaosou_status gs_terms_open(struct gs_segment *s, struct gs_err *err);
void gs_terms_check(struct gs_checker *c);
/* Section sizes against the header at open, whole contents at check (the owner of columns, records,
 * text). */
GS_MUST_USE enum gaosou_status gs_docs_open(struct gs_segment *s, struct gs_err *err);
void gs_docs_check(struct gs_checker *c);

/* Where in COLUMNS the length of doc 0 is: the first column is plain, a u32 a filing (docs.c sees to
 * it at open). */
#define GS_LENGTHS_OFFSET (16u + 16u * GS_COLUMN_COUNT)

/* ---- kinds of gs_list_ref ---- */
enum {
    GS_LIST_NONE = 0,
    GS_LIST_INLINE_HAN = 1,  /* offset and size in HAN_ENTRIES */
    GS_LIST_INLINE_WORD = 2, /* in WORD_ENTRIES */
    GS_LIST_SMALL = 3,       /* in POSTINGS, positions behind */
    GS_LIST_BLOCKED = 4,     /* in POSTINGS, positions in POSITIONS */
};

#endif
