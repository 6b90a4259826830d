/*
 * peer.h: what every peer program does, so that all are measured alike. The C and C++ peers share
 * peer.c; the Java and Rust ones follow the same page.
 *
 *   PEER build DOCS INDEX TEXT THREADS        an index of all filings; TEXT 1: texts stored too
 *   PEER tokenise DOCS                        the analysis alone, three passes, the best counts
 *   PEER query INDEX QUERIES SNIPPETS SECONDS searches, top ten; SNIPPETS 1: highlights of each hit
 *   PEER check INDEX QUERIES                  all filings that each query matches
 *
 * DOCS is mapped: for each filing a size (uint32_t, little end first) and its UTF-8. So neither
 * JSON nor reading files is in any figure; what a peer does to a filing from its UTF-8 on, is. A
 * filing's number is its place in the file, from 0.
 *
 * QUERIES has a line a query: class, operator, parts, with tabs between. Operators: `phrase` (one
 * part), `all` and `or` (each part a phrase), `any` (the parts are the bigrams of a text),
 * `prefix`.
 *
 * `build` prints a JSON object: seconds, cpu_seconds (of the process, build only) and stored_bytes
 * where texts cannot be left out of the index and have to be taken off. `tokenise`: seconds,
 * tokens. `query`: a line a query, nanoseconds and hits with a tab between, or `-` where the
 * class's time ran out first. `check`: a line a query, filing numbers with spaces between,
 * ascending.
 *
 * Timing of one class: a pass to warm up, which ends when SECONDS are used up, then up to three
 * passes over the queries it got to, while less than SECONDS are gone; a query's best time counts.
 * A query's time runs from its parts to ten filings (and their highlights) in memory.
 */
#ifndef BENCHMARKS_PEERS_PEER_H
#define BENCHMARKS_PEERS_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PEER_LIMIT 10 /* filings wanted */

struct peer_docs {
    const uint8_t *bytes; /* mapped until the program ends */
    size_t size, at;
    uint32_t number; /* of the next filing */
};
/* The next filing's UTF-8 (not NUL-ended), in the map; false at the end. */
bool peer_docs_next(struct peer_docs *docs, const char **text, size_t *size);

enum peer_op { PEER_PHRASE, PEER_ALL, PEER_OR, PEER_ANY, PEER_PREFIX };

struct peer_query {
    const char *class_name;
    enum peer_op op;
    const char **parts; /* NUL-ended UTF-8 */
    size_t part_count;
};

struct peer_matches {
    uint32_t *numbers;
    size_t count, capacity;
};
void peer_matches_add(struct peer_matches *m, uint32_t number);

/* Characters of valid UTF-8. */
size_t peer_characters(const char *text);

struct peer_engine {
    const char *name;
    void (*build)(struct peer_docs *docs, const char *index, bool with_text, unsigned threads);
    uint64_t (*tokenise)(struct peer_docs *docs); /* tokens; NULL where there is no such call */
    void *(*open)(const char *index);
    size_t (*search)(void *ctx, const struct peer_query *q,
                     bool snippets); /* hits, PEER_LIMIT at most */
    void (*matches)(void *ctx, const struct peer_query *q, struct peer_matches *out);
    void (*close)(void *ctx);
};

/* Called within build: the clocks start anew (what was before is not to be counted). */
void peer_clock_restart(void);
/* Called within build: bytes of the index that only hold stored texts. */
void peer_stored_bytes(uint64_t bytes);

/* Ends the program with a message. */
#ifdef __cplusplus
[[noreturn]]
#else
_Noreturn
#endif
void peer_die(const char *what, const char *why);

int peer_main(const struct peer_engine *engine, int argc, char **argv);

#ifdef __cplusplus
}
#endif
#endif
