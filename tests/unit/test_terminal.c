/* What somebody at a terminal gets: lines broken at its width, and a pager. */
#include "query/query_program.h"
#include "query/wrap.h"
#include "tests/support/mini_index.h"
#include "tests/support/pty.h"
#include "tests/support/test.h"

#include "common/text/display.h"

static void check_wrap(const char *text, size_t columns, size_t hang, const char *wanted)
{
    struct gs_buf out;
    gs_buf_init(&out, 1 << 20);
    gs_buf_append_str(&out, "kept");
    gs_buf_append_str(&out, text);
    gs_wrap_lines(&out, 4, columns, hang);
    gs_buf_append_u8(&out, 0);
    assert_ok(gs_buf_status(&out));
    assert_string_equal((const char *)out.data + 4, wanted);
    gs_buf_release(&out);
}

static void test_lines_are_broken_between_characters(void **state)
{
    (void)state;
    check_wrap("  公司净利润增长原因\n", 0, 2, "  公司净利润增长原因\n");
    check_wrap("  公司净利润增长原因\n", 20, 2, "  公司净利润增长原因\n");
    check_wrap("  公司净利润增长原因\n", 14, 2, "  公司净利润增\n  长原因\n");
    check_wrap("  公司净利润增长原因\n", 15, 2, "  公司净利润增\n  长原因\n"); /* no half */
    check_wrap("一二三四五六七八九\n十一\n", 10, 0, "一二三四五\n六七八九\n十一\n");
    check_wrap("a first word here\n", 10, 1, "a first\n word here\n");
}

static void test_marks_words_and_figures_stay_together(void **state)
{
    (void)state;
    check_wrap("公司净利润增长，主要原因\n", 14, 0, "公司净利润增\n长，主要原因\n");
    check_wrap("一二三四五六（注）\n", 14, 0, "一二三四五六\n（注）\n");
    check_wrap("营业收入是1,234.50万元\n", 14, 0, "营业收入是\n1,234.50万元\n");
    check_wrap("同比增长了一12.5%。\n", 14, 0, "同比增长了一\n12.5%。\n");
    check_wrap("代码是１２３４５６号\n", 14, 0, "代码是\n１２３４５６号\n");
    /* Wider than a line: nothing else is left. */
    check_wrap("0123456789abcdefghij\n", 8, 0, "01234567\n89abcdef\nghij\n");
    check_wrap("。。。。。。\n", 8, 0, "。。。。\n。。\n");
}

static void test_colour_takes_no_column(void **state)
{
    (void)state;
    check_wrap("公司\033[1;31m净利润\033[0m增长原因\n", 14, 0,
               "公司\033[1;31m净利润\033[0m增长\n原因\n");
    /* Spaces are left to the text whatever the indentation is. */
    check_wrap("              一二三四\n", 10, 40, "              一\n  二三四\n");
    check_wrap("\xFF\xE4\xBD\x1B[9;\n", 8, 0, "\xFF\xE4\xBD\x1B[9;\n");
}

struct run {
    const char *index, *argument;
    const char *pager; /* GAOSOU_PAGER */
};

/* In the child: the program on its terminal. */
static int run_program(void *ctx)
{
    const struct run *run = ctx;
    const char *words[] = {"gaosou-query", run->index, "--pager", run->argument, "净利润", NULL};
    char *argv[GS_COUNT_OF(words)];
    memcpy(argv, words, sizeof(argv)); /* none is written to */
    struct gs_query_options options;
    struct gs_err err;
    setenv("GAOSOU_PAGER", run->pager, 1);
    setenv("NO_COLOR", "1", 1);
    unsetenv("LC_ALL");
    unsetenv("LC_MESSAGES");
    unsetenv("LANG");
    unsetenv("COLUMNS");
    unsetenv("GAOSOU_INDEX");
    unsetenv("LESS");
    if (gs_query_options_read(&options, 5, argv, &err) != GAOSOU_OK)
        return 99;
    int code = gs_query_program_run(&options);
    gs_query_options_release(&options);
    return code;
}

static const struct mini_filing filings[] = {
    {.title = "云帆精工关于报告期内业绩变动主要原因及新产品销量情况的说明公告",
     .text = "公司净利润同比增长。"},
};

/* The output on a terminal of 40 columns, NUL-ended; skips the test where there is none. */
static const char *on_terminal(struct gs_buf *out, const char *argument, const char *pager)
{
    char *folder = test_folder_create();
    struct run run = {folder, argument, pager};
    int code = -1;
    mini_index_write(folder, filings, GS_COUNT_OF(filings), 1);
    gs_buf_init(out, 1 << 20);
    bool has_terminal = test_pty_run(40, run_program, &run, out, &code);
    gs_buf_append_u8(out, 0);
    test_folder_remove(folder);
    if (!has_terminal) {
        gs_buf_release(out);
        printf("skipped: no pseudo-terminal\n");
        skip();
    }
    assert_int_equal(code, 0);
    return (const char *)out->data;
}

static void check_pager(const char *argument, const char *pager, bool is_used)
{
    struct gs_buf out;
    const char *text = on_terminal(&out, argument, pager);
    assert_int_equal(strstr(text, "paged ") != NULL, is_used);
    assert_non_null(strstr(text, "1 filing, 1 hit"));
    gs_buf_release(&out);
}

static void test_pager(void **state)
{
    (void)state;
    check_pager("auto", "sed 's/^/paged /'", true);
    check_pager("never", "sed 's/^/paged /'", false);
    check_pager("auto", "cat", false);
    check_pager("auto", "", false);
    check_pager("auto", "no-such-program-anywhere", false);
}

static void test_pager_that_does_not_read(void **state)
{
    (void)state;
    struct gs_buf out;
    const char *text = on_terminal(&out, "auto", "echo $LESS; exec <&-; exit 3");
    assert_string_equal(text, "FRX\r\n"); /* and the exit code is the search's */
    gs_buf_release(&out);
}

static void test_lines_fit_the_terminal(void **state)
{
    (void)state;
    struct gs_buf out;
    const char *text = on_terminal(&out, "never", "");
    size_t lines = 0;
    for (const char *line = text; *line; lines++) {
        size_t size = strcspn(line, "\r\n");
        assert_true(gs_display_columns(line, size) <= 40);
        line += size + strspn(line + size, "\r\n");
    }
    assert_true(lines >= 4);
    assert_non_null(strstr(text, "云帆精工关于报告期内业绩变动\r\n           主要原因"));
    gs_buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_are_broken_between_characters),
        cmocka_unit_test(test_marks_words_and_figures_stay_together),
        cmocka_unit_test(test_colour_takes_no_column),
        cmocka_unit_test(test_pager),
        cmocka_unit_test(test_pager_that_does_not_read),
        cmocka_unit_test(test_lines_fit_the_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
