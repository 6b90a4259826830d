/*
 * list_codec.h: one term's list into bytes (FORMAT.md, section Lists). The reading side is
 * list_cursor.c.
 *
 * No allocation a term beyond the growth of the buffers; nothing is kept from term to term. One
 * thread.
 */
#ifndef GS_SEGMENT_LIST_CODEC_H
#define GS_SEGMENT_LIST_CODEC_H

#include "common/base/buf.h"
#include "common/segment/block_codec.h"
#include "common/segment/format.h"
#include "common/segment/segment.h"
#include "common/segment/segment_writer.h"

/* A whole list as the caller has it: see gs_term_part_add. */
struct gs_list_input {
    const uint32_t *docs, *freqs, *positions;
    const struct gs_doc_lengths *lengths;
    uint32_t df;
    uint64_t cf;
};

/* Where the bytes go; buffers are appended to. */
struct gs_list_sinks {
    struct gs_buf payload;   /* what stands in the term's entry, behind its key */
    struct gs_buf postings;  /* section POSTINGS */
    struct gs_buf positions; /* section POSITIONS */
};

/* A list that stands in one run of bits, as few positions are. */
static inline bool gs_list_is_small(uint32_t df, uint64_t cf)
{
    return df < GS_BLOCK && cf <= GS_SMALL_CF_MAX;
}

/* Appends one list. The buffers' sticky status tells of memory; false for a list beyond the
 * format's limits. */
bool gs_list_encode(struct gs_list_sinks *s, const struct gs_list_input *in);

/* ---- the head of an inline list: bit 0 is set, three bits of its size, then df as a gamma code
 * ---- */

#define GS_INLINE_HEAD_BITS 4u
static inline unsigned gs_inline_size(uint8_t head)
{
    return GS_INLINE_LEAST + (head >> 1 & 7u);
}

/* ---- the fixed parts of a blocked list, for encoder and cursor ---- */

#define GS_LIST_CF_MAX UINT32_MAX /* occurrences of a term in one segment */

/* A blocked list begins with its cf (u32), flags (u8, none yet) and the impacts of the whole list.
 */
enum { GS_LIST_FLAGS = 4, GS_LIST_IMPACTS = 5 };

/* Skip entries stand in groups of GS_SKIP_GROUP; between two groups 4 bytes: where the latter's
 * first block begins. */
#define GS_SKIP_GROUP_BYTES (GS_SKIP_GROUP * GS_SKIP_ENTRY + 4u)
enum {
    GS_SKIP_LAST = 0,     /* u32: last doc */
    GS_SKIP_ORDINAL = 4,  /* u32: positions in all earlier blocks */
    GS_SKIP_DOC_CODE = 8, /* u16: of block_codec.h */
    GS_SKIP_FREQ_CODE = 10,
    GS_SKIP_IMPACTS = 12, /* GS_IMPACT_BYTES */
};
/* Bytes of the skip entries of so many blocks, at least one. */
static inline uint64_t gs_skip_bytes(uint64_t blocks)
{
    return blocks * GS_SKIP_ENTRY + 4 * ((blocks - 1) / GS_SKIP_GROUP);
}
/* Where block b's entry is. */
static inline size_t gs_skip_place(uint32_t b)
{
    return (size_t)(b / GS_SKIP_GROUP) * GS_SKIP_GROUP_BYTES +
           (size_t)(b % GS_SKIP_GROUP) * GS_SKIP_ENTRY;
}
/* Where block b begins, from the first block on. */
static inline uint64_t gs_skip_offset(const uint8_t *skips, uint32_t b)
{
    const uint8_t *entry = skips + gs_skip_place(b - b % GS_SKIP_GROUP);
    uint64_t offset = b < GS_SKIP_GROUP ? 0 : gs_load_u32(entry - 4);
    for (uint32_t i = 0; i < b % GS_SKIP_GROUP; i++, entry += GS_SKIP_ENTRY)
        offset += gs_block_bytes(gs_load_u16(entry + GS_SKIP_DOC_CODE)) +
                  gs_block_bytes(gs_load_u16(entry + GS_SKIP_FREQ_CODE));
    return offset;
}

static inline uint64_t gs_block_count(uint64_t n)
{
    return n / GS_BLOCK + (n % GS_BLOCK != 0);
}
/* The position table: a code (u16) for each block, in groups of GS_POSITION_GROUP; between two
 * groups 8 bytes: where the latter's first block begins. */
#define GS_POSITION_GROUP_BYTES (GS_POSITION_GROUP * 2u + 8u)
/* Where block b's code is. */
static inline uint64_t gs_position_place(uint64_t b)
{
    return b / GS_POSITION_GROUP * GS_POSITION_GROUP_BYTES + b % GS_POSITION_GROUP * 2;
}
/* Bytes of the table of a list of cf positions, at least one. */
static inline uint64_t gs_position_table_bytes(uint64_t cf)
{
    uint64_t blocks = gs_block_count(cf);
    return 2 * blocks + 8 * ((blocks - 1) / GS_POSITION_GROUP);
}

#endif
