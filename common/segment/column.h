/*
 * column.h: arrays of 64-bit integers on disk with O(1) access (FORMAT.md, section Columns).
 *
 * Blocks of 128 values; a value is base + (index in block · slope >> 7) + residual, residuals
 * packed to one width a block. What grows evenly (sequence numbers) costs no bits a value, what
 * grows unevenly (offsets) the bits of its unevenness. Several columns make one section with a
 * table in front.
 *
 * Builder and set writer belong to one thread. A gs_column is plain data, valid as long as the
 * container, and shared by threads.
 */
#ifndef GS_SEGMENT_COLUMN_H
#define GS_SEGMENT_COLUMN_H

#include "common/segment/container.h"

#define GS_COLUMN_BLOCK 128u /* values a block */

struct gs_column_builder {
    uint64_t open[GS_COLUMN_BLOCK];
    uint64_t count;          /* values so far */
    uint64_t first;          /* the first of them */
    bool uniform;            /* all of them are equal */
    struct gs_buf directory; /* GS_COLUMN_ENTRY bytes a full block */
    struct gs_buf data;
};

void gs_column_builder_init(struct gs_column_builder *b);
void gs_column_builder_release(struct gs_column_builder *b);
void gs_column_builder_add(struct gs_column_builder *b, uint64_t value);
/* Encodes the last, partial block and the directory's end. Nothing may be added behind. */
GS_MUST_USE enum gaosou_status gs_column_builder_finish(struct gs_column_builder *b);
size_t gs_column_builder_memory(const struct gs_column_builder *b);

/* One column handed to gs_column_set_write: a finished builder, or plain 32-bit values. */
struct gs_column_part {
    const struct gs_column_builder *packed; /* or NULL: */
    const struct gs_buf *plain;             /* 4 bytes a value */
};
#define GS_COLUMN_SET_MAX 32u /* columns a section */
/* Writes a whole section: table, then the columns in order. Sticky in the container writer. */
void gs_column_set_write(struct gs_container_writer *out, enum gs_section_id section,
                         const struct gs_column_part *parts, uint32_t count);

#define GS_COLUMN_KIND_PACKED   0u
#define GS_COLUMN_KIND_PLAIN    1u /* 32-bit values as they are */
#define GS_COLUMN_KIND_CONSTANT 2u /* one 64-bit value, of every index */

/* Where a column is: its table entry, checked against the section's size. */
struct gs_column_ref {
    enum gs_section_id section;
    uint32_t count, kind;
    uint64_t offset; /* of the directory, or of the values */
    uint64_t data;   /* of the packed residuals */
};
/* Checks the whole table of a section that has `columns` columns; reads column `index` of it. */
GS_MUST_USE enum gaosou_status gs_column_open(const struct gs_container *c,
                                              enum gs_section_id section, uint32_t columns,
                                              uint32_t index, struct gs_column_ref *ref,
                                              struct gs_err *err);
/* The value of a column of kind GS_COLUMN_KIND_CONSTANT, and of no other. */
GS_MUST_USE enum gaosou_status gs_column_constant(const struct gs_container *c,
                                                  const struct gs_column_ref *ref, uint64_t *value,
                                                  struct gs_err *err);
/* One value; index < ref->count, else GAOSOU_E_CORRUPT (indexes come from other sections). */
GS_MUST_USE enum gaosou_status gs_column_value(const struct gs_container *c,
                                               const struct gs_column_ref *ref, uint64_t index,
                                               uint64_t *value, struct gs_err *err);
/* Values [first, first + count). */
GS_MUST_USE enum gaosou_status gs_column_values(const struct gs_container *c,
                                                const struct gs_column_ref *ref, uint64_t first,
                                                size_t count, uint64_t *out, struct gs_err *err);
/* Bounds of the values of the block of `index`, from its directory entry; plain columns have none:
 * 0 and UINT64_MAX. */
GS_MUST_USE enum gaosou_status gs_column_block_bounds(const struct gs_container *c,
                                                      const struct gs_column_ref *ref,
                                                      uint64_t index, uint64_t *least,
                                                      uint64_t *most, struct gs_err *err);
/* The first index >= from whose value is not 0, or ref->count; blocks of zeros cost a look each. */
GS_MUST_USE enum gaosou_status gs_column_next_nonzero(const struct gs_container *c,
                                                      const struct gs_column_ref *ref,
                                                      uint64_t from, uint64_t *index,
                                                      struct gs_err *err);
/* In a column that never falls: the number of values <= key among [from, to). */
GS_MUST_USE enum gaosou_status gs_column_upper_bound(const struct gs_container *c,
                                                     const struct gs_column_ref *ref, uint64_t from,
                                                     uint64_t to, uint64_t key, uint64_t *found,
                                                     struct gs_err *err);

#endif
