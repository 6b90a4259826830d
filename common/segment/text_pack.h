/*
 * text_pack.h: what is inside a gs_text_pack, for the writer that appends it (text_store.c).
 */
#ifndef GS_SEGMENT_TEXT_PACK_H
#define GS_SEGMENT_TEXT_PACK_H

#include "common/segment/text_store.h"

struct gs_text_pack_block {
    uint32_t raw, packed; /* bytes */
};
struct gs_text_pack_cut {
    uint64_t raw; /* where in the pack's raw bytes */
    struct gs_text_cut cut;
};

struct gs_text_pack {
    struct gs_packer *packer;
    struct gs_buf open;   /* raw bytes of the block being filled */
    struct gs_buf packed; /* finished blocks */
    struct gs_buf docs;   /* uint32_t content size each */
    struct gs_buf blocks; /* struct gs_text_pack_block each */
    struct gs_buf cuts;   /* struct gs_text_pack_cut each */
    uint64_t raw;         /* bytes added */
    enum gaosou_status status;
};

#endif
