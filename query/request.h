/*
 * request.h: what is asked of an index and how the answer is to be made, whoever asks: the command
 * line, a line of a batch, a caller of the library.
 *
 * Plain data. Strings are borrowed and live as long as the request says they are needed: until the
 * answer is released. Durations are nanoseconds.
 */
#ifndef GS_QUERY_REQUEST_H
#define GS_QUERY_REQUEST_H

#include "query/fields.h"
#include "query/search.h"

#define GS_REQUEST_FRAGMENTS   3    /* passages of a filing, unless told */
#define GS_REQUEST_FACET_LIMIT 10   /* values of a facet, unless told */
#define GS_REQUEST_CONTEXT_MAX 1000 /* sentences around a hit */

struct gs_request {
    /* What is looked for. */
    enum gs_query_mode mode;
    const char *text; /* the query; not NUL-ended */
    size_t text_size;
    const char *filters; /* further filters, in the language; NULL: none */
    size_t filters_size;
    enum gs_query_within within;
    const struct gs_synonyms *synonyms; /* NULL: none */
    bool chinese;                       /* language of read_as and of messages */

    /* Which filings, in which order. search.facets, .after and .deadline_ns are set by the answer
     * from the fields below. */
    struct gs_search_options search;
    struct gs_facet_field facets[GS_FACETS_MAX];
    size_t facet_count;
    const char *cursor;   /* a token; NULL: from the start */
    uint64_t timeout_ns;  /* of the search; 0: none */
    bool count;           /* totals and facets alone: no filing is shown */
    bool together;        /* count those in one sentence, in one paragraph */
    uint64_t together_ns; /* what that may take; 0: as long as the search. Beyond: left out */
    bool explain;

    /* What is shown of them. */
    bool no_fragments;
    size_t fragments; /* passages of a filing, the best ones; SIZE_MAX: all */
    size_t context;   /* sentences shown before and behind that of a hit; 0: what fits well */
    const struct gs_answer_fields *fields; /* keys of a hit's JSON; NULL: all */
    bool list_sentences; /* fragments are all sentences with a hit, one by one, whatever the two */
    bool utf16;          /* spans in UTF-16 code units, not in bytes */
};

struct gs_request gs_request_defaults(void);

/* Makes it the search that gs_why_not_make asks for: `limit` hits from the first on, nothing shown.
 */
void gs_request_ask_ranks(struct gs_request *r, size_t limit);

#endif
