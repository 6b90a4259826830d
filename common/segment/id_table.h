/*
 * id_table.h: from a filing's id to its doc number (FORMAT.md, section Ids).
 *
 * Two columns sorted by (32-bit hash of the id, doc number); candidates are verified against the
 * record. The writer belongs to one thread.
 */
#ifndef GS_SEGMENT_ID_TABLE_H
#define GS_SEGMENT_ID_TABLE_H

#include "common/segment/segment_internal.h"

struct gs_id_writer {
    uint64_t *pairs; /* hash << 32 | doc */
    size_t count, capacity;
    enum gaosou_status status; /* sticky */
};

void gs_id_writer_init(struct gs_id_writer *w);
void gs_id_writer_release(struct gs_id_writer *w);
void gs_id_writer_add(struct gs_id_writer *w, const char *id, size_t size); /* of the next doc */
GS_MUST_USE enum gaosou_status gs_id_writer_finish(struct gs_id_writer *w,
                                                   struct gs_container_writer *out);
size_t gs_id_writer_memory(const struct gs_id_writer *w);

/* Private to docs.c: sizes at open, everything at check (in record order the reader is cheap). */
GS_MUST_USE enum gaosou_status gs_ids_open(const struct gs_segment *s, struct gs_err *err);
void gs_ids_check(struct gs_checker *c, struct gs_record_reader *r);

uint32_t gs_id_hash(const char *id, size_t size); /* the low half of XXH3-64 */

#endif
