#include "query/doc_values.h"

#define DENSE 6u /* filings of a block from which on it costs less to decode it */

/* How many of the filings stand in the block of the first. */
static size_t block_run(const uint32_t *docs, size_t count)
{
    size_t n = 1;
    while (n < count && docs[n] / GS_BLOCK == docs[0] / GS_BLOCK)
        n++;
    return n;
}

static enum gaosou_status read_block(const struct gs_segment *segment, enum gs_column column,
                                     const uint32_t *docs, size_t count, uint64_t *out,
                                     struct gs_err *err)
{
    uint64_t values[GS_BLOCK];
    uint32_t first = docs[0], stretch = docs[count - 1] - first + 1;
    enum gaosou_status status = gs_column_range(segment, column, first, stretch, values, err);
    for (size_t i = 0; i < count && status == GAOSOU_OK; i++)
        out[i] = values[docs[i] - first];
    return status;
}

enum gaosou_status gs_doc_values(const struct gs_segment *segment, enum gs_column column,
                                 const uint32_t *docs, size_t count, uint64_t *out,
                                 struct gs_err *err)
{
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0, n; i < count && status == GAOSOU_OK; i += n) {
        n = block_run(docs + i, count - i);
        if (n >= DENSE) {
            status = read_block(segment, column, docs + i, n, out + i, err);
            continue;
        }
        for (size_t k = i; k < i + n && status == GAOSOU_OK; k++)
            status = gs_column_get(segment, column, docs[k], &out[k], err);
    }
    return status;
}

enum gaosou_status gs_doc_ordinals(const struct gs_segment *segment, uint32_t keyword,
                                   const uint32_t *docs, size_t count, uint32_t *out,
                                   struct gs_err *err)
{
    enum gaosou_status status = GAOSOU_OK;
    uint32_t ordinals[GS_BLOCK];
    for (size_t i = 0, n; i < count && status == GAOSOU_OK; i += n) {
        n = block_run(docs + i, count - i);
        n = n >= DENSE ? n : 1;
        uint32_t first = docs[i], stretch = docs[i + n - 1] - first + 1;
        status = gs_keyword_ordinals(segment, keyword, first, stretch, ordinals, err);
        for (size_t k = 0; k < n && status == GAOSOU_OK; k++)
            out[i + k] = ordinals[docs[i + k] - first];
    }
    return status;
}
