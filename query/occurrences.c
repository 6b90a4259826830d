/* Where the leaves of a query stand in one filing, and how many filings each of them has. */
#include "query/rerank.h"
#include "query/search_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare_occurrences(const void *a, const void *b)
{
    const struct gs_occurrence *x = a, *y = b;
    if (x->position != y->position)
        return x->position < y->position ? -1 : 1;
    return x->leaf < y->leaf ? -1 : x->leaf > y->leaf;
}

/* Room for `more` occurrences behind count. */
static bool reserve(struct gs_occurrence **out, size_t count, size_t *capacity, size_t more)
{
    if (count + more <= *capacity)
        return true;
    size_t room = *capacity ? *capacity : 64;
    while (room < count + more)
        room *= 2;
    struct gs_occurrence *grown = realloc(*out, room * sizeof(*grown));
    if (!grown)
        return false;
    *out = grown;
    *capacity = room;
    return true;
}

/* Appends the filing's occurrences to *out, by position then leaf, at most `max`. */
static enum gaosou_status collect(struct gs_search *s, struct gs_search_segment *segment,
                                  uint32_t doc, size_t max, struct gs_occurrence **out,
                                  size_t *count, size_t *capacity, struct gs_err *err)
{
    size_t first = *count, leaves = 0;
    gs_groups_confirm(&segment->groups, doc);
    for (size_t i = 0; i < segment->leaf_count; i++) {
        struct gs_leaf_match *m = &segment->leaves[i];
        if (s->plan.leaves[i].excluded || gs_leaf_seek(m, doc) != doc)
            continue;
        const uint32_t *starts;
        uint32_t tf = gs_leaf_positions(m, &starts);
        if (max && tf > max)
            tf = (uint32_t)max; /* the first `max` of all are among the first `max` of each */
        if (!reserve(out, *count, capacity, tf))
            return gs_err_nomem(err, (*count + tf) * sizeof(**out));
        for (uint32_t k = 0; k < tf; k++)
            (*out)[(*count)++] = (struct gs_occurrence){
                .position = starts[k], .width = m->width, .leaf = (uint32_t)i};
        leaves += tf > 0;
    }
    if (leaves > 1)
        qsort(*out + first, *count - first, sizeof(**out), compare_occurrences);
    if (max && *count - first > max)
        *count = first + max;
    return GAOSOU_OK;
}

/* ---- hits read together ---- */

/*
 * Opening a character or a prefix for one filing costs as much as for a few: each of its lists, of
 * which there may be thousands, is opened and sought. So the first hit of the last result that is
 * asked for brings up to GS_OCCURRENCE_HITS hits with it, segment by segment in the order of their
 * filings, and the calls for the others are answered from the batch. Queries of lists alone gain
 * nothing and do without.
 */
static bool gains_by_batch(const struct gs_search *s, uint32_t segment)
{
    for (size_t i = 0; i < s->plan.leaf_count; i++) {
        const struct gs_plan_leaf *leaf = &s->plan.leaves[i];
        for (size_t k = 0; k < leaf->need_count && !leaf->excluded; k++)
            if (leaf->needs[k].is_union &&
                s->plan.unions[leaf->needs[k].index].segments[segment].count)
                return true;
    }
    return false;
}

static int compare_hits(const void *a, const void *b)
{
    const struct gs_hit *x = *(const struct gs_hit *const *)a,
                        *y = *(const struct gs_hit *const *)b;
    if (x->segment != y->segment)
        return x->segment < y->segment ? -1 : 1;
    return x->doc < y->doc ? -1 : x->doc > y->doc;
}

static void choose_leaves(struct gs_leaf_match *leaves, size_t leaf_count, const uint32_t *docs,
                          size_t count)
{
    for (size_t i = 0; i < leaf_count; i++)
        for (size_t k = 0; k < leaves[i].part_count; k++)
            if (leaves[i].parts[k].union_)
                gs_union_choose_few(leaves[i].parts[k].union_, docs, count);
}

