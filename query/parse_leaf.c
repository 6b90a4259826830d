/* One run or phrase through the cutter into the items of a leaf (docs/QUERY.md, What matches). */
#include "query/parse.h"

#include <string.h>

static const char FULL_COMMA[] = "\xEF\xBC\x8C"; /* U+FF0C */
static const char HAN_PROBE[] = "\xE4\xB8\xAD";  /* any Han character that composes with nothing */

char *gs_parse_copy(struct gs_parser *p, const void *bytes, size_t size, const char *suffix)
{
    size_t extra = strlen(suffix);
    char *copy = gs_arena_alloc(p->arena, size + extra + 1);
    if (!copy)
        return NULL;
    memcpy(copy, bytes, size);
    for (char *nul = copy; (nul = memchr(nul, 0, (size_t)(copy + size - nul)));)
        *nul = ' '; /* transparent as well */
    memcpy(copy + size, suffix, extra + 1);
    return copy;
}

/* ---- figures ---- */

struct chain {
    size_t end, commas, full_commas;
    bool well_formed, has_point, leading_zero;
};

static bool is_full_comma(const struct gs_parser *p, size_t at, size_t end)
{
    return end - at >= 3 && memcmp(p->text + at, FULL_COMMA, 3) == 0;
}

/* Digits from `at` on; returns their number, *end behind them. */
static size_t digit_run(const struct gs_parser *p, size_t at, size_t limit, size_t *end)
{
    size_t count = 0, size;
    while (at < limit && gs_scan_is_digit(gs_scan_char(p, at, &size))) {
        at += size;
        count++;
    }
    *end = at;
    return count;
}

static bool is_zero(uint32_t c)
{
    return c == '0' || c == 0xFF10;
}

/* The chain of digits and separators at `at`, as long as it goes. */
static struct chain read_chain(const struct gs_parser *p, size_t at, size_t limit)
{
    struct chain c = {.well_formed = true};
    size_t behind, size;
    size_t digits = digit_run(p, at, limit, &behind);
    c.well_formed = digits <= 3;
    for (;;) {
        c.end = behind;
        if (behind >= limit)
            return c;
        uint32_t sign = gs_scan_char(p, behind, &size);
        bool point = sign == '.' || sign == 0xFF0E, full = is_full_comma(p, behind, limit);
        if (!point && !full && sign != ',')
            return c;
        size_t group = behind + size, zero_size;
        digits = digit_run(p, group, limit, &behind);
        if (digits == 0)
            return c;
        if (c.has_point || (!point && digits != 3))
            c.well_formed = false;
        if (point)
            c.has_point = true;
        else
            c.commas++;
        c.full_commas += full;
        c.leading_zero |= !point && is_zero(gs_scan_char(p, group, &zero_size));
    }
}

static bool is_figure(const struct chain *c)
{
    return c->well_formed && c->full_commas > 0 &&
           (c->has_point || c->commas >= 2 || c->leading_zero);
}

/* Copies [at, end) to p->piece, full-width commas inside a figure as ASCII ones. */
static void copy_chain(struct gs_parser *p, size_t at, size_t end, bool figure)
{
    while (at < end) {
        if (figure && is_full_comma(p, at, end)) {
            gs_buf_append_u8(&p->piece, ',');
            at += 3;
            continue;
        }
        gs_buf_append_u8(&p->piece, p->text[at++]);
    }
}

static void make_piece(struct gs_parser *p, const struct gs_piece *piece)
{
    gs_buf_clear(&p->piece);
    if (!piece->figures) {
        gs_buf_append(&p->piece, p->text + piece->start, piece->end - piece->start);
        return;
    }
    for (size_t at = piece->start, size; at < piece->end; at += size) {
        if (!gs_scan_is_digit(gs_scan_char(p, at, &size))) {
            gs_buf_append(&p->piece, p->text + at, size);
            continue;
        }
        struct chain c = read_chain(p, at, piece->end);
        copy_chain(p, at, c.end, is_figure(&c));
        size = c.end - at;
    }
}

/* ---- items ---- */

static enum gaosou_status cut(struct gs_parser *p, const uint8_t *bytes, size_t size)
{
    gs_cutter_begin(p->cutter, NULL, 0, NULL, 0);
    return gs_cutter_feed(p->cutter, bytes, size, true, &p->batch);
}

