#include "common/segment/rice.h"

/* Built twice, the second time for the instructions that newer processors have. */
#define ALWAYS __attribute__((always_inline)) static inline
#if defined(__x86_64__) && defined(__GNUC__)
#define HAS_AVX2
#define AVX2 __attribute__((target("avx2,bmi2")))
#endif

/* ---- the parameter ---- */

/* Bits of n values beyond the n * k of their low bits under k = high and under the next lower, in
 * one pass. Zeros behind the n, so that `padded` is full vectors. */
ALWAYS void two_costs(uint64_t cost[2], const uint32_t *values, size_t n, size_t padded,
                      unsigned high)
{
    unsigned low = high - 1;
    uint32_t escape = GS_RICE_BITS_MAX - 1 - low, at_high = 0, at_low = 0;
    for (size_t i = 0; i < padded; i++) {
        uint32_t h = values[i] >> high, l = values[i] >> low;
        at_high += h < GS_RICE_ESCAPE ? h : escape - 1;
        at_low += l < GS_RICE_ESCAPE ? l : escape;
    }
    cost[0] = (uint64_t)n * high + at_high;
    cost[1] = (uint64_t)n * low + at_low;
}

/* log2 of sum / n, rounded down; 0 for a mean below 1. */
ALWAYS unsigned log_of_mean(uint64_t sum, uint64_t n)
{
    if (sum < n || n == 0)
        return 0;
    unsigned k = (unsigned)__builtin_clzll(n) - (unsigned)__builtin_clzll(sum);
    return k - (n << k > sum);
}

/* The best for a geometric source of this mean is near log2 of the mean: from there downhill. */
ALWAYS unsigned choose(const uint32_t *values, size_t n, size_t padded, unsigned k_max)
{
    uint64_t sum = 0, cost[2];
    for (size_t i = 0; i < padded; i++)
        sum += values[i];
    unsigned k = log_of_mean(sum, n);
    if (k >= k_max)
        k = k_max;
    else if (two_costs(cost, values, n, padded, k + 1), cost[0] < cost[1])
        return k + 1;
    while (k > 0 && (two_costs(cost, values, n, padded, k), cost[1] < cost[0]))
        k--;
    return k;
}

unsigned gs_rice_choose(const uint32_t *values, size_t n, unsigned k_max)
{
    return choose(values, n, n, k_max);
}

/* ---- runs ---- */

/* Two values at once where both are short, as nearly all are. */
ALWAYS void put_two(struct gs_bit_writer *w, uint32_t a, uint32_t b, unsigned k)
{
    uint32_t zeros_a = a >> k, zeros_b = b >> k;
    unsigned size_a = zeros_a + 1 + k, size_b = zeros_b + 1 + k;
    if ((zeros_a | zeros_b) < GS_RICE_ESCAPE && size_a + size_b <= GS_BITS_PUT_MAX) {
        uint64_t mask = (UINT64_C(1) << k) - 1;
        uint64_t code_a = ((a & mask) << 1 | 1) << zeros_a;
        uint64_t code_b = ((b & mask) << 1 | 1) << zeros_b;
        gs_bits_put(w, code_a | code_b << size_a, size_a + size_b);
    } else {
        gs_rice_put(w, a, k);
        gs_rice_put(w, b, k);
    }
}

/* n values, zeros behind them up to a multiple of GS_RICE_PAD. */
ALWAYS void put_codes(struct gs_bit_writer *w, const uint32_t *values, size_t n, unsigned k)
{
    size_t i = 0;
    for (; i + 2 <= n; i += 2)
        put_two(w, values[i], values[i + 1], k);
    if (i < n)
        gs_rice_put(w, values[i], k);
}

ALWAYS size_t pad(uint32_t *values, size_t n)
{
    for (size_t i = 0; i < GS_RICE_PAD; i++)
        values[n + i] = 0;
    return (n + GS_RICE_PAD - 1) & ~(size_t)(GS_RICE_PAD - 1);
}

