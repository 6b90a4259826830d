/*
 * sort_key.h: the keys that filings are ordered by where it is not their score (docs/QUERY.md,
 * Order): doubles, greatest first, minus infinity for what is not known.
 *
 * Dates and lengths are keys as they are. A code's key is its place among all codes of the
 * snapshot. Made once for a run; plain data afterwards. Codes live as long as the snapshot. One
 * thread.
 */
#ifndef GS_QUERY_SORT_KEY_H
#define GS_QUERY_SORT_KEY_H

#include "query/search.h"

struct gs_sort_keys {
    enum gs_sort sort;
    const struct gs_snapshot *snapshot;
    /* GS_SORT_CODE: */
    struct gs_str *codes; /* the different first codes, by bytes: the key of codes[i] is -i */
    size_t code_count;
    uint32_t **places; /* by segment and ordinal: 1 + the place in codes; 0 for ordinal 0 */
};

/* Release it in either case; *k zeroed at first. Nothing is made for GS_SORT_SCORE. */
GS_MUST_USE enum gaosou_status gs_sort_keys_make(struct gs_sort_keys *k, enum gs_sort sort,
                                                 const struct gs_snapshot *snapshot,
                                                 struct gs_err *err);
void gs_sort_keys_release(struct gs_sort_keys *k);
/* Keys of ascending filings of a segment. Where it is known without reading that those of a block
 * are all below the threshold, they are minus infinity. */
GS_MUST_USE enum gaosou_status gs_sort_keys_read(const struct gs_sort_keys *k, size_t segment,
                                                 const uint32_t *docs, size_t count,
                                                 double threshold, double *keys,
                                                 struct gs_err *err);
/* GS_SORT_CODE: the code of a key (empty: unknown), and the key of a code, which lies between two
 * others where the snapshot has no filing of it. */
struct gs_str gs_sort_keys_code(const struct gs_sort_keys *k, double key);
double gs_sort_keys_of_code(const struct gs_sort_keys *k, struct gs_str code);

#endif
