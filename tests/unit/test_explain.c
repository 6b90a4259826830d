/*
 * Filings judged part by part: the parts of a score are the score of the search, whatever the form,
 * the order of the segments and the ranking; and the nodes of the plan are those of the query.
 */
#include "query/explain.h"
#include "query/why_not.h"
#include "tests/support/mini_index.h"
#include "tests/support/test.h"

#include <math.h>

static const struct mini_filing FILINGS[] = {
    {.text = "资金用途说明。募集资金用于还款。"},
    {.title = "资金", .text = "公司用途说明，证券 ABC 与 ABD。"},
    {.text = "资金与公司的用途。\n证据。", .deleted = true},
    {.text = "其他说明，是什么用途？资金的来源，资金的去向。"},
    {.title = "募集资金用途", .text = "证券公司。资金。"},
    {.text = "公司没有资金，公司有证券。"},
};
#define COUNT GS_COUNT_OF(FILINGS)

static const char *const QUERIES[] = {
    "资金",
    "证*",
    "金",
    "资金 用途",
    "资金 -用途",
    "AB* | 资金",
    "(资金 用途)|(公司 证券)|说明",
    "(资金|(证券 公司)) 用途",
    "SENTENCE(资金 用途)",
    "NEAR/3(资金 (用途|说明)) | 公司",
    "title:资金 用途",
    "资金 (用途 | PARAGRAPH(公司 证券))",
};
static const char *const RANKINGS[] = {"plain", "full", "title", "passages,proximity"};

struct world {
    char *folder;
    struct gs_snapshot snapshot;
    struct gs_search *search, *beside;
    struct gs_arena arena;
};

static void world_open(struct world *w, size_t per_segment)
{
    struct gs_err err = {0};
    w->folder = test_folder_create();
    mini_index_write(w->folder, FILINGS, COUNT, per_segment);
    assert_ok_err(gs_snapshot_open(&w->snapshot, w->folder, &err), &err);
    assert_ok(gs_search_create(&w->search));
    assert_ok(gs_search_create(&w->beside));
    gs_arena_init(&w->arena, (size_t)1 << 26);
}

static void world_close(struct world *w)
{
    gs_arena_release(&w->arena);
    gs_search_free(w->search);
    gs_search_free(w->beside);
    gs_snapshot_close(&w->snapshot);
    test_folder_remove(w->folder);
}

static double sum_of(const struct gs_judgement *j)
{
    double sum = j->second.title + j->second.passage;
    for (size_t i = 0; i < j->leaf_count; i++)
        sum += j->leaves[i].part;
    return sum;
}

static void check_hits(const struct gs_explanation *e, const struct gs_query *query,
                       const struct gs_result *result)
{
    assert_int_equal(e->hit_count, result->hit_count);
    for (size_t i = 0; i < e->hit_count; i++) {
        assert_int_equal(e->hits[i].truth, GS_TRUTH_YES);
        assert_true(fabs(sum_of(&e->hits[i]) - result->hits[i].score) < 1e-9);
        assert_true(fabs(e->hits[i].score - result->hits[i].score) < 1e-9);
        for (size_t k = 0; k < query->leaf_count; k++)
            if (!query->leaves[k].excluded)
                assert_int_equal(e->hits[i].leaves[k].count, result->hits[i].counts[k]);
    }
}

static bool is_hit(const struct gs_result *result, uint32_t segment, uint32_t doc)
{
    for (size_t i = 0; i < result->hit_count; i++)
        if (result->hits[i].segment == segment && result->hits[i].doc == doc)
            return true;
    return false;
}

/* --why-not says of every filing what the search says. */
static void check_all(struct world *w, const struct gs_query *query,
                      const struct gs_search_options *options, const struct gs_result *result)
{
    struct gs_err err = {0};
    for (size_t i = 0; i < COUNT; i++) {
        char id[8];
        struct gs_why_not why;
        int size = snprintf(id, sizeof(id), "f%zu", i);
        assert_ok_err(gs_why_not_make(&why, &w->arena, w->search, w->beside, &w->snapshot, query,
                                      options, result, (struct gs_str){id, (size_t)size}, &err),
                      &err);
        if (FILINGS[i].deleted) {
            assert_int_equal(why.outcome, GS_WHY_DELETED);
            continue;
        }
        bool hit = is_hit(result, why.segment, why.doc);
        assert_int_equal(why.outcome, hit ? GS_WHY_MATCHES : GS_WHY_FAILS);
        assert_int_equal(why.rank > 0, hit);
        assert_int_equal(why.failed_count == 0, hit);
    }
}

static void check_query(struct world *w, const char *text, enum gs_query_mode mode,
                        const char *ranking, enum gs_sort sort)
{
    struct gs_err err = {0};
    struct gs_query *query;
    struct gs_result result;
    struct gs_explanation e;
    struct gs_search_options options = gs_search_defaults();
    const struct gs_query_params params = {.mode = mode};
    options.sort = sort;
    options.limit = 100;
    assert_true(gs_ranking_read(ranking, strlen(ranking), &options.ranking));
    assert_ok_err(gs_query_parse(&query, text, strlen(text), &params, &err), &err);
    assert_ok_err(gs_search_run(w->search, &w->snapshot, query, &options, &result, &err), &err);
    assert_ok_err(
        gs_explain_make(&e, &w->arena, w->search, &w->snapshot, query, &options, &result, &err),
        &err);
    check_hits(&e, query, &result);
    assert_int_equal(e.node_count, gs_judge_count(query->root));
    assert_ptr_equal(e.nodes[0].node, query->root);
    check_all(w, query, &options, &result);
    gs_query_free(query);
    gs_arena_clear(&w->arena);
}

static void test_parts(void **state)
{
    (void)state;
    for (size_t per_segment = 1; per_segment <= COUNT; per_segment += 2) {
        struct world w;
        world_open(&w, per_segment);
        for (size_t q = 0; q < GS_COUNT_OF(QUERIES); q++)
            for (size_t r = 0; r < GS_COUNT_OF(RANKINGS); r++) {
                check_query(&w, QUERIES[q], GS_QUERY_SYNTAX, RANKINGS[r], GS_SORT_SCORE);
                check_query(&w, QUERIES[q], GS_QUERY_ANY, RANKINGS[r], GS_SORT_SCORE);
                check_query(&w, QUERIES[q], GS_QUERY_SYNTAX, RANKINGS[r], GS_SORT_NEWEST);
            }
        world_close(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_parts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
