#include "tests/support/ref_synonyms.h"

#include "tests/support/ref_sign.h"

/* ---- reading ---- */

/* The place of the first sign from `at` on that parts terms: `,`, `=>`, or `end`. */
static size_t term_end(const struct parser *p, size_t at, size_t end)
{
    while (at < end && sign(p, at) != ',' && !(sign(p, at) == '=' && sign(p, at + 1) == '>'))
        at += sign(p, at) == '\\' ? 2 : 1;
    return at < end ? at : end;
}

/* The term that the signs [from, to) are: a quoted phrase without its escapes. */
static bool read_term(const struct parser *p, size_t from, size_t to, ref_leaves *out)
{
    struct parser term = {.params = p->params};
    ref_bytes text = {0}, figures = {0};
    while (from < to && is_space(sign(p, from)))
        from++;
    while (to > from && is_space(sign(p, to - 1)))
        to--;
    for (; from < to; from++) {
        from += sign(p, from) == '\\' && from + 1 < to;
        for (size_t b = p->signs.at[from].at; b < p->signs.at[from + 1].at; b++)
            *REF_PUSH(&text) = p->text[b];
    }
    read_signs(&term, (const char *)text.at, text.count);
    ref_text_copy(&term, 0, term.signs.count - 1, true, &figures);
    struct ref_leaf leaf;
    bool content = ref_leaf_make(&leaf, figures.at, figures.count);
    if (content)
        *REF_PUSH(out) = leaf;
    REF_RELEASE(&term.signs);
    REF_RELEASE(&text);
    REF_RELEASE(&figures);
    return content;
}

static bool read_rule(const struct parser *p, size_t from, size_t to, struct ref_rule *rule)
{
    ref_leaves *side = &rule->left;
    rule->is_list = true;
    for (;;) {
        size_t end = term_end(p, from, to);
        if (!read_term(p, from, end, side))
            return false;
        if (end == to)
            return true;
        bool arrow = sign(p, end) == '=';
        if (arrow && !rule->is_list)
            return false;
        if (arrow) {
            rule->is_list = false;
            side = &rule->right;
        }
        from = end + (arrow ? 2 : 1);
    }
}

bool ref_synonyms_read(struct ref_synonyms *s, const char *text, size_t size)
{
    struct parser p = {0};
    bool good = true;
    read_signs(&p, text, size);
    for (size_t from = p.at, to; here(&p) != END_SIGN && good; from = p.at = to + 1) {
        for (to = from; sign(&p, to) != '\n' && sign(&p, to) != END_SIGN;)
            to++;
        while (from < to && is_space(sign(&p, from)))
            from++;
        if (from < to && sign(&p, from) != '#') {
            struct ref_rule *rule = REF_PUSH(&s->rules);
            *rule = (struct ref_rule){0};
            good = read_rule(&p, from, to, rule);
        }
    }
    REF_RELEASE(&p.signs);
    return good;
}

static void release_leaves(ref_leaves *leaves)
{
    for (size_t i = 0; i < leaves->count; i++)
        ref_leaf_release(&leaves->at[i]);
    REF_RELEASE(leaves);
}

void ref_synonyms_release(struct ref_synonyms *s)
{
    for (size_t i = 0; i < s->rules.count; i++) {
        release_leaves(&s->rules.at[i].left);
        release_leaves(&s->rules.at[i].right);
    }
    REF_RELEASE(&s->rules);
}

/* ---- looking up ---- */

static bool holds(const ref_leaves *leaves, const struct ref_leaf *leaf)
{
    bool has = false;
    for (size_t i = 0; i < leaves->count; i++)
        has |= ref_leaf_same(&leaves->at[i], leaf);
    return has;
}

/* Each term once. */
static void add(ref_leaves *out, const struct ref_leaf *term)
{
    struct ref_leaf copy = *term;
    if (holds(out, term))
        return;
    memset(&copy.items, 0, sizeof(copy.items));
    for (size_t i = 0; i < term->items.count; i++)
        *REF_PUSH(&copy.items) = term->items.at[i];
    *REF_PUSH(out) = copy;
}

static void add_all(ref_leaves *out, const ref_leaves *terms)
{
    for (size_t i = 0; i < terms->count; i++)
        add(out, &terms->at[i]);
}

void ref_synonyms_of(const struct ref_synonyms *s, const struct ref_leaf *leaf, ref_leaves *out)
{
    for (size_t i = 0; i < s->rules.count; i++) {
        const struct ref_rule *rule = &s->rules.at[i];
        if (!holds(&rule->left, leaf))
            continue;
        if (rule->is_list)
            add(out, leaf); /* itself first */
        add_all(out, rule->is_list ? &rule->left : &rule->right);
    }
}
