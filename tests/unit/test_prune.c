/* indexer: what an update drops with --prune: what is gone below its roots, and nothing else. */
#include "tests/support/test.h"
#include "tests/support/update_run.h"

#include <unistd.h>

/* ---- pruning ---- */

static const struct update_input twenty[] = {
    {.id = "r/a/0", .text = "零"}, {.id = "r/a/1", .text = "一"}, {.id = "r/a/2", .text = "二"},
    {.id = "r/a/3", .text = "三"}, {.id = "r/b/4", .text = "四"}, {.id = "r/b/5", .text = "五"},
    {.id = "r/b/6", .text = "六"}, {.id = "r/b/7", .text = "七"}, {.id = "rr/8", .text = "八"},
    {.id = "r", .text = "九"},     {.id = "r:10", .text = "甲"},  {.id = "r!11", .text = "乙"},
    {.id = "s/12", .text = "丙"},  {.id = "s/13", .text = "丁"},  {.id = "s/14", .text = "戊"},
    {.id = "s/15", .text = "己"},  {.id = "s/16", .text = "庚"},  {.id = "s/17", .text = "辛"},
    {.id = "s/18", .text = "壬"},  {.id = "s/19", .text = "癸"},
};

static void prepare_twenty(struct update_world *s)
{
    struct update_run run = {.mode = GS_RECONCILE_ADD};
    update_drive(s, &run, twenty, 20);
}

static void nothing_is_dropped_unless_asked(void **state)
{
    prepare_twenty(*state);
    struct update_run run = {.mode = GS_RECONCILE_UPDATE, .roots = {{"r", true}}};
    update_drive(*state, &run, twenty, 1);
    assert_string_equal(run.removed, "");
}

static void what_is_gone_is_dropped_below_its_root_only(void **state)
{
    prepare_twenty(*state);
    struct update_run run = {.mode = GS_RECONCILE_UPDATE, .roots = {{"r", true}}, .prune = true};
    update_drive(*state, &run, twenty, 6); /* r/b/6 and r/b/7 are gone: a tenth of twenty */
    assert_string_equal(run.removed, "r/b/6 r/b/7 ");
    assert_int_equal(run.pruned.removed, 2);
    assert_false(run.pruned.refused);
}

static void more_than_a_tenth_needs_force(void **state)
{
    prepare_twenty(*state);
    struct update_run run = {.mode = GS_RECONCILE_UPDATE, .roots = {{"r", true}}, .prune = true};
    update_drive(*state, &run, twenty, 5);
    assert_true(run.pruned.refused);
    assert_int_equal(run.pruned.gone, 3);
    assert_int_equal(run.pruned.live, 20);
    assert_int_equal(run.pruned.removed, 0);
    assert_string_equal(run.removed, "");
    run.force = true;
    update_drive(*state, &run, twenty, 5);
    assert_string_equal(run.removed, "r/b/5 r/b/6 r/b/7 ");
}

static void an_empty_root_drops_nothing(void **state)
{
    struct update_world *s = *state;
    prepare_twenty(s);
    struct update_run run = {.mode = GS_RECONCILE_UPDATE,
                             .roots = {{"r", true}, {"s", true}, {"r/a", true}},
                             .prune = true,
                             .force = true};
    update_drive(s, &run, twenty + 4, 2);
    /* r gave two, s and r/a nothing. */
    assert_string_equal(run.removed, "r/b/6 r/b/7 ");
}

static void roots_tell_what_they_gave(void **state)
{
    struct update_world *s = *state;
    struct gs_err err;
    struct update_run run = {.mode = GS_RECONCILE_UPDATE, .roots = {{"r", true}, {"s", true}}};
    update_open(s, &run);
    update_look(s, &run, &twenty[0], 0);
    update_look(s, &run, &twenty[8], 1);
    struct gs_str id;
    uint64_t found;
    assert_true(gs_reconcile_get_root(s->reconcile, 0, &id, &found));
    assert_int_equal(found, 1);
    assert_true(gs_reconcile_get_root(s->reconcile, 1, &id, &found));
    assert_memory_equal(id.bytes, "s", 1);
    assert_int_equal(found, 0);
    assert_false(gs_reconcile_get_root(s->reconcile, 2, &id, &found));
    assert_ok_err(gs_builder_finish(s->builder, &err), &err);
    update_close(s);
}

