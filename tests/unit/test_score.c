/* Scores by hand and the best k. */
#include "query/score.h"
#include "query/topk.h"
#include "tests/support/random_source.h"
#include "tests/support/test.h"

#include <math.h>

static void assert_close(double a, double b)
{
    if (fabs(a - b) > 1e-12 * fabs(b))
        test_fail("%.17g, wanted %.17g", a, b);
}

static void test_formula(void **state)
{
    (void)state;
    assert_close(gs_idf(10, 3), log(1 + 7.5 / 3.5));
    assert_close(gs_idf(10, 0), log(1 + 10.5 / 0.5));
    assert_close(gs_idf(10, 10), log(1 + 0.5 / 10.5));
    assert_close(gs_idf(10, 11), gs_idf(10, 10));
    struct gs_scorer s = gs_scorer_make(1.2, 0.75, 4, 400);
    assert_close(gs_score_norm(&s, 100), 1.2);
    assert_close(gs_score_norm(&s, 50), 1.2 * (0.25 + 0.75 * 0.5));
    assert_close(gs_score_part(2, 3, gs_score_norm(&s, 50)), 2 * 3 / (3 + 1.2 * 0.625));
    s = gs_scorer_make(1.2, 0.75, 4, 0);
    assert_close(gs_score_norm(&s, 0), 1.2 * 0.25);
    s = gs_scorer_make(0, 0, 0, 0);
    assert_close(gs_score_part(2, 3, gs_score_norm(&s, 50)), 2);
}

static void test_bound(void **state)
{
    (void)state;
    struct gs_scorer s = gs_scorer_make(1.2, 0.75, 4, 400);
    struct gs_impacts i = {.count = 2};
    i.pair[0].freq = 9;
    i.pair[0].length = 300;
    i.pair[1].freq = 4;
    i.pair[1].length = 20;
    double a = gs_score_part(2, 9, gs_score_norm(&s, 300)),
           b = gs_score_part(2, 4, gs_score_norm(&s, 20));
    assert_close(gs_score_bound(&s, 2, &i), a > b ? a : b);
    i.pair[0].freq = UINT32_MAX;
    assert_close(gs_score_bound(&s, 2, &i), 2);
    i.count = 0;
    assert_close(gs_score_bound(&s, 2, &i), 2);
    assert_false(gs_score_is_below(1, 1));
    assert_true(gs_score_is_below(1, 1.001));
    assert_false(gs_score_is_below(1, -INFINITY));
}

#define HEAP 500
static void test_best(void **state)
{
    (void)state;
    struct random_source r = {5};
    struct gs_topk t;
    gs_topk_init(&t);
    for (size_t limit = 0; limit < 40; limit += 3) {
        double scores[HEAP];
        gs_topk_begin(&t, limit, 2);
        for (uint32_t i = 0; i < HEAP; i++) {
            scores[i] = random_below(&r, 20);
            if (!gs_topk_accepts(&t, scores[i], i / 100, i % 100))
                continue;
            uint32_t *counts = gs_topk_push(&t, scores[i], i / 100, i % 100);
            assert_non_null(counts);
            counts[0] = i;
            counts[1] = 2 * i;
        }
        gs_topk_sort(&t);
        assert_int_equal(t.count, limit);
        for (size_t k = 0; k < limit; k++) {
            const struct gs_topk_entry *e = &t.entries[k];
            uint32_t i = e->segment * 100 + e->doc, better = 0;
            assert_int_equal(gs_topk_counts(&t, e)[0], i);
            assert_int_equal(gs_topk_counts(&t, e)[1], 2 * i);
            for (uint32_t j = 0; j < HEAP; j++)
                better += scores[j] > scores[i] || (scores[j] == scores[i] && j < i);
            assert_int_equal(better, k);
        }
    }
    gs_topk_begin(&t, SIZE_MAX, 1);
    for (uint32_t i = 0; i < HEAP; i++)
        assert_non_null(gs_topk_push(&t, i, 0, i));
    assert_int_equal(t.count, HEAP);
    gs_topk_release(&t);
    gs_topk_release(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_formula),
        cmocka_unit_test(test_bound),
        cmocka_unit_test(test_best),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
