/*
 * layout.h: the pass over a whole filing that finds page furniture, pages and spaced-line joins.
 *
 * Input is the filing's content: valid UTF-8, at most GS_FILING_MAX bytes. Nothing is copied;
 * offsets are bytes of that content. The rules and thresholds are in docs/ANALYSIS.md, section
 * Layout, and as named constants at the top of layout_internal.h, nowhere else. A gs_layout is
 * reused from filing to filing and belongs to one thread; found arrays are valid until the next
 * find or release.
 */
#ifndef GS_TEXT_LAYOUT_H
#define GS_TEXT_LAYOUT_H

#include "common/base/err.h"

#define GS_FILING_MAX                                                                              \
    ((size_t)1 << 30) /* bytes; a longer input is treated in parts by the intake */

enum gs_mark_kind {
    GS_MARK_FURNITURE = 1, /* transparent, makes no token */
    GS_MARK_JOIN = 2,      /* white space that vanishes (spaced line, digits before 年 月 日) */
};

struct gs_mark {
    uint32_t start, end; /* bytes, start < end, character boundaries, ascending and disjoint */
    enum gs_mark_kind kind;
};

/* From `offset` on, until the next entry, text is on this page. The first entry has offset 0 where
 * anything is known at all; no entries at all: the filing has no pages (page 1 is then meant only
 * if the filing is one sheet by its source). */
struct gs_page {
    uint32_t offset;
    uint32_t sheet;        /* from 1; 0: unknown */
    uint32_t label_offset; /* printed label ("18", "1-1-23") as bytes of gs_layout.labels */
    uint32_t label_size;   /* 0: no printed label is known */
};

struct gs_layout {
    struct gs_mark *marks;
    size_t mark_count, mark_capacity;
    struct gs_page *pages;
    size_t page_count, page_capacity;
    uint8_t *labels;
    size_t labels_size, labels_capacity;
    void *scratch; /* private to layout.c */
};

void gs_layout_init(struct gs_layout *l);
void gs_layout_release(struct gs_layout *l);

/* Fills *l for this content. GAOSOU_E_NOMEM, or GAOSOU_E_LIMIT for size > GS_FILING_MAX. */
GS_MUST_USE enum gaosou_status gs_layout_find(struct gs_layout *l, const uint8_t *content,
                                              size_t size, struct gs_err *err);

/* The page entry in force at a byte offset, or NULL where none is. Binary search. */
const struct gs_page *gs_layout_page_at(const struct gs_page *pages, size_t count, uint32_t offset);

#endif
