/*
 * ref_layout.h: a second, slow finding of page furniture, pages, joins and structure, written from
 * docs/ANALYSIS.md, sections Layout and Structure.
 *
 * A document is an array of characters and an array of lines; every rule is a loop over those. One
 * object per thread; zeroed at first, may be used again.
 */
#ifndef GS_TESTS_REF_LAYOUT_H
#define GS_TESTS_REF_LAYOUT_H

#include "common/text/layout.h"
#include "common/text/structure.h"
#include "tests/support/ref_array.h"

#include <stdbool.h>
#include <stdint.h>

struct ref_letter {
    uint32_t cp, offset;
    bool furniture, join;
};

struct ref_line {
    size_t start, end;  /* letters; end is where its line end stands */
    size_t first, last; /* its text: [first, last), first == last: blank */
};

#define REF_LABEL_CAP 32

/* A page number that counts. */
struct ref_number {
    size_t start, end; /* letters */
    unsigned shape;
    char parameters[48]; /* what must agree with the shape for two to be of one kind */
    char label[REF_LABEL_CAP];
    uint32_t value, total; /* total 0: none */
};

struct ref_page {
    uint32_t offset, sheet;
    char label[REF_LABEL_CAP];
};

struct ref_layout {
    uint32_t size; /* bytes of the content */
    REF_LIST(struct ref_letter) letters;
    REF_LIST(struct ref_line) lines;
    REF_LIST(struct ref_number) numbers;
    REF_LIST(struct gs_mark) marks;
    REF_LIST(struct ref_page) pages;
    REF_LIST(struct gs_end) ends;
    REF_LIST(struct gs_heading) headings;
};

/* Marks and pages of the content. */
void ref_layout_find(struct ref_layout *l, const uint8_t *content, size_t size);
/* Ends and headings; after ref_layout_find. */
void ref_structure_find(struct ref_layout *l);
void ref_layout_release(struct ref_layout *l);

/* ---- between the files of the reference ---- */

void ref_lines_read(struct ref_layout *l, const uint8_t *content, size_t size);
void ref_footers_find(
    struct ref_layout *l); /* F1 and F2: numbers, and their letters as furniture */
void ref_headers_find(struct ref_layout *l); /* F3 */

/* The byte offset of a letter; that of the end for letters.count. */
uint32_t ref_letter_offset(const struct ref_layout *l, size_t i);
uint32_t ref_letter_cp(const struct ref_layout *l, size_t i); /* 0 behind the last */
uint32_t ref_bytes_between(const struct ref_layout *l, size_t from, size_t to);
bool ref_has_furniture(const struct ref_layout *l, size_t from, size_t to);
void ref_mark_furniture(struct ref_layout *l, size_t from, size_t to);
bool ref_is_body(const struct ref_layout *l, size_t i); /* neither W, line end nor furniture */
bool ref_same_shape(const struct ref_number *a, const struct ref_number *b);

bool ref_is_white(uint32_t cp); /* W */
bool ref_is_line_end(uint32_t cp);
bool ref_is_han(uint32_t cp);   /* HAN */
bool ref_is_digit(uint32_t cp); /* d */
/* Whether cp is one of the characters of a UTF-8 string. */
bool ref_is_among(uint32_t cp, const char *list);

#endif
