/* indexer: JSON lines, dates, UTF-8 repair, decoding. */
#include "common/base/date.h"
#include "common/base/json_scan.h"
#include "indexer/decode.h"
#include "indexer/jsonl.h"
#include "tests/support/test.h"

#define LINE_MAX_BYTES ((size_t)1 << 20)

static const char *const field_names[GS_FIELD_COUNT] = {
    "id",    "title", "name", "company", "date",   "period", "type", "exchange",
    "board", "url",   "path", "number",  "source", "codes",  "extra"};

/* All fields that are known, as "name=value;" with U+001F shown as | and form feed as \f. */
static void show(const struct gs_filing *f, struct gs_buf *out)
{
    gs_buf_clear(out);
    for (int i = 0; i <= GS_FIELD_COUNT; i++) {
        struct gs_str s = i < GS_FIELD_COUNT ? f->field[i] : f->text;
        if (s.size == 0)
            continue;
        gs_buf_printf(out, "%s=", i < GS_FIELD_COUNT ? field_names[i] : "text");
        for (size_t k = 0; k < s.size; k++)
            gs_buf_append_u8(out, s.bytes[k] == 0x1F   ? '|'
                                  : s.bytes[k] == '\f' ? '^'
                                                       : (uint8_t)s.bytes[k]);
        gs_buf_append_u8(out, ';');
    }
    gs_buf_append_u8(out, 0);
}

static void good_lines(void **state)
{
    (void)state;
    static const struct {
        const char *line, *wanted;
    } rows[] = {
        {"{}", ""},
        {" { } \r", ""},
        {"{\"id\":\"a\",\"text\":\"净利润\"}", "id=a;text=净利润;"},
        {"{\"id\" : 17 , \"text\" : null}", "id=17;"},
        {"{\"text\":[\"p1\",\"p2\",null,\"p4\"]}", "text=p1^p2^^p4;"},
        {"{\"text\":[]}", ""},
        {"{\"text\":[null]}", ""},
        {"{\"text\":[\"p1\"]}", "text=p1^;"},
        {"{\"text\":[\"p\\f1\"],\"title\":\"t\"}", "title=t;text=p^1;"},
        {"{\"text\":[\"a\\nb\",\"\\u82af\"]}", "text=a\nb^芯;"},
        {"{\"text\":\"\\u82af\\ud83d\\ude00x\\/\\b\\f\\t\\\"\\\\\"}", "text=芯😀x/\b^\t\"\\;"},
        {"{\"text\":\"\\ud83d!\"}", "text=\xEF\xBF\xBD!;"},
        {"{\"text\":\"\\ud83d\\u0041\"}", "text=\xEF\xBF\xBD"
                                          "A;"},
        {"{\"code\":\"603893\"}", "codes=603893;"},
        {"{\"code\":603893}", "codes=603893;"},
        {"{\"code\":\"603893, 688088，000001、00700\"}", "codes=603893|688088|000001|00700;"},
        {"{\"codes\":[\"603893\",688088]}", "codes=603893|688088;"},
        {"{\"title\":\"年度报告\",\"date\":\"2024-03-05\",\"period\":2023,\"type\":\"年报\","
         "\"exchange\":\"SSE\",\"board\":\"科创板\",\"url\":\"http://x\",\"path\":\"/p\","
         "\"name\":\"瑞芯微\",\"company\":\"瑞芯微电子\",\"number\":\"2024-007\"}",
         "title=年度报告;name=瑞芯微;company=瑞芯微电子;date=2024-03-05;period=2023;type=年报;"
         "exchange=SSE;board=科创板;url=http://x;path=/p;number=2024-007;"},
        {"{\"id\":\"a\",\"page\": 3 ,\"x\":{\"y\":[1,-2.5e+3,{\"z\":null}],\"t\":true}}",
         "id=a;extra={\"page\": 3,\"x\":{\"y\":[1,-2.5e+3,{\"z\":null}],\"t\":true}};"},
        {"{\"\\u0069d\":\"a\"}", "id=a;"},
        {"{\"x\":[],\"y\":{},\"z\":[[],[{}]]}", "extra={\"x\":[],\"y\":{},\"z\":[[],[{}]]};"},
    };
    struct gs_jsonl j;
    struct gs_buf shown;
    gs_jsonl_init(&j, LINE_MAX_BYTES);
    gs_buf_init(&shown, LINE_MAX_BYTES);
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct gs_filing f;
        struct gs_err err;
        assert_ok_err(gs_jsonl_parse(&j, "f", 1, (const uint8_t *)rows[i].line,
                                     strlen(rows[i].line), &f, &err),
                      &err);
        show(&f, &shown);
        assert_string_equal((const char *)shown.data, rows[i].wanted);
    }
    assert_int_equal(j.replaced, 2);
    gs_buf_release(&shown);
    gs_jsonl_release(&j);
}

