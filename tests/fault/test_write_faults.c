/*
 * Every write, sync and rename of an add, a delete, a merge and what tidies up fails once: an error
 * with a message, the old commit (or, from the rename of the manifest on, the new one) whole,
 * nothing left over, and the next writer works.
 *
 * The system calls are replaced by defining them here: the executable's come before libc's.
 */
#include "indexer/builder.h"
#include "indexer/merge.h"
#include "tests/support/built_index.h"
#include "tests/support/index_contents.h"
#include "tests/support/index_work.h"
#include "tests/support/test.h"

#include <dirent.h>
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

static long until_fault; /* calls before the one that fails; negative: none does */
static int fault_errno;
static bool fault_hit;
static bool short_writes; /* every write takes a part only */

static bool fails(void)
{
    if (until_fault < 0 || until_fault-- > 0)
        return false;
    fault_hit = true;
    errno = fault_errno;
    return true;
}

ssize_t write(int fd, const void *bytes, size_t size)
{
    if (fd <= 2)
        return syscall(SYS_write, fd, bytes, size);
    if (fails())
        return -1;
    return syscall(SYS_write, fd, bytes, short_writes && size > 1000 ? size / 2 : size);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset)
{
    return fails() ? -1 : syscall(SYS_pwrite64, fd, bytes, size, offset);
}

int fsync(int fd)
{
    return fails() ? -1 : (int)syscall(SYS_fsync, fd);
}

int rename(const char *from, const char *to)
{
    return fails() ? -1 : (int)syscall(SYS_renameat2, -100, from, -100, to, 0);
}

/* ---- what is done ---- */

static enum gaosou_status add(struct gs_index_writer *w, struct gs_err *err)
{
    struct gs_builder *b = NULL;
    struct gs_builder_params params = {
        .threads = 2, .memory = (uint64_t)64 << 20, .with_text = true};
    enum gaosou_status status = gs_builder_create(&b, w, &params, err);
    for (int i = 0; i < 50 && status == GAOSOU_OK; i++) {
        char id[16], text[600] = "";
        snprintf(id, sizeof(id), "id%d", i);
        for (int k = 0; k < 8; k++)
            snprintf(text + strlen(text), sizeof(text) - strlen(text), "净利润%d增长%d，", i * k,
                     i + k);
        struct gs_filing f = {.text = {text, strlen(text)}};
        f.field[GS_FIELD_ID] = (struct gs_str){id, strlen(id)};
        status = gs_builder_add(b, &f, err);
    }
    if (status == GAOSOU_OK)
        status = gs_builder_finish(b, err);
    gs_builder_free(b);
    return status;
}

static enum gaosou_status delete (struct gs_index_writer *w, struct gs_err *err) {
    bool found; return gs_index_writer_delete(w, "old1", 4, &found, err);
}

static enum gaosou_status merge(struct gs_index_writer *w, struct gs_err *err)
{
    struct gs_merge_counts counts;
    return gs_merge_all(w, &counts, err);
}

/* What follows a commit by itself: the filings that were deleted leave their segment. */
static enum gaosou_status delete_and_tidy(struct gs_index_writer *w, struct gs_err *err)
{
    struct gs_merge_counts counts;
    bool found;
    enum gaosou_status status = gs_index_writer_delete(w, "old2", 4, &found, err);
    if (status == GAOSOU_OK)
        status = gs_index_writer_commit(w, err);
    return status == GAOSOU_OK ? gs_merge_some(w, &counts, err) : status;
}

typedef enum gaosou_status action(struct gs_index_writer *w, struct gs_err *err);

static enum gaosou_status whole(const char *index, action *act, struct gs_err *err)
{
    struct gs_index_writer *w = NULL;
    enum gaosou_status status = gs_index_writer_open(&w, index, true, err);
    if (status == GAOSOU_OK)
        status = act(w, err);
    if (status == GAOSOU_OK)
        status = gs_index_writer_commit(w, err);
    gs_index_writer_close(w);
    return status;
}

static void prepare(const char *index)
{
    static const struct built_filing one[] = {{"old0", NULL, "一二", 6}, {"old1", "三", "四五", 6}};
    static const struct built_filing two[] = {{"old2", NULL, "六七", 6}, {"old0", NULL, "八", 3}};
    struct built_params params = {0};
    (void)built_index_add(index, one, 2, &params);
    (void)built_index_add(index, two, 2, &params);
}

static void dump(const char *index, struct gs_buf *out)
{
    gs_buf_clear(out);
    built_index_check(index);
    built_index_dump(index, NULL, out);
}

static bool same(const struct gs_buf *a, const struct gs_buf *b)
{
    return a->size == b->size && memcmp(a->data, b->data, a->size) == 0;
}

static size_t count_files(const char *folder, const char *part)
{
    size_t n = 0;
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d)) != NULL;)
        n += e->d_name[0] != '.' && (!part || strstr(e->d_name, part));
    if (d)
        closedir(d);
    return n;
}

/* The files that the manifest names, the manifest itself and the lock. */
static size_t count_named(const char *index)
{
    struct gs_manifest m;
    gs_manifest_init(&m);
    assert_ok(gs_manifest_read(&m, index, NULL));
    size_t n = 2;
    for (size_t i = 0; i < m.segment_count; i++)
        n += m.segments[i].del_generation > 0 ? 2 : 1;
    gs_manifest_release(&m);
    return n;
}

