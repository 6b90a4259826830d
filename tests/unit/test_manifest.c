/* common/segment/manifest, deletions, lock: round trips, damage at every byte, full disks, two
 * writers. */
#include "common/base/checksum.h"
#include "common/base/file.h"
#include "common/segment/manifest.h"
#include "tests/support/segment_bytes.h"
#include "tests/support/test.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct gs_manifest_segment segments[] = {
    {.number = 3, .file_size = 8192, .doc_count = 10, .checksum = 0x1122334455667788},
    {.number = 1,
     .file_size = 4096,
     .doc_count = 5,
     .deleted_count = 2,
     .del_generation = 4,
     .checksum = 7},
};

static struct gs_manifest sample(void)
{
    return (struct gs_manifest){.commit = 9,
                                .next_sequence = 100,
                                .next_number = 4,
                                .analysis_id = 0xABCDEF,
                                .segments = segments,
                                .segment_count = 2};
}

static uint8_t *publish(const struct gs_manifest *m, const char *folder, size_t *size)
{
    struct gs_err err = {0};
    assert_ok_err(gs_manifest_publish(m, folder, &err), &err);
    char *path = test_path(folder, "manifest");
    uint8_t *bytes = test_file_bytes(path, size);
    free(path);
    return bytes;
}

static void check_sample(const struct gs_manifest *m)
{
    struct gs_manifest wanted = sample();
    assert_true(m->commit == wanted.commit && m->next_sequence == wanted.next_sequence);
    assert_true(m->next_number == wanted.next_number && m->analysis_id == wanted.analysis_id);
    assert_int_equal(m->segment_count, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct gs_manifest_segment *a = &m->segments[i], *b = &segments[i];
        assert_true(a->number == b->number && a->file_size == b->file_size);
        assert_true(a->del_generation == b->del_generation && a->checksum == b->checksum);
        assert_true(a->doc_count == b->doc_count && a->deleted_count == b->deleted_count);
    }
}

static void round_trip(void **state)
{
    (void)state;
    char *folder = test_folder_create();
    struct gs_manifest m = sample(), read;
    struct gs_err err = {0};
    size_t size;
    free(publish(&m, folder, &size));
    gs_manifest_init(&read);
    assert_ok_err(gs_manifest_read(&read, folder, &err), &err);
    check_sample(&read);
    assert_ok_err(gs_manifest_read(&read, folder, &err), &err); /* over what is there */
    check_sample(&read);
    m.segment_count = 0;
    free(publish(&m, folder, &size));
    assert_ok_err(gs_manifest_read(&read, folder, &err), &err);
    assert_int_equal(read.segment_count, 0);
    gs_manifest_release(&read);
    gs_manifest_release(&read);
    test_folder_remove(folder);
}

static void damage(void **state)
{
    (void)state;
    char *folder = test_folder_create();
    struct gs_manifest m = sample(), read;
    size_t size;
    uint8_t *bytes = publish(&m, folder, &size);
    gs_manifest_init(&read);
    for (size_t n = 0; n < size; n++) {
        enum gaosou_status status = gs_manifest_parse(&read, bytes, n, "m", NULL);
        assert_int_equal(status, n < 16 ? GAOSOU_E_NOT_INDEX : GAOSOU_E_CORRUPT);
    }
    for (size_t at = 0; at < size; at++)
        for (unsigned bit = 0; bit < 8; bit++) {
            bytes[at] ^= (uint8_t)(1u << bit);
            assert_true(gs_manifest_parse(&read, bytes, size, "m", NULL) != GAOSOU_OK);
            bytes[at] ^= (uint8_t)(1u << bit);
        }
    uint8_t *longer = calloc(1, size + 1);
    memcpy(longer, bytes, size);
    assert_status(gs_manifest_parse(&read, longer, size + 1, "m", NULL), GAOSOU_E_CORRUPT);
    assert_int_equal(read.segment_count, 0); /* untouched by failures */
    gs_manifest_release(&read);
    free(longer);
    free(bytes);
    test_folder_remove(folder);
}

