#include "tests/support/random_world.h"

#include "query/cursor.h"
#include "query/filter_check.h"
#include "query/together.h"
#include "tests/support/ref_sign.h"
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
static const struct ref_hit *find_hit(const struct question *ask, size_t i, uint64_t sequence,
                                      const struct ref_hits *r)
{
    bool by_score = ask->options.sort == GS_SORT_SCORE;
    for (size_t j = 0; j < r->hits.count; j++) {
        const struct ref_hit *hit = &r->hits.at[j];
        if (hit->filing->sequence == sequence)
            return j == i || (by_score && is_near(hit->score, r->hits.at[i].score)) ? hit : NULL;
    }
    return NULL;
}

/* A filing's sequence number in the reference. */
static uint64_t ref_sequence(const struct world *w, uint64_t sequence)
{
    return sequence - w->snapshot.manifest.next_sequence + w->reference.next_sequence;
}

/* By score, then as the ties have it: the scores are the engine's, so that what differs by a
 * rounding is in order, too. */
static bool in_order(struct world *w, const struct question *ask, const struct gs_result *g,
                     const struct ref_hits *r)
{
    for (size_t i = 1; i < g->hit_count && ask->options.sort == GS_SORT_SCORE; i++) {
        struct ref_hit pair[2] = {{0}};
        for (size_t k = 0; k < 2; k++) {
            const struct gs_hit *hit = &g->hits[i - 1 + k];
            for (size_t j = 0; j < r->hits.count; j++)
                if (r->hits.at[j].filing->sequence == ref_sequence(w, hit->sequence))
                    pair[k] = r->hits.at[j];
            pair[k].score = hit->score;
        }
        if (ref_compare_hits(&ask->options, &pair[0], &pair[1]) < 0)
            continue;
        snprintf(w->message, sizeof(w->message),
                 "order: hit %zu is filing %llu, %.17g, closeness %u, before %llu, %.17g, %u",
                 i - 1, (unsigned long long)pair[0].filing->sequence, pair[0].score,
                 pair[0].closeness, (unsigned long long)pair[1].filing->sequence, pair[1].score,
                 pair[1].closeness);
        return false;
    }
    return true;
}

static bool same_hit(struct world *w, const struct question *ask, size_t i, const struct gs_hit *g,
                     const struct ref_hits *all, size_t leaves)
{
    uint64_t sequence = ref_sequence(w, g->sequence);
    const struct ref_hit *r = find_hit(ask, i, sequence, all);
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
    return item->is_han || item->is_prefix || item->is_pattern;
}

/* Pruning is allowed, and more filings match than were wanted. */
static bool has_more(const struct question *ask, size_t matches)
{
    if (ask->options.collapse || ask->options.sort != GS_SORT_SCORE || ask->options.facet_count)
        return false;
    bool enough =
        ask->options.limit <= matches && ask->options.offset <= matches - ask->options.limit;
    return enough && !ask->options.count_all && !ask->options.exhaustive;
}

/* One OR of leaves, or a bag: where totals may be lower bounds. */
static bool may_be_open(const struct ref_query *q, const struct question *ask)
{
    bool bag = ask->mode == GS_QUERY_ANY || q->root->kind == GS_NODE_OR;
    if (ask->filters[0] || ask->within)
        return false;
    for (size_t i = 0; i < q->root->children.count; i++)
        bag = bag && q->root->children.at[i]->kind == GS_NODE_LEAF;
    return bag;
}

/* The engine counts by the fields of the query, this side at the first filter of each. */
static bool same_unjudged(struct world *w, const struct gs_query *gq, const struct gs_result *g,
                          const struct ref_query *rq, const struct ref_hits *r)
{
    size_t field = 0;
    for (size_t i = 0; i < rq->filters.count && i < REF_FILTERS_MAX; i++) {
        bool first = true;
        for (size_t k = 0; k < i; k++)
            first &= strcmp(rq->filters.at[k].field, rq->filters.at[i].field) != 0;
        if (!first)
            continue;
        if (field >= gq->filter_field_count ||
            strcmp(gq->filter_fields[field], rq->filters.at[i].field) != 0)
            return say(w, "fields of filters", field, (double)gq->filter_field_count, 0);
        if (g->unjudged[field] != r->unjudged[i])
            return say(w, "unjudged under field", field, (double)g->unjudged[field],
                       (double)r->unjudged[i]);
        field++;
    }
    return field == gq->filter_field_count ||
           say(w, "number of fields", 0, (double)gq->filter_field_count, (double)field);
}

