/* gaosou.h, searching: answers, hits, fragments, JSON, refreshing, threads. */
#include "tests/support/api_filings.h"
#include "tests/support/test.h"

#include <pthread.h>

static const struct api_filing filings[] = {
    {"a", "云帆精工2023年年度报告", "688999", "云帆精工", "2024-04-20", "年度报告",
     "公司净利润增长。营业收入也增长。研发人员一百人。"},
    {"b", "星河制药年度报告", "600999", "星河制药", "2023-04-18", "年度报告",
     "净利润下降。净利润下降的原因是研发费用增加。"},
    {"c", "蓝鲸航运关于诉讼的公告", "601999", "蓝鲸航运", NULL, "诉讼仲裁公告",
     "公司收到法院传票。"},
};

struct state {
    char *folder, *index;
    gaosou_error *error;
    gaosou_searcher *searcher;
    gaosou_session *session;
    gaosou_request *request;
    const gaosou_result *result;
};

static int setup(void **state)
{
    struct state *s = calloc(1, sizeof(*s));
    s->folder = test_folder_create();
    s->index = test_path(s->folder, "index");
    s->error = gaosou_error_create();
    s->request = gaosou_request_create();
    *state = s;
    api_add(s->index, filings, GS_COUNT_OF(filings));
    if (gaosou_searcher_open(&s->searcher, s->index, s->error) != GAOSOU_OK)
        return -1;
    return gaosou_session_open(&s->session, s->searcher, s->error) == GAOSOU_OK ? 0 : -1;
}

static int teardown(void **state)
{
    struct state *s = *state;
    gaosou_request_free(s->request);
    gaosou_session_close(s->session);
    gaosou_searcher_close(s->searcher);
    gaosou_error_free(s->error);
    free(s->index);
    test_folder_remove(s->folder);
    free(s);
    return 0;
}

static enum gaosou_status ask(struct state *s, const char *query)
{
    assert_ok(gaosou_request_set_query(s->request, query, strlen(query), s->error));
    return gaosou_session_search(s->session, s->request, &s->result, s->error);
}

static void search(struct state *s, const char *query)
{
    assert_ok(ask(s, query));
}

/* The text of a field, as a string that lives until the next call. */
static const char *field(const gaosou_hit *hit, enum gaosou_field f)
{
    static char text[256];
    size_t size;
    const char *bytes = gaosou_hit_field(hit, f, &size);
    snprintf(text, sizeof(text), "%.*s", (int)size, bytes ? bytes : "");
    return text;
}

static const gaosou_hit *hit_at(struct state *s, size_t index)
{
    const gaosou_hit *hit;
    assert_ok(gaosou_result_hit(s->result, index, &hit, s->error));
    return hit;
}

static void test_answer(void **state)
{
    struct state *s = *state;
    int exact = 0;
    search(s, "净利润");
    assert_int_equal(gaosou_result_commit(s->result), 1);
    assert_int_equal(gaosou_result_total(s->result, &exact), 2);
    assert_true(exact);
    assert_int_equal(gaosou_result_occurrences(s->result, &exact), 3);
    assert_true(exact);
    assert_string_equal(gaosou_result_read_as(s->result), "Read as: 净利润");
    assert_false(gaosou_result_is_partial(s->result));
    assert_false(gaosou_result_is_continued(s->result));
    assert_int_equal(gaosou_result_hit_count(s->result), 2);
    const gaosou_hit *hit = hit_at(s, 0);
    assert_int_equal(gaosou_hit_rank(hit), 1);
    assert_true(gaosou_hit_score(hit) > 0);
    assert_string_equal(field(hit, GAOSOU_FIELD_ID), "b");
    assert_string_equal(field(hit, GAOSOU_FIELD_NAME), "星河制药");
    assert_string_equal(field(hit, GAOSOU_FIELD_DATE), "2023-04-18");
    assert_null(gaosou_hit_field(hit, GAOSOU_FIELD_URL, NULL));
    assert_null(gaosou_hit_field(hit, (enum gaosou_field)77, NULL));
    const char *text;
    uint64_t count;
    assert_true(gaosou_hit_term(hit, 0, &text, &count));
    assert_string_equal(text, "净利润");
    assert_int_equal(count, 2);
    assert_false(gaosou_hit_term(hit, 1, &text, &count));
    assert_null(gaosou_hit_unsearched(hit));
    assert_null(gaosou_hit_duplicate(hit, 0, NULL));
    assert_string_equal(field(hit_at(s, 1), GAOSOU_FIELD_ID), "a");
    assert_status(gaosou_result_hit(s->result, 2, &hit, s->error), GAOSOU_E_USE);
}

