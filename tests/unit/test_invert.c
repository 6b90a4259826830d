/* indexer: what stands in the index is what the analysis gave, whatever the sizes, threads and
 * runs. */
#include "common/base/file.h"
#include "common/text/analysis.h"
#include "indexer/crew.h"
#include "tests/support/built_index.h"
#include "tests/support/random_text.h"
#include "tests/support/test.h"

#include <sys/stat.h>

/* ---- the expected dump, straight from the analysis with spans ---- */

struct occurrence {
    struct gs_term term; /* bytes in `words` */
    uint32_t doc, position;
};

struct expected {
    struct occurrence *at;
    size_t count, capacity;
    char **words;
    size_t word_count, word_capacity;
    struct gs_buf filings;
};

static void expect_one(struct expected *e, const struct gs_term *t, uint32_t doc, uint32_t position)
{
    if (e->count == e->capacity) {
        e->capacity = e->capacity ? e->capacity * 2 : 1024;
        e->at = realloc(e->at, e->capacity * sizeof(*e->at));
    }
    struct occurrence *o = &e->at[e->count++];
    *o = (struct occurrence){*t, doc, position};
    if (!t->is_word)
        return;
    if (e->word_count == e->word_capacity) {
        e->word_capacity = e->word_capacity ? e->word_capacity * 2 : 1024;
        e->words = realloc(e->words, e->word_capacity * sizeof(*e->words));
    }
    char *copy = malloc(t->size);
    memcpy(copy, t->bytes, t->size);
    e->words[e->word_count++] = copy;
    o->term.bytes = (const uint8_t *)copy;
}

static void expect_end(struct expected *e, uint32_t doc, const struct gs_cut_end *end)
{
    uint32_t kinds = end->kinds;
    kinds |= kinds & GS_END_HEADING ? GS_END_PARAGRAPH : 0;
    kinds |= GS_END_SENTENCE;
    for (uint32_t i = 0; i < 3; i++) {
        struct gs_term t = {.second = GS_STRUCT_SENTENCE + i};
        if (kinds >> i & 1)
            expect_one(e, &t, doc, end->position);
    }
}

static void expect_filing(struct expected *e, uint32_t doc, const struct built_filing *f)
{
    struct gs_analysis a;
    struct gs_buf content;
    uint32_t title_size = 0;
    gs_buf_init(&content, (size_t)1 << 28);
    gs_content_build(&content, (const uint8_t *)f->title, f->title ? strlen(f->title) : 0, f->text,
                     f->size, &title_size);
    assert_ok(gs_analysis_init(&a, true));
    assert_ok(gs_analysis_begin(&a, content.data, content.size, title_size, NULL));
    while (a.offset < content.size) {
        assert_ok(gs_analysis_chunk(&a, (uint32_t)content.size));
        for (size_t i = 0; i < a.batch.token_count; i++)
            expect_one(e, &a.batch.tokens[i].term, doc, a.batch.tokens[i].position);
        for (size_t i = 0; i < a.batch.end_count; i++)
            expect_end(e, doc, &a.batch.ends[i]);
    }
    gs_buf_printf(&e->filings, "@%u\t%s\t%u\t%u\t%zu\t0\t%s\n", doc, f->id, doc + 1,
                  content.size ? gs_analysis_length(&a) : 0, content.size,
                  f->title ? f->title : "");
    gs_analysis_release(&a);
    gs_buf_release(&content);
}

static int by_term_doc_position(const void *a, const void *b)
{
    const struct occurrence *x = a, *y = b;
    int order = gs_term_compare(&x->term, &y->term);
    if (order != 0)
        return order;
    if (x->doc != y->doc)
        return x->doc < y->doc ? -1 : 1;
    return x->position < y->position ? -1 : x->position > y->position;
}

/* One term's occurrences [from, to), two marks of one kind at one position being one. */
static void print_term(struct occurrence *at, size_t count, struct gs_buf *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || at[kept - 1].doc != at[i].doc || at[kept - 1].position != at[i].position)
            at[kept++] = at[i];
    }
    uint32_t df = 0;
    for (size_t i = 0; i < kept; i++)
        df += i == 0 || at[i].doc != at[i - 1].doc;
    char name[GS_TERM_TEXT_CAP];
    gs_buf_printf(out, "%s\t%u\t%zu\n", gs_term_text(&at[0].term, name), df, kept);
    for (size_t i = 0; i < kept;) {
        size_t end = i;
        while (end < kept && at[end].doc == at[i].doc)
            end++;
        gs_buf_printf(out, " %u:%zu:", at[i].doc, end - i);
        for (size_t k = i; k < end; k++)
            gs_buf_printf(out, k > i ? ",%u" : "%u", at[k].position);
        gs_buf_append_u8(out, '\n');
        i = end;
    }
}

