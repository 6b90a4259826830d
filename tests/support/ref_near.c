/* NEAR, SENTENCE, PARAGRAPH and --within in the reference's query reader. See ref_sign.h. */
#include "tests/support/ref_sign.h"

#define NEAR_PARTS_MAX 16
#define NEAR_MAX       1000
#define NEAR_DEFAULT   8

/* The signs of a word from `at` on: its length, or 0. */
static size_t word_at(const struct parser *p, size_t at, const char *word)
{
    size_t n = 0;
    while (word[n] && sign(p, at + n) == (uint32_t)(unsigned char)word[n])
        n++;
    return word[n] ? 0 : n;
}

/* The number at *at, which moves behind it; beyond the limit it only stays beyond it. */
static uint32_t read_number(const struct parser *p, size_t *at)
{
    uint32_t n = 0;
    for (; is_any_digit(sign(p, *at)); ++*at) {
        uint32_t cp = sign(p, *at);
        n = n > NEAR_MAX ? n : n * 10 + (cp >= 0xFF10 ? cp - 0xFF10 : cp - '0');
    }
    return n;
}

/* What has been gathered as a NEAR: its parts and its distance within the limits. */
static struct ref_node *finish_near(struct parser *p, struct ref_node *near, uint32_t distance)
{
    near->distance = distance;
    if (near->children.count < 2 || near->children.count > NEAR_PARTS_MAX || distance > NEAR_MAX)
        p->failed = true;
    return near;
}

static struct ref_node *near_part(struct parser *p);

static struct ref_node *near_group(struct parser *p)
{
    p->at++;
    p->groups++;
    skip_space(p);
    struct ref_node *n = is_close(here(p)) ? NULL : near_part(p);
    skip_space(p);
    p->groups--;
    if (!is_close(here(p)))
        p->failed = true;
    p->at++;
    return n;
}

/* A quoted phrase with a distance is a NEAR, and stands in no other. */
static bool is_inner_near(const struct parser *p)
{
    size_t close = opens_quote(here(p)) ? ref_closing_quote(p, p->at) : SIZE_MAX;
    return close != SIZE_MAX && ref_is_distance(p, close);
}

static struct ref_node *near_value(struct parser *p)
{
    if (is_inner_near(p))
        return ref_fail(p);
    if (is_open(here(p)) && !ref_is_glued_bracket(p))
        return near_group(p);
    return ref_parse_value(p);
}

static struct ref_node *near_any(struct parser *p)
{
    char name[REF_FIELD_NAME_MAX];
    size_t size;
    struct ref_node *group = NULL;
    if (ref_is_keyword(p, "NOT") || ref_is_keyword(p, "AND") || ref_is_keyword(p, "OR") ||
        ref_is_minus(p))
        return ref_fail(p);
    if (ref_parse_group_word(p, &group)) {
        ref_node_free(group);
        return ref_fail(p);
    }
    enum ref_field_kind field = ref_look_at_field(p, &size, name);
    if (field == REF_FIELD_NONE)
        return near_value(p);
    if (field != REF_FIELD_TITLE)
        return ref_fail(p);
    p->at += size;
    if (is_bar(here(p)) || is_close(here(p)))
        return ref_fail(p);
    bool outer = p->title;
    p->title = true;
    struct ref_node *n = near_value(p);
    p->title = outer;
    return n;
}

static struct ref_node *near_part(struct parser *p)
{
    struct ref_node *n = ref_node_new(GS_NODE_OR);
    for (;;) {
        if (ref_is_missing(p))
            p->failed = true;
        ref_node_join(n, p->failed ? NULL : near_any(p));
        size_t back = p->at;
        skip_space(p);
        bool bar = is_bar(here(p));
        if (p->failed || (!bar && !ref_is_keyword(p, "OR"))) {
            p->at = back;
            break;
        }
        p->at += bar ? 1 : 2;
        skip_space(p);
    }
    return ref_node_settle(n);
}

