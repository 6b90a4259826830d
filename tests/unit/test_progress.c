/* The progress line: its text, rate and time left, and how it behaves on a terminal. */
#include "common/text/display.h"
#include "indexer/progress.h"
#include "indexer/progress_line.h"
#include "tests/support/pty.h"
#include "tests/support/test.h"

#include <time.h>

static const char *line_of(const struct gs_progress_state *s, size_t columns, bool chinese)
{
    static char text[1024];
    struct gs_buf out;
    gs_buf_init(&out, sizeof(text) - 1);
    gs_progress_line(&out, s, columns, chinese);
    assert_ok(gs_buf_status(&out));
    assert_true(gs_display_columns(out.data, out.size) <= columns);
    if (out.size > 0)
        memcpy(text, out.data, out.size);
    text[out.size] = '\0';
    gs_buf_release(&out);
    return text;
}

static const struct gs_progress_state far = {.files = 1234,
                                             .bytes = 56780000,
                                             .files_total = 20000,
                                             .bytes_total = 1000000000,
                                             .is_total_known = true,
                                             .bytes_per_second = 1.25e6,
                                             .seconds_left = 755,
                                             .name = "报告/年度报告.pdf"};

static void text_of_the_line(void **state)
{
    (void)state;
    assert_string_equal(
        line_of(&far, 200, false),
        "1,234 of 20,000 files, 56.7 of 1,000.0 MB, 5%, 1.2 MB/s, 13 min left: 报告/年度报告.pdf");
    assert_string_equal(line_of(&far, 200, true),
                        "1,234/20,000 个文件，56.7/1,000.0 MB，5%，1.2 MB/s，约剩 13 分钟："
                        "报告/年度报告.pdf");
    struct gs_progress_state s = far;
    s.is_total_known = false;
    s.name = NULL;
    assert_string_equal(line_of(&s, 200, false), "1,234 files, 56.7 MB, 1.2 MB/s");
    s = far;
    s.name = NULL;
    s.is_stopping = true;
    assert_string_equal(line_of(&s, 200, false),
                        "1,234 of 20,000 files, 56.7 of 1,000.0 MB, 5%, 1.2 MB/s, stopping");
    s.is_stopping = false;
    s.bytes = s.bytes_total + 5;
    s.seconds_left = -1;
    assert_string_equal(line_of(&s, 200, false),
                        "1,234 of 20,000 files, 1,000.0 of 1,000.0 MB, 99%, 1.2 MB/s");
}

static void times_left(void **state)
{
    (void)state;
    const struct {
        double seconds;
        const char *shown;
    } rows[] = {{0, ", 0 s left"},       {99, ", 99 s left"},         {100, ", 2 min left"},
                {5900, ", 98 min left"}, {6000, ", 1 h 40 min left"}, {86400, ", 24 h 0 min left"}};
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct gs_progress_state s = far;
        s.name = NULL;
        s.seconds_left = rows[i].seconds;
        const char *line = line_of(&s, 200, false);
        assert_string_equal(strstr(line, "MB/s") + 4, rows[i].shown);
    }
}

/* Han characters are two columns; never one too many, at any width. */
static void names_are_cut_to_the_width(void **state)
{
    (void)state;
    struct gs_progress_state s = far;
    for (size_t columns = 0; columns < 120; columns++) {
        (void)line_of(&s, columns, false);
        (void)line_of(&s, columns, true);
    }
    s.is_total_known = false;
    assert_string_equal(line_of(&s, 45, false), "1,234 files, 56.7 MB, 1.2 MB/s: ...度报告.pdf");
    assert_string_equal(line_of(&s, 44, false), "1,234 files, 56.7 MB, 1.2 MB/s: ...报告.pdf");
    assert_string_equal(line_of(&s, 35, false), "1,234 files, 56.7 MB, 1.2 MB/s");
    s.name = "a\033[2J\nb\xFF";
    assert_string_equal(line_of(&s, 100, false),
                        "1,234 files, 56.7 MB, 1.2 MB/s: a\\x1B[2J\\nb\\xFF");
}