static void expected_dump(const struct built_filing *filings, size_t count, struct gs_buf *out)
{
    struct expected e = {0};
    gs_buf_init(&e.filings, (size_t)1 << 24);
    for (size_t i = 0; i < count; i++)
        expect_filing(&e, (uint32_t)i, &filings[i]);
    if (e.count > 0)
        qsort(e.at, e.count, sizeof(*e.at), by_term_doc_position);
    gs_buf_append(out, e.filings.data, e.filings.size);
    for (size_t i = 0; i < e.count;) {
        size_t end = i;
        while (end < e.count && gs_term_compare(&e.at[end].term, &e.at[i].term) == 0)
            end++;
        print_term(e.at + i, end - i, out);
        i = end;
    }
    for (size_t i = 0; i < e.word_count; i++)
        free(e.words[i]);
    free(e.words);
    free(e.at);
    gs_buf_release(&e.filings);
}

static void assert_same_text(const struct gs_buf *got, const struct gs_buf *wanted)
{
    size_t n = got->size < wanted->size ? got->size : wanted->size, i = 0;
    while (i < n && got->data[i] == wanted->data[i])
        i++;
    if (i == got->size && i == wanted->size)
        return;
    size_t from = i > 60 ? i - 60 : 0;
    size_t a = got->size - from < 160 ? got->size - from : 160;
    size_t b = wanted->size - from < 160 ? wanted->size - from : 160;
    test_fail("differs at byte %zu:\ngot    %.*s\nwanted %.*s", i, (int)a,
              (const char *)got->data + from, (int)b, (const char *)wanted->data + from);
}

/* ---- inputs ---- */

#define TEXTS_MAX 512

struct texts {
    struct gs_buf bytes[TEXTS_MAX];
    char ids[TEXTS_MAX][24];
    struct built_filing filings[TEXTS_MAX];
    size_t count;
};

static struct gs_buf *new_text(struct texts *t, const char *title)
{
    struct gs_buf *b = &t->bytes[t->count];
    gs_buf_init(b, (size_t)1 << 26);
    snprintf(t->ids[t->count], sizeof(t->ids[0]), "f%zu", t->count);
    t->filings[t->count] = (struct built_filing){.id = t->ids[t->count], .title = title};
    t->count++;
    return b;
}

/* The buffers do not move any more. */
static void settle(struct texts *t)
{
    for (size_t i = 0; i < t->count; i++) {
        t->filings[i].text = t->bytes[i].data;
        t->filings[i].size = t->bytes[i].size;
    }
}

static void texts_free(struct texts *t)
{
    for (size_t i = 0; i < t->count; i++)
        gs_buf_release(&t->bytes[i]);
    free(t);
}

static void append_char(struct gs_buf *b, uint32_t cp)
{
    if (cp >= 0x10000) {
        gs_buf_append_u8(b, (uint8_t)(0xF0 | cp >> 18));
        gs_buf_append_u8(b, (uint8_t)(0x80 | (cp >> 12 & 63)));
    } else {
        gs_buf_append_u8(b, (uint8_t)(0xE0 | cp >> 12));
    }
    gs_buf_append_u8(b, (uint8_t)(0x80 | (cp >> 6 & 63)));
    gs_buf_append_u8(b, (uint8_t)(0x80 | (cp & 63)));
}

static struct texts *mixed_texts(uint64_t seed)
{
    struct random_source r = {seed};
    struct texts *t = calloc(1, sizeof(*t));
    for (size_t i = 0; i < 60; i++) {
        struct gs_buf *b = new_text(t, i % 3 ? NULL : "瑞芯微电子 2023年年度报告");
        if (i % 7 == 0)
            continue; /* no text at all */
        if (i % 2)
            random_soup(&r, random_below(&r, 2000), false, b);
        else
            random_pages(&r, random_below(&r, 200), b);
        for (unsigned k = random_below(&r, 40); k > 0; k--) /* outside the BMP, and beside it */
            append_char(b, RANDOM_OF(&r, ((const uint32_t[]){0x20000, 0x20001, 0x2A6D6, 0x4E00,
                                                             0x4E01, 0x9FFF, 0x30000, 0xAC00})));
    }
    settle(t);
    return t;
}

static void compare_with_analysis(const struct texts *t, const struct built_params *params)
{
    char *folder = test_folder_create(), *index = test_path(folder, "index");
    struct gs_buf got, wanted;
    gs_buf_init(&got, (size_t)1 << 30);
    gs_buf_init(&wanted, (size_t)1 << 30);
    (void)built_index_add(index, t->filings, t->count, params);
    built_index_check(index);
    built_index_dump(index, NULL, &got);
    expected_dump(t->filings, t->count, &wanted);
    assert_same_text(&got, &wanted);
    gs_buf_release(&got);
    gs_buf_release(&wanted);
    free(index);
    test_folder_remove(folder);
}

