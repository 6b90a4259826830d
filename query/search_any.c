/*
 * One OR of leaves over one segment: windows of filings with accumulated scores, and MaxScore
 * pruning.
 *
 * Turtle and Flood, "Query evaluation: strategies and optimizations" (1995): leaves in ascending
 * order of their bounds; those whose bounds together stay below the threshold (the inessential
 * ones) cannot lift a filing into the best k by themselves, so only filings of the others are
 * looked at, and the inessential ones are asked about those alone, highest bound first, as long as
 * the filing can still get in. What enters is scored anew in leaf order, so that pruned and
 * exhaustive runs give the same sums to the last bit.
 */
#include "query/search_internal.h"

#include <stdlib.h>
#include <string.h>

#define WINDOW 1024u
#define WORDS  (WINDOW / 64)

struct any_leaf {
    struct gs_leaf_match *match;
    double bound;       /* of any filing in the segment */
    double block_bound; /* of the filings up to block_last, where it was asked for */
    uint32_t block_last;
    bool has_block;
    uint64_t hits[WORDS]; /* filings of the window that it occurs in, as far as it was asked */
    uint32_t tfs[WINDOW];
};

struct any {
    struct gs_search_run *run;
    const struct gs_search_segment *segment;
    struct any_leaf *leaves;    /* in leaf order */
    struct any_leaf **by_bound; /* ascending */
    double *below;              /* below[i]: sum of the bounds of by_bound[0, i) */
    size_t count, inessential;
    uint32_t from, to; /* the window */
    uint64_t touched[WORDS];
    double scores[WINDOW];
    uint32_t lengths[WINDOW];
    uint64_t lengths_known; /* a bit for 64 filings of the window */
    enum gaosou_status status;
};

static int compare_bounds(const void *a, const void *b)
{
    const struct any_leaf *const *x = a, *const *y = b;
    if ((*x)->bound != (*y)->bound)
        return (*x)->bound < (*y)->bound ? -1 : 1;
    return *x < *y ? -1 : *x > *y;
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
    a->inessential = 0;
    a->status = GAOSOU_OK;
    a->leaves = gs_arena_alloc(arena, n * sizeof(*a->leaves));
    a->by_bound = gs_arena_alloc(arena, n * sizeof(struct any_leaf *));
    a->below = gs_arena_alloc(arena, (n + 1) * sizeof(*a->below));
    if (!a->leaves || !a->by_bound || !a->below)
        return gs_err_nomem(run->err, n * sizeof(*a->leaves));
    for (size_t i = 0; i < n; i++) {
        a->leaves[i].match = &segment->leaves[i];
        a->leaves[i].bound = gs_leaf_bound(&segment->leaves[i], &run->scorer);
        a->leaves[i].has_block = false;
        a->by_bound[i] = &a->leaves[i];
    }
    qsort(a->by_bound, n, sizeof(struct any_leaf *), compare_bounds);
    a->below[0] = 0;
    for (size_t i = 0; i < n; i++)
        a->below[i + 1] = a->below[i] + a->by_bound[i]->bound;
    *out = a;
    return GAOSOU_OK;
}

/* ---- lengths ---- */

static double norm_of(struct any *a, uint32_t i)
{
    uint32_t group = i / 64;
    if (!(a->lengths_known >> group & 1)) {
        uint32_t first = a->from + group * 64;
        uint32_t count = a->segment->doc_count - first < 64 ? a->segment->doc_count - first : 64;
        enum gaosou_status status = gs_column_lengths(a->segment->part->segment, first, count,
                                                      a->lengths + (size_t)group * 64, a->run->err);
        if (status) {
            a->status = status;
            memset(a->lengths + (size_t)group * 64, 0, 64 * sizeof(*a->lengths));
        }
        a->lengths_known |= UINT64_C(1) << group;
    }
    return gs_score_norm(&a->run->scorer, a->lengths[i]);
}

/* ---- essential leaves fill the window ---- */

static void add_hit(struct any *a, struct any_leaf *leaf, uint32_t doc, uint32_t tf)
{
    uint32_t i = doc - a->from;
    uint64_t bit = UINT64_C(1) << (i & 63);
    leaf->hits[i / 64] |= bit;
    leaf->tfs[i] = tf;
    double part = gs_score_part(leaf->match->weight, tf, norm_of(a, i));
    a->scores[i] = a->touched[i / 64] & bit ? a->scores[i] + part : part;
    a->touched[i / 64] |= bit;
}

static void fill_window(struct any *a, struct any_leaf *leaf)
{
    struct gs_leaf_match *m = leaf->match;
    uint32_t doc = gs_leaf_seek(m, a->from);
    while (doc < a->to) {
        uint32_t tf = gs_leaf_confirm(m);
        if (tf)
            add_hit(a, leaf, doc, tf);
        doc = gs_leaf_seek(m, doc + 1);
    }
}

