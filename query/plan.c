#include "query/plan.h"
#include "common/base/checksum.h"
#include "query/pattern.h"
#include "query/score.h"

#include <inttypes.h>
#include <string.h>

/* State of one gs_plan_make. */
struct planner {
    struct gs_plan *plan;
    struct gs_arena *arena;
    uint32_t *slots; /* hash table of terms: index + 1, 0 is free */
    size_t slot_mask;
    size_t list_count; /* terms looked at for unions */
    struct gs_deadline *deadline;
    struct gs_err *err;
};

static void *take(struct planner *pl, size_t size)
{
    return gs_arena_alloc(pl->arena, size ? size : 1);
}

static enum gaosou_status nomem(struct planner *pl)
{
    return gs_err_nomem(pl->err, pl->arena->taken);
}

/* ---- terms ---- */

static uint64_t term_hash(const struct gs_term *t)
{
    if (t->is_word)
        return gs_hash64(t->bytes, t->size);
    uint64_t h = ((uint64_t)t->first << 32 | t->second) * 0x9E3779B97F4A7C15u;
    return h ^ h >> 31;
}

static enum gaosou_status find_term(struct planner *pl, struct gs_plan_term *t)
{
    const struct gs_snapshot *s = pl->plan->snapshot;
    t->df = 0;
    t->refs = take(pl, s->segment_count * sizeof(*t->refs));
    if (!t->refs)
        return nomem(pl);
    for (size_t i = 0; i < s->segment_count; i++) {
        t->refs[i] = (struct gs_list_ref){0};
        enum gaosou_status status =
            gs_term_find(s->segments[i].segment, &t->term, &t->refs[i], pl->err);
        if (status)
            return status;
        t->df += t->refs[i].df;
    }
    return GAOSOU_OK;
}

static enum gaosou_status copy_bytes(struct planner *pl, const uint8_t **bytes, size_t size)
{
    uint8_t *copy = take(pl, size);
    if (!copy)
        return nomem(pl);
    memcpy(copy, *bytes, size);
    *bytes = copy;
    return GAOSOU_OK;
}

/* The index of a term, found in all segments when it is new. */
static enum gaosou_status intern_term(struct planner *pl, const struct gs_term *term,
                                      uint32_t *index)
{
    struct gs_plan *plan = pl->plan;
    uint64_t hash = term_hash(term);
    size_t slot = (size_t)hash & pl->slot_mask;
    for (; pl->slots[slot]; slot = (slot + 1) & pl->slot_mask) {
        const struct gs_plan_term *t = &plan->terms[pl->slots[slot] - 1];
        if (t->hash == hash && gs_term_compare(&t->term, term) == 0) {
            *index = pl->slots[slot] - 1;
            return GAOSOU_OK;
        }
    }
    struct gs_plan_term *t = &plan->terms[plan->term_count];
    *t = (struct gs_plan_term){.term = *term, .hash = hash};
    enum gaosou_status status =
        term->is_word ? copy_bytes(pl, &t->term.bytes, term->size) : GAOSOU_OK;
    if (!status)
        status = find_term(pl, t);
    if (status)
        return status;
    *index = (uint32_t)plan->term_count++;
    pl->slots[slot] = *index + 1;
    return GAOSOU_OK;
}

/* ---- unions ---- */

/* Lists gathered for one union in one segment, before their number is known. */
struct gather {
    struct gs_buf refs; /* of struct gs_list_ref */
    uint64_t postings;
    bool has_unigram; /* the character by itself came first */
};

static void gather_add(struct gather *g, const struct gs_list_ref *ref)
{
    if (ref->df == 0)
        return;
    gs_buf_append(&g->refs, ref, sizeof(*ref));
    g->postings += ref->df;
}

/* The terms of a union stand together: those from the first that begins as it does. */
static size_t fixed_size(const struct gs_plan_union *u)
{
    return u->kind == GS_UNION_PATTERN ? gs_pattern_fixed(u->bytes, u->size) : u->size;
}

static bool begins_alike(const struct gs_plan_union *u, const struct gs_term *t)
{
    if (!u->size)
        return !t->is_word && t->first == u->character;
    size_t size = fixed_size(u);
    return t->is_word && t->size >= size && memcmp(t->bytes, u->bytes, size) == 0;
}

static bool belongs(const struct gs_plan_union *u, const struct gs_term *t)
{
    return u->kind != GS_UNION_PATTERN || gs_pattern_matches(u->bytes, u->size, t->bytes, t->size);
}