static void bad_lines_name_the_column(void **state)
{
    (void)state;
    static const struct {
        const char *line, *wanted;
    } rows[] = {
        {"", "f:7:1: an object in { } is wanted"},
        {"[1]", "f:7:1: an object in { } is wanted"},
        {"{\"id\":\"a\"", "f:7:10: the line ends inside the object"},
        {"{\"id\":\"a\" \"b\"}", "f:7:11: a comma or } is missing"},
        {"{\"id\" \"a\"}", "f:7:7: a colon is missing"},
        {"{id:1}", "f:7:2: a field name in quotes is missing"},
        {"{\"id\":\"a\",}", "f:7:11: a field name in quotes is missing"},
        {"{\"id\":\"a}", "f:7:7: the line ends inside this string"},
        {"{\"id\":\"a\tb\"}", "f:7:9: a control character inside a string"},
        {"{\"id\":\"a\\x\"}", "f:7:9: an escape that JSON does not have"},
        {"{\"text\":\"\\u12g4\"}", "f:7:14: \\u needs four hexadecimal digits"},
        {"{\"text\":\"\\u12", "f:7:12: \\u needs four hexadecimal digits"},
        {"{\"id\":\"a\",\"id\":\"b\"}", "f:7:11: this field is given twice"},
        {"{\"code\":\"a\",\"codes\":\"b\"}", "f:7:13: this field is given twice"},
        {"{\"x\":1,\"x\":2}", "f:7:8: this field is given twice"},
        {"{\"title\":{}}", "f:7:10: this field must be a string"},
        {"{\"title\":true}", "f:7:10: this field must be a string"},
        {"{\"x\":01}", "f:7:6: not a JSON value"},
        {"{\"x\":1.}", "f:7:8: a digit is missing behind the point"},
        {"{\"x\":1e}", "f:7:8: a digit is missing in the exponent"},
        {"{\"x\":nul}", "f:7:6: not a JSON value"},
        {"{\"x\":[1,2}", "f:7:10: a comma or ] is missing"},
        {"{\"x\":{\"a\":1]}", "f:7:12: a comma or } is missing"},
        {"{\"x\":{1:2}}", "f:7:7: a field name in quotes is missing"},
        {"{\"x\":", "f:7:6: a value is missing"},
        {"{} x", "f:7:4: something stands behind the object"},
        {"{\"id\":\"a\\nb\"}", "f:7:1: the id has a control character in it"},
    };
    struct gs_jsonl j;
    gs_jsonl_init(&j, LINE_MAX_BYTES);
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct gs_filing f;
        struct gs_err err = {0};
        assert_status(gs_jsonl_parse(&j, "f", 7, (const uint8_t *)rows[i].line,
                                     strlen(rows[i].line), &f, &err),
                      GAOSOU_E_INPUT);
        assert_string_equal(err.text, rows[i].wanted);
    }
    gs_jsonl_release(&j);
}

/* Every prefix of a line that has everything is read inside its bytes (a copy at the end of its
 * allocation) and refused. */
