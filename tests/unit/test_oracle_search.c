/*
 * The engine against the brute-force one (tests/support/random_world.h): random indexes, random
 * queries, every plan.
 *
 * GAOSOU_SEED names the first index, GAOSOU_CASES how many; a failure prints both and a history
 * shrunk to what is needed.
 */
#include "tests/support/random_text.h"
#include "tests/support/random_world.h"
#include "tests/support/test.h"

/* ---- shrinking ---- */

static char last_message[512]; /* of the last history that failed */

static bool history_fails(const struct random_history *h, const struct question *ask)
{
    struct world w;
    bool read;
    world_open(&w, h);
    bool fails = !world_agree(&w, ask, true, &read);
    if (fails)
        memcpy(last_message, w.message, sizeof(last_message));
    world_close(&w);
    return fails;
}

struct shrinking {
    struct random_history *h;
    size_t step;
    const struct question *ask;
};

static bool text_fails(const uint8_t *text, size_t size, void *ctx)
{
    struct shrinking *s = ctx;
    struct random_step *step = &s->h->steps.at[s->step];
    uint8_t *kept = step->text;
    size_t kept_size = step->size;
    uint8_t *copy = malloc(size + 1);
    assert_non_null(copy);
    memcpy(copy, text, size);
    step->text = copy;
    step->size = size;
    bool fails = history_fails(s->h, s->ask);
    free(copy);
    step->text = kept;
    step->size = kept_size;
    return fails;
}

static void shrink_history(struct random_history *h, const struct question *ask)
{
    for (size_t piece = h->steps.count; piece > 0; piece /= 2)
        for (size_t i = 0; i < h->steps.count; i += piece) {
            bool kept[4096];
            for (size_t k = i; k < i + piece && k < h->steps.count; k++) {
                kept[k % 4096] = h->steps.at[k].dropped;
                h->steps.at[k].dropped = true;
            }
            bool fails = history_fails(h, ask);
            for (size_t k = i; k < i + piece && k < h->steps.count && !fails; k++)
                h->steps.at[k].dropped = kept[k % 4096];
        }
    for (size_t i = 0; i < h->steps.count; i++)
        if (!h->steps.at[i].dropped && h->steps.at[i].kind == RANDOM_ADD) {
            struct shrinking s = {h, i, ask};
            uint8_t *copy = malloc(h->steps.at[i].size + 1);
            assert_non_null(copy);
            memcpy(copy, h->steps.at[i].text, h->steps.at[i].size);
            size_t size = random_shrink(copy, h->steps.at[i].size, text_fails, &s);
            free(h->steps.at[i].text);
            h->steps.at[i].text = copy;
            h->steps.at[i].size = size;
        }
}

struct query_shrinking {
    const struct random_history *h;
    struct question ask;
};

static bool query_fails(const uint8_t *text, size_t size, void *ctx)
{
    struct query_shrinking *s = ctx;
    struct question ask = s->ask;
    ask.text = (const char *)text;
    ask.size = size;
    return history_fails(s->h, &ask);
}

/* text is the question's, changed in place. */
static void shrink_query(const struct random_history *h, struct question *ask, uint8_t *text)
{
    struct query_shrinking s = {h, *ask};
    ask->size = random_shrink(text, ask->size, query_fails, &s);
}

static void print_history(const struct random_history *h)
{
    static const char *const names[] = {"add", "delete", "commit", "merge"};
    for (size_t i = 0; i < h->steps.count; i++) {
        const struct random_step *s = &h->steps.at[i];
        if (s->dropped)
            continue;
        char *title = test_escape(s->title ? s->title : "", s->title ? strlen(s->title) : 0);
        char *text = test_escape(s->text ? s->text : (const uint8_t *)"", s->size);
        if (s->kind == RANDOM_ADD)
            print_error("  add %s title %.200s (%zu to %zu)%s text %.600s\n", s->id,
                        s->title ? title : "none", s->title_from, s->title_to,
                        s->is_unread ? " unread" : "", text);
        else
            print_error("  %s %s\n", names[s->kind], s->id);
        free(title);
        free(text);
    }
}

