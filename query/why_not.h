/*
 * why_not.h: why one filing is among the matches of a query, or what of the query fails in it.
 *
 * Costs the lists of one segment, some tens of phrases looked up where a phrase fails, and, where
 * no filing has the id, at most GS_WHY_NOT_NEAREST_NS of reading ids. One thread.
 */
#ifndef GS_QUERY_WHY_NOT_H
#define GS_QUERY_WHY_NOT_H

#include "common/base/json_write.h"
#include "query/judge.h"
#include "query/nearest.h"

#define GS_WHY_NOT_RANKS      10000u     /* the ranking is looked at so far down */
#define GS_WHY_NOT_FAILED_MAX 64u        /* parts that are told */
#define GS_WHY_NOT_NEAREST_NS 200000000u /* for ids like the one that is none */

enum gs_why_outcome {
    GS_WHY_MATCHES,
    GS_WHY_FAILS,
    GS_WHY_UNJUDGED, /* a filter cannot judge it, and nothing else speaks against it */
    GS_WHY_DELETED,  /* a filing with the id was there: deleted, or replaced by a newer one */
    GS_WHY_NO_ID,
};

/* A part of the query that does not hold: a leaf, a filter, a group, or an exclusion. */
struct gs_why_failed {
    const struct gs_node *node;
    bool excluded;       /* it holds, and is excluded */
    bool unjudged;       /* a filter that cannot judge it */
    struct gs_str piece; /* of a leaf: the longest that stands in the filing; empty: none */
    struct gs_str value; /* of a filter: what the filing has; empty: nothing */
    uint32_t nearest;    /* of a NEAR all of whose parts are there: the least n that would hold; 0:
                            none up to GS_QUERY_NEAR_MAX */
    bool parts_there;    /* of a group: all of its parts stand in the filing */
    bool in_paragraph;   /* of a SENTENCE: they stand in one paragraph */
};

struct gs_why_not {
    enum gs_why_outcome outcome;
    struct gs_str id;
    struct gs_nearest nearest; /* GS_WHY_NO_ID: ids like it; else none */
    uint32_t segment, doc;
    uint64_t rank; /* GS_WHY_MATCHES: from 1; 0: not among the hits that were looked at */
    struct gs_judgement judgement; /* of the first three */
    struct gs_why_failed *failed;
    size_t failed_count;
};

/*
 * search, query, options, result: of a gs_search_run of it without offset and with a limit of
 * GS_WHY_NOT_RANKS. beside: another search, whose last run is lost. What *out points to is the
 * arena's, the query's or the id's. A filing that is not there is no error.
 */
GS_MUST_USE enum gaosou_status
gs_why_not_make(struct gs_why_not *out, struct gs_arena *arena, struct gs_search *search,
                struct gs_search *beside, const struct gs_snapshot *snapshot,
                const struct gs_query *query, const struct gs_search_options *options,
                const struct gs_result *result, struct gs_str id, struct gs_err *err);

void gs_why_not_write_text(struct gs_buf *out, const struct gs_why_not *why,
                           const struct gs_query *query, bool chinese);
/* One object. */
void gs_why_not_write_json(struct gs_json *j, const struct gs_why_not *why,
                           const struct gs_query *query, bool chinese);

#endif
