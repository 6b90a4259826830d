/*
 * random_world.h: one index with its brute-force twin, and the comparison of their answers.
 *
 * Same filings, same order, same counts and totals; scores within 1e-9 of each other, relatively.
 */
#ifndef GS_TESTS_RANDOM_WORLD_H
#define GS_TESTS_RANDOM_WORLD_H

#include "query/search.h"
#include "tests/support/random_index.h"

struct question {
    const char *text;
    size_t size;
    enum gs_query_mode mode;
    struct gs_search_options options;
};

struct world {
    char *root, *folder;
    struct ref_index reference;
    struct gs_snapshot snapshot;
    struct gs_search *search;
    bool open;
    char message[512];
};

/* Plays the history; ends the test where that fails. Close it. */
void world_open(struct world *w, const struct random_history *h);
void world_close(struct world *w);

/* Whether both engines answer alike; else w->message says where not. *read is false where the query
 * is an error in both. more: occurrences and the totals of the leaves too. */
bool world_agree(struct world *w, const struct question *ask, bool more, bool *read);

/* Limits, offsets, counting, pruning, k1 and b of all kinds. */
struct gs_search_options random_options(struct random_source *r);
enum gs_query_mode random_mode(struct random_source *r);

#endif
