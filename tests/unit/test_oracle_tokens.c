/*
 * The cutter against the reference of tests/support/ref_tokenise.h, on random texts and on real
 * filings.
 *
 * GAOSOU_SEED sets the first seed, GAOSOU_CASES the number of texts. A failure is shrunk and
 * printed.
 */
#include "common/base/file.h"
#include "common/text/analysis.h"
#include "tests/support/corpus.h"
#include "tests/support/random_text.h"
#include "tests/support/ref_tokenise.h"
#include "tests/support/test.h"

#include <dirent.h>

/* What a case is made of; the seed decides the rest (marks, chunk sizes). */
struct cut_case {
    uint64_t seed;
    bool with_marks; /* random marks and ends; else none */
    bool with_spans;
    bool chunked;
    bool resumed; /* chunked, and each chunk by a new cutter wherever the state allows */
    char message[512];
};

struct cut_lists {
    REF_LIST(struct ref_token) tokens;
    REF_LIST(struct gs_unit) units;
    REF_LIST(struct ref_end) ends;
    REF_LIST(size_t) resumed; /* where a cutter was resumed */
    uint32_t positions, length;
};

static void lists_release(struct cut_lists *l)
{
    REF_RELEASE(&l->tokens);
    REF_RELEASE(&l->units);
    REF_RELEASE(&l->ends);
    REF_RELEASE(&l->resumed);
}

/* ---- the cutter's side ---- */

static void take_words(struct cut_lists *l, const struct gs_cut_batch *b)
{
    for (size_t i = 0; i < b->word_count; i++) {
        struct ref_token *t = REF_PUSH(&l->tokens);
        t->is_word = true;
        t->size = b->words[i].size;
        if (t->size <= GS_WORD_MAX)
            memcpy(t->word, b->word_bytes + b->words[i].offset, t->size);
        t->position = b->words[i].position;
    }
}

static void take_han(struct cut_lists *l, const struct gs_cut_batch *b)
{
    for (size_t i = 0; i < b->han_count; i++) {
        struct ref_token *t = REF_PUSH(&l->tokens);
        t->first = (uint32_t)(b->han[i] >> 48);
        t->second = (uint32_t)(b->han[i] >> 32) & 0xFFFF;
        t->position = (uint32_t)b->han[i];
    }
    for (size_t i = 0; i < b->wide_count; i++) {
        struct ref_token *t = REF_PUSH(&l->tokens);
        t->first = b->wide[i].first;
        t->second = b->wide[i].second;
        t->position = b->wide[i].position;
    }
}

static void take_tokens(struct cut_lists *l, const struct gs_cut_batch *b)
{
    for (size_t i = 0; i < b->token_count; i++) {
        const struct gs_token *from = &b->tokens[i];
        struct ref_token *t = REF_PUSH(&l->tokens);
        t->is_word = from->term.is_word;
        if (t->is_word && from->term.size <= GS_WORD_MAX) {
            t->size = from->term.size;
            memcpy(t->word, from->term.bytes, t->size);
        } else {
            t->first = from->term.first;
            t->second = from->term.second;
        }
        t->position = from->position;
        t->start = from->start;
        t->end = from->end;
    }
    for (size_t i = 0; i < b->unit_count; i++)
        *REF_PUSH(&l->units) = b->units[i];
}

static void take_batch(struct cut_lists *l, const struct gs_cut_batch *b)
{
    take_han(l, b);
    take_words(l, b);
    take_tokens(l, b);
    for (size_t i = 0; i < b->end_count; i++) {
        struct ref_end *last = l->ends.count ? &l->ends.at[l->ends.count - 1] : NULL;
        if (last && last->position == b->ends[i].position)
            last->kinds |= b->ends[i].kinds;
        else
            *REF_PUSH(&l->ends) = (struct ref_end){b->ends[i].position, b->ends[i].kinds};
    }
}

struct cut_input {
    const uint8_t *text;
    size_t size;
    struct gs_mark *marks;
    struct gs_end *ends;
    size_t mark_count, end_count;
};

