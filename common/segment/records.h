/*
 * records.h: what is shown of a filing, a row each, in small compressed blocks (FORMAT.md, section
 * Records). The reading side is gs_record_reader in segment.h. The writer belongs to one thread.
 */
#ifndef GS_SEGMENT_RECORDS_H
#define GS_SEGMENT_RECORDS_H

#include "common/segment/column.h"
#include "common/segment/packed_block.h"

#define GS_RECORD_BLOCK     4096u             /* raw bytes at which a block is closed */
#define GS_NARROW_MAX       11u               /* bytes of a 64-bit number in a row */
#define GS_RECORD_BLOCK_MAX ((size_t)1 << 28) /* raw bytes of the largest block: one huge row */

struct gs_record_writer {
    struct gs_packer *packer;
    struct gs_buf open;               /* rows of the block being filled */
    struct gs_buf packed, row;        /* scratch */
    uint32_t doc_count, open_first;   /* filings so far; the open block's first */
    uint64_t offset;                  /* bytes appended to RECORDS */
    struct gs_column_builder firsts;  /* first doc of each block */
    struct gs_column_builder offsets; /* where each block begins in RECORDS, and the end */
    enum gaosou_status status;        /* sticky */
};

GS_MUST_USE enum gaosou_status gs_record_writer_init(struct gs_record_writer *w);
void gs_record_writer_release(struct gs_record_writer *w);
/* The next filing. Marks, pages or headings that break their headers' promises are GAOSOU_E_USE. */
void gs_record_writer_add(struct gs_record_writer *w, struct gs_container_writer *out,
                          const struct gs_record *record);
GS_MUST_USE enum gaosou_status gs_record_writer_finish(struct gs_record_writer *w,
                                                       struct gs_container_writer *out);
size_t gs_record_writer_memory(const struct gs_record_writer *w);

/* One row as bytes (no block, no compression): what the tests' examples show. */
void gs_record_encode(struct gs_buf *row, const struct gs_record *record,
                      enum gaosou_status *status);

/* The string fields in the order of their bits in a row's field mask: where they are in gs_record.
 */
#define GS_RECORD_FIELDS 15u
size_t gs_record_field_offset(size_t field);

/* Columns of GS_SECTION_RECORD_INDEX. */
enum { GS_RECORD_INDEX_FIRST, GS_RECORD_INDEX_OFFSET, GS_RECORD_INDEX_COLUMNS };

/* Private to docs.c: sizes at open; every row at check, *content_bytes being the sum of their
 * sizes. */
struct gs_checker;
GS_MUST_USE enum gaosou_status gs_records_open(const struct gs_segment *s, struct gs_err *err);
void gs_records_check(struct gs_checker *c, struct gs_record_reader *r, uint64_t *content_bytes);

#endif
