/*
 * test_structure.c: sentences, paragraphs and headings against golden files, the figure count
 * against its portable twin, hostile input, and the sample filings.
 */
#include "tests/support/test.h"

#include "common/text/structure_internal.h"
#include "tests/support/corpus.h"
#include "tests/support/golden_text.h"
#include "tests/support/random_source.h"

#include <sys/mman.h>
#include <unistd.h>

static void run_structure(const uint8_t *text, size_t size, struct gs_buf *notes)
{
    struct gs_layout l;
    struct gs_structure s;
    gs_layout_init(&l);
    gs_structure_init(&s);
    assert_ok(gs_layout_find(&l, text, size, NULL));
    assert_ok(gs_structure_find(&s, &l, text, size, NULL));
    for (size_t i = 0; i < s.end_count; i++) {
        uint32_t k = s.ends[i].kinds;
        golden_add(notes, s.ends[i].offset, 2, "%s",
                   k & GS_END_HEADING     ? "⟪h⟫"
                   : k & GS_END_PARAGRAPH ? "⟪p⟫"
                                          : "⟪s⟫");
    }
    for (size_t i = 0; i < s.heading_count; i++) {
        golden_add(notes, s.headings[i].start, 3, "⟪=%u⟫", s.headings[i].level);
        golden_add(notes, s.headings[i].end, 1, "⟪=⟫");
    }
    gs_structure_release(&s);
    gs_layout_release(&l);
}

static void test_golden(void **state)
{
    (void)state;
    static const char *const names[] = {"sentences", "rows", "paragraphs", "headings"};
    for (size_t i = 0; i < GS_COUNT_OF(names); i++)
        golden_file("structure", names[i], run_structure);
}

/* ---- whatever comes ---- */

static void check_invariants(const struct gs_structure *s, const struct gs_layout *l, size_t size)
{
    size_t mark = 0;
    for (size_t i = 0; i < s->end_count; i++) {
        uint32_t at = s->ends[i].offset, kinds = s->ends[i].kinds;
        assert_true(at > 0 && at <= size && (i == 0 || at > s->ends[i - 1].offset));
        assert_true(kinds & GS_END_SENTENCE);
        assert_true(!(kinds & GS_END_HEADING) || (kinds & GS_END_PARAGRAPH));
        while (mark < l->mark_count && l->marks[mark].end <= at)
            mark++;
        assert_true(mark == l->mark_count || l->marks[mark].start >= at ||
                    l->marks[mark].kind == GS_MARK_JOIN);
    }
    for (size_t i = 0; i < s->heading_count; i++)
        assert_true(s->headings[i].start < s->headings[i].end && s->headings[i].end <= size &&
                    s->headings[i].level >= 1);
}

/* The same ends with a scan of its own, in batches. */
static void assert_alone(const struct gs_structure *s, struct gs_structure *alone,
                         const uint8_t *text, size_t size)
{
    assert_ok(gs_structure_find(alone, NULL, text, size, NULL));
    assert_int_equal(s->end_count, alone->end_count);
    for (size_t i = 0; i < s->end_count; i++)
        assert_memory_equal(&s->ends[i], &alone->ends[i], sizeof(s->ends[i]));
}

static void test_hostile(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "。", "！”", "!",    ";",        "\n",       "\n\n",       "第三节",       "一、", "（一）",
        "1.", "1、", "(1)",  "12",       "  ",       "\t",         "\x1F",         "甲",   "公司",
        "：", ":",   "\f",   "\xE3\x80", "\xEF\xBC", "第1页共9页", "第2页；共9页", "....", "……",
        "　", "a",   "1.1 ", "）",       "\xFF",     "\r"};
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    uint8_t *map = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(map != MAP_FAILED);
    assert_int_equal(mprotect(map + page, page, PROT_NONE), 0);
    struct random_source r = {12};
    struct gs_layout l;
    struct gs_structure s, alone;
    gs_layout_init(&l);
    gs_structure_init(&s);
    gs_structure_init(&alone);
    for (unsigned round = 0; round < 20000; round++) {
        size_t size = 0, wanted = random_below(&r, 300);
        uint8_t text[400];
        while (size < wanted) {
            const char *piece = pieces[random_below(&r, GS_COUNT_OF(pieces))];
            memcpy(text + size, piece, strlen(piece));
            size += strlen(piece);
        }
        uint8_t *p = map + page - size;
        memcpy(p, text, size);
        assert_ok(gs_layout_find(&l, p, size, NULL));
        assert_ok(gs_structure_find(&s, &l, p, size, NULL));
        check_invariants(&s, &l, size);
        if (l.mark_count == 0)
            assert_alone(&s, &alone, p, size);
    }
    gs_structure_release(&s);
    gs_structure_release(&s);
    gs_structure_release(&alone);
    gs_layout_release(&l);
    assert_int_equal(munmap(map, 2 * page), 0);
}

