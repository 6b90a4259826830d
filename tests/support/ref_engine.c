#include "tests/support/ref_engine.h"

#include "tests/support/ref_fold.h"
#include "tests/support/ref_match.h"

#include <math.h>

/* ---- filters ---- */

enum gs_truth ref_filter_judge(const struct ref_filter *filter, const struct ref_filing *f)
{
    enum gs_truth truth = GS_TRUTH_UNKNOWN;
    if (filter->kind == REF_FILTER_DATE)
        return ref_dates_judge(filter, strcmp(filter->field, "date") == 0 ? f->date : f->period);
    if (filter->kind == REF_FILTER_ID)
        return ref_value_fits(filter, f->id) ? GS_TRUTH_YES : GS_TRUTH_NO;
    if (filter->kind == REF_FILTER_SINCE)
        return f->commit > filter->since ? GS_TRUTH_YES : GS_TRUTH_NO;
    for (size_t i = 0; i < f->stored.count && truth != GS_TRUTH_YES; i++)
        if (strcmp(f->stored.at[i].field, filter->field) == 0)
            truth = ref_value_fits(filter, f->stored.at[i].value) ? GS_TRUTH_YES : GS_TRUTH_NO;
    return truth;
}

static bool is_some_filings(const struct ref_index *x, const struct ref_filter *filter,
                            const struct ref_value *v)
{
    for (size_t i = 0; i < x->filings.count; i++) {
        const struct ref_filing *f = x->filings.at[i];
        for (size_t k = 0; k < f->stored.count; k++)
            if (strcmp(f->stored.at[k].field, filter->field) == 0 &&
                ref_item_fits(filter, v, f->stored.at[k].value))
                return true;
    }
    return false;
}

bool ref_values_known(const struct ref_index *x, const struct ref_query *q)
{
    bool known = true;
    for (size_t i = 0; i < q->filters.count; i++) {
        const struct ref_filter *filter = &q->filters.at[i];
        bool closed = strcmp(filter->field, "type") == 0 || strcmp(filter->field, "exchange") == 0;
        for (size_t k = 0; k < filter->values.count && closed; k++)
            known &= ref_value_is_listed(filter, &filter->values.at[k]) ||
                     is_some_filings(x, filter, &filter->values.at[k]);
    }
    return known;
}

/* ---- truth ---- */

struct scan {
    const struct ref_index *x;
    const struct ref_query *q;
    const struct gs_search_options *options;
    struct gs_ranking ranking;
    double average;
    double *weights;           /* of the leaves */
    enum gs_truth *truths;     /* of the filters in the filing at hand */
    bool *counted;             /* leaves that stand in a branch that matches */
    struct ref_view view;      /* of the filing at hand */
    bool is_unread, says_most; /* the filing at hand; what to make of its text */
};

/* Leaves and groups. not_below: below an odd number of NOTs, where an unknown is taken in by being
 * false. */
static enum gs_truth text_truth(const struct scan *s, const struct ref_node *n, bool not_below)
{
    bool says = s->is_unread && s->says_most != not_below;
    bool group = s->is_unread && n->kind != GS_NODE_LEAF; /* no title says what stands together */
    bool yes = says || (!s->says_most && !group && ref_view_is_true(&s->view, n));
    return yes ? GS_TRUTH_YES : GS_TRUTH_NO;
}

static enum gs_truth truth_of(const struct scan *s, const struct ref_node *n, bool not_below)
{
    if (n->kind == GS_NODE_FILTER) {
        enum gs_truth t = s->truths[n->leaf];
        if (t == GS_TRUTH_UNKNOWN && s->options->take_unknown)
            t = not_below ? GS_TRUTH_NO : GS_TRUTH_YES;
        return t;
    }
    if (n->kind == GS_NODE_NOT)
        return GS_TRUTH_YES - truth_of(s, n->children.at[0], !not_below);
    if (n->kind != GS_NODE_AND && n->kind != GS_NODE_OR)
        return text_truth(s, n, not_below);
    enum gs_truth all = n->kind == GS_NODE_AND ? GS_TRUTH_YES : GS_TRUTH_NO;
    for (size_t i = 0; i < n->children.count; i++) {
        enum gs_truth t = truth_of(s, n->children.at[i], not_below);
        if (n->kind == GS_NODE_AND ? t < all : t > all)
            all = t;
    }
    return all;
}

/* How many leaves of a bag a filing must hold. */
static size_t least_match(const struct scan *s)
{
    size_t all = s->q->leaves.count, least = s->options->min_match;
    if (s->options->min_match_percent)
        least = all * least / 100;
    return least < 1 ? 1 : least > all ? all : least;
}

static bool has_least_match(const struct scan *s)
{
    size_t found = 0;
    for (size_t i = 0; i < s->q->leaves.count; i++)
        found += s->view.counts[i] > 0;
    return !s->q->is_bag || s->says_most || found >= least_match(s);
}

static enum gs_truth query_truth(const struct scan *s)
{
    return has_least_match(s) ? truth_of(s, s->q->root, false) : GS_TRUTH_NO;
}

/* ---- scores ---- */

