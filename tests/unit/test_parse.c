/* How queries are read: tables of (query, tree), (query, read_as), (query, error), and limits.
 * Trees print as query_tree.h says; groups and patterns: test_parse_groups.c. */
#include "query/query.h"
#include "tests/support/query_tree.h"
#include "tests/support/test.h"

struct row {
    const char *text, *wanted;
};

static const struct row TREES[] = {
    /* runs */
    {"净利润", "净利润"},
    {"净利润 增长", "&(净利润 增长)"},
    {"净利润　增长", "&(净利润 增长)"},
    {"  净利润\t增长\n同比 ", "&(净利润 增长同比)"},
    /* wrapped lines */
    {"研发\n人员", "研发人员"},
    {"研发\r\n\n人员，\n合计", "研发人员@5合计"},
    {"研发 \n人员", "&(研发 人员)"},
    {"研发\nRK3588", "&(研发 rk3588)"},
    {"研发\n-人员", "&(研发 !人员)"},
    {"研发\n|\n人员", "|(研发 人员)"},
    {"研发\n（人员 增长）", "&(研发 人员 增长)"},
    {"\n研发\n", "研发"},
    {"净利潤", "净利润"},
    {"RK3588系列", "rk3588@1系列"},
    {"A股", "a@1股~"},
    {"2024年半年度", "2024@1年半年度"},
    {"2024年", "2024@1年~"},
    {"第3季", "第~@13@2季~"},
    {"②年", "2@1年"},
    {"净利润，增长", "净利润@4增长"},
    {"净利润，增", "净利润@4增"},
    {"净利润。", "净利润"},
    {"《年度报告》", "年度报告"},
    {"本公司，及其董事、监事。", "本公司@4及其董事@9监事"},
    {"213,452.21", "213452.21"},
    {"61，059.76", "61059.76"},
    {"６１，０５９．７６", "61059.76"},
    {"1，234，567", "1234567"},
    {"61，059", "61059"},
    {"100，200", "100@2200"},
    {"1，2，3", "1@22@43"},
    {"1，234.5，678", "1@2234.5@4678"},
    {"茅", "茅"},
    {"茅 台", "&(茅 台)"},
    /* what is glued is text */
    {"2024-007", "2024@2007"},
    {"〔2023〕193号", "2023@2193@3号~"},
    {"证券代码：603893", "证券代码@5603893"},
    {"证券代码:603893", "证券代码@5603893"},
    {"http://www.cninfo.com.cn", "http@2www@4cninfo@6com@8cn"},
    {"http://a.b/c?d=1", "http@2a@4b@6c@8d@101"},
    {"芯原微电子(上海)", "芯原微电子@6上海"},
    {"芯原微电子（上海）股份", "芯原微电子@6上海@9股份"},
    {"*ST大地", "st@1大地"},
    {"＊ST大地", "st@1大地"},
    {"芯*片", "芯@2片"},
    {"净利润？", "净利润"},
    {"RK35？8", "rk35@28"},
    {"RK35?", "rk35"},
    {"5\"屏", "5@2屏"},
    {"1)公司", "1@2公司"},
    {"a）净利润", "a@2净利润"},
    {"（一）公司基本情况", "一@2公司基本情况"},
    {"(2023)193号", "2023@2193@3号~"},
    {"“十四五”规划", "十四五@4规划"},
    {"「十四五」规划", "十四五@4规划"},
    {"“A”、“B”", "a@2b"},
    {"10:30", "10@230"},
    {"ISO9001:2015", "iso9001@22015"},
    {"CEO：张三", "ceo@2张三"},
    {"note: 张三", "&(note 张三)"},
    {"Date: 2024", "&(date 2024)"},
    {"Date:2024 A", "&(date:2024 a)"},
    {"A -date:2024-03..", "&(a !date:2024-03..)"},
    {"（date：2024 | A) period:2023", "&(|(date:2024 a) period:2023)"},
    {"date:2023,2024年3月、2025", "date:2023,2024年3月、2025"},
    {"-3.5", "3.5"},
    {"净利润 -3.5", "&(净利润 3.5)"},
    {"－3.5", "3.5"},
    {"A-B", "a@2b"},
    {"--A", "a"},
    {"and or not", "&(and or not)"},
    {"ANDROID ORACLE NOTE", "&(android oracle note)"},
    /* AND, OR */
    {"A AND B", "&(a b)"},
    {"A OR B", "|(a b)"},
    {"A|B", "|(a b)"},
    {"A | B", "|(a b)"},
    {"A｜B", "|(a b)"},
    {"A|B|C OR D", "|(a b c d)"},
    {"净利润|归母净利润 增长", "&(|(净利润 归母净利润) 增长)"},
    {"A B OR C D", "&(a |(b c) d)"},
    {"A AND B OR C", "&(a |(b c))"},
    {"(A OR B) C", "&(|(a b) c)"},
    {"(A B)C", "&(a b c)"},
    {"(A|B)C", "&(|(a b) c)"},
    {"（A OR B） C", "&(|(a b) c)"},
    {"(A B) OR C", "|(&(a b) c)"},
    {"A (B C) D", "&(a b c d)"},
    {"A OR (B OR C)", "|(a b c)"},
    {"((A))", "a"},
    {"((A OR B) C) OR D", "|(&(|(a b) c) d)"},
    {"(A 芯(上海))", "&(a 芯@2上海)"},
    {"芯(上海", "芯@2上海"},
    {"A OR(B C)", "|(a &(b c))"},
    {"(A B)OR(C D)", "|(&(a b) &(c d))"},
    {"(A)(B)", "&(a b)"},
    /* quotes */
    {"\"募集资金 使用\"", "募集资金使用"},
    {"“募集资金 使用”", "募集资金使用"},
    {"「募集资金 使用」", "募集资金使用"},
    {"『募集资金 使用』", "募集资金使用"},
    {"“募集资金 使用\" A", "&(募集资金使用 a)"},
    {"\"A B\"", "a@1b"},
    {"\"A OR B\"", "a@1or@2b"},
    {"\"A\"|\"B\"", "|(a b)"},
    {"\"A\"\"B\"", "&(a b)"},
    {"\"A B\"C", "&(a@1b c)"},
    {"\"芯*\"", "芯"},
    {"\"61，059.76\"", "61059.76"},
    {"(\"A B\" C)", "&(a@1b c)"},
    {"\"（上海）\"", "上海"},
    /* exclusions */
    {"A NOT B", "&(a !b)"},
    {"A -B", "&(a !b)"},
    {"A －B", "&(a !b)"},
    {"-B A", "&(!b a)"},
    {"NOT 亏损 增长", "&(!亏损 增长)"},
    {"A AND NOT B", "&(a !b)"},
    {"A -\"B C\"", "&(a !b@1c)"},
    {"A -(B C)", "&(a !&(b c))"},
    {"A NOT(B|C)", "&(a !|(b c))"},
    {"A (-B -C)", "&(a !b !c)"},
    {"A -(B -C)", "&(a !&(b !c))"},
    {"A | (B -C)", "|(a &(b !c))"},
    {"A -NOT", "&(a !not)"},
    {"A -AND", "&(a !and)"},
    {"A －OR B", "&(a !or b)"},
    {"A -title:B", "&(a !t:b)"},
    {"A - B", "&(a b)"},
    /* title */
    {"title:年度报告", "t:年度报告"},
    {"title：年度报告", "t:年度报告"},
    {"TITLE:年度报告", "t:年度报告"},
    {"title:年度报告 净利润", "&(t:年度报告 净利润)"},
    {"title:\"年度 报告\"", "t:年度报告"},
    {"title:(A|B) C", "&(|(t:a t:b) c)"},
    {"title:A|B", "|(t:a b)"},
    {"title:芯*", "t:芯*"},
    {"title:茅", "t:茅"},
    {"title:-A", "t:a"},
    {"title:（一）公司", "t:一@2公司"},
    /* prefixes */
    {"芯*", "芯*"},
    {"芯＊", "芯*"},
    {"RK35*", "rk35*"},
    {"RK35**", "rk35*"},
    {"芯片*", "芯片"},
    {"系列RK35*", "系列@2rk35*"},
    {"5G芯*", "5g@1芯*"},
    {"净利润，芯*", "净利润@4芯*"},
    {"RK35，*", "rk35"},
    {"2024*", "2024*"},
    {"RK35*|芯*", "|(rk35* 芯*)"},
    {"(RK35*)", "rk35*"},
    /* left out for want of content */
    {"A ， B", "&(a b)"},
    {"A | ，", "a"},
    {"A () B", "&(a b)"},
    {"A \"\"", "a"},
    {"A -，", "a"},
    {"A OR () OR B", "|(a b)"},
    {"\xEF\xBB\xBF净利润", "净利润"},
    {"净\xFF利润", "净@2利润"},
};

