/*
 * The engine on real filings, where the sample corpora are present: against the brute-force one,
 * and the counts that must come out on the sample filings.
 */
#include "tests/support/corpus.h"
#include "tests/support/random_world.h"
#include "tests/support/test.h"

/* Some filings of a sample as a history: every step-th, cut to most_bytes at a character. */
static bool load_sample(struct random_history *h, const char *name, size_t count, size_t step,
                        size_t most_bytes)
{
    struct gs_err err;
    struct corpus *corpus = corpus_open_sample(name, &err);
    struct corpus_doc doc;
    if (!corpus)
        return false;
    for (size_t i = 0; i < count * step && corpus_next(corpus, &doc, &err) == 1; i++) {
        char id[24];
        size_t size = doc.text_size < most_bytes ? doc.text_size : most_bytes;
        while (size < doc.text_size && size > 0 && (doc.text[size] & 0xC0) == 0x80)
            size--;
        if (i % step != 0)
            continue;
        snprintf(id, sizeof(id), "%zu", i);
        char *title = doc.title_size ? strndup((const char *)doc.title, doc.title_size) : NULL;
        random_history_add(h, id, title, doc.text, size);
        free(title);
        if (random_once_in(&(struct random_source){i}, 100))
            random_history_step(h, RANDOM_COMMIT, "");
    }
    random_history_step(h, RANDOM_COMMIT, "");
    corpus_close(corpus);
    return h->steps.count > 1;
}

static void test_real_sample(const char *name, size_t count, size_t step, size_t most_bytes,
                             size_t queries)
{
    struct random_history h = {.with_text = true, .threads = 2};
    struct random_source r = {count + step};
    struct gs_buf text;
    struct world w;
    random_corpus_init(&h.corpus, &r);
    if (!load_sample(&h, name, count, step, most_bytes)) {
        print_message("skipped: %s is not here\n", name);
        random_history_release(&h);
        return;
    }
    gs_buf_init(&text, 1 << 20);
    world_open(&w, &h);
    for (size_t i = 0; i < queries; i++) {
        const struct ref_filing *f =
            w.reference.filings.at[random_below(&r, (uint32_t)w.reference.filings.count)];
        struct question ask;
        random_question(&h.corpus, &r, &ask);
        bool read;
        gs_buf_clear(&text);
        random_query(&h.corpus, &r, ask.mode, false, f->content, f->size, &text);
        ask.text = text.size ? (const char *)text.data : "";
        ask.size = text.size;
        if (!world_agree(&w, &ask, i % 4 == 0, &read)) {
            char *shown = test_escape(ask.text, ask.size);
            test_fail("%s, question %zu, mode %d, %s: %s", name, i, (int)ask.mode, shown,
                      w.message);
        }
    }
    print_message("%s: %zu filings, %zu questions\n", name, w.reference.filings.count, queries);
    world_close(&w);
    gs_buf_release(&text);
    random_history_release(&h);
}

static void test_real_filings(void **state)
{
    (void)state;
    if (!corpus_root()) {
        print_message("skipped: no corpora here\n");
        skip();
    }
    test_real_sample("news/docs.jsonl.zst", 200, 7, SIZE_MAX, 120);
    test_real_sample("prospectus/pages.jsonl.zst", 150, 11, SIZE_MAX, 120);
    test_real_sample("hkex_ipo/docs.jsonl.zst", 20, 3, 60000, 60);
}

/* What must come out on the sample filings, 000 to 004. */
static const struct {
    const char *query;
    uint32_t counts[5];
} seed_counts[] = {
    {"净利润", {1, 3, 31, 15, 23}},       {"存货跌价准备", {0, 0, 40, 7, 8}},
    {"可编程片上系统", {0, 0, 17, 0, 0}}, {"知识产权授权使用费", {0, 0, 0, 0, 33}},
    {"可转换公司债券", {0, 0, 24, 1, 0}}, {"应收账款周转率", {0, 0, 8, 0, 20}},
    {"最高端的产品", {1, 0, 0, 0, 0}},    {"金融资产控制", {0, 0, 0, 2, 0}},
    {"研发人员", {0, 2, 10, 14, 74}},     {"芯", {37, 0, 487, 54, 603}},
};

static void check_seed_row(struct world *w, const char *text, const uint32_t counts[5])
{
    struct gs_query *query;
    struct gs_err err;
    struct gs_result result;
    uint32_t got[5] = {0};
    struct gs_search_options options = gs_search_defaults();
    assert_ok_err(
        gs_query_parse(&query, text, strlen(text),
                       &(struct gs_query_params){.mode = GS_QUERY_SYNTAX, .chinese = true}, &err),
        &err);
    assert_ok_err(gs_search_run(w->search, &w->snapshot, query, &options, &result, &err), &err);
    for (size_t i = 0; i < result.hit_count; i++)
        got[(result.hits[i].sequence - w->snapshot.manifest.next_sequence + 5) % 5] =
            result.hits[i].counts[0];
    for (size_t i = 0; i < 5; i++)
        if (got[i] != counts[i])
            test_fail("%s in 00%zu: %u, wanted %u", text, i, got[i], counts[i]);
    gs_query_free(query);
}

static void check_same_answer(struct world *w, const char *one, const char *other)
{
    struct gs_query *query;
    struct gs_err err;
    struct gs_result result;
    struct gs_search_options options = gs_search_defaults();
    uint64_t sequences[2] = {0};
    for (int i = 0; i < 2; i++) {
        const char *text = i ? other : one;
        assert_ok_err(
            gs_query_parse(&query, text, strlen(text),
                           &(struct gs_query_params){.mode = GS_QUERY_SYNTAX, .chinese = true},
                           &err),
            &err);
        assert_ok_err(gs_search_run(w->search, &w->snapshot, query, &options, &result, &err), &err);
        if (result.hit_count == 0)
            test_fail("%s is not found", text);
        sequences[i] = result.hits[0].sequence;
        gs_query_free(query);
    }
    assert_int_equal(sequences[0], sequences[1]);
}

static void test_seed_counts(void **state)
{
    (void)state;
    struct random_history h = {.with_text = true, .threads = 1};
    struct world w;
    for (int i = 0; i < 5 && corpus_root(); i++) {
        char name[32];
        snprintf(name, sizeof(name), "seeds/00%d.txt", i);
        load_sample(&h, name, 1, 1, SIZE_MAX);
    }
    if (h.steps.count < 10) {
        random_history_release(&h);
        print_message("skipped: no sample filings here\n");
        skip();
    }
    for (size_t i = 0; i < h.steps.count; i += 2) /* load_sample numbers within a sample */
        snprintf(h.steps.at[i].id, sizeof(h.steps.at[i].id), "00%zu", i / 2);
    world_open(&w, &h);
    for (size_t i = 0; i < GS_COUNT_OF(seed_counts); i++)
        check_seed_row(&w, seed_counts[i].query, seed_counts[i].counts);
    check_same_answer(&w, "213452.21", "213,452.21");
    check_same_answer(&w, "34670453.65", "18115421.66");
    world_close(&w);
    random_history_release(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_real_filings),
        cmocka_unit_test(test_seed_counts),
    };
    return cmocka_run_group_tests_name("oracle: real filings", tests, NULL, NULL);
}
