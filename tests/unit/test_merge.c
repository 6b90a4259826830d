/* indexer: merging changes nothing but the number of segments and the deleted filings. */
#include "common/segment/manifest.h"
#include "tests/support/built_index.h"
#include "tests/support/random_text.h"
#include "tests/support/test.h"

#define IDS 40

static size_t segments_of(const char *index)
{
    struct gs_manifest m;
    gs_manifest_init(&m);
    assert_ok(gs_manifest_read(&m, index, NULL));
    size_t n = m.segment_count;
    gs_manifest_release(&m);
    return n;
}

static void dump_all(const char *index, char ids[IDS][8], const bool *live, struct gs_buf *out)
{
    gs_buf_clear(out);
    built_index_dump(index, NULL, out);
    for (size_t i = 0; i < IDS; i++) {
        if (live[i])
            built_index_dump(index, ids[i], out);
    }
}

/* Some commits with new, repeated and deleted ids; the whole dump, and every filing with its text,
 * before and after. */
static void merge_random(uint64_t seed, int no_text)
{
    struct random_source r = {seed};
    char *folder = test_folder_create(), *index = test_path(folder, "index");
    char ids[IDS][8];
    bool live[IDS] = {0};
    struct gs_buf texts[IDS], before, after;
    gs_buf_init(&before, (size_t)1 << 30);
    gs_buf_init(&after, (size_t)1 << 30);
    for (size_t i = 0; i < IDS; i++) {
        snprintf(ids[i], sizeof(ids[i]), "id%zu", i);
        gs_buf_init(&texts[i], (size_t)1 << 24);
    }
    for (int commit = 0; commit < 5; commit++) {
        struct built_filing filings[IDS];
        size_t n = 1 + random_below(&r, IDS - 1);
        for (size_t i = 0; i < n; i++) {
            size_t id = random_below(&r, IDS);
            gs_buf_clear(&texts[i]);
            if (i % 2)
                random_pages(&r, random_below(&r, 400), &texts[i]);
            else
                random_soup(&r, random_below(&r, 300), false, &texts[i]);
            filings[i] = (struct built_filing){ids[id], i % 3 ? NULL : "年度报告", texts[i].data,
                                               texts[i].size};
            live[id] = true;
        }
        /* no_text 2: the kinds alternate, so that not all may be merged. */
        struct built_params params = {.no_text = no_text == 2 ? commit / 2 % 2 : no_text};
        (void)built_index_add(index, filings, n, &params);
        size_t gone = random_below(&r, IDS);
        assert_int_equal(built_index_delete(index, ids[gone]), live[gone]);
        live[gone] = false;
    }
    dump_all(index, ids, live, &before);
    built_index_merge(index);
    built_index_check(index);
    dump_all(index, ids, live, &after);
    assert_int_equal(before.size, after.size);
    assert_memory_equal(before.data, after.data, before.size);
    size_t segments = segments_of(index);
    assert_true(no_text == 2 ? segments <= 3 : segments == 1);
    built_index_merge(index); /* nothing is left to do */
    assert_int_equal(segments_of(index), segments);
    for (size_t i = 0; i < IDS; i++)
        gs_buf_release(&texts[i]);
    gs_buf_release(&before);
    gs_buf_release(&after);
    free(index);
    test_folder_remove(folder);
}

static void merge_keeps_everything(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 9; seed++)
        merge_random(seed, (int)(seed % 3));
}

/* Ids still replace and sequence numbers go on after a merge. */
static void an_index_lives_on_after_a_merge(void **state)
{
    (void)state;
    char *folder = test_folder_create(), *index = test_path(folder, "index");
    struct built_params params = {0};
    struct gs_buf dump;
    gs_buf_init(&dump, 1 << 20);
    const struct built_filing one[] = {{"a", NULL, "一二三", 9}, {"b", NULL, "二三四", 9}};
    const struct built_filing two[] = {{"a", NULL, "五六七", 9}};
    const struct built_filing three[] = {{"b", NULL, "八九", 6}, {"c", NULL, "c", 1}};
    (void)built_index_add(index, one, 2, &params);
    (void)built_index_add(index, two, 1, &params);
    built_index_merge(index);
    (void)built_index_add(index, three, 2, &params);
    built_index_check(index);
    built_index_dump(index, NULL, &dump);
    gs_buf_append_u8(&dump, 0);
    assert_non_null(strstr((char *)dump.data,
                           "@0\ta\t3\t3\t9\t0\t\n@1\tb\t4\t2\t6\t0\t\n@2\tc\t5\t1\t1\t0\t\n"));
    assert_null(strstr((char *)dump.data, "二三"));
    /* With everything deleted nothing is left but the manifest. */
    assert_true(built_index_delete(index, "a"));
    assert_true(built_index_delete(index, "b"));
    assert_true(built_index_delete(index, "c"));
    built_index_merge(index);
    built_index_check(index);
    assert_int_equal(segments_of(index), 0);
    gs_buf_clear(&dump);
    built_index_dump(index, NULL, &dump);
    assert_int_equal(dump.size, 0);
    gs_buf_release(&dump);
    free(index);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merge_keeps_everything),
        cmocka_unit_test(an_index_lives_on_after_a_merge),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
