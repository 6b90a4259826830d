/* Lists: what goes in comes out, at every size around a block; seeks, bounds, positions. */
#include "common/segment/impacts.h"
#include "common/segment/segment_internal.h"
#include "common/segment/small_codec.h"
#include "tests/support/segment_build.h"
#include "tests/support/test.h"

static const uint32_t sizes[] = {1,   2,   3,   31,  32,  33,  126,  127,  128,
                                 129, 255, 256, 257, 384, 500, 1000, 2176, 5000};
#define DOCS 6000

struct fixture {
    char *folder;
    struct test_lists lists;
    struct gs_segment *segment;
    struct random_source random;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    f->folder = test_folder_create();
    f->random.state = 7;
    test_lists_init(&f->lists, DOCS, &f->random);
    static const uint32_t freqs[] = {1, 5, 300};
    static const uint32_t gaps[] = {2, 900, 100000};
    uint32_t n = 0;
    for (size_t i = 0; i < GS_COUNT_OF(sizes); i++)
        for (size_t k = 0; k < 3; k++)
            for (size_t g = 0; g < 3; g++, n++) {
                struct test_list_shape shape = {sizes[i], freqs[k], gaps[g],
                                                n % 4 ? 0 : DOCS - sizes[i]};
                test_lists_add(&f->lists, test_han(0x4E00 + n / 50, 0x4E00 + n % 50), shape,
                               &f->random);
            }
    char *path = test_segment_write(&f->lists, f->folder, "lists.seg", 5);
    f->segment = test_segment_open(path);
    free(path);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    gs_segment_close(f->segment);
    test_lists_release(&f->lists);
    test_folder_remove(f->folder);
    free(f);
    return 0;
}

static struct gs_list_ref find(const struct fixture *f, const struct test_list *l)
{
    struct gs_list_ref ref;
    struct gs_err err = {0};
    assert_ok_err(gs_term_find(f->segment, &l->term, &ref, &err), &err);
    assert_int_equal(ref.df, l->df);
    return ref;
}

static void whole_lists(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < f->lists.count; i++) {
        struct test_list *l = &f->lists.lists[i];
        struct gs_list_ref ref = find(f, l);
        struct gs_list_cursor c;
        uint64_t at = 0;
        uint32_t positions[400];
        gs_list_open(&c, f->segment, &ref);
        for (uint32_t k = 0; k < l->df; k++, gs_list_next(&c)) {
            assert_int_equal(c.doc, l->docs[k]);
            assert_int_equal(gs_list_freq(&c), l->freqs[k]);
            assert_int_equal(gs_list_positions(&c, positions), l->freqs[k]);
            assert_memory_equal(positions, l->positions + at, l->freqs[k] * sizeof(positions[0]));
            at += l->freqs[k];
        }
        assert_int_equal(c.status, GAOSOU_OK);
        for (int k = 0; k < 3; k++) { /* the end stays the end */
            assert_true(c.doc == GS_DOC_END && gs_list_freq(&c) == 0 &&
                        gs_list_positions(&c, positions) == 0);
            assert_true(gs_list_seek(&c, 5) == GS_DOC_END && gs_list_next(&c) == GS_DOC_END);
        }
    }
}

static uint32_t first_from(const struct test_list *l, uint32_t k, uint32_t target)
{
    while (k < l->df && l->docs[k] < target)
        k++;
    return k;
}

static uint64_t ordinal_of(const struct test_list *l, uint32_t k)
{
    uint64_t at = 0;
    for (uint32_t i = 0; i < k; i++)
        at += l->freqs[i];
    return at;
}

