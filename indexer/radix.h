/*
 * radix.h: tokens sorted by their key (the upper 32 bits), stable: tokens of one key keep their
 * order.
 *
 * Least significant digit first, only over the bits in which keys differ; 150 to 250 million tokens
 * a second where both buffers fit the second-level cache. Pure.
 */
#ifndef GS_INDEXER_RADIX_H
#define GS_INDEXER_RADIX_H

#include <stddef.h>
#include <stdint.h>

/*
 * Sorts a[0, n) with b as a second buffer of the same size; returns the one that holds the result.
 * All keys are in [low, high].
 */
uint64_t *gs_radix_sort(uint64_t *a, uint64_t *b, size_t n, uint32_t low, uint32_t high);

#endif
