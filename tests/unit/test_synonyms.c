/* Synonyms: reading the file, and what leaves become (docs/QUERY.md, Synonyms). */
#include "query/synonyms.h"
#include "tests/support/test.h"

#include <string.h>

static struct gs_synonyms *read_rules(const char *text)
{
    struct gs_synonyms *s = NULL;
    struct gs_err err;
    enum gaosou_status status = gs_synonyms_read(&s, text, strlen(text), "rules.txt", &err);
    if (status)
        fail_msg("%s", err.text);
    return s;
}

static const char RULES[] = "\xEF\xBB\xBF# 常用简称\r\n"
                            "归母净利润 => 归属于母公司所有者的净利润 , 归属母公司净利润\n"
                            "　研发投入, R&D 支出 ,研发费用\n"
                            "\n"
                            "甲\\,乙 => 甲乙\\\\丙\n"
                            "募投, 募集资金投资 => 募投项目\n"
                            "研发投入, 研究开发\n";

static void test_readings(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum gs_query_mode mode;
        const char *read_as;
    } ROWS[] = {
        {"归母净利润 增长", GS_QUERY_SYNTAX,
         "Read as: (归属于母公司所有者的净利润 or 归属母公司净利润) and 增长"},
        {"\"归母 净利润\"", GS_QUERY_SYNTAX,
         "Read as: 归属于母公司所有者的净利润 or 归属母公司净利润"},
        {"归母净利润增长", GS_QUERY_SYNTAX, "Read as: 归母净利润增长"},
        {"归母净利*", GS_QUERY_SYNTAX, "Read as: 归母净利"},
        {"title:歸母淨利潤", GS_QUERY_SYNTAX,
         "Read as: title:归属于母公司所有者的净利润 or title:归属母公司净利润"},
        {"研发费用", GS_QUERY_SYNTAX, "Read as: 研发费用 or 研发投入 or \"R&D 支出\""},
        {"研发投入|亏损", GS_QUERY_SYNTAX,
         "Read as: 研发投入 or \"R&D 支出\" or 研发费用 or 研究开发 or 亏损"},
        {"A -募投", GS_QUERY_SYNTAX, "Read as: A and not 募投项目"},
        {"“甲,乙”", GS_QUERY_SYNTAX, "Read as: 甲乙\\丙"},
        {"募投项目", GS_QUERY_SYNTAX, "Read as: 募投项目"},
        {"募投", GS_QUERY_LITERAL, "Read as: \"募投\""},
        {"募投", GS_QUERY_ANY, "Read as: 募投"},
        {"\"募投\"", GS_QUERY_ANY, "Read as: 募投项目"},
    };
    struct gs_synonyms *s = read_rules(RULES);
    for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
        struct gs_query *q = NULL;
        const struct gs_query_params params = {.mode = ROWS[i].mode, .synonyms = s};
        struct gs_err err;
        assert_ok_err(gs_query_parse(&q, ROWS[i].text, strlen(ROWS[i].text), &params, &err), &err);
        assert_string_equal(q->read_as, ROWS[i].read_as);
        gs_query_free(q);
    }
    gs_synonyms_free(s);
}

/* What was put in says for what, and lives on without the rules. */
static void test_copies(void **state)
{
    (void)state;
    struct gs_synonyms *s = read_rules("RK芯 => RK3588 芯片\n");
    struct gs_query *q = NULL;
    const struct gs_query_params params = {.synonyms = s};
    assert_ok(gs_query_parse(&q, "rk芯 X", strlen("rk芯 X"), &params, NULL));
    gs_synonyms_free(s);
    assert_int_equal(q->leaf_count, 2);
    assert_string_equal(q->leaves[0].text, "RK3588 芯片");
    assert_string_equal(q->leaves[0].synonym_of, "rk芯");
    assert_int_equal(q->leaves[0].item_count, 3);
    assert_memory_equal(q->leaves[0].items[0].bytes, "rk3588", 6);
    assert_null(q->leaves[1].synonym_of);
    gs_query_free(q);
}

static void test_flaws(void **state)
{
    (void)state;
    static const char *const ROWS[][2] = {
        {"甲 =>\n", "rules.txt:1: a rule lacks a term; a comma or => has nothing beside it"},
        {"甲,乙\n\n甲,,乙\n",
         "rules.txt:3: a rule lacks a term; a comma or => has nothing beside it"},
        {"甲=>乙=>丙", "rules.txt:1: a second => in one rule"},
        {"甲=>。",
         "rules.txt:1: a term has no letter, digit or character that could be searched for"},
        {"#\n\xFF\xFE,甲", "rules.txt:2: this line is not UTF-8"},
    };
    for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
        struct gs_synonyms *s = NULL;
        struct gs_err err;
        assert_int_equal(gs_synonyms_read(&s, ROWS[i][0], strlen(ROWS[i][0]), "rules.txt", &err),
                         GAOSOU_E_INPUT);
        assert_string_equal(err.text, ROWS[i][1]);
        assert_null(s);
    }
}

/* A list of more terms than a query may have is refused, not cut. */
static void test_limits(void **state)
{
    (void)state;
    struct gs_buf text;
    struct gs_synonyms *s = NULL;
    struct gs_err err;
    gs_buf_init(&text, 1 << 20);
    for (unsigned i = 0; i <= GS_QUERY_TERMS_MAX; i++)
        gs_buf_printf(&text, "%sa%u", i ? "," : "", i);
    assert_int_equal(gs_synonyms_read(&s, text.data, text.size, "rules.txt", &err), GAOSOU_E_INPUT);
    gs_buf_clear(&text);
    gs_buf_append_str(&text, "甲");
    for (unsigned i = 0; i < 600; i++)
        gs_buf_printf(&text, ",a%u", i);
    assert_ok_err(gs_synonyms_read(&s, text.data, text.size, "rules.txt", &err), &err);
    struct gs_query *q = NULL;
    const struct gs_query_params params = {.synonyms = s};
    assert_int_equal(gs_query_parse(&q, "甲 | 甲", strlen("甲 | 甲"), &params, &err),
                     GAOSOU_E_LIMIT);
    gs_buf_release(&text);
    gs_synonyms_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_readings),
        cmocka_unit_test(test_copies),
        cmocka_unit_test(test_flaws),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
