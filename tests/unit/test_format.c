/* The examples of FORMAT.md: values to bytes and bytes to values. */
#include "common/segment/block_codec.h"
#include "common/segment/container.h"
#include "common/segment/impacts.h"
#include "common/segment/segment_internal.h"
#include "common/segment/small_codec.h"
#include "tests/support/format_docs.h"
#include "tests/support/format_example.h"
#include "tests/support/format_keywords.h"
#include "tests/support/format_work.h"
#include "tests/support/segment_build.h"
#include "tests/support/test.h"

struct run {
    size_t wrong;
    char *folder;
};

static void run_varint(const struct format_example *e, struct run *run)
{
    struct gs_buf bytes;
    size_t n;
    uint32_t *values = format_numbers(format_value(e, "values"), &n);
    gs_buf_init(&bytes, 1 << 16);
    for (size_t i = 0; i < n; i++)
        gs_buf_append_varint(&bytes, values[i]);
    format_expect(e, "bytes", bytes.data, bytes.size, &run->wrong);
    const uint8_t *p = bytes.data;
    for (size_t i = 0; i < n; i++) {
        uint32_t v;
        p = gs_varint_get32(p, bytes.data + bytes.size, &v);
        assert_true(p && v == values[i]);
    }
    gs_buf_release(&bytes);
    free(values);
}

static void run_packed(const struct format_example *e, struct run *run)
{
    bool vertical = strcmp(e->kind, "vertical") == 0;
    uint8_t bytes[1024] = {0};
    uint32_t back[256];
    size_t n;
    uint32_t *values = format_numbers(format_value(e, "values"), &n);
    unsigned width = (unsigned)atoi(format_value(e, "width"));
    assert_true(vertical ? n == GS_BLOCK : n <= GS_BLOCK);
    if (vertical) {
        gs_bitpack_pack(bytes, values, width);
        gs_bitpack_unpack(back, bytes, width);
    } else {
        for (size_t i = 0; i < n; i++)
            gs_row_put(bytes, i, width, values[i]);
        for (size_t i = 0; i < n; i++)
            back[i] = (uint32_t)gs_row_get(bytes, i, width);
    }
    format_expect(e, "bytes", bytes, gs_row_bytes(n, width), &run->wrong);
    assert_memory_equal(values, back, n * sizeof(back[0]));
    free(values);
}

static void run_block(const struct format_example *e, struct run *run)
{
    uint8_t bytes[GS_BLOCK_ROOM] = {0};
    uint32_t back[GS_BLOCK];
    size_t n;
    uint32_t *values = format_numbers(format_value(e, "values"), &n);
    assert_int_equal(n, GS_BLOCK);
    unsigned code = gs_block_pack(bytes, values);
    if (code != (unsigned)atoi(format_value(e, "code"))) {
        printf("code: %u\n", code);
        run->wrong++;
    }
    format_expect(e, "bytes", bytes, gs_block_bytes(code), &run->wrong);
    assert_true(gs_block_unpack(back, bytes, code));
    assert_memory_equal(values, back, sizeof(back));
    free(values);
}

static void run_rice(const struct format_example *e, struct run *run)
{
    uint8_t bytes[1024] = {0};
    size_t n;
    uint32_t *values = format_numbers(format_value(e, "values"), &n), k = 0, v;
    unsigned parameter_bits = (unsigned)atoi(format_value(e, "parameter_bits"));
    struct gs_bit_writer w = {.p = bytes};
    k = gs_rice_choose(values, n, (1u << parameter_bits) - 1);
    gs_bits_put(&w, k, parameter_bits);
    for (size_t i = 0; i < n; i++)
        gs_rice_put(&w, values[i], k);
    size_t size = (size_t)(gs_bits_end(&w) - bytes);
    format_expect(e, "bytes", bytes, size, &run->wrong);
    struct gs_bit_reader r = {.bytes = bytes, .end = 8 * size};
    assert_true(gs_bits_get(&r, parameter_bits, &k));
    for (size_t i = 0; i < n; i++)
        assert_true(gs_rice_get(&r, k, &v) && v == values[i]);
    assert_true(r.end - r.at < 8);
    free(values);
}

