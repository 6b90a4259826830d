/*
 * unsearched.h: filings that are in the index without a text (scans, garbled text layers): no query
 * finds words in them but those of a title they were given, and every answer counts those that its
 * filters take in.
 *
 * What such a filing says besides its title is not known. A query that has to know does not match
 * it; one that need not (filters alone) does. docs/QUERY.md, Filings without text.
 */
#ifndef GS_QUERY_UNSEARCHED_H
#define GS_QUERY_UNSEARCHED_H

#include "common/segment/manifest.h"
#include "common/segment/segment.h"
#include "query/match.h"

/* Those of one segment; docs are asked for in ascending order. One thread. */
struct gs_unsearched {
    const struct gs_segment *segment;
    uint32_t next;             /* the first at or behind the last doc asked for */
    enum gaosou_status status; /* sticky */
};
void gs_unsearched_open(struct gs_unsearched *u, const struct gs_segment *segment);
bool gs_unsearched_seek(struct gs_unsearched *u, uint32_t doc); /* private */
static inline bool gs_unsearched_has(struct gs_unsearched *u, uint32_t doc)
{
    return u->next <= doc && gs_unsearched_seek(u, doc);
}

/* How a query is judged where the text is not known. */
enum gs_unsearched_text {
    GS_TEXT_SAYS_LEAST, /* of what is looked for its title alone, all that is excluded: does it
                           match? */
    GS_TEXT_SAYS_MOST,  /* all that is looked for, nothing that is excluded: could it? */
};
/* filters: one opened for each of the query's; leaves: likewise, for GS_TEXT_SAYS_LEAST, not
 * beyond doc. */
enum gs_truth gs_unsearched_judge(const struct gs_query *query, struct gs_leaf_match *leaves,
                                  struct gs_filter_match *filters, bool take_unknown, uint32_t doc,
                                  enum gs_unsearched_text text);

/* Adds to counts[state] the live filings without text that could match: GS_TEXT_STATE_COUNT counts,
 * by the reason. */
GS_MUST_USE enum gaosou_status gs_unsearched_count(const struct gs_snapshot *snapshot,
                                                   const struct gs_query *query, bool take_unknown,
                                                   uint64_t *counts, struct gs_err *err);

#endif
