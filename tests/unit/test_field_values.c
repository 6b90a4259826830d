/* Values of filters on strings: folding, lists, prefixes, ranges, codes, kinds, exchanges, and what
 * is wrong with a list. */
#include "common/filter/decimal.h"
#include "common/filter/exchange_names.h"
#include "common/filter/field_values.h"
#include "common/filter/filing_kinds.h"
#include "common/text/fold.h"
#include "tests/support/test.h"

#include <string.h>

#define ARENA_MAX ((size_t)1 << 24)

static struct gs_buf folded_of(const char *text, size_t size)
{
    struct gs_buf b;
    gs_buf_init(&b, ARENA_MAX);
    gs_fold_append(&b, text, size);
    gs_buf_append_u8(&b, 0);
    assert_ok(gs_buf_status(&b));
    return b;
}

static void test_strings_fold(void **state)
{
    (void)state;
    static const struct {
        const char *text, *folded;
    } rows[] = {
        {"", ""},
        {" 　", ""},
        {"　瑞芯 微 ", "瑞芯 微"},
        {"ＡＢｃ１２", "abc12"},
        {"瑞芯微（上海）", "瑞芯微(上海)"},
        {"聯合證券", "联合证券"},
        {"a\xE2\x80\x8B b", "a b"},   /* ZERO WIDTH SPACE vanishes */
        {"a \xE2\x80\x8B", "a"},      /* ... and leaves no space at the end */
        {"a　\tb", "a  b"},           /* each space is one */
        {"\xC3\x89t\xC3\xA9", "ete"}, /* É é */
        {"a\xFF"
         "b",
         "a\xEF\xBF\xBD"
         "b"},
        {"a\xE4\xB8", "a\xEF\xBF\xBD"},
        {"㈱", "(株)"},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct gs_buf b = folded_of(rows[i].text, strlen(rows[i].text));
        assert_string_equal((const char *)b.data, rows[i].folded);
        gs_buf_release(&b);
    }
}

/* Names of the lists are compared without being folded each time. */
static void test_lists_are_folded(void **state)
{
    (void)state;
    size_t count;
    const struct gs_filing_kind *kinds = gs_filing_kinds(&count);
    for (size_t i = 0; i < count; i++) {
        struct gs_buf b = folded_of(kinds[i].name, strlen(kinds[i].name));
        assert_string_equal((const char *)b.data, kinds[i].name);
        gs_buf_release(&b);
    }
    const char *const *exchanges = gs_exchanges(&count);
    for (size_t i = 0; i < count; i++) {
        struct gs_buf b = folded_of(exchanges[i], strlen(exchanges[i]));
        assert_string_equal(gs_exchange_find((const char *)b.data, b.size - 1), exchanges[i]);
        gs_buf_release(&b);
    }
}

