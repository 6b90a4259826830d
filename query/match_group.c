/* The tree of a group over one filing: which of its places it is true in, and which occurrences
 * that leaves. Recursion here is bounded by GS_QUERY_DEPTH_MAX. */
#include "query/match_group.h"

#include <stdlib.h>
#include <string.h>

/* ---- opening ---- */

struct opening {
    struct gs_arena *arena;
    struct gs_leaf_match *leaves;
    struct gs_leaf_match **found; /* in query order */
    size_t found_count;
    unsigned cuts;  /* all that are asked for */
    unsigned level; /* how many arrays of bits a node needs beside its own */
};

static unsigned cuts_inside(enum gs_node_kind kind, unsigned cuts)
{
    return cuts | (kind == GS_NODE_SENTENCE    ? GS_CUT_SENTENCES
                   : kind == GS_NODE_PARAGRAPH ? GS_CUT_PARAGRAPHS
                                               : 0);
}

static int compare_nodes(const void *a, const void *b)
{
    const struct gs_group_node *x = a, *y = b;
    bool x_not = x->kind == GS_NODE_NOT, y_not = y->kind == GS_NODE_NOT;
    if (x_not != y_not)
        return x_not ? 1 : -1;
    return x->cost < y->cost ? -1 : x->cost > y->cost;
}

/* What it costs to read the positions of the leaf that is read first. */
static void settle_cost(struct gs_group_node *n)
{
    bool all = n->kind == GS_NODE_AND || n->kind == GS_NODE_NEAR;
    n->cost = n->child_count ? n->children[0].cost : n->cost;
    for (size_t i = 1; i < n->child_count && !all; i++)
        n->cost += n->children[i].cost;
}

static enum gaosou_status make_parts(struct gs_group_node *n, struct opening *o)
{
    n->parts = gs_arena_alloc(o->arena, n->child_count * sizeof(*n->parts));
    if (!n->parts)
        return GAOSOU_E_NOMEM;
    for (size_t i = 0; i < n->child_count; i++)
        n->parts[i] = (struct gs_near_part){n->children[i].leaves, n->children[i].leaf_count};
    return GAOSOU_OK;
}

static enum gaosou_status open_node(struct gs_group_node *n, const struct gs_node *from,
                                    struct opening *o, unsigned cuts, unsigned level);

static enum gaosou_status open_children(struct gs_group_node *n, const struct gs_node *from,
                                        struct opening *o, unsigned level)
{
    enum gaosou_status status = GAOSOU_OK;
    n->child_count = from->child_count;
    n->children = gs_arena_alloc(o->arena, n->child_count * sizeof(*n->children));
    if (!n->children)
        return GAOSOU_E_NOMEM;
    for (size_t i = 0; i < n->child_count && !status; i++)
        status = open_node(&n->children[i], from->children[i], o, cuts_inside(n->kind, n->cuts),
                           level + 1);
    if (status)
        return status;
    if (n->kind == GS_NODE_AND || n->kind == GS_NODE_NEAR)
        qsort(n->children, n->child_count, sizeof(*n->children), compare_nodes);
    settle_cost(n);
    return n->kind == GS_NODE_NEAR ? make_parts(n, o) : GAOSOU_OK;
}

static enum gaosou_status open_node(struct gs_group_node *n, const struct gs_node *from,
                                    struct opening *o, unsigned cuts, unsigned level)
{
    *n = (struct gs_group_node){.kind = from->kind,
                                .distance = from->distance,
                                .cuts = cuts,
                                .leaves = o->found + o->found_count};
    size_t before = o->found_count;
    enum gaosou_status status = GAOSOU_OK;
    o->cuts |= cuts_inside(n->kind, cuts);
    o->level = level > o->level ? level : o->level;
    if (n->kind == GS_NODE_LEAF) {
        n->leaf = &o->leaves[from->leaf];
        n->cost = n->leaf->cost;
        o->found[o->found_count++] = n->leaf;
    } else {
        status = open_children(n, from, o, level);
    }
    n->leaf_count = o->found_count - before;
    return status;
}

static enum gaosou_status open_group(struct gs_group_match *m, struct gs_groups *g,
                                     const struct gs_node *from, const struct gs_match_context *c,
                                     struct opening *o)
{
    *m = (struct gs_group_match){.places = &g->places, .scratch = c->scratch, .doc = GS_DOC_END};
    o->level = 0;
    unsigned others = o->cuts;
    o->cuts = 0;
    enum gaosou_status status = open_node(&m->root, from, o, 0, 0);
    m->levels = o->level + 2;
    m->cuts = o->cuts;
    o->cuts |= others;
    return status;
}