/* Gamma codes, or truncated binary where a limit is given. */
static void run_numbers(const struct format_example *e, struct run *run)
{
    uint8_t bytes[1024] = {0};
    size_t n;
    const char *below = format_value(e, "below");
    uint32_t *values = format_numbers(format_value(e, "values"), &n), v,
             m = below ? (uint32_t)atoi(below) : 0;
    struct gs_bit_writer w = {.p = bytes};
    for (size_t i = 0; i < n; i++)
        if (below)
            gs_truncated_put(&w, values[i], m);
        else
            gs_gamma_put(&w, values[i]);
    size_t size = (size_t)(gs_bits_end(&w) - bytes);
    format_expect(e, "bytes", bytes, size, &run->wrong);
    struct gs_bit_reader r = {.bytes = bytes, .end = 8 * size};
    for (size_t i = 0; i < n; i++) {
        assert_true(below ? gs_truncated_get(&r, m, &v) : gs_gamma_get(&r, &v));
        assert_int_equal(v, values[i]);
    }
    assert_true(r.end - r.at < 8);
    free(values);
}

static void run_impacts(const struct format_example *e, struct run *run)
{
    size_t n, m;
    uint32_t *codes = format_numbers(format_value(e, "codes"), &n);
    uint32_t *values = format_numbers(format_value(e, "values"), &m);
    assert_int_equal(n, m);
    for (size_t i = 0; i < n; i++) {
        run->wrong += gs_impact_value(codes[i]) != values[i];
        run->wrong +=
            gs_impact_floor(values[i]) != codes[i] || gs_impact_ceil(values[i]) != codes[i];
    }
    free(codes);
    free(values);
}

static const struct {
    const char *name;
    enum gs_section_id id;
} sections[] = {
    {"HAN_BLOCKS", GS_SECTION_HAN_BLOCKS},     {"HAN_ENTRIES", GS_SECTION_HAN_ENTRIES},
    {"WORD_BLOCKS", GS_SECTION_WORD_BLOCKS},   {"WORD_ENTRIES", GS_SECTION_WORD_ENTRIES},
    {"REVERSE_ROWS", GS_SECTION_REVERSE_ROWS}, {"REVERSE_FIRSTS", GS_SECTION_REVERSE_FIRSTS},
    {"POSTINGS", GS_SECTION_POSTINGS},         {"POSITIONS", GS_SECTION_POSITIONS},
};

static void run_container(const struct format_example *e, struct run *run)
{
    struct gs_container_writer w;
    struct gs_map map;
    struct gs_buf bytes;
    char *path = test_path(run->folder, "container.seg");
    struct gs_segment_stats stats = {.analysis_id =
                                         strtoull(format_value(e, "analysis"), NULL, 10)};
    gs_buf_init(&bytes, 1 << 16);
    format_bytes(e, "HAN_ENTRIES", &bytes);
    assert_ok(gs_container_writer_open(&w, path, NULL));
    gs_container_append(&w, GS_SECTION_HAN_ENTRIES, bytes.data, bytes.size);
    assert_ok(gs_container_finish(&w, &stats, NULL));
    assert_ok(gs_map_open(&map, path, NULL));
    format_expect(e, "header", map.data, 192, &run->wrong);
    format_expect(e, "header_checksum", map.data + 4088, 8, &run->wrong);
    format_expect(e, "PAGE_CHECKSUMS", map.data + 8192, map.size - 8192, &run->wrong);
    gs_map_close(&map);
    gs_buf_release(&bytes);
    free(path);
}

/* "#sentence", one or two Han characters, or a word. */
static struct gs_term term_of(const char *text)
{
    if (strcmp(text, "#sentence") == 0)
        return test_han(0, GS_STRUCT_SENTENCE);
    if ((uint8_t)text[0] < 0x80)
        return test_word(text);
    uint32_t c[2] = {0, 0};
    for (size_t i = 0; i < 2 && *text; i++, text += 3) /* all of them have three bytes */
        c[i] = (uint32_t)(text[0] & 15) << 12 | (uint32_t)(text[1] & 63) << 6 |
               (uint32_t)(text[2] & 63);
    return test_han(c[0], c[1]);
}

