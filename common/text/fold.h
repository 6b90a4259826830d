/*
 * fold.h: short strings (names, codes, values of filters) as they are compared: the folding of
 * docs/ANALYSIS.md, Characters, without the cutting. Pure functions.
 */
#ifndef GS_TEXT_FOLD_H
#define GS_TEXT_FOLD_H

#include "common/base/buf.h"

/*
 * Appends the folded bytes. A character becomes its normalised sequence (width, case, Traditional
 * to Simplified); one that vanishes nothing; each White_Space character U+0020, none at the two
 * ends; an invalid sequence U+FFFD; full-width ASCII signs the ASCII ones. All else stays.
 */
void gs_fold_append(struct gs_buf *out, const char *bytes, size_t size);

#endif
