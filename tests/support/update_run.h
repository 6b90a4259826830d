/*
 * update_run.h: runs of the indexer over inputs that are written out in the test, without the
 * intake: what was looked up, read, added and dropped, with checkpoints and kills.
 *
 *     struct update_run run = {.mode = GS_RECONCILE_UPDATE};
 *     update_drive(world, &run, inputs, count); ... run.added, run.unchanged, run.removed
 *
 * A world is a folder with an index and what is open on it: the state of a test
 * (update_setup, update_teardown). One thread; what fails fails the test.
 */
#ifndef GS_TESTS_UPDATE_RUN_H
#define GS_TESTS_UPDATE_RUN_H

#include "indexer/builder.h"
#include "indexer/reconcile.h"
#include "indexer/work_journal.h"

struct update_input {
    const char *id, *text;
    uint64_t time;
    const char *source; /* of a part of a file */
    const char *title;
};

#define UPDATE_INPUTS_MAX 64

/* One run of the indexer over inputs, without the intake. */
struct update_run {
    enum gs_reconcile_mode mode;
    bool look_ahead; /* everything is looked up before anything is compared */
    const struct gs_str *given;
    struct {
        const char *id;
        bool is_folder;
    } roots[4];
    const char *exempt[4];
    bool prune, force;
    size_t checkpoint; /* a commit after so many inputs; 0: none */
    size_t killed;     /* ends without a word after so many inputs; 0: goes to the end */
    /* What came of it. */
    enum gs_have have[UPDATE_INPUTS_MAX];
    unsigned added, unchanged, not_read;
    bool continued;
    uint64_t done; /* by the interrupted run */
    struct gs_prune pruned;
    char removed[400];
};

struct update_world {
    char *folder, *index;
    struct gs_index_writer *writer;
    struct gs_builder *builder;
    struct gs_reconcile *reconcile;
    struct gs_work_journal journal;
};

int update_setup(void **state);
int update_teardown(void **state);

struct gs_str update_str(const char *s);
struct gs_filing update_filing(const struct update_input *in);

/* A whole run: opened, each input looked up and taken, ended (unless killed), and the index
 * checked. */
void update_drive(struct update_world *s, struct update_run *run, const struct update_input *inputs,
                  size_t count);
/* The same by hand: what is opened is closed by update_close. */
void update_open(struct update_world *s, struct update_run *run);
void update_look(struct update_world *s, struct update_run *run, const struct update_input *in,
                 size_t i);
void update_finish(struct update_world *s, struct update_run *run);
void update_close(struct update_world *s);

/* "id text" of the live filings, in the order of their ids. */
void update_assert_index(struct update_world *s, const char *const *wanted, size_t count);
#define UPDATE_ASSERT_INDEX(s, ...)                                                                \
    update_assert_index(s, (const char *const[]){__VA_ARGS__},                                     \
                        sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* r/a, r/b and r/c; n1, n2 and the third line of feed.jsonl. */
extern const struct update_input update_three[3], update_feed[3];
/* A first run over update_three. */
void update_first(struct update_world *s);

#endif
