/*
 * ref_tokenise.h: a second, slow implementation of docs/ANALYSIS.md, written from that page.
 *
 * The whole text becomes an array of characters, that an array of elements, those get positions,
 * and tokens follow. Nothing is shared with common/text but the character table. Used to check the
 * cutter and as the scanner of the brute-force engine. Not fast, no state, one object per thread.
 */
#ifndef GS_TESTS_REF_TOKENISE_H
#define GS_TESTS_REF_TOKENISE_H

#include "common/text/layout.h"
#include "common/text/structure.h"
#include "common/text/term.h"
#include "tests/support/ref_array.h"

#include <stdbool.h>
#include <stdint.h>

/* One decoded character of the text with what the table says of it. */
enum ref_class { REF_BREAK, REF_HAN, REF_WORD, REF_TRANSPARENT, REF_VANISHING };
#define REF_RESULT_MAX 24
struct ref_result {
    uint32_t cp;
    enum ref_class class;
};
struct ref_char {
    uint32_t cp;          /* as it stands in the text; U+FFFD for a bad sequence */
    uint32_t start, end;  /* bytes */
    enum ref_class class; /* TRANSPARENT, VANISHING, else REF_WORD standing for "see results" */
    bool isolated, superscript;
    size_t result_count;
    struct ref_result results[REF_RESULT_MAX];
};

/* Decodes the character at p (p < end): its length in bytes; invalid bytes are U+FFFD. */
size_t ref_decode(const uint8_t *p, const uint8_t *end, uint32_t *cp);
/* Writes cp as UTF-8; the number of bytes. */
size_t ref_encode(uint32_t cp, uint8_t out[4]);
/* Class and mapping of a code point; start and end are left alone. */
void ref_look_up(uint32_t cp, struct ref_char *c);

enum ref_kind {
    REF_ELEMENT_HAN,
    REF_ELEMENT_WORD,
    REF_ELEMENT_BREAK,
    REF_ELEMENT_TRANSPARENT,
    REF_ELEMENT_BARRIER
};
struct ref_element {
    enum ref_kind kind;
    uint32_t cp;         /* Han */
    size_t bytes, size;  /* word: the normalised bytes, an offset in ref_tokens.bytes */
    uint32_t start, end; /* bytes of the text */
    uint32_t position;   /* the one it takes, or for T and barriers the next one to be taken */
};

struct ref_token {
    bool is_word;
    uint32_t first, second;
    uint8_t word[GS_WORD_MAX];
    size_t size;
    uint32_t position, start, end;
};

struct ref_end {
    uint32_t position, kinds; /* ends at one position are one entry, kinds joined */
};

struct ref_tokens {
    REF_LIST(struct ref_char) chars; /* vanishing characters removed */
    REF_LIST(struct ref_element) elements;
    REF_LIST(struct ref_token) tokens;
    REF_LIST(struct ref_end) ends;
    REF_LIST(uint8_t) bytes;
    uint32_t positions; /* all that were taken */
    uint32_t length;    /* Han-like characters plus words */
};

/* Fills *t, which is zeroed at first and may be used again. marks and ends as layout.h and
 * structure.h give them; NULL where their counts are 0. */
void ref_tokenise(struct ref_tokens *t, const uint8_t *text, size_t size,
                  const struct gs_mark *marks, size_t mark_count, const struct gs_end *ends,
                  size_t end_count);
void ref_tokens_release(struct ref_tokens *t);

/* The position that the next content has at a byte offset: an open run of breaks counted as taken.
 */
uint32_t ref_position_at(const struct ref_tokens *t, uint32_t offset);

/* A normalised word as a term: itself, or its first bytes and a hash. Returns the size. */
size_t ref_word_term(const uint8_t *word, size_t size, uint8_t out[GS_WORD_MAX]);

#endif
