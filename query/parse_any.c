/* Literal texts, and questions as bags of tokens (docs/QUERY.md, Literal text and Any of the
 * terms). */
#include "query/leaf_same.h"
#include "query/parse.h"

#include <stdlib.h>
#include <string.h>

#define SLOTS                                                                                      \
    4096 /* of the table of distinct leaves: a power of two, four times GS_QUERY_TERMS_MAX */

/* Open addressing over the leaves of the query: slot = leaf + 1, 0 is free. */
struct bag {
    uint16_t slots[SLOTS];
    uint32_t added; /* the leaf of what was added last */
};

static enum gaosou_status bag_add(struct gs_parser *p, struct bag *bag, const struct gs_leaf *leaf)
{
    size_t i = (size_t)gs_leaf_hash(leaf) & (SLOTS - 1);
    for (; bag->slots[i]; i = (i + 1) & (SLOTS - 1)) {
        struct gs_leaf *seen = &p->query->leaves[bag->slots[i] - 1];
        if (gs_leaf_same(seen, leaf)) {
            bag->added = bag->slots[i] - 1u;
            seen->multiplicity++;
            return GAOSOU_OK;
        }
    }
    uint32_t index;
    enum gaosou_status status = gs_parse_append_leaf(p, leaf, &index);
    if (status)
        return status;
    bag->slots[i] = (uint16_t)(index + 1);
    bag->added = index;
    return GAOSOU_OK;
}

/* Two tokens of a run, the second at `distance` positions behind the first, as a pair. */
static enum gaosou_status add_pair(struct gs_parser *p, uint32_t first, uint32_t second,
                                   uint32_t distance)
{
    struct gs_query *q = p->query;
    if (distance > GS_QUERY_PAIR_MAX || q->pair_count == GS_QUERY_PAIRS_MAX)
        return GAOSOU_OK;
    if (!q->pairs)
        q->pairs = gs_arena_alloc(p->arena, GS_QUERY_PAIRS_MAX * sizeof(*q->pairs));
    if (!q->pairs)
        return gs_parse_nomem(p);
    q->pairs[q->pair_count++] = (struct gs_leaf_pair){first, second, distance};
    return GAOSOU_OK;
}

/* Items [first, first + count) of a run as a leaf of their own. */
static enum gaosou_status add_token(struct gs_parser *p, struct bag *bag, const struct gs_leaf *run,
                                    size_t first, size_t count)
{
    struct gs_leaf leaf = {
        .kind = GS_LEAF_PHRASE, .multiplicity = 1, .item_count = count, .width = (uint32_t)count};
    const struct gs_unit *units = p->batch.units;
    leaf.items = gs_arena_alloc(p->arena, count * sizeof(*leaf.items));
    leaf.text = gs_parse_copy(p, p->piece.data + units[first].start,
                              units[first + count - 1].end - units[first].start, "");
    if (!leaf.items || !leaf.text)
        return gs_parse_nomem(p);
    for (size_t i = 0; i < count; i++) {
        leaf.items[i] = run->items[first + i];
        leaf.items[i].offset = (uint32_t)i;
        leaf.items[i].beside_word = false;
    }
    leaf.items[0].joined = false;
    if (count == 1 && leaf.items[0].is_han)
        leaf.kind = GS_LEAF_CHAR;
    return bag_add(p, bag, &leaf);
}

/* The words and bigrams of a run, or its single characters. */
static enum gaosou_status add_run(struct gs_parser *p, struct bag *bag, size_t start, size_t end,
                                  bool singles)
{
    struct gs_piece piece = {.start = start, .end = end, .figures = true};
    struct gs_leaf run;
    uint32_t before = UINT32_MAX, offset = 0; /* the token before: its leaf and place */
    enum gaosou_status status = gs_parse_analyse(p, &piece, &run);
    for (size_t i = 0; i < run.item_count && !status; i++) {
        const struct gs_item *item = &run.items[i];
        bool bigram = i + 1 < run.item_count && run.items[i + 1].joined;
        if (singles ? !item->is_han : item->is_han && !bigram)
            continue;
        status = add_token(p, bag, &run, i, !singles && item->is_han ? 2 : 1);
        if (!status && before != UINT32_MAX)
            status = add_pair(p, before, bag->added, item->offset - offset);
        before = bag->added;
        offset = item->offset;
    }
    return status;
}

