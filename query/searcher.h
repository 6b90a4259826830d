/*
 * searcher.h: the objects behind the searching half of gaosou.h.
 *
 * A searcher and the snapshots that it has had are counted and shared; the counts change under the
 * searcher's lock. A session keeps the snapshot of its last search, so that the answer stays what
 * it is while the searcher goes on to a newer commit.
 */
#ifndef GS_QUERY_SEARCHER_H
#define GS_QUERY_SEARCHER_H

#include "common/base/api_error.h"
#include "query/answer.h"

#include <pthread.h>

struct gs_shared_snapshot {
    struct gs_snapshot snapshot;
    size_t users; /* the searcher, if it is its newest, and sessions */
};

struct gaosou_searcher {
    pthread_mutex_t lock;       /* of what follows; held for moments */
    pthread_mutex_t refreshing; /* one refresh at a time */
    struct gs_shared_snapshot *newest;
    size_t users; /* its owner and its sessions */
    char *index;
};

/* The newest snapshot, to be given back. */
struct gs_shared_snapshot *gs_searcher_take(struct gaosou_searcher *s);
void gs_searcher_give_back(struct gaosou_searcher *s, struct gs_shared_snapshot *snapshot);

struct gaosou_hit {
    struct gs_results_hit hit;
    struct gs_buf *json; /* the session's, for it */
};

struct gaosou_result {
    struct gaosou_session *session;
};

struct gaosou_session {
    struct gaosou_searcher *searcher;
    struct gs_shared_snapshot *snapshot; /* of the last search or find; NULL: none */
    struct gs_answerer *answerer;
    struct gaosou_result result;
    struct gaosou_hit hit;              /* of the result */
    struct gs_buf json;                 /* of the result, or why a filing is not among it */
    struct gaosou_hit found;            /* by its id */
    struct gs_buf hit_json, found_json; /* of those two */
    struct gs_buf text;                 /* of a filing by its id */
    struct gs_record_reader *records;   /* of those two; NULL until then */
    struct gs_text_reader *texts;       /* NULL until a text is asked for */
};

/* Searches as asked, in the newest snapshot; what was found before is gone. */
enum gaosou_status gs_session_run(struct gaosou_session *session, const struct gs_request *asked,
                                  struct gs_err *err);
/* JSON that was written with this status, ended with a NUL and given out; *size may be NULL. */
enum gaosou_status gs_session_give_json(struct gs_buf *out, enum gaosou_status status,
                                        struct gs_err *err, const char **json, size_t *size,
                                        gaosou_error *error);

/* What a request asks for, with what it points to. */
#define GS_REQUEST_NAME_MAX ((size_t)256) /* bytes of a facet's name */
struct gaosou_request {
    struct gs_request asked; /* its strings and facets are set by gs_request_view() */
    struct gs_buf query, filters, cursor;
    struct gs_buf facet_names; /* NUL-ended, one behind the other */
    struct gs_synonyms *synonyms;
};
/* The request with all its pointers, which live until it is changed. */
struct gs_request gs_request_view(const struct gaosou_request *request);

#endif
