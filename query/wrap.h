/*
 * wrap.h: breaks lines for a terminal, as Chinese and Latin text are set (after GB/T 15834 and
 * Unicode's UAX #14, in few rules): between any two characters, but not inside words and figures,
 * not before a closing mark, not behind an opening one; a space where a line breaks is not shown.
 */
#ifndef GS_QUERY_WRAP_H
#define GS_QUERY_WRAP_H

#include "common/base/buf.h"

/*
 * Breaks the lines that stand in *out from byte `start` on, so that none is over `columns` wide (0:
 * leaves them). What goes on in a new line begins with `hang` spaces. Escape sequences of colour
 * (ESC [ ... m) take no column and are never cut. A word wider than a line is broken anywhere.
 */
void gs_wrap_lines(struct gs_buf *out, size_t start, size_t columns, size_t hang);

#endif
