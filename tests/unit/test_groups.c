/*
 * Groups and patterns over small indexes: which filings, how many occurrences are left of each
 * leaf, and where they stand.
 */
#include "query/pattern.h"
#include "query/search.h"
#include "tests/support/mini_index.h"
#include "tests/support/test.h"

static const struct mini_filing FILINGS[] = {
    /* 0 */ {.title = "募投公告",
             .text =
                 "募投项目产能增长。营业收入下降，净利润增长。\n型号RK3588和RK3568，产能RK35。"},
    /* 1 */ {.text = "募投项目建设。产能不足。净利润下降。"},
    /* 2 */ {.text = "产能与一二三四五六七募投，净利润。\n净利润增长率为百分之五；亏损增长。"},
    /* 3 */ {.text = "增长增长增长下降"},
    /* 4 */ {.text = "甲乙。甲丙。乙丙。\n甲乙丙。\n甲。"},
    /* 5 */ {.text = "甲乙丙。", .deleted = true},
    /* 6 */ {.text = "净利\n润下降。增长"},
    /* 7 */ {.text = "丁甲乙丁一二三四五六七八九十甲二三四五六乙"},
};

/* "filing:count,count filing:…"; a leaf's counts in leaf order. */
static const struct row {
    const char *query, *wanted;
} ROWS[] = {
    /* near */
    {"NEAR/0(募投 产能)", ""},
    {"NEAR/2(募投 产能)", "0:1,1"},
    {"NEAR/2(产能 募投)", "0:1,1"},
    {"NEAR/6(募投 产能)", "0:1,1 1:1,1"},
    {"NEAR/5(募投 产能)", "0:1,1 1:1,1"},
    {"NEAR/4(募投 产能)", "0:1,1"},
    {"NEAR/8(募投 产能)", "0:2,1 1:1,1 2:1,1"},
    {"NEAR/1000(募投 产能)", "0:2,2 1:1,1 2:1,1"},
    {"\"募投 产能\"~2", "0:1,1"},
    {"NEAR/0(增长 下降)", "3:1,1"},
    {"NEAR/2(增长 下降)", "3:2,1 6:1,1"},
    {"NEAR/0(增长 增长)", "0:2,2 2:2,2 3:3,3 6:1,1"},
    {"NEAR/0(净利润 利润)", "0:1,1 1:1,1 2:2,2 6:1,1"},
    {"NEAR/1(营业|净利 增长|下降)", "0:1,1,2,1 1:0,1,0,1 2:0,1,1,0 6:0,1,0,1"},
    {"NEAR/0(甲 乙 丙)", ""},
    {"NEAR/1(丙 乙 甲)", "4:1,1,1"},
    {"NEAR/1(丁 甲 乙)", "7:2,1,1"},
    {"NEAR/5(甲 乙)", "4:4,3 7:2,2"},
    {"NEAR/0(RK35?8 和)", "0:2,1"},
    {"NEAR(没有 产能)", ""},
    {"title:(NEAR/0(募投 公告))", "0:1,1"},
    {"NEAR/2(title:募投 产能)", ""},
    /* places */
    {"SENTENCE(募投 产能)", "0:1,1 2:1,1"},
    {"SENTENCE(增长)", "0:2 2:2 3:3 6:1"},
    {"PARAGRAPH(净利润 增长)", "0:1,2 2:1,2 6:1,1"},
    {"SENTENCE(净利润 -增长)", "1:1,0 2:1,0 6:1,0"},
    {"PARAGRAPH(净利润 -增长)", "1:1,0 2:1,0"},
    {"SENTENCE(甲 乙)", "4:2,2 7:2,2"},
    {"SENTENCE(甲 乙 -丙)", "4:1,1,0 7:2,2,0"},
    {"SENTENCE(甲 -(乙 丙))", "4:3,0,0 7:2,0,0"},
    {"SENTENCE(甲|丁)", "4:4,0 7:2,2"},
    {"SENTENCE(甲|(乙 没有))", "4:4,2,0 7:2,2,0"},
    {"SENTENCE(净利 润)", "0:1,1 1:1,1 2:2,2 6:1,1"},
    {"SENTENCE(净利润。增)", ""},
    {"净利润 -SENTENCE(净利润 增长)", "1:1,0,0 6:1,0,0"},
    {"PARAGRAPH(SENTENCE(甲 乙) 丙)", "4:2,2,3"},
    {"SENTENCE(PARAGRAPH(甲 乙) 丙)", "4:1,1,1"},
    {"PARAGRAPH(SENTENCE(甲 乙) SENTENCE(乙 丙))", "4:2,2,2,2"},
    {"SENTENCE(SENTENCE(甲 乙))", "4:2,2 7:2,2"},
    {"PARAGRAPH(NEAR/0(甲 乙) NEAR/0(乙 丙))", "4:2,2,2,2"},
    {"SENTENCE(NEAR/0(甲 乙) 丙)", "4:1,1,1"},
    {"SENTENCE(甲 -NEAR/0(甲 乙))", "4:2,0,0"},
    {"SENTENCE(甲|NEAR/0(乙 没有))", "4:4,0,0 7:2,0,0"},
    {"NEAR/1000(甲 RK35)", ""},
    /* with the rest of the language */
    {"SENTENCE(甲 乙)|亏损", "2:0,0,1 4:2,2,0 7:2,2,0"},
    {"(SENTENCE(甲 乙) 丁)|丙", "4:2,2,0,3 7:2,2,2,0"},
    {"(SENTENCE(甲|(乙 丁)) 没有)|丙", "4:4,2,0,0,3"},
    {"甲 -PARAGRAPH(甲 乙 丙)", "7:2,0,0,0"},
    {"甲 SENTENCE(甲 丙)", "4:4,2,2"},
    {"SENTENCE(甲 乙) SENTENCE(乙 丙)", "4:2,2,2,2"},
    /* patterns */
    {"RK35?8", "0:2"},
    {"rk3*", "0:3"},
    {"RK*8", "0:2"},
    {"R*5*8", "0:2"},
    {"RK35??8", ""},
    {"R?35*", "0:3"},
    {"RK3*8和", "0:1"},
    {"产能RK3*5", "0:1"},
};

