/*
 * guarded.h: bytes with a page that cannot be read on either side, for tests of what reads too far.
 */
#ifndef GS_TESTS_GUARDED_H
#define GS_TESTS_GUARDED_H

#include "tests/support/test.h"

#include <sys/mman.h>
#include <unistd.h>

struct guarded {
    uint8_t *begin, *end; /* what can be read and written */
    size_t size, page;
};

static inline void guard_open(struct guarded *g, size_t pages)
{
    g->page = (size_t)sysconf(_SC_PAGESIZE);
    g->size = pages * g->page;
    uint8_t *map = mmap(NULL, g->size + 2 * g->page, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(map != MAP_FAILED);
    g->begin = map + g->page;
    g->end = g->begin + g->size;
    assert_int_equal(mprotect(map, g->page, PROT_NONE), 0);
    assert_int_equal(mprotect(g->end, g->page, PROT_NONE), 0);
}

static inline void guard_close(struct guarded *g)
{
    assert_int_equal(munmap(g->begin - g->page, g->size + 2 * g->page), 0);
}

#endif
