/*
 * bitpack.h: fixed-width packing of unsigned integers (FORMAT.md, section Bit packing).
 *
 * Vertical: GS_BLOCK integers in four interleaved lanes, 16 * width bytes; integer k is in lane k
 * % 4. SSE2 where the machine has it, and a portable version of the same bytes, always built, that
 * tests compare it with. (Layout of Lemire and Boytsov, "Decoding billions of integers per second
 * through vectorization", 2015, section 3.) A row: n integers one after the other, low bit
 * first, ceil(n * width / 8) bytes.
 *
 * Widths are 0..32 where nothing else is said. Values must be below 2^width. Pure functions,
 * thread-safe. Unaligned memory is fine.
 */
#ifndef GS_SEGMENT_BITPACK_H
#define GS_SEGMENT_BITPACK_H

#include "common/base/bytes.h"

#define GS_BITPACK_BLOCK 128

/* Bits of the largest value whose bits are in `or_of_all`. */
static inline unsigned gs_bits_of(uint32_t or_of_all)
{
    return or_of_all ? 32u - (unsigned)__builtin_clz(or_of_all) : 0u;
}

/* All n values or-ed together. */
uint32_t gs_bitpack_or(const uint32_t *in, size_t n);

/* Writes exactly 16 * width bytes. */
void gs_bitpack_pack(uint8_t *out, const uint32_t in[GS_BITPACK_BLOCK], unsigned width);
/* Reads exactly 16 * width bytes. */
void gs_bitpack_unpack(uint32_t out[GS_BITPACK_BLOCK], const uint8_t *in, unsigned width);
void gs_bitpack_pack_portable(uint8_t *out, const uint32_t in[GS_BITPACK_BLOCK], unsigned width);
void gs_bitpack_unpack_portable(uint32_t out[GS_BITPACK_BLOCK], const uint8_t *in, unsigned width);

/* Turns gaps into numbers in place: x[0] = base + 1 + gap[0], x[i] = x[i-1] + 1 + gap[i], modulo
 * 2^32. base UINT32_MAX starts at 0. */
void gs_bitpack_prefix(uint32_t x[GS_BITPACK_BLOCK], uint32_t base);
void gs_bitpack_prefix_portable(uint32_t x[GS_BITPACK_BLOCK], uint32_t base);

/* The inverse, n of them: out[i] = in[i] - in[i-1] - 1, in[-1] = base. */
void gs_bitpack_gaps(uint32_t *out, const uint32_t *in, size_t n, uint32_t base);

/* ---- rows ---- */

static inline size_t gs_row_bytes(uint64_t n, unsigned width)
{
    return (size_t)((n * width + 7) / 8);
}
/* Integer i of a row of integers below 2^width, width 0..56. May load 8 bytes past the row. */
static inline uint64_t gs_row_get(const uint8_t *row, uint64_t i, unsigned width)
{
    uint64_t bit = i * width;
    return gs_load_u64(row + bit / 8) >> bit % 8 & ((UINT64_C(1) << width) - 1);
}
/* Puts it where zeros are. May store what it finds up to 8 bytes past the row. */
static inline void gs_row_put(uint8_t *row, uint64_t i, unsigned width, uint64_t v)
{
    uint64_t bit = i * width;
    gs_store_u64(row + bit / 8, gs_load_u64(row + bit / 8) | v << bit % 8);
}

#endif
