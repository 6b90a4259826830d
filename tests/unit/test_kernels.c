/*
 * Every kernel that this processor has gives what the scalar one gives: tokens, order, ends, state
 * and length, on real and random filings and on any bytes, however they are chunked and wherever
 * they lie, and reads nothing outside them.
 */
#include "common/text/analysis.h"
#include "common/text/kernel.h"
#include "tests/support/corpus.h"
#include "tests/support/random_text.h"
#include "tests/support/test.h"

#include <dirent.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define TEXT_CAP ((size_t)1 << 30)

/* Everything a cutter gave for one text, feeds put together. */
struct stream {
    struct gs_buf han, words, wide, ends, states;
    uint32_t positions, length;
};

static void stream_init(struct stream *s)
{
    struct gs_buf *all[] = {&s->han, &s->words, &s->wide, &s->ends, &s->states};
    for (size_t i = 0; i < GS_COUNT_OF(all); i++)
        gs_buf_init(all[i], TEXT_CAP);
}

static void stream_release(struct stream *s)
{
    struct gs_buf *all[] = {&s->han, &s->words, &s->wide, &s->ends, &s->states};
    for (size_t i = 0; i < GS_COUNT_OF(all); i++)
        gs_buf_release(all[i]);
}

static void stream_clear(struct stream *s)
{
    s->han.size = s->words.size = s->wide.size = s->ends.size = s->states.size = 0;
}

static void stream_add(struct stream *s, const struct gs_cutter *c, const struct gs_cut_batch *b)
{
    struct gs_cutter_state state = {0};
    bool idle = gs_cutter_state(c, &state);
    gs_buf_append(&s->han, b->han, b->han_count * sizeof(*b->han));
    gs_buf_append(&s->wide, b->wide, b->wide_count * sizeof(*b->wide));
    gs_buf_append(&s->ends, b->ends, b->end_count * sizeof(*b->ends));
    for (size_t i = 0; i < b->word_count; i++) {
        const struct gs_cut_word *w = &b->words[i];
        assert_true(w->size > 0 && w->offset + w->size <= b->word_bytes_size);
        gs_buf_append_u32(&s->words, w->position);
        gs_buf_append_u8(&s->words, w->size);
        gs_buf_append(&s->words, b->word_bytes + w->offset, w->size);
    }
    gs_buf_append_u8(&s->states, idle);
    gs_buf_append_u32(&s->states, state.position);
    gs_buf_append_u32(&s->states, state.last_char);
    gs_buf_append_u8(&s->states, state.last_kind);
    gs_buf_append_u8(&s->states, state.flags);
    gs_buf_append_u32(&s->states, gs_cutter_positions(c));
    gs_buf_append_u32(&s->states, gs_cutter_length(c));
}

static bool same_buf(const struct gs_buf *a, const struct gs_buf *b)
{
    return a->size == b->size && (!a->size || !memcmp(a->data, b->data, a->size));
}

static const char *stream_difference(const struct stream *a, const struct stream *b)
{
    if (!same_buf(&a->han, &b->han))
        return "han";
    if (!same_buf(&a->words, &b->words))
        return "words";
    if (!same_buf(&a->wide, &b->wide))
        return "wide";
    if (!same_buf(&a->ends, &b->ends))
        return "ends";
    return same_buf(&a->states, &b->states) ? NULL : "states";
}

/* A cutter of each kernel; [0] is scalar. */
struct bench {
    struct gs_cutter *cutter[GS_KERNEL_COUNT];
    enum gs_kernel kernel[GS_KERNEL_COUNT];
    size_t count;
    struct gs_cut_batch batch;
    struct stream want, got;
    uint8_t *pages; /* readable, between pages that are not */
    size_t room;
    size_t places[64]; /* where the text is cut into feeds, ascending */
    size_t place_count;
    const struct gs_mark *marks;
    size_t mark_count;
    const struct gs_end *ends;
    size_t end_count;
};

