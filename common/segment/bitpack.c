#include "common/segment/bitpack.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

static inline uint32_t mask_of(unsigned width)
{
    return width >= 32 ? UINT32_MAX : (UINT32_C(1) << width) - 1;
}

/* ---- vertical, portable ---- */

void gs_bitpack_pack_portable(uint8_t *out, const uint32_t in[GS_BITPACK_BLOCK], unsigned width)
{
    memset(out, 0, 16 * (size_t)width);
    for (unsigned k = 0; width > 0 && k < GS_BITPACK_BLOCK; k++) {
        unsigned bit = k / 4 * width, shift = bit % 32;
        uint8_t *word = out + 16 * (bit / 32) + 4 * (k % 4);
        gs_store_u32(word, gs_load_u32(word) | in[k] << shift);
        if (shift + width > 32)
            gs_store_u32(word + 16, in[k] >> (32 - shift));
    }
}

void gs_bitpack_unpack_portable(uint32_t out[GS_BITPACK_BLOCK], const uint8_t *in, unsigned width)
{
    for (unsigned k = 0; k < GS_BITPACK_BLOCK; k++) {
        unsigned bit = k / 4 * width, shift = bit % 32;
        const uint8_t *word = in + 16 * (bit / 32) + 4 * (k % 4);
        uint32_t v = width ? gs_load_u32(word) >> shift : 0;
        if (shift + width > 32)
            v |= gs_load_u32(word + 16) << (32 - shift);
        out[k] = v & mask_of(width);
    }
}

void gs_bitpack_prefix_portable(uint32_t x[GS_BITPACK_BLOCK], uint32_t base)
{
    for (unsigned k = 0; k < GS_BITPACK_BLOCK; k++)
        x[k] = base += x[k] + 1;
}

/* ---- vertical, SSE2: 32 rows of 4 lanes, unrolled for each width ---- */

#if defined(__SSE2__)

#define ROWS(STEP)                                                                                 \
    STEP(0)                                                                                        \
    STEP(1) STEP(2) STEP(3) STEP(4) STEP(5) STEP(6) STEP(7) STEP(8) STEP(9) STEP(10) STEP(11)      \
        STEP(12) STEP(13) STEP(14) STEP(15) STEP(16) STEP(17) STEP(18) STEP(19) STEP(20) STEP(21)  \
            STEP(22) STEP(23) STEP(24) STEP(25) STEP(26) STEP(27) STEP(28) STEP(29) STEP(30)       \
                STEP(31)
#define WIDTHS(CASE)                                                                               \
    CASE(1)                                                                                        \
    CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12)     \
        CASE(13) CASE(14) CASE(15) CASE(16) CASE(17) CASE(18) CASE(19) CASE(20) CASE(21) CASE(22)  \
            CASE(23) CASE(24) CASE(25) CASE(26) CASE(27) CASE(28) CASE(29) CASE(30) CASE(31)       \
                CASE(32)
#define ALWAYS __attribute__((always_inline)) static inline

ALWAYS __m128i load_row(const uint8_t *p, int row)
{
    return _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * row));
}

ALWAYS void store_row(uint8_t *p, int row, __m128i v)
{
    _mm_storeu_si128((__m128i *)(void *)(p + 16 * row), v);
}

/* Row i of a block, in constant shifts once inlined. */
ALWAYS __m128i unpack_row(const uint8_t *in, int width, int i, __m128i mask)
{
    int bit = i * width, shift = bit % 32;
    __m128i v = _mm_srli_epi32(load_row(in, bit / 32), shift);
    if (shift + width > 32)
        v = _mm_or_si128(v, _mm_slli_epi32(load_row(in, bit / 32 + 1), 32 - shift));
    return shift + width == 32 ? v : _mm_and_si128(v, mask);
}

ALWAYS void unpack_block(uint8_t *out, const uint8_t *in, int width)
{
    const __m128i mask = _mm_set1_epi32((int)mask_of((unsigned)width));
#define STEP(i) store_row(out, i, unpack_row(in, width, i, mask));
    ROWS(STEP)
#undef STEP
}

