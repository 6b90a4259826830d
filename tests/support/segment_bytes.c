#include "tests/support/segment_bytes.h"

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

static unsigned digit(char c)
{
    return c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 32) - 'a' + 10);
}

size_t test_hex(const char *hex, uint8_t *out, size_t room)
{
    size_t n = 0;
    for (const char *p = hex; *p;) {
        if (*p == ' ' || *p == '\n') {
            p++;
            continue;
        }
        assert_true(n < room && p[1]);
        out[n++] = (uint8_t)(digit(p[0]) << 4 | digit(p[1]));
        p += 2;
    }
    return n;
}

void test_assert_hex(const uint8_t *bytes, size_t size, const char *hex, const char *file, int line)
{
    uint8_t wanted[4096];
    size_t n = test_hex(hex, wanted, sizeof(wanted));
    if (n == size && (n == 0 || memcmp(bytes, wanted, n) == 0))
        return;
    print_error("%s:%d: %zu bytes:", file, line, size);
    for (size_t i = 0; i < size; i++)
        print_error(" %02X", bytes[i]);
    print_error("\nwanted %zu: %s\n", n, hex);
    test_fail("bytes differ at %s:%d", file, line);
}
