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

#define GBK_DAILY "\xC4\xEA\xB6\xC8\xB1\xA8\xB8\xE6" /* 年度报告 */

static void names(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t size;
        const char *wanted;
    } rows[] = {
        {"a/b", 0, "a/b=x;"},
        {"./a/./b", 0, "a/b=x;"},
        {"a\\b.txt", 0, "a/b.txt=x;"},
        {"/etc/x", 0, "etc/x!absolute path;"},
        {"\\x", 0, "x!absolute path;"},
        {"../x", 0, "../x!path with \"..\";"},
        {"a/../../x", 0, "a/../../x!path with \"..\";"},
        {"a\\..\\x", 0, "a/../x!path with \"..\";"},
        {"C:/x", 0, "C:/x!path with a drive letter;"},
        {"c:x", 0, "c:x!path with a drive letter;"},
        {"a\nb", 0,
         "a\xEF\xBF\xBD"
         "b!control character in the name;"},
        {"a\x7F", 0, "a\xEF\xBF\xBD!control character in the name;"},
        {"a\xC2\x85", 0, "a\xEF\xBF\xBD!control character in the name;"},
        {"..a/...", 0, "..a/...=x;"},
        {GBK_DAILY ".txt", 0, "年度报告.txt=x;"},
        {"\xB9\xAB\xCB\xBE\xB9\xAB\xB8\xE6/" GBK_DAILY "\xD5\xAA\xD2\xAA.pdf", 0,
         "公司公告/年度报告摘要.pdf=x;"},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct zip_maker z;
        zip_maker_init(&z);
        zip_maker_add(
            &z, &(struct zip_member){
                    .name = rows[i].name, .name_size = rows[i].size, .bytes = "x", .size = 1});
        zip_maker_finish(&z);
        check(&z.bytes, GS_ARCHIVE_ZIP, rows[i].wanted);
        zip_maker_release(&z);
    }
}

/* One Big5 name alone might be GBK; among its like it is not. */
static void names_in_big5(void **state)
{
    (void)state;
    static const char *const name[] = {
        "\xA6~\xB3\xF8/2023\xA6~\xB3\xF8.pdf",                /* 年報/2023年報.pdf */
        "\xAA\xD1\xAA\x46\xA4\xBD\xA7i.txt",                  /* 股東公告.txt */
        "\xAA\xD1\xAA\x46\xB6g\xA6~\xA4j\xB7|\xB3q\xA7i.txt", /* 股東週年大會通告.txt */
        "\xA5\xC3\xC4\xF2\xA4\xBD\xA7i.txt",                  /* 永續公告.txt */
    };
    struct zip_maker z;
    struct gs_buf out;
    struct gs_err err;
    gs_buf_init(&out, READ_MAX);
    zip_maker_init(&z);
    for (size_t i = 0; i < GS_COUNT_OF(name); i++)
        zip_maker_text(&z, name[i], "x");
    zip_maker_finish(&z);
    assert_ok_err(show_bytes(&z.bytes, GS_ARCHIVE_ZIP, &out, &err), &err);
    assert_non_null(strstr((const char *)out.data, "年報/2023年報.pdf=x;"));
    assert_non_null(strstr((const char *)out.data, "股東週年大會通告.txt=x;"));
    zip_maker_release(&z);
    gs_buf_release(&out);
}

