/* Values of filters on text in the reference's query reader. See ref_sign.h. */
#include "tests/support/ref_fold.h"
#include "tests/support/ref_sign.h"

static bool is_comma(uint32_t cp)
{
    return cp == ',' || cp == 0xFF0C || cp == 0x3001;
}

static void copy_signs(const struct parser *p, size_t from, size_t to, ref_bytes *out)
{
    for (size_t b = p->signs.at[from].at; b < p->signs.at[to].at; b++)
        *REF_PUSH(out) = p->text[b];
}

static bool is_range_at(const struct parser *p, size_t at, size_t to)
{
    return at + 1 < to && sign(p, at) == '.' && sign(p, at + 1) == '.';
}

/* A value from *at to the next comma, range sign (where there may be one) or the end, its quotes
 * taken off. *starred: its last sign is a star outside quotes, and not part of *out. False where
 * anything else stands behind quotes. */
static bool read_operand(const struct parser *p, size_t *at, size_t to, bool ranges, ref_bytes *out,
                         bool *starred)
{
    size_t i = *at, close = i;
    bool quoted = i < to && opens_quote(sign(p, i));
    if (quoted) {
        close = ref_closing_quote(p, i);
        copy_signs(p, i + 1, close, out);
        i = ++close;
    }
    while (i < to && !is_comma(sign(p, i)) && !(ranges && is_range_at(p, i, to)))
        i++;
    *starred = i > close && is_star(sign(p, i - 1));
    copy_signs(p, close, *starred ? i - 1 : i, out);
    *at = i;
    return !quoted || i == close + *starred;
}

static bool is_blank(const ref_bytes *bytes)
{
    ref_bytes folded = {0};
    ref_fold(bytes->at, bytes->count, &folded);
    bool blank = folded.count == 0;
    REF_RELEASE(&folded);
    return blank;
}

static bool read_item(const struct parser *p, size_t *at, size_t to, bool ranges,
                      struct ref_value *v)
{
    if (!read_operand(p, at, to, ranges, &v->from, &v->is_prefix))
        return false;
    if (!ranges || !is_range_at(p, *at, to))
        return true;
    bool starred;
    *at += 2;
    if (!read_operand(p, at, to, false, &v->to, &starred))
        return false;
    v->has_from = v->from.count > 0;
    v->has_to = v->to.count > 0;
    v->is_range = true;
    return (v->has_from || v->has_to) && !v->is_prefix && !starred && !ref_is_backwards(v);
}

static bool read_since(const struct parser *p, size_t from, size_t to, struct ref_filter *filter)
{
    for (size_t i = from; i < to; i++) {
        uint32_t cp = sign(p, i);
        if (!is_any_digit(cp))
            return false;
        filter->since = filter->since * 10 + (cp >= 0xFF10 ? cp - 0xFF10 : cp - '0');
    }
    return to > from && to - from < 18;
}

bool ref_has_ranges(const char *field)
{
    static const char *const without[] = {"name", "company", "type", "exchange", "board",
                                          "id",   "since",   "date", "period"};
    bool ranges = true;
    for (size_t i = 0; i < sizeof(without) / sizeof(without[0]); i++)
        ranges &= strcmp(field, without[i]) != 0;
    return ranges;
}

bool ref_values_read(const struct parser *p, size_t from, size_t to, struct ref_filter *filter)
{
    bool ranges = ref_has_ranges(filter->field);
    if (filter->kind == REF_FILTER_SINCE)
        return read_since(p, from, to, filter);
    for (size_t at = from;; at++) {
        struct ref_value *v = REF_PUSH(&filter->values);
        if (!read_item(p, &at, to, ranges, v))
            return false;
        bool id = filter->kind == REF_FILTER_ID;
        if (!v->is_prefix && !v->is_range && (id ? v->from.count == 0 : is_blank(&v->from)))
            return false;
        if (at == to)
            return true;
    }
}
