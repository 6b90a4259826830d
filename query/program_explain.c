/* Why one filing matches or not: --why-not. */
#include "query/program.h"
#include "query/why_not.h"

#define ARENA_MAX ((size_t)1 << 30)

static void write_answer(struct gs_program *p, const struct gs_why_not *why)
{
    const struct gs_query *query = gs_answer_query(p->answerer);
    struct gs_json json;
    if (p->options->format != GS_FORMAT_JSON) {
        gs_why_not_write_text(&p->out.buf, why, query, p->options->chinese);
        return;
    }
    gs_json_init(&json, &p->out.buf);
    gs_why_not_write_json(&json, why, query, p->options->chinese);
    gs_buf_append_u8(&p->out.buf, '\n');
}

enum gaosou_status gs_program_why_not(struct gs_program *p)
{
    struct gs_request *r = &p->request;
    struct gs_search *beside = NULL;
    struct gs_why_not why;
    struct gs_arena arena;
    gs_request_ask_ranks(r, GS_WHY_NOT_RANKS);
    enum gaosou_status status = gs_answer_run(p->answerer, &p->snapshot, r, &p->err);
    if (status != GAOSOU_OK)
        return status;
    if (gs_search_create(&beside) != GAOSOU_OK)
        return gs_err_nomem(&p->err, 0);
    gs_arena_init(&arena, ARENA_MAX);
    const struct gs_str id = {p->options->id, strlen(p->options->id)};
    status = gs_why_not_make(&why, &arena, gs_answer_search(p->answerer), beside, &p->snapshot,
                             gs_answer_query(p->answerer), &r->search,
                             gs_answer_result(p->answerer), id, &p->err);
    if (status == GAOSOU_OK)
        write_answer(p, &why);
    p->found = status == GAOSOU_OK && why.outcome == GS_WHY_MATCHES;
    gs_arena_release(&arena);
    gs_search_free(beside);
    return status;
}
