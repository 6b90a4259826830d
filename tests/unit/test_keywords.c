/* Keyword columns: what is written is read back, in order; widths of ids; limits; memory; a merge's
 * missing fields; damage anywhere in the three sections. */
#include "common/segment/keywords.h"
#include "common/segment/segment_writer.h"
#include "tests/support/random_source.h"
#include "tests/support/segment_build.h"
#include "tests/support/segment_bytes.h"
#include "tests/support/test.h"

#define VALUE_MAX 24

/* Values of `docs` filings and `fields` fields, the fixed ones and more; empty: none. */
struct table {
    uint32_t docs, fields;
    char (*values)[VALUE_MAX]; /* [doc * fields + field] */
};

static struct gs_str value_of(const struct table *t, uint32_t doc, uint32_t field)
{
    const char *value = t->values[(size_t)doc * t->fields + field];
    return (struct gs_str){value, strlen(value)};
}

static struct table make_table(uint32_t docs, uint32_t fields, uint32_t different,
                               struct random_source *r)
{
    struct table t = {docs, fields, calloc((size_t)docs * fields, VALUE_MAX)};
    assert_non_null(t.values);
    for (uint32_t i = 0; i < docs * fields; i++) {
        uint32_t field = i % fields, most = field == 1 ? 1 : different;
        if (field == 2 || random_once_in(r, 5))
            continue; /* field 2 is empty everywhere */
        uint32_t v = different == UINT32_MAX ? i : random_below(r, most);
        snprintf(t.values[i], VALUE_MAX,
                 v % 3 ? "%x"
                       : "值%u\x1F"
                         "二",
                 v);
    }
    return t;
}

static struct gs_str names[GS_KEYWORDS_MAX + 1];
static char name_bytes[GS_KEYWORDS_MAX + 1][8];

static char *write_table(const struct table *t, const char *folder)
{
    struct gs_segment_writer *w;
    struct gs_err err = {0};
    const struct gs_segment_params params = {
        .analysis_id = 1, .filterable = names, .filterable_count = t->fields - GS_KEYWORD_FIXED};
    char *path = test_path(folder, "%u-%u.seg", t->docs, t->fields);
    assert_ok_err(gs_segment_writer_create(&w, path, &params, &err), &err);
    for (uint32_t doc = 0; doc < t->docs; doc++) {
        char id[16];
        struct gs_str filterable[GS_KEYWORDS_MAX];
        for (uint32_t k = GS_KEYWORD_FIXED; k < t->fields; k++)
            filterable[k - GS_KEYWORD_FIXED] = value_of(t, doc, k);
        struct gs_doc d = {.sequence = doc + 1, .filterable = filterable};
        d.record.id = (struct gs_str){id, (size_t)snprintf(id, sizeof(id), "d%u", doc)};
        d.record.codes = value_of(t, doc, GS_KEYWORD_CODE);
        d.record.name = value_of(t, doc, GS_KEYWORD_NAME);
        d.record.company = value_of(t, doc, GS_KEYWORD_COMPANY);
        d.record.type = value_of(t, doc, GS_KEYWORD_TYPE);
        d.record.exchange = value_of(t, doc, GS_KEYWORD_EXCHANGE);
        d.record.board = value_of(t, doc, GS_KEYWORD_BOARD);
        gs_segment_writer_add_doc(w, &d);
    }
    assert_ok_err(gs_segment_writer_finish(w, &err), &err);
    return path;
}

static void fail_line(void *ctx, const char *line)
{
    (void)ctx;
    fail_msg("%s", line);
}

