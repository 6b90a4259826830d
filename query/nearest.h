/*
 * nearest.h: which of several names a mistyped one is near to: at most a third of its characters
 * put in, taken out, replaced or swapped with their neighbour (optimal string alignment: Boytsov,
 * "Indexing Methods for Approximate Dictionary Searching", 2011, section 2.2), or one holds the
 * other whole; letters of either case alike. One thread, no heap.
 */
#ifndef GS_QUERY_NEAREST_H
#define GS_QUERY_NEAREST_H

#include "common/segment/segment.h"

#define GS_NEAREST_CHARS_MAX 64u /* longer names are nobody's neighbour */
#define GS_NEAREST_NAMES     3u  /* equally near ones that are kept, the first offered */

struct gs_nearest {
    struct gs_str names[GS_NEAREST_NAMES]; /* borrowed from what was offered */
    size_t name_count;
    /* private: */
    uint32_t wanted[GS_NEAREST_CHARS_MAX];
    size_t count, distance;
};
void gs_nearest_begin(struct gs_nearest *n, const char *wanted, size_t size);
void gs_nearest_offer(struct gs_nearest *n, const char *name, size_t size);

/* Appends `field:name, field:name` to a text of `capacity` bytes, NUL-ended; names that do not fit
 * are left out. field NULL: `name:`. */
void gs_nearest_write(const struct gs_nearest *n, const char *field, bool chinese, char *out,
                      size_t capacity);

#endif
