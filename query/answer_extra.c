#include "query/answer_extra.h"

#include "query/explain.h"
#include "query/nothing_found.h"

#define ARENA_MAX ((size_t)1 << 30)

static enum gaosou_status explain(struct gs_answerer *a, struct gs_explanation *out,
                                  struct gs_arena *arena, struct gs_err *err)
{
    struct gs_search_options options = gs_answer_request(a)->search;
    options.after = gs_answer_after(a);
    return gs_explain_make(out, arena, gs_answer_search(a), gs_answer_snapshot(a),
                           gs_answer_query(a), &options, gs_answer_result(a), err);
}

static bool has_nothing(const struct gs_answerer *a)
{
    return gs_answer_head(a)->total == 0 && !gs_answer_head(a)->partial;
}

/* To one of the two. */
static enum gaosou_status write_nothing_found(struct gs_answerer *a, struct gs_buf *out,
                                              struct gs_json *j, struct gs_err *err)
{
    struct gs_nothing_found nothing;
    struct gs_arena arena;
    const struct gs_query *query = gs_answer_query(a);
    bool chinese = gs_answer_request(a)->chinese;
    gs_arena_init(&arena, ARENA_MAX);
    enum gaosou_status status = gs_nothing_found_make(&nothing, &arena, gs_answer_snapshot(a),
                                                      query, &gs_answer_request(a)->search, err);
    if (status == GAOSOU_OK && j)
        gs_nothing_found_write_json(j, &nothing, query, chinese);
    else if (status == GAOSOU_OK)
        gs_nothing_found_write_text(out, &nothing, query, chinese);
    gs_arena_release(&arena);
    return status;
}

enum gaosou_status gs_answer_write_nothing_found(struct gs_answerer *a, struct gs_buf *out,
                                                 struct gs_err *err)
{
    return has_nothing(a) ? write_nothing_found(a, out, NULL, err) : GAOSOU_OK;
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
    if (has_nothing(a)) {
        gs_json_key(j, "nothing_found");
        status = write_nothing_found(a, NULL, j, err);
    }
    if (request->explain && status == GAOSOU_OK) {
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
