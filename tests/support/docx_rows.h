/*
 * docx_rows.h: Word documents written as rows of a table of a test: pieces of XML, and what the
 * extractor makes of them.
 *
 *     docx_assert_text(&(struct docx_parts){.body = P("一") P("二")}, "一\n二\n");
 */
#ifndef GS_TESTS_DOCX_ROWS_H
#define GS_TESTS_DOCX_ROWS_H

#include "indexer/extract.h"
#include "tests/support/docx_make.h"

/* A paragraph, a run, a cell. */
#define P(text)  "<w:p><w:r><w:t>" text "</w:t></w:r></w:p>"
#define R(text)  "<w:r><w:t xml:space=\"preserve\">" text "</w:t></w:r>"
#define TC(body) "<w:tc><w:tcPr><w:tcW w:w=\"1\"/></w:tcPr>" body "</w:tc>"

/* The document's text, title and furniture, each with a U+0000 behind it; the caller releases x. */
void docx_extract(const struct docx_parts *parts, struct gs_extracted *x);
/* Its text is `wanted`. */
void docx_assert_text(const struct docx_parts *parts, const char *wanted);

#endif
