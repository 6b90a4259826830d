/*
 * docx_lists.h: the automatic numbers of a Word document: its lists as numbering.xml defines them,
 * and where each of them stands. ECMA-376 part 1, 17.9.
 *
 * The numbers are not in the text; they come of counting its paragraphs in order. One thread.
 */
#ifndef GS_INDEXER_DOCX_LISTS_H
#define GS_INDEXER_DOCX_LISTS_H

#include "common/base/buf.h"
#include "indexer/docx_styles.h"
#include "indexer/list_label.h"

struct gs_docx_level {
    uint32_t start;
    uint32_t restart; /* 0: goes on for ever; n: begins anew behind level n or above (from 1);
                         GS_DOCX_UNSET: behind any above */
    uint32_t text, text_size; /* "第%1节", in `strings` */
    uint32_t style;           /* NUL-ended name in `strings`: paragraphs of it are of this level */
    enum gs_list_format format;
    bool legal; /* numbers of the levels above are decimal here */
    bool close; /* nothing between number and text */
};

/* The definition that lists share, with its counters (w:abstractNum). */
struct gs_docx_scheme {
    uint32_t id;
    uint32_t level[GS_DOCX_LEVELS]; /* index into levels, or GS_DOCX_UNSET */
    uint32_t style_link; /* NUL-ended name in `strings` of the style whose list it is; 0 */
    uint32_t counter[GS_DOCX_LEVELS];
    bool counting[GS_DOCX_LEVELS];
};

/* One list (w:num). */
struct gs_docx_list {
    uint32_t id, scheme;            /* the scheme's id */
    uint32_t level[GS_DOCX_LEVELS]; /* instead of the scheme's, or GS_DOCX_UNSET */
    uint32_t start[GS_DOCX_LEVELS]; /* the first time, or GS_DOCX_UNSET */
};

struct gs_docx_lists {
    struct gs_docx_level *levels;
    struct gs_docx_scheme *schemes; /* sorted by id */
    struct gs_docx_list *lists;     /* sorted by id */
    size_t level_count, level_capacity, scheme_count, scheme_capacity, list_count, list_capacity;
    struct gs_buf strings;
};

void gs_docx_lists_init(struct gs_docx_lists *l);
void gs_docx_lists_release(struct gs_docx_lists *l);

/* Reads numbering.xml. */
GS_MUST_USE enum gaosou_status gs_docx_lists_read(struct gs_docx_lists *l, const uint8_t *bytes,
                                                  size_t size, struct gs_err *err);

/* Counts a paragraph of a list and appends its label, with a space behind where one belongs.
 * `level` GS_DOCX_UNSET: the one that belongs to the style `style` (NULL: none), else the first.
 * Nothing for lists that are not there, and for bullets. */
void gs_docx_lists_label(struct gs_docx_lists *l, const struct gs_docx_styles *styles,
                         uint32_t list, uint32_t level, const char *style, struct gs_buf *out);

#endif