static void names_that_cannot_be_read(void **state)
{
    (void)state;
    struct zip_maker z;
    struct gs_buf out;
    struct gs_err err;
    gs_buf_init(&out, READ_MAX);
    zip_maker_init(&z);
    zip_maker_add(&z, &(struct zip_member){.name = "a\0b", .name_size = 3});
    zip_maker_finish(&z);
    assert_status(show_bytes(&z.bytes, GS_ARCHIVE_ZIP, &out, &err), GAOSOU_E_INPUT);
    assert_non_null(strstr(err.text, "NUL"));
    zip_maker_release(&z);
    /* the flag says UTF-8, the bytes are not */
    zip_maker_init(&z);
    zip_maker_add(&z, &(struct zip_member){.name = GBK_DAILY, .flags = 0x800});
    zip_maker_add(&z, &(struct zip_member){.name = "年报", .flags = 0x800});
    zip_maker_finish(&z);
    assert_ok_err(show_bytes(&z.bytes, GS_ARCHIVE_ZIP, &out, &err), &err);
    assert_non_null(strstr((const char *)out.data, "年报=;"));
    assert_null(strchr((const char *)out.data, '\xC4'));
    zip_maker_release(&z);
    /* a name of 65,535 bytes; none at all; and one byte that is no character in GBK */
    char *name = malloc(65535);
    memset(name, 'n', 65535);
    zip_maker_init(&z);
    zip_maker_add(&z, &(struct zip_member){.name = name, .name_size = 65535});
    zip_maker_add(&z, &(struct zip_member){.name = ".//"});
    zip_maker_add(&z, &(struct zip_member){.name = GBK_DAILY GBK_DAILY GBK_DAILY "\xFF.txt"});
    zip_maker_finish(&z);
    assert_ok_err(show_bytes(&z.bytes, GS_ARCHIVE_ZIP, &out, &err), &err);
    assert_non_null(strstr((const char *)out.data, "nnn!name longer than 4096 bytes;"));
    assert_non_null(strstr((const char *)out.data, "年度报告年度报告年度报告\xEF\xBF\xBD.txt=;"));
    zip_maker_release(&z);
    free(name);
    gs_buf_release(&out);
}

static void refused_members(void **state)
{
    (void)state;
    struct zip_maker z;
    struct gs_buf tar;
    zip_maker_init(&z);
    zip_maker_text(&z, "a", "1");
    zip_maker_text(&z, "./a", "2");
    zip_maker_add(&z, &(struct zip_member){
                          .name = "link", .bytes = "/etc/passwd", .size = 11, .mode = 0120777});
    zip_maker_add(&z, &(struct zip_member){
                          .name = "secret", .bytes = "0123456789abcdef", .size = 16, .flags = 1});
    zip_maker_text(&z, "b", "3");
    zip_maker_finish(&z);
    check(&z.bytes, GS_ARCHIVE_ZIP,
          "a=1;a!second member of this name; the first was taken;link!symbolic link;"
          "secret!encrypted;b=3;");
    zip_maker_release(&z);
    gs_buf_init(&tar, READ_MAX);
    tar_make_header(&tar, "link", '2', 0, "/etc/passwd");
    tar_make_header(&tar, "hard", '1', 0, "b");
    tar_make_header(&tar, "null", '3', 0, NULL);
    tar_make_file(&tar, "/b", "3", 1);
    tar_make_file(&tar, "b", "4", 1);
    tar_make_end(&tar);
    check(&tar, GS_ARCHIVE_TAR,
          "link!symbolic link;hard!hard link to another member;null!neither file nor folder;"
          "b!absolute path;b=4;");
    gs_buf_release(&tar);
}

static void damaged_members(void **state)
{
    (void)state;
    struct zip_maker z;
    zip_maker_init(&z);
    zip_maker_text(&z, "a", "1");
    zip_maker_add(&z,
                  &(struct zip_member){
                      .name = "crc", .bytes = "2", .size = 1, .deflated = true, .crc_change = 1});
    zip_maker_add(
        &z, &(struct zip_member){.name = "longer", .bytes = "3", .size = 1, .size_change = 7});
    zip_maker_add(&z, &(struct zip_member){.name = "shorter",
                                           .bytes = "45",
                                           .size = 2,
                                           .deflated = true,
                                           .size_change = (uint32_t)-1});
    zip_maker_text(&z, "b", "5");
    zip_maker_finish(&z);
    check(&z.bytes, GS_ARCHIVE_ZIP, "a=1;crc?34;longer?34;shorter?34;b=5;");
    zip_maker_release(&z);
}

/* What a cut-off archive says: the member it broke in, and that there is no going on. */
static void cut_off_message(void **state)
{
    (void)state;
    struct gs_buf tar, out;
    struct gs_err err = {.text = ""};
    make_tar(&tar);
    gs_buf_init(&out, READ_MAX);
    tar.size -= 1024 + 512 + 256;
    assert_status(show_bytes(&tar, GS_ARCHIVE_TAR, &out, &err), GAOSOU_E_INPUT);
    assert_string_equal((const char *)out.data, "./;公告/一.txt=甲公司;");
    assert_non_null(strstr(err.text, "t.zip!公告/一.txt: the archive cannot be read on behind"));
    gs_buf_release(&tar);
    gs_buf_release(&out);
}

