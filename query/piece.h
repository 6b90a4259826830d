/*
 * piece.h: the longest piece of a text that stands somewhere: in an index where the text as a whole
 * does not, or in one filing. One thread.
 */
#ifndef GS_QUERY_PIECE_H
#define GS_QUERY_PIECE_H

#include "query/search.h"

/* Only the first characters and words of a text are looked at. */
#define GS_PIECE_ATOMS_MAX 64

/* How many filings hold a text as a phrase. */
typedef enum gaosou_status gs_piece_count_fn(void *context, const char *text, size_t size,
                                             bool title_only, uint64_t *total);

/*
 * The longest piece, in characters and words, that something holds and that begins with no
 * punctuation; *total is 0 where not even two of them do, and *piece as it was. Asks at most twice
 * as often as there are characters and words.
 */
GS_MUST_USE enum gaosou_status gs_piece_find(const struct gs_leaf *leaf, gs_piece_count_fn *count,
                                             void *context, struct gs_str *piece, uint64_t *total);

/* The text as the phrase that it is, for such a count: a query of one leaf, or of none where
 * nothing is left of it (leaf_count 0, or its first is GS_LEAF_NOTHING). To be freed. */
GS_MUST_USE enum gaosou_status gs_piece_parse(struct gs_query **out, const char *text, size_t size,
                                              bool title_only, struct gs_err *err);

/* Appends the words of a text, what punctuation parts, with a space between. Their number. */
size_t gs_piece_words(const struct gs_leaf *leaf, struct gs_buf *out);

#endif
