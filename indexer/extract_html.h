/*
 * extract_html.h: web pages into text. Thread-safe, without state (indexer/extract.h).
 *
 * Text in reading order, as html_lines.h lays it out; entities decoded; title into out->title. What
 * a reader does not see is dropped: scripts, styles, comments, hidden parts, form controls,
 * alternatives to what is not shown; and navigation, by the rules of html_rules.h. A page break in
 * a style becomes a form feed. The encoding is found as for text files, the page's own declaration
 * weighed in.
 */
#ifndef GS_INDEXER_EXTRACT_HTML_H
#define GS_INDEXER_EXTRACT_HTML_H

#include "indexer/extract.h"

GS_MUST_USE enum gaosou_status gs_extract_html(const uint8_t *bytes, size_t size,
                                               const struct gs_extract_params *params,
                                               struct gs_extracted *out, struct gs_err *err);

/* Raised whenever the same bytes give another text: part of the key under which texts are kept. */
#define GS_EXTRACT_HTML_VERSION 1u

#endif
