/*
 * range_bounds.h: what the leaves of a query can score at most in each stretch of a segment.
 *
 * A segment's filings are cut into ranges of equal size. The skip entries of a blocked list give
 * the best of every 128 postings, so one walk over them, which reads no posting, bounds a leaf in
 * every range (block-max indexes: Ding and Suel, "Faster top-k document retrieval using block-max
 * indexes", 2011; over fixed ranges as in Mallia, Siedlaczek and Suel, "An experimental study of
 * index compression and DAAT query processing methods", 2019). Where a list is thin against the
 * ranges its filings are read as well, and ranges without one are bounded by 0.
 *
 * Bounds are floats, made larger than the doubles they stand for by more than rounding can take
 * away: a sum of them that is below gs_bound_limit(threshold) proves that the double sum of the
 * scores is below the threshold. One thread.
 */
#ifndef GS_QUERY_RANGE_BOUNDS_H
#define GS_QUERY_RANGE_BOUNDS_H

#include "common/base/arena.h"
#include "query/match.h"

/* BM25 in float: what scoring loops and bounds share. */
struct gs_float_scorer {
    float base, slope; /* of gs_scorer */
    int32_t longest;
    float norms[256];    /* by length code of impacts.h: of the least length */
    float inverses[256]; /* by frequency code: 1 / the greatest frequency */
};
void gs_float_scorer_init(struct gs_float_scorer *f, const struct gs_scorer *s);

#define GS_FLOAT_SLACK 1e-5f  /* relative, of one part or bound */
#define GS_SUM_SLACK   1.5e-4 /* of a sum: rounding of the most leaves, 1,024, comes to 6e-5 */
#define GS_FLOAT_LEAST 1e-30f /* added to every part, so that one that is there is not 0 */

/* The part of one posting, within GS_FLOAT_SLACK. */
static inline float gs_float_part(const struct gs_float_scorer *f, float weight, uint32_t tf,
                                  uint32_t length)
{
    float t = (float)tf;
    uint32_t longest = (uint32_t)f->longest;
    float norm = f->base + f->slope * (float)(length < longest ? length : longest);
    return weight * t / (t + norm) + GS_FLOAT_LEAST;
}

/* Sums of parts and bounds below this are below the threshold. */
static inline float gs_bound_limit(double threshold)
{
    return threshold > 0 ? (float)(threshold * (1 - GS_SUM_SLACK)) : -1.0f;
}

#define GS_RANGE_SHIFT 8 /* at least */
#define GS_RANGE_LEAST (1u << GS_RANGE_SHIFT)
/* The most that a posting of a block scores, from its codes in the skip entry (gs_list_skip). */
float gs_impacts_bound(const struct gs_float_scorer *f, double weight, const uint8_t *codes);

/* The postings of a thin list, read once, with their parts. */
struct gs_thin_list {
    uint32_t *docs, *freqs; /* NULL: the list is not thin, or the leaf is more than a list */
    float *parts;
    uint32_t count;
};

struct gs_range_bounds {
    unsigned shift; /* a range is 1 << shift filings */
    uint32_t count;
    size_t leaf_count;
    float *rows;               /* leaf_count rows of count */
    float *sums;               /* over the leaves */
    struct gs_thin_list *thin; /* by leaf */
};
/* Reads the leaves' skip entries, and thin lists, whose cursors it leaves rewound or, where
 * thin says what they hold, anywhere. */
GS_MUST_USE enum gaosou_status gs_range_bounds_make(struct gs_range_bounds *b,
                                                    struct gs_arena *arena,
                                                    const struct gs_float_scorer *scorer,
                                                    struct gs_leaf_match *leaves, size_t leaf_count,
                                                    uint32_t doc_count, struct gs_err *err);

#endif
