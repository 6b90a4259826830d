/*
 * Batches in one process: every line gets its answer in its place, whatever the threads, and a bad
 * line an error of its own.
 */
#include "common/base/file.h"
#include "query/batch.h"
#include "query/batch_line.h"
#include "tests/support/mini_index.h"
#include "tests/support/test.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILINGS 300
#define LINES   400
#define CAP     ((size_t)64 << 20)

static const unsigned THREADS[] = {1, 2, 7, GS_BATCH_THREADS_MAX};

struct state {
    char *folder, *input, *output;
    gaosou_searcher *searcher;
    struct gs_buf lines, answers;
};

static int setup(void **state)
{
    static char texts[FILINGS][64];
    static struct mini_filing filings[FILINGS];
    struct state *s = calloc(1, sizeof(*s));
    char *index;
    s->folder = test_folder_create();
    s->input = test_path(s->folder, "lines");
    s->output = test_path(s->folder, "answers");
    index = test_path(s->folder, "index");
    for (size_t i = 0; i < FILINGS; i++) {
        snprintf(texts[i], sizeof(texts[i]), "净利润%s，第%zu号。", i % 3 ? "增长" : "下降", i);
        filings[i] = (struct mini_filing){.text = texts[i], .date = 20240101};
    }
    assert_int_equal(mkdir(index, 0777), 0);
    mini_index_write(index, filings, FILINGS, 64);
    assert_ok(gaosou_searcher_open(&s->searcher, index, NULL));
    free(index);
    gs_buf_init(&s->lines, CAP);
    gs_buf_init(&s->answers, CAP);
    *state = s;
    return 0;
}

static int teardown(void **state)
{
    struct state *s = *state;
    gs_buf_release(&s->lines);
    gs_buf_release(&s->answers);
    gaosou_searcher_close(s->searcher);
    test_folder_remove(s->folder);
    free(s->input);
    free(s->output);
    free(s);
    return 0;
}

static void add_line(struct state *s, const char *line)
{
    gs_buf_append(&s->lines, line, strlen(line));
}

/* Answers all lines; s->answers then has them, NUL-ended. */
static struct gs_batch_counts run(struct state *s, unsigned threads)
{
    struct gs_request defaults = gs_request_defaults();
    struct gs_batch_counts counts = {0};
    struct gs_err err = {0};
    int input = open(s->input, O_RDWR | O_CREAT | O_TRUNC, 0666);
    int output = open(s->output, O_RDWR | O_CREAT | O_TRUNC, 0666);
    assert_true(input >= 0 && output >= 0);
    assert_int_equal(write(input, s->lines.data, s->lines.size), (ssize_t)s->lines.size);
    assert_int_equal(lseek(input, 0, SEEK_SET), 0);
    struct gs_batch_params params = {.searcher = s->searcher,
                                     .defaults = &defaults,
                                     .threads = threads,
                                     .input = input,
                                     .output = output};
    assert_ok_err(gs_batch_run(&params, &counts, &err), &err);
    close(input);
    close(output);
    gs_buf_clear(&s->answers);
    assert_ok(gs_file_read(s->output, &s->answers, &err));
    gs_buf_append_u8(&s->answers, 0);
    return counts;
}

/* The next line of the answers, NUL-ended, without the time that it took. */
static char *next_answer(char **at)
{
    char *line = *at, *end = strchr(line, '\n');
    assert_non_null(end);
    *end = 0;
    *at = end + 1;
    char *took = strstr(line, "\"took_us\":");
    if (took) {
        char *behind = took + strcspn(took, ",}");
        memmove(took, behind, strlen(behind) + 1);
    }
    return line;
}

/* ---- order ---- */

static void test_order(void **state)
{
    struct state *s = *state;
    for (size_t i = 0; i < LINES; i++) {
        char line[128];
        /* answers of very different cost */
        if (i % 5 == 0)
            snprintf(line, sizeof(line), "{\"q\":\"第%zu号\",\"limit\":%zu}\n", i, i % 50);
        else
            snprintf(line, sizeof(line), "%s第%zu号\n", i % 2 ? "净* " : "", i);
        add_line(s, line);
    }
    for (size_t t = 0; t < GS_COUNT_OF(THREADS); t++) {
        struct gs_batch_counts counts = run(s, THREADS[t]);
        char *at = (char *)s->answers.data;
        assert_int_equal(counts.lines, LINES);
        assert_int_equal(counts.found, FILINGS);
        assert_int_equal(counts.errors, 0);
        for (size_t i = 0; i < LINES; i++) {
            char *line = next_answer(&at), query[64];
            snprintf(query, sizeof(query), "{\"query\":\"%s第%zu号\"", i % 5 && i % 2 ? "净* " : "",
                     i);
            if (strncmp(line, query, strlen(query)) != 0)
                test_fail("%u threads, line %zu: %.80s", THREADS[t], i, line);
        }
        assert_int_equal(*at, 0);
    }
}

