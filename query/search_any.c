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
#include "query/search_internal.h"

#include <stdlib.h>
#include <string.h>

#define WINDOW    16384u /* filings at most */
#define WORDS     (WINDOW / 64)
#define PARTS     (WINDOW / GS_RANGE_LEAST + 1) /* ranges that a window reaches into */
#define GAP       4u    /* ranges that cannot get in are gone over where no more stand together */
#define SEEDS     4u    /* ranges that are looked at first */
#define FEW       8192u /* filings; with no more, bounds gain nothing */
#define SEEK_COST 3u    /* of a filing sought in a list, in postings added up */

struct any_leaf {
    struct gs_leaf_match *match;
    struct gs_list_cursor *list; /* where the leaf is one list that needs no positions */
    const float *row;            /* bounds by range */
    const struct gs_thin_list
        *thin;     /* where the list was read with the bounds; then it is walked */
    uint32_t next; /* in thin: the first filing at or behind what was asked for */
    float weight;
    uint32_t hit_count; /* filings of the window that it was found in, as far as it was asked,
                           ascending */
    uint16_t hits[WINDOW];
    uint32_t tfs[WINDOW];
};

struct any {
    struct gs_search_run *run;
    const struct gs_search_segment *segment;
    struct gs_range_bounds bounds;
    bool bounded;            /* else every leaf is summed up everywhere */
    struct any_leaf *leaves; /* in leaf order */
    size_t count;
    uint32_t *order;        /* leaves by their bound in the window, ascending */
    uint32_t *found;        /* tfs of one filing */
    float *local, *below;   /* by leaf: that bound; by place in order: sum of those before */
    uint32_t from, to;      /* the window */
    const uint8_t *lengths; /* of its filings */
    double threshold;
    float limit;           /* sums below it are below the threshold */
    float sums[WINDOW];    /* all 0 between windows */
    uint64_t bits[WORDS];  /* all 0 but inside take_live */
    float least[PARTS];    /* what a sum needs, by range */
    uint16_t live[WINDOW]; /* filings of the window that can get in, ascending */
    uint32_t live_count;
    enum gaosou_status status;
};

static void set_threshold(struct any *a)
{
    a->threshold = gs_topk_threshold(&a->run->search->top);
    a->limit = gs_bound_limit(a->threshold);
}

static enum gaosou_status any_open(struct any **out, struct gs_search_run *run,
                                   const struct gs_search_segment *segment)
{
    struct gs_arena *arena = &run->search->segment_arena;
    size_t n = segment->leaf_count;
    struct any *a = gs_arena_alloc(arena, sizeof(*a));
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
        struct any_leaf *leaf = &a->leaves[i];
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

/* ---- sums ---- */

static inline void note_hit(struct any_leaf *leaf, uint32_t i, uint32_t tf)
{
    leaf->hits[leaf->hit_count] = (uint16_t)i;
    leaf->tfs[leaf->hit_count++] = tf;
}

static inline uint32_t length_of(const struct any *a, uint32_t i)
{
    return gs_load_u32(a->lengths + (size_t)i * 4);
}

/* Postings of the window that stand in one decoded block. Three plain loops: loads, arithmetic that
 * compilers vectorise (hence signed numbers, which convert in one instruction), stores. */
static void add_postings(struct any *a, struct any_leaf *leaf, const uint32_t *docs,
                         const uint32_t *freqs, uint32_t n)
{
    float parts[GS_BLOCK];
    int32_t lengths[GS_BLOCK];
    uint16_t *hits = leaf->hits + leaf->hit_count;
    const float weight = leaf->weight, base = a->run->approximate.base,
                slope = a->run->approximate.slope;
    for (uint32_t i = 0; i < n; i++) {
        hits[i] = (uint16_t)(docs[i] - a->from);
        lengths[i] = (int32_t)(length_of(a, hits[i]) & INT32_MAX);
    }
    for (uint32_t i = 0; i < n; i++) {
        float tf = (float)(int32_t)freqs[i];
        parts[i] = weight * tf / (tf + (base + slope * (float)lengths[i])) + GS_FLOAT_LEAST;
    }
    uint32_t fresh = 0;
    for (uint32_t i = 0; i < n; i++) {
        float *sum = &a->sums[hits[i]];
        fresh += *sum == 0;
        *sum += parts[i];
    }
    a->run->total += fresh;
    memcpy(leaf->tfs + leaf->hit_count, freqs, n * sizeof(*freqs));
    leaf->hit_count += n;
}

/* leaf->next to the first filing >= target; back only for the ranges that come first. */
static void thin_seek(struct any_leaf *leaf, uint32_t target)
{
    const uint32_t *docs = leaf->thin->docs;
    uint32_t count = leaf->thin->count, step = 1;
    if (leaf->next > 0 && docs[leaf->next - 1] >= target)
        leaf->next = 0;
    uint32_t low = leaf->next;
    while (step < count - low && docs[low + step] < target) {
        low += step;
        step *= 2;
    }
    uint32_t high = step < count - low ? low + step : count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (docs[middle] < target)
            low = middle + 1;
        else
            high = middle;
    }
    leaf->next = low;
}

