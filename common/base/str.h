/*
 * str.h: bytes that are text, and how many. Borrowed, and not NUL-ended.
 */
#ifndef GS_BASE_STR_H
#define GS_BASE_STR_H

#include <stddef.h>
#include <string.h>

struct gs_str {
    const char *bytes;
    size_t size;
};
/* By bytes, as memcmp; a prefix before what it begins. */
static inline int gs_str_compare(struct gs_str a, struct gs_str b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common ? memcmp(a.bytes, b.bytes, common) : 0;
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

#endif
