/*
 * snippet_choose.h: which occurrence of a filing the next fragment is to be cut around. Positions
 * only; no text.
 *
 * A candidate is an occurrence with the sentence it stands in and what whole sentences follow
 * within a fragment's length (or, in a longer sentence, that many positions). It is worth the sum
 * of its parts, each once: of the leaves in it, and of the pairs of the question that begin in it,
 * half of their lesser leaf. Parts that a fragment shows already count half in a bag of words, and
 * next to nothing elsewhere. Of equal ones the best has most occurrences, then stands first.
 *
 * A leaf is worth weight * ln(1 + room / tf)^2, with tf its occurrences in the filing and
 * room the fragments that the filing has room for, and a tenth of that if the title has it: what
 * leads to the filing, like the name of its company, stands everywhere in it and answers nothing.
 * Where it is no bag this decides between candidates with equally many leaves only. The factors are
 * by measurement (benchmarks/README.md, Passages). The title, which is shown anyway, is no
 * candidate while anything else is. One thread.
 */
#ifndef GS_QUERY_SNIPPET_CHOOSE_H
#define GS_QUERY_SNIPPET_CHOOSE_H

#include "query/search.h"

/* What is asked for; all borrowed. */
struct gs_snippet_question {
    const double *weights; /* leaf_count (gs_search_passage_weights); 0: next to nothing */
    uint32_t leaf_count;
    const struct gs_leaf_pair *pairs; /* of leaves below leaf_count */
    size_t pair_count;
    bool is_bag;
};

/* What follows from an occurrence alone. */
struct gs_snippet_place {
    uint64_t end;    /* the position behind its candidate */
    uint32_t part;   /* the pair that begins at it, as a part; UINT32_MAX: none */
    bool is_heading; /* its sentence is one */
};

/* Parts are the leaves, then the pairs. */
struct gs_snippet_part {
    uint64_t worth; /* at least 1 */
    uint32_t count; /* in the window, or (pairs, leaves) in the filing while worth is found */
    uint32_t next;  /* pairs with the same first leaf; of a leaf: the first of them; UINT32_MAX */
    bool titled;    /* a leaf that the title has */
    bool shown;     /* a fragment shows it */
};

struct gs_snippet_choice {
    const struct gs_snippet_question *question;
    const struct gs_occurrence *occurrences; /* by position; borrowed */
    size_t occurrence_count;
    const uint32_t *ends; /* positions of sentence ends, ascending; borrowed; may be none */
    size_t end_count;
    const uint32_t *headings; /* those that end headings; borrowed; may be none */
    size_t heading_count;
    uint64_t title_from, title_to; /* positions of the title */

    /* private */
    struct gs_snippet_part *parts;
    struct gs_snippet_place *places; /* occurrence_count, as the next two */
    bool *shown;                     /* a fragment shows it, or none can */
    bool *tried;                     /* it is no candidate for the next fragment */
    size_t part_count, part_capacity, capacity;
};

void gs_snippet_choice_init(struct gs_snippet_choice *c);
void gs_snippet_choice_release(struct gs_snippet_choice *c);

/* Begins with a filing: nothing is shown yet. The fields that are borrowed and the title have been
 * set; with_title: it is a candidate as all else. GAOSOU_E_NOMEM. */
GS_MUST_USE enum gaosou_status gs_snippet_choice_begin(struct gs_snippet_choice *c,
                                                       bool with_title);

/* What was tried is a candidate again. */
void gs_snippet_choice_retry(struct gs_snippet_choice *c);

/* The best occurrence that is neither shown nor tried, and what its candidate is worth; false where
 * there is none. */
bool gs_snippet_choice_next(struct gs_snippet_choice *c, size_t *anchor, uint64_t *worth);

/* What positions [first, end) are worth. */
uint64_t gs_snippet_choice_worth(struct gs_snippet_choice *c, uint32_t first, uint32_t end);

/* Positions [first, end) are shown by a fragment now. */
void gs_snippet_choice_show(struct gs_snippet_choice *c, uint32_t first, uint32_t end);

#endif
