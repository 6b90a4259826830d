#include "common/base/file.h"
#include "common/segment/format.h"
#include "common/segment/manifest.h"
#include "common/segment/manifest_format.h"

#include <stdlib.h>

/* FORMAT.md, section Deletions: u32 filings and u32 deleted ones behind the versions, then the
 * words. */

static size_t word_count(uint32_t docs)
{
    return ((size_t)docs + 63) / 64;
}

/* Bits of the last word that are no filing's. */
static uint64_t spare_bits(uint32_t docs)
{
    return docs % 64 ? ~(uint64_t)0 << docs % 64 : 0;
}

static uint32_t count_bits(const uint64_t *bits, size_t words)
{
    uint32_t n = 0;
    for (size_t i = 0; i < words; i++)
        n += (uint32_t)__builtin_popcountll(bits[i]);
    return n;
}

static enum gaosou_status parse(uint64_t *bits, const uint8_t *bytes, size_t size, const char *path,
                                uint32_t doc_count, struct gs_err *err)
{
    size_t words = word_count(doc_count);
    enum gaosou_status status =
        gs_envelope_check(bytes, size, GS_DELETIONS_MAGIC, GS_DELETIONS_VERSION,
                          GS_DELETIONS_HEADER + GS_ENVELOPE_CHECKSUM, path, "deletions file", err);
    if (status != GAOSOU_OK)
        return status;
    uint32_t docs = gs_load_u32(bytes + 24), deleted = gs_load_u32(bytes + 28);
    if (docs != doc_count || size != GS_DELETIONS_HEADER + words * 8 + GS_ENVELOPE_CHECKSUM)
        return gs_err_set(err, GAOSOU_E_CORRUPT,
                          "%s is damaged: %zu bytes for %u filings, the segment has %u", path, size,
                          docs, doc_count);
    for (size_t i = 0; i < words; i++)
        bits[i] = gs_load_u64(bytes + GS_DELETIONS_HEADER + i * 8);
    if (count_bits(bits, words) != deleted ||
        (words > 0 && (bits[words - 1] & spare_bits(doc_count))))
        return gs_err_set(err, GAOSOU_E_CORRUPT, "%s is damaged: its bits are not %u filings of %u",
                          path, deleted, doc_count);
    return GAOSOU_OK;
}

enum gaosou_status gs_deletions_read(uint64_t **bits, const char *path, uint32_t doc_count,
                                     struct gs_err *err)
{
    if (doc_count > GS_DOC_MAX)
        return gs_err_set(err, GAOSOU_E_USE, "deletions of %u filings", doc_count);
    struct gs_map map = {0};
    enum gaosou_status status = gs_map_open(&map, path, err);
    if (status != GAOSOU_OK)
        return status;
    uint64_t *out = malloc((word_count(doc_count) + 1) * sizeof(*out));
    if (!out)
        status = gs_err_nomem(err, word_count(doc_count) * sizeof(*out));
    else
        status = parse(out, map.data, map.size, path, doc_count, err);
    gs_map_close(&map);
    if (status != GAOSOU_OK) {
        free(out);
        return status;
    }
    *bits = out;
    return GAOSOU_OK;
}

enum gaosou_status gs_deletions_write(const uint64_t *bits, const char *path, uint32_t doc_count,
                                      struct gs_err *err)
{
    size_t words = word_count(doc_count);
    if (doc_count > GS_DOC_MAX || (words > 0 && (bits[words - 1] & spare_bits(doc_count))))
        return gs_err_set(err, GAOSOU_E_USE, "%s: bits behind the last of %u filings", path,
                          doc_count);
    struct gs_buf b;
    gs_buf_init(&b, GS_DELETIONS_HEADER + words * 8 + GS_ENVELOPE_CHECKSUM + 64);
    gs_envelope_begin(&b, GS_DELETIONS_MAGIC, GS_DELETIONS_VERSION);
    gs_buf_append_u32(&b, doc_count);
    gs_buf_append_u32(&b, count_bits(bits, words));
    for (size_t i = 0; i < words; i++)
        gs_buf_append_u64(&b, bits[i]);
    enum gaosou_status status = gs_envelope_publish(&b, path, err);
    gs_buf_release(&b);
    return status;
}
