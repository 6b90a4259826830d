/* common/segment/snapshot: sums, deletions, files that vanish or are not the ones meant, a busy
 * writer. */
#include "common/base/file.h"
#include "common/segment/manifest.h"
#include "tests/support/segment_bytes.h"
#include "tests/support/test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

/* Writes segment `number` with `count` filings from sequence number `first` on; its entry. */
static struct gs_manifest_segment add_segment(const char *folder, uint64_t number, uint64_t first,
                                              uint32_t count)
{
    struct gs_err err = {0};
    char *path = gs_manifest_segment_path(folder, number);
    struct gs_segment_params params = {.analysis_id = 7};
    struct gs_segment_writer *w;
    assert_ok_err(gs_segment_writer_create(&w, path, &params, &err), &err);
    for (uint32_t i = 0; i < count; i++) {
        char id[32];
        struct gs_doc doc = {.sequence = first + i, .length = 10 + i};
        doc.record.id = (struct gs_str){id, (size_t)sprintf(id, "%u", (unsigned)(first + i))};
        gs_segment_writer_add_doc(w, &doc);
    }
    assert_ok_err(gs_segment_writer_finish(w, &err), &err);
    struct gs_segment *s;
    struct stat st;
    assert_ok_err(gs_segment_open(&s, path, &err), &err);
    assert_int_equal(stat(path, &st), 0);
    struct gs_manifest_segment entry = {.number = number,
                                        .file_size = (uint64_t)st.st_size,
                                        .doc_count = count,
                                        .checksum = gs_segment_header_checksum(s)};
    gs_segment_close(s);
    free(path);
    return entry;
}

/* Two segments of 3 and 70 filings, two of the second deleted. */
static char *make_index(struct gs_manifest_segment entries[2], struct gs_manifest *m)
{
    char *folder = test_folder_create();
    entries[0] = add_segment(folder, 1, 10, 3);
    entries[1] = add_segment(folder, 2, 20, 70);
    entries[1].del_generation = 1;
    entries[1].deleted_count = 2;
    uint64_t bits[2] = {1, 1};
    char *path = gs_manifest_deletions_path(folder, 2, 1);
    assert_ok(gs_deletions_write(bits, path, 70, NULL));
    free(path);
    *m = (struct gs_manifest){.commit = 1,
                              .next_sequence = 90,
                              .next_number = 3,
                              .analysis_id = 7,
                              .segments = entries,
                              .segment_count = 2};
    assert_ok(gs_manifest_publish(m, folder, NULL));
    return folder;
}

static void sums(void **state)
{
    (void)state;
    struct gs_manifest_segment entries[2];
    struct gs_manifest m;
    struct gs_snapshot s;
    struct gs_err err = {0};
    char *folder = make_index(entries, &m);
    assert_ok_err(gs_snapshot_open(&s, folder, &err), &err);
    assert_int_equal(s.segment_count, 2);
    assert_int_equal(s.doc_count, 73);
    assert_int_equal(s.live_count, 71);
    assert_int_equal(s.total_length, 33 + 700 + 69 * 70 / 2);
    assert_false(gs_snapshot_is_deleted(&s.segments[0], 0));
    assert_true(gs_snapshot_is_deleted(&s.segments[1], 0));
    assert_false(gs_snapshot_is_deleted(&s.segments[1], 1));
    assert_true(gs_snapshot_is_deleted(&s.segments[1], 64));
    assert_int_equal(s.manifest.commit, 1);
    gs_snapshot_close(&s);
    gs_snapshot_close(&s);
    m.segment_count = 0;
    assert_ok(gs_manifest_publish(&m, folder, NULL));
    assert_ok_err(gs_snapshot_open(&s, folder, &err), &err);
    assert_int_equal(s.doc_count, 0);
    gs_snapshot_close(&s);
    test_folder_remove(folder);
}

static void expect_corrupt(const char *folder, const char *message)
{
    struct gs_snapshot s;
    struct gs_err err = {0};
    enum gaosou_status status = gs_snapshot_open(&s, folder, &err);
    if (status != GAOSOU_E_CORRUPT || err.status != status || !strstr(err.text, message))
        test_fail("status %d: %s (wanted: %s)", status, err.text, message);
}

