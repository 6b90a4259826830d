/* How random queries are asked. See random_world.h. */
#include "query/synonyms.h"
#include "tests/support/random_world.h"
#include "tests/support/ref_sign.h"
#include "tests/support/test.h"

static struct gs_search_options random_options(struct random_source *r)
{
    struct gs_search_options o = gs_search_defaults();
    static const size_t limits[] = {10, 10, 1, 2, 3, 5, 20, SIZE_MAX, 0};
    static const enum gs_sort sorts[] = {GS_SORT_SCORE,  GS_SORT_SCORE, GS_SORT_NEWEST,
                                         GS_SORT_OLDEST, GS_SORT_CODE,  GS_SORT_LENGTH};
    o.ranking.chosen = true; /* BM25 alone */
    o.limit = RANDOM_OF(r, limits);
    o.offset = random_once_in(r, 3) ? random_below(r, 8) : 0;
    o.count_all = random_once_in(r, 3);
    o.exhaustive = random_once_in(r, 4);
    o.collapse = random_once_in(r, 4);
    o.take_unknown = random_once_in(r, 4);
    if (random_once_in(r, 6))
        o.k1 = random_between(r, 0, 30) / 10.0;
    if (random_once_in(r, 6))
        o.b = random_between(r, 0, 10) / 10.0;
    bool other_order = random_once_in(r, 2);
    o.sort = random_forms.sorts && other_order ? RANDOM_OF(r, sorts) : GS_SORT_SCORE;
    o.ties = random_forms.ties && !random_once_in(r, 4) ? GS_TIES_CLOSEST : GS_TIES_SEQUENCE;
    return o;
}

static enum gs_query_mode random_mode(struct random_source *r)
{
    uint32_t n = random_below(r, 10);
    return n < 6 ? GS_QUERY_SYNTAX : n < 9 ? GS_QUERY_ANY : GS_QUERY_LITERAL;
}

static void random_facets(struct random_source *r, struct question *ask)
{
    static const char *const names[] = {"code",  "name", "company",  "type",  "exchange",
                                        "board", "year", "industry", "score", "f_1"};
    static const size_t limits[] = {0, 1, 2, 10, SIZE_MAX};
    size_t count = random_forms.filterable ? 10 : 7;
    ask->options.facet_count = random_between(r, 1, QUESTION_FACETS_MAX);
    ask->options.facet_limit = RANDOM_OF(r, limits);
    for (size_t i = 0; i < ask->options.facet_count; i++)
        ask->facets[i].name = names[random_below(r, (uint32_t)count)];
}

/* Half of the questions as the mode has it, half of the others BM25 alone. */
static void random_ranking(struct random_source *r, struct question *ask)
{
    struct gs_ranking *ranking = &ask->options.ranking;
    static const double depths[] = {200, 200, 1, 2, 5, 20}, windows[] = {100, 100, 2, 4, 10};
    ask->ranking = gs_ranking_defaults;
    ask->ranking.depth = RANDOM_OF(r, depths);
    ask->ranking.window = RANDOM_OF(r, windows);
    if (random_once_in(r, 4))
        ask->ranking.longest = random_between(r, 1, 3) / 2.0;
    ranking->chosen = !random_forms.ranking || random_once_in(r, 2);
    bool some = random_forms.ranking && random_once_in(r, 2);
    ranking->title = some && random_once_in(r, 2);
    ranking->proximity = some && random_once_in(r, 2);
    ranking->stop = some && random_once_in(r, 2);
    ranking->passages = some && random_once_in(r, 2);
}

/* A term of rules: pieces of the corpus, in which signs may be escaped. */
static void add_term(const struct random_corpus *c, struct random_source *r, struct gs_buf *out)
{
    for (uint32_t n = random_between(r, 1, 3); n > 0; n--)
        for (const char *p = random_piece(c, r); *p; p++)
            if (*p != '\n')
                gs_buf_printf(out, "%s%c", strchr(",=\\", *p) && !random_once_in(r, 6) ? "\\" : "",
                              *p);
}

