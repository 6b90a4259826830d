#include "indexer/extract_text.h"

#include "indexer/decode.h"
#include "indexer/resync.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK ((size_t)64 << 10)

/* Drops U+0000 from out behind `from`; returns how many there were. */
static uint64_t drop_nuls(struct gs_buf *out, size_t from)
{
    if (out->size == from)
        return 0;
    uint8_t *to = memchr(out->data + from, 0, out->size - from);
    if (!to)
        return 0;
    size_t before = out->size;
    const uint8_t *end = out->data + out->size;
    for (const uint8_t *at = to; at < end;) {
        if (*at == 0) {
            at++;
            continue;
        }
        const uint8_t *nul = memchr(at, 0, (size_t)(end - at));
        size_t run = (size_t)((nul ? nul : end) - at);
        memmove(to, at, run);
        to += run;
        at += run;
    }
    out->size = (size_t)(to - out->data);
    return before - out->size;
}

static enum gaosou_status convert(const uint8_t *bytes, size_t size, const char *name,
                                  struct gs_buf *out, uint64_t *replaced, struct gs_err *err)
{
    struct gs_decoder d;
    enum gaosou_status status = gs_decoder_open(&d, name, err);
    if (status != GAOSOU_OK)
        return status;
    if (!d.iconv)
        d.replaced = gs_utf8_repair(bytes, size, out);
    enum gaosou_status fed = GAOSOU_OK; /* the status of out, which the caller asks */
    for (size_t at = 0; d.iconv && at < size && fed == GAOSOU_OK; at += CHUNK) {
        size_t part = size - at < CHUNK ? size - at : CHUNK;
        fed = gs_decoder_feed(&d, bytes + at, part, at + part == size, out);
    }
    *replaced += d.replaced;
    gs_decoder_close(&d);
    return GAOSOU_OK;
}

/* As convert; where something was broken in a double-byte encoding once more, with lost bytes
 * marked. */
static enum gaosou_status convert_marked(const uint8_t *bytes, size_t size, const char *name,
                                         struct gs_buf *out, uint64_t *replaced, struct gs_err *err)
{
    size_t from = out->size;
    uint64_t broken = 0;
    enum gs_encoding_family family = gs_encoding_family(name);
    enum gaosou_status status = convert(bytes, size, name, out, &broken, err);
    bool is_double = family == GS_FAMILY_GB || family == GS_FAMILY_BIG5;
    uint8_t *copy = NULL;
    if (status == GAOSOU_OK && broken > 0 && is_double && gs_buf_status(out) == GAOSOU_OK)
        copy = malloc(size); /* without memory it stays as it is */
    if (copy) {
        memcpy(copy, bytes, size);
        gs_resync_mark(family, copy, size);
        out->size = from;
        broken = 0;
        status = convert(copy, size, name, out, &broken, err);
        free(copy);
    }
    *replaced += broken;
    return status;
}

enum gaosou_status gs_encoding_convert(const uint8_t *bytes, size_t size,
                                       const struct gs_encoding *encoding, struct gs_buf *out,
                                       uint64_t *replaced, struct gs_err *err)
{
    size_t from = out->size;
    bytes += encoding->bom_size;
    size -= encoding->bom_size;
    if (encoding->valid) {
        gs_buf_append(out, bytes, size);
    } else {
        enum gaosou_status status = convert_marked(bytes, size, encoding->name, out, replaced, err);
        if (status != GAOSOU_OK)
            return status;
        *replaced += drop_nuls(out, from);
    }
    if (gs_buf_status(out) != GAOSOU_OK)
        return gs_err_set(err, gs_buf_status(out), "more than %zu bytes of text", out->cap);
    return GAOSOU_OK;
}

enum gaosou_status gs_extract_text(const uint8_t *bytes, size_t size,
                                   const struct gs_extract_params *params, struct gs_extracted *out,
                                   struct gs_err *err)
{
    struct gs_encoding encoding;
    gs_encoding_find(bytes, size, params->encoding, NULL, &encoding);
    if (encoding.binary) {
        const uint8_t *nul = memchr(bytes, 0, size);
        if (nul)
            return gs_err_set(err, GAOSOU_E_INPUT, "binary, byte %zu is 0", (size_t)(nul - bytes));
        return gs_err_set(err, GAOSOU_E_INPUT, "binary: no text in any known encoding");
    }
    if (strcmp(encoding.name, "UTF-8") != 0)
        out->encoding = encoding.name;
    out->encoding_by = encoding.origin;
    return gs_encoding_convert(bytes, size, &encoding, &out->text, &out->replaced, err);
}
