#include "indexer/merge_policy.h"

#include <string.h>

#define DELETED_SHARE 4 /* one in so many filings deleted: the segment is written anew */

static uint64_t live_bytes(const struct gs_merge_span *s)
{
    if (s->deleted == 0 || s->filings == 0)
        return s->bytes;
    return (uint64_t)((double)s->bytes * (double)(s->filings - s->deleted) / (double)s->filings);
}

/* floor(log8 of its live bytes) */
static unsigned level_of(const struct gs_merge_span *s)
{
    uint64_t bytes = live_bytes(s);
    return bytes ? (63 - (unsigned)__builtin_clzll(bytes)) / 3 : 0;
}

/* Makes one span of `count` from `first` on; returns how many spans are left. */
static size_t join(struct gs_merge_span *spans, size_t total, size_t first, size_t count)
{
    struct gs_merge_span joined = {.first = spans[first].first,
                                   .with_text = spans[first].with_text};
    for (size_t i = first; i < first + count; i++) {
        joined.count += spans[i].count;
        joined.bytes += live_bytes(&spans[i]);
        joined.filings += spans[i].filings - spans[i].deleted;
    }
    spans[first] = joined;
    memmove(&spans[first + 1], &spans[first + count], (total - first - count) * sizeof(*spans));
    return total - count + 1;
}

/* The spans from `from` on that may become one with it: the same kind, none above the level, within
 * the largest merge. *full: how many of them are of the level itself. */
static size_t row_from(const struct gs_merge_span *spans, size_t total, size_t from, unsigned level,
                       size_t *full)
{
    uint64_t bytes = 0;
    size_t end = from;
    *full = 0;
    while (end < total && spans[end].with_text == spans[from].with_text &&
           level_of(&spans[end]) <= level &&
           bytes + live_bytes(&spans[end]) <= GS_MERGE_BYTES_MAX) {
        bytes += live_bytes(&spans[end]);
        *full += level_of(&spans[end]) == level;
        end++;
    }
    return end - from;
}

/* The first row of a level that is full; false where there is none. */
static bool find_row(const struct gs_merge_span *spans, size_t total, unsigned level, size_t *first,
                     size_t *count)
{
    for (size_t from = 0; from < total; from++) {
        size_t full, row = row_from(spans, total, from, level, &full);
        if (full >= GS_MERGE_FANOUT) {
            *first = from;
            *count = row;
            return true;
        }
    }
    return false;
}

/* The row of GS_MERGE_FANOUT spans with the fewest bytes; false where there is none. */
static bool find_cheapest(const struct gs_merge_span *spans, size_t total, size_t *first)
{
    uint64_t least = GS_MERGE_BYTES_MAX;
    bool found = false;
    for (size_t from = 0; from + GS_MERGE_FANOUT <= total; from++) {
        uint64_t bytes = 0;
        bool alike = true;
        for (size_t i = from; i < from + GS_MERGE_FANOUT; i++) {
            bytes += live_bytes(&spans[i]);
            alike = alike && spans[i].with_text == spans[from].with_text;
        }
        if (alike && bytes < least) {
            least = bytes;
            *first = from;
            found = true;
        }
    }
    return found;
}

static unsigned highest_level(const struct gs_merge_span *spans, size_t count)
{
    unsigned highest = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned level = level_of(&spans[i]);
        highest = level > highest ? level : highest;
    }
    return highest;
}

size_t gs_merge_plan(struct gs_merge_span *spans, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool all = spans[i].deleted >= spans[i].filings; /* the commit leaves it out */
        if (!all && spans[i].deleted > spans[i].filings / DELETED_SHARE &&
            spans[i].bytes <= GS_MERGE_BYTES_MAX)
            (void)join(spans + i, 1, 0, 1);
    }
    for (unsigned level = 0; level <= highest_level(spans, count); level++) {
        for (size_t first, row; find_row(spans, count, level, &first, &row);)
            count = join(spans, count, first, row);
    }
    for (size_t first; count > GS_SEGMENTS_MOST && find_cheapest(spans, count, &first);)
        count = join(spans, count, first, GS_MERGE_FANOUT);
    return count;
}
