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
#include "query/ranking.h"

/* What comes first (docs/QUERY.md, Order). What is not known comes last. */
enum gs_sort {
    GS_SORT_SCORE,
    GS_SORT_NEWEST, /* by date */
    GS_SORT_OLDEST,
    GS_SORT_CODE,   /* the first of its codes, by bytes */
    GS_SORT_LENGTH, /* longest first */
};
/* Between filings that are equal in that. */
enum gs_ties {
    GS_TIES_CLOSEST,  /* where the query's parts stand closest together, then by sequence number */
    GS_TIES_SEQUENCE, /* the lower sequence number */
};

/* A field whose values are counted over all matching filings. */
struct gs_facet_field {
    const char *name; /* code name company type exchange board year, or a filterable field */
};
struct gs_facet_value {
    struct gs_str value; /* a year: four digits */
    uint64_t count;
};
struct gs_facet {
    const char *name;
    const struct gs_facet_value *values; /* most filings first, then by bytes */
    size_t value_count;
    uint64_t more;    /* different values that are not listed */
    uint64_t unknown; /* matching filings without a value */
};
#define GS_FACETS_MAX 16

struct gs_cursor; /* cursor.h: where an answer is to be continued */

struct gs_search_options {
    enum gs_sort sort;
    enum gs_ties ties;
    const struct gs_facet_field *facets; /* borrowed; facet_count <= GS_FACETS_MAX */
    size_t facet_count;
    size_t facet_limit;            /* values listed of each; SIZE_MAX: all */
    const struct gs_cursor *after; /* continue behind this, with offset 0; NULL: from the start */
    uint64_t before_sequence;   /* filings with this sequence number or a later one are left out; 0:
                                   none; said by a cursor itself */
    uint64_t deadline_ns;       /* CLOCK_MONOTONIC; what was found by then; 0: none */
    uint64_t (*clock_ns)(void); /* another clock, for tests; NULL */
    size_t min_match;           /* --any: different terms a filing must hold at least; 0: 1 */
    bool min_match_percent;     /* min_match is a percentage of them, rounded down */
    size_t limit;               /* best filings wanted; SIZE_MAX: all */
    size_t offset;              /* skipped before them */
    bool count_all;             /* exact totals also where pruning would leave them open */
    bool exhaustive;            /* tests and benchmarks: no pruning at all */
    bool collapse;     /* filings with the same content hash are one hit (collapse.h); limit and
                          offset count those; totals are exact */
    bool take_unknown; /* filings that filters cannot judge are matches, too (--unknown) */
    struct gs_ranking ranking; /* what is added to BM25; zeroed: as the query's mode has it */
    double k1, b;              /* BM25; 1.2 and 0.75 are the defaults of gs_search_defaults() */
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

/* What a run took. */
struct gs_search_cost {
    uint64_t plan_ns, match_ns, hits_ns; /* terms and lists found; filings found; hits made */
    uint64_t candidates; /* filings that the tree led to and that were then confirmed; 0 where one
                            list, one union or an OR of leaves is read without a tree */
};

struct gs_result {
    const struct gs_facet *facets; /* facet_count of the options; valid until the next run */
    bool partial; /* the deadline came first: totals are lower bounds, hits the best so far */
    bool continued_elsewhere; /* the snapshot of options.after is gone: this is another one */
    struct gs_hit
        *hits; /* best first; ties to the lower sequence number; valid until the next run */
    size_t hit_count;
    const struct gs_cursor *cursor; /* where it goes on; NULL: that was all, or there is none for
                                       it; valid until the next run */
    uint64_t total;                 /* matching filings, deleted ones left out */
    bool total_exact;               /* false: a lower bound */
    uint64_t collapsed;             /* of total those that are another hit's twins */
    uint64_t occurrences;           /* of all leaves in all matching filings */
    bool occurrences_exact;
    /* Filings that match in all else and that a filter on this field, of the query's
     * filter_fields, cannot judge; with take_unknown none. */
    uint64_t unjudged[GS_QUERY_FILTERS_MAX];
    /* Live filings without a text that could match, by the reason (unsearched.h). Those that do
     * whatever they say (by filters alone, by their title) are among the hits, too. */
    uint64_t unsearched[GS_TEXT_STATE_COUNT];
    struct gs_search_cost cost;
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

/* What each leaf counts for where passages are chosen: weight^(1/4), as what is rare among filings
 * finds the filing but not the place in it, times what docs/RANKING.md, stop, multiplies leaves of
 * questions by. leaf_count entries, all at least 0. */
GS_MUST_USE enum gaosou_status gs_search_passage_weights(struct gs_search *s,
                                                         const struct gs_snapshot *snapshot,
                                                         const struct gs_query *query,
                                                         double *weights, struct gs_err *err);

/* Filings that each leaf alone matches, for the answer to nothing found. leaf_count entries. */
GS_MUST_USE enum gaosou_status gs_search_leaf_totals(struct gs_search *s,
                                                     const struct gs_snapshot *snapshot,
                                                     const struct gs_query *query, uint64_t *totals,
                                                     struct gs_err *err);

#endif