ALWAYS __m128i pack_row(uint8_t *out, __m128i v, __m128i filling, int width, int i)
{
    int bit = i * width, shift = bit % 32;
    filling = shift == 0 ? v : _mm_or_si128(filling, _mm_slli_epi32(v, shift));
    if (shift + width >= 32) {
        store_row(out, bit / 32, filling);
        filling = shift + width > 32 ? _mm_srli_epi32(v, 32 - shift) : _mm_setzero_si128();
    }
    return filling;
}

ALWAYS void pack_block(uint8_t *out, const uint8_t *in, int width)
{
    __m128i filling = _mm_setzero_si128();
#define STEP(i) filling = pack_row(out, load_row(in, i), filling, width, i);
    ROWS(STEP)
#undef STEP
}

#define UNPACK(w)                                                                                  \
    static void unpack_##w(uint8_t *out, const uint8_t *in)                                        \
    {                                                                                              \
        unpack_block(out, in, w);                                                                  \
    }
#define PACK(w)                                                                                    \
    static void pack_##w(uint8_t *out, const uint8_t *in)                                          \
    {                                                                                              \
        pack_block(out, in, w);                                                                    \
    }
WIDTHS(UNPACK)
WIDTHS(PACK)

void gs_bitpack_unpack(uint32_t out[GS_BITPACK_BLOCK], const uint8_t *in, unsigned width)
{
    switch (width) {
#define CASE(w)                                                                                    \
    case w:                                                                                        \
        unpack_##w((uint8_t *)out, in);                                                            \
        break;
        WIDTHS(CASE)
#undef CASE
    default:
        memset(out, 0, 4 * GS_BITPACK_BLOCK);
    }
}

void gs_bitpack_pack(uint8_t *out, const uint32_t in[GS_BITPACK_BLOCK], unsigned width)
{
    switch (width) {
#define CASE(w)                                                                                    \
    case w:                                                                                        \
        pack_##w(out, (const uint8_t *)in);                                                        \
        break;
        WIDTHS(CASE)
#undef CASE
    default:
        break;
    }
}

void gs_bitpack_prefix(uint32_t x[GS_BITPACK_BLOCK], uint32_t base)
{
    const __m128i one = _mm_set1_epi32(1);
    __m128i carry = _mm_set1_epi32((int)base);
    uint8_t *p = (uint8_t *)x;
    for (int i = 0; i < 32; i++) {
        __m128i v = _mm_add_epi32(load_row(p, i), one);
        v = _mm_add_epi32(v, _mm_slli_si128(v, 4));
        v = _mm_add_epi32(v, _mm_slli_si128(v, 8));
        v = _mm_add_epi32(v, carry);
        store_row(p, i, v);
        carry = _mm_shuffle_epi32(v, 0xFF);
    }
}

#else

void gs_bitpack_unpack(uint32_t out[GS_BITPACK_BLOCK], const uint8_t *in, unsigned width)
{
    gs_bitpack_unpack_portable(out, in, width);
}

void gs_bitpack_pack(uint8_t *out, const uint32_t in[GS_BITPACK_BLOCK], unsigned width)
{
    gs_bitpack_pack_portable(out, in, width);
}

void gs_bitpack_prefix(uint32_t x[GS_BITPACK_BLOCK], uint32_t base)
{
    gs_bitpack_prefix_portable(x, base);
}

#endif

/* ---- what the compiler vectorises by itself ---- */

uint32_t gs_bitpack_or(const uint32_t *in, size_t n)
{
    uint32_t all = 0;
    for (size_t i = 0; i < n; i++)
        all |= in[i];
    return all;
}

void gs_bitpack_gaps(uint32_t *out, const uint32_t *in, size_t n, uint32_t base)
{
    if (n == 0)
        return;
    out[0] = in[0] - base - 1;
    for (size_t i = 1; i < n; i++)
        out[i] = in[i] - in[i - 1] - 1;
}
