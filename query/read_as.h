/* read_as.h: a part of a query in words, as the whole one is told to people (docs/QUERY.md, How it
 * was read). Pure; what it appends holds what the query holds, and is to be made safe for a
 * terminal. */
#ifndef GS_QUERY_READ_AS_H
#define GS_QUERY_READ_AS_H

#include "query/query.h"

void gs_read_as_node(struct gs_buf *out, const struct gs_query *query, const struct gs_node *node,
                     bool chinese);

#endif
