/* One filing of a searcher by its id: its stored fields, its text, why a query does not find it. */
#include "query/searcher.h"

#include "common/segment/segment.h"
#include "query/why_not.h"

/* Where a filing is in a snapshot. */
struct filing_place {
    const struct gs_segment *segment;
    uint32_t doc;
};

/* At most one live filing has an id. */
static enum gaosou_status find(gaosou_session *s, const struct gs_snapshot *snapshot,
                               const char *id, size_t size, struct filing_place *place,
                               struct gs_err *err)
{
    if (!s->records && gs_record_reader_create(&s->records) != GAOSOU_OK)
        return gs_err_nomem(err, 0);
    gs_record_reader_forget(s->records);
    for (size_t i = snapshot->segment_count; i-- > 0;) {
        const struct gs_snapshot_segment *part = &snapshot->segments[i];
        uint32_t doc;
        enum gaosou_status status =
            gs_segment_find_id(part->segment, s->records, id, size, &doc, err);
        if (status != GAOSOU_OK)
            return status;
        if (doc == GS_DOC_END || gs_snapshot_is_deleted(part, doc))
            continue;
        *place = (struct filing_place){part->segment, doc};
        return GAOSOU_OK;
    }
    return gs_err_set(err, GAOSOU_E_NOT_FOUND, "no filing has the id %.*s",
                      size > 256 ? 256 : (int)size, id);
}

static enum gaosou_status read_hit(gaosou_session *s, const struct filing_place *place,
                                   struct gs_err *err)
{
    uint64_t state = 0;
    s->found.hit = (struct gs_results_hit){0};
    enum gaosou_status status =
        gs_record_read(s->records, place->segment, place->doc, &s->found.hit.record, err);
    if (status == GAOSOU_OK)
        status = gs_column_get(place->segment, GS_COLUMN_TEXT_STATE, place->doc, &state, err);
    s->found.hit.text_state =
        state < GS_TEXT_STATE_COUNT ? (enum gs_text_state)state : GS_TEXT_NONE;
    return status;
}

enum gaosou_status gaosou_session_find(gaosou_session *session, const char *id, size_t size,
                                       const gaosou_hit **hit, gaosou_error *error)
{
    GS_API_REQUIRE(error, session);
    GS_API_REQUIRE(error, hit);
    GS_API_REQUIRE_BYTES(error, id, size);
    struct gs_err err = {0};
    struct filing_place place;
    struct gs_shared_snapshot *snapshot = gs_searcher_take(session->searcher);
    enum gaosou_status status = find(session, &snapshot->snapshot, id, size, &place, &err);
    if (status == GAOSOU_OK)
        status = read_hit(session, &place, &err);
    gs_searcher_give_back(session->searcher, snapshot);
    if (status == GAOSOU_OK)
        *hit = &session->found;
    return gs_api_return(error, status, &err);
}

/* The content without a title that was put before the text (gs_content_build). */
static size_t title_bytes(const struct gs_record *record, const struct gs_buf *content)
{
    size_t title = record->title_size;
    bool is_field = title > 0 && content->size >= title + 2 && content->data[title] == 0x1F &&
                    content->data[title + 1] == '\n';
    return is_field ? title + 2 : 0;
}

static enum gaosou_status read_text(gaosou_session *s, const struct filing_place *place,
                                    size_t *skipped, struct gs_err *err)
{
    struct gs_record record;
    if (!s->texts && gs_text_reader_create(&s->texts) != GAOSOU_OK)
        return gs_err_nomem(err, 0);
    gs_text_reader_forget(s->texts);
    gs_buf_clear(&s->text);
    enum gaosou_status status =
        gs_record_read(s->records, place->segment, place->doc, &record, err);
    if (status == GAOSOU_OK)
        status = gs_text_read(s->texts, place->segment, place->doc, 0, record.content_size,
                              &s->text, err);
    if (status != GAOSOU_OK)
        return status;
    *skipped = title_bytes(&record, &s->text);
    gs_buf_append_u8(&s->text, 0);
    if (gs_buf_status(&s->text) == GAOSOU_OK)
        return GAOSOU_OK;
    gs_buf_release(&s->text);
    return gs_err_nomem(err, record.content_size);
}

enum gaosou_status gaosou_session_text(gaosou_session *session, const char *id, size_t size,
                                       const char **text, size_t *text_size, gaosou_error *error)
{
    GS_API_REQUIRE(error, session);
    GS_API_REQUIRE(error, text);
    GS_API_REQUIRE(error, text_size);
    GS_API_REQUIRE_BYTES(error, id, size);
    struct gs_err err = {0};
    struct filing_place place;
    size_t skipped = 0;
    struct gs_shared_snapshot *snapshot = gs_searcher_take(session->searcher);
    enum gaosou_status status = find(session, &snapshot->snapshot, id, size, &place, &err);
    if (status == GAOSOU_OK)
        status = read_text(session, &place, &skipped, &err);
    gs_searcher_give_back(session->searcher, snapshot);
    if (status != GAOSOU_OK)
        return gs_api_return(error, status, &err);
    *text = (const char *)session->text.data + skipped;
    *text_size = session->text.size - 1 - skipped;
    return GAOSOU_OK;
}

/* ---- why it is not found ---- */

#define WHY_NOT_ARENA_MAX ((size_t)1 << 30)

/* About the search that the session has just run, with the ranks that this takes. */
static enum gaosou_status explain_filing(gaosou_session *s, const struct gs_request *asked,
                                         struct gs_str id, struct gs_err *err)
{
    struct gs_search *beside = NULL;
    struct gs_why_not why;
    struct gs_arena arena;
    struct gs_json json;
    const struct gs_query *query = gs_answer_query(s->answerer);
    if (gs_search_create(&beside) != GAOSOU_OK)
        return gs_err_nomem(err, 0);
    gs_arena_init(&arena, WHY_NOT_ARENA_MAX);
    enum gaosou_status status =
        gs_why_not_make(&why, &arena, gs_answer_search(s->answerer), beside, &s->snapshot->snapshot,
                        query, &asked->search, gs_answer_result(s->answerer), id, err);
    gs_json_init(&json, &s->json);
    if (status == GAOSOU_OK)
        gs_why_not_write_json(&json, &why, query, asked->chinese);
    gs_arena_release(&arena);
    gs_search_free(beside);
    return status;
}

enum gaosou_status gaosou_session_why_not(gaosou_session *session, const gaosou_request *request,
                                          const char *id, size_t id_size, const char **json,
                                          size_t *size, gaosou_error *error)
{
    GS_API_REQUIRE(error, session);
    GS_API_REQUIRE(error, request);
    GS_API_REQUIRE_BYTES(error, id, id_size);
    GS_API_REQUIRE(error, json);
    struct gs_err err = {0};
    struct gs_request asked = gs_request_view(request);
    gs_request_ask_ranks(&asked, GS_WHY_NOT_RANKS);
    gs_buf_clear(&session->json);
    enum gaosou_status status = gs_session_run(session, &asked, &err);
    if (status == GAOSOU_OK)
        status = explain_filing(session, &asked, (struct gs_str){id ? id : "", id_size}, &err);
    return gs_session_give_json(&session->json, status, &err, json, size, error);
}
