/* indexer: what an update reads, replaces and leaves alone. */
#include "tests/support/built_index.h"
#include "tests/support/test.h"
#include "tests/support/update_run.h"

/* ---- looking and comparing ---- */

static void unchanged_files_are_not_read(void **state)
{
    update_first(*state);
    struct update_run run = {.mode = GS_RECONCILE_UPDATE};
    update_drive(*state, &run, update_three, 3);
    assert_int_equal(run.not_read, 3);
    assert_int_equal(run.added + run.unchanged, 0);
}

static void adding_does_not_ask_what_is_there(void **state)
{
    update_first(*state);
    struct update_run run = {.mode = GS_RECONCILE_ADD};
    update_drive(*state, &run, update_three, 3);
    assert_int_equal(run.added, 3);
    UPDATE_ASSERT_INDEX(*state, "r/a 甲一", "r/b 乙二", "r/c 丙三");
}

static void changed_touched_and_new(void **state)
{
    static const struct update_input next[] = {
        {.id = "r/a", .text = "甲一改", .time = 11}, /* another size */
        {.id = "r/b", .text = "乙二", .time = 21},   /* touched */
        {.id = "r/c", .text = "丙四", .time = 31},   /* the same size */
        {.id = "r/d", .text = "丁", .time = 40},
    };
    struct update_world *s = *state;
    update_first(s);
    struct update_run run = {.mode = GS_RECONCILE_UPDATE};
    update_drive(s, &run, next, 4);
    assert_int_equal(run.have[0], GS_HAVE_COMPARE);
    assert_int_equal(run.have[3], GS_HAVE_NOT);
    assert_int_equal(run.added, 3);
    assert_int_equal(run.unchanged, 1);
    UPDATE_ASSERT_INDEX(s, "r/a 甲一改", "r/b 乙二", "r/c 丙四", "r/d 丁");
    /* The touched one is not read again either, nor after a merge. */
    update_drive(s, &run, next, 4);
    assert_int_equal(run.not_read, 4);
    built_index_merge(s->index);
    update_drive(s, &run, next, 4);
    assert_int_equal(run.not_read, 4);
}

static void a_time_that_is_not_known_is_compared(void **state)
{
    static const struct update_input one[] = {{.id = "r/a", .text = "甲", .time = 0}};
    struct update_run run = {.mode = GS_RECONCILE_UPDATE};
    update_drive(*state, &run, one, 1);
    update_drive(*state, &run, one, 1);
    assert_int_equal(run.have[0], GS_HAVE_COMPARE);
    assert_int_equal(run.unchanged, 1);
    static const struct update_input settled[] = {{.id = "r/a", .text = "甲", .time = 7}};
    update_drive(*state, &run, settled, 1);
    assert_int_equal(run.unchanged, 1);
    update_drive(*state, &run, settled, 1);
    assert_int_equal(run.not_read, 1);
}

static void times_that_may_still_change_are_not_kept(void **state)
{
    (void)state;
    const uint64_t second = 1000000000;
    assert_int_equal(gs_reconcile_settled_time(7 * second, 9 * second + 1), 7 * second);
    assert_int_equal(gs_reconcile_settled_time(7 * second, 9 * second), 0);
    assert_int_equal(gs_reconcile_settled_time(7 * second, 7 * second), 0);
    assert_int_equal(gs_reconcile_settled_time(7 * second, 6 * second), 0);
    assert_int_equal(gs_reconcile_settled_time(0, 9 * second), 0);
}

static void fields_decide_too(void **state)
{
    static const struct update_input old[] = {{"r/a", "正文", 10, NULL, "旧标题"}};
    static const struct update_input title[] = {{"r/a", "正文", 11, NULL, "新标题"}};
    struct update_run run = {.mode = GS_RECONCILE_UPDATE};
    update_drive(*state, &run, old, 1);
    update_drive(*state, &run, title, 1);
    assert_int_equal(run.added, 1);
    /* What is given from outside and is stored so: nothing to read. */
    struct gs_str given[GS_FIELD_COUNT] = {[GS_FIELD_TITLE] = update_str("新标题")};
    run.given = given;
    update_drive(*state, &run, title, 1);
    assert_int_equal(run.not_read, 1);
    given[GS_FIELD_TITLE] = update_str("另一个");
    update_drive(*state, &run, title, 1);
    assert_int_equal(run.have[0], GS_HAVE_COMPARE);
}

