/*
 * test_layout.c: page furniture, pages and joins against golden files, kernels of the scan against
 * each other, hostile input, and the sample filings.
 */
#include "tests/support/test.h"

#include "common/text/layout_internal.h"
#include "common/text/text_scan.h"
#include "tests/support/corpus.h"
#include "tests/support/golden_text.h"
#include "tests/support/random_source.h"

#include <sys/mman.h>
#include <unistd.h>

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

/* ---- the scan ---- */

static const uint8_t pool[] = "\n\f\r\v\t \x1F!;?0159 \xC2\x85\xA0\xE2\x80\xA8\xA9\x82\x8A\xE3\x81"
                              "\xEF\xBC\x9B\x9F\xBD\xA1\xE7\xAC\x41\xE6\x96\x87\x00\xFF";

static void fill(struct random_source *r, uint8_t *p, size_t size)
{
    for (size_t i = 0; i < size; i++)
        p[i] = pool[random_below(r, sizeof(pool) - 1)];
}

static void assert_same(const void *a, const void *b, size_t size)
{
    if (size > 0)
        assert_memory_equal(a, b, size);
}

static void assert_scans_equal(const struct gs_text_scan *a, const struct gs_text_scan *b)
{
    assert_int_equal(a->line_count, b->line_count);
    assert_int_equal(a->layout_count, b->layout_count);
    assert_int_equal(a->ender_count, b->ender_count);
    assert_int_equal(a->gap_count, b->gap_count);
    assert_same(a->lines, b->lines, a->line_count * sizeof(*a->lines));
    assert_same(a->layout, b->layout, a->layout_count * sizeof(*a->layout));
    assert_same(a->enders, b->enders, a->ender_count * sizeof(*a->enders));
    assert_same(a->gaps, b->gaps, a->gap_count * sizeof(*a->gaps));
    assert_int_equal(a->digits, b->digits);
    assert_int_equal(a->han, b->han);
}

static void test_kernels_agree(void **state)
{
    (void)state;
    struct random_source r = {7};
    gs_scan_kernel *kernels[GS_SCAN_KERNELS];
    size_t count = gs_text_scan_kernels(kernels);
    struct gs_text_scan scalar = {0}, other = {0};
    uint8_t bytes[64 * 4 + GS_SCAN_LOOKAHEAD + 8];
    assert_ptr_equal(kernels[count - 1], gs_text_scan_scalar);
    for (unsigned round = 0; round < 3000; round++) {
        const uint8_t *p = bytes + round % 8;
        if (round % 100 == 99)
            memset(bytes, "\n!\t3"[round / 100 % 4], sizeof(bytes)); /* as many as there can be */
        else
            fill(&r, bytes, sizeof(bytes));
        gs_text_scan_clear(&scalar);
        assert_ok(gs_text_scan_fit(&scalar));
        gs_text_scan_scalar(p, 4, 1000, &scalar);
        gs_text_scan_scalar(p + 64, 2, 2000, &scalar);
        for (size_t k = 0; k + 1 < count; k++) {
            gs_text_scan_clear(&other);
            assert_ok(gs_text_scan_fit(&other));
            kernels[k](p, 4, 1000, &other);
            kernels[k](p + 64, 2, 2000, &other);
            assert_scans_equal(&scalar, &other);
        }
    }
    gs_text_scan_release(&scalar);
    gs_text_scan_release(&other);
}

/* Bytes that end at a page that cannot be read. */
struct guarded {
    uint8_t *map, *end;
    size_t size, page;
};

static void guard_open(struct guarded *g, size_t pages)
{
    g->page = (size_t)sysconf(_SC_PAGESIZE);
    g->size = pages * g->page;
    g->map =
        mmap(NULL, g->size + g->page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(g->map != MAP_FAILED);
    g->end = g->map + g->size;
    assert_int_equal(mprotect(g->end, g->page, PROT_NONE), 0);
}

static void guard_close(struct guarded *g)
{
    assert_int_equal(munmap(g->map, g->size + g->page), 0);
}

/* A scan gives what the scalar kernel gives with zeros behind, at every length, up against the
 * guard page, and over several batches; and line ends are what line_chars.h calls so. */
static void test_scan_at_the_edge(void **state)
{
    (void)state;
    struct guarded g;
    struct random_source r = {8};
    enum { BLOCKS = 200 };
    static uint8_t padded[BLOCKS * GS_SCAN_BLOCK + GS_SCAN_LOOKAHEAD];
    struct gs_text_scan scalar = {0}, all = {0};
    guard_open(&g, 3);
    for (size_t size = 0; size <= g.size && size < 12000; size += size < 200 ? 1 : 97) {
        uint8_t *p = g.end - size;
        fill(&r, p, size);
        memset(padded, 0, sizeof(padded));
        memcpy(padded, p, size);
        gs_text_scan_clear(&scalar);
        for (uint32_t b = 0; b < BLOCKS; b++) {
            assert_ok(gs_text_scan_fit(&scalar));
            gs_text_scan_scalar(padded + (size_t)b * GS_SCAN_BLOCK, 1, b * GS_SCAN_BLOCK, &scalar);
        }
        gs_text_scan_clear(&all);
        for (size_t from = 0; from < size;)
            assert_ok(gs_text_scan_next(&all, p, size, &from));
        assert_scans_equal(&scalar, &all);
        for (size_t at = 0, i = 0; at < size; at++) {
            bool ends = gs_line_end_at(p + at, g.end) > 0;
            assert_int_equal(ends, i < all.line_count && all.lines[i].at == at);
            i += ends;
        }
    }
    gs_text_scan_release(&scalar);
    gs_text_scan_release(&all);
    guard_close(&g);
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
        cmocka_unit_test(test_golden),           cmocka_unit_test(test_kernels_agree),
        cmocka_unit_test(test_scan_at_the_edge), cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_long_and_odd),     cmocka_unit_test(test_seed_footers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
