/*
 * format_example.h: the fenced examples of FORMAT.md (section Notation there), read for the tests.
 * One thread.
 */
#ifndef GS_TESTS_FORMAT_EXAMPLE_H
#define GS_TESTS_FORMAT_EXAMPLE_H

#include "common/base/buf.h"

#define FORMAT_LINES 200

struct format_line {
    char *name, *value; /* "name: value"; a bare continuation is joined to the line before */
    unsigned number;    /* in the file, from 1 */
};
struct format_example {
    char *kind; /* what stands behind ```example */
    struct format_line lines[FORMAT_LINES];
    size_t count;
};

/* Calls `run` for each example of the file; how many there were. */
size_t format_examples_run(const char *path, void (*run)(const struct format_example *e, void *ctx),
                           void *ctx);

/* The value of the first line of that name; NULL where there is none. */
const char *format_value(const struct format_example *e, const char *name);
/* Numbers with a+s*n spelled out; malloc'ed with 128 entries of slack, *count of them. */
uint32_t *format_numbers(const char *value, size_t *count);
/* All lines of that name as bytes. */
void format_bytes(const struct format_example *e, const char *name, struct gs_buf *out);
/* All lines of that name must be these bytes; on failure the right ones are printed and *wrong
 * counted. */
void format_expect(const struct format_example *e, const char *name, const uint8_t *bytes,
                   size_t size, size_t *wrong);

#endif
