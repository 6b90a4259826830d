/*
 * random_index.h: one history of an index (adds, commits, deletions, merges), made from a seed and
 * played both on a real index in a folder and on the brute-force engine.
 */
#ifndef GS_TESTS_RANDOM_INDEX_H
#define GS_TESTS_RANDOM_INDEX_H

#include "tests/support/random_corpus.h"
#include "tests/support/ref_engine.h"

enum random_step_kind { RANDOM_ADD, RANDOM_DELETE, RANDOM_COMMIT, RANDOM_MERGE };

struct random_known {
    const char *field, *value; /* static */
};

struct random_step {
    enum random_step_kind kind;
    char id[24];
    char *title; /* NULL: none; malloc'ed */
    uint8_t *text;
    size_t size;
    size_t title_from, title_to; /* where the title stands in the text; equal: it is a field */
    bool is_unread;              /* the source had no text layer */
    char date[24], period[24];   /* empty: none */
    REF_LIST(struct random_known) known;
    bool dropped; /* left out when played: how a failure is shrunk */
};

struct random_history {
    struct random_corpus corpus;
    REF_LIST(struct random_step) steps;
    bool with_text;
    unsigned threads;
};

/* How big: a few tiny filings, very many tiny ones (lists of several blocks), or some long ones. */
enum random_size { RANDOM_TINY, RANDOM_MANY, RANDOM_LONG };

void random_history_init(struct random_history *h, uint64_t seed, enum random_size size);
void random_history_release(struct random_history *h);

/* Adds a step by hand; title NULL for none. */
void random_history_add(struct random_history *h, const char *id, const char *title,
                        const void *text, size_t size);
void random_history_step(struct random_history *h, enum random_step_kind kind, const char *id);

/* Plays the steps into a new index at `folder` (which must not exist) and into *x (zeroed). Ends
 * the test where the indexer fails. */
void random_history_play(const struct random_history *h, const char *folder, struct ref_index *x);

#endif