static void check_lists(const struct test_lists *t, const struct gs_segment *s)
{
    for (size_t i = 0; i < t->count; i++) {
        const struct test_list *l = &t->lists[i];
        struct gs_list_ref ref;
        struct gs_list_cursor c;
        uint32_t out[64];
        uint64_t at = 0;
        assert_ok(gs_term_find(s, &l->term, &ref, NULL));
        assert_int_equal(ref.df, l->df);
        gs_list_open(&c, s, &ref);
        for (uint32_t k = 0; k < l->df; k++, gs_list_next(&c)) {
            assert_true(c.doc == l->docs[k] && gs_list_positions(&c, out) == l->freqs[k]);
            assert_memory_equal(out, l->positions + at, l->freqs[k] * sizeof(out[0]));
            at += l->freqs[k];
        }
        assert_int_equal(c.status, GAOSOU_OK);
    }
}

static void add_list(struct test_lists *t, const struct format_line *lines)
{
    size_t n[3];
    uint32_t *numbers[3];
    for (size_t i = 0; i < 3; i++)
        numbers[i] = format_numbers(lines[i + 1].value, &n[i]);
    assert_int_equal(n[0], n[1]);
    struct test_list *l = test_lists_add_plain(t, term_of(lines[0].value), (uint32_t)n[0],
                                               numbers[0], numbers[1], numbers[2]);
    assert_int_equal(l->cf, n[2]);
    for (size_t i = 0; i < 3; i++)
        free(numbers[i]);
}

static void run_segment(const struct format_example *e, struct run *run)
{
    struct random_source r = {1};
    struct test_lists t;
    struct gs_container c;
    test_lists_init(&t, (uint32_t)atoi(format_value(e, "filings")), &r);
    for (uint32_t i = 0; i < t.doc_count; i++)
        t.lengths[i] = (uint32_t)atoi(format_value(e, "length"));
    for (size_t i = 0; i + 3 < e->count; i++)
        if (strcmp(e->lines[i].name, "term") == 0)
            add_list(&t, &e->lines[i]);
    char *path = test_segment_write(&t, run->folder, "example.seg", 1);
    assert_ok(gs_container_open(&c, path, NULL));
    for (size_t i = 0; i < GS_COUNT_OF(sections); i++) {
        const uint8_t *p = NULL;
        uint64_t size = gs_section_size(&c, sections[i].id);
        assert_ok(gs_container_get(&c, sections[i].id, 0, size, &p, NULL));
        format_expect(e, sections[i].name, p, (size_t)size, &run->wrong);
    }
    gs_container_close(&c);
    struct gs_segment *s = test_segment_open(path);
    check_lists(&t, s);
    gs_segment_close(s);
    test_lists_release(&t);
    free(path);
}

static void run_example(const struct format_example *e, void *ctx)
{
    static const struct {
        const char *kind;
        void (*run)(const struct format_example *e, struct run *run);
    } kinds[] = {
        {"varint", run_varint},       {"vertical", run_packed}, {"row", run_packed},
        {"rice", run_rice},           {"impacts", run_impacts}, {"segment", run_segment},
        {"container", run_container}, {"block", run_block},     {"gamma", run_numbers},
        {"truncated", run_numbers},
    };
    for (size_t i = 0; i < GS_COUNT_OF(kinds); i++)
        if (strcmp(kinds[i].kind, e->kind) == 0) {
            kinds[i].run(e, ctx);
            return;
        }
    struct run *run = ctx;
    if (format_docs_run(e, run->folder, &run->wrong) ||
        format_work_run(e, run->folder, &run->wrong) ||
        format_keywords_run(e, run->folder, &run->wrong))
        return;
    fail_msg("FORMAT.md has an example of an unknown kind: %s", e->kind);
}

static void examples(void **state)
{
    (void)state;
    struct run run = {.folder = test_folder_create()};
    assert_true(format_examples_run("common/segment/FORMAT.md", run_example, &run) >= 10);
    test_folder_remove(run.folder);
    assert_int_equal(run.wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(examples)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
