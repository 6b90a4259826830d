#include "common/segment/impacts.h"

#include "common/base/bytes.h"

#include <string.h>

#define FEW        128u /* postings at a time */
#define FREQ_EXACT 15u  /* codes up to this are frequencies */

/* Built twice, the second time for the instructions that newer processors have. */
#define ALWAYS __attribute__((always_inline)) static inline
#if defined(__x86_64__) && defined(__GNUC__)
#define HAS_AVX2
#define AVX2 __attribute__((target("avx2,bmi,bmi2,lzcnt")))
#endif

struct pair {
    uint8_t freq, length; /* codes */
};

void gs_impact_front_clear(struct gs_impact_front *f)
{
    memset(f->used, 0, sizeof(f->used));
}

/* Most frequencies are 1: of those only the least length counts, which vectors find. Of the others
 * up to FREQ_EXACT, whose codes are the frequencies, likewise, one at a time. */
ALWAYS uint64_t add_few(struct gs_impact_front *f, const uint32_t *docs, const uint32_t *freqs,
                        size_t n, const uint32_t *doc_lengths)
{
    uint32_t lengths[FEW], of[FREQ_EXACT + 1], least = UINT32_MAX, ones = 0;
    uint8_t others[FEW + 8];
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        lengths[i] = doc_lengths[docs[i]];
    for (size_t i = 0; i < n; i++) {
        uint32_t one = lengths[i] | (0u - (freqs[i] != 1)); /* the largest number for others */
        least = one < least ? one : least;
    }
    for (size_t i = 0; i < n; i++) {
        others[i] = freqs[i] != 1;
        ones += freqs[i] == 1;
        sum += freqs[i];
    }
    if (ones > 0)
        gs_impact_front_add(f, 1, least);
    if (ones == n)
        return sum;
    memset(others + n, 0, 8);
    memset(of, 0xFF, sizeof(of));
    uint32_t seen = 0;
    for (size_t i = 0; i < n; i += 8)
        for (uint64_t flags = gs_load_u64(others + i); flags; flags &= flags - 1) {
            size_t at = i + (unsigned)__builtin_ctzll(flags) / 8;
            uint32_t freq = freqs[at], length = lengths[at];
            if (freq <= FREQ_EXACT) {
                of[freq] = length < of[freq] ? length : of[freq];
                seen |= UINT32_C(1) << freq;
            } else {
                gs_impact_front_add(f, freq, length);
            }
        }
    for (; seen; seen &= seen - 1) {
        uint32_t freq = (uint32_t)__builtin_ctz(seen);
        gs_impact_front_add(f, freq, of[freq]);
    }
    return sum;
}

#ifdef HAS_AVX2
AVX2 static uint64_t add_few_avx2(struct gs_impact_front *f, const uint32_t *docs,
                                  const uint32_t *freqs, size_t n, const uint32_t *doc_lengths)
{
    return add_few(f, docs, freqs, n, doc_lengths);
}
#endif

static uint64_t add_some(struct gs_impact_front *f, const uint32_t *docs, const uint32_t *freqs,
                         size_t n, const uint32_t *doc_lengths)
{
#ifdef HAS_AVX2
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"))
        return add_few_avx2(f, docs, freqs, n, doc_lengths);
#endif
    return add_few(f, docs, freqs, n, doc_lengths);
}

uint64_t gs_impact_front_add_postings(struct gs_impact_front *f, const uint32_t *docs,
                                      const uint32_t *freqs, size_t n, const uint32_t *doc_lengths)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i += FEW)
        sum += add_some(f, docs + i, freqs + i, n - i < FEW ? n - i : FEW, doc_lengths);
    return sum;
}

void gs_impact_front_merge(struct gs_impact_front *f, const struct gs_impact_front *other)
{
    for (unsigned w = 0; w < 4; w++)
        for (uint64_t bits = other->used[w]; bits; bits &= bits - 1) {
            unsigned code = 64 * w + (unsigned)__builtin_ctzll(bits);
            gs_impact_front_put(f, code, other->least[code]);
        }
}

/* The pairs no other pair bounds, from the highest frequency down: lengths fall with frequencies.
 */
static unsigned pareto(const struct gs_impact_front *f, struct pair out[256])
{
    unsigned n = 0, least = UINT8_MAX + 1u;
    for (unsigned w = 4; w-- > 0;) {
        uint64_t bits = f->used[w];
        while (bits) {
            unsigned top = 63u - (unsigned)__builtin_clzll(bits);
            unsigned code = 64 * w + top;
            bits ^= UINT64_C(1) << top;
            if (f->least[code] < least) {
                least = f->least[code];
                out[n++] = (struct pair){(uint8_t)code, (uint8_t)least};
            }
        }
    }
    return n;
}

/* 8 * log2 of a code's value, rounded: what makes distances of frequencies and of lengths alike. */
static unsigned log_of(unsigned code)
{
    static const uint8_t small[16] = {0, 0, 8, 13, 16, 19, 21, 22, 24, 25, 27, 28, 29, 30, 30, 31};
    return code < 16 ? small[code] : code + 16;
}

/* What is lost where a pair and the next one become (freq of a, length of b): the ratio of the two
 * grows by the smaller of the two steps. */
static unsigned merge_loss(struct pair a, struct pair b)
{
    unsigned freq = log_of(a.freq) - log_of(b.freq);
    unsigned length = log_of(a.length) - log_of(b.length);
    return freq < length ? freq : length;
}

void gs_impact_front_encode(const struct gs_impact_front *f, uint8_t out[GS_IMPACT_BYTES])
{
    struct pair pairs[256];
    unsigned n = pareto(f, pairs);
    while (n > GS_IMPACT_MAX) {
        unsigned best = 0;
        for (unsigned i = 1; i + 1 < n; i++)
            if (merge_loss(pairs[i], pairs[i + 1]) < merge_loss(pairs[best], pairs[best + 1]))
                best = i;
        pairs[best].length = pairs[best + 1].length;
        memmove(pairs + best + 1, pairs + best + 2, (n - best - 2) * sizeof(pairs[0]));
        n--;
    }
    memset(out, 0, GS_IMPACT_BYTES);
    for (unsigned i = 0; i < n; i++) {
        out[2 * i] = pairs[i].freq;
        out[2 * i + 1] = pairs[i].length;
    }
}

bool gs_impacts_decode(const uint8_t in[GS_IMPACT_BYTES], struct gs_impacts *out)
{
    out->count = 0;
    for (unsigned i = 0; i < GS_IMPACT_MAX; i++) {
        unsigned freq = in[2 * i], length = in[2 * i + 1];
        if (freq == 0 && length == 0 && i > 0)
            continue; /* unused; a used one behind it fails the order below */
        bool falls =
            out->count == i && (i == 0 || (freq < in[2 * i - 2] && length < in[2 * i - 1]));
        if (freq == 0 || freq > GS_IMPACT_UNBOUNDED || length > GS_IMPACT_TOP || !falls)
            return false;
        out->pair[i].freq = freq == GS_IMPACT_UNBOUNDED ? UINT32_MAX : gs_impact_value(freq);
        out->pair[i].length = gs_impact_value(length);
        out->count++;
    }
    return true;
}