static const struct row {
    enum gs_value_rule rule;
    const char *value, *stored;
    enum gs_truth truth;
} rows[] = {
    {GS_VALUES_TEXT, "瑞芯微", "瑞芯微", GS_TRUTH_YES},
    {GS_VALUES_TEXT, "瑞芯", "瑞芯微", GS_TRUTH_NO},
    {GS_VALUES_TEXT, "瑞芯*", "瑞芯微", GS_TRUTH_YES},
    {GS_VALUES_TEXT, "瑞芯＊", "瑞芯微", GS_TRUTH_YES},
    {GS_VALUES_TEXT, "\"瑞芯\"*", "瑞芯微", GS_TRUTH_YES},
    {GS_VALUES_TEXT, "\"瑞芯*\"", "瑞芯微", GS_TRUTH_NO},
    {GS_VALUES_TEXT, "*", "瑞芯微", GS_TRUTH_YES},
    {GS_VALUES_TEXT, "*", "", GS_TRUTH_UNKNOWN},
    {GS_VALUES_TEXT, "甲,乙，丙、丁", "丁", GS_TRUTH_YES},
    {GS_VALUES_TEXT, "“甲，乙”,「丙、」", "甲,乙", GS_TRUTH_YES},
    {GS_VALUES_TEXT, "“甲，乙＂,『丙、』", "丙、", GS_TRUTH_YES},
    {GS_VALUES_TEXT, "聯想（控股）", "联想(控股)", GS_TRUTH_YES},
    {GS_VALUES_TEXT, "*ST大地", "*ST大地", GS_TRUTH_YES},
    {GS_VALUES_TEXT, "5\"屏", "5\"屏", GS_TRUTH_YES},
    {GS_VALUES_TEXT, "甲..乙", "甲..乙", GS_TRUTH_YES},
    {GS_VALUES_TEXT, "甲..", "乙", GS_TRUTH_NO},
    {GS_VALUES_TEXT, "乙", "甲\x1F乙", GS_TRUTH_YES},
    {GS_VALUES_TEXT, "甲乙", "甲\x1F乙", GS_TRUTH_NO},
    {GS_VALUES_TEXT, "*", "\x1F", GS_TRUTH_NO},
    {GS_VALUES_CODE, "603893", "603893", GS_TRUTH_YES},
    {GS_VALUES_CODE, "６０３８９３．ＳＨ", "603893", GS_TRUTH_YES},
    {GS_VALUES_CODE, "603893.ss",
     "000001\x1F"
     "603893",
     GS_TRUTH_YES},
    {GS_VALUES_CODE, "603893.SZ", "603893", GS_TRUTH_NO},
    {GS_VALUES_CODE, "830799.BJ", "830799", GS_TRUTH_YES},
    {GS_VALUES_CODE, "920799.BJ", "920799", GS_TRUTH_YES},
    {GS_VALUES_CODE, "700", "00700", GS_TRUTH_YES},
    {GS_VALUES_CODE, "0700.HK", "00700", GS_TRUTH_YES},
    {GS_VALUES_CODE, "00700", "700", GS_TRUTH_YES},
    {GS_VALUES_CODE, "0", "00000", GS_TRUTH_YES},
    {GS_VALUES_CODE, "0700.HK", "0700.HK", GS_TRUTH_YES},
    {GS_VALUES_CODE, "0700.HK", "00700.HK", GS_TRUTH_YES},
    {GS_VALUES_CODE, "700", "00700.HK", GS_TRUTH_YES},
    {GS_VALUES_CODE, "700.hk", "00700", GS_TRUTH_YES},
    {GS_VALUES_CODE, "603893", "603893.SH", GS_TRUTH_YES},
    {GS_VALUES_CODE, "603893.SS", "603893.SH", GS_TRUTH_YES},
    {GS_VALUES_CODE, "603893.SZ", "603893.SH", GS_TRUTH_NO},
    {GS_VALUES_CODE, "603893.SH", "603893.SZ", GS_TRUTH_NO},
    {GS_VALUES_CODE, "000001", "00001", GS_TRUTH_NO},
    {GS_VALUES_CODE, "000001.SZ", "000001", GS_TRUTH_YES},
    {GS_VALUES_CODE, "700*", "00700", GS_TRUTH_NO},
    {GS_VALUES_CODE, "007*", "00700", GS_TRUTH_YES},
    {GS_VALUES_CODE, "113001.SH", "113001.SH", GS_TRUTH_YES}, /* stored so: no share */
    {GS_VALUES_CODE, "600000..601000", "600999", GS_TRUTH_YES},
    {GS_VALUES_CODE, "60..68", "688123", GS_TRUTH_YES},
    {GS_VALUES_CODE, "60..68", "700000", GS_TRUTH_NO},
    {GS_VALUES_CODE, "688..68", "689009", GS_TRUTH_YES}, /* what begins with 68 */
    {GS_VALUES_CODE, "688..", "920000", GS_TRUTH_YES},
    {GS_VALUES_CODE, "..688", "688001", GS_TRUTH_YES},
    {GS_VALUES_CODE, "..688", "689001", GS_TRUTH_NO},
    {GS_VALUES_KIND, "年报", "年度报告", GS_TRUTH_YES},
    {GS_VALUES_KIND, "Annual Report", "年度报告", GS_TRUTH_YES},
    {GS_VALUES_KIND, "年报\u200B", "年度报告", GS_TRUTH_YES},
    {GS_VALUES_KIND, "年度报告", "年度报告摘要", GS_TRUTH_NO},
    {GS_VALUES_KIND, "年度報告*", "年度报告摘要", GS_TRUTH_YES},
    {GS_VALUES_KIND, "调研简报", "調研簡報", GS_TRUTH_YES}, /* none of the list */
    {GS_VALUES_EXCHANGE, "上交所", "SSE", GS_TRUTH_YES},
    {GS_VALUES_EXCHANGE, "sh", "上海证券交易所", GS_TRUTH_YES},
    {GS_VALUES_EXCHANGE, "臺灣證券交易所", "TWSE", GS_TRUTH_YES},
    {GS_VALUES_EXCHANGE, "tpex", "TPEx", GS_TRUTH_YES},
    {GS_VALUES_EXCHANGE, "SZSE", "SSE", GS_TRUTH_NO},
    {GS_VALUES_EXCHANGE, "S*", "SZSE", GS_TRUTH_YES},
    {GS_VALUES_EXCHANGE, "NYSE", "nyse", GS_TRUTH_YES},
    {GS_VALUES_OPEN, "5..10", "7", GS_TRUTH_YES},
    {GS_VALUES_OPEN, "5..10", "10.0", GS_TRUTH_YES},
    {GS_VALUES_OPEN, "5..10", "10.01", GS_TRUTH_NO},
    {GS_VALUES_OPEN, "5..10", "100", GS_TRUTH_NO},
    {GS_VALUES_OPEN, "5..10", "7元", GS_TRUTH_NO},
    {GS_VALUES_OPEN, "-3.5..", "-3.51", GS_TRUTH_NO},
    {GS_VALUES_OPEN, "-3.5..", "-.5", GS_TRUTH_YES},
    {GS_VALUES_OPEN, "..-0", "0", GS_TRUTH_YES},
    {GS_VALUES_OPEN, "...5", "0.50", GS_TRUTH_YES},
    {GS_VALUES_OPEN, "５..１０", "７", GS_TRUTH_YES},
    {GS_VALUES_OPEN, "5..b", "7", GS_TRUTH_YES}, /* bytes */
    {GS_VALUES_OPEN, "5..b", "10", GS_TRUTH_NO},
    {GS_VALUES_OPEN, "2023Q1..2023Q3", "2023q3 修订", GS_TRUTH_YES},
    {GS_VALUES_OPEN, "\"A 1\"..\"A 2\"", "a 15", GS_TRUTH_YES},
    {GS_VALUES_OPEN, "\"A..B\"", "a..b", GS_TRUTH_YES},
    {GS_VALUES_OPEN, "10", "10.0", GS_TRUTH_NO},
    {GS_VALUES_OPEN, "99999999999999999999998..", "99999999999999999999999", GS_TRUTH_YES},
    {GS_VALUES_OPEN, "99999999999999999999999..", "99999999999999999999998", GS_TRUTH_NO},
    {GS_VALUES_BYTES, "A/b*", "A/b.pdf", GS_TRUTH_YES},
    {GS_VALUES_BYTES, "a/b*", "A/b.pdf", GS_TRUTH_NO},
    {GS_VALUES_BYTES,
     "a\x1F"
     "b",
     "a\x1F"
     "b",
     GS_TRUTH_YES},
    {GS_VALUES_BYTES, "a\xFF*", "a\xFF\xFE", GS_TRUTH_YES},
};

