/*
 * layout_internal.h: thresholds of the layout pass, and what its parts share. Private to layout*.c.
 *
 * The way of a filing: text_scan.c finds places worth a look; layout_number.c reads them as page
 * numbers; layout_chain.c settles which of those count; layout_running.c finds running headers and
 * footers next to them; layout_page.c makes pages; layout_join.c the joins of spaced lines.
 */
#ifndef GS_TEXT_LAYOUT_INTERNAL_H
#define GS_TEXT_LAYOUT_INTERNAL_H

#include "common/text/layout.h"
#include "common/text/line_chars.h"
#include "common/text/text_scan.h"

/* Thresholds of docs/ANALYSIS.md, section Layout. */
#define GS_NUMBER_DIGITS       4     /* digits of a page number or total */
#define GS_NUMBER_VALUES       10000 /* so values are below this */
#define GS_FOOTER_BYTES        160   /* longest footer with a total */
#define GS_COUNT_LINE_BYTES    128 /* longest line that may be a page count, white space and all */
#define GS_COUNT_TEXT_BYTES    40  /* and without white space */
#define GS_CHAIN_STEP          3   /* pages from one number of a chain to the next, at most */
#define GS_CHAIN_GAP           100 /* bytes between two numbers of a chain, at least */
#define GS_CHAIN_MEAN          500 /* and on the average */
#define GS_CHAIN_PAGE          10000 /* bytes from one page to the next, on the average, at most */
#define GS_CHAIN_MEMBERS       3     /* numbers in a chain, at least */
#define GS_CHAIN_MEMBERS_BARE  5     /* in one of bare numbers, at least */
#define GS_CHAIN_MEMBERS_WHOLE 2     /* in one that goes from 1 to the last line */
#define GS_CHAIN_ROUNDS        8     /* chains of one shape, at most */
#define GS_RUNNING_LINE_BYTES  256   /* longest running header or footer */
#define GS_RUNNING_LINES       3     /* times it recurs, at least */
#define GS_RUNNING_SHARE(n)    ((n)*5) /* this many >= boundaries * 2: at 40% of the page ends */
#define GS_RUNNING_ROUNDS      3       /* lines of a header or footer */
#define GS_KEPT_LINES          ((size_t)1 << 22) /* lines, and offsets, kept for later passes, at most */
#define GS_SPACED_HAN          8                 /* Han characters of a spaced line, at least */

/* A page number: a footer with a total, or a line that is only a page count (at first a candidate).
 */
struct gs_number {
    uint32_t start, end; /* bytes: what is furniture if it counts */
    uint64_t shape;      /* kind in the top byte, parameters below: equal shapes belong together */
    uint32_t chain;      /* members of the longest chain that ends here */
    uint32_t previous;   /* index of the member before, or UINT32_MAX */
    uint16_t value, total; /* total 0: none is printed */
    bool counts, used;     /* used: in an accepted chain */
};
#define GS_SHAPE_KIND(shape) ((unsigned)((shape) >> 56))
enum gs_number_kind { /* the top byte of a shape */
                      GS_NUMBER_FOOTER = 0,
                      GS_NUMBER_BARE,
                      GS_NUMBER_DASHED,
                      GS_NUMBER_OF_TOTAL,
                      GS_NUMBER_PREFIXED,
                      GS_NUMBER_NAMED,
                      GS_NUMBER_LATIN,
};

struct gs_span {
    uint32_t start, end;
};

struct gs_running_line {
    uint64_t key; /* hash of the line with its digits masked */
    uint32_t line_start, start, end;
    bool accepted;
};

struct gs_layout_scratch {
    const uint8_t *content;
    size_t size;
    struct gs_number *numbers; /* by start, disjoint */
    size_t number_count, number_capacity;
    uint32_t *order; /* indices of numbers by shape */
    size_t order_capacity;
    uint32_t *feeds; /* offsets of form feeds */
    size_t feed_count, feed_capacity;
    struct gs_span *furniture; /* by start, disjoint */
    size_t furniture_count, furniture_capacity;
    uint32_t *joins; /* offsets of single spaces */
    size_t join_count, join_capacity;
    struct gs_running_line *lines;
    size_t line_count, line_capacity;
    struct gs_span *boundaries;
    size_t boundary_count, boundary_capacity;
    struct gs_text_scan scan; /* of the whole content, if scan_kept; layout's offsets aside */
    bool scan_kept;
    uint32_t of_value[GS_NUMBER_VALUES]; /* a chain's best end for each value; UINT32_MAX: none */
};

/* ---- layout.c ---- */

/*
 * Goes over a content's scan in batches: over the one that layout has kept, as one batch, or anew.
 * l may be NULL.
 */
struct gs_scan_walk {
    const struct gs_text_scan *scan; /* the present batch */
    size_t begin;                    /* its first byte; lines before it are gone */
    bool more;                       /* false behind the last batch */
    const uint8_t *content;
    size_t size, from;
    struct gs_text_scan anew;
};
void gs_scan_walk_begin(struct gs_scan_walk *w, const struct gs_layout *l, const uint8_t *content,
                        size_t size);
GS_MUST_USE enum gaosou_status gs_scan_walk_next(struct gs_scan_walk *w);
void gs_scan_walk_end(struct gs_scan_walk *w);

/* ---- layout_number.c ---- */

/* A footer with a total that has its 第 at `at` and begins at or behind `low`. */
bool gs_number_footer(const uint8_t *content, size_t size, uint32_t low, uint32_t at,
                      struct gs_number *out);
#define GS_LABEL_CAP 24
/* The line [start, end) as a page count. label gets the printed label, NUL-ended, unless NULL. */
bool gs_number_line(const uint8_t *content, uint32_t start, uint32_t end, struct gs_number *out,
                    char label[GS_LABEL_CAP]);

/* ---- layout_chain.c ---- */

/* Sets `counts` of every number, and removes those that do not count. */
GS_MUST_USE enum gaosou_status gs_chain_settle(struct gs_layout_scratch *s);
/* Fills s->order with the numbers' indices by shape, then by start. */
GS_MUST_USE enum gaosou_status gs_number_order(struct gs_layout_scratch *s);

/* ---- layout_running.c ---- */

GS_MUST_USE enum gaosou_status gs_running_find(struct gs_layout *l);
/* From `at` over white space, line ends and furniture: the next content, or the end. Backward: the
 * end of the content before, or 0. */
uint32_t gs_skip_forward(const struct gs_layout_scratch *s, uint32_t at);
uint32_t gs_skip_backward(const struct gs_layout_scratch *s, uint32_t at);

/* ---- layout_page.c ---- */

GS_MUST_USE enum gaosou_status gs_pages_make(struct gs_layout *l, struct gs_layout_scratch *s);

/* ---- layout_join.c ---- */

/* Keeps what is known of the current line between calls. */
struct gs_join_state {
    uint32_t done;       /* everything before was looked at */
    uint32_t line_start; /* of the line that `spaced` is about; UINT32_MAX: none yet */
    bool spaced;
};
/* `at`: a digit, a space and a digit, on the line from line_start. */
GS_MUST_USE enum gaosou_status gs_join_look(struct gs_layout_scratch *s, struct gs_join_state *j,
                                            uint32_t line_start, uint32_t at);

#endif
