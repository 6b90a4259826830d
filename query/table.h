/*
 * table.h: an answer as a table for programs and spreadsheets: a row a filing, or a row a passage.
 *
 * TSV: cells between TABs, rows between LFs; in a cell neither occurs. CSV as RFC 4180 has it, with
 * a byte-order mark, which spreadsheets want, and CRLF. In both a cell is one line that is safe to
 * show. In CSV one that begins with = + - @, full-width ones too, gets a ' in front, so that no
 * spreadsheet takes a text of a filing for a formula; TSV has the texts as they are, so that spans
 * fit the sentence and ids can be used. In CSV a text that a spreadsheet would make a number or a
 * date of (codes, page labels such as 1-1-5) is written ="000001": a formula that says that text.
 */
#ifndef GS_QUERY_TABLE_H
#define GS_QUERY_TABLE_H

#include "query/results.h"

enum gs_table_format { GS_TABLE_TSV, GS_TABLE_CSV };

struct gs_table {
    struct gs_buf *out;
    enum gs_table_format format;
    bool row_has_cells;
    struct gs_buf cell, scratch; /* private */
};

void gs_table_init(struct gs_table *t, struct gs_buf *out, enum gs_table_format format);
void gs_table_release(struct gs_table *t);
/* What stands before everything: the byte-order mark of CSV. */
void gs_table_begin(struct gs_table *t);

/* Cells of a row, one after the other. */
void gs_table_text(struct gs_table *t, const void *bytes, size_t size);
void gs_table_number(struct gs_table *t, uint64_t value);
void gs_table_end_row(struct gs_table *t);

/* The names of the fields as a row, and a filing with its first fragment as one. */
void gs_table_write_head(struct gs_table *t, const struct gs_answer_fields *fields);
void gs_table_write_hit(struct gs_table *t, const struct gs_results_hit *hit,
                        const struct gs_answer_fields *fields);

/* field, value, count: a row a value of a facet, and one of an empty value for the filings without
 * one. */
void gs_table_write_facet_head(struct gs_table *t);
void gs_table_write_facet(struct gs_table *t, const struct gs_facet *facet);

/* Filings by terms: id, code, name, date, title, then for each term how often it occurs. */
void gs_table_write_matrix_head(struct gs_table *t, const struct gs_results_hit *any_hit);
void gs_table_write_matrix_row(struct gs_table *t, const struct gs_results_hit *hit);

#endif
