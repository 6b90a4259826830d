/* indexer: work that was interrupted goes on; notes that are damaged are none. */
#include "common/base/file.h"
#include "tests/support/test.h"
#include "tests/support/update_run.h"

#include <unistd.h>

/* ---- unfinished work ---- */

static void add_goes_on_after_a_kill(void **state)
{
    struct update_world *s = *state;
    update_first(s);
    struct update_input more[10];
    char ids[10][8];
    for (int i = 0; i < 10; i++) {
        snprintf(ids[i], sizeof(ids[i]), "r/%c", 'a' + i);
        more[i] = (struct update_input){.id = ids[i], .text = i < 5 ? "早" : "晚", .time = 100};
    }
    for (size_t killed = 1; killed <= 10; killed++) {
        struct update_run run = {.mode = GS_RECONCILE_ADD, .checkpoint = 3, .killed = killed};
        update_drive(s, &run, more, 10);
        run.killed = 0;
        update_drive(s, &run, more, 10);
        assert_int_equal(run.continued, killed >= 3);
        assert_int_equal(run.done, killed / 3 * 3);
        assert_int_equal(run.not_read, killed / 3 * 3);
        assert_int_equal(run.added, 10 - killed / 3 * 3);
        UPDATE_ASSERT_INDEX(s, "r/a 早", "r/b 早", "r/c 早", "r/d 早", "r/e 早", "r/f 晚", "r/g 晚",
                            "r/h 晚", "r/i 晚", "r/j 晚");
        /* The work is done: the next one is another. */
        update_drive(s, &run, more, 10);
        assert_false(run.continued);
        assert_int_equal(run.added, 10);
    }
}

static void another_command_forgets_the_work(void **state)
{
    struct update_world *s = *state;
    struct update_run run = {.mode = GS_RECONCILE_ADD, .checkpoint = 1, .killed = 2};
    update_drive(s, &run, update_three, 3);
    struct gs_err err;
    const char *name[] = {"te", "st"};
    struct gs_work_journal j;
    char *path = test_path(s->index, "work");
    assert_int_equal(access(path, F_OK), 0);
    assert_ok_err(gs_index_writer_open(&s->writer, s->index, false, &err), &err);
    assert_ok_err(gs_work_journal_begin(&j, s->writer, gs_work_journal_hash(name, 2), &err), &err);
    assert_false(j.is_written);
    assert_int_not_equal(access(path, F_OK), 0);
    gs_index_writer_close(s->writer);
    free(path);
}

static void a_damaged_note_is_none(void **state)
{
    struct update_world *s = *state;
    char *path = test_path(s->index, "work");
    struct gs_buf good;
    gs_buf_init(&good, 1 << 20);
    struct update_run run = {.mode = GS_RECONCILE_ADD, .checkpoint = 1, .killed = 2};
    update_drive(s, &run, update_three, 3);
    assert_ok(gs_file_read(path, &good, NULL));
    for (size_t i = 0; i <= good.size; i++) {
        struct gs_err err;
        const char *name[] = {"test"};
        struct gs_work_journal j;
        if (i < good.size)
            good.data[i] ^= 1;
        test_file_write(path, good.data, i % 3 == 1 ? i : good.size);
        if (i < good.size)
            good.data[i] ^= 1;
        assert_ok_err(gs_index_writer_open(&s->writer, s->index, false, &err), &err);
        assert_ok_err(gs_work_journal_begin(&j, s->writer, gs_work_journal_hash(name, 1), &err),
                      &err);
        assert_int_equal(j.is_written, i == good.size && i % 3 != 1);
        gs_index_writer_close(s->writer);
    }
    gs_buf_release(&good);
    free(path);
}

static void a_damaged_list_of_touched_files_is_none(void **state)
{
    static const struct update_input touched[] = {{.id = "r/a", .text = "甲一", .time = 12},
                                                  {.id = "r/b", .text = "乙二", .time = 22}};
    struct update_world *s = *state;
    struct gs_buf good;
    char *path = test_path(s->index, "touched");
    gs_buf_init(&good, 1 << 20);
    update_first(s);
    struct update_run run = {.mode = GS_RECONCILE_UPDATE};
    update_drive(s, &run, touched, 2);
    assert_int_equal(run.unchanged, 2);
    assert_ok(gs_file_read(path, &good, NULL));
    for (size_t i = 0; i < good.size; i++) {
        good.data[i] ^= 1;
        test_file_write(path, good.data, good.size - i % 2);
        good.data[i] ^= 1;
        update_drive(s, &run, touched, 2);
        assert_int_equal(run.unchanged, 2);
        update_drive(s, &run, touched, 2);
        assert_int_equal(run.not_read, 2);
    }
    gs_buf_release(&good);
    free(path);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, update_setup, update_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(add_goes_on_after_a_kill),
        TEST(another_command_forgets_the_work),
        TEST(a_damaged_note_is_none),
        TEST(a_damaged_list_of_touched_files_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
