/*
 * display.h: what a character is to somebody who looks at it: its width in columns, and whether it
 * may be shown.
 *
 * Text of filings is shown as single lines: white space of every kind becomes one space, what could
 * steer a terminal (controls, escape sequences, bidirectional controls) never gets through. Pure
 * functions; invalid UTF-8 shows as U+FFFD.
 */
#ifndef GS_TEXT_DISPLAY_H
#define GS_TEXT_DISPLAY_H

#include "common/base/buf.h"

enum gs_display_class {
    GS_DISPLAY_DROP,   /* default-ignorable: nothing is shown */
    GS_DISPLAY_SPACE,  /* white space inside a line, and what is transparent to analysis (private
                          use, controls) */
    GS_DISPLAY_TAB,    /* a wide gap by itself */
    GS_DISPLAY_CELL,   /* U+001F, what extractors write between table cells */
    GS_DISPLAY_LINE,   /* ends a line */
    GS_DISPLAY_MARK,   /* combining: belongs to the character before, no column */
    GS_DISPLAY_NARROW, /* one column */
    GS_DISPLAY_WIDE,   /* two columns: Han, kana, Hangul and their punctuation */
};

enum gs_display_class gs_display_class(uint32_t cp);

/* Columns of `size` bytes as gs_display_append shows them. */
size_t gs_display_columns(const void *bytes, size_t size);

/* Appends the text as one line that is safe to show: runs of white space as one space, none at the
 * ends. */
void gs_display_append(struct gs_buf *out, const void *bytes, size_t size);

/* The same, then spaces up to `columns`; before the text where `right` is set. */
void gs_display_pad(struct gs_buf *out, const void *bytes, size_t size, size_t columns, bool right);

#endif
