#include "common/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void gs_buf_init(struct gs_buf *b, size_t cap)
{
    *b = (struct gs_buf){.cap = cap};
}

void gs_buf_release(struct gs_buf *b)
{
    if (!b)
        return;
    free(b->data);
    gs_buf_init(b, b->cap);
}

uint8_t *gs_buf_reserve(struct gs_buf *b, size_t more)
{
    if (b->status != GAOSOU_OK)
        return NULL;
    if (more > b->cap - b->size) {
        b->status = GAOSOU_E_LIMIT;
        return NULL;
    }
    size_t wanted = b->size + more;
    if (wanted > b->capacity || !b->data) {
        size_t capacity = b->capacity ? b->capacity : 64;
        while (capacity < wanted)
            capacity += capacity / 2 + 64;
        if (capacity > b->cap)
            capacity = b->cap ? b->cap : 1;
        uint8_t *data = realloc(b->data, capacity);
        if (!data) {
            b->status = GAOSOU_E_NOMEM;
            return NULL;
        }
        b->data = data;
        b->capacity = capacity;
    }
    return b->data + b->size;
}

void gs_buf_append(struct gs_buf *b, const void *bytes, size_t size)
{
    uint8_t *p = gs_buf_reserve(b, size);
    if (!p || size == 0)
        return;
    memcpy(p, bytes, size);
    b->size += size;
}

void gs_buf_append_str(struct gs_buf *b, const char *s)
{
    gs_buf_append(b, s, strlen(s));
}

void gs_buf_printf(struct gs_buf *b, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (size >= 0) {
        uint8_t *p = gs_buf_reserve(b, (size_t)size + 1);
        if (p) {
            vsnprintf((char *)p, (size_t)size + 1, fmt, again);
            b->size += (size_t)size;
        }
    }
    va_end(again);
}
