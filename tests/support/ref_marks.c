#include "tests/support/ref_marks.h"

#include "tests/support/ref_sign.h"

/* One normalised character. */
struct mark_unit {
    uint32_t cp;
    bool is_han, covered;
    bool behind_point; /* a decimal point of its word stands before it */
    size_t element;
    uint32_t start, end; /* of its element, bytes */
};
struct marked {
    REF_LIST(struct mark_unit) units;
    bool open_end;
};

static void add_unit(struct marked *m, const struct ref_tokens *t, size_t element, uint32_t cp)
{
    const struct ref_element *e = &t->elements.at[element];
    *REF_PUSH(&m->units) = (struct mark_unit){.cp = cp,
                                              .is_han = e->kind == REF_ELEMENT_HAN,
                                              .element = element,
                                              .start = e->start,
                                              .end = e->end};
}

static bool is_separator(uint32_t cp)
{
    return cp == '.' || cp == ',';
}

/* Han characters and those of words; what separates the digits of a figure does not count, since
 * the marked text by itself may be read as another figure. */
static void read_units(struct marked *m, const uint8_t *text, size_t size)
{
    struct ref_tokens t = {0};
    ref_tokenise(&t, text, size, NULL, 0, NULL, 0);
    for (size_t i = 0; i < t.elements.count; i++) {
        const struct ref_element *e = &t.elements.at[i];
        if (e->kind == REF_ELEMENT_HAN)
            add_unit(m, &t, i, e->cp);
        if (e->kind != REF_ELEMENT_WORD)
            continue;
        const uint8_t *word = t.bytes.at + e->bytes;
        uint32_t before = 0, cp;
        for (size_t b = 0; b < e->size; before = cp) {
            b += ref_decode(word + b, word + e->size, &cp);
            if (is_separator(cp))
                continue;
            add_unit(m, &t, i, cp);
            m->units.at[m->units.count - 1].behind_point = before == '.';
        }
    }
    ref_tokens_release(&t);
}

static bool is_at_end(const struct marked *m, size_t at)
{
    return at == m->units.count;
}

/* Behind the word that the unit at `at` is of. */
static size_t word_end(const struct marked *m, size_t at)
{
    size_t end = at;
    while (!is_at_end(m, end) && !m->units.at[end].is_han &&
           m->units.at[end].element == m->units.at[at].element)
        end++;
    return end;
}

/* The longest stretch of the word here that the pattern describes; 0: none. */
static size_t pattern_end(const struct marked *m, const struct ref_item *item, size_t at)
{
    char pattern[2048];
    ref_bytes word = {0};
    size_t best = 0;
    snprintf(pattern, sizeof(pattern), "%s%s", item->pattern, item->is_prefix ? "*" : "");
    for (size_t i = at; i < word_end(m, at); i++) {
        uint8_t bytes[4];
        if (m->units.at[i].behind_point)
            *REF_PUSH(&word) = '.';
        for (size_t b = 0, n = ref_encode(m->units.at[i].cp, bytes); b < n; b++)
            *REF_PUSH(&word) = bytes[b];
        if (ref_pattern_fits(pattern, word.at, word.count))
            best = i + 1;
    }
    REF_RELEASE(&word);
    return best;
}

/* Where the item that begins here ends; 0: it does not stand here. */
static size_t item_end(const struct marked *m, const struct ref_item *item, size_t at)
{
    const struct mark_unit *units = m->units.at;
    if (is_at_end(m, at))
        return 0;
    if (item->is_han)
        return units[at].is_han && units[at].cp == item->cp ? at + 1 : 0;
    if (item->is_pattern)
        return pattern_end(m, item, at);
    size_t i = at;
    for (size_t b = 0; b < item->size;) {
        uint32_t cp;
        b += ref_decode(item->word + b, item->word + item->size, &cp);
        if (is_separator(cp))
            continue;
        if (is_at_end(m, i) && m->open_end)
            return i;
        if (is_at_end(m, i) || units[i].is_han || units[i].cp != cp)
            return 0;
        i++;
    }
    return item->is_prefix && i > at ? word_end(m, i - 1) : i;
}

/* Where the leaf's items from the k-th on end, if they stand here; 0: they do not. */
static size_t items_end(const struct marked *m, const struct ref_leaf *leaf, size_t k, size_t at)
{
    if (k == leaf->items.count || (is_at_end(m, at) && m->open_end))
        return at;
    const struct ref_item *item = &leaf->items.at[k];
    size_t end = item_end(m, item, at), best = end ? items_end(m, leaf, k + 1, end) : 0;
    bool gap = k > 0 && item->offset - leaf->items.at[k - 1].offset > 1;
    if (!gap || is_at_end(m, at))
        return best;
    size_t behind = m->units.at[at].is_han ? at + 1 : word_end(m, at); /* anything stands there */
    end = item_end(m, item, behind);
    end = end ? items_end(m, leaf, k + 1, end) : 0;
    return end > best ? end : best;
}

static void cover(struct marked *m, const struct ref_leaf *leaf, bool open_start)
{
    for (size_t at = 0; at < m->units.count; at++)
        for (size_t k = 0; k < (open_start && at == 0 ? leaf->items.count : 1); k++) {
            size_t end = items_end(m, leaf, k, at);
            for (size_t i = at; i < end; i++)
                m->units.at[i].covered = true;
        }
}

/* A character that expands to several is marked with any of them. */
static bool is_covered(const struct marked *m, size_t at)
{
    const struct mark_unit *u = &m->units.at[at];
    for (size_t i = 0; i < m->units.count; i++)
        if (m->units.at[i].covered && m->units.at[i].start < u->end &&
            u->start < m->units.at[i].end)
            return true;
    return false;
}

bool ref_marks_fit(const struct ref_query *q, const uint8_t *text, size_t size, bool open_start,
                   bool open_end)
{
    struct marked m = {.open_end = open_end};
    read_units(&m, text, size);
    bool fit = m.units.count > 0;
    for (size_t i = 0; i < q->leaves.count; i++)
        if (!q->leaves.at[i].below_not)
            cover(&m, &q->leaves.at[i], open_start);
    for (size_t i = 0; i < m.units.count && fit; i++)
        fit = is_covered(&m, i);
    REF_RELEASE(&m.units);
    return fit;
}