static void test_fragments(void **state)
{
    struct state *s = *state;
    search(s, "研发人员");
    const gaosou_hit *hit = hit_at(s, 0);
    size_t size, start, end;
    assert_int_equal(gaosou_hit_fragment_count(hit), 1);
    const char *text = gaosou_hit_fragment(hit, 0, &size);
    assert_true(gaosou_hit_span(hit, 0, 0, &start, &end));
    assert_true(end <= size);
    assert_int_equal(end - start, strlen("研发人员"));
    assert_memory_equal(text + start, "研发人员", end - start);
    assert_false(gaosou_hit_span(hit, 0, 1, &start, &end));
    assert_int_equal(gaosou_hit_fragment_page(hit, 0), 0);
    assert_null(gaosou_hit_fragment(hit, 1, &size));
    gaosou_request_set_no_fragments(s->request, 1);
    search(s, "研发人员");
    assert_int_equal(gaosou_hit_fragment_count(hit_at(s, 0)), 0);
}

static void test_modes_and_pages(void **state)
{
    struct state *s = *state;
    assert_ok(gaosou_request_set_mode(s->request, GAOSOU_MODE_ANY, s->error));
    search(s, "法院的净利润？");
    assert_int_equal(gaosou_result_hit_count(s->result), 3);
    assert_ok(gaosou_request_set_mode(s->request, GAOSOU_MODE_LITERAL, s->error));
    search(s, "净利润 AND 增长");
    assert_int_equal(gaosou_result_hit_count(s->result), 0);
    gaosou_request_clear(s->request);
    gaosou_request_set_limit(s->request, 1);
    gaosou_request_set_offset(s->request, 1);
    gaosou_request_set_exact(s->request, 1);
    assert_ok(gaosou_request_set_language(s->request, GAOSOU_CHINESE, s->error));
    search(s, "公司 | 净利润");
    assert_int_equal(gaosou_result_total(s->result, NULL), 3);
    assert_int_equal(gaosou_result_hit_count(s->result), 1);
    assert_int_equal(gaosou_hit_rank(hit_at(s, 0)), 2);
    assert_string_equal(gaosou_result_read_as(s->result), "读作：公司 或 净利润");
}

static void test_unjudged(void **state)
{
    struct state *s = *state;
    const char *name;
    uint64_t count;
    search(s, "公司 date:2024");
    assert_int_equal(gaosou_result_total(s->result, NULL), 1);
    assert_true(gaosou_result_unjudged(s->result, 0, &name, &count));
    assert_string_equal(name, "date");
    assert_int_equal(count, 1);
    assert_false(gaosou_result_unjudged(s->result, 1, &name, &count));
    assert_false(gaosou_result_unsearched(s->result, 0, &name, &count));
    gaosou_request_set_unknown(s->request, 1);
    search(s, "公司 date:2024");
    assert_int_equal(gaosou_result_total(s->result, NULL), 2);
    assert_false(gaosou_result_unjudged(s->result, 0, &name, &count));
}

static void test_json(void **state)
{
    struct state *s = *state;
    const char *json;
    size_t size;
    search(s, "净利润");
    assert_ok(gaosou_result_json(s->result, &json, &size, s->error));
    assert_int_equal(strlen(json), size);
    assert_non_null(
        strstr(json, "{\"query\":\"净利润\",\"read_as\":\"Read as: 净利润\",\"total\":2,"));
    assert_non_null(strstr(json, "\"terms\":{\"净利润\":2}"));
    assert_int_equal(json[size - 1], '}');
    search(s, "没有的词");
    assert_ok(gaosou_result_json(s->result, &json, &size, s->error));
    assert_non_null(strstr(json, "\"hits\":[],\"nothing_found\":{"));
}

static enum gaosou_status read_json(struct state *s, const char *json)
{
    return gaosou_request_read_json(s->request, json, strlen(json), s->error);
}

