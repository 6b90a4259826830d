/*
 * random_query.h: seeded queries of every form, asked of the filings of a random corpus.
 */
#ifndef GS_TESTS_RANDOM_QUERY_H
#define GS_TESTS_RANDOM_QUERY_H

#include "query/query.h"
#include "tests/support/random_corpus.h"

/* The forms that are asked for. */
struct random_forms {
    bool groups;     /* NEAR, "..."~n, SENTENCE, PARAGRAPH */
    bool within;     /* --within */
    bool patterns;   /* RK35?8 */
    bool fields;     /* filters on text, id and since */
    bool beside;     /* filters given beside a query */
    bool filterable; /* fields that were named at indexing */
    bool sorts;      /* sorts other than by score */
    bool ties;       /* by closeness */
    bool ranking;    /* the second pass */
    bool facets;
    bool together;
    bool cursors;
    bool min_match;
    bool synonyms;
};
extern const struct random_forms random_forms;

/* The filterable fields of random indexes. */
extern const struct gs_str random_filterable[];
extern const size_t random_filterable_count;

/* Something that a field is known by: "code", "name", ..., or a filterable one. Static. */
const char *random_stored(struct random_source *r, const char *field);

/* A query in the mode given, made of the alphabet and of pieces of `sample` (some filing's text).
 * Mostly one that can be read; `wild` ones are soups of operators. Appended. */
void random_query(const struct random_corpus *c, struct random_source *r, enum gs_query_mode mode,
                  bool wild, const uint8_t *sample, size_t sample_size, struct gs_buf *out);
/* One filter. Appended. */
void random_filter(struct random_source *r, struct gs_buf *out);
/* Filters alone, one or several. Appended. */
void random_filters(struct random_source *r, struct gs_buf *out);

#endif
