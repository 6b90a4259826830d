/*
 * ref_sign.h: the characters of a query and what they are to docs/QUERY.md; between the files of
 * the reference's query reader: ref_query.c (the grammar), ref_node.c, ref_leaf.c (patterns too),
 * ref_near.c, ref_field.c, ref_filter.c (dates), ref_value.c (other filters), ref_bag.c (--any),
 * ref_synonyms.c.
 */
#ifndef GS_TESTS_REF_SIGN_H
#define GS_TESTS_REF_SIGN_H

#include "tests/support/ref_synonyms.h"

/* A character of the query and where its bytes are. */
struct sign {
    uint32_t cp;
    size_t at;
};

struct parser {
    const uint8_t *text;
    REF_LIST(struct sign) signs; /* ends in one sign with cp 0xFFFFFFFF, the end */
    size_t at;
    size_t groups; /* open brackets */
    bool title;
    bool failed;
    struct ref_query *query;
    const struct gs_query_params *params;
    const struct ref_synonyms *rules; /* NULL: none */
};

#define END_SIGN UINT32_MAX

/* ---- signs ---- */

static inline bool one_of(uint32_t cp, const uint32_t *list)
{
    for (; *list; list++)
        if (*list == cp)
            return true;
    return false;
}

static inline bool is_space(uint32_t cp)
{
    static const uint32_t list[] = {0x20,   0x85,   0xA0,   0x1680, 0x2028,
                                    0x2029, 0x202F, 0x205F, 0x3000, 0};
    return (cp >= 9 && cp <= 13) || (cp >= 0x2000 && cp <= 0x200A) || one_of(cp, list);
}

static inline bool is_bar(uint32_t cp)
{
    return cp == '|' || cp == 0xFF5C;
}

static inline bool is_open(uint32_t cp)
{
    return cp == '(' || cp == 0xFF08;
}

static inline bool is_close(uint32_t cp)
{
    return cp == ')' || cp == 0xFF09;
}

static inline bool is_quote_twin(uint32_t cp)
{
    static const uint32_t list[] = {'"', 0x201C, 0x201D, 0xFF02, 0};
    return one_of(cp, list);
}

static inline bool is_quote(uint32_t cp)
{
    static const uint32_t list[] = {0x300C, 0x300D, 0x300E, 0x300F, 0};
    return is_quote_twin(cp) || one_of(cp, list);
}

static inline bool opens_quote(uint32_t cp)
{
    return is_quote_twin(cp) || cp == 0x300C || cp == 0x300E;
}

static inline bool is_dash(uint32_t cp)
{
    return cp == '-' || cp == 0xFF0D;
}

static inline bool is_star(uint32_t cp)
{
    return cp == '*' || cp == 0xFF0A;
}

static inline bool is_colon(uint32_t cp)
{
    return cp == ':' || cp == 0xFF1A;
}

static inline bool is_any_digit(uint32_t cp)
{
    return (cp >= '0' && cp <= '9') || (cp >= 0xFF10 && cp <= 0xFF19);
}

static inline bool is_ascii_letter(uint32_t cp)
{
    return (cp | 0x20) >= 'a' && (cp | 0x20) <= 'z';
}

static inline bool is_ascii_word(uint32_t cp)
{
    return is_ascii_letter(cp) || (cp >= '0' && cp <= '9');
}

/* White space, a bar or the end: what ends a run wherever it stands. */
static inline bool ends_run(uint32_t cp)
{
    return cp == END_SIGN || is_space(cp) || is_bar(cp);
}

static inline uint32_t sign(const struct parser *p, size_t at)
{
    return p->signs.at[at < p->signs.count ? at : p->signs.count - 1].cp;
}

static inline uint32_t here(const struct parser *p)
{
    return sign(p, p->at);
}

static inline void skip_space(struct parser *p)
{
    while (is_space(here(p)))
        p->at++;
}

static inline void read_signs(struct parser *p, const char *text, size_t size)
{
    p->text = (const uint8_t *)text;
    for (size_t at = 0; at < size;) {
        struct sign *s = REF_PUSH(&p->signs);
        s->at = at;
        at += ref_decode(p->text + at, p->text + size, &s->cp);
    }
    *REF_PUSH(&p->signs) = (struct sign){END_SIGN, size};
    if (sign(p, 0) == 0xFEFF)
        p->at = 1;
}

/* ---- nodes (ref_node.c) ---- */

