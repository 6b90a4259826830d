/*
 * results.h: an answer as it is to be shown, whoever shows it: text, JSON, later HTTP.
 *
 * gs_results_builder reads what a hit needs (record, fragments, headings) and belongs to one
 * thread. A gs_results_hit points into the builder and lives until its next fill. Strings are
 * (bytes, size), empty where unknown, and hold what the filing holds: whoever prints them makes
 * them safe.
 */
#ifndef GS_QUERY_RESULTS_H
#define GS_QUERY_RESULTS_H

#include "query/fields.h"
#include "query/search.h"
#include "query/snippet.h"
#include "query/together.h"

#define GS_RESULTS_HEADINGS_MAX 8   /* levels of a section's chain */
#define GS_RESULTS_HEADING_MAX  240 /* bytes read of one heading */

/* The answer as a whole. */
struct gs_results_head {
    bool any;              /* the query is a question (--any) */
    struct gs_str filters; /* given beside it */
    struct gs_str query;   /* as typed */
    const char *read_as;
    uint64_t total, hits_total;
    bool total_exact, hits_exact; /* false: that one is a lower bound */
    const uint64_t
        *collapsed;           /* of total those that are listed with another; NULL: not asked for */
    const uint64_t *unjudged; /* a count for each of filter_fields, see gs_result */
    const char *const *filter_fields;
    size_t filter_field_count;
    const uint64_t *unsearched;    /* GS_TEXT_STATE_COUNT counts, likewise */
    const struct gs_facet *facets; /* NULL: not asked for */
    size_t facet_count;
    const struct gs_together *together; /* NULL: not asked for, or not for such a query */
    const char *cursor;                 /* where the next page begins; NULL: this is the last */
    bool by_cursor;                     /* this page was asked for by one */
    uint64_t commit;                    /* of the index that was searched */
    uint64_t first_rank;                /* of the first filing shown, from 1 */
    size_t shown;                       /* filings */
    bool partial;                       /* the time was up: all totals are lower bounds */
    bool continued;                     /* the index has changed since the page before */
    bool filters_alone; /* the query has no text: the unsearched are among the hits */
    uint64_t took_us; /* from opening the index to the ranking, without what is shown of the hits */
};

struct gs_results_place {
    uint32_t sheet;        /* from 1; 0 unknown */
    struct gs_str label;   /* printed page label */
    struct gs_str section; /* headings, outermost first, joined by " > " */
};

struct gs_results_fragment {
    struct gs_str text;
    const struct gs_fragment_span *spans;
    size_t span_count;
    struct gs_results_place place;
};

struct gs_results_term {
    const char *text; /* the leaf's, each once */
    uint64_t count;
};

struct gs_results_hit {
    uint64_t rank; /* from 1, over the whole answer */
    double score;
    struct gs_record record;
    enum gs_text_state text_state;
    const struct gs_str *twins; /* ids of the filings that say the same; NULL: not asked for */
    size_t twin_count;
    struct gs_results_place
        place; /* of the best fragment, or of the first occurrence (without section) */
    const struct gs_results_term *terms;
    size_t term_count;
    const struct gs_results_fragment *fragments;
    size_t fragment_count;
    uint64_t row_hits; /* of a row that tells one fragment: those in it; else 0 */
    bool utf16;        /* programs are told spans in UTF-16 code units (what is here are bytes) */
};

struct gs_results_builder;
/* All borrowed until free. with_fragments: cut snippets (else a hit costs no text). */
GS_MUST_USE enum gaosou_status gs_results_builder_create(struct gs_results_builder **out,
                                                         struct gs_search *search,
                                                         const struct gs_snapshot *snapshot,
                                                         const struct gs_query *query,
                                                         bool with_fragments, struct gs_err *err);
/* The builder for another query (and search, snapshot): its memory and decoders are kept, so that a
 * program of many queries pays for them once; decoded text is not. with_fragments stays. After an
 * error only free. */
GS_MUST_USE enum gaosou_status gs_results_builder_renew(struct gs_results_builder *b,
                                                        struct gs_search *search,
                                                        const struct gs_snapshot *snapshot,
                                                        const struct gs_query *query,
                                                        struct gs_err *err);
void gs_results_builder_free(struct gs_results_builder *b);

/* What fragments of hits are made: how many (up to GS_SNIPPET_FRAGMENTS_MAX; SIZE_MAX: all), with
 * how many sentences around (0: what fits well). At first three, and bytes. */
void gs_results_builder_set_shape(struct gs_results_builder *b, size_t fragments, size_t context,
                                  bool utf16);
/* Makes each sentence with an occurrence a fragment, in the order of the text. */
void gs_results_builder_list_sentences(struct gs_results_builder *b);

/* Lists the twins of hits, too: of a search with collapse. */
void gs_results_builder_with_twins(struct gs_results_builder *b);

GS_MUST_USE enum gaosou_status gs_results_fill(struct gs_results_builder *b,
                                               const struct gs_hit *hit, uint64_t rank,
                                               struct gs_results_hit *out, struct gs_err *err);

/* A field that is a string, of the record or of the place; NULL for the others. Lives as the hit.
 */
const struct gs_str *gs_results_string(const struct gs_results_hit *hit,
                                       enum gs_answer_field field);
/* Of all terms. */
uint64_t gs_results_occurrences(const struct gs_results_hit *hit);

#endif
