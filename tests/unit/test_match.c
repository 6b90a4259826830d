/*
 * What matches and how often, over small indexes: each kind of leaf, the tree, titles, deletions,
 * several segments, highlights. Every row runs pruned, counted and exhaustive, in one segment and
 * in many.
 */
#include "query/search.h"
#include "tests/support/mini_index.h"
#include "tests/support/test.h"

static const struct mini_filing FILINGS[] = {
    /* 0 */ {.title = "年度报告", .text = "公司净利润增长，净利润率提高。"},
    /* 1 */ {.text = "净利\n润下降；芯片、芯\n原股份，前芯。"},
    /* 2 */ {.title = "芯片公告", .text = "RK3588系列与RK3566，RK35。"},
    /* 3 */ {.text = "2024年半年度，2024年度，A股上市。"},
    /* 4 */ {.text = "公司公司公司"},
    /* 5 */ {.text = "净利润，增长。净利润、增加。净利润。增"},
    /* 6 */ {.text = "亏损，净利润为-3.5，金额213,452.21元"},
    /* 7 */ {.text = "净利润 增长", .deleted = true},
    /* 8 */ {.text = "，。"},
    /* 9 */ {.text = "股股股股 的的 茅台的股"},
};

/* "filing:count,count filing:…" in order of filings; a leaf's counts in leaf order. */
struct row {
    const char *query, *wanted;
};

static const struct row ROWS[] = {
    {"净利润", "0:2 1:1 5:3 6:1"},
    {"净利", "0:2 1:1 5:3 6:1"},
    {"净利润率", "0:1"},
    {"公司净利润增长", "0:1"},
    {"公司公司", "4:2"},
    {"公司公司公司", "4:1"},
    {"股股", "9:3"},
    {"股股股", "9:2"},
    {"股", "1:1 3:1 9:5"},
    {"芯", "1:3 2:1"},
    {"芯*", "1:2 2:1"},
    {"芯片", "1:1 2:1"},
    {"芯片*", "1:1 2:1"},
    {"的", "9:3"},
    {"RK35*", "2:3"},
    {"RK3588", "2:1"},
    {"rk3588系列", "2:1"},
    {"系列与RK35*", "2:1"},
    {"RK3588系", "2:1"},
    {"RK3588系列*", "2:1"},
    {"2024年", "3:2"},
    {"2024年度", "3:1"},
    {"2024年半年度", "3:1"},
    {"A股", "3:1"},
    {"213452.21", "6:1"},
    {"213,452.21元", "6:1"},
    {"-3.5", "6:1"},
    {"净利润，增", "5:3"},
    {"净利润，增长", "5:1"},
    {"净利润，增*", "5:3"},
    {"润，增长", "5:1"},
    {"润为", "6:1"},
    {"利润*", "0:2 1:1 5:3 6:1"},
    {"没有", ""},
    {"净利润 增长", "0:2,1 5:3,1"},
    {"净利润 增长 净利润", "0:2,1,2 5:3,1,3"},
    {"净利润 -增长", "1:1,0 6:1,0"},
    {"净利润 NOT (增长|亏损)", "1:1,0,0"},
    {"净利润 -(增长 -提高)", "0:2,0,0 1:1,0,0 6:1,0,0"},
    {"增长|亏损", "0:1,0 5:1,0 6:0,1"},
    {"(增长|亏损) 净利润", "0:1,0,2 5:1,0,3 6:0,1,1"},
    {"(公司 增长)|亏损", "0:1,1,0 6:0,0,1"},
    {"(公司 没有)|净利润", "0:1,0,2 1:0,0,1 5:0,0,3 6:0,0,1"},
    {"没有|亏损", "6:0,1"},
    {"利|(利 茅)", "0:2,2,0 1:1,1,0 5:3,3,0 6:1,1,0"},
    {"净利润|(净利 茅台)|(茅台 股)", "0:2,2,0,0,0 1:1,1,0,0,1 5:3,3,0,0,0 6:1,1,0,0,0 9:0,0,1,1,5"},
    {"没有 亏损", ""},
    {"没有|也没", ""},
    {"title:报告", "0:1"},
    {"title:净利润", ""},
    {"title:芯", "2:1"},
    {"title:芯*", "2:1"},
    {"title:芯片公告", "2:1"},
    {"title:报告 净利润", "0:1,2"},
    {"title:告", "0:1 2:1"},
    {"芯|股|的", "1:3,1,0 2:1,0,0 3:0,1,0 9:0,5,3"},
    {"芯 股", "1:3,1"},
    {"股 -芯", "3:1,0 9:5,0"},
};

