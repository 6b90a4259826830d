/*
 * One OR of leaves over one segment.
 *
 * Filings are worked on in windows. In a window the leaves stand in order of what each can add
 * there at most (MaxScore: Turtle and Flood, "Query evaluation: strategies and optimizations",
 * 1995, with bounds by range of filings instead of by list). From the greatest down their postings
 * are added up in an array of floats, until the leaves that are left cannot lift a filing into the
 * best k all together; from there on only filings that can still get in are looked at, fewer with
 * each leaf. What is left then is scored in double, in leaf order, so that every plan gives the
 * same sums to the last bit; the float sums only decide what need not be scored, with slack
 * (range_bounds.h).
 *
 * With pruning, range_bounds.h tells what each range of filings can score at most. A few of the
 * best ranges come first, because they give a threshold that is nearly the last one; then the
 * others in order of their filings, those left out that stay below it.
 */
#include "query/search_any.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define GAP       4u    /* ranges that cannot get in are gone over where no more stand together */
#define SEEDS     4u    /* ranges that are looked at first */
#define FEW       8192u /* filings; with no more, bounds gain nothing */
#define SEEK_COST 3u    /* of a filing sought in a list, in postings added up */

static void set_threshold(struct gs_any *a)
{
    /* where more is gathered than the best every filing counts */
    a->threshold = a->run->gather ? -INFINITY : gs_topk_threshold(&a->run->search->top);
    a->limit = gs_bound_limit(a->threshold);
}

static enum gaosou_status any_open(struct gs_any **out, struct gs_search_run *run,
                                   const struct gs_search_segment *segment)
{
    struct gs_arena *arena = &run->search->segment_arena;
    size_t n = segment->leaf_count;
    struct gs_any *a = gs_arena_alloc(arena, sizeof(*a));
    if (!a)
        return gs_err_nomem(run->err, sizeof(*a));
    a->run = run;
    a->segment = segment;
    a->count = n;
    a->status = GAOSOU_OK;
    a->bounded = false;
    a->bounds = (struct gs_range_bounds){.shift = GS_RANGE_SHIFT};
    a->leaves = gs_arena_alloc(arena, n * sizeof(*a->leaves));
    a->order = gs_arena_alloc(arena, n * sizeof(*a->order));
    a->found = gs_arena_alloc(arena, n * sizeof(*a->found));
    a->local = gs_arena_alloc(arena, n * sizeof(*a->local));
    a->below = gs_arena_alloc(arena, (n + 1) * sizeof(*a->below));
    if (!a->leaves || !a->order || !a->found || !a->local || !a->below)
        return gs_err_nomem(run->err, n * sizeof(*a->leaves));
    for (size_t i = 0; i < n; i++) {
        struct gs_any_leaf *leaf = &a->leaves[i];
        leaf->match = &segment->leaves[i];
        leaf->list = gs_leaf_list(leaf->match);
        leaf->weight = (float)leaf->match->weight;
        leaf->row = NULL;
        leaf->thin = NULL;
        leaf->next = 0;
        a->order[i] = (uint32_t)i;
        a->local[i] = 0;
    }
    memset(a->below, 0, (n + 1) * sizeof(*a->below));
    memset(a->sums, 0, sizeof(a->sums));
    memset(a->bits, 0, sizeof(a->bits));
    set_threshold(a);
    *out = a;
    return GAOSOU_OK;
}

/* ---- what the window holds ---- */

/* tf in filing i of the window, which every leaf was asked about. */
static uint32_t tf_of(const struct gs_any_leaf *leaf, uint32_t i)
{
    uint32_t low = 0, high = leaf->hit_count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (leaf->hits[middle] < i)
            low = middle + 1;
        else
            high = middle;
    }
    return low < leaf->hit_count && leaf->hits[low] == i ? leaf->tfs[low] : 0;
}

/* Its place among the best: the score in double, in leaf order, and the counts. */
static void enter(struct gs_any *a, uint32_t i)
{
    struct gs_topk *top = &a->run->search->top;
    uint32_t segment = (uint32_t)a->segment->index;
    double score = 0, norm = gs_score_norm(&a->run->scorer, gs_any_length(a, i));
    for (size_t k = 0; k < a->count; k++) {
        uint32_t tf = tf_of(&a->leaves[k], i);
        a->found[k] = tf;
        if (tf)
            score += gs_score_part(a->leaves[k].match->weight, tf, norm);
    }
    if (!gs_topk_accepts(top, score, segment, a->from + i))
        return;
    uint32_t *counts = gs_topk_push(top, score, segment, a->from + i);
    if (counts)
        memcpy(counts, a->found, a->count * sizeof(*counts));
    set_threshold(a);
}