enum gaosou_status gs_groups_open(struct gs_groups *g, const struct gs_match_context *c,
                                  struct gs_leaf_match *leaves)
{
    const struct gs_plan *plan = c->plan;
    *g = (struct gs_groups){.count = plan->group_count};
    if (g->count == 0)
        return GAOSOU_OK;
    struct opening o = {.arena = c->arena, .leaves = leaves};
    g->all = gs_arena_alloc(c->arena, g->count * sizeof(*g->all));
    o.found = gs_arena_alloc(c->arena, plan->leaf_count * sizeof(struct gs_leaf_match *));
    enum gaosou_status status = g->all && o.found ? GAOSOU_OK : GAOSOU_E_NOMEM;
    for (size_t i = 0; i < g->count && !status; i++)
        status = open_group(&g->all[i], g, plan->groups[i], c, &o);
    return status ? status : gs_places_open(&g->places, c->segment, o.cuts, c->arena, c->scratch);
}

/* ---- does it have what is asked for, wherever it stands? ---- */

/* Reads no more positions than it must. */
static bool may_match(const struct gs_group_node *n, uint32_t doc)
{
    if (n->kind == GS_NODE_LEAF)
        return gs_leaf_load(n->leaf, doc) > 0;
    if (n->kind == GS_NODE_NOT)
        return true;
    bool any = n->kind == GS_NODE_OR;
    for (size_t i = 0; i < n->child_count; i++) {
        if (may_match(&n->children[i], doc) == any)
            return any;
    }
    return !any;
}

/* ---- places as bits ---- */

struct judging {
    struct gs_group_match *group;
    uint32_t doc;
    size_t stride; /* words of bits a level */
};

static uint64_t *level_bits(const struct judging *j, unsigned level)
{
    return j->group->scratch->bits + level * j->stride;
}

static inline void set_bit(uint64_t *bits, uint32_t i)
{
    bits[i / 64] |= UINT64_C(1) << (i & 63);
}

static inline bool has_bit(const uint64_t *bits, uint32_t i)
{
    return bits[i / 64] >> (i & 63) & 1;
}

static void clear_level(const struct judging *j, unsigned level)
{
    memset(level_bits(j, level), 0, j->stride * sizeof(uint64_t));
}

/* Keeps of the leaf's occurrences those that stand whole in a place whose bit is set. */
static void keep_in_places(const struct judging *j, struct gs_leaf_match *m, unsigned cuts,
                           const uint64_t *bits)
{
    struct gs_place_walk walk = gs_places_walk(j->group->places, cuts);
    uint32_t *starts = gs_leaf_loaded(m), kept = 0;
    for (uint32_t i = 0; i < m->tf; i++) {
        uint32_t place = gs_place_of(&walk, starts[i], m->width);
        if (place != GS_NO_PLACE && has_bit(bits, place))
            starts[kept++] = starts[i];
    }
    m->tf = kept;
}

static void judge(const struct judging *j, const struct gs_group_node *n, unsigned level);

static void judge_leaf(const struct judging *j, const struct gs_group_node *n, unsigned level)
{
    struct gs_leaf_match *m = n->leaf;
    gs_leaf_load(m, j->doc);
    clear_level(j, level);
    struct gs_place_walk walk = gs_places_walk(j->group->places, n->cuts);
    const uint32_t *starts = gs_leaf_loaded(m);
    uint64_t *bits = level_bits(j, level);
    for (uint32_t i = 0; i < m->tf; i++) {
        uint32_t place = gs_place_of(&walk, starts[i], m->width);
        if (place != GS_NO_PLACE)
            set_bit(bits, place);
    }
}

/* AND, OR: the first child's bits, and those of each other by the level above. */
static void judge_children(const struct judging *j, const struct gs_group_node *n, unsigned level)
{
    judge(j, &n->children[0], level);
    for (size_t i = 1; i < n->child_count; i++) {
        bool negative = n->children[i].kind == GS_NODE_NOT;
        judge(j, negative ? &n->children[i].children[0] : &n->children[i], level + 1);
        uint64_t *bits = level_bits(j, level), *other = level_bits(j, level + 1);
        for (size_t w = 0; w < j->stride; w++)
            bits[w] = n->kind == GS_NODE_OR ? bits[w] | other[w]
                      : negative            ? bits[w] & ~other[w]
                                            : bits[w] & other[w];
    }
}

