/* explain_score.h: what a filing's score is made of, as text and as JSON. */
#ifndef GS_QUERY_EXPLAIN_SCORE_H
#define GS_QUERY_EXPLAIN_SCORE_H

#include "common/base/json_write.h"
#include "query/judge.h"

/* Lines of a leaf each, indented by `indent` spaces. */
void gs_score_parts_write_text(struct gs_buf *out, const struct gs_query *query,
                               const struct gs_judgement *judgement, size_t indent, bool chinese);
/* The values of the keys score, length, norm, leaves, title, passage of an open object. */
void gs_score_parts_write_json(struct gs_json *j, const struct gs_query *query,
                               const struct gs_judgement *judgement);

#endif
