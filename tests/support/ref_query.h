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

/* A date as it may be known: month and day 0 where they are not; year 0: nothing is. */
struct ref_date {
    uint32_t year, month, day;
};

/* From the first day of `from` to the last of `to`; without one, open on that side. */
struct ref_range {
    struct ref_date from, to;
};

/* GS_FILTER_DATE and GS_FILTER_PERIOD. */
#define REF_DATE_FIELDS 2

struct ref_filter {
    enum gs_filter_field field;
    REF_LIST(struct ref_range) ranges;
};

struct ref_node {
    enum gs_node_kind kind;
    size_t leaf; /* or filter */
    REF_LIST(struct ref_node *) children;
};

struct ref_query {
    struct ref_node *root; /* NULL: matches nothing */
    REF_LIST(struct ref_leaf) leaves;
    REF_LIST(struct ref_filter) filters;
};

/* The value of a filter, signs [from, to); false where it is none (ref_filter.c). */
struct parser;
bool ref_filter_read(const struct parser *p, size_t from, size_t to, struct ref_filter *filter);
/* Whether a date lies within the ranges, day by day. */
enum gs_truth ref_filter_judge(const struct ref_filter *filter, struct ref_date date);

/* GAOSOU_OK or GAOSOU_E_QUERY. *q is zeroed at first; release it in either case. */
enum gaosou_status ref_query_parse(struct ref_query *q, const char *text, size_t size,
                                   enum gs_query_mode mode);
void ref_query_release(struct ref_query *q);

#endif