struct index {
    char *folder;
    struct gs_snapshot snapshot;
    struct gs_search *search;
};

static void index_open(struct index *x, const struct mini_filing *filings, size_t count,
                       size_t per_segment)
{
    struct gs_err err = {0};
    x->folder = test_folder_create();
    mini_index_write(x->folder, filings, count, per_segment);
    assert_ok_err(gs_snapshot_open(&x->snapshot, x->folder, &err), &err);
    assert_ok(gs_search_create(&x->search));
}

static void index_close(struct index *x)
{
    gs_search_free(x->search);
    gs_snapshot_close(&x->snapshot);
    test_folder_remove(x->folder);
}

static struct gs_query *parse(const char *text, enum gs_query_within within)
{
    struct gs_query *q;
    struct gs_err err = {0};
    if (gs_query_parse(&q, text, strlen(text), &(struct gs_query_params){.within = within}, &err))
        test_fail("%s: %s", text, err.text);
    return q;
}

static int by_sequence(const void *a, const void *b)
{
    const struct gs_hit *x = a, *y = b;
    return x->sequence < y->sequence ? -1 : x->sequence > y->sequence;
}

/* As many occurrences of each leaf as the hit counts. */
static void check_occurrences(struct index *x, const struct gs_query *q, const struct gs_hit *h)
{
    struct gs_occurrence *all = NULL;
    size_t count = 0, capacity = 0;
    uint32_t counts[64] = {0};
    assert_ok(gs_search_occurrences(x->search, &x->snapshot, q, h->segment, h->doc, 0, &all, &count,
                                    &capacity, NULL));
    for (size_t i = 0; i < count; i++)
        counts[all[i].leaf]++;
    for (size_t i = 0; i < q->leaf_count; i++)
        assert_int_equal(counts[i], h->counts[i]);
    free(all);
}

static void check_row(struct index *x, const struct row *row, size_t limit)
{
    struct gs_query *q = parse(row->query, GS_WITHIN_FILING);
    struct gs_search_options o = gs_search_defaults();
    struct gs_result r;
    struct gs_err err = {0};
    struct gs_buf out;
    struct gs_hit hits[GS_COUNT_OF(FILINGS)];
    o.limit = limit;
    assert_ok_err(gs_search_run(x->search, &x->snapshot, q, &o, &r, &err), &err);
    assert_true(r.hit_count <= GS_COUNT_OF(hits));
    if (r.hit_count)
        memcpy(hits, r.hits, r.hit_count * sizeof(*hits));
    qsort(hits, r.hit_count, sizeof(*hits), by_sequence);
    gs_buf_init(&out, 1 << 16);
    for (size_t i = 0; i < r.hit_count; i++) {
        gs_buf_printf(&out, "%s%u:", i ? " " : "", (unsigned)hits[i].sequence);
        for (size_t k = 0; k < q->leaf_count; k++)
            gs_buf_printf(&out, "%s%u", k ? "," : "", hits[i].counts[k]);
        check_occurrences(x, q, &hits[i]);
    }
    gs_buf_append_u8(&out, 0);
    if (strcmp((char *)out.data, row->wanted) != 0)
        test_fail("%s: %s, wanted %s", row->query, (char *)out.data, row->wanted);
    assert_int_equal(r.total, r.hit_count);
    gs_buf_release(&out);
    gs_query_free(q);
}

static void test_rows(void **state)
{
    (void)state;
    static const size_t per_segment[] = {100, 3, 1};
    for (size_t k = 0; k < GS_COUNT_OF(per_segment); k++) {
        struct index x;
        index_open(&x, FILINGS, GS_COUNT_OF(FILINGS), per_segment[k]);
        for (size_t i = 0; i < GS_COUNT_OF(ROWS); i++) {
            check_row(&x, &ROWS[i], 10);
            check_row(&x, &ROWS[i], SIZE_MAX);
        }
        index_close(&x);
    }
}

