/* indexer: the merge policy keeps segments few at a bounded price, on lists of sizes alone. */
#include "indexer/merge_policy.h"
#include "tests/support/random_source.h"
#include "tests/support/test.h"

#include <math.h>
#include <string.h>

#define SPANS_MAX 4096

struct world {
    struct gs_merge_span spans[SPANS_MAX];
    size_t count, most; /* most: segments at any time, after merging */
    uint64_t added, written;
    size_t merges;
};

/* Carries the plan out: what is joined or cleaned has been written. */
static void merge(struct world *w)
{
    struct gs_merge_span planned[SPANS_MAX];
    memcpy(planned, w->spans, w->count * sizeof(*planned));
    for (size_t i = 0; i < w->count; i++) {
        planned[i].first = i;
        planned[i].count = 1;
    }
    size_t left = gs_merge_plan(planned, w->count), at = 0;
    for (size_t i = 0; i < left; i++) {
        assert_int_equal(planned[i].first, at);
        bool written = planned[i].count > 1 || planned[i].deleted != w->spans[at].deleted;
        if (written) {
            w->written += planned[i].bytes;
            w->merges++;
            assert_int_equal(planned[i].deleted, 0);
        }
        for (size_t k = 1; k < planned[i].count; k++)
            assert_int_equal(w->spans[at].with_text, w->spans[at + k].with_text);
        at += planned[i].count;
    }
    assert_int_equal(at, w->count);
    memcpy(w->spans, planned, left * sizeof(*planned));
    w->count = left;
    w->most = left > w->most ? left : w->most;
}

static void add(struct world *w, uint64_t bytes, uint64_t filings, bool with_text)
{
    assert_in_range(w->count, 0, SPANS_MAX - 1);
    w->spans[w->count++] = (struct gs_merge_span){
        .count = 1, .bytes = bytes, .filings = filings, .with_text = with_text};
    w->added += bytes;
    w->written += bytes;
}

static unsigned levels(uint64_t bytes)
{
    return (unsigned)(log2((double)bytes) / 3);
}

static void test_day_by_day(void **state)
{
    (void)state;
    struct world *w = calloc(1, sizeof(*w));
    struct random_source r = {7};
    assert_non_null(w);
    for (int day = 0; day < 20000; day++) {
        add(w, 20000 + random_below(&r, 60000), 10, true);
        merge(w);
    }
    /* At most once a level, from the commit's to the whole's; and seven segments of each. */
    unsigned span = levels(w->added) - levels(20000) + 1;
    assert_true(w->written <= w->added * (span + 1));
    assert_true(w->most <= 7 * span);
    free(w);
}

static void test_any_sizes(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct world *w = calloc(1, sizeof(*w));
        struct random_source r = {seed};
        assert_non_null(w);
        for (int i = 0; i < 2000; i++) {
            uint64_t bytes = (uint64_t)4096 << random_below(&r, 20);
            add(w, bytes, 1 + random_below(&r, 1000), true);
            merge(w);
            /* Each of the large ones may be too large for any merge. */
            assert_true(w->count <= GS_SEGMENTS_MOST + w->added / (GS_MERGE_BYTES_MAX / 8));
        }
        assert_true(w->written <= w->added * 10);
        free(w);
    }
}

static void test_large_ones_stay(void **state)
{
    (void)state;
    struct world *w = calloc(1, sizeof(*w));
    assert_non_null(w);
    for (int i = 0; i < 64; i++) {
        add(w, GS_MERGE_BYTES_MAX / 2 + 1, 1000000, true);
        merge(w);
    }
    assert_int_equal(w->count, 64);
    assert_int_equal(w->merges, 0);
    free(w);
}

static void test_deleted_filings_are_dropped(void **state)
{
    (void)state;
    struct gs_merge_span s[3] = {{0, 1, 1000000, 100, 25, true},
                                 {1, 1, 1000000, 100, 26, true},
                                 {2, 1, 1000000, 100, 100, true}};
    assert_int_equal(gs_merge_plan(s, 3), 3);
    assert_int_equal(s[0].deleted, 25);
    assert_int_equal(s[1].deleted, 0);
    assert_int_equal(s[1].filings, 74);
    assert_int_equal(s[2].deleted, 100); /* the commit leaves it out without any writing */
}

static void test_kinds_are_not_mixed(void **state)
{
    (void)state;
    struct gs_merge_span s[16];
    for (size_t i = 0; i < 16; i++)
        s[i] = (struct gs_merge_span){i, 1, 5000, 3, 0, i % 2 == 0};
    assert_int_equal(gs_merge_plan(s, 16), 16);
    for (size_t i = 0; i < 16; i++)
        s[i].with_text = i >= 8;
    assert_int_equal(gs_merge_plan(s, 16), 2);
    assert_int_equal(gs_merge_plan(s, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_day_by_day),
        cmocka_unit_test(test_any_sizes),
        cmocka_unit_test(test_large_ones_stay),
        cmocka_unit_test(test_deleted_filings_are_dropped),
        cmocka_unit_test(test_kinds_are_not_mixed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
