#include "common/segment/packed_block.h"

#include "common/segment/text_code.h"
#include "common/segment/zstd_block.h"

#include <stdlib.h>

struct gs_packer {
    struct gs_zstd_compressor *zstd;
    struct gs_text_code code;
    uint8_t *raw, *coded, *packed; /* scratch for blocks up to `capacity` raw bytes */
    size_t capacity;
};

struct gs_unpacker {
    struct gs_zstd_decompressor *zstd;
    uint8_t *coded;
    size_t capacity;
};

enum gaosou_status gs_packer_create(struct gs_packer **out, int level)
{
    struct gs_packer *p = calloc(1, sizeof(*p));
    if (!p)
        return GAOSOU_E_NOMEM;
    enum gaosou_status status =
        gs_zstd_compressor_create(&p->zstd, level == 0 ? GS_PACK_LEVEL_DEFAULT : level);
    if (status != GAOSOU_OK) {
        gs_packer_free(p);
        return status;
    }
    gs_text_code_init(&p->code);
    *out = p;
    return GAOSOU_OK;
}

void gs_packer_free(struct gs_packer *p)
{
    if (!p)
        return;
    gs_zstd_compressor_free(p->zstd);
    free(p->raw);
    free(p->coded);
    free(p->packed);
    free(p);
}

static bool grow(uint8_t **bytes, size_t size)
{
    uint8_t *grown = realloc(*bytes, size);
    if (!grown)
        return false;
    *bytes = grown;
    return true;
}

static bool packer_reserve(struct gs_packer *p, size_t size)
{
    if (size <= p->capacity && p->raw)
        return true;
    size_t capacity = size < 16384 ? 16384 : size;
    if (!grow(&p->raw, capacity + GS_TEXT_CODE_SLACK) ||
        !grow(&p->coded, capacity + GS_TEXT_CODE_SLACK) ||
        !grow(&p->packed, gs_zstd_bound(capacity)))
        return false;
    p->capacity = capacity;
    return true;
}

enum gaosou_status gs_packer_pack(struct gs_packer *p, const uint8_t *raw, size_t size,
                                  struct gs_buf *out)
{
    if (!packer_reserve(p, size))
        return GAOSOU_E_NOMEM;
    uint8_t flags = 0;
    const uint8_t *best = raw;
    size_t best_size = size;
    if (size > 0) { /* a copy with slack behind it, for the coder's over-read */
        memcpy(p->raw, raw, size);
        memset(p->raw + size, 0, GS_TEXT_CODE_SLACK);
        size_t coded = gs_text_code_encode(&p->code, p->raw, size, p->coded);
        if (coded > 0) {
            flags |= GS_PACKED_CODED;
            best = p->coded;
            best_size = coded;
        }
    }
    size_t packed;
    enum gaosou_status status = gs_zstd_compress(p->zstd, best, best_size, p->packed, &packed);
    if (status != GAOSOU_OK)
        return status;
    if (packed < best_size) {
        flags |= GS_PACKED_ZSTD;
        best = p->packed;
        best_size = packed;
    }
    gs_buf_append_u8(out, flags);
    gs_buf_append(out, best, best_size);
    return gs_buf_status(out);
}

enum gaosou_status gs_unpacker_create(struct gs_unpacker **out)
{
    struct gs_unpacker *u = calloc(1, sizeof(*u));
    if (!u)
        return GAOSOU_E_NOMEM;
    enum gaosou_status status = gs_zstd_decompressor_create(&u->zstd);
    if (status != GAOSOU_OK) {
        gs_unpacker_free(u);
        return status;
    }
    *out = u;
    return GAOSOU_OK;
}

void gs_unpacker_free(struct gs_unpacker *u)
{
    if (!u)
        return;
    gs_zstd_decompressor_free(u->zstd);
    free(u->coded);
    free(u);
}

static bool unpacker_reserve(struct gs_unpacker *u, size_t size)
{
    if (size <= u->capacity && u->coded)
        return true;
    if (!grow(&u->coded, size + GS_TEXT_CODE_SLACK))
        return false;
    u->capacity = size;
    return true;
}

enum gaosou_status gs_unpacker_unpack(struct gs_unpacker *u, const uint8_t *packed, size_t size,
                                      uint8_t *raw, size_t raw_size)
{
    if (size == 0)
        return GAOSOU_E_CORRUPT;
    uint8_t flags = packed[0];
    if (flags & ~(GS_PACKED_CODED | GS_PACKED_ZSTD))
        return GAOSOU_E_TOO_NEW;
    packed++;
    size--;
    if (!unpacker_reserve(u, raw_size > size ? raw_size : size))
        return GAOSOU_E_NOMEM;
    /* Coded bytes are fewer than raw ones, so raw_size bounds what zstd may give in either case. */
    uint8_t *target = flags & GS_PACKED_CODED ? u->coded : raw;
    size_t got = size;
    if (flags & GS_PACKED_ZSTD) {
        enum gaosou_status status =
            gs_zstd_decompress(u->zstd, packed, size, target, raw_size, &got);
        if (status != GAOSOU_OK)
            return status;
    } else {
        if (size > raw_size)
            return GAOSOU_E_CORRUPT;
        if (size > 0)
            memcpy(target, packed, size);
    }
    if (flags & GS_PACKED_CODED) {
        memset(u->coded + got, 0, GS_TEXT_CODE_SLACK);
        return gs_text_code_decode(u->coded, got, raw, raw_size) ? GAOSOU_OK : GAOSOU_E_CORRUPT;
    }
    return got == raw_size ? GAOSOU_OK : GAOSOU_E_CORRUPT;
}
