/*
 * The engine against the brute-force one (tests/support/ref_engine.h): random indexes, random
 * queries, every plan. Same filings, same order, same counts and totals; scores within 1e-9 of each
 * other, relatively.
 *
 * GAOSOU_SEED names the first index, GAOSOU_CASES how many; a failure prints both and a history
 * shrunk to what is needed.
 */
#include "query/search.h"
#include "tests/support/corpus.h"
#include "tests/support/random_index.h"
#include "tests/support/random_text.h"
#include "tests/support/test.h"

#include <math.h>

struct question {
    const char *text;
    size_t size;
    enum gs_query_mode mode;
    struct gs_search_options options;
};

struct world {
    char *root, *folder;
    struct ref_index reference;
    struct gs_snapshot snapshot;
    struct gs_search *search;
    bool open;
    char message[512];
};

static void world_open(struct world *w, const struct random_history *h)
{
    struct gs_err err;
    memset(w, 0, sizeof(*w));
    w->root = test_folder_create();
    w->folder = test_path(w->root, "index");
    random_history_play(h, w->folder, &w->reference);
    enum gaosou_status status = gs_snapshot_open(&w->snapshot, w->folder, &err);
    w->open = status == GAOSOU_OK;
    if (status != GAOSOU_E_NOT_FOUND) /* a history that adds nothing makes no index */
        assert_ok_err(status, &err);
    assert_ok(gs_search_create(&w->search));
}

static void world_close(struct world *w)
{
    gs_search_free(w->search);
    if (w->open)
        gs_snapshot_close(&w->snapshot);
    ref_index_release(&w->reference);
    free(w->folder);
    test_folder_remove(w->root);
}

/* ---- comparing ---- */

static bool say(struct world *w, const char *what, size_t i, double got, double want)
{
    snprintf(w->message, sizeof(w->message), "%s %zu: %.17g, in the reference %.17g", what, i, got,
             want);
    return false;
}

/* Equal but for the rounding of another order of operations. */
static bool is_near(double a, double b)
{
    return fabs(a - b) <= 1e-12 * fabs(a);
}

static bool is_twin(const struct ref_hit *a, const struct ref_hit *b, size_t leaves)
{
    return a->filing->tokens.length == b->filing->tokens.length &&
           memcmp(a->counts, b->counts, leaves * sizeof(*a->counts)) == 0;
}

/* The reference's hit for the filing at rank i. Filings whose scores differ by a rounding may
 * change places, unless they have the same counts and length. */
static const struct ref_hit *find_hit(size_t i, uint64_t sequence, const struct ref_hits *r,
                                      size_t leaves)
{
    for (size_t j = 0; j < r->hits.count; j++) {
        const struct ref_hit *hit = &r->hits.at[j];
        if (hit->filing->sequence != sequence)
            continue;
        bool fits = j == i || (is_near(hit->score, r->hits.at[i].score) &&
                               !is_twin(hit, &r->hits.at[i], leaves));
        return fits ? hit : NULL;
    }
    return NULL;
}

static bool same_hit(struct world *w, size_t i, const struct gs_hit *g, const struct ref_hits *all,
                     size_t leaves)
{
    uint64_t sequence =
        g->sequence - w->snapshot.manifest.next_sequence + w->reference.next_sequence;
    const struct ref_hit *r = find_hit(i, sequence, all, leaves);
    if (!r) {
        r = &all->hits.at[i];
        snprintf(w->message, sizeof(w->message),
                 "hit %zu: filing %llu, score %.17g; in the reference %llu, score %.17g", i,
                 (unsigned long long)sequence, g->score, (unsigned long long)r->filing->sequence,
                 r->score);
        return false;
    }
    if (fabs(g->score - r->score) > 1e-9 * fabs(r->score))
        return say(w, "score of hit", i, g->score, r->score);
    for (size_t k = 0; k < leaves; k++)
        if (g->counts[k] != r->counts[k])
            return say(w, "count of a leaf in hit", i, g->counts[k], r->counts[k]);
    return true;
}