/* Texts on which something quadratic would not come back. */
static void test_long_and_odd(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "。",  "!",    "! ",   "\n",           " ",   "\t1",   "第1页共9页",   "”",
        "1.1", "一、", "。\n", "第1页共9页。", "）)", "1、\n", "甲乙\t1\t2\n", "甲乙丙丁 12\n!"};
    enum { SIZE = 2000000 };
    uint8_t *text = malloc(SIZE);
    struct gs_layout l;
    struct gs_structure s, alone;
    gs_layout_init(&l);
    gs_structure_init(&s);
    gs_structure_init(&alone);
    assert_non_null(text);
    for (size_t k = 0; k < GS_COUNT_OF(pieces); k++) {
        size_t n = strlen(pieces[k]), size = 0;
        for (; size + n <= SIZE; size += n)
            memcpy(text + size, pieces[k], n);
        assert_ok(gs_layout_find(&l, text, size, NULL));
        assert_ok(gs_structure_find(&s, &l, text, size, NULL));
        check_invariants(&s, &l, size);
        if (l.mark_count == 0)
            assert_alone(&s, &alone, text, size);
    }
    assert_ok(gs_structure_find(&s, NULL, NULL, 0, NULL));
    assert_int_equal(s.end_count, 0);
    free(text);
    gs_structure_release(&s);
    gs_structure_release(&alone);
    gs_layout_release(&l);
}

/* ---- the sample filings ---- */

/* Blank lines of seed 000 stand inside words: no end of any kind falls between two Han characters
 * that only white space parts, but where a heading mark, a row or a label's line calls for it. */
static void test_seed_blank_lines(void **state)
{
    (void)state;
    struct gs_err err;
    struct corpus_doc doc;
    struct corpus *c = corpus_open_sample("seeds/000.txt", &err);
    if (!c) {
        print_message("skipped: no sample filings (GAOSOU_CORPORA)\n");
        skip();
    }
    assert_int_equal(corpus_next(c, &doc, &err), 1);
    struct gs_layout l;
    struct gs_structure s;
    gs_layout_init(&l);
    gs_structure_init(&s);
    assert_ok(gs_layout_find(&l, doc.text, doc.text_size, NULL));
    assert_ok(gs_structure_find(&s, &l, doc.text, doc.text_size, NULL));
    check_invariants(&s, &l, doc.text_size);
    const uint8_t *front = memmem(doc.text, doc.text_size, "最高", 6);
    size_t broken = 0;
    for (const uint8_t *end = doc.text + doc.text_size; front;
         front = memmem(front + 6, (size_t)(end - front) - 6, "最高", 6)) {
        const uint8_t *p = front + 6;
        while (p < end && (*p == ' ' || *p == '\n'))
            p++;
        if (p == front + 6 || end - p < 3 || memcmp(p, "端", 3) != 0)
            continue;
        broken++;
        for (size_t i = 0; i < s.end_count; i++)
            assert_false(s.ends[i].offset >= (uint32_t)(front - doc.text) &&
                         s.ends[i].offset <= (uint32_t)(p - doc.text));
    }
    assert_true(broken >= 1);
    gs_structure_release(&s);
    gs_layout_release(&l);
    corpus_close(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),
        cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_long_and_odd),
        cmocka_unit_test(test_seed_blank_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
