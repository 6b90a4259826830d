/*
 * test.h: the one door to cmocka, and the small helpers every test program uses.
 *
 * A test program has functions `static void test_x(void **state)`, a table of cmocka_unit_test(),
 * and a main that returns cmocka_run_group_tests(). Helpers end the test on failure and print
 * status and message. Not for more than one thread: assert in the main thread only.
 */
#ifndef GS_TESTS_TEST_H
#define GS_TESTS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/buf.h"
#include "common/base/err.h"

#define GS_COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))

/* The call must give GAOSOU_OK; err may be NULL. */
#define assert_ok_err(call, err)                                                                   \
    test_assert_status((call), GAOSOU_OK, (err), #call, __FILE__, __LINE__)
#define assert_ok(call) assert_ok_err(call, NULL)
/* The call must give this status. */
#define assert_status(call, wanted)                                                                \
    test_assert_status((call), (wanted), NULL, #call, __FILE__, __LINE__)
#define assert_status_err(call, wanted, err)                                                       \
    test_assert_status((call), (wanted), (err), #call, __FILE__, __LINE__)

/* Ends the test with the given text; what fail_msg does, known not to return. */
#define test_fail(...)                                                                             \
    do {                                                                                           \
        fail_msg(__VA_ARGS__);                                                                     \
        abort();                                                                                   \
    } while (0)

void test_assert_status(enum gaosou_status got, enum gaosou_status wanted, const struct gs_err *err,
                        const char *what, const char *file, int line);

/* A new empty folder below TMPDIR (or /dev/shm, /tmp); malloc'ed path. Remove it with test_folder_remove(),
 * which frees the path too; NULL is fine. */
char *test_folder_create(void);
void test_folder_remove(char *path);

/* Writes a whole file; the bytes of a C string. Ends the test on failure. */
void test_file_write(const char *path, const void *bytes, size_t size);
/* folder + "/" + name, formatted; malloc'ed, the caller frees. */
char *test_path(const char *folder, const char *format, ...) GS_PRINTF(2, 3);

/* The text as a C string literal would have it (malloc'ed): how a failing input is printed. */
char *test_escape(const void *bytes, size_t size);

/* An unsigned number from the environment, or `otherwise`. */
uint64_t test_env_number(const char *name, uint64_t otherwise);

#endif
