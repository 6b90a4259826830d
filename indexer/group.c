#include "indexer/group.h"

#include <stdlib.h>

#define WORD_BITS       64u
#define PREFETCH_SLICES 4
#define PREFETCH_LINES  32

void gs_groups_init(struct gs_groups *g)
{
    *g = (struct gs_groups){0};
}

void gs_groups_release(struct gs_groups *g)
{
    gs_region_close(&g->region);
    free(g->keys);
    free(g->counts);
    free(g->starts);
    gs_groups_init(g);
}

/* ---- reading ---- */

struct visit {
    uint32_t *table;
    uint64_t *seen, *seen_words;
    uint32_t *out;
    size_t keys; /* seen */
};
/* key: less the low end of the range. */
typedef void visitor(struct visit *v, uint32_t key, uint32_t position);

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
    for (size_t lines = 0; p < end && lines < PREFETCH_LINES; lines++, p += GS_LINE)
        __builtin_prefetch(p);
}

/* Calls the visitor, which the compiler inlines, for each token of the range in order of position.
 */
__attribute__((always_inline)) static inline void each_token(const struct gs_part_source *source,
                                                             const struct gs_key_range *range,
                                                             bool words, bool all, visitor *visit,
                                                             struct visit *v)
{
    const uint32_t *ranks = source->ranks;
    const uint32_t low = range->low, width = range->high - low, base_key = source->key_base;
    struct visit local = *v; /* in registers */
    for (size_t i = 0; i < PREFETCH_SLICES; i++)
        prefetch_slice(source, i);
    for (size_t i = 0; i < source->run->slice_count; i++) {
        const struct gs_slice *s = &source->run->slices[i];
        const uint8_t *p, *end;
        prefetch_slice(source, i + PREFETCH_SLICES);
        slice_tokens(source, s, &p, &end);
        const uint32_t base = s->position_base;
        for (; p < end; p += GS_TOKEN_BYTES) {
            uint64_t token = gs_load_u64(p);
            uint32_t key = (uint32_t)(token >> GS_TOKEN_BITS) & GS_TOKEN_MASK;
            key = (words ? ranks[key] : base_key | key) - low;
            if (all || key <= width)
                visit(&local, key, ((uint32_t)token & GS_TOKEN_MASK) + base);
        }
        if (words)
            ranks += s->name_begin[source->number + 1] - s->name_begin[source->number];
    }
    v->keys = local.keys;
}

__attribute__((always_inline)) static inline void visit_all(const struct gs_part_source *source,
                                                            const struct gs_key_range *range,
                                                            visitor *visit, struct visit *v)
{
    if (source->ranks && range->all)
        each_token(source, range, true, true, visit, v);
    else if (source->ranks)
        each_token(source, range, true, false, visit, v);
    else if (range->all)
        each_token(source, range, false, true, visit, v);
    else
        each_token(source, range, false, false, visit, v);
}

static inline void visit_count(struct visit *v, uint32_t key, uint32_t position)
{
    (void)position;
    if (v->table[key]++ > 0)
        return;
    uint32_t word = key / WORD_BITS;
    v->seen[word] |= UINT64_C(1) << key % WORD_BITS;
    v->seen_words[word / WORD_BITS] |= UINT64_C(1) << word % WORD_BITS;
    v->keys++;
}

static inline void visit_place(struct visit *v, uint32_t key, uint32_t position)
{
    v->out[v->table[key]++] = position;
}

/* ---- the calls ---- */

static enum gaosou_status open_tables(struct gs_groups *g, struct gs_err *err)
{
    if (g->table)
        return GAOSOU_OK;
    const size_t words = GS_GROUP_KEYS / WORD_BITS;
    size_t size =
        GS_GROUP_KEYS * sizeof(*g->table) + (words + words / WORD_BITS) * sizeof(*g->seen);
    enum gaosou_status status = gs_region_open(&g->region, size, err);
    if (status != GAOSOU_OK)
        return status;
    g->table = (uint32_t *)(void *)g->region.data;
    g->seen = (uint64_t *)(void *)(g->table + GS_GROUP_KEYS);
    g->seen_words = g->seen + words;
    return GAOSOU_OK;
}

static bool resize(uint32_t **array, size_t count)
{
    uint32_t *grown = realloc(*array, count * sizeof(*grown));
    if (grown)
        *array = grown;
    return grown != NULL;
}

static enum gaosou_status reserve(struct gs_groups *g, size_t terms, struct gs_err *err)
{
    if (terms < g->capacity)
        return GAOSOU_OK;
    size_t capacity = terms + terms / 4 + 1024;
    g->capacity = 0;
    if (!resize(&g->keys, capacity) || !resize(&g->counts, capacity) ||
        !resize(&g->starts, capacity))
        return gs_err_nomem(err, capacity * 3 * sizeof(uint32_t));
    g->capacity = capacity;
    return GAOSOU_OK;
}

/* The keys of one word of the bitmap, which it empties, and their counts. */
static void list_word(struct gs_groups *g, uint32_t word)
{
    for (uint64_t bits = g->seen[word]; bits; bits &= bits - 1) {
        uint32_t key = word * WORD_BITS + (uint32_t)__builtin_ctzll(bits);
        g->keys[g->terms] = g->range.low + key;
        g->counts[g->terms++] = g->table[key];
    }
    g->seen[word] = 0;
}

static void list_keys(struct gs_groups *g)
{
    const uint32_t last = (g->range.high - g->range.low) / (WORD_BITS * WORD_BITS);
    g->terms = 0;
    for (uint32_t i = 0; i <= last; i++) {
        for (uint64_t bits = g->seen_words[i]; bits; bits &= bits - 1)
            list_word(g, i * WORD_BITS + (uint32_t)__builtin_ctzll(bits));
        g->seen_words[i] = 0;
    }
}

enum gaosou_status gs_groups_count(struct gs_groups *g, const struct gs_part_source *source,
                                   const struct gs_key_range *range, struct gs_err *err)
{
    enum gaosou_status status = open_tables(g, err);
    if (status != GAOSOU_OK)
        return status;
    struct visit v = {.table = g->table, .seen = g->seen, .seen_words = g->seen_words};
    visit_all(source, range, visit_count, &v);
    status = reserve(g, v.keys, err);
    if (status != GAOSOU_OK)
        return status;
    g->range = *range;
    list_keys(g);
    return GAOSOU_OK;
}

void gs_groups_place(struct gs_groups *g, const struct gs_part_source *source, size_t from,
                     size_t to, uint32_t *positions)
{
    const uint32_t low = g->keys[from];
    uint32_t *table = g->table + (low - g->range.low), start = 0;
    for (size_t t = from; t < to; t++) {
        g->starts[t - from] = start;
        table[g->keys[t] - low] = start;
        start += g->counts[t];
    }
    g->starts[to - from] = start;
    struct gs_key_range span = {low, g->keys[to - 1], g->range.all && to - from == g->terms};
    struct visit v = {.table = table, .out = positions};
    visit_all(source, &span, visit_place, &v);
}

void gs_groups_clear(struct gs_groups *g)
{
    for (size_t t = 0; t < g->terms; t++)
        g->table[g->keys[t] - g->range.low] = 0;
    g->terms = 0;
}
