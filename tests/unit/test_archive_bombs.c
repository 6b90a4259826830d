/* indexer: archives made to use up memory, time or disk are stopped at the stated limits. */
#include "indexer/archive.h"
#include "tests/support/archive_make.h"
#include "tests/support/test.h"

#define READ_MAX ((size_t)1 << 30)
#define MB       ((size_t)1 << 20)

/* Goes through all members, archives in it too; reads them if `reading`. Returns the first status
 * that is not OK; *sum counts bytes read. */
static enum gaosou_status walk(const uint8_t *bytes, size_t size, const char *name,
                               enum gs_archive_kind kind, struct gs_archive *outer, bool reading,
                               uint64_t *sum, struct gs_err *err)
{
    struct gs_archive *a = NULL;
    struct gs_member m;
    struct gs_buf member;
    bool at_end = false;
    enum gaosou_status status =
        gs_archive_open_bytes(&a, bytes, size, name, kind, outer, NULL, err);
    gs_buf_init(&member, READ_MAX);
    while (status == GAOSOU_OK) {
        status = gs_archive_next(a, &m, &at_end, err);
        if (status != GAOSOU_OK || at_end)
            break;
        if (m.kind != GS_MEMBER_FILE || !reading)
            continue;
        gs_buf_clear(&member);
        status = gs_archive_read(a, &member, err);
        *sum += member.size;
        enum gs_archive_kind inner = gs_archive_kind_of(m.name);
        if (status == GAOSOU_OK && inner != GS_ARCHIVE_NONE) {
            char path[512];
            snprintf(path, sizeof path, "%s!%s", name, m.name);
            status = walk(member.data, member.size, path, inner, a, reading, sum, err);
        }
    }
    gs_archive_close(a);
    gs_buf_release(&member);
    return status;
}

static void check_bomb(const struct gs_buf *bytes, const char *name, enum gs_archive_kind kind,
                       bool reading, const char *message, uint64_t most)
{
    struct gs_err err = {.text = ""};
    uint64_t sum = 0;
    assert_status_err(walk(bytes->data, bytes->size, name, kind, NULL, reading, &sum, &err),
                      GAOSOU_E_LIMIT, &err);
    if (!strstr(err.text, message))
        fail_msg("\"%s\" is not in \"%s\"", message, err.text);
    if (sum > most)
        fail_msg("%llu bytes came out, %llu at most wanted", (unsigned long long)sum,
                 (unsigned long long)most);
}

/* 1 GB of zeros, compressed twice over where once leaves some MB. */
static void make_zeros(struct gs_buf *out, const char *filter, size_t size)
{
    uint8_t *zeros = calloc(1, size);
    assert_non_null(zeros);
    compress_make(out, filter, zeros, size);
    free(zeros);
}

static void flat_zip(void **state)
{
    (void)state;
    struct zip_maker z;
    uint8_t *zeros = calloc(1, 256 * MB);
    zip_maker_init(&z);
    zip_maker_add(&z, &(struct zip_member){
                          .name = "zeros.txt", .bytes = zeros, .size = 256 * MB, .deflated = true});
    zip_maker_finish(&z);
    check_bomb(&z.bytes, "a.zip", GS_ARCHIVE_ZIP, true, "a.zip!zeros.txt: more than 1000 bytes", 0);
    struct gs_err err;
    uint64_t sum = 0;
    assert_ok(walk(z.bytes.data, z.bytes.size, "a.zip", GS_ARCHIVE_ZIP, NULL, false, &sum, &err));
    zip_maker_release(&z);
    free(zeros);
}

/* Directory entries that all point at the same data, or into it. */
static void overlapping_zip(void **state)
{
    (void)state;
    struct zip_maker z;
    uint8_t *zeros = calloc(1, 16 * MB);
    struct gs_err err;
    uint64_t sum = 0;
    zip_maker_init(&z);
    uint32_t at = zip_maker_add(
        &z, &(struct zip_member){.name = "k", .bytes = zeros, .size = 16 * MB, .deflated = true});
    struct gs_buf body = z.bytes;
    size_t size = body.size;
    for (int i = 0; i < 1000; i++) {
        char name[16];
        snprintf(name, sizeof name, "%d", i);
        zip_maker_add(&z, &(struct zip_member){.name = name, .at = &at});
    }
    assert_true(z.bytes.size > size);
    zip_maker_finish(&z);
    /* libarchive keeps one of those at an offset: the rest is missed, and said to be */
    assert_status(walk(z.bytes.data, z.bytes.size, "a.zip", GS_ARCHIVE_ZIP, NULL, true, &sum, &err),
                  GAOSOU_E_INPUT);
    assert_non_null(strstr(err.text, "the directory lists 1001 members, but only 1 are there"));
    zip_maker_release(&z);
    free(zeros);
}

