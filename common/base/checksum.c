#include "common/base/checksum.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t gs_hash64(const void *bytes, size_t size)
{
    return XXH3_64bits(bytes, size);
}

void gs_hash128(const void *bytes, size_t size, uint64_t out[2])
{
    XXH128_hash_t hash = XXH3_128bits(bytes, size);
    out[0] = hash.low64;
    out[1] = hash.high64;
}

_Static_assert(sizeof(XXH3_state_t) <= sizeof(struct gs_hash_stream), "room for XXH3's state");

void gs_hash_begin(struct gs_hash_stream *s)
{
    XXH3_state_t *state = (XXH3_state_t *)s->opaque;
    XXH3_INITSTATE(state);
    XXH3_64bits_reset(state);
}

void gs_hash_update(struct gs_hash_stream *s, const void *bytes, size_t size)
{
    XXH3_64bits_update((XXH3_state_t *)s->opaque, bytes, size);
}

uint64_t gs_hash_digest(const struct gs_hash_stream *s)
{
    return XXH3_64bits_digest((const XXH3_state_t *)s->opaque);
}