static void test_values_are_judged(void **state)
{
    (void)state;
    struct gs_buf scratch;
    gs_buf_init(&scratch, ARENA_MAX);
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct gs_arena arena;
        struct gs_field_values v;
        struct gs_value_flaw flaw;
        gs_arena_init(&arena, ARENA_MAX);
        assert_ok(gs_field_values_read(&arena, rows[i].rule, rows[i].value, strlen(rows[i].value),
                                       &v, &flaw));
        enum gs_truth truth, one, any = GS_TRUTH_NO;
        size_t size = strlen(rows[i].stored);
        assert_ok(gs_field_values_judge(&v, rows[i].stored, size, &scratch, &truth));
        if (truth != rows[i].truth)
            fail_msg("row %zu, %s of %s: %d", i, rows[i].value, rows[i].stored, (int)truth);
        for (size_t k = 0; k < v.count; k++) {
            assert_ok(gs_field_item_judge(&v, k, rows[i].stored, size, &scratch, &one));
            any = one > any ? one : any;
        }
        assert_int_equal(any, truth);
        gs_arena_release(&arena);
    }
    gs_buf_release(&scratch);
}

static void test_flaws_have_a_place(void **state)
{
    (void)state;
    static const struct {
        enum gs_value_rule rule;
        const char *value;
        enum gs_flaw_kind kind;
        size_t at;
    } flaws[] = {
        {GS_VALUES_TEXT, "", GS_FLAW_EMPTY, 0},
        {GS_VALUES_TEXT, "a,,b", GS_FLAW_EMPTY, 2},
        {GS_VALUES_TEXT, "a,", GS_FLAW_EMPTY, 2},
        {GS_VALUES_TEXT, "\"\"", GS_FLAW_EMPTY, 0},
        {GS_VALUES_TEXT, "「　」", GS_FLAW_EMPTY, 0},
        {GS_VALUES_TEXT, "a,\"b", GS_FLAW_QUOTE, 2},
        {GS_VALUES_TEXT, "\"a\"b", GS_FLAW_QUOTE, 0},
        {GS_VALUES_TEXT, "\"a\"..", GS_FLAW_QUOTE, 0},
        {GS_VALUES_CODE, "68*..69", GS_FLAW_STAR, 0},
        {GS_VALUES_CODE, "1,68..69*", GS_FLAW_STAR, 2},
        {GS_VALUES_CODE, "..", GS_FLAW_NO_END, 0},
        {GS_VALUES_CODE, "2..1", GS_FLAW_BACKWARDS, 0},
        {GS_VALUES_OPEN, "a,10..9", GS_FLAW_BACKWARDS, 2},
        {GS_VALUES_OPEN, "b..a", GS_FLAW_BACKWARDS, 0},
    };
    for (size_t i = 0; i < GS_COUNT_OF(flaws); i++) {
        struct gs_arena arena;
        struct gs_field_values v;
        struct gs_value_flaw flaw = {.kind = GS_FLAW_FORM};
        char text[256];
        gs_arena_init(&arena, ARENA_MAX);
        assert_int_equal(gs_field_values_read(&arena, flaws[i].rule, flaws[i].value,
                                              strlen(flaws[i].value), &v, &flaw),
                         GAOSOU_E_QUERY);
        if (flaw.kind != flaws[i].kind || flaw.at != flaws[i].at)
            fail_msg("%s: flaw %d at %zu", flaws[i].value, (int)flaw.kind, flaw.at);
        gs_value_flaw_text(&flaw, "code", i % 2, text, sizeof(text));
        assert_int_equal(strncmp(text, "code: ", 6), 0);
        gs_arena_release(&arena);
    }
}