/* The next window that an essential leaf has a candidate in; false at the end. */
static bool next_window(struct any *a, uint32_t from)
{
    uint32_t first = GS_DOC_END;
    for (size_t i = a->inessential; i < a->count; i++) {
        uint32_t doc = gs_leaf_seek(a->by_bound[i]->match, from);
        if (doc < first)
            first = doc;
    }
    if (first >= a->segment->doc_count)
        return false;
    a->from = first;
    a->to = a->segment->doc_count - first < WINDOW ? a->segment->doc_count : first + WINDOW;
    a->lengths_known = 0;
    memset(a->touched, 0, sizeof(a->touched));
    for (size_t i = 0; i < a->count; i++)
        memset(a->leaves[i].hits, 0, sizeof(a->leaves[i].hits));
    return true;
}

/* ---- what the window holds ---- */

/* The most an inessential leaf can add to this filing. */
static double bound_at(struct any *a, struct any_leaf *leaf, uint32_t doc)
{
    struct gs_leaf_match *m = leaf->match;
    if (m->part_count == 0 || !m->parts[0].list)
        return leaf->bound;
    if (!leaf->has_block || doc > leaf->block_last) {
        struct gs_impacts impacts;
        gs_list_bound(m->parts[0].list, doc, &leaf->block_last, &impacts);
        leaf->block_bound = gs_score_bound(&a->run->scorer, m->weight, &impacts);
        leaf->has_block = true;
    }
    return leaf->block_bound;
}

/* Asks the inessential leaves about a filing; false once it cannot enter any more. */
static bool complete(struct any *a, uint32_t i, double threshold)
{
    uint32_t doc = a->from + i;
    double score = a->scores[i];
    for (size_t k = a->inessential; k-- > 0;) {
        if (gs_score_is_below(score + a->below[k + 1], threshold))
            return false;
        struct any_leaf *leaf = a->by_bound[k];
        if (gs_score_is_below(score + a->below[k] + bound_at(a, leaf, doc), threshold))
            return false;
        uint32_t tf = gs_leaf_tf_at(leaf->match, doc);
        if (!tf)
            continue;
        leaf->hits[i / 64] |= UINT64_C(1) << (i & 63);
        leaf->tfs[i] = tf;
        score += gs_score_part(leaf->match->weight, tf, norm_of(a, i));
    }
    return !gs_score_is_below(score, threshold);
}

static uint32_t tf_of(const struct any_leaf *leaf, uint32_t i)
{
    return leaf->hits[i / 64] >> (i & 63) & 1 ? leaf->tfs[i] : 0;
}

/* The score in leaf order; and its place among the best, with the counts. */
static void enter(struct any *a, uint32_t i)
{
    double score = 0, norm = norm_of(a, i);
    for (size_t k = 0; k < a->count; k++) {
        uint32_t tf = tf_of(&a->leaves[k], i);
        if (tf)
            score += gs_score_part(a->leaves[k].match->weight, tf, norm);
    }
    struct gs_topk *top = &a->run->search->top;
    uint32_t segment = (uint32_t)a->segment->index;
    if (!gs_topk_accepts(top, score, segment, a->from + i))
        return;
    uint32_t *counts = gs_topk_push(top, score, segment, a->from + i);
    for (size_t k = 0; counts && k < a->count; k++)
        counts[k] = tf_of(&a->leaves[k], i);
}

static void visit(struct any *a, uint32_t i)
{
    if (gs_snapshot_is_deleted(a->segment->part, a->from + i))
        return;
    a->run->total++;
    double threshold = gs_topk_threshold(&a->run->search->top);
    if (complete(a, i, threshold))
        enter(a, i);
    for (size_t k = 0; k < a->count; k++)
        a->run->occurrences += tf_of(&a->leaves[k], i);
}

/* How many leaves the threshold makes inessential. */
static void settle_inessential(struct any *a)
{
    if (!a->run->prune)
        return;
    double threshold = gs_topk_threshold(&a->run->search->top);
    while (a->inessential < a->count && gs_score_is_below(a->below[a->inessential + 1], threshold))
        a->inessential++;
    if (a->inessential > 0)
        a->run->pruned = true;
}

enum gaosou_status gs_search_any(struct gs_search_run *run, const struct gs_search_segment *segment)
{
    struct any *a = NULL;
    enum gaosou_status status = any_open(&a, run, segment);
    if (status)
        return status;
    settle_inessential(a);
    for (uint32_t from = 0; next_window(a, from); from = a->to) {
        for (size_t k = a->inessential; k < a->count; k++)
            fill_window(a, a->by_bound[k]);
        for (uint32_t w = 0; w < WORDS; w++) {
            for (uint64_t bits = a->touched[w]; bits; bits &= bits - 1)
                visit(a, w * 64 + (uint32_t)__builtin_ctzll(bits));
        }
        if (a->status || run->search->top.status)
            break;
        settle_inessential(a);
    }
    return a->status;
}
