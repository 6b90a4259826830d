/* The hits of a run: its ranking in its last order, those that are shown, their scores and counts.
 */
#include "query/rerank.h"
#include "query/search_internal.h"

#include <stdlib.h>

static enum gaosou_status fit_hits(struct gs_search *s, size_t count, struct gs_err *err)
{
    s->hit_count = 0;
    if (count <= s->hit_capacity)
        return GAOSOU_OK;
    struct gs_hit *grown = realloc(s->hits, count * sizeof(*grown));
    if (!grown)
        return gs_err_nomem(err, count * sizeof(*grown));
    s->hits = grown;
    s->hit_capacity = count;
    return GAOSOU_OK;
}

/* On this page and those before it. */
static uint64_t hits_so_far(const struct gs_search_run *run, const struct gs_search_options *o)
{
    return (run->after ? run->after->rank : o->offset) + run->search->hit_count;
}

/* The ranked entry as the next hit. */
static enum gaosou_status add_hit(struct gs_search *s, size_t entry, struct gs_err *err)
{
    const struct gs_topk_entry *e = &s->top.entries[entry];
    struct gs_hit *hit = &s->hits[s->hit_count++];
    *hit =
        (struct gs_hit){.score = e->key,
                        .segment = e->segment,
                        .doc = e->doc,
                        .counts = e->slot == GS_TOPK_NO_COUNTS ? NULL : gs_topk_counts(&s->top, e)};
    return gs_column_get(s->plan.snapshot->segments[e->segment].segment, GS_COLUMN_SEQUENCE, e->doc,
                         &hit->sequence, err);
}

static enum gaosou_status make_all_hits(struct gs_search_run *run,
                                        const struct gs_search_options *o)
{
    struct gs_search *s = run->search;
    size_t first = s->top.count - run->passed > o->offset ? run->passed + o->offset : s->top.count;
    size_t end = s->top.count - first < o->limit ? s->top.count : first + o->limit;
    enum gaosou_status status = fit_hits(s, end - first, run->err);
    for (size_t i = first; i < end && status == GAOSOU_OK; i++)
        status = add_hit(s, i, run->err);
    run->more = end < s->top.count && end > first;
    return run->more && !status ? gs_search_make_cursor(run, end - 1, hits_so_far(run, o)) : status;
}

static enum gaosou_status make_collapsed_hits(struct gs_search_run *run,
                                              const struct gs_search_options *o)
{
    struct gs_search *s = run->search;
    struct gs_collapse *c = &s->collapse;
    gs_collapse_release(c);
    enum gaosou_status status =
        gs_collapse_make(c, s->plan.snapshot, &s->top, run->passed, o->offset, o->limit, run->err);
    if (status == GAOSOU_OK)
        status = fit_hits(s, c->shown_count, run->err);
    for (size_t i = 0; i < c->shown_count && status == GAOSOU_OK; i++) {
        status = add_hit(s, c->shown[i], run->err);
        s->hits[i].twins = c->twins + c->twin_starts[i];
        s->hits[i].twin_count = c->twin_starts[i + 1] - c->twin_starts[i];
    }
    run->more = c->more && c->shown_count > 0;
    if (!run->more || status)
        return status;
    return gs_search_make_cursor(run, c->shown[c->shown_count - 1], hits_so_far(run, o));
}

/* ---- hits that were ranked without being scored ---- */

#define FEW 1024u /* filings that a union is sought for one by one */

static int compare_places(const void *a, const void *b)
{
    const struct gs_hit *x = *(struct gs_hit *const *)a, *y = *(struct gs_hit *const *)b;
    if (x->segment != y->segment)
        return x->segment < y->segment ? -1 : 1;
    return x->doc < y->doc ? -1 : x->doc > y->doc;
}

/* Tells the unions of the segment which filings they will be asked for. */
static enum gaosou_status choose_docs(struct gs_search *s, const struct gs_search_segment *segment,
                                      struct gs_hit *const *hits, size_t count, struct gs_err *err)
{
    uint32_t *docs = gs_arena_alloc(&s->segment_arena, count * sizeof(*docs));
    if (!docs)
        return gs_err_nomem(err, count * sizeof(*docs));
    for (size_t i = 0; i < count; i++)
        docs[i] = hits[i]->doc;
    gs_search_choose_few(segment, docs, count);
    return GAOSOU_OK;
}

/* Hits of one segment, ascending. */
static enum gaosou_status settle_segment(struct gs_search_run *run, struct gs_hit *const *hits,
                                         size_t count, uint32_t *counts)
{
    struct gs_search *s = run->search;
    struct gs_search_segment segment;
    enum gaosou_status status =
        gs_search_open_segment(s, hits[0]->segment, false, run->nested, &segment, run->err);
    if (status)
        return status;
    if (count <= FEW)
        status = choose_docs(s, &segment, hits, count, run->err);
    if (!status)
        status = gs_search_settle(run, &segment, hits, count, counts);
    enum gaosou_status closed = gs_search_close_segment(s, &segment, status ? NULL : run->err);
    return status ? status : closed;
}

