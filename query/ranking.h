/*
 * ranking.h: what the order of hits is made of beside BM25 (docs/RANKING.md, which is normative).
 *
 * Plain data, copied with the options of a search. Pure functions, thread-safe.
 */
#ifndef GS_QUERY_RANKING_H
#define GS_QUERY_RANKING_H

#include <stdbool.h>
#include <stddef.h>

/* The parameters of the second pass; numbers all, so that measurements can set them by name. */
struct gs_ranking_params {
    double depth;        /* filings, the best by the first pass, that the second puts in order */
    double function;     /* stop: what a bigram of two function characters weighs */
    double half;         /* stop: what a bigram with one such character weighs */
    double title;        /* weight of the title's part */
    double title_length; /* positions of a title that count as the mean */
    double pair;         /* proximity: weight of tokens one after the other as in the question */
    double window;       /* passages: positions of one */
    double passage;      /* weight of the best one */
};
extern const struct gs_ranking_params gs_ranking_defaults;

/* Each may be switched by itself; all off is BM25 alone. */
struct gs_ranking {
    bool chosen; /* false: the others say nothing, and the query's mode decides (gs_ranking_of) */
    bool title, proximity, stop, passages;
    const struct gs_ranking_params *params; /* NULL: gs_ranking_defaults; else borrowed */
};

/* "plain", "full", or names of the four with commas between. false: something else; *out is as it
 * was. */
bool gs_ranking_read(const char *names, size_t size, struct gs_ranking *out);

/* A parameter by its name in the struct, NULL where there is none. */
double *gs_ranking_param(struct gs_ranking_params *params, const char *name, size_t size);

static inline bool gs_ranking_is_plain(const struct gs_ranking *r)
{
    return !r->title && !r->proximity && !r->stop && !r->passages;
}

#endif