static enum gaosou_status take_leaf(struct gs_parser *p, const struct gs_leaf *leaf, void *bag)
{
    return bag_add(p, bag, leaf);
}

static enum gaosou_status add_quoted(struct gs_parser *p, struct bag *bag, size_t start, size_t end)
{
    struct gs_piece piece = {.start = start, .end = end, .figures = true};
    struct gs_leaf leaf;
    enum gaosou_status status = gs_parse_analyse(p, &piece, &leaf);
    if (status || leaf.kind == GS_LEAF_NOTHING)
        return status;
    return gs_parse_synonyms(p, &leaf, take_leaf, bag);
}

static bool opens_quote(uint32_t c)
{
    return c == '"' || c == 0x300C || c == 0x300E;
}

/* One pass over the text. `unclosed` remembers the signs that no quote closes any more, so that a
 * text of opening quotes is not searched to its end for each. */
static enum gaosou_status add_all(struct gs_parser *p, struct bag *bag, bool singles)
{
    enum gaosou_status status = GAOSOU_OK;
    bool unclosed[3] = {false, false, false};
    for (p->at = gs_scan_mark(p); p->at < p->size && !status;) {
        gs_scan_skip_space(p);
        size_t opening, closing = 0, end = SIZE_MAX, size;
        uint32_t c = gs_scan_sign(p, p->at, &opening);
        bool *gone = &unclosed[c == 0x300C ? 0 : c == 0x300E ? 1 : 2];
        if (opens_quote(c) && !*gone) {
            end = gs_scan_quote_end(p, p->at, &closing);
            *gone = end == SIZE_MAX;
        }
        if (end != SIZE_MAX) {
            status = singles ? GAOSOU_OK : add_quoted(p, bag, p->at + opening, end);
            p->at = end + closing;
            continue;
        }
        size_t start = p->at;
        while (p->at < p->size && gs_scan_sign(p, p->at, &size) != ' ')
            p->at += size;
        if (p->at > start)
            status = add_run(p, bag, start, p->at, singles);
    }
    return status;
}

static enum gaosou_status add_nothing(struct gs_parser *p)
{
    struct gs_leaf leaf = {.kind = GS_LEAF_NOTHING, .multiplicity = 1};
    uint32_t index;
    leaf.text = gs_parse_copy(p, p->text, p->size, "");
    return leaf.text ? gs_parse_append_leaf(p, &leaf, &index) : gs_parse_nomem(p);
}

static enum gaosou_status make_root(struct gs_parser *p)
{
    struct gs_query *q = p->query;
    if (q->leaf_count == 1) {
        q->root = gs_parse_leaf_node(p, 0);
        return q->root ? GAOSOU_OK : gs_parse_nomem(p);
    }
    struct gs_node **nodes = gs_arena_alloc(p->arena, q->leaf_count * sizeof(struct gs_node *));
    for (size_t i = 0; nodes && i < q->leaf_count; i++) {
        nodes[i] = gs_parse_leaf_node(p, (uint32_t)i);
        if (!nodes[i])
            return gs_parse_nomem(p);
    }
    if (nodes)
        q->root = gs_parse_node(p, GS_NODE_OR, nodes, q->leaf_count);
    return q->root ? GAOSOU_OK : gs_parse_nomem(p);
}

enum gaosou_status gs_parse_any(struct gs_parser *p)
{
    struct bag bag = {.added = 0};
    enum gaosou_status status = add_all(p, &bag, false);
    if (!status && p->query->leaf_count == 0) {
        p->item_count = 0;
        status = add_all(p, &bag, true);
    }
    if (!status && p->query->leaf_count == 0)
        status = add_nothing(p);
    return status ? status : make_root(p);
}

enum gaosou_status gs_parse_literal(struct gs_parser *p)
{
    struct gs_piece piece = {.start = 0, .end = p->size};
    uint32_t index;
    enum gaosou_status status = gs_parse_leaf(p, &piece, &index);
    if (!status && index == UINT32_MAX)
        status = add_nothing(p);
    return status ? status : make_root(p);
}