static void fill_from_thin(struct any *a, struct any_leaf *leaf)
{
    const struct gs_thin_list *thin = leaf->thin;
    thin_seek(leaf, a->from);
    uint32_t i = leaf->next, n = leaf->hit_count, fresh = 0;
    for (; i < thin->count && thin->docs[i] < a->to; i++, n++) {
        float *sum = &a->sums[thin->docs[i] - a->from];
        fresh += *sum == 0;
        *sum += thin->parts[i];
        leaf->hits[n] = (uint16_t)(thin->docs[i] - a->from);
        leaf->tfs[n] = thin->freqs[i];
    }
    leaf->next = i;
    leaf->hit_count = n;
    a->run->total += fresh;
}

static void fill_from_list(struct any *a, struct any_leaf *leaf)
{
    struct gs_list_cursor *c = leaf->list;
    gs_list_seek(c, a->from);
    while (c->doc < a->to && gs_list_freq(c)) {
        uint32_t first = c->index, end = c->count;
        if (c->docs[end - 1] >= a->to)
            for (end = first; c->docs[end] < a->to;)
                end++;
        add_postings(a, leaf, c->docs + first, c->freqs + first, end - first);
        if (end < c->count || c->docs[end - 1] + 1 >= a->to)
            return; /* the next block is not decoded before it is wanted */
        gs_list_seek(c, c->docs[end - 1] + 1);
    }
}

/* Leaves that need positions: not read where the filing cannot get in with the most that the
 * postings allow; `rest` is what the leaves that are not summed up yet can add. */
static void fill_from_leaf(struct any *a, struct any_leaf *leaf, float rest)
{
    struct gs_leaf_match *m = leaf->match;
    for (uint32_t doc = gs_leaf_seek(m, a->from); doc < a->to; doc = gs_leaf_seek(m, doc + 1)) {
        uint32_t i = doc - a->from, length = length_of(a, i);
        float most = gs_float_part(&a->run->approximate, leaf->weight, gs_leaf_tf_most(m), length);
        if (a->bounded && a->sums[i] + most + rest < a->limit) {
            a->run->pruned = true;
            continue;
        }
        uint32_t tf = gs_leaf_confirm(m);
        if (!tf)
            continue;
        a->run->total += a->sums[i] == 0;
        a->sums[i] += gs_float_part(&a->run->approximate, leaf->weight, tf, length);
        note_hit(leaf, i, tf);
    }
}

static void fill(struct any *a, struct any_leaf *leaf, float rest)
{
    if (leaf->thin)
        fill_from_thin(a, leaf);
    else if (leaf->list)
        fill_from_list(a, leaf);
    else
        fill_from_leaf(a, leaf, rest);
}

/* Deleted filings as if the leaf had not been summed up in them. */
static void drop_deleted(struct any *a, const struct any_leaf *leaf)
{
    for (uint32_t h = 0; h < leaf->hit_count; h++) {
        float *sum = &a->sums[leaf->hits[h]];
        if (*sum > 0 && gs_snapshot_is_deleted(a->segment->part, a->from + leaf->hits[h])) {
            *sum = 0;
            a->run->total--;
        }
    }
}

/* What a sum has to be to get in with the leaves that stand before place k in order, by range of
 * the window: thinner bounds than the window's. */
