/* The second pass: title, order of the question's tokens, best passage (docs/RANKING.md). */
#include "query/rerank.h"

#include <stdlib.h>
#include <string.h>

#define WINDOWS_MAX                                                                                \
    ((size_t)1 << 22) /* of one filing; what stands behind them is in no passage                   \
                       */

/* Where the leaves stand in one filing: those of leaf i at positions[from[i]] up to from[i + 1]. */
struct places {
    uint32_t *positions;
    size_t capacity;
    size_t *from;
};

/* Half-overlapping windows of one filing, `stride` positions apart and two strides wide. */
struct windows {
    double *sums;
    uint32_t *seen; /* the part that was added last, 0: none */
    size_t count, capacity;
    uint32_t stride, part;
    double best;
};

struct rerank {
    struct gs_search_run *run;
    const struct gs_search_options *options;
    const struct gs_ranking *ranking;
    const struct gs_ranking_params *params;
    const struct gs_search_segment *segment;
    struct places places;
    struct windows windows;
};

struct gs_ranking gs_ranking_of(const struct gs_ranking *chosen, const struct gs_query *query)
{
    if (chosen->chosen)
        return *chosen;
    bool full = query->mode == GS_QUERY_ANY;
    return (struct gs_ranking){
        .title = full, .proximity = full, .stop = full, .passages = full, .params = chosen->params};
}

size_t gs_rerank_depth(const struct gs_ranking *ranking)
{
    bool second = ranking->title || ranking->proximity || ranking->passages;
    return second ? (size_t)gs_ranking_params_of(ranking)->depth : 0;
}

/* ---- places ---- */

static bool places_reserve(struct places *p, size_t wanted)
{
    if (wanted <= p->capacity)
        return true;
    size_t capacity = p->capacity ? p->capacity : 4096;
    while (capacity < wanted)
        capacity *= 2;
    uint32_t *grown = realloc(p->positions, capacity * sizeof(*grown));
    if (!grown)
        return false;
    p->positions = grown;
    p->capacity = capacity;
    return true;
}

/* Fills them from the leaves; docs ascend. */
static enum gaosou_status places_read(struct rerank *r, uint32_t doc)
{
    struct places *p = &r->places;
    const struct gs_plan *plan = &r->run->search->plan;
    size_t count = 0;
    for (size_t i = 0; i < r->segment->leaf_count; i++) {
        struct gs_leaf_match *m = &r->segment->leaves[i];
        const uint32_t *starts;
        p->from[i] = count;
        if (plan->leaves[i].excluded || plan->leaves[i].weight <= 0 || gs_leaf_seek(m, doc) != doc)
            continue;
        uint32_t tf = gs_leaf_positions(m, &starts);
        if (!places_reserve(p, count + tf))
            return gs_err_nomem(r->run->err, (count + tf) * sizeof(*starts));
        if (tf)
            memcpy(p->positions + count, starts, tf * sizeof(*starts));
        count += tf;
    }
    p->from[r->segment->leaf_count] = count;
    return GAOSOU_OK;
}

/* ---- passages ---- */

static bool windows_begin(struct windows *w, uint32_t last)
{
    size_t count = (size_t)last / w->stride + 1;
    if (count > WINDOWS_MAX)
        count = WINDOWS_MAX;
    if (count > w->capacity) {
        free(w->sums);
        free(w->seen);
        w->capacity = count * 2;
        w->sums = malloc(w->capacity * sizeof(*w->sums));
        w->seen = malloc(w->capacity * sizeof(*w->seen));
        if (!w->sums || !w->seen) {
            w->capacity = 0;
            return false;
        }
    }
    memset(w->sums, 0, count * sizeof(*w->sums));
    memset(w->seen, 0, count * sizeof(*w->seen));
    w->count = count;
    w->part = 0;
    w->best = 0;
    return true;
}

/* A position of part w->part: its weight once in each of the two windows that it stands in. */
static inline void windows_add(struct windows *w, uint32_t position, double weight)
{
    size_t i = position / w->stride;
    for (size_t k = i ? i - 1 : 0; k <= i && k < w->count; k++) {
        if (w->seen[k] == w->part)
            continue;
        w->seen[k] = w->part;
        w->sums[k] += weight;
        if (w->sums[k] > w->best)
            w->best = w->sums[k];
    }
}

