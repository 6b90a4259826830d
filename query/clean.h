/*
 * clean.h: a stretch of a filing's content as one line without its layout, with the way back to the
 * bytes.
 *
 * Dropped: page furniture, joins, default-ignorable characters, line ends and padding beside
 * Han-like characters and their punctuation. One space is kept where words or figures would run
 * together, and for a wide gap inside a line (two spaces or more, a tab, a cell separator), as it
 * stands between the cells of a table row. All other characters stay as they are in the filing. One
 * thread; reused from fragment to fragment.
 */
#ifndef GS_QUERY_CLEAN_H
#define GS_QUERY_CLEAN_H

#include "common/base/buf.h"
#include "common/text/layout.h"

/* One character of the cleaned text, its combining marks included. */
struct gs_clean_char {
    uint32_t in;  /* byte offset in the content; of a space: where the gap begins */
    uint32_t out; /* byte offset in text */
    uint32_t cp;
    uint8_t class; /* enum gs_display_class: SPACE, NARROW or WIDE */
    bool begins;   /* a sentence begins here (set by fragment.c) */
};

struct gs_clean {
    struct gs_buf text;
    struct gs_clean_char *chars; /* count of them, and one behind with the two ends */
    size_t count, capacity;
};

/* Bytes [start, end) of the content. */
struct gs_clean_range {
    uint32_t start, end;
};

void gs_clean_init(struct gs_clean *c);
void gs_clean_release(struct gs_clean *c);

/* Cleans bytes[0, size), which stand at `offset` of the content. marks: of the whole filing. solid:
 * ranges (the matches) by their starts, in which a wide gap between Han-like characters leaves
 * no space either. GAOSOU_E_NOMEM. */
GS_MUST_USE enum gaosou_status gs_clean_run(struct gs_clean *c, const uint8_t *bytes, size_t size,
                                            uint32_t offset, const struct gs_mark *marks,
                                            size_t mark_count, const struct gs_clean_range *solid,
                                            size_t solid_count);

/* Index of the first character whose place in the content is at or behind `in`; count where there
 * is none. */
size_t gs_clean_find(const struct gs_clean *c, uint32_t in);

#endif
