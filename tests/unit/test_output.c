/* What is shown of an answer: exact text and JSON of hits made by hand, columns, and safety on a
 * terminal. */
#include "tests/support/test.h"

#include "common/text/display.h"
#include "query/output.h"

#include <signal.h>
#include <unistd.h>

static struct gs_str str(const char *text)
{
    return (struct gs_str){text, strlen(text)};
}

static const struct gs_fragment_span spans[] = {{0, 9}, {12, 15}};
static const struct gs_results_term terms[] = {{"净利润", 31}, {"增长", 0}};

static struct gs_results_hit full_hit(void)
{
    struct gs_results_hit hit = {
        .rank = 1, .score = 12.5, .terms = terms, .term_count = 2, .fragment_count = 2};
    hit.record = (struct gs_record){
        .id = str("seeds/002.txt"),
        .title = str("瑞云股份2023年\n年度报告"),
        .name = str("瑞云股份"),
        .codes = str("603893\x1F"
                     "0700.HK"),
        .date = str("2024-03-29"),
        .type = str("年度报告"),
        .path = str("seeds/002.txt"),
        .extra = str("{\"broker\":\"甲\"}"),
    };
    hit.place =
        (struct gs_results_place){.sheet = 20, .label = str("18"), .section = str("第三节 > 一、")};
    static struct gs_results_fragment fragments[2];
    fragments[0] = (struct gs_results_fragment){
        .text = str("净利润同比增长。"), .spans = spans, .span_count = 2, .place = hit.place};
    fragments[1] = (struct gs_results_fragment){
        .text = str("净利润。"), .spans = spans, .span_count = 1, .place = {.label = str("1-1-9")}};
    hit.fragments = fragments;
    return hit;
}

static void assert_text(struct gs_buf *out, const char *wanted)
{
    assert_int_equal(gs_buf_status(out), GAOSOU_OK);
    gs_buf_append_u8(out, 0);
    assert_string_equal((const char *)out->data, wanted);
    gs_buf_release(out);
}

static void test_text_of_a_hit(void **state)
{
    (void)state;
    struct gs_buf out;
    struct gs_results_hit hit = full_hit();
    struct gs_text_style style = {.color = false};
    gs_buf_init(&out, 1 << 20);
    gs_text_set_widths(&style, 10, 12.5);
    gs_text_write_hit(&out, &hit, &style);
    assert_text(&out, "\n"
                      " 1  12.500  瑞云股份2023年 年度报告\n"
                      "            603893,0700.HK  瑞云股份  2024-03-29  年度报告  page 20 (18)  "
                      "seeds/002.txt\n"
                      "            净利润 31\n"
                      "            第三节 > 一、\n"
                      "            page 20 (18)  净利润同比增长。\n"
                      "            (before the first heading)\n"
                      "            page 1-1-9    净利润。\n");
}

static void test_colour_and_chinese(void **state)
{
    (void)state;
    struct gs_buf out;
    struct gs_results_hit hit = full_hit();
    struct gs_text_style style = {.color = true, .chinese = true};
    hit.fragment_count = 1;
    struct gs_results_fragment bare = hit.fragments[0];
    hit.fragments = &bare;
    hit.place.section = bare.place.section = (struct gs_str){NULL, 0};
    gs_buf_init(&out, 1 << 20);
    gs_text_set_widths(&style, 10, 12.5);
    gs_text_write_hit(&out, &hit, &style);
    assert_text(
        &out,
        "\n"
        " 1  \033[2m12.500\033[0m  \033[1m瑞云股份2023年 年度报告\033[0m\n"
        "            603893,0700.HK  瑞云股份  2024-03-29  年度报告  第20页（印作 18）  "
        "seeds/002.txt\n"
        "            净利润 31\n"
        "            \033[2m第20页（印作 18）\033[0m  \033[1;31m净利润\033[0m同\033[1;31m比\033[0m增长。\n");
}

