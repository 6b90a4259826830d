/*
 * test_layout.c: page furniture, pages and joins against golden files, hostile input, and the
 * sample filings.
 */
#include "tests/support/test.h"

#include "common/text/layout_internal.h"
#include "tests/support/corpus.h"
#include "tests/support/golden_text.h"
#include "tests/support/guarded.h"
#include "tests/support/random_source.h"

static void run_layout(const uint8_t *text, size_t size, struct gs_buf *notes)
{
    struct gs_layout l;
    gs_layout_init(&l);
    assert_ok(gs_layout_find(&l, text, size, NULL));
    for (size_t i = 0; i < l.mark_count; i++) {
        bool join = l.marks[i].kind == GS_MARK_JOIN;
        golden_add(notes, l.marks[i].start, 3, "%s", join ? "⟨" : "⟦");
        golden_add(notes, l.marks[i].end, 1, "%s", join ? "⟩" : "⟧");
    }
    for (size_t i = 0; i < l.page_count; i++) {
        const struct gs_page *p = &l.pages[i];
        golden_add(notes, p->offset, 2, "⟪%u%s%.*s⟫", p->sheet, p->label_size ? " " : "",
                   (int)p->label_size, (const char *)l.labels + p->label_offset);
    }
    gs_layout_release(&l);
}

static void test_golden(void **state)
{
    (void)state;
    static const char *const names[] = {"footers", "counts", "form_feeds", "running", "joins"};
    for (size_t i = 0; i < GS_COUNT_OF(names); i++)
        golden_file("layout", names[i], run_layout);
}

/* ---- whatever comes ---- */

static void check_invariants(const struct gs_layout *l, size_t size)
{
    uint32_t end = 0;
    for (size_t i = 0; i < l->mark_count; i++) {
        assert_true(l->marks[i].start >= end && l->marks[i].start < l->marks[i].end);
        end = l->marks[i].end;
    }
    assert_true(end <= size);
    for (size_t i = 0; i < l->page_count; i++) {
        const struct gs_page *p = &l->pages[i];
        assert_true(i == 0 ? p->offset == 0 : p->offset > l->pages[i - 1].offset);
        assert_true(p->offset < size && p->label_offset + p->label_size <= l->labels_size);
        assert_ptr_equal(gs_layout_page_at(l->pages, l->page_count, p->offset), p);
    }
}

/* Damaged pieces of filings at the guard page: no crash, no over-read, the same twice. */
static void test_hostile(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "第1页共9页", "第", "页共",    "共3页",  "1",        "\n",       "\n2\n",      "- 3 -",
        "\f",         " ",  "1 11 年", "民 國 ", "\xE2\x80", "\xAC\xAC", "某某公司\n", "/",
        "1-1-2\n",    "（", "12345",   "\r\n",   "\xC2\x85", "　",       "\x1F"};
    struct guarded g;
    struct random_source r = {10};
    struct gs_layout l, again;
    gs_layout_init(&l);
    gs_layout_init(&again);
    guard_open(&g, 1);
    for (unsigned round = 0; round < 20000; round++) {
        size_t size = 0, wanted = random_below(&r, 400);
        uint8_t text[512];
        while (size < wanted) {
            const char *piece = pieces[random_below(&r, GS_COUNT_OF(pieces))];
            memcpy(text + size, piece, strlen(piece));
            size += strlen(piece);
        }
        uint8_t *p = g.end - size;
        memcpy(p, text, size);
        assert_ok(gs_layout_find(&l, p, size, NULL));
        check_invariants(&l, size);
        assert_ok(gs_layout_find(&again, text, size, NULL));
        assert_int_equal(l.mark_count, again.mark_count);
        assert_int_equal(l.page_count, again.page_count);
        for (size_t i = 0; i < l.mark_count; i++)
            assert_memory_equal(&l.marks[i], &again.marks[i], sizeof(l.marks[i]));
    }
    gs_layout_release(&l);
    gs_layout_release(&again);
    gs_layout_release(&again); /* twice is fine */
    guard_close(&g);
}

/* Texts on which something quadratic would not come back: bytes of `piece` repeated. */
static void test_long_and_odd(void **state)
{
    (void)state;
    static const char *const pieces[] = {"1\n",    "1\n2\n3\n",   "\f",         "\n",     " ",
                                         "第",     "第1页",       "共3页第",    "1 1 ",   "1 11 年",
                                         "民 國 ", "- 1 -\n\n\f", "第1页共9页", "1-1-1\n"};
    enum { SIZE = 2000000 };
    uint8_t *text = malloc(SIZE);
    struct gs_layout l;
    gs_layout_init(&l);
    assert_non_null(text);
    for (size_t k = 0; k < GS_COUNT_OF(pieces); k++) {
        size_t n = strlen(pieces[k]), size = 0;
        for (; size + n <= SIZE; size += n)
            memcpy(text + size, pieces[k], n);
        assert_ok(gs_layout_find(&l, text, size, NULL));
        check_invariants(&l, size);
    }
    struct gs_err err;
    assert_status_err(gs_layout_find(&l, text, GS_FILING_MAX + 1, &err), GAOSOU_E_LIMIT, &err);
    assert_ok(gs_layout_find(&l, NULL, 0, NULL));
    assert_int_equal(l.mark_count + l.page_count, 0);
    free(text);
    gs_layout_release(&l);
}

/* ---- the sample filings ---- */

static bool label_is(const struct gs_layout *l, const struct gs_page *p, const char *label)
{
    return p && p->label_size == strlen(label) &&
           memcmp(l->labels + p->label_offset, label, p->label_size) == 0;
}

static void test_seed_footers(void **state)
{
    (void)state;
    struct gs_err err;
    struct corpus_doc doc;
    struct corpus *c = corpus_open_sample("seeds/003.txt", &err);
    if (!c) {
        print_message("skipped: no sample filings (GAOSOU_CORPORA)\n");
        skip();
    }
    assert_int_equal(corpus_next(c, &doc, &err), 1);
    struct gs_layout l;
    gs_layout_init(&l);
    assert_ok(gs_layout_find(&l, doc.text, doc.text_size, NULL));
    assert_int_equal(l.mark_count, 79); /* 74 of them glued to the next word */
    size_t glued = 0;
    for (size_t i = 0; i < l.mark_count; i++)
        glued += doc.text[l.marks[i].end] != '\n';
    assert_true(glued >= 74);
    const uint8_t *first = memmem(doc.text, doc.text_size, "第18页共88页金融资产控制", 33);
    assert_non_null(first);
    uint32_t at = (uint32_t)(first - doc.text);
    assert_true(label_is(&l, gs_layout_page_at(l.pages, l.page_count, at), "18"));
    assert_true(label_is(&l, gs_layout_page_at(l.pages, l.page_count, at + 18), "19"));
    const struct gs_page *last =
        gs_layout_page_at(l.pages, l.page_count, (uint32_t)doc.text_size - 1);
    assert_true(label_is(&l, last, "88"));
    gs_layout_release(&l);
    corpus_close(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),
        cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_long_and_odd),
        cmocka_unit_test(test_seed_footers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
