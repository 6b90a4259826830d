/*
 * extract_pdf.h: the text of a PDF, page by page, by poppler's pdftotext in a child process.
 *
 * A PDF that loops, swells or crashes its reader harms the child alone (child.h). The bytes reach
 * it through a file in memory.
 */
#ifndef GS_INDEXER_EXTRACT_PDF_H
#define GS_INDEXER_EXTRACT_PDF_H

#include "indexer/extract.h"

/*
 * As extract.h says of every extractor. Text is as it stands on the page: lines from the top to the
 * bottom, the cells of a table's row on one line with two to four spaces between them, a form feed
 * between two pages (none behind the last, but one behind a page that is the only one: by it the
 * text has pages), a page without text being an empty one.
 *
 *     GS_TEXT_NONE     no page has a character, or there are images for every page and less than 16
 *                      characters a page (a scan with page numbers or a stamp); text is empty
 *     GS_TEXT_GARBAGE  the text layer is no text: most characters are private, controls or
 *                      U+FFFD, or of 200 and more 30% are accented Latin and its signs, or their
 *                      plausibility (plausible.h) is below 0.5; text is empty
 *
 * GAOSOU_E_INPUT: not a PDF (says what it seems to be), encrypted with a password, no page to be
 * found, or pdftotext ended with a failure, whose reason is given. GAOSOU_E_LIMIT names the limit.
 * GAOSOU_E_NOT_FOUND: pdftotext (poppler-utils), or the tables for characters of a Chinese
 * collection (poppler-data), are not installed: without them the text would lack those characters.
 * A file that breaks off, or whose table of objects had to be rebuilt, gives the text of the pages
 * that were found and is `damaged`.
 */
GS_MUST_USE enum gaosou_status gs_extract_pdf(const uint8_t *bytes, size_t size,
                                              const struct gs_extract_params *params,
                                              struct gs_extracted *out, struct gs_err *err);

/* Raised whenever the same bytes give another text: part of the key under which texts are kept. */
#define GS_EXTRACT_PDF_VERSION 2

#endif
