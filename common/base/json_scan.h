/*
 * json_scan.h: one JSON value after the other out of bytes (RFC 8259, strict, with a depth cap).
 *
 * The caller fills a gs_json_scan and asks for what it wants to see next; what is not so gives
 * false, and the first problem with its place stays. Numbers are their spelling. Lone surrogates
 * become U+FFFD and are counted. One thread.
 */
#ifndef GS_BASE_JSON_SCAN_H
#define GS_BASE_JSON_SCAN_H

#include "common/base/buf.h"
#include "common/base/str.h"

#define GS_JSON_DEPTH_MAX 64

struct gs_json_scan {
    const uint8_t *p, *end; /* valid UTF-8 */
    struct gs_buf *strings; /* unescaped ones; must not move while slices of it are in use: with as
                               much room reserved as the input is long it does not */
    const char *problem;    /* NULL: none; static */
    const uint8_t *problem_at;
    uint64_t replaced; /* surrogates */
};

/* Note a problem, at a place or at p, and return false. */
bool gs_json_scan_fail_at(struct gs_json_scan *s, const uint8_t *at, const char *problem);
bool gs_json_scan_fail(struct gs_json_scan *s, const char *problem);
void gs_json_scan_space(struct gs_json_scan *s); /* steps over white space */
/* Whether c stands next, white space aside; take steps over it. */
bool gs_json_scan_take(struct gs_json_scan *s, uint8_t c);
bool gs_json_scan_peek(struct gs_json_scan *s, uint8_t c);
/* A string from its opening quote on: inside the input where it has no escapes, else unescaped. */
bool gs_json_scan_string(struct gs_json_scan *s, struct gs_str *out);
bool gs_json_scan_number(struct gs_json_scan *s, struct gs_str *out);
/* null, true or false: steps over it where it is that. */
bool gs_json_scan_literal(struct gs_json_scan *s, const char *name);
/* Steps over any value, checking it. */
bool gs_json_scan_skip(struct gs_json_scan *s);

#endif
