/* The container: sections in any order, what is refused and how, damage to every page. */
#include "common/base/checksum.h"
#include "tests/support/random_source.h"
#include "tests/support/segment_bytes.h"
#include "tests/support/test.h"

#define BIG (3 * GS_SPILL + 12345) /* spills */

struct bytes {
    uint8_t *data;
    size_t size;
};

static uint8_t pattern(size_t i, unsigned section)
{
    return (uint8_t)(i * 31 + i / 253 * section);
}

static void fill(struct gs_container_writer *w, void *ctx)
{
    (void)ctx;
    static uint8_t piece[100000];
    gs_container_stream(w, GS_SECTION_TEXT);
    for (size_t at = 0; at < BIG;
         at += sizeof(piece)) { /* three at once: streamed, spilled, small */
        size_t n = BIG - at < sizeof(piece) ? BIG - at : sizeof(piece);
        for (size_t i = 0; i < n; i++)
            piece[i] = pattern(at + i, GS_SECTION_TEXT);
        gs_container_append(w, GS_SECTION_TEXT, piece, n);
        for (size_t i = 0; i < n; i++)
            piece[i] = pattern(at + i, GS_SECTION_POSITIONS);
        gs_container_append(w, GS_SECTION_POSITIONS, piece, n);
        gs_container_append(w, GS_SECTION_IDS, "id", 2);
    }
    gs_container_set_flags(w, GS_SECTION_IDS, GS_SECTION_OPTIONAL);
    gs_container_stream(w, GS_SECTION_POSTINGS); /* stays empty: not in the file */
}

static void fill_small(struct gs_container_writer *w, void *ctx)
{
    (void)ctx;
    static const uint8_t zeros[5000];
    gs_container_append(w, GS_SECTION_POSTINGS, zeros, sizeof(zeros));
    gs_container_append(w, GS_SECTION_HAN_ENTRIES, "abc", 3);
    gs_container_append(w, GS_SECTION_DICTIONARIES, "xyz", 3);
}

static const struct gs_segment_stats stats = {.doc_count = 7,
                                              .total_length = 8,
                                              .terms = 9,
                                              .postings = 10,
                                              .positions = 11,
                                              .first_sequence = 12,
                                              .analysis_id = 13,
                                              .text_bytes = 14,
                                              .has_text = true};

static void sections_come_back(void **state)
{
    (void)state;
    struct bytes b;
    struct gs_container c;
    struct gs_err err = {0};
    b.data = test_container_bytes(fill, NULL, &stats, &b.size);
    assert_ok_err(gs_container_parse(&c, b.data, b.size, "x", &err), &err);
    assert_memory_equal(&c.stats, &stats, sizeof(stats));
    assert_int_equal(c.section_count, 4); /* text, positions, ids, checksums */
    assert_int_equal(c.toc[0].id, GS_SECTION_TEXT);
    assert_int_equal(gs_section_size(&c, GS_SECTION_POSTINGS), 0);
    static const unsigned ids[] = {GS_SECTION_TEXT, GS_SECTION_POSITIONS};
    for (size_t k = 0; k < 2; k++) {
        const uint8_t *p = NULL;
        assert_int_equal(gs_section_size(&c, ids[k]), BIG);
        assert_ok(gs_container_get(&c, ids[k], 0, BIG, &p, NULL));
        for (size_t i = 0; i < BIG; i++)
            if (p[i] != pattern(i, ids[k]))
                test_fail("section %u differs at %zu", ids[k], i);
    }
    const uint8_t *p = NULL;
    assert_ok(gs_container_get(&c, GS_SECTION_POSTINGS, 0, 0, &p, NULL));
    assert_status_err(gs_container_get(&c, GS_SECTION_POSTINGS, 0, 1, &p, &err), GAOSOU_E_CORRUPT,
                      &err);
    assert_non_null(strstr(err.text, "missing"));
    assert_status(gs_container_get(&c, GS_SECTION_IDS, 1, UINT64_MAX, &p, NULL), GAOSOU_E_CORRUPT);
    assert_status(gs_container_get(&c, GS_SECTION_IDS, UINT64_MAX, 1, &p, NULL), GAOSOU_E_CORRUPT);
    uint64_t problems = 0;
    gs_container_check(&c, NULL, NULL, &problems, &err);
    assert_int_equal(problems, 0);
    gs_container_close(&c);
    free(b.data);
}

