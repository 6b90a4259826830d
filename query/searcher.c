#include "query/searcher.h"

#include "common/segment/segment.h"

#include <stdlib.h>
#include <string.h>

/* ---- snapshots ---- */

struct gs_shared_snapshot *gs_searcher_take(struct gaosou_searcher *s)
{
    pthread_mutex_lock(&s->lock);
    struct gs_shared_snapshot *newest = s->newest;
    newest->users++;
    pthread_mutex_unlock(&s->lock);
    return newest;
}

static void close_snapshot(struct gs_shared_snapshot *snapshot)
{
    gs_snapshot_close(&snapshot->snapshot);
    free(snapshot);
}

void gs_searcher_give_back(struct gaosou_searcher *s, struct gs_shared_snapshot *snapshot)
{
    if (!snapshot)
        return;
    pthread_mutex_lock(&s->lock);
    bool is_last = --snapshot->users == 0;
    pthread_mutex_unlock(&s->lock);
    if (is_last)
        close_snapshot(snapshot);
}

static enum gaosou_status open_snapshot(struct gs_shared_snapshot **out, const char *index,
                                        struct gs_err *err)
{
    struct gs_shared_snapshot *snapshot = calloc(1, sizeof(*snapshot));
    if (!snapshot)
        return gs_err_nomem(err, sizeof(*snapshot));
    snapshot->users = 1;
    enum gaosou_status status = gs_answer_open_index(&snapshot->snapshot, index, err);
    if (status != GAOSOU_OK) {
        close_snapshot(snapshot);
        return status;
    }
    *out = snapshot;
    return GAOSOU_OK;
}

/* ---- the searcher ---- */

enum gaosou_status gaosou_searcher_open(gaosou_searcher **searcher, const char *index,
                                        gaosou_error *error)
{
    GS_API_REQUIRE(error, searcher);
    GS_API_REQUIRE(error, index);
    gaosou_searcher *s = calloc(1, sizeof(*s));
    char *name = strdup(index);
    struct gs_err err = {0};
    if (!s || !name) {
        free(s);
        free(name);
        return gs_api_fail(error, GAOSOU_E_NOMEM, "out of memory");
    }
    enum gaosou_status status = open_snapshot(&s->newest, name, &err);
    if (status != GAOSOU_OK) {
        free(s);
        free(name);
        return gs_api_return(error, status, &err);
    }
    pthread_mutex_init(&s->lock, NULL);
    pthread_mutex_init(&s->refreshing, NULL);
    s->users = 1;
    s->index = name;
    *searcher = s;
    return GAOSOU_OK;
}

/* One user fewer; the last one takes it along. */
static void leave_searcher(gaosou_searcher *s)
{
    pthread_mutex_lock(&s->lock);
    bool is_last = --s->users == 0;
    pthread_mutex_unlock(&s->lock);
    if (!is_last)
        return;
    close_snapshot(s->newest);
    pthread_mutex_destroy(&s->lock);
    pthread_mutex_destroy(&s->refreshing);
    free(s->index);
    free(s);
}

void gaosou_searcher_close(gaosou_searcher *searcher)
{
    if (searcher)
        leave_searcher(searcher);
}

static bool is_same_commit(const struct gs_manifest *a, const struct gs_manifest *b)
{
    if (a->commit != b->commit || a->next_sequence != b->next_sequence ||
        a->segment_count != b->segment_count)
        return false;
    for (size_t i = 0; i < a->segment_count; i++) {
        const struct gs_manifest_segment *x = &a->segments[i], *y = &b->segments[i];
        if (x->number != y->number || x->checksum != y->checksum ||
            x->del_generation != y->del_generation || x->deleted_count != y->deleted_count)
            return false;
    }
    return true;
}

/* Whether the folder holds another commit than the newest that is known; for the refreshing thread,
 * which alone replaces it. */
static enum gaosou_status look_for_commit(const gaosou_searcher *s, bool *is_new,
                                          struct gs_err *err)
{
    struct gs_manifest manifest;
    gs_manifest_init(&manifest);
    enum gaosou_status status = gs_manifest_read(&manifest, s->index, err);
    if (status == GAOSOU_OK)
        *is_new = !is_same_commit(&manifest, &s->newest->snapshot.manifest);
    gs_manifest_release(&manifest);
    return status;
}