static void bench_init(struct bench *b, size_t room)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    memset(b, 0, sizeof(*b));
    for (unsigned k = 0; k < GS_KERNEL_COUNT; k++) {
        if (!gs_kernel_has((enum gs_kernel)k))
            continue;
        assert_ok(gs_kernel_select(gs_kernel_name((enum gs_kernel)k), NULL));
        b->kernel[b->count] = (enum gs_kernel)k;
        b->cutter[b->count] = gs_cutter_create(false);
        assert_non_null(b->cutter[b->count++]);
    }
    assert_ok(gs_kernel_select(NULL, NULL));
    gs_cut_batch_init(&b->batch);
    stream_init(&b->want);
    stream_init(&b->got);
    b->room = (room + page - 1) / page * page;
    uint8_t *all = mmap(NULL, b->room + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(all, MAP_FAILED);
    assert_int_equal(mprotect(all + page, b->room, PROT_READ | PROT_WRITE), 0);
    b->pages = all + page;
}

static void bench_release(struct bench *b)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    for (size_t k = 0; k < b->count; k++)
        gs_cutter_free(b->cutter[k]);
    gs_cut_batch_release(&b->batch);
    stream_release(&b->want);
    stream_release(&b->got);
    munmap(b->pages - page, b->room + 2 * page);
}

static void cut(struct bench *b, size_t k, const uint8_t *text, size_t size, struct stream *out)
{
    struct gs_cutter *c = b->cutter[k];
    stream_clear(out);
    gs_cutter_begin(c, b->marks, b->mark_count, b->ends, b->end_count);
    for (size_t i = 0, at = 0; i <= b->place_count; i++) {
        size_t stop = i < b->place_count ? b->places[i] : size;
        assert_ok(gs_cutter_feed(c, text + at, stop - at, i == b->place_count, &b->batch));
        stream_add(out, c, &b->batch);
        at = stop;
    }
}

/* What a shrinking failure needs to know. */
struct failing {
    struct bench *b;
    size_t kernel;
};

static bool still_fails(const uint8_t *text, size_t size, void *ctx)
{
    const struct failing *f = ctx;
    cut(f->b, 0, text, size, &f->b->want);
    cut(f->b, f->kernel, text, size, &f->b->got);
    return stream_difference(&f->b->want, &f->b->got) != NULL;
}

static void report(struct bench *b, size_t k, const uint8_t *text, size_t size, const char *what)
{
    struct failing f = {b, k};
    uint8_t *copy = malloc(size + 1);
    assert_non_null(copy);
    memcpy(copy, text, size);
    size_t places = b->place_count;
    b->place_count = b->mark_count = b->end_count = 0;
    size_t left = still_fails(copy, size, &f) ? random_shrink(copy, size, still_fails, &f) : size;
    char *shown = test_escape(copy, left < 3000 ? left : 3000);
    test_fail("kernel %s: %s differ (%zu bytes, %zu cuts, first %zu): \"%s\"",
              gs_kernel_name(b->kernel[k]), what, size, places, places ? b->places[0] : 0, shown);
}

/* All kernels on the text where it lies. */
static void check_here(struct bench *b, const uint8_t *text, size_t size)
{
    cut(b, 0, text, size, &b->want);
    for (size_t k = 1; k < b->count; k++) {
        cut(b, k, text, size, &b->got);
        const char *what = stream_difference(&b->want, &b->got);
        if (what)
            report(b, k, text, size, what);
    }
}

/* With its last byte before a page that is not there, then with its first byte behind one. */
static void check_at_pages(struct bench *b, const uint8_t *text, size_t size)
{
    assert_true(size <= b->room);
    uint8_t *end = b->pages + b->room - size;
    if (size)
        memcpy(end, text, size);
    check_here(b, end, size);
    if (size)
        memcpy(b->pages, text, size);
    check_here(b, b->pages, size);
}

