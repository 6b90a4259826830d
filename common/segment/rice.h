/*
 * rice.h: short runs of integers as Rice codes in a stream of bits (FORMAT.md, section Rice codes).
 *
 * A value v under parameter k (0..31) is v >> k zero bits, a one bit, and the low k bits of v;
 * where v >> k is GS_RICE_ESCAPE or more it is GS_RICE_ESCAPE zero bits and v in 32 bits. Bits go
 * into bytes from the low end. (Rice and Plaunt 1971; Witten, Moffat and Bell, "Managing
 * Gigabytes", section 3.3.) Gaps of rare terms are near geometric, where this comes within a few
 * percent of the best.
 */
#ifndef GS_SEGMENT_RICE_H
#define GS_SEGMENT_RICE_H

#include "common/base/bytes.h"

#include <stdbool.h>

#define GS_RICE_ESCAPE   16u
#define GS_RICE_K_MAX    31u
#define GS_RICE_BITS_MAX (GS_RICE_ESCAPE + 32u) /* of one value */
#define GS_RICE_RUN_MAX  (1u << 26)
#define GS_RICE_PAD      8u

struct gs_bit_writer {
    uint8_t *p; /* the byte being filled; 8 bytes of room behind it are the caller's */
    uint64_t filling;
    unsigned bits; /* of filling, below 8 */
};

#define GS_BITS_PUT_MAX 56u

/* At most GS_BITS_PUT_MAX bits, the unused ones of v zero. */
static inline void gs_bits_put(struct gs_bit_writer *w, uint64_t v, unsigned n)
{
    w->filling |= v << w->bits;
    w->bits += n;
    gs_store_u64(w->p, w->filling);
    w->p += w->bits >> 3;
    w->filling >>= w->bits & ~7u;
    w->bits &= 7;
}

static inline void gs_rice_put(struct gs_bit_writer *w, uint32_t v, unsigned k)
{
    uint32_t zeros = v >> k;
    if (zeros < GS_RICE_ESCAPE)
        gs_bits_put(w, ((uint64_t)(v & ((UINT64_C(1) << k) - 1)) << 1 | 1) << zeros, zeros + 1 + k);
    else
        gs_bits_put(w, (uint64_t)v << GS_RICE_ESCAPE, GS_RICE_BITS_MAX);
}

/* The byte behind the last bit. */
static inline uint8_t *gs_bits_end(const struct gs_bit_writer *w)
{
    return w->p + (w->bits > 0);
}

struct gs_bit_reader {
    const uint8_t *bytes; /* 8 bytes behind the end may be loaded */
    uint64_t at, end;     /* bits; at > end after reading past it: what was read then is nothing */
};

static inline uint64_t gs_bits_peek(const struct gs_bit_reader *r)
{
    return gs_load_u64(r->bytes + (r->at >> 3)) >> (r->at & 7); /* 57 bits or more */
}

/* False at the end. n up to 32. */
static inline bool gs_bits_get(struct gs_bit_reader *r, unsigned n, uint32_t *v)
{
    if (r->end - r->at < n)
        return false;
    *v = (uint32_t)(gs_bits_peek(r) & ((UINT64_C(1) << n) - 1));
    r->at += n;
    return true;
}

static inline bool gs_rice_get(struct gs_bit_reader *r, unsigned k, uint32_t *v)
{
    if (r->at >= r->end)
        return false;
    uint64_t window = gs_bits_peek(r);
    unsigned zeros = (unsigned)__builtin_ctzll(window | UINT64_C(1) << GS_RICE_ESCAPE);
    if (zeros < GS_RICE_ESCAPE) {
        *v = (zeros << k) | (uint32_t)(window >> (zeros + 1) & ((UINT64_C(1) << k) - 1));
        r->at += zeros + 1 + k;
        return r->at <= r->end && zeros <= UINT32_MAX >> k;
    }
    *v = (uint32_t)(window >> GS_RICE_ESCAPE);
    r->at += GS_RICE_BITS_MAX;
    return r->at <= r->end;
}

/* The parameter that makes n values shortest, 0..k_max. n below GS_RICE_RUN_MAX. */
unsigned gs_rice_choose(const uint32_t *values, size_t n, unsigned k_max);
/* That parameter in k_bits bits, then the codes of the values. Zeroes the GS_RICE_PAD values behind
 * the n. */
void gs_rice_put_run(struct gs_bit_writer *w, uint32_t *values, size_t n, unsigned k_bits,
                     unsigned k_max);

/* Where the parameter is near a known k: its place in the order k, k - 1, k + 1, k - 2, k - 3, ...,
 * in so many zero bits and a one bit. */
static inline unsigned gs_rice_near(unsigned k, unsigned place)
{
    return place < 2 ? k - place : place == 2 ? k + 1 : k + 1 - place;
}

/* The parameter of a run near *k into *k; false where it is none. */
static inline bool gs_rice_get_near(struct gs_bit_reader *r, unsigned *k)
{
    if (r->at >= r->end)
        return false;
    unsigned place = (unsigned)__builtin_ctzll(gs_bits_peek(r) | UINT64_C(1) << 33);
    unsigned near = gs_rice_near(*k, place); /* below 0 is far above the most */
    r->at += place + 1;
    *k = near;
    return near <= GS_RICE_K_MAX;
}

/* The best parameter near k, at most 30, and the codes of n values, below GS_RICE_RUN_MAX. Zeroes
 * the GS_RICE_PAD values behind the n. */
void gs_rice_put_near(struct gs_bit_writer *w, uint32_t *values, size_t n, unsigned k);

#endif
