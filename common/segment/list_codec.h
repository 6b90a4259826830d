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
#include "common/segment/format.h"
#include "common/segment/segment.h"

/* A whole list as the caller has it: see gs_term_part_add. */
struct gs_list_input {
    const uint32_t *docs, *freqs, *positions, *doc_lengths;
    uint32_t df;
    uint64_t cf;
};

/* Where the bytes go; buffers are appended to. */
struct gs_list_sinks {
    struct gs_buf payload;   /* what stands in the term's entry, behind its key */
    struct gs_buf postings;  /* section POSTINGS */
    struct gs_buf positions; /* section POSITIONS */
    struct gs_buf values;    /* scratch */
};

/* Appends one list. The buffers' sticky status tells of memory; false for a list beyond the
 * format's limits. */
bool gs_list_encode(struct gs_list_sinks *s, const struct gs_list_input *in);

/* ---- the fixed parts of a blocked list, for encoder and cursor ---- */

#define GS_LIST_CF_MAX ((UINT64_C(1) << 40) - 1) /* position ordinals have 5 bytes */

struct gs_skip {
    uint32_t last;                  /* last doc */
    uint64_t offset;                /* of the block, from the first one's */
    uint64_t ordinal;               /* positions in all earlier blocks */
    unsigned doc_width, freq_width; /* width bytes, codec bits included */
};
static inline struct gs_skip gs_skip_load(const uint8_t *p)
{
    return (struct gs_skip){
        .last = gs_load_u32(p),
        .offset = (uint64_t)gs_load_u32(p + 4) * 16,
        .ordinal = gs_load_u32(p + 8) | (uint64_t)p[12] << 32,
        .doc_width = p[13],
        .freq_width = p[14],
    };
}
#define GS_SKIP_RESERVED 15 /* a zero byte of a skip entry */
#define GS_SKIP_IMPACTS  16 /* where its impacts begin */

static inline uint64_t gs_block_count(uint64_t n)
{
    return n / GS_BLOCK + (n % GS_BLOCK != 0);
}
#define GS_POSITION_GROUP_BYTES (4u + GS_POSITION_GROUP)
/* Bytes of the table before the position blocks of a list of cf positions. */
static inline uint64_t gs_position_table_bytes(uint64_t cf)
{
    uint64_t blocks = gs_block_count(cf);
    return blocks + 4 * ((blocks + GS_POSITION_GROUP - 1) / GS_POSITION_GROUP);
}

#endif