static void random_places(struct bench *b, struct random_source *r, size_t size)
{
    b->place_count = random_below(r, 4) ? random_below(r, 8) : random_below(r, 64);
    size_t at = 0;
    for (size_t i = 0; i < b->place_count; i++) {
        size_t left = size - at;
        at += left ? random_below(r, (uint32_t)(2 * left / (b->place_count - i) + 1)) : 0;
        at = at < size ? at : size;
        b->places[i] = at;
    }
}

static void no_extras(struct bench *b)
{
    b->place_count = b->mark_count = b->end_count = 0;
}

/* ---- tests ---- */

static void test_selection(void **state)
{
    (void)state;
    struct gs_err err = {0};
    assert_status_err(gs_kernel_select("fastest", &err), GAOSOU_E_USE, &err);
    assert_non_null(strstr(err.text, "fastest"));
    for (unsigned k = 0; k < GS_KERNEL_COUNT; k++) {
        const char *name = gs_kernel_name((enum gs_kernel)k);
        if (!gs_kernel_has((enum gs_kernel)k)) {
            assert_status(gs_kernel_select(name, NULL), GAOSOU_E_USE);
            continue;
        }
        assert_ok(gs_kernel_select(name, NULL));
        assert_int_equal(gs_kernel_current(), k);
    }
    assert_ok(gs_kernel_select("scalar", NULL));
    assert_string_equal(gs_cutter_kernel(), "scalar");
    assert_ok(gs_kernel_select("", NULL));
}

/* Soup of every class, and laid-out pages, half of them with marks and ends, chunked. */
static void test_random_texts(void **state)
{
    (void)state;
    struct random_source r = {test_env_number("GAOSOU_SEED", 7001)};
    struct bench b;
    struct gs_buf text;
    bench_init(&b, 1 << 16);
    gs_buf_init(&text, TEXT_CAP);
    for (int i = 0; i < 20000; i++) {
        gs_buf_clear(&text);
        bool damage = i % 3 == 2;
        if (i % 40 == 7)
            random_pages(&r, 1 + random_below(&r, 60), &text);
        else
            random_soup(&r, 1 + random_below(&r, i % 50 == 0 ? 1500 : 80), damage, &text);
        struct gs_mark *marks = NULL;
        struct gs_end *ends = NULL;
        no_extras(&b);
        if (!damage && i % 2) {
            random_marks(&r, text.data, text.size, &marks, &b.mark_count);
            random_ends(&r, text.data, text.size, &ends, &b.end_count);
            b.marks = marks;
            b.ends = ends;
        }
        if (i % 4)
            random_places(&b, &r, text.size);
        if (text.size <= b.room)
            check_at_pages(&b, text.data, text.size);
        free(marks);
        free(ends);
    }
    gs_buf_release(&text);
    bench_release(&b);
}

/* Bytes of few kinds, so that they often nearly make characters. */
static uint8_t hostile_byte(struct random_source *r)
{
    static const uint8_t some[] = {0x00, 0x20, '.',  ',',  '1',  'a',  0x80, 0xBF,
                                   0xC0, 0xC2, 0xE0, 0xE3, 0xE4, 0xED, 0xEF, 0xF0,
                                   0xF4, 0xFF, 0xBC, 0x81, 0xB8, 0xA0};
    return random_below(r, 8) ? RANDOM_OF(r, some) : (uint8_t)random_next(r);
}

static void test_hostile_bytes(void **state)
{
    (void)state;
    struct random_source r = {test_env_number("GAOSOU_SEED", 7002)};
    struct bench b;
    static uint8_t bytes[4096];
    bench_init(&b, sizeof(bytes));
    for (int i = 0; i < 20000; i++) {
        size_t size = random_below(&r, i % 10 ? 200 : sizeof(bytes));
        for (size_t k = 0; k < size; k++)
            bytes[k] = i % 2 ? (uint8_t)random_next(&r) : hostile_byte(&r);
        no_extras(&b);
        if (i % 3)
            random_places(&b, &r, size);
        check_at_pages(&b, bytes, size);
    }
    bench_release(&b);
}

