#include "tests/support/random_world.h"

#include "tests/support/test.h"

#include <math.h>

void world_open(struct world *w, const struct random_history *h)
{
    struct gs_err err;
    memset(w, 0, sizeof(*w));
    w->root = test_folder_create();
    w->folder = test_path(w->root, "index");
    random_history_play(h, w->folder, &w->reference);
    enum gaosou_status status = gs_snapshot_open(&w->snapshot, w->folder, &err);
    w->open = status == GAOSOU_OK;
    if (status != GAOSOU_E_NOT_FOUND) /* a history that adds nothing makes no index */
        assert_ok_err(status, &err);
    assert_ok(gs_search_create(&w->search));
}

void world_close(struct world *w)
{
    gs_search_free(w->search);
    if (w->open)
        gs_snapshot_close(&w->snapshot);
    ref_index_release(&w->reference);
    free(w->folder);
    test_folder_remove(w->root);
}

/* ---- comparing ---- */

static bool say(struct world *w, const char *what, size_t i, double got, double want)
{
    snprintf(w->message, sizeof(w->message), "%s %zu: %.17g, in the reference %.17g", what, i, got,
             want);
    return false;
}

/* Equal but for the rounding of another order of operations. */
static bool is_near(double a, double b)
{
    return fabs(a - b) <= 1e-12 * fabs(a);
}

/* The reference's hit for the filing at rank i. Filings whose scores differ by a rounding may
 * change places. */
static const struct ref_hit *find_hit(size_t i, uint64_t sequence, const struct ref_hits *r)
{
    for (size_t j = 0; j < r->hits.count; j++) {
        const struct ref_hit *hit = &r->hits.at[j];
        if (hit->filing->sequence == sequence)
            return j == i || is_near(hit->score, r->hits.at[i].score) ? hit : NULL;
    }
    return NULL;
}

/* Best first, equal scores by the lower sequence number: so none is there twice either. */
static bool in_order(struct world *w, const struct gs_result *g)
{
    for (size_t i = 1; i < g->hit_count; i++) {
        const struct gs_hit *a = &g->hits[i - 1], *b = &g->hits[i];
        if (a->score < b->score || (a->score == b->score && a->sequence >= b->sequence))
            return say(w, "order at hit", i, (double)b->sequence, (double)a->sequence);
    }
    return true;
}

static bool same_hit(struct world *w, size_t i, const struct gs_hit *g, const struct ref_hits *all,
                     size_t leaves)
{
    uint64_t sequence =
        g->sequence - w->snapshot.manifest.next_sequence + w->reference.next_sequence;
    const struct ref_hit *r = find_hit(i, sequence, all);
    if (!r) {
        r = &all->hits.at[i];
        snprintf(w->message, sizeof(w->message),
                 "hit %zu: filing %llu, score %.17g; in the reference %llu, score %.17g", i,
                 (unsigned long long)sequence, g->score, (unsigned long long)r->filing->sequence,
                 r->score);
        return false;
    }
    if (fabs(g->score - r->score) > 1e-9 * fabs(r->score))
        return say(w, "score of hit", i, g->score, r->score);
    if (g->twin_count != r->twins)
        return say(w, "twins of hit", i, (double)g->twin_count, (double)r->twins);
    for (size_t k = 0; k < leaves; k++)
        if (g->counts[k] != r->counts[k])
            return say(w, "count of a leaf in hit", i, g->counts[k], r->counts[k]);
    return true;
}

/* One Han character or a prefix and nothing else: its occurrences may be a lower bound. */
static bool is_union(const struct ref_query *q)
{
    if (q->root->kind != GS_NODE_LEAF || q->leaves.at[q->root->leaf].items.count != 1)
        return false;
    const struct ref_item *item = &q->leaves.at[q->root->leaf].items.at[0];
    return item->is_han || item->is_prefix;
}

