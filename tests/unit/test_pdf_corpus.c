/* The PDFs of the sample corpora: each is read whole, and those without a text layer are known. */
#include "tests/support/test.h"

#include "indexer/archive.h"
#include "indexer/extract_pdf.h"
#include "tests/support/corpus.h"

struct tally {
    unsigned files, pages, empty_pages, none, garbage, damaged;
    uint64_t replaced, text;
};

static void read_pdf(const char *name, const struct gs_buf *bytes, struct tally *t)
{
    static const struct gs_extract_params params = {
        .text_max = 64 << 20, .seconds_max = 60, .memory_max = (uint64_t)2 << 30};
    struct gs_extracted x;
    struct gs_err err = {0};
    gs_extracted_init(&x, params.text_max);
    assert_ok_err(gs_extract_pdf(bytes->data, bytes->size, &params, &x, &err), &err);
    printf("    %s: %u pages, %zu bytes%s\n", name, x.pages, x.text.size,
           x.state == GS_TEXT_NONE ? ", no text layer" : "");
    assert_true(x.pages > 0);
    assert_int_equal(x.text.size > 0, x.state == GS_TEXT_READ);
    unsigned feeds = 0;
    for (size_t i = 0; i < x.text.size; i++)
        feeds += x.text.data[i] == '\f';
    if (x.state == GS_TEXT_READ)
        assert_int_equal(feeds, x.pages == 1 ? 1 : x.pages - 1);
    t->files++;
    t->pages += x.pages;
    t->empty_pages += x.pages_without_text;
    t->none += x.state == GS_TEXT_NONE;
    t->garbage += x.state == GS_TEXT_GARBAGE;
    t->damaged += x.damaged;
    t->replaced += x.replaced;
    t->text += x.text.size;
    gs_extracted_release(&x);
}

static struct tally read_corpus(const char *name)
{
    struct tally t = {0};
    struct gs_archive *a;
    struct gs_member member;
    struct gs_err err = {0};
    struct gs_buf bytes;
    bool at_end = false;
    char *path = test_path(corpus_root(), "%s", name);
    gs_buf_init(&bytes, 64 << 20);
    assert_ok_err(gs_archive_open(&a, path, GS_ARCHIVE_TAR, NULL, &err), &err);
    for (;;) {
        assert_ok_err(gs_archive_next(a, &member, &at_end, &err), &err);
        if (at_end)
            break;
        if (member.kind != GS_MEMBER_FILE)
            continue;
        gs_buf_clear(&bytes);
        assert_ok_err(gs_archive_read(a, &bytes, &err), &err);
        read_pdf(member.name, &bytes, &t);
    }
    gs_archive_close(a);
    gs_buf_release(&bytes);
    free(path);
    return t;
}

static void check(const char *name, const struct tally *wanted)
{
    if (!corpus_root()) {
        printf("skipped: %s (no corpora)\n", name);
        return;
    }
    struct tally t = read_corpus(name);
    printf("    %u files, %u pages, %llu bytes of text\n", t.files, t.pages,
           (unsigned long long)t.text);
    assert_int_equal(t.files, wanted->files);
    assert_int_equal(t.pages, wanted->pages);
    assert_int_equal(t.empty_pages, wanted->empty_pages);
    assert_int_equal(t.none, wanted->none);
    assert_int_equal(t.garbage, 0);
    assert_int_equal(t.damaged, 0);
    assert_int_equal(t.replaced, 0);
    assert_true(t.text >= wanted->text);
}

/* Half of them name a Chinese collection of characters: without poppler-data they are refused. */
static void test_hong_kong(void **state)
{
    (void)state;
    check("hkex_ipo/pdf.tar.zst", &(struct tally){.files = 28, .pages = 647, .text = 1400000});
}

/* Three are scans of one page: finance 183, 226 and 381. */
static void test_taiwan(void **state)
{
    (void)state;
    check("aicup2024/pdf.tar.zst",
          &(struct tally){.files = 38, .pages = 203, .empty_pages = 3, .none = 3, .text = 470000});
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hong_kong),
        cmocka_unit_test(test_taiwan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
