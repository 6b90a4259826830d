/*
 * What holds for the cutter on any bytes: chunks make no difference, spans lie where they must,
 * both modes agree. The rules themselves are in test_tokens_golden.c and the oracle's tests.
 */
#include "common/text/analysis.h"
#include "common/text/utf8.h"
#include "tests/support/corpus.h"
#include "tests/support/random_text.h"
#include "tests/support/test.h"

#include <time.h>

#define TEXT_CAP  ((size_t)1 << 30)
#define ALL_BELOW 4096 /* bytes; longer texts are split at random places only */

/* Everything a cutter gave for one text, feeds put together. */
struct stream {
    struct gs_buf han, words, wide, ends, tokens, units;
    uint32_t positions, length;
};

static void stream_init(struct stream *s)
{
    struct gs_buf *all[] = {&s->han, &s->words, &s->wide, &s->ends, &s->tokens, &s->units};
    for (size_t i = 0; i < GS_COUNT_OF(all); i++)
        gs_buf_init(all[i], TEXT_CAP);
}

static void stream_release(struct stream *s)
{
    struct gs_buf *all[] = {&s->han, &s->words, &s->wide, &s->ends, &s->tokens, &s->units};
    for (size_t i = 0; i < GS_COUNT_OF(all); i++)
        gs_buf_release(all[i]);
}

static void stream_clear(struct stream *s)
{
    s->han.size = s->words.size = s->wide.size = s->ends.size = 0;
    s->tokens.size = s->units.size = 0;
}

static void append_term(struct gs_buf *to, const struct gs_term *t)
{
    gs_buf_append_u8(to, t->is_word);
    gs_buf_append_u32(to, t->first);
    gs_buf_append_u32(to, t->second);
    gs_buf_append_u8(to, (uint8_t)t->size);
    if (t->is_word)
        gs_buf_append(to, t->bytes, t->size);
}

static void stream_add(struct stream *s, const struct gs_cut_batch *b)
{
    gs_buf_append(&s->han, b->han, b->han_count * sizeof(*b->han));
    gs_buf_append(&s->wide, b->wide, b->wide_count * sizeof(*b->wide));
    gs_buf_append(&s->ends, b->ends, b->end_count * sizeof(*b->ends));
    gs_buf_append(&s->units, b->units, b->unit_count * sizeof(*b->units));
    for (size_t i = 0; i < b->word_count; i++) {
        gs_buf_append_u32(&s->words, b->words[i].position);
        gs_buf_append_u8(&s->words, b->words[i].size);
        gs_buf_append(&s->words, b->word_bytes + b->words[i].offset, b->words[i].size);
    }
    for (size_t i = 0; i < b->token_count; i++) {
        const struct gs_token *t = &b->tokens[i];
        append_term(&s->tokens, &t->term);
        gs_buf_append_u32(&s->tokens, t->position);
        gs_buf_append_u32(&s->tokens, t->start);
        gs_buf_append_u32(&s->tokens, t->end);
    }
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
    if (!same_buf(&a->tokens, &b->tokens))
        return "tokens";
    if (!same_buf(&a->units, &b->units))
        return "units";
    if (a->positions != b->positions)
        return "positions";
    return a->length == b->length ? NULL : "length";
}

/* One text with what layout and structure say of it, and both cutters. */
struct bench {
    struct gs_cutter *cutter[2]; /* fast, with spans */
    struct gs_cut_batch batch[2];
    struct stream whole[2], cut;
    const uint8_t *text;
    size_t size;
    const struct gs_mark *marks;
    size_t mark_count;
    const struct gs_end *ends;
    size_t end_count;
};

static void bench_init(struct bench *b)
{
    memset(b, 0, sizeof(*b));
    for (int m = 0; m < 2; m++) {
        b->cutter[m] = gs_cutter_create(m == 1);
        assert_non_null(b->cutter[m]);
        gs_cut_batch_init(&b->batch[m]);
        stream_init(&b->whole[m]);
    }
    stream_init(&b->cut);
}