static void assert_reads_back(const struct table *t, const struct gs_segment *s)
{
    uint64_t problems;
    uint32_t *ordinals = calloc(t->docs, sizeof(*ordinals)), found;
    assert_non_null(ordinals);
    assert_int_equal(gs_keyword_count(s), t->fields);
    for (uint32_t k = 0; k < t->fields; k++) {
        struct gs_str name = gs_keyword_name(s, k), last = {"", 0}, value;
        assert_true(gs_keyword_find(s, name.bytes, name.size, &found));
        assert_int_equal(found, k);
        for (uint32_t i = 1; i <= gs_keyword_value_count(s, k); i++, last = value) {
            assert_ok(gs_keyword_value(s, k, i, &value, NULL));
            assert_true(gs_str_compare(last, value) < 0);
        }
        assert_int_equal(gs_keyword_value(s, k, 0, &value, NULL), GAOSOU_E_USE);
        assert_int_equal(gs_keyword_value(s, k, gs_keyword_value_count(s, k) + 1, &value, NULL),
                         GAOSOU_E_USE);
        assert_ok(gs_keyword_ordinals(s, k, 0, t->docs, ordinals, NULL));
        for (uint32_t doc = 0; doc < t->docs; doc++) {
            struct gs_str wanted = value_of(t, doc, k);
            uint32_t one;
            value = (struct gs_str){"", 0};
            assert_ok(gs_keyword_ordinals(s, k, doc, 1, &one, NULL));
            assert_int_equal(one, ordinals[doc]);
            if (one)
                assert_ok(gs_keyword_value(s, k, one, &value, NULL));
            assert_int_equal(gs_str_compare(value, wanted), 0);
        }
    }
    assert_false(gs_keyword_find(s, "cod", 3, &found));
    free(ordinals);
    assert_ok(gs_segment_check(s, fail_line, NULL, &problems, NULL));
}

static void test_values_come_back(void **state)
{
    (void)state;
    static const struct {
        uint32_t docs, fields, different;
    } rows[] = {
        {1, 6, 3},
        {128, 7, 1},
        {129, 8, 2},
        {500, 32, 40},
        {700, 9, 600},
        {3000, 7, 257},
        {20000, 7, UINT32_MAX}, /* ids of four bytes */
    };
    char *folder = test_folder_create();
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct random_source r = {i + 1};
        struct table t = make_table(rows[i].docs, rows[i].fields, rows[i].different, &r);
        char *path = write_table(&t, folder);
        struct gs_segment *s = test_segment_open(path);
        assert_reads_back(&t, s);
        gs_segment_close(s);
        free(path);
        free(t.values);
    }
    test_folder_remove(folder);
}

static void test_too_many_fields(void **state)
{
    (void)state;
    struct gs_segment_writer *w = NULL;
    struct gs_err err = {0};
    char *folder = test_folder_create(), *path = test_path(folder, "many.seg");
    struct gs_segment_params params = {.analysis_id = 1,
                                       .filterable = names,
                                       .filterable_count = GS_KEYWORDS_MAX - GS_KEYWORD_FIXED + 1};
    assert_int_equal(gs_segment_writer_create(&w, path, &params, &err), GAOSOU_E_LIMIT);
    free(path);
    test_folder_remove(folder);
}

static void test_memory_is_accounted(void **state)
{
    (void)state;
    struct gs_keyword_writer w;
    char value[32];
    size_t bytes = 0;
    assert_ok(gs_keyword_writer_init(&w, NULL, 0));
    const size_t empty = gs_keyword_writer_memory(&w);
    for (uint32_t i = 0; i < 70000; i++) {
        struct gs_doc doc = {.sequence = i + 1};
        bytes += (size_t)snprintf(value, sizeof(value), "value %u", i);
        doc.record.name = (struct gs_str){value, strlen(value)};
        gs_keyword_writer_add(&w, &doc);
    }
    assert_ok(w.status);
    assert_true(gs_keyword_writer_memory(&w) > empty + bytes + 70000 * (16 + 4 + 5));
    assert_true(gs_keyword_writer_memory(&w) < empty + 4 * (bytes + 70000 * 40));
    gs_keyword_writer_release(&w);
    gs_keyword_writer_release(&w);
}

/* ---- damage ---- */

static void count_line(void *ctx, const char *line)
{
    (void)line;
    ++*(unsigned *)ctx;
}

