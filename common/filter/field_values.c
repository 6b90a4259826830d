#include "common/filter/decimal.h"
#include "common/filter/exchange_names.h"
#include "common/filter/field_values_internal.h"
#include "common/filter/filing_kinds.h"
#include "common/text/utf8.h"

#include <stdlib.h>
#include <string.h>

#define FOLDED_MAX                                                                                 \
    ((size_t)256 << 20) /* folded bytes of one value: 18 characters for one at most */

/* ---- signs ---- */

static bool is_comma(uint32_t c)
{
    return c == ',' || c == 0xFF0C || c == 0x3001;
}

static bool is_twin_quote(uint32_t c)
{
    return c == '"' || c == 0xFF02 || c == 0x201C || c == 0x201D;
}

/* What closes the quotation that c opens ('"': any of the twins); 0: it opens none. */
static uint32_t closing_of(uint32_t c)
{
    return is_twin_quote(c) ? '"' : c == 0x300C || c == 0x300E ? c + 1 : 0;
}

static bool closes(uint32_t closing, uint32_t c)
{
    return closing == '"' ? is_twin_quote(c) : c == closing;
}

bool gs_value_scan_step(struct gs_value_scan *scan, uint32_t c)
{
    const bool inside = scan->closing != 0;
    if (inside) {
        if (closes(scan->closing, c))
            scan->closing = 0;
    } else if (scan->at_start) {
        scan->closing = closing_of(c);
    }
    const bool second_dot = !inside && c == '.' && scan->dot;
    scan->at_start = !inside && (is_comma(c) || second_dot);
    scan->dot = !inside && c == '.' && !second_dot;
    return inside || scan->closing != 0;
}

/* ---- reading ---- */

struct reader {
    const char *text; /* a copy, in the arena */
    size_t size, at;
    struct gs_arena *arena;
    struct gs_buf folded; /* scratch */
    struct gs_field_values *out;
    struct gs_value_flaw *flaw;
};

static uint32_t char_at(const struct reader *r, size_t at, size_t *step)
{
    *step = 0;
    if (at >= r->size)
        return 0;
    struct gs_utf8_char c = gs_utf8_decode((const uint8_t *)r->text + at, r->size - at);
    *step = c.size ? c.size : r->size - at;
    return c.valid ? c.code : UINT32_MAX;
}

static enum gaosou_status fail(struct reader *r, enum gs_flaw_kind kind, size_t from)
{
    *r->flaw = (struct gs_value_flaw){kind, r->text + from, r->size - from, from};
    return GAOSOU_E_QUERY;
}

static bool has_ranges(enum gs_value_rule rule)
{
    return rule == GS_VALUES_CODE || rule == GS_VALUES_OPEN;
}

static bool at_range_sign(const struct reader *r, size_t at)
{
    return has_ranges(r->out->rule) && r->size - at >= 2 && memcmp(r->text + at, "..", 2) == 0;
}

/* A value as typed, and whether a star stands behind it. */
struct piece {
    const char *bytes;
    size_t size;
    bool star, quoted;
};

static bool take_star(struct reader *r)
{
    size_t step;
    uint32_t c = char_at(r, r->at, &step);
    if (c != '*' && c != 0xFF0A)
        return false;
    r->at += step;
    return true;
}

static enum gaosou_status read_quoted(struct reader *r, uint32_t closing, struct piece *out)
{
    size_t from = r->at, step;
    (void)char_at(r, r->at, &step);
    size_t start = r->at + step, at = start;
    for (; at < r->size && !closes(closing, char_at(r, at, &step)); at += step)
        ;
    if (at >= r->size)
        return fail(r, GS_FLAW_QUOTE, from);
    *out = (struct piece){.bytes = r->text + start, .size = at - start, .quoted = true};
    (void)char_at(r, at, &step);
    r->at = at + step;
    out->star = take_star(r);
    if (r->at < r->size && !is_comma(char_at(r, r->at, &step)) && !at_range_sign(r, r->at))
        return fail(r, GS_FLAW_QUOTE, from);
    return GAOSOU_OK;
}

/* Bytes of the star that ends a text, or 0. */
static size_t star_size(const char *bytes, size_t size)
{
    if (size >= 1 && bytes[size - 1] == '*')
        return 1;
    return size >= 3 && memcmp(bytes + size - 3, "\xEF\xBC\x8A", 3) == 0 ? 3 : 0; /* ＊ */
}

/* Up to a comma, a range's sign (where it is the first of the item) or the end. */
static enum gaosou_status read_piece(struct reader *r, bool may_range, struct piece *out)
{
    size_t from = r->at, step;
    uint32_t c = char_at(r, r->at, &step), closing = step ? closing_of(c) : 0;
    if (closing)
        return read_quoted(r, closing, out);
    while (r->at < r->size && !is_comma(char_at(r, r->at, &step)) &&
           !(may_range && at_range_sign(r, r->at)))
        r->at += step;
    size_t star = star_size(r->text + from, r->at - from);
    *out = (struct piece){.bytes = r->text + from, .size = r->at - from - star, .star = star > 0};
    return GAOSOU_OK;
}

