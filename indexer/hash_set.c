#include "indexer/hash_set.h"

#include <stdlib.h>

#define LEAST ((size_t)1024) /* slots; always a power of two, at most half of them taken */

/* The slot of the hash, or the free one where it would be. */
static size_t slot_of(const struct gs_hash_set *s, uint64_t hash)
{
    size_t at = (size_t)hash & (s->capacity - 1);
    while (s->slots[at] != 0 && s->slots[at] != hash)
        at = (at + 1) & (s->capacity - 1);
    return at;
}

static bool grow(struct gs_hash_set *s)
{
    struct gs_hash_set larger = {.capacity = s->capacity ? 2 * s->capacity : LEAST};
    larger.slots = calloc(larger.capacity, sizeof(*larger.slots));
    if (!larger.slots)
        return false;
    for (size_t i = 0; i < s->capacity; i++) {
        if (s->slots[i] != 0)
            larger.slots[slot_of(&larger, s->slots[i])] = s->slots[i];
    }
    larger.count = s->count;
    free(s->slots);
    *s = larger;
    return true;
}

bool gs_hash_set_add(struct gs_hash_set *s, uint64_t hash)
{
    hash += hash == 0;
    if (2 * (s->count + 1) > s->capacity && !grow(s))
        return true;
    size_t at = slot_of(s, hash);
    if (s->slots[at] == hash)
        return false;
    s->slots[at] = hash;
    s->count++;
    return true;
}

bool gs_hash_set_has(const struct gs_hash_set *s, uint64_t hash)
{
    hash += hash == 0;
    return s->capacity > 0 && s->slots[slot_of(s, hash)] == hash;
}

void gs_hash_set_release(struct gs_hash_set *s)
{
    free(s->slots);
    *s = (struct gs_hash_set){0};
}
