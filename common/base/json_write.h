/*
 * json_write.h: JSON into a buffer, no spaces, one value after the other.
 *
 * The writer puts commas and colons; the caller nests begin and end properly. It has no error of
 * its own: the buffer is sticky and tells. Text is made safe on the way: invalid UTF-8 becomes
 * U+FFFD, and control characters, DEL, C1 controls, line and paragraph separators and bidirectional
 * controls are escaped as \uXXXX, so that the output may be shown on a terminal. Storage is the
 * caller's; the buffer is borrowed. One thread at a time.
 */
#ifndef GS_BASE_JSON_WRITE_H
#define GS_BASE_JSON_WRITE_H

#include "common/base/buf.h"

struct gs_json {
    struct gs_buf *out;
    bool need_comma; /* a value stands before */
};

void gs_json_init(struct gs_json *j, struct gs_buf *out);

void gs_json_begin_object(struct gs_json *j);
void gs_json_end_object(struct gs_json *j);
void gs_json_begin_array(struct gs_json *j);
void gs_json_end_array(struct gs_json *j);

/* The key of the next value. */
void gs_json_key(struct gs_json *j, const char *name);
void gs_json_key_bytes(struct gs_json *j, const void *bytes, size_t size);

void gs_json_string(struct gs_json *j, const char *text);
void gs_json_string_bytes(struct gs_json *j, const void *bytes, size_t size);
void gs_json_u64(struct gs_json *j, uint64_t value);
void gs_json_i64(struct gs_json *j, int64_t value);
/* The shortest decimal of 15 to 17 digits that reads back as the same double; NaN and infinities
 * are null. */
void gs_json_double(struct gs_json *j, double value);
void gs_json_bool(struct gs_json *j, bool value);
void gs_json_null(struct gs_json *j);
/* A value that is JSON already, put in as one line: bytes below 0x20 become spaces, what string
 * values would have escaped is escaped. Its syntax is the caller's promise. */
void gs_json_raw(struct gs_json *j, const void *bytes, size_t size);

#endif