/* Fault n = 0, 1, ... until none is hit. */
static void every_fault(action *act, int errnum, bool first_commit)
{
    struct gs_buf before, after, now;
    gs_buf_init(&before, 1 << 24);
    gs_buf_init(&after, 1 << 24);
    gs_buf_init(&now, 1 << 24);
    size_t after_files = 0;
    for (long n = -1;; n++) {
        char *folder = test_folder_create(), *index = test_path(folder, "index");
        struct gs_err err = {0};
        if (!first_commit) {
            prepare(index);
            dump(index, &before);
        }
        size_t files = count_files(index, NULL), files_now;
        until_fault = n;
        fault_errno = errnum;
        fault_hit = false;
        enum gaosou_status status = whole(index, act, &err);
        until_fault = -1;
        bool hit = fault_hit;
        if (n < 0) { /* how it ends without a fault */
            assert_ok_err(status, &err);
            dump(index, &after);
            after_files = count_files(index, NULL);
        } else if (hit) {
            assert_int_equal(status, errnum == ENOSPC ? GAOSOU_E_FULL : GAOSOU_E_IO);
            assert_non_null(strstr(err.text, strerror(errnum)));
            assert_int_equal(count_files(index, ".tmp"), 0);
            if (first_commit && access(index, F_OK) != 0) {
                before.size = 0; /* nothing was there, nothing is there */
            } else {
                dump(index, &now);
                bool old = !first_commit && same(&now, &before);
                assert_true(old || same(&now, &after));
                if (!first_commit)
                    assert_int_equal(count_files(index, NULL), count_named(index));
                /* A merge changes files only: both counts are possible there. */
                files_now = count_files(index, NULL);
                if (old)
                    assert_true(files_now == files ||
                                (same(&before, &after) && files_now == after_files));
            }
            assert_ok_err(whole(index, act, &err), &err);
            dump(index, &now);
        }
        free(index);
        test_folder_remove(folder);
        if (n >= 0 && !hit) {
            assert_true(n > 3);
            break;
        }
    }
    gs_buf_release(&before);
    gs_buf_release(&after);
    gs_buf_release(&now);
}

static void add_with_faults(void **state)
{
    (void)state;
    every_fault(add, ENOSPC, false);
    every_fault(add, EIO, false);
}

static void first_add_with_faults(void **state)
{
    (void)state;
    every_fault(add, ENOSPC, true);
}

static void delete_with_faults(void **state)
{
    (void)state;
    every_fault(delete, EIO, false);
}

static void merge_with_faults(void **state)
{
    (void)state;
    every_fault(merge, ENOSPC, false);
}

/* Long work with commits on the way, and a file that was merely touched: what was committed stays,
 * and the same work goes on to the index that no fault would have given. */
static void long_work_with_faults(void **state)
{
    (void)state;
    struct gs_buf wanted, now;
    gs_buf_init(&wanted, 1 << 24);
    gs_buf_init(&now, 1 << 24);
    bool hit = true;
    size_t continued = 0;
    for (long n = -1; hit || n <= 0; n++) {
        char *folder = test_folder_create(), *index = test_path(folder, "index");
        struct index_work before = {.count = 4, .later = 1}, left = {.count = 12, .checkpoint = 3};
        struct gs_err err = {0};
        left.mode = GS_RECONCILE_UPDATE;
        assert_ok_err(index_work_run(index, &before, &err), &err);
        until_fault = n;
        fault_errno = ENOSPC;
        fault_hit = false;
        enum gaosou_status status = index_work_run(index, &left, &err);
        until_fault = -1;
        hit = fault_hit;
        assert_int_equal(status, hit ? GAOSOU_E_FULL : GAOSOU_OK);
        assert_int_equal(count_files(index, ".tmp"), 0);
        built_index_check(index);
        if (hit)
            assert_ok_err(index_work_run(index, &left, &err), &err);
        continued += left.continued;
        gs_buf_clear(&now);
        index_contents(index, &now);
        if (n < 0)
            index_contents(index, &wanted);
        assert_true(same(&now, &wanted));
        assert_int_equal(count_files(index, "work"), 0);
        free(index);
        test_folder_remove(folder);
    }
    assert_true(continued > 3);
    gs_buf_release(&wanted);
    gs_buf_release(&now);
}

static void tidying_with_faults(void **state)
{
    (void)state;
    every_fault(delete_and_tidy, ENOSPC, false);
}

static void short_writes_are_completed(void **state)
{
    (void)state;
    char *folder = test_folder_create(), *index = test_path(folder, "index");
    char *other = test_path(folder, "other");
    struct gs_err err;
    struct gs_buf a, b;
    gs_buf_init(&a, 1 << 24);
    gs_buf_init(&b, 1 << 24);
    assert_ok_err(whole(other, add, &err), &err);
    short_writes = true;
    assert_ok_err(whole(index, add, &err), &err);
    short_writes = false;
    dump(index, &a);
    dump(other, &b);
    assert_true(same(&a, &b));
    gs_buf_release(&a);
    gs_buf_release(&b);
    free(index);
    free(other);
    test_folder_remove(folder);
}

int main(void)
{
    until_fault = -1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(add_with_faults),
        cmocka_unit_test(first_add_with_faults),
        cmocka_unit_test(delete_with_faults),
        cmocka_unit_test(merge_with_faults),
        cmocka_unit_test(tidying_with_faults),
        cmocka_unit_test(long_work_with_faults),
        cmocka_unit_test(short_writes_are_completed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
