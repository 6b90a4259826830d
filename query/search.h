/*
 * search.h: a query over a snapshot: which filings, in which order, how often, and where in them.
 *
 * gs_search holds per-query state (cursors, accumulators) and belongs to one thread; make it once
 * and run many queries. Snapshot and query are borrowed for the run and for the calls on its
 * result.
 */
#ifndef GS_QUERY_SEARCH_H
#define GS_QUERY_SEARCH_H

#include "common/segment/manifest.h"
#include "common/segment/segment.h"
#include "query/query.h"

struct gs_search_options {
    size_t limit;      /* best filings wanted; SIZE_MAX: all */
    size_t offset;     /* skipped before them */
    bool count_all;    /* exact totals also where pruning would leave them open */
    bool exhaustive;   /* tests and benchmarks: no pruning at all */
    bool collapse;     /* filings with the same content hash are one hit (collapse.h); limit and
                          offset count those; totals are exact */
    bool take_unknown; /* filings that filters cannot judge are matches, too (--unknown) */
    double k1, b;      /* BM25; 1.2 and 0.75 are the defaults of gs_search_defaults() */
};
struct gs_search_options gs_search_defaults(void); /* limit 10 */

/* A matching filing that says the same as a hit. */
struct gs_hit_twin {
    uint32_t segment, doc;
};

struct gs_hit {
    double score;
    uint32_t segment, doc; /* index in the snapshot, local doc */
    uint64_t sequence;
    const uint32_t *counts; /* leaf_count entries: verified occurrences of each leaf; valid until
                               the next run */
    const struct gs_hit_twin *twins; /* best first; valid until the next run */
    size_t twin_count;               /* 0 without collapse */
};

struct gs_result {
    struct gs_hit
        *hits; /* best first; ties to the lower sequence number; valid until the next run */
    size_t hit_count;
    uint64_t total;       /* matching filings, deleted ones left out */
    bool total_exact;     /* false: a lower bound */
    uint64_t collapsed;   /* of total those that are another hit's twins */
    uint64_t occurrences; /* of all leaves in all matching filings */
    bool occurrences_exact;
    /* Filings that match in all else and that a filter on this field cannot judge; with
     * take_unknown none. */
    uint64_t unjudged[GS_FILTER_FIELDS];
    /* Live filings without a text that could match, by the reason (unsearched.h). Those that do
     * whatever they say (by filters alone, by their title) are among the hits, too. */
    uint64_t unsearched[GS_TEXT_STATE_COUNT];
};

struct gs_search;
GS_MUST_USE enum gaosou_status gs_search_create(struct gs_search **out);
void gs_search_free(struct gs_search *s);
GS_MUST_USE enum gaosou_status gs_search_run(struct gs_search *s,
                                             const struct gs_snapshot *snapshot,
                                             const struct gs_query *query,
                                             const struct gs_search_options *options,
                                             struct gs_result *result, struct gs_err *err);

struct gs_occurrence {
    uint32_t position, width; /* positions covered: [position, position + width) */
    uint32_t leaf;
};
/* Every occurrence of every leaf (those under NOT left out) in one filing, by position then leaf;
 * malloc'ed array grown by the call, as many as max (0: all). */
GS_MUST_USE enum gaosou_status gs_search_occurrences(struct gs_search *s,
                                                     const struct gs_snapshot *snapshot,
                                                     const struct gs_query *query, uint32_t segment,
                                                     uint32_t doc, size_t max,
                                                     struct gs_occurrence **out, size_t *count,
                                                     size_t *capacity, struct gs_err *err);

/* Filings that each filter alone takes in. filter_count entries. */
GS_MUST_USE enum gaosou_status gs_search_filter_totals(const struct gs_snapshot *snapshot,
                                                       const struct gs_query *query,
                                                       uint64_t *totals, struct gs_err *err);

/* Filings that each leaf alone matches, for the answer to nothing found. leaf_count entries. */
GS_MUST_USE enum gaosou_status gs_search_leaf_totals(struct gs_search *s,
                                                     const struct gs_snapshot *snapshot,
                                                     const struct gs_query *query, uint64_t *totals,
                                                     struct gs_err *err);

#endif
