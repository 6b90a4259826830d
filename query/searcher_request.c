/* gaosou_request: what is asked for, set one by one. */
#include "query/batch_line.h"
#include "query/searcher.h"
#include "query/synonyms.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CURSOR_MAX ((size_t)1 << 16)

gaosou_request *gaosou_request_create(void)
{
    gaosou_request *r = calloc(1, sizeof(*r));
    if (!r)
        return NULL;
    r->asked = gs_request_defaults();
    gs_buf_init(&r->query, GS_QUERY_BYTES_MAX);
    gs_buf_init(&r->filters, GS_QUERY_BYTES_MAX);
    gs_buf_init(&r->cursor, CURSOR_MAX);
    gs_buf_init(&r->facet_names, GS_FACETS_MAX * (GS_REQUEST_NAME_MAX + 1));
    return r;
}

void gaosou_request_free(gaosou_request *request)
{
    if (!request)
        return;
    gs_buf_release(&request->query);
    gs_buf_release(&request->filters);
    gs_buf_release(&request->cursor);
    gs_buf_release(&request->facet_names);
    gs_synonyms_free(request->synonyms);
    free(request);
}

void gaosou_request_clear(gaosou_request *request)
{
    if (!request)
        return;
    request->asked = gs_request_defaults();
    gs_buf_clear(&request->query);
    gs_buf_clear(&request->filters);
    gs_buf_clear(&request->cursor);
    gs_buf_clear(&request->facet_names);
    gs_synonyms_free(request->synonyms);
    request->synonyms = NULL;
}

struct gs_request gs_request_view(const struct gaosou_request *request)
{
    struct gs_request asked = request->asked;
    asked.text = request->query.size ? (const char *)request->query.data : "";
    asked.text_size = request->query.size;
    asked.filters = request->filters.size ? (const char *)request->filters.data : NULL;
    asked.filters_size = request->filters.size;
    asked.synonyms = request->synonyms;
    asked.cursor = request->cursor.size ? (const char *)request->cursor.data : NULL;
    const char *name = (const char *)request->facet_names.data;
    for (size_t i = 0; i < asked.facet_count; i++, name += strlen(name) + 1)
        asked.facets[i].name = name;
    return asked;
}

/* ---- texts ---- */

static enum gaosou_status replace(struct gs_buf *to, const char *what, const char *bytes,
                                  size_t size, gaosou_error *error)
{
    if (size > to->cap)
        return gs_api_fail(error, GAOSOU_E_LIMIT, "the %s has %zu bytes: at most %zu", what, size,
                           to->cap);
    gs_buf_clear(to);
    if (size > 0)
        gs_buf_append(to, bytes, size);
    if (gs_buf_status(to) == GAOSOU_OK)
        return GAOSOU_OK;
    gs_buf_release(to); /* its failure would stay */
    return gs_api_fail(error, GAOSOU_E_NOMEM, "out of memory (%zu bytes wanted)", size);
}

enum gaosou_status gaosou_request_set_query(gaosou_request *request, const char *bytes, size_t size,
                                            gaosou_error *error)
{
    GS_API_REQUIRE(error, request);
    GS_API_REQUIRE_BYTES(error, bytes, size);
    return replace(&request->query, "query", bytes, size, error);
}

enum gaosou_status gaosou_request_set_filters(gaosou_request *request, const char *bytes,
                                              size_t size, gaosou_error *error)
{
    GS_API_REQUIRE(error, request);
    GS_API_REQUIRE_BYTES(error, bytes, size);
    return replace(&request->filters, "filters' text", bytes, size, error);
}

enum gaosou_status gaosou_request_set_cursor(gaosou_request *request, const char *bytes,
                                             size_t size, gaosou_error *error)
{
    GS_API_REQUIRE(error, request);
    GS_API_REQUIRE_BYTES(error, bytes, size);
    if (size > 0 && (size >= CURSOR_MAX || memchr(bytes, 0, size)))
        return gs_api_fail(error, GAOSOU_E_QUERY, "this is no cursor");
    enum gaosou_status status = replace(&request->cursor, "cursor", bytes, size, error);
    if (status != GAOSOU_OK || size == 0)
        return status;
    gs_buf_append_u8(&request->cursor, 0);
    if (gs_buf_status(&request->cursor) == GAOSOU_OK)
        return GAOSOU_OK;
    gs_buf_release(&request->cursor);
    return gs_api_fail(error, GAOSOU_E_NOMEM, "out of memory (%zu bytes wanted)", size);
}

