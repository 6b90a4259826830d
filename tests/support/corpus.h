/*
 * corpus.h: iterates the filings of sample corpora, for tests and benchmarks.
 *
 * Takes .txt (one document; id is the file's name) and .jsonl (id, title, text of each line; text
 * may be an array of pages, joined by form feeds), plain or as .zst. A damaged line or file ends
 * the iteration with an error message. One thread.
 */
#ifndef GS_TESTS_SUPPORT_CORPUS_H
#define GS_TESTS_SUPPORT_CORPUS_H

#include "common/base/buf.h"

struct corpus_doc {
    const char *id;       /* NUL-ended */
    const uint8_t *title; /* UTF-8, decoded; size 0 where there is none */
    size_t title_size;
    const uint8_t *text;
    size_t text_size;
}; /* all of it is valid until the next corpus_next or corpus_close */

struct corpus;

/* The corpora's root: GAOSOU_CORPORA, else ../shared/corpora; NULL where that is no folder (then a
 * test says that it was skipped). Static storage. */
const char *corpus_root(void);

/* Opens one file; NULL with a message in err. Caller closes. */
struct corpus *corpus_open(const char *path, struct gs_err *err);
/* As corpus_open for root/name; NULL where there is no root. */
struct corpus *corpus_open_sample(const char *name, struct gs_err *err);
/* 1: *doc is filled; 0: the end; -1: damaged, message in err. */
int corpus_next(struct corpus *c, struct corpus_doc *doc, struct gs_err *err);
void corpus_close(struct corpus *c);

/* Calls file() for each file of the root's archive `name` (.tar, any compression), in its order; a
 * damaged archive, or a file of more than file_max bytes, ends the test. Name and bytes are valid
 * during the call. */
void corpus_each_file(const char *name, size_t file_max,
                      void (*file)(void *ctx, const char *name, const struct gs_buf *bytes),
                      void *ctx);
/* Skips the test that is running, and says so, where there is no root. */
void corpus_needed(void);

/* The relative names of every .txt and .jsonl.zst of the corpora that is text of filings or news,
 * NULL-ended. */
extern const char *const corpus_samples[];

/* Appends the string value that starts at the quote *p (JSON, \u escapes with surrogate pairs
 * decoded; a lone surrogate becomes U+FFFD). Returns the place behind the closing quote, or NULL
 * where it is bad. */
const uint8_t *corpus_json_string(const uint8_t *p, const uint8_t *end, struct gs_buf *out);

#endif
