/*
 * content_hash.h: one number for what a filing says, however it came: the same text in another
 * encoding, with other line ends, spaces, widths or page furniture has the same one.
 *
 * XXH3-64 of the text folded as FORMAT.md says (section Content hash): furniture, white space,
 * controls and invisible characters are left out, full-width ASCII becomes ASCII. Traditional and
 * Simplified, letter case, and figures with and without separators stay apart. Pure, thread-safe.
 */
#ifndef GS_TEXT_CONTENT_HASH_H
#define GS_TEXT_CONTENT_HASH_H

#include "common/text/layout.h"

/* Of content as gs_content_build() makes it; title_size as it says. The marks are those of the
 * content's layout. 0 where nothing is left. */
uint64_t gs_content_hash(const uint8_t *content, size_t size, size_t title_size,
                         const struct gs_mark *marks, size_t mark_count);

/* ---- kernels ---- */

#define GS_FOLD_SLACK 64 /* bytes that may be written behind what counts */

/* Folds `size` bytes into `out`, which has room for size + GS_FOLD_SLACK; the bytes written. Looks
 * at bytes alone: what is not UTF-8 is as good as any. No over-read. */
size_t gs_fold_scalar(const uint8_t *bytes, size_t size, uint8_t *out);
size_t gs_fold_avx512(const uint8_t *bytes, size_t size, uint8_t *out);

#endif
