#include "common/segment/small_codec.h"

/* Writing is built twice, the second time for the instructions that newer processors have. */
#define ALWAYS __attribute__((always_inline)) static inline
#if defined(__x86_64__) && defined(__GNUC__)
#define HAS_AVX2
#define AVX2 __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))
#endif

#define BLOCK GS_BITPACK_BLOCK

/* ---- single numbers ---- */

ALWAYS void put_gamma(struct gs_bit_writer *w, uint32_t v)
{
    unsigned low = gs_bits_of(v) - 1;
    gs_bits_put(w, UINT64_C(1) << low, low + 1);
    if (low > 0)
        gs_bits_put(w, v - (UINT32_C(1) << low), low);
}

void gs_gamma_put(struct gs_bit_writer *w, uint32_t v)
{
    put_gamma(w, v);
}

void gs_truncated_put(struct gs_bit_writer *w, uint32_t v, uint32_t m)
{
    struct gs_bits code = gs_truncated_code(v, m);
    gs_bits_put(w, code.bits, code.count);
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

/* Places of the frequencies above 1; how many. A byte of 0 or 1 for each, then eight at a time. */
ALWAYS uint32_t find_places(uint8_t places[BLOCK + 8], const uint32_t *freqs, size_t n)
{
    uint8_t more[BLOCK + 8];
    uint32_t count = 0;
    for (size_t i = 0; i < n; i++)
        more[i] = freqs[i] > 1;
    memset(more + n, 0, 8);
    for (size_t i = 0; i < n; i += 8)
        for (uint64_t flags = gs_load_u64(more + i); flags; flags &= flags - 1)
            places[count++] = (uint8_t)(i + (unsigned)__builtin_ctzll(flags) / 8);
    return count;
}

ALWAYS void put_freqs(struct gs_bit_writer *to, const uint32_t *freqs, size_t n)
{
    struct gs_bit_writer w = *to; /* in registers: bytes stored might alias *to */
    uint8_t places[BLOCK + 8];
    uint32_t more = find_places(places, freqs, n);
    put_gamma(&w, more + 1);
    if (more > 0 && more < n) {
        unsigned k = gs_small_parameter(n - more, more + 1);
        for (uint32_t i = 0, next = 0; i < more; i++) {
            gs_rice_put(&w, places[i] - next, k);
            next = places[i] + 1u;
        }
    }
    for (uint32_t i = 0; i < more; i++)
        put_gamma(&w, freqs[places[i]] - 1);
    *to = w;
}

#ifdef HAS_AVX2
AVX2 static void put_freqs_avx2(struct gs_bit_writer *w, const uint32_t *freqs, size_t n)
{
    put_freqs(w, freqs, n);
}
#endif

static bool has_avx2(void)
{
#ifdef HAS_AVX2
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
#else
    return false;
#endif
}

void gs_small_put_freqs(struct gs_bit_writer *w, const uint32_t *freqs, size_t n)
{
#ifdef HAS_AVX2
    if (has_avx2()) {
        put_freqs_avx2(w, freqs, n);
        return;
    }
#endif
    put_freqs(w, freqs, n);
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

ALWAYS void put_single(struct gs_bit_writer *w, uint32_t v, uint32_t length)
{
    uint32_t limit = gs_small_single_limit(length);
    struct gs_bits code = gs_truncated_code(v < limit ? v : limit, limit + 1);
    gs_bits_put(w, code.bits, code.count);
    if (__builtin_expect(v >= limit, 0))
        gs_bits_put(w, v, 32);
}

ALWAYS void put_several(struct gs_bit_writer *w, const uint32_t *positions, uint32_t freq,
                        uint32_t length)
{
    unsigned k = gs_small_parameter(gs_small_length(length), freq);
    uint32_t before = UINT32_MAX;
    for (uint32_t i = 0; i < freq; i++) {
        gs_rice_put(w, positions[i] - before - 1, k);
        before = positions[i];
    }
}

ALWAYS void put_positions(struct gs_bit_writer *to, const uint32_t *docs, const uint32_t *freqs,
                          size_t n, const uint32_t *positions, const uint32_t *lengths)
{
    struct gs_bit_writer w = *to;
    for (size_t i = 0; i < n; i++) {
        uint32_t length = lengths[docs[i]];
        if (freqs[i] == 1)
            put_single(&w, positions[0], length);
        else
            put_several(&w, positions, freqs[i], length);
        positions += freqs[i];
    }
    *to = w;
}

#ifdef HAS_AVX2
AVX2 static void put_positions_avx2(struct gs_bit_writer *w, const uint32_t *docs,
                                    const uint32_t *freqs, size_t n, const uint32_t *positions,
                                    const uint32_t *lengths)
{
    put_positions(w, docs, freqs, n, positions, lengths);
}
#endif

void gs_small_put_positions(struct gs_bit_writer *w, const uint32_t *docs, const uint32_t *freqs,
                            size_t n, const uint32_t *positions, const uint32_t *lengths)
{
#ifdef HAS_AVX2
    if (has_avx2()) {
        put_positions_avx2(w, docs, freqs, n, positions, lengths);
        return;
    }
#endif
    put_positions(w, docs, freqs, n, positions, lengths);
}
