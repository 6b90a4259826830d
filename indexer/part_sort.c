#include "indexer/part_sort.h"

#include <string.h>

#define SMALL           32 /* tokens that insertion sorts faster */
#define WIDE_BITS       11
#define NARROW_BITS     8
#define NARROW_UP_TO    2048 /* tokens for which clearing wide tables would cost more */
#define PASSES_MAX      4
#define PREFETCH_SLICES 4
#define PREFETCH_LINES  32

/* ---- gathering ---- */

struct visit {
    size_t *buckets; /* counts or places */
    unsigned shift;
    uint32_t *low_digits, *high_digits; /* counts, or places by low digit; of `shift` bits */
    uint64_t *out;
};
/* key: less the low end of the range. */
typedef void visitor(struct visit *v, uint32_t key, uint64_t token);

/* The partition's tokens in a slice, as [*p, *end). */
static inline void slice_tokens(const struct gs_part_source *source, const struct gs_slice *s,
                                const uint8_t **p, const uint8_t **end)
{
    const uint32_t *begin = source->ranks ? s->word_begin : s->han_begin;
    const uint8_t *tokens = source->ranks ? s->words : s->han;
    *p = tokens + gs_part_start(begin, source->number);
    *end = tokens + gs_part_end(begin, source->number);
}

/* A partition's tokens lie in hundreds of short pieces far from each other: asked for in advance.
 */
static inline void prefetch_slice(const struct gs_part_source *source, size_t i)
{
    if (i >= source->run->slice_count)
        return;
    const uint8_t *p, *end;
    slice_tokens(source, &source->run->slices[i], &p, &end);
    for (size_t lines = 0; p < end && lines < PREFETCH_LINES; lines++, p += 64)
        __builtin_prefetch(p);
}

/* Calls the visitor, which the compiler inlines, for each token of the range in order of position.
 */
__attribute__((always_inline)) static inline void each_token(const struct gs_part_source *source,
                                                             const struct gs_key_range *range,
                                                             bool words, visitor *visit,
                                                             struct visit *ctx)
{
    const uint32_t *ranks = source->ranks;
    const uint32_t low = range->low, width = range->high - low, base_key = source->key_base;
    struct visit local = *ctx;
    for (size_t i = 0; i < PREFETCH_SLICES; i++)
        prefetch_slice(source, i);
    for (size_t i = 0; i < source->run->slice_count; i++) {
        const struct gs_slice *s = &source->run->slices[i];
        const uint8_t *p, *end;
        prefetch_slice(source, i + PREFETCH_SLICES);
        slice_tokens(source, s, &p, &end);
        uint64_t base = s->position_base;
        for (; p < end; p += GS_TOKEN_BYTES) {
            uint64_t token = gs_token_load(p);
            uint32_t key = (uint32_t)(token >> 32);
            key = words ? ranks[key] : base_key | key;
            if (range->all || key - low <= width)
                visit(&local, key - low, (uint64_t)key << 32 | (uint32_t)(token + base));
        }
        if (words)
            ranks += s->name_begin[source->number + 1] - s->name_begin[source->number];
    }
}

__attribute__((always_inline)) static inline void visit_all(const struct gs_part_source *source,
                                                            const struct gs_key_range *range,
                                                            visitor *visit, struct visit *ctx)
{
    if (source->ranks)
        each_token(source, range, true, visit, ctx);
    else
        each_token(source, range, false, visit, ctx);
}

static inline void visit_append(struct visit *v, uint32_t key, uint64_t token)
{
    (void)key;
    *v->out++ = token;
}

static inline void visit_count(struct visit *v, uint32_t key, uint64_t token)
{
    (void)token;
    v->buckets[key >> v->shift]++;
}

static inline void visit_place(struct visit *v, uint32_t key, uint64_t token)
{
    v->out[v->buckets[key >> v->shift]++] = token;
}

static inline void visit_digits(struct visit *v, uint32_t key, uint64_t token)
{
    (void)token;
    v->low_digits[key & ((1u << v->shift) - 1)]++;
    v->high_digits[key >> v->shift]++;
}

static inline void visit_low_digit(struct visit *v, uint32_t key, uint64_t token)
{
    v->out[v->low_digits[key & ((1u << v->shift) - 1)]++] = token;
}

unsigned gs_part_shift(const struct gs_key_range *range)
{
    unsigned shift = 0;
    while ((range->high - range->low) >> shift >= GS_PART_BUCKETS)
        shift++;
    return shift;
}

