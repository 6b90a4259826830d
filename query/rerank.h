/*
 * rerank.h: the second pass of a ranked search (docs/RANKING.md): the best filings by BM25 are put
 * in order by where the query's leaves stand in them.
 *
 * One thread, inside gs_search_run.
 */
#ifndef GS_QUERY_RERANK_H
#define GS_QUERY_RERANK_H

#include "query/search_internal.h"

/* The ranking that a search uses: the one that was chosen, or that of the query's mode. */
struct gs_ranking gs_ranking_of(const struct gs_ranking *chosen, const struct gs_query *query);

/* How many filings the second pass looks at; 0: there is none. */
size_t gs_rerank_depth(const struct gs_ranking *ranking);

/* Puts the weights of function bigrams in the place of theirs in the plan, where ranking->stop. */
void gs_ranking_weigh(struct gs_plan *plan, const struct gs_query *query,
                      const struct gs_ranking *ranking);

/* What stop multiplies the weight of a question's leaf by, with the parameters as they are. */
double gs_ranking_stop_factor(const struct gs_leaf *leaf);

/* Bounds the lengths that scores are made with, where ranking->passages. */
void gs_ranking_limit_length(struct gs_scorer *scorer, uint64_t doc_count, uint64_t total_length,
                             const struct gs_ranking *ranking);

/* Adds to the keys of the first `count` entries of the sorted search->top, and sorts them. What is
 * added is never negative, so they stay before the others. */
GS_MUST_USE enum gaosou_status gs_rerank(struct gs_search_run *run,
                                         const struct gs_search_options *options, size_t count);

/* What the second pass adds to one filing: for its title, and for its best passage. */
struct gs_rerank_parts {
    double title, passage;
};
/* segment: opened with positions, none of its leaves beyond doc. run: search, query, ranking and err
 * are enough. */
GS_MUST_USE enum gaosou_status gs_rerank_filing(struct gs_search_run *run,
                                                const struct gs_search_options *options,
                                                const struct gs_search_segment *segment,
                                                uint32_t doc, struct gs_rerank_parts *parts);

#endif
