/* What ranks questions beside BM25: written from docs/RANKING.md. See ref_match.h. */
#include "tests/support/ref_layout.h"
#include "tests/support/ref_match.h"

#include <math.h>

static const struct gs_ranking_params defaults = {.depth = 200,
                                                  .function = 0,
                                                  .particle = 0.3,
                                                  .longest = 20,
                                                  .title = 1,
                                                  .title_length = 16,
                                                  .window = 100,
                                                  .passage = 2,
                                                  .pair = 0.25};
#define PAIRS_MAX 1024

struct gs_ranking ref_ranking(const struct ref_query *q, const struct gs_search_options *options)
{
    struct gs_ranking r = options->ranking;
    if (!r.chosen)
        r.title = r.proximity = r.stop = r.passages = q->is_bag;
    if (!q->is_bag)
        r.stop = r.proximity = false;
    if (!r.params)
        r.params = &defaults;
    return r;
}

static bool is_particle(const struct ref_item *item)
{
    return ref_is_among(item->cp, "么了些什何其几吗呢哪在怎是的被谁");
}

static bool is_function(const struct ref_item *item)
{
    return is_particle(item) ||
           ref_is_among(item->cp, "一不与个为之也于从以到及和多如对将少或把有样由而请这那都问");
}

/* What a leaf's weight is multiplied by. */
static double factor_of(const struct gs_ranking *r, const struct ref_leaf *leaf)
{
    const struct ref_item *items = leaf->items.at;
    if (leaf->items.count != 2 || !items[0].pair)
        return 1;
    if (is_function(&items[0]) && is_function(&items[1]))
        return r->params->function;
    return is_particle(&items[0]) || is_particle(&items[1]) ? r->params->particle : 1;
}

static bool is_changed(const struct ref_leaf *leaf)
{
    const struct ref_item *items = leaf->items.at;
    return leaf->items.count == 2 && items[0].pair &&
           ((is_function(&items[0]) && is_function(&items[1])) || is_particle(&items[0]) ||
            is_particle(&items[1]));
}

void ref_rank_weights(const struct gs_ranking *r, const struct ref_query *q, double *weights)
{
    bool all = true;
    for (size_t i = 0; i < q->leaves.count; i++)
        all &= is_changed(&q->leaves.at[i]);
    for (size_t i = 0; i < q->leaves.count && r->stop && !all; i++)
        weights[i] *= factor_of(r, &q->leaves.at[i]);
}

double ref_rank_length(const struct gs_ranking *r, double length, double average)
{
    double longest = floor(r->params->longest * average);
    return r->passages && length > longest ? longest : length;
}

static double weight_of(const struct ref_view *v, const double *weights, size_t leaf)
{
    const struct ref_leaf *l = &v->q->leaves.at[leaf];
    return l->below_not ? 0 : weights[leaf] * l->multiplicity;
}

static double title_part(const struct gs_ranking *r, const struct gs_search_options *o,
                         const struct ref_view *v, const double *weights)
{
    const struct ref_filing *f = v->f;
    double size = f->title_end > f->title_start ? f->title_end - f->title_start : 0, sum = 0;
    for (size_t i = 0; i < v->q->leaves.count; i++) {
        uint32_t tf = 0;
        for (size_t k = 0; k < v->spots[i].count; k++) {
            uint32_t start = v->spots[i].at[k].start;
            tf += start >= f->title_start && start + v->q->leaves.at[i].width <= f->title_end;
        }
        if (tf > 0)
            sum += weight_of(v, weights, i) * tf /
                   (tf + o->k1 * (1 - o->b + o->b * size / r->params->title_length));
    }
    return r->params->title * sum;
}

static bool stands_at(const struct ref_view *v, size_t leaf, uint32_t position)
{
    for (size_t k = 0; k < v->spots[leaf].count; k++)
        if (v->spots[leaf].at[k].start == position)
            return true;
    return false;
}

/* Adds to each window that holds the position. */
static void add_at(double *windows, size_t count, const struct gs_ranking *r, uint32_t position,
                   double weight, uint32_t *last)
{
    uint32_t window = (uint32_t)r->params->window, stride = window / 2;
    for (uint32_t k = 0; k < count && k * stride <= position; k++)
        if (position < k * stride + window && last[k] != 1) {
            windows[k] += weight;
            last[k] = 1;
        }
}

static double best_window(const struct gs_ranking *r, const struct ref_view *v,
                          const double *weights)
{
    size_t count = v->f->tokens.positions / ((size_t)r->params->window / 2) + 1;
    double *windows = calloc(count, sizeof(*windows)), best = 0;
    uint32_t *last = calloc(count, sizeof(*last));
    if (!windows || !last)
        abort();
    for (size_t i = 0; i < v->q->leaves.count && r->passages; i++) {
        memset(last, 0, count * sizeof(*last));
        for (size_t k = 0; k < v->spots[i].count; k++)
            add_at(windows, count, r, v->spots[i].at[k].start, weight_of(v, weights, i), last);
    }
    for (size_t i = 0; i < v->q->pairs.count && i < PAIRS_MAX && r->proximity; i++) {
        const struct ref_pair *pair = &v->q->pairs.at[i];
        double weight =
            fmin(weight_of(v, weights, pair->first), weight_of(v, weights, pair->second));
        memset(last, 0, count * sizeof(*last));
        for (size_t k = 0; k < v->spots[pair->first].count; k++) {
            uint32_t start = v->spots[pair->first].at[k].start;
            if (stands_at(v, pair->second, start + pair->distance))
                add_at(windows, count, r, start, r->params->pair * weight, last);
        }
    }
    for (size_t k = 0; k < count; k++)
        best = fmax(best, windows[k]);
    free(windows);
    free(last);
    return best;
}

double ref_rank_extra(const struct gs_ranking *r, const struct gs_search_options *options,
                      const struct ref_view *v, const double *weights)
{
    double extra = r->title ? title_part(r, options, v, weights) : 0;
    if (r->passages || r->proximity)
        extra += r->params->passage * best_window(r, v, weights);
    return extra;
}

void ref_rank_head(const struct gs_ranking *r, const struct gs_search_options *options,
                   const struct ref_query *q, struct ref_hits *h)
{
    struct ref_hits head = {.hits = h->hits};
    size_t depth = (size_t)r->params->depth;
    if (options->sort != GS_SORT_SCORE || !(r->title || r->passages || r->proximity))
        return;
    head.hits.count = h->hits.count < depth ? h->hits.count : depth;
    h->close_call |= depth > 0 && depth < h->hits.count &&
                     ref_is_close_call(q, &h->hits.at[depth - 1], &h->hits.at[depth]);
    for (size_t i = 0; i < head.hits.count; i++)
        h->hits.at[i].score += h->hits.at[i].extra;
    ref_sort_hits(options, &head);
}
