#include "common/segment/rice.h"

static uint64_t rice_bits(const uint32_t *values, size_t n, unsigned k)
{
    uint64_t bits = (uint64_t)n * (k + 1);
    for (size_t i = 0; i < n; i++) {
        uint32_t zeros = values[i] >> k;
        bits += zeros < GS_RICE_ESCAPE ? zeros : GS_RICE_BITS_MAX - (k + 1);
    }
    return bits;
}

/* The best for a geometric source of this mean is near log2 of the mean: from there downhill. */
unsigned gs_rice_choose(const uint32_t *values, size_t n, unsigned k_max)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    uint64_t mean = n ? sum / n : 0;
    unsigned k = mean ? 63u - (unsigned)__builtin_clzll(mean) : 0;
    if (k > k_max)
        k = k_max;
    uint64_t best = rice_bits(values, n, k), other;
    if (k < k_max && (other = rice_bits(values, n, k + 1)) < best)
        return k + 1;
    while (k > 0 && (other = rice_bits(values, n, k - 1)) < best) {
        best = other;
        k--;
    }
    return k;
}
