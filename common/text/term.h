/*
 * term.h: the name of a term, as analysis makes it and the index stores it.
 *
 * A Han term is one or two normalised characters (second is 0 for a unigram). A word term is its
 * normalised UTF-8, 1 to 64 bytes; a longer word is cut to the longest prefix of at most 48 bytes that
 * ends on a character, then the 16 lower-case hex digits of XXH3-64 of the whole normalised word.
 * Structural terms have first = 0 and second = one of GS_STRUCT_*; their positions are ends (see
 * structure.h). Total order: structural, then Han by (first, second), then words by bytes.
 */
#ifndef GS_TEXT_TERM_H
#define GS_TEXT_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GS_WORD_MAX 64     /* bytes of the longest word term */
#define GS_WORD_PREFIX 48  /* bytes kept of a longer one */
#define GS_STRUCT_SENTENCE 1
#define GS_STRUCT_PARAGRAPH 2
#define GS_STRUCT_HEADING 3

struct gs_term {
    bool is_word;
    uint32_t first, second; /* code points; Han and structural terms */
    const uint8_t *bytes;   /* words: borrowed from whoever made the term */
    size_t size;
};

/* <0, 0, >0 in the total order above. */
int gs_term_compare(const struct gs_term *a, const struct gs_term *b);

#define GS_TERM_TEXT_CAP 80
/* Printed form, NUL-ended UTF-8: 净利, 芯, rk3588, or #sentence #paragraph #heading. Returns out. */
char *gs_term_text(const struct gs_term *t, char out[GS_TERM_TEXT_CAP]);

#endif