/* Behind the opening bracket. */
static struct ref_node *parse_near(struct parser *p, uint32_t distance)
{
    struct ref_node *near = ref_node_new(GS_NODE_NEAR);
    p->groups++;
    while (!p->failed) {
        skip_space(p);
        if (here(p) == END_SIGN || is_close(here(p)))
            break;
        struct ref_node *part = near_part(p);
        if (part)
            *REF_PUSH(&near->children) = part;
    }
    p->groups--;
    if (!is_close(here(p)))
        p->failed = true;
    p->at++;
    return finish_near(p, near, distance);
}

/* Behind the opening bracket. */
static struct ref_node *parse_place(struct parser *p, enum gs_node_kind kind)
{
    p->groups++;
    struct ref_node *inside = ref_parse_all(p);
    p->groups--;
    if (!is_close(here(p)))
        p->failed = true;
    p->at++;
    if (!inside)
        return NULL;
    if (ref_node_is_exclusion(inside) || ref_node_has(inside, GS_NODE_FILTER))
        p->failed = true;
    struct ref_node *n = ref_node_new(kind);
    *REF_PUSH(&n->children) = inside;
    return n;
}

bool ref_parse_group_word(struct parser *p, struct ref_node **out)
{
    uint32_t distance = NEAR_DEFAULT;
    size_t near = word_at(p, p->at, "NEAR"), sentence = word_at(p, p->at, "SENTENCE"),
           paragraph = word_at(p, p->at, "PARAGRAPH");
    size_t at = p->at + near + sentence + paragraph;
    if (at == p->at)
        return false;
    if (near && sign(p, at) == '/' && is_any_digit(sign(p, at + 1))) {
        at++;
        distance = read_number(p, &at);
    }
    if (!is_open(sign(p, at)))
        return false;
    p->at = at + 1;
    *out = near ? parse_near(p, distance)
                : parse_place(p, sentence ? GS_NODE_SENTENCE : GS_NODE_PARAGRAPH);
    return true;
}

struct ref_node *ref_parse_distance(struct parser *p, size_t close)
{
    struct ref_node *near = ref_node_new(GS_NODE_NEAR);
    for (size_t at = p->at + 1, end; at < close; at = end + 1) {
        for (end = at; end < close && !is_space(sign(p, end));)
            end++;
        struct ref_node *part = ref_text_leaf(p, at, end, true, false);
        if (part)
            *REF_PUSH(&near->children) = part;
    }
    p->at = close + 2;
    return finish_near(p, near, read_number(p, &p->at));
}

struct ref_node *ref_put_within(struct parser *p, struct ref_node *root)
{
    struct ref_node *all = ref_node_new(GS_NODE_AND), *inside = ref_node_new(GS_NODE_AND);
    struct ref_node *parts = ref_node_new(GS_NODE_AND);
    ref_node_join(parts, root);
    for (size_t i = 0; i < parts->children.count; i++) {
        struct ref_node *part = parts->children.at[i];
        bool outside = ref_node_is_filters(part);
        *REF_PUSH(outside ? &all->children : &inside->children) = part;
        if (!outside && ref_node_has(part, GS_NODE_FILTER))
            p->failed = true;
    }
    REF_CLEAR(&parts->children);
    ref_node_free(parts);
    inside = ref_node_settle(inside);
    if (inside) {
        if (ref_node_is_exclusion(inside))
            p->failed = true;
        struct ref_node *place = ref_node_new(
            p->params->within == GS_WITHIN_SENTENCE ? GS_NODE_SENTENCE : GS_NODE_PARAGRAPH);
        *REF_PUSH(&place->children) = inside;
        /* it stands before the filters */
        REF_PUSH(&all->children);
        for (size_t i = all->children.count - 1; i > 0; i--)
            all->children.at[i] = all->children.at[i - 1];
        all->children.at[0] = place;
    }
    return ref_node_settle(all);
}