/* Goes on with a new cutter from the state of the old, if there is a state here. */
static struct gs_cutter *resume(struct gs_cutter *old, const struct cut_input *in, size_t at,
                                const struct cut_case *c, struct cut_lists *l)
{
    struct gs_cutter_state state;
    if (!gs_cutter_state(old, &state))
        return old;
    *REF_PUSH(&l->resumed) = at;
    gs_cutter_free(old);
    struct gs_cutter *fresh = gs_cutter_create(c->with_spans);
    gs_cutter_resume(fresh, in->marks, in->mark_count, in->ends, in->end_count, (uint32_t)at,
                     &state);
    return fresh;
}

static void cut(const struct cut_case *c, const struct cut_input *in, struct cut_lists *l)
{
    struct random_source r = {c->seed ^ 0x5EED};
    struct gs_cut_batch batch;
    gs_cut_batch_init(&batch);
    struct gs_cutter *cutter = gs_cutter_create(c->with_spans);
    assert_non_null(cutter);
    gs_cutter_begin(cutter, in->marks, in->mark_count, in->ends, in->end_count);
    static const uint32_t most[] = {1, 2, 3, 5, 17, 100, 5000};
    uint32_t chunk_most = RANDOM_OF(&r, most);
    bool done = false;
    for (size_t at = 0; !done;) {
        size_t n = c->chunked ? random_between(&r, 0, chunk_most) : in->size;
        n = n < in->size - at ? n : in->size - at;
        done = at + n == in->size && (!c->chunked || random_once_in(&r, 2));
        /* A copy of exactly these bytes, so that a sanitizer sees a read past them. */
        uint8_t *copy = malloc(n ? n : 1);
        assert_non_null(copy);
        memcpy(copy, in->text + at, n);
        assert_ok(gs_cutter_feed(cutter, copy, n, done, &batch));
        take_batch(l, &batch);
        free(copy);
        at += n;
        if (c->resumed && !done)
            cutter = resume(cutter, in, at, c, l);
    }
    l->positions = gs_cutter_positions(cutter);
    l->length = gs_cutter_length(cutter);
    gs_cutter_free(cutter);
    gs_cut_batch_release(&batch);
}

/* ---- the reference's side ---- */

static void take_reference(const struct cut_case *c, const struct cut_input *in,
                           struct cut_lists *l)
{
    struct ref_tokens t = {0};
    ref_tokenise(&t, in->text, in->size, in->marks, in->mark_count, in->ends, in->end_count);
    for (size_t i = 0; i < t.tokens.count; i++)
        *REF_PUSH(&l->tokens) = t.tokens.at[i];
    for (size_t i = 0; i < t.tokens.count && !c->with_spans; i++)
        l->tokens.at[i].start = l->tokens.at[i].end = 0;
    for (size_t i = 0; i < t.elements.count && c->with_spans; i++) {
        const struct ref_element *e = &t.elements.at[i];
        if (e->kind == REF_ELEMENT_HAN || e->kind == REF_ELEMENT_WORD)
            *REF_PUSH(&l->units) = (struct gs_unit){e->position, e->start, e->end};
    }
    for (size_t i = 0; i < t.ends.count; i++)
        *REF_PUSH(&l->ends) = t.ends.at[i];
    l->positions = t.positions;
    l->length = t.length;
    ref_tokens_release(&t);
}

/* ---- comparing ---- */

static int compare_tokens(const void *a, const void *b)
{
    const struct ref_token *x = a, *y = b;
    if (x->position != y->position)
        return x->position < y->position ? -1 : 1;
    return memcmp(x, y, offsetof(struct ref_token, position));
}

static void describe(const struct cut_lists *l, size_t i, char *out, size_t size)
{
    if (i >= l->tokens.count) {
        snprintf(out, size, "no token");
        return;
    }
    const struct ref_token *t = &l->tokens.at[i];
    char text[GS_TERM_TEXT_CAP];
    struct gs_term term = {.is_word = t->is_word,
                           .first = t->first,
                           .second = t->second,
                           .bytes = t->word,
                           .size = t->size};
    snprintf(out, size, "%s @%u [%u,%u)", gs_term_text(&term, text), t->position, t->start, t->end);
}

