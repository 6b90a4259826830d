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
/* The cf positions of n postings, at most GS_BLOCK, one behind the other; lengths of filings by
 * doc. */
void gs_small_put_positions(struct gs_bit_writer *w, const uint32_t *docs, const uint32_t *freqs,
                            size_t n, const uint32_t *positions, size_t cf,
                            const uint32_t *lengths);

/* v >= 1, below 2^32. */
void gs_gamma_put(struct gs_bit_writer *w, uint32_t v);
/* v < m. */
void gs_truncated_put(struct gs_bit_writer *w, uint32_t v, uint32_t m);

struct gs_bits {
    uint64_t bits;
    unsigned count;
};

/* Truncated binary below m: with b = bits(m - 1), the 2^b - m least numbers take b - 1 bits. v < m;
 * at most 32 bits. */
static inline struct gs_bits gs_truncated_code(uint32_t v, uint32_t m)
{
    if (m < 2)
        return (struct gs_bits){0, 0};
    unsigned b = gs_bits_of(m - 1);
    uint32_t brief = (uint32_t)((UINT64_C(1) << b) - m);
    uint64_t x = (uint64_t)v + brief, whole = x >> 1 | (x & 1) << (b - 1);
    uint64_t is_brief = v < brief; /* a coin toss: no branch */
    return (struct gs_bits){whole ^ ((whole ^ v) & (0 - is_brief)), b - (unsigned)is_brief};
}

/* Longer filings count as this long, so that all limits stay below 2^32. */
static inline uint32_t gs_small_length(uint32_t length)
{
    return length < INT32_MAX ? length : INT32_MAX;
}

/* A single position is mostly below this, an eighth above the length, since positions also count
 * what a length does not. */
static inline uint32_t gs_small_single_limit(uint32_t length)
{
    length = gs_small_length(length);
    return length + length / 8 + 1;
}

/* ---- reading ---- */

/* Ascending, below doc_count. */
bool gs_small_get_docs(struct gs_bit_reader *r, uint32_t *docs, size_t n, uint32_t base, unsigned k,
                       uint32_t doc_count);
bool gs_small_get_freqs(struct gs_bit_reader *r, uint32_t *freqs, size_t n);

static inline bool gs_gamma_get(struct gs_bit_reader *r, uint32_t *v)
{
    uint64_t window = gs_bits_peek(r);
    unsigned low = (unsigned)__builtin_ctzll(window | UINT64_C(1) << 32);
    if (low > 31 || r->at >= r->end)
        return false;
    r->at += low + 1;
    uint64_t rest = gs_bits_peek(r) & ((UINT64_C(1) << low) - 1);
    r->at += low;
    *v = (uint32_t)(rest | UINT64_C(1) << low);
    return r->at <= r->end;
}

static inline bool gs_truncated_get(struct gs_bit_reader *r, uint32_t m, uint32_t *v)
{
    if (m < 2) {
        *v = 0;
        return true;
    }
    if (r->at >= r->end)
        return false;
    unsigned low = gs_bits_of(m - 1) - 1;
    uint32_t brief = (uint32_t)((UINT64_C(2) << low) - m);
    uint64_t window = gs_bits_peek(r);
    uint32_t x = (uint32_t)(window & ((UINT64_C(1) << low) - 1));
    uint32_t is_long = x >= brief, more = x + (uint32_t)(window >> low & 1) - brief;
    *v = x + (more & (0 - is_long)); /* a coin toss: no branch */
    r->at += low + is_long;
    return r->at <= r->end;
}

/* The values of one posting's positions (FORMAT.md, Values of positions) in a filing of this
 * length. values may be NULL: they are passed over. */
static inline bool gs_small_get_values(struct gs_bit_reader *r, uint32_t *values, uint32_t freq,
                                       uint32_t length)
{
    uint32_t v;
    if (freq == 1) {
        uint32_t limit = gs_small_single_limit(length);
        if (!gs_truncated_get(r, limit + 1, &v) || (v == limit && !gs_bits_get(r, 32, &v)))
            return false;
        if (values)
            values[0] = v;
        return true;
    }
    unsigned k = gs_small_parameter(gs_small_length(length), freq);
    for (uint32_t i = 0; i < freq; i++) {
        if (!gs_rice_get(r, k, &v))
            return false;
        if (values)
            values[i] = v;
    }
    return true;
}

#endif