/* PDFs at 1 MB a second, then texts at 100: the rate follows within a minute. */
static void rate_of_the_last_minute(void **state)
{
    (void)state;
    struct gs_progress_rate r = {0};
    uint64_t bytes = 0;
    assert_true(gs_progress_rate_now(&r, 0, 0) <= 0);
    assert_true(gs_progress_rate_left(&r, 0, 0, 100) < 0);
    for (int i = 0; i <= 600; i++) {
        gs_progress_rate_add(&r, i / 5.0, bytes);
        bytes += 200000;
        double first = gs_progress_rate_left(&r, i / 5.0, bytes, 100);
        assert_true(i < 15 ? first < 0 : i == 15 || first > 0);
    }
    assert_true(gs_progress_rate_now(&r, 120.2, bytes) > 0.99e6);
    assert_true(gs_progress_rate_now(&r, 120.2, bytes) < 1.02e6);
    for (int i = 601; i <= 601 + 300; i++) {
        bytes += 20000000;
        gs_progress_rate_add(&r, i / 5.0, bytes);
    }
    double rate = gs_progress_rate_now(&r, 180.2, bytes);
    assert_true(rate > 95e6 && rate < 105e6);
    double left = gs_progress_rate_left(&r, 180.2, bytes, 1000000000);
    assert_true(left > 1000 / 100.0 && left < 1000 / 33.0);
}

/* ---- on a terminal ---- */

static void pause_for(double seconds)
{
    struct timespec t = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
    while (nanosleep(&t, &t) != 0)
        continue;
}

static int work_on(void *ctx)
{
    const char *folder = ctx;
    char *roots[] = {strdup(folder)};
    struct gs_console c = {.out = stdout, .err = stderr};
    struct gs_progress p;
    struct gs_source_params params = {0};
    gs_progress_start(&p, &c);
    gs_progress_watch(&p, roots, 1, &params);
    gs_progress_update(&p, (struct gs_progress_place){1, 5});
    gs_progress_begin(&p, 3, "slow\033[31m\n年.pdf");
    pause_for(2.6);
    gs_console_warn(&c, "%s", "a\033[2Jb");
    gs_progress_end(&p, 3);
    gs_progress_stop(&p);
    gs_progress_stop(&p);
    gs_progress_begin(&p, 2, "a worker that has not ended"); /* draws nothing any more */
    gs_progress_end(&p, 2);
    gs_progress_release(&p);
    gs_progress_release(&p);
    fputs("done\n", stdout);
    fflush(stdout);
    free(roots[0]);
    return 7;
}

static size_t count_of(const char *text, const char *what)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, what)); at += strlen(what))
        count++;
    return count;
}

static void line_on_a_terminal(void **state)
{
    (void)state;
    struct gs_buf out;
    int code;
    char *folder = test_folder_create(), *one = test_path(folder, "one.txt"),
         *two = test_path(folder, "two.txt");
    test_file_write(one, "12345", 5);
    test_file_write(two, "12345", 5);
    gs_buf_init(&out, 1 << 20);
    bool has_terminal = test_pty_run(80, work_on, folder, &out, &code);
    gs_buf_append_u8(&out, 0);
    test_folder_remove(folder);
    free(one);
    free(two);
    if (!has_terminal) {
        gs_buf_release(&out);
        printf("skipped: no pseudo-terminal\n");
        skip();
    }
    const char *text = (const char *)out.data;
    assert_int_equal(code, 7);
    /* Not in the first second, then at most five times a second, always on one line. */
    size_t drawn = count_of(text, "\r1 of 2 files, 0.0 of 0.0 MB, 49%");
    assert_in_range(drawn, 3, 9);
    assert_int_equal(count_of(text, "\n"), 2);
    /* The name of what takes long, and nothing that steers. */
    assert_non_null(strstr(text, ": slow\\x1B[31m\\n年.pdf\033[K"));
    assert_null(strstr(text, "\033[31m"));
    assert_null(strstr(text, "\033[2J"));
    /* The line is cleared before a message, and at the end. */
    assert_non_null(strstr(text, "\r\033[Kgaosou-index: a\\x1B[2Jb\r\n"));
    assert_string_equal(text + strlen(text) - 6, "done\r\n");
    gs_buf_release(&out);
}

static int work_quietly(void *ctx)
{
    struct gs_console c = {.out = stdout, .err = stderr, .quiet = true};
    struct gs_progress p;
    struct gs_source_params params = {0};
    (void)ctx;
    gs_progress_start(&p, &c);
    gs_progress_watch(&p, NULL, 0, &params);
    pause_for(1.4);
    gs_progress_release(&p);
    return 0;
}

static void quiet_draws_nothing(void **state)
{
    (void)state;
    struct gs_buf out;
    int code;
    gs_buf_init(&out, 1 << 20);
    if (test_pty_run(60, work_quietly, NULL, &out, &code))
        assert_int_equal(out.size, 0);
    gs_buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_of_the_line),           cmocka_unit_test(times_left),
        cmocka_unit_test(names_are_cut_to_the_width), cmocka_unit_test(rate_of_the_last_minute),
        cmocka_unit_test(line_on_a_terminal),         cmocka_unit_test(quiet_draws_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