static void test_request_from_json(void **state)
{
    struct state *s = *state;
    assert_ok(read_json(s, "{\"q\":\"公司\",\"filters\":[\"date:2024\"],\"unknown\":true,"
                           "\"limit\":1,\"facets\":[\"type\",\"year\"]}"));
    assert_ok(gaosou_session_search(s->session, s->request, &s->result, s->error));
    assert_int_equal(gaosou_result_total(s->result, NULL), 2);
    assert_int_equal(gaosou_result_hit_count(s->result), 1);
    const char *name, *value;
    size_t values, size;
    uint64_t more, unknown, count;
    assert_true(gaosou_result_facet(s->result, 0, &name, &values, &more, &unknown));
    assert_string_equal(name, "type");
    assert_int_equal(values, 2);
    assert_true(gaosou_result_facet(s->result, 1, &name, &values, &more, &unknown));
    assert_string_equal(name, "year");
    assert_int_equal(unknown, 1);
    assert_true(gaosou_result_facet_value(s->result, 1, 0, &value, &size, &count));
    assert_int_equal(size, 4);
    assert_memory_equal(value, "2024", 4);
    assert_int_equal(count, 1);
    assert_false(gaosou_result_facet_value(s->result, 1, 1, &value, &size, &count));
    assert_false(gaosou_result_facet(s->result, 2, &name, &values, &more, &unknown));
    assert_status(read_json(s, "{\"q\":1}"), GAOSOU_E_INPUT);
    assert_status(read_json(s, "公司"), GAOSOU_E_INPUT);
    assert_status(read_json(s, "{\"q\":\"公司\",\"limit\":\"x\"}"), GAOSOU_E_USE);
    search(s, "公司"); /* as new */
    assert_int_equal(gaosou_result_hit_count(s->result), 2);
}

static void test_synonyms_and_sort(void **state)
{
    struct state *s = *state;
    static const char rules[] = "纯利 => 净利润\n";
    search(s, "纯利");
    assert_int_equal(gaosou_result_total(s->result, NULL), 0);
    assert_ok(gaosou_request_set_synonyms(s->request, rules, sizeof(rules) - 1, s->error));
    search(s, "纯利");
    assert_int_equal(gaosou_result_total(s->result, NULL), 2);
    assert_ok(gaosou_request_set_sort(s->request, GAOSOU_SORT_OLDEST, s->error));
    search(s, "纯利");
    assert_string_equal(field(hit_at(s, 0), GAOSOU_FIELD_ID), "b");
    assert_ok(gaosou_request_set_sort(s->request, GAOSOU_SORT_NEWEST, s->error));
    search(s, "纯利");
    assert_string_equal(field(hit_at(s, 0), GAOSOU_FIELD_ID), "a");
    assert_ok(gaosou_request_set_ranking(s->request, "plain", 5, s->error));
    assert_status(gaosou_request_set_ranking(s->request, "best", 4, s->error), GAOSOU_E_USE);
    assert_status(gaosou_request_set_fragments(s->request, 1, 5000, s->error), GAOSOU_E_USE);
    assert_ok(gaosou_request_set_fragments(s->request, GAOSOU_ALL, 1, s->error));
    assert_ok(gaosou_request_set_synonyms(s->request, NULL, 0, s->error));
    search(s, "纯利");
    assert_int_equal(gaosou_result_total(s->result, NULL), 0);
}

static void test_errors(void **state)
{
    struct state *s = *state;
    gaosou_searcher *none = NULL;
    assert_status(ask(s, "(净利润"), GAOSOU_E_QUERY);
    assert_non_null(strstr(gaosou_error_text(s->error), "1"));
    search(s, "净利润"); /* the next one is as good as any */
    char *nothing = test_path(s->folder, "nothing");
    assert_status(gaosou_searcher_open(&none, nothing, s->error), GAOSOU_E_NOT_FOUND);
    free(nothing);
    assert_null(none);
    assert_status(gaosou_request_set_mode(s->request, (enum gaosou_mode)9, s->error), GAOSOU_E_USE);
    assert_status(gaosou_request_set_sort(s->request, (enum gaosou_sort)9, s->error), GAOSOU_E_USE);
    assert_status(gaosou_request_set_ties(s->request, (enum gaosou_ties) - 1, s->error),
                  GAOSOU_E_USE);
    assert_status(gaosou_request_set_within(s->request, (enum gaosou_within)9, s->error),
                  GAOSOU_E_USE);
    assert_status(gaosou_request_set_bm25(s->request, -1, 0.5, s->error), GAOSOU_E_USE);
    assert_status(gaosou_request_set_bm25(s->request, 1, 0.0 / 0.0, s->error), GAOSOU_E_USE);
    assert_status(gaosou_request_set_min_match(s->request, 101, 1, s->error), GAOSOU_E_USE);
    assert_status(gaosou_request_add_facet(s->request, "", 0, s->error), GAOSOU_E_USE);
    assert_status(gaosou_request_set_cursor(s->request, "a\0b", 3, s->error), GAOSOU_E_QUERY);
    size_t size = ((size_t)1 << 20) + 1;
    char *large = calloc(1, size);
    assert_status(gaosou_request_set_query(s->request, large, size, s->error), GAOSOU_E_LIMIT);
    free(large);
    const gaosou_hit *hit;
    assert_status(gaosou_session_find(s->session, "zz", 2, &hit, s->error), GAOSOU_E_NOT_FOUND);
}