/* ---- tests ---- */

static void random_filings(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct texts *t = mixed_texts(seed);
        struct built_params params = {.threads = seed % 3 ? 1 : 2, .no_text = seed % 2};
        compare_with_analysis(t, &params);
        texts_free(t);
    }
}

/* More tokens in one partition than are sorted at once, with little and with much scratch. */
static void large_partitions(void **state)
{
    (void)state;
    struct random_source r = {7};
    struct texts *t = calloc(1, sizeof(*t));
    for (int i = 0; i < 3; i++) {
        struct gs_buf *b = new_text(t, NULL);
        for (int k = 0; k < 60000; k++) /* sixteen firsts, one of them nine times in ten */
            append_char(b, random_below(&r, 10) ? 0x5160 : 0x5160 + random_below(&r, 16));
        for (int k = 0; k < 40000; k++)
            gs_buf_printf(b, " %u", 2000 + random_below(&r, 300));
    }
    settle(t);
    compare_with_analysis(t, &(struct built_params){.threads = 1});
    compare_with_analysis(t, &(struct built_params){.threads = 4, .memory = (uint64_t)64 << 20});
    texts_free(t);
}

/* A wide character in a large partition: its terms stand among the others. */
static void wide_terms_in_a_large_partition(void **state)
{
    (void)state;
    struct random_source r = {9};
    struct texts *t = calloc(1, sizeof(*t));
    struct gs_buf *b = new_text(t, NULL);
    for (int k = 0; k < 100000; k++)
        append_char(b, random_below(&r, 50) ? 0x4E00 + random_below(&r, 16)
                                            : 0x20000 + random_below(&r, 3));
    settle(t);
    compare_with_analysis(t, &(struct built_params){.threads = 2});
    compare_with_analysis(t, &(struct built_params){.threads = 2, .memory = (uint64_t)64 << 20});
    texts_free(t);
}

/* An end that the cutter holds back while much else comes, and a long pending number. */
static void ends_and_numbers_that_come_late(void **state)
{
    (void)state;
    struct texts *t = calloc(1, sizeof(*t));
    for (int i = 0; i < 2; i++) {
        struct gs_buf *b = new_text(t, NULL);
        gs_buf_append_str(b, "研发人员。");
        for (int k = 0; k < 30000; k++)
            gs_buf_append_str(b, i ? "一 二三 净利润增长 " : "、、、");
        for (int k = 0; k < 9000; k++) {
            for (int m = 0; m < 13; m++)
                gs_buf_append_str(b, "a1.2.3.4.5.6.7.8.9.");
            gs_buf_append_str(b, "甲");
            if (i && k % 100 == 0)
                gs_buf_append_str(b, "。\n");
        }
    }
    settle(t);
    compare_with_analysis(t, &(struct built_params){.threads = 1});
    texts_free(t);
}

static void many_runs(void **state)
{
    (void)state;
    struct random_source r = {11};
    struct texts *t = calloc(1, sizeof(*t));
    for (int i = 0; i < 400; i++)
        random_pages(&r, 250, new_text(t, NULL));
    settle(t);
    char *folder = test_folder_create(), *index = test_path(folder, "index");
    struct built_params params = {
        .threads = 2, .memory = (uint64_t)64 << 20, .run_bytes = (uint64_t)1 << 20};
    size_t segments = built_index_add(index, t->filings, t->count, &params);
    assert_true(segments > 2);
    free(index);
    test_folder_remove(folder);
    compare_with_analysis(t, &params);
    texts_free(t);
}

static void assert_same_files(const char *a, const char *b, size_t segments)
{
    for (size_t i = 0; i <= segments; i++) {
        char *x = i ? test_path(a, "%010zu.seg", i) : test_path(a, "manifest");
        char *y = i ? test_path(b, "%010zu.seg", i) : test_path(b, "manifest");
        struct gs_buf p, q;
        gs_buf_init(&p, (size_t)1 << 30);
        gs_buf_init(&q, (size_t)1 << 30);
        assert_ok(gs_file_read(x, &p, NULL));
        assert_ok(gs_file_read(y, &q, NULL));
        assert_int_equal(p.size, q.size);
        assert_memory_equal(p.data, q.data, p.size);
        gs_buf_release(&p);
        gs_buf_release(&q);
        free(x);
        free(y);
    }
}