enum gaosou_status gaosou_request_add_facet(gaosou_request *request, const char *name, size_t size,
                                            gaosou_error *error)
{
    GS_API_REQUIRE(error, request);
    GS_API_REQUIRE_BYTES(error, name, size);
    struct gs_buf *names = &request->facet_names;
    if (request->asked.facet_count == GS_FACETS_MAX)
        return gs_api_fail(error, GAOSOU_E_LIMIT, "more than %d facets", GS_FACETS_MAX);
    if (size == 0 || size > GS_REQUEST_NAME_MAX || memchr(name, 0, size))
        return gs_api_fail(error, GAOSOU_E_USE, "a facet's name has 1 to %zu bytes, none of them 0",
                           GS_REQUEST_NAME_MAX);
    size_t before = names->size;
    gs_buf_append(names, name, size);
    gs_buf_append_u8(names, 0);
    if (gs_buf_status(names) != GAOSOU_OK) {
        names->status = GAOSOU_OK;
        names->size = before;
        return gs_api_fail(error, GAOSOU_E_NOMEM, "out of memory (%zu bytes wanted)", size);
    }
    request->asked.facet_count++;
    return GAOSOU_OK;
}

enum gaosou_status gaosou_request_set_synonyms(gaosou_request *request, const char *bytes,
                                               size_t size, gaosou_error *error)
{
    GS_API_REQUIRE(error, request);
    GS_API_REQUIRE_BYTES(error, bytes, size);
    struct gs_err err = {0};
    struct gs_synonyms *synonyms = NULL;
    enum gaosou_status status = GAOSOU_OK;
    if (size > 0)
        status = gs_synonyms_read(&synonyms, bytes, size, "synonyms", &err);
    if (status != GAOSOU_OK)
        return gs_api_return(error, status, &err);
    gs_synonyms_free(request->synonyms);
    request->synonyms = synonyms;
    return GAOSOU_OK;
}

enum gaosou_status gaosou_request_set_ranking(gaosou_request *request, const char *names,
                                              size_t size, gaosou_error *error)
{
    GS_API_REQUIRE(error, request);
    GS_API_REQUIRE_BYTES(error, names, size);
    if (gs_ranking_read(names, size, &request->asked.search.ranking))
        return GAOSOU_OK;
    return gs_api_fail(error, GAOSOU_E_USE,
                       "'%.*s' is no ranking: plain, full, or some of title, proximity, stop, "
                       "passages with commas between them",
                       size > 100 ? 100 : (int)size, names);
}

/* What a line of a batch asks for, into the request's own buffers. */
static enum gaosou_status take_line(gaosou_request *request, const struct gs_request *asked,
                                    gaosou_error *error)
{
    enum gaosou_status status =
        gaosou_request_set_query(request, asked->text, asked->text_size, error);
    if (status == GAOSOU_OK)
        status = gaosou_request_set_filters(request, asked->filters, asked->filters_size, error);
    if (status == GAOSOU_OK && asked->cursor)
        status = gaosou_request_set_cursor(request, asked->cursor, strlen(asked->cursor), error);
    for (size_t i = 0; i < asked->facet_count && status == GAOSOU_OK; i++) {
        const char *name = asked->facets[i].name;
        status = gaosou_request_add_facet(request, name, strlen(name), error);
    }
    size_t facet_count = request->asked.facet_count;
    request->asked = *asked;
    request->asked.facet_count = facet_count;
    return status;
}

