/* indexer: one writer, commits on the way, space given back, an index that is taken away. */
#include "indexer/builder.h"
#include "indexer/live_filings.h"
#include "tests/support/built_index.h"
#include "tests/support/test.h"

#include <dirent.h>
#include <unistd.h>

struct state {
    char *folder, *index;
    struct gs_index_writer *writer;
};

static int setup(void **state)
{
    struct state *s = calloc(1, sizeof(*s));
    struct gs_err err;
    s->folder = test_folder_create();
    s->index = test_path(s->folder, "index");
    *state = s;
    return gs_index_writer_open(&s->writer, s->index, true, &err) == GAOSOU_OK ? 0 : -1;
}

static int teardown(void **state)
{
    struct state *s = *state;
    gs_index_writer_close(s->writer);
    free(s->index);
    test_folder_remove(s->folder);
    free(s);
    return 0;
}

static enum gaosou_status add(struct state *s, const char *const *ids, size_t count,
                              struct gs_err *err)
{
    struct gs_builder *b = NULL;
    struct gs_builder_params params = {.threads = 1, .memory = GS_MEMORY_MIN, .with_text = true};
    enum gaosou_status status = gs_builder_create(&b, s->writer, &params, err);
    for (size_t i = 0; i < count && status == GAOSOU_OK; i++) {
        struct gs_filing f = {.text = {"正文", 6}};
        f.field[GS_FIELD_ID] = (struct gs_str){ids[i], strlen(ids[i])};
        status = gs_builder_add(b, &f, err);
    }
    if (status == GAOSOU_OK)
        status = gs_builder_finish(b, err);
    gs_builder_free(b);
    return status;
}

static void add_and_commit(struct state *s, const char *const *ids, size_t count)
{
    struct gs_err err = {0};
    assert_ok_err(add(s, ids, count, &err), &err);
    assert_ok_err(gs_index_writer_commit(s->writer, &err), &err);
}

static size_t count_segments(const struct state *s)
{
    size_t n = 0;
    DIR *d = opendir(s->index);
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d)) != NULL;)
        n += strstr(e->d_name, ".seg") != NULL;
    closedir(d);
    return n;
}

static const char *const ab[] = {"a", "b"};
static const char *const c[] = {"c"};

static void filings_are_found_where_they_are(void **state)
{
    struct state *s = *state;
    struct gs_index_place place;
    struct gs_err err;
    uint64_t count;
    assert_ok_err(gs_index_writer_find(s->writer, "a", 1, &place, &err), &err);
    assert_int_equal(place.doc, GS_DOC_END);
    add_and_commit(s, ab, 2);
    add_and_commit(s, c, 1);
    add_and_commit(s, ab, 1); /* a again */
    assert_ok_err(gs_index_writer_find(s->writer, "a", 1, &place, &err), &err);
    assert_int_equal(place.segment, 2);
    assert_int_equal(place.doc, 0);
    assert_ok_err(gs_index_writer_find(s->writer, "b", 1, &place, &err), &err);
    assert_int_equal(place.segment, 0);
    assert_int_equal(place.doc, 1);
    assert_int_equal(gs_index_writer_live(s->writer), 3);
    assert_ok_err(gs_live_filings_count(s->writer, 2, &count, &err), &err);
    assert_int_equal(count, 3);
    assert_ok_err(gs_live_filings_count(s->writer, 3, &count, &err), &err);
    assert_int_equal(count, 2);
    for (uint64_t sequence = 0; sequence < 7; sequence++) {
        static const struct gs_index_place wanted[] = {
            {0, GS_DOC_END}, {0, 0}, {0, 1}, {1, 0}, {2, 0}, {0, GS_DOC_END}, {0, GS_DOC_END}};
        assert_ok_err(gs_live_filings_find(s->writer, sequence, &place, &err), &err);
        assert_int_equal(place.segment, wanted[sequence].segment);
        assert_int_equal(place.doc, wanted[sequence].doc);
    }
}