/* *level becomes a zip of `count` members with its bytes: name, or 0name, 1name, ... */
static void wrap(struct gs_buf *level, const char *name, int count, bool deflated)
{
    struct zip_maker z;
    zip_maker_init(&z);
    for (int i = 0; i < count; i++) {
        char numbered[32];
        snprintf(numbered, sizeof numbered, "%d%s", i, name);
        zip_maker_add(&z, &(struct zip_member){.name = count == 1 ? name : numbered,
                                               .bytes = level->data,
                                               .size = level->size,
                                               .deflated = deflated});
    }
    zip_maker_finish(&z);
    gs_buf_clear(level);
    gs_buf_append(level, z.bytes.data, z.bytes.size);
    zip_maker_release(&z);
}

/* A hundred zips of a hundred zips of zeros: the totals are those of all levels. */
static void nested_zip(void **state)
{
    (void)state;
    struct gs_buf level;
    uint8_t *zeros = calloc(1, 4 * MB);
    gs_buf_init(&level, READ_MAX);
    gs_buf_append(&level, zeros, 4 * MB);
    const char *names[] = {"zeros.txt", "in.zip", "in.zip"};
    for (int depth = 0; depth < 3; depth++) {
        wrap(&level, names[depth], 100, true);
    }
    check_bomb(&level, "a.zip", GS_ARCHIVE_ZIP, true, "more than 1000 bytes out of each byte",
               80 * MB + 2000 * level.size);
    gs_buf_release(&level);
    free(zeros);
}

static void too_deep(void **state)
{
    (void)state;
    struct gs_buf level;
    gs_buf_init(&level, READ_MAX);
    gs_buf_append_str(&level, "text");
    for (int depth = 0; depth < 5; depth++) {
        wrap(&level, depth == 0 ? "a.txt" : "in.zip", 1, false);
        struct gs_err err;
        uint64_t sum = 0;
        if (depth < 3)
            assert_ok(
                walk(level.data, level.size, "a.zip", GS_ARCHIVE_ZIP, NULL, true, &sum, &err));
    }
    check_bomb(&level, "a.zip", GS_ARCHIVE_ZIP, true,
               "a.zip!in.zip!in.zip!in.zip: archives inside archives more than 3 deep", 4096);
    gs_buf_release(&level);
}

/* A compressed file in the deepest archive is taken; one in a compressed file counts. */
static void compressed_files_in_the_deepest(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int layers;
        enum gaosou_status wanted;
    } rows[] = {
        {"a.txt.gz", 1, GAOSOU_OK},
        {"a.txt.gz.gz", 2, GAOSOU_E_LIMIT},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct gs_buf level, packed;
        struct gs_err err;
        uint64_t sum = 0;
        gs_buf_init(&level, READ_MAX);
        gs_buf_init(&packed, READ_MAX);
        gs_buf_append_str(&level, "text");
        for (int k = 0; k < rows[i].layers; k++) {
            gs_buf_clear(&packed);
            compress_make(&packed, "gzip", level.data, level.size);
            gs_buf_clear(&level);
            gs_buf_append(&level, packed.data, packed.size);
        }
        for (int depth = 0; depth < 3; depth++) {
            wrap(&level, depth == 0 ? rows[i].name : "in.zip", 1, false);
        }
        assert_status(walk(level.data, level.size, "a.zip", GS_ARCHIVE_ZIP, NULL, true, &sum, &err),
                      rows[i].wanted);
        gs_buf_release(&packed);
        gs_buf_release(&level);
    }
}

/* A member that is only passed over is decompressed all the same. */
static void compressed_tar(void **state)
{
    (void)state;
    struct gs_buf tar, packed;
    static const char *const filters[] = {"zstd", "xz", "bzip2", "gzip"};
    size_t size = 80 * MB;
    gs_buf_init(&tar, READ_MAX);
    gs_buf_init(&packed, READ_MAX);
    tar_make_header(&tar, "zeros.txt", '0', size, NULL);
    memset(gs_buf_reserve(&tar, size), 0, size);
    tar.size += size;
    tar_make_end(&tar);
    for (size_t i = 0; i < GS_COUNT_OF(filters); i++) {
        gs_buf_clear(&packed);
        compress_make(&packed, filters[i], tar.data, tar.size);
        check_bomb(&packed, "a.tgz", GS_ARCHIVE_TAR, true, "a.tgz!zeros.txt: more than 1000", 0);
        check_bomb(&packed, "a.tgz", GS_ARCHIVE_TAR, false, "a.tgz!zeros.txt: more than 1000", 0);
    }
    gs_buf_release(&packed);
    gs_buf_release(&tar);
}

