/*
 * answer_extra.h: what stands behind the hits of an answer: how it came about.
 */
#ifndef GS_QUERY_ANSWER_EXTRA_H
#define GS_QUERY_ANSWER_EXTRA_H

#include "query/answer.h"

/* Ends the answer's object: behind the hits, whose array it ends, "nothing_found" where the whole
 * search has found nothing, and "explain" where that was asked for. Of the last run of the
 * answerer, which succeeded. */
GS_MUST_USE enum gaosou_status gs_answer_write_json_tail(struct gs_answerer *a, struct gs_json *j,
                                                         struct gs_err *err);
/* Why nothing was found, and what to try, as text; nothing where something was. */
GS_MUST_USE enum gaosou_status
gs_answer_write_nothing_found(struct gs_answerer *a, struct gs_buf *out, struct gs_err *err);
/* How the answer came about, as text; nothing where it was not asked for. */
GS_MUST_USE enum gaosou_status gs_answer_write_explain(struct gs_answerer *a, struct gs_buf *out,
                                                       struct gs_err *err);

#endif