static void what_could_not_be_read_is_not_gone(void **state)
{
    prepare_twenty(*state);
    struct update_run run = {.mode = GS_RECONCILE_UPDATE,
                             .roots = {{"r", true}},
                             .exempt = {"r/b", "r/a/3"},
                             .prune = true,
                             .force = true};
    update_drive(*state, &run, twenty, 2);
    assert_string_equal(run.removed, "r/a/2 ");
}

static void the_root_of_everything(void **state)
{
    prepare_twenty(*state);
    struct update_run run = {.mode = GS_RECONCILE_UPDATE,
                             .roots = {{"", true}},
                             .exempt = {"s"},
                             .prune = true,
                             .force = true};
    update_drive(*state, &run, twenty, 10);
    assert_string_equal(run.removed, "r:10 r!11 ");
}

static void a_file_as_root(void **state)
{
    prepare_twenty(*state);
    struct update_run run = {
        .mode = GS_RECONCILE_UPDATE, .roots = {{"r", false}}, .prune = true, .force = true};
    update_drive(*state, &run, twenty + 9, 1);
    assert_string_equal(run.removed, "r:10 r!11 ");
}

static void marks_survive_checkpoints(void **state)
{
    struct update_world *s = *state;
    prepare_twenty(s);
    static const struct update_input next[] = {
        {.id = "s/12", .text = "丙", .time = 5},
        {.id = "s/13", .text = "改", .time = 5},
        {.id = "s/20", .text = "新", .time = 5},
        {.id = "s/14", .text = "戊", .time = 5},
    };
    struct update_run run = {.mode = GS_RECONCILE_UPDATE,
                             .roots = {{"s", true}},
                             .prune = true,
                             .force = true,
                             .checkpoint = 1};
    update_drive(s, &run, next, 4);
    assert_string_equal(run.removed, "s/15 s/16 s/17 s/18 s/19 ");
    char *journal = test_path(s->index, "work");
    assert_int_not_equal(access(journal, F_OK), 0);
    free(journal);
}

/* ---- parts of a file ---- */

static void a_line_that_is_gone(void **state)
{
    struct update_run run = {.mode = GS_RECONCILE_UPDATE, .prune = true, .force = true};
    update_drive(*state, &run, update_feed, 3);
    run.roots[0].id = "feed.jsonl";
    update_drive(*state, &run, update_feed, 1);
    assert_string_equal(run.removed, "n2 feed.jsonl:3 ");
    UPDATE_ASSERT_INDEX(*state, "n1 一");
}

static void a_member_that_is_gone(void **state)
{
    static const struct update_input members[] = {
        {.id = "r/z.zip!a", .text = "一", .time = 1},
        {.id = "r/z.zip!in/b", .text = "二", .time = 1},
        {.id = "r/z.zip.txt", .text = "三", .time = 1},
    };
    struct update_run run = {.mode = GS_RECONCILE_UPDATE, .prune = true, .force = true};
    update_drive(*state, &run, members, 3);
    run.roots[0].id = "r/z.zip";
    update_drive(*state, &run, members, 1);
    assert_string_equal(run.removed, "r/z.zip!in/b ");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, update_setup, update_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_line_that_is_gone),
        TEST(a_member_that_is_gone),
        TEST(nothing_is_dropped_unless_asked),
        TEST(what_is_gone_is_dropped_below_its_root_only),
        TEST(more_than_a_tenth_needs_force),
        TEST(an_empty_root_drops_nothing),
        TEST(roots_tell_what_they_gave),
        TEST(what_could_not_be_read_is_not_gone),
        TEST(the_root_of_everything),
        TEST(a_file_as_root),
        TEST(marks_survive_checkpoints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