/* One OR of leaves, or a bag: where totals may be lower bounds. */
static bool may_be_open(const struct ref_query *q, const struct question *ask, size_t matches)
{
    bool bag = ask->mode == GS_QUERY_ANY || q->root->kind == GS_NODE_OR;
    for (size_t i = 0; i < q->root->children.count; i++)
        bag = bag && q->root->children.at[i]->kind == GS_NODE_LEAF;
    bool enough =
        ask->options.limit <= matches && ask->options.offset <= matches - ask->options.limit;
    return bag && enough && !ask->options.count_all && !ask->options.exhaustive;
}

static bool same_totals(struct world *w, const struct question *ask, const struct ref_query *q,
                        const struct gs_result *g, const struct ref_hits *r)
{
    bool open = q->root && may_be_open(q, ask, r->hits.count);
    if (!open && !(g->total_exact && g->occurrences_exact))
        return say(w, "exactness of totals", 0, g->total_exact, 1);
    if (g->total_exact ? g->total != r->hits.count
                       : g->total > r->hits.count || g->total < g->hit_count)
        return say(w, g->total_exact ? "total" : "open total", 0, (double)g->total,
                   (double)r->hits.count);
    if (g->occurrences_exact ? g->occurrences != r->occurrences : g->occurrences > r->occurrences)
        return say(w, g->occurrences_exact ? "occurrences" : "open occurrences", 0,
                   (double)g->occurrences, (double)r->occurrences);
    return true;
}

static bool same_result(struct world *w, const struct question *ask, const struct ref_query *q,
                        const struct gs_result *g, const struct ref_hits *r)
{
    size_t from = ask->options.offset < r->hits.count ? ask->options.offset : r->hits.count;
    size_t count =
        r->hits.count - from < ask->options.limit ? r->hits.count - from : ask->options.limit;
    if (g->hit_count != count)
        return say(w, "hits", 0, (double)g->hit_count, (double)count);
    for (size_t i = 0; i < count; i++)
        if (!same_hit(w, from + i, &g->hits[i], r, q->leaves.count))
            return false;
    return same_totals(w, ask, q, g, r);
}

static bool same_occurrences(struct world *w, const struct gs_query *gq, const struct ref_query *rq,
                             const struct gs_hit *g, const struct ref_hit *r)
{
    struct gs_err err;
    struct gs_occurrence *got = NULL;
    size_t count = 0, capacity = 0, i = 0;
    ref_occurrences want = {0};
    assert_ok_err(gs_search_occurrences(w->search, &w->snapshot, gq, g->segment, g->doc, 0, &got,
                                        &count, &capacity, &err),
                  &err);
    ref_find_occurrences(r->filing, rq, &want);
    while (i < count && i < want.count && got[i].position == want.at[i].position &&
           got[i].width == want.at[i].width && got[i].leaf == want.at[i].leaf)
        i++;
    bool same = i == count && i == want.count;
    if (!same)
        say(w, "occurrence", i, i < count ? got[i].position : (double)count,
            i < want.count ? want.at[i].position : (double)want.count);
    free(got);
    REF_RELEASE(&want);
    return same;
}

static bool same_leaf_totals(struct world *w, const struct gs_query *gq, const struct ref_query *rq)
{
    struct gs_err err;
    uint64_t totals[64];
    if (rq->leaves.count > GS_COUNT_OF(totals) || !rq->root)
        return true;
    assert_ok_err(gs_search_leaf_totals(w->search, &w->snapshot, gq, totals, &err), &err);
    for (size_t i = 0; i < rq->leaves.count; i++) {
        uint64_t want = ref_leaf_total(&w->reference, &rq->leaves.at[i]);
        if (totals[i] != want)
            return say(w, "total of leaf", i, (double)totals[i], (double)want);
    }
    return true;
}

