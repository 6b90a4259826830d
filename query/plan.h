/*
 * plan.h: what a query needs from an index: its distinct terms with their lists in every segment,
 * and the weights of its leaves.
 *
 * Nothing in a plan points into the query, so it outlives it; lists live as long as the snapshot.
 * Memory is the arena's, given by the caller. One thread builds it; afterwards it is read only.
 */
#ifndef GS_QUERY_PLAN_H
#define GS_QUERY_PLAN_H

#include "common/base/arena.h"
#include "common/segment/manifest.h"
#include "common/segment/segment.h"
#include "query/deadline.h"
#include "query/query.h"

struct gs_plan_term {
    struct gs_term term;
    uint64_t hash, df;        /* of the whole snapshot */
    struct gs_list_ref *refs; /* one a segment */
};

enum gs_union_kind {
    GS_UNION_CHARACTER, /* a Han character anywhere: begins, ends one back, unigram */
    GS_UNION_BEGINS,    /* terms that begin with it, unigram included */
    GS_UNION_WORDS,     /* words that begin with bytes */
    GS_UNION_PATTERN,   /* words that bytes with ? and * in them describe */
};

/* The lists that a union is made of in one segment. */
struct gs_union_lists {
    struct gs_list_ref *refs;
    uint32_t count;
    uint32_t ends_from; /* refs from here on are of terms that end with the character: it stands one
                           further */
    bool has_unigram;   /* the first is the list of the character by itself */
    uint64_t postings;  /* sum of df */
};

struct gs_plan_union {
    enum gs_union_kind kind;
    uint32_t character;
    const uint8_t *bytes;
    size_t size;
    uint64_t df; /* S of docs/QUERY.md: sum over the terms that begin with it, all segments */
    struct gs_union_lists *segments;
};

/* What has to stand at p + offset. */
struct gs_need {
    uint32_t offset;
    uint32_t index; /* into terms or unions */
    bool is_union;
    bool is_bigram; /* one of a Han run, which a cover may leave out */
};

struct gs_plan_leaf {
    struct gs_need *needs; /* in the order of the items */
    size_t need_count;     /* 0: matches nothing */
    double weight;         /* times its multiplicity */
    uint32_t width;
    bool title_only, excluded, grouped;
};

struct gs_plan {
    const struct gs_snapshot *snapshot;
    struct gs_plan_term *terms;
    size_t term_count;
    struct gs_plan_union *unions;
    size_t union_count;
    struct gs_plan_leaf *leaves;
    size_t leaf_count;
    struct gs_node **groups; /* the query's groups that stand in none, copies */
    size_t group_count;
};

/* deadline: NULL for none; where it passes, unions lack lists and the plan is good for nothing but
 * an empty answer. */
GS_MUST_USE enum gaosou_status gs_plan_make(struct gs_plan *plan, struct gs_arena *arena,
                                            const struct gs_snapshot *snapshot,
                                            const struct gs_query *query,
                                            struct gs_deadline *deadline, struct gs_err *err);

#endif