static void test_names_of_lists_are_known(void **state)
{
    (void)state;
    static const struct {
        enum gs_value_rule rule;
        const char *value;
        bool known;
    } items[] = {
        {GS_VALUES_KIND, "中报", true},       {GS_VALUES_KIND, "年*", true},
        {GS_VALUES_KIND, "年报大全", false},  {GS_VALUES_KIND, "annual*", false},
        {GS_VALUES_EXCHANGE, "深交所", true}, {GS_VALUES_EXCHANGE, "sz*", true},
        {GS_VALUES_EXCHANGE, "上海*", false}, {GS_VALUES_EXCHANGE, "NYSE", false},
        {GS_VALUES_CODE, "anything", true},
    };
    for (size_t i = 0; i < GS_COUNT_OF(items); i++) {
        struct gs_arena arena;
        struct gs_field_values v;
        struct gs_value_flaw flaw;
        gs_arena_init(&arena, ARENA_MAX);
        assert_ok(gs_field_values_read(&arena, items[i].rule, items[i].value,
                                       strlen(items[i].value), &v, &flaw));
        if (v.items[0].known != items[i].known)
            fail_msg("%s", items[i].value);
        gs_arena_release(&arena);
    }
}

static void test_long_lists_are_searched(void **state)
{
    (void)state;
    struct gs_buf list, scratch;
    struct gs_arena arena;
    struct gs_field_values v;
    struct gs_value_flaw flaw;
    enum gs_truth truth;
    gs_buf_init(&list, ARENA_MAX);
    gs_buf_init(&scratch, ARENA_MAX);
    gs_arena_init(&arena, 8 * ARENA_MAX);
    for (unsigned i = 0; i < 50000; i++)
        gs_buf_printf(&list, "%s%06u", i ? "," : "", i * 7919 % 999983 / 2 * 2);
    assert_ok(gs_field_values_read(&arena, GS_VALUES_CODE, (const char *)list.data, list.size, &v,
                                   &flaw));
    assert_ok(gs_field_values_judge(&v, "007918", 6, &scratch, &truth));
    assert_int_equal(truth, GS_TRUTH_YES);
    for (unsigned i = 1; i < 999983; i += 1000) {
        char code[8];
        snprintf(code, sizeof(code), "%06u", i);
        assert_ok(gs_field_values_judge(&v, code, 6, &scratch, &truth));
        assert_int_equal(truth, GS_TRUTH_NO);
    }
    gs_buf_clear(&list);
    for (unsigned i = 0; i <= GS_VALUES_SPANS_MAX; i++)
        gs_buf_printf(&list, "%s%u*", i ? "," : "", i);
    assert_int_equal(
        gs_field_values_read(&arena, GS_VALUES_CODE, (const char *)list.data, list.size, &v, &flaw),
        GAOSOU_E_QUERY);
    assert_int_equal(flaw.kind, GS_FLAW_TOO_MANY);
    gs_arena_release(&arena);
    gs_buf_release(&list);
    gs_buf_release(&scratch);
}