static void same_bytes_for_any_number_of_threads(void **state)
{
    (void)state;
    struct random_source r = {13};
    struct texts *t = calloc(1, sizeof(*t));
    for (int i = 0; i < 300; i++)
        random_pages(&r, 200 + random_below(&r, 400), new_text(t, i % 2 ? "标题" : NULL));
    settle(t);
    char *folder = test_folder_create();
    static const unsigned threads[] = {1, 2, 3, 8, 17};
    char *one = NULL;
    size_t segments = 0;
    for (size_t i = 0; i < GS_COUNT_OF(threads); i++) {
        char *index = test_path(folder, "t%u", threads[i]);
        struct built_params params = {
            .threads = threads[i], .memory = (uint64_t)64 << 20, .run_bytes = (uint64_t)3 << 20};
        size_t n = built_index_add(index, t->filings, t->count, &params);
        if (i == 0) {
            one = index;
            segments = n;
            assert_true(n > 1);
            continue;
        }
        assert_int_equal(n, segments);
        assert_same_files(one, index, segments);
        free(index);
    }
    free(one);
    test_folder_remove(folder);
    texts_free(t);
}

static void an_id_given_again_replaces(void **state)
{
    (void)state;
    char *folder = test_folder_create(), *index = test_path(folder, "index");
    const struct built_filing first[] = {
        {"a", NULL, "一二", 6}, {"b", NULL, "二三", 6}, {"a", "新", "三四", 6}};
    const struct built_filing second[] = {{"b", NULL, "四五", 6}, {"c", NULL, "", 0}};
    struct built_params params = {0};
    struct gs_buf dump;
    gs_buf_init(&dump, 1 << 20);
    (void)built_index_add(index, first, 3, &params);
    built_index_check(index);
    built_index_dump(index, NULL, &dump);
    gs_buf_append_u8(&dump, 0);
    assert_non_null(strstr((char *)dump.data, "@0\tb\t2\t2\t6\t0\t\n@1\ta\t3\t3\t11\t0\t新\n"));
    assert_null(strstr((char *)dump.data, "一二"));
    assert_int_equal(built_index_add(index, second, 2, &params), 2);
    built_index_check(index);
    gs_buf_clear(&dump);
    built_index_dump(index, NULL, &dump);
    gs_buf_append_u8(&dump, 0);
    assert_non_null(
        strstr((char *)dump.data, "@0\ta\t3\t3\t11\t0\t新\n@1\tb\t4\t2\t6\t0\t\n@2\tc\t5\t0\t0\t"));
    assert_null(strstr((char *)dump.data, "二三"));
    /* A segment that nothing lives in any more is dropped. */
    const struct built_filing third[] = {{"a", NULL, "六", 3}};
    assert_int_equal(built_index_add(index, third, 1, &params), 2);
    assert_true(built_index_delete(index, "c"));
    assert_false(built_index_delete(index, "c"));
    built_index_check(index);
    gs_buf_release(&dump);
    free(index);
    test_folder_remove(folder);
}

/* ---- the crew ---- */

struct square {
    struct gs_job job;
    uint64_t in, out;
};

static void square_run(struct gs_job *job, unsigned worker)
{
    struct square *s = (struct square *)job;
    (void)worker;
    s->out = s->in * s->in;
}

static uint64_t consumed, fail_at = UINT64_MAX;

static enum gaosou_status square_consume(struct gs_job *job, struct gs_err *err)
{
    struct square *s = (struct square *)job;
    if (s->in == fail_at)
        return gs_err_set(err, GAOSOU_E_IO, "job %llu", (unsigned long long)s->in);
    assert_true(s->in == consumed && s->out == consumed * consumed);
    consumed++;
    return GAOSOU_OK;
}

static void the_crew_consumes_in_order(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 9; threads += 4) {
        for (int failing = 0; failing < 2; failing++) {
            struct gs_crew *c;
            struct gs_err err = {0};
            static struct square jobs[GS_CREW_WINDOW_MAX];
            assert_ok(gs_crew_create(&c, threads, NULL));
            consumed = 0;
            fail_at = failing ? 500 : UINT64_MAX;
            enum gaosou_status status = GAOSOU_OK;
            for (uint64_t i = 0; i < 1000 && status == GAOSOU_OK; i++) {
                struct square *s = &jobs[i % gs_crew_window(c)];
                *s = (struct square){{square_run, square_consume}, i, 0};
                status = gs_crew_submit(c, &s->job, &err);
            }
            if (status == GAOSOU_OK)
                status = gs_crew_drain(c, &err);
            assert_int_equal(status, failing ? GAOSOU_E_IO : GAOSOU_OK);
            assert_int_equal(consumed, failing ? 500 : 1000);
            if (failing)
                assert_string_equal(err.text, "job 500");
            gs_crew_free(c);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_crew_consumes_in_order),
        cmocka_unit_test(an_id_given_again_replaces),
        cmocka_unit_test(random_filings),
        cmocka_unit_test(large_partitions),
        cmocka_unit_test(wide_terms_in_a_large_partition),
        cmocka_unit_test(ends_and_numbers_that_come_late),
        cmocka_unit_test(many_runs),
        cmocka_unit_test(same_bytes_for_any_number_of_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