/* Random walks of next and seek with frequencies and positions asked for now and then. */
static void random_walks(void **state)
{
    struct fixture *f = *state;
    for (int round = 0; round < 6000; round++) {
        struct test_list *l = &f->lists.lists[random_below(&f->random, (uint32_t)f->lists.count)];
        struct gs_list_ref ref = find(f, l);
        struct gs_list_cursor c;
        uint32_t k = 0, positions[400], step = 1 + random_below(&f->random, 3000);
        gs_list_open(&c, f->segment, &ref);
        while (k < l->df) {
            if (random_once_in(&f->random, 3)) {
                k++;
                gs_list_next(&c);
            } else {
                uint32_t target = c.doc - (c.doc > 3 ? 3 : 0) + random_below(&f->random, step);
                k = first_from(l, k, target);
                gs_list_seek(&c, target);
            }
            assert_int_equal(c.doc, k < l->df ? l->docs[k] : GS_DOC_END);
            if (k < l->df && random_once_in(&f->random, 4)) {
                assert_int_equal(gs_list_freq(&c), l->freqs[k]);
                assert_int_equal(gs_list_positions(&c, positions), l->freqs[k]);
                assert_memory_equal(positions, l->positions + ordinal_of(l, k),
                                    l->freqs[k] * sizeof(positions[0]));
            }
        }
        assert_int_equal(c.status, GAOSOU_OK);
    }
}

static bool bounds_hold(const struct gs_impacts *b, uint32_t freq, uint32_t length)
{
    for (uint32_t i = 0; i < b->count; i++)
        if (b->pair[i].freq >= freq && b->pair[i].length <= length)
            return true;
    return false;
}

static void bounds_bound(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < f->lists.count; i++) {
        struct test_list *l = &f->lists.lists[i];
        struct gs_list_ref ref = find(f, l);
        struct gs_list_cursor c;
        struct gs_impacts all, block;
        uint32_t last;
        gs_list_open(&c, f->segment, &ref);
        gs_list_bound_all(&c, &all);
        for (uint32_t k = 0; k < l->df; k++) {
            gs_list_bound(&c, l->docs[k], &last, &block);
            uint32_t end = k / GS_BLOCK * GS_BLOCK + GS_BLOCK;
            assert_int_equal(last, l->docs[(end < l->df ? end : l->df) - 1]);
            uint32_t length = f->lists.lengths[l->docs[k]];
            assert_true(bounds_hold(&block, l->freqs[k], length) &&
                        bounds_hold(&all, l->freqs[k], length));
        }
        assert_int_equal(c.doc, l->docs[0]); /* the posting cursor stayed */
        gs_list_bound(&c, l->docs[l->df - 1] + 1, &last, &block);
        assert_true(last == GS_DOC_END && block.count == 0 && c.status == GAOSOU_OK);
    }
}

static void extremes(void **state)
{
    struct fixture *f = *state;
    struct test_lists t;
    test_lists_init(&t, 3, &f->random);
    static const uint32_t docs[] = {0, 2}, freqs[] = {3, 2};
    static const uint32_t positions[] = {0, 1, UINT32_MAX, UINT32_MAX - 1, UINT32_MAX};
    static const uint32_t one = 1;
    test_lists_add_plain(&t, test_han(0, 1), 1, docs, freqs, positions);
    test_lists_add_plain(&t, test_han(0, 2), 2, docs, freqs, positions);
    test_lists_add_plain(&t, test_han(0x10FFFF, 0x10FFFF), 1, docs + 1, &one, positions + 4);
    static uint32_t many[5000];
    for (uint32_t i = 0; i < 5000; i++)
        many[i] = UINT32_MAX - 5000 + i;
    static const uint32_t freq = 5000;
    test_lists_add_plain(&t, test_word("x"), 1, docs, &freq, many);
    char *path = test_segment_write(&t, f->folder, "extremes.seg", 1);
    struct gs_segment *s = test_segment_open(path);
    for (size_t i = 0; i < t.count; i++) {
        struct gs_list_ref ref;
        struct gs_list_cursor c;
        static uint32_t out[5000];
        uint64_t at = 0;
        assert_ok(gs_term_find(s, &t.lists[i].term, &ref, NULL));
        gs_list_open(&c, s, &ref);
        for (uint32_t k = 0; k < t.lists[i].df; k++, gs_list_next(&c)) {
            assert_int_equal(gs_list_positions(&c, out), t.lists[i].freqs[k]);
            assert_memory_equal(out, t.lists[i].positions + at, c.freq * sizeof(out[0]));
            at += c.freq;
        }
        assert_true(c.doc == GS_DOC_END && c.status == GAOSOU_OK);
    }
    gs_segment_close(s);
    free(path);
    test_lists_release(&t);
}