/* Only above every NOT; all leaves of a group that is true. */
static void mark_counted(struct scan *s, const struct ref_node *n, bool in_group)
{
    if (n->kind == GS_NODE_NOT || (!in_group && truth_of(s, n, false) != GS_TRUTH_YES))
        return;
    if (n->kind == GS_NODE_LEAF)
        s->counted[n->leaf] = true;
    bool group = n->kind != GS_NODE_AND && n->kind != GS_NODE_OR;
    for (size_t i = 0; i < n->children.count; i++)
        mark_counted(s, n->children.at[i], in_group || group);
}

/* A filing without a text is scored as if its title were all it says. */
static double score(struct scan *s, const struct ref_filing *f)
{
    double sum = 0, k1 = s->options->k1, b = s->options->b;
    memset(s->counted, 0, s->q->leaves.count * sizeof(*s->counted));
    s->is_unread = false;
    mark_counted(s, s->q->root, false);
    for (size_t i = 0; i < s->q->leaves.count; i++) {
        double tf = s->view.counts[i],
               len = ref_rank_length(&s->ranking, f->tokens.length, s->average);
        if (s->counted[i] && tf > 0)
            sum += s->q->leaves.at[i].multiplicity * s->weights[i] * tf /
                   (tf + k1 * (1 - b + b * len / s->average));
    }
    return sum;
}

/* ---- one filing ---- */

/* Once under each field, at its first filter. */
static void count_unjudged(const struct scan *s, struct ref_hits *out)
{
    const struct ref_query *q = s->q;
    for (size_t i = 0; i < q->filters.count; i++) {
        bool first = true, unknown = false;
        for (size_t k = 0; k < q->filters.count; k++) {
            bool same = strcmp(q->filters.at[k].field, q->filters.at[i].field) == 0;
            first &= !same || k >= i;
            unknown |= same && s->truths[k] == GS_TRUTH_UNKNOWN;
        }
        out->unjudged[i] += first && unknown;
    }
}

static void add_hit(struct scan *s, const struct ref_filing *f, struct ref_hits *out)
{
    size_t leaves = s->q->leaves.count;
    struct ref_hit *hit = REF_PUSH(&out->hits);
    hit->filing = f;
    hit->score = score(s, f);
    hit->extra = ref_rank_extra(&s->ranking, s->options, &s->view, s->weights);
    hit->closeness = ref_view_closeness(&s->view);
    hit->counts = calloc(leaves + 1, sizeof(*hit->counts));
    if (!hit->counts)
        abort();
    for (size_t i = 0; i < leaves; i++)
        out->occurrences += hit->counts[i] = s->view.counts[i];
}

static void scan_filing(struct scan *s, const struct ref_filing *f, struct ref_hits *out)
{
    ref_view_open(&s->view, f, s->q);
    for (size_t i = 0; i < s->q->filters.count; i++)
        s->truths[i] = ref_filter_judge(&s->q->filters.at[i], f);
    s->is_unread = f->is_unread;
    s->says_most = true;
    out->unsearched += f->is_unread && query_truth(s) == GS_TRUTH_YES;
    s->says_most = false;
    enum gs_truth truth = query_truth(s);
    if (truth == GS_TRUTH_UNKNOWN)
        count_unjudged(s, out);
    if (truth == GS_TRUTH_YES)
        add_hit(s, f, out);
    ref_view_release(&s->view);
}

/* ---- order ---- */

/* What is not known comes last: INT64_MAX in ascending order. */
static int64_t date_key(const struct ref_filing *f, bool newest)
{
    int64_t date = f->date.year * 10000 + f->date.month * 100 + f->date.day;
    return date == 0 ? INT64_MAX : newest ? -date : date;
}

static const char *first_code(const struct ref_filing *f)
{
    for (size_t i = 0; i < f->stored.count; i++)
        if (strcmp(f->stored.at[i].field, "code") == 0)
            return f->stored.at[i].value;
    return "\xFF";
}

static int compare_codes(const struct ref_filing *a, const struct ref_filing *b)
{
    return strcmp(first_code(a), first_code(b));
}

static int compare_numbers(double a, double b)
{
    return a < b ? -1 : a > b;
}

static int compare_keys(enum gs_sort sort, const struct ref_hit *a, const struct ref_hit *b)
{
    const struct ref_filing *x = a->filing, *y = b->filing;
    switch (sort) {
    case GS_SORT_NEWEST:
    case GS_SORT_OLDEST: {
        int64_t i = date_key(x, sort == GS_SORT_NEWEST), k = date_key(y, sort == GS_SORT_NEWEST);
        return i < k ? -1 : i > k;
    }
    case GS_SORT_CODE:
        return compare_codes(x, y);
    case GS_SORT_LENGTH:
        return compare_numbers(y->tokens.length, x->tokens.length);
    default:
        return compare_numbers(b->score, a->score);
    }
}

int ref_compare_hits(const struct gs_search_options *options, const struct ref_hit *a,
                     const struct ref_hit *b)
{
    int by_key = compare_keys(options->sort, a, b);
    if (by_key == 0 && options->ties == GS_TIES_CLOSEST)
        by_key = compare_numbers(a->closeness, b->closeness);
    return by_key ? by_key
                  : compare_numbers((double)a->filing->sequence, (double)b->filing->sequence);
}

