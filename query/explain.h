/*
 * explain.h: how an answer came about (--explain): the plan with the order in which the engine asks
 * the parts of a query and what each is thought to cost, the lists and values behind them, what the
 * run took, and what the scores of the hits are made of.
 *
 * Opens every segment once, judges every value of the dictionaries that filters ask, and reads the
 * lists of the hits' segments once for each of them, for GS_EXPLAIN_HITS_MAX hits at most. One
 * thread.
 */
#ifndef GS_QUERY_EXPLAIN_H
#define GS_QUERY_EXPLAIN_H

#include "common/base/json_write.h"
#include "query/judge.h"

#define GS_EXPLAIN_HITS_MAX 100u

/* A node of the query, in the order of the text. */
struct gs_explained_node {
    const struct gs_node *node;
    size_t depth; /* 0: the root */
    size_t order; /* among its siblings, from 1: where the engine asks it, in the largest segment */
    uint64_t cost; /* filings that it is thought to lead to, at most; of all segments */
};

/* One term of a leaf, or a union of several. */
struct gs_explained_list {
    struct gs_str text; /* the term; of a union what it stands for: 证, 证*, word*, wo?d */
    uint64_t terms;     /* lists that are read, of all segments; a term: one a segment */
    uint64_t df;        /* filings in them, a union's once for each of its lists */
    uint64_t bytes;     /* of them, with the positions that lie apart */
    bool is_union;
};

struct gs_explained_leaf {
    const struct gs_explained_list *lists;
    size_t list_count;
    double weight;
};

/* Of a filter on strings: values of the segments' dictionaries, and those that pass it. */
struct gs_explained_filter {
    bool has_values; /* false: numbers or ids */
    uint64_t values, passing;
};

/* Arrays are the arena's; nodes and texts the query's. */
struct gs_explanation {
    struct gs_explained_node *nodes;
    size_t node_count;
    struct gs_explained_leaf *leaves;    /* of the query */
    struct gs_explained_filter *filters; /* of the query */
    struct gs_search_cost cost;
    struct gs_judgement *hits; /* of the result, in its order, the first ones */
    size_t hit_count;
};

/* search, query, options, result: of the last gs_search_run, in time. */
GS_MUST_USE enum gaosou_status gs_explain_make(struct gs_explanation *out, struct gs_arena *arena,
                                               struct gs_search *search,
                                               const struct gs_snapshot *snapshot,
                                               const struct gs_query *query,
                                               const struct gs_search_options *options,
                                               const struct gs_result *result, struct gs_err *err);

/* first_rank: of the first hit. */
void gs_explain_write_text(struct gs_buf *out, const struct gs_explanation *e,
                           const struct gs_query *query, uint64_t first_rank, bool chinese);
/* One object. */
void gs_explain_write_json(struct gs_json *j, const struct gs_explanation *e,
                           const struct gs_query *query, uint64_t first_rank, bool chinese);

#endif
