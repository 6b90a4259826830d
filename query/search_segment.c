/* Plans, and the leaves of one opened on a segment. */
#include "query/search_internal.h"

bool gs_search_has_plan(const struct gs_search *s, const struct gs_snapshot *snapshot,
                        const struct gs_query *query)
{
    return s->has_plan && s->plan.snapshot == snapshot &&
           s->plan_commit == snapshot->manifest.commit && s->plan_query == query->fingerprint;
}

enum gaosou_status gs_search_plan(struct gs_search *s, const struct gs_snapshot *snapshot,
                                  const struct gs_query *query, struct gs_deadline *deadline,
                                  struct gs_err *err)
{
    if (gs_search_has_plan(s, snapshot, query))
        return GAOSOU_OK;
    s->has_plan = false;
    s->hit_count = s->batch.hit_count = 0; /* of another query */
    gs_arena_clear(&s->plan_arena);
    enum gaosou_status status =
        gs_plan_make(&s->plan, &s->plan_arena, snapshot, query, deadline, err);
    if (status)
        return status;
    s->has_plan = !(deadline && deadline->passed);
    s->plan_commit = snapshot->manifest.commit;
    s->plan_query = query->fingerprint;
    return GAOSOU_OK;
}

/* Opens every leaf of the plan; on failure none is left open, and *leaves is NULL. */
static enum gaosou_status open_leaves(const struct gs_match_context *context,
                                      struct gs_leaf_match **leaves)
{
    const struct gs_plan *plan = context->plan;
    *leaves = gs_arena_alloc(context->arena, plan->leaf_count * sizeof(**leaves));
    if (!*leaves)
        return GAOSOU_E_NOMEM;
    for (size_t i = 0; i < plan->leaf_count; i++) {
        enum gaosou_status status = gs_leaf_open(&(*leaves)[i], context, &plan->leaves[i]);
        if (status) {
            for (size_t k = 0; k <= i; k++)
                gs_leaf_close(&(*leaves)[k]);
            *leaves = NULL;
            return status;
        }
    }
    return GAOSOU_OK;
}

/* Closes them; the first error that one has met, or OK. */
static enum gaosou_status close_leaves(struct gs_leaf_match *leaves, size_t count)
{
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0; leaves && i < count; i++) {
        enum gaosou_status met = gs_leaf_status(&leaves[i]);
        status = status ? status : met;
        gs_leaf_close(&leaves[i]);
    }
    return status;
}

static enum gaosou_status fail_segment(const struct gs_search_segment *segment,
                                       enum gaosou_status status, struct gs_err *err)
{
    const char *path = gs_segment_path(segment->part->segment);
    if (status == GAOSOU_E_NOMEM)
        return gs_err_set(err, status, "out of memory while searching %s", path);
    return gs_err_set(err, status,
                      "%s is damaged: section postings or positions: a list cannot be read "
                      "(gaosou-index check names it)",
                      path);
}

enum gaosou_status gs_search_open_segment(struct gs_search *s, size_t index, bool always_positions,
                                          bool twice, struct gs_search_segment *out,
                                          struct gs_err *err)
{
    gs_arena_clear(&s->segment_arena);
    s->scratch.status = GAOSOU_OK;
    struct gs_match_context context = {.plan = &s->plan,
                                       .segment_index = index,
                                       .arena = &s->segment_arena,
                                       .scratch = &s->scratch,
                                       .always_positions = always_positions};
    enum gaosou_status status = gs_match_context_open(&context);
    *out = (struct gs_search_segment){.index = index,
                                      .part = &s->plan.snapshot->segments[index],
                                      .doc_count = gs_segment_get_stats(context.segment)->doc_count,
                                      .leaf_count = s->plan.leaf_count};
    if (!status)
        status = open_leaves(&context, &out->leaves);
    if (status)
        return gs_err_nomem(err, s->segment_arena.taken);
    if (twice)
        status = open_leaves(&context, &out->again);
    if (!status)
        status = gs_groups_open(&out->groups, &context, twice ? out->again : out->leaves);
    if (!status)
        return GAOSOU_OK;
    (void)close_leaves(out->leaves, out->leaf_count);
    (void)close_leaves(out->again, out->leaf_count);
    return fail_segment(out, status, err);
}

enum gaosou_status gs_search_close_segment(struct gs_search *s, struct gs_search_segment *segment,
                                           struct gs_err *err)
{
    enum gaosou_status first = close_leaves(segment->leaves, segment->leaf_count);
    enum gaosou_status second = close_leaves(segment->again, segment->leaf_count);
    enum gaosou_status status = s->scratch.status ? s->scratch.status : first ? first : second;
    return status ? fail_segment(segment, status, err) : GAOSOU_OK;
}