static void bench_release(struct bench *b)
{
    for (int m = 0; m < 2; m++) {
        gs_cutter_free(b->cutter[m]);
        gs_cut_batch_release(&b->batch[m]);
        stream_release(&b->whole[m]);
    }
    stream_release(&b->cut);
}

/* Feeds the text cut at these places (ascending). The bytes of each feed are a copy of just that
 * size, so that a read beyond them is seen by the address sanitizer. */
static void cut_at(struct bench *b, int mode, const size_t *places, size_t count,
                   struct stream *out)
{
    struct gs_cutter *c = b->cutter[mode];
    stream_clear(out);
    gs_cutter_begin(c, b->marks, b->mark_count, b->ends, b->end_count);
    size_t at = 0;
    for (size_t i = 0; i <= count; i++) {
        size_t stop = i < count ? places[i] : b->size, size = stop - at;
        uint8_t *copy = malloc(size ? size : 1);
        assert_non_null(copy);
        if (size)
            memcpy(copy, b->text + at, size);
        assert_ok(gs_cutter_feed(c, copy, size, i == count, &b->batch[mode]));
        free(copy);
        stream_add(out, &b->batch[mode]);
        struct gs_cutter_state state;
        bool line_end = stop && b->text[stop - 1] == '\n' && !b->mark_count;
        if (line_end)
            assert_true(gs_cutter_state(c, &state));
        at = stop;
    }
    out->positions = gs_cutter_positions(c);
    out->length = gs_cutter_length(c);
}

#define STRIDE ((size_t)50000) /* "whole" in pieces of this size where a feed is limited */

static void cut_whole(struct bench *b, int mode)
{
    size_t places[64] = {0}, count = 0;
    size_t step = b->size > GS_CUTTER_FEED_MAX ? b->size / 63 + 1 : STRIDE;
    for (size_t at = step; b->size > GS_CUTTER_FEED_MAX && at < b->size; at += step)
        places[count++] = at;
    cut_at(b, mode, places, count, &b->whole[mode]);
}

/* ---- spans ---- */

static bool is_boundary(const struct bench *b, uint32_t offset)
{
    return offset == b->size || (b->text[offset] & 0xC0) != 0x80;
}

/* Damaged text has no boundaries to speak of: only order and range are checked there. */
static void check_spans(const struct bench *b, const struct gs_cut_batch *batch, bool valid)
{
    uint32_t position = 0, start = 0;
    for (size_t i = 0; i < batch->token_count; i++) {
        const struct gs_token *t = &batch->tokens[i];
        assert_true(t->position >= position);
        assert_true(t->start >= start || t->position == position);
        assert_true(t->start < t->end && t->end <= b->size);
        assert_true(!t->term.is_word || (t->term.size >= 1 && t->term.size <= GS_WORD_MAX));
        if (valid) {
            assert_true(is_boundary(b, t->start));
            assert_true(is_boundary(b, t->end));
        }
        position = t->position;
        start = t->start;
    }
    for (size_t i = 1; i < batch->unit_count; i++) {
        assert_true(batch->units[i].position > batch->units[i - 1].position);
        assert_true(batch->units[i].start >= batch->units[i - 1].start);
    }
}

/* (term, position) of both modes. Tokens of one position stand in a fixed order in spans mode, and
 * each fast array is in order, so that one walk takes each token from the array it belongs to. */
static void check_modes_agree(const struct bench *b)
{
    const struct gs_cut_batch *f = &b->batch[0], *s = &b->batch[1];
    size_t han = 0, word = 0, wide = 0;
    for (size_t i = 0; i < s->token_count; i++) {
        const struct gs_token *t = &s->tokens[i];
        if (t->term.is_word) {
            const struct gs_cut_word *w = &f->words[word++];
            assert_true(word <= f->word_count && w->position == t->position);
            assert_true(w->size == t->term.size);
            assert_memory_equal(f->word_bytes + w->offset, t->term.bytes, w->size);
        } else if ((t->term.first | t->term.second) > 0xFFFF) {
            const struct gs_cut_wide *w = &f->wide[wide++];
            assert_true(wide <= f->wide_count && w->position == t->position);
            assert_true(w->first == t->term.first && w->second == t->term.second);
        } else {
            assert_true(han < f->han_count);
            uint64_t key = (uint64_t)(t->term.first << 16 | t->term.second) << 32 | t->position;
            assert_true(f->han[han++] == key);
        }
    }
    assert_true(han == f->han_count && word == f->word_count && wide == f->wide_count);
}

