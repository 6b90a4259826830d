/* gaosou.h, writing: filings, commits, deletion, merging, misuse. */
#include "tests/support/api_filings.h"
#include "tests/support/test.h"

struct state {
    char *folder, *index;
    gaosou_error *error;
    gaosou_writer *writer;
    gaosou_filing *filing;
};

static int setup(void **state)
{
    struct state *s = calloc(1, sizeof(*s));
    s->folder = test_folder_create();
    s->index = test_path(s->folder, "index");
    s->error = gaosou_error_create();
    s->filing = gaosou_filing_create();
    *state = s;
    return gaosou_writer_open(&s->writer, s->index, GAOSOU_WRITER_CREATE, s->error) == GAOSOU_OK
               ? 0
               : -1;
}

static int teardown(void **state)
{
    struct state *s = *state;
    gaosou_writer_close(s->writer);
    gaosou_filing_free(s->filing);
    gaosou_error_free(s->error);
    free(s->index);
    test_folder_remove(s->folder);
    free(s);
    return 0;
}

static enum gaosou_status set(struct state *s, enum gaosou_field field, const char *value)
{
    return gaosou_filing_set(s->filing, field, value, strlen(value), s->error);
}

/* Live filings of the last commit. */
static uint64_t committed(struct state *s)
{
    gaosou_searcher *searcher;
    assert_ok(gaosou_searcher_open(&searcher, s->index, s->error));
    uint64_t filings = gaosou_searcher_filings(searcher);
    gaosou_searcher_close(searcher);
    return filings;
}

static void add(struct state *s, const char *id, const char *text)
{
    assert_ok(api_add_one(s->writer, &(struct api_filing){.id = id, .text = text}, s->error));
}

static bool remove_filing(struct state *s, const char *id)
{
    int found = -1;
    assert_ok(gaosou_writer_delete(s->writer, id, strlen(id), &found, s->error));
    return found == 1;
}

static void test_commit(void **state)
{
    struct state *s = *state;
    uint64_t number = 0;
    add(s, "a", "公司净利润增长。");
    add(s, "b", "公司营业收入下降。");
    assert_ok(gaosou_writer_commit(s->writer, &number, s->error));
    assert_int_equal(number, 1);
    assert_int_equal(committed(s), 2);
    assert_ok(gaosou_writer_commit(s->writer, &number, s->error));
    assert_int_equal(number, 1); /* nothing has changed */
    add(s, "a", "更正：净利润下降。");
    assert_int_equal(committed(s), 2); /* nothing is seen before the commit */
    assert_ok(gaosou_writer_commit(s->writer, &number, s->error));
    assert_int_equal(number, 2);
    assert_int_equal(committed(s), 2);
}

static void test_no_commit(void **state)
{
    struct state *s = *state;
    add(s, "a", "第一份。");
    assert_ok(gaosou_writer_commit(s->writer, NULL, s->error));
    add(s, "b", "第二份。");
    assert_true(remove_filing(s, "a"));
    gaosou_writer_close(s->writer);
    s->writer = NULL;
    assert_int_equal(committed(s), 1);
    assert_ok(gaosou_writer_open(&s->writer, s->index, 0, s->error));
    assert_true(remove_filing(s, "a"));
    assert_false(remove_filing(s, "b"));
}

static void test_empty_index(void **state)
{
    struct state *s = *state;
    uint64_t number = 0;
    assert_ok(gaosou_writer_commit(s->writer, &number, s->error));
    assert_int_equal(number, 1);
    assert_int_equal(committed(s), 0);
}

static void test_delete(void **state)
{
    struct state *s = *state;
    add(s, "a", "甲。");
    assert_true(remove_filing(s, "a")); /* just now */
    assert_false(remove_filing(s, "a"));
    add(s, "a", "乙。");
    add(s, "b", "丙。");
    assert_ok(gaosou_writer_commit(s->writer, NULL, s->error));
    assert_int_equal(committed(s), 2);
    add(s, "a", "丁。");
    assert_true(remove_filing(s, "a")); /* both, the one before it too */
    assert_true(remove_filing(s, "b")); /* long ago */
    assert_false(remove_filing(s, "c"));
    add(s, "b", "戊。");
    assert_ok(gaosou_writer_commit(s->writer, NULL, s->error));
    assert_int_equal(committed(s), 1);
}

