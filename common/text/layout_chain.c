/*
 * layout_chain.c: which lines that could be page counts are: those next to a form feed, and those
 * that recur with rising numbers (rule F2 of docs/ANALYSIS.md).
 */
#include "common/text/layout_internal.h"
#include "common/text/text_array.h"

#define NO_NUMBER UINT32_MAX

/* ---- next to a form feed ---- */

/* Whether only white space and line ends part the place from a form feed. */
static bool feed_follows(const struct gs_layout_scratch *s, uint32_t at)
{
    const uint8_t *p = s->content + at, *end = s->content + s->size;
    for (size_t n; p < end; p += n) {
        if (*p == '\f')
            return true;
        n = gs_space_at(p, end);
        if (!n && !(n = gs_line_end_at(p, end)))
            return false;
    }
    return false;
}

static bool feed_precedes(const struct gs_layout_scratch *s, uint32_t at)
{
    const uint8_t *begin = s->content, *p = begin + at;
    for (size_t n; p > begin; p -= n) {
        if (p[-1] == '\f')
            return true;
        n = gs_space_before(begin, p);
        if (!n && !(n = gs_line_end_before(begin, p)))
            return false;
    }
    return false;
}

static void count_beside_feeds(struct gs_layout_scratch *s)
{
    for (size_t i = 0; i < s->number_count && s->feed_count; i++) {
        struct gs_number *n = &s->numbers[i];
        if (!n->counts)
            n->counts = feed_follows(s, n->end) || feed_precedes(s, n->start);
    }
}

/* ---- order by shape ---- */

static int compare_shapes(const void *a, const void *b, void *numbers)
{
    const struct gs_number *all = numbers;
    uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    if (all[i].shape != all[j].shape)
        return all[i].shape < all[j].shape ? -1 : 1;
    return i < j ? -1 : i > j;
}

enum gaosou_status gs_number_order(struct gs_layout_scratch *s)
{
    size_t n = s->number_count;
    if (n > s->order_capacity) {
        uint32_t *grown = gs_array_grown(s->order, &s->order_capacity, n, sizeof(*s->order));
        if (!grown)
            return GAOSOU_E_NOMEM;
        s->order = grown;
    }
    bool sorted = true;
    for (size_t i = 0; i < n; i++) {
        s->order[i] = (uint32_t)i;
        sorted = sorted && (i == 0 || s->numbers[i - 1].shape <= s->numbers[i].shape);
    }
    if (!sorted)
        qsort_r(s->order, n, sizeof(*s->order), compare_shapes, s->numbers);
    return GAOSOU_OK;
}

/* ---- chains ---- */

/* The candidates of one shape: numbers[order[0 .. count)], by start. */
struct group {
    struct gs_layout_scratch *s;
    const uint32_t *order;
    size_t count;
};

static struct gs_number *member(const struct group *g, size_t i)
{
    return &g->s->numbers[g->order[i]];
}

/* Enters a number as one that a chain can go on from: the longest of its value, the latest of
 * those. */
static void enter(const struct group *g, uint32_t index)
{
    const struct gs_number *n = &g->s->numbers[index];
    uint32_t *best = &g->s->of_value[n->value];
    if (!n->used && (*best == NO_NUMBER || n->chain >= g->s->numbers[*best].chain))
        *best = index;
}

static uint32_t best_predecessor(const struct group *g, const struct gs_number *n)
{
    uint32_t best = NO_NUMBER;
    for (uint32_t step = 1; step <= GS_CHAIN_STEP && step < n->value; step++) {
        uint32_t i = g->s->of_value[n->value - step];
        if (i == NO_NUMBER)
            continue;
        uint32_t chain = g->s->numbers[i].chain;
        uint32_t longest = best == NO_NUMBER ? 0 : g->s->numbers[best].chain;
        if (chain > longest || (chain == longest && i > best))
            best = i;
    }
    return best;
}

/* The last member of the longest chain of unused candidates, or NO_NUMBER. */
static uint32_t longest_chain(const struct group *g)
{
    uint32_t last = NO_NUMBER;
    size_t entered = 0;
    for (size_t j = 0; j < g->count; j++) {
        struct gs_number *n = member(g, j);
        while (member(g, entered)->start + GS_CHAIN_GAP <= n->start)
            enter(g, g->order[entered++]);
        if (n->used)
            continue;
        n->previous = best_predecessor(g, n);
        n->chain = n->previous == NO_NUMBER ? 1 : g->s->numbers[n->previous].chain + 1;
        if (last == NO_NUMBER || n->chain > g->s->numbers[last].chain)
            last = g->order[j];
    }
    for (size_t i = 0; i < g->count; i++)
        g->s->of_value[member(g, i)->value] = NO_NUMBER;
    return last;
}

static bool is_last_line(const struct gs_layout_scratch *s, const struct gs_number *n)
{
    const uint8_t *p = s->content + n->end, *end = s->content + s->size;
    for (size_t size; p < end; p += size) {
        size = gs_space_at(p, end);
        if (!size && !(size = gs_line_end_at(p, end)))
            return false;
    }
    return true;
}

static bool is_accepted(const struct gs_layout_scratch *s, const struct gs_number *first,
                        const struct gs_number *last)
{
    uint64_t members = last->chain, reach = last->start - first->start;
    if (members < GS_CHAIN_MEMBERS_WHOLE || reach < GS_CHAIN_MEAN * (members - 1) ||
        reach > GS_CHAIN_PAGE * (uint64_t)(last->value - first->value))
        return false;
    bool bare = GS_SHAPE_KIND(first->shape) == GS_NUMBER_BARE;
    if (bare ? members >= GS_CHAIN_MEMBERS_BARE && reach * 2 >= s->size
             : members >= GS_CHAIN_MEMBERS)
        return true;
    return first->value == 1 && is_last_line(s, last);
}

static void settle_group(const struct group *g)
{
    struct gs_number *numbers = g->s->numbers;
    for (unsigned round = 0; round < GS_CHAIN_ROUNDS; round++) {
        uint32_t last = longest_chain(g);
        if (last == NO_NUMBER || numbers[last].chain < GS_CHAIN_MEMBERS_WHOLE)
            return;
        uint32_t first = last;
        while (numbers[first].previous != NO_NUMBER)
            first = numbers[first].previous;
        if (!is_accepted(g->s, &numbers[first], &numbers[last]))
            return;
        for (uint32_t i = last; i != NO_NUMBER; i = numbers[i].previous)
            numbers[i].counts = numbers[i].used = true;
    }
}

static void keep_those_that_count(struct gs_layout_scratch *s)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->number_count; i++) {
        if (s->numbers[i].counts)
            s->numbers[kept++] = s->numbers[i];
    }
    s->number_count = kept;
}

enum gaosou_status gs_chain_settle(struct gs_layout_scratch *s)
{
    count_beside_feeds(s);
    enum gaosou_status status = gs_number_order(s);
    if (status != GAOSOU_OK)
        return status;
    for (size_t from = 0, to; from < s->number_count; from = to) {
        uint64_t shape = s->numbers[s->order[from]].shape;
        for (to = from + 1; to < s->number_count && s->numbers[s->order[to]].shape == shape;)
            to++;
        struct group g = {s, s->order + from, to - from};
        if (GS_SHAPE_KIND(shape) != GS_NUMBER_FOOTER && g.count >= GS_CHAIN_MEMBERS_WHOLE)
            settle_group(&g);
    }
    keep_those_that_count(s);
    return GAOSOU_OK;
}
