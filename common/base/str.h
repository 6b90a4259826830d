/*
 * str.h: bytes that are text, and how many. Borrowed, and not NUL-ended.
 */
#ifndef GS_BASE_STR_H
#define GS_BASE_STR_H

#include <stddef.h>

struct gs_str {
    const char *bytes;
    size_t size;
};

#endif
