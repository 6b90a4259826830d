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
    *e = (struct gs_emitter){.kernel = gs_kernel_current()};
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
    size_t bytes = capacity * 3 * sizeof(uint32_t) + capacity / 8;
    enum gaosou_status status = gs_region_open(&region, bytes, err);
    if (status != GAOSOU_OK)
        return status;
    e->region = region;
    e->positions = (uint32_t *)(void *)region.data;
    e->docs = e->positions + capacity;
    e->freqs = e->docs + capacity;
    e->begins = (uint16_t *)(void *)(e->freqs + capacity);
    e->capacity = capacity - GS_BLOCK;
    return GAOSOU_OK;
}

void gs_emit(struct gs_emitter *e, const struct gs_term_span *span, gs_term_namer *namer, void *ctx)
{
    uint32_t postings[GS_LOCATE_TOKENS + GS_LOCATE_SLACK];
    for (size_t from = 0, to; from < span->terms; from = to) {
        to = gs_locate_end(span, from);
        gs_locate(e, span, from, to, postings);
        for (size_t t = from; t < to; t++) {
            uint32_t posting = postings[t - from], token = span->starts[t];
            struct gs_term term = {0};
            namer(ctx, span->keys[t], &term);
            gs_term_part_add(e->part, &term, e->docs + posting, e->freqs + posting,
                             postings[t - from + 1] - posting, e->positions + token,
                             span->starts[t + 1] - token, &e->lengths);
        }
    }
}
