#include "query/answer_extra.h"

#include "query/explain.h"

#define ARENA_MAX ((size_t)1 << 30)

static enum gaosou_status explain(struct gs_answerer *a, struct gs_explanation *out,
                                  struct gs_arena *arena, struct gs_err *err)
{
    return gs_explain_make(out, arena, gs_answer_search(a), gs_answer_snapshot(a),
                           gs_answer_query(a), &gs_answer_request(a)->search, gs_answer_result(a),
                           err);
}

enum gaosou_status gs_answer_write_json_tail(struct gs_answerer *a, struct gs_json *j,
                                             struct gs_err *err)
{
    const struct gs_request *request = gs_answer_request(a);
    struct gs_explanation explanation;
    struct gs_arena arena;
    enum gaosou_status status = GAOSOU_OK;
    gs_json_end_array(j);
    gs_arena_init(&arena, ARENA_MAX);
    if (request->explain) {
        gs_json_key(j, "explain");
        status = explain(a, &explanation, &arena, err);
        if (status == GAOSOU_OK)
            gs_explain_write_json(j, &explanation, gs_answer_query(a),
                                  gs_answer_head(a)->first_rank, request->chinese);
    }
    gs_arena_release(&arena);
    gs_json_end_object(j);
    return status;
}

enum gaosou_status gs_answer_write_explain(struct gs_answerer *a, struct gs_buf *out,
                                           struct gs_err *err)
{
    struct gs_explanation explanation;
    struct gs_arena arena;
    if (!gs_answer_request(a)->explain)
        return GAOSOU_OK;
    gs_arena_init(&arena, ARENA_MAX);
    enum gaosou_status status = explain(a, &explanation, &arena, err);
    if (status == GAOSOU_OK)
        gs_explain_write_text(out, &explanation, gs_answer_query(a), gs_answer_head(a)->first_rank,
                              gs_answer_request(a)->chinese);
    gs_arena_release(&arena);
    return status;
}
