/*
 * batch_line.h: one line of a batch as a request: a query as it is typed, or a JSON object.
 *
 * A line whose first character is `{` is JSON. "q" is the query; the other keys are the options of
 * the command, without dashes at the front and with `_` for the others (docs/QUERY.md, Batches).
 * What is not given is as in the defaults. A gs_batch_line keeps its memory; one thread.
 */
#ifndef GS_QUERY_BATCH_LINE_H
#define GS_QUERY_BATCH_LINE_H

#include "query/request.h"

#define GS_BATCH_LINE_MAX ((size_t)8 << 20) /* bytes of a line */

struct gs_batch_line {
    struct gs_request request; /* borrows from the line, the defaults and the buffers below */
    struct gs_str
        id; /* what the line calls itself, as its JSON has it; of the line; empty: nothing */
    /* private: */
    struct gs_buf strings, value, filters, facets, cursor;
};

void gs_batch_line_init(struct gs_batch_line *l);
void gs_batch_line_release(struct gs_batch_line *l);

/* Fills l->request; the bytes, without the line's end, and the defaults must outlive its use. What
 * is wrong with a line is GAOSOU_E_INPUT (its JSON, with the column in bytes) or GAOSOU_E_USE (a
 * key, a value); also GAOSOU_E_NOMEM. */
GS_MUST_USE enum gaosou_status gs_batch_line_read(struct gs_batch_line *l,
                                                  const struct gs_request *defaults,
                                                  const uint8_t *bytes, size_t size,
                                                  struct gs_err *err);

/* The same of a JSON object alone. */
GS_MUST_USE enum gaosou_status gs_batch_line_read_json(struct gs_batch_line *l,
                                                       const struct gs_request *defaults,
                                                       const uint8_t *bytes, size_t size,
                                                       struct gs_err *err);

#endif
