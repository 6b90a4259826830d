/*
 * filter_check.h: what filters have to do with an index as a whole: which fields it has, and
 * whether there is any filing that a value could mean.
 */
#ifndef GS_QUERY_FILTER_CHECK_H
#define GS_QUERY_FILTER_CHECK_H

#include "common/segment/manifest.h"
#include "query/query.h"

/* The filterable fields of all segments, each once, for gs_query_params.fields. The strings live as
 * long as the snapshot; the caller frees the array. */
GS_MUST_USE enum gaosou_status gs_filterable_fields(const struct gs_snapshot *snapshot,
                                                    struct gs_str **fields, size_t *count,
                                                    struct gs_err *err);

/*
 * To be called once a query is parsed, before it is searched: GAOSOU_E_QUERY with its column and
 * the nearest that there is where an item of `type:` or `exchange:` is none of the closed list and
 * no filing has it (docs/QUERY.md, Filters). Reads dictionaries only where an item is none of the
 * list.
 */
GS_MUST_USE enum gaosou_status gs_filter_check_values(const struct gs_query *query,
                                                      const struct gs_snapshot *snapshot,
                                                      bool chinese, struct gs_err *err);

/* gs_query_parse with the filterable fields of the snapshot (params->fields is not looked at), and
 * gs_filter_check_values: how a query is read that is to search it. */
GS_MUST_USE enum gaosou_status
gs_query_parse_for(struct gs_query **out, const struct gs_snapshot *snapshot, const char *text,
                   size_t size, const struct gs_query_params *params, struct gs_err *err);

#endif
