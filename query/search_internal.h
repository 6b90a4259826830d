/*
 * search_internal.h: what the files search*.c and occurrences.c share.
 */
#ifndef GS_QUERY_SEARCH_INTERNAL_H
#define GS_QUERY_SEARCH_INTERNAL_H

#include "query/closeness.h"
#include "query/collapse.h"
#include "query/cursor.h"
#include "query/deadline.h"
#include "query/gather.h"
#include "query/match_group.h"
#include "query/range_bounds.h"
#include "query/search.h"
#include "query/search_view.h"
#include "query/topk.h"

/* Occurrences of a few hits of the last result, read together (occurrences.c). */
#define GS_OCCURRENCE_HITS 16
struct gs_occurrence_batch {
    struct gs_occurrence *all; /* hit after hit */
    size_t count, capacity;
    struct {
        uint32_t segment, doc;
        size_t from, to; /* of all */
    } hits[GS_OCCURRENCE_HITS];
    size_t hit_count; /* 0: nothing is held */
    size_t max;       /* that it was made for */
};

struct gs_search {
    struct gs_arena plan_arena;    /* until the next run */
    struct gs_arena segment_arena; /* until the next segment */
    struct gs_match_scratch scratch;
    struct gs_topk top;
    struct gs_hit *hits;
    size_t hit_count, hit_capacity;
    uint32_t *settled; /* counts of hits that were found without them */
    size_t settled_capacity;
    struct gs_gather gather;
    struct gs_closeness closeness;
    struct gs_collapse collapse;      /* of the last run, if it was to */
    struct gs_search_view view;       /* of the last run, if it was of a part of the snapshot */
    size_t head;                      /* entries of the last ranking that the second pass had */
    struct gs_cursor cursor;          /* of the last run, if it has one */
    struct gs_occurrence_batch batch; /* emptied by the next run */
    struct gs_plan plan;              /* of the last run, for the calls on its result */
    bool has_plan;
    uint64_t plan_query, plan_commit; /* fingerprint and commit that it was made for */
};

/* The leaves of a query opened on one segment. */
struct gs_search_segment {
    size_t index;
    const struct gs_snapshot_segment *part;
    uint32_t doc_count;
    struct gs_leaf_match *leaves;
    struct gs_leaf_match *again; /* a second set for a nested query, whose tree may have led a leaf
                                    past a filing that matches by another branch; else NULL */
    size_t leaf_count;
    struct gs_groups groups; /* over `again` where there is one, else over `leaves` */
};
/* Uses up search->segment_arena, which it clears. On failure nothing is left open. */
GS_MUST_USE enum gaosou_status gs_search_open_segment(struct gs_search *s, size_t index,
                                                      bool always_positions, bool twice,
                                                      struct gs_search_segment *out,
                                                      struct gs_err *err);
/* Closes it; the error that a leaf has met, or OK. */
GS_MUST_USE enum gaosou_status
gs_search_close_segment(struct gs_search *s, struct gs_search_segment *segment, struct gs_err *err);
/* Whether search->plan is the one of this query and snapshot. */
bool gs_search_has_plan(const struct gs_search *s, const struct gs_snapshot *snapshot,
                        const struct gs_query *query);
/* Where the deadline (NULL: none) comes first, the plan is no whole one, and is not kept. Makes
 * search->plan, unless the last run left the one for this query and snapshot. */
GS_MUST_USE enum gaosou_status gs_search_plan(struct gs_search *s,
                                              const struct gs_snapshot *snapshot,
                                              const struct gs_query *query,
                                              struct gs_deadline *deadline, struct gs_err *err);

/* One gs_search_run. */
struct gs_search_run {
    struct gs_search *search;
    const struct gs_query *query;
    const struct gs_snapshot *view; /* the snapshot without what was added too late */
    const struct gs_cursor *after;  /* NULL: from the start */
    struct gs_cursor_place last;    /* of after, its key as it is in this snapshot */
    uint64_t options;               /* gs_cursor_options */
    size_t depth;                  /* filings that the second pass gets at most; 0: there is none */
    size_t head;                   /* those that it got: the first ones of the ranking */
    struct gs_cursor_place border; /* the last of them before it, where there were `depth` */
    bool has_border;
    size_t passed; /* entries of the ranking that were shown on pages before */
    bool more;     /* there are hits behind those that are shown */
    struct gs_scorer scorer;
    struct gs_float_scorer approximate; /* the same in float, for loops and bounds */
    struct gs_deadline deadline;
    struct gs_gather *gather; /* NULL: nothing is gathered */
    bool by_score;            /* filings are ranked by their scores */
    bool prune;               /* totals may be lower bounds */
    bool pruned;              /* and they are */
    bool exhaustive;          /* tests and benchmarks: lists are read for totals, too */
    bool open_occurrences;    /* the sum of occurrences is one, though filings are counted */
    bool nested; /* an AND below an OR: a leaf may occur in a branch that does not match */
    bool take_unknown;
    struct gs_ranking ranking;
    size_t min_match; /* --any: leaves that a filing has to hold; else 0 */
    uint64_t total, occurrences;
    struct gs_search_cost cost;
    uint64_t unjudged[GS_QUERY_FILTERS_MAX] /* as in gs_result */;
    struct gs_err *err;
};