static void enter_live(struct gs_any *a)
{
    struct gs_gather *gather = a->run->gather;
    float limit = gs_bound_limit(gs_topk_threshold(&a->run->search->top));
    for (uint32_t i = 0; i < a->live_count; i++) {
        if (gather)
            gs_gather_doc(gather, a->from + a->live[i]);
        if (!a->run->by_score || a->sums[a->live[i]] < limit)
            continue;
        enter(a, a->live[i]);
        limit = gs_bound_limit(gs_topk_threshold(&a->run->search->top));
    }
}

static void count_occurrences(struct gs_any *a)
{
    const struct gs_snapshot_segment *part = a->segment->part;
    uint64_t sum = 0;
    for (size_t k = 0; k < a->count; k++) {
        const struct gs_any_leaf *leaf = &a->leaves[k];
        for (uint32_t i = 0; i < leaf->hit_count; i++)
            if (!part->deleted || !gs_snapshot_is_deleted(part, a->from + leaf->hits[i]))
                sum += leaf->tfs[i];
    }
    a->run->occurrences += sum;
}

/* ---- windows ---- */

static bool window_begin(struct gs_any *a, uint32_t from, uint32_t to)
{
    enum gaosou_status status = gs_column_lengths_view(a->segment->part->segment, from, to - from,
                                                       &a->lengths, a->run->err);
    if (status) {
        a->status = status;
        return false;
    }
    a->from = from;
    a->to = to;
    for (size_t i = 0; i < a->count; i++)
        a->leaves[i].hit_count = 0;
    return true;
}

static void window_end(struct gs_any *a)
{
    for (size_t k = 0; k < a->count; k++)
        for (uint32_t h = 0; h < a->leaves[k].hit_count; h++)
            a->sums[a->leaves[k].hits[h]] = 0;
}

/* The leaves by their bounds in the ranges that the window reaches into. */
static void order_leaves(struct gs_any *a)
{
    uint32_t first = a->from >> a->bounds.shift, last = (a->to - 1) >> a->bounds.shift;
    for (size_t k = 0; k < a->count; k++) {
        float most = a->leaves[k].row[first];
        for (uint32_t r = first + 1; r <= last; r++)
            most = a->leaves[k].row[r] > most ? a->leaves[k].row[r] : most;
        a->local[k] = most;
    }
    for (size_t i = 1; i < a->count; i++) { /* nearly sorted by the window before */
        uint32_t leaf = a->order[i];
        size_t k = i;
        for (; k > 0 && a->local[a->order[k - 1]] > a->local[leaf]; k--)
            a->order[k] = a->order[k - 1];
        a->order[k] = leaf;
    }
    for (size_t i = 0; i < a->count; i++)
        a->below[i + 1] = a->below[i] + a->local[a->order[i]];
}

static bool is_dense(const struct gs_any *a, const struct gs_any_leaf *leaf)
{
    return leaf->list && (uint64_t)leaf->list->ref.df * (a->to - a->from) <
                             (uint64_t)SEEK_COST * a->live_count * a->segment->doc_count;
}

static void visit_window(struct gs_any *a, uint32_t from, uint32_t to)
{
    if (!window_begin(a, from, to))
        return;
    if (a->bounded)
        order_leaves(a);
    size_t k = a->count;
    while (k > 0 && (!a->bounded || a->below[k] >= a->limit)) {
        k--;
        gs_any_fill(a, &a->leaves[a->order[k]], a->below[k]);
    }
    gs_any_take_live(a, k);
    while (k > 0 && a->live_count > 0) {
        struct gs_any_leaf *leaf = &a->leaves[a->order[--k]];
        a->run->pruned = true;
        if (!is_dense(a, leaf)) {
            gs_any_seek_live(a, leaf);
        } else {
            gs_any_fill(a, leaf, 0);
            if (a->segment->part->deleted)
                gs_any_drop_deleted(a, leaf);
        }
        gs_any_drop_dead(a, k);
    }
    a->run->pruned |= k > 0 && a->below[k] > 0;
    if (!a->run->deadline.passed) { /* else some of the window was not read */
        count_occurrences(a);
        enter_live(a);
    }
    window_end(a);
}

static void visit_stretch(struct gs_any *a, uint32_t from, uint32_t to)
{
    for (uint32_t next; from < to && !a->status && !gs_search_is_over(a->run); from = next) {
        next = to - from > GS_ANY_WINDOW ? from + GS_ANY_WINDOW : to;
        visit_window(a, from, next);
    }
}

/* ---- which windows ---- */