/* A resumed cutter knows nothing of the bytes before it: a span that begins there is cut off. */
static bool same_token(const struct cut_lists *got, const struct cut_lists *want, size_t i)
{
    const struct ref_token *g = &got->tokens.at[i];
    struct ref_token w = want->tokens.at[i];
    for (size_t k = 0; k < got->resumed.count; k++)
        if (g->start == got->resumed.at[k] && g->start > w.start) {
            w.start = g->start;
            w.end = w.end > g->start ? w.end : g->start;
        }
    return memcmp(g, &w, sizeof(w)) == 0;
}

static bool same_tokens(struct cut_case *c, struct cut_lists *got, struct cut_lists *want)
{
    if (!c->with_spans && got->tokens.count > 1) /* the arrays by kind have no order between them */
        qsort(got->tokens.at, got->tokens.count, sizeof(struct ref_token), compare_tokens);
    if (!c->with_spans && want->tokens.count > 1)
        qsort(want->tokens.at, want->tokens.count, sizeof(struct ref_token), compare_tokens);
    size_t i = 0;
    while (i < got->tokens.count && i < want->tokens.count && same_token(got, want, i))
        i++;
    if (i == got->tokens.count && i == want->tokens.count)
        return true;
    char g[160], w[160];
    describe(got, i, g, sizeof(g));
    describe(want, i, w, sizeof(w));
    snprintf(c->message, sizeof(c->message), "token %zu: the cutter has %s, the reference %s", i, g,
             w);
    return false;
}

static bool same_units(struct cut_case *c, const struct cut_lists *got,
                       const struct cut_lists *want)
{
    for (size_t i = 0; i < got->units.count && i < want->units.count; i++) {
        const struct gs_unit *g = &got->units.at[i], *w = &want->units.at[i];
        if (g->position == w->position && g->start == w->start && g->end == w->end)
            continue;
        snprintf(c->message, sizeof(c->message), "unit %zu: @%u [%u,%u), the reference @%u [%u,%u)",
                 i, g->position, g->start, g->end, w->position, w->start, w->end);
        return false;
    }
    if (got->units.count == want->units.count)
        return true;
    snprintf(c->message, sizeof(c->message), "%zu units, the reference %zu", got->units.count,
             want->units.count);
    return false;
}

static bool same_ends(struct cut_case *c, const struct cut_lists *got, const struct cut_lists *want)
{
    for (size_t i = 0; i < got->ends.count && i < want->ends.count; i++) {
        const struct ref_end *g = &got->ends.at[i], *w = &want->ends.at[i];
        if (g->position == w->position && g->kinds == w->kinds)
            continue;
        snprintf(c->message, sizeof(c->message), "end %zu: kinds %u @%u, the reference %u @%u", i,
                 g->kinds, g->position, w->kinds, w->position);
        return false;
    }
    if (got->ends.count == want->ends.count)
        return true;
    snprintf(c->message, sizeof(c->message), "%zu ends, the reference %zu", got->ends.count,
             want->ends.count);
    return false;
}

static bool same_totals(struct cut_case *c, const struct cut_lists *got,
                        const struct cut_lists *want)
{
    if (got->positions == want->positions && got->length == want->length)
        return true;
    snprintf(c->message, sizeof(c->message), "%u positions, length %u, the reference %u, %u",
             got->positions, got->length, want->positions, want->length);
    return false;
}

static bool differs_on(struct cut_case *c, const struct cut_input *in)
{
    struct cut_lists got = {0}, want = {0};
    cut(c, in, &got);
    take_reference(c, in, &want);
    bool same = same_tokens(c, &got, &want) && same_units(c, &got, &want);
    if (!c->resumed) /* a resumed cutter counts from where it began */
        same = same && same_ends(c, &got, &want) && same_totals(c, &got, &want);
    lists_release(&got);
    lists_release(&want);
    return !same;
}