/* ---- chunks ---- */

static void compare_cut(struct bench *b, int mode, const size_t *places, size_t count)
{
    cut_at(b, mode, places, count, &b->cut);
    const char *what = stream_difference(&b->whole[mode], &b->cut);
    if (!what)
        return;
    char *text = test_escape(b->text, b->size < 2000 ? b->size : 2000);
    test_fail("%s differ in mode %d, cut at %zu (of %zu places): \"%s\"", what, mode,
              count ? places[0] : 0, count, text);
}

static void check_random_cuts(struct bench *b, struct random_source *r, int times)
{
    for (int i = 0; i < times; i++) {
        size_t places[9], count = 1 + random_below(r, GS_COUNT_OF(places));
        size_t at = 0;
        for (size_t k = 0; k < count; k++) {
            size_t left = b->size - at;
            at += left ? random_below(r, (uint32_t)(2 * left / (count - k) + 1)) : 0;
            places[k] = at > b->size ? b->size : at;
            at = places[k];
        }
        compare_cut(b, i & 1, places, count);
    }
}

/* All that holds for one text. */
static void check_text(struct bench *b, struct random_source *r, bool valid)
{
    cut_whole(b, 0);
    cut_whole(b, 1);
    if (b->size <= GS_CUTTER_FEED_MAX) {
        check_spans(b, &b->batch[1], valid);
        check_modes_agree(b);
    }
    assert_int_equal(b->whole[0].positions, b->whole[1].positions);
    assert_int_equal(b->whole[0].length, b->whole[1].length);
    assert_true(same_buf(&b->whole[0].ends, &b->whole[1].ends));
    if (b->size <= ALL_BELOW) {
        for (size_t at = 0; at <= b->size; at++)
            compare_cut(b, (int)(at & 1), &at, 1);
    }
    check_random_cuts(b, r, b->size <= ALL_BELOW ? 8 : 64);
    if (b->size <= 600) {
        size_t *all = malloc((b->size + 1) * sizeof(*all));
        assert_non_null(all);
        for (size_t i = 0; i < b->size; i++)
            all[i] = i;
        compare_cut(b, 0, all, b->size);
        compare_cut(b, 1, all, b->size);
        free(all);
    }
}

static void set_text(struct bench *b, const uint8_t *text, size_t size)
{
    static const uint8_t none[1];
    b->text = size ? text : none;
    b->size = size;
    b->marks = NULL;
    b->ends = NULL;
    b->mark_count = b->end_count = 0;
}

/* ---- tests ---- */

static void test_random_texts(void **state)
{
    (void)state;
    struct random_source r = {test_env_number("GAOSOU_SEED", 20241)};
    struct bench b;
    struct gs_buf text;
    bench_init(&b);
    gs_buf_init(&text, TEXT_CAP);
    for (int i = 0; i < 400; i++) {
        gs_buf_clear(&text);
        bool damage = i % 3 == 2;
        random_soup(&r, 1 + random_below(&r, i % 50 == 0 ? 400 : 40), damage, &text);
        set_text(&b, text.data, text.size);
        struct gs_mark *marks = NULL;
        struct gs_end *ends = NULL;
        if (!damage && i % 2) {
            random_marks(&r, text.data, text.size, &marks, &b.mark_count);
            random_ends(&r, text.data, text.size, &ends, &b.end_count);
            b.marks = marks;
            b.ends = ends;
        }
        check_text(&b, &r, !damage);
        free(marks);
        free(ends);
    }
    gs_buf_release(&text);
    bench_release(&b);
}