static void test_trees(void **state)
{
    (void)state;
    for (size_t i = 0; i < GS_COUNT_OF(TREES); i++)
        query_tree_check(TREES[i].text, GS_QUERY_SYNTAX, TREES[i].wanted);
}

static const struct row LITERALS[] = {
    {"A OR B", "a@1or@2b"},
    {"\"净利润\" -增长", "净利润@4增长"},
    {"title:芯*", "title@2芯"},
    {"61，059.76", "61@2059.76"},
    {"，。", "nothing"},
    {"", "nothing"},
    {"净利润\n增长", "净利润增长"},
    {"(((", "nothing"},
    {"茅", "茅"},
};

static void test_literal(void **state)
{
    (void)state;
    for (size_t i = 0; i < GS_COUNT_OF(LITERALS); i++)
        query_tree_check(LITERALS[i].text, GS_QUERY_LITERAL, LITERALS[i].wanted);
}

static const struct row BAGS[] = {
    {"净利润", "|(净利 利润)"},
    {"净利 净利", "净利x2"},
    {"净利润 增长", "|(净利 利润 增长)"},
    {"公司公司", "|(公司x2 司公)"},
    {"2023年净利润是多少？", "|(2023 年净 净利 利润 润是 是多 多少)"},
    {"A股", "a"},
    {"茅", "茅"},
    {"茅 台 茅", "|(茅x2 台)"},
    {"茅 \"台\"", "台"},
    {"\"募集资金 使用\" 情况", "|(募集资金使用 情况)"},
    {"“净利” 净利", "净利x2"},
    {"\"募集 资金", "|(募集 资金)"},
    {"净利\"润\"", "净利"},
    {"A OR B", "|(a or b)"},
    {"\xEF\xBB\xBF「净利 润」", "净利润"},
    {"-A (B", "|(a b)"},
    {"title:芯片", "|(title 芯片)"},
    {"61，059.76", "61059.76"},
    {"", "nothing"},
    {"？？？", "nothing"},
};

