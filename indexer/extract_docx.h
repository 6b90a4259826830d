/*
 * extract_docx.h: the text of Word documents (.docx .docm .dotx .dotm).
 *
 * A paragraph is a line, a table row a line with its cells separated by tabs, text boxes stand
 * behind the paragraph that they hang on; footnotes and then endnotes at the end. List numbers that
 * the program makes are in the text as the reader sees them. Form feeds stand where somebody put a
 * page break and where the document's program last broke pages: a document that no program has laid
 * out may have none, and `pages` is then 0. Headers and footers are the furniture; the title is
 * that of the document's properties. Details: indexer/docx_text.h, indexer/docx_flow.h.
 *
 * GAOSOU_E_INPUT: not a Word document (the message says what it is instead), or damaged in a part
 * that the text is made of; also one whose text is an embedded file of another format. Entities,
 * parts on other machines and macros are never looked at.
 */
#ifndef GS_INDEXER_EXTRACT_DOCX_H
#define GS_INDEXER_EXTRACT_DOCX_H

#include "indexer/extract.h"

/* A number for caches: goes up when the text of a document changes. */
#define GS_EXTRACT_DOCX_VERSION 1u

GS_MUST_USE enum gaosou_status gs_extract_docx(const uint8_t *bytes, size_t size,
                                               const struct gs_extract_params *params,
                                               struct gs_extracted *out, struct gs_err *err);

#endif
