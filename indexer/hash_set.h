/*
 * hash_set.h: a set of 64-bit hashes that only grows: which inputs or ids were seen. Equal hashes
 * are equal for it. 16 bytes a hash at most. Zeroed: empty. One thread.
 */
#ifndef GS_INDEXER_HASH_SET_H
#define GS_INDEXER_HASH_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gs_hash_set {
    uint64_t *slots; /* 0: free */
    size_t count, capacity;
};

/* True where it was not there. Without memory nothing is added, and the answer is true. */
bool gs_hash_set_add(struct gs_hash_set *s, uint64_t hash);
bool gs_hash_set_has(const struct gs_hash_set *s, uint64_t hash);
void gs_hash_set_release(struct gs_hash_set *s);

#endif