/* Whatever is cut off: members before the cut stand, the rest is an error, and nothing else. */
static void cut_off(const struct gs_buf *whole, enum gs_archive_kind kind, const char *first)
{
    struct gs_buf out;
    gs_buf_init(&out, READ_MAX);
    for (size_t size = 0; size < whole->size; size++) {
        struct gs_buf part = *whole;
        struct gs_err err = {.text = ""};
        uint8_t *bytes = malloc(size + 1); /* of exactly that size, for the sanitizer */
        memcpy(bytes, whole->data, size);
        part.data = bytes;
        part.size = size;
        if (show_bytes(&part, kind, &out, &err) != GAOSOU_OK)
            assert_true(err.text[0] != 0);
        const char *shown = (const char *)out.data;
        assert_true(shown[0] == 0 || strncmp(shown, first, strlen(first)) == 0 ||
                    strchr(shown, '?') != NULL);
        free(bytes);
    }
    gs_buf_release(&out);
}

static void cut_off_anywhere(void **state)
{
    (void)state;
    static const char *const filters[] = {"gzip", "zstd", "bzip2", "xz"};
    struct zip_maker z;
    struct gs_buf tar, packed;
    zip_maker_init(&z);
    zip_maker_text(&z, "a", "first");
    zip_maker_text(&z, "b", "second, and longer");
    zip_maker_add(&z, &(struct zip_member){.name = "c", .bytes = "third", .size = 5});
    zip_maker_finish(&z);
    cut_off(&z.bytes, GS_ARCHIVE_ZIP, "a=first;");
    zip_maker_release(&z);
    make_tar(&tar);
    cut_off(&tar, GS_ARCHIVE_TAR, "./;");
    gs_buf_init(&packed, READ_MAX);
    for (size_t i = 0; i < GS_COUNT_OF(filters); i++) {
        gs_buf_clear(&packed);
        compress_make(&packed, filters[i], tar.data, tar.size);
        cut_off(&packed, GS_ARCHIVE_TAR, "./;");
        cut_off(&packed, GS_ARCHIVE_SINGLE, "?");
    }
    gs_buf_release(&packed);
    gs_buf_release(&tar);
}

static void not_archives(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        enum gs_archive_kind kind;
        const char *wanted;
    } rows[] = {
        {"", GS_ARCHIVE_ZIP, "empty"},
        {"Rar!\x1A\x07\x01", GS_ARCHIVE_ZIP, "RAR"},
        {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", GS_ARCHIVE_ZIP, "OLE"},
        {"%PDF-1.4", GS_ARCHIVE_TAR, "PDF"},
        {"<html>", GS_ARCHIVE_SINGLE, "HTML"},
        {"plain", GS_ARCHIVE_SINGLE, "not a compressed file"},
        {"plain", GS_ARCHIVE_TAR, "not a tar"},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct gs_archive *a = NULL;
        struct gs_err err = {.text = ""};
        assert_status(gs_archive_open_bytes(&a, (const uint8_t *)rows[i].bytes,
                                            strlen(rows[i].bytes), "t", rows[i].kind, NULL, NULL,
                                            &err),
                      GAOSOU_E_INPUT);
        if (!strstr(err.text, rows[i].wanted))
            fail_msg("row %zu: %s", i, err.text);
        assert_null(a);
    }
}

static void kinds(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum gs_archive_kind kind;
    } rows[] = {
        {"a.zip", GS_ARCHIVE_ZIP},       {"A.ZIP", GS_ARCHIVE_ZIP},
        {"a.tar.gz", GS_ARCHIVE_TAR},    {"a.tgz", GS_ARCHIVE_TAR},
        {"a.tar.zst", GS_ARCHIVE_TAR},   {"a.tar", GS_ARCHIVE_TAR},
        {"a.txt.gz", GS_ARCHIVE_SINGLE}, {"a.zst", GS_ARCHIVE_SINGLE},
        {".zip", GS_ARCHIVE_NONE},       {"a.docx", GS_ARCHIVE_NONE},
        {"zip", GS_ARCHIVE_NONE},        {"", GS_ARCHIVE_NONE},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        assert_int_equal(gs_archive_kind_of(rows[i].name), rows[i].kind);
        assert_int_equal(gs_archive_is_one(rows[i].name),
                         rows[i].kind == GS_ARCHIVE_ZIP || rows[i].kind == GS_ARCHIVE_TAR);
    }
}

