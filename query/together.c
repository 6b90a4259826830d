#include "query/together.h"

#include "query/filter_check.h"

/* Two leaves or more that are looked for, and no group. */
static bool has_counts(const struct gs_query *query, const struct gs_query_params *params)
{
    size_t leaves = 0;
    for (size_t i = 0; i < query->leaf_count; i++)
        leaves += !query->leaves[i].excluded;
    return query->mode == GS_QUERY_SYNTAX && params->within == GS_WITHIN_FILING &&
           query->group_count == 0 && leaves >= 2;
}

static enum gaosou_status count(uint64_t *total, bool *known, struct gs_search *search,
                                const struct gs_snapshot *snapshot, const struct gs_query *query,
                                const struct gs_search_options *options, struct gs_err *err)
{
    struct gs_search_options counting = *options;
    struct gs_result result;
    counting.limit = counting.offset = counting.facet_count = 0;
    counting.sort = GS_SORT_SCORE;
    counting.after = NULL;
    counting.collapse = false;
    counting.count_all = true;
    enum gaosou_status status = gs_search_run(search, snapshot, query, &counting, &result, err);
    if (status)
        return status;
    *total = result.total;
    *known = !result.partial;
    return GAOSOU_OK;
}

static enum gaosou_status count_within(uint64_t *total, bool *known, enum gs_query_within within,
                                       struct gs_search *search, const struct gs_snapshot *snapshot,
                                       const char *text, size_t size,
                                       const struct gs_query_params *params,
                                       const struct gs_search_options *options, struct gs_err *err)
{
    struct gs_query_params narrowed = *params;
    struct gs_query *query;
    narrowed.within = within;
    narrowed.within_too = true;
    *known = false;
    enum gaosou_status status = gs_query_parse_for(&query, snapshot, text, size, &narrowed, NULL);
    if (status == GAOSOU_E_NOMEM)
        return gs_err_nomem(err, size);
    if (status)
        return GAOSOU_OK; /* --within would be an error: there is no such count */
    status = count(total, known, search, snapshot, query, options, err);
    gs_query_free(query);
    return status;
}

enum gaosou_status gs_together_count(struct gs_together *out, bool *known, struct gs_search *search,
                                     const struct gs_snapshot *snapshot,
                                     const struct gs_query *query, const char *text, size_t size,
                                     const struct gs_query_params *params,
                                     const struct gs_search_options *options, struct gs_err *err)
{
    *known = has_counts(query, params);
    enum gaosou_status status = GAOSOU_OK;
    if (*known)
        status = count_within(&out->sentence, known, GS_WITHIN_SENTENCE, search, snapshot, text,
                              size, params, options, err);
    if (*known && !status)
        status = count_within(&out->paragraph, known, GS_WITHIN_PARAGRAPH, search, snapshot, text,
                              size, params, options, err);
    return status;
}