static void every_prefix_is_refused(void **state)
{
    (void)state;
    static const char line[] = "{\"id\":\"a\\u82af\",\"text\":[\"净利润\\n\",\"b\"],\"x\":{\"y\":["
                               "1.5e3,null,\"z\"]},\"code\":[1]}";
    struct gs_jsonl j;
    gs_jsonl_init(&j, LINE_MAX_BYTES);
    for (size_t size = 0; size < sizeof(line) - 1; size++) {
        uint8_t *copy = malloc(size + 1);
        assert_non_null(copy);
        memcpy(copy + 1, line, size);
        struct gs_filing f;
        assert_status(gs_jsonl_parse(&j, "f", 1, copy + 1, size, &f, NULL), GAOSOU_E_INPUT);
        free(copy);
    }
    gs_jsonl_release(&j);
}

static void depth_and_number_of_fields_have_limits(void **state)
{
    (void)state;
    struct gs_jsonl j;
    struct gs_buf line;
    struct gs_filing f;
    struct gs_err err;
    gs_jsonl_init(&j, LINE_MAX_BYTES);
    gs_buf_init(&line, LINE_MAX_BYTES);
    for (int depth = GS_JSON_DEPTH_MAX; depth <= 100000; depth += 99936) {
        gs_buf_clear(&line);
        gs_buf_append_str(&line, "{\"x\":");
        for (int i = 0; i < depth; i++)
            gs_buf_append_u8(&line, '[');
        for (int i = 0; i < depth; i++)
            gs_buf_append_u8(&line, ']');
        gs_buf_append_u8(&line, '}');
        assert_status(gs_jsonl_parse(&j, "f", 1, line.data, line.size, &f, &err),
                      depth == GS_JSON_DEPTH_MAX ? GAOSOU_OK : GAOSOU_E_INPUT);
    }
    assert_non_null(strstr(err.text, "nested too deep"));
    gs_buf_clear(&line);
    gs_buf_append_u8(&line, '{');
    for (int i = 0; i <= GS_JSONL_UNKNOWN_MAX; i++)
        gs_buf_printf(&line, "%s\"x%d\":%d", i ? "," : "", i, i);
    gs_buf_append_u8(&line, '}');
    assert_status(gs_jsonl_parse(&j, "f", 1, line.data, line.size, &f, &err), GAOSOU_E_INPUT);
    assert_non_null(strstr(err.text, "too many fields"));
    gs_buf_release(&line);
    gs_jsonl_release(&j);
}

static void long_strings_are_scanned_whole(void **state)
{
    (void)state;
    struct gs_jsonl j;
    struct gs_buf line;
    gs_jsonl_init(&j, LINE_MAX_BYTES);
    gs_buf_init(&line, LINE_MAX_BYTES);
    for (size_t length = 0; length < 80; length++) {
        for (int special = 0; special < 3; special++) {
            static const char *const tails[] = {"", "\\n", "\x01"};
            gs_buf_clear(&line);
            gs_buf_append_str(&line, "{\"text\":\"");
            for (size_t i = 0; i < length; i++)
                gs_buf_append_u8(&line, (uint8_t)(i % 3 ? 0xA0 + i % 16 : 0x7E));
            gs_buf_append_str(&line, tails[special]);
            gs_buf_append_str(&line, "!\"}");
            struct gs_filing f;
            enum gaosou_status status = gs_jsonl_parse(&j, "f", 1, line.data, line.size, &f, NULL);
            assert_int_equal(status, special == 2 ? GAOSOU_E_INPUT : GAOSOU_OK);
            if (status == GAOSOU_OK) {
                assert_int_equal(f.text.size, length + 1 + (special == 1));
                assert_memory_equal(f.text.bytes, line.data + 9, length);
            }
        }
    }
    gs_buf_release(&line);
    gs_jsonl_release(&j);
}

static void dates(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t date;
    } rows[] = {
        {"2024-03-05", 20240305},
        {"2024/3/5", 20240305},
        {"2024.03.05", 20240305},
        {"20240305", 20240305},
        {"2024年3月5日", 20240305},
        {"2024年3月", 20240300},
        {"2024-03", 20240300},
        {"202403", 20240300},
        {"2024", 20240000},
        {"2024年度", 20240000},
        {"2023-08-16 18:24:57", 20230816},
        {" 2024-2-29", 20240229},
        {"2023-02-29", 0},
        {"2024-13-01", 0},
        {"2024-00-01", 0},
        {"202400", 0},
        {"20240232", 0},
        {"", 0},
        {"24-03-05", 0},
        {"三月", 0},
        {"2024-3-5T00:00:00Z", 20240305},
        {"0024-01-01", 0},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++)
        assert_int_equal(gs_date_parse(rows[i].text, strlen(rows[i].text), NULL), rows[i].date);
}

