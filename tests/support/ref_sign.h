/*
 * ref_sign.h: the characters of a query and what they are to docs/QUERY.md; between the files of
 * the reference's query reader.
 */
#ifndef GS_TESTS_REF_SIGN_H
#define GS_TESTS_REF_SIGN_H

#include "tests/support/ref_query.h"

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

/* ---- leaves (ref_leaf.c) ---- */

typedef REF_LIST(uint8_t) ref_bytes;

/* The characters [from, to) as bytes; with figures, full-width thousands separators replaced. */
void ref_text_copy(const struct parser *p, size_t from, size_t to, bool figures, ref_bytes *out);
/* Analyses bytes into a leaf; false (and no items) where there is no content. */
bool ref_leaf_make(struct ref_leaf *leaf, const uint8_t *bytes, size_t size);

#endif
