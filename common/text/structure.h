/*
 * structure.h: where sentences, paragraphs and headings end (docs/ANALYSIS.md, section Structure).
 *
 * An end at byte offset o lies between the content before o and the content from o on. The cutter
 * turns it into a position: the position that the next content will take, a run of breaks that is
 * open at o counted as taken. Reused from filing to filing, one thread, as gs_layout.
 */
#ifndef GS_TEXT_STRUCTURE_H
#define GS_TEXT_STRUCTURE_H

#include "common/text/layout.h"

#define GS_END_SENTENCE  1u
#define GS_END_PARAGRAPH 2u /* implies sentence */
#define GS_END_HEADING   4u /* implies both: what ends here is a heading */

struct gs_end {
    uint32_t offset; /* ascending, unique; right behind a break character, at a line end, or at the
                        end */
    uint32_t kinds;  /* GS_END_* */
};

struct gs_heading {
    uint32_t start, end; /* bytes of the heading's text, without surrounding white space */
    uint32_t level;      /* 1 is the highest: 第三节, then 一、, (一), 1., (1) */
};

struct gs_structure {
    struct gs_end *ends;
    size_t end_count, end_capacity;
    struct gs_heading *headings;
    size_t heading_count, heading_capacity;
};

void gs_structure_init(struct gs_structure *s);
void gs_structure_release(struct gs_structure *s);
GS_MUST_USE enum gaosou_status gs_structure_find(struct gs_structure *s, const struct gs_layout *l,
                                                 const uint8_t *content, size_t size,
                                                 struct gs_err *err);

#endif