struct index {
    char *folder;
    struct gs_snapshot snapshot;
    struct gs_search *search;
};

static void index_open(struct index *x, size_t per_segment)
{
    struct gs_err err = {0};
    x->folder = test_folder_create();
    mini_index_write(x->folder, FILINGS, GS_COUNT_OF(FILINGS), per_segment);
    assert_ok_err(gs_snapshot_open(&x->snapshot, x->folder, &err), &err);
    assert_ok(gs_search_create(&x->search));
}

static void index_close(struct index *x)
{
    gs_search_free(x->search);
    gs_snapshot_close(&x->snapshot);
    test_folder_remove(x->folder);
}

static struct gs_query *parse(const char *text, enum gs_query_mode mode)
{
    struct gs_query *q;
    struct gs_err err = {0};
    if (gs_query_parse(&q, text, strlen(text), &(struct gs_query_params){.mode = mode}, &err))
        test_fail("%s: %s", text, err.text);
    return q;
}

static void run(struct index *x, const struct gs_query *q, const struct gs_search_options *o,
                struct gs_result *r)
{
    struct gs_err err = {0};
    struct gs_search_options by_sequence = *o;
    by_sequence.ties = GS_TIES_SEQUENCE; /* closeness: test_sort.c */
    assert_ok_err(gs_search_run(x->search, &x->snapshot, q, &by_sequence, r, &err), &err);
    for (size_t i = 1; i < r->hit_count; i++) {
        assert_true(r->hits[i - 1].score >= r->hits[i].score);
        assert_true(r->hits[i - 1].score > r->hits[i].score ||
                    r->hits[i - 1].sequence < r->hits[i].sequence);
    }
}

static int by_sequence(const void *a, const void *b)
{
    const struct gs_hit *x = a, *y = b;
    return x->sequence < y->sequence ? -1 : x->sequence > y->sequence;
}

/* Occurrences, counted again by leaf, are the counts of the hit. */
static void check_occurrences(struct index *x, const struct gs_query *q, const struct gs_hit *h)
{
    struct gs_occurrence *all = NULL;
    size_t count = 0, capacity = 0;
    assert_ok(gs_search_occurrences(x->search, &x->snapshot, q, h->segment, h->doc, 0, &all, &count,
                                    &capacity, NULL));
    for (uint32_t leaf = 0; leaf < q->leaf_count; leaf++) {
        uint32_t n = 0;
        for (size_t i = 0; i < count; i++) {
            assert_true(i == 0 || all[i - 1].position <= all[i].position);
            assert_int_equal(all[i].width, q->leaves[all[i].leaf].width);
            n += all[i].leaf == leaf;
        }
        assert_int_equal(n, h->counts[leaf]);
    }
    free(all);
}

