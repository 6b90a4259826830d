/*
 * id_table.h: from a filing's id to its doc number (FORMAT.md, section Ids).
 *
 * Two columns sorted by (32-bit hash of the id, doc number); candidates are verified against the
 * record. The writer belongs to one thread.
 */
#ifndef GS_SEGMENT_ID_TABLE_H
#define GS_SEGMENT_ID_TABLE_H

#include "common/segment/container.h"

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

uint32_t gs_id_hash(const char *id, size_t size); /* the low half of XXH3-64 */

#endif
