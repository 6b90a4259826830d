/*
 * Long work is killed at random moments, any number of times: the index is whole after each, and
 * the same command, run again to its end, gives the index of a run that nobody stopped.
 */
#include "tests/support/built_index.h"
#include "tests/support/index_contents.h"
#include "tests/support/index_work.h"
#include "tests/support/random_source.h"
#include "tests/support/test.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FILINGS 300
#define ROUNDS  12

static void run_whole(const char *index, struct index_work *work)
{
    struct gs_err err = {0};
    assert_ok_err(index_work_run(index, work, &err), &err);
}

/* What there was before the work: some of its filings, older. */
static void prepare(const char *index)
{
    static const struct built_filing old[] = {
        {"w3", NULL, "旧的", 6}, {"w200", NULL, "旧的", 6}, {"other", NULL, "别的", 6}};
    struct built_params params = {0};
    (void)built_index_add(index, old, 3, &params);
}

/* Runs the work in a child that is killed after so many microseconds; whether it was still there.
 */
static bool run_killed(const char *index, struct index_work work, unsigned after)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct gs_err err;
        _exit(index_work_run(index, &work, &err) == GAOSOU_OK ? 0 : 1);
    }
    usleep(after);
    kill(child, SIGKILL);
    int how;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFSIGNALED(how) || WEXITSTATUS(how) == 0);
    return WIFSIGNALED(how);
}

/* Microseconds that the work takes where nobody stops it. */
static unsigned time_work(const char *index, struct index_work work)
{
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    run_whole(index, &work);
    clock_gettime(CLOCK_MONOTONIC, &to);
    return (unsigned)((to.tv_sec - from.tv_sec) * 1000000 + (to.tv_nsec - from.tv_nsec) / 1000) + 1;
}

static void kill_and_go_on(enum gs_reconcile_mode mode, bool with_old)
{
    char *folder = test_folder_create(), *whole = test_path(folder, "whole");
    struct index_work work = {.mode = mode, .count = FILINGS};
    struct random_source r = {mode + 2 * with_old + 1};
    struct gs_buf wanted, found;
    size_t continued = 0;
    gs_buf_init(&wanted, (size_t)1 << 28);
    gs_buf_init(&found, (size_t)1 << 28);
    if (with_old)
        prepare(whole);
    run_whole(whole, &work);
    index_contents(whole, &wanted);
    work.checkpoint = 7;
    char *timed = test_path(folder, "timed");
    unsigned usual = time_work(timed, work);
    free(timed);
    for (int round = 0; round < ROUNDS; round++) {
        char *index = test_path(folder, "killed%d", round);
        if (with_old)
            prepare(index);
        for (int kills = 0;
             kills < 3 && run_killed(index, work, (unsigned)random_below(&r, usual) * 2 / 3);
             kills++) {
            char *manifest = test_path(index, "manifest");
            if (access(manifest, F_OK) == 0)
                built_index_check(index);
            free(manifest);
        }
        run_whole(index, &work);
        continued += work.continued;
        assert_int_equal(work.added + work.not_read, FILINGS);
        gs_buf_clear(&found);
        index_contents(index, &found);
        assert_int_equal(found.size, wanted.size);
        assert_memory_equal(found.data, wanted.data, wanted.size);
        built_index_check(index);
        free(index);
    }
    print_message("continued %zu times of %d\n", continued, ROUNDS);
    gs_buf_release(&wanted);
    gs_buf_release(&found);
    free(whole);
    test_folder_remove(folder);
}

static void an_add_goes_on(void **state)
{
    (void)state;
    kill_and_go_on(GS_RECONCILE_ADD, true);
}

static void a_first_add_goes_on(void **state)
{
    (void)state;
    kill_and_go_on(GS_RECONCILE_ADD, false);
}

static void an_update_goes_on(void **state)
{
    (void)state;
    kill_and_go_on(GS_RECONCILE_UPDATE, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_add_goes_on),
        cmocka_unit_test(a_first_add_goes_on),
        cmocka_unit_test(an_update_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