/* A term is looked at for a union. */
static enum gaosou_status count_list(struct planner *pl)
{
    if (pl->list_count++ < GS_QUERY_LISTS_MAX)
        return GAOSOU_OK;
    return gs_err_set(pl->err, GAOSOU_E_LIMIT,
                      "the characters, prefixes and patterns of this query stand for more than %d "
                      "terms; type more of them",
                      GS_QUERY_LISTS_MAX);
}

static enum gaosou_status check_expansion(struct planner *pl, const struct gs_plan_union *u,
                                          const struct gather *g)
{
    if (!u->size || g->refs.size <= GS_QUERY_EXPANSION_MAX * sizeof(struct gs_list_ref))
        return GAOSOU_OK;
    return gs_err_set(pl->err, GAOSOU_E_LIMIT,
                      "%.*s%s stands for more than %d words; type more of it", (int)u->size,
                      (const char *)u->bytes, u->kind == GS_UNION_WORDS ? "*" : "",
                      GS_QUERY_EXPANSION_MAX);
}

/* Terms that begin with the character or the bytes, or that the pattern describes. */
static enum gaosou_status gather_begins(struct planner *pl, const struct gs_segment *segment,
                                        const struct gs_plan_union *u, struct gather *g)
{
    struct gs_term from = {
        .is_word = u->size > 0, .first = u->character, .bytes = u->bytes, .size = fixed_size(u)};
    struct gs_term_cursor cursor;
    enum gaosou_status status = gs_term_cursor_seek(&cursor, segment, &from, pl->err);
    while (!status && cursor.valid && begins_alike(u, &cursor.term) &&
           !gs_deadline_look(pl->deadline)) {
        g->has_unigram |= !cursor.term.is_word && cursor.term.second == 0;
        if (belongs(u, &cursor.term))
            gather_add(g, &cursor.ref);
        status = count_list(pl);
        if (!status)
            status = check_expansion(pl, u, g);
        if (!status)
            status = gs_term_cursor_next(&cursor, pl->err);
    }
    return status;
}

/* Bigrams that end with the character. */
static enum gaosou_status gather_ends(struct planner *pl, const struct gs_segment *segment,
                                      uint32_t character, struct gather *g)
{
    struct gs_buf firsts;
    gs_buf_init(&firsts, (size_t)1 << 24);
    enum gaosou_status status = gs_term_firsts_of(segment, character, &firsts, pl->err);
    for (size_t at = 0; !status && at + 4 <= firsts.size && !gs_deadline_look(pl->deadline);
         at += 4) {
        struct gs_term term = {.second = character};
        struct gs_list_ref ref = {0};
        memcpy(&term.first, firsts.data + at, 4);
        status = gs_term_find(segment, &term, &ref, pl->err);
        if (!status)
            status = count_list(pl);
        if (!status)
            gather_add(g, &ref);
    }
    gs_buf_release(&firsts);
    return status;
}

static enum gaosou_status find_union_lists(struct planner *pl, struct gs_plan_union *u, size_t i,
                                           struct gather *g)
{
    const struct gs_segment *segment = pl->plan->snapshot->segments[i].segment;
    gs_buf_clear(&g->refs);
    g->postings = 0;
    g->has_unigram = false;
    enum gaosou_status status = gather_begins(pl, segment, u, g);
    u->df += g->postings;
    size_t begins = g->refs.size / sizeof(struct gs_list_ref);
    if (!status && u->kind == GS_UNION_CHARACTER)
        status = gather_ends(pl, segment, u->character, g);
    if (!status)
        status = gs_buf_status(&g->refs);
    if (status)
        return status == GAOSOU_E_NOMEM ? nomem(pl) : status;
    struct gs_list_ref *refs = take(pl, g->refs.size);
    if (!refs)
        return nomem(pl);
    if (g->refs.size)
        memcpy(refs, g->refs.data, g->refs.size);
    u->segments[i] = (struct gs_union_lists){.refs = refs,
                                             .count = (uint32_t)(g->refs.size / sizeof(*refs)),
                                             .ends_from = (uint32_t)begins,
                                             .has_unigram = g->has_unigram,
                                             .postings = g->postings};
    return GAOSOU_OK;
}

static enum gaosou_status find_union(struct planner *pl, struct gs_plan_union *u)
{
    size_t count = pl->plan->snapshot->segment_count;
    struct gather g = {.postings = 0};
    u->segments = take(pl, count * sizeof(*u->segments));
    if (!u->segments)
        return nomem(pl);
    gs_buf_init(&g.refs, (size_t)1 << 30);
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0; i < count && !status; i++)
        status = find_union_lists(pl, u, i, &g);
    gs_buf_release(&g.refs);
    return status;
}

