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
#define GROUP  (WINDOW / 64) /* filings whose lengths are read together */

struct any_leaf {
    struct gs_leaf_match *match;
    struct gs_list_cursor *list; /* where the leaf is one list that needs no positions */
    double bound;                /* of any filing in the segment */
    double block_bound;          /* of the filings up to block_last, where it was asked for */
    uint32_t block_last;
    bool has_block, is_essential;
    uint32_t hit_count; /* filings of the window that it was found in, as far as it was asked,
                           ascending */
    uint16_t hits[WINDOW];
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
    double threshold;
    uint64_t touched[WORDS];
    double scores[WINDOW];
    double norms[WINDOW];
    uint64_t norms_known; /* a bit for 16 filings of the window */
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
        struct any_leaf *leaf = &a->leaves[i];
        leaf->match = &segment->leaves[i];
        leaf->list = gs_leaf_list(leaf->match);
        leaf->bound = gs_leaf_bound(leaf->match, &run->scorer);
        leaf->has_block = false;
        leaf->is_essential = true;
        leaf->hit_count = 0;
        a->by_bound[i] = leaf;
    }
    qsort(a->by_bound, n, sizeof(struct any_leaf *), compare_bounds);
    a->below[0] = 0;
    for (size_t i = 0; i < n; i++)
        a->below[i + 1] = a->below[i] + a->by_bound[i]->bound;
    *out = a;
    return GAOSOU_OK;
}

/* ---- essential leaves fill the window ---- */

static void load_norms(struct any *a, uint32_t group)
{
    uint32_t lengths[GROUP], first = a->from + group * GROUP;
    uint32_t count = a->segment->doc_count - first < GROUP ? a->segment->doc_count - first : GROUP;
    enum gaosou_status status =
        gs_column_lengths(a->segment->part->segment, first, count, lengths, a->run->err);
    if (status)
        a->status = status;
    for (uint32_t i = 0; i < count; i++)
        a->norms[group * GROUP + i] = status ? 1 : gs_score_norm(&a->run->scorer, lengths[i]);
    a->norms_known |= UINT64_C(1) << group;
}

static inline double norm_of(struct any *a, uint32_t i)
{
    if (!(a->norms_known >> (i / GROUP) & 1))
        load_norms(a, i / GROUP);
    return a->norms[i];
}

static inline void note_hit(struct any *a, struct any_leaf *leaf, uint32_t i, uint32_t tf)
{
    leaf->hits[leaf->hit_count] = (uint16_t)i;
    leaf->tfs[leaf->hit_count++] = tf;
    a->run->occurrences += tf;
}

static inline void add_hit(struct any *a, struct any_leaf *leaf, uint32_t doc, uint32_t tf)
{
    if (gs_snapshot_is_deleted(a->segment->part, doc))
        return;
    uint32_t i = doc - a->from;
    uint64_t bit = UINT64_C(1) << (i & 63), *word = &a->touched[i / 64];
    double part = gs_score_part(leaf->match->weight, tf, norm_of(a, i));
    a->scores[i] = *word & bit ? a->scores[i] + part : part;
    *word |= bit;
    note_hit(a, leaf, i, tf);
}

/* Straight from the decoded blocks: the docs of a block are padded with GS_DOC_END. */
static void fill_from_list(struct any *a, struct any_leaf *leaf)
{
    struct gs_list_cursor *c = leaf->list;
    gs_list_seek(c, a->from);
    while (c->doc < a->to && gs_list_freq(c)) {
        uint32_t i = c->index, to = a->to;
        for (; i < c->count && c->docs[i] < to; i++)
            add_hit(a, leaf, c->docs[i], c->freqs[i]);
        gs_list_seek(c, c->docs[i - 1] + 1);
    }
    leaf->match->started = true;
    leaf->match->doc = c->doc;
}

