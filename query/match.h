/*
 * match.h: the leaves and the tree of a query over one segment, filing by filing.
 *
 * A gs_leaf_match gives, in ascending order, candidates (filings that hold all the terms it reads),
 * and for a candidate tf and the positions of its occurrences: the first needs postings only, the
 * second positions, so a tree is led by candidates and confirmed last. Everything here belongs to
 * one thread and one run over one segment; memory is the arena's but for the windows of unions and
 * the shared scratch, which grow and are kept.
 */
#ifndef GS_QUERY_MATCH_H
#define GS_QUERY_MATCH_H

#include "query/plan.h"
#include "query/score.h"

#define GS_SPAN_ARRAYS 3

/* Arrays that grow, shared by everything that works on one filing or window at a time. */
struct gs_match_scratch {
    uint32_t *positions[2]; /* of one filing: what is left, what is read */
    size_t position_capacity;
    uint64_t *keys, *keys_other; /* gathered and sorted by unions and groups */
    size_t key_capacity;
    uint32_t *pool; /* of pool_doc: the ends of its places and the starts of leaves in groups */
    size_t pool_count, pool_capacity;
    uint32_t pool_doc;
    uint64_t *bits; /* of groups */
    size_t bit_capacity;
    uint64_t *spans[GS_SPAN_ARRAYS]; /* of a NEAR */
    size_t span_capacity;
    struct gs_deadline *deadline; /* looked at between the lists of unions: those end there; NULL:
                                     none */
    enum gaosou_status status;    /* sticky */
};
void gs_match_scratch_release(struct gs_match_scratch *s);
/* Room for count positions in both arrays, or false (sticky). */
bool gs_match_scratch_positions(struct gs_match_scratch *s, size_t count);
/* Likewise for both arrays of keys, for `more` in the pool, for bits and for each array of spans.
 * What was there is kept, and may have moved. */
bool gs_match_scratch_keys(struct gs_match_scratch *s, size_t count);
bool gs_match_scratch_pool(struct gs_match_scratch *s, size_t more);
bool gs_match_scratch_bits(struct gs_match_scratch *s, size_t count);
bool gs_match_scratch_spans(struct gs_match_scratch *s, size_t count);
/* Sorts keys[0, count). */
void gs_match_scratch_sort(struct gs_match_scratch *s, size_t count);
/* Room for `want` elements of `size` bytes, kept when it fails. Doubles, so that growth is rare. */
bool gs_match_grow(void *array_pointer, size_t *capacity, size_t want, size_t size);

/* ---- match_union.c: a Han character anywhere, or a prefix ---- */

/*
 * Its lists are too many to be walked side by side, and their positions overlap: the window [from,
 * to) of filings is read from all of them at once, sorted, and walked. Windows are as long as their
 * estimated postings allow.
 */
struct gs_union_cursor {
    uint32_t doc; /* GS_DOC_END at the end */
    const struct gs_segment *segment;
    const struct gs_union_lists *lists;
    struct gs_match_scratch *scratch;
    struct gs_list_cursor *reader; /* shared: one list at a time */
    bool keep_positions, distinct; /* distinct: no two lists share a position */
    uint32_t doc_count, from, to, span;
    const uint64_t *only; /* a bit a filing: those that are looked at; NULL: all */
    const uint32_t *few;  /* ascending: those few that are looked at; NULL: all */
    size_t few_count;
    uint32_t *docs, *tfs;
    size_t count, index, capacity;
    uint32_t *positions; /* keep_positions: of the window's filings, one after the other */
    size_t *starts;      /* count + 1 */
    size_t position_capacity;
    enum gaosou_status status; /* sticky */
};
/* pair_budget: most (filing, position) pairs a window should gather. */
void gs_union_open(struct gs_union_cursor *c, const struct gs_segment *segment,
                   const struct gs_plan_union *u, size_t segment_index, bool keep_positions,
                   size_t pair_budget, struct gs_match_scratch *scratch,
                   struct gs_list_cursor *reader);
void gs_union_close(struct gs_union_cursor *c);
/* Leaves out all filings whose bit is not set, before the first seek; few should be. */
void gs_union_choose(struct gs_union_cursor *c, const uint64_t *only);
/* The same for a few filings, ascending, borrowed: each list is opened once and sought for each. */
void gs_union_choose_few(struct gs_union_cursor *c, const uint32_t *docs, size_t count);
uint32_t gs_union_seek(struct gs_union_cursor *c, uint32_t target);
static inline uint32_t gs_union_freq(const struct gs_union_cursor *c)
{
    return c->tfs[c->index];
}
/* Borrowed until the next seek. */
static inline const uint32_t *gs_union_positions(const struct gs_union_cursor *c)
{
    return c->positions + c->starts[c->index];
}

/* ---- match_leaf.c ---- */

/* One list or union that a leaf reads. */
struct gs_match_part {
    uint32_t offset;
    uint64_t cost;               /* postings */
    struct gs_list_cursor *list; /* one of the two */
    struct gs_union_cursor *union_;
};