static bool same_union(const struct gs_plan_union *a, const struct gs_plan_union *b)
{
    return a->kind == b->kind && a->character == b->character && a->size == b->size &&
           (a->size == 0 || memcmp(a->bytes, b->bytes, a->size) == 0);
}

static enum gs_union_kind union_kind(const struct gs_item *item)
{
    if (!item->is_han)
        return item->is_pattern ? GS_UNION_PATTERN : GS_UNION_WORDS;
    return item->is_prefix ? GS_UNION_BEGINS : GS_UNION_CHARACTER;
}

/* The union's own copy of its bytes; that of a pattern at a run's starred end ends with a star. */
static enum gaosou_status own_bytes(struct planner *pl, struct gs_plan_union *u, bool open_end)
{
    uint8_t *copy = take(pl, u->size + 1);
    if (!copy)
        return nomem(pl);
    memcpy(copy, u->bytes, u->size);
    if (open_end)
        copy[u->size++] = '*';
    u->bytes = copy;
    return GAOSOU_OK;
}

static enum gaosou_status intern_union(struct planner *pl, const struct gs_item *item,
                                       uint32_t *index)
{
    struct gs_plan *plan = pl->plan;
    struct gs_plan_union u = {.kind = union_kind(item),
                              .character = item->character,
                              .bytes = item->bytes,
                              .size = item->size};
    enum gaosou_status status =
        item->is_han ? GAOSOU_OK : own_bytes(pl, &u, item->is_pattern && item->is_prefix);
    if (status)
        return status;
    for (*index = 0; *index < plan->union_count; ++*index) {
        if (same_union(&plan->unions[*index], &u))
            return GAOSOU_OK;
    }
    status = find_union(pl, &u);
    if (!status)
        plan->unions[plan->union_count++] = u;
    return status;
}

/* ---- leaves ---- */

static enum gaosou_status add_need(struct planner *pl, struct gs_plan_leaf *leaf,
                                   const struct gs_term *term, const struct gs_item *item)
{
    struct gs_need *need = &leaf->needs[leaf->need_count];
    *need = (struct gs_need){.offset = item->offset, .is_union = term == NULL};
    enum gaosou_status status =
        term ? intern_term(pl, term, &need->index) : intern_union(pl, item, &need->index);
    if (status)
        return status;
    need->is_bigram = term && !term->is_word && term->second != 0;
    leaf->need_count++;
    return GAOSOU_OK;
}

/* S for a Han character by itself, where its unigram is what is matched. */
static enum gaosou_status character_df(struct planner *pl, const struct gs_item *item, uint64_t *df)
{
    struct gs_item begins = {.is_han = true, .is_prefix = true, .character = item->character};
    uint32_t index;
    enum gaosou_status status = intern_union(pl, &begins, &index);
    if (!status)
        *df = pl->plan->unions[index].df;
    return status;
}

/* The need of item i, if it has one, and its idf. */
static enum gaosou_status plan_item(struct planner *pl, const struct gs_leaf *from, size_t i,
                                    struct gs_plan_leaf *leaf, double *weight)
{
    const struct gs_item *item = &from->items[i];
    bool pair = i + 1 < from->item_count && from->items[i + 1].joined;
    if (item->joined && !pair)
        return GAOSOU_OK; /* the bigram before it says all */
    struct gs_term term = {.is_word = !item->is_han,
                           .first = item->character,
                           .second = pair ? from->items[i + 1].character : 0,
                           .bytes = item->bytes,
                           .size = item->size};
    bool is_union =
        item->is_prefix || item->is_pattern || (item->is_han && !pair && !item->beside_word);
    enum gaosou_status status = add_need(pl, leaf, is_union ? NULL : &term, item);
    if (status)
        return status;
    const struct gs_need *need = &leaf->needs[leaf->need_count - 1];
    uint64_t df = is_union ? pl->plan->unions[need->index].df : pl->plan->terms[need->index].df;
    if (!is_union && item->is_han && !pair)
        status = character_df(pl, item, &df);
    *weight += gs_idf(pl->plan->snapshot->doc_count, df);
    return status;
}

static enum gaosou_status plan_leaf(struct planner *pl, const struct gs_leaf *from,
                                    struct gs_plan_leaf *leaf)
{
    *leaf = (struct gs_plan_leaf){.width = from->width,
                                  .title_only = from->title_only,
                                  .excluded = from->excluded,
                                  .grouped = from->grouped};
    leaf->needs = take(pl, from->item_count * sizeof(*leaf->needs));
    if (!leaf->needs)
        return nomem(pl);
    double weight = 0;
    for (size_t i = 0; i < from->item_count; i++) {
        enum gaosou_status status = plan_item(pl, from, i, leaf, &weight);
        if (status)
            return status;
    }
    leaf->weight = from->multiplicity * weight;
    return GAOSOU_OK;
}