static void impact_codes(void **state)
{
    (void)state;
    struct random_source r = {9};
    for (unsigned code = 0; code <= GS_IMPACT_TOP; code++) {
        assert_int_equal(gs_impact_floor(gs_impact_value(code)), code);
        assert_int_equal(gs_impact_ceil(gs_impact_value(code)), code);
        assert_true(code == 0 || gs_impact_value(code) > gs_impact_value(code - 1));
    }
    for (int i = 0; i < 100000; i++) {
        uint32_t v = (uint32_t)random_next(&r) >> random_below(&r, 32);
        unsigned up = gs_impact_ceil(v);
        assert_true(gs_impact_value(gs_impact_floor(v)) <= v);
        assert_true(up == GS_IMPACT_UNBOUNDED || gs_impact_value(up) >= v);
        assert_true(up - gs_impact_floor(v) <= 1);
    }
    assert_int_equal(gs_impact_ceil(UINT32_MAX), GS_IMPACT_UNBOUNDED);
}

static void impacts_keep_four(void **state)
{
    (void)state;
    struct random_source r = {10};
    for (int round = 0; round < 2000; round++) {
        uint32_t freq[50], length[50], n = random_between(&r, 1, 50);
        struct gs_impact_front front;
        struct gs_impacts out;
        uint8_t bytes[GS_IMPACT_BYTES];
        gs_impact_front_clear(&front);
        for (uint32_t i = 0; i < n; i++) {
            freq[i] = 1 + ((uint32_t)random_next(&r) >> random_below(&r, 32)) % UINT32_MAX;
            length[i] = (uint32_t)random_next(&r) >> random_below(&r, 32);
            gs_impact_front_add(&front, freq[i], length[i]);
        }
        gs_impact_front_encode(&front, bytes);
        assert_true(gs_impacts_decode(bytes, &out));
        assert_true(out.count >= 1 && out.count <= GS_IMPACT_MAX);
        for (uint32_t i = 0; i < n; i++)
            assert_true(bounds_hold(&out, freq[i], length[i]));
    }
}

/* Positions of many postings at once are those of one after the other: near a filing's length,
 * beyond it, with gaps that escape, in filings of any length. */
static void positions_at_once(void **state)
{
    (void)state;
    enum { N = GS_BLOCK, CF = 1000 };
    struct random_source r = {11};
    for (int round = 0; round < 5000; round++) {
        static uint8_t at_once[GS_SMALL_ROOM(2 * N + CF)], in_turn[sizeof(at_once)];
        uint32_t docs[N], freqs[N], lengths[N], positions[CF], cf = 0;
        uint32_t n = random_between(&r, 1, N), most = random_between(&r, 0, 3) ? 4 : 60;
        unsigned least_shift = (unsigned)random_below(&r, 4) ? 12 : 0;
        struct gs_bit_writer a = {.p = at_once}, b = {.p = in_turn};
        for (uint32_t i = 0; i < n; i++) {
            uint32_t at = UINT32_MAX, left = CF - cf - (n - i - 1);
            docs[i] = i;
            lengths[i] = (uint32_t)random_next(&r) >> random_between(&r, least_shift, 31);
            freqs[i] = random_once_in(&r, 3) ? random_between(&r, 1, most < left ? most : left) : 1;
            for (uint32_t j = 0; j < freqs[i]; j++) {
                uint32_t shift = random_once_in(&r, 20) ? 8 : 31;
                positions[cf + j] = at += 1 + random_below(&r, lengths[i] / freqs[i] + 2) +
                                          (UINT32_C(0x3FFFFFFF) >> shift);
            }
            gs_small_put_positions(&b, docs + i, freqs + i, 1, positions + cf, freqs[i], lengths);
            cf += freqs[i];
        }
        gs_small_put_positions(&a, docs, freqs, n, positions, cf, lengths);
        assert_int_equal(gs_bits_end(&a) - at_once, gs_bits_end(&b) - in_turn);
        assert_int_equal(a.bits, b.bits);
        assert_memory_equal(at_once, in_turn, (size_t)(gs_bits_end(&a) - at_once));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_lists),       cmocka_unit_test(random_walks),
        cmocka_unit_test(bounds_bound),      cmocka_unit_test(extremes),
        cmocka_unit_test(impact_codes),      cmocka_unit_test(impacts_keep_four),
        cmocka_unit_test(positions_at_once),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
