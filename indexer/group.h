/*
 * group.h: the tokens of one partition, gathered from the slices of a run and grouped by term.
 *
 * A counting sort over whole keys: one reading of the partition counts the tokens of each key, a
 * second puts each position where its term's next one belongs. Both go through one table of an
 * entry a key, at random; it stays in the second-level cache, because a partition has few keys that
 * lie in as few lines. Beyond that nothing moves: what comes out is positions alone, since the
 * group says the key. (A radix sort over two digits moves key and position, and takes a third
 * reading; measured: 268 ms against 207 for 42 million tokens.) Which keys occur is kept in a
 * bitmap with a second above it, so that listing them costs nothing where they are few.
 *
 * One thread.
 */
#ifndef GS_INDEXER_GROUP_H
#define GS_INDEXER_GROUP_H

#include "indexer/run.h"

/* One partition as a source of tokens. */
struct gs_part_source {
    const struct gs_run *run;
    uint32_t number;
    uint32_t key_base;     /* Han terms: the bits of the key that the partition stands for */
    const uint32_t *ranks; /* words: their ranks, slice after slice; NULL for Han terms */
};

#define GS_GROUP_KEYS ((uint32_t)1 << 20)

/* Keys [low, high], at most GS_GROUP_KEYS of them. all: no token of the partition has another,
 * which saves a test for each. */
struct gs_key_range {
    uint32_t low, high;
    bool all;
};

struct gs_groups {
    struct gs_region region; /* the three tables, all 0 but between count and clear */
    uint32_t *table;         /* of each key of the range: its tokens, then where the next goes */
    uint64_t *seen, *seen_words;
    struct gs_key_range range; /* counted last */
    uint32_t *keys;            /* those that have tokens, ascending */
    uint32_t *counts;          /* their tokens */
    uint32_t *starts;          /* where place() put them; one more entry */
    size_t terms, capacity;
};

void gs_groups_init(struct gs_groups *g);
void gs_groups_release(struct gs_groups *g);

/* Finds the keys of a range that have tokens, and how many. Each count wants a clear. */
GS_MUST_USE enum gaosou_status gs_groups_count(struct gs_groups *g,
                                               const struct gs_part_source *source,
                                               const struct gs_key_range *range,
                                               struct gs_err *err);
/* Terms [from, to) of those counted: their positions in the run into `positions`, which has room
 * for them, term after term and ascending; keys[t] has [starts[t - from], starts[t - from + 1]). */
void gs_groups_place(struct gs_groups *g, const struct gs_part_source *source, size_t from,
                     size_t to, uint32_t *positions);
void gs_groups_clear(struct gs_groups *g);

#endif
