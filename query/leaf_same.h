/*
 * leaf_same.h: whether two leaves look for the same: bags of tokens and synonyms. Pure.
 */
#ifndef GS_QUERY_LEAF_SAME_H
#define GS_QUERY_LEAF_SAME_H

#include "query/query.h"

/* Of its items; equal for leaves that are the same. */
uint64_t gs_leaf_hash(const struct gs_leaf *leaf);
/* Item by item; where a leaf stands (title, exclusion, group) makes no difference. */
bool gs_leaf_same(const struct gs_leaf *a, const struct gs_leaf *b);

#endif
