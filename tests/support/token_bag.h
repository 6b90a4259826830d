/*
 * token_bag.h: the tokens of a text as a multiset, and how far two of them agree.
 */
#ifndef GS_TESTS_TOKEN_BAG_H
#define GS_TESTS_TOKEN_BAG_H

#include "common/base/buf.h"

/* *out becomes the sorted hashes (u64) of the tokens of valid UTF-8, tokens cut as the indexer
 * does, without layout. Ends the test where memory does not suffice. */
void token_bag(const void *text, size_t size, struct gs_buf *out);

/* The same of each line by itself: for lists whose lines stand in another order elsewhere. */
void token_bag_of_lines(const void *text, size_t size, struct gs_buf *out);

/* How many tokens of the one the other lacks; the larger of both ways. */
size_t token_bag_missing(const struct gs_buf *a, const struct gs_buf *b);
/* The tokens that both have, of the larger one's: 1 where they are the same, also where both are
 * empty. */
double token_bag_share(const struct gs_buf *a, const struct gs_buf *b);

#endif