enum gaosou_status gaosou_request_read_json(gaosou_request *request, const char *json, size_t size,
                                            gaosou_error *error)
{
    GS_API_REQUIRE(error, request);
    GS_API_REQUIRE(error, json);
    struct gs_batch_line line;
    struct gs_err err = {0};
    struct gs_request defaults = gs_request_defaults();
    gaosou_request_clear(request);
    gs_batch_line_init(&line);
    enum gaosou_status status =
        gs_batch_line_read_json(&line, &defaults, (const uint8_t *)json, size, &err);
    if (status != GAOSOU_OK)
        status = gs_api_return(error, status, &err);
    else
        status = take_line(request, &line.request, error);
    if (status != GAOSOU_OK)
        gaosou_request_clear(request);
    gs_batch_line_release(&line);
    return status;
}

/* ---- numbers ---- */

enum gaosou_status gaosou_request_set_fragments(gaosou_request *request, size_t fragments,
                                                size_t context, gaosou_error *error)
{
    GS_API_REQUIRE(error, request);
    if (context > GS_REQUEST_CONTEXT_MAX)
        return gs_api_fail(error, GAOSOU_E_USE, "%zu sentences of context: at most %d", context,
                           GS_REQUEST_CONTEXT_MAX);
    request->asked.fragments = fragments;
    request->asked.context = context;
    return GAOSOU_OK;
}

void gaosou_request_set_together(gaosou_request *request, int yes)
{
    if (!request)
        return;
    request->asked.together = yes != 0;
}

void gaosou_request_set_utf16(gaosou_request *request, int yes)
{
    if (!request)
        return;
    request->asked.utf16 = yes != 0;
}

void gaosou_request_set_explain(gaosou_request *request, int yes)
{
    if (!request)
        return;
    request->asked.explain = yes != 0;
}

void gaosou_request_set_facet_limit(gaosou_request *request, size_t limit)
{
    if (!request)
        return;
    request->asked.search.facet_limit = limit;
}

void gaosou_request_set_limit(gaosou_request *request, size_t limit)
{
    if (!request)
        return;
    request->asked.search.limit = limit;
}

void gaosou_request_set_offset(gaosou_request *request, size_t offset)
{
    if (!request)
        return;
    request->asked.search.offset = offset;
}

void gaosou_request_set_timeout(gaosou_request *request, uint64_t microseconds)
{
    if (!request)
        return;
    request->asked.timeout_ns = microseconds > UINT64_MAX / 2000 ? 0 : microseconds * 1000;
}

enum gaosou_status gaosou_request_set_min_match(gaosou_request *request, size_t count, int percent,
                                                gaosou_error *error)
{
    GS_API_REQUIRE(error, request);
    if (percent < 0 || percent > 100)
        return gs_api_fail(error, GAOSOU_E_USE, "percent = %d: 0 for no, 1 for yes", percent);
    if (percent && count > 100)
        return gs_api_fail(error, GAOSOU_E_USE, "%zu percent: at most 100", count);
    request->asked.search.min_match = count;
    request->asked.search.min_match_percent = percent != 0;
    return GAOSOU_OK;
}

enum gaosou_status gaosou_request_set_bm25(gaosou_request *request, double k1, double b,
                                           gaosou_error *error)
{
    GS_API_REQUIRE(error, request);
    if (!isfinite(k1) || k1 < 0 || !(b >= 0 && b <= 1))
        return gs_api_fail(error, GAOSOU_E_USE, "k1 = %g, b = %g: k1 is from 0 on, b from 0 to 1",
                           k1, b);
    request->asked.search.k1 = k1;
    request->asked.search.b = b;
    return GAOSOU_OK;
}

void gaosou_request_set_unknown(gaosou_request *request, int yes)
{
    if (!request)
        return;
    request->asked.search.take_unknown = yes != 0;
}

void gaosou_request_set_collapse(gaosou_request *request, int yes)
{
    if (!request)
        return;
    request->asked.search.collapse = yes != 0;
}

void gaosou_request_set_exact(gaosou_request *request, int yes)
{
    if (!request)
        return;
    request->asked.search.count_all = yes != 0;
}

