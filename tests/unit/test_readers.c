/* Readers beside a real writer: a snapshot is whole whatever is committed, merged and swept away
 * while it is opened and read. */
#include "common/segment/manifest.h"
#include "common/segment/segment.h"
#include "tests/support/built_index.h"
#include "tests/support/test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define COMMITS 60
#define READERS 3

struct stage {
    char *folder;
    atomic_bool stop;
    atomic_uint rounds;
};

/* Each commit replaces the filing "same" and adds one more; every third is followed by a merge,
 * every fifth by a deletion. */
static void write_index(const char *folder)
{
    char id[24], text[64];
    for (unsigned i = 0; i < COMMITS; i++) {
        snprintf(id, sizeof(id), "f%u", i);
        int size = snprintf(text, sizeof(text), "第%u号公告，净利润增长。", i);
        const struct built_filing filings[] = {{.id = id, .text = text, .size = (size_t)size},
                                               {.id = "same", .text = text, .size = (size_t)size}};
        (void)built_index_add(folder, filings, 2, &(struct built_params){0});
        if (i % 3 == 2)
            built_index_merge(folder);
        if (i % 5 == 4)
            assert_true(built_index_delete(folder, id));
    }
}

/* Every live filing's record and text can be read, and "same" is there once. */
static void read_snapshot(const struct gs_snapshot *s, struct gs_record_reader *records,
                          struct gs_text_reader *texts, struct gs_buf *text)
{
    struct gs_err err = {0};
    uint64_t live = 0, same = 0;
    for (size_t i = 0; i < s->segment_count; i++) {
        const struct gs_snapshot_segment *view = &s->segments[i];
        for (uint32_t doc = 0; doc < gs_segment_get_stats(view->segment)->doc_count; doc++) {
            struct gs_record r;
            if (gs_snapshot_is_deleted(view, doc))
                continue;
            assert_ok_err(gs_record_read(records, view->segment, doc, &r, &err), &err);
            gs_buf_clear(text);
            assert_ok_err(gs_text_read(texts, view->segment, doc, 0, r.content_size, text, &err),
                          &err);
            assert_int_equal(text->size, r.content_size);
            live++;
            same += r.id.size == 4 && memcmp(r.id.bytes, "same", 4) == 0;
        }
    }
    assert_int_equal(live, s->live_count);
    assert_int_equal(same, 1);
}

static void *read_index(void *ctx)
{
    struct stage *stage = ctx;
    struct gs_record_reader *records;
    struct gs_text_reader *texts;
    struct gs_buf text;
    uint64_t last = 0;
    gs_buf_init(&text, 1 << 20);
    assert_ok(gs_record_reader_create(&records));
    assert_ok(gs_text_reader_create(&texts));
    while (!atomic_load(&stage->stop)) {
        struct gs_snapshot s;
        struct gs_err err = {0};
        assert_ok_err(gs_snapshot_open(&s, stage->folder, &err), &err);
        assert_true(s.manifest.commit >= last);
        last = s.manifest.commit;
        read_snapshot(&s, records, texts, &text);
        gs_record_reader_forget(records); /* another segment may come to lie at its address */
        gs_text_reader_forget(texts);
        gs_snapshot_close(&s);
        atomic_fetch_add(&stage->rounds, 1);
    }
    gs_text_reader_free(texts);
    gs_record_reader_free(records);
    gs_buf_release(&text);
    return NULL;
}

static void commits_and_merges(void **state)
{
    (void)state;
    char *root = test_folder_create();
    struct stage stage = {.folder = test_path(root, "index")};
    const struct built_filing first = {.id = "same", .text = "公告", .size = 6};
    pthread_t readers[READERS];
    (void)built_index_add(stage.folder, &first, 1, &(struct built_params){0});
    for (size_t i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&readers[i], NULL, read_index, &stage), 0);
    write_index(stage.folder);
    atomic_store(&stage.stop, true);
    for (size_t i = 0; i < READERS; i++)
        assert_int_equal(pthread_join(readers[i], NULL), 0);
    assert_true(atomic_load(&stage.rounds) > 0);
    built_index_check(stage.folder);
    free(stage.folder);
    test_folder_remove(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commits_and_merges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