static void test_hostile_bytes(void **state)
{
    (void)state;
    struct random_source r = {7};
    struct bench b;
    uint8_t bytes[3000];
    bench_init(&b);
    for (int i = 0; i < 60; i++) {
        size_t size = random_below(&r, i % 10 == 0 ? sizeof(bytes) : 200);
        for (size_t k = 0; k < size; k++) {
            static const uint8_t nasty[] = {0xE0, 0x80, 0xED, 0xA0, 0xF0, 0xF4, 0x90, 0xC0,
                                            0xC2, 0xEF, 0xBF, 0xBD, '1',  '.',  ',',  0xE5};
            bytes[k] = random_once_in(&r, 3) ? (uint8_t)random_next(&r) : RANDOM_OF(&r, nasty);
        }
        set_text(&b, bytes, size);
        check_text(&b, &r, false);
    }
    bench_release(&b);
}

static void fill_text(struct gs_buf *text, const char *piece, size_t times)
{
    gs_buf_clear(text);
    for (size_t i = 0; i < times; i++)
        gs_buf_append_str(text, piece);
}

static void test_extremes(void **state)
{
    (void)state;
    static const struct {
        const char *piece;
        size_t times;
    } row[] = {
        {"x", (size_t)1 << 20},
        {"7", 300},
        {"7", 300000},
        {"1.", 4000},
        {"12,", 2000},
        {"1,234", 100},
        {"é", 40000},
        {"ﷺ", 30000},
        {"㌖", 20000},
        {"½", 20000},
        {"か", 5000},
        {"か\u3099", 5000},
        {"\u200B", 30000},
        {"か\u200B", 5000},
        {"𠀀", 5000},
        {"①", 20000},
        {"Ⱥ", 30000},
        {"m²", 10000},
        {"年", 40000},
        {"\xE5", 5000},
        {"中 ", 30000},
        {"，", 30000},
        {" ", 30000},
        {"\xF0\x9F", 5000},
        {"Ⱥ Ⱥ Ⱥ Ⱥ Ⱥ Ⱥ Ⱥ Ⱥ ", 4000},
        {"1.2.3", 51},
        {"1.2.3", 3000},
        {"9", 256},
    };
    struct random_source r = {11};
    struct bench b;
    struct gs_buf text;
    bench_init(&b);
    gs_buf_init(&text, TEXT_CAP);
    for (size_t i = 0; i < GS_COUNT_OF(row); i++) {
        fill_text(&text, row[i].piece, row[i].times);
        set_text(&b, text.data, text.size);
        check_text(&b, &r, false);
    }
    set_text(&b, NULL, 0);
    check_text(&b, &r, true);
    gs_buf_release(&text);
    bench_release(&b);
}

/* Chains about the limit, with and without letters around, cut everywhere. */
static void test_long_chains(void **state)
{
    (void)state;
    struct random_source r = {13};
    struct bench b;
    struct gs_buf text;
    bench_init(&b);
    gs_buf_init(&text, TEXT_CAP);
    for (size_t digits = 253; digits <= 258; digits++) {
        for (int form = 0; form < 5; form++) {
            static const char *const tail[] = {".5x", ".5.", ",", "\u200B.\u200B6年", "x.5"};
            fill_text(&text, "8", digits);
            gs_buf_append_str(&text, tail[form]);
            gs_buf_append_str(&text, "后abc");
            set_text(&b, text.data, text.size);
            check_text(&b, &r, true);
        }
    }
    gs_buf_release(&text);
    bench_release(&b);
}

static void test_feed_limit(void **state)
{
    (void)state;
    struct gs_cutter *c = gs_cutter_create(false);
    struct gs_cut_batch b;
    assert_non_null(c);
    gs_cut_batch_init(&b);
    gs_cutter_begin(c, NULL, 0, NULL, 0);
    assert_status(gs_cutter_feed(c, (const uint8_t *)"", GS_CUTTER_FEED_MAX + 1, true, &b),
                  GAOSOU_E_USE);
    gs_cutter_free(c);
    gs_cut_batch_release(&b);
}

