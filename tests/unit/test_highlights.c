/*
 * What is marked in fragments: for every hit of random queries, on real filings (where the sample
 * corpora are present) and on random ones, the marked characters are those that the query looks
 * for (tests/support/ref_marks.h).
 *
 * GAOSOU_SEED as in test_oracle_tokens.c; GAOSOU_CASES is the number of queries of each corpus.
 */
#include "query/results.h"
#include "tests/support/built_index.h"
#include "tests/support/corpus.h"
#include "tests/support/random_world.h"
#include "tests/support/ref_marks.h"
#include "tests/support/test.h"

struct shown {
    const char *name, *folder;
    struct gs_snapshot snapshot;
    struct gs_search *search;
    struct gs_results_builder *builder;
    size_t hits, fragments, spans, failures;
};

static void fail_span(struct shown *s, const struct gs_buf *query, enum gs_query_mode mode,
                      const struct gs_results_fragment *f, size_t span)
{
    char *asked = test_escape(query->data ? (const char *)query->data : "", query->size);
    char *text = test_escape(f->text.bytes, f->text.size);
    bool is_span = span < f->span_count;
    print_error("%s: query %s mode %d\n  fragment %s\n  span %zu: %u to %u\n", s->name, asked,
                (int)mode, text, span, is_span ? f->spans[span].start : 0,
                is_span ? f->spans[span].end : 0);
    free(asked);
    free(text);
    s->failures++;
}

static bool begins_with(const struct gs_str *text, size_t at, const char *with)
{
    return at + strlen(with) <= text->size && memcmp(text->bytes + at, with, strlen(with)) == 0;
}

/* A fragment's edges, and ellipses, are where an occurrence may be cut. */
static void check_fragment(struct shown *s, const struct gs_buf *text, const struct ref_query *q,
                           enum gs_query_mode mode, const struct gs_results_fragment *f)
{
    if (f->span_count == 0)
        fail_span(s, text, mode, f, 0);
    for (size_t i = 0; i < f->span_count; i++) {
        uint32_t start = f->spans[i].start, end = f->spans[i].end;
        bool valid = start < end && end <= f->text.size;
        bool open_start = start == 0 || (start == 3 && begins_with(&f->text, 0, "…"));
        bool open_end = end == f->text.size || begins_with(&f->text, end, "…");
        if (!valid || !ref_marks_fit(q, (const uint8_t *)f->text.bytes + start, end - start,
                                     open_start, open_end))
            fail_span(s, text, mode, f, i);
        s->spans++;
    }
    s->fragments++;
}

static void check_answer(struct shown *s, const struct gs_buf *text, const struct gs_query *query,
                         const struct ref_query *reference)
{
    struct gs_err err;
    struct gs_result result;
    struct gs_search_options options = gs_search_defaults();
    options.limit = 3;
    assert_ok_err(gs_search_run(s->search, &s->snapshot, query, &options, &result, &err), &err);
    if (!s->builder)
        assert_ok_err(
            gs_results_builder_create(&s->builder, s->search, &s->snapshot, query, true, &err),
            &err);
    else
        assert_ok_err(gs_results_builder_renew(s->builder, s->search, &s->snapshot, query, &err),
                      &err);
    for (size_t i = 0; i < result.hit_count; i++) {
        struct gs_results_hit hit;
        struct gs_hit found = result.hits[i];
        assert_ok_err(gs_results_fill(s->builder, &found, i + 1, &hit, &err), &err);
        for (size_t k = 0; k < hit.fragment_count; k++)
            check_fragment(s, text, reference, query->mode, &hit.fragments[k]);
        s->hits++;
    }
}

/* Words of more than 64 bytes are known by their hash alone. */
static bool has_hashed_word(const struct ref_query *q)
{
    bool hashed = false;
    for (size_t i = 0; i < q->leaves.count; i++)
        for (size_t k = 0; k < q->leaves.at[i].items.count; k++)
            hashed |= q->leaves.at[i].items.at[k].size == GS_WORD_MAX;
    return hashed;
}

static void ask(struct shown *s, const struct gs_buf *text, const struct question *asked)
{
    struct gs_err err;
    struct gs_query *query = NULL;
    struct ref_query reference = {0};
    struct gs_query_params params = question_params(asked);
    const char *bytes = text->data ? (const char *)text->data : "";
    enum gaosou_status status = gs_query_parse(&query, bytes, text->size, &params, &err);
    if (status == GAOSOU_OK &&
        ref_query_parse(&reference, bytes, text->size, &params) == GAOSOU_OK &&
        !has_hashed_word(&reference))
        check_answer(s, text, query, &reference);
    gs_query_free(query);
    ref_query_release(&reference);
}