static void writers_are_sticky(void **state)
{
    (void)state;
    char *folder = test_folder_create(), *path = test_path(folder, "x.seg");
    struct gs_container_writer w;
    struct gs_err err = {0};
    assert_ok(gs_container_writer_open(&w, path, &err));
    gs_container_stream(&w, GS_SECTION_TEXT);
    gs_container_append(&w, GS_SECTION_TEXT, "a", 1);
    gs_container_stream(&w, GS_SECTION_POSTINGS);
    gs_container_append(&w, GS_SECTION_TEXT, "b", 1); /* its stream is over */
    assert_status_err(gs_container_finish(&w, &stats, &err), GAOSOU_E_USE, &err);
    assert_ok(gs_container_writer_open(&w, path, &err));
    gs_container_writer_discard(&w);
    gs_container_writer_discard(&w);
    struct gs_map map;
    assert_status(gs_map_open(&map, path, NULL), GAOSOU_E_NOT_FOUND);
    free(path);
    test_folder_remove(folder);
}

static enum gaosou_status parse(struct bytes b, struct gs_err *err)
{
    struct gs_container c;
    enum gaosou_status status = gs_container_parse(&c, b.data, b.size, "x.seg", err);
    if (status == GAOSOU_OK)
        gs_container_close(&c);
    return status;
}

static void reseal(struct bytes b)
{
    gs_store_u64(b.data + GS_HEADER_CHECKSUM, gs_hash64(b.data, GS_HEADER_CHECKSUM));
}

#define TOC(i, field) (GS_TOC_OFFSET + (i)*GS_TOC_ENTRY + (field))

/* One field of the header set to a value, sealed again: what is said of it. */
static void header_fields(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        unsigned offset, size;
        uint64_t value;
        enum gaosou_status status;
        const char *message;
    } rows[] = {
        {"magic", 0, 1, 0x88, GAOSOU_E_NOT_INDEX, "not a Gaosou segment"},
        {"line end lost", 11, 1, '\n', GAOSOU_E_NOT_INDEX, "not a Gaosou segment"},
        {"oldest reader", 20, 4, 2, GAOSOU_E_TOO_NEW,
         "needs a reader of format 2; this program reads up to 1"},
        {"newer, readable", 16, 4, 9, GAOSOU_OK, ""},
        {"version 0", 16, 4, 0, GAOSOU_E_TOO_OLD, "has format 0; this program reads 1 to 1"},
        {"file size", 32, 8, 8192, GAOSOU_E_CORRUPT, "its header says 8192"},
        {"filings", 40, 4, 0x80000000, GAOSOU_E_CORRUPT, "too many filings"},
        {"flags", 44, 4, 2, GAOSOU_E_CORRUPT, "reserved flags"},
        {"no sections", 96, 4, 0, GAOSOU_E_CORRUPT, "number of sections"},
        {"sections", 96, 4, 65, GAOSOU_E_CORRUPT, "number of sections"},
        {"fewer sections", 96, 4, 3, GAOSOU_E_CORRUPT, "reserved byte"},
        {"more sections", 96, 4, 5, GAOSOU_E_CORRUPT, "must be the last"},
        {"reserved", 100, 1, 1, GAOSOU_E_CORRUPT, "offset 100: a reserved byte"},
        {"behind the table", TOC(4, 0), 1, 1, GAOSOU_E_CORRUPT, "a reserved byte"},
        {"last reserved", 4087, 1, 1, GAOSOU_E_CORRUPT, "offset 4087: a reserved byte"},
        {"id 0", TOC(0, 0), 4, 0, GAOSOU_E_CORRUPT, "must be the last"},
        {"id unknown", TOC(0, 0), 4, 77, GAOSOU_E_TOO_NEW, "has section 77"},
        {"id free", TOC(0, 0), 4, 30, GAOSOU_E_TOO_NEW, "has section 30"},
        {"id twice", TOC(1, 0), 4, GS_SECTION_HAN_ENTRIES, GAOSOU_E_CORRUPT, "stands twice"},
        {"checksums twice", TOC(0, 0), 4, GS_SECTION_CHECKSUMS, GAOSOU_E_CORRUPT,
         "must be the last"},
        {"section flags", TOC(0, 4), 4, 2, GAOSOU_E_CORRUPT, "reserved bits"},
        {"section reserved", TOC(0, 24), 8, 1, GAOSOU_E_CORRUPT, "reserved bits"},
        {"offset", TOC(0, 8), 8, 4160, GAOSOU_E_CORRUPT, "offset or size"},
        {"offset beyond", TOC(1, 8), 8, UINT64_MAX - 63, GAOSOU_E_CORRUPT, "offset or size"},
        {"size 0", TOC(0, 16), 8, 0, GAOSOU_E_CORRUPT, "offset or size"},
        {"size", TOC(0, 16), 8, 4, GAOSOU_OK,
         ""}, /* within the padding: the section's own business */
        {"size beyond", TOC(0, 16), 8, 10000000, GAOSOU_E_CORRUPT, "offset or size"},
        {"size wraps", TOC(0, 16), 8, UINT64_MAX, GAOSOU_E_CORRUPT, "offset or size"},
        {"checksums shorter", TOC(3, 16), 8, 16, GAOSOU_E_CORRUPT, "do not fit"},
    };
    struct bytes b;
    b.data = test_container_bytes(fill_small, NULL, &stats, &b.size);
    uint8_t page[GS_PAGE];
    memcpy(page, b.data, GS_PAGE);
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct gs_err err = {0};
        for (unsigned k = 0; k < rows[i].size; k++)
            b.data[rows[i].offset + k] = (uint8_t)(rows[i].value >> 8 * k);
        reseal(b);
        enum gaosou_status status = parse(b, &err);
        if (status != rows[i].status || !strstr(err.text, rows[i].message))
            test_fail("%s: status %d, \"%s\"", rows[i].what, (int)status, err.text);
        assert_true(status == GAOSOU_OK || strstr(err.text, "x.seg"));
        memcpy(b.data, page, GS_PAGE);
    }
    free(b.data);
}