static enum gaosou_status take_tables(struct planner *pl, const struct gs_query *query)
{
    struct gs_plan *plan = pl->plan;
    size_t items = 1, slots = 16;
    for (size_t i = 0; i < query->leaf_count; i++)
        items += query->leaves[i].item_count;
    while (slots < 2 * items)
        slots *= 2;
    plan->terms = take(pl, items * sizeof(*plan->terms));
    plan->unions = take(pl, 2 * items * sizeof(*plan->unions));
    plan->leaves = take(pl, query->leaf_count * sizeof(*plan->leaves));
    pl->slots = take(pl, slots * sizeof(*pl->slots));
    if (!plan->terms || !plan->unions || !plan->leaves || !pl->slots)
        return nomem(pl);
    memset(pl->slots, 0, slots * sizeof(*pl->slots));
    pl->slot_mask = slots - 1;
    return GAOSOU_OK;
}

/* ---- groups ---- */

/* Recursion here is bounded by GS_QUERY_DEPTH_MAX. */
static struct gs_node *copy_node(struct planner *pl, const struct gs_node *from)
{
    struct gs_node *copy = take(pl, sizeof(*copy));
    struct gs_node **children = take(pl, from->child_count * sizeof(*children));
    if (!copy || !children)
        return NULL;
    *copy = *from;
    copy->children = children;
    for (size_t i = 0; i < from->child_count; i++) {
        children[i] = copy_node(pl, from->children[i]);
        if (!children[i])
            return NULL;
    }
    return copy;
}

static enum gaosou_status copy_groups(struct planner *pl, const struct gs_node *node)
{
    struct gs_plan *plan = pl->plan;
    enum gaosou_status status = GAOSOU_OK;
    if (gs_node_is_group(node)) {
        struct gs_node *copy = copy_node(pl, node);
        plan->groups[plan->group_count++] = copy;
        return copy ? GAOSOU_OK : nomem(pl);
    }
    for (size_t i = 0; i < node->child_count && !status; i++)
        status = copy_groups(pl, node->children[i]);
    return status;
}

static enum gaosou_status plan_groups(struct planner *pl, const struct gs_query *query)
{
    pl->plan->groups = take(pl, query->group_count * sizeof(*pl->plan->groups));
    return pl->plan->groups ? copy_groups(pl, query->root) : nomem(pl);
}

/* What unions read cannot be skipped: beyond the limit a query has to say how long it may take. */
static enum gaosou_status check_postings(const struct planner *pl)
{
    const struct gs_plan *plan = pl->plan;
    uint64_t postings = 0;
    for (size_t i = 0; i < plan->leaf_count; i++) {
        const struct gs_plan_leaf *leaf = &plan->leaves[i];
        for (size_t n = 0; n < leaf->need_count; n++) {
            if (!leaf->needs[n].is_union)
                continue;
            const struct gs_plan_union *u = &plan->unions[leaf->needs[n].index];
            for (size_t k = 0; k < plan->snapshot->segment_count; k++)
                postings += u->segments[k].postings;
        }
    }
    if (postings <= GS_QUERY_POSTINGS_MAX || pl->deadline->at)
        return GAOSOU_OK;
    return gs_err_set(pl->err, GAOSOU_E_LIMIT,
                      "the single characters, prefixes and patterns of this query stand in %" PRIu64
                      " places of the lists; at most %" PRIu64
                      " are read without a time limit (--timeout): leave some out",
                      postings, GS_QUERY_POSTINGS_MAX);
}

enum gaosou_status gs_plan_make(struct gs_plan *plan, struct gs_arena *arena,
                                const struct gs_snapshot *snapshot, const struct gs_query *query,
                                struct gs_deadline *deadline, struct gs_err *err)
{
    struct gs_deadline never = {0};
    struct planner pl = {
        .plan = plan, .arena = arena, .deadline = deadline ? deadline : &never, .err = err};
    *plan = (struct gs_plan){.snapshot = snapshot};
    enum gaosou_status status = take_tables(&pl, query);
    for (size_t i = 0; i < query->leaf_count && !status; i++) {
        status = plan_leaf(&pl, &query->leaves[i], &plan->leaves[i]);
        plan->leaf_count = i + 1;
    }
    if (!status)
        status = check_postings(&pl);
    return status ? status : plan_groups(&pl, query);
}
