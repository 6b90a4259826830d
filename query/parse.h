/*
 * parse.h: the inside of gs_query_parse, shared by the parse_*.c files and read_as.c. Rules:
 * docs/QUERY.md.
 *
 * A gs_parser lives for one parse. All that goes into the query is taken from the query's own
 * arena; the text is borrowed.
 */
#ifndef GS_QUERY_PARSE_H
#define GS_QUERY_PARSE_H

#include "common/base/arena.h"
#include "common/text/cutter.h"
#include "query/query.h"

struct gs_parser {
    const uint8_t *text;
    size_t size, at; /* bytes */
    struct gs_query *query;
    struct gs_arena *arena; /* of the query */
    size_t leaf_capacity, item_count;
    unsigned depth, group_depth, title_depth, place_depth, near_depth;
    bool chinese;
    const struct gs_synonyms *synonyms; /* NULL: none */
    const struct gs_str *fields;        /* filterable ones */
    size_t field_count;
    bool beside;                /* reads gs_query_params.filters, no query */
    size_t counted_at, counted; /* characters before a byte offset: columns are counted on */
    struct gs_cutter *cutter;
    struct gs_cut_batch batch;
    struct gs_buf piece; /* the text of one run, made ready for the cutter */
    struct gs_err *err;
};

/* ---- parse_scan.c: characters ---- */

#define GS_SCAN_END UINT32_MAX

/* The code point at a byte offset and its size; GS_SCAN_END at the end; U+FFFD of size 1 for a bad
 * byte. */
uint32_t gs_scan_char(const struct gs_parser *p, size_t at, size_t *size);
/* As gs_scan_char, with the twins of operators folded: ( ) " | - : * and U+0020 for white space. */
uint32_t gs_scan_sign(const struct gs_parser *p, size_t at, size_t *size);
bool gs_scan_is_space(uint32_t c);
bool gs_scan_is_digit(uint32_t c); /* ASCII or full-width */
bool gs_scan_is_alnum(uint32_t c); /* ASCII */
bool gs_scan_is_quote(uint32_t c); /* a folded sign that opens or closes a quotation */
void gs_scan_skip_space(struct gs_parser *p);
/* The byte offset of the quote that closes the one at `at`, or SIZE_MAX. *size: bytes of the
 * closing sign. */
size_t gs_scan_quote_end(const struct gs_parser *p, size_t at, size_t *size);
/* The bracket or quote at `at` is glued text and no operator. */
bool gs_scan_is_glued(const struct gs_parser *p, size_t at);
/* Behind a closing quote: a tilde and a digit. */
bool gs_scan_is_distance(const struct gs_parser *p, size_t at);
/* Bytes of the byte-order mark at the start of the text. */
size_t gs_scan_mark(const struct gs_parser *p);
/* The sign at p->at, or GS_SCAN_END; and the same consumed. */
uint32_t gs_scan_here(const struct gs_parser *p);
void gs_scan_take(struct gs_parser *p);
/* A capital keyword standing alone at p->at. */
bool gs_scan_keyword(const struct gs_parser *p, const char *word);
/* The column, in characters from 1, of a byte offset. */
size_t gs_scan_column(const struct gs_parser *p, size_t at);

/* Takes the line ends out that wrap running text (docs/QUERY.md, Wrapped lines): p->text becomes a
 * copy of the arena's. */
enum gaosou_status gs_parse_unwrap(struct gs_parser *p);

/* GAOSOU_E_QUERY with the column of byte offset `at`; the two languages of one message. */
enum gaosou_status gs_parse_fail(struct gs_parser *p, size_t at, const char *english,
                                 const char *chinese);
enum gaosou_status gs_parse_limit(struct gs_parser *p, const char *english, const char *chinese,
                                  size_t limit);
enum gaosou_status gs_parse_nomem(struct gs_parser *p);

/* ---- parse_field.c ---- */

enum gs_query_field { GS_QUERY_FIELD_NONE, GS_QUERY_FIELD_TITLE, GS_QUERY_FIELD_FILTER };
struct gs_field_found {
    enum gs_query_field kind;
    enum gs_filter_field filter; /* GS_QUERY_FIELD_FILTER: which one, */
    const char *name;            /* and its name: static, or of the arena */
};
/* Looks at p->at for a field in operator position; consumes its name and colon. */
GS_MUST_USE enum gaosou_status gs_parse_field(struct gs_parser *p, struct gs_field_found *found);

/* ---- parse_filter.c ---- */

/* The value at p->at, which is consumed, as a filter of the query's and its node. */
GS_MUST_USE enum gaosou_status
gs_parse_filter(struct gs_parser *p, const struct gs_field_found *field, struct gs_node **out);

/* ---- parse_leaf.c: text through the cutter into leaves ---- */

struct gs_piece {
    size_t start, end; /* bytes of the query text */
    bool figures;      /* `，` may be a thousands separator */
    bool prefix;       /* a star stood behind it */
    bool patterns;     /* a run: ? and * inside words are operators */
};
/* Appends a leaf; *index is UINT32_MAX and nothing is appended where the piece has no content. */
GS_MUST_USE enum gaosou_status gs_parse_leaf(struct gs_parser *p, const struct gs_piece *piece,
                                             uint32_t *index);
/* Fills *leaf without appending it; kind GS_LEAF_NOTHING without content. p->batch holds the
 * tokens. */
GS_MUST_USE enum gaosou_status gs_parse_analyse(struct gs_parser *p, const struct gs_piece *piece,
                                                struct gs_leaf *leaf);