/* Values that a writer with a checksum may have put there: offset, bytes of value, answer. */
static void hostile_values(void **state)
{
    (void)state;
    static const struct {
        size_t offset, size;
        uint64_t value;
        enum gaosou_status wanted;
        const char *message; /* a part of it */
    } rows[] = {
        {16, 4, 2, GAOSOU_OK, NULL}, /* newer, but readable by version 1 */
        {20, 4, 2, GAOSOU_E_CORRUPT, "versions"},
        {16, 8, UINT64_C(2) << 32 | 2, GAOSOU_E_TOO_NEW, "version 2"},
        {16, 4, 0, GAOSOU_E_CORRUPT, "versions"},
        {24, 8, 0, GAOSOU_E_CORRUPT, "commit"},
        {40, 8, 3, GAOSOU_E_CORRUPT, "segment 3 at byte 64"},
        {56, 4, 3, GAOSOU_E_CORRUPT, "3 segments"},
        {56, 4, 0xFFFFFFFF, GAOSOU_E_CORRUPT, "segments"},
        {60, 4, 1, GAOSOU_E_CORRUPT, "reserved 1"},
        {64, 8, 1, GAOSOU_E_CORRUPT, "stands twice"},
        {64, 8, 0, GAOSOU_E_CORRUPT, "never given"},
        {64 + 32, 4, 0, GAOSOU_E_CORRUPT, "count of filings"},
        {64 + 36, 4, 11, GAOSOU_E_CORRUPT, "deleted"},
        {64 + 36, 4, 1, GAOSOU_E_CORRUPT, "generation"},
        {64 + 16, 8, 1, GAOSOU_E_CORRUPT, "generation"},
    };
    char *folder = test_folder_create();
    struct gs_manifest m = sample();
    size_t size;
    uint8_t *bytes = publish(&m, folder, &size), *copy = malloc(size);
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct gs_manifest read;
        struct gs_err err = {0};
        memcpy(copy, bytes, size);
        if (rows[i].size == 4)
            gs_store_u32(copy + rows[i].offset, (uint32_t)rows[i].value);
        else
            gs_store_u64(copy + rows[i].offset, rows[i].value);
        gs_store_u64(copy + size - 8, gs_hash64(copy, size - 8));
        gs_manifest_init(&read);
        enum gaosou_status status = gs_manifest_parse(&read, copy, size, "m", &err);
        if (status != rows[i].wanted || (rows[i].message && !strstr(err.text, rows[i].message)))
            test_fail("row %zu: status %d, %s", i, status, err.text);
        gs_manifest_release(&read);
    }
    free(copy);
    free(bytes);
    test_folder_remove(folder);
}

static void folders(void **state)
{
    (void)state;
    struct gs_manifest read;
    struct gs_err err = {0};
    gs_manifest_init(&read);
    char *folder = test_folder_create(), *missing = test_path(folder, "none");
    char *deeper = test_path(folder, "file/none");
    assert_status_err(gs_manifest_read(&read, missing, &err), GAOSOU_E_NOT_FOUND, &err);
    assert_non_null(strstr(err.text, missing));
    assert_status_err(gs_manifest_read(&read, folder, &err), GAOSOU_E_NOT_FOUND, &err);
    static const char *const leftovers[] = {"lock", "0000000001.seg.tmp", "0000000001.seg",
                                            "manifest.tmp"};
    for (size_t i = 0; i < GS_COUNT_OF(leftovers); i++) {
        char *path = test_path(folder, "%s", leftovers[i]);
        test_file_write(path, "x", 1);
        free(path);
    }
    assert_status_err(gs_manifest_read(&read, folder, &err), GAOSOU_E_NOT_FOUND, &err);
    char *file = test_path(folder, "file");
    test_file_write(file, "净利润", 9);
    assert_status_err(gs_manifest_read(&read, file, &err), GAOSOU_E_NOT_INDEX, &err);
    assert_non_null(strstr(err.text, "is a file"));
    assert_true(gs_manifest_read(&read, deeper, &err) != GAOSOU_OK);
    assert_status_err(gs_manifest_read(&read, folder, &err), GAOSOU_E_NOT_INDEX, &err);
    assert_non_null(strstr(err.text, "no file 'manifest'"));
    char *manifest = test_path(folder, "manifest");
    test_file_write(manifest, "hello", 5);
    assert_status_err(gs_manifest_read(&read, folder, &err), GAOSOU_E_NOT_INDEX, &err);
    test_file_write(manifest, "", 0);
    assert_true(gs_manifest_read(&read, folder, &err) != GAOSOU_OK);
    unlink(manifest);
    assert_int_equal(mkdir(manifest, 0777), 0);
    assert_status_err(gs_manifest_read(&read, folder, &err), GAOSOU_E_IO, &err);
    assert_int_equal(rmdir(manifest), 0);
    free(manifest);
    free(file);
    free(deeper);
    free(missing);
    test_folder_remove(folder);
}

static void publish_refuses_nonsense(void **state)
{
    (void)state;
    char *folder = test_folder_create();
    struct gs_manifest m = sample();
    m.next_number = 3;
    assert_status(gs_manifest_publish(&m, folder, NULL), GAOSOU_E_USE);
    m = sample();
    m.commit = 0;
    assert_status(gs_manifest_publish(&m, folder, NULL), GAOSOU_E_USE);
    char *path = test_path(folder, "manifest");
    assert_int_not_equal(access(path, F_OK), 0);
    free(path);
    test_folder_remove(folder);
}