static void test_refresh(void **state)
{
    struct state *s = *state;
    static const struct api_filing more[] = {{.id = "d", .text = "新的净利润。"},
                                             {.id = "a", .text = "已更正。"}};
    int changed = -1;
    search(s, "净利润");
    assert_ok(gaosou_searcher_refresh(s->searcher, &changed, s->error));
    assert_int_equal(changed, 0);
    api_add(s->index, more, GS_COUNT_OF(more));
    assert_ok(gaosou_searcher_refresh(s->searcher, &changed, s->error));
    assert_int_equal(changed, 1);
    assert_int_equal(gaosou_searcher_commit(s->searcher), 2);
    assert_int_equal(gaosou_searcher_filings(s->searcher), 4);
    /* The answer is still that of before. */
    assert_int_equal(gaosou_result_commit(s->result), 1);
    assert_string_equal(field(hit_at(s, 1), GAOSOU_FIELD_ID), "a");
    search(s, "净利润");
    assert_int_equal(gaosou_result_commit(s->result), 2);
    assert_string_equal(field(hit_at(s, 0), GAOSOU_FIELD_ID), "d");
    char *command = test_path(s->index, "manifest");
    remove(command);
    free(command);
    assert_int_not_equal(gaosou_searcher_refresh(s->searcher, &changed, s->error), GAOSOU_OK);
    search(s, "净利润"); /* goes on with what it has */
    assert_int_equal(gaosou_result_total(s->result, NULL), 2);
}

/* ---- threads ---- */

#define THREADS 4
#define ROUNDS  40

struct worker {
    gaosou_searcher *searcher;
    pthread_t thread;
    const char *failure; /* NULL: none */
};

/* One search and all of its hits; what went wrong, or NULL. */
static const char *search_once(gaosou_session *session, const gaosou_request *request)
{
    const gaosou_result *result;
    const gaosou_hit *hit;
    const char *json, *text;
    size_t size;
    if (gaosou_session_search(session, request, &result, NULL) != GAOSOU_OK)
        return "search";
    if (gaosou_result_total(result, NULL) < 2)
        return "total";
    for (size_t i = 0; i < gaosou_result_hit_count(result); i++) {
        if (gaosou_result_hit(result, i, &hit, NULL) != GAOSOU_OK ||
            gaosou_hit_fragment_count(hit) == 0)
            return "hit";
    }
    if (gaosou_result_json(result, &json, &size, NULL) != GAOSOU_OK)
        return "json";
    return gaosou_session_text(session, "b", 1, &text, &size, NULL) == GAOSOU_OK ? NULL : "text";
}

static void *search_on(void *context)
{
    struct worker *w = context;
    gaosou_session *session;
    gaosou_request *request = gaosou_request_create();
    if (gaosou_session_open(&session, w->searcher, NULL) != GAOSOU_OK ||
        gaosou_request_set_query(request, "净利润", strlen("净利润"), NULL) != GAOSOU_OK)
        w->failure = "open";
    for (int i = 0; i < ROUNDS && !w->failure; i++) {
        w->failure = search_once(session, request);
        int changed;
        if (i % 8 == 0 && gaosou_searcher_refresh(w->searcher, &changed, NULL) != GAOSOU_OK)
            w->failure = "refresh";
    }
    gaosou_request_free(request);
    gaosou_session_close(session);
    return NULL;
}