void gs_search_choose_few(const struct gs_search_segment *segment, const uint32_t *docs,
                          size_t count)
{
    choose_leaves(segment->leaves, segment->leaf_count, docs, count);
    if (segment->again)
        choose_leaves(segment->again, segment->leaf_count, docs, count);
}

enum gaosou_status gs_search_collect(struct gs_search *s, uint32_t segment, const uint32_t *docs,
                                     size_t doc_count, size_t max, struct gs_occurrence **out,
                                     size_t *count, size_t *capacity, size_t *ends,
                                     struct gs_err *err)
{
    struct gs_search_segment open;
    enum gaosou_status status = gs_search_open_segment(s, segment, true, false, &open, err);
    if (status)
        return status;
    gs_search_choose_few(&open, docs, doc_count);
    for (size_t i = 0; i < doc_count && !status; i++) {
        status = collect(s, &open, docs[i], max, out, count, capacity, err);
        ends[i] = *count;
    }
    enum gaosou_status closed = gs_search_close_segment(s, &open, status ? NULL : err);
    return status ? status : closed;
}

/* Fills the batch with hits [first, ..) of the last result. */
static enum gaosou_status fill_batch(struct gs_search *s, size_t first, size_t max,
                                     struct gs_err *err)
{
    struct gs_occurrence_batch *b = &s->batch;
    const struct gs_hit *hits[GS_OCCURRENCE_HITS];
    uint32_t docs[GS_OCCURRENCE_HITS];
    size_t ends[GS_OCCURRENCE_HITS], n = 0;
    b->hit_count = b->count = 0;
    b->max = max;
    for (; n < GS_OCCURRENCE_HITS && first + n < s->hit_count; n++)
        hits[n] = &s->hits[first + n];
    qsort(hits, n, sizeof(hits[0]), compare_hits);
    for (size_t i = 0; i < n; i++)
        docs[i] = hits[i]->doc;
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && hits[end]->segment == hits[i]->segment;)
            end++;
        size_t from = b->count;
        enum gaosou_status status =
            gs_search_collect(s, hits[i]->segment, docs + i, end - i, max, &b->all, &b->count,
                              &b->capacity, ends + i, err);
        if (status)
            return status;
        for (size_t k = i; k < end; from = ends[k++]) {
            b->hits[k].segment = hits[k]->segment;
            b->hits[k].doc = hits[k]->doc;
            b->hits[k].from = from;
            b->hits[k].to = ends[k];
        }
    }
    b->hit_count = n;
    return GAOSOU_OK;
}

/* Copies the filing's occurrences from the batch; false where it is not in it. */
static bool take_from_batch(const struct gs_occurrence_batch *b, uint32_t segment, uint32_t doc,
                            size_t max, struct gs_occurrence **out, size_t *count, size_t *capacity)
{
    for (size_t i = 0; i < b->hit_count && b->max == max; i++) {
        if (b->hits[i].segment != segment || b->hits[i].doc != doc)
            continue;
        size_t found = b->hits[i].to - b->hits[i].from;
        if (!reserve(out, 0, capacity, found))
            return false;
        if (found)
            memcpy(*out, b->all + b->hits[i].from, found * sizeof(**out));
        *count = found;
        return true;
    }
    return false;
}

/* Index of the filing among the hits of the last result; their number where it is not. */
static size_t find_hit(const struct gs_search *s, uint32_t segment, uint32_t doc)
{
    size_t i = 0;
    while (i < s->hit_count && (s->hits[i].segment != segment || s->hits[i].doc != doc))
        i++;
    return i;
}

