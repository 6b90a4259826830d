#include "query/match.h"

#include <stdlib.h>
#include <string.h>

#define PAIR_BUDGET                                                                                \
    ((size_t)1 << 20) /* pairs gathered at once by all unions with positions together */
#define PAIR_LEAST ((size_t)1 << 14)

enum gaosou_status gs_match_context_open(struct gs_match_context *c)
{
    size_t unions = c->plan->union_count ? c->plan->union_count : 1;
    c->segment = c->plan->snapshot->segments[c->segment_index].segment;
    c->scratch->pool_doc = GS_DOC_END; /* of another segment */
    c->reader = gs_arena_alloc(c->arena, sizeof(*c->reader));
    c->pair_budget = PAIR_BUDGET / unions > PAIR_LEAST ? PAIR_BUDGET / unions : PAIR_LEAST;
    return c->reader ? GAOSOU_OK : GAOSOU_E_NOMEM;
}

/* ---- which lists a leaf reads ---- */

static uint64_t need_cost(const struct gs_match_context *c, const struct gs_need *need)
{
    if (need->is_union)
        return c->plan->unions[need->index].segments[c->segment_index].postings;
    return c->plan->terms[need->index].refs[c->segment_index].df;
}

/* The lists a need has in this segment. A union of a character may have ends without begins. */
static bool need_is_empty(const struct gs_match_context *c, const struct gs_need *need)
{
    if (need->is_union)
        return c->plan->unions[need->index].segments[c->segment_index].count == 0;
    return c->plan->terms[need->index].refs[c->segment_index].df == 0;
}

static bool continues_run(const struct gs_need *needs, size_t i)
{
    return i > 0 && needs[i].is_bigram && needs[i - 1].is_bigram &&
           needs[i].offset == needs[i - 1].offset + 1;
}

/*
 * Marks the cheapest cover of the bigrams [first, end) of one Han run: the first, the last, and no
 * two neighbours left out. least[i] is the cost of the cheapest cover that ends with i.
 */
static void cover_run(const struct gs_match_context *c, const struct gs_need *needs, size_t first,
                      size_t end, uint64_t *least, bool *chosen)
{
    for (size_t i = first; i < end; i++) {
        least[i] = need_cost(c, &needs[i]);
        if (i > first)
            least[i] += i - first >= 2 && least[i - 2] < least[i - 1] ? least[i - 2] : least[i - 1];
    }
    for (size_t i = end - 1;;) {
        chosen[i] = true;
        if (i == first)
            return;
        i -= i - first >= 2 && least[i - 2] < least[i - 1] ? 2 : 1;
    }
}

/* All needs but bigrams that a cover leaves out; and the rarest bigram of all, to lead. */
static enum gaosou_status choose(const struct gs_match_context *c, const struct gs_plan_leaf *leaf,
                                 bool *chosen)
{
    uint64_t *least = gs_arena_alloc(c->arena, leaf->need_count * sizeof(*least));
    if (!least)
        return GAOSOU_E_NOMEM;
    size_t rarest = 0;
    for (size_t i = 0, end; i < leaf->need_count; i = end) {
        end = i + 1;
        while (end < leaf->need_count && continues_run(leaf->needs, end))
            end++;
        memset(chosen + i, 0, end - i);
        if (leaf->needs[i].is_bigram)
            cover_run(c, leaf->needs, i, end, least, chosen);
        else
            chosen[i] = true;
        for (size_t k = i; k < end; k++) {
            if (need_cost(c, &leaf->needs[k]) < need_cost(c, &leaf->needs[rarest]))
                rarest = k;
        }
    }
    chosen[rarest] = true;
    return GAOSOU_OK;
}

/* ---- parts ---- */

static enum gaosou_status open_part(struct gs_leaf_match *m, const struct gs_match_context *c,
                                    const struct gs_need *need)
{
    struct gs_match_part *part = &m->parts[m->part_count];
    *part = (struct gs_match_part){.offset = need->offset, .cost = need_cost(c, need)};
    if (need->is_union) {
        part->union_ = gs_arena_alloc(c->arena, sizeof(*part->union_));
        if (!part->union_)
            return GAOSOU_E_NOMEM;
        gs_union_open(part->union_, c->segment, &c->plan->unions[need->index], c->segment_index,
                      m->needs_positions, c->pair_budget, c->scratch, c->reader);
    } else {
        part->list = gs_arena_alloc(c->arena, sizeof(*part->list));
        if (!part->list)
            return GAOSOU_E_NOMEM;
        gs_list_open(part->list, c->segment, &c->plan->terms[need->index].refs[c->segment_index]);
    }
    m->part_count++;
    return GAOSOU_OK;
}

/* Unions behind lists: their windows are dear, and best placed where a candidate already is. */
static bool costs_less(const struct gs_match_part *a, const struct gs_match_part *b)
{
    if (!a->union_ != !b->union_)
        return !a->union_;
    return a->cost < b->cost;
}

