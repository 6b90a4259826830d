/*
 * The query parser against its reference (tests/support/ref_query.h): trees, leaves and what is an
 * error. GAOSOU_SEED and GAOSOU_CASES as in test_oracle_tokens.c; a failure is shrunk and printed.
 */
#include "query/query.h"
#include "tests/support/random_text.h"
#include "tests/support/random_world.h"
#include "tests/support/test.h"

struct comparison {
    struct question ask; /* without its text */
    struct gs_err err;
    char message[512];
    size_t accepted;
};

static bool say(struct comparison *c, const char *what, size_t i, uint64_t got, uint64_t want)
{
    snprintf(c->message, sizeof(c->message), "%.400s %zu: %llu, in the reference %llu", what, i,
             (unsigned long long)got, (unsigned long long)want);
    return false;
}

/* Rows of stars are one. */
static bool same_pattern(const struct gs_item *g, const char *want)
{
    size_t at = 0;
    for (; *want; want++) {
        if (*want == '*' && want[1] == '*')
            continue;
        if (at == g->size || g->bytes[at++] != (uint8_t)*want)
            return false;
    }
    return at == g->size;
}

static bool same_item(struct comparison *c, size_t leaf, const struct gs_item *g,
                      const struct ref_item *w)
{
    if (g->is_han != w->is_han)
        return say(c, "an item is Han, leaf", leaf, g->is_han, w->is_han);
    if (g->offset != w->offset)
        return say(c, "the distance of an item of leaf", leaf, g->offset, w->offset);
    if (g->is_prefix != w->is_prefix)
        return say(c, "an item is a prefix, leaf", leaf, g->is_prefix, w->is_prefix);
    if (g->is_han && g->character != w->cp)
        return say(c, "a character of leaf", leaf, g->character, w->cp);
    if (g->is_pattern != w->is_pattern)
        return say(c, "an item is a pattern, leaf", leaf, g->is_pattern, w->is_pattern);
    if (g->is_pattern && !same_pattern(g, w->pattern))
        return say(c, "a pattern of leaf", leaf, g->size, strlen(w->pattern));
    if (!g->is_han && !g->is_pattern &&
        (g->size != w->size || memcmp(g->bytes, w->word, w->size) != 0))
        return say(c, "the size (or bytes) of a word of leaf", leaf, g->size, w->size);
    return true;
}

static bool same_leaf(struct comparison *c, size_t i, const struct gs_leaf *g,
                      const struct ref_leaf *w)
{
    if (g->item_count != w->items.count)
        return say(c, "items of leaf", i, g->item_count, w->items.count);
    if (g->title_only != w->title_only)
        return say(c, "title_only of leaf", i, g->title_only, w->title_only);
    if (g->multiplicity != w->multiplicity)
        return say(c, "multiplicity of leaf", i, g->multiplicity, w->multiplicity);
    if (g->width != w->width)
        return say(c, "width of leaf", i, g->width, w->width);
    for (size_t k = 0; k < w->items.count; k++)
        if (!same_item(c, i, &g->items[k], &w->items.at[k]))
            return false;
    const struct ref_item *first = &w->items.at[0], *last = &w->items.at[w->items.count - 1];
    enum gs_leaf_kind kind = last->is_prefix                        ? GS_LEAF_PREFIX
                             : w->items.count == 1 && first->is_han ? GS_LEAF_CHAR
                                                                    : GS_LEAF_PHRASE;
    return g->kind == kind || say(c, "kind of leaf", i, g->kind, kind);
}

static bool same_node(struct comparison *c, const struct gs_node *g, const struct ref_node *w)
{
    if (g->kind != w->kind)
        return say(c, "kind of a node", 0, g->kind, w->kind);
    if (g->kind == GS_NODE_LEAF || g->kind == GS_NODE_FILTER)
        return g->leaf == w->leaf || say(c, "leaf of a node", 0, g->leaf, w->leaf);
    if (g->kind == GS_NODE_NEAR && g->distance != w->distance)
        return say(c, "distance of a NEAR", 0, g->distance, w->distance);
    if (g->child_count != w->children.count)
        return say(c, "children of a node", 0, g->child_count, w->children.count);
    for (size_t i = 0; i < g->child_count; i++)
        if (!same_node(c, g->children[i], w->children.at[i]))
            return false;
    return true;
}