/* Searches and refreshes go on while another thread commits. */
static void test_threads(void **state)
{
    struct state *s = *state;
    struct worker workers[THREADS];
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.searcher = s->searcher};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, search_on, &workers[i]), 0);
    }
    for (int i = 0; i < 5; i++) {
        char id[8];
        snprintf(id, sizeof(id), "n%d", i);
        const struct api_filing one = {.id = id, .text = "又一份净利润公告。"};
        api_add(s->index, &one, 1);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        if (workers[i].failure)
            test_fail("thread %d: %s", i, workers[i].failure);
    }
    assert_ok(gaosou_searcher_refresh(s->searcher, NULL, s->error));
    search(s, "净利润");
    assert_int_equal(gaosou_result_total(s->result, NULL), 7);
}

/* What is asked for beside the hits: the filing as a whole, a hit as JSON, together, explain. */
static void test_more_of_an_answer(void **state)
{
    struct state *s = *state;
    const char *json;
    size_t size;
    uint64_t sentence = 0, paragraph = 0;
    gaosou_request_set_together(s->request, 1);
    gaosou_request_set_explain(s->request, 1);
    search(s, "净利润 研发费用");
    assert_true(gaosou_result_together(s->result, &sentence, &paragraph));
    assert_int_equal(sentence, 1);
    assert_int_equal(paragraph, 1);
    const gaosou_hit *hit = hit_at(s, 0);
    assert_int_equal(gaosou_hit_page(hit), gaosou_hit_fragment_page(hit, 0));
    assert_null(gaosou_hit_label(hit, &size));
    assert_null(gaosou_hit_section(hit, &size));
    assert_ok(gaosou_hit_json(hit, &json, &size, s->error));
    assert_int_equal(strlen(json), size);
    assert_non_null(strstr(json, "\"id\":\"b\""));
    assert_ok(gaosou_result_json(s->result, &json, &size, s->error));
    assert_non_null(strstr(json, "\"explain\":{"));
    gaosou_request_clear(s->request);
    search(s, "净利润");
    assert_false(gaosou_result_together(s->result, NULL, NULL));
    /* Filters need no query beside them. */
    assert_ok(gaosou_request_set_filters(s->request, "code:600999", 11, s->error));
    search(s, "");
    assert_int_equal(gaosou_result_total(s->result, NULL), 1);
    assert_string_equal(field(hit_at(s, 0), GAOSOU_FIELD_ID), "b");
}

static const char *why_not(struct state *s, const char *query, const char *id)
{
    const char *json;
    size_t size;
    assert_ok(gaosou_request_set_query(s->request, query, strlen(query), s->error));
    assert_ok(
        gaosou_session_why_not(s->session, s->request, id, strlen(id), &json, &size, s->error));
    assert_int_equal(strlen(json), size);
    return json;
}

static void test_why_not(void **state)
{
    struct state *s = *state;
    const char *json;
    assert_non_null(strstr(why_not(s, "净利润", "a"), "\"rank\":2"));
    assert_non_null(strstr(why_not(s, "净利润", "c"), "\"c\""));
    assert_non_null(strstr(why_not(s, "净利润", "none"), "\"none\""));
    assert_ok(gaosou_request_set_query(s->request, "(净", 4, s->error));
    assert_status(gaosou_session_why_not(s->session, s->request, "a", 1, &json, NULL, s->error),
                  GAOSOU_E_QUERY);
    search(s, "净利润");
    assert_int_equal(gaosou_result_total(s->result, NULL), 2);
}

#define REFUSED(call)                                                                              \
    do {                                                                                           \
        assert_status(call, GAOSOU_E_USE);                                                         \
        assert_non_null(strstr(gaosou_error_text(s->error), "NULL"));                              \
    } while (0)

