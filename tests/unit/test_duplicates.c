/* indexer: filings that say the same. */
#include "indexer/duplicates.h"
#include "tests/support/test.h"
#include "tests/support/update_run.h"

/* ---- duplicates ---- */

static void note_duplicate(void *ctx, struct gs_str id, struct gs_str other)
{
    char *out = ctx;
    snprintf(out + strlen(out), 200 - strlen(out), "%.*s=%.*s ", (int)id.size, id.bytes,
             (int)other.size, other.bytes);
}

static void find_duplicates(struct update_world *s, uint64_t from, size_t chunk, uint64_t wanted,
                            const char *pairs)
{
    struct gs_index_writer *w;
    struct gs_err err;
    char found[200] = "";
    uint64_t count = 99;
    struct gs_duplicates_params params = {from, chunk, note_duplicate, found};
    assert_ok_err(gs_index_writer_open(&w, s->index, false, &err), &err);
    assert_ok_err(gs_duplicates_find(w, &params, &count, &err), &err);
    gs_index_writer_close(w);
    assert_int_equal(count, wanted);
    if (pairs)
        assert_string_equal(found, pairs);
}

static void the_same_text_under_two_ids(void **state)
{
    static const struct update_input old[] = {{.id = "a", .text = "甲"},
                                              {.id = "b", .text = "乙"},
                                              {.id = "c", .text = "丙"},
                                              {.id = "d", .text = "甲"}};
    static const struct update_input next[] = {
        {.id = "e", .text = "丁"},   {.id = "f", .text = "乙"}, {.id = "g", .text = "戊"},
        {.id = "h", .text = "戊"},   {.id = "i", .text = "戊"}, {.id = "j", .text = "丙改"},
        {.id = "c", .text = "新丙"}, {.id = "k", .text = "丙"}};
    struct update_world *s = *state;
    struct update_run run = {.mode = GS_RECONCILE_ADD};
    struct gs_index_writer *w;
    struct gs_err err;
    update_drive(s, &run, old, 4);
    find_duplicates(s, 0, 0, 2, "a=d d=a ");
    assert_ok_err(gs_index_writer_open(&w, s->index, false, &err), &err);
    uint64_t from = gs_index_writer_manifest(w)->next_sequence;
    gs_index_writer_close(w);
    update_drive(s, &run, next, 8);
    find_duplicates(s, from, 0, 4, "f=b g=h h=g i=g "); /* the old c is no more */
    for (size_t chunk = 1; chunk < 9; chunk++)
        find_duplicates(s, from, chunk, 4, NULL);
    find_duplicates(s, from + 8, 0, 0, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, update_setup, update_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_text_under_two_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
