/*
 * packed_block.h: a run of text bytes, up to a few KiB as a rule, made small (FORMAT.md, section
 * Packed blocks): first the character code of text_code.h, then zstd, each where it helps. A flags
 * byte says which. A packer or unpacker belongs to one thread.
 */
#ifndef GS_SEGMENT_PACKED_BLOCK_H
#define GS_SEGMENT_PACKED_BLOCK_H

#include "common/base/buf.h"

/* Flags byte. A version that meets another bit answers GAOSOU_E_TOO_NEW. */
#define GS_PACKED_CODED 0x01u /* character code */
#define GS_PACKED_ZSTD  0x02u
#define GS_PACKED_DICTIONARY                                                                       \
    0x04u /* foreseen: a 32-bit dictionary id follows; never written yet                           \
           */

#define GS_PACK_LEVEL_DEFAULT 2

struct gs_packer;
GS_MUST_USE enum gaosou_status gs_packer_create(struct gs_packer **out, int level); /* 0: default */
void gs_packer_free(struct gs_packer *p);
/* Appends the packed form of raw to *out. */
GS_MUST_USE enum gaosou_status gs_packer_pack(struct gs_packer *p, const uint8_t *raw, size_t size,
                                              struct gs_buf *out);

struct gs_unpacker;
GS_MUST_USE enum gaosou_status gs_unpacker_create(struct gs_unpacker **out);
void gs_unpacker_free(struct gs_unpacker *u);
/* Decodes a block that must give exactly raw_size bytes, into raw, which has GS_UNPACK_SLACK bytes
 * of room behind them. No message: the caller knows file, section and offset. */
#define GS_UNPACK_SLACK 16u
GS_MUST_USE enum gaosou_status gs_unpacker_unpack(struct gs_unpacker *u, const uint8_t *packed,
                                                  size_t size, uint8_t *raw, size_t raw_size);

#endif
