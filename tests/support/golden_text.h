/*
 * golden_text.h: golden files of annotated texts, for layout and structure.
 *
 * A file is a list of cases: a line `== name`, then the annotated text up to the line before the
 * next case (its last line feed is not part of it). Lines that begin with `#` before the first case
 * are comment. In the text: \f \t \r \\        these characters;  \n a line end that is not one of
 * the file \u{1F}             a code point \x{600}            600 bytes of filler, a multiple of 3:
 * 文 and now and then ， ⟦...⟧ ⟨...⟩        furniture; a join ⟪3⟫ ⟪3 1-1-18⟫     a page entry:
 * sheet, label ⟪s⟫ ⟪p⟫ ⟪h⟫        an end: sentence, paragraph, heading ⟪=2⟫...⟪=⟫         a
 * heading's text and level A test takes the annotations out, runs the code, puts its results in,
 * and compares.
 */
#ifndef GS_TESTS_GOLDEN_TEXT_H
#define GS_TESTS_GOLDEN_TEXT_H

#include "common/base/buf.h"

/* One thing to put into a text at a byte offset; of several at one offset the lower rank first. */
struct golden_note {
    uint32_t offset, rank;
    char text[40];
};

/* Called for each case with the text as it is without annotations; appends to notes. */
typedef void golden_run(const uint8_t *text, size_t size, struct gs_buf *notes);
void golden_add(struct gs_buf *notes, uint32_t offset, uint32_t rank, const char *format, ...)
    GS_PRINTF(4, 5);

/* Runs every case of tests/golden/<folder>/<name>.txt; ends the test on the first difference. */
void golden_file(const char *folder, const char *name, golden_run *run);

#endif