/* From any place where there is a state, a fresh cutter goes on to the same tokens. */
static void test_resume(void **state)
{
    (void)state;
    struct random_source r = {17};
    struct bench b;
    struct gs_buf text;
    bench_init(&b);
    gs_buf_init(&text, TEXT_CAP);
    for (int i = 0; i < 200; i++) {
        gs_buf_clear(&text);
        random_soup(&r, 30, false, &text);
        set_text(&b, text.data, text.size);
        size_t at = random_below(&r, (uint32_t)text.size + 1);
        cut_at(&b, 0, &at, 1, &b.whole[0]);
        struct gs_cutter *c = b.cutter[0];
        struct gs_cutter_state where;
        stream_clear(&b.cut);
        gs_cutter_begin(c, NULL, 0, NULL, 0);
        assert_ok(gs_cutter_feed(c, text.data, at, false, &b.batch[0]));
        stream_add(&b.cut, &b.batch[0]);
        if (!gs_cutter_state(c, &where))
            continue;
        struct gs_cutter *fresh = gs_cutter_create(false);
        assert_non_null(fresh);
        gs_cutter_resume(fresh, NULL, 0, NULL, 0, (uint32_t)at, &where);
        assert_ok(gs_cutter_feed(fresh, text.data + at, text.size - at, true, &b.batch[0]));
        stream_add(&b.cut, &b.batch[0]);
        assert_true(same_buf(&b.cut.han, &b.whole[0].han));
        assert_true(same_buf(&b.cut.words, &b.whole[0].words));
        assert_int_equal(gs_cutter_positions(fresh), b.whole[0].positions);
        gs_cutter_free(fresh);
    }
    gs_buf_release(&text);
    bench_release(&b);
}

/* ---- the corpora ---- */

/* Seconds that one corpus file may take; what is left of it is passed over. */
#define CORPUS_SECONDS 1.6

static void check_corpus_doc(struct bench *b, struct gs_analysis *a, struct random_source *r,
                             const struct corpus_doc *doc)
{
    set_text(b, doc->text, doc->text_size);
    assert_ok(gs_analysis_begin(a, b->text, b->size, 0, NULL));
    b->marks = a->layout.marks;
    b->mark_count = a->layout.mark_count;
    b->ends = a->structure.ends;
    b->end_count = a->structure.end_count;
    /* Every split of every short document would take minutes: whole, then 64 or fewer at random. */
    cut_whole(b, 0);
    cut_whole(b, 1);
    if (b->size <= GS_CUTTER_FEED_MAX) {
        check_spans(b, &b->batch[1], true);
        check_modes_agree(b);
    }
    check_random_cuts(b, r, b->size > 100000 ? 64 : 6);
}

static void test_corpora(void **state)
{
    (void)state;
    if (!corpus_root()) {
        print_message("skipped: no corpora (set GAOSOU_CORPORA)\n");
        skip();
    }
    struct random_source r = {19};
    struct bench b;
    struct gs_analysis a;
    struct gs_err err = {0};
    bench_init(&b);
    assert_ok(gs_analysis_init(&a, false));
    for (size_t i = 0; corpus_samples[i]; i++) {
        struct corpus *c = corpus_open_sample(corpus_samples[i], &err);
        if (!c)
            test_fail("%s", err.text);
        struct corpus_doc doc;
        clock_t from = clock();
        int more = 1;
        for (; (double)(clock() - from) < CORPUS_SECONDS * CLOCKS_PER_SEC;) {
            more = corpus_next(c, &doc, &err);
            if (more <= 0)
                break;
            check_corpus_doc(&b, &a, &r, &doc);
        }
        if (more < 0)
            test_fail("%s", err.text);
        corpus_close(c);
    }
    gs_analysis_release(&a);
    bench_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_texts), cmocka_unit_test(test_hostile_bytes),
        cmocka_unit_test(test_extremes),     cmocka_unit_test(test_long_chains),
        cmocka_unit_test(test_feed_limit),   cmocka_unit_test(test_resume),
        cmocka_unit_test(test_corpora),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
