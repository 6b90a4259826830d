/* A whole segment: check, damage to any byte, hostile bytes under right checksums, the same bytes
 * each time. */
#include "common/segment/list_codec.h"
#include "common/segment/terms.h"
#include "tests/support/segment_build.h"
#include "tests/support/segment_bytes.h"
#include "tests/support/test.h"

#define DOCS 700

struct fixture {
    char *folder;
    uint8_t *bytes;
    size_t size;
};

static void small_lists(struct test_lists *t, struct random_source *r)
{
    static const uint32_t sizes[] = {1, 2, 5, 60, 127, 128, 129, 300, 640};
    static const uint32_t gaps[] = {3, 70, 4000};
    test_lists_init(t, DOCS, r);
    for (uint32_t i = 0; i < 120; i++) {
        struct test_list_shape shape = {RANDOM_OF(r, sizes), random_between(r, 1, 40),
                                        RANDOM_OF(r, gaps), 0};
        test_lists_add(t, i < 2 ? test_han(0, 1 + i) : test_han(0x4E00 + i / 9, 0x4E00 + i % 9),
                       shape, r);
    }
    for (uint32_t i = 0; i < 80; i++) {
        char word[16];
        snprintf(word, sizeof(word), "word%02u", i);
        struct test_list_shape shape = {RANDOM_OF(r, sizes), 4, 50, 0};
        test_lists_add(t, test_word(word), shape, r);
    }
}

static uint8_t *build(const char *folder, size_t parts, size_t *size)
{
    struct random_source r = {21};
    struct test_lists t;
    small_lists(&t, &r);
    char *path = test_segment_write(&t, folder, "whole.seg", parts);
    uint8_t *bytes = test_file_bytes(path, size);
    test_lists_release(&t);
    free(path);
    return bytes;
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    f->folder = test_folder_create();
    f->bytes = build(f->folder, 3, &f->size);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    free(f->bytes);
    test_folder_remove(f->folder);
    free(f);
    return 0;
}

static struct gs_segment *parse(const struct fixture *f)
{
    struct gs_segment *s;
    struct gs_err err = {0};
    assert_ok_err(gs_segment_parse(&s, f->bytes, f->size, "x.seg", &err), &err);
    return s;
}

static void count_line(void *ctx, const char *line)
{
    assert_true(strlen(line) > 0);
    ++*(uint64_t *)ctx;
}

static void a_good_one_checks(void **state)
{
    struct gs_segment *s = parse(*state);
    uint64_t problems = 1, lines = 0, total = 0, size;
    struct gs_err err = {0};
    const char *name;
    assert_ok_err(gs_segment_check(s, count_line, &lines, &problems, &err), &err);
    assert_true(problems == 0 && lines == 0);
    const struct gs_segment_stats *stats = gs_segment_get_stats(s);
    assert_true(stats->terms == 200 && stats->doc_count == DOCS &&
                stats->analysis_id == 0x1122334455667788);
    for (size_t i = 0; gs_segment_section(s, i, &name, &size); i++) {
        assert_string_not_equal(name, "unknown");
        total += size;
    }
    assert_true(total > 10000 && total < ((struct fixture *)*state)->size);
    assert_string_equal(gs_segment_path(s), "x.seg");
    gs_segment_close(s);
    gs_segment_close(NULL);
}

static void the_same_bytes(void **state)
{
    struct fixture *f = *state;
    size_t size;
    for (size_t parts = 1; parts < 50; parts += 16) {
        uint8_t *bytes = build(f->folder, parts, &size);
        assert_int_equal(size, f->size);
        assert_memory_equal(bytes, f->bytes, size);
        free(bytes);
    }
}

/* Reads all that the term side has; returns a hash of the answers, or 0 where anything was refused.
 */
static uint64_t read_all(const struct gs_segment *s)
{
    struct gs_term_cursor t;
    static struct gs_list_cursor c;
    static uint32_t positions[1 << 16];
    uint64_t hash = 1;
    enum gaosou_status status = gs_term_cursor_seek(&t, s, NULL, NULL);
    for (; status == GAOSOU_OK && t.valid; status = gs_term_cursor_next(&t, NULL)) {
        hash = hash * 31 + t.ref.df;
        for (gs_list_open(&c, s, &t.ref); c.doc != GS_DOC_END; gs_list_next(&c)) {
            struct gs_impacts bounds;
            uint32_t last;
            assert_true(c.doc < DOCS);
            if (c.doc % 16 == 0)
                gs_list_bound(&c, c.doc, &last, &bounds);
            uint32_t n =
                gs_list_freq(&c) <= GS_COUNT_OF(positions) ? gs_list_positions(&c, positions) : 0;
            hash = hash * 31 + c.doc;
            for (uint32_t i = 0; i < n; i++)
                hash = hash * 31 + positions[i];
        }
        if (c.status != GAOSOU_OK)
            return 0;
        gs_list_open(&c, s, &t.ref);
        while (c.doc != GS_DOC_END)
            gs_list_seek(&c, c.doc + 37);
    }
    return status == GAOSOU_OK ? hash : 0;
}