static enum gaosou_status refresh(gaosou_searcher *s, bool *is_new, struct gs_err *err)
{
    struct gs_shared_snapshot *fresh = NULL;
    enum gaosou_status status = look_for_commit(s, is_new, err);
    if (status != GAOSOU_OK || !*is_new)
        return status;
    status = open_snapshot(&fresh, s->index, err);
    if (status != GAOSOU_OK)
        return status;
    pthread_mutex_lock(&s->lock);
    struct gs_shared_snapshot *old = s->newest;
    s->newest = fresh;
    pthread_mutex_unlock(&s->lock);
    gs_searcher_give_back(s, old);
    return GAOSOU_OK;
}

enum gaosou_status gaosou_searcher_refresh(gaosou_searcher *searcher, int *changed,
                                           gaosou_error *error)
{
    GS_API_REQUIRE(error, searcher);
    struct gs_err err = {0};
    bool is_new = false;
    pthread_mutex_lock(&searcher->refreshing);
    enum gaosou_status status = refresh(searcher, &is_new, &err);
    pthread_mutex_unlock(&searcher->refreshing);
    if (status == GAOSOU_OK && changed)
        *changed = is_new;
    return gs_api_return(error, status, &err);
}

uint64_t gaosou_searcher_commit(gaosou_searcher *searcher)
{
    if (!searcher)
        return 0;
    struct gs_shared_snapshot *snapshot = gs_searcher_take(searcher);
    uint64_t commit = snapshot->snapshot.manifest.commit;
    gs_searcher_give_back(searcher, snapshot);
    return commit;
}

uint64_t gaosou_searcher_filings(gaosou_searcher *searcher)
{
    if (!searcher)
        return 0;
    struct gs_shared_snapshot *snapshot = gs_searcher_take(searcher);
    uint64_t live = snapshot->snapshot.live_count;
    gs_searcher_give_back(searcher, snapshot);
    return live;
}

/* ---- sessions ---- */

#define JSON_MAX ((size_t)1 << 31) /* bytes of an answer */

enum gaosou_status gaosou_session_open(gaosou_session **session, gaosou_searcher *searcher,
                                       gaosou_error *error)
{
    GS_API_REQUIRE(error, session);
    GS_API_REQUIRE(error, searcher);
    gaosou_session *s = calloc(1, sizeof(*s));
    struct gs_err err = {0};
    if (!s || gs_answerer_create(&s->answerer, &err) != GAOSOU_OK) {
        free(s);
        return gs_api_fail(error, GAOSOU_E_NOMEM, "out of memory");
    }
    gs_buf_init(&s->json, JSON_MAX);
    gs_buf_init(&s->hit_json, JSON_MAX);
    gs_buf_init(&s->found_json, JSON_MAX);
    s->hit.json = &s->hit_json;
    s->found.json = &s->found_json;
    gs_buf_init(&s->text, GS_FILING_MAX + GS_FILING_MAX / 2);
    s->result.session = s;
    s->searcher = searcher;
    pthread_mutex_lock(&searcher->lock);
    searcher->users++;
    pthread_mutex_unlock(&searcher->lock);
    *session = s;
    return GAOSOU_OK;
}

void gaosou_session_close(gaosou_session *session)
{
    if (!session)
        return;
    gs_answerer_free(session->answerer);
    gs_record_reader_free(session->records);
    gs_text_reader_free(session->texts);
    gs_buf_release(&session->json);
    gs_buf_release(&session->hit_json);
    gs_buf_release(&session->found_json);
    gs_buf_release(&session->text);
    gs_searcher_give_back(session->searcher, session->snapshot);
    leave_searcher(session->searcher);
    free(session);
}

enum gaosou_status gs_session_run(struct gaosou_session *session, const struct gs_request *asked,
                                  struct gs_err *err)
{
    /* Given back only when nothing of the last answer points into it any more; held meanwhile, so
     * that the new one cannot be at its address. */
    struct gs_shared_snapshot *before = session->snapshot;
    session->snapshot = gs_searcher_take(session->searcher);
    enum gaosou_status status =
        gs_answer_run(session->answerer, &session->snapshot->snapshot, asked, err);
    gs_searcher_give_back(session->searcher, before);
    return status;
}

enum gaosou_status gaosou_session_search(gaosou_session *session, const gaosou_request *request,
                                         const gaosou_result **result, gaosou_error *error)
{
    struct gs_err err = {0};
    GS_API_REQUIRE(error, session);
    GS_API_REQUIRE(error, request);
    GS_API_REQUIRE(error, result);
    struct gs_request asked = gs_request_view(request);
    enum gaosou_status status = gs_session_run(session, &asked, &err);
    if (status == GAOSOU_OK)
        *result = &session->result;
    return gs_api_return(error, status, &err);
}
