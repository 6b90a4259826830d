/*
 * Layout and structure against their reference (tests/support/ref_layout.h), on random filings and
 * on real ones. GAOSOU_SEED and GAOSOU_CASES as in test_oracle_tokens.c; a failure is shrunk and
 * printed.
 */
#include "common/base/file.h"
#include "common/text/structure.h"
#include "tests/support/corpus.h"
#include "tests/support/random_text.h"
#include "tests/support/ref_layout.h"
#include "tests/support/test.h"

#include <dirent.h>

struct comparison {
    struct gs_layout layout;
    struct gs_structure structure;
    struct ref_layout reference;
    char message[512];
    size_t with_marks, with_joins, with_pages, with_headings; /* filings so far */
};

static void comparison_init(struct comparison *c)
{
    memset(c, 0, sizeof(*c));
    gs_layout_init(&c->layout);
    gs_structure_init(&c->structure);
}

static void comparison_release(struct comparison *c)
{
    gs_layout_release(&c->layout);
    gs_structure_release(&c->structure);
    ref_layout_release(&c->reference);
}

/* The kind of mark of every byte. */
static uint8_t *spread_marks(const struct gs_mark *marks, size_t count, size_t size)
{
    uint8_t *kinds = calloc(size + 1, 1);
    assert_non_null(kinds);
    for (size_t i = 0; i < count; i++) {
        assert_true(marks[i].start < marks[i].end && marks[i].end <= size);
        assert_true(i == 0 || marks[i].start >= marks[i - 1].end);
        memset(kinds + marks[i].start, (int)marks[i].kind, marks[i].end - marks[i].start);
    }
    return kinds;
}

static bool same_marks(struct comparison *c, size_t size)
{
    uint8_t *got = spread_marks(c->layout.marks, c->layout.mark_count, size);
    uint8_t *want = spread_marks(c->reference.marks.at, c->reference.marks.count, size);
    size_t at = 0;
    while (at < size && got[at] == want[at])
        at++;
    if (at < size)
        snprintf(c->message, sizeof(c->message), "byte %zu is of mark %u, in the reference %u", at,
                 got[at], want[at]);
    free(got);
    free(want);
    return at == size;
}

static bool same_page(const struct comparison *c, size_t i)
{
    const struct gs_page *g = &c->layout.pages[i];
    const struct ref_page *w = &c->reference.pages.at[i];
    return g->offset == w->offset && g->sheet == w->sheet && g->label_size == strlen(w->label) &&
           memcmp(c->layout.labels + g->label_offset, w->label, g->label_size) == 0;
}

static bool same_pages(struct comparison *c)
{
    size_t got = c->layout.page_count, want = c->reference.pages.count, i = 0;
    while (i < got && i < want && same_page(c, i))
        i++;
    if (i == got && i == want)
        return true;
    size_t n = (size_t)snprintf(c->message, sizeof(c->message),
                                "page %zu of %zu, in the reference of %zu:", i, got, want);
    if (i < got) {
        const struct gs_page *g = &c->layout.pages[i];
        n += (size_t)snprintf(c->message + n, sizeof(c->message) - n,
                              " offset %u sheet %u label %.*s;", g->offset, g->sheet,
                              (int)g->label_size, (const char *)c->layout.labels + g->label_offset);
    }
    if (i < want) {
        const struct ref_page *w = &c->reference.pages.at[i];
        snprintf(c->message + n, sizeof(c->message) - n, " reference offset %u sheet %u label %s",
                 w->offset, w->sheet, w->label);
    }
    return false;
}

static bool same_ends(struct comparison *c)
{
    size_t got = c->structure.end_count, want = c->reference.ends.count, i = 0;
    const struct gs_end *g = c->structure.ends, *w = c->reference.ends.at;
    while (i < got && i < want && g[i].offset == w[i].offset && g[i].kinds == w[i].kinds)
        i++;
    if (i == got && i == want)
        return true;
    snprintf(c->message, sizeof(c->message), "end %zu: %u kinds %u, in the reference %u kinds %u",
             i, i < got ? g[i].offset : 0, i < got ? g[i].kinds : 0, i < want ? w[i].offset : 0,
             i < want ? w[i].kinds : 0);
    return false;
}