/* Plain text with a few hostile bytes in it: blocks are good up to somewhere. */
static void test_damaged_text(void **state)
{
    (void)state;
    struct random_source r = {test_env_number("GAOSOU_SEED", 7003)};
    struct bench b;
    struct gs_buf text;
    bench_init(&b, 1 << 16);
    gs_buf_init(&text, TEXT_CAP);
    for (int i = 0; i < 5000; i++) {
        gs_buf_clear(&text);
        static const char *const pieces[] = {"公司的净利润为",
                                             "1,234.5万元，",
                                             "abc DEF",
                                             "２０２３年",
                                             "12.2023年",
                                             " \u2002",
                                             "。",
                                             "1.2.3",
                                             "é",
                                             "ＡＢ．Ｃ",
                                             "\n",
                                             "、，"};
        for (uint32_t k = 1 + random_below(&r, 40); k > 0; k--)
            gs_buf_append_str(&text, RANDOM_OF(&r, pieces));
        for (uint32_t k = random_below(&r, 4); k > 0; k--)
            text.data[random_below(&r, (uint32_t)text.size)] = hostile_byte(&r);
        no_extras(&b);
        if (i % 2)
            random_places(&b, &r, text.size);
        check_at_pages(&b, text.data, text.size);
    }
    gs_buf_release(&text);
    bench_release(&b);
}

/* Every length to 300 at every alignment to 63, at the end of the readable bytes and behind their
 * beginning. */
static void test_places(void **state)
{
    (void)state;
    struct random_source r = {test_env_number("GAOSOU_SEED", 7004)};
    struct bench b;
    struct gs_buf text;
    bench_init(&b, 4096);
    gs_buf_init(&text, TEXT_CAP);
    for (size_t size = 0; size <= 300; size++) {
        gs_buf_clear(&text);
        while (text.size < size + 64)
            random_soup(&r, 20, false, &text);
        no_extras(&b);
        check_at_pages(&b, text.data, size);
        for (size_t skew = 0; skew < 64; skew++) {
            memcpy(b.pages + skew, text.data + skew % 3, size);
            check_here(&b, b.pages + skew, size);
            uint8_t *near_end = b.pages + b.room - size - (skew & 63);
            memcpy(near_end, text.data, size);
            check_here(&b, near_end, size);
        }
    }
    gs_buf_release(&text);
    bench_release(&b);
}

/* Repetitions, so that runs, words and numbers are longer than any block. */
static void test_repetitions(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "中",  "，",    " ",       "a",        "7",      "中a",      "中 ",      "a ",     "1.",
        "12,", "1,234", "1.2.3",   "1.5 ",     "é",      "か",       "か\u3099", "\u200B", "𠀀",
        "①",   "m²",    "㌖",      "…",        "\xE5",   "\xF0\x9F", "，a",      "a，中",  "中，",
        "Ａ",  "．５",  "中1.5年", "1.2023年", "\u2002", "\t中",     ".",        "1,",     "・"};
    struct random_source r = {test_env_number("GAOSOU_SEED", 7005)};
    struct bench b;
    struct gs_buf text;
    bench_init(&b, 1 << 16);
    gs_buf_init(&text, TEXT_CAP);
    for (size_t i = 0; i < GS_COUNT_OF(pieces); i++) {
        for (size_t times = 1; times < 3000; times += 1 + times / 2) {
            for (int before = 0; before < 6; before++) {
                gs_buf_clear(&text);
                for (int k = 0; k < before; k++)
                    gs_buf_append_str(&text, RANDOM_OF(&r, pieces));
                for (size_t k = 0; k < times; k++)
                    gs_buf_append_str(&text, pieces[i]);
                gs_buf_append_str(&text, RANDOM_OF(&r, pieces));
                no_extras(&b);
                check_at_pages(&b, text.data, text.size);
                random_places(&b, &r, text.size);
                check_at_pages(&b, text.data, text.size);
            }
        }
    }
    gs_buf_release(&text);
    bench_release(&b);
}

