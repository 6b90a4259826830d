/*
 * doc_values.h: what the columns of a segment say of some of its filings, in ascending order.
 *
 * Columns lie in blocks of 128. Where filings stand densely the stretch of a block that they take
 * up is decoded at once, else each by itself. Pure reading; any thread.
 */
#ifndef GS_QUERY_DOC_VALUES_H
#define GS_QUERY_DOC_VALUES_H

#include "common/segment/segment.h"

GS_MUST_USE enum gaosou_status gs_doc_values(const struct gs_segment *segment,
                                             enum gs_column column, const uint32_t *docs,
                                             size_t count, uint64_t *out, struct gs_err *err);
/* Ordinals of a keyword column likewise. */
GS_MUST_USE enum gaosou_status gs_doc_ordinals(const struct gs_segment *segment, uint32_t keyword,
                                               const uint32_t *docs, size_t count, uint32_t *out,
                                               struct gs_err *err);

#endif