enum gaosou_status gs_search_occurrences(struct gs_search *s, const struct gs_snapshot *snapshot,
                                         const struct gs_query *query, uint32_t segment,
                                         uint32_t doc, size_t max, struct gs_occurrence **out,
                                         size_t *count, size_t *capacity, struct gs_err *err)
{
    if (segment >= snapshot->segment_count)
        return gs_err_set(err, GAOSOU_E_USE, "no segment %u in this snapshot of %zu", segment,
                          snapshot->segment_count);
    *count = 0;
    if (gs_search_has_plan(s, snapshot, query) &&
        take_from_batch(&s->batch, segment, doc, max, out, count, capacity))
        return GAOSOU_OK;
    enum gaosou_status status = gs_search_plan(s, snapshot, query, NULL, err);
    if (status)
        return status;
    if (gains_by_batch(s, segment)) {
        size_t hit = find_hit(s, segment, doc);
        if (hit < s->hit_count) {
            status = fill_batch(s, hit, max, err);
            if (status)
                return status;
            if (take_from_batch(&s->batch, segment, doc, max, out, count, capacity))
                return GAOSOU_OK;
        }
    }
    size_t end;
    return gs_search_collect(s, segment, &doc, 1, max, out, count, capacity, &end, err);
}

enum gaosou_status gs_search_passage_weights(struct gs_search *s,
                                             const struct gs_snapshot *snapshot,
                                             const struct gs_query *query, double *weights,
                                             struct gs_err *err)
{
    enum gaosou_status status = gs_search_plan(s, snapshot, query, NULL, err);
    for (size_t i = 0; i < query->leaf_count && !status; i++) {
        double weight = s->plan.leaves[i].weight;
        double factor = query->mode == GS_QUERY_ANY ? gs_ranking_stop_factor(&query->leaves[i]) : 1;
        weights[i] = weight > 0 ? factor * sqrt(sqrt(weight)) : 0;
    }
    return status;
}

static uint64_t leaf_total(struct gs_leaf_match *m, const struct gs_search_segment *segment)
{
    uint64_t total = 0;
    if (m->part_count == 1 && !m->needs_positions && m->parts[0].list &&
        segment->part->deleted_count == 0)
        return m->parts[0].cost;
    for (uint32_t doc = gs_leaf_seek(m, 0); doc < segment->doc_count;
         doc = gs_leaf_seek(m, doc + 1))
        total += !gs_snapshot_is_deleted(segment->part, doc) && gs_leaf_confirm(m) > 0;
    return total;
}

enum gaosou_status gs_search_leaf_totals(struct gs_search *s, const struct gs_snapshot *snapshot,
                                         const struct gs_query *query, uint64_t *totals,
                                         struct gs_err *err)
{
    enum gaosou_status status = gs_search_plan(s, snapshot, query, NULL, err);
    for (size_t i = 0; i < query->leaf_count; i++)
        totals[i] = 0;
    for (size_t k = 0; k < snapshot->segment_count && !status; k++) {
        struct gs_search_segment open;
        status = gs_search_open_segment(s, k, false, false, &open, err);
        if (status)
            break;
        for (size_t i = 0; i < open.leaf_count; i++)
            totals[i] += leaf_total(&open.leaves[i], &open);
        status = gs_search_close_segment(s, &open, err);
    }
    return status;
}

static enum gaosou_status filter_total(const struct gs_snapshot_segment *part,
                                       const struct gs_filter *filter, uint64_t *total,
                                       struct gs_err *err)
{
    struct gs_filter_match m;
    gs_filter_open(&m, filter, part->segment);
    for (uint32_t doc = 0; doc < m.doc_count && !m.status; doc++)
        *total += !gs_snapshot_is_deleted(part, doc) && gs_filter_truth(&m, doc) == GS_TRUTH_YES;
    enum gaosou_status status = gs_filter_status(&m, err);
    gs_filter_close(&m);
    return status;
}

enum gaosou_status gs_search_filter_totals(const struct gs_snapshot *snapshot,
                                           const struct gs_query *query, uint64_t *totals,
                                           struct gs_err *err)
{
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0; i < query->filter_count; i++) {
        totals[i] = 0;
        for (size_t k = 0; k < snapshot->segment_count && !status; k++)
            status = filter_total(&snapshot->segments[k], &query->filters[i], &totals[i], err);
    }
    return status;
}