static void check_row(struct index *x, const struct row *row, const struct gs_search_options *o)
{
    struct gs_query *q = parse(row->query, GS_QUERY_SYNTAX);
    struct gs_result r;
    struct gs_buf out;
    uint64_t occurrences = 0;
    run(x, q, o, &r);
    gs_buf_init(&out, 1 << 16);
    struct gs_hit *hits = calloc(r.hit_count + 1, sizeof(*hits));
    assert_non_null(hits);
    if (r.hit_count)
        memcpy(hits, r.hits, r.hit_count * sizeof(*hits));
    qsort(hits, r.hit_count, sizeof(*hits), by_sequence);
    for (size_t i = 0; i < r.hit_count; i++) {
        gs_buf_printf(&out, "%s%u:", i ? " " : "", (unsigned)hits[i].sequence);
        for (size_t k = 0; k < q->leaf_count; k++) {
            gs_buf_printf(&out, "%s%u", k ? "," : "", hits[i].counts[k]);
            occurrences += hits[i].counts[k];
        }
        check_occurrences(x, q, &hits[i]);
    }
    gs_buf_append_u8(&out, 0);
    if (strcmp((char *)out.data, row->wanted) != 0)
        test_fail("%s: %s, wanted %s", row->query, (char *)out.data, row->wanted);
    assert_int_equal(r.total, r.hit_count);
    assert_true(r.total_exact && r.occurrences_exact);
    assert_int_equal(r.occurrences, occurrences);
    gs_buf_release(&out);
    free(hits);
    gs_query_free(q);
}

static void check_all(size_t per_segment)
{
    struct index x;
    index_open(&x, per_segment);
    for (size_t i = 0; i < GS_COUNT_OF(ROWS); i++) {
        struct gs_search_options o = gs_search_defaults();
        check_row(&x, &ROWS[i], &o);
        o.limit = SIZE_MAX;
        check_row(&x, &ROWS[i], &o);
        o.exhaustive = true;
        check_row(&x, &ROWS[i], &o);
    }
    index_close(&x);
}

static void test_rows(void **state)
{
    (void)state;
    check_all(100);
    check_all(3);
    check_all(1);
}

static void test_leaf_totals(void **state)
{
    (void)state;
    struct index x;
    index_open(&x, 4);
    struct gs_query *q = parse("净利润 增长 没有 芯 title:报告 -公司", GS_QUERY_SYNTAX);
    uint64_t totals[6], wanted[] = {4, 2, 0, 2, 1, 2};
    assert_ok(gs_search_leaf_totals(x.search, &x.snapshot, q, totals, NULL));
    for (size_t i = 0; i < GS_COUNT_OF(wanted); i++)
        assert_int_equal(totals[i], wanted[i]);
    gs_query_free(q);
    index_close(&x);
}

static void test_paging(void **state)
{
    (void)state;
    struct index x;
    struct gs_result r;
    index_open(&x, 4);
    struct gs_query *q = parse("净利润", GS_QUERY_SYNTAX);
    struct gs_search_options o = gs_search_defaults();
    uint64_t order[4];
    run(&x, q, &o, &r);
    assert_int_equal(r.hit_count, 4);
    for (size_t i = 0; i < 4; i++)
        order[i] = r.hits[i].sequence;
    for (size_t offset = 0; offset < 6; offset++) {
        o.offset = offset;
        o.limit = 2;
        run(&x, q, &o, &r);
        assert_int_equal(r.hit_count, offset >= 4 ? 0 : offset == 3 ? 1 : 2);
        for (size_t i = 0; i < r.hit_count; i++)
            assert_int_equal(r.hits[i].sequence, order[offset + i]);
        assert_int_equal(r.total, 4);
    }
    o.limit = 0;
    run(&x, q, &o, &r);
    assert_int_equal(r.hit_count, 0);
    assert_int_equal(r.total, 4);
    o.k1 = -1;
    assert_status(gs_search_run(x.search, &x.snapshot, q, &o, &r, NULL), GAOSOU_E_USE);
    gs_query_free(q);
    index_close(&x);
}

/* A seeded heap of filings over a small alphabet: pruned and exhaustive runs agree to the last bit.
 */