/* ---- the parts of one filing ---- */

static double leaf_weight(const struct rerank *r, size_t leaf)
{
    return r->run->search->plan.leaves[leaf].weight;
}

static double title_part(const struct rerank *r, uint32_t start, uint32_t size)
{
    const struct places *p = &r->places;
    struct gs_scorer scorer =
        gs_scorer_make(r->options->k1, r->options->b, 1, (uint64_t)r->params->title_length);
    double sum = 0;
    for (size_t i = 0; i < r->segment->leaf_count; i++) {
        uint32_t width = r->segment->leaves[i].width, tf = 0;
        for (size_t k = p->from[i]; k < p->from[i + 1]; k++) {
            uint32_t at = p->positions[k];
            tf += at >= start && (uint64_t)at + width <= (uint64_t)start + size;
        }
        if (tf)
            sum += gs_score_part(leaf_weight(r, i), tf, gs_score_norm(&scorer, size));
    }
    return r->params->title * sum;
}

static void add_leaves(struct rerank *r)
{
    const struct places *p = &r->places;
    for (size_t i = 0; i < r->segment->leaf_count; i++) {
        r->windows.part++;
        for (size_t k = p->from[i]; k < p->from[i + 1]; k++)
            windows_add(&r->windows, p->positions[k], leaf_weight(r, i));
    }
}

/* The places where the second stands at its distance behind the first. */
static void add_pair(struct rerank *r, const struct gs_leaf_pair *pair, double weight)
{
    const struct places *p = &r->places;
    size_t a = p->from[pair->first], a_end = p->from[pair->first + 1];
    size_t b = p->from[pair->second], b_end = p->from[pair->second + 1];
    while (a < a_end && b < b_end) {
        uint64_t wanted = (uint64_t)p->positions[a] + pair->distance;
        if (p->positions[b] == wanted)
            windows_add(&r->windows, p->positions[a], weight);
        uint32_t at = p->positions[b];
        a += at >= wanted;
        b += at <= wanted;
    }
}

static void add_pairs(struct rerank *r)
{
    const struct gs_query *query = r->run->query;
    for (size_t i = 0; i < query->pair_count; i++) {
        const struct gs_leaf_pair *pair = &query->pairs[i];
        double first = leaf_weight(r, pair->first), second = leaf_weight(r, pair->second);
        r->windows.part++;
        add_pair(r, pair, r->params->pair * (first < second ? first : second));
    }
}

static uint32_t last_position(const struct rerank *r)
{
    const struct places *p = &r->places;
    uint32_t last = 0;
    for (size_t i = 0; i < r->segment->leaf_count; i++)
        if (p->from[i + 1] > p->from[i] && p->positions[p->from[i + 1] - 1] > last)
            last = p->positions[p->from[i + 1] - 1];
    return last;
}

/* What is added to the score of a filing. */
static enum gaosou_status make_parts(struct rerank *r, uint32_t doc, struct gs_rerank_parts *parts)
{
    const struct gs_segment *segment = r->segment->part->segment;
    uint64_t start, size;
    struct gs_err *err = r->run->err;
    enum gaosou_status status = places_read(r, doc);
    if (status || (status = gs_column_get(segment, GS_COLUMN_TITLE_START, doc, &start, err)) ||
        (status = gs_column_get(segment, GS_COLUMN_TITLE_POSITIONS, doc, &size, err)))
        return status;
    if (!windows_begin(&r->windows, last_position(r)))
        return gs_err_nomem(err, r->windows.count * sizeof(double));
    parts->title = r->ranking->title ? title_part(r, (uint32_t)start, (uint32_t)size) : 0;
    if (r->ranking->passages)
        add_leaves(r);
    if (r->ranking->proximity)
        add_pairs(r);
    parts->passage = r->params->passage * r->windows.best;
    return GAOSOU_OK;
}

