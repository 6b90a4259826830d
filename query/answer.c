#include "query/answer.h"

#include "common/text/analysis.h"
#include "query/answer_extra.h"
#include "query/cursor.h"
#include "query/facets.h"
#include "query/filter_check.h"
#include "query/nearest.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#define TOKEN_MAX ((size_t)1 << 16) /* bytes */

struct gs_answerer {
    struct gs_search *search;
    struct gs_search *beside; /* for what is counted beside the answer; NULL until it is */
    struct gs_results_builder *builder; /* NULL until a hit is to be shown */
    bool builder_has_fragments, builder_is_current;
    struct gs_query *query;
    const struct gs_snapshot *snapshot;
    struct gs_request request;
    struct gs_result result;
    struct gs_results_head head;
    struct gs_cursor after; /* of the request */
    struct gs_buf token;    /* of the answer, NUL-ended */
    struct gs_together together;
};

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

enum gaosou_status gs_answer_open_index(struct gs_snapshot *snapshot, const char *index,
                                        struct gs_err *err)
{
    enum gaosou_status status = gs_snapshot_open(snapshot, index, err);
    if (status != GAOSOU_OK)
        return status;
    uint64_t analysis = snapshot->manifest.analysis_id;
    if (snapshot->segment_count == 0 || analysis == gs_analysis_id())
        return GAOSOU_OK;
    gs_snapshot_close(snapshot);
    return gs_err_set(err, GAOSOU_E_TOO_OLD,
                      "%s: built with another analysis (%016" PRIx64
                      ", this program has %016" PRIx64 ", %s); build it again",
                      index, analysis, gs_analysis_id(), gs_analysis_name());
}

enum gaosou_status gs_answerer_create(struct gs_answerer **out, struct gs_err *err)
{
    struct gs_answerer *a = calloc(1, sizeof(*a));
    if (!a)
        return gs_err_nomem(err, sizeof(*a));
    gs_buf_init(&a->token, TOKEN_MAX);
    *out = a;
    return GAOSOU_OK;
}

/* Lets go of all that belongs to the snapshot of the last run. */
static void forget_answer(struct gs_answerer *a)
{
    gs_query_free(a->query);
    a->query = NULL;
    a->builder_is_current = false;
    a->head = (struct gs_results_head){0};
    a->result = (struct gs_result){0};
}

void gs_answerer_free(struct gs_answerer *a)
{
    if (!a)
        return;
    gs_results_builder_free(a->builder);
    gs_search_free(a->search);
    gs_search_free(a->beside);
    gs_query_free(a->query);
    gs_buf_release(&a->token);
    free(a);
}

/* A search keeps the plan of its last run, which points into the snapshot of then. */
static enum gaosou_status renew_search(struct gs_answerer *a, const struct gs_snapshot *snapshot,
                                       struct gs_err *err)
{
    if (a->search && a->snapshot == snapshot)
        return GAOSOU_OK;
    gs_search_free(a->search);
    gs_search_free(a->beside);
    a->search = a->beside = NULL;
    a->snapshot = snapshot;
    return gs_search_create(&a->search) == GAOSOU_OK ? GAOSOU_OK : gs_err_nomem(err, 0);
}

static struct gs_query_params query_params(const struct gs_request *r)
{
    return (struct gs_query_params){.mode = r->mode,
                                    .chinese = r->chinese,
                                    .within = r->within,
                                    .synonyms = r->synonyms,
                                    .filters = r->filters,
                                    .filters_size = r->filters_size};
}

static enum gaosou_status parse(struct gs_answerer *a, struct gs_err *err)
{
    const struct gs_query_params params = query_params(&a->request);
    return gs_query_parse_for(&a->query, a->snapshot, a->request.text, a->request.text_size,
                              &params, err);
}

/* What the engine is told. The facets stay in the request. */
static struct gs_search_options search_options(const struct gs_request *r, uint64_t started)
{
    struct gs_search_options o = r->search;
    o.facets = r->facets;
    o.facet_count = r->facet_count;
    if (r->timeout_ns)
        o.deadline_ns = started + r->timeout_ns;
    if (r->count) {
        o.limit = o.offset = 0;
        o.count_all = true;
    }
    return o;
}

static enum gaosou_status write_token(struct gs_answerer *a, struct gs_err *err)
{
    gs_buf_clear(&a->token);
    if (!a->result.cursor)
        return GAOSOU_OK;
    gs_cursor_write(a->result.cursor, &a->token);
    gs_buf_append_u8(&a->token, 0);
    return gs_buf_status(&a->token) ? gs_err_nomem(err, a->token.size) : GAOSOU_OK;
}

