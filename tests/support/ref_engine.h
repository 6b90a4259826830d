/*
 * ref_engine.h: the brute-force engine: every query is a scan of every filing's tokens.
 *
 * Written from docs/QUERY.md (What matches, Scores) on top of the reference tokeniser, layout and
 * query reader: ref_index.c the filings, ref_match.c what stands where, ref_weight.c, ref_fold.c
 * the values of filters, ref_engine.c the search, ref_facet.c. Deleted filings stay and count in N,
 * df and lengths until ref_index_compact(). One thread.
 */
#ifndef GS_TESTS_REF_ENGINE_H
#define GS_TESTS_REF_ENGINE_H

#include "query/search.h"
#include "tests/support/ref_query.h"
#include "tests/support/ref_tokenise.h"

/* What is known of a filing: a value of a field, of which there may be several. */
struct ref_stored {
    char *field, *value;
};

struct ref_filing {
    char *id;
    uint8_t *content;
    size_t size;
    size_t title_from, title_to;     /* bytes of the content */
    uint32_t title_start, title_end; /* its positions are [start, end) */
    uint64_t content_hash;
    bool is_unread; /* a source without a text */
    uint64_t sequence;
    struct ref_date date, period;
    REF_LIST(struct ref_stored) stored;
    uint64_t commit; /* the one that added it */
    bool deleted;
    size_t segment;
    struct ref_tokens tokens;
};

struct ref_index {
    REF_LIST(struct ref_filing *) filings; /* in the order they were added */
    uint64_t next_sequence, commit;        /* commit: the last one */
    size_t next_segment;
};

/* A filing as it comes. The title is the field, or, with from < to, these bytes of the text, or
 * there is none. */
struct ref_source {
    const char *id, *title; /* title NULL: none */
    const void *text;
    size_t size, title_from, title_to;
    bool is_unread; /* its title is searched, where it is a field, and no text */
};

/* Adds a filing; an older one with this id becomes deleted. The filing stays the index's. */
struct ref_filing *ref_index_add(struct ref_index *x, const struct ref_source *source);
/* One more value of a field; the field's name is that of filters. */
void ref_filing_store(struct ref_filing *f, const char *field, const char *value);
/* Whether there was a live filing with this id. */
bool ref_index_delete(struct ref_index *x, const char *id);
/* What was added since the last commit is a segment; segments without a live filing go. */
void ref_index_commit(struct ref_index *x);
/* One segment of all; deleted filings go. */
void ref_index_compact(struct ref_index *x);
void ref_index_release(struct ref_index *x);

struct ref_hit {
    const struct ref_filing *filing;
    double score, extra; /* extra: what the second pass adds, where it comes to it */
    uint32_t closeness;
    uint32_t *counts; /* one per leaf */
    size_t twins;     /* hits that say the same, once collapsed */
};

#define REF_FILTERS_MAX 256
struct ref_hits {
    REF_LIST(struct ref_hit) hits; /* all matching filings, best first */
    uint64_t occurrences;
    uint64_t unjudged[REF_FILTERS_MAX]; /* at the first filter of each field */
    uint64_t collapsed;                 /* hits that another one speaks for, see ref_collapse() */
    uint64_t unsearched;                /* unread filings that could match */
    bool close_call; /* the rounding of a sum decided which filings come to the second pass, or
                        which of those that say the same is kept */
};

/* Of the options sort, ties, take_unknown, min_match, ranking, k1 and b are read: all that match,
 * in order. *out is zeroed at first; release it. */
void ref_search(const struct ref_index *x, const struct ref_query *q,
                const struct gs_search_options *options, struct ref_hits *out);
/* Of two hits, which comes first: its sign, as qsort has it; 0 for a filing and itself. */
int ref_compare_hits(const struct gs_search_options *options, const struct ref_hit *a,
                     const struct ref_hit *b);
/* Of the hits that say the same keeps the best. */
void ref_collapse(const struct ref_query *q, struct ref_hits *h);
void ref_hits_release(struct ref_hits *h);

struct ref_occurrence {
    uint32_t position, width, leaf;
};
typedef REF_LIST(struct ref_occurrence) ref_occurrences;
/* Every occurrence of every leaf that is not below a NOT, by position, then leaf. Appended to *out.
 */
void ref_find_occurrences(const struct ref_filing *f, const struct ref_query *q,
                          ref_occurrences *out);

/* Whether a filter is true of a filing. */
enum gs_truth ref_filter_judge(const struct ref_filter *filter, const struct ref_filing *f);
/* Whether each value of `type:` and `exchange:` is known: of the closed list, or some filing's. */
bool ref_values_known(const struct ref_index *x, const struct ref_query *q);
/* Whether a date lies within ranges, day by day (ref_filter.c). */
enum gs_truth ref_dates_judge(const struct ref_filter *filter, struct ref_date date);

/* A value of a facet and its filings. */
struct ref_facet_value {
    char text[256];
    uint64_t count;
};
struct ref_facet {
    REF_LIST(struct ref_facet_value) values; /* most filings first, then by bytes */
    uint64_t unknown;
};
/* Counts a field over the hits (which are not collapsed). *out is zeroed; REF_RELEASE its values.
 */
void ref_facet_count(const struct ref_hits *h, const char *field, struct ref_facet *out);

/* Live filings that one leaf alone matches. */
uint64_t ref_leaf_total(const struct ref_index *x, const struct ref_leaf *leaf);

#endif
