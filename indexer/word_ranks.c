#include "indexer/word_ranks.h"

#include "common/base/bytes.h"
#include "common/base/checksum.h"

#include <stdlib.h>
#include <string.h>

struct gs_ranked_word {
    uint64_t prefix;     /* the first eight bytes, first byte highest, padded with 0 */
    const uint8_t *name; /* size byte and bytes */
    uint32_t id;         /* in order of first appearance */
    uint32_t hash;
};

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
    gs_word_ranks_init(w);
}

const uint8_t *gs_word_ranks_name(const struct gs_word_ranks *w, uint32_t rank)
{
    return w->words[rank].name;
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
    w->words[id] = (struct gs_ranked_word){prefix_of(name), name, id, hash};
    return id;
}

static int by_bytes(const void *a, const void *b)
{
    const struct gs_ranked_word *x = a, *y = b;
    if (x->prefix != y->prefix)
        return x->prefix < y->prefix ? -1 : 1;
    size_t n = x->name[0] < y->name[0] ? x->name[0] : y->name[0];
    int order = memcmp(x->name + 1, y->name + 1, n);
    return order != 0 ? order : (int)x->name[0] - (int)y->name[0];
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
    if (w->distinct > 1)
        qsort(w->words, w->distinct, sizeof(*w->words), by_bytes);
    /* The table is done with: it serves to turn ids into ranks. */
    for (uint32_t rank = 0; rank < w->distinct; rank++)
        w->slots[w->words[rank].id] = rank;
    for (size_t i = 0; i < next; i++)
        w->ranks[i] = w->slots[w->ranks[i]];
    return GAOSOU_OK;
}
