/*
 * answer.h: one search from what is asked for to all that is said of it: read, searched, shown.
 * What batches and the library answer with.
 *
 * A gs_answerer keeps its memory and decoders from one search to the next and belongs to one
 * thread; the snapshot may be shared. What it gives lives until its next run or free.
 */
#ifndef GS_QUERY_ANSWER_H
#define GS_QUERY_ANSWER_H

#include "query/output.h"
#include "query/request.h"

/* Opens an index for searching. GAOSOU_E_TOO_OLD also for one of another analysis. */
GS_MUST_USE enum gaosou_status gs_answer_open_index(struct gs_snapshot *snapshot, const char *index,
                                                    struct gs_err *err);

struct gs_answerer;
GS_MUST_USE enum gaosou_status gs_answerer_create(struct gs_answerer **out, struct gs_err *err);
void gs_answerer_free(struct gs_answerer *a);

/* What the request points to and the snapshot must live until the next run or free. After a failure
 * there is no answer, and the next run is as good as any. GAOSOU_E_QUERY, GAOSOU_E_LIMIT, and what
 * reading an index gives. */
GS_MUST_USE enum gaosou_status gs_answer_run(struct gs_answerer *a,
                                             const struct gs_snapshot *snapshot,
                                             const struct gs_request *request, struct gs_err *err);

/* Of the last run, which succeeded. */
const struct gs_results_head *gs_answer_head(const struct gs_answerer *a);
const struct gs_result *gs_answer_result(const struct gs_answerer *a);
const struct gs_query *gs_answer_query(const struct gs_answerer *a);
/* The engine that ran it, to be asked more about the same query and snapshot. */
struct gs_search *gs_answer_search(struct gs_answerer *a);
const struct gs_snapshot *gs_answer_snapshot(const struct gs_answerer *a);
const struct gs_request *gs_answer_request(const struct gs_answerer *a);
/* What it was continued behind; NULL: it is from the start. */
const struct gs_cursor *gs_answer_after(const struct gs_answerer *a);
/* Of its result. */
size_t gs_answer_facet_count(const struct gs_answerer *a);
/* Hit `index` of the result, as it is to be shown; lives until the next fill. */
GS_MUST_USE enum gaosou_status gs_answer_fill(struct gs_answerer *a, size_t index,
                                              struct gs_results_hit *hit, struct gs_err *err);
/* Appends the whole answer as one JSON object, without a line end. Fills every hit. After a failure
 * *out holds a part of it, or, where *out is the one that failed, tells by its status. */
GS_MUST_USE enum gaosou_status gs_answer_write_json(struct gs_answerer *a, struct gs_buf *out,
                                                    struct gs_err *err);

#endif