static void test_merge(void **state)
{
    struct state *s = *state;
    for (int i = 0; i < 5; i++) {
        char id[8];
        snprintf(id, sizeof(id), "f%d", i);
        add(s, id, "分段的公告。");
        assert_ok(gaosou_writer_commit(s->writer, NULL, s->error));
    }
    assert_true(remove_filing(s, "f2"));
    assert_ok(gaosou_writer_merge(s->writer, GAOSOU_MERGE_ALL, s->error));
    assert_int_equal(committed(s), 4);
    assert_ok(gaosou_writer_merge(s->writer, GAOSOU_MERGE_SOME, s->error));
    assert_status(gaosou_writer_merge(s->writer, (enum gaosou_merge)7, s->error), GAOSOU_E_USE);
    add(s, "f9", "之后的公告。");
    assert_ok(gaosou_writer_commit(s->writer, NULL, s->error));
    assert_int_equal(committed(s), 5);
}

static void test_one_writer(void **state)
{
    struct state *s = *state;
    gaosou_writer *second = NULL;
    assert_status(gaosou_writer_open(&second, s->index, 0, s->error), GAOSOU_E_NOT_FOUND);
    assert_ok(gaosou_writer_commit(s->writer, NULL, s->error));
    assert_status(gaosou_writer_open(&second, s->index, 0, s->error), GAOSOU_E_BUSY);
    assert_int_equal(gaosou_error_status(s->error), GAOSOU_E_BUSY);
    assert_true(strlen(gaosou_error_text(s->error)) > 0);
    assert_status(gaosou_writer_open(&second, s->index, 8, s->error), GAOSOU_E_USE);
    assert_null(second);
}

/* What is refused leaves the filing's field and the writer as they were. */
static void test_refused(void **state)
{
    struct state *s = *state;
    char *long_id = malloc(5000);
    memset(long_id, 'x', 5000);
    assert_status(gaosou_filing_set(s->filing, GAOSOU_FIELD_ID, long_id, 5000, s->error),
                  GAOSOU_E_LIMIT);
    free(long_id);
    assert_status(set(s, GAOSOU_FIELD_ID, "a\nb"), GAOSOU_E_INPUT);
    assert_status(set(s, GAOSOU_FIELD_TITLE, "\xFF"), GAOSOU_E_ENCODING);
    assert_status(set(s, GAOSOU_FIELD_DATE, "2024-13-01"), GAOSOU_E_INPUT);
    assert_status(set(s, GAOSOU_FIELD_PERIOD, "some time"), GAOSOU_E_INPUT);
    assert_status(set(s, GAOSOU_FIELD_EXTRA, "[1]"), GAOSOU_E_INPUT);
    assert_status(set(s, GAOSOU_FIELD_EXTRA, "{\"title\":\"x\"}"), GAOSOU_E_INPUT);
    assert_status(set(s, (enum gaosou_field)99, "x"), GAOSOU_E_USE);
    assert_status(gaosou_filing_set_text(s->filing, "\xE5\xB9", 2, s->error), GAOSOU_E_ENCODING);
    assert_status(gaosou_filing_add_page(s->filing, "a\xC0", 2, s->error), GAOSOU_E_ENCODING);
    assert_status(gaosou_writer_add(s->writer, s->filing, 0, s->error), GAOSOU_E_USE); /* no id */
    assert_ok(set(s, GAOSOU_FIELD_ID, "a"));
    assert_status(gaosou_writer_add(s->writer, s->filing, 4, s->error), GAOSOU_E_USE);
    assert_status(gaosou_writer_set_threads(s->writer, 0, s->error), GAOSOU_E_USE);
    assert_status(gaosou_writer_set_memory(s->writer, 1, s->error), GAOSOU_E_USE);
    assert_ok(gaosou_writer_set_memory(s->writer, (uint64_t)64 << 20, s->error));
    size_t size = (size_t)5 << 20; /* more than a sixteenth of the memory */
    char *large = malloc(size);
    memset(large, 'x', size);
    assert_ok(gaosou_filing_set_text(s->filing, large, size, s->error));
    free(large);
    assert_status(gaosou_writer_add(s->writer, s->filing, 0, s->error), GAOSOU_E_LIMIT);
    assert_ok(gaosou_filing_set_text(s->filing, "短文", 6, s->error));
    assert_ok(gaosou_writer_add(s->writer, s->filing, 0, s->error));
    assert_status(gaosou_writer_set_threads(s->writer, 2, s->error), GAOSOU_E_USE);
    assert_ok(gaosou_writer_commit(s->writer, NULL, NULL));
    assert_int_equal(committed(s), 1);
}

static void test_no_error_object(void **state)
{
    struct state *s = *state;
    gaosou_writer *second = NULL;
    assert_status(gaosou_writer_open(&second, s->folder, 0, NULL), GAOSOU_E_NOT_INDEX);
    assert_status(gaosou_filing_set(s->filing, GAOSOU_FIELD_DATE, "x", 1, NULL), GAOSOU_E_INPUT);
    gaosou_writer_close(NULL);
    gaosou_filing_free(NULL);
    gaosou_error_free(NULL);
}

