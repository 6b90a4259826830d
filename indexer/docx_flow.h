/*
 * docx_flow.h: text of a Word document as it comes, laid out in lines: a paragraph a line, a table
 * row a line with its cells separated by tabs, text boxes behind the paragraph that they hang on,
 * form feeds between pages. Knows nothing of XML. One thread.
 *
 * In a cell a paragraph's end or a line break does not end the line: a space (between two Han on
 * both sides of a line break: nothing) stands for it. A table in a cell has its rows on lines of
 * their own. A row without text leaves no line, one paragraph without text an empty one, several
 * in a row no more than that.
 *
 * A form feed that only says where the document was last laid out stands once where several reasons
 * for it come together (a break, and then the mark of where it took effect), and never before the
 * first text. In a row that is broken over pages it stands behind the row.
 */
#ifndef GS_INDEXER_DOCX_FLOW_H
#define GS_INDEXER_DOCX_FLOW_H

#include "common/base/buf.h"

#define GS_DOCX_TABLE_DEPTH 64 /* tables in tables, those in text boxes included */
#define GS_DOCX_BOX_DEPTH   16 /* text boxes in text boxes */

struct gs_docx_row {
    size_t start;       /* offset in the flow's text */
    unsigned cells;     /* begun so far */
    bool has_text;      /* in this row */
    bool any_text;      /* in this table */
    bool cell_has_text; /* in this cell, on this line */
    bool deleted;
    bool fresh;             /* a table in a cell has just ended: its line is over, no tab is due */
    unsigned breaks_before; /* of page, before any text of the row */
    unsigned cell_breaks;   /* in this cell, after text in the row */
    unsigned breaks;        /* the most of these that any cell has */
};

/* Where a text box's text goes until the paragraph that it hangs on is over. */
struct gs_docx_box {
    struct gs_buf *outside; /* the text it is taken out of */
    unsigned outside_base;  /* tables around it */
};

enum gs_docx_join {
    GS_DOCX_JOIN_NONE,
    GS_DOCX_JOIN_LINE,     /* a line break in a cell */
    GS_DOCX_JOIN_PARAGRAPH /* a paragraph's end in a cell */
};

struct gs_docx_flow {
    struct gs_buf *text; /* borrowed: where text goes now */
    struct gs_docx_row rows[GS_DOCX_TABLE_DEPTH];
    unsigned tables; /* open now */
    unsigned base;   /* of them, those around the present text box */
    struct gs_docx_box boxes[GS_DOCX_BOX_DEPTH];
    struct gs_buf aside[GS_DOCX_BOX_DEPTH]; /* [i]: of boxes inside i others, not yet placed */
    unsigned box_count;
    enum gs_docx_join join; /* due before the next text in this cell */
    bool paged;             /* form feeds are wanted: not in notes, headers and footers */
    bool text_on_page;      /* since the last form feed */
    uint32_t breaks;        /* form feeds */
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
