/*
 * analysis.h: one filing through layout, structure and cutter: what the indexer, the `tokens` command,
 * benchmarks and snippets all call, so that they cannot differ.
 *
 * Content is one buffer: the title given as a field, then U+001F and a line feed, then the text; or the
 * text alone where it begins with the title, or has it somewhere, or there is none. A gs_analysis is
 * one thread's; reuse it.
 */
#ifndef GS_TEXT_ANALYSIS_H
#define GS_TEXT_ANALYSIS_H

#include "common/base/buf.h"
#include "common/text/cutter.h"

/* Identifies tables and rules; stored per segment; segments of different ids are never merged. */
uint64_t gs_analysis_id(void);
/* For people: "gaosou-1 unicode-15.0 opencc-1.1.9", static. */
const char *gs_analysis_name(void);

/* Appends title and text as content to *content (see above); *title_size: bytes of the title at its
 * front. */
void gs_content_build(struct gs_buf *content, const uint8_t *title, size_t title_bytes,
                      const uint8_t *text, size_t text_bytes, uint32_t *title_size);

struct gs_analysis {
    struct gs_layout layout;
    struct gs_structure structure;
    struct gs_cut_batch batch;
    struct gs_cutter *cutter;
    const uint8_t *content;
    uint32_t size, offset;
    uint32_t title_from, title_to; /* bytes of the title; equal: none */
    uint32_t title_start, title_positions; /* once offset has passed it: its positions are
                                              [start, start + n) */
};

GS_MUST_USE enum gaosou_status gs_analysis_init(struct gs_analysis *a, bool with_spans);
void gs_analysis_release(struct gs_analysis *a);

/* Layout and structure of the content, which is borrowed until the last chunk. Its first title_size
 * bytes are the title. */
GS_MUST_USE enum gaosou_status gs_analysis_begin(struct gs_analysis *a, const uint8_t *content,
                                                 size_t size, uint32_t title_size,
                                                 struct gs_err *err);

/* Before the first chunk, for a title that stands in the text: it is bytes [from, to) of the
 * content, from <= to <= size. */
void gs_analysis_set_title(struct gs_analysis *a, uint32_t from, uint32_t to);

/* Cuts up to `until` (bytes of the content, a->offset < until <= size; until == size ends the filing).
 * Tokens are in a->batch until the next call. Never leaves the batch larger than one chunk: call it
 * again while a->offset < until. */
GS_MUST_USE enum gaosou_status gs_analysis_chunk(struct gs_analysis *a, uint32_t until);

/* Final counts, once a->offset == size. */
uint32_t gs_analysis_positions(const struct gs_analysis *a);
uint32_t gs_analysis_length(const struct gs_analysis *a);

#endif
