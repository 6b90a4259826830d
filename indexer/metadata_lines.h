/*
 * metadata_lines.h: a stretch of a filing as lines of folded text, for matching.
 *
 * Folded: Han characters in their simplified form, full-width ASCII as ASCII, dashes as '-', white
 * space within a line left out (a mark remains where it was), U+25CB and the like as 〇. Every
 * folded character knows where it came from. Line ends are LF, CR, FF, U+2028 and U+2029; lines
 * without anything visible are left out, but counted. Private to metadata_*.c.
 */
#ifndef GS_INDEXER_METADATA_LINES_H
#define GS_INDEXER_METADATA_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GS_LINE_FOLD_MAX  480u   /* folded bytes kept of a line */
#define GS_LINES_MAX      240u   /* lines of a stretch */
#define GS_LINES_FOLD_MAX 24576u /* folded bytes of a stretch */

struct gs_line {
    uint32_t start, end; /* folded bytes */
    bool cut;            /* there is more of it, not kept */
    bool after_blank;    /* a blank line stands before */
    bool after_page;     /* a form feed stands before */
    bool may_date;       /* has a 日, or a digit with - / or . behind it */
    bool may_company;    /* has a 司 */
    bool may_label; /* has one of 代 名 简 编, or an S: a label may end in the one, or be the
                       English one */
};

struct gs_lines {
    const uint8_t *text; /* the filing's */
    size_t text_end;     /* of the stretch */
    size_t count;
    struct gs_line line[GS_LINES_MAX];
    size_t size; /* folded bytes */
    char fold[GS_LINES_FOLD_MAX + 8];
    uint32_t from[GS_LINES_FOLD_MAX + 8]; /* at a folded character's first byte: its offset in the
                                             text, GS_FROM_GAP where white space stands before */
};
#define GS_FROM_GAP 0x80000000u

/* Takes the lines of text[from, to). last: of a line that is too long its end is kept, not its
 * beginning. */
void gs_lines_take(struct gs_lines *l, const uint8_t *text, size_t from, size_t to, bool last);

/*
 * The next folded character of the line at p into *c; white space and what is left out is stepped
 * over. Returns the bytes taken; *c is 0 at the line's end.
 */
size_t gs_lines_next_char(const uint8_t *p, const uint8_t *end, uint32_t *c);

/* Whether white space stood before the folded character at p (not at its line's start). */
static inline bool gs_lines_gap(const struct gs_lines *l, size_t p)
{
    return (l->from[p] & GS_FROM_GAP) != 0;
}

/* Where the folded character at p, or the end of the one before p, stands in the text. */
static inline uint32_t gs_lines_source(const struct gs_lines *l, size_t p)
{
    return l->from[p] & ~GS_FROM_GAP;
}
uint32_t gs_lines_source_end(const struct gs_lines *l, size_t p);

/*
 * The folded bytes of the number that a word processor wrote in front of the heading at
 * [start, end): one or two digits and a tab, or white space before 关于; 0: none. Years and amounts
 * (2023 年, 5 亿元) are the heading's own.
 */
size_t gs_lines_heading_number(const struct gs_lines *l, size_t start, size_t end);

#endif
