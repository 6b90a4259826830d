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

/* The sign at i of [from, to), with figures a full-width thousands separator replaced. */
static void copy_sign(const struct parser *p, size_t from, size_t to, size_t i, bool figures,
                      ref_bytes *out)
{
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

void ref_text_copy(const struct parser *p, size_t from, size_t to, bool figures, ref_bytes *out)
{
    for (size_t i = from; i < to; i++)
        copy_sign(p, from, to, i, figures, out);
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

/* ---- patterns ---- */

/* A pattern: its place in the bytes that are analysed, and what it describes. */
struct pattern {
    size_t start, end;
    ref_bytes text; /* letters folded, NUL-ended */
};
typedef REF_LIST(struct pattern) pattern_list;

static bool is_pattern_sign(uint32_t cp)
{
    return cp == '?' || is_star(cp);
}

/* The end of the pattern that begins at `at`, or `at` where none does. */
static size_t pattern_end(const struct parser *p, size_t from, size_t to, size_t at)
{
    size_t end = at;
    bool wild = false, inside = at > from && is_ascii_word(sign(p, at - 1));
    for (size_t i = at; i > from && (is_pattern_sign(sign(p, i - 1)) || inside); i--)
        inside |= is_ascii_word(sign(p, i - 1));
    if (inside || !is_ascii_word(sign(p, at)))
        return at;
    for (size_t i = at; i < to && (is_ascii_word(sign(p, i)) || is_pattern_sign(sign(p, i))); i++)
        if (is_ascii_word(sign(p, i)))
            end = i + 1;
    for (size_t i = at; i < end; i++)
        wild |= is_pattern_sign(sign(p, i));
    return wild ? end : at;
}

bool ref_has_pattern(const struct parser *p, size_t from, size_t to)
{
    bool has = false;
    for (size_t i = from; i < to; i++) {
        if (i + 2 < to && sign(p, i) == ':' && sign(p, i + 1) == '/' && sign(p, i + 2) == '/')
            return false;
        has |= pattern_end(p, from, to, i) > i;
    }
    return has;
}

/* The run with a 0 for each sign of its patterns, and where those are. */
static void copy_patterns(const struct parser *p, size_t from, size_t to, ref_bytes *out,
                          pattern_list *patterns)
{
    size_t end = from;
    for (size_t i = from; i < to; i++) {
        if (i >= end && pattern_end(p, from, to, i) > i) {
            end = pattern_end(p, from, to, i);
            REF_PUSH(patterns)->start = out->count;
        }
        if (i >= end) {
            copy_sign(p, from, to, i, true, out);
            continue;
        }
        struct pattern *pattern = &patterns->at[patterns->count - 1];
        uint32_t cp = sign(p, i);
        *REF_PUSH(out) = is_pattern_sign(cp) ? '0' : (uint8_t)cp;
        *REF_PUSH(&pattern->text) = (uint8_t)(is_star(cp)              ? '*'
                                              : cp >= 'A' && cp <= 'Z' ? cp + 32
                                                                       : cp);
        pattern->end = out->count;
    }
}

bool ref_pattern_fits(const char *pattern, const uint8_t *term, size_t size)
{
    if (*pattern == '\0')
        return size == 0;
    uint32_t cp;
    size_t step = size ? ref_decode(term, term + size, &cp) : 0;
    if (*pattern == '*')
        return ref_pattern_fits(pattern + 1, term, size) ||
               (size && ref_pattern_fits(pattern, term + step, size - step));
    if (size == 0)
        return false;
    return (*pattern == '?' || (uint8_t)*pattern == *term) &&
           ref_pattern_fits(pattern + 1, term + step, size - step);
}

/* ---- whole leaves ---- */

/* patterns: each has to be one word by itself; *whole is false where one is not. */
static bool make_leaf(struct ref_leaf *leaf, const uint8_t *bytes, size_t size,
                      const pattern_list *patterns, bool *whole)
{
    struct ref_tokens t = {0};
    size_t found = 0;
    memset(leaf, 0, sizeof(*leaf));
    leaf->multiplicity = 1;
    ref_tokenise(&t, bytes, size, NULL, 0, NULL, 0);
    for (size_t i = 0; i < t.elements.count; i++) {
        size_t before = leaf->items.count;
        add_item(leaf, &t, i);
        for (size_t k = 0; k < patterns->count && leaf->items.count > before; k++) {
            const struct pattern *pattern = &patterns->at[k];
            struct ref_item *item = &leaf->items.at[before];
            if (item->is_han || t.elements.at[i].start != pattern->start ||
                t.elements.at[i].end != pattern->end)
                continue;
            item->is_pattern = true;
            item->pattern = strdup((const char *)pattern->text.at);
            found++;
        }
    }
    ref_tokens_release(&t);
    *whole = found == patterns->count;
    if (leaf->items.count == 0)
        return false;
    finish_leaf(leaf);
    return true;
}

bool ref_leaf_make(struct ref_leaf *leaf, const uint8_t *bytes, size_t size)
{
    const pattern_list none = {0};
    bool whole;
    return make_leaf(leaf, bytes, size, &none, &whole);
}

void ref_leaf_release(struct ref_leaf *leaf)
{
    for (size_t i = 0; i < leaf->items.count; i++)
        free(leaf->items.at[i].pattern);
    REF_RELEASE(&leaf->items);
}

bool ref_leaf_same(const struct ref_leaf *a, const struct ref_leaf *b)
{
    bool same = a->items.count == b->items.count;
    for (size_t i = 0; same && i < a->items.count; i++) {
        const struct ref_item *x = &a->items.at[i], *y = &b->items.at[i];
        same = x->is_han == y->is_han && x->is_prefix == y->is_prefix &&
               x->is_pattern == y->is_pattern && x->offset == y->offset && x->cp == y->cp &&
               x->pair == y->pair && x->beside_word == y->beside_word && x->size == y->size &&
               memcmp(x->word, y->word, x->size) == 0 && !x->is_pattern;
    }
    return same;
}

/* The leaves that the rules make of one, which they take the place of; NULL: it stays. */
static struct ref_node *become_synonyms(struct parser *p, const struct ref_leaf *leaf)
{
    ref_leaves become = {0};
    if (p->rules)
        ref_synonyms_of(p->rules, leaf, &become);
    struct ref_node *any = become.count ? ref_node_new(GS_NODE_OR) : NULL;
    for (size_t i = 0; i < become.count; i++) {
        become.at[i].title_only = p->title;
        *REF_PUSH(&any->children) = ref_node_leaf(p, &become.at[i]);
    }
    REF_RELEASE(&become);
    return any ? ref_node_settle(any) : NULL;
}

static struct ref_node *finish_node(struct parser *p, struct ref_leaf *leaf, bool prefix)
{
    struct ref_item *last = &leaf->items.at[leaf->items.count - 1];
    last->is_prefix = prefix && !(last->is_han && last->in_pair);
    leaf->title_only = p->title;
    struct ref_node *synonyms = become_synonyms(p, leaf);
    if (!synonyms)
        return ref_node_leaf(p, leaf);
    ref_leaf_release(leaf);
    return synonyms;
}

struct ref_node *ref_text_leaf(struct parser *p, size_t from, size_t to, bool figures, bool prefix)
{
    ref_bytes bytes = {0};
    struct ref_leaf leaf;
    ref_text_copy(p, from, to, figures, &bytes);
    bool content = ref_leaf_make(&leaf, bytes.at, bytes.count);
    REF_RELEASE(&bytes);
    return content ? finish_node(p, &leaf, prefix) : NULL;
}

struct ref_node *ref_pattern_leaf(struct parser *p, size_t from, size_t to, bool prefix)
{
    ref_bytes bytes = {0};
    struct ref_leaf leaf;
    pattern_list patterns = {0};
    bool whole;
    copy_patterns(p, from, to, &bytes, &patterns);
    for (size_t i = 0; i < patterns.count; i++)
        *REF_PUSH(&patterns.at[i].text) = '\0';
    bool content = make_leaf(&leaf, bytes.at, bytes.count, &patterns, &whole);
    for (size_t i = 0; i < patterns.count; i++)
        REF_RELEASE(&patterns.at[i].text);
    REF_RELEASE(&patterns);
    REF_RELEASE(&bytes);
    if (!whole)
        p->failed = true;
    return content ? finish_node(p, &leaf, prefix) : NULL;
}
