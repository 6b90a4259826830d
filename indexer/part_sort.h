/*
 * part_sort.h: the tokens of one partition, gathered from the slices of a run and sorted by key,
 * stable: tokens of one key keep their order, which is that of positions. Pure.
 *
 * Sorting runs at memory speed where both buffers fit the second-level cache; a larger partition is
 * first placed into buckets of neighbouring keys.
 */
#ifndef GS_INDEXER_PART_SORT_H
#define GS_INDEXER_PART_SORT_H

#include "indexer/run.h"

/* One partition as a source of tokens, key << 32 | position in the run. */
struct gs_part_source {
    const struct gs_run *run;
    uint32_t number;
    uint32_t key_base;     /* Han terms: the bits of the key that the partition stands for */
    const uint32_t *ranks; /* words: their ranks, slice after slice; NULL for Han terms */
};

/* Keys [low, high]. all: no token of the partition has another, which saves a test for each. */
struct gs_key_range {
    uint32_t low, high;
    bool all;
};

#define GS_PART_BUCKETS 1024u

/* The shift that makes at most GS_PART_BUCKETS buckets of a range: bucket = (key - low) >> shift.
 */
unsigned gs_part_shift(const struct gs_key_range *range);

/* Counts the tokens of the range by bucket; counts has GS_PART_BUCKETS entries. */
void gs_part_count(const struct gs_part_source *source, const struct gs_key_range *range,
                   unsigned shift, size_t *counts);

/* Writes the tokens of the range to out: those of bucket i from starts[i] on, which moves along. */
void gs_part_place(const struct gs_part_source *source, const struct gs_key_range *range,
                   unsigned shift, size_t *starts, uint64_t *out);

/* Writes the tokens of the range to out in order of position. */
void gs_part_gather(const struct gs_part_source *source, const struct gs_key_range *range,
                    uint64_t *out);

/* Sorts a[0, n), whose keys lie in [low, high], with b as second buffer; returns the one with the
 * result. Least significant digit first, only over the bits in which keys can differ. */
uint64_t *gs_token_sort(uint64_t *a, uint64_t *b, size_t n, uint32_t low, uint32_t high);

/* Gathers the n tokens of the range and sorts them, with a and b as buffers of n; returns the one
 * with the result. The first of two digits is placed straight from the slices. */
uint64_t *gs_part_sort(const struct gs_part_source *source, const struct gs_key_range *range,
                       uint64_t *a, uint64_t *b, size_t n);

#endif