static void test_heads(void **state)
{
    (void)state;
    struct gs_buf out;
    struct gs_results_head head = {.read_as = "Read as: 净利润",
                                   .total = 37,
                                   .hits_total = 603,
                                   .total_exact = true,
                                   .hits_exact = true};
    struct gs_text_style style = {.color = false};
    gs_buf_init(&out, 1 << 20);
    gs_text_write_head(&out, &head, &style);
    head.total = head.hits_total = 1;
    gs_text_write_head(&out, &head, &style);
    head.hits_exact = false;
    gs_text_write_head(&out, &head, &style);
    head.total_exact = false;
    gs_text_write_head(&out, &head, &style);
    style.chinese = true;
    gs_text_write_head(&out, &head, &style);
    head.total_exact = true;
    gs_text_write_head(&out, &head, &style);
    assert_text(&out, "37 filings, 603 hits  Read as: 净利润\n"
                      "1 filing, 1 hit  Read as: 净利润\n"
                      "1 filing, at least 1 hit  Read as: 净利润\n"
                      "at least 1 filing, at least 1 hit  Read as: 净利润\n"
                      "至少 1 份公告，至少 1 处　Read as: 净利润\n"
                      "1 份公告，至少 1 处　Read as: 净利润\n");
}

static void test_unsearched(void **state)
{
    (void)state;
    static const uint64_t counts[][GS_TEXT_STATE_COUNT] = {{0}, {0, 3, 0}, {0, 0, 1}, {0, 2, 1}};
    struct gs_buf out;
    struct gs_results_head head = {.read_as = ""};
    gs_buf_init(&out, 1 << 20);
    for (size_t i = 0; i < 4 * GS_COUNT_OF(counts); i++) {
        head.unsearched = counts[i / 4];
        head.filters_alone = i % 4 >= 2;
        gs_text_write_unsearched(&out, &head, i % 2);
    }
    assert_text(&out,
                "the text of 3 could not be searched (3 without a text layer)\n"
                "有 3 份没有可检索的文本，未能检索（3 份无文本层）\n"
                "3 of them without a text (3 without a text layer)\n"
                "其中 3 份没有可检索的文本（3 份无文本层）\n"
                "the text of 1 could not be searched (1 with a garbled text layer)\n"
                "有 1 份没有可检索的文本，未能检索（1 份文本层为乱码）\n"
                "1 of them without a text (1 with a garbled text layer)\n"
                "其中 1 份没有可检索的文本（1 份文本层为乱码）\n"
                "the text of 3 could not be searched (2 without a text layer, 1 with a garbled "
                "text layer)\n"
                "有 3 份没有可检索的文本，未能检索（2 份无文本层，1 份文本层为乱码）\n"
                "3 of them without a text (2 without a text layer, 1 with a garbled text "
                "layer)\n"
                "其中 3 份没有可检索的文本（2 份无文本层，1 份文本层为乱码）\n");
}

static void test_json(void **state)
{
    (void)state;
    struct gs_buf out;
    struct gs_json json;
    struct gs_results_hit hit = full_hit();
    struct gs_results_hit bare = {.rank = 2,
                                  .score = 0.1,
                                  .record = {.id = str("b:1"), .extra = str("broken")},
                                  .text_state = GS_TEXT_GARBAGE};
    struct gs_results_head head = {.query = str("净利润 \"增长\""),
                                   .read_as = "读作：净利润",
                                   .total = 2,
                                   .total_exact = true,
                                   .hits_total = 40,
                                   .collapsed = &(const uint64_t){1},
                                   .unsearched = (const uint64_t[]){0, 3, 1},
                                   .took_us = 77};
    const struct gs_str twins[] = {str("b:1"), str("\x1F")};
    hit.twins = twins;
    hit.twin_count = 2;
    hit.fragment_count = 1;
    hit.record.company = str("瑞云股份有限公司");
    gs_buf_init(&out, 1 << 20);
    gs_json_init(&json, &out);
    gs_json_write_head(&json, &head);
    gs_json_write_hit(&json, &hit, NULL);
    gs_json_write_hit(&json, &bare, NULL);
    gs_json_end_array(&json);
    gs_json_end_object(&json);
    assert_text(
        &out,
        "{\"query\":\"净利润 "
        "\\\"增长\\\"\",\"read_as\":\"读作：净利润\",\"total\":2,\"total_relation\":\"eq\","
        "\"hits_total\":40,\"hits_relation\":\"gte\",\"collapsed\":1,\"unjudged\":{},"
        "\"unsearched\":{\"no_text_layer\":3,\"garbage\":1},\"took_us\":77,\"commit\":0,"
        "\"partial\":false,\"continued\":false,\"together\":null,\"facets\":null,\"cursor\":"
        "null,\"hits\":["
        "{\"rank\":1,\"score\":12.5,\"id\":\"seeds/"
        "002.txt\",\"title\":\"瑞云股份2023年\\n年度报告\","
        "\"codes\":[\"603893\",\"0700.HK\"],\"name\":\"瑞云股份\",\"company\":\"瑞云股份有限公司\","
        "\"exchange\":null,\"board\":null,"
        "\"date\":\"2024-03-29\",\"period\":null,\"type\":\"年度报告\",\"number\":null,\"url\":"
        "null,\"path\":"
        "\"seeds/002.txt\",\"unsearched\":null,\"duplicates\":[\"b:1\",\"\\u001f\"],"
        "\"page\":20,\"page_label\":\"18\",\"section\":\"第三节 > "
        "一、\",\"terms\":{\"净利润\":31,\"增长\":0},"
        "\"extra\":{\"broker\":\"甲\"},\"fragments\":[{\"text\":\"净利润同比增长。\",\"page\":20,"
        "\"page_label\":\"18\","
        "\"section\":\"第三节 > 一、\",\"spans\":[[0,9],[12,15]]}]},"
        "{\"rank\":2,\"score\":0.1,\"id\":\"b:1\",\"title\":null,\"codes\":[],\"name\":null,"
        "\"company\":null,"
        "\"exchange\":null,"
        "\"board\":null,\"date\":null,\"period\":null,\"type\":null,\"number\":null,\"url\":null,"
        "\"path\":null,\"unsearched\":\"garbage\",\"duplicates\":null,"
        "\"page\":null,"
        "\"page_label\":null,\"section\":null,\"terms\":{},\"extra\":{},\"fragments\":[]}]}");
}

