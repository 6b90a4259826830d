/* A program run over bytes: whatever it does, the limits hold and nothing of it is left. */
#include "tests/support/test.h"

#include "indexer/child.h"
#include "indexer/child_confine.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char *folder;
static char *nap; /* sleep by a name of our own: others may test on this machine, too */

/* A script of the test's own; its path is in static storage until the next call. */
static const char *script(const char *body)
{
    static char path[512];
    static unsigned number;
    snprintf(path, sizeof path, "%s/script-%u", folder, number++);
    char text[2048];
    int n = snprintf(text, sizeof text, "#!/bin/sh\n%s\n", body);
    test_file_write(path, text, (size_t)n);
    assert_int_equal(chmod(path, 0755), 0);
    return path;
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Processes that have the text in their arguments, besides zombies. */
static unsigned processes_with(const char *text)
{
    unsigned n = 0;
    DIR *d = opendir("/proc");
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));) {
        char path[300], line[4096];
        snprintf(path, sizeof path, "/proc/%s/cmdline", e->d_name);
        int fd = e->d_name[0] >= '1' && e->d_name[0] <= '9' ? open(path, O_RDONLY) : -1;
        ssize_t size = fd < 0 ? 0 : read(fd, line, sizeof line);
        if (fd >= 0)
            close(fd);
        if (size > 0 && memmem(line, (size_t)size, text, strlen(text)))
            n++;
    }
    closedir(d);
    return n;
}

/* They may take a moment to be gone. */
static void assert_none_left(const char *text)
{
    for (unsigned i = 0; i < 100 && processes_with(text); i++)
        usleep(20000);
    assert_int_equal(processes_with(text), 0);
}

#define WITHIN 60 /* seconds: a busy machine is no failure, a limit that does not hold is */

struct row {
    const char *body;
    enum gs_child_end end;
    int code;
    size_t output; /* bytes; SIZE_MAX: any */
};

/* Each with 1 MB of output, 1 s of clock where that is to end it, and `cpu` seconds of processor
 * time. */
static void check_row(const struct row *row, unsigned cpu)
{
    const char *program = script(row->body);
    struct gs_child_params p = {.argv = (const char *const[]){program, NULL},
                                .input = (const uint8_t *)"abc",
                                .input_size = 3,
                                .output_max = 1 << 20,
                                .seconds = row->end == GS_CHILD_TIME ? 1 : 100,
                                .cpu = cpu,
                                .memory_max = 256 << 20};
    struct gs_buf out;
    struct gs_child_result r;
    struct gs_err err = {0};
    gs_buf_init(&out, 1 << 20);
    double started = now();
    assert_ok_err(gs_child_run(&p, &out, &r, &err), &err);
    double took = now() - started;
    if (r.end != row->end || r.code != row->code || took > WITHIN)
        test_fail("%s: end %d code %d (%s), %.2f s", row->body, (int)r.end, r.code, r.complaint,
                  took);
    if (row->output != SIZE_MAX)
        assert_int_equal(out.size, row->output);
    assert_none_left(program);
    gs_buf_release(&out);
}