/* From files: larger than the window they are read through, and read back and forth. */
static void from_files(void **state)
{
    (void)state;
    struct zip_maker z;
    struct gs_buf out, tar;
    struct gs_err err;
    struct gs_archive *a = NULL;
    char *folder = test_folder_create();
    char *path = test_path(folder, "年报.zip");
    size_t size = 1000000;
    char *large = malloc(size + 1);
    for (size_t i = 0; i < size; i++)
        large[i] = (char)('a' + i * i % 26);
    large[size] = 0;
    zip_maker_init(&z);
    zip_maker_add(&z, &(struct zip_member){.name = "first", .bytes = large, .size = size});
    zip_maker_text(&z, "second", "净利润");
    zip_maker_finish(&z);
    test_file_write(path, z.bytes.data, z.bytes.size);
    gs_buf_init(&out, READ_MAX);
    assert_ok_err(gs_archive_open(&a, path, GS_ARCHIVE_ZIP, NULL, &err), &err);
    assert_ok_err(show(a, &out, &err), &err);
    gs_archive_close(a);
    gs_buf_append_u8(&out, 0);
    assert_memory_equal(out.data, "first=", 6);
    assert_memory_equal(out.data + 6, large, size);
    assert_string_equal((const char *)out.data + 6 + size, ";second=净利润;");
    zip_maker_release(&z);
    free(path);

    path = test_path(folder, "公告.txt.gz");
    gs_buf_init(&tar, READ_MAX);
    compress_make(&tar, "gzip", "text", 4);
    test_file_write(path, tar.data, tar.size);
    gs_buf_clear(&out);
    assert_ok_err(gs_archive_open(&a, path, GS_ARCHIVE_SINGLE, NULL, &err), &err);
    assert_ok_err(show(a, &out, &err), &err);
    gs_archive_close(a);
    gs_buf_append_u8(&out, 0);
    assert_string_equal((const char *)out.data, "公告.txt=text;");
    gs_buf_release(&tar);
    free(path);

    path = test_path(folder, "none.zip");
    assert_status(gs_archive_open(&a, path, GS_ARCHIVE_ZIP, NULL, &err), GAOSOU_E_NOT_FOUND);
    assert_status(gs_archive_open(&a, folder, GS_ARCHIVE_ZIP, NULL, &err), GAOSOU_E_IO);
    free(path);
    free(large);
    gs_buf_release(&out);
    test_folder_remove(folder);
}

/* What the intake compares before it reads: size and time of a member, and what passing it over
 * costs. */
static void before_reading(void **state)
{
    (void)state;
    struct zip_maker z;
    struct gs_archive *a = NULL;
    struct gs_member m;
    struct gs_buf bytes;
    struct gs_err err;
    bool at_end;
    zip_maker_init(&z);
    zip_maker_add(&z,
                  &(struct zip_member){
                      .name = "bad", .bytes = "1", .size = 1, .deflated = true, .crc_change = 1});
    zip_maker_add(&z, &(struct zip_member){.name = "large", .bytes = "123456789", .size = 9});
    zip_maker_text(&z, "b", "4");
    zip_maker_finish(&z);
    assert_ok(gs_archive_open_bytes(&a, z.bytes.data, z.bytes.size, "a.zip", GS_ARCHIVE_ZIP, NULL,
                                    NULL, &err));
    assert_ok(gs_archive_next(a, &m, &at_end, &err));
    assert_true(m.size_known);
    assert_int_equal(m.size, 1);
    /* 2024-04-12, in whatever zone this machine is in */
    assert_in_range(m.time / 1000000000u, 1712880000u - 86400u, 1712880000u + 86400u);
    assert_ok(gs_archive_next(a, &m, &at_end, &err)); /* the bad one was not read */
    gs_buf_init(&bytes, 8);
    assert_status(gs_archive_read(a, &bytes, &err), GAOSOU_E_LIMIT);
    assert_string_equal(err.text, "a.zip!large: larger than 8 bytes");
    assert_status(gs_archive_read(a, &bytes, &err), GAOSOU_E_USE);
    assert_int_equal(bytes.size, 0);
    assert_ok(gs_archive_next(a, &m, &at_end, &err));
    assert_ok(gs_archive_read(a, &bytes, &err));
    assert_int_equal(bytes.size, 1);
    assert_ok(gs_archive_next(a, &m, &at_end, NULL));
    assert_true(at_end);
    gs_archive_close(a);
    gs_buf_release(&bytes);
    zip_maker_release(&z);
}

