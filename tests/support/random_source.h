/*
 * random_source.h: a seeded sequence of numbers (SplitMix64), the same on every machine.
 *
 * Everything random in the tests comes from one of these, so that a printed seed is a whole case.
 */
#ifndef GS_TESTS_RANDOM_SOURCE_H
#define GS_TESTS_RANDOM_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct random_source {
    uint64_t state;
};

static inline uint64_t random_next(struct random_source *r)
{
    uint64_t z = (r->state += 0x9E3779B97F4A7C15u);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* 0 .. n-1; n > 0. */
static inline uint32_t random_below(struct random_source *r, uint32_t n)
{
    return (uint32_t)((random_next(r) >> 32) * n >> 32);
}

/* low .. high, both possible. */
static inline uint32_t random_between(struct random_source *r, uint32_t low, uint32_t high)
{
    return low + random_below(r, high - low + 1);
}

/* True once in n. */
static inline bool random_once_in(struct random_source *r, uint32_t n)
{
    return random_below(r, n) == 0;
}

#define RANDOM_OF(r, array)                                                                        \
    ((array)[random_below(r, (uint32_t)(sizeof(array) / sizeof((array)[0])))])

#endif
