/*
 * random_corpus.h: seeded small filings.
 *
 * A corpus has a small alphabet of its own, so that terms, phrases and prefixes of its queries
 * collide with its filings. Neither circled nor squared Han characters occur: there docs/QUERY.md
 * leaves the answer open.
 */
#ifndef GS_TESTS_RANDOM_CORPUS_H
#define GS_TESTS_RANDOM_CORPUS_H

#include "common/base/buf.h"
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

/* One of its pieces. Static. */
const char *random_piece(const struct random_corpus *c, struct random_source *r);

#endif
