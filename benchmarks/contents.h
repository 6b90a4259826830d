/*
 * contents.h: the contents of filings in memory, for benchmarks that leave reading out of the time.
 *
 * Zeroed at first; the caller releases. Constant once loaded.
 */
#ifndef GS_BENCHMARKS_CONTENTS_H
#define GS_BENCHMARKS_CONTENTS_H

#include "common/base/buf.h"

struct content {
    size_t start; /* in bytes.data */
    uint32_t size, title_size;
};

struct contents {
    struct gs_buf bytes;
    struct content *items;
    size_t count, capacity;
};

/* Reads a .txt or .jsonl file, plain or .zst, and stops behind the filing that reaches `limit`
 * bytes. What gs_content_build makes of title and text. A file without any is an error. */
GS_MUST_USE enum gaosou_status contents_load(struct contents *c, const char *path, size_t limit,
                                             struct gs_err *err);
void contents_release(struct contents *c);

static inline const uint8_t *contents_bytes(const struct contents *c, size_t i)
{
    return c->bytes.data + c->items[i].start;
}

#endif