/* The first filing from `from` on that a leaf has a candidate in. */
static uint32_t next_candidate(struct gs_any *a, uint32_t from)
{
    uint32_t first = GS_DOC_END;
    for (size_t i = 0; i < a->count; i++) {
        struct gs_any_leaf *leaf = &a->leaves[i];
        uint32_t doc =
            leaf->list ? gs_list_seek(leaf->list, from) : gs_leaf_seek(leaf->match, from);
        if (doc < first)
            first = doc;
    }
    return first;
}

static void visit_all(struct gs_any *a)
{
    uint32_t end = a->segment->doc_count;
    for (uint32_t from = next_candidate(a, 0); from < end && !a->status;
         from = next_candidate(a, from)) {
        uint32_t to = end - from > GS_ANY_WINDOW ? from + GS_ANY_WINDOW : end;
        visit_stretch(a, from, to);
        if (to == end || gs_search_is_over(a->run))
            return;
        from = to;
    }
}

static uint32_t range_end(const struct gs_any *a, uint32_t range)
{
    uint64_t end = ((uint64_t)range + 1) << a->bounds.shift;
    return end < a->segment->doc_count ? (uint32_t)end : a->segment->doc_count;
}

/* The numbers of the ranges with the greatest sums, ascending. */
static uint32_t find_seeds(const struct gs_any *a, uint32_t seeds[SEEDS])
{
    const float *sums = a->bounds.sums;
    uint32_t n = 0;
    for (uint32_t r = 0; r < a->bounds.count; r++) {
        if (n == SEEDS && sums[r] <= sums[seeds[n - 1]])
            continue;
        uint32_t k = n < SEEDS ? n++ : n - 1;
        for (; k > 0 && sums[seeds[k - 1]] < sums[r]; k--)
            seeds[k] = seeds[k - 1];
        seeds[k] = r;
    }
    for (uint32_t i = 1; i < n; i++) {
        uint32_t seed = seeds[i], k = i;
        for (; k > 0 && seeds[k - 1] > seed; k--)
            seeds[k] = seeds[k - 1];
        seeds[k] = seed;
    }
    return n;
}

/* Visits them, and marks them done: no bound is below zero but theirs. */
static void visit_seeds(struct gs_any *a)
{
    uint32_t seeds[SEEDS], n = find_seeds(a, seeds);
    for (size_t k = 0; k < a->count; k++)
        if (!gs_leaf_can_rewind(a->leaves[k].match))
            return;
    for (uint32_t i = 0; i < n; i++) {
        if (!(a->bounds.sums[seeds[i]] >= a->limit) || a->bounds.sums[seeds[i]] <= 0)
            continue;
        visit_stretch(a, seeds[i] << a->bounds.shift, range_end(a, seeds[i]));
        a->bounds.sums[seeds[i]] = -1;
    }
    for (size_t k = 0; k < a->count; k++)
        gs_leaf_rewind(a->leaves[k].match);
}

static bool is_live(const struct gs_any *a, uint32_t range)
{
    return a->bounds.sums[range] > 0 && a->bounds.sums[range] >= a->limit;
}

/* Ranges that can get in, those that stand close by together as far as a window goes. */
static void visit_live(struct gs_any *a)
{
    uint32_t together = GS_ANY_WINDOW >> a->bounds.shift ? GS_ANY_WINDOW >> a->bounds.shift : 1;
    for (uint32_t r = 0; r < a->bounds.count && !a->status && !gs_search_is_over(a->run); r++) {
        if (!is_live(a, r)) {
            a->run->pruned |= a->bounds.sums[r] > 0;
            continue;
        }
        uint32_t first = r, end = first + together;
        for (uint32_t i = r + 1; i < end && i < a->bounds.count && i - r <= GAP; i++) {
            if (a->bounds.sums[i] < 0)
                break; /* done already */
            r = is_live(a, i) ? i : r;
        }
        visit_stretch(a, first << a->bounds.shift, range_end(a, r));
    }
}

enum gaosou_status gs_search_any(struct gs_search_run *run, const struct gs_search_segment *segment)
{
    struct gs_any *a = NULL;
    enum gaosou_status status = any_open(&a, run, segment);
    if (status)
        return status;
    if (!run->prune || segment->doc_count <= FEW) {
        visit_all(a);
        return a->status;
    }
    status = gs_range_bounds_make(&a->bounds, &run->search->segment_arena, &run->approximate,
                                  segment->leaves, a->count, segment->doc_count, run->err);
    if (status)
        return status;
    for (size_t k = 0; k < a->count; k++) {
        a->leaves[k].row = a->bounds.rows + k * a->bounds.count;
        a->leaves[k].thin = a->bounds.thin[k].docs ? &a->bounds.thin[k] : NULL;
    }
    a->bounded = true;
    visit_seeds(a);
    visit_live(a);
    return a->status;
}
