/*
 * docs.h: the sections of a segment that hold what is known per filing: columns, records, ids,
 * text.
 *
 * The writing side is one gs_docs_writer inside a gs_segment_writer: it feeds the sections 16-26 of
 * a gs_container_writer, which is borrowed from init to finish or release. The reading side is
 * gs_docs_open() and gs_docs_check() (segment_internal.h) and the functions of segment.h. One
 * thread.
 */
#ifndef GS_SEGMENT_DOCS_H
#define GS_SEGMENT_DOCS_H

#include "common/segment/column.h"
#include "common/segment/id_table.h"
#include "common/segment/keywords.h"
#include "common/segment/records.h"
#include "common/segment/segment_writer.h"
#include "common/segment/text_store.h"

struct gs_docs_writer {
    struct gs_container_writer *out; /* borrowed */
    struct gs_column_builder columns[GS_COLUMN_COUNT];
    struct gs_buf lengths; /* GS_COLUMN_LENGTH: 4 bytes a filing */
    struct gs_record_writer records;
    struct gs_id_writer ids;
    struct gs_keyword_writer keywords;
    struct gs_text_writer text;
    uint32_t doc_count;
    uint64_t total_length, first_sequence, last_sequence;
    uint64_t content_bytes; /* sum of the records' content_size */
    bool with_text;
    enum gaosou_status status; /* sticky */
};

/* Makes an empty writer; params->with_text lets GS_SECTION_TEXT stream (nothing else may stream
 * before the last append_text). */
GS_MUST_USE enum gaosou_status gs_docs_writer_init(struct gs_docs_writer *w,
                                                   struct gs_container_writer *out,
                                                   const struct gs_segment_params *params);
void gs_docs_writer_release(struct gs_docs_writer *w); /* NULL and zeroed objects are fine */

/* The next filing. Sequence numbers ascend strictly, else GAOSOU_E_USE; more than GS_DOC_MAX
 * filings are GAOSOU_E_LIMIT. */
void gs_docs_writer_add(struct gs_docs_writer *w, const struct gs_doc *doc);
/* A finished pack: the contents of the next filings without text so far, in order. */
void gs_docs_writer_append_text(struct gs_docs_writer *w, const struct gs_text_pack *pack);
/* See gs_segment_writer_copy_text. */
GS_MUST_USE enum gaosou_status gs_docs_writer_copy_text(struct gs_docs_writer *w,
                                                        const struct gs_segment *from,
                                                        struct gs_err *err);

/* Writes what is open and fills doc_count, total_length, first_sequence, text_bytes and has_text of
 * *stats. With text, every filing must have got its content by now. */
GS_MUST_USE enum gaosou_status
gs_docs_writer_finish(struct gs_docs_writer *w, struct gs_segment_stats *stats, struct gs_err *err);
size_t gs_docs_writer_memory(const struct gs_docs_writer *w); /* bytes held */

#endif
