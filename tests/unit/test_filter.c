/* Filters over a segment's columns: what is a date, what is none, and dates that no writer makes.
 */
#include "common/segment/segment_writer.h"
#include "query/filter.h"
#include "tests/support/segment_build.h"
#include "tests/support/test.h"

#define DOCS 300u

/* A segment of DOCS filings of 2024-03-05, but one of `date`. */
static struct gs_segment *make(const char *folder, uint32_t odd, uint32_t date)
{
    struct gs_segment_writer *w;
    struct gs_err err = {0};
    const struct gs_segment_params params = {.analysis_id = 1};
    char *path = test_path(folder, "%u.seg", date);
    assert_ok_err(gs_segment_writer_create(&w, path, &params, &err), &err);
    for (uint32_t i = 0; i < DOCS; i++) {
        char id[16];
        struct gs_doc doc = {.sequence = 1 + i, .commit = 1, .date = i == odd ? date : 20240305};
        doc.record.id = (struct gs_str){id, (size_t)snprintf(id, sizeof(id), "d%u", i)};
        gs_segment_writer_add_doc(w, &doc);
    }
    assert_ok_err(gs_segment_writer_finish(w, &err), &err);
    struct gs_segment *s = test_segment_open(path);
    free(path);
    return s;
}

static void every_date_is_judged_or_an_error(void **state)
{
    (void)state;
    static const struct {
        uint32_t date;
        enum gs_truth truth;
        enum gaosou_status status;
    } rows[] = {
        {0, GS_TRUTH_UNKNOWN, GAOSOU_OK},          {20240000, GS_TRUTH_UNKNOWN, GAOSOU_OK},
        {20240300, GS_TRUTH_YES, GAOSOU_OK},       {20240331, GS_TRUTH_YES, GAOSOU_OK},
        {20240401, GS_TRUTH_NO, GAOSOU_OK},        {20241300, GS_TRUTH_NO, GAOSOU_E_CORRUPT},
        {20249931, GS_TRUTH_NO, GAOSOU_E_CORRUPT}, {UINT32_MAX, GS_TRUTH_NO, GAOSOU_E_CORRUPT},
    };
    struct gs_day_range march = {(2024 * 12 + 2) * 31, (2024 * 12 + 2) * 31 + 30};
    struct gs_filter filter = {.field = GS_FILTER_DATE, .days = {&march, 1}};
    char *folder = test_folder_create();
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        uint32_t odd = i % 2 ? DOCS - 1 : 0;
        struct gs_segment *s = make(folder, odd, rows[i].date);
        struct gs_filter_match m;
        struct gs_err err = {0};
        gs_filter_open(&m, &filter, s);
        for (uint32_t doc = 0; doc < DOCS; doc++)
            assert_int_equal(gs_filter_truth(&m, doc), doc == odd ? rows[i].truth : GS_TRUTH_YES);
        assert_int_equal(gs_filter_status(&m, &err), rows[i].status);
        gs_filter_close(&m);
        gs_segment_close(s);
    }
    test_folder_remove(folder);
}

/* One that leads finds the one filing of April, and the end behind it; one that is asked beside few
 * others only looks at the filing itself. */
static void a_leading_filter_finds_the_next(void **state)
{
    (void)state;
    struct gs_day_range april = {(2024 * 12 + 3) * 31, (2024 * 12 + 3) * 31 + 30};
    struct gs_filter filter = {.field = GS_FILTER_DATE, .days = {&april, 1}};
    char *folder = test_folder_create();
    const uint32_t odd = 200;
    struct gs_segment *s = make(folder, odd, 20240401);
    for (uint32_t target = 0; target < DOCS; target++) {
        struct gs_filter_match m;
        gs_filter_open(&m, &filter, s);
        gs_filter_estimate(&m, UINT64_MAX);
        assert_true(m.leads && m.cost < DOCS);
        assert_int_equal(gs_filter_seek(&m, target), target <= odd ? odd : GS_DOC_END);
        assert_int_equal(gs_filter_seek(&m, target), target <= odd ? odd : GS_DOC_END);
        gs_filter_estimate(&m, 0);
        assert_false(m.leads);
        assert_int_equal(m.cost, DOCS);
        uint32_t next = target + 1 < DOCS ? target + 1 : GS_DOC_END;
        assert_int_equal(gs_filter_seek(&m, target), target == odd ? odd : next);
        gs_filter_close(&m);
    }
    gs_segment_close(s);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_date_is_judged_or_an_error),
        cmocka_unit_test(a_leading_filter_finds_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