static void check_broken(const struct gs_buf *bytes, enum gs_archive_kind kind, const char *said)
{
    struct gs_buf out;
    struct gs_err err = {.text = ""};
    gs_buf_init(&out, READ_MAX);
    assert_status(show_bytes(bytes, kind, &out, &err), GAOSOU_E_INPUT);
    assert_string_equal((const char *)out.data, "");
    if (!strstr(err.text, said))
        fail_msg("%s: not \"%s\"", err.text, said);
    gs_buf_release(&out);
}

static void make_members(struct zip_maker *z, unsigned count)
{
    zip_maker_init(z);
    for (unsigned i = 0; i < count; i++)
        zip_maker_text(z, i == 0 ? "a" : i == 1 ? "b" : "c", "净利润净利润");
    zip_maker_finish(z);
}

/* A zip of which no member can be had is damaged, and not an empty one. */
static void no_member_found(void **state)
{
    (void)state;
    struct zip_maker z;
    for (unsigned count = 1; count <= 3; count++) {
        make_members(&z, count);
        memset(z.bytes.data + z.bytes.size - 10, 0, 4); /* the size of the directory */
        check_broken(&z.bytes, GS_ARCHIVE_ZIP, "members, but only 0 are there");
        zip_maker_release(&z);
    }
    make_members(&z, 1);
    memcpy(z.bytes.data + z.bytes.size - 22 - 46 - 1, "XX", 2); /* the only header in it */
    check_broken(&z.bytes, GS_ARCHIVE_ZIP, "lists 1 members, but only 0 are there");
    struct gs_buf end = {.data = z.bytes.data + z.bytes.size - 22, .size = 22};
    check_broken(&end, GS_ARCHIVE_ZIP, "lists 1 members, but only 0 are there");
    end.size = 10;
    check_broken(&end, GS_ARCHIVE_ZIP, "neither members nor a directory");
    zip_maker_release(&z);
    make_members(&z, 0);
    check(&z.bytes, GS_ARCHIVE_ZIP, "");
    zip_maker_release(&z);
}

/* Cut off within the first block that is decompressed: said so, and not that it is no tar. */
static void cut_off_at_once(void **state)
{
    (void)state;
    static const char *const filters[] = {"gzip", "zstd", "bzip2", "xz"};
    struct gs_buf tar;
    gs_buf_init(&tar, READ_MAX);
    tar_make_file(&tar, "a.txt", "净利润", 9);
    tar_make_end(&tar);
    for (size_t i = 0; i < 4; i++) {
        struct gs_buf packed;
        struct gs_err err = {.text = ""};
        struct gs_archive *a = NULL;
        gs_buf_init(&packed, READ_MAX);
        compress_make(&packed, filters[i], tar.data, tar.size);
        assert_status(gs_archive_open_bytes(&a, packed.data, packed.size / 2, "a.tar.x",
                                            GS_ARCHIVE_TAR, NULL, NULL, &err),
                      GAOSOU_E_INPUT);
        assert_null(strstr(err.text, "not a tar"));
        gs_buf_release(&packed);
    }
    gs_buf_release(&tar);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_zip),
        cmocka_unit_test(tars),
        cmocka_unit_test(names),
        cmocka_unit_test(names_in_big5),
        cmocka_unit_test(names_that_cannot_be_read),
        cmocka_unit_test(refused_members),
        cmocka_unit_test(damaged_members),
        cmocka_unit_test(cut_off_message),
        cmocka_unit_test(cut_off_anywhere),
        cmocka_unit_test(not_archives),
        cmocka_unit_test(kinds),
        cmocka_unit_test(from_files),
        cmocka_unit_test(before_reading),
        cmocka_unit_test(no_member_found),
        cmocka_unit_test(cut_off_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