static void describe(struct gs_answerer *a, uint64_t started)
{
    const struct gs_result *result = &a->result;
    a->head = (struct gs_results_head){
        .query = {a->request.text, a->request.text_size},
        .any = a->query->mode == GS_QUERY_ANY,
        .filters = {a->request.filters, a->request.filters_size},
        .read_as = a->query->read_as,
        .total = result->total,
        .hits_total = result->occurrences,
        .total_exact = result->total_exact,
        .hits_exact = result->occurrences_exact,
        .collapsed = a->request.search.collapse ? &result->collapsed : NULL,
        .unjudged = result->unjudged,
        .filter_fields = a->query->filter_fields,
        .filter_field_count = a->query->filter_field_count,
        .unsearched = result->unsearched,
        .facets = a->request.facet_count ? result->facets : NULL,
        .facet_count = a->request.facet_count,
        .commit = a->snapshot->manifest.commit,
        .cursor = a->token.size ? (const char *)a->token.data : NULL,
        .by_cursor = a->request.cursor != NULL,
        .first_rank = (a->request.cursor ? a->after.rank : a->request.search.offset) + 1,
        .shown = result->hit_count,
        .partial = result->partial,
        .continued = result->continued_elsewhere,
        .filters_alone = a->query->leaf_count == 0,
        .took_us = (now_ns() - started) / 1000,
    };
}

/* Counts what stands in one sentence and in one paragraph, where that is asked for. */
static enum gaosou_status
count_together(struct gs_answerer *a, const struct gs_search_options *options, struct gs_err *err)
{
    const struct gs_request *r = &a->request;
    const struct gs_query_params params = query_params(r);
    struct gs_search_options counting = *options;
    bool known = false;
    if (!r->together || a->result.partial)
        return GAOSOU_OK;
    if (counting.after)
        counting.before_sequence = counting.after->next_sequence;
    counting.after = NULL;
    uint64_t end = now_ns() + r->together_ns;
    if (r->together_ns && (counting.deadline_ns == 0 || end < counting.deadline_ns))
        counting.deadline_ns = end;
    if (!a->beside && gs_search_create(&a->beside) != GAOSOU_OK)
        return gs_err_nomem(err, 0);
    enum gaosou_status status =
        gs_together_count(&a->together, &known, a->beside, a->snapshot, a->query, r->text,
                          r->text_size, &params, &counting, err);
    if (status == GAOSOU_OK && known)
        a->head.together = &a->together;
    return status;
}

/* Names a facet that is none in the language of messages, with the nearest that there is. */
static enum gaosou_status check_facets(const struct gs_answerer *a, struct gs_err *err)
{
    static const char *const known[] = {"code",     "name",  "company", "type",
                                        "exchange", "board", "year"};
    const struct gs_request *r = &a->request;
    for (size_t i = 0; i < r->facet_count; i++) {
        const char *name = r->facets[i].name, *hint = NULL;
        struct gs_nearest near;
        if (gs_facets_is_known(a->snapshot, name))
            continue;
        gs_nearest_begin(&near, name, strlen(name));
        for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++) {
            gs_nearest_offer(&near, known[k], strlen(known[k]));
            if (strcmp(gs_filter_label(known[k], true), name) == 0)
                hint = known[k];
        }
        if (!hint && near.name_count)
            hint = near.names[0].bytes; /* a whole literal */
        if (strcmp(name, "date") == 0 || strcmp(name, "年份") == 0 || strcmp(name, "日期") == 0)
            hint = "year";
        return gs_err_set(err, GAOSOU_E_USE,
                          r->chinese ? "不能按“%.200s”统计%s%s；可用 code、name、company、type、"
                                       "exchange、board、year，或索引的可筛选字段"
                                     : "no field '%.200s' to count by%s%s; there are code, name, "
                                       "company, type, exchange, board, year and the filterable "
                                       "fields of the index",
                          name,
                          !hint        ? ""
                          : r->chinese ? "；是否想用 "
                                       : "; did you mean ",
                          hint ? hint : "");
    }
    return GAOSOU_OK;
}

/* Without a query the filters are it. */
static void filters_as_query(struct gs_request *r)
{
    r->mode = GS_QUERY_SYNTAX;
    r->text = r->filters;
    r->text_size = r->filters_size;
    r->filters = NULL;
    r->filters_size = 0;
}

