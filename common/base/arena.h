/*
 * arena.h: large anonymous memory for building, taken once and used again.
 *
 * A gs_region is one mapping, 2 MiB aligned, huge pages asked for; faulted in on first touch and
 * kept until release. A gs_arena hands out pieces of chained malloc'ed chunks that live until clear
 * or release, aligned to 16. Neither is shared between threads without a lock of the caller's.
 */
#ifndef GS_BASE_ARENA_H
#define GS_BASE_ARENA_H

#include "common/base/err.h"

struct gs_region {
    uint8_t *data; /* zeroed at first; 2 MiB aligned */
    size_t size;   /* usable bytes, a multiple of 2 MiB */
    void *map;     /* private: what munmap gets */
    size_t map_size;
};

GS_MUST_USE enum gaosou_status gs_region_open(struct gs_region *r, size_t size, struct gs_err *err);
void gs_region_close(struct gs_region *r); /* NULL and closed regions are fine */
/* Gives the physical pages back and keeps the addresses; contents become zero. */
void gs_region_discard(struct gs_region *r);

struct gs_arena_chunk;
struct gs_arena {
    struct gs_arena_chunk *first;
    size_t used;  /* bytes handed out */
    size_t taken; /* bytes held from the system */
    size_t cap;   /* most bytes it may take */
};

void gs_arena_init(struct gs_arena *a, size_t cap);
void gs_arena_release(struct gs_arena *a);
/* All pieces are given back; one ordinary chunk is kept for the next ones. */
void gs_arena_clear(struct gs_arena *a);
void *gs_arena_alloc(struct gs_arena *a,
                     size_t size); /* not zeroed; NULL at the cap or without memory */

#endif