static void set_least(struct any *a, size_t k)
{
    uint32_t first = a->from >> a->bounds.shift, last = (a->to - 1) >> a->bounds.shift;
    for (uint32_t r = first; r <= last; r++) {
        float rest = 0;
        for (size_t i = 0; i < k; i++)
            rest += a->leaves[a->order[i]].row[r];
        float least = a->limit - rest;
        a->least[r - first] = least > GS_FLOAT_LEAST / 2 ? least : GS_FLOAT_LEAST / 2;
    }
}

/* The filings summed up that can get in with the leaves before place k. Walks what was added and
 * not the window: mostly there is little of it, and next to nothing of that can get in. */
static void take_live(struct any *a, size_t k)
{
    uint64_t words[WORDS / 64] = {0}; /* those that have bits */
    unsigned shift = a->bounds.shift;
    uint32_t inside = a->from & ((1u << shift) - 1); /* of the first range, before the window */
    for (size_t e = k; e < a->count && a->segment->part->deleted; e++)
        drop_deleted(a, &a->leaves[a->order[e]]);
    set_least(a, k);
    for (size_t e = k; e < a->count; e++) {
        const struct any_leaf *leaf = &a->leaves[a->order[e]];
        for (uint32_t h = 0; h < leaf->hit_count; h++) {
            uint32_t i = leaf->hits[h];
            if (a->sums[i] >= a->least[(i + inside) >> shift]) {
                a->bits[i / 64] |= UINT64_C(1) << (i & 63);
                words[i / 4096] |= UINT64_C(1) << (i / 64 & 63);
            }
        }
    }
    a->live_count = 0;
    for (uint32_t v = 0; v < WORDS / 64; v++)
        for (; words[v]; words[v] &= words[v] - 1) {
            uint32_t w = 64 * v + (uint32_t)__builtin_ctzll(words[v]);
            for (uint64_t bits = a->bits[w]; bits; bits &= bits - 1)
                a->live[a->live_count++] = (uint16_t)(64 * w + (uint32_t)__builtin_ctzll(bits));
            a->bits[w] = 0;
        }
}

/* tf in a filing of the window that is not before the one asked about last. */
static uint32_t seek_tf(struct any_leaf *leaf, uint32_t doc)
{
    if (leaf->thin) {
        thin_seek(leaf, doc);
        bool found = leaf->next < leaf->thin->count && leaf->thin->docs[leaf->next] == doc;
        return found ? leaf->thin->freqs[leaf->next] : 0;
    }
    if (leaf->list)
        return gs_list_seek(leaf->list, doc) == doc ? gs_list_freq(leaf->list) : 0;
    return gs_leaf_tf_at(leaf->match, doc);
}

/* Adds a leaf to the live filings only. */
static void seek_live(struct any *a, struct any_leaf *leaf)
{
    for (uint32_t k = 0; k < a->live_count; k++) {
        uint32_t i = a->live[k], tf = seek_tf(leaf, a->from + i);
        if (!tf)
            continue;
        a->sums[i] += gs_float_part(&a->run->approximate, leaf->weight, tf, length_of(a, i));
        note_hit(leaf, i, tf);
    }
}

/* Those that cannot get in with the leaves before place k. */
static void drop_dead(struct any *a, size_t k)
{
    unsigned shift = a->bounds.shift;
    uint32_t kept = 0, inside = a->from & ((1u << shift) - 1);
    set_least(a, k);
    for (uint32_t n = 0; n < a->live_count; n++) {
        uint32_t i = a->live[n];
        a->live[kept] = (uint16_t)i;
        kept += a->sums[i] >= a->least[(i + inside) >> shift];
    }
    a->live_count = kept;
}

/* ---- what the window holds ---- */

