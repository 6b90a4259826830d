/*
 * html_lines.h: lays out the text of a web page as lines: white space collapses, a block ends its
 * line, a row of a table is a line with its cells separated by tabs, page breaks are form feeds.
 * Knows nothing of HTML elements. One thread.
 *
 * A line end of the source between two Han characters is nothing, elsewhere a space. Lines have no
 * white space at their edges, no two empty lines follow each other, nothing stands before the first
 * or behind the last text. What is due between two texts is written with the second of them.
 *
 * In a row of two cells or more a short cell (GS_HTML_CELL_MAX bytes) stays on the row's line: a
 * line break in it becomes what a source line end would, a block's edge a space. A longer cell
 * keeps its lines, and the next cell begins a line of its own: so does a page that is laid out as a
 * table, and the long answer beside a short question. Empty cells keep their tab but at the end of
 * a row; an empty row leaves nothing.
 */
#ifndef GS_INDEXER_HTML_LINES_H
#define GS_INDEXER_HTML_LINES_H

#include "common/base/buf.h"

#define GS_HTML_CELL_MAX 300 /* bytes; rows of over 1000 bytes are no rows to the analysis */

/* One open table. Offsets are of the text. */
struct gs_html_row {
    size_t row_start;
    size_t cell_start;    /* of the cell's first text; meaningless while cell_blank */
    size_t first_start;   /* of the first cell, while it may still have to be put on one line */
    unsigned cells;       /* begun in this row */
    unsigned rows_inside; /* rows with text of tables in the cell at hand */
    unsigned tabs_before; /* tabs that were due when the row began */
    bool row_open, cell_open, cell_blank;
    bool first_may_join;
};

enum gs_html_due { GS_HTML_NOTHING, GS_HTML_LINE, GS_HTML_EMPTY_LINE, GS_HTML_PAGE };

struct gs_html_lines {
    struct gs_buf *out;   /* borrowed; its status is that of the whole */
    struct gs_buf tables; /* of struct gs_html_row; the first is for cells outside any table */
    struct gs_buf indent; /* white space of preformatted text, before the line's first text */
    size_t line_start;    /* offset of the text of the present line or cell */
    size_t last_break;    /* offset behind the last line end that was written */
    size_t edges[2 * GS_HTML_CELL_MAX]; /* the last line ends that are edges of blocks */
    size_t edge_count;
    uint64_t visible;     /* bytes of text that are not white space, so far */
    uint32_t pages_ended; /* form feeds */
    unsigned tabs;        /* due */
    enum gs_html_due due;
    bool due_is_edge;       /* the line end that is due is the edge of a block */
    bool space, soft_space; /* due: a space; it was a line end of the source */
    bool after_cr, skip_line_end;
};

/* out is empty. */
void gs_html_lines_init(struct gs_html_lines *l, struct gs_buf *out);
void gs_html_lines_release(struct gs_html_lines *l);
/* GAOSOU_OK, or why memory or out's room did not suffice. */
enum gaosou_status gs_html_lines_status(const struct gs_html_lines *l);

/* Text of the page, valid UTF-8, whole characters; `literal`: as it is, as in <pre>. U+0080 to
 * U+009F, which only numeric references to windows-1252 bytes bring about, are read as those. */
void gs_html_lines_text(struct gs_html_lines *l, const char *bytes, size_t size, bool literal);

/* The page is over. */
void gs_html_lines_finish(struct gs_html_lines *l);

/* Preformatted text begins, and a line end right here does not count. */
void gs_html_lines_literal(struct gs_html_lines *l);

void gs_html_lines_edge(struct gs_html_lines *l);  /* a block begins or ends */
void gs_html_lines_break(struct gs_html_lines *l); /* <br> */
void gs_html_lines_page(struct gs_html_lines *l);  /* a page ends */

/* Begin and end may come in any order: what is missing is made up, what is too much ignored. */
void gs_html_table_begin(struct gs_html_lines *l);
void gs_html_table_end(struct gs_html_lines *l);
void gs_html_row_begin(struct gs_html_lines *l);
void gs_html_row_end(struct gs_html_lines *l);
void gs_html_cell_begin(struct gs_html_lines *l);
void gs_html_cell_end(struct gs_html_lines *l);
/* The cell at hand, which has no text, was none. */
void gs_html_cell_drop(struct gs_html_lines *l);

/* A place to come back to. */
struct gs_html_place {
    size_t size, line_start, last_break;
    uint64_t visible;
    uint32_t pages_ended;
    unsigned tabs;
    enum gs_html_due due;
    bool due_is_edge, space;
};
struct gs_html_place gs_html_lines_place(struct gs_html_lines *l);
/* Takes back the text since then, if there is any; tables and cells begun since are over, those
 * around are not. */
void gs_html_lines_return(struct gs_html_lines *l, const struct gs_html_place *place);

#endif