/* Pruning is allowed, and more filings match than were wanted. */
static bool has_more(const struct question *ask, size_t matches)
{
    if (ask->options.collapse)
        return false;
    bool enough =
        ask->options.limit <= matches && ask->options.offset <= matches - ask->options.limit;
    return enough && !ask->options.count_all && !ask->options.exhaustive;
}

/* One OR of leaves, or a bag: where totals may be lower bounds. */
static bool may_be_open(const struct ref_query *q, const struct question *ask)
{
    bool bag = ask->mode == GS_QUERY_ANY || q->root->kind == GS_NODE_OR;
    for (size_t i = 0; i < q->root->children.count; i++)
        bag = bag && q->root->children.at[i]->kind == GS_NODE_LEAF;
    return bag;
}

/* The engine counts by the fields of the query, this side by those that there are. */
static bool same_unjudged(struct world *w, const struct gs_query *gq, const struct gs_result *g,
                          const struct ref_hits *r)
{
    uint64_t want[REF_DATE_FIELDS] = {r->unjudged[0], r->unjudged[1]};
    for (size_t i = 0; i < gq->filter_field_count; i++) {
        size_t field =
            strcmp(gq->filter_fields[i], "date") == 0 ? GS_FILTER_DATE : GS_FILTER_PERIOD;
        if (g->unjudged[i] != want[field])
            return say(w, "unjudged under field", i, (double)g->unjudged[i], (double)want[field]);
        want[field] = 0;
    }
    return (want[0] == 0 && want[1] == 0) || say(w, "fields unjudged", 0, 0, 1);
}

static bool same_totals(struct world *w, const struct question *ask, const struct ref_query *q,
                        const struct gs_result *g, const struct ref_hits *r)
{
    if (g->unsearched[GS_TEXT_NONE] != r->unsearched)
        return say(w, "unsearched", 0, (double)g->unsearched[GS_TEXT_NONE], (double)r->unsearched);
    bool more = q->root && has_more(ask, r->hits.count), open = more && may_be_open(q, ask);
    if (!open && !g->total_exact)
        return say(w, "exactness of the total", 0, g->total_exact, 1);
    if (!open && !(more && is_union(q)) && !g->occurrences_exact)
        return say(w, "exactness of occurrences", 0, g->occurrences_exact, 1);
    if (g->collapsed != r->collapsed)
        return say(w, "collapsed", 0, (double)g->collapsed, (double)r->collapsed);
    uint64_t total = r->hits.count + r->collapsed;
    if (g->total_exact ? g->total != total : g->total > total || g->total < g->hit_count)
        return say(w, g->total_exact ? "total" : "open total", 0, (double)g->total, (double)total);
    if (g->occurrences_exact ? g->occurrences != r->occurrences : g->occurrences > r->occurrences)
        return say(w, g->occurrences_exact ? "occurrences" : "open occurrences", 0,
                   (double)g->occurrences, (double)r->occurrences);
    return true;
}

static bool same_result(struct world *w, const struct question *ask, const struct ref_query *q,
                        const struct gs_result *g, const struct ref_hits *r)
{
    size_t from = ask->options.offset < r->hits.count ? ask->options.offset : r->hits.count;
    size_t count =
        r->hits.count - from < ask->options.limit ? r->hits.count - from : ask->options.limit;
    if (g->hit_count != count)
        return say(w, "hits", 0, (double)g->hit_count, (double)count);
    for (size_t i = 0; i < count; i++)
        if (!same_hit(w, from + i, &g->hits[i], r, q->leaves.count))
            return false;
    return in_order(w, g) && same_totals(w, ask, q, g, r);
}

static bool same_occurrences(struct world *w, const struct gs_query *gq, const struct ref_query *rq,
                             const struct gs_hit *g, const struct ref_hit *r)
{
    struct gs_err err;
    struct gs_occurrence *got = NULL;
    size_t count = 0, capacity = 0, i = 0;
    ref_occurrences want = {0};
    assert_ok_err(gs_search_occurrences(w->search, &w->snapshot, gq, g->segment, g->doc, 0, &got,
                                        &count, &capacity, &err),
                  &err);
    ref_find_occurrences(r->filing, rq, &want);
    while (i < count && i < want.count && got[i].position == want.at[i].position &&
           got[i].width == want.at[i].width && got[i].leaf == want.at[i].leaf)
        i++;
    bool same = i == count && i == want.count;
    if (!same)
        say(w, "occurrence", i, i < count ? got[i].position : (double)count,
            i < want.count ? want.at[i].position : (double)want.count);
    free(got);
    REF_RELEASE(&want);
    return same;
}