static bool differs(const uint8_t *text, size_t size, void *ctx)
{
    struct cut_case *c = ctx;
    struct cut_input in = {.text = text, .size = size};
    if (c->with_marks) {
        struct random_source r = {c->seed};
        random_marks(&r, text, size, &in.marks, &in.mark_count);
        random_ends(&r, text, size, &in.ends, &in.end_count);
    }
    bool result = differs_on(c, &in);
    free(in.marks);
    free(in.ends);
    return result;
}

static void report(struct cut_case *c, uint8_t *text, size_t size)
{
    size = random_shrink(text, size, differs, c);
    differs(text, size, c);
    char *shown = test_escape(text, size);
    print_error("seed %llu%s%s%s%s\n  %s\n  %s\n", (unsigned long long)c->seed,
                c->with_spans ? " spans" : " fast", c->with_marks ? " marks" : "",
                c->chunked ? " chunked" : "", c->resumed ? " resumed" : "", shown, c->message);
    free(shown);
}

/* ---- the tests ---- */

static void run_random(uint64_t first, uint64_t cases, size_t most_pieces)
{
    struct gs_buf text;
    gs_buf_init(&text, 1 << 22);
    size_t failures = 0;
    for (uint64_t seed = first; seed < first + cases && failures < 5; seed++) {
        struct random_source r = {seed};
        gs_buf_clear(&text);
        bool damage = random_once_in(&r, 6);
        size_t pieces = random_between(&r, 1, (uint32_t)most_pieces);
        if (random_once_in(&r, 5))
            random_pages(&r, 1 + pieces / 4, &text);
        else
            random_soup(&r, pieces, damage, &text);
        struct cut_case c = {.seed = seed, .with_marks = random_once_in(&r, 2)};
        for (int mode = 0; mode < 6; mode++) {
            c.with_spans = mode & 1;
            c.chunked = mode >= 2;
            c.resumed = mode >= 4;
            if (differs(text.data, text.size, &c)) {
                report(&c, text.data, text.size);
                failures++;
                break;
            }
        }
    }
    gs_buf_release(&text);
    assert_int_equal(failures, 0);
}

static void test_random_texts(void **state)
{
    (void)state;
    run_random(test_env_number("GAOSOU_SEED", 1), test_env_number("GAOSOU_CASES", 30000), 30);
}

static void test_long_random_texts(void **state)
{
    (void)state;
    run_random(test_env_number("GAOSOU_SEED", 1) + 1000000, 60, 6000);
}

/* A whole file, with the marks and ends that layout and structure find in it. */
static void check_file(const char *path)
{
    struct gs_buf text;
    struct gs_layout layout;
    struct gs_structure structure;
    struct gs_err err;
    gs_buf_init(&text, 1 << 26);
    gs_layout_init(&layout);
    gs_structure_init(&structure);
    assert_ok_err(gs_file_read(path, &text, &err), &err);
    assert_ok_err(gs_layout_find(&layout, text.data, text.size, &err), &err);
    assert_ok_err(gs_structure_find(&structure, &layout, text.data, text.size, &err), &err);
    struct cut_input in = {text.data,      text.size,         layout.marks,
                           structure.ends, layout.mark_count, structure.end_count};
    for (int mode = 0; mode < 4; mode++) {
        struct cut_case c = {.seed = 6, .with_spans = mode & 1, .chunked = mode >= 2};
        if (differs_on(&c, &in))
            test_fail("%s: %s", path, c.message);
    }
    gs_structure_release(&structure);
    gs_layout_release(&layout);
    gs_buf_release(&text);
}

static void test_real_filings(void **state)
{
    (void)state;
    char *folder = corpus_root() ? test_path(corpus_root(), "seeds") : NULL;
    DIR *d = folder ? opendir(folder) : NULL;
    if (!d) {
        free(folder);
        print_message("skipped: no corpora here\n");
        skip();
    }
    for (struct dirent *e; (e = readdir(d));) {
        if (e->d_name[0] == '.')
            continue;
        char *path = test_path(folder, "%s", e->d_name);
        check_file(path);
        free(path);
    }
    closedir(d);
    free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_texts),
        cmocka_unit_test(test_long_random_texts),
        cmocka_unit_test(test_real_filings),
    };
    return cmocka_run_group_tests_name("oracle: tokens", tests, NULL, NULL);
}
