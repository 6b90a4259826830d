#include "tests/support/format_docs.h"

#include "common/base/checksum.h"
#include "common/segment/id_table.h"
#include "common/segment/manifest.h"
#include "common/segment/records.h"
#include "common/segment/text_code.h"
#include "common/text/content_hash.h"
#include "tests/support/segment_bytes.h"
#include "tests/support/test.h"

/* A line's numbers; 0 of them where the line is not there. Ends the test where there are more than
 * room. */
static size_t numbers(const struct format_example *e, const char *name, uint32_t *out, size_t room)
{
    const char *value = format_value(e, name);
    size_t n = 0;
    if (!value)
        return 0;
    uint32_t *all = format_numbers(value, &n);
    assert_true(n <= room);
    memcpy(out, all, n * sizeof(*out));
    free(all);
    return n;
}

static struct gs_str text(const struct format_example *e, const char *name)
{
    const char *value = format_value(e, name);
    return (struct gs_str){value ? value : "", value ? strlen(value) : 0};
}

/* ---- columns ---- */

struct columns {
    struct gs_column_builder packed, constant;
    struct gs_buf plain;
};

static void write_columns(struct gs_container_writer *w, void *ctx)
{
    struct columns *c = ctx;
    const struct gs_column_part parts[3] = {
        {.packed = &c->packed}, {.plain = &c->plain}, {.packed = &c->constant}};
    gs_column_set_write(w, GS_SECTION_COLUMNS, parts, 3);
}

static void run_columns(const struct format_example *e, const char *folder, size_t *wrong)
{
    (void)folder;
    uint32_t values[3][256];
    size_t n[3] = {numbers(e, "packed", values[0], 256), numbers(e, "plain", values[1], 256),
                   numbers(e, "constant", values[2], 256)};
    size_t size;
    struct gs_segment_stats stats = {0};
    struct gs_container container;
    struct columns c;
    gs_column_builder_init(&c.packed);
    gs_column_builder_init(&c.constant);
    gs_buf_init(&c.plain, 4096);
    for (size_t i = 0; i < n[0]; i++)
        gs_column_builder_add(&c.packed, values[0][i]);
    for (size_t i = 0; i < n[1]; i++)
        gs_buf_append_u32(&c.plain, values[1][i]);
    for (size_t i = 0; i < n[2]; i++)
        gs_column_builder_add(&c.constant, values[2][i]);
    assert_ok(gs_column_builder_finish(&c.packed));
    assert_ok(gs_column_builder_finish(&c.constant));
    uint8_t *file = test_container_bytes(write_columns, &c, &stats, &size);
    const uint8_t *bytes = NULL;
    assert_ok(gs_container_parse(&container, file, size, "example", NULL));
    uint64_t section = gs_section_size(&container, GS_SECTION_COLUMNS);
    assert_ok(gs_container_get(&container, GS_SECTION_COLUMNS, 0, section, &bytes, NULL));
    format_expect(e, "bytes", bytes, section, wrong);
    for (uint32_t k = 0; k < 3; k++) {
        struct gs_column_ref ref;
        uint64_t back[256];
        assert_ok(gs_column_open(&container, GS_SECTION_COLUMNS, 3, k, &ref, NULL));
        assert_ok(gs_column_values(&container, &ref, 0, n[k], back, NULL));
        for (size_t i = 0; i < n[k]; i++)
            assert_int_equal(back[i], values[k][i]);
    }
    gs_container_close(&container);
    gs_column_builder_release(&c.packed);
    gs_column_builder_release(&c.constant);
    gs_buf_release(&c.plain);
    free(file);
}

/* ---- text ---- */

static void run_packed(const struct format_example *e, const char *folder, size_t *wrong)
{
    (void)folder;
    struct gs_str raw = text(e, "text");
    struct gs_packer *packer;
    struct gs_unpacker *unpacker;
    struct gs_buf packed;
    uint8_t back[256 + GS_UNPACK_SLACK];
    gs_buf_init(&packed, 4096);
    assert_true(raw.size <= 256);
    assert_ok(gs_packer_create(&packer, 0));
    assert_ok(gs_unpacker_create(&unpacker));
    assert_ok(gs_packer_pack(packer, (const uint8_t *)raw.bytes, raw.size, &packed));
    format_expect(e, "bytes", packed.data, packed.size, wrong);
    assert_ok(gs_unpacker_unpack(unpacker, packed.data, packed.size, back, raw.size));
    assert_memory_equal(back, raw.bytes, raw.size);
    gs_packer_free(packer);
    gs_unpacker_free(unpacker);
    gs_buf_release(&packed);
}

static void run_text_code(const struct format_example *e, const char *folder, size_t *wrong)
{
    (void)folder;
    struct gs_str raw = text(e, "text");
    struct gs_text_code *code = malloc(sizeof(*code));
    uint8_t in[256 + GS_TEXT_CODE_SLACK] = {0}, out[256 + GS_TEXT_CODE_SLACK] = {0};
    assert_non_null(code);
    assert_true(raw.size <= 256);
    memcpy(in, raw.bytes, raw.size);
    gs_text_code_init(code);
    size_t n = gs_text_code_encode(code, in, raw.size, out);
    format_expect(e, "bytes", out, n, wrong);
    assert_true(gs_text_code_decode(out, n, in, raw.size));
    assert_memory_equal(in, raw.bytes, raw.size);
    free(code);
}

/* ---- records and ids ---- */

