/*
 * query.h: a query as typed, read into a tree. The grammar and its reading of pasted lines are in
 * docs/QUERY.md.
 *
 * A gs_query is immutable once parsed and may be searched by several threads. Leaves are the runs,
 * phrases, single characters and prefixes that matches are counted and highlighted by, numbered in
 * query order; in --any they are the distinct tokens of the bag.
 */
#ifndef GS_QUERY_QUERY_H
#define GS_QUERY_QUERY_H

#include "common/base/buf.h"
#include "common/segment/segment.h"
#include "common/text/term.h"
#include "query/filter.h"

/* Caps on outside input; each is named in the error when it bites. */
#define GS_QUERY_BYTES_MAX     ((size_t)1 << 20) /* what the cutter takes in one feed */
#define GS_QUERY_DEPTH_MAX     100
#define GS_QUERY_TERMS_MAX     1024    /* leaves; beyond: GAOSOU_E_LIMIT */
#define GS_QUERY_ITEMS_MAX     16384   /* characters and words of all leaves together */
#define GS_QUERY_FILTERS_MAX   256     /* filters */
#define GS_QUERY_EXPANSION_MAX 65536   /* words a prefix or pattern may expand to in one segment */
#define GS_QUERY_LISTS_MAX     4194304 /* terms looked at for characters, prefixes and patterns */
#define GS_QUERY_POSTINGS_MAX                                                                      \
    (UINT64_C(1) << 27) /* of all characters, prefixes and patterns, without a time limit */
#define GS_QUERY_NEAR_PARTS_MAX 16   /* parts of one NEAR */
#define GS_QUERY_NEAR_MAX       1000 /* positions that may stand between them */
#define GS_QUERY_NEAR_DEFAULT   8    /* NEAR(...) without a number */

enum gs_query_mode {
    GS_QUERY_SYNTAX,  /* PRODUCT.md's language */
    GS_QUERY_LITERAL, /* -F: the text is one phrase, no syntax */
    GS_QUERY_ANY, /* --any: a bag of tokens; only well-formed quotes are syntax; nothing is an error
                   */
};

/* The last three are groups: their leaves must stand together. Groups hold no filters; a NEAR's
 * children are leaves and ORs of leaves. */
enum gs_node_kind {
    GS_NODE_LEAF,
    GS_NODE_AND,
    GS_NODE_OR,
    GS_NODE_NOT,
    GS_NODE_FILTER,
    GS_NODE_NEAR,
    GS_NODE_SENTENCE,
    GS_NODE_PARAGRAPH,
};

enum gs_leaf_kind {
    GS_LEAF_PHRASE,  /* one or more items at fixed distances */
    GS_LEAF_CHAR,    /* one Han-like character anywhere */
    GS_LEAF_PREFIX,  /* a phrase whose last item is a prefix */
    GS_LEAF_NOTHING, /* analysed to no content at all (only punctuation): matches nothing */
};

/* One element of a run at a distance from the run's first. */
struct gs_item {
    bool is_han;
    bool is_prefix;  /* last item of a GS_LEAF_PREFIX */
    bool is_pattern; /* a word with ? (a character) and * (any number of them) in its bytes */
    bool joined;     /* Han: a neighbour of the item before; their bigram is a term of the phrase */
    bool beside_word;     /* Han without Han neighbours, directly beside a word: its unigram has to
                             match */
    uint32_t offset;      /* positions from the first item */
    uint32_t character;   /* Han */
    const uint8_t *bytes; /* words: the normalised term; owned by the query */
    size_t size;
};

struct gs_leaf {
    enum gs_leaf_kind kind;
    bool title_only;       /* title: */
    bool excluded;         /* below a NOT: neither counted, scored nor highlighted */
    bool grouped;          /* in a group: only occurrences that belong to it count */
    uint32_t multiplicity; /* --any: how often the token stands in the question; else 1 */
    struct gs_item *items;
    size_t item_count;
    uint32_t width;         /* positions an occurrence covers */
    const char *synonym_of; /* the text that it stands for, where rules put it in; else NULL */
    char *text; /* as typed, from the first item to the last, a prefix with its '*': the key under
                   "terms"; NUL-ended */
};

struct gs_node {
    enum gs_node_kind kind;
    uint32_t leaf;             /* GS_NODE_LEAF: index in leaves; GS_NODE_FILTER: in filters; a
                                  group that stands in none: its number among those */
    struct gs_node **children; /* AND, OR, NEAR: two or more; NOT, SENTENCE, PARAGRAPH: one; a NOT
                                  stands only under AND */
    size_t child_count;
    uint32_t distance; /* GS_NODE_NEAR: positions between its outer parts at most */
};

/* --any: two tokens that follow each other in a run of the question. */
struct gs_leaf_pair {
    uint32_t first, second; /* leaves */
    uint32_t distance;      /* positions from the start of the first to that of the second: 1 to
                               GS_QUERY_PAIR_MAX */
};
#define GS_QUERY_PAIR_MAX  3
#define GS_QUERY_PAIRS_MAX 1024 /* the first ones of a question are kept */

struct gs_query {
    enum gs_query_mode mode;
    struct gs_node *root;
    struct gs_leaf *leaves; /* in query order; a repeated term is a leaf again */
    size_t leaf_count;
    struct gs_leaf_pair *pairs; /* --any: in the order of the question, with repeats */
    size_t pair_count;
    struct gs_filter *filters; /* in query order; what they match is neither scored nor counted */
    size_t filter_count;
    const char **filter_fields; /* the names of their different fields, in order of appearance */
    size_t filter_field_count;
    size_t group_count; /* groups that stand in none */
    char *read_as; /* how it was read, with its "读作：" or "Read as: " in front, NUL-ended */
    uint64_t fingerprint; /* of how it was read: the tree, its leaves and filters */
    void *memory;         /* private */
};

enum gs_query_within { GS_WITHIN_FILING, GS_WITHIN_SENTENCE, GS_WITHIN_PARAGRAPH };

struct gs_synonyms; /* synonyms.h */

/* How a text is to be read; all borrowed for the call. */
struct gs_query_params {
    enum gs_query_mode mode;
    bool chinese;                /* language of read_as and of messages */
    bool within_too;             /* with within: what matches there and in the filing as a whole */
    enum gs_query_within within; /* of the whole query (--within) */
    const struct gs_str *fields; /* filterable fields of the index beside the fixed ones */
    size_t field_count;
    const struct gs_synonyms *synonyms; /* NULL: none */
    const char *filters;                /* further filters, in the language, all of which must hold;
                                           NULL: none. In every mode, --any included */
    size_t filters_size;
};

/* GAOSOU_E_QUERY with column (in characters from 1), reason and hint; GAOSOU_E_LIMIT. */
GS_MUST_USE enum gaosou_status gs_query_parse(struct gs_query **out, const char *text, size_t size,
                                              const struct gs_query_params *params,
                                              struct gs_err *err);
void gs_query_free(struct gs_query *q);

static inline bool gs_node_is_group(const struct gs_node *node)
{
    return node->kind >= GS_NODE_NEAR;
}

#endif
