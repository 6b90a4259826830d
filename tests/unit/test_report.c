/* The summary's table, what messages may show, and the lines of the report. */
#include "indexer/report.h"
#include "indexer/summary.h"
#include "tests/support/test.h"

#include <unistd.h>

static char *printed(const struct gs_summary *s)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_true(gs_summary_print(s, out));
    fclose(out);
    return text;
}

static void table_lines_up(void **state)
{
    (void)state;
    struct gs_summary s;
    gs_summary_init(&s);
    gs_summary_add(&s, 0, "跳过", 1234567, "%s", "");
    gs_summary_add(&s, 1, "空文件", 7, "%s %d", "note", 3);
    gs_summary_add(&s, 1, "left out", 0, "%s", "");
    gs_summary_add_note(&s, 1, "a\033\n.txt", "%s", "GB18030");
    gs_summary_add_note(&s, 0, "alone", "%s", "");
    char *text = printed(&s);
    assert_string_equal(text, "跳过           1,234,567\n"
                              "  空文件               7  note 3\n"
                              "  a\\x1B\\n.txt             GB18030\n"
                              "alone\n");
    free(text);
    gs_summary_release(&s);
}

static void long_labels_do_not_widen_the_table(void **state)
{
    (void)state;
    struct gs_summary s;
    gs_summary_init(&s);
    gs_summary_add(&s, 0, "short", 1, "%s", "");
    gs_summary_add_note(&s, 0, "0123456789012345678901234567890123456789012345678901234567890",
                        "%s", "x");
    char *text = printed(&s);
    assert_string_equal(
        text, "short  1\n0123456789012345678901234567890123456789012345678901234567890     x\n");
    free(text);
    gs_summary_release(&s);
}

static void grouped_numbers(void **state)
{
    (void)state;
    char out[GS_SUMMARY_GROUPED];
    assert_string_equal(gs_summary_group(out, 0), "0");
    assert_string_equal(gs_summary_group(out, 999), "999");
    assert_string_equal(gs_summary_group(out, 1000), "1,000");
    assert_string_equal(gs_summary_group(out, UINT64_MAX), "18,446,744,073,709,551,615");
}

static void nothing_steers_a_terminal(void **state)
{
    (void)state;
    const struct {
        const char *text, *shown;
    } rows[] = {
        {"年报.txt", "年报.txt"},
        {"a\tb\nc\rd", "a\\tb\\nc\\rd"},
        {"\033]0;x\007\x7F", "\\x1B]0;x\\x07\\x7F"},
        {"\xFF\xE5\x85", "\\xFF\\xE5\\x85"},
        {"\xC2\x9B"
         "31m",
         "\\u{009B}31m"},
        {"\u202Etxt.exe\u2028", "\\u{202E}txt.exe\\u{2028}"},
        {"\uFFFD", "\uFFFD"},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct gs_buf out;
        gs_buf_init(&out, 1024);
        gs_console_escape(&out, rows[i].text, strlen(rows[i].text));
        gs_buf_append_u8(&out, 0);
        assert_string_equal((const char *)out.data, rows[i].shown);
        gs_buf_release(&out);
    }
}

/* ---- the report ---- */

static char *read_back(const char *path)
{
    static char text[8192];
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    text[fread(text, 1, sizeof(text) - 1, in)] = '\0';
    fclose(in);
    return text;
}

static struct gs_str str(const char *text)
{
    return (struct gs_str){text, strlen(text)};
}

#define NO_FIELDS                                                                                  \
    "\"codes\":[],\"name\":null,\"company\":null,\"title\":null,\"date\":null,\"period\":null,"    \
    "\"type\":null,\"number\":null,\"exchange\":null,\"board\":null"

