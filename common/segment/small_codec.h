/*
 * small_codec.h: filings, frequencies and positions of few postings as a stream of bits (FORMAT.md,
 * section Streams of postings): lists of less than GS_BLOCK filings and the last filings of longer
 * ones.
 *
 * Most parameters are not stored, they follow from what the reader knows: gaps of df filings among
 * N have the mean N / df, positions of a filing lie below its length. A list of one filing with one
 * occurrence so is a number below N and a number below about the filing's length, both in truncated
 * binary, within a tenth of a bit of log2. (Golomb 1966; Elias 1975; Witten, Moffat and Bell,
 * "Managing Gigabytes", section 3.3.)
 *
 * Pure functions, thread-safe. Readers check every value; false means damage.
 */
#ifndef GS_SEGMENT_SMALL_CODEC_H
#define GS_SEGMENT_SMALL_CODEC_H

#include "common/segment/bitpack.h"
#include "common/segment/rice.h"

/* The Rice parameter of n > 0 values that come to about `total`, below 2^36: log2 of 0.69 of the
 * mean (Gallager and van Voorhis 1975), rounded down; 0..31. */
static inline unsigned gs_small_parameter(uint64_t total, uint32_t n)
{
    uint64_t mean = 11 * total / (16 * (uint64_t)n);
    return mean ? 63u - (unsigned)__builtin_clzll(mean) : 0;
}

/* ---- writing: GS_SMALL_ROOM(2 * n) bytes are room for n postings, GS_SMALL_ROOM(n) for n
 * positions ---- */

/* An escaped value takes 65 bits, and a last store of 8 bytes may follow. */
#define GS_SMALL_ROOM(n) ((size_t)(n)*10 + 24)

/* n docs, at most GS_BLOCK, behind `base` (UINT32_MAX: none); k as gs_small_parameter(N, df) says.
 */
void gs_small_put_docs(struct gs_bit_writer *w, const uint32_t *docs, size_t n, uint32_t base,
                       unsigned k);
/* n frequencies, at most GS_BLOCK. */
void gs_small_put_freqs(struct gs_bit_writer *w, const uint32_t *freqs, size_t n);
/* The positions of one posting in a filing of this length, ascending. */
void gs_small_put_positions(struct gs_bit_writer *w, const uint32_t *positions, uint32_t freq,
                            uint32_t length);

/* v >= 1, below 2^32. */
void gs_gamma_put(struct gs_bit_writer *w, uint32_t v);
/* v < m. */
void gs_truncated_put(struct gs_bit_writer *w, uint32_t v, uint32_t m);

/* ---- reading ---- */

/* Ascending, below doc_count. */
bool gs_small_get_docs(struct gs_bit_reader *r, uint32_t *docs, size_t n, uint32_t base, unsigned k,
                       uint32_t doc_count);
bool gs_small_get_freqs(struct gs_bit_reader *r, uint32_t *freqs, size_t n);
/* The values of one posting's positions (FORMAT.md, Values of positions), or past them. */
bool gs_small_get_values(struct gs_bit_reader *r, uint32_t *values, uint32_t freq, uint32_t length);
bool gs_small_skip_values(struct gs_bit_reader *r, uint32_t freq, uint32_t length);

bool gs_gamma_get(struct gs_bit_reader *r, uint32_t *v);
bool gs_truncated_get(struct gs_bit_reader *r, uint32_t m, uint32_t *v);

#endif
