/*
 * A query that is one union (a Han character anywhere, a prefix), over one segment.
 *
 * A frequent character stands in thousands of lists, and where they overlap only positions tell how
 * often it occurs. So filings and frequencies alone are added up first, list by list, into arrays
 * over the filings: where lists of terms that begin with the character never share a position with
 * one another, and lists of terms that end with it neither, their sums X and Y and the frequency U
 * of the character by itself say that max(X, Y, U) <= tf <= X + Y + U. The lower bounds give a
 * threshold; only filings whose upper bound passes it are looked at with their positions
 * (gs_union_cursor.only). Words share no positions: there the two bounds are one.
 *
 * All filings are counted; occurrences of those that were not looked at by their lower bound.
 */
#include "query/search_internal.h"

#include <stdlib.h>
#include <string.h>

#define DOCS_LEAST                                                                                 \
    256u                  /* with fewer filings, or fewer postings than a quarter of them, windows \
                           */
#define SHARE_LEAST 4u    /* that are sorted (match_union.c) cost less */
#define WANTED_MOST 1024u /* hits: the heap below is for few */

struct dense {
    struct gs_search_run *run;
    const struct gs_search_segment *segment;
    struct gs_leaf_match *match;
    struct gs_union_cursor *cursor;
    uint32_t doc_count;
    uint32_t *least,
        *most;        /* bounds of tf by filing; least is X and most Y while lists are added */
    uint64_t *chosen; /* a bit a filing: to be looked at */
    const uint8_t *lengths;
    float *best; /* a heap, the least on top: lower bounds of the best scores */
    size_t wanted, best_count;
};

/* Adds the frequencies of list i to an array. */
static enum gaosou_status add_list(struct dense *d, uint32_t i, uint32_t *sums)
{
    struct gs_list_cursor *c = d->cursor->reader;
    gs_list_open(c, d->cursor->segment, &d->cursor->lists->refs[i]);
    while (gs_list_freq(c)) {
        for (uint32_t k = 0; k < c->count; k++)
            sums[c->docs[k]] += c->freqs[k];
        gs_list_seek(c, c->docs[c->count - 1] + 1);
    }
    return c->status;
}

static enum gaosou_status add_lists(struct dense *d)
{
    const struct gs_union_lists *lists = d->cursor->lists;
    uint32_t alone = lists->has_unigram ? 1 : 0; /* it is the first */
    enum gaosou_status status = GAOSOU_OK;
    for (uint32_t i = alone; i < lists->count && !status && !gs_search_is_over(d->run); i++)
        status = add_list(d, i, i < lists->ends_from ? d->least : d->most);
    for (uint32_t doc = 0; doc < d->doc_count; doc++) {
        uint32_t x = d->least[doc], y = d->most[doc];
        d->least[doc] = x > y ? x : y;
        d->most[doc] = x + y;
    }
    if (!alone || status)
        return status;
    struct gs_list_cursor *c = d->cursor->reader;
    gs_list_open(c, d->cursor->segment, &lists->refs[0]);
    for (uint32_t u; (u = gs_list_freq(c)) > 0; gs_list_next(c)) {
        d->most[c->doc] += u;
        if (d->least[c->doc] < u)
            d->least[c->doc] = u;
    }
    return c->status;
}

static float part_of(const struct dense *d, uint32_t doc, uint32_t tf)
{
    return gs_float_part(&d->run->approximate, (float)d->match->weight, tf,
                         gs_load_u32(d->lengths + (size_t)doc * 4));
}

/* Keeps the `wanted` greatest. */
static void keep_best(struct dense *d, float part)
{
    size_t i;
    if (d->best_count < d->wanted) {
        for (i = d->best_count++; i > 0 && d->best[(i - 1) / 2] > part; i = (i - 1) / 2)
            d->best[i] = d->best[(i - 1) / 2];
        d->best[i] = part;
        return;
    }
    if (part <= d->best[0])
        return;
    size_t child = 1;
    for (i = 0; child < d->wanted; i = child, child = 2 * i + 1) {
        if (child + 1 < d->wanted && d->best[child + 1] < d->best[child])
            child++;
        if (d->best[child] >= part)
            break;
        d->best[i] = d->best[child];
    }
    d->best[i] = part;
}

/* Whether the filing stands for sure behind the place that an answer is continued behind. */
static bool is_wanted(const struct dense *d, uint32_t doc)
{
    const struct gs_topk_after *after = &d->run->search->top.after;
    return !after->set || part_of(d, doc, d->most[doc]) < gs_bound_limit(after->key);
}