/* A filing from JSON, and one that is read by its text. */
static void test_json_and_derive(void **state)
{
    struct state *s = *state;
    static const char line[] =
        "{\"id\":\"j1\",\"title\":\"云帆精工2023年年度报告\",\"code\":\"688999\","
        "\"date\":\"2024-04-20\",\"text\":[\"第一页\",\"第二页\"],\"来源\":\"测试\"}";
    assert_ok(gaosou_filing_read_json(s->filing, line, sizeof(line) - 1, s->error));
    assert_ok(gaosou_writer_add(s->writer, s->filing, 0, s->error));
    static const char bad[] = "{\"id\":\"j2\",\"text\":\"x\",}";
    assert_status(gaosou_filing_read_json(s->filing, bad, sizeof(bad) - 1, s->error),
                  GAOSOU_E_INPUT);
    gaosou_filing_clear(s->filing);
    static const char text[] = "证券代码：600999 证券简称：星河制药\n星河制药股份有限公司\n"
                               "2023年年度报告\n本公司董事会保证年度报告内容真实、准确、完整。\n";
    assert_ok(set(s, GAOSOU_FIELD_ID, "d1"));
    assert_ok(gaosou_filing_set_text(s->filing, text, sizeof(text) - 1, s->error));
    assert_ok(gaosou_writer_add(s->writer, s->filing, GAOSOU_ADD_DERIVE, s->error));
    assert_ok(gaosou_writer_commit(s->writer, NULL, s->error));

    gaosou_searcher *searcher;
    gaosou_session *session;
    const gaosou_hit *hit;
    size_t size;
    assert_ok(gaosou_searcher_open(&searcher, s->index, s->error));
    assert_ok(gaosou_session_open(&session, searcher, s->error));
    assert_ok(gaosou_session_find(session, "d1", 2, &hit, s->error));
    const char *code = gaosou_hit_code(hit, 0, &size);
    assert_int_equal(size, 6);
    assert_memory_equal(code, "600999", 6);
    const char *type = gaosou_hit_field(hit, GAOSOU_FIELD_TYPE, &size);
    assert_non_null(type);
    assert_ok(gaosou_session_find(session, "j1", 2, &hit, s->error));
    const char *extra = gaosou_hit_field(hit, GAOSOU_FIELD_EXTRA, &size);
    assert_int_equal(size, strlen("{\"来源\":\"测试\"}"));
    assert_memory_equal(extra, "{\"来源\":\"测试\"}", size);
    const char *stored;
    assert_ok(gaosou_session_text(session, "j1", 2, &stored, &size, s->error));
    assert_string_equal(stored, "第一页\f第二页");
    assert_int_equal(size, strlen(stored));
    assert_ok(gaosou_session_text(session, "d1", 2, &stored, &size, s->error));
    assert_string_equal(stored, text);
    gaosou_session_close(session);
    gaosou_searcher_close(searcher);
}

static void test_pages(void **state)
{
    struct state *s = *state;
    gaosou_searcher *searcher;
    gaosou_session *session;
    const char *text;
    size_t size;
    for (int pages = 1; pages <= 3; pages++) {
        char id[8];
        gaosou_filing_clear(s->filing);
        snprintf(id, sizeof(id), "p%d", pages);
        assert_ok(set(s, GAOSOU_FIELD_ID, id));
        for (int i = 0; i < pages; i++)
            assert_ok(
                gaosou_filing_add_page(s->filing, i == 1 ? "" : "页", i == 1 ? 0 : 3, s->error));
        assert_ok(gaosou_writer_add(s->writer, s->filing, 0, s->error));
    }
    assert_ok(gaosou_writer_commit(s->writer, NULL, s->error));
    assert_ok(gaosou_searcher_open(&searcher, s->index, s->error));
    assert_ok(gaosou_session_open(&session, searcher, s->error));
    gaosou_searcher_close(searcher); /* its session keeps it */
    static const char *const wanted[] = {"页\f", "页\f", "页\f\f页"};
    for (int i = 0; i < 3; i++) {
        char id[8];
        snprintf(id, sizeof(id), "p%d", i + 1);
        assert_ok(gaosou_session_text(session, id, 2, &text, &size, s->error));
        assert_string_equal(text, wanted[i]);
    }
    assert_status(gaosou_session_text(session, "p9", 2, &text, &size, s->error),
                  GAOSOU_E_NOT_FOUND);
    gaosou_session_close(session);
}

