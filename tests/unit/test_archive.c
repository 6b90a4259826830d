/* indexer: members of zips, tars and single compressed files; names; hostile archives. */
#include "indexer/archive.h"
#include "tests/support/archive_make.h"
#include "tests/support/test.h"

#define READ_MAX ((size_t)64 << 20)

/* Each member as "name=contents;", "name/;" for a folder, "name!why;" for a refused one, and at the
 * end what went wrong with a member as "name?status;". Returns what ended the archive. */
static enum gaosou_status show(struct gs_archive *a, struct gs_buf *out, struct gs_err *err)
{
    struct gs_member m;
    struct gs_buf bytes;
    bool at_end = false;
    enum gaosou_status status;
    gs_buf_init(&bytes, READ_MAX);
    while ((status = gs_archive_next(a, &m, &at_end, err)) == GAOSOU_OK && !at_end) {
        gs_buf_append_str(out, m.name);
        if (m.kind == GS_MEMBER_FOLDER) {
            gs_buf_append_str(out, "/");
        } else if (m.kind == GS_MEMBER_REFUSED) {
            gs_buf_printf(out, "!%s", m.why);
            assert_non_null(m.why_zh);
        } else {
            gs_buf_clear(&bytes);
            status = gs_archive_read(a, &bytes, err);
            if (status == GAOSOU_OK) {
                gs_buf_append_str(out, "=");
                gs_buf_append(out, bytes.data, bytes.size);
            } else {
                gs_buf_printf(out, "?%d", (int)status);
                assert_non_null(strstr(err->text, m.name));
            }
        }
        gs_buf_append_str(out, ";");
    }
    gs_buf_release(&bytes);
    return status;
}

/* Opens and shows bytes; "" where they cannot be opened. */
static enum gaosou_status show_bytes(const struct gs_buf *bytes, enum gs_archive_kind kind,
                                     struct gs_buf *out, struct gs_err *err)
{
    struct gs_archive *a = NULL;
    enum gaosou_status status =
        gs_archive_open_bytes(&a, bytes->data, bytes->size, "t.zip", kind, NULL, NULL, err);
    gs_buf_clear(out);
    if (status == GAOSOU_OK)
        status = show(a, out, err);
    gs_archive_close(a);
    gs_buf_append_u8(out, 0);
    return status;
}

static void check(const struct gs_buf *bytes, enum gs_archive_kind kind, const char *wanted)
{
    struct gs_buf out;
    struct gs_err err = {.text = ""};
    gs_buf_init(&out, READ_MAX);
    assert_ok_err(show_bytes(bytes, kind, &out, &err), &err);
    assert_string_equal((const char *)out.data, wanted);
    gs_buf_release(&out);
}

static void plain_zip(void **state)
{
    (void)state;
    struct zip_maker z;
    zip_maker_init(&z);
    zip_maker_text(&z, "年报/2023.txt", "净利润");
    zip_maker_add(&z, &(struct zip_member){.name = "年报/"});
    zip_maker_add(&z, &(struct zip_member){.name = "./a//b.txt", .bytes = "stored", .size = 6});
    zip_maker_add(&z, &(struct zip_member){.name = "empty"});
    zip_maker_finish(&z);
    check(&z.bytes, GS_ARCHIVE_ZIP, "年报/2023.txt=净利润;年报/;a/b.txt=stored;empty=;");
    zip_maker_release(&z);
}

static void make_tar(struct gs_buf *tar)
{
    gs_buf_init(tar, READ_MAX);
    tar_make_header(tar, "./", '5', 0, NULL);
    tar_make_file(tar, "./公告/一.txt", "甲公司", strlen("甲公司"));
    tar_make_file(tar, "b.txt", "two", 3);
    tar_make_end(tar);
}

#define TAR_SHOWN "./;公告/一.txt=甲公司;b.txt=two;"

static void tars(void **state)
{
    (void)state;
    static const char *const filters[] = {"gzip", "zstd", "bzip2", "xz"};
    struct gs_buf tar, packed;
    make_tar(&tar);
    check(&tar, GS_ARCHIVE_TAR, TAR_SHOWN);
    gs_buf_init(&packed, READ_MAX);
    for (size_t i = 0; i < GS_COUNT_OF(filters); i++) {
        gs_buf_clear(&packed);
        compress_make(&packed, filters[i], tar.data, tar.size);
        check(&packed, GS_ARCHIVE_TAR, TAR_SHOWN);
        assert_int_equal(gs_archive_kind_of_bytes(packed.data, packed.size), GS_ARCHIVE_SINGLE);
        gs_buf_clear(&packed);
        compress_make(&packed, filters[i], "one", 3);
        check(&packed, GS_ARCHIVE_SINGLE, "t.zip=one;");
    }
    assert_int_equal(gs_archive_kind_of_bytes(tar.data, tar.size), GS_ARCHIVE_TAR);
    gs_buf_release(&packed);
    gs_buf_release(&tar);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_zip),
        cmocka_unit_test(tars),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