static void judge_near(const struct judging *j, const struct gs_group_node *n, unsigned level)
{
    struct gs_match_scratch *s = j->group->scratch;
    for (size_t i = 0; i < n->leaf_count; i++)
        gs_leaf_load(n->leaves[i], j->doc);
    size_t shared =
        gs_near_find(n->parts, n->child_count, n->distance, j->group->places, n->cuts, s);
    struct gs_place_walk walk = gs_places_walk(j->group->places, n->cuts);
    clear_level(j, level);
    for (size_t i = 0; i < shared; i++)
        set_bit(level_bits(j, level), gs_place_at(&walk, (uint32_t)(s->spans[0][i] >> 32)));
}

/* The bits of finer places become those of the places of `cuts` that hold them. */
static void coarsen(const struct judging *j, unsigned level, unsigned finer, unsigned cuts)
{
    struct gs_place_walk fine = gs_places_walk(j->group->places, finer);
    struct gs_place_walk walk = gs_places_walk(j->group->places, cuts);
    uint64_t *bits = level_bits(j, level), *out = level_bits(j, level + 1);
    clear_level(j, level + 1);
    for (size_t w = 0; w < j->stride; w++) {
        for (uint64_t left = bits[w]; left; left &= left - 1) {
            uint32_t place = (uint32_t)(64 * w) + (uint32_t)__builtin_ctzll(left);
            set_bit(out, gs_place_at(&walk, place ? fine.ends[place - 1] : 0));
        }
    }
    memcpy(bits, out, j->stride * sizeof(*bits));
}

static void judge_place(const struct judging *j, const struct gs_group_node *n, unsigned level)
{
    unsigned inside = cuts_inside(n->kind, n->cuts);
    judge(j, &n->children[0], level);
    for (size_t i = 0; i < n->leaf_count; i++)
        keep_in_places(j, n->leaves[i], inside, level_bits(j, level));
    if (inside != n->cuts)
        coarsen(j, level, inside, n->cuts);
}

/* Sets the bits of `level` to the places in which the node is true; those above are used up. */
static void judge(const struct judging *j, const struct gs_group_node *n, unsigned level)
{
    if (n->kind == GS_NODE_LEAF)
        judge_leaf(j, n, level);
    else if (n->kind == GS_NODE_NEAR)
        judge_near(j, n, level);
    else if (n->kind == GS_NODE_AND || n->kind == GS_NODE_OR)
        judge_children(j, n, level);
    else
        judge_place(j, n, level);
}

/* ---- one filing ---- */

/* Reads the ends that the group asks for, and makes room for its bits. */
static bool prepare(struct judging *j)
{
    struct gs_group_match *m = j->group;
    uint32_t most = 0;
    for (unsigned cuts = 0; cuts < GS_CUTS; cuts++) {
        uint32_t places = (cuts & ~m->cuts) == 0 ? gs_places_read(m->places, cuts, j->doc) : 0;
        most = places > most ? places : most;
    }
    j->stride = (size_t)most / 64 + 1;
    return !m->places->status && gs_match_scratch_bits(m->scratch, m->levels * j->stride);
}

static bool confirm(struct gs_group_match *m, uint32_t doc)
{
    struct judging j = {.group = m, .doc = doc};
    if (!may_match(&m->root, doc) || !prepare(&j))
        return false;
    judge(&j, &m->root, 0);
    return has_bit(level_bits(&j, 0), 0);
}

static void leave_nothing(struct gs_group_match *m, uint32_t doc)
{
    for (size_t i = 0; i < m->root.leaf_count; i++) {
        struct gs_leaf_match *leaf = m->root.leaves[i];
        leaf->group_doc = leaf->tf_doc = doc;
        leaf->tf = 0;
        if (m->places->status)
            leaf->status = m->places->status;
    }
}

bool gs_group_confirm(struct gs_group_match *m, uint32_t doc)
{
    struct gs_match_scratch *s = m->scratch;
    if (m->doc == doc)
        return m->truth;
    if (s->pool_doc != doc) {
        s->pool_doc = doc;
        s->pool_count = 0;
    }
    m->doc = doc;
    m->truth = confirm(m, doc);
    if (!m->truth)
        leave_nothing(m, doc);
    return m->truth;
}

void gs_groups_confirm(struct gs_groups *g, uint32_t doc)
{
    for (size_t i = 0; i < g->count; i++)
        gs_group_confirm(&g->all[i], doc);
}