static void test_bags(void **state)
{
    (void)state;
    for (size_t i = 0; i < GS_COUNT_OF(BAGS); i++)
        query_tree_check(BAGS[i].text, GS_QUERY_ANY, BAGS[i].wanted);
}

/* ---- how it was read ---- */

static const struct {
    const char *text;
    enum gs_query_mode mode;
    const char *chinese, *english;
} READINGS[] = {
    {"净利润|归母净利润 增长", GS_QUERY_SYNTAX, "读作：(净利润 或 归母净利润) 且 增长",
     "Read as: (净利润 or 归母净利润) and 增长"},
    {"A -B", GS_QUERY_SYNTAX, "读作：A 且非 B", "Read as: A and not B"},
    {"-B A", GS_QUERY_SYNTAX, "读作：非 B 且 A", "Read as: not B and A"},
    {"title:年度报告", GS_QUERY_SYNTAX, "读作：标题：年度报告", "Read as: title:年度报告"},
    {"芯* RK35＊。", GS_QUERY_SYNTAX, "读作：芯* 且 RK35", "Read as: 芯* and RK35"},
    {"\"募集资金 使用\"。", GS_QUERY_SYNTAX, "读作：\"募集资金 使用\"",
     "Read as: \"募集资金 使用\""},
    {"\"募集资金 使用\"", GS_QUERY_SYNTAX, "读作：\"募集资金 使用\"", "Read as: \"募集资金 使用\""},
    {"A (B|C) -(D E)", GS_QUERY_SYNTAX, "读作：A 且 (B 或 C) 且非 (D 且 E)",
     "Read as: A and (B or C) and not (D and E)"},
    {"净利 净利 增长", GS_QUERY_ANY, "读作：净利×2 或 增长", "Read as: 净利×2 or 增长"},
    {"A date:2024-03～", GS_QUERY_SYNTAX, "读作：A 且 日期：2024-03～",
     "Read as: A and date:2024-03～"},
    {"A -period:2023", GS_QUERY_SYNTAX, "读作：A 且非 报告期：2023",
     "Read as: A and not period:2023"},
    {"NEAR/3(A|B \"C D\") E", GS_QUERY_SYNTAX, "读作：相距 3 以内（A 或 B，\"C D\"） 且 E",
     "Read as: NEAR/3(A or B, \"C D\") and E"},
    {"SENTENCE(A -B) | PARAGRAPH(RK35?8)", GS_QUERY_SYNTAX,
     "读作：同句（A 且非 B） 或 同段（RK35?8）",
     "Read as: SENTENCE(A and not B) or PARAGRAPH(RK35?8)"},
    {"A OR B", GS_QUERY_LITERAL, "读作：\"A OR B\"", "Read as: \"A OR B\""},
};

