/* extract_text.h: plain text in any encoding (extract.h). */
#ifndef GS_INDEXER_EXTRACT_TEXT_H
#define GS_INDEXER_EXTRACT_TEXT_H

#include "indexer/detect.h"
#include "indexer/extract.h"

#define GS_EXTRACT_TEXT_VERSION 1u /* raised with every change of what comes out: text_cache.h */

/*
 * GAOSOU_E_INPUT: binary. A few stray U+0000 are dropped and counted in `replaced`; all else stays
 * as it is, line ends and form feeds too. GAOSOU_E_ENCODING: params->encoding is not known.
 */
GS_MUST_USE enum gaosou_status gs_extract_text(const uint8_t *bytes, size_t size,
                                               const struct gs_extract_params *params,
                                               struct gs_extracted *out, struct gs_err *err);

/* Appends bytes in the encoding that was found, as gs_extract_text does; for other formats, which
 * are text below their markup. Adds to *replaced. */
GS_MUST_USE enum gaosou_status gs_encoding_convert(const uint8_t *bytes, size_t size,
                                                   const struct gs_encoding *encoding,
                                                   struct gs_buf *out, uint64_t *replaced,
                                                   struct gs_err *err);

#endif
