/*
 * query_tree.h: trees of queries as text, to be compared.
 *
 * A tree prints as &(…) for AND, |(…) for OR, !… for NOT; a leaf as its items: Han characters in a
 * row are neighbours, @3 in front of what stands 3 positions behind the first item without a
 * neighbour before it, ~ behind a character that a word stands beside, * behind a prefix, t: before
 * a title's, x2 behind what stands twice. A pattern stands as it is. Groups print as N8(…), S(…)
 * and P(…).
 */
#ifndef GS_TESTS_QUERY_TREE_H
#define GS_TESTS_QUERY_TREE_H

#include "query/query.h"

/* Ends the test where the text is not read as the tree wanted. */
void query_tree_check(const char *text, enum gs_query_mode mode, const char *wanted);
void query_tree_check_params(const char *text, const struct gs_query_params *params,
                             const char *wanted);

#endif