/* All of each answer is the same as on one thread. */
static void test_same_on_threads(void **state)
{
    static const char *const lines[] = {
        "净利润",    "增长 -下降",
        "净*",       "(净利润",
        "",          "date:2024",
        "{\"q\":1}", "没有",
        "下降|增长", "{\"q\":\"净利润\",\"facets\":[\"year\"],\"limit\":2}"};
    struct state *s = *state;
    for (size_t i = 0; i < LINES; i++) {
        add_line(s, lines[i * 7 % GS_COUNT_OF(lines)]);
        add_line(s, "\n");
    }
    run(s, 1);
    struct gs_buf one = s->answers;
    gs_buf_init(&s->answers, CAP);
    for (size_t t = 1; t < GS_COUNT_OF(THREADS); t++) {
        char *copy = malloc(one.size), *a = copy;
        memcpy(copy, one.data, one.size);
        run(s, THREADS[t]);
        char *b = (char *)s->answers.data;
        for (size_t i = 0; i < LINES; i++)
            assert_string_equal(next_answer(&b), next_answer(&a));
        free(copy);
    }
    gs_buf_release(&one);
}

/* ---- bad lines and limits ---- */

static void check_error(char **at, unsigned status, unsigned line)
{
    char *answer = next_answer(at), head[64], tail[64];
    snprintf(head, sizeof(head), "{\"error\":{\"status\":%u,\"message\":\"", status);
    snprintf(tail, sizeof(tail), "\",\"line\":%u}}", line);
    if (strncmp(answer, head, strlen(head)) != 0 || !strstr(answer, tail))
        test_fail("line %u: %s", line, answer);
}

static void test_bad_lines(void **state)
{
    struct state *s = *state;
    add_line(s, "\xEF\xBB\xBF净利润\r\n(净利润\n\n{\"q\":\"x\",\"no\":1}\n下降");
    for (size_t t = 0; t < GS_COUNT_OF(THREADS); t++) {
        struct gs_batch_counts counts = run(s, THREADS[t]);
        char *at = (char *)s->answers.data;
        assert_int_equal(counts.lines, 5);
        assert_int_equal(counts.found, 2);
        assert_int_equal(counts.errors, 3);
        assert_non_null(strstr(next_answer(&at), "{\"query\":\"净利润\""));
        check_error(&at, GAOSOU_E_QUERY, 2);
        check_error(&at, GAOSOU_E_QUERY, 3);
        check_error(&at, GAOSOU_E_INPUT, 4);
        assert_non_null(strstr(next_answer(&at), "{\"query\":\"下降\""));
        assert_int_equal(*at, 0);
    }
}

static void test_no_lines(void **state)
{
    struct state *s = *state;
    struct gs_batch_counts counts = run(s, 3);
    assert_int_equal(counts.lines, 0);
    assert_int_equal(s->answers.size, 1);
}

/* A line of the greatest length is read, one byte more is an error, and so is much more; what
 * follows is whole. */
static void test_long_lines(void **state)
{
    struct state *s = *state;
    static const size_t beyond[] = {0, 1, GS_BATCH_LINE_MAX};
    for (size_t i = 0; i < GS_COUNT_OF(beyond); i++) {
        size_t size = GS_BATCH_LINE_MAX + beyond[i];
        static const char query[] = "{\"q\":\"下降\"}";
        add_line(s, query);
        uint8_t *spaces = gs_buf_reserve(&s->lines, size);
        assert_non_null(spaces);
        memset(spaces, ' ', size - strlen(query));
        s->lines.size += size - strlen(query);
        add_line(s, "\n增长\n");
    }
    for (unsigned threads = 1; threads <= 3; threads++) {
        struct gs_batch_counts counts = run(s, threads);
        char *at = (char *)s->answers.data;
        assert_int_equal(counts.lines, 6);
        assert_int_equal(counts.errors, 2);
        assert_non_null(strstr(next_answer(&at), "{\"query\":\"下降\""));
        for (unsigned line = 2; line <= 6; line++) {
            if (line % 2)
                check_error(&at, GAOSOU_E_LIMIT, line);
            else
                assert_non_null(strstr(next_answer(&at), "{\"query\":\"增长\""));
        }
    }
}

/* Nobody reads: the batch ends, and that is no error of its own but of the output. */
static void test_full_output(void **state)
{
    struct state *s = *state;
    struct gs_request defaults = gs_request_defaults();
    struct gs_batch_counts counts = {0};
    struct gs_err err = {0};
    int ends[2], full = open("/dev/full", O_WRONLY);
    if (full < 0)
        skip();
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "下降\n", strlen("下降\n")), (ssize_t)strlen("下降\n"));
    close(ends[1]);
    struct gs_batch_params params = {.searcher = s->searcher,
                                     .defaults = &defaults,
                                     .threads = 2,
                                     .input = ends[0],
                                     .output = full};
    assert_status(gs_batch_run(&params, &counts, &err), GAOSOU_E_FULL);
    close(ends[0]);
    close(full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_order, setup, teardown),
        cmocka_unit_test_setup_teardown(test_same_on_threads, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bad_lines, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_lines, setup, teardown),
        cmocka_unit_test_setup_teardown(test_long_lines, setup, teardown),
        cmocka_unit_test_setup_teardown(test_full_output, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
