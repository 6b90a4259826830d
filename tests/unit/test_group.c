/* indexer: tokens through scatter and group come out as a plain sort has them; the kernels of
 * locate agree. */
#include "common/text/kernel.h"
#include "indexer/group.h"
#include "indexer/locate.h"
#include "indexer/scatter.h"
#include "tests/support/random_text.h"
#include "tests/support/test.h"

#define SLICES     5
#define PARTS      8
#define TOKENS_MAX 70000
#define NAMES      500 /* distinct words of a slice's partition */

/* Tokens of all parts in order of position; the oracle. */
struct plain {
    uint64_t at[SLICES * TOKENS_MAX]; /* part << 60 | key << 32 | position */
    size_t count;
};

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

struct built_run {
    struct gs_run run;
    uint32_t ranks[PARTS][SLICES * NAMES];
    uint32_t name_begin[PARTS + 1];
};

/* A slice of n random tokens, keys below `keys`. Words: their ranks go to the oracle. */
static void build_slice(struct built_run *b, struct plain *plain, struct random_source *r, size_t n,
                        uint32_t keys, bool words, size_t number)
{
    static uint32_t parts[TOKENS_MAX], token_keys[TOKENS_MAX];
    struct gs_scatter scatter;
    uint32_t counts[PARTS] = {0};
    assert_ok(gs_scatter_init(&scatter, PARTS));
    for (size_t i = 0; i < n; i++) {
        parts[i] = random_below(r, 4) ? random_below(r, PARTS - 1) : 2;
        token_keys[i] = random_below(r, 3) ? random_below(r, keys) : keys / 2;
        counts[parts[i]]++;
    }
    struct gs_slice s = {.position_base = (uint32_t)(number * TOKENS_MAX)};
    uint32_t *begin = calloc(PARTS + 1, sizeof(*begin));
    uint32_t size = gs_scatter_plan(&scatter, counts, PARTS, begin);
    scatter.out = gs_run_alloc(&b->run, size + GS_TOKEN_SLACK);
    assert_non_null(scatter.out);
    for (size_t i = 0; i < n; i++) {
        gs_scatter_put(scatter, parts[i], token_keys[i], (uint32_t)i);
        uint64_t key = words ? b->ranks[parts[i]][number * NAMES + token_keys[i]] : token_keys[i];
        plain->at[plain->count++] =
            (uint64_t)parts[i] << 60 | key << 32 | (uint64_t)(s.position_base + i);
    }
    gs_scatter_finish(&scatter, PARTS);
    for (size_t part = 0; part < PARTS; part++) {
        assert_int_equal(gs_part_tokens(begin, part), counts[part]);
        assert_int_equal(gs_part_start(begin, part) % GS_LINE, 0);
    }
    s.han = s.words = scatter.out;
    s.han_begin = s.word_begin = begin;
    s.name_begin = b->name_begin;
    gs_scatter_release(&scatter);
    b->run.slices[b->run.slice_count++] = s;
}

/* What the groups of a range say, put together again, against the oracle. */
static size_t check_range(struct gs_groups *g, const struct gs_part_source *source,
                          const struct gs_key_range *range, size_t most, const uint64_t *wanted)
{
    static uint32_t positions[SLICES * TOKENS_MAX];
    size_t seen = 0;
    assert_ok(gs_groups_count(g, source, range, NULL));
    for (size_t from = 0, to; from < g->terms; from = to) {
        size_t tokens = g->counts[from];
        for (to = from + 1; to < g->terms && tokens + g->counts[to] <= most; to++)
            tokens += g->counts[to];
        gs_groups_place(g, source, from, to, positions);
        assert_int_equal(g->starts[to - from], tokens);
        for (size_t t = from; t < to; t++)
            for (size_t i = g->starts[t - from]; i < g->starts[t - from + 1]; i++, seen++)
                assert_true(wanted[seen] << 4 >> 4 ==
                            ((uint64_t)(g->keys[t] - source->key_base) << 32 | positions[i]));
    }
    gs_groups_clear(g);
    return seen;
}

/* Each part whole, in spans, and in two ranges. */
static void check_parts(const struct built_run *b, const struct plain *plain, uint32_t keys,
                        bool words)
{
    struct gs_groups g;
    gs_groups_init(&g);
    size_t at = 0;
    for (uint32_t part = 0; part < PARTS; part++) {
        size_t n = 0;
        while (at + n < plain->count && plain->at[at + n] >> 60 == part)
            n++;
        struct gs_part_source source = {.run = &b->run,
                                        .number = part,
                                        .key_base = words ? 0 : 7u << GS_TOKEN_BITS,
                                        .ranks = words ? b->ranks[part] : NULL};
        uint32_t low = source.key_base, high = low + keys - 1, middle = low + keys / 2;
        struct gs_key_range all = {low, high, true}, front = {low, middle, false},
                            back = {middle + 1, high, false};
        assert_int_equal(check_range(&g, &source, &all, SIZE_MAX, plain->at + at), n);
        assert_int_equal(check_range(&g, &source, &all, n / 3 + 1, plain->at + at), n);
        size_t half = check_range(&g, &source, &front, SIZE_MAX, plain->at + at);
        if (middle < high)
            half += check_range(&g, &source, &back, 100, plain->at + at + half);
        assert_int_equal(half, n);
        at += n;
    }
    assert_int_equal(at, plain->count);
    gs_groups_release(&g);
}

