/*
 * ranking.h: what the order of hits is made of beside BM25 (docs/RANKING.md, which is normative).
 *
 * Plain data, copied with the options of a search. Pure functions, thread-safe.
 */
#ifndef GS_QUERY_RANKING_H
#define GS_QUERY_RANKING_H

#include <stdbool.h>
#include <stddef.h>

/* The parameters; numbers all, so that measurements can set them by name. */
struct gs_ranking_params {
    double depth;        /* filings, the best by the first pass, that the second puts in order */
    double function;     /* stop: factor of the weight of a bigram of two function characters */
    double particle;     /* stop: of another bigram with a particle */
    double longest;      /* passages: times the mean length that a filing's counts as at most */
    double title;        /* weight of the title's part */
    double title_length; /* positions of a title that count as the mean */
    double window;       /* positions of a passage; a whole even number */
    double pair;         /* proximity: weight of two tokens that stand as in the question */
    double passage;      /* weight of the best passage */
};
extern const struct gs_ranking_params gs_ranking_defaults;

/* Each may be switched by itself; all off is BM25 alone. */
struct gs_ranking {
    bool chosen; /* false: the others say nothing, and the query's mode decides: all in --any */
    bool title, proximity, stop, passages;
    const struct gs_ranking_params *params; /* NULL: gs_ranking_defaults; else borrowed */
};

/* "plain", "full", or names of the four with commas between. false: something else; *out is as it
 * was. */
bool gs_ranking_read(const char *names, size_t size, struct gs_ranking *out);

/* A parameter by its name in the struct, NULL where there is none. */
double *gs_ranking_param(struct gs_ranking_params *params, const char *name, size_t size);

static inline const struct gs_ranking_params *gs_ranking_params_of(const struct gs_ranking *r)
{
    return r->params ? r->params : &gs_ranking_defaults;
}

#endif
