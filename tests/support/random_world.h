/*
 * random_world.h: one index with its brute-force twin, and the comparison of their answers.
 *
 * Same filings, same order, same counts and totals; scores within 1e-9 of each other, relatively.
 */
#ifndef GS_TESTS_RANDOM_WORLD_H
#define GS_TESTS_RANDOM_WORLD_H

#include "query/search.h"
#include "tests/support/random_index.h"
#include "tests/support/random_query.h"

#define QUESTION_FACETS_MAX 3
struct question {
    const char *text;
    size_t size;
    enum gs_query_mode mode;
    enum gs_query_within within;
    char filters[256];  /* given beside the query; empty: none */
    char synonyms[512]; /* rules; empty: none */
    struct gs_facet_field facets[QUESTION_FACETS_MAX];
    struct gs_ranking_params ranking;
    struct gs_search_options options; /* without facets and parameters of the ranking */
};

/* The rules of a question for both engines; without any where they are none. */
struct question_rules {
    struct gs_synonyms *engine;
    struct ref_synonyms *reference;
};

/* Whether both read the rules alike: good ones, or both none. Close it in either case. */
bool question_rules_open(struct question_rules *rules, const struct question *ask);
void question_rules_close(struct question_rules *rules);

struct world {
    char *root, *folder;
    struct ref_index reference;
    struct gs_snapshot snapshot;
    struct gs_search *search;
    bool open;
    struct question_rules rules; /* of the question at hand */
    char message[512];
};

/* Plays the history; ends the test where that fails. Close it. */
void world_open(struct world *w, const struct random_history *h);
void world_close(struct world *w);

/* Whether both engines answer alike; else w->message says where not. *read is false where the query
 * is an error in both. more: occurrences and the totals of the leaves too. */
bool world_agree(struct world *w, const struct question *ask, bool more, bool *read);

/* How the question is to be read; borrows from it. */
struct gs_query_params question_params(const struct question *ask);
/* The question's options, with its facets; borrows from it. */
struct gs_search_options question_options(const struct question *ask);

/* Whether a query has a form that random_forms leaves out. */
bool question_is_left_out(const struct ref_query *q, const struct gs_query_params *params);

/* All but the text: limits, offsets, counting, pruning, k1 and b, filters, order of all kinds,
 * synonyms among what the corpus is made of. */
void random_question(const struct random_corpus *c, struct random_source *r, struct question *ask);

#endif