/* Only what belongs to a group is highlighted. */
static void test_places_of_occurrences(void **state)
{
    (void)state;
    struct index x;
    struct gs_occurrence *all = NULL;
    size_t count = 0, capacity = 0;
    index_open(&x, FILINGS, GS_COUNT_OF(FILINGS), 100);
    struct gs_query *q = parse("NEAR/0(乙 丙) 甲", GS_WITHIN_SENTENCE);
    assert_ok(
        gs_search_occurrences(x.search, &x.snapshot, q, 0, 4, 0, &all, &count, &capacity, NULL));
    assert_int_equal(count, 3);
    for (size_t i = 0; i < count; i++) /* 甲乙。甲丙。乙丙。甲乙丙: each 。 and line end a break */
        assert_int_equal(all[i].position, 9 + i);
    gs_query_free(q);
    q = parse("SENTENCE(甲 没有)", GS_WITHIN_FILING); /* a filing that does not match has none */
    assert_ok(
        gs_search_occurrences(x.search, &x.snapshot, q, 0, 4, 0, &all, &count, &capacity, NULL));
    assert_int_equal(count, 0);
    gs_query_free(q);
    free(all);
    index_close(&x);
}

/* ---- limits ---- */

/* `times` copies of one piece in front of the middle and of another behind it. */
static struct gs_query *parse_repeated(const char *front, const char *middle, const char *back,
                                       size_t times)
{
    struct gs_buf text;
    gs_buf_init(&text, (size_t)1 << 20);
    for (size_t i = 0; i < times; i++)
        gs_buf_append_str(&text, front);
    gs_buf_append_str(&text, middle);
    for (size_t i = 0; i < times; i++)
        gs_buf_append_str(&text, back);
    gs_buf_append_u8(&text, 0);
    struct gs_query *q = parse((char *)text.data, GS_WITHIN_FILING);
    gs_buf_release(&text);
    return q;
}

/* Places in places, many leaves and many sentences: linear in what is there. */
static void test_large(void **state)
{
    (void)state;
    enum { SENTENCES = 20000 };
    struct gs_buf text;
    struct index x;
    struct gs_result r;
    struct gs_search_options o = gs_search_defaults();
    gs_buf_init(&text, (size_t)1 << 24);
    for (int i = 0; i < SENTENCES; i++)
        gs_buf_append_str(&text, i % 10 ? "甲乙。" : "甲乙丙。\n");
    gs_buf_append_u8(&text, 0);
    const struct mini_filing filing = {.text = (char *)text.data};
    index_open(&x, &filing, 1, 1);
    struct gs_query *queries[] = {
        parse_repeated("甲|", "SENTENCE(甲 乙 丙)", "|SENTENCE(丙)", 500),
        parse_repeated("SENTENCE(PARAGRAPH(", "甲 -丁", "))", 45),
        parse("NEAR/1000(甲 乙 丙 甲 乙 丙 甲 乙 丙 甲 乙 丙 甲 乙 丙 甲)", GS_WITHIN_FILING),
    };
    for (size_t i = 0; i < GS_COUNT_OF(queries); i++) {
        assert_ok(gs_search_run(x.search, &x.snapshot, queries[i], &o, &r, NULL));
        assert_int_equal(r.total, 1);
        gs_query_free(queries[i]);
    }
    index_close(&x);
    gs_buf_release(&text);
}

/* ---- what a pattern describes ---- */

static void test_patterns(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *word;
        bool matches;
    } rows[] = {
        {"a?c", "abc", true},      {"a?c", "ac", false},        {"a?c", "aéc", true},
        {"a*c", "ac", true},       {"a*c", "abbbc", true},      {"a*c", "abbb", false},
        {"a*b*c", "aXbXbc", true}, {"a*b*c", "acb", false},     {"a*?c", "ac", false},
        {"a*?c", "abc", true},     {"a?b*", "axb", true},       {"a?b*", "axbyy", true},
        {"a*ab", "aaab", true},    {"a*ab", "aaba", false},     {"rk3*8", "rk3588", true},
        {"rk3*8", "rk358", true},  {"rk3*8", "rk3588s", false}, {"1?5", "1.5", true},
        {"a??d", "a中文d", true},  {"a?d", "a中文d", false},    {"a*d", "a中文d", true},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        const char *p = rows[i].pattern, *w = rows[i].word;
        if (gs_pattern_matches((const uint8_t *)p, strlen(p), (const uint8_t *)w, strlen(w)) !=
            rows[i].matches)
            test_fail("%s, %s", p, w);
    }
    assert_int_equal(gs_pattern_fixed((const uint8_t *)"rk?5*", 5), 2);
    assert_int_equal(gs_pattern_fixed((const uint8_t *)"rk", 2), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_places_of_occurrences),
        cmocka_unit_test(test_large),
        cmocka_unit_test(test_patterns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
