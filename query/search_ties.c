/* Filings that are equal in their key, in the order of how close together their parts stand. */
#include "query/search_internal.h"

#include <stdlib.h>

#define CHUNK 64u /* filings whose occurrences are held together */

/* Closeness of entries of one segment, ascending, at most CHUNK. */
static enum gaosou_status measure_chunk(struct gs_search_run *run, struct gs_topk_entry *entries,
                                        size_t count)
{
    struct gs_search *s = run->search;
    struct gs_occurrence_batch *b = &s->batch; /* its memory: nothing is held in it yet */
    uint32_t docs[CHUNK];
    size_t ends[CHUNK];
    b->count = 0;
    for (size_t i = 0; i < count; i++)
        docs[i] = entries[i].doc;
    enum gaosou_status status = gs_search_collect(s, entries[0].segment, docs, count, 0, &b->all,
                                                  &b->count, &b->capacity, ends, run->err);
    for (size_t i = 0, from = 0; i < count && !status; from = ends[i++])
        status = gs_closeness_of(&s->closeness, b->all + from, ends[i] - from,
                                 run->query->leaf_count, &entries[i].closeness, run->err);
    return status;
}

static enum gaosou_status measure(struct gs_search_run *run, struct gs_topk_entry *entries,
                                  size_t count)
{
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0, n; i < count && !status; i += n) {
        for (n = 1; n < CHUNK && i + n < count && entries[i + n].segment == entries[i].segment;)
            n++;
        status = measure_chunk(run, entries + i, n);
    }
    return status;
}

static int compare(const void *a, const void *b)
{
    return gs_topk_is_worse(a, b) ? 1 : gs_topk_is_worse(b, a) ? -1 : 0;
}

/* Entries that are equal in their key; they may have been told apart before. */
static enum gaosou_status order_equals(struct gs_search_run *run, struct gs_topk_entry *entries,
                                       size_t count)
{
    for (size_t i = 0; i < count; i++)
        entries[i].closeness = 0;
    qsort(entries, count, sizeof(*entries), compare); /* they are measured by place */
    enum gaosou_status status = measure(run, entries, count);
    if (!status)
        qsort(entries, count, sizeof(*entries), compare);
    return status;
}

static size_t count_equals(const struct gs_topk *top, size_t first)
{
    size_t n = 1;
    while (first + n < top->count && top->entries[first + n].key == top->entries[first].key)
        n++;
    return n;
}

enum gaosou_status gs_search_break_ties(struct gs_search_run *run, size_t first, size_t end)
{
    struct gs_topk *top = &run->search->top;
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0, n; i < top->count && i < end && !status; i += n) {
        n = count_equals(top, i);
        if (i + n > first && n > 1)
            status = order_equals(run, &top->entries[i], n);
    }
    return status;
}

enum gaosou_status gs_search_break_ties_at(struct gs_search_run *run, double key)
{
    struct gs_topk *top = &run->search->top;
    size_t i = 0;
    while (i < top->count && top->entries[i].key > key)
        i++;
    if (i == top->count || top->entries[i].key != key)
        return GAOSOU_OK;
    return order_equals(run, &top->entries[i], count_equals(top, i));
}

enum gaosou_status gs_search_measure(struct gs_search_run *run, size_t entry)
{
    return order_equals(run, &run->search->top.entries[entry], 1);
}