/* An error or the right answer, wherever one bit is flipped. */
static void flipped_bits(void **state)
{
    struct fixture *f = *state;
    struct random_source r = {22};
    struct gs_segment *s = parse(f);
    uint64_t right = read_all(s);
    gs_segment_close(s);
    assert_true(right != 0);
    for (size_t page = 0; page < f->size / GS_PAGE + 1; page++)
        for (int k = 0; k < 3; k++) {
            size_t at = page * GS_PAGE + random_below(&r, GS_PAGE);
            if (at >= f->size)
                continue;
            uint8_t bit = (uint8_t)(1u << random_below(&r, 8));
            f->bytes[at] ^= bit;
            if (gs_segment_parse(&s, f->bytes, f->size, "x.seg", NULL) == GAOSOU_OK) {
                uint64_t answer = read_all(s), problems;
                assert_true(answer == 0 || answer == right);
                assert_status(gs_segment_check(s, NULL, NULL, &problems, NULL), GAOSOU_E_CORRUPT);
                gs_segment_close(s);
            }
            f->bytes[at] ^= bit;
        }
}

/* What a hostile writer could do, who can compute checksums: nothing may be read or written out of
 * bounds. */
static void hostile_bytes(void **state)
{
    struct fixture *f = *state;
    struct random_source r = {23};
    uint32_t rounds = (uint32_t)test_env_number("GAOSOU_HOSTILE_ROUNDS", 400);
    struct gs_segment *whole = parse(f);
    struct gs_section toc[GS_TOC_CAP];
    uint32_t sections = whole->container.section_count - 1;
    memcpy(toc, whole->container.toc, sizeof(toc));
    gs_segment_close(whole);
    for (uint32_t round = 0; round < rounds; round++) {
        const struct gs_section *section = &toc[random_below(&r, sections)];
        uint32_t edits = random_between(&r, 1, 6);
        size_t at[6];
        uint8_t before[6];
        for (uint32_t k = 0; k < edits; k++) {
            at[k] = section->offset + random_below(&r, (uint32_t)section->size);
            before[k] = f->bytes[at[k]];
            f->bytes[at[k]] = random_once_in(&r, 3) ? 0xFF : (uint8_t)random_next(&r);
        }
        struct gs_segment *s;
        if (gs_segment_parse(&s, f->bytes, f->size, "x.seg", NULL) == GAOSOU_OK) {
            uint64_t problems;
            test_trust_pages(&s->container);
            (void)read_all(s);
            if (round % 8 == 0)
                (void)!gs_segment_check(s, NULL, NULL, &problems, NULL);
            gs_segment_close(s);
        }
        for (uint32_t k = edits; k-- > 0;)
            f->bytes[at[k]] = before[k];
    }
}

/* Bytes at one place replaced: what check says, the checksums being right. */
static void check_finds(struct fixture *f, enum gs_section_id id, uint64_t offset, uint8_t value,
                        const char *message)
{
    struct gs_segment *s = parse(f);
    uint64_t at = s->container.known[id].offset + offset, problems;
    struct gs_err err = {0};
    uint8_t before = f->bytes[at];
    f->bytes[at] = value;
    test_trust_pages(&s->container);
    struct gs_checker checker = {.segment = s, .problems = &problems, .err = &err};
    problems = 0;
    gs_terms_check(&checker);
    if (problems == 0 || !strstr(err.text, message))
        test_fail("section %s, offset %u: %u problems, \"%s\" and not \"%s\"", gs_section_name(id),
                  (unsigned)offset, (unsigned)problems, err.text, message);
    f->bytes[at] = before;
    gs_segment_close(s);
}

/* The place of the first blocked list. */
static struct gs_list_ref first_blocked(const struct gs_segment *s)
{
    struct gs_term_cursor t;
    assert_ok(gs_term_cursor_seek(&t, s, NULL, NULL));
    while (t.valid && t.ref.df < 2 * GS_BLOCK)
        assert_ok(gs_term_cursor_next(&t, NULL));
    assert_true(t.valid);
    return t.ref;
}

