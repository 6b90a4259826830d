/*
 * text_array.h: growth of the plain arrays that layout and structure fill. Not thread-safe.
 */
#ifndef GS_TEXT_TEXT_ARRAY_H
#define GS_TEXT_TEXT_ARRAY_H

#include "common/gaosou.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Room for `need` items: the array, moved if it had to be, or NULL without memory (the old array
 * and *capacity stay). Caller frees the array. Cap: what offsets of 32 bits can number. */
static inline void *gs_array_grown(void *data, size_t *capacity, size_t need, size_t item)
{
    if (need <= *capacity && data)
        return data;
    if (need > UINT32_MAX)
        return NULL;
    size_t wanted = *capacity < 32 ? 64 : *capacity * 2;
    if (wanted < need)
        wanted = need;
    void *grown = realloc(data, wanted * item);
    if (grown)
        *capacity = wanted;
    return grown;
}

/* A block that makes `array` hold one item more than `count`, or returns GAOSOU_E_NOMEM. */
#define GS_ARRAY_FIT(array, count, capacity)                                                       \
    do {                                                                                           \
        if ((count) >= (capacity)) {                                                               \
            void *grown_ = gs_array_grown((array), &(capacity), (count) + 1, sizeof((array)[0]));  \
            if (!grown_)                                                                           \
                return GAOSOU_E_NOMEM;                                                             \
            (array) = grown_;                                                                      \
        }                                                                                          \
    } while (0)

#endif
