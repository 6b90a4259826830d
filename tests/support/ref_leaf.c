/* Leaves of the reference's query reader: figures, items, widths. See ref_query.h. */
#include "tests/support/ref_sign.h"

static bool is_figure_separator(uint32_t cp)
{
    return cp == 0xFF0C || cp == ',' || cp == '.';
}

/* digit+ (separator digit+)* around the sign at `at`: its bounds. */
static void figure_chain(const struct parser *p, size_t from, size_t to, size_t at, size_t *start,
                         size_t *end)
{
    size_t a = at, b = at + 1;
    while (a > from && (is_any_digit(sign(p, a - 1)) ||
                        (is_figure_separator(sign(p, a - 1)) && a - 1 > from &&
                         is_any_digit(sign(p, a - 2)) && is_any_digit(sign(p, a)))))
        a--;
    while (b < to && (is_any_digit(sign(p, b)) ||
                      (is_figure_separator(sign(p, b)) && b + 1 < to &&
                       is_any_digit(sign(p, b - 1)) && is_any_digit(sign(p, b + 1)))))
        b++;
    *start = a;
    *end = b;
}

static size_t count_digits(const struct parser *p, size_t at, size_t end)
{
    size_t n = 0;
    while (at + n < end && is_any_digit(sign(p, at + n)))
        n++;
    return n;
}

/* Whether the chain is a figure with thousands separators that cannot be two numbers. */
static bool is_figure(const struct parser *p, size_t at, size_t end)
{
    size_t n = count_digits(p, at, end), groups = 0;
    bool zero = false;
    if (n < 1 || n > 3)
        return false;
    for (at += n; at < end && sign(p, at) != '.'; at += 4) {
        if (count_digits(p, at + 1, end) != 3)
            return false;
        groups++;
        zero |= sign(p, at + 1) == '0' || sign(p, at + 1) == 0xFF10;
    }
    bool decimals = at < end;
    if (decimals && at + 1 + count_digits(p, at + 1, end) != end)
        return false;
    return groups > 0 && (decimals || groups >= 2 || zero);
}

void ref_text_copy(const struct parser *p, size_t from, size_t to, bool figures, ref_bytes *out)
{
    for (size_t i = from; i < to; i++) {
        size_t start, end;
        bool comma = false;
        if (figures && sign(p, i) == 0xFF0C) {
            figure_chain(p, from, to, i, &start, &end);
            comma = is_figure(p, start, end);
        }
        if (comma)
            *REF_PUSH(out) = ',';
        for (size_t b = p->signs.at[i].at; !comma && b < p->signs.at[i + 1].at; b++)
            *REF_PUSH(out) = p->text[b];
    }
}

static const struct ref_element *nearest(const struct ref_tokens *t, size_t at, size_t step)
{
    for (size_t i = at + step; i < t->elements.count; i += step)
        if (t->elements.at[i].kind != REF_ELEMENT_TRANSPARENT)
            return &t->elements.at[i];
    return NULL;
}

static bool is_element(const struct ref_element *e, enum ref_kind kind)
{
    return e && e->kind == kind;
}

static void add_item(struct ref_leaf *leaf, const struct ref_tokens *t, size_t at)
{
    const struct ref_element *e = &t->elements.at[at];
    if (e->kind != REF_ELEMENT_HAN && e->kind != REF_ELEMENT_WORD)
        return;
    const struct ref_element *left = nearest(t, at, SIZE_MAX), *right = nearest(t, at, 1);
    struct ref_item *item = REF_PUSH(&leaf->items);
    item->offset = e->position;
    item->is_han = e->kind == REF_ELEMENT_HAN;
    item->cp = e->cp;
    if (!item->is_han) {
        item->size = ref_word_term(t->bytes.at + e->bytes, e->size, item->word);
        return;
    }
    item->pair = is_element(right, REF_ELEMENT_HAN);
    item->in_pair = item->pair || is_element(left, REF_ELEMENT_HAN);
    item->beside_word = is_element(left, REF_ELEMENT_WORD) || is_element(right, REF_ELEMENT_WORD);
}

static void finish_leaf(struct ref_leaf *leaf)
{
    uint32_t first = leaf->items.at[0].offset;
    for (size_t i = 0; i < leaf->items.count; i++)
        leaf->items.at[i].offset -= first;
    leaf->width = leaf->items.at[leaf->items.count - 1].offset + 1;
}

bool ref_leaf_make(struct ref_leaf *leaf, const uint8_t *bytes, size_t size)
{
    struct ref_tokens t = {0};
    memset(leaf, 0, sizeof(*leaf));
    leaf->multiplicity = 1;
    ref_tokenise(&t, bytes, size, NULL, 0, NULL, 0);
    for (size_t i = 0; i < t.elements.count; i++)
        add_item(leaf, &t, i);
    ref_tokens_release(&t);
    if (leaf->items.count == 0)
        return false;
    finish_leaf(leaf);
    return true;
}
