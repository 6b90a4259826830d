#include "indexer/word_ranks.h"

#include "common/base/bytes.h"
#include "common/base/checksum.h"

#include <stdlib.h>
#include <string.h>

struct gs_ranked_word {  /* in order of first appearance */
    const uint8_t *name; /* size byte and bytes */
    uint32_t hash;
};

/* What is sorted in a word's place. */
struct gs_word_order {
    uint64_t prefix; /* the first eight bytes, first byte highest, padded with 0 */
    const struct gs_ranked_word *word;
};

#define DIGIT_BITS   8u
#define DIGITS       (64 / DIGIT_BITS)
#define DIGIT_VALUES (1u << DIGIT_BITS)
#define FEW          64u /* words: clearing counts would cost more than the library's sort */

void gs_word_ranks_init(struct gs_word_ranks *w)
{
    *w = (struct gs_word_ranks){0};
}

void gs_word_ranks_release(struct gs_word_ranks *w)
{
    if (!w)
        return;
    free(w->ranks);
    free(w->words);
    free(w->slots);
    free(w->order);
    free(w->sorted);
    gs_word_ranks_init(w);
}

const uint8_t *gs_word_ranks_name(const struct gs_word_ranks *w, uint32_t rank)
{
    return w->order[rank].word->name;
}

static bool resize(void **array, size_t count, size_t size)
{
    void *grown = realloc(*array, count * size);
    if (grown)
        *array = grown;
    return grown != NULL;
}

static bool reserve(struct gs_word_ranks *w, size_t names)
{
    size_t slots = 64;
    while (slots < 2 * names)
        slots *= 2;
    void *array;
    if (names > w->capacity) {
        size_t capacity = names + names / 4;
        bool good = resize((array = w->ranks, &array), capacity, sizeof(*w->ranks));
        w->ranks = array;
        if (good)
            good = resize((array = w->words, &array), capacity, sizeof(*w->words));
        if (!good)
            return false;
        w->words = array;
        w->capacity = capacity;
    }
    if (slots > w->slot_capacity) {
        bool good = resize((array = w->slots, &array), slots, sizeof(*w->slots));
        w->slots = array;
        if (!good)
            return false;
        w->slot_capacity = slots;
    }
    memset(w->slots, 0, slots * sizeof(*w->slots));
    return true;
}

static uint64_t prefix_of(const uint8_t *name)
{
    uint64_t prefix = 0;
    for (size_t i = 0; i < 8; i++)
        prefix = prefix << 8 | (i < name[0] ? name[1 + i] : 0);
    return prefix;
}

/* The id of a name among the distinct ones. */
static uint32_t find_or_add(struct gs_word_ranks *w, const uint8_t *name, size_t mask)
{
    uint32_t hash = (uint32_t)gs_hash64(name + 1, name[0]);
    size_t at = hash & mask;
    for (uint32_t found; (found = w->slots[at]) != 0; at = (at + 1) & mask) {
        const struct gs_ranked_word *d = &w->words[found - 1];
        if (d->hash == hash && memcmp(d->name, name, name[0] + 1u) == 0)
            return found - 1;
    }
    uint32_t id = w->distinct++;
    w->slots[at] = id + 1;
    w->words[id] = (struct gs_ranked_word){name, hash};
    return id;
}

static int by_bytes(const void *a, const void *b)
{
    const struct gs_word_order *x = a, *y = b;
    if (x->prefix != y->prefix)
        return x->prefix < y->prefix ? -1 : 1;
    const uint8_t *p = x->word->name, *q = y->word->name;
    int order = memcmp(p + 1, q + 1, p[0] < q[0] ? p[0] : q[0]);
    return order != 0 ? order : (int)p[0] - (int)q[0];
}

/* One pass of a radix sort by prefix, from w->order into w->sorted, and both exchanged; nothing
 * where all have one digit. */
static void sort_digit(struct gs_word_ranks *w, unsigned shift, uint32_t *places)
{
    const size_t n = w->distinct;
    uint32_t total = 0;
    if (places[w->order[0].prefix >> shift & (DIGIT_VALUES - 1)] == n)
        return;
    for (size_t v = 0; v < DIGIT_VALUES; v++) {
        uint32_t count = places[v];
        places[v] = total;
        total += count;
    }
    for (size_t i = 0; i < n; i++)
        w->sorted[places[w->order[i].prefix >> shift & (DIGIT_VALUES - 1)]++] = w->order[i];
    struct gs_word_order *sorted = w->sorted;
    w->sorted = w->order;
    w->order = sorted;
}

/* w->order by the words' bytes. The words of a partition begin alike and are short, so that few
 * digits of their prefixes differ. */
static void sort_words(struct gs_word_ranks *w)
{
    uint32_t counts[DIGITS][DIGIT_VALUES] = {{0}};
    const size_t n = w->distinct;
    if (n > FEW) {
        for (size_t i = 0; i < n; i++)
            for (size_t d = 0; d < DIGITS; d++)
                counts[d][w->order[i].prefix >> d * DIGIT_BITS & (DIGIT_VALUES - 1)]++;
        for (unsigned d = 0; d < DIGITS; d++)
            sort_digit(w, d * DIGIT_BITS, counts[d]);
    }
    for (size_t i = 0, end; i < n; i = end) {
        for (end = n > FEW ? i + 1 : n; end < n && w->order[end].prefix == w->order[i].prefix;)
            end++;
        if (end - i > 1)
            qsort(w->order + i, end - i, sizeof(*w->order), by_bytes);
    }
}

/* Ranks of the distinct words; w->slots becomes the rank of each id. */
static bool rank_words(struct gs_word_ranks *w)
{
    if (w->distinct > w->order_capacity) {
        const size_t capacity = w->distinct + w->distinct / 4;
        void *order = w->order, *sorted = w->sorted;
        bool good = resize(&order, capacity, sizeof(*w->order));
        w->order = order;
        good = resize(&sorted, capacity, sizeof(*w->sorted)) && good;
        w->sorted = sorted;
        if (!good)
            return false;
        w->order_capacity = capacity;
    }
    for (uint32_t id = 0; id < w->distinct; id++)
        w->order[id] = (struct gs_word_order){prefix_of(w->words[id].name), &w->words[id]};
    sort_words(w);
    for (uint32_t rank = 0; rank < w->distinct; rank++)
        w->slots[w->order[rank].word - w->words] = rank;
    return true;
}

enum gaosou_status gs_word_ranks_build(struct gs_word_ranks *w, const struct gs_run *run,
                                       uint32_t part, struct gs_err *err)
{
    size_t names = (size_t)run->names[part], next = 0;
    if (names >= UINT32_MAX || !reserve(w, names))
        return gs_err_nomem(err, names * GS_WORD_RANKS_COST);
    size_t mask = 64;
    while (mask < 2 * names)
        mask *= 2;
    mask--;
    w->distinct = 0;
    for (size_t s = 0; s < run->slice_count; s++) {
        const struct gs_slice *slice = &run->slices[s];
        const uint8_t *name = slice->names + slice->name_bytes[part];
        const uint8_t *end = slice->names + slice->name_bytes[part + 1];
        for (; name < end; name += name[0] + 1u)
            w->ranks[next++] = find_or_add(w, name, mask);
    }
    if (!rank_words(w))
        return gs_err_nomem(err, names * GS_WORD_RANKS_COST);
    for (size_t i = 0; i < next; i++)
        w->ranks[i] = w->slots[w->ranks[i]];
    return GAOSOU_OK;
}
