/* The term dictionary: order, seeks, the reverse table, parts that do not show in the bytes. */
#include "tests/support/segment_build.h"
#include "tests/support/segment_bytes.h"
#include "tests/support/test.h"

static const uint32_t one[] = {1}, position[] = {3};

static void add(struct test_lists *t, struct gs_term term)
{
    test_lists_add_plain(t, term, 1, one, one, position);
}

static int by_term(const void *a, const void *b)
{
    return gs_term_compare(a, b);
}

/* Random words of few letters, so that many share beginnings, some of the longest size. */
static struct gs_term random_word(struct random_source *r, char *out)
{
    size_t size =
        random_once_in(r, 4) ? random_between(r, 1, GS_WORD_MAX) : random_between(r, 1, 12);
    for (size_t i = 0; i < size; i++)
        out[i] = (char)('a' + random_below(r, i > 6 ? 2 : 1 + random_below(r, 4)));
    return (struct gs_term){.is_word = true, .bytes = (uint8_t *)out, .size = size};
}

static struct gs_term random_han(struct random_source *r)
{
    static const uint32_t bases[] = {0x4E00, 0x3041, 0x20000, 0x10FF00};
    uint32_t first = random_once_in(r, 40) ? 0 : RANDOM_OF(r, bases) + random_below(r, 40);
    return test_han(first, first == 0             ? 1 + random_below(r, 3)
                           : random_once_in(r, 8) ? 0
                                                  : RANDOM_OF(r, bases) + random_below(r, 200));
}

struct made {
    struct gs_term *terms; /* sorted, unique */
    size_t count;
    char (*words)[GS_WORD_MAX];
};

static struct made make_terms(size_t han, size_t words, struct random_source *r)
{
    struct made m = {calloc(han + words + 1, sizeof(*m.terms)), 0,
                     calloc(words + 1, sizeof(*m.words))};
    for (size_t i = 0; i < han; i++)
        m.terms[m.count++] = random_han(r);
    for (size_t i = 0; i < words; i++)
        m.terms[m.count++] = random_word(r, m.words[i]);
    qsort(m.terms, m.count, sizeof(*m.terms), by_term);
    size_t n = 0;
    for (size_t i = 0; i < m.count; i++)
        if (n == 0 || gs_term_compare(&m.terms[n - 1], &m.terms[i]) != 0)
            m.terms[n++] = m.terms[i];
    m.count = n;
    return m;
}

static struct gs_segment *write_terms(const struct made *m, const char *folder, size_t parts,
                                      char **path)
{
    struct random_source r = {1};
    struct test_lists t;
    test_lists_init(&t, 2, &r);
    for (size_t i = 0; i < m->count; i++)
        add(&t, m->terms[i]);
    *path = test_segment_write(&t, folder, "terms.seg", parts);
    test_lists_release(&t);
    return test_segment_open(*path);
}

/* The first term >= *t. */
static size_t lower_bound(const struct made *m, const struct gs_term *t)
{
    size_t i = 0;
    while (i < m->count && gs_term_compare(&m->terms[i], t) < 0)
        i++;
    return i;
}

static void check_seek(const struct made *m, const struct gs_segment *s, const struct gs_term *t)
{
    struct gs_term_cursor c;
    struct gs_list_ref ref;
    size_t i = lower_bound(m, t);
    assert_ok(gs_term_cursor_seek(&c, s, t, NULL));
    assert_int_equal(c.valid, i < m->count);
    assert_true(!c.valid || gs_term_compare(&c.term, &m->terms[i]) == 0);
    assert_ok(gs_term_find(s, t, &ref, NULL));
    assert_int_equal(ref.df, i < m->count && gs_term_compare(&m->terms[i], t) == 0);
}

static void check_firsts(const struct made *m, const struct gs_segment *s, uint32_t second)
{
    struct gs_buf firsts;
    gs_buf_init(&firsts, 1 << 20);
    assert_ok(gs_term_firsts_of(s, second, &firsts, NULL));
    size_t n = 0;
    for (size_t i = 0; i < m->count; i++) {
        const struct gs_term *t = &m->terms[i];
        if (t->is_word || t->first == 0 || second == 0 || t->second != second)
            continue;
        assert_true(n < firsts.size / 4);
        assert_memory_equal(firsts.data + 4 * n++, &t->first, 4);
    }
    assert_int_equal(n, firsts.size / 4);
    gs_buf_release(&firsts);
}