static void periods(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t end;
    } rows[] = {
        {"2024", 20240000},
        {"2024年", 20240000},
        {"2024-06", 20240600},
        {"2024年6月30日", 20240630},
        {"2024-1", 20240100},
        {"2024H1", 20240630},
        {"2024 h2", 20241231},
        {"2024Q1", 20240331},
        {"2024-Q2", 20240630},
        {"2024q3", 20240930},
        {"2024Q4", 20241231},
        {"2024Q5", 0},
        {"2024Q15", 0},
        {"2024Q0", 0},
        {"2024H3", 0},
        {"2024Q", 20240000},
        {"2024年第五季度", 0},
        {"2024年第5季度", 0},
        {"2024年第十一季度", 0},
        {"2024年第三半年", 0},
        {"2024年1-13月", 0},
        {"2024年6-1月", 0},
        {"2024年1-2月", 20240229},
        {"2023年1月至2月", 20230228},
        {"2024年1-12月", 20241231},
        {"2024-1x", 0},
        {"2024-123", 0},
        {"2024-03-123", 0},
        {"2024-03-05T10:00", 20240305},
        {"2024年半年度", 20240630},
        {"2024半年度报告", 20240630},
        {"2024年上半年", 20240630},
        {"2024年下半年", 20241231},
        {"2024年第一季度", 20240331},
        {"2024年一季度", 20240331},
        {"2024年1季度", 20240331},
        {"2024年二季度", 20240630},
        {"2024年第三季度报告", 20240930},
        {"2024年三季报", 20240930},
        {"2024年前三季度", 20240930},
        {"2024年第四季度", 20241231},
        {"2024年度", 20241231},
        {"2024年年度报告", 20241231},
        {"2024年第", 20240000},
        {" 2024年1-6月", 20240630},
        {"2024年1-9月", 20240930},
        {"2024年第2季度", 20240630},
        {"2024年1月", 20240100},
        {"20240930", 20240930},
        {"2024-03-05 Q1", 20240305},
        {"2024年五季度", 0},
        {"2024-13", 0},
        {"2023-02-30", 0},
        {"半年度", 0},
        {"", 0},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        uint32_t end = gs_date_parse_period(rows[i].text, strlen(rows[i].text));
        if (end != rows[i].end)
            test_fail("%s: %u, wanted %u", rows[i].text, end, rows[i].end);
    }
}

/* Work and stack do not grow beyond the text. */
static void a_period_of_a_megabyte(void **state)
{
    (void)state;
    size_t signs = 350000, size = 7 + 3 * signs;
    char *text = malloc(size);
    assert_non_null(text);
    memcpy(text, "2024年", 7);
    for (size_t i = 0; i < signs; i++)
        memcpy(text + 7 + 3 * i, "一", 3);
    assert_int_equal(gs_date_parse_period(text, size), 20240000);
    free(text);
}

static void dates_that_name_a_part_of_a_year(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t date;
    } rows[] = {{"2024年第5季度", 0},
                {"2024年第1季度", 20240000},
                {"2024Q9", 0},
                {"2024年1-6月", 20240000},
                {"2024-1x", 0},
                {"2024年1月", 20240100},
                {"2024-03-05 Q9", 20240305},
                {"2024-03-05", 20240305},
                {"", 0}};
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++)
        assert_int_equal(gs_date_parse_given(rows[i].text, strlen(rows[i].text)), rows[i].date);
}

