/*
 * docx_flow.h: text of a Word document as it comes, laid out in lines: a paragraph a line, a table
 * row a line with its cells separated by tabs, text boxes behind the paragraph that they hang on,
 * form feeds between pages. Knows nothing of XML. One thread.
 *
 * Tables as in web pages (indexer/html_lines.h): in a row of two cells or more a short cell
 * (GS_DOCX_CELL_MAX bytes) stays on the row's line, with a space for a paragraph's end in it and
 * for a line break (between two Han: nothing). A longer cell keeps its lines, and the next cell
 * begins a line of its own; so does a cell with a table in it. Empty cells keep their tab but at
 * the end of a row; a row without text leaves nothing. Outside of tables several paragraphs without
 * text leave one empty line.
 *
 * A form feed that only says where the document was last laid out stands once where several reasons
 * for it come together (a break, and then the mark of where it took effect), and never before the
 * first text. In a row it stands in the first cell that keeps its lines and is broken over pages,
 * otherwise behind the row.
 */
#ifndef GS_INDEXER_DOCX_FLOW_H
#define GS_INDEXER_DOCX_FLOW_H

#include "common/base/buf.h"

#define GS_DOCX_TABLE_DEPTH 64 /* tables in tables, those in text boxes included */
#define GS_DOCX_BOX_DEPTH   16 /* text boxes in text boxes */

#define GS_DOCX_CELL_MAX 300 /* bytes */

struct gs_docx_row {
    size_t start;      /* offset of its first text; meaningless without */
    size_t cell_start; /* of the cell's first text; meaningless without */
    unsigned cells;    /* begun so far */
    unsigned tabs;     /* due before the next text */
    bool has_text, cell_has_text;
    bool table_inside;      /* the cell holds a table with text */
    bool new_line;          /* due instead of tabs */
    bool deleted;           /* its text is not taken */
    unsigned breaks_before; /* of page, before any text of the row */
    unsigned breaks_inside; /* that stand in a cell */
    unsigned breaks;        /* the most that any other cell has */
};

/* Where a text box's text goes until the paragraph that it hangs on is over. */
struct gs_docx_box {
    struct gs_buf *outside; /* the text it is taken out of */
    unsigned outside_base;  /* tables around it */
};

struct gs_docx_flow {
    struct gs_buf *text; /* borrowed: where text goes now */
    struct gs_docx_row rows[GS_DOCX_TABLE_DEPTH];
    unsigned tables; /* open now */
    unsigned base;   /* of them, those around the present text box */
    struct gs_docx_box boxes[GS_DOCX_BOX_DEPTH];
    struct gs_buf aside[GS_DOCX_BOX_DEPTH]; /* [i]: of boxes inside i others, not yet placed */
    unsigned box_count;
    bool paged;        /* form feeds are wanted: not in notes, headers and footers */
    bool text_on_page; /* since the last form feed */
};

/* The text's cap is the caller's. */
void gs_docx_flow_init(struct gs_docx_flow *f, struct gs_buf *text, bool paged);
void gs_docx_flow_release(struct gs_docx_flow *f);

/* Valid UTF-8; line ends and tabs in it are spaces. */
void gs_docx_flow_text(struct gs_docx_flow *f, const char *bytes, size_t size);
void gs_docx_flow_tab(struct gs_docx_flow *f);
void gs_docx_flow_line_break(struct gs_docx_flow *f);
/* forced: a break somebody put there; else a mark of layout. */
void gs_docx_flow_page_break(struct gs_docx_flow *f, bool forced);

/* Where a paragraph began, for its end. */
size_t gs_docx_flow_paragraph_start(const struct gs_docx_flow *f);
/* joined: its end was deleted, the next one goes on in the same line. */
void gs_docx_flow_paragraph_end(struct gs_docx_flow *f, size_t start, bool joined);

/* False: too many, one in another. */
GS_MUST_USE bool gs_docx_flow_table_start(struct gs_docx_flow *f);
void gs_docx_flow_table_end(struct gs_docx_flow *f);
void gs_docx_flow_row_start(struct gs_docx_flow *f);
void gs_docx_flow_row_deleted(struct gs_docx_flow *f); /* the present one */
void gs_docx_flow_row_end(struct gs_docx_flow *f);
void gs_docx_flow_cell_start(struct gs_docx_flow *f);

GS_MUST_USE bool gs_docx_flow_box_start(struct gs_docx_flow *f);
void gs_docx_flow_box_end(struct gs_docx_flow *f);

#endif