static void print_question(const struct question *ask)
{
    const struct gs_search_options *o = &ask->options;
    print_error("  mode %d within %d filters %s, limit %zu offset %zu sort %d ties %d facets %zu "
                "min_match %zu%s%s%s%s%s, k1 %g b %g\n",
                (int)ask->mode, (int)ask->within, ask->filters, o->limit, o->offset, (int)o->sort,
                (int)o->ties, o->facet_count, o->min_match, o->min_match_percent ? "%" : "",
                o->count_all ? " count_all" : "", o->exhaustive ? " exhaustive" : "",
                o->collapse ? " collapse" : "", o->take_unknown ? " unknown" : "", o->k1, o->b);
    if (ask->synonyms[0])
        print_error("  synonyms %s\n", ask->synonyms);
    if (!o->ranking.chosen)
        print_error("  ranking of the mode");
    print_error("  ranking%s%s%s%s depth %g longest %g window %g\n",
                o->ranking.title ? " title" : "", o->ranking.proximity ? " proximity" : "",
                o->ranking.stop ? " stop" : "", o->ranking.passages ? " passages" : "",
                ask->ranking.depth, ask->ranking.longest, ask->ranking.window);
}

static void report(struct random_history *h, const struct question *asked, uint64_t seed,
                   const char *message)
{
    struct question shrunk = *asked, *ask = &shrunk;
    char *shown = test_escape(ask->text, ask->size);
    print_error("index seed %llu%s, query %s\n  %s\n", (unsigned long long)seed,
                h->with_text ? "" : " without text", shown, message);
    print_question(ask);
    free(shown);
    if (!history_fails(h, ask)) {
        print_error("  not with a fresh gs_search: it depends on the queries before\n");
        return;
    }
    uint8_t *text = malloc(ask->size + 1);
    assert_non_null(text);
    memcpy(text, ask->text, ask->size);
    ask->text = (const char *)text;
    if (h->steps.count < 200)
        shrink_query(h, ask, text);
    if (h->steps.count < 200)
        shrink_history(h, ask);
    shrink_query(h, ask, text);
    shown = test_escape(text, ask->size);
    print_error("  shrunk query %s\n  %s\n", shown, last_message);
    if (h->steps.count < 200)
        print_history(h);
    free(shown);
    free(text);
}

/* ---- the questions ---- */

/* Asks `queries` questions of one index; how many were read. Ends at the first that is answered
 * differently. */
static size_t ask_all(uint64_t seed, enum random_size size, size_t queries, bool *failed)
{
    struct random_history h;
    struct world w;
    struct gs_buf text;
    struct random_source r = {seed ^ 0xA5C};
    size_t asked = 0;
    random_history_init(&h, seed, size);
    world_open(&w, &h);
    gs_buf_init(&text, 1 << 20);
    for (size_t i = 0; i < queries && !*failed; i++) {
        const struct ref_filing *f =
            w.reference.filings.count
                ? w.reference.filings.at[random_below(&r, (uint32_t)w.reference.filings.count)]
                : NULL;
        struct question ask;
        random_question(&h.corpus, &r, &ask);
        gs_buf_clear(&text);
        random_query(&h.corpus, &r, ask.mode, random_once_in(&r, 20), f ? f->content : NULL,
                     f ? f->size : 0, &text);
        ask.text = text.size ? (const char *)text.data : "";
        ask.size = text.size;
        bool read, more = random_once_in(&r, 4);
        if (!world_agree(&w, &ask, more, &read)) {
            *failed = true;
            report(&h, &ask, seed, w.message);
        }
        asked += read;
    }
    gs_buf_release(&text);
    world_close(&w);
    random_history_release(&h);
    return asked;
}

static void run(enum random_size size, uint64_t first, uint64_t cases, size_t queries)
{
    size_t asked = 0, failures = 0;
    for (uint64_t seed = first; seed < first + cases && failures < 4; seed++) {
        bool failed = false;
        asked += ask_all(seed, size, queries, &failed);
        failures += failed;
    }
    print_message("%zu pairs of index and query, seeds from %llu\n", asked,
                  (unsigned long long)first);
    assert_int_equal(failures, 0);
}

static void test_tiny_indexes(void **state)
{
    (void)state;
    run(RANDOM_TINY, test_env_number("GAOSOU_SEED", 1), test_env_number("GAOSOU_CASES", 1050), 60);
}

static void test_long_lists(void **state)
{
    (void)state;
    run(RANDOM_MANY, test_env_number("GAOSOU_SEED", 1) + 1000000, 10, 100);
}

static void test_long_filings(void **state)
{
    (void)state;
    run(RANDOM_LONG, test_env_number("GAOSOU_SEED", 1) + 2000000, 8, 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tiny_indexes),
        cmocka_unit_test(test_long_lists),
        cmocka_unit_test(test_long_filings),
    };
    return cmocka_run_group_tests_name("oracle: search", tests, NULL, NULL);
}
