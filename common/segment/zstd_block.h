/*
 * zstd_block.h: the one door to zstd's block compression. A block is one zstd frame (RFC 8878)
 * without content size, checksum or dictionary id, and without the frame's magic number: its size
 * is known from elsewhere. Contexts belong to one thread and are reused.
 */
#ifndef GS_SEGMENT_ZSTD_BLOCK_H
#define GS_SEGMENT_ZSTD_BLOCK_H

#include "common/base/err.h"

struct gs_zstd_compressor;
GS_MUST_USE enum gaosou_status gs_zstd_compressor_create(struct gs_zstd_compressor **out,
                                                         int level);
void gs_zstd_compressor_free(struct gs_zstd_compressor *c);

/* Room that a compressed block may need. */
size_t gs_zstd_bound(size_t size);
/* Compresses into out (room: gs_zstd_bound(size)); *out_size the bytes. Same input, same bytes. */
GS_MUST_USE enum gaosou_status gs_zstd_compress(struct gs_zstd_compressor *c, const void *bytes,
                                                size_t size, uint8_t *out, size_t *out_size);

struct gs_zstd_decompressor;
GS_MUST_USE enum gaosou_status gs_zstd_decompressor_create(struct gs_zstd_decompressor **out);
void gs_zstd_decompressor_free(struct gs_zstd_decompressor *d);
/* Decompresses at most `room` bytes; *out_size how many came. GAOSOU_E_CORRUPT for bytes that are
 * no frame, and for one that would give more. */
GS_MUST_USE enum gaosou_status gs_zstd_decompress(struct gs_zstd_decompressor *d,
                                                  const uint8_t *packed, size_t size, uint8_t *out,
                                                  size_t room, size_t *out_size);

#endif