/* Whether both engines answer alike. *read is false where the query is an error in both. */
static bool agree(struct world *w, const struct question *ask, bool more, bool *read)
{
    struct gs_err err;
    struct gs_query *query = NULL;
    struct ref_query reference = {0};
    struct ref_hits want = {0};
    struct gs_result got;
    enum gaosou_status g = gs_query_parse(&query, ask->text, ask->size, ask->mode, false, &err);
    enum gaosou_status r = ref_query_parse(&reference, ask->text, ask->size, ask->mode);
    bool same = g == r || say(w, "status", 0, g, r);
    *read = g == GAOSOU_OK;
    if (same && *read && w->open) {
        assert_ok_err(gs_search_run(w->search, &w->snapshot, query, &ask->options, &got, &err),
                      &err);
        ref_search(&w->reference, &reference, (struct ref_scoring){ask->options.k1, ask->options.b},
                   &want);
        same = same_result(w, ask, &reference, &got, &want);
        if (same && more && got.hit_count > 0) {
            struct gs_hit hit = got.hits[got.hit_count - 1];
            uint64_t sequence =
                hit.sequence - w->snapshot.manifest.next_sequence + w->reference.next_sequence;
            size_t last = ask->options.offset + got.hit_count - 1;
            same = same_occurrences(w, query, &reference, &hit,
                                    find_hit(last, sequence, &want, reference.leaves.count));
        }
        if (same && more)
            same = same_leaf_totals(w, query, &reference);
    }
    gs_query_free(query);
    ref_query_release(&reference);
    ref_hits_release(&want);
    return same;
}

/* ---- shrinking ---- */

static bool history_fails(const struct random_history *h, const struct question *ask)
{
    struct world w;
    bool read;
    world_open(&w, h);
    bool fails = !agree(&w, ask, true, &read);
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
            print_error("  add %s title %.200s text %.600s\n", s->id, s->title ? title : "none",
                        text);
        else
            print_error("  %s %s\n", names[s->kind], s->id);
        free(title);
        free(text);
    }
}

static void report(struct random_history *h, const struct question *asked, uint64_t seed,
                   const char *message)
{
    struct question shrunk = *asked, *ask = &shrunk;
    char *shown = test_escape(ask->text, ask->size);
    print_error("index seed %llu%s, mode %d, limit %zu offset %zu count_all %d exhaustive %d, "
                "query %s\n  %s\n",
                (unsigned long long)seed, h->with_text ? "" : " without text", (int)ask->mode,
                ask->options.limit, ask->options.offset, ask->options.count_all,
                ask->options.exhaustive, shown, message);
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
    shrink_history(h, ask);
    shrink_query(h, ask, text);
    shown = test_escape(text, ask->size);
    print_error("  shrunk query %s\n", shown);
    print_history(h);
    free(shown);
    free(text);
}

/* ---- the questions ---- */

static struct gs_search_options random_options(struct random_source *r)
{
    struct gs_search_options o = gs_search_defaults();
    static const size_t limits[] = {10, 10, 1, 2, 3, 5, 20, SIZE_MAX, 0};
    o.limit = RANDOM_OF(r, limits);
    o.offset = random_once_in(r, 3) ? random_below(r, 8) : 0;
    o.count_all = random_once_in(r, 3);
    o.exhaustive = random_once_in(r, 4);
    if (random_once_in(r, 6))
        o.k1 = random_between(r, 0, 30) / 10.0;
    if (random_once_in(r, 6))
        o.b = random_between(r, 0, 10) / 10.0;
    return o;
}

