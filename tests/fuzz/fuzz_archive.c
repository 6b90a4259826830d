/* Any bytes as a zip, a tar or a compressed file (the first byte says which), archives in it too.
 * Names of members that are taken must be fit for an id. */
#include "indexer/archive.h"
#include "indexer/decode.h"
#include "tests/support/archive_make.h"
#include "tests/support/random_fuzz.h"

#include <stdlib.h>
#include <string.h>

#define MEMBER_MAX ((size_t)1 << 20)

static void check_name(const struct gs_member *m)
{
    const char *name = m->name;
    size_t size = strlen(name);
    if (size == 0 || size > 3 * 4096 || name[0] == '/' || name[size - 1] == '/' ||
        gs_utf8_valid((const uint8_t *)name, size) != size)
        abort();
    for (const char *p = name; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7F)
            abort();
    if (m->kind == GS_MEMBER_FILE && (strcmp(name, "..") == 0 || strncmp(name, "../", 3) == 0 ||
                                      strstr(name, "/../") || strstr(name, "//")))
        abort();
    if ((m->kind == GS_MEMBER_REFUSED) != (m->why != NULL))
        abort();
}

static void walk(const uint8_t *bytes, size_t size, enum gs_archive_kind kind,
                 struct gs_archive *outer)
{
    static const struct gs_archive_limits limits = {100, 1000, (uint64_t)8 << 20, 3};
    struct gs_archive *a = NULL;
    struct gs_member m;
    struct gs_buf member;
    struct gs_err err;
    bool at_end = false;
    if (gs_archive_open_bytes(&a, bytes, size, "fuzz", kind, outer, &limits, &err) != GAOSOU_OK)
        return;
    gs_buf_init(&member, MEMBER_MAX);
    while (gs_archive_next(a, &m, &at_end, &err) == GAOSOU_OK && !at_end) {
        check_name(&m);
        gs_buf_clear(&member);
        if (m.kind == GS_MEMBER_FILE && gs_archive_read(a, &member, &err) == GAOSOU_OK &&
            gs_archive_kind_of(m.name) != GS_ARCHIVE_NONE)
            walk(member.data, member.size, gs_archive_kind_of(m.name), a);
    }
    gs_archive_close(a);
    gs_buf_release(&member);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const enum gs_archive_kind kinds[] = {GS_ARCHIVE_ZIP, GS_ARCHIVE_TAR, GS_ARCHIVE_SINGLE};
    if (size > 0)
        walk(bytes + 1, size - 1, kinds[bytes[0] % 3], NULL);
    return 0;
}

static const char *const names[] = {
    "a.txt", "年报/b.txt", "\xC4\xEA\xB1\xA8.txt", "../x", "/x", "C:\\x", "in.zip", "in.tar.gz",
    "f/",    "a.gz"};

static void make_zip(struct random_source *r, struct gs_buf *out, int depth)
{
    struct zip_maker z;
    zip_maker_init(&z);
    for (uint32_t n = random_below(r, 5); n > 0; n--) {
        struct gs_buf member;
        gs_buf_init(&member, MEMBER_MAX);
        if (depth > 0 && random_once_in(r, 3))
            make_zip(r, &member, depth - 1);
        else
            for (uint32_t k = random_below(r, 50); k > 0; k--)
                gs_buf_append_str(&member, RANDOM_OF(r, names));
        zip_maker_add(&z, &(struct zip_member){
                              .name = RANDOM_OF(r, names),
                              .bytes = member.data,
                              .size = member.size,
                              .deflated = random_once_in(r, 2),
                              .flags = random_once_in(r, 8) ? (uint16_t)random_below(r, 65536) : 0,
                              .mode = random_once_in(r, 4) ? random_below(r, 65536) : 0,
                              .size_change = random_once_in(r, 8) ? random_below(r, 100) : 0});
        gs_buf_release(&member);
    }
    zip_maker_finish(&z);
    gs_buf_append(out, z.bytes.data, z.bytes.size);
    zip_maker_release(&z);
}

static void make_tar(struct random_source *r, struct gs_buf *out)
{
    static const char types[] = "001235SxgLK";
    for (uint32_t n = random_below(r, 5); n > 0; n--) {
        if (random_once_in(r, 3))
            tar_make_header(out, RANDOM_OF(r, names), types[random_below(r, sizeof types - 1)],
                            random_below(r, 2000), RANDOM_OF(r, names));
        else
            tar_make_file(out, RANDOM_OF(r, names), "0123456789", random_below(r, 11));
    }
    tar_make_end(out);
}

static void make(struct random_source *r, struct gs_buf *out)
{
    static const char *const filters[] = {"gzip", "zstd", "bzip2", "xz"};
    struct gs_buf tar;
    uint32_t kind = random_below(r, 3);
    gs_buf_append_u8(out, (uint8_t)kind);
    if (kind == 0) {
        make_zip(r, out, 2);
        return;
    }
    gs_buf_init(&tar, MEMBER_MAX);
    make_tar(r, &tar);
    if (kind == 1 && random_once_in(r, 2))
        gs_buf_append(out, tar.data, tar.size);
    else
        compress_make(out, filters[random_below(r, random_once_in(r, 50) ? 4 : 2)], tar.data,
                      tar.size);
    gs_buf_release(&tar);
}

RANDOM_FUZZ_MAIN("archive", make, 10000)