static void check_table(void **state)
{
    struct fixture *f = *state;
    struct gs_segment *s = parse(f);
    struct gs_list_ref ref = first_blocked(s);
    gs_segment_close(s);
    uint64_t skips = ref.offset + GS_LIST_HEADER;
    const struct {
        enum gs_section_id id;
        uint64_t offset;
        uint8_t value;
        const char *message;
    } rows[] = {
        {GS_SECTION_HAN_BLOCKS, GS_TERM_BLOCK_ENTRY + 5, 0, "terms do not ascend"},
        {GS_SECTION_HAN_BLOCKS, GS_TERM_BLOCK_ENTRY + 8, 0, "an entry cannot be read"},
        {GS_SECTION_HAN_BLOCKS, GS_TERM_BLOCK_ENTRY + 15, 0xFF, "bytes wanted"},
        {GS_SECTION_WORD_ENTRIES, 0, 0xF1, "an entry cannot be read"},
        {GS_SECTION_REVERSE_ROWS, 1, 0, "rows do not ascend"},
        {GS_SECTION_REVERSE_ROWS, 4, 0xFF, "does not fit"},
        {GS_SECTION_REVERSE_FIRSTS, 1, 0, "cannot be read"},
        {GS_SECTION_REVERSE_FIRSTS, 2, 0xFF, "is no term"},
        {GS_SECTION_POSTINGS, ref.offset, 0, "cannot be read"},
        {GS_SECTION_POSTINGS, ref.offset + GS_LIST_FLAGS, 1, "cannot be read"},
        {GS_SECTION_POSTINGS, ref.offset + GS_LIST_IMPACTS, 1, "cannot be read"},
        {GS_SECTION_POSTINGS, skips + GS_SKIP_LAST, 0xFF, "cannot be read"},
        {GS_SECTION_POSTINGS, skips + GS_SKIP_ORDINAL, 9, "cannot be read"},
        {GS_SECTION_POSTINGS, skips + GS_SKIP_DOC_CODE, 1, "cannot be read"},
        {GS_SECTION_POSTINGS, skips + GS_SKIP_DOC_CODE + 1, 0x7F, "cannot be read"},
        {GS_SECTION_POSTINGS, skips + GS_SKIP_FREQ_CODE + 1, 0x7D, "cannot be read"},
        {GS_SECTION_POSITIONS, ref.positions_at, 1, "cannot be read"},
        {GS_SECTION_POSITIONS, ref.positions_at + 1, 0x7F, "cannot be read"},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++)
        check_finds(f, rows[i].id, rows[i].offset, rows[i].value, rows[i].message);
}

/* A bound that does not bound must be told even where the bytes are well-formed. */
static void check_bounds(void **state)
{
    struct fixture *f = *state;
    struct gs_segment *s = parse(f);
    struct gs_list_ref ref = first_blocked(s);
    uint64_t impacts = ref.offset + GS_LIST_HEADER + GS_SKIP_IMPACTS;
    uint64_t at = s->container.known[GS_SECTION_POSTINGS].offset + impacts;
    gs_segment_close(s);
    uint8_t before[2 * GS_IMPACT_MAX];
    memcpy(before, f->bytes + at, sizeof(before));
    memset(f->bytes + at, 0, sizeof(before));
    f->bytes[at + 1] = 0;
    check_finds(f, GS_SECTION_POSTINGS, impacts, 1, "the bounds of a block do not hold");
    memcpy(f->bytes + at, before, sizeof(before));
}

static void header_totals(void **state)
{
    struct fixture *f = *state;
    static const struct {
        size_t offset;
        const char *message;
    } rows[] = {{offsetof(struct gs_segment_stats, terms), "terms, counted"},
                {offsetof(struct gs_segment_stats, postings), "postings, counted"},
                {offsetof(struct gs_segment_stats, positions), "positions, counted"}};
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct gs_segment *s = parse(f);
        uint64_t problems;
        struct gs_err err = {0};
        ++*(uint64_t *)(void *)((uint8_t *)&s->container.stats + rows[i].offset);
        assert_status(gs_segment_check(s, NULL, NULL, &problems, &err), GAOSOU_E_CORRUPT);
        assert_non_null(strstr(err.text, rows[i].message));
        gs_segment_close(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_one_checks), cmocka_unit_test(the_same_bytes),
        cmocka_unit_test(flipped_bits),      cmocka_unit_test(hostile_bytes),
        cmocka_unit_test(check_table),       cmocka_unit_test(check_bounds),
        cmocka_unit_test(header_totals),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
