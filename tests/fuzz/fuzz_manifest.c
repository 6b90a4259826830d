/* A manifest of any bytes; once as it is, once with its checksum made right so that the parser goes
 * on. */
#include "common/base/checksum.h"
#include "common/segment/manifest.h"
#include "tests/support/random_fuzz.h"

#include <stdlib.h>
#include <string.h>

static void parse(const uint8_t *bytes, size_t size)
{
    struct gs_manifest m;
    struct gs_err err = {.text = ""};
    gs_manifest_init(&m);
    enum gaosou_status status = gs_manifest_parse(&m, bytes, size, "fuzz/manifest", &err);
    if (status != GAOSOU_OK && err.text[0] == '\0')
        abort();
    gs_manifest_release(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    parse(bytes, size);
    if (size < 8)
        return 0;
    uint8_t *copy = malloc(size);
    if (!copy)
        return 0;
    memcpy(copy, bytes, size);
    gs_store_u64(copy + size - 8, gs_hash64(copy, size - 8));
    parse(copy, size);
    free(copy);
    return 0;
}

static void make(struct random_source *r, struct gs_buf *out)
{
    uint32_t count = random_below(r, 4);
    gs_buf_append(out, "\x89GAOSOU MAN\r\n\x1a\n\0\1\0\0\0\1\0\0\0", 24);
    gs_buf_append_u64(out, random_between(r, 1, 9));
    gs_buf_append_u64(out, 1000);
    gs_buf_append_u64(out, 50);
    gs_buf_append_u64(out, random_next(r));
    gs_buf_append_u32(out, count);
    gs_buf_append_u32(out, 0);
    for (uint32_t i = 0; i < count; i++) {
        bool deletions = random_once_in(r, 2);
        gs_buf_append_u64(out, i + 1);
        gs_buf_append_u64(out, 4096 * (uint64_t)random_between(r, 2, 9) + 16);
        gs_buf_append_u64(out, deletions ? 3 : 0);
        gs_buf_append_u64(out, random_next(r));
        gs_buf_append_u32(out, 100);
        gs_buf_append_u32(out, deletions ? 7 : 0);
    }
    gs_buf_append_u64(out, 0);
}

RANDOM_FUZZ_MAIN("manifest", make, 20000)