/* Setters of a request, without it, and with bytes that are not there. */
static void test_no_request(void **state)
{
    struct state *s = *state;
    gaosou_request *r = s->request;
    gaosou_error *e = s->error;
    REFUSED(gaosou_request_read_json(NULL, "{}", 2, e));
    REFUSED(gaosou_request_read_json(r, NULL, 2, e));
    REFUSED(gaosou_request_set_query(NULL, "a", 1, e));
    REFUSED(gaosou_request_set_query(r, NULL, 1, e));
    assert_ok(gaosou_request_set_query(r, NULL, 0, e));
    REFUSED(gaosou_request_set_filters(NULL, "a", 1, e));
    REFUSED(gaosou_request_set_filters(r, NULL, 1, e));
    REFUSED(gaosou_request_set_cursor(NULL, "a", 1, e));
    REFUSED(gaosou_request_set_cursor(r, NULL, 1, e));
    REFUSED(gaosou_request_add_facet(NULL, "code", 4, e));
    REFUSED(gaosou_request_add_facet(r, NULL, 4, e));
    REFUSED(gaosou_request_set_synonyms(NULL, "a,b", 3, e));
    REFUSED(gaosou_request_set_synonyms(r, NULL, 3, e));
    REFUSED(gaosou_request_set_ranking(NULL, "full", 4, e));
    REFUSED(gaosou_request_set_ranking(r, NULL, 4, e));
    REFUSED(gaosou_request_set_mode(NULL, GAOSOU_MODE_ANY, e));
    REFUSED(gaosou_request_set_language(NULL, GAOSOU_CHINESE, e));
    REFUSED(gaosou_request_set_sort(NULL, GAOSOU_SORT_CODE, e));
    REFUSED(gaosou_request_set_ties(NULL, GAOSOU_TIES_CLOSEST, e));
    REFUSED(gaosou_request_set_within(NULL, GAOSOU_WITHIN_FILING, e));
    REFUSED(gaosou_request_set_min_match(NULL, 1, 0, e));
    REFUSED(gaosou_request_set_fragments(NULL, 1, 0, e));
    REFUSED(gaosou_request_set_bm25(NULL, 1, 0.5, e));
    assert_status(gaosou_request_set_min_match(r, 101, 1, e), GAOSOU_E_USE);
    assert_status(gaosou_request_set_min_match(r, 5, -1, e), GAOSOU_E_USE);
    assert_status(gaosou_request_set_min_match(r, 5, 101, e), GAOSOU_E_USE);
    gaosou_request_clear(NULL);
    gaosou_request_set_facet_limit(NULL, 1);
    gaosou_request_set_limit(NULL, 1);
    gaosou_request_set_offset(NULL, 1);
    gaosou_request_set_timeout(NULL, 1);
    static void (*const flags[])(gaosou_request *, int) = {
        gaosou_request_set_unknown, gaosou_request_set_collapse,     gaosou_request_set_exact,
        gaosou_request_set_explain, gaosou_request_set_no_fragments, gaosou_request_set_together,
        gaosou_request_set_utf16,
    };
    for (size_t i = 0; i < GS_COUNT_OF(flags); i++)
        flags[i](NULL, 1);
}

static void test_no_searcher(void **state)
{
    struct state *s = *state;
    gaosou_error *e = s->error;
    gaosou_searcher *searcher;
    gaosou_session *session;
    const gaosou_hit *hit;
    const char *text;
    size_t size;
    REFUSED(gaosou_searcher_open(NULL, s->index, e));
    REFUSED(gaosou_searcher_open(&searcher, NULL, e));
    REFUSED(gaosou_searcher_refresh(NULL, NULL, e));
    REFUSED(gaosou_session_open(NULL, s->searcher, e));
    REFUSED(gaosou_session_open(&session, NULL, e));
    REFUSED(gaosou_session_search(NULL, s->request, &s->result, e));
    REFUSED(gaosou_session_search(s->session, NULL, &s->result, e));
    REFUSED(gaosou_session_search(s->session, s->request, NULL, e));
    REFUSED(gaosou_session_find(NULL, "a", 1, &hit, e));
    REFUSED(gaosou_session_find(s->session, NULL, 1, &hit, e));
    REFUSED(gaosou_session_find(s->session, "a", 1, NULL, e));
    assert_status(gaosou_session_find(s->session, NULL, 0, &hit, e), GAOSOU_E_NOT_FOUND);
    REFUSED(gaosou_session_text(NULL, "a", 1, &text, &size, e));
    REFUSED(gaosou_session_text(s->session, NULL, 1, &text, &size, e));
    REFUSED(gaosou_session_text(s->session, "a", 1, NULL, &size, e));
    REFUSED(gaosou_session_text(s->session, "a", 1, &text, NULL, e));
    REFUSED(gaosou_session_why_not(NULL, s->request, "a", 1, &text, &size, e));
    REFUSED(gaosou_session_why_not(s->session, NULL, "a", 1, &text, &size, e));
    REFUSED(gaosou_session_why_not(s->session, s->request, NULL, 1, &text, &size, e));
    REFUSED(gaosou_session_why_not(s->session, s->request, "a", 1, NULL, &size, e));
    assert_int_equal(gaosou_searcher_commit(NULL), 0);
    assert_int_equal(gaosou_searcher_filings(NULL), 0);
    gaosou_searcher_close(NULL);
    gaosou_session_close(NULL);
    assert_int_equal(gaosou_error_status(NULL), GAOSOU_OK);
    assert_string_equal(gaosou_error_text(NULL), "");
}

