/*
 * nearest.h: which of several names a mistyped one is nearest to: the fewest characters put in,
 * taken out or replaced (Wagner and Fischer, "The String-to-String Correction Problem", 1974);
 * letters of either case alike. One thread, no heap.
 */
#ifndef GS_QUERY_NEAREST_H
#define GS_QUERY_NEAREST_H

#include "common/segment/segment.h"

#define GS_NEAREST_CHARS_MAX 64u /* longer names are nobody's neighbour */

struct gs_nearest {
    struct gs_str best; /* bytes NULL: nothing offered has a character in its place */
    /* private: */
    uint32_t wanted[GS_NEAREST_CHARS_MAX];
    size_t count, distance;
};
void gs_nearest_begin(struct gs_nearest *n, const char *wanted, size_t size);
/* Of equally near ones the first stays. Borrowed as long as n->best is read. */
void gs_nearest_offer(struct gs_nearest *n, const char *name, size_t size);

#endif