static void unknown_but_optional_is_skipped(void **state)
{
    (void)state;
    struct bytes b;
    b.data = test_container_bytes(fill_small, NULL, &stats, &b.size);
    gs_store_u32(b.data + TOC(0, 0), 77);
    gs_store_u32(b.data + TOC(0, 4), GS_SECTION_OPTIONAL);
    reseal(b);
    assert_ok(parse(b, NULL));
    free(b.data);
}

static void every_size_is_refused(void **state)
{
    (void)state;
    struct bytes b;
    b.data = test_container_bytes(fill_small, NULL, &stats, &b.size);
    for (size_t size = 0; size < b.size; size++) {
        struct gs_err err = {0};
        uint8_t *cut = malloc(size + !size); /* its own block: asan sees every byte past it */
        memcpy(cut, b.data, size);
        enum gaosou_status status = parse((struct bytes){cut, size}, &err);
        assert_int_equal(status,
                         size < GS_SEGMENT_MAGIC_SIZE ? GAOSOU_E_NOT_INDEX : GAOSOU_E_CORRUPT);
        free(cut);
    }
    free(b.data);
}

/* Any bit of the file flipped: opening, reading the page or checking tells. */
static void every_page_is_guarded(void **state)
{
    (void)state;
    struct random_source r = {5};
    struct bytes b;
    b.data = test_container_bytes(fill_small, NULL, &stats, &b.size);
    for (int round = 0; round < 3000; round++) {
        size_t at = random_below(&r, (uint32_t)b.size);
        uint8_t bit = (uint8_t)(1u << random_below(&r, 8));
        struct gs_container c;
        struct gs_err err = {0};
        b.data[at] ^= bit;
        enum gaosou_status status = gs_container_parse(&c, b.data, b.size, "x.seg", &err);
        if (status == GAOSOU_OK) {
            uint64_t problems = 0;
            const uint8_t *p = NULL;
            assert_true(at >= GS_PAGE);
            gs_container_check(&c, NULL, NULL, &problems, &err);
            assert_true(problems >= 1 && strstr(err.text, "x.seg is damaged"));
            struct gs_section s = c.known[GS_SECTION_POSTINGS];
            if (at >= s.offset && at < s.offset + s.size)
                assert_status(gs_container_get(&c, GS_SECTION_POSTINGS, at - s.offset, 1, &p, &err),
                              GAOSOU_E_CORRUPT);
            gs_container_close(&c);
        } else {
            assert_true(at < GS_PAGE &&
                        (status == GAOSOU_E_CORRUPT || status == GAOSOU_E_NOT_INDEX));
        }
        b.data[at] ^= bit;
    }
    free(b.data);
}

static void other_files(void **state)
{
    (void)state;
    char *folder = test_folder_create(), *path = test_path(folder, "other");
    struct gs_container c;
    struct gs_err err = {0};
    assert_status(gs_container_open(&c, path, &err), GAOSOU_E_NOT_FOUND);
    assert_status(gs_container_open(&c, folder, &err), GAOSOU_E_IO);
    test_file_write(path, "", 0);
    assert_status(gs_container_open(&c, path, &err), GAOSOU_E_NOT_INDEX);
    test_file_write(path, "PK\3\4 something else altogether", 31);
    assert_status(gs_container_open(&c, path, &err), GAOSOU_E_NOT_INDEX);
    free(path);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sections_come_back),    cmocka_unit_test(writers_are_sticky),
        cmocka_unit_test(header_fields),         cmocka_unit_test(unknown_but_optional_is_skipped),
        cmocka_unit_test(every_size_is_refused), cmocka_unit_test(every_page_is_guarded),
        cmocka_unit_test(other_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
