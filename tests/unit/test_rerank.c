/*
 * The ranking of questions (docs/RANKING.md): each part by itself against its formula, the order of
 * the head, pages, and the least number of terms.
 */
#include "query/search.h"
#include "tests/support/mini_index.h"
#include "tests/support/test.h"

#include <math.h>

#define FAR "说明说明说明说明说明说明说明说明说明说明说明说明说明说明说明说明说明说明说明说明"
static const struct mini_filing FILINGS[] = {
    /* 0 */ {.text = "资金用途说明"},
    /* 1 */ {.title = "资金", .text = "公司用途说明"},
    /* 2 */ {.text = "资金" FAR FAR FAR FAR "用途"},
    /* 3 */ {.text = "其他说明，是什么"},
    /* 4 */ {.text = "资金的"},
};
#define COUNT GS_COUNT_OF(FILINGS)

struct index {
    char *folder;
    struct gs_snapshot snapshot;
    struct gs_search *search;
};

static void index_open(struct index *x, size_t per_segment)
{
    struct gs_err err = {0};
    x->folder = test_folder_create();
    mini_index_write(x->folder, FILINGS, COUNT, per_segment);
    assert_ok_err(gs_snapshot_open(&x->snapshot, x->folder, &err), &err);
    assert_ok(gs_search_create(&x->search));
}

static void index_close(struct index *x)
{
    gs_search_free(x->search);
    gs_snapshot_close(&x->snapshot);
    test_folder_remove(x->folder);
}

static struct gs_search_options options(const char *rank)
{
    struct gs_search_options o = gs_search_defaults();
    assert_true(gs_ranking_read(rank, strlen(rank), &o.ranking));
    return o;
}

/* Scores by filing; minus one where it does not match. */
static size_t run(struct index *x, const char *question, const struct gs_search_options *o,
                  double scores[COUNT])
{
    struct gs_query *q;
    struct gs_result r;
    struct gs_err err = {0};
    assert_ok_err(gs_query_parse(&q, question, strlen(question),
                                 &(struct gs_query_params){.mode = GS_QUERY_ANY}, &err),
                  &err);
    assert_ok_err(gs_search_run(x->search, &x->snapshot, q, o, &r, &err), &err);
    for (size_t i = 0; i < COUNT; i++)
        scores[i] = -1;
    for (size_t i = 0; i < r.hit_count; i++) {
        scores[r.hits[i].sequence] = r.hits[i].score;
        assert_true(i == 0 || r.hits[i].score <= r.hits[i - 1].score);
    }
    gs_query_free(q);
    return r.total;
}

static double idf(double df)
{
    return log(1 + (COUNT - df + 0.5) / (df + 0.5));
}

static void close_to(double got, double wanted)
{
    if (fabs(got - wanted) > 1e-9)
        test_fail("%.12f, wanted %.12f", got, wanted);
}

/* What a ranking adds to BM25 alone. */
static void check_added(struct index *x, const char *rank, const double wanted[COUNT])
{
    struct gs_search_options plain = options("plain"), ranked = options(rank);
    double before[COUNT], after[COUNT];
    run(x, "资金用途", &plain, before);
    run(x, "资金用途", &ranked, after);
    for (size_t i = 0; i < COUNT; i++)
        close_to(after[i] - before[i], wanted[i]);
}

static void test_parts(void **state)
{
    (void)state;
    double funds = idf(4), middle = idf(1), purpose = idf(3); /* 资金 金用 用途 */
    double title = funds / (1 + 1.2 * (0.25 + 0.75 * 2 / 16));
    double pairs = 2 * 0.25 * (funds + purpose), all = 2 * (funds + middle + purpose);
    for (size_t per_segment = 1; per_segment <= COUNT; per_segment += 2) {
        struct index x;
        index_open(&x, per_segment);
        check_added(&x, "title", (double[COUNT]){0, title, 0, 0, 0});
        check_added(&x, "proximity", (double[COUNT]){pairs, 0, 0, 0, 0});
        check_added(&x, "passages",
                    (double[COUNT]){all, 2 * (funds + purpose), 2 * purpose, 0, 2 * funds});
        check_added(
            &x, "full",
            (double[COUNT]){all + pairs, title + 2 * (funds + purpose), 2 * purpose, 0, 2 * funds});
        index_close(&x);
    }
}