static void check_dictionary(size_t han, size_t words, size_t parts, struct random_source *r)
{
    char *folder = test_folder_create(), *path, word[GS_WORD_MAX];
    struct made m = make_terms(han, words, r);
    struct gs_segment *s = write_terms(&m, folder, parts, &path);
    struct gs_term_cursor c;
    assert_ok(gs_term_cursor_seek(&c, s, NULL, NULL));
    for (size_t i = 0; i < m.count; i++) {
        assert_true(c.valid && gs_term_compare(&c.term, &m.terms[i]) == 0 && c.ref.df == 1);
        assert_ok(gs_term_cursor_next(&c, NULL));
    }
    assert_false(c.valid);
    assert_ok(gs_term_cursor_next(&c, NULL));
    assert_false(c.valid);
    for (size_t i = 0; i < m.count; i += 1 + m.count / 300)
        check_seek(&m, s, &m.terms[i]);
    for (int i = 0; i < 300; i++) {
        struct gs_term t = random_once_in(r, 2) ? random_han(r) : random_word(r, word);
        check_seek(&m, s, &t);
        check_firsts(&m, s, t.second);
    }
    gs_segment_close(s);
    free(path);
    free(m.terms);
    free(m.words);
    test_folder_remove(folder);
}

static void dictionaries(void **state)
{
    (void)state;
    static const size_t counts[] = {0, 1, 2, 63, 64, 65, 127, 128, 129, 700, 5000};
    struct random_source r = {11};
    for (size_t i = 0; i < GS_COUNT_OF(counts); i++)
        for (size_t k = 0; k < GS_COUNT_OF(counts); k += 1 + i % 3)
            check_dictionary(counts[i], counts[k], 1 + (i + k) % 5, &r);
}

static void parts_do_not_show(void **state)
{
    (void)state;
    struct random_source r = {12};
    char *folder = test_folder_create();
    struct made m = make_terms(3000, 1000, &r);
    uint8_t *first = NULL;
    size_t first_size = 0;
    static const size_t parts[] = {1, 2, 7, 64, 1000};
    for (size_t i = 0; i < GS_COUNT_OF(parts); i++) {
        char *path;
        size_t size;
        gs_segment_close(write_terms(&m, folder, parts[i], &path));
        uint8_t *bytes = test_file_bytes(path, &size);
        if (!first) {
            first = bytes;
            first_size = size;
        } else {
            assert_int_equal(size, first_size);
            assert_memory_equal(bytes, first, size);
            free(bytes);
        }
        free(path);
    }
    free(first);
    free(m.terms);
    free(m.words);
    test_folder_remove(folder);
}

static void bad_use(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        struct gs_term a, b;
    } rows[] = {
        {"twice", {.first = 5, .second = 6}, {.first = 5, .second = 6}},
        {"falling", {.first = 5, .second = 6}, {.first = 5, .second = 5}},
        {"han behind a word",
         {.is_word = true, .bytes = (const uint8_t *)"a", .size = 1},
         {.first = 5}},
        {"words falling",
         {.is_word = true, .bytes = (const uint8_t *)"ab", .size = 2},
         {.is_word = true, .bytes = (const uint8_t *)"a", .size = 1}},
        {"empty word", {.first = 5}, {.is_word = true}},
        {"no code point", {.first = 5}, {.first = 0x110000}},
    };
    static const uint32_t docs[GS_BLOCK + 1] = {0}, freqs[GS_BLOCK + 1] = {1}, length = 1;
    static const struct gs_doc_lengths lengths = {&length, 1};
    char *folder = test_folder_create(), *path = test_path(folder, "x.seg");
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct gs_segment_writer *w;
        struct gs_term_part *p;
        struct gs_err err = {0};
        const struct gs_segment_params params = {0};
        const struct gs_doc doc = {.sequence = 1, .length = 1, .record.id = {"x", 1}};
        assert_ok(gs_segment_writer_create(&w, path, &params, &err));
        gs_segment_writer_add_doc(w, &doc);
        assert_ok(gs_term_part_create(&p));
        gs_term_part_add(p, &rows[i].a, docs, freqs, 1, docs, 1, &lengths);
        gs_term_part_add(p, &rows[i].b, docs, freqs, 1, docs, 1, &lengths);
        gs_segment_writer_append_terms(w, p);
        gs_term_part_free(p);
        if (gs_segment_writer_finish(w, &err) != GAOSOU_E_USE)
            test_fail("%s: %s", rows[i].what, err.text);
    }
    free(path);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dictionaries),
        cmocka_unit_test(parts_do_not_show),
        cmocka_unit_test(bad_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