void ref_sort_hits(const struct gs_search_options *options, struct ref_hits *h)
{
    struct ref_hit *sorted = calloc(h->hits.count + 1, sizeof(*sorted));
    if (!sorted)
        abort();
    for (size_t step = 1; step < h->hits.count; step *= 2) { /* merges pairs of sorted runs */
        for (size_t from = 0; from < h->hits.count; from += 2 * step) {
            size_t middle = from + step < h->hits.count ? from + step : h->hits.count;
            size_t end = middle + step < h->hits.count ? middle + step : h->hits.count;
            for (size_t a = from, b = middle, k = from; k < end; k++) {
                bool first = a < middle && (b == end || ref_compare_hits(options, &h->hits.at[a],
                                                                         &h->hits.at[b]) < 0);
                sorted[k] = h->hits.at[first ? a++ : b++];
            }
        }
        memcpy(h->hits.at, sorted, h->hits.count * sizeof(*sorted));
    }
    free(sorted);
}

void ref_search(const struct ref_index *x, const struct ref_query *q,
                const struct gs_search_options *options, struct ref_hits *out)
{
    size_t leaves = q->leaves.count;
    struct scan s = {.x = x, .q = q, .options = options, .ranking = ref_ranking(q, options)};
    uint64_t lengths = 0;
    if (!q->root)
        return;
    s.weights = calloc(leaves + 1, sizeof(*s.weights));
    s.counted = calloc(leaves + 1, sizeof(*s.counted));
    s.truths = calloc(q->filters.count + 1, sizeof(*s.truths));
    if (!s.truths || !s.weights || !s.counted)
        abort();
    for (size_t i = 0; i < x->filings.count; i++)
        lengths += x->filings.at[i]->tokens.length;
    s.average = lengths ? (double)lengths / (double)x->filings.count : 1;
    for (size_t i = 0; i < leaves; i++)
        s.weights[i] = ref_leaf_weight(x, &q->leaves.at[i]);
    ref_rank_weights(&s.ranking, q, s.weights);
    for (size_t i = 0; i < x->filings.count; i++)
        if (!x->filings.at[i]->deleted)
            scan_filing(&s, x->filings.at[i], out);
    ref_sort_hits(options, out);
    ref_rank_head(&s.ranking, options, q, out);
    free(s.weights);
    free(s.counted);
    free(s.truths);
}

bool ref_is_close_call(const struct ref_query *q, const struct ref_hit *a, const struct ref_hit *b)
{
    bool near = fabs(a->score - b->score) <= 1e-12 * fabs(a->score);
    return near && (a->filing->tokens.length != b->filing->tokens.length ||
                    memcmp(a->counts, b->counts, q->leaves.count * sizeof(*a->counts)) != 0);
}

void ref_collapse(const struct ref_query *q, struct ref_hits *h)
{
    size_t kept = 0;
    for (size_t i = 0; i < h->hits.count; i++) {
        struct ref_hit hit = h->hits.at[i];
        size_t k = 0;
        while (k < kept && (hit.filing->content_hash == 0 ||
                            h->hits.at[k].filing->content_hash != hit.filing->content_hash))
            k++;
        if (k == kept) {
            h->hits.at[kept++] = hit;
            continue;
        }
        h->close_call |= ref_is_close_call(q, &h->hits.at[k], &hit);
        h->hits.at[k].twins++;
        h->collapsed++;
        free(hit.counts);
    }
    h->hits.count = kept;
}

void ref_hits_release(struct ref_hits *h)
{
    for (size_t i = 0; i < h->hits.count; i++)
        free(h->hits.at[i].counts);
    REF_RELEASE(&h->hits);
    h->occurrences = 0;
}

void ref_find_occurrences(const struct ref_filing *f, const struct ref_query *q,
                          ref_occurrences *out)
{
    struct ref_view view;
    ref_view_open(&view, f, q);
    size_t *next = calloc(q->leaves.count + 1, sizeof(*next));
    if (!next)
        abort();
    for (uint32_t p = 0; p < f->tokens.positions; p++)
        for (size_t i = 0; i < q->leaves.count; i++) {
            const ref_spots *spots = &view.spots[i];
            if (next[i] == spots->count || spots->at[next[i]].start != p)
                continue;
            if (spots->at[next[i]++].counts)
                *REF_PUSH(out) = (struct ref_occurrence){p, q->leaves.at[i].width, (uint32_t)i};
        }
    free(next);
    ref_view_release(&view);
}

uint64_t ref_leaf_total(const struct ref_index *x, const struct ref_leaf *leaf)
{
    uint64_t n = 0;
    for (size_t i = 0; i < x->filings.count; i++) {
        const struct ref_filing *f = x->filings.at[i];
        uint32_t p = 0;
        while (p < f->tokens.positions && !ref_leaf_fits(f, leaf, p))
            p++;
        n += !f->deleted && p < f->tokens.positions;
    }
    return n;
}
