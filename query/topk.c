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
    free(t->border.entries);
    free(t->front.entries);
    gs_topk_init(t);
}

void gs_topk_begin(struct gs_topk *t, size_t limit, size_t leaf_count)
{
    t->count = t->border.count = t->front.count = 0;
    t->keep_ties = t->no_counts = false;
    t->after.set = false;
    t->limit = limit;
    if (leaf_count == 0) /* filters alone: a slot has to have some size */
        leaf_count = 1;
    if (leaf_count != t->leaf_count) {
        t->slot_capacity = leaf_count ? t->slot_capacity * t->leaf_count / leaf_count : 0;
        t->leaf_count = leaf_count;
    }
    t->status = GAOSOU_OK;
}

bool gs_topk_is_worse(const struct gs_topk_entry *a, const struct gs_topk_entry *b)
{
    if (a->key != b->key)
        return a->key < b->key;
    if (a->closeness != b->closeness)
        return a->closeness > b->closeness;
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

/* Whether the filing stands at or before the place that the answer is continued behind; one that
 * ties with it is not known to where ties are told apart later. */
static bool is_shown_before(const struct gs_topk *t, double key, uint32_t segment, uint32_t doc)
{
    const struct gs_topk_after *after = &t->after;
    if (key != after->key)
        return key > after->key;
    return !t->keep_ties &&
           (segment < after->segment || (segment == after->segment && doc < after->doc));
}

bool gs_topk_accepts(const struct gs_topk *t, double key, uint32_t segment, uint32_t doc)
{
    if (t->limit == 0 || (t->after.set && is_shown_before(t, key, segment, doc)))
        return false;
    if (t->count < t->limit || (t->keep_ties && key == t->entries[0].key))
        return true;
    struct gs_topk_entry e = {.key = key, .segment = segment, .doc = doc};
    return gs_topk_is_worse(&t->entries[0], &e) ||
           (t->keep_ties && t->after.set && key == t->after.key);
}

static void sift_up(struct gs_topk *t, size_t i)
{
    struct gs_topk_entry e = t->entries[i];
    while (i > 0 && gs_topk_is_worse(&e, &t->entries[(i - 1) / 2])) {
        t->entries[i] = t->entries[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    t->entries[i] = e;
}

static void sift_down(struct gs_topk *t, size_t i)
{
    struct gs_topk_entry e = t->entries[i];
    for (size_t child = 2 * i + 1; child < t->count; child = 2 * i + 1) {
        if (child + 1 < t->count && gs_topk_is_worse(&t->entries[child + 1], &t->entries[child]))
            child++;
        if (!gs_topk_is_worse(&t->entries[child], &e))
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

/* An entry without counts; only its own order says where it will stand. */
static void add_tie(struct gs_topk *t, struct gs_topk_ties *ties, struct gs_topk_entry e)
{
    if (ties->count == ties->capacity) {
        size_t capacity = ties->capacity ? ties->capacity * 2 : 64;
        struct gs_topk_entry *grown = realloc(ties->entries, capacity * sizeof(*grown));
        if (!grown) {
            t->status = GAOSOU_E_NOMEM;
            return;
        }
        ties->entries = grown;
        ties->capacity = capacity;
    }
    e.slot = GS_TOPK_NO_COUNTS;
    ties->entries[ties->count++] = e;
}

/* The worst goes; its slot is returned. It is kept where it ties with the worst that is left. */
static size_t replace_worst(struct gs_topk *t, struct gs_topk_entry e)
{
    struct gs_topk_entry gone = t->entries[0];
    e.slot = gone.slot;
    t->entries[0] = e;
    sift_down(t, 0);
    if (!t->keep_ties)
        return e.slot;
    if (t->entries[0].key != gone.key)
        t->border.count = 0;
    else
        add_tie(t, &t->border, gone);
    return e.slot;
}

/* Room for an entry that fills the heap up. */
static bool reserve(struct gs_topk *t)
{
    return (t->count < t->capacity || grow_entries(t)) &&
           (t->no_counts || t->count < t->slot_capacity || grow_counts(t));
}

uint32_t *gs_topk_push(struct gs_topk *t, double key, uint32_t segment, uint32_t doc)
{
    if (t->status)
        return NULL;
    struct gs_topk_entry e = {.key = key, .segment = segment, .doc = doc};
    if (t->keep_ties && t->after.set && key == t->after.key) {
        add_tie(t, &t->front, e);
        return NULL;
    }
    if (t->count == t->limit) {
        if (t->keep_ties && !(key > t->entries[0].key)) {
            add_tie(t, &t->border, e);
            return NULL;
        }
        e.slot = replace_worst(t, e);
    } else {
        if (!reserve(t))
            return NULL;
        e.slot = t->no_counts ? GS_TOPK_NO_COUNTS : t->count;
        t->entries[t->count++] = e;
        sift_up(t, t->count - 1);
    }
    return t->no_counts ? NULL : gs_topk_counts(t, &e);
}

/* Puts the ties behind the entries of the heap. */
static void append_ties(struct gs_topk *t, struct gs_topk_ties *ties)
{
    for (size_t i = 0; i < ties->count && !t->status; i++) {
        if (t->count == t->capacity && !grow_entries(t))
            return;
        t->entries[t->count++] = ties->entries[i];
    }
    ties->count = 0;
}

static int compare(const void *a, const void *b)
{
    const struct gs_topk_entry *x = a, *y = b;
    return gs_topk_is_worse(x, y) ? 1 : gs_topk_is_worse(y, x) ? -1 : 0;
}

void gs_topk_sort(struct gs_topk *t)
{
    append_ties(t, &t->border);
    append_ties(t, &t->front);
    if (t->count > 1)
        qsort(t->entries, t->count, sizeof(*t->entries), compare);
}