static void test_read_as(void **state)
{
    (void)state;
    for (size_t i = 0; i < GS_COUNT_OF(READINGS); i++) {
        for (int chinese = 0; chinese < 2; chinese++) {
            struct gs_query *q;
            assert_ok(gs_query_parse(
                &q, READINGS[i].text, strlen(READINGS[i].text),
                &(struct gs_query_params){.mode = READINGS[i].mode, .chinese = chinese}, NULL));
            assert_string_equal(q->read_as, chinese ? READINGS[i].chinese : READINGS[i].english);
            gs_query_free(q);
        }
    }
}

/* ---- keys, widths, kinds ---- */

static void test_leaves(void **state)
{
    (void)state;
    static const struct {
        const char *text, *key;
        uint32_t width;
        enum gs_leaf_kind kind;
    } rows[] = {
        {"净利润。", "净利润", 3, GS_LEAF_PHRASE},
        {"芯＊", "芯*", 1, GS_LEAF_PREFIX},
        {"title:“年度 报告”", "年度 报告", 4, GS_LEAF_PHRASE},
        {"茅", "茅", 1, GS_LEAF_CHAR},
        {"《净利润，增长》", "净利润，增长", 6, GS_LEAF_PHRASE},
        {"61，059.76元", "61,059.76元", 2, GS_LEAF_PHRASE},
        {"芯片*", "芯片", 2, GS_LEAF_PHRASE},
        {"-A ＲＫ35", "A", 1, GS_LEAF_PHRASE},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct gs_query *q;
        assert_ok(gs_query_parse(&q, rows[i].text, strlen(rows[i].text),
                                 &(struct gs_query_params){.mode = GS_QUERY_SYNTAX}, NULL));
        assert_string_equal(q->leaves[0].text, rows[i].key);
        assert_int_equal(q->leaves[0].width, rows[i].width);
        assert_int_equal(q->leaves[0].kind, rows[i].kind);
        assert_int_equal(q->leaves[0].excluded, rows[i].text[0] == '-');
        gs_query_free(q);
    }
}

/* ---- errors ---- */