static bool same_leaf_totals(struct world *w, const struct gs_query *gq, const struct ref_query *rq)
{
    struct gs_err err;
    uint64_t totals[64];
    if (rq->leaves.count > GS_COUNT_OF(totals) || !rq->root)
        return true;
    assert_ok_err(gs_search_leaf_totals(w->search, &w->snapshot, gq, totals, &err), &err);
    for (size_t i = 0; i < rq->leaves.count; i++) {
        uint64_t want = ref_leaf_total(&w->reference, &rq->leaves.at[i]);
        if (totals[i] != want)
            return say(w, "total of leaf", i, (double)totals[i], (double)want);
    }
    return true;
}

bool world_agree(struct world *w, const struct question *ask, bool more, bool *read)
{
    struct gs_err err;
    struct gs_query *query = NULL;
    struct ref_query reference = {0};
    struct ref_hits want = {0};
    struct gs_result got;
    enum gaosou_status g = gs_query_parse(&query, ask->text, ask->size,
                                          &(struct gs_query_params){.mode = ask->mode}, &err);
    enum gaosou_status r = ref_query_parse(&reference, ask->text, ask->size, ask->mode);
    bool same = g == r || say(w, "status", 0, g, r);
    *read = g == GAOSOU_OK;
    if (same && *read && w->open) {
        assert_ok_err(gs_search_run(w->search, &w->snapshot, query, &ask->options, &got, &err),
                      &err);
        ref_search(&w->reference, &reference,
                   (struct ref_scoring){ask->options.k1, ask->options.b, ask->options.take_unknown},
                   &want);
        if (ask->options.collapse)
            ref_collapse(&want);
        same = same_result(w, ask, &reference, &got, &want) && same_unjudged(w, query, &got, &want);
        if (same && more && got.hit_count > 0) {
            struct gs_hit hit = got.hits[got.hit_count - 1];
            uint64_t sequence =
                hit.sequence - w->snapshot.manifest.next_sequence + w->reference.next_sequence;
            size_t last = ask->options.offset + got.hit_count - 1;
            same = same_occurrences(w, query, &reference, &hit, find_hit(last, sequence, &want));
        }
        if (same && more)
            same = same_leaf_totals(w, query, &reference);
    }
    gs_query_free(query);
    ref_query_release(&reference);
    ref_hits_release(&want);
    return same;
}

/* ---- questions ---- */

struct gs_search_options random_options(struct random_source *r)
{
    struct gs_search_options o = gs_search_defaults();
    static const size_t limits[] = {10, 10, 1, 2, 3, 5, 20, SIZE_MAX, 0};
    o.limit = RANDOM_OF(r, limits);
    o.offset = random_once_in(r, 3) ? random_below(r, 8) : 0;
    o.count_all = random_once_in(r, 3);
    o.exhaustive = random_once_in(r, 4);
    o.collapse = random_once_in(r, 4);
    o.take_unknown = random_once_in(r, 4);
    o.ties = GS_TIES_SEQUENCE; /* the order that the reference knows */
    if (random_once_in(r, 6))
        o.k1 = random_between(r, 0, 30) / 10.0;
    if (random_once_in(r, 6))
        o.b = random_between(r, 0, 10) / 10.0;
    return o;
}

enum gs_query_mode random_mode(struct random_source *r)
{
    uint32_t n = random_below(r, 10);
    return n < 6 ? GS_QUERY_SYNTAX : n < 9 ? GS_QUERY_ANY : GS_QUERY_LITERAL;
}