void gaosou_request_set_no_fragments(gaosou_request *request, int yes)
{
    if (!request)
        return;
    request->asked.no_fragments = yes != 0;
}

/* ---- one of several: the public numbers are the engine's ---- */

_Static_assert((int)GAOSOU_MODE_SYNTAX == (int)GS_QUERY_SYNTAX &&
                   (int)GAOSOU_MODE_LITERAL == (int)GS_QUERY_LITERAL &&
                   (int)GAOSOU_MODE_ANY == (int)GS_QUERY_ANY,
               "modes");
_Static_assert((int)GAOSOU_SORT_SCORE == (int)GS_SORT_SCORE &&
                   (int)GAOSOU_SORT_NEWEST == (int)GS_SORT_NEWEST &&
                   (int)GAOSOU_SORT_OLDEST == (int)GS_SORT_OLDEST &&
                   (int)GAOSOU_SORT_CODE == (int)GS_SORT_CODE &&
                   (int)GAOSOU_SORT_LENGTH == (int)GS_SORT_LENGTH,
               "sorts");
_Static_assert((int)GAOSOU_TIES_CLOSEST == (int)GS_TIES_CLOSEST &&
                   (int)GAOSOU_TIES_SEQUENCE == (int)GS_TIES_SEQUENCE,
               "ties");
_Static_assert((int)GAOSOU_WITHIN_FILING == (int)GS_WITHIN_FILING &&
                   (int)GAOSOU_WITHIN_SENTENCE == (int)GS_WITHIN_SENTENCE &&
                   (int)GAOSOU_WITHIN_PARAGRAPH == (int)GS_WITHIN_PARAGRAPH,
               "places");

/* Numbers from 0 to last are known. */
static enum gaosou_status check_choice(const char *what, unsigned value, unsigned last,
                                       gaosou_error *error)
{
    if (value <= last)
        return GAOSOU_OK;
    return gs_api_fail(error, GAOSOU_E_USE, "%d is no %s", (int)value, what);
}

enum gaosou_status gaosou_request_set_mode(gaosou_request *request, enum gaosou_mode mode,
                                           gaosou_error *error)
{
    GS_API_REQUIRE(error, request);
    enum gaosou_status status = check_choice("mode", (unsigned)mode, GAOSOU_MODE_ANY, error);
    if (status == GAOSOU_OK)
        request->asked.mode = (enum gs_query_mode)mode;
    return status;
}

enum gaosou_status gaosou_request_set_language(gaosou_request *request,
                                               enum gaosou_language language, gaosou_error *error)
{
    GS_API_REQUIRE(error, request);
    enum gaosou_status status = check_choice("language", (unsigned)language, GAOSOU_CHINESE, error);
    if (status == GAOSOU_OK)
        request->asked.chinese = language == GAOSOU_CHINESE;
    return status;
}

enum gaosou_status gaosou_request_set_sort(gaosou_request *request, enum gaosou_sort sort,
                                           gaosou_error *error)
{
    GS_API_REQUIRE(error, request);
    enum gaosou_status status = check_choice("sort", (unsigned)sort, GAOSOU_SORT_LENGTH, error);
    if (status == GAOSOU_OK)
        request->asked.search.sort = (enum gs_sort)sort;
    return status;
}

enum gaosou_status gaosou_request_set_ties(gaosou_request *request, enum gaosou_ties ties,
                                           gaosou_error *error)
{
    GS_API_REQUIRE(error, request);
    enum gaosou_status status =
        check_choice("order of ties", (unsigned)ties, GAOSOU_TIES_SEQUENCE, error);
    if (status == GAOSOU_OK)
        request->asked.search.ties = (enum gs_ties)ties;
    return status;
}

enum gaosou_status gaosou_request_set_within(gaosou_request *request, enum gaosou_within within,
                                             gaosou_error *error)
{
    GS_API_REQUIRE(error, request);
    enum gaosou_status status =
        check_choice("place", (unsigned)within, GAOSOU_WITHIN_PARAGRAPH, error);
    if (status == GAOSOU_OK)
        request->asked.within = (enum gs_query_within)within;
    return status;
}
