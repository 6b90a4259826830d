/*
 * snippet_choose.h: which occurrence of a filing the next fragment is to be cut around. Positions
 * only; no text.
 *
 * A candidate is an occurrence with the sentence it stands in and what whole sentences follow
 * within a fragment's length (or, in a longer sentence, that many positions). The best one shows
 * most leaves that no fragment shows yet, then most leaves, then stands outside the title (which is
 * shown anyway), then has most occurrences, then stands first. One thread.
 */
#ifndef GS_QUERY_SNIPPET_CHOOSE_H
#define GS_QUERY_SNIPPET_CHOOSE_H

#include "query/search.h"

struct gs_snippet_choice {
    const struct gs_occurrence *occurrences; /* by position; borrowed */
    size_t occurrence_count;
    const uint32_t *ends; /* positions of sentence ends, ascending; borrowed; may be none */
    size_t end_count;
    uint64_t title_from, title_to; /* positions of the title */
    uint32_t leaf_count;
    uint32_t *leaf_in; /* leaf_count: occurrences of the leaf in the window; private */
    bool *leaf_shown;  /* leaf_count: a fragment shows it */
    bool *shown;       /* occurrence_count: a fragment shows it, or none can */
    size_t leaf_capacity, shown_capacity;
};

void gs_snippet_choice_init(struct gs_snippet_choice *c);
void gs_snippet_choice_release(struct gs_snippet_choice *c);

/* Begins with a filing: nothing is shown yet. The fields that are borrowed and leaf_count have been
 * set. GAOSOU_E_NOMEM. */
GS_MUST_USE enum gaosou_status gs_snippet_choice_begin(struct gs_snippet_choice *c);

/* The best occurrence that is not shown yet; false where there is none. */
bool gs_snippet_choice_next(struct gs_snippet_choice *c, size_t *anchor);

/* Positions [first, end) are shown by a fragment now. */
void gs_snippet_choice_show(struct gs_snippet_choice *c, uint32_t first, uint32_t end);

#endif