enum gaosou_status gs_answer_run(struct gs_answerer *a, const struct gs_snapshot *snapshot,
                                 const struct gs_request *request, struct gs_err *err)
{
    uint64_t started = now_ns();
    forget_answer(a);
    a->request = *request;
    if (a->request.text_size == 0 && a->request.filters_size)
        filters_as_query(&a->request);
    enum gaosou_status status = renew_search(a, snapshot, err);
    if (status == GAOSOU_OK)
        status = parse(a, err);
    if (status == GAOSOU_OK)
        status = check_facets(a, err);
    if (status == GAOSOU_OK && a->request.cursor)
        status = gs_cursor_read(&a->after, a->request.cursor, err);
    if (status != GAOSOU_OK)
        return status;
    struct gs_search_options options = search_options(&a->request, started);
    options.after = a->request.cursor ? &a->after : NULL;
    status = gs_search_run(a->search, snapshot, a->query, &options, &a->result, err);
    if (status == GAOSOU_OK)
        status = write_token(a, err);
    if (status == GAOSOU_OK) {
        describe(a, started);
        status = count_together(a, &options, err);
    }
    if (status != GAOSOU_OK)
        forget_answer(a);
    return status;
}

const struct gs_results_head *gs_answer_head(const struct gs_answerer *a)
{
    return &a->head;
}

const struct gs_result *gs_answer_result(const struct gs_answerer *a)
{
    return &a->result;
}

const struct gs_query *gs_answer_query(const struct gs_answerer *a)
{
    return a->query;
}

struct gs_search *gs_answer_search(struct gs_answerer *a)
{
    return a->search;
}

const struct gs_snapshot *gs_answer_snapshot(const struct gs_answerer *a)
{
    return a->snapshot;
}

const struct gs_request *gs_answer_request(const struct gs_answerer *a)
{
    return &a->request;
}

const struct gs_cursor *gs_answer_after(const struct gs_answerer *a)
{
    return a->request.cursor ? &a->after : NULL;
}

size_t gs_answer_facet_count(const struct gs_answerer *a)
{
    return a->result.facets ? a->request.facet_count : 0;
}

/* The builder of hits, for the query of the last run. */
static enum gaosou_status ready_builder(struct gs_answerer *a, struct gs_err *err)
{
    bool fragments = !a->request.no_fragments;
    if (a->builder_is_current)
        return GAOSOU_OK;
    enum gaosou_status status = GAOSOU_OK;
    if (a->builder && a->builder_has_fragments == fragments) {
        status = gs_results_builder_renew(a->builder, a->search, a->snapshot, a->query, err);
    } else {
        gs_results_builder_free(a->builder);
        a->builder = NULL;
        status = gs_results_builder_create(&a->builder, a->search, a->snapshot, a->query, fragments,
                                           err);
    }
    if (status != GAOSOU_OK) {
        gs_results_builder_free(a->builder);
        a->builder = NULL;
        return status;
    }
    a->builder_has_fragments = fragments;
    a->builder_is_current = true;
    gs_results_builder_set_shape(a->builder, a->request.fragments, a->request.context,
                                 a->request.utf16);
    if (a->request.list_sentences)
        gs_results_builder_list_sentences(a->builder);
    if (a->request.search.collapse)
        gs_results_builder_with_twins(a->builder);
    return GAOSOU_OK;
}

enum gaosou_status gs_answer_fill(struct gs_answerer *a, size_t index, struct gs_results_hit *hit,
                                  struct gs_err *err)
{
    if (index >= a->result.hit_count)
        return gs_err_set(err, GAOSOU_E_USE, "hit %zu is asked for of %zu", index,
                          a->result.hit_count);
    enum gaosou_status status = ready_builder(a, err);
    if (status != GAOSOU_OK)
        return status;
    status =
        gs_results_fill(a->builder, &a->result.hits[index], a->head.first_rank + index, hit, err);
    if (!a->request.search.collapse)
        hit->twins = NULL; /* the builder lists them for good once it was told to */
    return status;
}

enum gaosou_status gs_answer_write_json(struct gs_answerer *a, struct gs_buf *out,
                                        struct gs_err *err)
{
    struct gs_json json;
    gs_json_init(&json, out);
    gs_json_write_head(&json, &a->head);
    for (size_t i = 0; i < a->result.hit_count; i++) {
        struct gs_results_hit hit;
        enum gaosou_status status = gs_answer_fill(a, i, &hit, err);
        if (status != GAOSOU_OK)
            return status;
        gs_json_write_hit(&json, &hit, a->request.fields);
    }
    enum gaosou_status status = gs_answer_write_json_tail(a, &json, err);
    if (status != GAOSOU_OK)
        return status;
    if (gs_buf_status(out) == GAOSOU_E_LIMIT)
        return gs_err_set(err, GAOSOU_E_LIMIT, "the answer takes more than %zu MB", out->cap >> 20);
    return gs_buf_status(out) == GAOSOU_OK ? GAOSOU_OK : gs_err_nomem(err, out->size);
}