/* Mostly rules as they should be. */
static void random_synonyms(const struct random_corpus *c, struct random_source *r,
                            struct gs_buf *out)
{
    static const char *const signs[] = {",", ",", ", ", " ,\u3000", "=>", " => "};
    static const char *const ends[] = {"\n", "\n", " \r\n", "\n\n", "\n # a, b\n"};
    gs_buf_append_str(out, random_once_in(r, 8) ? "\xEF\xBB\xBF# a => b\n" : "");
    for (uint32_t lines = random_between(r, 1, 4); lines > 0; lines--) {
        add_term(c, r, out);
        for (uint32_t n = random_between(r, 1, 3); n > 0; n--) {
            gs_buf_append_str(out, RANDOM_OF(r, signs));
            if (!random_once_in(r, 40))
                add_term(c, r, out);
        }
        gs_buf_append_str(out, RANDOM_OF(r, ends));
    }
}

bool question_rules_open(struct question_rules *rules, const struct question *ask)
{
    size_t size = strlen(ask->synonyms);
    memset(rules, 0, sizeof(*rules));
    if (size == 0)
        return true;
    rules->reference = calloc(1, sizeof(*rules->reference));
    assert_non_null(rules->reference);
    bool good = ref_synonyms_read(rules->reference, ask->synonyms, size);
    bool read = gs_synonyms_read(&rules->engine, ask->synonyms, size, "", NULL) == GAOSOU_OK;
    if (!good) { /* no rules at all */
        ref_synonyms_release(rules->reference);
        memset(rules->reference, 0, sizeof(*rules->reference));
    }
    return good == read;
}

void question_rules_close(struct question_rules *rules)
{
    gs_synonyms_free(rules->engine);
    if (rules->reference)
        ref_synonyms_release(rules->reference);
    free(rules->reference);
    memset(rules, 0, sizeof(*rules));
}

/* A text made into a field of the question; one that is too long is none. */
static void keep_text(const struct gs_buf *text, char *field)
{
    if (gs_buf_status(text) == GAOSOU_OK)
        memcpy(field, text->data, text->size);
}

void random_question(const struct random_corpus *c, struct random_source *r, struct question *ask)
{
    *ask = (struct question){.mode = random_mode(r), .options = random_options(r)};
    random_ranking(r, ask);
    if (random_forms.within && random_once_in(r, 6))
        ask->within = random_once_in(r, 2) ? GS_WITHIN_SENTENCE : GS_WITHIN_PARAGRAPH;
    if (random_forms.beside && random_once_in(r, 5)) {
        struct gs_buf filters;
        gs_buf_init(&filters, sizeof(ask->filters) - 1);
        random_filters(r, &filters);
        keep_text(&filters, ask->filters);
        gs_buf_release(&filters);
    }
    if (random_forms.synonyms && random_once_in(r, 5)) {
        struct gs_buf rules;
        gs_buf_init(&rules, sizeof(ask->synonyms) - 1);
        random_synonyms(c, r, &rules);
        keep_text(&rules, ask->synonyms);
        gs_buf_release(&rules);
    }
    if (random_forms.facets && random_once_in(r, 4))
        random_facets(r, ask);
    if (random_forms.min_match && ask->mode == GS_QUERY_ANY && !ask->within &&
        random_once_in(r, 3)) {
        ask->options.min_match_percent = random_once_in(r, 2);
        ask->options.min_match = random_below(r, ask->options.min_match_percent ? 120 : 6);
    }
}

struct gs_query_params question_params(const struct question *ask)
{
    struct gs_query_params p = {.mode = ask->mode, .within = ask->within};
    if (random_forms.filterable) {
        p.fields = random_filterable;
        p.field_count = random_filterable_count;
    }
    if (ask->filters[0]) {
        p.filters = ask->filters;
        p.filters_size = strlen(ask->filters);
    }
    return p;
}

struct gs_search_options question_options(const struct question *ask)
{
    struct gs_search_options o = ask->options;
    o.facets = ask->facets;
    o.ranking.params = &ask->ranking;
    return o;
}

bool question_is_left_out(const struct ref_query *q, const struct gs_query_params *params)
{
    bool out = false;
    for (size_t i = 0; i < q->leaves.count; i++)
        for (size_t k = 0; k < q->leaves.at[i].items.count; k++)
            out |= !random_forms.patterns && q->leaves.at[i].items.at[k].is_pattern;
    for (size_t i = 0; i < q->filters.count; i++)
        out |= !random_forms.fields && q->filters.at[i].kind != REF_FILTER_DATE;
    for (size_t kind = GS_NODE_NEAR; kind <= GS_NODE_PARAGRAPH && q->root; kind++)
        out |= !random_forms.groups && ref_node_has(q->root, kind);
    return out || (params->within && !random_forms.within);
}