static bool same_facet(struct world *w, const struct question *ask, size_t i,
                       const struct gs_facet *g, const struct ref_hits *all)
{
    struct ref_facet want = {0};
    ref_facet_count(all, ask->facets[i].name, &want);
    size_t most = ask->options.facet_limit;
    size_t listed = want.values.count < most ? want.values.count : most;
    bool same = g->value_count == listed
                    ? true
                    : say(w, "values of facet", i, (double)g->value_count, (double)listed);
    for (size_t k = 0; k < listed && same; k++) {
        const struct ref_facet_value *v = &want.values.at[k];
        if (g->values[k].count != v->count || g->values[k].value.size != strlen(v->text) ||
            memcmp(g->values[k].value.bytes, v->text, strlen(v->text)) != 0)
            same = say(w, ask->facets[i].name, k, (double)g->values[k].count, (double)v->count);
    }
    if (same && g->more != want.values.count - listed)
        same = say(w, "more values of facet", i, (double)g->more,
                   (double)(want.values.count - listed));
    if (same && g->unknown != want.unknown)
        same =
            say(w, "filings without a value of facet", i, (double)g->unknown, (double)want.unknown);
    REF_RELEASE(&want.values);
    return same;
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
        if (!same_hit(w, ask, from + i, &g->hits[i], r, q->leaves.count))
            return false;
    return in_order(w, ask, g, r) && same_totals(w, ask, q, g, r);
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

static bool same_facets(struct world *w, const struct question *ask, const struct gs_result *g,
                        const struct ref_hits *all)
{
    for (size_t i = 0; i < ask->options.facet_count; i++)
        if (!same_facet(w, ask, i, &g->facets[i], all))
            return false;
    return true;
}

/* What only some questions are asked: occurrences of the last hit, the leaves' totals. */
static bool same_details(struct world *w, const struct question *ask, const struct gs_query *query,
                         const struct ref_query *reference, const struct gs_result *got,
                         const struct ref_hits *want)
{
    bool same = true;
    if (got->hit_count > 0) {
        struct gs_hit hit = got->hits[got->hit_count - 1];
        size_t last = ask->options.offset + got->hit_count - 1;
        same = same_occurrences(w, query, reference, &hit,
                                find_hit(ask, last, ref_sequence(w, hit.sequence), want));
    }
    return same && same_leaf_totals(w, query, reference);
}

/* ---- together ---- */

/* Whether the counts are there: two leaves or more that are looked for, no group, and no mode that
 * has no places. */
static bool has_together(const struct question *ask, const struct ref_query *q)
{
    size_t leaves = 0;
    bool group = false;
    for (size_t i = 0; i < q->leaves.count; i++)
        leaves += !q->leaves.at[i].below_not;
    for (size_t kind = GS_NODE_NEAR; kind <= GS_NODE_PARAGRAPH && q->root; kind++)
        group |= ref_node_has(q->root, kind);
    return ask->mode == GS_QUERY_SYNTAX && !ask->within && leaves >= 2 && !group;
}

/* How many of the hits match within a place, too; *known is false where that would be an error. */
static uint64_t count_within(struct world *w, const struct question *ask,
                             const struct ref_hits *all, enum gs_query_within within, bool *known)
{
    struct question narrowed = *ask;
    struct ref_query q = {0};
    struct ref_hits hits = {0};
    uint64_t both = 0;
    narrowed.within = within;
    struct gs_query_params params = question_params(&narrowed);
    *known &=
        ref_query_parse_with(&q, ask->text, ask->size, &params, w->rules.reference) == GAOSOU_OK;
    if (*known)
        ref_search(&w->reference, &q, &ask->options, &hits);
    for (size_t i = 0; i < hits.hits.count; i++)
        for (size_t k = 0; k < all->hits.count; k++)
            both += hits.hits.at[i].filing == all->hits.at[k].filing;
    ref_hits_release(&hits);
    ref_query_release(&q);
    return both;
}

static bool same_together(struct world *w, const struct question *ask, const struct gs_query *query,
                          const struct ref_query *reference, const struct ref_hits *all)
{
    struct gs_err err;
    struct gs_together got;
    struct gs_query_params params = question_params(ask);
    struct gs_search_options options = question_options(ask);
    bool known, has = has_together(ask, reference);
    params.synonyms = w->rules.engine;
    assert_ok_err(gs_together_count(&got, &known, w->search, &w->snapshot, query, ask->text,
                                    ask->size, &params, &options, &err),
                  &err);
    uint64_t sentence = has ? count_within(w, ask, all, GS_WITHIN_SENTENCE, &has) : 0;
    uint64_t paragraph = has ? count_within(w, ask, all, GS_WITHIN_PARAGRAPH, &has) : 0;
    if (known != has)
        return say(w, "whether there are counts of what stands together", 0, known, has);
    if (known && got.sentence != sentence)
        return say(w, "in one sentence", 0, (double)got.sentence, (double)sentence);
    return !known || got.paragraph == paragraph ||
           say(w, "in one paragraph", 0, (double)got.paragraph, (double)paragraph);
}

/* ---- cursors ---- */

#define PAGES_MAX 8

/* The pages behind the first one, as long as there are any, against the whole order. */
static bool same_pages(struct world *w, const struct question *ask, const struct gs_query *query,
                       const struct ref_query *reference, const struct ref_hits *all)
{
    struct question page = *ask;
    struct gs_search_options options = question_options(ask);
    options.facet_count = page.options.facet_count = 0;
    struct gs_cursor cursor;
    for (size_t pages = 0; pages < PAGES_MAX; pages++) {
        struct gs_err err;
        struct gs_result got;
        assert_ok_err(gs_search_run(w->search, &w->snapshot, query, &options, &got, &err), &err);
        size_t from = page.options.offset,
               left = all->hits.count > from ? all->hits.count - from : 0;
        size_t count = left < options.limit ? left : options.limit;
        if (got.hit_count != count)
            return say(w, "hits of page", pages, (double)got.hit_count, (double)count);
        for (size_t i = 0; i < count; i++)
            if (!same_hit(w, ask, from + i, &got.hits[i], all, reference->leaves.count))
                return false;
        bool more = left > count && count > 0 && reference->leaves.count <= GS_CURSOR_LEAVES_MAX;
        if ((got.cursor != NULL) != more)
            return say(w, "a cursor behind page", pages, got.cursor != NULL, more);
        if (!more)
            return true;
        cursor = *got.cursor;
        options.after = &cursor;
        options.offset = 0;
        page.options.offset += count;
    }
    return true;
}

static bool same_answer(struct world *w, const struct question *ask, const struct gs_query *query,
                        const struct ref_query *reference, bool more)
{
    struct gs_err err;
    struct gs_result got;
    struct ref_hits want = {0};
    struct gs_search_options options = question_options(ask);
    if (w->reference.filings.count == 0)
        options.facet_count = 0; /* an index of nothing has no filterable fields */
    assert_ok_err(gs_search_run(w->search, &w->snapshot, query, &options, &got, &err), &err);
    ref_search(&w->reference, reference, &options, &want);
    bool same = options.facet_count == 0 || same_facets(w, ask, &got, &want);
    if (ask->options.collapse)
        ref_collapse(reference, &want);
    if (want.close_call) {
        ref_hits_release(&want);
        return same;
    }
    same = same && same_result(w, ask, reference, &got, &want) &&
           same_unjudged(w, query, &got, reference, &want) &&
           (!more || same_details(w, ask, query, reference, &got, &want));
    if (same && more && random_forms.together && !ask->options.collapse)
        same = same_together(w, ask, query, reference, &want);
    if (same && more && random_forms.cursors && reference->root && ask->options.limit > 0)
        same = same_pages(w, ask, query, reference, &want);
    ref_hits_release(&want);
    return same;
}

/* As a search has it: with the fields of the index, and its values of closed lists. */
static enum gaosou_status read_query(struct world *w, const struct question *ask,
                                     const struct gs_query_params *params, struct gs_query **out,
                                     struct gs_err *err)
{
    if (!w->open)
        return gs_query_parse(out, ask->text, ask->size, params, err);
    return gs_query_parse_for(out, &w->snapshot, ask->text, ask->size, params, err);
}

static enum gaosou_status read_reference(struct world *w, const struct question *ask,
                                         const struct gs_query_params *params,
                                         struct ref_query *out)
{
    enum gaosou_status status =
        ref_query_parse_with(out, ask->text, ask->size, params, w->rules.reference);
    bool known = status || !w->open || ref_values_known(&w->reference, out);
    return known ? status : GAOSOU_E_QUERY;
}

bool world_agree(struct world *w, const struct question *ask, bool more, bool *read)
{
    struct gs_err err;
    struct gs_query *query = NULL;
    struct ref_query reference = {0};
    struct gs_query_params params = question_params(ask);
    if (!question_rules_open(&w->rules, ask)) {
        question_rules_close(&w->rules);
        return say(w, "rules of synonyms", 0, 0, 0);
    }
    params.synonyms = w->rules.engine;
    if (w->open && w->reference.filings.count == 0)
        params.field_count = 0; /* an index of nothing has no filterable fields */
    enum gaosou_status g = read_query(w, ask, &params, &query, &err);
    enum gaosou_status r = read_reference(w, ask, &params, &reference);
    bool asked = !question_is_left_out(&reference, &params);
    bool same = !asked || (g == GAOSOU_OK) == (r == GAOSOU_OK) || say(w, "status", 0, g, r);
    *read = asked && g == GAOSOU_OK;
    if (same && *read && w->open)
        same = same_answer(w, ask, query, &reference, more);
    gs_query_free(query);
    ref_query_release(&reference);
    question_rules_close(&w->rules);
    return same;
}
