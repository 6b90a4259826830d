/*
 * match_group.h: NEAR, SENTENCE and PARAGRAPH over one segment (docs/QUERY.md, Groups).
 *
 * A group is judged filing by filing by the positions of its leaves, which have to be opened with
 * positions. What it leaves of each of them, those occurrences that belong to it, becomes the
 * leaf's tf and starts in that filing. A filing is cut into places by the ends of sentences, of
 * paragraphs or of both; where a part of the tree is true is a bit a place, so that AND, OR and NOT
 * are operations on words of bits, and time is linear in the occurrences.
 *
 * One thread, one run over one segment; memory is the arena's and the scratch's.
 */
#ifndef GS_QUERY_MATCH_GROUP_H
#define GS_QUERY_MATCH_GROUP_H

#include "query/match.h"

/* ---- match_places.c: the ends of one filing ---- */

/* Which ends cut a filing: a set of these, none for the filing as a whole. */
#define GS_CUT_SENTENCES  1u
#define GS_CUT_PARAGRAPHS 2u
#define GS_CUTS           4u /* sets */

struct gs_places {
    struct gs_list_cursor *lists[2]; /* of sentence and paragraph ends; NULL where no group asks */
    struct gs_match_scratch *scratch;
    uint32_t doc; /* whose ends these are */
    struct {
        bool read;
        size_t at; /* in scratch->pool */
        uint32_t count;
    } ends[GS_CUTS];           /* of `doc` */
    enum gaosou_status status; /* sticky */
};
/* cuts: those that will be asked for. */
GS_MUST_USE enum gaosou_status gs_places_open(struct gs_places *p, const struct gs_segment *segment,
                                              unsigned cuts, struct gs_arena *arena,
                                              struct gs_match_scratch *scratch);
/* Reads the ends of a filing, for gs_places_walk; docs ascend. The number of places. */
uint32_t gs_places_read(struct gs_places *p, unsigned cuts, uint32_t doc);

/* Places of positions asked for in ascending order. Borrows the pool: not beyond the next read. */
struct gs_place_walk {
    const uint32_t *ends;
    uint32_t count, at;
};
#define GS_NO_PLACE UINT32_MAX
struct gs_place_walk gs_places_walk(const struct gs_places *p, unsigned cuts);
void gs_place_gallop(struct gs_place_walk *w, uint32_t position); /* private */
/* The place that holds a position. */
static inline uint32_t gs_place_at(struct gs_place_walk *w, uint32_t position)
{
    if (w->at < w->count && w->ends[w->at] <= position)
        gs_place_gallop(w, position);
    return w->at;
}
/* The place in which [start, start + width) stands whole, or GS_NO_PLACE. */
static inline uint32_t gs_place_of(struct gs_place_walk *w, uint32_t start, uint32_t width)
{
    uint32_t place = gs_place_at(w, start);
    return place < w->count && w->ends[place] - start < width ? GS_NO_PLACE : place;
}
/* The last position of the place the walk is on. */
static inline uint32_t gs_place_last(const struct gs_place_walk *w)
{
    return w->at < w->count ? w->ends[w->at] - 1 : UINT32_MAX;
}

/* ---- match_near.c: positions at which all parts of a NEAR hold ---- */

/* A part: its leaves, loaded. */
struct gs_near_part {
    struct gs_leaf_match *const *leaves;
    size_t count;
};
/*
 * An occurrence [s, e) of a part spans the positions s to e + distance of its place; a choice of
 * one occurrence of each part is near exactly where their spans share a position (max start <= min
 * end + distance). Leaves those shared by all parts in scratch->spans[0], start << 32 | last,
 * ascending and disjoint, and keeps of each leaf the occurrences whose span touches one of them.
 * Returns their number.
 */
size_t gs_near_find(const struct gs_near_part *parts, size_t count, uint32_t distance,
                    const struct gs_places *places, unsigned cuts,
                    struct gs_match_scratch *scratch);

/* ---- match_group.c ---- */

struct gs_group_node {
    enum gs_node_kind kind;
    struct gs_leaf_match *leaf;
    uint32_t distance;
    unsigned cuts;                       /* of the places its truth is told of */
    struct gs_leaf_match *const *leaves; /* of its subtree */
    size_t leaf_count;
    struct gs_group_node *children; /* AND: exclusions last */
    size_t child_count;
    struct gs_near_part *parts; /* NEAR */
    uint64_t cost;
};

/* A group that stands in none. */
struct gs_group_match {
    struct gs_group_node root;
    struct gs_places *places;
    struct gs_match_scratch *scratch;
    unsigned levels; /* arrays of bits at once */
    unsigned cuts;   /* the finest that it asks for */
    uint32_t doc;    /* judged last; GS_DOC_END: none */
    bool truth;
};

/* Those of a plan, in query order. */
struct gs_groups {
    struct gs_group_match *all;
    size_t count;
    struct gs_places places;
};
/* leaves: of the segment, all of the plan, which the groups will seek. */
GS_MUST_USE enum gaosou_status gs_groups_open(struct gs_groups *g, const struct gs_match_context *c,
                                              struct gs_leaf_match *leaves);
/* Whether the group is true in a filing; its leaves have the tf and starts there that belong to it.
 * Docs ascend. */
bool gs_group_confirm(struct gs_group_match *g, uint32_t doc);
/* The same for all of them. */
void gs_groups_confirm(struct gs_groups *g, uint32_t doc);

#endif
