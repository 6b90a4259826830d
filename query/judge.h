/*
 * judge.h: one filing judged by a query, part by part: what is true of it, how often each leaf
 * stands in it, and what its score is made of. For --explain and --why-not.
 *
 * Reads the lists of one segment up to that filing. Works on the search and the plan of the last
 * gs_search_run, or makes the plan. One thread.
 */
#ifndef GS_QUERY_JUDGE_H
#define GS_QUERY_JUDGE_H

#include "common/base/arena.h"
#include "query/rerank.h"

struct gs_judged_leaf {
    uint32_t all;   /* occurrences in the filing */
    uint32_t count; /* of these, the ones that belong to a group that the leaf stands in */
    bool scored;    /* it stands in a branch that matches */
    double weight;  /* of the plan */
    double part;    /* of the score: docs/QUERY.md, Scores; 0 where it is not scored */
};

/* Arrays are the arena's. */
struct gs_judgement {
    enum gs_truth truth;  /* of the whole query; without a text only what is sure */
    enum gs_truth *nodes; /* by number, see gs_judge_count; inside a group each part by itself */
    struct gs_judged_leaf *leaves;
    size_t leaf_count;
    size_t min_match, found; /* --any: different leaves wanted, and found; else 0 */
    enum gs_text_state text_state;
    uint32_t length;  /* as it is scored, docs/RANKING.md */
    double norm;      /* what a tf of a leaf is weighed against */
    bool second_pass; /* `second` is part of the score */
    struct gs_rerank_parts second;
    double score; /* the sum of all parts, in the order of the leaves */
};

/* Nodes below and with this one. Those of a query are numbered in the order of the text: a node,
 * then its children. */
size_t gs_judge_count(const struct gs_node *node);

/* second_pass: the filing is among those that the second pass looks at. */
GS_MUST_USE enum gaosou_status
gs_judge_filing(struct gs_judgement *out, struct gs_arena *arena, struct gs_search *search,
                const struct gs_snapshot *snapshot, const struct gs_query *query,
                const struct gs_search_options *options, uint32_t segment, uint32_t doc,
                bool second_pass, struct gs_err *err);

/* Whether the second pass of the last run has put this filing in its order. */
bool gs_judge_was_reranked(const struct gs_search *search, uint32_t segment, uint32_t doc);

#endif
