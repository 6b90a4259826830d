/*
 * buf.h: a byte buffer that grows, with a cap from birth and a sticky error.
 *
 * init/release; storage of the struct is the caller's, `data` is owned by the buffer and valid
 * until the next append or release. After a failed append every further append is a no-op, and
 * gs_buf_status() tells. data is NULL only while capacity is 0. One thread at a time.
 */
#ifndef GS_BASE_BUF_H
#define GS_BASE_BUF_H

#include "common/base/bytes.h"
#include "common/base/err.h"

#include <stdbool.h>

struct gs_buf {
    uint8_t *data;
    size_t size;
    size_t capacity;
    size_t cap;                /* most bytes it may ever hold */
    enum gaosou_status status; /* sticky */
};

void gs_buf_init(struct gs_buf *b, size_t cap);
void gs_buf_release(struct gs_buf *b); /* frees; the object is as after init with the same cap */
static inline void gs_buf_clear(struct gs_buf *b)
{
    b->size = 0;
}

/* Room for `more` bytes behind size, or NULL (sticky). The caller adds to size what it wrote. */
uint8_t *gs_buf_reserve(struct gs_buf *b, size_t more);
void gs_buf_append(struct gs_buf *b, const void *bytes, size_t size);
void gs_buf_append_str(struct gs_buf *b, const char *s);
void gs_buf_printf(struct gs_buf *b, const char *fmt, ...) GS_PRINTF(2, 3);

static inline void gs_buf_append_u8(struct gs_buf *b, uint8_t v)
{
    uint8_t *p = gs_buf_reserve(b, 1);
    if (p) {
        *p = v;
        b->size++;
    }
}

static inline void gs_buf_append_u32(struct gs_buf *b, uint32_t v)
{
    uint8_t *p = gs_buf_reserve(b, 4);
    if (p) {
        gs_store_u32(p, v);
        b->size += 4;
    }
}

static inline void gs_buf_append_u64(struct gs_buf *b, uint64_t v)
{
    uint8_t *p = gs_buf_reserve(b, 8);
    if (p) {
        gs_store_u64(p, v);
        b->size += 8;
    }
}

static inline void gs_buf_append_varint(struct gs_buf *b, uint64_t v)
{
    uint8_t *p = gs_buf_reserve(b, GS_VARINT_MAX);
    if (p)
        b->size += (size_t)(gs_varint_put(p, v) - p);
}

/* GAOSOU_OK, or why an append failed: GAOSOU_E_NOMEM, or GAOSOU_E_LIMIT for the cap. */
static inline enum gaosou_status gs_buf_status(const struct gs_buf *b)
{
    return b->status;
}

#endif