static void test_bad_manners(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"cat", GS_CHILD_EXITED, 0, 3},
        {"exit 7", GS_CHILD_EXITED, 7, 0},
        {"\"${0%/*}/nap\" 1000.1", GS_CHILD_TIME, 0, 0},
        {"trap '' TERM HUP INT; while :; do \"${0%/*}/nap\" 1000.2; done", GS_CHILD_TIME, 0, 0},
        {"echo x; \"${0%/*}/nap\" 1000.3", GS_CHILD_TIME, 0, 2},
        {"exec yes", GS_CHILD_OUTPUT, 0, 1 << 20},
        {"yes & yes & yes", GS_CHILD_OUTPUT, 0, 1 << 20},
        {"exec yes >&2", GS_CHILD_TIME, 0, 0},
        {"head -c 1048576 /dev/zero", GS_CHILD_EXITED, 0, 1 << 20},
        {"head -c 1048577 /dev/zero", GS_CHILD_OUTPUT, 0, 1 << 20},
        {"head -c 500000 /dev/zero >&2; head -c 500000 /dev/zero; head -c 500000 /dev/zero >&2",
         GS_CHILD_EXITED, 0, 500000},
        {"\"${0%/*}/nap\" 1000.4 & \"${0%/*}/nap\" 1000.4 & exit 3", GS_CHILD_EXITED, 3, 0},
        {"exec >&- 2>&-; \"${0%/*}/nap\" 1000.5", GS_CHILD_TIME, 0, 0},
        {"kill -SEGV $$", GS_CHILD_SIGNAL, SIGSEGV, 0},
        {"kill -KILL $$", GS_CHILD_SIGNAL, SIGKILL, 0},
        {"kill -STOP $$", GS_CHILD_TIME, 0, 0},
        {"echo x >\"$0.file\" || exit 9", GS_CHILD_EXITED, 9, 0},
        {"f() { f & f & }; trap '' TERM; \"${0%/*}/nap\" 1000.6 & \"${0%/*}/nap\" 1000.6",
         GS_CHILD_TIME, 0, 0},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++)
        check_row(&rows[i], 0);
    assert_none_left(nap);
}

static void test_processor_time(void **state)
{
    (void)state;
    check_row(&(struct row){"while :; do :; done", GS_CHILD_CPU, SIGXCPU, 0}, 1);
    check_row(&(struct row){"trap '' XCPU; while :; do :; done", GS_CHILD_CPU, SIGKILL, 0}, 1);
}

/* A grandchild that leaves the group is out of reach, but nobody waits for it. */
static void test_one_that_leaves_the_group(void **state)
{
    (void)state;
    const char *program = script("setsid sleep 9 & exit 0");
    struct gs_child_params p = {
        .argv = (const char *const[]){program, NULL}, .output_max = 100, .seconds = 100};
    struct gs_buf out;
    struct gs_child_result r;
    gs_buf_init(&out, 100);
    double started = now();
    assert_ok(gs_child_run(&p, &out, &r, NULL));
    assert_true(now() - started < 7);
    assert_int_equal(r.end, GS_CHILD_EXITED);
    gs_buf_release(&out);
}

static void run_script(const char *body, uint64_t memory, const char *watch, struct gs_buf *out,
                       struct gs_child_result *r)
{
    struct gs_child_params p = {.argv = (const char *const[]){script(body), NULL},
                                .output_max = 1 << 20,
                                .seconds = 100,
                                .memory_max = memory,
                                .watch = {"never said", watch}};
    gs_buf_init(out, 1 << 20);
    assert_ok(gs_child_run(&p, out, r, NULL));
    gs_buf_append_u8(out, 0);
}

static void test_what_it_is_given(void **state)
{
    (void)state;
    struct gs_buf out;
    struct gs_child_result r;
    assert_int_equal(setenv("GAOSOU_SECRET", "x", 1), 0);
    int leaked = open("/dev/null", O_RDONLY); /* not close-on-exec */
    run_script("exec env", 0, NULL, &out, &r);
    assert_null(strstr((char *)out.data, "SECRET"));
    assert_non_null(strstr((char *)out.data, "LC_ALL=C.UTF-8\n"));
    assert_non_null(strstr((char *)out.data, "PATH=" GS_CHILD_PATH "\n"));
    gs_buf_release(&out);
    /* 0, 1, 2, the shell's own script and the folder that ls reads */
    run_script("for f in /proc/self/fd/*; do readlink $f; done | grep -c /dev/null", 0, NULL, &out,
               &r);
    assert_string_equal((char *)out.data, "0\n");
    gs_buf_release(&out);
    close(leaked);
    run_script("dd bs=512M count=1 if=/dev/zero", 64 << 20, "memory", &out, &r);
    assert_int_equal(r.end, GS_CHILD_EXITED);
    assert_int_not_equal(r.code, 0);
    assert_int_equal(r.watched, 2);
    gs_buf_release(&out);
    run_script("ulimit -c", 0, NULL, &out, &r);
    assert_string_equal((char *)out.data, "0\n");
    gs_buf_release(&out);
}

