/*
 * random_corpus.h: seeded small filings and the queries asked of them.
 *
 * A corpus has a small alphabet of its own, so that terms, phrases and prefixes of its queries
 * collide with its filings. Neither circled nor squared Han characters occur: there docs/QUERY.md
 * leaves the answer open.
 */
#ifndef GS_TESTS_RANDOM_CORPUS_H
#define GS_TESTS_RANDOM_CORPUS_H

#include "common/base/buf.h"
#include "query/query.h"
#include "tests/support/random_source.h"

#define RANDOM_PIECES_MAX 24

struct random_corpus {
    const char *pieces[RANDOM_PIECES_MAX];
    uint32_t piece_count;
    uint32_t spread; /* 1: all pieces alike; more: the first ones are more frequent */
};

void random_corpus_init(struct random_corpus *c, struct random_source *r);

/* About `pieces` pieces. Appended. */
void random_filing(const struct random_corpus *c, struct random_source *r, size_t pieces,
                   struct gs_buf *out);

/* A query in the mode given, made of the alphabet and of pieces of `sample` (some filing's text).
 * Mostly one that can be read; `wild` ones are soups of operators. Appended. */
void random_query(const struct random_corpus *c, struct random_source *r, enum gs_query_mode mode,
                  bool wild, const uint8_t *sample, size_t sample_size, struct gs_buf *out);

#endif