static void fill_window(struct any *a, struct any_leaf *leaf)
{
    struct gs_leaf_match *m = leaf->match;
    if (leaf->list) {
        fill_from_list(a, leaf);
        return;
    }
    for (uint32_t doc = gs_leaf_seek(m, a->from); doc < a->to; doc = gs_leaf_seek(m, doc + 1)) {
        uint32_t tf = gs_leaf_confirm(m);
        if (tf)
            add_hit(a, leaf, doc, tf);
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
    a->norms_known = 0;
    memset(a->touched, 0, sizeof(a->touched));
    for (size_t i = 0; i < a->count; i++)
        a->leaves[i].hit_count = 0;
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
static bool complete(struct any *a, uint32_t i)
{
    uint32_t doc = a->from + i;
    double score = a->scores[i];
    for (size_t k = a->inessential; k-- > 0;) {
        if (gs_score_is_below(score + a->below[k + 1], a->threshold))
            return false;
        struct any_leaf *leaf = a->by_bound[k];
        if (gs_score_is_below(score + a->below[k] + bound_at(a, leaf, doc), a->threshold))
            return false;
        uint32_t tf = gs_leaf_tf_at(leaf->match, doc);
        if (!tf)
            continue;
        note_hit(a, leaf, i, tf);
        score += gs_score_part(leaf->match->weight, tf, norm_of(a, i));
    }
    return !gs_score_is_below(score, a->threshold);
}

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

/* The score in leaf order. The window was filled in that order, so it is there already unless
 * inessential leaves came behind. */
static double exact_score(struct any *a, uint32_t i)
{
    if (a->inessential == 0)
        return a->scores[i];
    double score = 0, norm = norm_of(a, i);
    for (size_t k = 0; k < a->count; k++) {
        uint32_t tf = tf_of(&a->leaves[k], i);
        if (tf)
            score += gs_score_part(a->leaves[k].match->weight, tf, norm);
    }
    return score;
}

/* Its place among the best, with the counts. */
static void enter(struct any *a, uint32_t i)
{
    struct gs_topk *top = &a->run->search->top;
    uint32_t segment = (uint32_t)a->segment->index;
    double score = exact_score(a, i);
    if (!gs_topk_accepts(top, score, segment, a->from + i))
        return;
    uint32_t *counts = gs_topk_push(top, score, segment, a->from + i);
    for (size_t k = 0; counts && k < a->count; k++)
        counts[k] = tf_of(&a->leaves[k], i);
    a->threshold = gs_topk_threshold(top);
}

static void visit_window(struct any *a)
{
    double rest = a->below[a->inessential];
    for (uint32_t w = 0; w < WORDS; w++) {
        a->run->total += (uint64_t)__builtin_popcountll(a->touched[w]);
        for (uint64_t bits = a->touched[w]; bits; bits &= bits - 1) {
            uint32_t i = w * 64 + (uint32_t)__builtin_ctzll(bits);
            if (!gs_score_is_below(a->scores[i] + rest, a->threshold) && complete(a, i))
                enter(a, i);
        }
    }
}

/* How many leaves the threshold makes inessential. */
static void settle_inessential(struct any *a)
{
    if (!a->run->prune)
        return;
    while (a->inessential < a->count &&
           gs_score_is_below(a->below[a->inessential + 1], a->threshold))
        a->by_bound[a->inessential++]->is_essential = false;
    if (a->inessential > 0)
        a->run->pruned = true;
}

enum gaosou_status gs_search_any(struct gs_search_run *run, const struct gs_search_segment *segment)
{
    struct any *a = NULL;
    enum gaosou_status status = any_open(&a, run, segment);
    if (status)
        return status;
    a->threshold = gs_topk_threshold(&run->search->top);
    settle_inessential(a);
    for (uint32_t from = 0; next_window(a, from); from = a->to) {
        for (size_t k = 0; k < a->count; k++) {
            if (a->leaves[k].is_essential)
                fill_window(a, &a->leaves[k]);
        }
        visit_window(a);
        if (a->status || run->search->top.status)
            break;
        settle_inessential(a);
    }
    return a->status;
}