/* The tokens of p->batch by position, read along with its units. */
struct token_walk {
    const struct gs_token *at, *end;
    uint32_t last_second; /* second character of the bigram at the position before, or 0 */
};

/* Takes the tokens at `position` into *item: its kind, its character or word, joined. */
static bool take_tokens(struct token_walk *w, uint32_t position, struct gs_item *item)
{
    uint32_t second = 0;
    item->character = w->last_second;
    item->joined = w->last_second != 0;
    for (; w->at < w->end && w->at->position <= position; w->at++) {
        if (w->at->position < position)
            continue;
        const struct gs_term *t = &w->at->term;
        item->is_han = !t->is_word;
        item->bytes = t->bytes;
        item->size = t->size;
        item->character = t->first;
        second = t->is_word ? 0 : t->second;
    }
    if (item->joined)
        item->is_han = true;
    if (item->is_han) {
        item->bytes = NULL;
        item->size = 0;
    } else {
        item->character = 0;
    }
    w->last_second = second;
    return second != 0;
}

/* Whether the unigram is a token of `bytes` with a Han character set on its free side: then a word
 * is its nearest neighbour and no barrier stands between. */
static enum gaosou_status probe(struct gs_parser *p, const uint8_t *bytes, size_t size,
                                bool word_before, struct gs_buf *scratch,
                                struct gs_cut_batch *batch, bool *beside)
{
    gs_buf_clear(scratch);
    if (!word_before)
        gs_buf_append_str(scratch, HAN_PROBE);
    gs_buf_append(scratch, bytes, size);
    if (word_before)
        gs_buf_append_str(scratch, HAN_PROBE);
    enum gaosou_status status = gs_buf_status(scratch);
    if (status)
        return status;
    gs_cutter_begin(p->cutter, NULL, 0, NULL, 0);
    status = gs_cutter_feed(p->cutter, scratch->data, scratch->size, true, batch);
    uint32_t where =
        word_before && batch->unit_count >= 2 ? batch->units[batch->unit_count - 2].position : 1;
    for (size_t i = 0; !status && i < batch->token_count; i++) {
        const struct gs_token *t = &batch->tokens[i];
        if (t->position == where && !t->term.is_word && t->term.second == 0)
            *beside = true;
    }
    return status;
}

static bool is_word_at(const struct gs_leaf *leaf, size_t i, uint32_t offset)
{
    return i < leaf->item_count && !leaf->items[i].is_han && leaf->items[i].offset == offset;
}

/* Rule 3 (b): for every Han item without Han neighbours that has a word beside it. */
static enum gaosou_status mark_beside_words(struct gs_parser *p, struct gs_leaf *leaf)
{
    enum gaosou_status status = GAOSOU_OK;
    struct gs_buf scratch;
    struct gs_cut_batch batch;
    gs_buf_init(&scratch, GS_QUERY_BYTES_MAX + 16);
    gs_cut_batch_init(&batch);
    const struct gs_unit *units = p->batch.units;
    for (size_t i = 0; i < leaf->item_count && !status; i++) {
        struct gs_item *item = &leaf->items[i];
        bool alone = item->is_han && !item->joined &&
                     !(i + 1 < leaf->item_count && leaf->items[i + 1].joined);
        if (!alone)
            continue;
        if (i > 0 && is_word_at(leaf, i - 1, item->offset - 1))
            status = probe(p, p->piece.data + units[i - 1].start, units[i].end - units[i - 1].start,
                           true, &scratch, &batch, &item->beside_word);
        if (!status && !item->beside_word && is_word_at(leaf, i + 1, item->offset + 1))
            status = probe(p, p->piece.data + units[i].start, units[i + 1].end - units[i].start,
                           false, &scratch, &batch, &item->beside_word);
    }
    gs_cut_batch_release(&batch);
    gs_buf_release(&scratch);
    return status;
}

static enum gaosou_status fill_items(struct gs_parser *p, struct gs_leaf *leaf)
{
    const struct gs_cut_batch *b = &p->batch;
    leaf->item_count = b->unit_count;
    leaf->items = gs_arena_alloc(p->arena, b->unit_count * sizeof(*leaf->items));
    if (!leaf->items)
        return gs_parse_nomem(p);
    struct token_walk walk = {.at = b->tokens, .end = b->tokens + b->token_count};
    for (size_t i = 0; i < b->unit_count; i++) {
        struct gs_item *item = &leaf->items[i];
        *item = (struct gs_item){.offset = b->units[i].position - b->units[0].position};
        take_tokens(&walk, b->units[i].position, item);
        if (item->is_han)
            continue;
        item->bytes = (const uint8_t *)gs_parse_copy(p, item->bytes, item->size, "");
        if (!item->bytes)
            return gs_parse_nomem(p);
    }
    leaf->width = leaf->items[leaf->item_count - 1].offset + 1;
    return mark_beside_words(p, leaf);
}