/* Whether the damage is seen, at open or by check; all that can be read is read. */
static bool is_seen(const uint8_t *file, size_t size)
{
    struct gs_segment *s;
    struct gs_err err = {0};
    uint64_t problems = 0;
    unsigned lines = 0;
    if (gs_segment_parse(&s, file, size, "damaged", &err) != GAOSOU_OK)
        return true;
    for (uint32_t k = 0; k < gs_keyword_count(s); k++) {
        struct gs_str value;
        uint32_t ordinals[300], docs = gs_segment_get_stats(s)->doc_count;
        for (uint32_t i = 1; i <= gs_keyword_value_count(s, k) && i < 1000; i++)
            (void)!gs_keyword_value(s, k, i, &value, &err);
        (void)!gs_keyword_ordinals(s, k, 0, docs < 300 ? docs : 300, ordinals, &err);
    }
    (void)!gs_segment_check(s, count_line, &lines, &problems, &err);
    gs_segment_close(s);
    assert_int_equal(problems > 0, lines > 0);
    return problems > 0;
}

/* Of a section, bytes [from, to) damaged one after the other; how many of these were not seen. */
static unsigned damage(uint8_t *file, size_t size, enum gs_section_id id, uint64_t from,
                       uint64_t to)
{
    struct gs_segment *s;
    unsigned unseen = 0;
    assert_ok(gs_segment_parse(&s, file, size, "whole", NULL));
    const struct gs_section section = s->container.known[id];
    gs_segment_close(s);
    uint64_t end = section.size < to ? section.size : to;
    static const uint8_t flips[] = {0x01, 0x80, 0xFF};
    for (uint64_t at = from; at < end; at++) {
        for (size_t i = 0; i < sizeof(flips); i++) {
            file[section.offset + at] ^= flips[i];
            test_repair_checksums(file, size);
            unseen += !is_seen(file, size);
            file[section.offset + at] ^= flips[i];
        }
    }
    test_repair_checksums(file, size);
    return unseen;
}

static uint64_t fixed_value_bytes(const char *path)
{
    struct gs_segment *s = test_segment_open(path);
    uint64_t sum = 0;
    for (uint32_t k = 0; k < GS_KEYWORD_FIXED; k++) {
        for (uint32_t i = 1; i <= gs_keyword_value_count(s, k); i++) {
            struct gs_str value;
            assert_ok(gs_keyword_value(s, k, i, &value, NULL));
            sum += value.size;
        }
    }
    gs_segment_close(s);
    return sum;
}

static void test_damage_is_seen_or_harmless(void **state)
{
    (void)state;
    struct random_source r = {5};
    struct table t = make_table(20, 7, 4, &r);
    char *folder = test_folder_create(), *path = write_table(&t, folder);
    size_t size;
    uint8_t *file = test_file_bytes(path, &size);
    /* Bits behind the last value of a column say nothing, and a filterable value may be another. */
    (void)damage(file, size, GS_SECTION_KEYWORDS, 0, UINT64_MAX);
    (void)damage(file, size, GS_SECTION_KEYWORD_ORDINALS, 0, UINT64_MAX);
    const uint64_t names_end = 32, values = names_end + 3; /* fixed names; that of f00 */
    const uint64_t values_end = values + fixed_value_bytes(path);
    assert_true(values_end > values);
    assert_int_equal(damage(file, size, GS_SECTION_KEYWORD_BYTES, 0, names_end), 0);
    assert_int_equal(damage(file, size, GS_SECTION_KEYWORD_BYTES, values, values_end), 0);
    assert_false(is_seen(file, size));
    free(file);
    free(path);
    free(t.values);
    test_folder_remove(folder);
}

int main(void)
{
    for (size_t i = 0; i <= GS_KEYWORDS_MAX; i++) {
        snprintf(name_bytes[i], sizeof(name_bytes[i]), "f%02zu", i);
        names[i] = (struct gs_str){name_bytes[i], 3};
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_come_back),
        cmocka_unit_test(test_too_many_fields),
        cmocka_unit_test(test_memory_is_accounted),
        cmocka_unit_test(test_damage_is_seen_or_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
