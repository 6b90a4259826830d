/*
 * merge_policy.h: which neighbouring segments are worth merging, so that an index that grows day by
 * day keeps few of them.
 *
 * The logarithmic method (Bentley and Saxe, Decomposable searching problems I, 1980) over bytes: a
 * segment of b live bytes is of level floor(log8 b). Where GS_MERGE_FANOUT segments of one level
 * stand in a row, none larger between them, they and the smaller ones between become one, which
 * then is of a higher level. So at most GS_MERGE_FANOUT - 1 segments of a level stay in a row, and
 * a filing is written again at most once a level: log8(bytes of the index / bytes of a commit)
 * times in all.
 *
 * Sizes that come in no order could leave small segments between large ones: where there are more
 * than GS_SEGMENTS_MOST, the GS_MERGE_FANOUT neighbours with the fewest bytes become one.
 *
 * What is above GS_MERGE_BYTES_MAX together is left as it is: `gaosou-index merge` joins it. A
 * segment of which more than a quarter is deleted is written again by itself; the deleted filings
 * pay for that, a rewrite of at most three live ones each.
 */
#ifndef GS_INDEXER_MERGE_POLICY_H
#define GS_INDEXER_MERGE_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GS_MERGE_FANOUT    8u
#define GS_SEGMENTS_MOST   64u
#define GS_MERGE_BYTES_MAX ((uint64_t)8 << 30)

/* A segment, or the segments [first, first + count) of the index that are planned to become one. */
struct gs_merge_span {
    size_t first, count;
    uint64_t bytes; /* of the file */
    uint64_t filings, deleted;
    bool with_text; /* those with text and those without are never merged */
};

/* Plans all merges: joins and drops entries of `spans` (in the order of the index, count = 1 each
 * at first) until nothing is left to do. Returns how many spans are left; one with count > 1, or
 * with deleted set to 0 though its segment has deleted filings, is to be written anew. */
size_t gs_merge_plan(struct gs_merge_span *spans, size_t count);

#endif