static void a_second_writer_is_refused(void **state)
{
    struct state *s = *state;
    struct gs_index_writer *other;
    struct gs_err err;
    add_and_commit(s, ab, 2);
    assert_int_equal(gs_index_writer_open(&other, s->index, true, &err), GAOSOU_E_BUSY);
    gs_index_writer_close(s->writer);
    assert_ok_err(gs_index_writer_open(&s->writer, s->index, true, &err), &err);
}

static void what_was_not_committed_goes(void **state)
{
    struct state *s = *state;
    struct gs_err err;
    add_and_commit(s, ab, 2);
    assert_ok_err(add(s, c, 1, &err), &err);
    assert_int_equal(count_segments(s), 2);
    gs_index_writer_close(s->writer);
    assert_int_equal(count_segments(s), 1);
    built_index_check(s->index);
    assert_ok_err(gs_index_writer_open(&s->writer, s->index, true, &err), &err);
    assert_int_equal(gs_index_writer_live(s->writer), 2);
}

/* A segment without a live filing is gone after the commit, from the disk and from the writer;
 * who was reading it goes on. */
static void space_is_given_back(void **state)
{
    struct state *s = *state;
    struct gs_snapshot reader;
    struct gs_record_reader *records;
    struct gs_record record;
    struct gs_err err;
    add_and_commit(s, ab, 2);
    assert_ok_err(gs_snapshot_open(&reader, s->index, &err), &err);
    add_and_commit(s, c, 1);
    add_and_commit(s, ab, 2);
    assert_int_equal(gs_index_writer_count(s->writer), 2);
    assert_int_equal(count_segments(s), 2);
    assert_int_equal(gs_index_writer_manifest(s->writer)->segment_count, 2);
    assert_ok(gs_record_reader_create(&records));
    assert_ok_err(gs_record_read(records, reader.segments[0].segment, 1, &record, &err), &err);
    assert_memory_equal(record.id.bytes, "b", 1);
    gs_record_reader_free(records);
    gs_snapshot_close(&reader);
    add_and_commit(s, c, 1);
    assert_int_equal(gs_index_writer_live(s->writer), 3);
    built_index_check(s->index);
}

static void remove_index(struct state *s)
{
    DIR *d = opendir(s->index);
    for (struct dirent *e; d && (e = readdir(d)) != NULL;)
        (void)unlinkat(dirfd(d), e->d_name, 0);
    closedir(d);
    assert_int_equal(rmdir(s->index), 0);
}

static void an_index_is_removed_under_its_writer(void **state)
{
    struct state *s = *state;
    struct gs_err err;
    add_and_commit(s, ab, 2);
    remove_index(s);
    assert_int_equal(gs_index_writer_commit(s->writer, &err), GAOSOU_E_NOT_FOUND);
    assert_int_equal(add(s, c, 1, &err), GAOSOU_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "removed"));
    assert_non_null(strstr(err.text, s->index));
}

/* The name is now another writer's index: nothing of it is touched. */
static void an_index_is_replaced_under_its_writer(void **state)
{
    struct state *s = *state;
    struct gs_err err;
    struct state other = {.folder = s->folder, .index = s->index};
    add_and_commit(s, ab, 2);
    remove_index(s);
    assert_ok_err(gs_index_writer_open(&other.writer, s->index, true, &err), &err);
    assert_ok_err(add(&other, c, 1, &err), &err);
    assert_int_equal(add(s, c, 1, &err), GAOSOU_E_NOT_FOUND);
    assert_int_equal(gs_index_writer_commit(s->writer, &err), GAOSOU_E_NOT_FOUND);
    gs_index_writer_close(s->writer);
    s->writer = NULL;
    assert_ok_err(gs_index_writer_commit(other.writer, &err), &err);
    assert_int_equal(gs_index_writer_live(other.writer), 1);
    gs_index_writer_close(other.writer);
    built_index_check(s->index);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(filings_are_found_where_they_are),     TEST(a_second_writer_is_refused),
        TEST(what_was_not_committed_goes),          TEST(space_is_given_back),
        TEST(an_index_is_removed_under_its_writer), TEST(an_index_is_replaced_under_its_writer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