/* Runs `work` in a child; its exit code. */
static int in_child(int (*work)(void *ctx), void *ctx)
{
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(work(ctx));
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int publish_without_room(void *ctx)
{
    struct rlimit limit = {0, 0};
    signal(SIGXFSZ, SIG_IGN);
    struct gs_manifest m = sample();
    limit.rlim_cur = limit.rlim_max = 40; /* bytes a file may have */
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
        return 100;
    m.commit = 10;
    return (int)gs_manifest_publish(&m, ctx, NULL);
}

static void full_disk_leaves_the_old_one(void **state)
{
    (void)state;
    char *folder = test_folder_create(), *left = test_path(folder, "manifest.tmp");
    struct gs_manifest m = sample(), read;
    size_t size;
    free(publish(&m, folder, &size));
    int status = in_child(publish_without_room, folder);
    assert_true(status == GAOSOU_E_IO || status == GAOSOU_E_FULL);
    gs_manifest_init(&read);
    assert_ok(gs_manifest_read(&read, folder, NULL));
    check_sample(&read);
    assert_int_not_equal(access(left, F_OK), 0);
    gs_manifest_release(&read);
    free(left);
    test_folder_remove(folder);
}

/* ---- deletions ---- */

static void deletions(void **state)
{
    (void)state;
    char *folder = test_folder_create(), *path = gs_manifest_deletions_path(folder, 12, 3);
    assert_non_null(strstr(path, "/0000000012.3.del"));
    static const uint32_t counts[] = {1, 63, 64, 65, 1000};
    for (size_t c = 0; c < GS_COUNT_OF(counts); c++) {
        uint32_t n = counts[c];
        uint64_t bits[16] = {0}, *read = NULL;
        for (uint32_t doc = 0; doc < n; doc += 1 + doc % 7)
            bits[doc >> 6] |= UINT64_C(1) << (doc & 63);
        struct gs_err err = {0};
        assert_ok_err(gs_deletions_write(bits, path, n, &err), &err);
        assert_ok_err(gs_deletions_read(&read, path, n, &err), &err);
        assert_memory_equal(read, bits, (n + 63) / 64 * 8);
        free(read);
        assert_status(gs_deletions_read(&read, path, n + 1, NULL), GAOSOU_E_CORRUPT);
        size_t size;
        uint8_t *bytes = test_file_bytes(path, &size);
        for (size_t at = 0; at < size; at++) {
            bytes[at] ^= 4;
            test_file_write(path, bytes, size);
            assert_true(gs_deletions_read(&read, path, n, NULL) != GAOSOU_OK);
            bytes[at] ^= 4;
            test_file_write(path, bytes, at);
            assert_true(gs_deletions_read(&read, path, n, NULL) != GAOSOU_OK);
        }
        free(bytes);
    }
    uint64_t *none = NULL, beyond = 4;
    assert_status(gs_deletions_write(&beyond, path, 2, NULL), GAOSOU_E_USE);
    unlink(path);
    assert_status(gs_deletions_read(&none, path, 5, NULL), GAOSOU_E_NOT_FOUND);
    free(path);
    test_folder_remove(folder);
}

/* ---- the lock ---- */

static int try_lock(void *ctx)
{
    int fd = -1;
    return (int)gs_lock_take(&fd, ctx, NULL);
}

static int lock_and_die(void *ctx)
{
    int fd = -1;
    if (gs_lock_take(&fd, ctx, NULL) != GAOSOU_OK)
        return 1;
    kill(getpid(), SIGKILL);
    return 2;
}

static void lock(void **state)
{
    (void)state;
    char *folder = test_folder_create();
    int fd = -1, second = -1;
    struct gs_err err = {0};
    assert_ok_err(gs_lock_take(&fd, folder, &err), &err);
    assert_int_equal(in_child(try_lock, folder), GAOSOU_E_BUSY);
    assert_status_err(gs_lock_take(&second, folder, &err), GAOSOU_E_BUSY, &err); /* same process */
    assert_non_null(strstr(err.text, folder));
    gs_lock_drop(fd);
    assert_int_equal(in_child(try_lock, folder), GAOSOU_OK);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        _exit(lock_and_die(folder));
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    assert_ok(gs_lock_take(&fd, folder, NULL)); /* a killed writer leaves no lock */
    gs_lock_drop(fd);
    gs_lock_drop(-1);
    char *missing = test_path(folder, "none");
    assert_status(gs_lock_take(&fd, missing, NULL), GAOSOU_E_NOT_FOUND);
    free(missing);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip),
        cmocka_unit_test(damage),
        cmocka_unit_test(hostile_values),
        cmocka_unit_test(folders),
        cmocka_unit_test(publish_refuses_nonsense),
        cmocka_unit_test(full_disk_leaves_the_old_one),
        cmocka_unit_test(deletions),
        cmocka_unit_test(lock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