/* tf in filing i of the window, which every leaf was asked about. */
static uint32_t tf_of(const struct any_leaf *leaf, uint32_t i)
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
static void enter(struct any *a, uint32_t i)
{
    struct gs_topk *top = &a->run->search->top;
    uint32_t segment = (uint32_t)a->segment->index;
    double score = 0, norm = gs_score_norm(&a->run->scorer, length_of(a, i));
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

static void count_occurrences(struct any *a)
{
    const struct gs_snapshot_segment *part = a->segment->part;
    uint64_t sum = 0;
    for (size_t k = 0; k < a->count; k++) {
        const struct any_leaf *leaf = &a->leaves[k];
        for (uint32_t i = 0; i < leaf->hit_count; i++)
            if (!part->deleted || !gs_snapshot_is_deleted(part, a->from + leaf->hits[i]))
                sum += leaf->tfs[i];
    }
    a->run->occurrences += sum;
}

/* ---- windows ---- */

static bool window_begin(struct any *a, uint32_t from, uint32_t to)
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

static void window_end(struct any *a)
{
    for (size_t k = 0; k < a->count; k++)
        for (uint32_t h = 0; h < a->leaves[k].hit_count; h++)
            a->sums[a->leaves[k].hits[h]] = 0;
}

/* The leaves by their bounds in the ranges that the window reaches into. */
static void order_leaves(struct any *a)
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

static bool is_dense(const struct any *a, const struct any_leaf *leaf)
{
    return leaf->list && (uint64_t)leaf->list->ref.df * (a->to - a->from) <
                             (uint64_t)SEEK_COST * a->live_count * a->segment->doc_count;
}

static void visit_window(struct any *a, uint32_t from, uint32_t to)
{
    if (!window_begin(a, from, to))
        return;
    if (a->bounded)
        order_leaves(a);
    size_t k = a->count;
    while (k > 0 && (!a->bounded || a->below[k] >= a->limit)) {
        k--;
        fill(a, &a->leaves[a->order[k]], a->below[k]);
    }
    take_live(a, k);
    while (k > 0 && a->live_count > 0) {
        struct any_leaf *leaf = &a->leaves[a->order[--k]];
        a->run->pruned = true;
        if (!is_dense(a, leaf)) {
            seek_live(a, leaf);
        } else {
            fill(a, leaf, 0);
            if (a->segment->part->deleted)
                drop_deleted(a, leaf);
        }
        drop_dead(a, k);
    }
    a->run->pruned |= k > 0 && a->below[k] > 0;
    count_occurrences(a);
    for (uint32_t i = 0; i < a->live_count; i++)
        if (!(a->sums[a->live[i]] < a->limit))
            enter(a, a->live[i]);
    window_end(a);
}

static void visit_stretch(struct any *a, uint32_t from, uint32_t to)
{
    for (uint32_t next; from < to && !a->status && !a->run->search->top.status; from = next) {
        next = to - from > WINDOW ? from + WINDOW : to;
        visit_window(a, from, next);
    }
}

/* ---- which windows ---- */

/* The first filing from `from` on that a leaf has a candidate in. */
static uint32_t next_candidate(struct any *a, uint32_t from)
{
    uint32_t first = GS_DOC_END;
    for (size_t i = 0; i < a->count; i++) {
        struct any_leaf *leaf = &a->leaves[i];
        uint32_t doc =
            leaf->list ? gs_list_seek(leaf->list, from) : gs_leaf_seek(leaf->match, from);
        if (doc < first)
            first = doc;
    }
    return first;
}

static void visit_all(struct any *a)
{
    uint32_t end = a->segment->doc_count;
    for (uint32_t from = next_candidate(a, 0); from < end && !a->status;
         from = next_candidate(a, from)) {
        uint32_t to = end - from > WINDOW ? from + WINDOW : end;
        visit_stretch(a, from, to);
        if (to == end || a->run->search->top.status)
            return;
        from = to;
    }
}

static uint32_t range_end(const struct any *a, uint32_t range)
{
    uint64_t end = ((uint64_t)range + 1) << a->bounds.shift;
    return end < a->segment->doc_count ? (uint32_t)end : a->segment->doc_count;
}

/* The numbers of the ranges with the greatest sums, ascending. */
static uint32_t find_seeds(const struct any *a, uint32_t seeds[SEEDS])
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
static void visit_seeds(struct any *a)
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

static bool is_live(const struct any *a, uint32_t range)
{
    return a->bounds.sums[range] > 0 && a->bounds.sums[range] >= a->limit;
}

/* Ranges that can get in, those that stand close by together as far as a window goes. */
static void visit_live(struct any *a)
{
    uint32_t together = WINDOW >> a->bounds.shift ? WINDOW >> a->bounds.shift : 1;
    for (uint32_t r = 0; r < a->bounds.count && !a->status && !a->run->search->top.status; r++) {
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
    struct any *a = NULL;
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
