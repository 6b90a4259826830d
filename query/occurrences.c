/* Where the leaves of a query stand in one filing, and how many filings each of them has. */
#include "query/search_internal.h"

#include <stdlib.h>

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

static enum gaosou_status collect(struct gs_search *s, struct gs_search_segment *segment,
                                  uint32_t doc, size_t max, struct gs_occurrence **out,
                                  size_t *count, size_t *capacity, struct gs_err *err)
{
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
    }
    return GAOSOU_OK;
}

enum gaosou_status gs_search_occurrences(struct gs_search *s, const struct gs_snapshot *snapshot,
                                         const struct gs_query *query, uint32_t segment,
                                         uint32_t doc, size_t max, struct gs_occurrence **out,
                                         size_t *count, size_t *capacity, struct gs_err *err)
{
    struct gs_search_segment open;
    if (segment >= snapshot->segment_count)
        return gs_err_set(err, GAOSOU_E_USE, "no segment %u in this snapshot of %zu", segment,
                          snapshot->segment_count);
    *count = 0;
    enum gaosou_status status = gs_search_plan(s, snapshot, query, err);
    if (!status)
        status = gs_search_open_segment(s, segment, true, false, &open, err);
    if (status)
        return status;
    status = collect(s, &open, doc, max, out, count, capacity, err);
    enum gaosou_status closed = gs_search_close_segment(s, &open, status ? NULL : err);
    if (status || closed)
        return status ? status : closed;
    if (*count > 1 && query->leaf_count > 1)
        qsort(*out, *count, sizeof(**out), compare_occurrences);
    if (max && *count > max)
        *count = max;
    return GAOSOU_OK;
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
    enum gaosou_status status = gs_search_plan(s, snapshot, query, err);
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
    return gs_filter_status(&m, err);
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