GS_MUST_USE enum gaosou_status gs_parse_append_leaf(struct gs_parser *p, const struct gs_leaf *leaf,
                                                    uint32_t *index);
/* A copy in the arena, NUL-ended. NULL without memory. */
char *gs_parse_copy(struct gs_parser *p, const void *bytes, size_t size, const char *suffix);

/* ---- parse_synonyms.c ---- */

typedef enum gaosou_status gs_parse_take_leaf(struct gs_parser *p, const struct gs_leaf *leaf,
                                              void *ctx);
/* Hands on the leaf, or the leaves that it becomes. */
GS_MUST_USE enum gaosou_status gs_parse_synonyms(struct gs_parser *p, const struct gs_leaf *leaf,
                                                 gs_parse_take_leaf *take, void *ctx);

/* ---- parse_pattern.c: ? and * inside words ---- */

/* Where patterns stand in p->piece; they have a 0 for each sign while the piece is cut. */
struct gs_patterns {
    struct gs_buf places; /* of private records */
};
void gs_patterns_init(struct gs_patterns *patterns);
/* Finds those of p->piece and puts the zeros in. */
GS_MUST_USE enum gaosou_status gs_patterns_hide(struct gs_parser *p, struct gs_patterns *patterns);
/* Puts the signs back, and the patterns into the items of the leaf (one a unit of p->batch) that
 * are the words with the zeros. at: byte offset of the run in the query, for messages. */
GS_MUST_USE enum gaosou_status gs_patterns_show(struct gs_parser *p, struct gs_patterns *patterns,
                                                struct gs_leaf *leaf, size_t at);
void gs_patterns_release(struct gs_patterns *patterns);

/* ---- parse_node.c ---- */

/* A leaf node, or an inner one over a copy of children. NULL without memory. */
struct gs_node *gs_parse_leaf_node(struct gs_parser *p, uint32_t leaf);
struct gs_node *gs_parse_node(struct gs_parser *p, enum gs_node_kind kind,
                              struct gs_node *const *children, size_t count);
/* Nodes in the arena, for the children of one to come. */
struct gs_node_list {
    struct gs_node **nodes;
    size_t count, capacity;
};
GS_MUST_USE enum gaosou_status gs_node_list_push(struct gs_parser *p, struct gs_node_list *list,
                                                 struct gs_node *node);
/* NULL adds nothing, a node of this kind its children, another one itself. */
GS_MUST_USE enum gaosou_status gs_node_list_splice(struct gs_parser *p, struct gs_node_list *list,
                                                   enum gs_node_kind kind, struct gs_node *node);
/* A node of this kind over them; the only one itself; NULL for none. */
GS_MUST_USE enum gaosou_status gs_node_list_finish(struct gs_parser *p,
                                                   const struct gs_node_list *list,
                                                   enum gs_node_kind kind, struct gs_node **out);
/* A NOT, or an AND of nothing else. */
bool gs_node_is_exclusion(const struct gs_node *node);
/* Filters and what combines them, without a term. */
bool gs_node_is_filters(const struct gs_node *node);

/* ---- parse_near.c: NEAR, SENTENCE, PARAGRAPH ---- */

/* A group in operator position at p->at is read into *out (NULL without content). */
GS_MUST_USE enum gaosou_status gs_parse_group(struct gs_parser *p, bool *is_group,
                                              struct gs_node **out);
/* The quoted text, with the distance at p->at behind it; the quote stands at byte `quote`. */
GS_MUST_USE enum gaosou_status gs_parse_quoted_near(struct gs_parser *p, size_t quote,
                                                    const struct gs_piece *text,
                                                    struct gs_node **out);
/* An error where an exclusion at byte `at` stands in a NEAR. */
GS_MUST_USE enum gaosou_status gs_parse_check_exclusion(struct gs_parser *p, size_t at);
/* An error where a filter at byte `at` stands in a place. */
GS_MUST_USE enum gaosou_status gs_parse_check_place(struct gs_parser *p, size_t at);
/* Puts the whole query, filters aside, into a place. */
GS_MUST_USE enum gaosou_status gs_parse_within(struct gs_parser *p, enum gs_query_within within,
                                               bool too);

/* ---- parse_tree.c, parse_any.c, read_as.c ---- */

/* The query from p->at to its end, or to the closing bracket of the group it stands in; NULL
 * without content. */
GS_MUST_USE enum gaosou_status gs_parse_all(struct gs_parser *p, struct gs_node **out);
/* Parts with OR between them. */
GS_MUST_USE enum gaosou_status gs_parse_alternatives(struct gs_parser *p, struct gs_node **out);
/* The same as gs_parse_all in brackets, the first of which is at p->at. */
GS_MUST_USE enum gaosou_status gs_parse_brackets(struct gs_parser *p, struct gs_node **out);
/* The leaf of a run or phrase, or an OR of its synonyms; NULL without content. */
GS_MUST_USE enum gaosou_status gs_parse_term(struct gs_parser *p, const struct gs_piece *piece,
                                             struct gs_node **out);
/* One level of brackets or exclusions more; the caller takes it off p->depth. */
GS_MUST_USE enum gaosou_status gs_parse_enter(struct gs_parser *p);

/* Each sets p->query->root. */
GS_MUST_USE enum gaosou_status gs_parse_syntax(struct gs_parser *p);
GS_MUST_USE enum gaosou_status gs_parse_literal(struct gs_parser *p);
GS_MUST_USE enum gaosou_status gs_parse_any(struct gs_parser *p);
/* Sets query->read_as. */
GS_MUST_USE enum gaosou_status gs_read_as(struct gs_parser *p);

#endif