static void single(void **state)
{
    (void)state;
    struct gs_buf packed;
    gs_buf_init(&packed, READ_MAX);
    make_zeros(&packed, "zstd", 512 * MB);
    check_bomb(&packed, "a.txt.zst", GS_ARCHIVE_SINGLE, true, "a.txt.zst!a.txt: more than 1000", 0);
    check_bomb(&packed, "a.txt.zst", GS_ARCHIVE_SINGLE, false, "a.txt.zst!a.txt: more than 1000",
               0);
    gs_buf_release(&packed);
}

/* A GNU sparse file says it is 8 GB large and holds nothing. */
static void sparse_tar(void **state)
{
    (void)state;
    struct gs_buf tar;
    gs_buf_init(&tar, READ_MAX);
    tar_make_header(&tar, "sparse", 'S', 512, NULL);
    uint8_t *h = tar.data;
    memcpy(h + 257, "ustar  ", 8);
    snprintf((char *)h + 386, 12, "%011llo", 8ull << 29);         /* offset */
    snprintf((char *)h + 398, 12, "%011o", 512u);                 /* bytes there */
    snprintf((char *)h + 483, 12, "%011llo", (8ull << 29) + 512); /* size in all */
    unsigned sum = 0;
    memset(h + 148, ' ', 8);
    for (int i = 0; i < 512; i++)
        sum += h[i];
    snprintf((char *)h + 148, 8, "%06o", sum);
    h[155] = ' ';
    memset(gs_buf_reserve(&tar, 512), 'x', 512);
    tar.size += 512;
    tar_make_end(&tar);
    check_bomb(&tar, "a.tar", GS_ARCHIVE_TAR, true, "a.tar!sparse: larger than", 0);
    gs_buf_release(&tar);
}

static void many_members(void **state)
{
    (void)state;
    struct zip_maker z;
    struct gs_err err;
    uint64_t sum = 0;
    char name[16];
    zip_maker_init(&z);
    for (uint32_t i = 0; i < 1000000; i++) {
        snprintf(name, sizeof name, "%u", i);
        zip_maker_add(&z, &(struct zip_member){.name = name});
    }
    size_t size = z.bytes.size, directory = z.directory.size;
    zip_maker_finish(&z);
    assert_ok_err(walk(z.bytes.data, z.bytes.size, "a.zip", GS_ARCHIVE_ZIP, NULL, true, &sum, &err),
                  &err);
    z.bytes.size = size;
    z.directory.size = directory;
    zip_maker_add(&z, &(struct zip_member){.name = "x"});
    zip_maker_finish(&z);
    check_bomb(&z.bytes, "a.zip", GS_ARCHIVE_ZIP, true, "a.zip: more than 1000000 members", 0);
    zip_maker_release(&z);
}

static void many_members_in_a_tar(void **state)
{
    (void)state;
    const struct gs_archive_limits limits = {1000, 1000, 64 * MB, 3};
    struct gs_archive *a = NULL;
    struct gs_member m;
    struct gs_buf tar;
    struct gs_err err;
    bool at_end;
    gs_buf_init(&tar, READ_MAX);
    for (uint32_t i = 0; i <= 1000; i++) {
        char name[16];
        snprintf(name, sizeof name, "%u", i);
        tar_make_header(&tar, name, '0', 0, NULL);
    }
    assert_ok(gs_archive_open_bytes(&a, tar.data, tar.size, "a.tar", GS_ARCHIVE_TAR, NULL, &limits,
                                    &err));
    for (uint32_t i = 0; i < 1000; i++)
        assert_ok(gs_archive_next(a, &m, &at_end, &err));
    for (int again = 0; again < 2; again++) {
        assert_status(gs_archive_next(a, &m, &at_end, &err), GAOSOU_E_LIMIT);
        assert_non_null(strstr(err.text, "a.tar: more than 1000 members"));
    }
    gs_archive_close(a);
    gs_buf_release(&tar);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flat_zip),
        cmocka_unit_test(overlapping_zip),
        cmocka_unit_test(nested_zip),
        cmocka_unit_test(too_deep),
        cmocka_unit_test(compressed_files_in_the_deepest),
        cmocka_unit_test(compressed_tar),
        cmocka_unit_test(single),
        cmocka_unit_test(sparse_tar),
        cmocka_unit_test(many_members),
        cmocka_unit_test(many_members_in_a_tar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