void gs_part_count(const struct gs_part_source *source, const struct gs_key_range *range,
                   unsigned shift, size_t *counts)
{
    struct visit v = {.buckets = counts, .shift = shift};
    memset(counts, 0, GS_PART_BUCKETS * sizeof(*counts));
    visit_all(source, range, visit_count, &v);
}

void gs_part_place(const struct gs_part_source *source, const struct gs_key_range *range,
                   unsigned shift, size_t *starts, uint64_t *out)
{
    struct visit v = {.buckets = starts, .shift = shift, .out = out};
    visit_all(source, range, visit_place, &v);
}

void gs_part_gather(const struct gs_part_source *source, const struct gs_key_range *range,
                    uint64_t *out)
{
    struct visit v = {.out = out};
    visit_all(source, range, visit_append, &v);
}

/* ---- sorting ---- */

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

/* Counts of every digit in one reading. */
static void count_digits(const uint64_t *a, size_t n, uint32_t low, unsigned bits, unsigned passes,
                         uint32_t tables[PASSES_MAX][1u << WIDE_BITS])
{
    uint32_t mask = (1u << bits) - 1;
    for (unsigned pass = 0; pass < passes; pass++)
        memset(tables[pass], 0, ((size_t)mask + 1) * sizeof(tables[pass][0]));
    if (passes == 1) {
        for (size_t i = 0; i < n; i++)
            tables[0][((uint32_t)(a[i] >> 32) - low) & mask]++;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t key = (uint32_t)(a[i] >> 32) - low;
        tables[0][key & mask]++;
        tables[1][key >> bits & mask]++;
        for (unsigned pass = 2; pass < passes; pass++)
            tables[pass][key >> pass * bits & mask]++;
    }
}

/* Counts into places. */
static void add_up(uint32_t *table, uint32_t entries)
{
    uint32_t total = 0;
    for (uint32_t digit = 0; digit < entries; digit++) {
        uint32_t count = table[digit];
        table[digit] = total;
        total += count;
    }
}

uint64_t *gs_token_sort(uint64_t *a, uint64_t *b, size_t n, uint32_t low, uint32_t high)
{
    if (low == high)
        return a;
    if (n <= SMALL) {
        insertion_sort(a, n);
        return a;
    }
    unsigned width = 32 - (unsigned)__builtin_clz(high - low);
    unsigned bits = n <= NARROW_UP_TO ? NARROW_BITS : WIDE_BITS;
    unsigned passes = (width + bits - 1) / bits;
    bits = (width + passes - 1) / passes; /* digits of one size: 20 bits make two of 10 */
    uint32_t tables[PASSES_MAX][1u << WIDE_BITS], mask = (1u << bits) - 1;
    count_digits(a, n, low, bits, passes, tables);
    for (unsigned pass = 0; pass < passes; pass++) {
        uint32_t *table = tables[pass];
        add_up(table, mask + 1);
        for (size_t i = 0; i < n; i++)
            b[table[((uint32_t)(a[i] >> 32) - low) >> pass * bits & mask]++] = a[i];
        uint64_t *sorted = b;
        b = a;
        a = sorted;
    }
    return a;
}

uint64_t *gs_part_sort(const struct gs_part_source *source, const struct gs_key_range *range,
                       uint64_t *a, uint64_t *b, size_t n)
{
    unsigned width =
        range->low < range->high ? 32 - (unsigned)__builtin_clz(range->high - range->low) : 0;
    if (n <= NARROW_UP_TO || width < 2 || width > 2 * WIDE_BITS) {
        gs_part_gather(source, range, a);
        return gs_token_sort(a, b, n, range->low, range->high);
    }
    unsigned bits = (width + 1) / 2;
    uint32_t low[1u << WIDE_BITS], high[1u << WIDE_BITS];
    struct visit v = {.shift = bits, .low_digits = low, .high_digits = high, .out = b};
    memset(low, 0, sizeof(low[0]) << bits);
    memset(high, 0, sizeof(high[0]) << bits);
    visit_all(source, range, visit_digits, &v);
    add_up(low, 1u << bits);
    add_up(high, 1u << bits);
    visit_all(source, range, visit_low_digit, &v);
    for (size_t i = 0; i < n; i++)
        a[high[((uint32_t)(b[i] >> 32) - range->low) >> bits]++] = b[i];
    return a;
}