/* In a process of its own: `body` there, its exit status here. */
static int in_a_process(void (*body)(void), bool kill_it)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        body();
        _exit(1);
    }
    assert_true(pid > 0);
    if (kill_it) {
        for (unsigned i = 0; i < 250 && processes_with(nap) == 0; i++)
            usleep(20000);
        assert_int_equal(processes_with(nap), 1);
        kill(pid, SIGKILL);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void confine(void)
{
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    _exit(gs_child_confine() ? 0 : 4);
}

static void test_confined(void **state)
{
    (void)state;
    if (in_a_process(confine, false) != 0) {
        printf("skipped: confinement (this kernel has no Landlock)\n");
        return;
    }
    struct gs_buf out;
    struct gs_child_result r;
    char *kept = test_path(folder, "kept"), body[2048];
    test_file_write(kept, "x", 1);
    snprintf(body, sizeof body,
             "rm -f %s; mv %s %s.moved; mkdir %s.folder; ln -s / %s.link; true >>%s; cat %s", kept,
             kept, kept, kept, kept, kept, kept);
    run_script(body, 0, "Permission denied", &out, &r);
    assert_string_equal((char *)out.data, "x");
    assert_int_equal(r.watched, 2);
    const char *const others[] = {"moved", "folder", "link"};
    for (size_t i = 0; i < GS_COUNT_OF(others); i++) {
        char *path = test_path(folder, "kept.%s", others[i]);
        struct stat s;
        assert_int_equal(lstat(path, &s), -1);
        free(path);
    }
    free(kept);
    gs_buf_release(&out);
}

static void test_complaints(void **state)
{
    (void)state;
    struct gs_buf out;
    struct gs_child_result r;
    run_script("printf '\\n\\033[1mfirst\\n' >&2; yes | head -c 300000 >&2; echo has here >&2", 0,
               "has here", &out, &r);
    assert_string_equal(r.complaint, " [1mfirst");
    assert_int_equal(r.watched, 2);
    gs_buf_release(&out);
    run_script("for i in 1 2 3 4 5 6 7 8 9 0; do printf '错误错误错误错误错误错误'; done >&2", 0,
               "误错", &out, &r);
    assert_int_equal(strlen(r.complaint), 255);
    assert_int_equal(r.watched, 2);
    gs_buf_release(&out);
}

static void test_input_of_all_sizes(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 65535, 65536, 65537, 5000000};
    const char *const argv[] = {script("cat; exec 1>&-; read x || exit 0; exit 1"), NULL};
    uint8_t *bytes = calloc(1, 5000000);
    assert_non_null(bytes);
    for (size_t i = 0; i < 5000000; i++)
        bytes[i] = (uint8_t)(i * 7 + i / 251);
    for (size_t i = 0; i < GS_COUNT_OF(sizes); i++) {
        struct gs_child_params p = {
            .argv = argv, .input = bytes, .input_size = sizes[i], .output_max = 5000000};
        struct gs_buf out;
        struct gs_child_result r;
        gs_buf_init(&out, 5000000);
        assert_ok(gs_child_run(&p, &out, &r, NULL));
        assert_int_equal(r.end, GS_CHILD_EXITED);
        assert_int_equal(r.code, 0);
        assert_int_equal(out.size, sizes[i]);
        if (sizes[i])
            assert_memory_equal(out.data, bytes, sizes[i]);
        gs_buf_release(&out);
    }
    free(bytes);
}

#define THREADS 8
#define RUNS    15

/* Counts its own failures; asserts are for the main thread. */
static void *run_many(void *arg)
{
    unsigned *failures = arg, seed = *failures;
    *failures = 0;
    for (unsigned i = 0; i < RUNS; i++) {
        char text[64];
        int n = snprintf(text, sizeof text, "%u of thread %u", i, seed);
        struct gs_child_params p = {.argv = (const char *const[]){"/bin/cat", NULL},
                                    .input = (const uint8_t *)text,
                                    .input_size = (size_t)n,
                                    .output_max = 100,
                                    .seconds = 60};
        struct gs_buf out;
        struct gs_child_result r;
        gs_buf_init(&out, 100);
        if (gs_child_run(&p, &out, &r, NULL) || r.end != GS_CHILD_EXITED || r.code != 0 ||
            out.size != (size_t)n || memcmp(out.data, text, out.size) != 0)
            ++*failures;
        gs_buf_release(&out);
    }
    return NULL;
}

