#include "indexer/radix.h"

#include <string.h>

#define SMALL       48 /* tokens that insertion sorts faster */
#define WIDE_FROM   4096
#define WIDE_BITS   11
#define NARROW_BITS 8

static void insertion_sort(uint64_t *a, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        uint64_t token = a[i];
        size_t at = i;
        while (at > 0 && a[at - 1] >> 32 > token >> 32) {
            a[at] = a[at - 1];
            at--;
        }
        a[at] = token;
    }
}

uint64_t *gs_radix_sort(uint64_t *a, uint64_t *b, size_t n, uint32_t low, uint32_t high)
{
    if (n <= SMALL) {
        insertion_sort(a, n);
        return a;
    }
    unsigned bits = n >= WIDE_FROM ? WIDE_BITS : NARROW_BITS;
    uint32_t mask = (1u << bits) - 1, range = high - low;
    for (unsigned shift = 0; shift < 32 && range >> shift != 0; shift += bits) {
        uint32_t starts[1u << WIDE_BITS], total = 0;
        memset(starts, 0, ((size_t)mask + 1) * sizeof(*starts));
        for (size_t i = 0; i < n; i++)
            starts[((uint32_t)(a[i] >> 32) - low) >> shift & mask]++;
        for (uint32_t digit = 0; digit <= mask; digit++) {
            uint32_t count = starts[digit];
            starts[digit] = total;
            total += count;
        }
        for (size_t i = 0; i < n; i++)
            b[starts[((uint32_t)(a[i] >> 32) - low) >> shift & mask]++] = a[i];
        uint64_t *sorted = b;
        b = a;
        a = sorted;
    }
    return a;
}
