#include "indexer/emit.h"

#include "indexer/locate.h"

#include <stdlib.h>
#include <string.h>

#define COARSE_SHIFT   9 /* a table that stays in the second-level cache */
#define CAPACITY_LEAST ((size_t)64 << 10)
#define COARSE_MAX     ((uint64_t)4 << 20) /* entries; longer runs get a coarser table */

enum gaosou_status gs_doc_map_init(struct gs_doc_map *m, const struct gs_run *run,
                                   struct gs_err *err)
{
    struct gs_doc_map map = {.base = run->doc_base, .shift = COARSE_SHIFT};
    while (run->positions >> map.shift > COARSE_MAX)
        map.shift++;
    size_t entries = (size_t)(run->positions >> map.shift) + 1;
    map.coarse = malloc(entries * sizeof(*map.coarse));
    if (!map.coarse)
        return gs_err_nomem(err, entries * sizeof(*map.coarse));
    uint32_t doc = 0;
    for (size_t i = 0; i < entries; i++) {
        while (doc + 1 < run->doc_count && run->doc_base[doc + 1] <= (uint64_t)i << map.shift)
            doc++;
        map.coarse[i] = doc;
    }
    *m = map;
    return GAOSOU_OK;
}

void gs_doc_map_release(struct gs_doc_map *m)
{
    free(m->coarse);
    *m = (struct gs_doc_map){0};
}

void gs_emitter_init(struct gs_emitter *e)
{
    *e = (struct gs_emitter){0};
}

void gs_emitter_release(struct gs_emitter *e)
{
    gs_region_close(&e->region);
    *e = (struct gs_emitter){0};
}

enum gaosou_status gs_emitter_reserve(struct gs_emitter *e, size_t tokens, struct gs_err *err)
{
    if (tokens <= e->capacity)
        return GAOSOU_OK;
    if (tokens < CAPACITY_LEAST)
        tokens = CAPACITY_LEAST;
    size_t capacity = (tokens + 2 * GS_BLOCK - 1) / GS_BLOCK * GS_BLOCK;
    struct gs_region region = {0};
    gs_region_close(&e->region);
    e->capacity = 0;
    size_t bytes = capacity * (2 * sizeof(uint64_t) + 3 * sizeof(uint32_t));
    enum gaosou_status status = gs_region_open(&region, bytes, err);
    if (status != GAOSOU_OK)
        return status;
    e->region = region;
    e->tokens = (uint64_t *)(void *)region.data;
    e->sorted = e->tokens + capacity;
    e->docs = (uint32_t *)(void *)(e->sorted + capacity);
    e->freqs = e->docs + capacity;
    e->positions = e->freqs + capacity;
    e->capacity = capacity - GS_BLOCK;
    return GAOSOU_OK;
}

void gs_emit(struct gs_emitter *e, const uint64_t *tokens, size_t n, gs_term_namer *namer,
             void *ctx)
{
    struct gs_located block;
    for (size_t from = 0; from < n;) {
        size_t to = gs_locate_end(tokens, from, n);
        gs_locate(e, tokens + from, to - from, &block);
        for (size_t t = 0; t < block.terms; t++) {
            uint32_t posting = block.postings[t], token = block.tokens[t];
            struct gs_term term = {0};
            namer(ctx, block.keys[t], &term);
            gs_term_part_add(e->part, &term, e->docs + posting, e->freqs + posting,
                             block.postings[t + 1] - posting, e->positions + token,
                             block.tokens[t + 1] - token, e->doc_lengths);
        }
        from = to;
    }
}
