/* indexer: which fields may be filterable, and their values out of a filing. */
#include "indexer/filterable.h"
#include "tests/support/test.h"

#include <string.h>

static struct gs_str str(const char *s)
{
    return (struct gs_str){s, strlen(s)};
}

static void test_names(void **state)
{
    (void)state;
    static const char *const good[] = {"industry", "行业", "Rating2", "a-b.c/d",
                                       "ＰＥ",     "é",    "number"};
    static const char *const bad[] = {"",   "type", "Date",  "text", "extra", "2a",  "２a", "_x",
                                      "-x", "a b",  "a:b",   "a：b", "a(",    "a）", "a|b", "“a",
                                      "a*", "a\tb", "a\x7F", "a　b", "a\xFF", "。"};
    struct gs_filterable f = {0};
    struct gs_err err;
    for (size_t i = 0; i < GS_COUNT_OF(good); i++)
        assert_ok_err(gs_filterable_add(&f, good[i], strlen(good[i]), &err), &err);
    for (size_t i = 0; i < GS_COUNT_OF(bad); i++)
        if (gs_filterable_add(&f, bad[i], strlen(bad[i]), &err) != GAOSOU_E_USE)
            fail_msg("'%s' is taken", bad[i]);
    char long_name[GS_KEYWORD_NAME_MAX + 2];
    memset(long_name, 'a', sizeof(long_name));
    assert_int_equal(gs_filterable_add(&f, long_name, GS_KEYWORD_NAME_MAX + 1, &err), GAOSOU_E_USE);
    assert_ok_err(gs_filterable_add(&f, long_name, GS_KEYWORD_NAME_MAX, &err), &err);
    assert_ok_err(gs_filterable_add_list(&f, "industry，z、y,行业", &err), &err);
    assert_int_equal(f.count, GS_COUNT_OF(good) + 3);
    for (size_t i = 1; i < f.count; i++)
        assert_true(gs_str_compare(f.names[i - 1], f.names[i]) < 0);
    for (char c = 'A'; f.count < GS_FILTERABLE_MAX; c++)
        assert_ok_err(gs_filterable_add(&f, &c, 1, &err), &err);
    assert_int_equal(gs_filterable_add(&f, "more", 4, &err), GAOSOU_E_LIMIT);
    assert_ok_err(gs_filterable_add(&f, "industry", 8, &err), &err); /* is there */
    gs_filterable_release(&f);
    gs_filterable_release(&f);
}

static void test_values(void **state)
{
    (void)state;
    /* Values of a, b and url, each behind a bar. */
    static const struct {
        const char *extra, *values;
    } rows[] = {
        {"", "|||http://x"},
        {"{}", "|||http://x"},
        {"{\"a\":\"x\"}", "|x||http://x"},
        {"{\"a\":-1.50e3,\"c\":{\"a\":1},\"b\":true}", "|-1.50e3|true|http://x"},
        {"{\"a\":null,\"b\":{\"a\":1}}", "|||http://x"},
        {"{ \"b\" : [ \"x\" , 7 , null , false , [1,2] , {} , \"\" , \"y\" ] }",
         "||x\x1F"
         "7\x1F"
         "false\x1Fy|http://x"},
        {"{\"a\":[],\"b\":[[]]}", "|||http://x"},
        {"{\"\\u0061\":\"\\u534a\\n\",\"b\":\"q\\\"\"}", "|半\n|q\"|http://x"},
        {"{\"a\":\"x\",\"a\":\"y\"}", "|x\x1Fy||http://x"},
    };
    struct gs_filterable f = {0};
    struct gs_err err;
    assert_ok_err(gs_filterable_add_list(&f, "url,b,a", &err), &err);
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct gs_record record = {.extra = str(rows[i].extra), .url = str("http://x")};
        struct gs_buf values, shown;
        size_t sizes[GS_FILTERABLE_MAX], at = 0;
        gs_buf_init(&values, 4096);
        gs_buf_init(&shown, 4096);
        assert_ok_err(gs_filterable_values(&f, &record, &values, sizes, &err), &err);
        for (size_t k = 0; k < f.count; at += sizes[k++]) {
            gs_buf_append_u8(&shown, '|');
            if (sizes[k])
                gs_buf_append(&shown, values.data + at, sizes[k]);
        }
        assert_int_equal(at, values.size);
        gs_buf_append_u8(&shown, 0);
        assert_string_equal((const char *)shown.data, rows[i].values);
        gs_buf_release(&values);
        gs_buf_release(&shown);
    }
    gs_filterable_release(&f);
}

/* Every beginning of an object, and what is none. */
static void test_unsound_objects(void **state)
{
    (void)state;
    static const char whole[] = "{\"a\":[\"x\\u4e00\",1.5,[{}]],\"b\":{\"c\":[true]},\"d\":null}";
    static const char *const others[] = {
        "x", "[]", "{a:1}", "{\"a\" 1}", "{\"a\":[1 2]}", "{\"a\":\"\\x\"}", "{\"a\":01}"};
    struct gs_filterable f = {0};
    struct gs_err err;
    struct gs_buf values;
    size_t sizes[GS_FILTERABLE_MAX];
    gs_buf_init(&values, 1 << 20);
    assert_ok_err(gs_filterable_add_list(&f, "a,b", &err), &err);
    for (size_t n = 1; n + 1 < sizeof(whole); n++) {
        char *part = malloc(n); /* so that a read behind it is seen */
        assert_non_null(part);
        memcpy(part, whole, n);
        struct gs_record record = {.extra = {part, n}};
        assert_int_equal(gs_filterable_values(&f, &record, &values, sizes, &err), GAOSOU_E_INPUT);
        free(part);
    }
    for (size_t i = 0; i < GS_COUNT_OF(others); i++) {
        struct gs_record record = {.extra = str(others[i])};
        assert_int_equal(gs_filterable_values(&f, &record, &values, sizes, &err), GAOSOU_E_INPUT);
    }
    gs_buf_release(&values);
    gs_filterable_release(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_unsound_objects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
