/*
 * ref_array.h: growable arrays for the reference code. Simple on purpose; a test without memory
 * stops.
 *
 * A list is three fields: pointer, count, capacity. REF_PUSH appends a zeroed element and gives its
 * address, valid until the next push.
 */
#ifndef GS_TESTS_REF_ARRAY_H
#define GS_TESTS_REF_ARRAY_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REF_LIST(type)                                                                             \
    struct {                                                                                       \
        type *at;                                                                                  \
        size_t count, capacity;                                                                    \
    }

static inline void *ref_grow(void *at, size_t count, size_t *capacity, size_t element)
{
    if (count < *capacity)
        return at;
    *capacity = *capacity ? *capacity * 2 : 16;
    at = realloc(at, *capacity * element);
    if (!at) {
        fputs("reference code: out of memory\n", stderr);
        abort();
    }
    return at;
}

#define REF_PUSH(list)                                                                             \
    ((list)->at = ref_grow((list)->at, (list)->count, &(list)->capacity, sizeof(*(list)->at)),     \
     memset(&(list)->at[(list)->count], 0, sizeof(*(list)->at)), &(list)->at[(list)->count++])

#define REF_CLEAR(list) ((list)->count = 0)
#define REF_RELEASE(list)                                                                          \
    (free((list)->at), (list)->at = NULL, (list)->count = 0, (list)->capacity = 0)

#endif
