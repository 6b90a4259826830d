/*
 * nothing_found.h: what is said where no filing matches: the count of each part alone, and what to
 * try.
 */
#ifndef GS_QUERY_NOTHING_FOUND_H
#define GS_QUERY_NOTHING_FOUND_H

#include "query/search.h"

/* Appends lines of text: each leaf with the filings that match it alone; for a leaf that nothing
 * matches the longest piece of it that does occur (of its first GS_PIECE_ATOMS_MAX characters
 * and words); and `--any` where every part occurs somewhere. */
GS_MUST_USE enum gaosou_status gs_nothing_found_explain(struct gs_buf *out,
                                                        struct gs_search *search,
                                                        const struct gs_snapshot *snapshot,
                                                        const struct gs_query *query, bool chinese,
                                                        struct gs_err *err);

#endif
