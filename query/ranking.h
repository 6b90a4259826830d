/*
 * ranking.h: what the order of hits is made of beside BM25 (docs/RANKING.md, which is normative).
 *
 * Plain data, copied with the options of a search.
 */
#ifndef GS_QUERY_RANKING_H
#define GS_QUERY_RANKING_H

#include <stdbool.h>

/* Each may be switched by itself; all off is BM25 alone. */
struct gs_ranking {
    bool chosen; /* false: the others say nothing, and the query's mode decides (gs_ranking_of) */
    bool title, proximity, stop, passages;
};

#endif
