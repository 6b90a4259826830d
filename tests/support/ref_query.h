/*
 * ref_query.h: a second, small reader of the query language, written from docs/QUERY.md.
 *
 * Gives the tree and the leaves, or the status a query must end with; no messages, no limits but
 * those of a NEAR. One object per thread.
 */
#ifndef GS_TESTS_REF_QUERY_H
#define GS_TESTS_REF_QUERY_H

#include "common/base/err.h"
#include "query/query.h"
#include "tests/support/ref_tokenise.h"

/* One Han character or word of a leaf. */
struct ref_item {
    bool is_han, is_prefix;
    bool is_pattern;  /* word: `?` and `*` are signs, and all else is folded */
    bool pair;        /* Han: its Han neighbour follows as the next item */
    bool in_pair;     /* Han: it has a Han neighbour on either side */
    bool beside_word; /* Han: a word is the nearest thing on either side */
    uint32_t offset;  /* positions from the first item */
    uint32_t cp;
    uint8_t word[GS_WORD_MAX];
    size_t size;
    char *pattern; /* malloc'ed, NUL-ended; NULL: none */
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

typedef REF_LIST(uint8_t) ref_bytes;

/* An item of a filter on text: one value, a prefix, or a range that may be open on a side. */
struct ref_value {
    bool is_prefix, is_range, has_from, has_to;
    ref_bytes from, to; /* as typed, the quotes left out; a value or prefix is `from` */
};

enum ref_filter_kind { REF_FILTER_DATE, REF_FILTER_TEXT, REF_FILTER_ID, REF_FILTER_SINCE };

#define REF_FIELD_NAME_MAX 64
struct ref_filter {
    enum ref_filter_kind kind;
    char field[REF_FIELD_NAME_MAX]; /* its name as the index knows it */
    REF_LIST(struct ref_range) ranges;
    REF_LIST(struct ref_value) values;
    uint64_t since;
};

struct ref_node {
    enum gs_node_kind kind;
    size_t leaf;       /* or filter */
    uint32_t distance; /* of a NEAR */
    REF_LIST(struct ref_node *) children;
};

/* Two tokens of a question that follow each other in a run (docs/RANKING.md). */
struct ref_pair {
    size_t first, second; /* leaves */
    uint32_t distance;
};

struct ref_query {
    struct ref_node *root; /* NULL: matches nothing */
    REF_LIST(struct ref_leaf) leaves;
    REF_LIST(struct ref_filter) filters;
    bool is_bag;                     /* --any */
    REF_LIST(struct ref_pair) pairs; /* of a bag */
};

/* GAOSOU_OK, GAOSOU_E_QUERY or (a limit of NEAR) GAOSOU_E_LIMIT. Of params mode, within, fields and
 * filters are read. *q is zeroed at first; release it in either case. */
enum gaosou_status ref_query_parse(struct ref_query *q, const char *text, size_t size,
                                   const struct gs_query_params *params);
/* The same with rules of synonyms; params->synonyms is not looked at. */
struct ref_synonyms;
enum gaosou_status ref_query_parse_with(struct ref_query *q, const char *text, size_t size,
                                        const struct gs_query_params *params,
                                        const struct ref_synonyms *rules);
void ref_query_release(struct ref_query *q);

#endif
