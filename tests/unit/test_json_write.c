#include "tests/support/test.h"

#include "common/base/json_write.h"

#include <math.h>

static struct gs_buf out;
static struct gs_json json;

static int set_up(void **state)
{
    (void)state;
    gs_buf_init(&out, 1 << 20);
    gs_json_init(&json, &out);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    gs_buf_release(&out);
    return 0;
}

static void assert_written(const char *wanted)
{
    assert_int_equal(gs_buf_status(&out), GAOSOU_OK);
    gs_buf_append_u8(&out, 0);
    assert_string_equal((const char *)out.data, wanted);
}

static void test_nesting(void **state)
{
    (void)state;
    gs_json_begin_object(&json);
    gs_json_key(&json, "a");
    gs_json_begin_array(&json);
    gs_json_u64(&json, 1);
    gs_json_i64(&json, -2);
    gs_json_begin_object(&json);
    gs_json_end_object(&json);
    gs_json_begin_array(&json);
    gs_json_end_array(&json);
    gs_json_end_array(&json);
    gs_json_key(&json, "b");
    gs_json_bool(&json, true);
    gs_json_key(&json, "c");
    gs_json_null(&json);
    gs_json_key(&json, "d");
    gs_json_raw(&json, "{\"x\":\n1}", 8);
    gs_json_key(&json, "e");
    gs_json_string(&json, "");
    gs_json_end_object(&json);
    assert_written("{\"a\":[1,-2,{},[]],\"b\":true,\"c\":null,\"d\":{\"x\": 1},\"e\":\"\"}");
}

struct row {
    const char *bytes;
    size_t size; /* 0: up to the NUL */
    const char *wanted;
};

static void test_strings(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"净利润", 0, "\"净利润\""},
        {"a\"b\\c/", 0, "\"a\\\"b\\\\c/\""},
        {"a\0b", 3, "\"a\\u0000b\""},
        {"\n\r\t\x1f\x7f", 0, "\"\\n\\r\\t\\u001f\\u007f\""},
        {"\x1b[31m", 0, "\"\\u001b[31m\""},
        {"\xC2\x9B", 0, "\"\\u009b\""}, /* C1: CSI */
        {"\xE2\x80\xAE x \xE2\x80\xA8", 0,
         "\"\\u202e x \\u2028\""}, /* right-to-left, line separator */
        {"\xEF\xBF\xBD", 0, "\"\xEF\xBF\xBD\""},
        {"\xF0\xA0\x80\x80", 0, "\"\xF0\xA0\x80\x80\""}, /* plane 2 */
        {"a\xFFz", 0, "\"a\xEF\xBF\xBDz\""},
        {"\xE5\x87", 0, "\"\xEF\xBF\xBD\""},                             /* cut off */
        {"\xED\xA0\x80", 0, "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""}, /* a surrogate */
        {"\xC0\xAF", 0, "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},                 /* overlong */
        {"\xF4\x90\x80\x80", 0, "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        gs_buf_clear(&out);
        gs_json_init(&json, &out);
        gs_json_string_bytes(&json, rows[i].bytes,
                             rows[i].size ? rows[i].size : strlen(rows[i].bytes));
        assert_written(rows[i].wanted);
    }
}

static void test_keys_are_escaped(void **state)
{
    (void)state;
    gs_json_begin_object(&json);
    gs_json_key_bytes(&json, "a\"\n", 3);
    gs_json_u64(&json, UINT64_MAX);
    gs_json_key(&json, "low");
    gs_json_i64(&json, INT64_MIN);
    gs_json_end_object(&json);
    assert_written("{\"a\\\"\\n\":18446744073709551615,\"low\":-9223372036854775808}");
}

static void test_doubles(void **state)
{
    (void)state;
    gs_json_begin_array(&json);
    gs_json_double(&json, 0.1);
    gs_json_double(&json, 12.5);
    gs_json_double(&json, 1.0 / 3);
    gs_json_double(&json, -1e300);
    gs_json_double(&json, NAN);
    gs_json_double(&json, INFINITY);
    gs_json_end_array(&json);
    assert_written("[0.1,12.5,0.3333333333333333,-1e+300,null,null]");
}

static void test_raw_is_one_safe_line(void **state)
{
    (void)state;
    const char *raw = "{ \"k\":\t\"\\\"\xC2\x9B\" }\n";
    gs_json_raw(&json, raw, strlen(raw));
    assert_written("{ \"k\": \"\\\"\\u009b\" } ");
}

static void test_cap_is_sticky(void **state)
{
    (void)state;
    struct gs_buf small;
    gs_buf_init(&small, 4);
    gs_json_init(&json, &small);
    gs_json_string(&json, "too long for this");
    assert_int_equal(gs_buf_status(&small), GAOSOU_E_LIMIT);
    gs_json_null(&json);
    gs_buf_release(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_nesting, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_strings, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_keys_are_escaped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_doubles, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_raw_is_one_safe_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_cap_is_sticky, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
