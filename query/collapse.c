#include "query/collapse.h"

#include <stdlib.h>

#define NO_GROUP SIZE_MAX

/* Content hash to the number of the group that has it, by open addressing. */
struct groups {
    struct {
        uint64_t hash; /* 0: free */
        size_t group;
    } * slots;
    size_t mask;
    size_t *of; /* by entry: the group it is in */
    size_t count;
    size_t passed; /* those whose best was shown before: the first ones */
};

void gs_collapse_release(struct gs_collapse *c)
{
    free(c->shown);
    free(c->twins);
    free(c->twin_starts);
    *c = (struct gs_collapse){0};
}

static bool groups_init(struct groups *g, size_t entries)
{
    size_t size = 16;
    while (size < 2 * entries)
        size *= 2;
    g->mask = size - 1;
    g->slots = calloc(size, sizeof(*g->slots));
    g->of = malloc((entries + 1) * sizeof(*g->of));
    return g->slots && g->of;
}

/* The group of a hash, a new one where it is the first; 0 is the hash of nothing else. */
static size_t find_group(struct groups *g, uint64_t hash)
{
    if (hash == 0)
        return g->count++;
    size_t i = (size_t)(hash & g->mask);
    while (g->slots[i].hash != 0 && g->slots[i].hash != hash)
        i = (i + 1) & g->mask;
    if (g->slots[i].hash == 0) {
        g->slots[i].hash = hash;
        g->slots[i].group = g->count++;
    }
    return g->slots[i].group;
}

static enum gaosou_status group_entries(struct groups *g, const struct gs_snapshot *snapshot,
                                        const struct gs_topk *ranked, size_t passed,
                                        struct gs_err *err)
{
    for (size_t i = 0; i < ranked->count; i++) {
        const struct gs_topk_entry *e = &ranked->entries[i];
        uint64_t hash = 0;
        enum gaosou_status status = gs_column_get(snapshot->segments[e->segment].segment,
                                                  GS_COLUMN_CONTENT_HASH, e->doc, &hash, err);
        if (status != GAOSOU_OK)
            return status;
        g->of[i] = find_group(g, hash);
        if (i < passed)
            g->passed = g->count;
    }
    return GAOSOU_OK;
}

/* Groups are numbered in the order of their best, so that the wanted ones follow each other: the
 * number of one among them, or NO_GROUP. */
static size_t wanted(const struct gs_collapse *c, size_t offset, size_t group)
{
    return group >= offset && group - offset < c->shown_count ? group - offset : NO_GROUP;
}

/* Two passes over the entries: how many twins each group has, and which. */
static void fill(struct gs_collapse *c, const struct groups *g, const struct gs_topk *ranked,
                 size_t offset)
{
    for (size_t i = 0; i < c->shown_count; i++)
        c->shown[i] = SIZE_MAX;
    for (size_t i = 0; i < ranked->count; i++) {
        size_t k = wanted(c, offset, g->of[i]);
        if (k != NO_GROUP)
            c->twin_starts[k + 1]++;
    }
    for (size_t k = 0; k < c->shown_count; k++) /* less the best of each */
        c->twin_starts[k + 1] += c->twin_starts[k] - 1;
    size_t *next = c->twin_starts; /* moves on to the next group's start, then back by one */
    for (size_t i = 0; i < ranked->count; i++) {
        const struct gs_topk_entry *e = &ranked->entries[i];
        size_t k = wanted(c, offset, g->of[i]);
        if (k == NO_GROUP)
            continue;
        if (c->shown[k] == SIZE_MAX)
            c->shown[k] = i;
        else
            c->twins[next[k]++] = (struct gs_hit_twin){e->segment, e->doc};
    }
    for (size_t k = c->shown_count; k > 0; k--)
        next[k] = next[k - 1];
    next[0] = 0;
}

static enum gaosou_status choose(struct gs_collapse *c, const struct groups *g,
                                 const struct gs_topk *ranked, size_t offset, size_t limit,
                                 struct gs_err *err)
{
    size_t left = offset < g->count ? g->count - offset : 0;
    c->shown_count = limit < left ? limit : left;
    c->more = c->shown_count < left;
    c->collapsed = ranked->count - g->count;
    c->shown = malloc((c->shown_count + 1) * sizeof(*c->shown));
    c->twin_starts = calloc(c->shown_count + 2, sizeof(*c->twin_starts));
    c->twins = malloc((size_t)(c->collapsed + 1) * sizeof(*c->twins));
    if (!c->shown || !c->twin_starts || !c->twins)
        return gs_err_nomem(err, ranked->count * sizeof(*c->twins));
    fill(c, g, ranked, offset);
    return GAOSOU_OK;
}

enum gaosou_status gs_collapse_make(struct gs_collapse *c, const struct gs_snapshot *snapshot,
                                    const struct gs_topk *ranked, size_t passed, size_t offset,
                                    size_t limit, struct gs_err *err)
{
    struct groups g = {0};
    enum gaosou_status status = GAOSOU_OK;
    if (!groups_init(&g, ranked->count))
        status = gs_err_nomem(err, ranked->count * sizeof(*g.slots));
    if (status == GAOSOU_OK)
        status = group_entries(&g, snapshot, ranked, passed, err);
    if (status == GAOSOU_OK)
        status = choose(c, &g, ranked, offset > SIZE_MAX - g.passed ? SIZE_MAX : g.passed + offset,
                        limit, err);
    free(g.slots);
    free(g.of);
    return status;
}
