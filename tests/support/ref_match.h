/*
 * ref_match.h: between the files of the brute-force engine: what stands where in one filing, the
 * weights of leaves.
 */
#ifndef GS_TESTS_REF_MATCH_H
#define GS_TESTS_REF_MATCH_H

#include "tests/support/ref_engine.h"

/* An occurrence of a leaf: where it starts, and whether it counts (docs/QUERY.md, Groups). */
struct ref_spot {
    uint32_t start;
    bool counts;
};
typedef REF_LIST(struct ref_spot) ref_spots;

/* One filing and all occurrences of the query's leaves in it, by their starts. */
struct ref_view {
    const struct ref_filing *f;
    const struct ref_query *q;
    ref_spots *spots; /* of each leaf */
    uint32_t *counts; /* those of each that count */
};

/* Finds every occurrence, and marks those that count. Release the view. */
void ref_view_open(struct ref_view *v, const struct ref_filing *f, const struct ref_query *q);
void ref_view_release(struct ref_view *v);
/* Whether a node without filters is true in the whole filing. */
bool ref_view_is_true(const struct ref_view *v, const struct ref_node *n);
/* Positions of the shortest stretch with one occurrence of each leaf that has any that counts. */
uint32_t ref_view_closeness(const struct ref_view *v);

/* Puts hits in the order of the options (ref_engine.c). */
void ref_sort_hits(const struct gs_search_options *options, struct ref_hits *h);

/* Whether nothing but the rounding of a sum tells two scores apart (ref_engine.c). */
bool ref_is_close_call(const struct ref_query *q, const struct ref_hit *a, const struct ref_hit *b);

/* Whether a leaf stands at a position. */
bool ref_leaf_fits(const struct ref_filing *f, const struct ref_leaf *leaf, uint32_t p);

/* Whether a token is an item's word (or prefix, or pattern). */
typedef bool ref_token_test(const struct ref_token *t, const struct ref_item *item);
ref_token_test ref_fits_word, ref_is_pair, ref_begins_with_char;

/* ---- docs/RANKING.md (ref_rank.c) ---- */

/* The switches that hold for a query, with their parameters. */
struct gs_ranking ref_ranking(const struct ref_query *q, const struct gs_search_options *options);
/* Weights of the leaves, changed by what weighs less. */
void ref_rank_weights(const struct gs_ranking *r, const struct ref_query *q, double *weights);
/* The length of a filing as it counts. */
double ref_rank_length(const struct gs_ranking *r, double length, double average);
/* What the second pass adds to a filing's score. weights: changed ones, without multiplicities. */
double ref_rank_extra(const struct gs_ranking *r, const struct gs_search_options *options,
                      const struct ref_view *v, const double *weights);
/* Puts the best of sorted hits in order by both parts of their scores. */
void ref_rank_head(const struct gs_ranking *r, const struct gs_search_options *options,
                   const struct ref_query *q, struct ref_hits *h);

double ref_leaf_weight(const struct ref_index *x, const struct ref_leaf *leaf);

#endif