/* ---- items ---- */

/* The folded bytes, in the arena. */
static enum gaosou_status fold_into_arena(struct reader *r, const char *bytes, size_t size,
                                          struct gs_key *out)
{
    gs_buf_clear(&r->folded);
    struct gs_key folded = gs_value_folded(r->out->rule, bytes, size, &r->folded);
    char *copy = gs_arena_alloc(r->arena, folded.size + 1);
    if (!copy || gs_buf_status(&r->folded) != GAOSOU_OK)
        return GAOSOU_E_NOMEM;
    memcpy(copy, folded.bytes, folded.size);
    copy[folded.size] = '\0';
    *out = (struct gs_key){copy, folded.size};
    return GAOSOU_OK;
}

static void add_key(struct reader *r, struct gs_key key, enum gs_code_exchange exchange)
{
    struct gs_field_values *v = r->out;
    v->keys[v->key_count++] = (struct gs_value_key){key.bytes, key.size, exchange, v->count};
}

/* A single value; a code that names its exchange is one more: without it. */
static void settle_one(struct reader *r, struct gs_value_item *item, struct gs_key folded)
{
    const enum gs_value_rule rule = r->out->rule;
    bool named;
    struct gs_key key = gs_value_settled(rule, folded, &named);
    item->known = named || (rule != GS_VALUES_KIND && rule != GS_VALUES_EXCHANGE);
    item->key = key.bytes;
    item->key_size = key.size;
    add_key(r, key, GS_CODE_OTHER);
    size_t bare = 0;
    enum gs_code_exchange exchange = rule == GS_VALUES_CODE
                                         ? gs_code_exchange_named(folded.bytes, folded.size, &bare)
                                         : GS_CODE_OTHER;
    if (exchange == GS_CODE_OTHER)
        return;
    struct gs_key code = {folded.bytes, bare};
    add_key(r, gs_value_settled(rule, code, &named), exchange);
}

static bool begins_kind(struct gs_key front)
{
    size_t count;
    const struct gs_filing_kind *kinds = gs_filing_kinds(&count);
    for (size_t i = 0; i < count; i++) {
        if (gs_key_begins((struct gs_key){kinds[i].name, strlen(kinds[i].name)}, front))
            return true;
    }
    return false;
}

static bool begins_exchange(struct gs_key front)
{
    size_t count;
    const char *const *exchanges = gs_exchanges(&count);
    for (size_t i = 0; i < count; i++) {
        if (front.size <= strlen(exchanges[i]) &&
            strncasecmp(exchanges[i], front.bytes, front.size) == 0)
            return true;
    }
    return false;
}

static void settle_prefix(struct reader *r, struct gs_value_item *item, struct gs_key folded)
{
    const enum gs_value_rule rule = r->out->rule;
    item->known = rule == GS_VALUES_KIND       ? begins_kind(folded)
                  : rule == GS_VALUES_EXCHANGE ? begins_exchange(folded)
                                               : true;
    item->key = folded.bytes;
    item->key_size = folded.size;
}

/* Whether no value can lie in the range. */
static bool runs_backwards(const struct gs_value_item *item)
{
    struct gs_key low = {item->key, item->key_size}, high = {item->upper, item->upper_size};
    if (!item->has_lower || !item->has_upper)
        return false;
    if (item->numeric)
        return gs_decimal_compare(low.bytes, low.size, high.bytes, high.size) > 0;
    return gs_key_compare(low, high) > 0 && !gs_key_begins(low, high);
}

static enum gaosou_status settle_range(struct reader *r, struct gs_value_item *item,
                                       const struct piece *low, const struct piece *high)
{
    struct gs_key lower, upper;
    if (low->star || high->star)
        return fail(r, GS_FLAW_STAR, item->at);
    enum gaosou_status status = fold_into_arena(r, low->bytes, low->size, &lower);
    if (status == GAOSOU_OK)
        status = fold_into_arena(r, high->bytes, high->size, &upper);
    if (status != GAOSOU_OK)
        return status;
    item->known = true;
    item->key = lower.bytes;
    item->key_size = lower.size;
    item->upper = upper.bytes;
    item->upper_size = upper.size;
    item->has_lower = lower.size > 0;
    item->has_upper = upper.size > 0;
    item->numeric = r->out->rule == GS_VALUES_OPEN &&
                    (!item->has_lower || gs_decimal_is(lower.bytes, lower.size)) &&
                    (!item->has_upper || gs_decimal_is(upper.bytes, upper.size));
    if (!item->has_lower && !item->has_upper)
        return fail(r, GS_FLAW_NO_END, item->at);
    return runs_backwards(item) ? fail(r, GS_FLAW_BACKWARDS, item->at) : GAOSOU_OK;
}

