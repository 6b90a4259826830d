/*
 * score.h: BM25 as docs/QUERY.md, Scores, defines it, in double.
 *
 * Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), section
 * 3, without the constant factor k1 + 1. Pure, thread-safe.
 */
#ifndef GS_QUERY_SCORE_H
#define GS_QUERY_SCORE_H

#include "common/segment/segment.h"

/* k1 · (1 − b + b · len / avg) = base + slope · len. */
struct gs_scorer {
    double base, slope;
    uint32_t longest; /* a greater length counts as this; gs_scorer_make: none does */
};
struct gs_scorer gs_scorer_make(double k1, double b, uint64_t doc_count, uint64_t total_length);

/* ln(1 + (N − n + 0.5) / (n + 0.5)); n above N counts as N. */
double gs_idf(uint64_t doc_count, uint64_t n);

static inline double gs_score_norm(const struct gs_scorer *s, uint32_t length)
{
    return s->base + s->slope * (double)(length < s->longest ? length : s->longest);
}

/* One leaf in one filing, given gs_score_norm of its length. tf >= 1. */
static inline double gs_score_part(double weight, uint32_t tf, double norm)
{
    return weight * (double)tf / ((double)tf + norm);
}

/* No posting that the impacts stand for scores more. */
double gs_score_bound(const struct gs_scorer *s, double weight, const struct gs_impacts *impacts);

/* Sums of bounds are compared with scores that were added up in another order: the bound is widened
 * by far more than rounding can move either. */
static inline bool gs_score_is_below(double bound, double threshold)
{
    return bound * (1 + 1e-9) < threshold;
}

#endif
