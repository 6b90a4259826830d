/* indexer: the pages of the sample corpora (where they are present) give the tokens of their text
 * twins, all of them. The headings of these pages stand in title attributes only. */
#include "indexer/extract_html.h"
#include "tests/support/corpus.h"
#include "tests/support/test.h"
#include "tests/support/token_bag.h"

#define PAGES      "fddc_html/html.tar.zst"
#define TWINS      "fddc_html/docs.jsonl.zst"
#define PAGES_MAX  2000
#define PAGE_BYTES ((size_t)4 << 20)

struct page {
    char *name; /* html/1011103.html */
    struct gs_buf bag;
};

struct pages {
    struct page page[PAGES_MAX];
    size_t count;
};

static void take_page(void *ctx, const char *name, const struct gs_buf *bytes)
{
    struct pages *all = ctx;
    struct gs_extract_params params = {.text_max = 3 * PAGE_BYTES};
    struct gs_extracted x;
    struct gs_err err = {0};
    assert_true(all->count < PAGES_MAX);
    struct page *page = &all->page[all->count++];
    gs_extracted_init(&x, params.text_max);
    gs_buf_init(&page->bag, 64 * PAGE_BYTES);
    page->name = strdup(name);
    assert_ok_err(gs_extract_html(bytes->data, bytes->size, &params, &x, &err), &err);
    assert_null(x.encoding);
    assert_int_equal(x.replaced, 0);
    token_bag(x.text.data, x.text.size, &page->bag);
    gs_extracted_release(&x);
}

/* "fddc-1011103" is the twin of html/1011103.html. */
static const struct page *page_of(const struct pages *all, const char *id)
{
    char name[64];
    snprintf(name, sizeof name, "html/%.40s.html", strchr(id, '-') ? strchr(id, '-') + 1 : id);
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->page[i].name, name) == 0)
            return &all->page[i];
    test_fail("%s has no page", id);
}

static void pages_give_the_tokens_of_their_twins(void **state)
{
    (void)state;
    corpus_needed();
    static struct pages all;
    struct gs_err err = {0};
    struct corpus_doc doc;
    struct gs_buf bag;
    size_t count = 0, same = 0, agree = 0;
    double worst = 1;
    gs_buf_init(&bag, 64 * PAGE_BYTES);
    corpus_each_file(PAGES, PAGE_BYTES, take_page, &all);
    struct corpus *twins = corpus_open_sample(TWINS, &err);
    assert_non_null(twins);
    while (corpus_next(twins, &doc, &err) == 1) {
        token_bag(doc.text, doc.text_size, &bag);
        double share = token_bag_share(&bag, &page_of(&all, doc.id)->bag);
        if (share < 0.98)
            print_message("%s: %.2f%% of the tokens agree\n", doc.id, 100 * share);
        worst = share < worst ? share : worst;
        same += share == 1;
        agree += share >= 0.98;
        count++;
    }
    print_message("%zu pages: %zu with the same tokens, %zu agree to 98%%, worst %.2f%%\n", count,
                  same, agree, 100 * worst);
    assert_int_equal(count, 1539);
    assert_int_equal(same, count);
    corpus_close(twins);
    for (size_t i = 0; i < all.count; i++) {
        free(all.page[i].name);
        gs_buf_release(&all.page[i].bag);
    }
    gs_buf_release(&bag);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_give_the_tokens_of_their_twins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