struct gs_leaf_match {
    uint32_t doc;    /* the candidate it is on; valid once sought */
    uint32_t tf;     /* of tf_doc; 0: no occurrence after all */
    uint32_t tf_doc; /* GS_DOC_END: none confirmed yet */
    bool started;
    bool needs_positions; /* else tf is the part's frequency */
    bool title_only;
    bool grouped;       /* in a group: tf and starts are what belongs to it, once it is confirmed */
    uint32_t group_doc; /* of which its starts are in scratch->pool; GS_DOC_END: none */
    size_t group_starts;
    uint32_t width;
    double weight;
    uint64_t cost;
    struct gs_match_part *parts; /* cheapest first; none: matches nothing */
    size_t part_count;
    const struct gs_segment *segment;
    struct gs_match_scratch *scratch;
    enum gaosou_status status; /* sticky */
};

/* What the leaves of one segment share while they are opened. */
struct gs_match_context {
    const struct gs_plan *plan;
    size_t segment_index;
    const struct gs_segment *segment;
    struct gs_arena *arena;
    struct gs_match_scratch *scratch;
    struct gs_list_cursor *reader; /* of the unions */
    size_t pair_budget;
    bool always_positions; /* for highlighting */
};
/* Fills the shared fields; the caller set plan, segment_index, arena, scratch, always_positions. */
GS_MUST_USE enum gaosou_status gs_match_context_open(struct gs_match_context *c);
GS_MUST_USE enum gaosou_status gs_leaf_open(struct gs_leaf_match *m,
                                            const struct gs_match_context *c,
                                            const struct gs_plan_leaf *leaf);
void gs_leaf_close(struct gs_leaf_match *m);
/* The first candidate >= target; never back. */
uint32_t gs_leaf_seek(struct gs_leaf_match *m, uint32_t target);
/* tf in m->doc; 0: the candidate is none. */
uint32_t gs_leaf_confirm(struct gs_leaf_match *m);
/* tf in m->doc is at most this: no positions are read. */
uint32_t gs_leaf_tf_most(struct gs_leaf_match *m);
/* Whether it reads lists only, and can go back to its start: gs_leaf_rewind. */
bool gs_leaf_can_rewind(const struct gs_leaf_match *m);
void gs_leaf_rewind(struct gs_leaf_match *m);
/* The starts of the occurrences in m->doc, ascending, borrowed until the next call on any leaf.
 * Leaves opened with always_positions, or in a group; of one in a group that was confirmed there
 * those that belong to it. */
uint32_t gs_leaf_positions(struct gs_leaf_match *m, const uint32_t **starts);
/* Reads those of a leaf in a group in doc into the pool, whole, if they are not there; docs ascend.
 * Their number. */
uint32_t gs_leaf_load(struct gs_leaf_match *m, uint32_t doc);
static inline uint32_t *gs_leaf_loaded(const struct gs_leaf_match *m)
{
    return m->scratch->pool + m->group_starts;
}
/* tf in `doc`, 0 if none; docs ascend. */
static inline uint32_t gs_leaf_tf_at(struct gs_leaf_match *m, uint32_t doc)
{
    return gs_leaf_seek(m, doc) == doc ? gs_leaf_confirm(m) : 0;
}
/* The list whose postings are the leaf's matches and frequencies, or NULL where there is more to
 * it. */
static inline struct gs_list_cursor *gs_leaf_list(const struct gs_leaf_match *m)
{
    return m->part_count == 1 && !m->needs_positions ? m->parts[0].list : NULL;
}
/* The most it can score in any filing of the segment. */
double gs_leaf_bound(struct gs_leaf_match *m, const struct gs_scorer *scorer);
/* Damage or want of memory met since it was opened. */
enum gaosou_status gs_leaf_status(const struct gs_leaf_match *m);

/* ---- match_tree.c ---- */

struct gs_node_match {
    enum gs_node_kind kind;
    const struct gs_node *from;     /* of the query */
    struct gs_leaf_match *leaf;
    struct gs_filter_match *filter;
    struct gs_group_match *group;   /* one that stands in none */
    enum gs_truth unknown;          /* GS_NODE_FILTER: what cannot be judged counts as */
    struct gs_node_match *children; /* AND, NEAR: cheapest first, exclusions last */
    size_t child_count, positive_count;
    uint64_t cost;
    uint32_t doc, checked_doc;
    bool started;
    enum gs_truth truth; /* of checked_doc */
};

/* What the nodes of one segment are made of. */
struct gs_node_parts {
    struct gs_arena *arena;
    struct gs_leaf_match *leaves;
    struct gs_filter_match *filters;
    struct gs_group_match *groups; /* match_group.h: those of the plan */
    bool take_unknown; /* what filters cannot judge is taken in, unless something else speaks
                          against it */
};
GS_MUST_USE enum gaosou_status gs_node_open(struct gs_node_match *n, const struct gs_node *from,
                                            const struct gs_node_parts *parts);
/* The first doc >= target that may match (of filters: gs_filter_seek). */
uint32_t gs_node_seek(struct gs_node_match *n, uint32_t target);
/* Whether the doc it is on does. */
enum gs_truth gs_node_confirm(struct gs_node_match *n);
/* Sets scored[leaf] for the leaves of matching branches of a confirmed tree. */
void gs_node_mark(const struct gs_node_match *n, const struct gs_leaf_match *leaves, bool *scored);

#endif