static void test_no_text(void **state)
{
    struct state *s = *state;
    gaosou_writer_close(s->writer);
    assert_ok(gaosou_writer_open(&s->writer, s->index, GAOSOU_WRITER_CREATE | GAOSOU_WRITER_NO_TEXT,
                                 s->error));
    assert_ok(gaosou_writer_set_threads(s->writer, 2, s->error));
    add(s, "a", "不保留的正文。");
    assert_ok(gaosou_writer_commit(s->writer, NULL, s->error));
    gaosou_searcher *searcher;
    gaosou_session *session;
    const char *text;
    size_t size;
    assert_ok(gaosou_searcher_open(&searcher, s->index, s->error));
    assert_ok(gaosou_session_open(&session, searcher, s->error));
    assert_status(gaosou_session_text(session, "a", 1, &text, &size, s->error), GAOSOU_E_NOT_FOUND);
    gaosou_session_close(session);
    gaosou_searcher_close(searcher);
}

/* ---- tokens ---- */

static int take_token(void *context, const struct gaosou_token *token)
{
    struct gs_buf *out = context;
    assert_int_equal(strlen(token->term), token->term_size);
    gs_buf_printf(out, "%s@%u[%zu,%zu) ", token->term, token->position, token->start, token->end);
    return out->size > 200;
}

static void test_tokens(void **state)
{
    (void)state;
    struct gs_buf out;
    gs_buf_init(&out, 4096);
    static const char text[] = "净利润 RK3588";
    assert_ok(gaosou_tokenise(text, sizeof(text) - 1, take_token, &out, NULL));
    gs_buf_append_u8(&out, 0);
    assert_string_equal((const char *)out.data,
                        "净利@0[0,6) 利润@1[3,9) 润@2[6,9) rk3588@3[10,16) ");
    assert_ok(gaosou_tokenise("", 0, take_token, &out, NULL));
    assert_status(gaosou_tokenise("\x80", 1, take_token, &out, NULL), GAOSOU_E_ENCODING);
    gs_buf_release(&out);
}

#define REFUSED(call)                                                                              \
    do {                                                                                           \
        assert_status(call, GAOSOU_E_USE);                                                         \
        assert_non_null(strstr(gaosou_error_text(s->error), "NULL"));                              \
    } while (0)

static void test_null_arguments(void **state)
{
    struct state *s = *state;
    gaosou_writer *w;
    gaosou_error *e = s->error;
    REFUSED(gaosou_writer_open(NULL, s->index, 0, e));
    REFUSED(gaosou_writer_open(&w, NULL, 0, e));
    REFUSED(gaosou_writer_set_memory(NULL, 1 << 30, e));
    REFUSED(gaosou_writer_set_threads(NULL, 1, e));
    REFUSED(gaosou_writer_add_filterable(NULL, "industry", e));
    REFUSED(gaosou_writer_add_filterable(s->writer, NULL, e));
    REFUSED(gaosou_writer_add(NULL, s->filing, 0, e));
    REFUSED(gaosou_writer_add(s->writer, NULL, 0, e));
    REFUSED(gaosou_writer_delete(NULL, "a", 1, NULL, e));
    REFUSED(gaosou_writer_delete(s->writer, NULL, 1, NULL, e));
    REFUSED(gaosou_writer_commit(NULL, NULL, e));
    REFUSED(gaosou_writer_merge(NULL, GAOSOU_MERGE_ALL, e));
    gaosou_writer_close(NULL);
    REFUSED(gaosou_filing_set(NULL, GAOSOU_FIELD_ID, "a", 1, e));
    REFUSED(gaosou_filing_set(s->filing, GAOSOU_FIELD_ID, NULL, 1, e));
    assert_ok(gaosou_filing_set(s->filing, GAOSOU_FIELD_ID, NULL, 0, e));
    REFUSED(gaosou_filing_set_text(NULL, "a", 1, e));
    REFUSED(gaosou_filing_set_text(s->filing, NULL, 1, e));
    REFUSED(gaosou_filing_add_page(NULL, "a", 1, e));
    REFUSED(gaosou_filing_add_page(s->filing, NULL, 1, e));
    REFUSED(gaosou_filing_read_json(NULL, "{}", 2, e));
    REFUSED(gaosou_filing_read_json(s->filing, NULL, 2, e));
    gaosou_filing_clear(NULL);
    gaosou_filing_free(NULL);
    REFUSED(gaosou_tokenise("a", 1, NULL, NULL, e));
    REFUSED(gaosou_tokenise(NULL, 1, take_token, NULL, e));
    gaosou_error_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_commit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_commit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_empty_index, setup, teardown),
        cmocka_unit_test_setup_teardown(test_delete, setup, teardown),
        cmocka_unit_test_setup_teardown(test_merge, setup, teardown),
        cmocka_unit_test_setup_teardown(test_one_writer, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_error_object, setup, teardown),
        cmocka_unit_test_setup_teardown(test_json_and_derive, setup, teardown),
        cmocka_unit_test_setup_teardown(test_pages, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_text, setup, teardown),
        cmocka_unit_test_setup_teardown(test_null_arguments, setup, teardown),
        cmocka_unit_test(test_tokens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