static enum gs_query_mode random_mode(struct random_source *r)
{
    uint32_t n = random_below(r, 10);
    return n < 6 ? GS_QUERY_SYNTAX : n < 9 ? GS_QUERY_ANY : GS_QUERY_LITERAL;
}

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
        struct question ask = {.mode = random_mode(&r)};
        gs_buf_clear(&text);
        random_query(&h.corpus, &r, ask.mode, random_once_in(&r, 20), f ? f->content : NULL,
                     f ? f->size : 0, &text);
        ask.text = text.size ? (const char *)text.data : "";
        ask.size = text.size;
        ask.options = random_options(&r);
        bool read, more = random_once_in(&r, 4);
        if (!agree(&w, &ask, more, &read)) {
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
    run(RANDOM_TINY, test_env_number("GAOSOU_SEED", 1), test_env_number("GAOSOU_CASES", 500), 60);
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

/* ---- real filings ---- */

/* Some filings of a sample as a history: every step-th, cut to most_bytes at a character. */
static bool load_sample(struct random_history *h, const char *name, size_t count, size_t step,
                        size_t most_bytes)
{
    struct gs_err err;
    struct corpus *corpus = corpus_open_sample(name, &err);
    struct corpus_doc doc;
    if (!corpus)
        return false;
    for (size_t i = 0; i < count * step && corpus_next(corpus, &doc, &err) == 1; i++) {
        char id[24];
        size_t size = doc.text_size < most_bytes ? doc.text_size : most_bytes;
        while (size < doc.text_size && size > 0 && (doc.text[size] & 0xC0) == 0x80)
            size--;
        if (i % step != 0)
            continue;
        snprintf(id, sizeof(id), "%zu", i);
        char *title = doc.title_size ? strndup((const char *)doc.title, doc.title_size) : NULL;
        random_history_add(h, id, title, doc.text, size);
        free(title);
        if (random_once_in(&(struct random_source){i}, 100))
            random_history_step(h, RANDOM_COMMIT, "");
    }
    random_history_step(h, RANDOM_COMMIT, "");
    corpus_close(corpus);
    return h->steps.count > 1;
}

static void test_real_sample(const char *name, size_t count, size_t step, size_t most_bytes,
                             size_t queries)
{
    struct random_history h = {.with_text = true, .threads = 2};
    struct random_source r = {count + step};
    struct gs_buf text;
    struct world w;
    random_corpus_init(&h.corpus, &r);
    if (!load_sample(&h, name, count, step, most_bytes)) {
        print_message("skipped: %s is not here\n", name);
        random_history_release(&h);
        return;
    }
    gs_buf_init(&text, 1 << 20);
    world_open(&w, &h);
    for (size_t i = 0; i < queries; i++) {
        const struct ref_filing *f =
            w.reference.filings.at[random_below(&r, (uint32_t)w.reference.filings.count)];
        struct question ask = {.mode = random_mode(&r), .options = random_options(&r)};
        bool read;
        gs_buf_clear(&text);
        random_query(&h.corpus, &r, ask.mode, false, f->content, f->size, &text);
        ask.text = text.size ? (const char *)text.data : "";
        ask.size = text.size;
        if (!agree(&w, &ask, i % 4 == 0, &read)) {
            char *shown = test_escape(ask.text, ask.size);
            test_fail("%s, question %zu, mode %d, %s: %s", name, i, (int)ask.mode, shown,
                      w.message);
        }
    }
    print_message("%s: %zu filings, %zu questions\n", name, w.reference.filings.count, queries);
    world_close(&w);
    gs_buf_release(&text);
    random_history_release(&h);
}

static void test_real_filings(void **state)
{
    (void)state;
    if (!corpus_root()) {
        print_message("skipped: no corpora here\n");
        skip();
    }
    test_real_sample("news/docs.jsonl.zst", 200, 7, SIZE_MAX, 120);
    test_real_sample("prospectus/pages.jsonl.zst", 150, 11, SIZE_MAX, 120);
    test_real_sample("hkex_ipo/docs.jsonl.zst", 20, 3, 60000, 60);
}

/* What must come out on the sample filings, 000 to 004. */
static const struct {
    const char *query;
    uint32_t counts[5];
} seed_counts[] = {
    {"净利润", {1, 3, 31, 15, 23}},       {"存货跌价准备", {0, 0, 40, 7, 8}},
    {"可编程片上系统", {0, 0, 17, 0, 0}}, {"知识产权授权使用费", {0, 0, 0, 0, 33}},
    {"可转换公司债券", {0, 0, 24, 1, 0}}, {"应收账款周转率", {0, 0, 8, 0, 20}},
    {"最高端的产品", {1, 0, 0, 0, 0}},    {"金融资产控制", {0, 0, 0, 2, 0}},
    {"研发人员", {0, 2, 10, 14, 74}},     {"芯", {37, 0, 487, 54, 603}},
};

static void check_seed_row(struct world *w, const char *text, const uint32_t counts[5])
{
    struct gs_query *query;
    struct gs_err err;
    struct gs_result result;
    uint32_t got[5] = {0};
    struct gs_search_options options = gs_search_defaults();
    assert_ok_err(gs_query_parse(&query, text, strlen(text), GS_QUERY_SYNTAX, true, &err), &err);
    assert_ok_err(gs_search_run(w->search, &w->snapshot, query, &options, &result, &err), &err);
    for (size_t i = 0; i < result.hit_count; i++)
        got[(result.hits[i].sequence - w->snapshot.manifest.next_sequence + 5) % 5] =
            result.hits[i].counts[0];
    for (size_t i = 0; i < 5; i++)
        if (got[i] != counts[i])
            test_fail("%s in 00%zu: %u, wanted %u", text, i, got[i], counts[i]);
    gs_query_free(query);
}

static void check_same_answer(struct world *w, const char *one, const char *other)
{
    struct gs_query *query;
    struct gs_err err;
    struct gs_result result;
    struct gs_search_options options = gs_search_defaults();
    uint64_t sequences[2] = {0};
    for (int i = 0; i < 2; i++) {
        const char *text = i ? other : one;
        assert_ok_err(gs_query_parse(&query, text, strlen(text), GS_QUERY_SYNTAX, true, &err),
                      &err);
        assert_ok_err(gs_search_run(w->search, &w->snapshot, query, &options, &result, &err), &err);
        if (result.hit_count == 0)
            test_fail("%s is not found", text);
        sequences[i] = result.hits[0].sequence;
        gs_query_free(query);
    }
    assert_int_equal(sequences[0], sequences[1]);
}

static void test_seed_counts(void **state)
{
    (void)state;
    struct random_history h = {.with_text = true, .threads = 1};
    struct world w;
    for (int i = 0; i < 5 && corpus_root(); i++) {
        char name[32];
        snprintf(name, sizeof(name), "seeds/00%d.txt", i);
        load_sample(&h, name, 1, 1, SIZE_MAX);
    }
    if (h.steps.count < 10) {
        random_history_release(&h);
        print_message("skipped: no sample filings here\n");
        skip();
    }
    for (size_t i = 0; i < h.steps.count; i += 2) /* load_sample numbers within a sample */
        snprintf(h.steps.at[i].id, sizeof(h.steps.at[i].id), "00%zu", i / 2);
    world_open(&w, &h);
    for (size_t i = 0; i < GS_COUNT_OF(seed_counts); i++)
        check_seed_row(&w, seed_counts[i].query, seed_counts[i].counts);
    check_same_answer(&w, "213452.21", "213,452.21");
    check_same_answer(&w, "34670453.65", "18115421.66");
    world_close(&w);
    random_history_release(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tiny_indexes), cmocka_unit_test(test_long_lists),
        cmocka_unit_test(test_long_filings), cmocka_unit_test(test_real_filings),
        cmocka_unit_test(test_seed_counts),
    };
    return cmocka_run_group_tests_name("oracle: search", tests, NULL, NULL);
}
