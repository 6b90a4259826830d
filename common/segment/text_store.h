/*
 * text_store.h: the contents of filings in small independent compressed blocks (FORMAT.md, section
 * Text). gs_text_pack and gs_text_cuts are declared in segment_writer.h, the reader in segment.h.
 */
#ifndef GS_SEGMENT_TEXT_STORE_H
#define GS_SEGMENT_TEXT_STORE_H

#include "common/segment/column.h"
#include "common/segment/packed_block.h"
#include "common/segment/segment_writer.h"

#define GS_TEXT_BLOCK     8192u  /* raw bytes of a block, at most, as written */
#define GS_TEXT_BLOCK_MAX 65536u /* what a reader accepts */
#define GS_TEXT_CUT_TAIL                                                                           \
    2048u /* a cut looks so far back from a full block for a line end or a break */

struct gs_text_writer {
    struct gs_column_builder docs;       /* raw offset of each filing, and the end */
    struct gs_column_builder raws, ends; /* raw and packed offset of each block, and the end */
    struct gs_column_builder cut_offsets, cut_positions, cut_states;
    uint64_t raw, packed; /* bytes so far */
    uint32_t doc_count;
    enum gaosou_status status; /* sticky */
};

void gs_text_writer_init(struct gs_text_writer *w);
void gs_text_writer_release(struct gs_text_writer *w);
void gs_text_writer_append(struct gs_text_writer *w, struct gs_container_writer *out,
                           const struct gs_text_pack *pack);
GS_MUST_USE enum gaosou_status gs_text_writer_finish(struct gs_text_writer *w,
                                                     struct gs_container_writer *out);
/* All text of a segment as it is stored, for a merge: blocks are copied, not decoded. */
GS_MUST_USE enum gaosou_status gs_text_writer_copy(struct gs_text_writer *w,
                                                   struct gs_container_writer *out,
                                                   const struct gs_segment *s, struct gs_err *err);
/* The parts of append and copy: a filing begins at `raw`, a cut is there, a packed block follows.
 */
void gs_text_writer_add_doc(struct gs_text_writer *w, uint64_t raw);
void gs_text_writer_add_cut(struct gs_text_writer *w, uint64_t raw, const struct gs_text_cut *cut);
void gs_text_writer_add_block(struct gs_text_writer *w, struct gs_container_writer *out,
                              uint32_t raw, const uint8_t *packed, size_t size);
size_t gs_text_writer_memory(const struct gs_text_writer *w);

/* Columns of GS_SECTION_TEXT_DOCS and GS_SECTION_TEXT_BLOCKS. */
enum {
    GS_TEXT_DOCS_OFFSET,
    GS_TEXT_DOCS_CUT_OFFSET,
    GS_TEXT_DOCS_CUT_POSITION,
    GS_TEXT_DOCS_CUT_STATE,
    GS_TEXT_DOCS_COLUMNS
};
enum { GS_TEXT_BLOCKS_RAW, GS_TEXT_BLOCKS_OFFSET, GS_TEXT_BLOCKS_COLUMNS };

/* GS_TEXT_DOCS_CUT_STATE: last_char | last_kind << 32 | flags << 40 | resumable << 48. */
uint64_t gs_text_state_pack(const struct gs_text_cut *cut);
/* False where bits are set that mean nothing. */
bool gs_text_state_unpack(uint64_t packed, struct gs_text_cut *cut);

/* Private to docs.c: sizes at open; at check every block and every order, *content_bytes being what
 * the records say. */
struct gs_checker;
GS_MUST_USE enum gaosou_status gs_text_open(const struct gs_segment *s, struct gs_err *err);
void gs_text_check(struct gs_checker *c, uint64_t content_bytes);

#endif