/* ---- filings ---- */

/* Where only text at hand is wanted, it goes in pieces that a feed may have. */
static void even_places(struct bench *b, size_t size)
{
    size_t step = size / 60 + 1 > GS_CUTTER_CHUNK ? size / 60 + 1 : GS_CUTTER_CHUNK;
    b->place_count = 0;
    for (size_t at = step; at < size; at += step)
        b->places[b->place_count++] = at;
}

static void check_filing(struct bench *b, struct gs_analysis *a, struct random_source *r,
                         const uint8_t *text, size_t size)
{
    assert_ok(gs_analysis_begin(a, text, size, 0, NULL));
    b->marks = a->layout.marks;
    b->mark_count = a->layout.mark_count;
    b->ends = a->structure.ends;
    b->end_count = a->structure.end_count;
    even_places(b, size);
    check_here(b, text, size);
    if (size > GS_CUTTER_FEED_MAX / 2)
        return;
    random_places(b, r, size);
    check_here(b, text, size);
}

/* All documents of an open corpus, or those of the first `most` ticks; closes it. */
static void check_corpus(struct bench *b, struct gs_analysis *a, struct random_source *r,
                         struct corpus *c, clock_t most, struct gs_err *err)
{
    struct corpus_doc doc;
    clock_t from = clock();
    int more = 1;
    if (!c)
        test_fail("%s", err->text);
    while (more > 0 && clock() - from < most) {
        more = corpus_next(c, &doc, err);
        if (more > 0)
            check_filing(b, a, r, doc.text, doc.text_size);
    }
    if (more < 0)
        test_fail("%s", err->text);
    corpus_close(c);
}

/* The sample filings of examples/. */
static void test_examples(void **state)
{
    (void)state;
    struct random_source r = {7007};
    struct bench b;
    struct gs_analysis a;
    struct gs_err err = {0};
    DIR *folder = opendir("examples/filings");
    assert_non_null(folder);
    bench_init(&b, 1);
    assert_ok(gs_analysis_init(&a, false));
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] == '.')
            continue;
        char *path = test_path("examples/filings", "%s", entry->d_name);
        check_corpus(&b, &a, &r, corpus_open(path, &err), (clock_t)3600 * CLOCKS_PER_SEC, &err);
        free(path);
    }
    closedir(folder);
    gs_analysis_release(&a);
    bench_release(&b);
}

/* Seconds that one corpus file may take; what is left of it is passed over. */
#define CORPUS_SECONDS 1.5

static void test_corpora(void **state)
{
    (void)state;
    if (!corpus_root()) {
        print_message("skipped: no corpora (set GAOSOU_CORPORA)\n");
        skip();
    }
    double seconds = (double)test_env_number("GAOSOU_CORPUS_SECONDS", 0);
    struct random_source r = {7006};
    struct bench b;
    struct gs_analysis a;
    struct gs_err err = {0};
    bench_init(&b, 1);
    assert_ok(gs_analysis_init(&a, false));
    for (size_t i = 0; corpus_samples[i]; i++) {
        double most = seconds > 0 ? seconds : CORPUS_SECONDS;
        check_corpus(&b, &a, &r, corpus_open_sample(corpus_samples[i], &err),
                     (clock_t)(most * CLOCKS_PER_SEC), &err);
    }
    gs_analysis_release(&a);
    bench_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_selection),     cmocka_unit_test(test_random_texts),
        cmocka_unit_test(test_hostile_bytes), cmocka_unit_test(test_damaged_text),
        cmocka_unit_test(test_places),        cmocka_unit_test(test_repetitions),
        cmocka_unit_test(test_examples),      cmocka_unit_test(test_corpora),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
