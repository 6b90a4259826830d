/*
 * block_codec_avx512.c: the unary part of a split block for processors with AVX-512 (BW, VBMI2).
 */
#include "common/segment/block_codec.h"

#ifdef GS_BLOCK_HAS_AVX512
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vbmi2,popcnt"))),       \
                             apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vbmi2,popcnt")
#endif
#include <immintrin.h>

static const uint8_t bit_places[64] = {
    0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
    22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
    44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};

bool gs_block_add_unary_avx512(uint32_t out[GS_BITPACK_BLOCK], const uint8_t *in, unsigned bytes,
                               unsigned width)
{
    uint8_t places[1 + 8 * GS_BLOCK_UNARY_MAX + 64]; /* room for a one in every bit */
    const __m512i bits = _mm512_loadu_si512(bit_places);
    const __m128i one = _mm_set1_epi8(1), shift = _mm_cvtsi32_si128((int)width);
    unsigned n = 1;
    places[0] = UINT8_MAX; /* one before the first bit */
    for (unsigned i = 0; i < bytes; i += 8) {
        uint64_t word = gs_load_u64(in + i);
        if (bytes - i < 8)
            word &= (UINT64_C(1) << 8 * (bytes - i)) - 1;
        __m512i at = _mm512_add_epi8(bits, _mm512_set1_epi8((char)(8 * i)));
        _mm512_storeu_si512(places + n, _mm512_maskz_compress_epi8(word, at));
        n += (unsigned)__builtin_popcountll(word);
    }
    if (n != 1 + GS_BITPACK_BLOCK)
        return false;
    for (unsigned i = 0; i < GS_BITPACK_BLOCK; i += 16) {
        __m128i before = _mm_loadu_si128((const __m128i *)(const void *)(places + i));
        __m128i place = _mm_loadu_si128((const __m128i *)(const void *)(places + i + 1));
        __m128i high = _mm_sub_epi8(_mm_sub_epi8(place, before), one);
        __m512i wide = _mm512_sll_epi32(_mm512_cvtepu8_epi32(high), shift);
        _mm512_storeu_si512(out + i, _mm512_or_si512(wide, _mm512_loadu_si512(out + i)));
    }
    return true;
}

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
