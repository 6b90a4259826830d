/*
 * structure_internal.h: thresholds of the structure pass, and what its parts share. Private to
 * structure*.c.
 *
 * structure_scan.c makes bit masks of the content, structure_line.c judges one line (row, heading
 * mark, how it ends), structure.c walks the masks and writes the ends.
 */
#ifndef GS_TEXT_STRUCTURE_INTERNAL_H
#define GS_TEXT_STRUCTURE_INTERNAL_H

#include "common/text/line_chars.h"
#include "common/text/structure.h"

/* Thresholds of docs/ANALYSIS.md, section Structure. */
#define GS_HEADING_CHARS 30 /* characters of a heading, at most, white space aside */
#define GS_ROW_GAPS      2  /* wide gaps that make a row, at least */
#define GS_MARK_SPACES   4  /* white space where `w` stands in a heading mark, at most */

/* ---- structure_scan.c ---- */

#define GS_MASK_BLOCK 64
/* A bit for each of 64 bytes. */
struct gs_structure_masks {
    uint64_t events; /* superset of: first bytes of line ends, enders and U+001F */
    uint64_t gaps;   /* superset of: a byte in every wide gap */
    uint64_t digits; /* ASCII digits */
    uint64_t han;    /* first bytes E4 to E9: all of them are HAN */
};
/* One block from p; `avail` bytes may be read (more than the block: two are looked ahead), what lies
 * behind counts as zeros. */
void gs_structure_scan(const uint8_t *p, size_t avail, struct gs_structure_masks *out);
void gs_structure_scan_scalar(const uint8_t *p, size_t avail, struct gs_structure_masks *out);

/* ---- structure_line.c: of a line's text [p, end), p < end ---- */

/* Whether two wide gaps stand in it. */
bool gs_text_has_gaps(const uint8_t *p, const uint8_t *end);
/* Whether figures are at least one, and half of its tokens. */
bool gs_text_is_figures(const uint8_t *p, const uint8_t *end);
/* The level of the heading mark it begins with, and where the mark ends; 0: none. */
uint32_t gs_heading_mark(const uint8_t *p, const uint8_t *end, const uint8_t **behind);
/* Whether a line with a heading mark that ends at `behind`, and no full ender, is a heading. */
bool gs_text_is_heading(const uint8_t *p, const uint8_t *behind, const uint8_t *end);
/* Whether it ends a paragraph: a full ender, a colon or a half-width one, closers aside. */
bool gs_text_ends_paragraph(const uint8_t *p, const uint8_t *end);

/* Bytes of an ender or closer at p, 0 where none stands. *full: a full ender, E. */
size_t gs_ender_at(const uint8_t *p, const uint8_t *end, bool *full);
size_t gs_closer_at(const uint8_t *p, const uint8_t *end);

#endif