static void test_decimals(void **state)
{
    (void)state;
    static const char *const none[] = {"",   "-",     ".",   "5.",  "-.",
                                       "+5", "1,000", "1e3", "5..", "0x1"};
    for (size_t i = 0; i < GS_COUNT_OF(none); i++)
        assert_false(gs_decimal_is(none[i], strlen(none[i])));
    static const char *const rising[] = {"-100.5", "-100", "-9.99", "-.5",   "-0.25",
                                         "0",      ".05",  "0.5",   "1",     "1.001",
                                         "9.9",    "10",   "10.5",  "099.1", "100"};
    for (size_t i = 0; i < GS_COUNT_OF(rising); i++)
        for (size_t k = 0; k < GS_COUNT_OF(rising); k++) {
            int order =
                gs_decimal_compare(rising[i], strlen(rising[i]), rising[k], strlen(rising[k]));
            assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
        }
    assert_int_equal(gs_decimal_compare("-0", 2, "0.00", 4), 0);
    assert_int_equal(gs_decimal_compare("010.50", 6, "10.5", 4), 0);
}

/* Where a value ends: spaces count outside quotes alone. */
static void test_scan_of_quotes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t end;
    } scans[] = {
        {"a b", 1},      {"\"a b\",c d", 7},       {"a,\"b c\" d", 7},
        {"a\"b c\"", 3}, {"\"a\"..\"b c\" d", 10}, {"a.\"b c", 4},
    };
    for (size_t i = 0; i < GS_COUNT_OF(scans); i++) {
        struct gs_value_scan scan = {.at_start = true};
        size_t at = 0;
        while (scans[i].text[at] &&
               (gs_value_scan_step(&scan, (uint8_t)scans[i].text[at]) || scans[i].text[at] != ' '))
            at++;
        assert_int_equal(at, scans[i].end);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strings_fold),
        cmocka_unit_test(test_lists_are_folded),
        cmocka_unit_test(test_values_are_judged),
        cmocka_unit_test(test_flaws_have_a_place),
        cmocka_unit_test(test_names_of_lists_are_known),
        cmocka_unit_test(test_long_lists_are_searched),
        cmocka_unit_test(test_decimals),
        cmocka_unit_test(test_scan_of_quotes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
