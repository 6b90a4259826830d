/*
 * summary.h: a table of counts for people: a label, a count, and a note that may be missing. Labels
 * may be indented; columns line up, Han characters taking two. Rows whose count is 0 are left out.
 *
 * Storage is the caller's. Sticky: without memory rows are dropped and print says false. One
 * thread.
 */
#ifndef GS_INDEXER_SUMMARY_H
#define GS_INDEXER_SUMMARY_H

#include "common/base/buf.h"
#include "common/base/err.h"

#include <stdbool.h>
#include <stdio.h>

#define GS_SUMMARY_GROUPED 32 /* bytes of a grouped number */

struct gs_summary {
    struct gs_buf cells; /* rows: indent, count, sizes of label and note, and these */
};

void gs_summary_init(struct gs_summary *s);
void gs_summary_release(struct gs_summary *s);
/* label: shown as gs_console_escape has it. note_fmt "": none. */
void gs_summary_add(struct gs_summary *s, unsigned indent, const char *label, uint64_t count,
                    const char *note_fmt, ...) GS_PRINTF(5, 6);
/* A row without a count, its note in the column of notes. */
void gs_summary_add_note(struct gs_summary *s, unsigned indent, const char *label,
                         const char *note_fmt, ...) GS_PRINTF(4, 5);
/* Writes the table; false without memory. */
bool gs_summary_print(const struct gs_summary *s, FILE *out);

/* 1234567 as 1,234,567. */
const char *gs_summary_group(char out[GS_SUMMARY_GROUPED], uint64_t count);

#endif