static void test_function_words(void **state)
{
    (void)state;
    struct index x;
    struct gs_search_options plain = options("plain"), stop = options("stop");
    double before[COUNT], after[COUNT];
    index_open(&x, COUNT);
    /* 是什 and 什么 count nothing, 明是 three tenths: no filing has it */
    assert_int_equal(run(&x, "说明是什么", &stop, after), 4);
    run(&x, "说明", &plain, before);
    for (size_t i = 0; i < COUNT; i++)
        close_to(after[i], before[i]);
    run(&x, "说明 金的", &plain, before);
    run(&x, "说明 金的", &stop, after);
    close_to(after[4], 0.3 * before[4]);
    /* nothing else in it: as it was */
    run(&x, "是什么", &plain, before);
    run(&x, "是什么", &stop, after);
    assert_true(before[3] > 0);
    close_to(after[3], before[3]);
    index_close(&x);
}

static void test_length(void **state)
{
    (void)state;
    struct index x;
    struct gs_ranking_params params = gs_ranking_defaults;
    struct gs_search_options o = options("passages");
    double scores[COUNT];
    params.longest = 0.5;
    params.passage = 0;
    o.ranking.params = &params;
    index_open(&x, 2);
    double average = (double)x.snapshot.total_length / (double)COUNT;
    run(&x, "用途", &o, scores);
    close_to(scores[2], idf(3) / (1 + 1.2 * (0.25 + 0.75 * floor(average / 2) / average)));
    index_close(&x);
}

/* Only the head is put in order anew, whatever is shown. */
static void test_pages(void **state)
{
    (void)state;
    struct index x;
    struct gs_ranking_params params = gs_ranking_defaults;
    struct gs_search_options o = options("full");
    double whole[COUNT], page[COUNT];
    params.depth = 2;
    o.ranking.params = &params;
    index_open(&x, 2);
    assert_int_equal(run(&x, "资金用途", &o, whole), 4);
    o.limit = 1;
    for (o.offset = 0; o.offset < 4; o.offset++) {
        run(&x, "资金用途", &o, page);
        size_t shown = 0;
        for (size_t i = 0; i < COUNT; i++) {
            if (page[i] < 0)
                continue;
            shown++;
            close_to(page[i], whole[i]);
            size_t before = 0;
            for (size_t k = 0; k < COUNT; k++)
                before += whole[k] > whole[i];
            assert_int_equal(before, o.offset);
        }
        assert_int_equal(shown, 1);
    }
    o.limit = 0;
    assert_int_equal(run(&x, "资金用途", &o, page), 4);
    index_close(&x);
}

/* Filings of equal score by closeness, in the head, behind it, and across its border. */
static void test_ties(void **state)
{
    (void)state;
    static const struct mini_filing filings[] = {{.text = "资金说说说说说说用途"},
                                                 {.text = "资金说说用途说说说说"},
                                                 {.text = "资金说说说用途说说说"},
                                                 {.text = "资金说用途说说说说说"}};
    static const uint64_t wanted[] = {3, 1, 2, 0};
    for (size_t depth = 1; depth <= 5; depth++) {
        struct index x = {.folder = test_folder_create()};
        struct gs_ranking_params params = gs_ranking_defaults;
        struct gs_search_options o = options("full");
        struct gs_query *q;
        struct gs_result r;
        params.depth = (double)depth;
        params.passage = 0;
        o.ranking.params = &params;
        mini_index_write(x.folder, filings, GS_COUNT_OF(filings), depth % 2 ? 4 : 3);
        assert_ok(gs_snapshot_open(&x.snapshot, x.folder, NULL));
        assert_ok(gs_search_create(&x.search));
        assert_ok(gs_query_parse(&q, "资金 用途", strlen("资金 用途"),
                                 &(struct gs_query_params){.mode = GS_QUERY_ANY}, NULL));
        assert_ok(gs_search_run(x.search, &x.snapshot, q, &o, &r, NULL));
        assert_int_equal(r.hit_count, GS_COUNT_OF(filings));
        for (size_t i = 0; i < r.hit_count; i++)
            assert_int_equal(r.hits[i].sequence, wanted[i]);
        gs_query_free(q);
        index_close(&x);
    }
}

