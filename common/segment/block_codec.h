/*
 * block_codec.h: 128 integers in few bytes that vectors unpack (FORMAT.md, section Blocks of 128).
 *
 * Two codes, the shorter one is taken. *Patched*: the low w bits of all packed vertically, and
 * where that is not enough the high bits of the few exceptions with their places (Zukowski et al.,
 * "Super-scalar RAM-CPU cache compression", 2006; Yan, Ding and Suel, "Inverted index compression
 * and query processing with optimized document ordering", 2009). *Split*: the low w bits likewise
 * and the high bits of all in unary, which is a Rice code whose parts stand apart, so that the low
 * bits come out by vectors and the high ones by a table, a byte at a time.
 *
 * What a block needs besides its bytes is a code of 16 bits, kept by the caller. Pure functions,
 * thread-safe; the same bytes on every machine.
 */
#ifndef GS_SEGMENT_BLOCK_CODEC_H
#define GS_SEGMENT_BLOCK_CODEC_H

#include "common/segment/bitpack.h"

#include <stdbool.h>

/* Parts of a code. */
#define GS_BLOCK_SIZE_MASK   0x3FFu /* bits 0..9: bytes */
#define GS_BLOCK_WIDTH_SHIFT 10u    /* bits 10..14: w */
#define GS_BLOCK_WIDTH_MAX   31u
#define GS_BLOCK_SPLIT       0x8000u /* bit 15 */
/* Unary bytes of a split block: 128 ones at least; so few that no high part is above 255. */
#define GS_BLOCK_UNARY_MIN 16u
#define GS_BLOCK_UNARY_MAX 47u

/* No block is longer: w = 31 and 128 exceptions of a bit. */
#define GS_BLOCK_BYTES_MAX (16u * 31 + 1 + 128)
/* Room that packing wants: it stores ahead. */
#define GS_BLOCK_ROOM (GS_BLOCK_BYTES_MAX + 8)

static inline size_t gs_block_bytes(unsigned code)
{
    return code & GS_BLOCK_SIZE_MASK;
}

/* How wide a value of a block of this code may be: 0..32. */
static inline unsigned gs_block_value_bits(unsigned code)
{
    unsigned width = code >> GS_BLOCK_WIDTH_SHIFT & GS_BLOCK_WIDTH_MAX;
    if (code & GS_BLOCK_SPLIT)
        return width + 8 < 32 ? width + 8 : 32;
    return gs_block_bytes(code) == 16 * width ? width : 32;
}

/* Packs into out, which has GS_BLOCK_ROOM bytes; returns the code. */
uint16_t gs_block_pack(uint8_t *out, const uint32_t in[GS_BITPACK_BLOCK]);

/* Unpacks gs_block_bytes(code) bytes; may load 8 behind them. out has room for GS_BITPACK_BLOCK.
 * False where code and bytes are not those of a block; out is then anything. */
bool gs_block_unpack(uint32_t out[GS_BITPACK_BLOCK], const uint8_t *in, unsigned code);

/* The same without vectors beyond SSE2: what tests compare with. */
bool gs_block_unpack_portable(uint32_t out[GS_BITPACK_BLOCK], const uint8_t *in, unsigned code);

/* ---- for the files of the codec ---- */

#if defined(__x86_64__) && defined(__GNUC__)
#define GS_BLOCK_HAS_AVX512
#endif
/* Adds what GS_BLOCK_UNARY_MIN to GS_BLOCK_UNARY_MAX unary bytes say to the low bits in out; false
 * where there are not GS_BITPACK_BLOCK ones. May load 7 bytes behind them. */
bool gs_block_add_unary_avx512(uint32_t out[GS_BITPACK_BLOCK], const uint8_t *in, unsigned bytes,
                               unsigned width);

/* For each byte: the places of its one bits, lowest first, a byte each; and how many there are. */
extern const uint64_t gs_unary_places[256];
extern const uint8_t gs_unary_ones[256];

#endif