static const struct {
    const char *text;
    int column;
    const char *piece; /* of the English message */
} ERRORS[] = {
    {"", 1, "nothing to search for"},
    {"   ", 1, "nothing to search for"},
    {"，。", 1, "nothing to search for"},
    {"()", 1, "nothing to search for"},
    {"\"净利润", 1, "never closed"},
    {"净利润 “增长", 5, "never closed"},
    {"净利润 「增长", 5, "never closed"},
    {"(A OR B", 1, "never closed"},
    {"A (B (C)", 3, "never closed"},
    {"title:(A", 7, "never closed"},
    {"(A 芯(上海)", 1, "never closed"},
    {"A OR B)", 7, "closes nothing"},
    {"净利润）", 4, "closes nothing"},
    {"A )", 3, "closes nothing"},
    {"(A))", 4, "closes nothing"},
    {"AND A", 1, "AND needs"},
    {"A AND", 3, "AND needs"},
    {"A AND OR B", 3, "AND needs"},
    {"A AND AND B", 3, "AND needs"},
    {"OR A", 1, "OR needs"},
    {"|A", 1, "OR needs"},
    {"A|", 2, "OR needs"},
    {"A OR", 3, "OR needs"},
    {"(A OR)", 4, "OR needs"},
    {"A || B", 3, "OR needs"},
    {"净利润 | OR 增长", 5, "OR needs"},
    {"NOT", 1, "NOT needs"},
    {"A NOT", 3, "NOT needs"},
    {"A (NOT)", 4, "NOT needs"},
    {"-A", 1, "only exclusions"},
    {"NOT 亏损", 1, "only exclusions"},
    {"-A -B", 1, "only exclusions"},
    {"(-A)", 1, "only exclusions"},
    {"NOT NOT A", 1, "exclusion of an exclusion"},
    {"B -(-A)", 3, "exclusion of an exclusion"},
    {"A | -B", 1, "one side of OR"},
    {"A OR (-B -C)", 1, "one side of OR"},
    {"NOT A | B", 1, "one side of OR"},
    {"净利润 date:去年", 10, "date: wants a year"},
    {"date:2024,", 6, "date: wants a year"},
    {"date:2023-02-29", 6, "date: no such day or month: 2023-02-29"},
    {"date:2024-13", 6, "date: no such day or month: 2024-13"},
    {"date:２０２４年６月３１日", 6, "no such day or month: 2024年6月31日"},
    {"date:2022,2024-00-05..2025", 6, "no such day or month: 2024-00-05"},
    {"date:20240631x", 6, "date: wants a year"},
    {"date:..", 6, "date: wants a year"},
    {"date:2024..2023", 6, "date: the range runs backwards: 2024..2023"},
    {"period:2020,2024-03至2024-02-29", 8, "backwards: 2024-03~2024-02-29"},
    {"date:2024...2025", 6, "date: wants a year"},
    {"period:24", 8, "period: wants a year"},
    {"A date:", 3, "directly behind the colon"},
    {"(period:)", 2, "directly behind the colon"},
    {"-date:2024", 1, "only exclusions"},
    {"titel:年报", 1, "title:"},
    {"dat:2024", 1, "did you mean date:?"},
    {"foo:bar", 1, "no field is called 'foo'"},
    {"title: 年报", 1, "directly behind the colon"},
    {"title:", 1, "directly behind the colon"},
    {"NEAR/8(A)", 1, "two parts or more"},
    {"B NEAR(A ，)", 3, "two parts or more"},
    {"NEAR()", 1, "two parts or more"},
    {"\"净利润\"~8", 1, "two parts or more"},
    {"A “，”~8", 3, "two parts or more"},
    {"NEAR(A B", 5, "never closed"},
    {"NEAR/8(A (B)", 7, "never closed"},
    {"NEAR(A AND B)", 8, "no AND inside NEAR"},
    {"NEAR(A -B)", 8, "terms and ORs of terms only"},
    {"NEAR(A NOT B)", 8, "terms and ORs of terms only"},
    {"NEAR(A (B C))", 8, "terms and ORs of terms only"},
    {"NEAR(A title:(B C))", 8, "terms and ORs of terms only"},
    {"NEAR(A date:2024)", 8, "terms and ORs of terms only"},
    {"NEAR(A NEAR(B C))", 8, "terms and ORs of terms only"},
    {"NEAR(A \"B C\"~3)", 8, "terms and ORs of terms only"},
    {"NEAR(A B|SENTENCE(C))", 8, "terms and ORs of terms only"},
    {"NEAR(A OR)", 8, "OR needs"},
    {"NEAR(|A B)", 6, "OR needs"},
    {"SENTENCE(A", 9, "never closed"},
    {"SENTENCE(-A)", 1, "only exclusions in one sentence"},
    {"A PARAGRAPH(-B -C)", 3, "only exclusions in one sentence"},
    {"SENTENCE(A date:2024)", 12, "a filter cannot stand in SENTENCE"},
    {"SENTENCE(A (B|-period:2024))", 16, "a filter cannot stand in SENTENCE"},
    {"SENTENCE(A|-B)", 10, "one side of OR"},
    {"-SENTENCE(A)", 1, "only exclusions"},
    {"3.5?8", 3, "part of a larger word"},
    {"净利润 增长，1.4*5", 10, "part of a larger word"},
};

