/* Occurrences of leaves in the brute-force engine, and of them those that count. See ref_match.h.
 */
#include "tests/support/ref_match.h"

#include "tests/support/ref_sign.h"

/* The first token at or behind a position. */
static size_t first_token_at(const struct ref_filing *f, uint32_t position)
{
    size_t low = 0, high = f->tokens.tokens.count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (f->tokens.tokens.at[middle].position < position)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool any_token_at(const struct ref_filing *f, uint32_t position, ref_token_test *fits,
                         const struct ref_item *item)
{
    for (size_t i = first_token_at(f, position);
         i < f->tokens.tokens.count && f->tokens.tokens.at[i].position == position; i++)
        if (fits(&f->tokens.tokens.at[i], item))
            return true;
    return false;
}

static bool pattern_fits(const struct ref_token *t, const struct ref_item *item)
{
    char pattern[2048];
    snprintf(pattern, sizeof(pattern), "%s%s", item->pattern, item->is_prefix ? "*" : "");
    return ref_pattern_fits(pattern, t->word, t->size);
}

bool ref_fits_word(const struct ref_token *t, const struct ref_item *item)
{
    if (!t->is_word)
        return false;
    if (item->is_pattern)
        return pattern_fits(t, item);
    return (item->is_prefix ? t->size >= item->size : t->size == item->size) &&
           memcmp(t->word, item->word, item->size) == 0;
}

/* item[1] is the second character. */
bool ref_is_pair(const struct ref_token *t, const struct ref_item *item)
{
    return !t->is_word && t->first == item[0].cp && t->second == item[1].cp;
}

static bool is_unigram(const struct ref_token *t, const struct ref_item *item)
{
    return !t->is_word && t->first == item->cp && t->second == 0;
}

bool ref_begins_with_char(const struct ref_token *t, const struct ref_item *item)
{
    return !t->is_word && t->first == item->cp;
}

static bool ends_with_char(const struct ref_token *t, const struct ref_item *item)
{
    return !t->is_word && t->second == item->cp;
}

static bool item_fits(const struct ref_filing *f, const struct ref_item *item, uint32_t p)
{
    if (!item->is_han)
        return any_token_at(f, p, ref_fits_word, item);
    if (item->in_pair)
        return !item->pair || any_token_at(f, p, ref_is_pair, item);
    if (item->is_prefix)
        return any_token_at(f, p, ref_begins_with_char, item);
    if (item->beside_word)
        return any_token_at(f, p, is_unigram, item);
    return any_token_at(f, p, ref_begins_with_char, item) ||
           (p > 0 && any_token_at(f, p - 1, ends_with_char, item));
}

bool ref_leaf_fits(const struct ref_filing *f, const struct ref_leaf *leaf, uint32_t p)
{
    if (leaf->title_only && (p < f->title_start || p + leaf->width > f->title_end))
        return false;
    for (size_t i = 0; i < leaf->items.count; i++)
        if (!item_fits(f, &leaf->items.at[i], p + leaf->items.at[i].offset))
            return false;
    return true;
}

/* ---- groups: [low, high) is the place at hand ---- */

/* The first spot at or behind a position. */
static size_t first_spot(const ref_spots *spots, uint32_t position)
{
    size_t i = 0;
    for (size_t step = spots->count; step > 0; step /= 2)
        while (i + step <= spots->count && spots->at[i + step - 1].start < position)
            i += step;
    return i;
}

/* Calls on each spot of a leaf that lies in the place whole. */
#define EACH_SPOT(view, n, low, high, spot)                                                        \
    for (struct ref_spot *spot =                                                                   \
             (view)->spots[(n)->leaf].at + first_spot(&(view)->spots[(n)->leaf], low),             \
                         *spot##_end =                                                             \
                             (view)->spots[(n)->leaf].at + (view)->spots[(n)->leaf].count;         \
         spot < spot##_end && spot->start + (view)->q->leaves.at[(n)->leaf].width <= (high);       \
         spot++)

static bool is_true(const struct ref_view *v, const struct ref_node *n, uint32_t low,
                    uint32_t high);
static void mark(const struct ref_view *v, const struct ref_node *n, uint32_t low, uint32_t high);

/* The sentence (paragraph) that begins at `from` ends here; *end: the next end to be looked at. */
static uint32_t place_end(const struct ref_view *v, enum gs_node_kind kind, uint32_t from,
                          size_t *end)
{
    uint32_t which = kind == GS_NODE_SENTENCE ? GS_END_SENTENCE : GS_END_PARAGRAPH;
    for (; *end < v->f->tokens.ends.count; ++*end) {
        const struct ref_end *e = &v->f->tokens.ends.at[*end];
        if ((e->kinds & which) && e->position > from)
            return e->position < v->f->tokens.positions ? e->position : v->f->tokens.positions;
    }
    return v->f->tokens.positions;
}

/* Does what is to be done with each sentence (paragraph) in which the child is true: marks what
 * stands in it, or says that there is one. */
static bool each_place(const struct ref_view *v, const struct ref_node *n, uint32_t low,
                       uint32_t high, bool marking)
{
    const struct ref_node *child = n->children.at[0];
    size_t end = 0;
    bool any = false;
    for (uint32_t from = 0, to; from < v->f->tokens.positions && (marking || !any); from = to) {
        to = place_end(v, n->kind, from, &end);
        uint32_t a = from > low ? from : low, b = to < high ? to : high;
        if (a >= b || !is_true(v, child, a, b))
            continue;
        any = true;
        if (marking)
            mark(v, child, a, b);
    }
    return any;
}

/* For each position M of the place from `low` on: how many of the parts have an occurrence that
 * starts at M or before and ends no more than the distance before M. Where all have, those belong
 * together. Free it. */
static uint8_t *near_parts_at(const struct ref_view *v, const struct ref_node *near, uint32_t low,
                              uint32_t high)
{
    uint8_t *parts = calloc(high - low + 1, 1), *last = calloc(high - low + 1, 1);
    if (!parts || !last)
        abort();
    for (size_t i = 0; i < near->children.count; i++) {
        const struct ref_node *part = near->children.at[i];
        bool is_or = part->kind == GS_NODE_OR;
        for (size_t k = 0; k < (is_or ? part->children.count : 1); k++) {
            const struct ref_node *leaf = is_or ? part->children.at[k] : part;
            uint32_t reach = v->q->leaves.at[leaf->leaf].width + near->distance;
            EACH_SPOT(v, leaf, low, high, spot)
            for (uint32_t m = spot->start; m <= spot->start + reach && m < high; m++)
                if (last[m - low] != i + 1) {
                    last[m - low] = (uint8_t)(i + 1);
                    parts[m - low]++;
                }
        }
    }
    free(last);
    return parts;
}

static bool near_is_true(const struct ref_view *v, const struct ref_node *near, uint32_t low,
                         uint32_t high)
{
    uint8_t *parts = near_parts_at(v, near, low, high);
    bool any = false;
    for (uint32_t m = low; m < high; m++)
        any |= parts[m - low] == near->children.count;
    free(parts);
    return any;
}

static void mark_near(const struct ref_view *v, const struct ref_node *near, uint32_t low,
                      uint32_t high)
{
    uint8_t *parts = near_parts_at(v, near, low, high);
    for (size_t i = 0; i < near->children.count; i++) {
        const struct ref_node *part = near->children.at[i];
        bool is_or = part->kind == GS_NODE_OR;
        for (size_t k = 0; k < (is_or ? part->children.count : 1); k++) {
            const struct ref_node *leaf = is_or ? part->children.at[k] : part;
            uint32_t reach = v->q->leaves.at[leaf->leaf].width + near->distance;
            EACH_SPOT(v, leaf, low, high, spot)
            for (uint32_t m = spot->start; m <= spot->start + reach && m < high; m++)
                spot->counts |= parts[m - low] == near->children.count;
        }
    }
    free(parts);
}

static bool is_true(const struct ref_view *v, const struct ref_node *n, uint32_t low, uint32_t high)
{
    if (n->kind == GS_NODE_LEAF) {
        EACH_SPOT(v, n, low, high, spot)
        return true;
        return false;
    }
    if (n->kind == GS_NODE_NOT)
        return !is_true(v, n->children.at[0], low, high);
    if (n->kind == GS_NODE_NEAR)
        return near_is_true(v, n, low, high);
    if (n->kind == GS_NODE_SENTENCE || n->kind == GS_NODE_PARAGRAPH)
        return each_place(v, n, low, high, false);
    bool and = n->kind == GS_NODE_AND, all = and;
    for (size_t i = 0; i < n->children.count; i++)
        all = and? all && is_true(v, n->children.at[i], low, high)
                 : all || is_true(v, n->children.at[i], low, high);
    return all;
}

static void mark(const struct ref_view *v, const struct ref_node *n, uint32_t low, uint32_t high)
{
    if (n->kind == GS_NODE_LEAF)
        EACH_SPOT(v, n, low, high, spot)
    spot->counts = true;
    else if (n->kind == GS_NODE_NEAR) mark_near(v, n, low, high);
    else if (n->kind == GS_NODE_SENTENCE || n->kind == GS_NODE_PARAGRAPH)
        each_place(v, n, low, high, true);
    else if (n->kind == GS_NODE_AND || n->kind == GS_NODE_OR) for (size_t i = 0;
                                                                   i < n->children.count; i++)
        mark(v, n->children.at[i], low, high);
}

/* ---- one filing ---- */

void ref_view_open(struct ref_view *v, const struct ref_filing *f, const struct ref_query *q)
{
    *v = (struct ref_view){.f = f, .q = q};
    v->spots = calloc(q->leaves.count + 1, sizeof(*v->spots));
    if (!v->spots)
        abort();
    for (size_t i = 0; i < q->leaves.count; i++)
        for (uint32_t p = 0; p < f->tokens.positions; p++)
            if (ref_leaf_fits(f, &q->leaves.at[i], p))
                REF_PUSH(&v->spots[i])->start = p;
    if (q->root)
        mark(v, q->root, 0, f->tokens.positions);
    v->counts = calloc(q->leaves.count + 1, sizeof(*v->counts));
    if (!v->counts)
        abort();
    for (size_t i = 0; i < q->leaves.count; i++)
        for (size_t k = 0; k < v->spots[i].count; k++)
            v->counts[i] += v->spots[i].at[k].counts;
}

void ref_view_release(struct ref_view *v)
{
    for (size_t i = 0; i < v->q->leaves.count; i++)
        REF_RELEASE(&v->spots[i]);
    free(v->spots);
    free(v->counts);
}

bool ref_view_is_true(const struct ref_view *v, const struct ref_node *n)
{
    return is_true(v, n, 0, v->f->tokens.positions);
}

/* The end of the first occurrence that counts and starts at `from` or behind; 0: none. */
static uint32_t end_behind(const struct ref_view *v, size_t leaf, uint32_t from)
{
    const ref_spots *spots = &v->spots[leaf];
    for (size_t i = first_spot(spots, from); i < spots->count; i++)
        if (spots->at[i].counts)
            return spots->at[i].start + v->q->leaves.at[leaf].width;
    return 0;
}

uint32_t ref_view_closeness(const struct ref_view *v)
{
    uint32_t best = UINT32_MAX, found = 0;
    for (size_t i = 0; i < v->q->leaves.count; i++)
        found += v->counts[i] > 0;
    if (found < 2)
        return 0;
    for (size_t i = 0; i < v->q->leaves.count; i++)
        for (size_t k = 0; k < v->spots[i].count; k++) {
            if (!v->spots[i].at[k].counts)
                continue;
            uint32_t from = v->spots[i].at[k].start, to = 0;
            for (size_t j = 0; j < v->q->leaves.count && to < UINT32_MAX; j++) {
                uint32_t end = end_behind(v, j, from);
                if (end == 0 && v->counts[j] > 0)
                    to = UINT32_MAX;
                else if (end > to)
                    to = end;
            }
            if (to < UINT32_MAX && to - from < best)
                best = to - from;
        }
    return best;
}