/* Counts the filings, and finds what a part has to be at least to be among the best. */
static float find_limit(struct dense *d)
{
    for (uint32_t doc = 0; doc < d->doc_count; doc++) {
        if (d->most[doc] == 0)
            continue;
        if (gs_snapshot_is_deleted(d->segment->part, doc)) {
            d->most[doc] = 0;
            continue;
        }
        d->run->total++;
        if (is_wanted(d, doc))
            keep_best(d, part_of(d, doc, d->least[doc]));
    }
    float known = gs_bound_limit(gs_topk_threshold(&d->run->search->top));
    float here = d->best_count == d->wanted ? gs_bound_limit((double)d->best[0]) : -1;
    return known > here ? known : here;
}

static void choose_filings(struct dense *d, float limit)
{
    for (uint32_t doc = 0; doc < d->doc_count; doc++) {
        if (d->most[doc] == 0)
            continue;
        if (part_of(d, doc, d->most[doc]) >= limit) {
            d->chosen[doc / 64] |= UINT64_C(1) << (doc & 63);
            continue;
        }
        d->run->occurrences += d->least[doc];
        d->run->open_occurrences |= d->least[doc] < d->most[doc];
    }
}

static void offer(struct dense *d, uint32_t doc, uint32_t tf)
{
    struct gs_topk *top = &d->run->search->top;
    uint32_t segment = (uint32_t)d->segment->index;
    uint32_t length = gs_load_u32(d->lengths + (size_t)doc * 4);
    double score = gs_score_part(d->match->weight, tf, gs_score_norm(&d->run->scorer, length));
    d->run->occurrences += tf;
    if (!gs_topk_accepts(top, score, segment, doc))
        return;
    uint32_t *counts = gs_topk_push(top, score, segment, doc);
    if (counts)
        counts[0] = tf;
}

static void visit_chosen(struct dense *d)
{
    struct gs_union_cursor *c = d->cursor;
    if (c->distinct) {
        for (uint32_t doc = 0; doc < d->doc_count; doc++)
            if (d->chosen[doc / 64] >> (doc & 63) & 1)
                offer(d, doc, d->most[doc]);
        return;
    }
    gs_union_choose(c, d->chosen);
    for (uint32_t doc = gs_union_seek(c, 0); doc != GS_DOC_END; doc = gs_union_seek(c, doc + 1))
        offer(d, doc, gs_union_freq(c));
}

bool gs_search_union_suits(const struct gs_search_run *run, const struct gs_search_segment *segment)
{
    const struct gs_leaf_match *m = &segment->leaves[0];
    return run->prune && run->search->top.limit <= WANTED_MOST && m->part_count == 1 &&
           !m->needs_positions && m->parts[0].union_ && segment->doc_count >= DOCS_LEAST &&
           m->parts[0].cost >= segment->doc_count / SHARE_LEAST;
}

static enum gaosou_status search(struct dense *d)
{
    enum gaosou_status status = gs_column_lengths_view(d->segment->part->segment, 0, d->doc_count,
                                                       &d->lengths, d->run->err);
    if (status)
        return status;
    status = add_lists(d);
    if (status) {
        d->match->status = status; /* told when the segment is closed */
        return GAOSOU_OK;
    }
    if (gs_search_is_over(d->run))
        return GAOSOU_OK; /* sums of some of the lists say nothing */
    choose_filings(d, find_limit(d));
    visit_chosen(d);
    return GAOSOU_OK;
}

enum gaosou_status gs_search_union(struct gs_search_run *run,
                                   const struct gs_search_segment *segment)
{
    size_t n = segment->doc_count, wanted = run->search->top.limit;
    struct dense d = {.run = run,
                      .segment = segment,
                      .match = &segment->leaves[0],
                      .cursor = segment->leaves[0].parts[0].union_,
                      .doc_count = segment->doc_count,
                      .least = calloc(n, sizeof(*d.least)),
                      .most = calloc(n, sizeof(*d.most)),
                      .chosen = calloc(n / 64 + 1, sizeof(*d.chosen)),
                      .best = calloc(wanted, sizeof(*d.best)),
                      .wanted = wanted};
    bool room = d.least && d.most && d.chosen && d.best;
    enum gaosou_status status = room ? search(&d) : gs_err_nomem(run->err, n * sizeof(*d.least));
    free(d.least);
    free(d.most);
    free(d.chosen);
    free(d.best);
    return status;
}
