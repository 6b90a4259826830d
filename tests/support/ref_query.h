/*
 * ref_query.h: a second, small reader of the query language, written from docs/QUERY.md.
 *
 * Gives the tree and the leaves, or the status a query must end with; no messages, no limits but
 * those that keep it from recursing without end. One object per thread.
 */
#ifndef GS_TESTS_REF_QUERY_H
#define GS_TESTS_REF_QUERY_H

#include "common/base/err.h"
#include "query/query.h"
#include "tests/support/ref_tokenise.h"

/* One Han character or word of a leaf. */
struct ref_item {
    bool is_han, is_prefix;
    bool pair;        /* Han: its Han neighbour follows as the next item */
    bool in_pair;     /* Han: it has a Han neighbour on either side */
    bool beside_word; /* Han: a word is the nearest thing on either side */
    uint32_t offset;  /* positions from the first item */
    uint32_t cp;
    uint8_t word[GS_WORD_MAX];
    size_t size;
};

struct ref_leaf {
    REF_LIST(struct ref_item) items;
    uint32_t width, multiplicity;
    bool title_only;
    bool below_not;
};

struct ref_node {
    enum gs_node_kind kind;
    size_t leaf;
    REF_LIST(struct ref_node *) children;
};

struct ref_query {
    struct ref_node *root; /* NULL: matches nothing */
    REF_LIST(struct ref_leaf) leaves;
};

/* GAOSOU_OK or GAOSOU_E_QUERY. *q is zeroed at first; release it in either case. */
enum gaosou_status ref_query_parse(struct ref_query *q, const char *text, size_t size,
                                   enum gs_query_mode mode);
void ref_query_release(struct ref_query *q);

#endif