#define HEAP 20000
static void check_heap(size_t count, size_t per_segment)
{
    static const char *const chars[] = {"净", "利", "润", "增", "长",  "公",
                                        "司", "股", "，", "A1", "b2 ", "c3 "};
    static char text[HEAP][400];
    static struct mini_filing filings[HEAP];
    uint64_t seed = 11;
    for (size_t i = 0; i < count; i++) {
        size_t size = 0, n = 3 + i % 60;
        for (size_t k = 0; k < n; k++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            uint64_t a = (seed >> 33) % GS_COUNT_OF(chars), b = (seed >> 45) % GS_COUNT_OF(chars);
            size += (size_t)snprintf(text[i] + size, sizeof(text[i]) - size, "%s",
                                     chars[a < b ? a : b]);
        }
        filings[i] = (struct mini_filing){.text = text[i], .deleted = i % 7 == 3};
    }
    struct index x = {.folder = test_folder_create()};
    mini_index_write(x.folder, filings, count, per_segment);
    assert_ok(gs_snapshot_open(&x.snapshot, x.folder, NULL));
    assert_ok(gs_search_create(&x.search));
    static const char *const queries[] = {"净利润增长",
                                          "公司股 股，A1",
                                          "净利 利润 A1 c3 b2",
                                          "\"净利润\" 增长 增长",
                                          "股",
                                          "c3 公司公司",
                                          "\"净利 润增\" \"公司，股\" 长公"};
    for (size_t i = 0; i < GS_COUNT_OF(queries); i++) {
        struct gs_query *q = parse(queries[i], GS_QUERY_ANY);
        struct gs_search_options o = {.limit = SIZE_MAX, .k1 = 1.2, .b = 0.75, .exhaustive = true};
        struct gs_result all, best;
        run(&x, q, &o, &all);
        assert_true(all.total_exact);
        struct gs_hit *hits = malloc((all.hit_count + 1) * sizeof(*hits));
        assert_non_null(hits);
        memcpy(hits, all.hits, all.hit_count * sizeof(*hits));
        uint64_t total = all.total;
        for (size_t limit = 1; limit < 200; limit += 1 + limit) {
            o = (struct gs_search_options){.limit = limit, .k1 = 1.2, .b = 0.75};
            run(&x, q, &o, &best);
            assert_int_equal(best.hit_count, limit < total ? limit : total);
            assert_true(best.total_exact ? best.total == total
                                         : best.total <= total && best.total >= best.hit_count);
            for (size_t k = 0; k < best.hit_count; k++) {
                assert_int_equal(best.hits[k].sequence, hits[k].sequence);
                assert_true(best.hits[k].score == hits[k].score);
            }
        }
        free(hits);
        gs_query_free(q);
    }
    index_close(&x);
}

static void test_pruning(void **state)
{
    (void)state;
    check_heap(3000, 1100);
    check_heap(HEAP, HEAP); /* enough for bounds by range */
}

/* Hits that were ranked without being scored are looked up one by one: a character may be asked for
 * a filing in the middle of them first. */
static void test_hits_scored_later(void **state)
{
    (void)state;
    static const struct mini_filing filings[] = {{.text = "净"},
                                                 {.text = "增，净，增，净"},
                                                 {.text = "净，长"},
                                                 {.text = "净，长，长"},
                                                 {.text = "增，净，长，长，长"}};
    struct index x = {.folder = test_folder_create()};
    struct gs_result r;
    mini_index_write(x.folder, filings, GS_COUNT_OF(filings), 5);
    assert_ok(gs_snapshot_open(&x.snapshot, x.folder, NULL));
    assert_ok(gs_search_create(&x.search));
    struct gs_query *q = parse("\"增，净\" | 净", GS_QUERY_SYNTAX);
    struct gs_search_options o = gs_search_defaults();
    o.sort = GS_SORT_LENGTH;
    assert_ok(gs_search_run(x.search, &x.snapshot, q, &o, &r, NULL));
    assert_int_equal(r.hit_count, 5);
    for (size_t i = 0; i < r.hit_count; i++) {
        uint64_t sequence = r.hits[i].sequence;
        assert_int_equal(r.hits[i].counts[0], sequence == 1 ? 2 : sequence == 4);
        assert_int_equal(r.hits[i].counts[1], sequence == 1 ? 2 : 1);
    }
    gs_query_free(q);
    index_close(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hits_scored_later), cmocka_unit_test(test_rows),
        cmocka_unit_test(test_leaf_totals),       cmocka_unit_test(test_paging),
        cmocka_unit_test(test_pruning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