/* ---- leaves ---- */

static void set_kind(struct gs_leaf *leaf, bool prefix)
{
    struct gs_item *last = &leaf->items[leaf->item_count - 1];
    if (prefix && !last->joined) {
        last->is_prefix = true;
        last->beside_word = false;
        leaf->kind = GS_LEAF_PREFIX;
    } else {
        leaf->kind = leaf->item_count == 1 && last->is_han ? GS_LEAF_CHAR : GS_LEAF_PHRASE;
    }
}

/* p->batch, of the piece, into the leaf. */
static enum gaosou_status take_units(struct gs_parser *p, const struct gs_piece *piece,
                                     struct gs_patterns *patterns, struct gs_leaf *leaf)
{
    const struct gs_cut_batch *b = &p->batch;
    if (b->unit_count > GS_QUERY_ITEMS_MAX - p->item_count)
        return gs_parse_limit(p, "too many characters and words", "字和词过多", GS_QUERY_ITEMS_MAX);
    p->item_count += b->unit_count;
    size_t start = 0, end = p->piece.size;
    if (b->unit_count > 0) {
        start = b->units[0].start;
        end = b->units[b->unit_count - 1].end;
        enum gaosou_status status = fill_items(p, leaf);
        if (!status)
            status = gs_patterns_show(p, patterns, leaf, piece->start);
        if (status)
            return status;
        set_kind(leaf, piece->prefix && end == p->piece.size);
    }
    leaf->text = gs_parse_copy(p, p->piece.data + start, end - start,
                               leaf->kind == GS_LEAF_PREFIX ? "*" : "");
    return leaf->text ? GAOSOU_OK : gs_parse_nomem(p);
}

enum gaosou_status gs_parse_analyse(struct gs_parser *p, const struct gs_piece *piece,
                                    struct gs_leaf *leaf)
{
    struct gs_patterns patterns;
    *leaf = (struct gs_leaf){
        .kind = GS_LEAF_NOTHING, .title_only = p->title_depth > 0, .multiplicity = 1};
    make_piece(p, piece);
    enum gaosou_status status = gs_buf_status(&p->piece);
    if (status)
        return gs_parse_nomem(p);
    gs_patterns_init(&patterns);
    if (piece->patterns)
        status = gs_patterns_hide(p, &patterns);
    if (!status) {
        status = cut(p, p->piece.data, p->piece.size);
        status = status ? gs_parse_nomem(p) : take_units(p, piece, &patterns, leaf);
    }
    gs_patterns_release(&patterns);
    return status;
}

enum gaosou_status gs_parse_append_leaf(struct gs_parser *p, const struct gs_leaf *leaf,
                                        uint32_t *index)
{
    struct gs_query *q = p->query;
    if (q->leaf_count == GS_QUERY_TERMS_MAX)
        return gs_parse_limit(p, "too many terms", "检索词过多", GS_QUERY_TERMS_MAX);
    if (q->leaf_count == p->leaf_capacity) {
        size_t capacity = p->leaf_capacity ? p->leaf_capacity * 2 : 8;
        struct gs_leaf *grown = gs_arena_alloc(p->arena, capacity * sizeof(*grown));
        if (!grown)
            return gs_parse_nomem(p);
        if (q->leaf_count)
            memcpy(grown, q->leaves, q->leaf_count * sizeof(*grown));
        q->leaves = grown;
        p->leaf_capacity = capacity;
    }
    *index = (uint32_t)q->leaf_count;
    q->leaves[q->leaf_count++] = *leaf;
    return GAOSOU_OK;
}

enum gaosou_status gs_parse_leaf(struct gs_parser *p, const struct gs_piece *piece, uint32_t *index)
{
    struct gs_leaf leaf;
    *index = UINT32_MAX;
    enum gaosou_status status = gs_parse_analyse(p, piece, &leaf);
    if (status || leaf.kind == GS_LEAF_NOTHING)
        return status;
    return gs_parse_append_leaf(p, &leaf, index);
}