static void ask_queries(struct shown *s, const struct built_filing *filings, size_t count,
                        const struct random_corpus *corpus, struct random_source *r, size_t queries)
{
    struct gs_buf text;
    struct gs_err err;
    gs_buf_init(&text, 1 << 20);
    assert_ok_err(gs_snapshot_open(&s->snapshot, s->folder, &err), &err);
    assert_ok(gs_search_create(&s->search));
    for (size_t i = 0; i < queries && s->failures < 20; i++) {
        const struct built_filing *f = &filings[random_below(r, (uint32_t)count)];
        struct question asked;
        random_question(corpus, r, &asked);
        asked.filters[0] = asked.synonyms[0] = '\0';
        gs_buf_clear(&text);
        random_query(corpus, r, asked.mode, false, f->text, f->size, &text);
        ask(s, &text, &asked);
    }
    print_message("%s: %zu filings, %zu queries, %zu hits, %zu fragments, %zu marks\n", s->name,
                  count, queries, s->hits, s->fragments, s->spans);
    gs_results_builder_free(s->builder);
    gs_search_free(s->search);
    gs_snapshot_close(&s->snapshot);
    gs_buf_release(&text);
    assert_int_equal(s->failures, 0);
}

static void free_filings(struct built_filing *filings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free((void *)(uintptr_t)filings[i].id);
        free((void *)(uintptr_t)filings[i].title);
        free((void *)(uintptr_t)filings[i].text);
    }
    free(filings);
}

static struct built_filing make_filing(size_t number, const void *title, size_t title_size,
                                       const void *text, size_t size)
{
    struct built_filing f = {.size = size};
    char id[24];
    uint8_t *copy = malloc(size + 1);
    assert_non_null(copy);
    memcpy(copy, text, size);
    snprintf(id, sizeof(id), "%zu", number);
    f.id = strdup(id);
    f.title = title_size ? strndup(title, title_size) : NULL;
    f.text = copy;
    return f;
}

static void build_and_ask(const char *name, struct built_filing *filings, size_t count,
                          const struct random_corpus *corpus, struct random_source *r,
                          size_t queries)
{
    char *root = test_folder_create(), *folder = test_path(root, "index");
    struct shown s = {.name = name, .folder = folder};
    built_index_add(folder, filings, count, &(struct built_params){.threads = 2});
    ask_queries(&s, filings, count, corpus, r, queries);
    free(folder);
    test_folder_remove(root);
}

/* Every step-th filing, of at most most_bytes. */
static void check_sample(const char *name, size_t count, size_t step, size_t most_bytes,
                         size_t queries)
{
    struct gs_err err;
    struct corpus *corpus = corpus_open_sample(name, &err);
    struct corpus_doc doc;
    struct random_source r = {test_env_number("GAOSOU_SEED", 1) + step};
    struct random_corpus alphabet;
    size_t kept = 0;
    if (!corpus) {
        print_message("skipped: %s is not here\n", name);
        return;
    }
    struct built_filing *filings = calloc(count, sizeof(*filings));
    assert_non_null(filings);
    for (size_t i = 0; kept < count && corpus_next(corpus, &doc, &err) == 1; i++)
        if (i % step == 0 && doc.text_size > 0 && doc.text_size <= most_bytes) {
            filings[kept] = make_filing(kept, doc.title, doc.title_size, doc.text, doc.text_size);
            kept++;
        }
    corpus_close(corpus);
    random_corpus_init(&alphabet, &r);
    if (kept > 0)
        build_and_ask(name, filings, kept, &alphabet, &r, test_env_number("GAOSOU_CASES", queries));
    free_filings(filings, kept);
}

static void test_real_filings(void **state)
{
    (void)state;
    corpus_needed();
    check_sample("news/docs.jsonl.zst", 2000, 13, SIZE_MAX, 4000);
    check_sample("prospectus/pages.jsonl.zst", 1000, 7, SIZE_MAX, 3000);
    check_sample("hkex_ipo/docs.jsonl.zst", 40, 2, 400000, 1500);
    check_sample("prospectus/fulldocs.jsonl.zst", 6, 3, 2000000, 1500);
}

static void test_random_filings(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct random_source r = {test_env_number("GAOSOU_SEED", 1) * 1000 + seed};
        struct random_corpus corpus;
        struct gs_buf text, title;
        struct built_filing *filings = calloc(30, sizeof(*filings));
        assert_non_null(filings);
        gs_buf_init(&text, 1 << 20);
        gs_buf_init(&title, 1 << 16);
        random_corpus_init(&corpus, &r);
        for (size_t i = 0; i < 30; i++) {
            gs_buf_clear(&text);
            gs_buf_clear(&title);
            random_filing(&corpus, &r, random_between(&r, 1, 200), &text);
            if (random_once_in(&r, 2))
                random_filing(&corpus, &r, 5, &title);
            filings[i] = make_filing(i, title.data, title.size, text.data, text.size);
        }
        gs_buf_release(&text);
        gs_buf_release(&title);
        build_and_ask("random filings", filings, 30, &corpus, &r, 200);
        free_filings(filings, 30);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_real_filings),
        cmocka_unit_test(test_random_filings),
    };
    return cmocka_run_group_tests_name("highlights", tests, NULL, NULL);
}
