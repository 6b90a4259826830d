/*
 * snippet.h: the best fragments of a filing for a query, or all of them.
 *
 * For the best ones (three, unless told) the first GS_SNIPPET_OCCURRENCES_MAX occurrences of a
 * filing are looked at, and at most twice as many places as fragments are wanted are tokenised
 * again. Fragments never overlap, no two have the same text, and they come in the order of the
 * choice: the best first. All of them come in the order of the text, one for each stretch that
 * holds an occurrence, also where another says the same. One gs_snippets per thread; what it gives
 * lives until the next make or free.
 */
#ifndef GS_QUERY_SNIPPET_H
#define GS_QUERY_SNIPPET_H

#include "query/fragment.h"
#include "query/snippet_choose.h"

#define GS_SNIPPET_OCCURRENCES_MAX 65536
#define GS_SNIPPET_FRAGMENTS_MAX   100 /* best ones */

/* Which fragments are made. */
struct gs_snippet_shape {
    size_t count; /* the best ones, up to GS_SNIPPET_FRAGMENTS_MAX; SIZE_MAX: all */
    struct gs_fragment_shape fragment;
};

struct gs_snippets;
GS_MUST_USE enum gaosou_status gs_snippets_create(struct gs_snippets **out);
void gs_snippets_free(struct gs_snippets *s);
/* Drops what was decoded, keeps the memory. */
void gs_snippets_forget(struct gs_snippets *s);

/* Of fragments made from now on; at first the three best of the common shape. */
void gs_snippets_set_shape(struct gs_snippets *s, const struct gs_snippet_shape *shape);

/* occurrences: by position, as gs_search_occurrences gives them; all of them for all fragments.
 * *fragments points at *count fragments; count is 0 where the segment holds no text or no place
 * could be shown. */
GS_MUST_USE enum gaosou_status
gs_snippets_make(struct gs_snippets *s, const struct gs_segment *segment, uint32_t doc,
                 const struct gs_record *record, const struct gs_occurrence *occurrences,
                 size_t occurrence_count, const struct gs_snippet_question *question,
                 const struct gs_fragment **fragments, size_t *count, struct gs_err *err);

/* Appends bytes [from, to) of the content, for headings; through the same reader, so that a block
 * is decoded once. */
GS_MUST_USE enum gaosou_status gs_snippets_read(struct gs_snippets *s,
                                                const struct gs_segment *segment, uint32_t doc,
                                                uint32_t from, uint32_t to, struct gs_buf *out,
                                                struct gs_err *err);

#endif
