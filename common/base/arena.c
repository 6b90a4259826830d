#include "common/base/arena.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#define HUGE_PAGE  ((size_t)2 << 20)
#define CHUNK_SIZE ((size_t)256 << 10)

enum gaosou_status gs_region_open(struct gs_region *r, size_t size, struct gs_err *err)
{
    size_t usable = (size + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
    if (usable < size || usable + HUGE_PAGE < usable)
        return gs_err_nomem(err, size);
    size_t map_size = usable + HUGE_PAGE;
    void *map = mmap(NULL, map_size, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (map == MAP_FAILED)
        return gs_err_sys(err, errno, "cannot map %zu bytes", map_size);
    uintptr_t start = ((uintptr_t)map + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1);
#ifdef MADV_HUGEPAGE
    (void)madvise((void *)start, usable, MADV_HUGEPAGE);
#endif
    *r = (struct gs_region){
        .data = (uint8_t *)start, .size = usable, .map = map, .map_size = map_size};
    return GAOSOU_OK;
}

void gs_region_close(struct gs_region *r)
{
    if (!r || !r->map)
        return;
    munmap(r->map, r->map_size);
    *r = (struct gs_region){0};
}

void gs_region_discard(struct gs_region *r)
{
    if (r->map)
        (void)madvise(r->data, r->size, MADV_DONTNEED);
}

struct gs_arena_chunk {
    struct gs_arena_chunk *next;
    size_t size, used; /* of the bytes behind this header */
};

#define CHUNK_HEAD ((sizeof(struct gs_arena_chunk) + 15) & ~(size_t)15)

void gs_arena_init(struct gs_arena *a, size_t cap)
{
    *a = (struct gs_arena){.cap = cap};
}

void gs_arena_release(struct gs_arena *a)
{
    if (!a)
        return;
    for (struct gs_arena_chunk *c = a->first; c;) {
        struct gs_arena_chunk *next = c->next;
        free(c);
        c = next;
    }
    gs_arena_init(a, a->cap);
}

void gs_arena_clear(struct gs_arena *a)
{
    struct gs_arena_chunk *kept = NULL;
    for (struct gs_arena_chunk *c = a->first; c;) {
        struct gs_arena_chunk *next = c->next;
        if (!kept && c->size == CHUNK_SIZE)
            kept = c;
        else
            free(c);
        c = next;
    }
    gs_arena_init(a, a->cap);
    if (!kept)
        return;
    kept->next = NULL;
    kept->used = 0;
    a->first = kept;
    a->taken = kept->size + CHUNK_HEAD;
}

void *gs_arena_alloc(struct gs_arena *a, size_t size)
{
    if (size > a->cap)
        return NULL;
    size = (size + 15) & ~(size_t)15;
    struct gs_arena_chunk *c = a->first;
    if (!c || c->size - c->used < size) {
        size_t body = size > CHUNK_SIZE ? size : CHUNK_SIZE;
        if (body + CHUNK_HEAD > a->cap - a->taken)
            return NULL;
        c = malloc(body + CHUNK_HEAD);
        if (!c)
            return NULL;
        *c = (struct gs_arena_chunk){.next = a->first, .size = body};
        a->first = c;
        a->taken += body + CHUNK_HEAD;
    }
    uint8_t *p = (uint8_t *)c + CHUNK_HEAD + c->used;
    c->used += size;
    a->used += size;
    return p;
}