static void grouping_tokens(void **state)
{
    (void)state;
    static const uint32_t key_counts[] = {1, 2, 63, 64, 65, NAMES, 4096, 1u << GS_TOKEN_BITS};
    static const size_t sizes[] = {1, 12, 13, 500, TOKENS_MAX};
    struct random_source r = {17};
    struct plain *plain = calloc(1, sizeof(*plain));
    struct built_run *b = calloc(1, sizeof(*b));
    for (size_t k = 0; k < GS_COUNT_OF(key_counts) * 2; k++) {
        bool words = k % 2;
        uint32_t keys = key_counts[k / 2];
        if (words && keys > NAMES)
            continue;
        assert_ok(gs_run_open(&b->run, (size_t)64 << 20, NULL));
        b->run.slices = calloc(SLICES, sizeof(*b->run.slices));
        plain->count = 0;
        for (size_t part = 0; part < PARTS; part++) {
            b->name_begin[part + 1] = (uint32_t)((part + 1) * NAMES);
            for (size_t i = 0; i < SLICES * NAMES; i++)
                b->ranks[part][i] = random_below(&r, keys);
        }
        for (size_t s = 0; s < SLICES; s++)
            build_slice(b, plain, &r, sizes[(s + k) % GS_COUNT_OF(sizes)], keys, words, s);
        qsort(plain->at, plain->count, sizeof(*plain->at), by_value);
        check_parts(b, plain, keys, words);
        for (size_t s = 0; s < SLICES; s++)
            free((void *)(uintptr_t)b->run.slices[s].han_begin);
        gs_run_close(&b->run);
    }
    free(b);
    free(plain);
}

/* ---- locating ---- */

#define FILINGS 300

static uint32_t run_of_filings(struct gs_run *run, struct random_source *r)
{
    assert_ok(gs_run_open(run, 1 << 20, NULL));
    for (int i = 0; i < FILINGS; i++)
        assert_ok(gs_run_add_doc(run, random_below(r, 4) ? random_below(r, 60) : 3000, 1, NULL));
    return (uint32_t)run->positions;
}

/* Random terms of ascending positions; returns the tokens. */
static size_t random_terms(struct random_source *r, uint32_t positions, uint32_t *at,
                           uint32_t *starts, size_t terms)
{
    uint32_t n = 0;
    for (size_t t = 0; t < terms; t++) {
        starts[t] = n;
        uint32_t step = 1 + random_below(r, random_below(r, 3) ? positions : 40);
        for (uint32_t p = random_below(r, positions); p < positions && n < starts[t] + 5000;
             p += 1 + random_below(r, step))
            at[n++] = p;
    }
    starts[terms] = n;
    return n;
}

static void check_located(const struct gs_run *run, const struct gs_emitter *e,
                          const struct gs_term_span *span, size_t from, size_t to,
                          const uint32_t *postings, const uint32_t *before)
{
    for (size_t t = from; t < to; t++) {
        uint32_t token = span->starts[t];
        for (uint32_t p = postings[t - from]; p < postings[t - from + 1]; p++) {
            uint32_t doc = e->docs[p];
            assert_true(p == postings[t - from] || doc > e->docs[p - 1]);
            assert_true(e->freqs[p] > 0);
            for (uint32_t i = 0; i < e->freqs[p]; i++, token++) {
                assert_true(before[token] >= run->doc_base[doc]);
                assert_true(before[token] < run->doc_base[doc + 1]);
                assert_int_equal(e->positions[token], before[token] - run->doc_base[doc]);
            }
        }
        assert_int_equal(token, span->starts[t + 1]);
    }
}

static void locating_tokens(void **state)
{
    (void)state;
    enum { TERMS = 60, MOST = TERMS * 5000 };
    struct random_source r = {19};
    uint32_t *before = calloc(MOST, sizeof(*before)), starts[TERMS + 1], keys[TERMS] = {0};
    for (int round = 0; round < 20; round++) {
        struct gs_run run;
        struct gs_doc_map map;
        uint32_t positions = run_of_filings(&run, &r);
        size_t n = random_terms(&r, positions, before, starts, TERMS);
        assert_ok(gs_doc_map_init(&map, &run, NULL));
        for (int level = 0; level < GS_KERNEL_COUNT; level++) {
            if (!gs_kernel_has((enum gs_kernel)level))
                continue;
            assert_ok(gs_kernel_select(gs_kernel_name((enum gs_kernel)level), NULL));
            struct gs_emitter e;
            struct gs_term_span span = {keys, starts, TERMS};
            uint32_t postings[GS_LOCATE_TOKENS + GS_LOCATE_SLACK];
            gs_emitter_init(&e);
            e.map = &map;
            assert_ok(gs_emitter_reserve(&e, n, NULL));
            memcpy(e.positions, before, n * sizeof(*before));
            for (size_t from = 0, to; from < TERMS; from = to) {
                to = gs_locate_end(&span, from);
                gs_locate(&e, &span, from, to, postings);
                check_located(&run, &e, &span, from, to, postings, before);
            }
            gs_emitter_release(&e);
        }
        gs_doc_map_release(&map);
        gs_run_close(&run);
    }
    assert_ok(gs_kernel_select(NULL, NULL));
    free(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grouping_tokens),
        cmocka_unit_test(locating_tokens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
