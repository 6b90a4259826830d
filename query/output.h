/*
 * output.h: an answer on a file descriptor, as text for people or as JSON.
 *
 * A gs_sink gathers output and writes it in few large writes. A closed reading end (EPIPE) is no
 * error: the rest is dropped quietly. Any other failure is sticky and comes out of gs_sink_finish.
 * One thread.
 */
#ifndef GS_QUERY_OUTPUT_H
#define GS_QUERY_OUTPUT_H

#include "common/base/json_write.h"
#include "query/results.h"

struct gs_sink {
    struct gs_buf buf;
    int fd;
    int errnum;  /* of the first failed write, 0: none */
    bool closed; /* nobody reads any more */
};

void gs_sink_init(struct gs_sink *s, int fd);
/* Writes what has gathered where that is much. */
void gs_sink_relieve(struct gs_sink *s);
/* Writes what has gathered. */
void gs_sink_flush(struct gs_sink *s);
/* Writes the rest and releases the buffer. GAOSOU_E_FULL, GAOSOU_E_IO, GAOSOU_E_NOMEM. */
GS_MUST_USE enum gaosou_status gs_sink_finish(struct gs_sink *s, const char *name,
                                              struct gs_err *err);

struct gs_text_style {
    bool color;       /* SGR escapes; without them hits are not marked, as grep does */
    bool chinese;     /* language of the words around the results */
    unsigned columns; /* of the terminal: longer lines are broken; 0: they are not */
    bool any;         /* a question: its terms are not counted below a hit */
    unsigned rank_columns, score_columns;
};

/* `37 filings, 603 hits` and how the query was read. */
void gs_text_write_head(struct gs_buf *out, const struct gs_results_head *head,
                        const struct gs_text_style *style);
/* That the answer is not all, or not of the index that the page before was of: lines of the head.
 */
void gs_text_write_state(struct gs_buf *out, const struct gs_results_head *head, bool chinese);
/* How many filings have no text to search, and why: a line of the head, where there are any. */
void gs_text_write_unsearched(struct gs_buf *out, const struct gs_results_head *head, bool chinese);
/* Each facet as a small table. */
void gs_text_write_facets(struct gs_buf *out, const struct gs_results_head *head, bool chinese);
/* What stands behind the hits: where the next page begins. */
void gs_text_write_tail(struct gs_buf *out, const struct gs_results_head *head,
                        const struct gs_text_style *style);
/* `page 6`, and in brackets what is printed on it where that differs: `page 6 (1-1-6)`. sheet 0:
 * unknown; nothing where there is no label either. */
void gs_text_write_page(struct gs_buf *out, uint32_t sheet, struct gs_str label, bool chinese);
/* A name in a list for programs, as it is but for what could steer a terminal. */
void gs_text_write_listed(struct gs_buf *out, struct gs_str name);
/* Widths of rank and score, once the first (best) score and the last rank are known. */
void gs_text_set_widths(struct gs_text_style *style, uint64_t last_rank, double best_score);
void gs_text_write_hit(struct gs_buf *out, const struct gs_results_hit *hit,
                       const struct gs_text_style *style);

/* Why a filing has no text, as JSON says it; NULL where it has one. Static. */
const char *gs_json_text_state(enum gs_text_state state);

/* One object: this opens it and its "hits"; then each hit, and what gs_answer_write_json_tail ends
 * it with. */
void gs_json_write_head(struct gs_json *j, const struct gs_results_head *head);
/* One hit: an element of "hits", or a line of --jsonl. fields: its keys; NULL: all. */
void gs_json_write_hit(struct gs_json *j, const struct gs_results_hit *hit,
                       const struct gs_answer_fields *fields);

#endif