/* Whether to go on is pointless: the time is up, or there is an error that the end of the run
 * tells. Asked for every few filings. */
static inline bool gs_search_is_over(struct gs_search_run *run)
{
    return run->search->top.status || (run->gather && run->gather->status) ||
           gs_deadline_look(&run->deadline);
}

/* search.c: leaves that a filing has to hold; 0 but in --any. */
size_t gs_search_min_match(const struct gs_query *query, const struct gs_search_options *o);

/* search.c: what scores are made of: the index as it is, or as it was on the first page; by
 * run->view, after and ranking. */
void gs_search_init_scorers(struct gs_search_run *run, const struct gs_search_options *options);

/* search.c: what its ranking has met. */
GS_MUST_USE enum gaosou_status gs_search_fail_top(const struct gs_search_run *run);

/* search_hits.c: the hits of a run from its ranking. */
GS_MUST_USE enum gaosou_status gs_search_make_hits(struct gs_search_run *run,
                                                   const struct gs_search_options *options);

/* search_ties.c: puts entries of the sorted ranking that are equal in their key into the order of
 * their closeness, as far as it shows among the entries [first, end). */
GS_MUST_USE enum gaosou_status gs_search_break_ties(struct gs_search_run *run, size_t first,
                                                    size_t end);
/* Likewise those that have a key, be it one alone: to tell them from a place with that key. */
GS_MUST_USE enum gaosou_status gs_search_break_ties_at(struct gs_search_run *run, double key);

/* search_continue.c: whether options->after fits, and what it says of the run: the view, and what
 * scores are made of. run->options and run->ranking are known. */
GS_MUST_USE enum gaosou_status gs_search_continue(struct gs_search_run *run,
                                                  const struct gs_snapshot *snapshot,
                                                  const struct gs_search_options *options);
/* search_continue.c: the rest of that, once the plan, the ranking and the sort keys are ready. */
GS_MUST_USE enum gaosou_status gs_search_continue_ready(struct gs_search_run *run, bool collapse);
/* search_continue.c: how many entries of the sorted ranking stand at a place or before it; those
 * that have its key have been told apart. */
GS_MUST_USE enum gaosou_status gs_search_count_passed(const struct gs_search_run *run,
                                                      const struct gs_cursor_place *place,
                                                      size_t *count);
/* search_continue.c: the place of an entry of the ranking. */
GS_MUST_USE enum gaosou_status gs_search_place_of(const struct gs_search_run *run, size_t entry,
                                                  struct gs_cursor_place *place);
/* search_continue.c: search->cursor, behind the hit that is this entry and number `rank` of all. */
GS_MUST_USE enum gaosou_status gs_search_make_cursor(struct gs_search_run *run, size_t entry,
                                                     uint64_t rank);

/* search_ties.c: the closeness of one entry, whatever it ties with. */
GS_MUST_USE enum gaosou_status gs_search_measure(struct gs_search_run *run, size_t entry);

/* occurrences.c: the occurrences in ascending filings of one segment, by filing, position and leaf,
 * behind the *count that are there; those of docs[i] end at ends[i]. max: of a filing; 0: all. */
GS_MUST_USE enum gaosou_status gs_search_collect(struct gs_search *s, uint32_t segment,
                                                 const uint32_t *docs, size_t doc_count, size_t max,
                                                 struct gs_occurrence **out, size_t *count,
                                                 size_t *capacity, size_t *ends,
                                                 struct gs_err *err);

/* occurrences.c: tells unions which few filings will be asked for, ascending and borrowed. */
void gs_search_choose_few(const struct gs_search_segment *segment, const uint32_t *docs,
                          size_t count);

/* search_walk.c: score and counts of hits of one segment, ascending, that are known to match;
 * counts has room for those of all of them. */
GS_MUST_USE enum gaosou_status gs_search_settle(struct gs_search_run *run,
                                                struct gs_search_segment *segment,
                                                struct gs_hit *const *hits, size_t count,
                                                uint32_t *counts);
/* search_walk.c: any query, over one segment. */
GS_MUST_USE enum gaosou_status gs_search_walk(struct gs_search_run *run,
                                              struct gs_search_segment *segment);

/* search_list.c: a query that is one leaf with a gs_leaf_list, over one segment. */
GS_MUST_USE enum gaosou_status gs_search_list(struct gs_search_run *run,
                                              const struct gs_search_segment *segment);

/* search_union.c: a query that is one union of many lists, over one segment that it suits. */
bool gs_search_union_suits(const struct gs_search_run *run,
                           const struct gs_search_segment *segment);
GS_MUST_USE enum gaosou_status gs_search_union(struct gs_search_run *run,
                                               const struct gs_search_segment *segment);

/* search_any.c: a query that is one OR of leaves, over one segment. */
GS_MUST_USE enum gaosou_status gs_search_any(struct gs_search_run *run,
                                             const struct gs_search_segment *segment);

#endif
