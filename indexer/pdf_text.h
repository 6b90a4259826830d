/*
 * pdf_text.h: what pdftotext -layout prints, made into the text of a filing, and what there is of
 * text in it. Pure functions of bytes; one thread each.
 */
#ifndef GS_INDEXER_PDF_TEXT_H
#define GS_INDEXER_PDF_TEXT_H

#include "common/base/buf.h"

struct gs_pdf_text {
    uint32_t pages;       /* form feeds at a line's start, plus one where text follows the last */
    uint32_t empty_pages; /* without a character but white space */
    uint64_t chars;       /* that can be seen and are of a script or a sign */
    uint64_t odd;         /* of chars: Latin beyond ASCII, with its signs (U+00A1 to U+02AF) */
    uint64_t bad;         /* U+FFFD, private, controls, not characters at all */
    uint64_t replaced;    /* U+FFFD put in for bytes that are no UTF-8 */
};

/*
 * Appends the text of the bytes to `out`: valid UTF-8 without controls but line feeds and the form
 * feeds between pages (behind a page that is the only one), and of the padding that draws the page
 * no more than shows it: a gap of more than four spaces becomes four, of blank lines one stays,
 * spaces at a line's end go. Failures are sticky in `out`.
 */
void gs_pdf_text_tidy(const uint8_t *bytes, size_t size, struct gs_buf *out,
                      struct gs_pdf_text *found);

#endif
