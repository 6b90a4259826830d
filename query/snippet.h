/*
 * snippet.h: the best one to three fragments of a filing for a query.
 *
 * Of a filing the first GS_SNIPPET_OCCURRENCES_MAX occurrences are looked at, and at most
 * GS_SNIPPET_TRIES places are tokenised again. Fragments never overlap, no two have the same text,
 * and they come in the order of the choice: the best first. One gs_snippets per thread; what it
 * gives lives until the next make or free.
 */
#ifndef GS_QUERY_SNIPPET_H
#define GS_QUERY_SNIPPET_H

#include "query/fragment.h"

#define GS_SNIPPET_FRAGMENTS       3
#define GS_SNIPPET_OCCURRENCES_MAX 4096
#define GS_SNIPPET_TRIES           6

struct gs_snippets;
GS_MUST_USE enum gaosou_status gs_snippets_create(struct gs_snippets **out);
void gs_snippets_free(struct gs_snippets *s);
/* Drops what was decoded, keeps the memory. */
void gs_snippets_forget(struct gs_snippets *s);

/* occurrences: by position, as gs_search_occurrences gives them. *fragments points at *count
 * fragments; count is 0 where the segment holds no text or no place could be shown. */
GS_MUST_USE enum gaosou_status
gs_snippets_make(struct gs_snippets *s, const struct gs_segment *segment, uint32_t doc,
                 const struct gs_record *record, const struct gs_occurrence *occurrences,
                 size_t occurrence_count, uint32_t leaf_count, const struct gs_fragment **fragments,
                 size_t *count, struct gs_err *err);

/* Appends bytes [from, to) of the content, for headings; through the same reader, so that a block
 * is decoded once. */
GS_MUST_USE enum gaosou_status gs_snippets_read(struct gs_snippets *s,
                                                const struct gs_segment *segment, uint32_t doc,
                                                uint32_t from, uint32_t to, struct gs_buf *out,
                                                struct gs_err *err);

#endif