static void test_errors(void **state)
{
    (void)state;
    for (size_t i = 0; i < GS_COUNT_OF(ERRORS); i++) {
        struct gs_query *q = NULL;
        struct gs_err err = {0};
        const char *text = ERRORS[i].text;
        enum gaosou_status status = gs_query_parse(
            &q, text, strlen(text), &(struct gs_query_params){.mode = GS_QUERY_SYNTAX}, &err);
        if (status != GAOSOU_E_QUERY)
            test_fail("%s: status %d (%s), wanted a query error", text, status,
                      q ? q->read_as : err.text);
        const char *column = strstr(err.text, "column ");
        if (!column || atoi(column + 7) != ERRORS[i].column || !strstr(err.text, ERRORS[i].piece))
            test_fail("%s: %s; wanted column %d, %s", text, err.text, ERRORS[i].column,
                      ERRORS[i].piece);
        assert_int_equal(
            gs_query_parse(&q, text, strlen(text),
                           &(struct gs_query_params){.mode = GS_QUERY_SYNTAX, .chinese = true},
                           &err),
            GAOSOU_E_QUERY);
        assert_non_null(strstr(err.text, "列"));
        assert_ok(gs_query_parse(&q, text, strlen(text),
                                 &(struct gs_query_params){.mode = GS_QUERY_LITERAL}, NULL));
        gs_query_free(q);
        assert_ok(gs_query_parse(&q, text, strlen(text),
                                 &(struct gs_query_params){.mode = GS_QUERY_ANY}, NULL));
        gs_query_free(q);
    }
}

/* ---- limits ---- */

static void repeat(struct gs_buf *b, const char *piece, size_t times)
{
    while (times--)
        gs_buf_append_str(b, piece);
}

static void check_limit(const char *a, size_t a_times, const char *b, size_t b_times,
                        enum gaosou_status wanted, const char *piece)
{
    struct gs_buf text;
    struct gs_query *q = NULL;
    struct gs_err err = {0};
    gs_buf_init(&text, (size_t)64 << 20);
    repeat(&text, a, a_times);
    repeat(&text, b, b_times);
    assert_status_err(gs_query_parse(&q, (char *)text.data, text.size,
                                     &(struct gs_query_params){.mode = GS_QUERY_SYNTAX}, &err),
                      wanted, &err);
    if (wanted == GAOSOU_OK)
        gs_query_free(q);
    else if (!strstr(err.text, piece))
        test_fail("%s; wanted %s", err.text, piece);
    gs_buf_release(&text);
}

