/* indexer: which filings --where means, and what is wrong with one that means none. */
#include "indexer/where.h"
#include "tests/support/test.h"

#include <string.h>

static struct gs_str str(const char *s)
{
    return (struct gs_str){s ? s : "", s ? strlen(s) : 0};
}

static const struct row {
    const char *where;
    enum gs_truth truth;
} rows[] = {
    {"code:603893", GS_TRUTH_YES},
    {"code:603893.SH", GS_TRUTH_YES},
    {"code:603893.ss", GS_TRUTH_YES},
    {"code:603893.SZ", GS_TRUTH_NO},
    {"code:6038*", GS_TRUTH_YES},
    {"code:６０３８９３", GS_TRUTH_YES},
    {"code:603893..", GS_TRUTH_YES},
    {"code:..00388", GS_TRUTH_YES},
    {"code:6039..", GS_TRUTH_NO},
    {"code:000001,603893", GS_TRUTH_YES},
    {"code:000001、603893", GS_TRUTH_YES},
    {"code:0388.HK", GS_TRUTH_YES},
    {"code:388", GS_TRUTH_YES},
    {"code:00388", GS_TRUTH_YES},
    {"code:38", GS_TRUTH_NO},
    {"name:瑞芯微", GS_TRUTH_YES},
    {"name:瑞芯", GS_TRUTH_NO},
    {"name:瑞芯*", GS_TRUTH_YES},
    {"name:瑞芯＊", GS_TRUTH_YES},
    {"name:“瑞芯微”", GS_TRUTH_YES},
    {"name:\"瑞芯*\"", GS_TRUTH_NO},
    {"company:\"A B, C\"", GS_TRUTH_YES},
    {"company:\"a b, c\"", GS_TRUTH_YES},
    {"type:审计报告", GS_TRUTH_YES},
    {"type:audit-report", GS_TRUTH_YES},
    {"type:年度报告", GS_TRUTH_NO},
    {"exchange:sse", GS_TRUTH_YES},
    {"exchange:上交所", GS_TRUTH_YES},
    {"exchange:上海證券交易所", GS_TRUTH_YES},
    {"exchange:SZSE", GS_TRUTH_NO},
    {"type:\"Audit Report\"", GS_TRUTH_YES},
    {"type:審計*", GS_TRUTH_YES},
    {"name:瑞芯微..", GS_TRUTH_NO}, /* no ranges here */
    {"board:主板", GS_TRUTH_UNKNOWN},
    {"board:*", GS_TRUTH_UNKNOWN},
    {"date:2024", GS_TRUTH_YES},
    {"date：2024", GS_TRUTH_YES},
    {"date:..2020", GS_TRUTH_NO},
    {"date:２０２４－０３～２０２４－０９", GS_TRUTH_YES},
    {"date:2024-03-01..2024-03-04", GS_TRUTH_NO},
    {"period:2023", GS_TRUTH_YES},
    {"period:2023-12-30", GS_TRUTH_NO},
    {"since:6", GS_TRUTH_YES},
    {"since:7", GS_TRUTH_NO},
    {"id:a/b.pdf", GS_TRUTH_YES},
    {"id:a/*", GS_TRUTH_YES},
    {"id:A/*", GS_TRUTH_NO}, /* ids are bytes */
    {"source:a", GS_TRUTH_NO},
    {"source:a/b.pdf", GS_TRUTH_YES},
    {"code:603893 date:2024", GS_TRUTH_YES},
    {"code:603893　date:2023", GS_TRUTH_NO},
    {"  board:主板  date:2024 ", GS_TRUTH_UNKNOWN},
    {"board:主板 date:2023", GS_TRUTH_NO},
    {"CODE:603893", GS_TRUTH_YES},
};

static void test_filters_are_judged(void **state)
{
    (void)state;
    struct gs_record record = {
        .id = str("a/b.pdf"),
        .codes = str("603893\x1F"
                     "00388"),
        .name = str("瑞芯微"),
        .company = str("A B, C"),
        .type = str("审计报告"),
        .exchange = str("SSE"),
    };
    struct gs_where_filing filing = {&record, 20240305, 20231231, 7};
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct gs_where w;
        struct gs_err err = {0};
        assert_ok_err(gs_where_parse(&w, rows[i].where, false, &err), &err);
        enum gs_truth truth;
        assert_ok_err(gs_where_judge(&w, &filing, &truth, &err), &err);
        if (truth != rows[i].truth)
            fail_msg("%s: %d", rows[i].where, (int)truth);
        gs_where_release(&w);
    }
}

