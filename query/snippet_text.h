/*
 * snippet_text.h: a stretch of one filing's stored text, tokenised again, and no more of it than a
 * fragment needs.
 *
 * Reading begins at the stored resume point before the wanted position and goes on in pieces until
 * the wanted positions are covered; what is held is used again for the next fragment where it lies
 * inside or close behind. One thread; the filing's record is borrowed until the next begin.
 */
#ifndef GS_QUERY_SNIPPET_TEXT_H
#define GS_QUERY_SNIPPET_TEXT_H

#include "common/segment/segment.h"

/* Most bytes held at a time: beyond them a position is given up (content without a place to resume
 * at, or without words). */
#define GS_SNIPPET_TEXT_MAX ((size_t)256 << 10)

struct gs_snippet_text {
    struct gs_text_reader *reader;
    struct gs_cutter *cutter;
    struct gs_cut_batch batch;
    struct gs_buf bytes; /* content [offset, offset + bytes.size) */
    uint32_t offset;
    uint32_t first_position; /* the first that is held */
    bool active, complete;   /* something is held; up to the content's end */
    struct gs_unit *units;
    size_t unit_count, unit_capacity;
    const struct gs_segment *segment;
    uint32_t doc;
    const struct gs_record *record;
};

GS_MUST_USE enum gaosou_status gs_snippet_text_init(struct gs_snippet_text *t);
void gs_snippet_text_release(struct gs_snippet_text *t);

void gs_snippet_text_begin(struct gs_snippet_text *t, const struct gs_segment *segment,
                           uint32_t doc, const struct gs_record *record);

/* Holds positions [from, to) as far as the content has them. GAOSOU_E_LIMIT (no message) where they
 * are too far from a resume point; GAOSOU_E_NOT_FOUND where the segment has no text; errors of the
 * text store. */
GS_MUST_USE enum gaosou_status gs_snippet_text_cover(struct gs_snippet_text *t, uint32_t from,
                                                     uint64_t to, struct gs_err *err);

#endif