static enum gaosou_status fit_settled(struct gs_search_run *run, size_t count)
{
    struct gs_search *s = run->search;
    size_t leaves = run->query->leaf_count ? run->query->leaf_count : 1;
    if (count > GS_TOPK_COUNTS_MAX / leaves) {
        s->top.status = GAOSOU_E_LIMIT;
        return gs_search_fail_top(run);
    }
    if (count * leaves <= s->settled_capacity)
        return GAOSOU_OK;
    uint32_t *grown = realloc(s->settled, count * leaves * sizeof(*grown));
    if (!grown)
        return gs_err_nomem(run->err, count * leaves * sizeof(*grown));
    s->settled = grown;
    s->settled_capacity = count * leaves;
    return GAOSOU_OK;
}

static enum gaosou_status settle_sorted(struct gs_search_run *run, struct gs_hit **hits,
                                        size_t count)
{
    enum gaosou_status status = fit_settled(run, count);
    for (size_t i = 0, n; i < count && !status; i += n) {
        for (n = 1; i + n < count && hits[i + n]->segment == hits[i]->segment;)
            n++;
        status =
            settle_segment(run, hits + i, n, run->search->settled + i * run->query->leaf_count);
    }
    return status;
}

static enum gaosou_status settle_hits(struct gs_search_run *run)
{
    struct gs_search *s = run->search;
    size_t count = 0;
    struct gs_hit **hits = malloc((s->hit_count + 1) * sizeof(*hits));
    if (!hits)
        return gs_err_nomem(run->err, s->hit_count * sizeof(*hits));
    for (size_t i = 0; i < s->hit_count; i++)
        if (!s->hits[i].counts)
            hits[count++] = &s->hits[i];
    qsort(hits, count, sizeof(*hits), compare_places);
    enum gaosou_status status = count ? settle_sorted(run, hits, count) : GAOSOU_OK;
    free(hits);
    return status;
}

/* ---- all together ---- */

/* Which filings the second pass gets: the best ones, or on a later page what is left of those that
 * it had on the first. */
static enum gaosou_status choose_head(struct gs_search_run *run)
{
    struct gs_topk *top = &run->search->top;
    enum gaosou_status status = GAOSOU_OK;
    size_t most = top->count < run->depth ? top->count : run->depth;
    if (run->after) {
        run->head = most;
        if (run->has_border && top->keep_ties)
            status = gs_search_break_ties_at(run, run->border.key);
        if (run->has_border && !status)
            status = gs_search_count_passed(run, &run->border, &run->head);
        run->head = run->head < most ? run->head : most;
        return status;
    }
    run->head = most;
    run->has_border = most == run->depth;
    if (!run->has_border)
        return GAOSOU_OK;
    if (top->keep_ties)
        status = gs_search_break_ties(run, most - 1, most);
    return status ? status : gs_search_place_of(run, most - 1, &run->border);
}

static enum gaosou_status run_second_pass(struct gs_search_run *run,
                                          const struct gs_search_options *o)
{
    struct gs_topk *top = &run->search->top;
    enum gaosou_status status = choose_head(run);
    if (!status)
        status = gs_rerank(run, o, run->head);
    for (size_t i = 0; i < top->count && !status; i++)
        top->entries[i].closeness = 0;
    gs_topk_sort(top); /* ties by place again: that is how they are measured */
    return status;
}

/* Puts the ranking into its last order, as far as it shows. */
static enum gaosou_status settle_order(struct gs_search_run *run, const struct gs_search_options *o)
{
    struct gs_topk *top = &run->search->top;
    enum gaosou_status status = run->depth ? run_second_pass(run, o) : GAOSOU_OK;
    run->search->head = run->head;
    if (run->after && top->keep_ties && !status)
        status = gs_search_break_ties_at(run, run->last.key);
    if (run->after && !status)
        status = gs_search_count_passed(run, &run->last, &run->passed);
    if (!top->keep_ties || status)
        return status;
    size_t first = run->passed + o->offset;
    size_t end = o->limit > SIZE_MAX - first ? SIZE_MAX : first + o->limit;
    return gs_search_break_ties(run, o->collapse ? 0 : first, o->collapse ? SIZE_MAX : end);
}

enum gaosou_status gs_search_make_hits(struct gs_search_run *run,
                                       const struct gs_search_options *options)
{
    struct gs_search *s = run->search;
    gs_topk_sort(&s->top);
    if (s->top.status)
        return gs_search_fail_top(run);
    enum gaosou_status status = settle_order(run, options);
    if (!status)
        status =
            options->collapse ? make_collapsed_hits(run, options) : make_all_hits(run, options);
    return status ? status : settle_hits(run);
}