static void test_sources_are_files_archives_and_feeds(void **state)
{
    (void)state;
    static const struct {
        const char *where, *id, *source;
        enum gs_truth truth;
    } cases[] = {
        {"source:a.jsonl", "603893-1", "a.jsonl", GS_TRUTH_YES},
        {"source:603893-1", "603893-1", "a.jsonl", GS_TRUTH_NO},
        {"source:a.jsonl", "a.jsonl:12", "", GS_TRUTH_YES},
        {"source:a.jsonl", "a.jsonl:12x", "", GS_TRUTH_NO},
        {"source:a.jsonl", "a.jsonl:", "", GS_TRUTH_NO},
        {"source:a.jsonl", "a.jsonl:1:2", "", GS_TRUTH_NO},
        {"source:h/o.zip", "h/o.zip!in.tar!p.txt", "", GS_TRUTH_YES},
        {"source:h/o.zip!in.tar", "h/o.zip!in.tar!p.txt", "", GS_TRUTH_YES},
        {"source:h/o.zip!in.tar!p.txt", "h/o.zip!in.tar!p.txt", "", GS_TRUTH_YES},
        {"source:h/o", "h/o.zip!in.tar!p.txt", "", GS_TRUTH_NO},
        {"source:h/*", "h/o.zip!in.tar!p.txt", "", GS_TRUTH_YES},
        {"source:12", "12", "", GS_TRUTH_YES},
        {"source:x", ":12", "", GS_TRUTH_NO},
    };
    for (size_t i = 0; i < GS_COUNT_OF(cases); i++) {
        struct gs_record record = {.id = str(cases[i].id), .source = str(cases[i].source)};
        struct gs_where_filing filing = {.record = &record};
        struct gs_where w;
        struct gs_err err = {0};
        assert_ok_err(gs_where_parse(&w, cases[i].where, false, &err), &err);
        enum gs_truth truth;
        assert_ok_err(gs_where_judge(&w, &filing, &truth, &err), &err);
        if (truth != cases[i].truth)
            fail_msg("%s of %s", cases[i].where, cases[i].id);
        gs_where_release(&w);
    }
}

static void test_errors_name_the_column(void **state)
{
    (void)state;
    static const struct {
        const char *where, *part;
        bool chinese;
    } errors[] = {
        {"", "column 1: there is no filter", false},
        {"   ", "没有筛选条件", true},
        {"净利润", "column 1: a FIELD:VALUE is wanted", false},
        {"date:2024 公司", "第 11 列", true},
        {"colour:red", "column 1: a FIELD:VALUE is wanted, with one of the fields date", false},
        {"date:", "column 6: date: something is missing", false},
        {"date:2024-13", "column 6: date: no such day or month: 2024-13", false},
        {"date:2024..2020", "范围的起止颠倒", true},
        {"date:soon", "wants a year, month or day", false},
        {"code:1,,2", "code: something is missing in the list", false},
        {"code:,", "列表中有空项", true},
        {"code:1..2*", "column 6: code: a range takes no *", false},
        {"code:9,3..1", "column 8: code: the range runs backwards: 3..1", false},
        {"name:\"a\"b", "name: a quote is not closed, or has text directly behind it", false},
        {"since:x", "since: wants a number: x", false},
        {"since:99999999999999999999", "wants a number", false},
    };
    for (size_t i = 0; i < GS_COUNT_OF(errors); i++) {
        struct gs_where w;
        struct gs_err err = {0};
        assert_int_equal(gs_where_parse(&w, errors[i].where, errors[i].chinese, &err),
                         GAOSOU_E_QUERY);
        if (!strstr(err.text, errors[i].part))
            fail_msg("%s: %s", errors[i].where, err.text);
    }
}

static void test_many_filters_and_any_bytes(void **state)
{
    (void)state;
    struct gs_where w;
    struct gs_err err;
    char text[64 * 8 + 16] = "";
    for (int i = 0; i < GS_WHERE_TERMS_MAX; i++)
        strcat(text, "id:a ");
    assert_ok_err(gs_where_parse(&w, text, false, &err), &err);
    gs_where_release(&w);
    strcat(text, "id:a");
    assert_int_equal(gs_where_parse(&w, text, false, &err), GAOSOU_E_QUERY);
    /* Every beginning of a value with quotes, cut inside characters too. */
    static const char whole[] = "name:“甲，乙”,「丙」*、\"丁\" id:\xFF\xE4";
    for (size_t n = 0; n < sizeof(whole); n++) {
        char part[sizeof(whole)] = "";
        memcpy(part, whole, n);
        if (gs_where_parse(&w, part, n % 2, &err) == GAOSOU_OK)
            gs_where_release(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_filters_are_judged),
        cmocka_unit_test(test_sources_are_files_archives_and_feeds),
        cmocka_unit_test(test_errors_name_the_column),
        cmocka_unit_test(test_many_filters_and_any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