static bool same_headings(struct comparison *c)
{
    size_t got = c->structure.heading_count, want = c->reference.headings.count, i = 0;
    const struct gs_heading *g = c->structure.headings, *w = c->reference.headings.at;
    while (i < got && i < want && g[i].start == w[i].start && g[i].end == w[i].end &&
           g[i].level == w[i].level)
        i++;
    if (i == got && i == want)
        return true;
    snprintf(c->message, sizeof(c->message),
             "heading %zu: [%u,%u) level %u, in the reference [%u,%u) level %u", i,
             i < got ? g[i].start : 0, i < got ? g[i].end : 0, i < got ? g[i].level : 0,
             i < want ? w[i].start : 0, i < want ? w[i].end : 0, i < want ? w[i].level : 0);
    return false;
}

static bool differs(const uint8_t *text, size_t size, void *ctx)
{
    struct comparison *c = ctx;
    struct gs_err err;
    assert_ok_err(gs_layout_find(&c->layout, text, size, &err), &err);
    assert_ok_err(gs_structure_find(&c->structure, &c->layout, text, size, &err), &err);
    ref_layout_find(&c->reference, text, size);
    ref_structure_find(&c->reference);
    bool joins = false;
    for (size_t i = 0; i < c->layout.mark_count; i++)
        joins |= c->layout.marks[i].kind == GS_MARK_JOIN;
    c->with_marks += c->layout.mark_count > 0;
    c->with_joins += joins;
    c->with_pages += c->layout.page_count > 0;
    c->with_headings += c->structure.heading_count > 0;
    return !(same_marks(c, size) && same_pages(c) && same_ends(c) && same_headings(c));
}

static void run_random(uint64_t first, uint64_t cases, uint32_t most_lines)
{
    struct gs_buf text;
    struct comparison c;
    size_t failures = 0;
    gs_buf_init(&text, 1 << 22);
    comparison_init(&c);
    for (uint64_t seed = first; seed < first + cases && failures < 6; seed++) {
        struct random_source r = {seed};
        gs_buf_clear(&text);
        random_pages(&r, random_between(&r, 1, most_lines), &text);
        if (random_once_in(&r, 20))
            gs_buf_append_str(&text, "\xE4\xB8");
        uint8_t *exact = malloc(text.size); /* so that a sanitizer sees a read past the end */
        assert_non_null(exact);
        memcpy(exact, text.data, text.size);
        if (differs(exact, text.size, &c)) {
            failures++;
            size_t size = random_shrink(exact, text.size, differs, &c);
            differs(exact, size, &c);
            char *shown = test_escape(exact, size);
            print_error("seed %llu\n  %s\n", (unsigned long long)seed, c.message);
            print_error("  %.900s\n", shown);
            free(shown);
        }
        free(exact);
    }
    print_message(
        "%llu filings: %zu with furniture, %zu with joins, %zu with pages, %zu with headings\n",
        (unsigned long long)cases, c.with_marks, c.with_joins, c.with_pages, c.with_headings);
    comparison_release(&c);
    gs_buf_release(&text);
    assert_int_equal(failures, 0);
}

static void test_short_filings(void **state)
{
    (void)state;
    run_random(test_env_number("GAOSOU_SEED", 1), test_env_number("GAOSOU_CASES", 6000), 12);
}

static void test_filings_of_pages(void **state)
{
    (void)state;
    run_random(test_env_number("GAOSOU_SEED", 1) + 1000000,
               test_env_number("GAOSOU_CASES", 6000) / 8, 150);
}

static void check_sample(const char *name, size_t most, size_t step)
{
    struct gs_err err;
    struct corpus *corpus = corpus_open_sample(name, &err);
    struct corpus_doc doc;
    struct comparison c;
    if (!corpus) {
        print_message("skipped: %s is not here\n", name);
        return;
    }
    comparison_init(&c);
    for (size_t i = 0; i < most * step && corpus_next(corpus, &doc, &err) == 1; i++)
        if (i % step == 0 && differs(doc.text, doc.text_size, &c))
            test_fail("%s, %s: %s", name, doc.id, c.message);
    comparison_release(&c);
    corpus_close(corpus);
}

static void test_real_filings(void **state)
{
    (void)state;
    if (!corpus_root()) {
        print_message("skipped: no corpora here\n");
        skip();
    }
    for (size_t i = 0; corpus_samples[i]; i++)
        check_sample(corpus_samples[i], 40, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_short_filings),
        cmocka_unit_test(test_filings_of_pages),
        cmocka_unit_test(test_real_filings),
    };
    return cmocka_run_group_tests_name("oracle: layout and structure", tests, NULL, NULL);
}
