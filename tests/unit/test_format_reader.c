/*
 * The reader written from FORMAT.md alone (tests/support/format_reader.h) against `gaosou-index
 * dump`, byte for byte, on random indexes. GAOSOU_SEED and GAOSOU_CASES as in test_oracle_search.c.
 */
#include "indexer/commands.h"
#include "tests/support/format_reader.h"
#include "tests/support/random_index.h"
#include "tests/support/random_text.h"
#include "tests/support/test.h"

struct printed {
    char *text;
    size_t size;
};

static struct printed dump_by_program(const char *folder, const char *id)
{
    struct printed p = {0};
    struct gs_console console = {.quiet = true, .err = stderr};
    struct gs_index_options options = {.command = GS_COMMAND_DUMP, .index = folder, .doc_id = id};
    console.out = open_memstream(&p.text, &p.size);
    assert_non_null(console.out);
    int code = gs_command_dump(&options, &console);
    fclose(console.out);
    assert_int_equal(code, GS_EXIT_OK);
    return p;
}

static struct printed dump_by_reader(const struct format_index *x, const char *id)
{
    struct printed p = {0};
    FILE *out = open_memstream(&p.text, &p.size);
    assert_non_null(out);
    if (id)
        assert_true(format_dump_doc(x, id, out));
    else
        format_dump(x, out);
    fclose(out);
    return p;
}

static void assert_same_print(uint64_t seed, const char *what, struct printed a, struct printed b)
{
    size_t at = 0, line = 0;
    while (at < a.size && at < b.size && a.text[at] == b.text[at]) {
        at++;
        if (a.text[at - 1] == '\n')
            line = at;
    }
    if (at < a.size || at < b.size)
        test_fail("seed %llu, %s, byte %zu: dump has\n%.200s\nthe reader\n%.200s",
                  (unsigned long long)seed, what, at, a.text + line, b.text + line);
    free(a.text);
    free(b.text);
}

static void check_index(uint64_t seed, const struct random_history *h)
{
    struct format_index index = {0};
    struct ref_index reference = {0};
    char *root = test_folder_create(), *folder = test_path(root, "index");
    random_history_play(h, folder, &reference);
    if (reference.filings.count > 0) {
        if (!format_index_read(&index, folder))
            test_fail("seed %llu: the reader finds damage: %s", (unsigned long long)seed,
                      index.error);
        assert_same_print(seed, "all", dump_by_program(folder, NULL), dump_by_reader(&index, NULL));
        for (size_t i = 0; i < reference.filings.count; i += 1 + reference.filings.count / 6) {
            const struct ref_filing *f = reference.filings.at[i];
            if (!f->deleted)
                assert_same_print(seed, f->id, dump_by_program(folder, f->id),
                                  dump_by_reader(&index, f->id));
        }
    }
    format_index_release(&index);
    ref_index_release(&reference);
    free(folder);
    test_folder_remove(root);
}

static void run(enum random_size size, uint64_t first, uint64_t cases)
{
    for (uint64_t seed = first; seed < first + cases; seed++) {
        struct random_history h;
        random_history_init(&h, seed, size);
        check_index(seed, &h);
        random_history_release(&h);
    }
}

static void test_tiny_indexes(void **state)
{
    (void)state;
    run(RANDOM_TINY, test_env_number("GAOSOU_SEED", 1), test_env_number("GAOSOU_CASES", 80));
}

static void test_long_lists(void **state)
{
    (void)state;
    run(RANDOM_MANY, test_env_number("GAOSOU_SEED", 1) + 1000000, 3);
}

static void test_long_filings(void **state)
{
    (void)state;
    run(RANDOM_LONG, test_env_number("GAOSOU_SEED", 1) + 2000000, 3);
}

/* Filings laid out in pages: marks, pages, labels, headings in the records. */
static void test_filings_of_pages(void **state)
{
    (void)state;
    struct random_history h = {.with_text = true, .threads = 2};
    struct random_source r = {7};
    struct gs_buf text;
    gs_buf_init(&text, 1 << 24);
    for (int i = 0; i < 40; i++) {
        char id[24];
        gs_buf_clear(&text);
        random_pages(&r, random_between(&r, 1, 300), &text);
        snprintf(id, sizeof(id), "p/%d\t.txt", i);
        random_history_add(&h, id, i % 3 ? "年度报告\n第1页共2页" : NULL, text.data, text.size);
    }
    random_history_step(&h, RANDOM_COMMIT, "");
    check_index(0, &h);
    gs_buf_release(&text);
    random_history_release(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tiny_indexes),
        cmocka_unit_test(test_long_lists),
        cmocka_unit_test(test_long_filings),
        cmocka_unit_test(test_filings_of_pages),
    };
    return cmocka_run_group_tests_name("reader from FORMAT.md", tests, NULL, NULL);
}