static void wrong_files(void **state)
{
    (void)state;
    struct gs_manifest_segment entries[2];
    struct gs_manifest m;
    char *folder = make_index(entries, &m);
    char *second = gs_manifest_segment_path(folder, 2), *away = test_path(folder, "away");
    char *deleted = gs_manifest_deletions_path(folder, 2, 1);
    size_t size;

    assert_int_equal(rename(second, away), 0);
    expect_corrupt(folder, "missing");
    assert_int_equal(rename(away, second), 0);

    assert_int_equal(rename(deleted, away), 0);
    expect_corrupt(folder, "missing");
    test_file_write(deleted, "x", 1);
    expect_corrupt(folder, "deletions");
    assert_int_equal(rename(away, deleted), 0);

    uint8_t *bytes = test_file_bytes(second, &size);
    test_file_write(second, "hello", 5);
    expect_corrupt(folder, "no segment file");
    test_file_write(second, bytes, size - 1);
    expect_corrupt(folder, "0000000002.seg");
    test_file_write(second, bytes, size);
    free(bytes);

    entries[0].doc_count = 4;
    assert_ok(gs_manifest_publish(&m, folder, NULL));
    expect_corrupt(folder, "3 filings, the manifest says 4");
    entries[0].doc_count = 3;
    entries[0].checksum ^= 1;
    assert_ok(gs_manifest_publish(&m, folder, NULL));
    expect_corrupt(folder, "not the segment");
    entries[0].checksum ^= 1;
    entries[0].file_size++;
    assert_ok(gs_manifest_publish(&m, folder, NULL));
    expect_corrupt(folder, "0000000001.seg");
    entries[0].file_size--;
    entries[1].deleted_count = 3;
    assert_ok(gs_manifest_publish(&m, folder, NULL));
    expect_corrupt(folder, "deleted");
    entries[1].deleted_count = 2;
    struct gs_manifest_segment first = entries[0];
    entries[0] = entries[1];
    entries[1] = first;
    assert_ok(gs_manifest_publish(&m, folder, NULL));
    expect_corrupt(folder, "sequence");
    free(second);
    free(away);
    free(deleted);
    test_folder_remove(folder);
}

static void no_index(void **state)
{
    (void)state;
    struct gs_snapshot s = {0};
    char *folder = test_folder_create(), *missing = test_path(folder, "none");
    assert_status(gs_snapshot_open(&s, missing, NULL), GAOSOU_E_NOT_FOUND);
    assert_status(gs_snapshot_open(&s, folder, NULL), GAOSOU_E_NOT_FOUND);
    free(missing);
    test_folder_remove(folder);
}

/* ---- a writer that replaces the only segment again and again, and takes the old file away ---- */

struct writer {
    char *folder;
    atomic_bool stop;
    uint64_t commits;
};

static void *replace_segments(void *ctx)
{
    struct writer *w = ctx;
    for (uint64_t n = 2; !atomic_load(&w->stop); n++) {
        struct gs_manifest_segment entry = add_segment(w->folder, n, 1, (uint32_t)n % 50 + 1);
        struct gs_manifest m = {.commit = n,
                                .next_sequence = 100,
                                .next_number = n + 1,
                                .segments = &entry,
                                .segment_count = 1};
        assert_ok(gs_manifest_publish(&m, w->folder, NULL));
        char *old = gs_manifest_segment_path(w->folder, n - 1);
        unlink(old);
        free(old);
        w->commits = n;
    }
    return NULL;
}

static void readers_beside_a_writer(void **state)
{
    (void)state;
    struct writer w = {.folder = test_folder_create()};
    struct gs_manifest_segment entry = add_segment(w.folder, 1, 1, 2);
    struct gs_manifest m = {.commit = 1,
                            .next_sequence = 100,
                            .next_number = 2,
                            .segments = &entry,
                            .segment_count = 1};
    assert_ok(gs_manifest_publish(&m, w.folder, NULL));
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, replace_segments, &w), 0);
    uint64_t last = 0;
    for (int i = 0; i < 3000; i++) {
        struct gs_snapshot s;
        struct gs_err err = {0};
        assert_ok_err(gs_snapshot_open(&s, w.folder, &err), &err);
        assert_true(s.manifest.commit >= last);
        last = s.manifest.commit;
        assert_int_equal(s.doc_count, last == 1 ? 2 : last % 50 + 1);
        gs_snapshot_close(&s);
    }
    atomic_store(&w.stop, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    test_folder_remove(w.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums),
        cmocka_unit_test(wrong_files),
        cmocka_unit_test(no_index),
        cmocka_unit_test(readers_beside_a_writer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