static void invalid_utf8_becomes_replacement_characters(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *wanted;
        unsigned replaced;
    } rows[] = {
        {"净利润 abc", "净利润 abc", 0},
        {"\x80", "\xEF\xBF\xBD", 1},
        {"a\xE5\x87z", "a\xEF\xBF\xBDz", 1},
        {"\xF0\x9F\x98", "\xEF\xBF\xBD", 1},
        {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", 3},
        {"\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD", 2},
        {"\xF5净", "\xEF\xBF\xBD净", 1},
        {"\xE0\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD", 3},
        {"\xEF\xBF\xBD", "\xEF\xBF\xBD", 0},
        {"\xEF\xBF", "\xEF\xBF\xBD", 1},
    };
    struct gs_buf out;
    gs_buf_init(&out, 1000);
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        const uint8_t *bytes = (const uint8_t *)rows[i].bytes;
        size_t size = strlen(rows[i].bytes);
        gs_buf_clear(&out);
        assert_int_equal(gs_utf8_repair(bytes, size, &out), rows[i].replaced);
        assert_int_equal(out.size, strlen(rows[i].wanted));
        assert_memory_equal(out.data, rows[i].wanted, out.size);
        assert_int_equal(gs_utf8_valid(bytes, size) == size, rows[i].replaced == 0);
        assert_int_equal(gs_utf8_valid(out.data, out.size), out.size);
    }
    gs_buf_release(&out);
}

/* In pieces of every size as in one. */
static void decoding_in_pieces(void **state)
{
    (void)state;
    /* 净利润AB in GB18030, a four-byte character of it, and a byte that begins nothing. */
    static const uint8_t bytes[] = {0xBE, 0xBB, 0xC0, 0xFB, 0xC8, 0xF3, 'A',
                                    'B',  0x82, 0x35, 0x8F, 0x33, 0xFF, 'C'};
    static const char wanted[] = "净利润AB\xE9\xBE\xA6\xEF\xBF\xBD"
                                 "C";
    struct gs_decoder d;
    struct gs_buf out;
    gs_buf_init(&out, 1000);
    assert_ok(gs_decoder_open(&d, "GB18030", NULL));
    for (size_t piece = 1; piece <= sizeof(bytes); piece++) {
        gs_decoder_reset(&d);
        gs_buf_clear(&out);
        for (size_t at = 0; at < sizeof(bytes); at += piece) {
            size_t size = sizeof(bytes) - at < piece ? sizeof(bytes) - at : piece;
            assert_ok(gs_decoder_feed(&d, bytes + at, size, at + size == sizeof(bytes), &out));
        }
        assert_int_equal(out.size, sizeof(wanted) - 1);
        assert_memory_equal(out.data, wanted, out.size);
        assert_int_equal(d.replaced, 1);
    }
    gs_decoder_close(&d);
    assert_status(gs_decoder_open(&d, "no-such-encoding", NULL), GAOSOU_E_ENCODING);
    gs_buf_release(&out);
}

static void a_character_cut_at_the_end_is_replaced(void **state)
{
    (void)state;
    struct gs_decoder d;
    struct gs_buf out;
    gs_buf_init(&out, 1000);
    assert_ok(gs_decoder_open(&d, "GB18030", NULL));
    assert_ok(gs_decoder_feed(&d, (const uint8_t *)"A\xBE", 2, false, &out));
    assert_ok(gs_decoder_feed(&d, (const uint8_t *)"", 0, true, &out));
    assert_int_equal(out.size, 4);
    assert_memory_equal(out.data, "A\xEF\xBF\xBD", 4);
    assert_int_equal(d.replaced, 1);
    gs_decoder_close(&d);
    gs_buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_lines),
        cmocka_unit_test(bad_lines_name_the_column),
        cmocka_unit_test(every_prefix_is_refused),
        cmocka_unit_test(depth_and_number_of_fields_have_limits),
        cmocka_unit_test(long_strings_are_scanned_whole),
        cmocka_unit_test(dates),
        cmocka_unit_test(periods),
        cmocka_unit_test(a_period_of_a_megabyte),
        cmocka_unit_test(dates_that_name_a_part_of_a_year),
        cmocka_unit_test(invalid_utf8_becomes_replacement_characters),
        cmocka_unit_test(decoding_in_pieces),
        cmocka_unit_test(a_character_cut_at_the_end_is_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