/* A title that moves between field and text makes the same bytes no other filing's. */
static void the_text_state_decides_too(void **state)
{
    struct update_world *s = *state;
    static const struct update_input one[] = {{.id = "r/a", .text = "", .time = 10}};
    struct update_run run = {.mode = GS_RECONCILE_UPDATE};
    update_drive(s, &run, one, 1);
    update_open(s, &run);
    struct gs_filing f = update_filing(one);
    struct gs_err err;
    bool same = false;
    assert_ok_err(gs_reconcile_compare(s->reconcile, &f, &same, &err), &err);
    assert_true(same);
    f.text_state = GS_TEXT_NONE;
    assert_ok_err(gs_reconcile_compare(s->reconcile, &f, &same, &err), &err);
    assert_false(same);
    update_close(s);
}

/* Pages with running lines, which the content hash leaves out, and a title found in the text. */
static void furniture_and_titles_in_the_text(void **state)
{
    struct update_world *s = *state;
    char text[4000] = "";
    for (int page = 1; page <= 8; page++)
        snprintf(text + strlen(text), sizeof(text) - strlen(text),
                 "星河股份有限公司 年度报告\n第%d段的正文，净利润增长%d。\n第 %d 页\n\f", page,
                 page * 31, page);
    struct gs_err err;
    struct gs_filing f = {.text = update_str(text), .source_size = 1, .source_time = 1};
    f.field[GS_FIELD_ID] = update_str("r/a");
    f.field[GS_FIELD_TITLE] = update_str("年度报告");
    f.title_from = (uint32_t)strlen("星河股份有限公司 ");
    f.title_to = f.title_from + (uint32_t)strlen("年度报告");
    for (int round = 0; round < 3; round++) {
        struct update_run run = {.mode = GS_RECONCILE_UPDATE};
        bool same = false;
        update_open(s, &run);
        if (round == 2) /* another figure, the same size */
            memcpy(strstr(text, "增长31"), "增长32", strlen("增长32"));
        assert_ok_err(gs_reconcile_compare(s->reconcile, &f, &same, &err), &err);
        assert_int_equal(same, round == 1);
        if (!same)
            assert_ok_err(gs_builder_add(s->builder, &f, &err), &err);
        update_finish(s, &run);
        gs_builder_free(s->builder);
        gs_reconcile_free(s->reconcile);
        gs_index_writer_close(s->writer);
    }
}

static void of_an_id_met_twice_the_last_stays(void **state)
{
    static const struct update_input lists[][3] = {
        {{.id = "x", .text = "一", .time = 1}, {.id = "x", .text = "二", .time = 2}},
        {{.id = "x", .text = "二", .time = 2}, {.id = "x", .text = "一", .time = 1}},
        {{.id = "x", .text = "一", .time = 1}, {.id = "x", .text = "二", .time = 1}},
        {{.id = "x", .text = "二", .time = 1}, {.id = "x", .text = "一", .time = 1}},
        {{.id = "x", .text = "三", .time = 3}, {.id = "x", .text = "二", .time = 2}},
        {{.id = "x", .text = "一", .time = 1}, {.id = "x", .text = "一", .time = 1}},
    };
    struct update_world *s = *state;
    for (size_t before = 0; before < GS_COUNT_OF(lists); before++) {
        for (size_t i = 0; i < 4 * GS_COUNT_OF(lists); i++) {
            const struct update_input *list = lists[i / 4];
            struct update_run run = {.mode = GS_RECONCILE_UPDATE};
            update_drive(s, &run, lists[before], 2);
            run.look_ahead = i & 1;
            run.checkpoint = i & 2 ? 1 : 0;
            update_drive(s, &run, list, 2);
            char wanted[16];
            snprintf(wanted, sizeof(wanted), "x %s", list[1].text);
            UPDATE_ASSERT_INDEX(s, wanted);
        }
    }
}

/* ---- parts of a file ---- */

static void lines_are_compared(void **state)
{
    static const struct update_input next[] = {
        {.id = "n1", .text = "一", .time = 11, .source = "feed.jsonl"},
        {.id = "n2", .text = "改", .time = 11, .source = "feed.jsonl"},
        {.id = "feed.jsonl:3", .text = "三", .time = 11, .source = "feed.jsonl"},
    };
    struct update_run run = {.mode = GS_RECONCILE_UPDATE};
    update_drive(*state, &run, update_feed, 3);
    update_drive(*state, &run, update_feed, 3);
    assert_int_equal(run.unchanged, 3);
    update_drive(*state, &run, next, 3);
    assert_int_equal(run.unchanged, 2);
    assert_int_equal(run.added, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, update_setup, update_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(unchanged_files_are_not_read),
        TEST(adding_does_not_ask_what_is_there),
        TEST(changed_touched_and_new),
        TEST(a_time_that_is_not_known_is_compared),
        TEST(times_that_may_still_change_are_not_kept),
        TEST(fields_decide_too),
        TEST(the_text_state_decides_too),
        TEST(furniture_and_titles_in_the_text),
        TEST(of_an_id_met_twice_the_last_stays),
        TEST(lines_are_compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