struct ref_node *ref_node_new(enum gs_node_kind kind);
void ref_node_free(struct ref_node *n);
struct ref_node *ref_node_leaf(struct parser *p, const struct ref_leaf *leaf);
/* Puts a child under a node of many; one of the same kind is spliced in. NULL is left out. */
void ref_node_join(struct ref_node *parent, struct ref_node *child);
/* A node with one child is that child, one with none is nothing. */
struct ref_node *ref_node_settle(struct ref_node *n);
/* A NOT, or an AND of nothing else. */
bool ref_node_is_exclusion(const struct ref_node *n);
/* Whether any node below (or this one) is of a kind. */
bool ref_node_has(const struct ref_node *n, enum gs_node_kind kind);
/* Whether it holds filters, and nothing else to look for. */
bool ref_node_is_filters(const struct ref_node *n);
struct ref_node *ref_fail(struct parser *p);

/* ---- leaves (ref_leaf.c) ---- */

void ref_leaf_release(struct ref_leaf *leaf);
/* The characters [from, to) as bytes; with figures, full-width thousands separators replaced. */
void ref_text_copy(const struct parser *p, size_t from, size_t to, bool figures, ref_bytes *out);
/* Whether they have the same items. */
bool ref_leaf_same(const struct ref_leaf *a, const struct ref_leaf *b);
/* Analyses bytes into a leaf; false (and no items) where there is no content. */
bool ref_leaf_make(struct ref_leaf *leaf, const uint8_t *bytes, size_t size);
/* The signs [from, to) as a leaf, or NULL where they have no content. */
struct ref_node *ref_text_leaf(struct parser *p, size_t from, size_t to, bool figures, bool prefix);
/* Whether the run [from, to) holds a pattern. */
bool ref_has_pattern(const struct parser *p, size_t from, size_t to);
/* The same as ref_text_leaf for such a run. */
struct ref_node *ref_pattern_leaf(struct parser *p, size_t from, size_t to, bool prefix);
/* Whether a term is what a pattern describes. */
bool ref_pattern_fits(const char *pattern, const uint8_t *term, size_t size);

/* ---- what the grammar is made of (ref_query.c) ---- */

bool ref_is_keyword(const struct parser *p, const char *word);
/* Whether the sign here is the operator `-`. */
bool ref_is_minus(const struct parser *p);
/* Whether nothing that a term could begin with stands here. */
bool ref_is_missing(const struct parser *p);
struct ref_node *ref_parse_all(struct parser *p);
struct ref_node *ref_parse_value(struct parser *p);
struct ref_node *ref_parse_run(struct parser *p);
/* Whether the bracket here, the quote here that is closed at `close`, is glued text. */
bool ref_is_glued_bracket(const struct parser *p);
bool ref_is_glued_quote(const struct parser *p, size_t close);
/* The place of the closing quote for the opening one at `at`, or SIZE_MAX. */
size_t ref_closing_quote(const struct parser *p, size_t at);
bool ref_is_distance(const struct parser *p, size_t close);

/* ---- groups (ref_near.c) ---- */

/* The group whose name stands here; false where none does. */
bool ref_parse_group_word(struct parser *p, struct ref_node **out);
/* `"..."~n` from the quote here to the digits; close: its closing quote. */
struct ref_node *ref_parse_distance(struct parser *p, size_t close);
/* The whole query put into one place (--within). */
struct ref_node *ref_put_within(struct parser *p, struct ref_node *root);

/* ---- fields and filters (ref_field.c, ref_filter.c, ref_value.c) ---- */

enum ref_field_kind { REF_FIELD_NONE, REF_FIELD_TITLE, REF_FIELD_FILTER, REF_FIELD_ERROR };
/* What stands at a term's start; *size is the number of signs of name and colon, name the field's.
 */
enum ref_field_kind ref_look_at_field(const struct parser *p, size_t *size,
                                      char name[REF_FIELD_NAME_MAX]);
/* The filter whose value begins here. */
struct ref_node *ref_parse_filter(struct parser *p, const char *field);
/* The value of a date filter, signs [from, to); false where it is none. */
bool ref_dates_read(const struct parser *p, size_t from, size_t to, struct ref_filter *filter);
/* Whether the items of a field may be ranges of strings. */
bool ref_has_ranges(const char *field);
/* That of any other. */
bool ref_values_read(const struct parser *p, size_t from, size_t to, struct ref_filter *filter);

/* ---- --any (ref_bag.c) ---- */

void ref_parse_bag(struct parser *p);

#endif
