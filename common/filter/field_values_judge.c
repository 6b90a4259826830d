#include "common/filter/decimal.h"
#include "common/filter/exchange_names.h"
#include "common/filter/field_values_internal.h"
#include "common/filter/filing_kinds.h"
#include "common/text/fold.h"

#include <string.h>

#define PART_SEPARATOR 0x1F

/* ---- keys ---- */

int gs_key_compare(struct gs_key a, struct gs_key b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common ? memcmp(a.bytes, b.bytes, common) : 0;
    return order ? order : (a.size > b.size) - (a.size < b.size);
}

bool gs_key_begins(struct gs_key text, struct gs_key front)
{
    return front.size <= text.size &&
           (front.size == 0 || memcmp(text.bytes, front.bytes, front.size) == 0);
}

struct gs_key gs_value_folded(enum gs_value_rule rule, const char *bytes, size_t size,
                              struct gs_buf *out)
{
    if (rule == GS_VALUES_BYTES)
        return (struct gs_key){bytes, size};
    size_t from = out->size;
    gs_fold_append(out, bytes, size);
    return (struct gs_key){out->size > from ? (const char *)out->data + from : "",
                           out->size - from};
}

static struct gs_key key_of(const char *name)
{
    return (struct gs_key){name, strlen(name)};
}

struct gs_key gs_value_settled(enum gs_value_rule rule, struct gs_key folded, bool *named)
{
    *named = false;
    if (rule == GS_VALUES_KIND) {
        const struct gs_filing_kind *kind = gs_filing_kind_find(folded.bytes, folded.size);
        *named = kind != NULL;
        return kind ? key_of(kind->name) : folded;
    }
    if (rule == GS_VALUES_EXCHANGE) {
        const char *exchange = gs_exchange_find(folded.bytes, folded.size);
        *named = exchange != NULL;
        return exchange ? key_of(exchange) : folded;
    }
    size_t zeros = rule == GS_VALUES_CODE ? gs_code_idle_zeros(folded.bytes, folded.size) : 0;
    return (struct gs_key){folded.bytes + zeros, folded.size - zeros};
}

/* ---- one part of a stored value ---- */

struct part {
    struct gs_key folded, settled;
    enum gs_code_exchange exchange;
};

static struct part make_part(enum gs_value_rule rule, const char *bytes, size_t size,
                             struct gs_buf *scratch)
{
    struct part p = {.exchange = GS_CODE_OTHER};
    bool named;
    gs_buf_clear(scratch);
    p.folded = gs_value_folded(rule, bytes, size, scratch);
    p.settled = gs_value_settled(rule, p.folded, &named);
    if (rule != GS_VALUES_CODE)
        return p;
    struct gs_key bare = p.folded; /* stored with its exchange: that code of that exchange */
    p.exchange = gs_code_exchange_named(bare.bytes, bare.size, &bare.size);
    if (p.exchange != GS_CODE_OTHER)
        p.settled = gs_value_settled(rule, bare, &named);
    else
        p.exchange = gs_code_exchange_by_form(bare.bytes, bare.size);
    return p;
}

static bool range_holds(const struct gs_value_item *item, struct gs_key folded)
{
    struct gs_key low = {item->key, item->key_size}, high = {item->upper, item->upper_size};
    if (item->numeric) {
        return gs_decimal_is(folded.bytes, folded.size) &&
               (!item->has_lower ||
                gs_decimal_compare(low.bytes, low.size, folded.bytes, folded.size) <= 0) &&
               (!item->has_upper ||
                gs_decimal_compare(folded.bytes, folded.size, high.bytes, high.size) <= 0);
    }
    return (!item->has_lower || gs_key_compare(low, folded) <= 0) &&
           (!item->has_upper || gs_key_compare(folded, high) <= 0 || gs_key_begins(folded, high));
}

static bool span_holds(const struct gs_value_item *item, struct gs_key folded)
{
    if (item->form == GS_VALUE_RANGE)
        return range_holds(item, folded);
    return gs_key_begins(folded, (struct gs_key){item->key, item->key_size});
}

static bool key_holds(const struct gs_value_key *key, const struct part *p)
{
    return key->exchange == GS_CODE_OTHER || key->exchange == p->exchange;
}

static size_t first_key(const struct gs_field_values *v, struct gs_key key)
{
    size_t low = 0, high = v->key_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        struct gs_key at = {v->keys[middle].bytes, v->keys[middle].size};
        if (gs_key_compare(at, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Whether the part matches one of the items; of `item` alone where that is not SIZE_MAX. */
static bool part_holds(const struct gs_field_values *v, size_t item, const struct part *p)
{
    for (size_t i = first_key(v, p->settled); i < v->key_count; i++) {
        const struct gs_value_key *key = &v->keys[i];
        if (key->size != p->settled.size || memcmp(key->bytes, p->settled.bytes, key->size) != 0)
            break;
        if ((item == SIZE_MAX || key->item == item) && key_holds(key, p))
            return true;
    }
    for (size_t i = 0; i < v->span_count; i++) {
        if ((item == SIZE_MAX || v->spans[i] == item) &&
            span_holds(&v->items[v->spans[i]], p->folded))
            return true;
    }
    return false;
}

/* ---- stored values ---- */

enum gaosou_status gs_field_item_judge(const struct gs_field_values *values, size_t item,
                                       const char *stored, size_t size, struct gs_buf *scratch,
                                       enum gs_truth *truth)
{
    enum gs_truth found = size ? GS_TRUTH_NO : GS_TRUTH_UNKNOWN;
    for (size_t at = 0; at < size && found == GS_TRUTH_NO;) {
        const char *end =
            values->rule == GS_VALUES_BYTES ? NULL : memchr(stored + at, PART_SEPARATOR, size - at);
        size_t part_size = end ? (size_t)(end - stored) - at : size - at;
        struct part p = make_part(values->rule, stored + at, part_size, scratch);
        if (gs_buf_status(scratch) != GAOSOU_OK)
            return gs_buf_status(scratch);
        if (part_size > 0 && part_holds(values, item, &p))
            found = GS_TRUTH_YES;
        at += part_size + 1;
    }
    *truth = found;
    return GAOSOU_OK;
}

enum gaosou_status gs_field_values_judge(const struct gs_field_values *values, const char *stored,
                                         size_t size, struct gs_buf *scratch, enum gs_truth *truth)
{
    return gs_field_item_judge(values, SIZE_MAX, stored, size, scratch, truth);
}