static int compare_parts(const void *a, const void *b)
{
    const struct gs_match_part *x = a, *y = b;
    return costs_less(x, y) ? -1 : costs_less(y, x);
}

static void sort_parts(struct gs_leaf_match *m)
{
    if (m->part_count > 32) {
        qsort(m->parts, m->part_count, sizeof(*m->parts), compare_parts);
        return;
    }
    for (size_t i = 1; i < m->part_count; i++) {
        struct gs_match_part part = m->parts[i];
        size_t k = i;
        for (; k > 0 && costs_less(&part, &m->parts[k - 1]); k--)
            m->parts[k] = m->parts[k - 1];
        m->parts[k] = part;
    }
}

enum gaosou_status gs_leaf_open(struct gs_leaf_match *m, const struct gs_match_context *c,
                                const struct gs_plan_leaf *leaf)
{
    *m = (struct gs_leaf_match){.tf_doc = GS_DOC_END,
                                .group_doc = GS_DOC_END,
                                .title_only = leaf->title_only,
                                .grouped = leaf->grouped,
                                .width = leaf->width,
                                .weight = leaf->weight,
                                .segment = c->segment,
                                .scratch = c->scratch};
    for (size_t i = 0; i < leaf->need_count; i++) {
        if (need_is_empty(c, &leaf->needs[i]))
            return GAOSOU_OK;
    }
    if (leaf->need_count == 0)
        return GAOSOU_OK;
    m->needs_positions =
        leaf->need_count > 1 || leaf->title_only || leaf->grouped || c->always_positions;
    bool *chosen = gs_arena_alloc(c->arena, leaf->need_count * sizeof(*chosen));
    m->parts = gs_arena_alloc(c->arena, leaf->need_count * sizeof(*m->parts));
    enum gaosou_status status = chosen && m->parts ? choose(c, leaf, chosen) : GAOSOU_E_NOMEM;
    for (size_t i = 0; i < leaf->need_count && !status; i++) {
        if (chosen[i])
            status = open_part(m, c, &leaf->needs[i]);
    }
    if (status)
        return status;
    sort_parts(m);
    m->cost = m->parts[0].cost;
    return GAOSOU_OK;
}

void gs_leaf_close(struct gs_leaf_match *m)
{
    for (size_t i = 0; i < m->part_count; i++) {
        if (m->parts[i].union_)
            gs_union_close(m->parts[i].union_);
    }
    m->part_count = 0;
}

static inline uint32_t part_seek(struct gs_match_part *part, uint32_t target)
{
    return part->list ? gs_list_seek(part->list, target) : gs_union_seek(part->union_, target);
}

static inline uint32_t part_freq(struct gs_match_part *part)
{
    return part->list ? gs_list_freq(part->list) : gs_union_freq(part->union_);
}

uint32_t gs_leaf_seek(struct gs_leaf_match *m, uint32_t target)
{
    if (m->started && m->doc >= target)
        return m->doc;
    m->started = true;
    if (m->part_count == 0) {
        m->doc = GS_DOC_END;
        return m->doc;
    }
    uint32_t doc = part_seek(&m->parts[0], target);
    for (size_t i = 1; i < m->part_count && doc != GS_DOC_END;) {
        uint32_t other = part_seek(&m->parts[i], doc);
        if (other == doc) {
            i++;
            continue;
        }
        doc = other == GS_DOC_END ? other : part_seek(&m->parts[0], other);
        i = 1;
    }
    m->doc = doc;
    return doc;
}

/* ---- positions ---- */

/* Positions of a part in m->doc; those of a list go to the scratch array `to`. */
static uint32_t read_positions(struct gs_leaf_match *m, struct gs_match_part *part, unsigned to,
                               const uint32_t **positions)
{
    uint32_t freq = part_freq(part);
    if (part->union_) {
        *positions = gs_union_positions(part->union_);
        return freq;
    }
    if (!gs_match_scratch_positions(m->scratch, freq)) {
        m->status = GAOSOU_E_NOMEM;
        return 0;
    }
    *positions = m->scratch->positions[to];
    return gs_list_positions(part->list, m->scratch->positions[to]);
}

/* Keeps of starts[0, count) those where the part stands at start + offset. */
static uint32_t intersect(uint32_t *starts, uint32_t count, const uint32_t *positions,
                          uint32_t position_count, uint32_t offset)
{
    uint32_t kept = 0;
    for (uint32_t i = 0, k = 0; i < count && k < position_count;) {
        /* 64 bits: start + offset may pass 32 on a damaged list */
        uint64_t want = (uint64_t)starts[i] + offset;
        if (want == positions[k])
            starts[kept++] = starts[i];
        i += want <= positions[k];
        k += want >= positions[k];
    }
    return kept;
}

