/*
 * impacts.h: the best postings of a block as few (frequency, length) pairs (FORMAT.md, section
 * Impacts).
 *
 * A pair bounds a posting where its freq is at least the posting's and its length at most the
 * posting's; BM25 grows with the one and falls with the other whatever k1, b and the average length
 * are, so the best score of the pairs bounds the block (Ding and Suel, "Faster top-k document
 * retrieval using block-max indexes", 2011, with the pairs of Lucene 8). Codes are 8-bit floats of
 * 3 mantissa bits, exact below 16: frequencies are rounded up, lengths down.
 */
#ifndef GS_SEGMENT_IMPACTS_H
#define GS_SEGMENT_IMPACTS_H

#include "common/segment/format.h"
#include "common/segment/segment.h"

#define GS_IMPACT_BYTES (2 * GS_IMPACT_MAX)

/* The largest code whose value is at most v: 0..GS_IMPACT_TOP. */
static inline unsigned gs_impact_floor(uint32_t v)
{
    if (v < 16)
        return v;
    unsigned top = 31u - (unsigned)__builtin_clz(v);
    return 16 + (top - 4) * 8 + (v >> (top - 3) & 7);
}

/* The value of a code up to GS_IMPACT_TOP. */
static inline uint32_t gs_impact_value(unsigned code)
{
    return code < 16 ? code : (8u + ((code - 16) & 7)) << ((code - 16) / 8 + 1);
}

/* The smallest code whose value is at least v: 0..GS_IMPACT_UNBOUNDED. */
static inline unsigned gs_impact_ceil(uint32_t v)
{
    unsigned code = gs_impact_floor(v);
    return code + (gs_impact_value(code) < v);
}

/* The least length code seen for each frequency code; what is_used says is defined. */
struct gs_impact_front {
    uint64_t used[4];
    uint8_t least[256];
};

void gs_impact_front_clear(struct gs_impact_front *f);
static inline void gs_impact_front_put(struct gs_impact_front *f, unsigned freq_code,
                                       unsigned length_code)
{
    uint64_t bit = UINT64_C(1) << (freq_code & 63);
    uint8_t *least = &f->least[freq_code];
    if (!(f->used[freq_code >> 6] & bit) || length_code < *least)
        *least = (uint8_t)length_code;
    f->used[freq_code >> 6] |= bit;
}
static inline void gs_impact_front_add(struct gs_impact_front *f, uint32_t freq, uint32_t length)
{
    gs_impact_front_put(f, gs_impact_ceil(freq), gs_impact_floor(length));
}
/* n postings at once, lengths being doc_lengths[docs[i]]; returns the sum of their frequencies. */
uint64_t gs_impact_front_add_postings(struct gs_impact_front *f, const uint32_t *docs,
                                      const uint32_t *freqs, size_t n, const uint32_t *doc_lengths);
void gs_impact_front_merge(struct gs_impact_front *f, const struct gs_impact_front *other);

/* At most GS_IMPACT_MAX pairs, highest frequency first, freq code before length code, zero-filled.
 */
void gs_impact_front_encode(const struct gs_impact_front *f, uint8_t out[GS_IMPACT_BYTES]);

/* False where the bytes are not what encode writes: no pair, a code out of range, or not falling.
 */
bool gs_impacts_decode(const uint8_t in[GS_IMPACT_BYTES], struct gs_impacts *out);

#endif
