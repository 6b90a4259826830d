/*
 * Searches that have to end before they are done: whatever moment the time is up at, the answer is
 * a part of the whole one and says so. The clock is the test's: it ticks once each time it is
 * asked.
 */
#include "query/search.h"
#include "tests/support/mini_index.h"
#include "tests/support/test.h"

#include <stdlib.h>

#define FILINGS 3000u

struct index {
    char *folder;
    struct gs_snapshot snapshot;
    struct gs_search *search;
};

static uint64_t ticks;

static uint64_t tick(void)
{
    return ++ticks;
}

/* Texts of some sentences each, with many words of one prefix. */
static void index_open(struct index *x)
{
    struct mini_filing *filings = calloc(FILINGS, sizeof(*filings));
    char(*texts)[96] = calloc(FILINGS, sizeof(*texts));
    struct gs_err err = {0};
    assert_true(filings && texts);
    for (unsigned i = 0; i < FILINGS; i++) {
        snprintf(texts[i], sizeof(texts[i]), "%s%s。%srk%u%s。", i % 2 ? "净利润" : "收入",
                 i % 3 ? "增长" : "下降", i % 5 ? "公司" : "芯片", i, i % 7 ? "净利润" : "");
        filings[i] = (struct mini_filing){.text = texts[i], .deleted = i % 97 == 0};
    }
    x->folder = test_folder_create();
    mini_index_write(x->folder, filings, FILINGS, FILINGS / 2);
    assert_ok_err(gs_snapshot_open(&x->snapshot, x->folder, &err), &err);
    assert_ok(gs_search_create(&x->search));
    free(filings);
    free(texts);
}

static void index_close(struct index *x)
{
    gs_search_free(x->search);
    gs_snapshot_close(&x->snapshot);
    test_folder_remove(x->folder);
}

static struct gs_result run(struct index *x, const struct gs_query *q,
                            const struct gs_search_options *o, double *scores)
{
    struct gs_result r;
    struct gs_err err = {0};
    assert_ok_err(gs_search_run(x->search, &x->snapshot, q, o, &r, &err), &err);
    for (size_t i = 0; i < FILINGS; i++)
        scores[i] = -1;
    for (size_t i = 0; i < r.hit_count; i++)
        scores[r.hits[i].sequence % FILINGS] = r.hits[i].score;
    return r;
}

/* What was found has the score that it has in the whole answer. With a deadline at every moment
 * from the first on, until one is late enough. */
static void check(struct index *x, const char *text, enum gs_query_mode mode, enum gs_sort sort,
                  size_t limit)
{
    struct gs_query *q;
    struct gs_err err = {0};
    static double whole[FILINGS], part[FILINGS];
    const struct gs_query_params params = {.mode = mode};
    assert_ok_err(gs_query_parse(&q, text, strlen(text), &params, &err), &err);
    struct gs_search_options o = gs_search_defaults();
    o.limit = limit;
    o.sort = sort;
    o.ranking.chosen = true; /* plain: a second pass is not begun when the time is up */
    o.count_all = true;
    struct gs_result all = run(x, q, &o, whole);
    assert_false(all.partial);
    assert_true(all.total_exact);
    o.clock_ns = tick;
    unsigned partial = 0;
    for (o.deadline_ns = 1;; o.deadline_ns += 1 + o.deadline_ns / 4) {
        ticks = 0;
        struct gs_result r = run(x, q, &o, part);
        if (!r.partial) {
            assert_int_equal(r.total, all.total);
            assert_int_equal(r.occurrences, all.occurrences);
            assert_memory_equal(part, whole, sizeof(part));
            break;
        }
        partial++;
        assert_false(r.total_exact || r.occurrences_exact);
        assert_true(r.total <= all.total);
        for (size_t i = 0; limit == SIZE_MAX && i < FILINGS; i++)
            assert_true(part[i] < 0 || part[i] == whole[i]);
    }
    assert_true(partial > 0); /* the first is too early for all */
    gs_query_free(q);
}

static const struct {
    const char *text;
    enum gs_query_mode mode;
} QUERIES[] = {
    {"增长", GS_QUERY_SYNTAX},
    {"净利润", GS_QUERY_SYNTAX},
    {"润", GS_QUERY_SYNTAX},
    {"rk*", GS_QUERY_SYNTAX},
    {"rk1*2", GS_QUERY_SYNTAX},
    {"公司 净利润 -下降", GS_QUERY_SYNTAX},
    {"公司 -润", GS_QUERY_SYNTAX},
    {"公司 润 rk1*", GS_QUERY_SYNTAX},
    {"润|下|rk2*", GS_QUERY_SYNTAX},
    {"(公司 增长)|(芯片 下降)", GS_QUERY_SYNTAX},
    {"净利润|芯片|下降", GS_QUERY_SYNTAX},
    {"SENTENCE(公司 净利润)", GS_QUERY_SYNTAX},
    {"NEAR/3(净利润 增长)", GS_QUERY_SYNTAX},
    {"since:0", GS_QUERY_SYNTAX},
    {"公司净利润为什么增长", GS_QUERY_ANY},
};

static void test_every_form(void **state)
{
    struct index x;
    (void)state;
    index_open(&x);
    for (size_t i = 0; i < GS_COUNT_OF(QUERIES); i++) {
        check(&x, QUERIES[i].text, QUERIES[i].mode, GS_SORT_SCORE, 10);
        check(&x, QUERIES[i].text, QUERIES[i].mode, GS_SORT_SCORE, SIZE_MAX);
        check(&x, QUERIES[i].text, QUERIES[i].mode, GS_SORT_LENGTH, SIZE_MAX);
    }
    index_close(&x);
}

/* A plan that was not finished is not kept for the same query without a deadline. */
static void test_unfinished_plan(void **state)
{
    struct index x;
    struct gs_query *q;
    static double scores[FILINGS];
    (void)state;
    index_open(&x);
    assert_ok(gs_query_parse(&q, "rk*", 3, &(struct gs_query_params){.chinese = false}, NULL));
    struct gs_search_options o = gs_search_defaults();
    uint64_t wanted = run(&x, q, &o, scores).total;
    o.clock_ns = tick;
    o.deadline_ns = 1;
    ticks = 0;
    assert_true(run(&x, q, &o, scores).partial);
    o.deadline_ns = 0;
    struct gs_result r = run(&x, q, &o, scores);
    assert_false(r.partial);
    assert_int_equal(r.total, wanted);
    gs_query_free(q);
    index_close(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_form),
        cmocka_unit_test(test_unfinished_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
