/*
 * ref_synonyms.h: rules of synonyms for the reference, written from docs/QUERY.md (Synonyms): read
 * line by line and searched one after the other. UTF-8 is taken for granted. One thread.
 */
#ifndef GS_TESTS_REF_SYNONYMS_H
#define GS_TESTS_REF_SYNONYMS_H

#include "tests/support/ref_query.h"

typedef REF_LIST(struct ref_leaf) ref_leaves;

struct ref_rule {
    bool is_list; /* without a =>: all terms are on the left */
    ref_leaves left, right;
};

struct ref_synonyms {
    REF_LIST(struct ref_rule) rules;
};

/* Whether the text is rules. *s is zeroed at first; release it in either case. */
bool ref_synonyms_read(struct ref_synonyms *s, const char *text, size_t size);
void ref_synonyms_release(struct ref_synonyms *s);

/* Appends copies of what a leaf becomes to *out; nothing where it stays as it is. */
void ref_synonyms_of(const struct ref_synonyms *s, const struct ref_leaf *leaf, ref_leaves *out);

#endif