static void run_record(const struct format_example *e, const char *folder, size_t *wrong)
{
    (void)folder;
    uint32_t content[2], v[64], positions[8];
    struct gs_mark marks[8];
    struct gs_page pages[8];
    struct gs_heading headings[8];
    struct gs_record r = {
        .id = text(e, "id"), .title = text(e, "title"), .codes = text(e, "codes")};
    assert_int_equal(numbers(e, "content", content, 2), 2);
    r.content_size = content[0];
    r.title_size = content[1];
    r.mark_count = numbers(e, "marks", v, 24) / 3;
    for (size_t i = 0; i < r.mark_count; i++)
        marks[i] = (struct gs_mark){v[3 * i], v[3 * i + 1], (enum gs_mark_kind)v[3 * i + 2]};
    r.page_count = numbers(e, "pages", v, 40) / 5;
    for (size_t i = 0; i < r.page_count; i++) {
        pages[i] = (struct gs_page){v[5 * i], v[5 * i + 2], v[5 * i + 3], v[5 * i + 4]};
        positions[i] = v[5 * i + 1];
    }
    r.heading_count = numbers(e, "headings", v, 24) / 3;
    for (size_t i = 0; i < r.heading_count; i++)
        headings[i] = (struct gs_heading){v[3 * i], v[3 * i + 1], v[3 * i + 2]};
    r.marks = marks;
    r.pages = pages;
    r.page_positions = positions;
    r.headings = headings;
    r.labels = (const uint8_t *)text(e, "labels").bytes;
    r.labels_size = text(e, "labels").size;
    struct gs_buf row;
    enum gaosou_status status;
    gs_buf_init(&row, 4096);
    gs_record_encode(&row, &r, &status);
    assert_int_equal(status, GAOSOU_OK);
    format_expect(e, "bytes", row.data, row.size, wrong);
    gs_buf_release(&row);
}

static void run_id(const struct format_example *e, const char *folder, size_t *wrong)
{
    (void)folder;
    uint8_t hash[4];
    struct gs_str id = text(e, "id");
    gs_store_u32(hash, gs_id_hash(id.bytes, id.size));
    format_expect(e, "hash", hash, sizeof(hash), wrong);
}

static void run_content_hash(const struct format_example *e, const char *folder, size_t *wrong)
{
    (void)folder;
    uint8_t hash[8];
    struct gs_str raw = text(e, "text"), folded = text(e, "folded");
    uint64_t got = gs_content_hash((const uint8_t *)raw.bytes, raw.size, 0, NULL, 0);
    gs_store_u64(hash, got);
    assert_true(got == gs_hash64(folded.bytes, folded.size));
    format_expect(e, "hash", hash, sizeof(hash), wrong);
}

/* ---- manifest and deletions ---- */

static void expect_file(const struct format_example *e, const char *path, size_t *wrong)
{
    size_t size;
    uint8_t *bytes = test_file_bytes(path, &size);
    format_expect(e, "bytes", bytes, size, wrong);
    free(bytes);
}

static void run_manifest(const struct format_example *e, const char *folder, size_t *wrong)
{
    uint32_t n[4], s[6];
    struct gs_manifest back;
    assert_int_equal(numbers(e, "numbers", n, 4), 4);
    assert_int_equal(numbers(e, "segment", s, 6), 6);
    struct gs_manifest_segment segment = {.number = s[0],
                                          .file_size = s[1],
                                          .del_generation = s[2],
                                          .checksum = s[3],
                                          .doc_count = s[4],
                                          .deleted_count = s[5]};
    struct gs_manifest m = {.commit = n[0],
                            .next_sequence = n[1],
                            .next_number = n[2],
                            .analysis_id = n[3],
                            .segments = &segment,
                            .segment_count = 1};
    char *path = test_path(folder, "manifest");
    assert_ok(gs_manifest_publish(&m, folder, NULL));
    expect_file(e, path, wrong);
    gs_manifest_init(&back);
    assert_ok(gs_manifest_read(&back, folder, NULL));
    assert_true(back.commit == m.commit && back.next_number == m.next_number);
    assert_true(back.segments[0].doc_count == segment.doc_count);
    gs_manifest_release(&back);
    free(path);
}

static void run_deletions(const struct format_example *e, const char *folder, size_t *wrong)
{
    uint32_t docs = 0, deleted[64];
    uint64_t bits = 0, *back;
    assert_int_equal(numbers(e, "filings", &docs, 1), 1);
    for (size_t n = numbers(e, "deleted", deleted, 64); n > 0; n--)
        bits |= UINT64_C(1) << deleted[n - 1];
    char *path = gs_manifest_deletions_path(folder, 1, 1);
    assert_ok(gs_deletions_write(&bits, path, docs, NULL));
    expect_file(e, path, wrong);
    assert_ok(gs_deletions_read(&back, path, docs, NULL));
    assert_true(back[0] == bits);
    free(back);
    free(path);
}

bool format_docs_run(const struct format_example *e, const char *folder, size_t *wrong)
{
    static const struct {
        const char *kind;
        void (*run)(const struct format_example *e, const char *folder, size_t *wrong);
    } kinds[] = {
        {"columns", run_columns},
        {"packed", run_packed},
        {"text-code", run_text_code},
        {"record", run_record},
        {"id", run_id},
        {"manifest", run_manifest},
        {"deletions", run_deletions},
        {"content-hash", run_content_hash},
    };
    for (size_t i = 0; i < GS_COUNT_OF(kinds); i++)
        if (strcmp(kinds[i].kind, e->kind) == 0) {
            kinds[i].run(e, folder, wrong);
            return true;
        }
    return false;
}
