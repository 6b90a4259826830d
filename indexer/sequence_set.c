#include "indexer/sequence_set.h"

#include <assert.h>
#include <stdlib.h>

#define CHUNK_BITS  ((uint64_t)1 << 16)
#define CHUNK_WORDS (CHUNK_BITS / 64)
#define LIMIT_MAX   ((uint64_t)1 << 44) /* 2 GB of chunk pointers: far beyond any index */

static size_t chunk_count(uint64_t limit)
{
    return (size_t)(limit / CHUNK_BITS + 1);
}

enum gaosou_status gs_sequence_set_init(struct gs_sequence_set *s, uint64_t limit,
                                        struct gs_err *err)
{
    *s = (struct gs_sequence_set){0};
    if (limit > LIMIT_MAX)
        return gs_err_set(err, GAOSOU_E_LIMIT, "sequence number %llu: at most %llu",
                          (unsigned long long)limit, (unsigned long long)LIMIT_MAX);
    s->chunks = calloc(chunk_count(limit), sizeof(*s->chunks));
    if (!s->chunks)
        return gs_err_nomem(err, chunk_count(limit) * sizeof(*s->chunks));
    s->limit = limit;
    return GAOSOU_OK;
}

void gs_sequence_set_release(struct gs_sequence_set *s)
{
    for (size_t i = 0; s->chunks && i < chunk_count(s->limit); i++)
        free(s->chunks[i]);
    free(s->chunks);
    *s = (struct gs_sequence_set){0};
}

enum gaosou_status gs_sequence_set_add(struct gs_sequence_set *s, uint64_t sequence,
                                       struct gs_err *err)
{
    assert(sequence < s->limit);
    uint64_t **chunk = &s->chunks[sequence / CHUNK_BITS];
    if (!*chunk)
        *chunk = calloc(CHUNK_WORDS, sizeof(uint64_t));
    if (!*chunk)
        return gs_err_nomem(err, CHUNK_WORDS * sizeof(uint64_t));
    (*chunk)[sequence % CHUNK_BITS / 64] |= (uint64_t)1 << (sequence % 64);
    return GAOSOU_OK;
}

bool gs_sequence_set_has(const struct gs_sequence_set *s, uint64_t sequence)
{
    if (sequence >= s->limit)
        return false;
    const uint64_t *chunk = s->chunks[sequence / CHUNK_BITS];
    return chunk && (chunk[sequence % CHUNK_BITS / 64] >> (sequence % 64) & 1);
}
