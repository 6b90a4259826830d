#include "common/segment/zstd_block.h"

#include "common/base/buf.h"

#include <zstd.h>
#include <zstd_errors.h>

#include <stdlib.h>

/* The magic number is cut off and put back here: zstd's own switch for it is not in its stable API.
 */
static const uint8_t magic[4] = {0x28, 0xB5, 0x2F, 0xFD};

struct gs_zstd_compressor {
    ZSTD_CCtx *context;
};

struct gs_zstd_decompressor {
    ZSTD_DCtx *context;
    uint8_t *frame; /* magic and block */
    size_t capacity;
};

static enum gaosou_status status_of(size_t result, enum gaosou_status otherwise)
{
    return ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation ? GAOSOU_E_NOMEM : otherwise;
}

static bool set_parameters(ZSTD_CCtx *context, int level)
{
    const struct {
        ZSTD_cParameter parameter;
        int value;
    } wanted[] = {
        {ZSTD_c_compressionLevel, level},
        {ZSTD_c_contentSizeFlag, 0},
        {ZSTD_c_checksumFlag, 0},
        {ZSTD_c_dictIDFlag, 0},
    };
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
        if (ZSTD_isError(ZSTD_CCtx_setParameter(context, wanted[i].parameter, wanted[i].value)))
            return false;
    return true;
}

enum gaosou_status gs_zstd_compressor_create(struct gs_zstd_compressor **out, int level)
{
    if (level < 1 || level > ZSTD_maxCLevel())
        return GAOSOU_E_USE;
    struct gs_zstd_compressor *c = malloc(sizeof(*c));
    if (!c)
        return GAOSOU_E_NOMEM;
    c->context = ZSTD_createCCtx();
    if (!c->context || !set_parameters(c->context, level)) {
        gs_zstd_compressor_free(c);
        return GAOSOU_E_NOMEM;
    }
    *out = c;
    return GAOSOU_OK;
}

void gs_zstd_compressor_free(struct gs_zstd_compressor *c)
{
    if (!c)
        return;
    ZSTD_freeCCtx(c->context);
    free(c);
}

size_t gs_zstd_bound(size_t size)
{
    return ZSTD_compressBound(size);
}

enum gaosou_status gs_zstd_compress(struct gs_zstd_compressor *c, const void *bytes, size_t size,
                                    uint8_t *out, size_t *out_size)
{
    size_t written = ZSTD_compress2(c->context, out, gs_zstd_bound(size), bytes, size);
    if (ZSTD_isError(written))
        return status_of(written, GAOSOU_E_USE);
    if (written < sizeof(magic) || memcmp(out, magic, sizeof(magic)) != 0)
        return GAOSOU_E_USE;
    memmove(out, out + sizeof(magic), written - sizeof(magic));
    *out_size = written - sizeof(magic);
    return GAOSOU_OK;
}

enum gaosou_status gs_zstd_decompressor_create(struct gs_zstd_decompressor **out)
{
    struct gs_zstd_decompressor *d = calloc(1, sizeof(*d));
    if (!d)
        return GAOSOU_E_NOMEM;
    d->context = ZSTD_createDCtx();
    if (!d->context) {
        free(d);
        return GAOSOU_E_NOMEM;
    }
    *out = d;
    return GAOSOU_OK;
}

void gs_zstd_decompressor_free(struct gs_zstd_decompressor *d)
{
    if (!d)
        return;
    ZSTD_freeDCtx(d->context);
    free(d->frame);
    free(d);
}

enum gaosou_status gs_zstd_decompress(struct gs_zstd_decompressor *d, const uint8_t *packed,
                                      size_t size, uint8_t *out, size_t room, size_t *out_size)
{
    size_t wanted = size + sizeof(magic);
    if (wanted > d->capacity) {
        uint8_t *frame = realloc(d->frame, wanted + wanted / 2);
        if (!frame)
            return GAOSOU_E_NOMEM;
        d->frame = frame;
        d->capacity = wanted + wanted / 2;
    }
    memcpy(d->frame, magic, sizeof(magic));
    memcpy(d->frame + sizeof(magic), packed, size);
    if (ZSTD_findFrameCompressedSize(d->frame, wanted) != wanted)
        return GAOSOU_E_CORRUPT; /* one frame and nothing behind it */
    size_t got = ZSTD_decompressDCtx(d->context, out, room, d->frame, wanted);
    if (ZSTD_isError(got))
        return status_of(got, GAOSOU_E_CORRUPT);
    *out_size = got;
    return GAOSOU_OK;
}