ALWAYS void put_run(struct gs_bit_writer *to, uint32_t *values, size_t n, unsigned k_bits,
                    unsigned k_max)
{
    struct gs_bit_writer w = *to; /* in registers: bytes stored might alias *to */
    unsigned k = choose(values, n, pad(values, n), k_max);
    gs_bits_put(&w, k, k_bits);
    put_codes(&w, values, n, k);
    *to = w;
}

/* ---- runs whose parameter is known but for a little ---- */

/* What the run costs under k - 1, k, k + 1 less the n * (k - 1) bits that it takes anyway. */
ALWAYS void three_costs(uint32_t cost[3], const uint32_t *values, size_t n, size_t padded,
                        unsigned k)
{
    uint32_t escape = GS_RICE_BITS_MAX - 1 - k, below = 0, same = 0, above = 0;
    unsigned less = k > 0 ? k - 1 : 0;
    for (size_t i = 0; i < padded; i++) {
        uint32_t b = values[i] >> less, s = values[i] >> k, a = s >> 1;
        below += b < GS_RICE_ESCAPE ? b : escape + 1;
        same += s < GS_RICE_ESCAPE ? s : escape;
        above += a < GS_RICE_ESCAPE ? a : escape - 1;
    }
    cost[0] = below;
    cost[1] = same + (uint32_t)n;
    cost[2] = above + 2 * (uint32_t)n;
}

/* Bits beyond those of k + 1 low ones. */
ALWAYS uint32_t cost_under(const uint32_t *values, size_t padded, unsigned k)
{
    uint32_t escape = GS_RICE_BITS_MAX - 1 - k, cost = 0;
    for (size_t i = 0; i < padded; i++) {
        uint32_t zeros = values[i] >> k;
        cost += zeros < GS_RICE_ESCAPE ? zeros : escape;
    }
    return cost;
}

/* The place of the best parameter in the order k, k - 1, k + 1, k - 2, k - 3, ..., each place a bit
 * dearer than the one before. */
ALWAYS unsigned choose_near(const uint32_t *values, size_t n, size_t padded, unsigned k)
{
    uint32_t cost[3];
    three_costs(cost, values, n, padded, k);
    if (cost[2] + 2 < cost[1])
        return 2;
    if (k == 0 || cost[0] + 1 >= cost[1])
        return 0;
    unsigned place = 1, lower = k - 1;
    int64_t best = cost[0] + 1, saved = 0;
    while (lower-- > 0) {
        saved += (int64_t)n; /* a low bit of each less */
        int64_t next = (int64_t)cost_under(values, padded, lower) + k - lower + 1 - saved;
        if (next >= best)
            break;
        best = next;
        place = k - lower + 1;
    }
    return place;
}

ALWAYS void put_near(struct gs_bit_writer *to, uint32_t *values, size_t n, unsigned k)
{
    struct gs_bit_writer w = *to;
    unsigned place = choose_near(values, n, pad(values, n), k);
    gs_bits_put(&w, UINT64_C(1) << place, place + 1);
    put_codes(&w, values, n, gs_rice_near(k, place));
    *to = w;
}

#ifdef HAS_AVX2
AVX2 static void put_run_avx2(struct gs_bit_writer *w, uint32_t *values, size_t n, unsigned k_bits,
                              unsigned k_max)
{
    put_run(w, values, n, k_bits, k_max);
}
#endif

#ifdef HAS_AVX2
AVX2 static void put_near_avx2(struct gs_bit_writer *w, uint32_t *values, size_t n, unsigned k)
{
    put_near(w, values, n, k);
}
#endif

void gs_rice_put_near(struct gs_bit_writer *w, uint32_t *values, size_t n, unsigned k)
{
#ifdef HAS_AVX2
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) {
        put_near_avx2(w, values, n, k);
        return;
    }
#endif
    put_near(w, values, n, k);
}

void gs_rice_put_run(struct gs_bit_writer *w, uint32_t *values, size_t n, unsigned k_bits,
                     unsigned k_max)
{
#ifdef HAS_AVX2
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) {
        put_run_avx2(w, values, n, k_bits, k_max);
        return;
    }
#endif
    put_run(w, values, n, k_bits, k_max);
}
