#include "common/segment/small_codec.h"

#define BLOCK GS_BITPACK_BLOCK
/* Lengths above this count as this, so that all limits stay below 2^32. */
#define LENGTH_MAX INT32_MAX

/* ---- single numbers ---- */

void gs_gamma_put(struct gs_bit_writer *w, uint32_t v)
{
    unsigned low = gs_bits_of(v) - 1;
    gs_bits_put(w, UINT64_C(1) << low, low + 1);
    gs_bits_put(w, v - (UINT32_C(1) << low), low);
}

bool gs_gamma_get(struct gs_bit_reader *r, uint32_t *v)
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

/* Truncated binary below m: with b = bits(m - 1), the 2^b - m least numbers take b - 1 bits. */
struct truncated {
    unsigned bits;  /* b - 1 */
    uint32_t brief; /* so many numbers are brief */
};

static inline struct truncated truncated_of(uint32_t m)
{
    unsigned b = gs_bits_of(m - 1);
    return (struct truncated){b - 1, (uint32_t)((UINT64_C(1) << b) - m)};
}

void gs_truncated_put(struct gs_bit_writer *w, uint32_t v, uint32_t m)
{
    if (m < 2)
        return;
    struct truncated t = truncated_of(m);
    uint64_t x = (uint64_t)v + t.brief;
    if (v < t.brief)
        gs_bits_put(w, v, t.bits);
    else
        gs_bits_put(w, x >> 1 | (x & 1) << t.bits, t.bits + 1);
}

bool gs_truncated_get(struct gs_bit_reader *r, uint32_t m, uint32_t *v)
{
    if (m < 2) {
        *v = 0;
        return true;
    }
    if (r->at >= r->end)
        return false;
    struct truncated t = truncated_of(m);
    uint64_t window = gs_bits_peek(r);
    uint32_t x = (uint32_t)(window & ((UINT64_C(1) << t.bits) - 1));
    bool brief = x < t.brief;
    uint32_t whole = 2 * x + (uint32_t)(window >> t.bits & 1) - t.brief;
    *v = brief ? x : whole;
    r->at += t.bits + !brief;
    return r->at <= r->end;
}

/* ---- filings ---- */

void gs_small_put_docs(struct gs_bit_writer *w, const uint32_t *docs, size_t n, uint32_t base,
                       unsigned k)
{
    uint32_t gaps[BLOCK + GS_RICE_PAD];
    gs_bitpack_gaps(gaps, docs, n, base);
    gs_rice_put_near(w, gaps, n, k);
}

bool gs_small_get_docs(struct gs_bit_reader *r, uint32_t *docs, size_t n, uint32_t base, unsigned k,
                       uint32_t doc_count)
{
    struct gs_bit_reader at = *r;
    uint64_t doc = (uint32_t)(base + 1);
    uint32_t gap;
    if (!gs_rice_get_near(&at, &k))
        return false;
    for (size_t i = 0; i < n; i++, doc++) {
        if (!gs_rice_get(&at, k, &gap) || (doc += gap) >= doc_count)
            return false;
        docs[i] = (uint32_t)doc;
    }
    *r = at;
    return true;
}

/* ---- frequencies: where those above 1 are, and they ---- */

void gs_small_put_freqs(struct gs_bit_writer *w, const uint32_t *freqs, size_t n)
{
    uint32_t more = 0;
    for (size_t i = 0; i < n; i++)
        more += freqs[i] > 1;
    gs_gamma_put(w, more + 1);
    if (more > 0 && more < n) {
        unsigned k = gs_small_parameter(n - more, more + 1);
        uint32_t ones = 0;
        for (size_t i = 0; i < n; i++, ones++)
            if (freqs[i] > 1) {
                gs_rice_put(w, ones, k);
                ones = UINT32_MAX;
            }
    }
    for (size_t i = 0; more > 0 && i < n; i++)
        if (freqs[i] > 1)
            gs_gamma_put(w, freqs[i] - 1);
}

/* The places of `more` of n frequencies. */
static bool get_places(struct gs_bit_reader *r, uint8_t places[BLOCK], size_t n, uint32_t more)
{
    unsigned k = gs_small_parameter(n - more, more + 1);
    uint64_t place = 0;
    for (uint32_t i = 0; i < more; i++, place++) {
        uint32_t ones = 0;
        if ((more < n && !gs_rice_get(r, k, &ones)) || (place += ones) >= n)
            return false;
        places[i] = (uint8_t)place;
    }
    return true;
}

bool gs_small_get_freqs(struct gs_bit_reader *r, uint32_t *freqs, size_t n)
{
    struct gs_bit_reader at = *r;
    uint8_t places[BLOCK];
    uint32_t more, v;
    if (!gs_gamma_get(&at, &more) || --more > n)
        return false;
    for (size_t i = 0; i < n; i++)
        freqs[i] = 1;
    if (!get_places(&at, places, n, more))
        return false;
    for (uint32_t i = 0; i < more; i++) {
        if (!gs_gamma_get(&at, &v) || v == UINT32_MAX)
            return false;
        freqs[places[i]] = v + 1;
    }
    *r = at;
    return true;
}

/* ---- positions ---- */

/* A single position is mostly below this, an eighth above the length, since positions also count
 * what a length does not. */
static inline uint32_t single_limit(uint32_t length)
{
    return length + length / 8 + 1;
}

static inline uint32_t clamped(uint32_t length)
{
    return length < LENGTH_MAX ? length : LENGTH_MAX;
}

void gs_small_put_positions(struct gs_bit_writer *w, const uint32_t *positions, uint32_t freq,
                            uint32_t length)
{
    length = clamped(length);
    if (freq == 1) {
        uint32_t limit = single_limit(length), v = positions[0];
        gs_truncated_put(w, v < limit ? v : limit, limit + 1);
        if (v >= limit)
            gs_bits_put(w, v, 32);
        return;
    }
    unsigned k = gs_small_parameter(length, freq);
    uint32_t before = UINT32_MAX;
    for (uint32_t i = 0; i < freq; i++) {
        gs_rice_put(w, positions[i] - before - 1, k);
        before = positions[i];
    }
}

static inline bool get_single(struct gs_bit_reader *r, uint32_t *v, uint32_t length)
{
    uint32_t limit = single_limit(length);
    return gs_truncated_get(r, limit + 1, v) && (*v < limit || gs_bits_get(r, 32, v));
}

bool gs_small_get_values(struct gs_bit_reader *r, uint32_t *values, uint32_t freq, uint32_t length)
{
    length = clamped(length);
    if (freq == 1)
        return get_single(r, values, length);
    unsigned k = gs_small_parameter(length, freq);
    for (uint32_t i = 0; i < freq; i++)
        if (!gs_rice_get(r, k, &values[i]))
            return false;
    return true;
}

bool gs_small_skip_values(struct gs_bit_reader *r, uint32_t freq, uint32_t length)
{
    uint32_t v;
    length = clamped(length);
    if (freq == 1)
        return get_single(r, &v, length);
    unsigned k = gs_small_parameter(length, freq);
    for (uint32_t i = 0; i < freq; i++)
        if (!gs_rice_get(r, k, &v))
            return false;
    return true;
}