static bool same_query(struct comparison *c, const struct gs_query *g, const struct ref_query *w)
{
    if (!w->root) /* with filters beside it, too */
        return (g->leaf_count == 1 && g->leaves[0].kind == GS_LEAF_NOTHING) ||
               say(c, "something matches, leaves", 0, g->leaf_count, 0);
    if (g->filter_count != w->filters.count)
        return say(c, "filters", 0, g->filter_count, w->filters.count);
    if (g->leaf_count != w->leaves.count)
        return say(c, "leaves", 0, g->leaf_count, w->leaves.count);
    for (size_t i = 0; i < g->leaf_count; i++)
        if (!same_leaf(c, i, &g->leaves[i], &w->leaves.at[i]))
            return false;
    return same_node(c, g->root, w->root);
}

static bool differs(const uint8_t *text, size_t size, void *ctx)
{
    struct comparison *c = ctx;
    struct gs_query *got = NULL;
    struct ref_query want = {0};
    struct gs_query_params params = question_params(&c->ask);
    struct question_rules rules;
    bool same = question_rules_open(&rules, &c->ask);
    params.chinese = size % 2;
    params.synonyms = rules.engine;
    enum gaosou_status g = gs_query_parse(&got, (const char *)text, size, &params, &c->err);
    enum gaosou_status w =
        ref_query_parse_with(&want, (const char *)text, size, &params, rules.reference);
    if (!same)
        same = say(c, "rules of synonyms", 0, rules.engine != NULL, 0);
    else if (question_is_left_out(&want, &params))
        same = true;
    else if ((g == GAOSOU_OK) != (w == GAOSOU_OK))
        same = say(c, g == GAOSOU_OK ? "" : c->err.text, 0, g, w);
    else if (g == GAOSOU_OK)
        same = same_query(c, got, &want);
    c->accepted += g == GAOSOU_OK;
    gs_query_free(got);
    ref_query_release(&want);
    question_rules_close(&rules);
    return !same;
}

static void run(enum gs_query_mode mode, bool wild, uint64_t cases)
{
    struct comparison c = {.accepted = 0};
    struct gs_buf sample, text;
    size_t failures = 0;
    uint64_t first = test_env_number("GAOSOU_SEED", 1);
    gs_buf_init(&sample, 1 << 20);
    gs_buf_init(&text, 1 << 20);
    for (uint64_t seed = first; seed < first + cases && failures < 60; seed++) {
        struct random_source r = {seed};
        struct random_corpus corpus;
        gs_buf_clear(&sample);
        gs_buf_clear(&text);
        random_corpus_init(&corpus, &r);
        random_question(&corpus, &r, &c.ask);
        c.ask.mode = mode;
        random_filing(&corpus, &r, 40, &sample);
        random_query(&corpus, &r, mode, wild, sample.data, sample.size, &text);
        uint8_t *exact = malloc(text.size + 1);
        assert_non_null(exact);
        if (text.size)
            memcpy(exact, text.data, text.size);
        if (differs(exact, text.size, &c)) {
            failures++;
            size_t size = random_shrink(exact, text.size, differs, &c);
            differs(exact, size, &c);
            char *shown = test_escape(exact, size);
            print_error("seed %llu mode %d within %d filters %s synonyms %s\n  %s\n  %s\n",
                        (unsigned long long)seed, (int)mode, (int)c.ask.within, c.ask.filters,
                        c.ask.synonyms, shown, c.message);
            free(shown);
        }
        free(exact);
    }
    print_message("%llu queries, %zu accepted\n", (unsigned long long)cases, c.accepted);
    gs_buf_release(&sample);
    gs_buf_release(&text);
    assert_int_equal(failures, 0);
}

static void test_queries(void **state)
{
    (void)state;
    run(GS_QUERY_SYNTAX, false, test_env_number("GAOSOU_CASES", 20000));
}

static void test_wild_queries(void **state)
{
    (void)state;
    run(GS_QUERY_SYNTAX, true, test_env_number("GAOSOU_CASES", 40000));
}

static void test_bags(void **state)
{
    (void)state;
    run(GS_QUERY_ANY, false, test_env_number("GAOSOU_CASES", 10000));
    run(GS_QUERY_ANY, true, test_env_number("GAOSOU_CASES", 10000));
}

static void test_literals(void **state)
{
    (void)state;
    run(GS_QUERY_LITERAL, false, test_env_number("GAOSOU_CASES", 5000));
    run(GS_QUERY_LITERAL, true, test_env_number("GAOSOU_CASES", 5000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queries),
        cmocka_unit_test(test_wild_queries),
        cmocka_unit_test(test_bags),
        cmocka_unit_test(test_literals),
    };
    return cmocka_run_group_tests_name("oracle: queries", tests, NULL, NULL);
}