static enum gaosou_status add_parts(struct rerank *r, struct gs_topk_entry *e)
{
    struct gs_rerank_parts parts;
    enum gaosou_status status = make_parts(r, e->doc, &parts);
    if (status)
        return status;
    e->key += parts.title;
    e->key += parts.passage;
    return GAOSOU_OK;
}

/* ---- the head of the ranking ---- */

static int by_place(const void *a, const void *b)
{
    const struct gs_topk_entry *x = a, *y = b;
    if (x->segment != y->segment)
        return x->segment < y->segment ? -1 : 1;
    return x->doc < y->doc ? -1 : x->doc > y->doc;
}

static int by_key(const void *a, const void *b)
{
    return gs_topk_is_worse(a, b) ? 1 : gs_topk_is_worse(b, a) ? -1 : 0;
}

/* Tells the unions of the segment which filings they will be asked for. */
static enum gaosou_status choose_docs(struct rerank *r, const struct gs_search_segment *segment,
                                      const struct gs_topk_entry *entries, size_t count)
{
    struct gs_arena *arena = &r->run->search->segment_arena;
    uint32_t *docs = gs_arena_alloc(arena, count * sizeof(*docs));
    if (!docs)
        return gs_err_nomem(r->run->err, count * sizeof(*docs));
    for (size_t i = 0; i < count; i++)
        docs[i] = entries[i].doc;
    gs_search_choose_few(segment, docs, count);
    return GAOSOU_OK;
}

/* Entries of one segment, ascending. */
static enum gaosou_status score_segment(struct rerank *r, struct gs_topk_entry *entries,
                                        size_t count)
{
    struct gs_search *s = r->run->search;
    struct gs_search_segment open;
    enum gaosou_status status =
        gs_search_open_segment(s, entries[0].segment, true, false, &open, r->run->err);
    if (status)
        return status;
    r->segment = &open;
    status = choose_docs(r, &open, entries, count);
    for (size_t i = 0; i < count && !status; i++)
        status = add_parts(r, &entries[i]);
    enum gaosou_status closed = gs_search_close_segment(s, &open, status ? NULL : r->run->err);
    return status ? status : closed;
}

static enum gaosou_status rerank_open(struct rerank *r, struct gs_search_run *run,
                                      const struct gs_search_options *options)
{
    size_t leaves = run->search->plan.leaf_count;
    *r = (struct rerank){.run = run,
                         .options = options,
                         .ranking = &run->ranking,
                         .params = gs_ranking_params_of(&run->ranking)};
    r->windows.stride = (uint32_t)r->params->window / 2 ? (uint32_t)r->params->window / 2 : 1;
    r->places.from = calloc(leaves + 1, sizeof(*r->places.from));
    return r->places.from ? GAOSOU_OK : gs_err_nomem(run->err, leaves * sizeof(*r->places.from));
}

static void rerank_close(struct rerank *r)
{
    free(r->places.positions);
    free(r->places.from);
    free(r->windows.sums);
    free(r->windows.seen);
}

enum gaosou_status gs_rerank_filing(struct gs_search_run *run,
                                    const struct gs_search_options *options,
                                    const struct gs_search_segment *segment, uint32_t doc,
                                    struct gs_rerank_parts *parts)
{
    struct rerank r;
    enum gaosou_status status = rerank_open(&r, run, options);
    r.segment = segment;
    if (!status)
        status = make_parts(&r, doc, parts);
    rerank_close(&r);
    return status;
}

enum gaosou_status gs_rerank(struct gs_search_run *run, const struct gs_search_options *options,
                             size_t count)
{
    struct gs_topk *top = &run->search->top;
    if (count == 0)
        return GAOSOU_OK;
    struct rerank r;
    enum gaosou_status status = rerank_open(&r, run, options);
    qsort(top->entries, count, sizeof(*top->entries), by_place);
    for (size_t i = 0, end; i < count && !status; i = end) {
        for (end = i + 1; end < count && top->entries[end].segment == top->entries[i].segment;)
            end++;
        status = score_segment(&r, top->entries + i, end - i);
    }
    qsort(top->entries, count, sizeof(*top->entries), by_key);
    rerank_close(&r);
    return status;
}