/* The first part's positions as starts; those before its offset cannot be the start of anything. */
static uint32_t first_starts(struct gs_leaf_match *m)
{
    const uint32_t *positions;
    uint32_t offset = m->parts[0].offset, kept = 0;
    uint32_t count = read_positions(m, &m->parts[0], 0, &positions);
    if (!gs_match_scratch_positions(m->scratch, count)) {
        m->status = GAOSOU_E_NOMEM;
        return 0;
    }
    if (m->parts[0].list)
        positions = m->scratch->positions[0]; /* it may have moved */
    uint32_t *starts = m->scratch->positions[0];
    for (uint32_t i = 0; i < count; i++) {
        if (positions[i] >= offset)
            starts[kept++] = positions[i] - offset;
    }
    return kept;
}

/* Keeps of the ascending starts those of phrases that stand in the title as a whole. */
static uint32_t keep_in_title(struct gs_leaf_match *m, uint32_t count)
{
    uint64_t from = 0, size = 0;
    enum gaosou_status status =
        gs_column_get(m->segment, GS_COLUMN_TITLE_POSITIONS, m->doc, &size, NULL);
    if (!status)
        status = gs_column_get(m->segment, GS_COLUMN_TITLE_START, m->doc, &from, NULL);
    if (status)
        m->status = status;
    uint32_t *starts = m->scratch->positions[0], first = 0;
    while (count > 0 && (uint64_t)starts[count - 1] + m->width > from + size)
        count--;
    while (first < count && starts[first] < from)
        first++;
    if (first > 0)
        memmove(starts, starts + first, (count - first) * sizeof(*starts));
    return count - first;
}

/* Leaves the starts in scratch->positions[0]. */
static uint32_t find_starts(struct gs_leaf_match *m)
{
    uint32_t count = first_starts(m);
    for (size_t i = 1; i < m->part_count && count > 0; i++) {
        const uint32_t *positions;
        uint32_t other = read_positions(m, &m->parts[i], 1, &positions);
        count = intersect(m->scratch->positions[0], count, positions, other, m->parts[i].offset);
    }
    return m->title_only ? keep_in_title(m, count) : count;
}

uint32_t gs_leaf_confirm(struct gs_leaf_match *m)
{
    if (m->tf_doc == m->doc)
        return m->tf;
    m->tf = m->needs_positions ? find_starts(m) : part_freq(&m->parts[0]);
    m->tf_doc = m->doc;
    return m->tf;
}

uint32_t gs_leaf_tf_most(struct gs_leaf_match *m)
{
    uint32_t least = UINT32_MAX;
    for (size_t i = 0; i < m->part_count; i++) {
        uint32_t freq = part_freq(&m->parts[i]);
        least = freq < least ? freq : least;
    }
    return least;
}

bool gs_leaf_can_rewind(const struct gs_leaf_match *m)
{
    for (size_t i = 0; i < m->part_count; i++) {
        if (!m->parts[i].list)
            return false;
    }
    return true;
}

void gs_leaf_rewind(struct gs_leaf_match *m)
{
    for (size_t i = 0; i < m->part_count; i++)
        gs_list_rewind(m->parts[i].list);
    m->started = false;
    m->tf_doc = GS_DOC_END;
}

uint32_t gs_leaf_positions(struct gs_leaf_match *m, const uint32_t **starts)
{
    if (m->grouped && m->tf_doc == m->doc && m->group_doc == m->doc) {
        *starts = gs_leaf_loaded(m);
        return m->tf;
    }
    m->tf = find_starts(m);
    m->tf_doc = m->doc;
    *starts = m->scratch->positions[0];
    return m->tf;
}

uint32_t gs_leaf_load(struct gs_leaf_match *m, uint32_t doc)
{
    if (m->group_doc == doc)
        return m->tf;
    m->group_doc = m->tf_doc = doc;
    m->tf = 0;
    m->group_starts = m->scratch->pool_count;
    if (gs_leaf_seek(m, doc) != doc)
        return 0;
    uint32_t count = find_starts(m);
    if (!gs_match_scratch_pool(m->scratch, count))
        return 0;
    if (count)
        memcpy(gs_leaf_loaded(m), m->scratch->positions[0], count * sizeof(uint32_t));
    m->scratch->pool_count += count;
    return m->tf = count;
}

double gs_leaf_bound(struct gs_leaf_match *m, const struct gs_scorer *scorer)
{
    if (m->part_count == 0)
        return 0;
    struct gs_match_part *part = &m->parts[0];
    if (!part->list)
        return m->weight;
    /* tf is at most the frequency of any list that it reads */
    struct gs_impacts impacts;
    gs_list_bound_all(part->list, &impacts);
    return gs_score_bound(scorer, m->weight, &impacts);
}

enum gaosou_status gs_leaf_status(const struct gs_leaf_match *m)
{
    for (size_t i = 0; i < m->part_count; i++) {
        enum gaosou_status status =
            m->parts[i].list ? m->parts[i].list->status : m->parts[i].union_->status;
        if (status)
            return status;
    }
    return m->status;
}
