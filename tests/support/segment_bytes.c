#include "tests/support/segment_bytes.h"

#include "common/base/checksum.h"

#include "common/base/file.h"
#include "tests/support/test.h"

uint8_t *test_file_bytes(const char *path, size_t *size)
{
    struct gs_buf b;
    struct gs_err err = {0};
    gs_buf_init(&b, (size_t)1 << 32);
    assert_ok_err(gs_file_read(path, &b, &err), &err);
    uint8_t *bytes = malloc(b.size + 1);
    assert_non_null(bytes);
    if (b.size > 0)
        memcpy(bytes, b.data, b.size);
    *size = b.size;
    gs_buf_release(&b);
    return bytes;
}

uint8_t *test_container_bytes(void (*fill)(struct gs_container_writer *w, void *ctx), void *ctx,
                              const struct gs_segment_stats *stats, size_t *size)
{
    struct gs_err err = {0};
    struct gs_container_writer w;
    char *folder = test_folder_create(), *path = test_path(folder, "c.seg");
    assert_ok_err(gs_container_writer_open(&w, path, &err), &err);
    fill(&w, ctx);
    assert_ok_err(gs_container_finish(&w, stats, &err), &err);
    uint8_t *bytes = test_file_bytes(path, size);
    free(path);
    test_folder_remove(folder);
    return bytes;
}

void test_trust_pages(struct gs_container *c)
{
    for (uint64_t i = 0; i < (c->page_count + 63) / 64; i++)
        atomic_store(&c->verified[i], ~UINT64_C(0));
}

void test_repair_checksums(uint8_t *file, size_t size)
{
    if (size < GS_PAGE + 8)
        return;
    gs_store_u64(file + GS_HEADER_CHECKSUM, gs_hash64(file, GS_HEADER_CHECKSUM));
    size_t pages = (size - 8) / (GS_PAGE + 4), table = pages * GS_PAGE;
    if (size != table + 4 * pages + 8)
        return;
    for (size_t i = 0; i < pages; i++)
        gs_store_u32(file + table + 4 * i, gs_checksum32(file + i * GS_PAGE, GS_PAGE));
    gs_store_u64(file + table + 4 * pages, gs_hash64(file + table, 4 * pages));
}