static enum gaosou_status settle(struct reader *r, struct gs_value_item *item,
                                 const struct piece *low, const struct piece *high)
{
    struct gs_field_values *v = r->out;
    if (item->form != GS_VALUE_ONE) {
        if (v->span_count == GS_VALUES_SPANS_MAX)
            return fail(r, GS_FLAW_TOO_MANY, item->at);
        v->spans[v->span_count++] = v->count;
    }
    if (item->form == GS_VALUE_RANGE)
        return settle_range(r, item, low, high);
    struct gs_key folded;
    enum gaosou_status status = fold_into_arena(r, item->bytes, item->size, &folded);
    if (status != GAOSOU_OK)
        return status;
    if (folded.size == 0 && item->form == GS_VALUE_ONE)
        return fail(r, GS_FLAW_EMPTY, item->at);
    if (item->form == GS_VALUE_ONE)
        settle_one(r, item, folded);
    else
        settle_prefix(r, item, folded);
    return GAOSOU_OK;
}

static enum gaosou_status read_item(struct reader *r)
{
    struct gs_field_values *v = r->out;
    struct piece low, high = {0};
    struct gs_value_item *item = &v->items[v->count];
    *item = (struct gs_value_item){.at = r->at};
    enum gaosou_status status = read_piece(r, true, &low);
    if (status != GAOSOU_OK)
        return status;
    bool range = at_range_sign(r, r->at);
    if (range) {
        r->at += 2;
        status = read_piece(r, false, &high);
        if (status == GAOSOU_OK && high.quoted && at_range_sign(r, r->at))
            status = fail(r, GS_FLAW_QUOTE, item->at);
        if (status != GAOSOU_OK)
            return status;
    }
    item->form = range ? GS_VALUE_RANGE : low.star ? GS_VALUE_PREFIX : GS_VALUE_ONE;
    item->bytes = low.bytes;
    item->size = low.size;
    status = settle(r, item, &low, &high);
    v->count += status == GAOSOU_OK;
    return status;
}

static int compare_keys(const void *a, const void *b)
{
    const struct gs_value_key *x = a, *y = b;
    int order =
        gs_key_compare((struct gs_key){x->bytes, x->size}, (struct gs_key){y->bytes, y->size});
    return order ? order : (x->item > y->item) - (x->item < y->item);
}

static enum gaosou_status read_items(struct reader *r)
{
    enum gaosou_status status;
    for (size_t step;;) {
        status = read_item(r);
        if (status != GAOSOU_OK || r->at >= r->size)
            break;
        (void)char_at(r, r->at, &step); /* the comma */
        r->at += step;
    }
    struct gs_field_values *v = r->out;
    if (status == GAOSOU_OK)
        qsort(v->keys, v->key_count, sizeof(*v->keys), compare_keys);
    return status;
}

/* Items there are at most: one for each comma, quoted ones too, and one more. */
static size_t most_items(const char *value, size_t size)
{
    size_t count = 1;
    for (size_t at = 0; at < size;) {
        struct gs_utf8_char c = gs_utf8_decode((const uint8_t *)value + at, size - at);
        count += c.valid && is_comma(c.code);
        at = c.size ? at + c.size : size;
    }
    return count;
}

enum gaosou_status gs_field_values_read(struct gs_arena *arena, enum gs_value_rule rule,
                                        const char *value, size_t size, struct gs_field_values *out,
                                        struct gs_value_flaw *flaw)
{
    const size_t most = most_items(value, size);
    const size_t spans = most < GS_VALUES_SPANS_MAX ? most : GS_VALUES_SPANS_MAX;
    char *copy = gs_arena_alloc(arena, size + 1);
    *out = (struct gs_field_values){
        .rule = rule,
        .items = gs_arena_alloc(arena, most * sizeof(*out->items)),
        .keys = gs_arena_alloc(arena, (rule == GS_VALUES_CODE ? 2 : 1) * most * sizeof(*out->keys)),
        .spans = gs_arena_alloc(arena, spans * sizeof(*out->spans)),
    };
    if (!copy || !out->items || !out->keys || !out->spans)
        return GAOSOU_E_NOMEM;
    memcpy(copy, value, size);
    copy[size] = '\0';
    struct reader r = {.text = copy, .size = size, .arena = arena, .out = out, .flaw = flaw};
    gs_buf_init(&r.folded, FOLDED_MAX);
    enum gaosou_status status = read_items(&r);
    gs_buf_release(&r.folded);
    return status;
}
