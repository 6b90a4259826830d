#include "query/topk.h"

#include <math.h>
#include <stdlib.h>

void gs_topk_init(struct gs_topk *t)
{
    *t = (struct gs_topk){0};
}

void gs_topk_release(struct gs_topk *t)
{
    free(t->entries);
    free(t->counts);
    gs_topk_init(t);
}

void gs_topk_begin(struct gs_topk *t, size_t limit, size_t leaf_count)
{
    t->count = 0;
    t->limit = limit;
    if (leaf_count == 0) /* filters alone: a slot has to have some size */
        leaf_count = 1;
    if (leaf_count != t->leaf_count) {
        t->slot_capacity = leaf_count ? t->slot_capacity * t->leaf_count / leaf_count : 0;
        t->leaf_count = leaf_count;
    }
    t->status = GAOSOU_OK;
}

/* a ranks behind b. */
static bool is_worse(const struct gs_topk_entry *a, const struct gs_topk_entry *b)
{
    if (a->key != b->key)
        return a->key < b->key;
    if (a->segment != b->segment)
        return a->segment > b->segment;
    return a->doc > b->doc;
}

double gs_topk_threshold(const struct gs_topk *t)
{
    if (t->limit == 0)
        return INFINITY;
    return t->count == t->limit ? t->entries[0].key : -INFINITY;
}

bool gs_topk_accepts(const struct gs_topk *t, double key, uint32_t segment, uint32_t doc)
{
    if (t->count < t->limit)
        return true;
    struct gs_topk_entry e = {.key = key, .segment = segment, .doc = doc};
    return t->limit > 0 && is_worse(&t->entries[0], &e);
}

static void sift_up(struct gs_topk *t, size_t i)
{
    struct gs_topk_entry e = t->entries[i];
    while (i > 0 && is_worse(&e, &t->entries[(i - 1) / 2])) {
        t->entries[i] = t->entries[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    t->entries[i] = e;
}

static void sift_down(struct gs_topk *t, size_t i)
{
    struct gs_topk_entry e = t->entries[i];
    for (size_t child = 2 * i + 1; child < t->count; child = 2 * i + 1) {
        if (child + 1 < t->count && is_worse(&t->entries[child + 1], &t->entries[child]))
            child++;
        if (!is_worse(&t->entries[child], &e))
            break;
        t->entries[i] = t->entries[child];
        i = child;
    }
    t->entries[i] = e;
}

static bool grow_entries(struct gs_topk *t)
{
    size_t capacity = t->capacity ? t->capacity * 2 : 64;
    struct gs_topk_entry *grown = realloc(t->entries, capacity * sizeof(*grown));
    if (!grown) {
        t->status = GAOSOU_E_NOMEM;
        return false;
    }
    t->entries = grown;
    t->capacity = capacity;
    return true;
}

static bool grow_counts(struct gs_topk *t)
{
    size_t slots = t->slot_capacity ? t->slot_capacity * 2 : 64;
    if (slots > GS_TOPK_COUNTS_MAX / t->leaf_count) {
        t->status = GAOSOU_E_LIMIT;
        return false;
    }
    uint32_t *grown = realloc(t->counts, slots * t->leaf_count * sizeof(*grown));
    if (!grown) {
        t->status = GAOSOU_E_NOMEM;
        return false;
    }
    t->counts = grown;
    t->slot_capacity = slots;
    return true;
}

uint32_t *gs_topk_push(struct gs_topk *t, double key, uint32_t segment, uint32_t doc)
{
    if (t->status)
        return NULL;
    struct gs_topk_entry e = {.key = key, .segment = segment, .doc = doc};
    if (t->count == t->limit) {
        e.slot = t->entries[0].slot;
        t->entries[0] = e;
        sift_down(t, 0);
        return gs_topk_counts(t, &e);
    }
    e.slot = t->count;
    if (t->count == t->capacity && !grow_entries(t))
        return NULL;
    if (e.slot >= t->slot_capacity && !grow_counts(t))
        return NULL;
    t->entries[t->count++] = e;
    sift_up(t, t->count - 1);
    return gs_topk_counts(t, &e);
}

static int compare(const void *a, const void *b)
{
    const struct gs_topk_entry *x = a, *y = b;
    return is_worse(x, y) ? 1 : is_worse(y, x) ? -1 : 0;
}

void gs_topk_sort(struct gs_topk *t)
{
    if (t->count > 1)
        qsort(t->entries, t->count, sizeof(*t->entries), compare);
}
