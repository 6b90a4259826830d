/*
 * locate_avx512.c: sixteen tokens at a time. What begins a posting or a term is squeezed out of the
 * step's lanes and appended.
 */
#include "indexer/locate.h"

#ifdef GS_HAS_X86_KERNELS
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx512f,popcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,popcnt")
#endif
#include <immintrin.h>
/* Gathers are macros where nothing is optimised, and gcc's pass masks as signed. */
#pragma GCC diagnostic ignored "-Wsign-conversion"

#define INLINE static inline __attribute__((always_inline))
#define LANES  16u

struct lanes {
    __m512i docs, positions; /* positions inside the filings */
};

/* gs_doc_map_find for each lane. */
INLINE struct lanes find_docs(const struct gs_doc_map *map, __m512i positions)
{
    const __m512i one = _mm512_set1_epi32(1);
    __m512i at = _mm512_srl_epi32(positions, _mm_cvtsi32_si128((int)map->shift));
    __m512i docs = _mm512_i32gather_epi32(at, map->coarse, 4);
    __m512i start = _mm512_i32gather_epi32(docs, map->base, 4);
    __m512i next = _mm512_i32gather_epi32(docs, map->base + 1, 4);
    __mmask16 behind;
    while ((behind = _mm512_cmple_epu32_mask(next, positions)) != 0) {
        docs = _mm512_mask_add_epi32(docs, behind, docs, one);
        start = _mm512_mask_mov_epi32(start, behind, next);
        next = _mm512_mask_i32gather_epi32(next, behind, docs, map->base + 1, 4);
    }
    return (struct lanes){docs, _mm512_sub_epi32(positions, start)};
}

/* Each lane's predecessor: the lane before, for the first the last of the step before. */
INLINE __m512i before(__m512i lanes, __m512i last)
{
    return _mm512_alignr_epi32(lanes, last, LANES - 1);
}

INLINE void put(uint32_t *out, __mmask16 lanes, __m512i values)
{
    _mm512_storeu_si512(out, _mm512_maskz_compress_epi32(lanes, values));
}

size_t gs_locate_avx512(const struct gs_locate_block *b)
{
    const __m512i iota = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    __m512i last_docs = _mm512_setzero_si512();
    size_t postings = 0, terms = 0;
    for (size_t i = 0; i < b->n; i += LANES) {
        size_t left = b->n - i;
        __mmask16 live = (__mmask16)(left < LANES ? (1u << left) - 1 : 0xFFFF);
        /* Lanes that are not live are position 0, which every run has a filing for. */
        struct lanes l = find_docs(b->map, _mm512_maskz_loadu_epi32(live, b->positions + i));
        __mmask16 new_term = b->begins[i / LANES];
        __mmask16 new_doc = _mm512_mask_cmpneq_epi32_mask(live, l.docs, before(l.docs, last_docs));
        __mmask16 new_posting = _kor_mask16(new_term, new_doc);
        __m512i posting_numbers = _mm512_add_epi32(_mm512_set1_epi32((int)postings),
                                                   _mm512_maskz_expand_epi32(new_posting, iota));
        _mm512_mask_storeu_epi32(b->positions + i, live, l.positions);
        put(b->docs + postings, new_posting, l.docs);
        put(b->firsts + postings, new_posting, _mm512_add_epi32(_mm512_set1_epi32((int)i), iota));
        put(b->postings + terms, new_term, posting_numbers);
        last_docs = l.docs;
        postings += (unsigned)__builtin_popcount(new_posting);
        terms += (unsigned)__builtin_popcount(new_term);
    }
    return postings;
}

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
