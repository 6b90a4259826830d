/*
 * together.h: how many of the matching filings say it all in one sentence, and in one paragraph
 * (docs/QUERY.md, In one sentence, in one paragraph).
 *
 * The same text is read and searched twice more, as --within would have it. One thread.
 */
#ifndef GS_QUERY_TOGETHER_H
#define GS_QUERY_TOGETHER_H

#include "query/search.h"

/* Matching filings that match in one sentence, too, and in one paragraph. */
struct gs_together {
    uint64_t sentence, paragraph;
};

/*
 * *known is false for a query that has no such counts, or where the deadline of the options came
 * first. query: as the text was read with the params; options: as it was searched with. `search`
 * is used up: what an earlier run gave is gone.
 */
GS_MUST_USE enum gaosou_status
gs_together_count(struct gs_together *out, bool *known, struct gs_search *search,
                  const struct gs_snapshot *snapshot, const struct gs_query *query,
                  const char *text, size_t size, const struct gs_query_params *params,
                  const struct gs_search_options *options, struct gs_err *err);

#endif