/* A filing that enters the head by its closeness comes without counts, which are found later: its
 * score stays that of the second pass. */
static void test_ties_scored(void **state)
{
    (void)state;
    static const struct mini_filing filings[] = {
        {.text = "资金说说用途"}, {.text = "资金说说用途"}, {.text = "资金用途说说"}};
    struct index x = {.folder = test_folder_create()};
    struct gs_ranking_params params = gs_ranking_defaults;
    struct gs_search_options o = options("passages");
    double scores[COUNT];
    params.depth = 1;
    params.passage = 1;
    o.ranking.params = &params;
    o.limit = 1;
    mini_index_write(x.folder, filings, GS_COUNT_OF(filings), 2);
    assert_ok(gs_snapshot_open(&x.snapshot, x.folder, NULL));
    assert_ok(gs_search_create(&x.search));
    (void)run(&x, "资金 用途", &o, scores);
    double both = scores[2];
    o.ranking = (struct gs_ranking){.chosen = true, .params = &params};
    (void)run(&x, "资金 用途", &o, scores);
    assert_true(scores[2] > 0 && both > scores[2] * 1.5);
    index_close(&x);
}

static void test_default(void **state)
{
    (void)state;
    struct index x;
    struct gs_search_options o = gs_search_defaults(), full = options("full");
    double by_default[COUNT], scores[COUNT];
    index_open(&x, 2);
    run(&x, "资金用途是什么", &o, by_default);
    run(&x, "资金用途是什么", &full, scores);
    for (size_t i = 0; i < COUNT; i++)
        close_to(by_default[i], scores[i]);
    index_close(&x);
}

static void test_min_match(void **state)
{
    (void)state;
    static const struct {
        size_t least, total;
        bool percent;
    } rows[] = {{0, 4, false}, {1, 4, false},  {2, 3, false},      {3, 1, false},
                {4, 1, false}, {0, 4, true},   {66, 4, true},      {67, 3, true},
                {99, 3, true}, {100, 1, true}, {SIZE_MAX, 1, true}};
    struct index x;
    double scores[COUNT];
    index_open(&x, 2);
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct gs_search_options o = gs_search_defaults();
        o.min_match = rows[i].least;
        o.min_match_percent = rows[i].percent;
        assert_int_equal(run(&x, "资金用途", &o, scores), rows[i].total);
    }
    index_close(&x);
}

static void test_names(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",           ",",     "title,", "fully",
                                        "full title", "Title", "stop,,"};
    struct gs_ranking r = {.chosen = false};
    for (size_t i = 0; i < GS_COUNT_OF(wrong); i++)
        assert_false(gs_ranking_read(wrong[i], strlen(wrong[i]), &r));
    assert_false(r.chosen);
    assert_true(gs_ranking_read("stop,title", 10, &r));
    assert_true(r.chosen && r.stop && r.title && !r.passages && !r.proximity);
    assert_true(gs_ranking_read("full", 4, &r));
    assert_true(r.stop && r.title && r.passages && r.proximity);
    assert_true(gs_ranking_read("plain", 5, &r));
    assert_true(r.chosen && !r.stop && !r.title && !r.passages && !r.proximity);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts),       cmocka_unit_test(test_function_words),
        cmocka_unit_test(test_length),      cmocka_unit_test(test_pages),
        cmocka_unit_test(test_default),     cmocka_unit_test(test_min_match),
        cmocka_unit_test(test_names),       cmocka_unit_test(test_ties),
        cmocka_unit_test(test_ties_scored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
