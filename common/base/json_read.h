/*
 * json_read.h: JSON read value by value, by whoever knows what is to come. Strict (RFC 8259), with
 * a depth cap.
 *
 * Every function steps over white space first. One that takes something returns false where it is
 * not there; with a reason in `problem` where the bytes are no JSON, which stays the first. Strings
 * point into the bytes where they have no escapes, else into `strings`. The bytes are borrowed, and
 * are valid UTF-8. Escaped lone surrogates become U+FFFD and are counted. One thread.
 */
#ifndef GS_BASE_JSON_READ_H
#define GS_BASE_JSON_READ_H

#include "common/base/buf.h"
#include "common/base/str.h"

#define GS_JSON_DEPTH_MAX 64

struct gs_json_reader {
    const uint8_t *start, *p, *end;
    struct gs_buf *strings;    /* unescaped strings; never moves between begin and begin */
    const char *problem;       /* NULL: none; static */
    const uint8_t *problem_at; /* in the bytes */
    uint64_t replaced;         /* lone surrogates */
};

/* strings is cleared, and has room for twice the bytes and 16 more, which no reading goes beyond.
 * GAOSOU_E_NOMEM, GAOSOU_E_LIMIT for its cap. */
GS_MUST_USE enum gaosou_status gs_json_read_begin(struct gs_json_reader *r, const uint8_t *bytes,
                                                  size_t size, struct gs_buf *strings);

/* Notes a problem, unless there is one. Returns false. */
bool gs_json_read_fail_at(struct gs_json_reader *r, const uint8_t *at, const char *problem);
static inline bool gs_json_read_fail(struct gs_json_reader *r, const char *problem)
{
    return gs_json_read_fail_at(r, r->p, problem);
}
/* Where the problem is, in bytes from 1. */
size_t gs_json_read_column(const struct gs_json_reader *r);

static inline void gs_json_read_space(struct gs_json_reader *r)
{
    while (r->p < r->end && (*r->p == ' ' || *r->p == '\t' || *r->p == '\r' || *r->p == '\n'))
        r->p++;
}
/* Whether c stands there. */
static inline bool gs_json_read_peek(struct gs_json_reader *r, uint8_t c)
{
    gs_json_read_space(r);
    return r->p < r->end && *r->p == c;
}
/* Steps over c. */
static inline bool gs_json_read_take(struct gs_json_reader *r, uint8_t c)
{
    if (!gs_json_read_peek(r, c))
        return false;
    r->p++;
    return true;
}

/* The four below begin right at r->p. A string begins with its quote. */
bool gs_json_read_string(struct gs_json_reader *r, struct gs_str *out);
/* A number by its spelling. r->p < r->end. */
bool gs_json_read_number(struct gs_json_reader *r, struct gs_str *out);
/* null, true, false. */
bool gs_json_read_literal(struct gs_json_reader *r, const char *name);
/* Any value, checked; at most GS_JSON_DEPTH_MAX objects and lists in each other. */
bool gs_json_read_skip(struct gs_json_reader *r);

#endif