static void test_no_result(void **state)
{
    struct state *s = *state;
    const gaosou_hit *hit;
    const char *text;
    size_t size;
    REFUSED(gaosou_result_hit(NULL, 0, &hit, s->error));
    REFUSED(gaosou_result_json(NULL, &text, &size, s->error));
    REFUSED(gaosou_hit_json(NULL, &text, &size, s->error));
    assert_int_equal(gaosou_result_commit(NULL), 0);
    assert_int_equal(gaosou_result_total(NULL, NULL), 0);
    assert_int_equal(gaosou_result_occurrences(NULL, NULL), 0);
    assert_int_equal(gaosou_result_collapsed(NULL), 0);
    assert_string_equal(gaosou_result_read_as(NULL), "");
    assert_false(gaosou_result_is_partial(NULL) || gaosou_result_is_continued(NULL));
    assert_null(gaosou_result_cursor(NULL));
    assert_int_equal(gaosou_result_took(NULL), 0);
    assert_int_equal(gaosou_result_hit_count(NULL), 0);
    assert_false(gaosou_result_together(NULL, NULL, NULL));
    assert_false(gaosou_result_unjudged(NULL, 0, NULL, NULL));
    assert_false(gaosou_result_unsearched(NULL, 0, NULL, NULL));
    assert_false(gaosou_result_facet(NULL, 0, NULL, NULL, NULL, NULL));
    assert_false(gaosou_result_facet_value(NULL, 0, 0, NULL, NULL, NULL));
    assert_int_equal(gaosou_hit_rank(NULL), 0);
    assert_true(gaosou_hit_score(NULL) == 0);
    assert_null(gaosou_hit_field(NULL, GAOSOU_FIELD_ID, NULL));
    assert_null(gaosou_hit_code(NULL, 0, NULL));
    assert_null(gaosou_hit_unsearched(NULL));
    assert_false(gaosou_hit_term(NULL, 0, NULL, NULL));
    assert_null(gaosou_hit_duplicate(NULL, 0, NULL));
    assert_int_equal(gaosou_hit_page(NULL), 0);
    assert_null(gaosou_hit_label(NULL, NULL));
    assert_null(gaosou_hit_section(NULL, NULL));
    assert_int_equal(gaosou_hit_fragment_count(NULL), 0);
    assert_null(gaosou_hit_fragment(NULL, 0, NULL));
    assert_false(gaosou_hit_span(NULL, 0, 0, NULL, NULL));
    assert_int_equal(gaosou_hit_fragment_page(NULL, 0), 0);
    assert_null(gaosou_hit_fragment_label(NULL, 0, NULL));
    assert_null(gaosou_hit_fragment_section(NULL, 0, NULL));
    search(s, "净利润");
    REFUSED(gaosou_result_hit(s->result, 0, NULL, s->error));
    REFUSED(gaosou_result_json(s->result, NULL, NULL, s->error));
    hit = hit_at(s, 0);
    REFUSED(gaosou_hit_json(hit, NULL, NULL, s->error));
    assert_true(gaosou_hit_term(hit, 0, NULL, NULL));
    assert_true(gaosou_hit_span(hit, 0, 0, NULL, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_answer, setup, teardown),
        cmocka_unit_test_setup_teardown(test_fragments, setup, teardown),
        cmocka_unit_test_setup_teardown(test_modes_and_pages, setup, teardown),
        cmocka_unit_test_setup_teardown(test_unjudged, setup, teardown),
        cmocka_unit_test_setup_teardown(test_json, setup, teardown),
        cmocka_unit_test_setup_teardown(test_request_from_json, setup, teardown),
        cmocka_unit_test_setup_teardown(test_synonyms_and_sort, setup, teardown),
        cmocka_unit_test_setup_teardown(test_errors, setup, teardown),
        cmocka_unit_test_setup_teardown(test_more_of_an_answer, setup, teardown),
        cmocka_unit_test_setup_teardown(test_why_not, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_request, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_searcher, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_result, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refresh, setup, teardown),
        cmocka_unit_test_setup_teardown(test_threads, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
