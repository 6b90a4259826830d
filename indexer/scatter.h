/*
 * scatter.h: tokens into partitions, a cache line at a time.
 *
 * The memory that a slice goes to is new: stored to a few bytes at a time, every line of it would
 * be read before it is written, and would push out of the second-level cache what is being
 * scattered. So each partition has its next line in a *stage* that stays in the cache, and whole
 * lines go to memory past the caches (write combining in software; Wassenberg and Sanders,
 * "Engineering a multi-core radix sort", 2011). Measured: half the time of plain stores.
 *
 * For this a partition's bytes begin at a multiple of GS_LINE. One thread.
 */
#ifndef GS_INDEXER_SCATTER_H
#define GS_INDEXER_SCATTER_H

#include "indexer/run.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif
#include <string.h>

/* A line and what a token may have beyond it, rounded so that stages keep their alignment. */
#define GS_STAGE_BYTES (GS_LINE + 16)

struct gs_scatter_place {
    uint32_t next; /* offset of the line that the stage becomes */
    uint32_t fill; /* bytes in the stage, below GS_LINE */
};

struct gs_scatter {
    uint8_t (*stages)[GS_STAGE_BYTES];
    struct gs_scatter_place *places;
    uint8_t *out; /* aligned to GS_LINE; borrowed */
};

GS_MUST_USE enum gaosou_status gs_scatter_init(struct gs_scatter *s, size_t parts);
void gs_scatter_release(struct gs_scatter *s);

/* Bytes that so many tokens of each part take, and where each begins: begin has parts + 1 entries
 * (run.h, gs_part_begin). UINT32_MAX: more than a slice can have. */
uint32_t gs_scatter_plan(struct gs_scatter *s, const uint32_t *counts, size_t parts,
                         uint32_t *begin);

/* Stores a whole line past the caches, where the processor has a way to. */
static inline void gs_scatter_store_line(uint8_t *out, const uint8_t *line)
{
#if defined(__SSE2__)
    for (size_t i = 0; i < GS_LINE; i += 16)
        _mm_stream_si128((__m128i *)(void *)(out + i),
                         _mm_load_si128((const __m128i *)(const void *)(line + i)));
#else
    memcpy(out, line, GS_LINE);
#endif
}

/* The next token of a part; as many as planned. s by value, in registers: bytes that are stored
 * might be any of its fields for all the compiler knows. */
static inline void gs_scatter_put(struct gs_scatter s, size_t part, uint32_t key, uint32_t position)
{
    uint8_t *stage = s.stages[part];
    struct gs_scatter_place *place = &s.places[part];
    uint32_t fill = place->fill;
    gs_store_u64(stage + fill, (uint64_t)key << GS_TOKEN_BITS | position);
    fill += GS_TOKEN_BYTES;
    if (fill >= GS_LINE) {
        gs_scatter_store_line(s.out + place->next, stage);
        place->next += GS_LINE;
        gs_store_u64(stage, gs_load_u64(stage + GS_LINE));
        fill -= GS_LINE;
    }
    place->fill = fill;
}

/* Writes the lines that are not full. */
void gs_scatter_finish(struct gs_scatter *s, size_t parts);

#endif