static void lines_of_the_report(void **state)
{
    (void)state;
    char *folder = test_folder_create(), *path = test_path(folder, "r.jsonl");
    struct gs_report r;
    struct gs_err err;
    assert_ok_err(gs_report_open(&r, path, stdout, &err), &err);
    struct gs_filing f = {.text = str("关于回购的公告\n正文"), .title_to = 21};
    f.field[GS_FIELD_CODES] = str("600111\x1F"
                                  "900111");
    f.field[GS_FIELD_DATE] = str("2024-03-05");
    gs_report_note(&r, &(struct gs_outcome){.path = "a\"\n\033\xFF.txt",
                                            .id = str("a"),
                                            .kind = GS_OUTCOME_INDEXED,
                                            .format = "text",
                                            .encoding = "GB18030",
                                            .encoding_by = "detection",
                                            .replaced = 2,
                                            .bytes = 30,
                                            .seconds = 0.25,
                                            .filing = &f});
    gs_report_flush(&r);
    assert_string_equal(
        read_back(path),
        "{\"path\":\"a\\\"\\n\\u001b\uFFFD.txt\",\"line\":null,\"id\":\"a\",\"outcome\":"
        "\"indexed\","
        "\"reason\":null,\"detail\":null,\"format\":\"text\",\"encoding\":\"GB18030\","
        "\"encoding_by\":\"detection\",\"replaced_chars\":2,\"bytes\":30,\"chars\":10,\"pages\":0,"
        "\"pages_without_text\":0,\"codes\":[\"600111\",\"900111\"],\"name\":null,\"company\":null,"
        "\"title\":\"关于回购的公告\",\"date\":\"2024-03-05\",\"period\":null,\"type\":null,"
        "\"number\":null,\"exchange\":null,\"board\":null,\"duplicate_of\":null,\"seconds\":0.25}"
        "\n");
    gs_report_note_duplicate(&r, str("a"), str("b"));
    assert_ok_err(gs_report_close(&r, &err), &err);
    assert_ok_err(gs_report_close(&r, &err), &err);
    assert_string_equal(
        strchr(read_back(path), '\n') + 1,
        "{\"path\":null,\"line\":null,\"id\":\"a\",\"outcome\":\"duplicate\",\"reason\":null,"
        "\"detail\":null,\"format\":null,\"encoding\":null,\"encoding_by\":null,"
        "\"replaced_chars\":0,\"bytes\":0,\"chars\":0,\"pages\":0,\"pages_without_text\":"
        "0," NO_FIELDS ",\"duplicate_of\":\"b\",\"seconds\":0}\n");
    free(path);
    test_folder_remove(folder);
}

static void every_reason_has_a_keyword(void **state)
{
    (void)state;
    for (int i = 0; i < GS_SKIP_COUNT; i++)
        assert_non_null(gs_skip_keyword((enum gs_skip)i));
    for (int i = 0; i <= GS_OUTCOME_COUNT; i++)
        assert_non_null(gs_outcome_keyword((enum gs_outcome_kind)i));
}

static void report_that_cannot_be_written(void **state)
{
    (void)state;
    struct gs_report r = {0};
    struct gs_err err;
    assert_status(gs_report_open(&r, "/no/such/folder/r.jsonl", stdout, &err), GAOSOU_E_NOT_FOUND);
    assert_ok_err(gs_report_close(&r, &err), &err);
    if (access("/dev/full", W_OK) != 0)
        skip();
    assert_ok_err(gs_report_open(&r, "/dev/full", stdout, &err), &err);
    gs_report_note_duplicate(&r, str("a"), str("b"));
    gs_report_flush(&r);
    gs_report_note_duplicate(&r, str("a"), str("b"));
    assert_status(gs_report_close(&r, &err), GAOSOU_E_FULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_lines_up),
        cmocka_unit_test(long_labels_do_not_widen_the_table),
        cmocka_unit_test(grouped_numbers),
        cmocka_unit_test(nothing_steers_a_terminal),
        cmocka_unit_test(lines_of_the_report),
        cmocka_unit_test(every_reason_has_a_keyword),
        cmocka_unit_test(report_that_cannot_be_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