static void test_many_at_once(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    unsigned failures[THREADS];
    for (unsigned i = 0; i < THREADS; i++) {
        failures[i] = i;
        assert_int_equal(pthread_create(&threads[i], NULL, run_many, &failures[i]), 0);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(failures[i], 0);
    }
}

static void run_sleep(void)
{
    struct gs_child_params p = {.argv = (const char *const[]){nap, "2000", NULL},
                                .output_max = 100};
    struct gs_buf out;
    struct gs_child_result r;
    gs_buf_init(&out, 100);
    if (gs_child_run(&p, &out, &r, NULL))
        _exit(2);
}

static void run_without_standard_descriptors(void)
{
    close(0);
    close(1);
    close(2);
    signal(SIGPIPE, SIG_IGN);
    struct gs_child_params p = {.argv = (const char *const[]){"/bin/cat", NULL},
                                .input = (const uint8_t *)"abc",
                                .input_size = 3,
                                .output_max = 100};
    struct gs_buf out;
    struct gs_child_result r;
    gs_buf_init(&out, 100);
    if (gs_child_run(&p, &out, &r, NULL) || r.end || r.code || out.size != 3)
        _exit(1);
    _exit(fcntl(0, F_GETFD) == -1 && fcntl(3, F_GETFD) == -1 ? 0 : 3);
}

static void test_odd_parents(void **state)
{
    (void)state;
    if (access("/proc/self/cmdline", R_OK) != 0) {
        print_message("skipped: no /proc to look for processes in\n");
        skip();
    }
    in_a_process(run_sleep, true);
    assert_none_left(nap);
    assert_int_equal(in_a_process(run_without_standard_descriptors, false), 0);
}

static void test_no_program(void **state)
{
    (void)state;
    char path[256], *none = test_path(folder, "none"), *plain = test_path(folder, "plain");
    test_file_write(plain, "text", 4);
    const char *const wrong[] = {none, plain, folder};
    for (size_t i = 0; i < GS_COUNT_OF(wrong); i++) {
        struct gs_child_params p = {.argv = (const char *const[]){wrong[i], NULL},
                                    .output_max = 100};
        struct gs_buf out;
        struct gs_child_result r;
        struct gs_err err = {0};
        gs_buf_init(&out, 100);
        assert_status(gs_child_run(&p, &out, &r, &err), GAOSOU_E_NOT_FOUND);
        assert_non_null(strstr(err.text, wrong[i]));
        gs_buf_release(&out);
    }
    char *search = test_path("", "%s", folder); /* "/" before it does no harm */
    test_file_write(plain, "#!/bin/sh\n", 10);
    assert_false(gs_child_find("plain", search, path, sizeof path)); /* not executable */
    assert_int_equal(chmod(plain, 0755), 0);
    assert_true(gs_child_find("plain", search, path, sizeof path));
    assert_false(gs_child_find("plain", search, path, strlen(search)));
    assert_false(gs_child_find("plain", "", path, sizeof path));
    assert_false(gs_child_find("plain", ":.:relative:/nowhere", path, sizeof path));
    assert_true(gs_child_find("sh", NULL, path, sizeof path));
    free(search);
    free(none);
    free(plain);
}

static int make_folder(void **state)
{
    (void)state;
    folder = test_folder_create();
    nap = test_path(folder, "nap");
    return symlink("/bin/sleep", nap);
}

static int remove_folder(void **state)
{
    (void)state;
    free(nap);
    test_folder_remove(folder);
    return 0;
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_manners),
        cmocka_unit_test(test_processor_time),
        cmocka_unit_test(test_one_that_leaves_the_group),
        cmocka_unit_test(test_what_it_is_given),
        cmocka_unit_test(test_confined),
        cmocka_unit_test(test_complaints),
        cmocka_unit_test(test_input_of_all_sizes),
        cmocka_unit_test(test_many_at_once),
        cmocka_unit_test(test_odd_parents),
        cmocka_unit_test(test_no_program),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