static void test_nothing_steers_the_terminal(void **state)
{
    (void)state;
    static const char evil[] = "a\033[31m\xC2\x9B\x07\xE2\x80\xAE\nb\xFF";
    struct gs_results_hit hit = {.rank = 1};
    hit.record = (struct gs_record){.id = str(evil),
                                    .title = str(evil),
                                    .name = str(evil),
                                    .codes = str(evil),
                                    .date = str(evil),
                                    .type = str(evil),
                                    .path = str(evil)};
    hit.place = (struct gs_results_place){.label = str(evil), .section = str(evil)};
    struct gs_text_style style = {.color = false};
    struct gs_buf out;
    gs_buf_init(&out, 1 << 20);
    gs_text_write_hit(&out, &hit, &style);
    for (size_t i = 0; i < out.size; i++)
        assert_true(out.data[i] >= 0x20 || out.data[i] == '\n');
    assert_null(memmem(out.data, out.size, "\xC2\x9B", 2));
    assert_null(memmem(out.data, out.size, "\xE2\x80\xAE", 3));
    assert_null(memmem(out.data, out.size, "\xFF", 1));
    gs_buf_release(&out);
}

struct width_row {
    const char *text;
    size_t columns;
};

static void test_columns(void **state)
{
    (void)state;
    static const struct width_row rows[] = {
        {"", 0},           {"abc", 3},      {"净利润", 6},  {"（一）", 6}, {"ＡＢ", 4},
        {"e\u0301", 1},    {"a\u200Bb", 2}, {"  a  b ", 3}, {"…", 1},      {"한글", 4},
        {"\U00020000", 2}, {"ｶﾅ", 2},       {"\033[", 1},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++)
        if (gs_display_columns(rows[i].text, strlen(rows[i].text)) != rows[i].columns)
            test_fail("row %zu: %s is not %zu columns", i, rows[i].text, rows[i].columns);
}

static void test_sink_reports_a_full_disk_and_not_a_closed_pipe(void **state)
{
    (void)state;
    struct gs_sink sink;
    struct gs_err err;
    int fds[2];
    FILE *full = fopen("/dev/full", "w");
    if (full) {
        gs_sink_init(&sink, fileno(full));
        gs_buf_append_str(&sink.buf, "x");
        assert_status(gs_sink_finish(&sink, "output", &err), GAOSOU_E_FULL);
        fclose(full);
    }
    assert_int_equal(pipe(fds), 0);
    close(fds[0]);
    signal(SIGPIPE, SIG_IGN);
    gs_sink_init(&sink, fds[1]);
    gs_buf_append_str(&sink.buf, "x");
    assert_ok(gs_sink_finish(&sink, "output", &err));
    close(fds[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_of_a_hit),
        cmocka_unit_test(test_colour_and_chinese),
        cmocka_unit_test(test_heads),
        cmocka_unit_test(test_unsearched),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_nothing_steers_the_terminal),
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_sink_reports_a_full_disk_and_not_a_closed_pipe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