static void test_limits(void **state)
{
    (void)state;
    check_limit("(A ", 100, ")", 100, GAOSOU_OK, "");
    check_limit("(A ", 101, ")", 101, GAOSOU_E_LIMIT, "100");
    check_limit("(", 10000, ")", 10000, GAOSOU_E_LIMIT, "100");
    check_limit("(", 1000000, "", 0, GAOSOU_E_LIMIT, "100");
    check_limit("A ", 1, "NOT ", 10000, GAOSOU_E_LIMIT, "100");
    check_limit("A ", 1, "-(", 10000, GAOSOU_E_LIMIT, "100");
    check_limit("A ", 1024, "", 0, GAOSOU_OK, "");
    check_limit("A ", 1025, "", 0, GAOSOU_E_LIMIT, "1024");
    check_limit("A ", 100000, "", 0, GAOSOU_E_LIMIT, "1024");
    check_limit("A|", 100000, "A", 1, GAOSOU_E_LIMIT, "1024");
    check_limit("date:2024 ", 256, "", 0, GAOSOU_OK, "");
    check_limit("date:2024 ", 257, "", 0, GAOSOU_E_LIMIT, "256");
    check_limit("date:2024", 1, ",2024", 200000, GAOSOU_OK, "");
    check_limit("净", 16384, "", 0, GAOSOU_OK, "");
    check_limit("净", 16385, "", 0, GAOSOU_E_LIMIT, "16384");
    check_limit("净", 340000, "", 0, GAOSOU_E_LIMIT, "16384");
    check_limit("1年", 8000, "", 0, GAOSOU_OK, "");
    check_limit("净", (1 << 20) / 3 + 1, "", 0, GAOSOU_E_LIMIT, "1048576");
    check_limit("\"", 100000, "", 0, GAOSOU_E_QUERY, "nothing to search");
    check_limit("\"", 100001, "", 0, GAOSOU_E_QUERY, "never closed");
    check_limit(" ", 1000000, "A", 1, GAOSOU_OK, "");
    check_limit("NEAR/1001(A B)", 1, "", 0, GAOSOU_E_LIMIT, "1000");
    check_limit("NEAR/99999999999999999999(A B)", 1, "", 0, GAOSOU_E_LIMIT, "1000");
    check_limit("\"A B\"~4294967297", 1, "", 0, GAOSOU_E_LIMIT, "1000");
    check_limit("NEAR(A A A A A A A A A A ", 1, "A ", 6, GAOSOU_E_QUERY, "never closed");
    check_limit("NEAR(", 1, "A ", 17, GAOSOU_E_LIMIT, "16");
    check_limit("NEAR(", 1, "A ", 50, GAOSOU_E_LIMIT, "16");
    check_limit("NEAR(A ", 10000, "", 0, GAOSOU_E_LIMIT, "100");
    check_limit("SENTENCE(", 10000, "", 0, GAOSOU_E_LIMIT, "100");
    check_limit("PARAGRAPH(SENTENCE(", 50, "A", 1, GAOSOU_E_QUERY, "never closed");
    check_limit("A?", 300000, "A", 1, GAOSOU_OK, "");
    check_limit("A?B，", 8193, "", 0, GAOSOU_OK, "");
}

static void test_limits_any(void **state)
{
    (void)state;
    struct gs_buf text;
    struct gs_query *q = NULL;
    struct gs_err err = {0};
    gs_buf_init(&text, (size_t)64 << 20);
    repeat(&text, "「", 100000);
    assert_ok(gs_query_parse(&q, (char *)text.data, text.size,
                             &(struct gs_query_params){.mode = GS_QUERY_ANY}, NULL));
    gs_query_free(q);
    gs_buf_clear(&text);
    for (int i = 0; i < 1025; i++)
        gs_buf_printf(&text, "w%d ", i);
    assert_status_err(gs_query_parse(&q, (char *)text.data, text.size,
                                     &(struct gs_query_params){.mode = GS_QUERY_ANY}, &err),
                      GAOSOU_E_LIMIT, &err);
    gs_buf_release(&text);
}

/* Any bytes at all: pieces of syntax in random order. */
static void test_random(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "(",    ")",   "（",    "）",      "\"",        "“",    "”",  "「",     "」",   "|",
        "OR",   "AND", "NOT",   "-",       "－",        "*",    "＊", "title:", "：",   ":",
        "code", " ",   " ",     "　",      "净",        "利润", "A",  "12",     "，",   ".",
        "?",    "~8",  "NEAR(", "NEAR/3(", "SENTENCE(", "a*b",  "3.", "\xFF",   "\xE5", "\xF0\x9F"};
    uint64_t seed = 7;
    for (int round = 0; round < 20000; round++) {
        char text[256] = "";
        for (int i = 0; i < 12; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            strcat(text, pieces[(seed >> 33) % GS_COUNT_OF(pieces)]);
        }
        for (int mode = 0; mode < 3; mode++) {
            struct gs_query *q = NULL;
            struct gs_err err = {0};
            enum gaosou_status status = gs_query_parse(
                &q, text, strlen(text),
                &(struct gs_query_params){.mode = (enum gs_query_mode)mode,
                                          .chinese = round & 1,
                                          .within = (enum gs_query_within)(round / 2 % 3)},
                &err);
            assert_true(status == GAOSOU_OK ||
                        (mode == GS_QUERY_SYNTAX && status == GAOSOU_E_QUERY && err.text[0]));
            if (!status)
                gs_query_free(q);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trees),  cmocka_unit_test(test_literal),
        cmocka_unit_test(test_bags),   cmocka_unit_test(test_read_as),

        cmocka_unit_test(test_leaves), cmocka_unit_test(test_errors),
        cmocka_unit_test(test_limits), cmocka_unit_test(test_limits_any),
        cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
