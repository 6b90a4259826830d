/*
 * pdf_maker.h: writes small PDFs in memory, sound ones and hostile ones, for the tests.
 *
 *     pdf_begin(&m, PDF_FONT_UNICODE); pdf_page(&m, lines, n); ...; pdf_end(&m);
 *     use m.bytes; pdf_release(&m);
 *
 * One thread. Running out of memory ends the program.
 */
#ifndef GS_TESTS_PDF_MAKER_H
#define GS_TESTS_PDF_MAKER_H

#include "common/base/buf.h"

enum pdf_font {
    PDF_FONT_UNICODE, /* carries its own map to Unicode */
    PDF_FONT_GB,      /* names UniGB-UCS2-H and Adobe-GB1, no map: the reader must have tables */
    PDF_FONT_CNS,     /* likewise UniCNS-UCS2-H and Adobe-CNS1 */
    PDF_FONT_PRIVATE, /* its map leads to private characters */
    PDF_FONT_CONTROL, /* its map makes + and * controls: a form feed and U+0000 */
};

struct pdf_line {
    int x, y;         /* of its start, points from the page's lower left corner (595 by 842) */
    const char *text; /* UTF-8 of the basic plane */
};

struct pdf_maker {
    struct gs_buf bytes;
    struct gs_buf kids;    /* "n 0 R " for each page */
    struct gs_buf offsets; /* uint64 of each object from 1 */
    unsigned pages;
    uint64_t xref_at;
};

void pdf_begin(struct pdf_maker *m, enum pdf_font font);
void pdf_page(struct pdf_maker *m, const struct pdf_line *lines, size_t count);
/* A page with an image of `bytes` bytes and, below it, the text (NULL: none). */
void pdf_image_page(struct pdf_maker *m, size_t bytes, const char *text);
/* A page whose content is this stream; dictionary entries such as "/Filter/FlateDecode" or "". */
void pdf_content_page(struct pdf_maker *m, const char *entries, const void *stream, size_t size);
/* A further object; its number. `size` bytes of stream follow its dictionary where stream is not
 * NULL ("/Length" is added). */
unsigned pdf_object(struct pdf_maker *m, const char *entries, const void *stream, size_t size);
/* The tree of pages, the table of objects and the trailer with these entries more. */
void pdf_end(struct pdf_maker *m, const char *trailer_entries);
void pdf_release(struct pdf_maker *m);

#endif
