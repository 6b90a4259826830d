/*
 * A file that grows while it is read: read again if it comes to rest, named and left out if it does
 * not; its neighbours are indexed either way.
 *
 * read(2) is replaced by defining it here: the executable's comes before libc's.
 */
#include "common/base/file.h"
#include "indexer/commands.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static char *victim;     /* path of the file that changes */
static unsigned changes; /* how often it still does: once each time it is read from its start */

static bool is_victim(int fd)
{
    char link[64], path[512];
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof(path));
    return n > 0 && strlen(victim) == (size_t)n && memcmp(path, victim, (size_t)n) == 0;
}

ssize_t read(int fd, void *bytes, size_t size)
{
    ssize_t got = syscall(SYS_read, fd, bytes, size);
    if (victim && changes > 0 && got > 0 && lseek(fd, 0, SEEK_CUR) == got && is_victim(fd)) {
        changes--;
        FILE *f = fopen(victim, "a");
        if (f) {
            fputs("又一行。\n", f);
            fclose(f);
        }
    }
    return got;
}

/* Adds the folder while its file changes so often; what the program said is in *said. */
static int add_folder(const char *root, unsigned how_often, struct gs_buf *said)
{
    char *folder = test_path(root, "in"), *index = test_path(root, "index%u", how_often);
    char *text = NULL;
    size_t size = 0;
    struct gs_console c = {.out = open_memstream(&text, &size)};
    c.err = c.out;
    char program[] = "gaosou-index", command[] = "add";
    char *args[] = {program, command, index, folder, NULL};
    victim = test_path(root, "in/b.txt");
    changes = how_often;
    int code = gs_index_main(4, args, NULL, &c);
    fclose(c.out);
    gs_buf_append(said, text, size);
    gs_buf_append_u8(said, 0);
    free(text);
    free(victim);
    victim = NULL;
    free(folder);
    free(index);
    return code;
}

static void check_folder(unsigned how_often, int code, const char *part)
{
    char *root = test_folder_create(), *in = test_path(root, "in");
    char *a = test_path(root, "in/a.txt"), *b = test_path(root, "in/b.txt");
    struct gs_buf said;
    gs_buf_init(&said, 1 << 20);
    assert_ok(gs_folder_create(in, NULL));
    test_file_write(a, "净利润", 9);
    test_file_write(b, "营业收入", 12);
    assert_int_equal(add_folder(root, how_often, &said), code);
    if (!strstr((const char *)said.data, part))
        test_fail("%u changes: %s", how_often, (const char *)said.data);
    gs_buf_release(&said);
    free(a);
    free(b);
    free(in);
    test_folder_remove(root);
}

static void test_a_file_that_changes(void **state)
{
    (void)state;
    if (access("/proc/self/fd", R_OK) != 0) {
        print_message("skipped: no /proc to tell files by\n");
        skip();
    }
    check_folder(0, GS_EXIT_OK, "indexed 2 filings");
    check_folder(1, GS_EXIT_OK, "indexed 2 filings");
    check_folder(1000, GS_EXIT_LOSSES, "indexed 1 filing ");
    check_folder(1000, GS_EXIT_LOSSES, "b.txt");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_file_that_changes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
