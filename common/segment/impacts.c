#include "common/segment/impacts.h"

#include <string.h>

#define FEW 128u /* postings at a time */

struct pair {
    uint8_t freq, length; /* codes */
};

void gs_impact_front_clear(struct gs_impact_front *f)
{
    memset(f->used, 0, sizeof(f->used));
}

/* Most frequencies are 1: of those only the least length counts, and nothing branches on them. */
static uint64_t add_few(struct gs_impact_front *f, const uint32_t *docs, const uint32_t *freqs,
                        size_t n, const uint32_t *doc_lengths)
{
    uint32_t least = UINT32_MAX;
    uint64_t sum = 0, others[FEW]; /* length and, above it, frequency */
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t freq = freqs[i], length = doc_lengths[docs[i]];
        uint32_t other = freq != 1;
        others[count] = (uint64_t)freq << 32 | length;
        count += other;
        uint32_t one = length | (0u - other); /* the largest number for others */
        least = one < least ? one : least;
        sum += freq;
    }
    if (count < n)
        gs_impact_front_add(f, 1, least);
    for (size_t i = 0; i < count; i++)
        gs_impact_front_add(f, (uint32_t)(others[i] >> 32), (uint32_t)others[i]);
    return sum;
}

uint64_t gs_impact_front_add_postings(struct gs_impact_front *f, const uint32_t *docs,
                                      const uint32_t *freqs, size_t n, const uint32_t *doc_lengths)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i += FEW)
        sum += add_few(f, docs + i, freqs + i, n - i < FEW ? n - i : FEW, doc_lengths);
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
