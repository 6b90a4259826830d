/*
 * plausible.h: how much a string looks like text somebody wrote, Chinese above all.
 *
 * Tells a right decoding from a wrong one, and a text layer from a heap of glyph numbers. Each
 * character counts by what it is: common Han characters (Traditional by their Simplified forms, in
 * three bands of frequency), Chinese punctuation and Latin letters are what text is made of; rare
 * Han are not, and control, private-use and replacement characters speak against it. Pure;
 * thread-safe.
 */
#ifndef GS_INDEXER_PLAUSIBLE_H
#define GS_INDEXER_PLAUSIBLE_H

#include <stddef.h>
#include <stdint.h>

struct gs_plausible {
    double ascii;               /* weight of ASCII, control characters aside: it gains all of it */
    double other, other_gained; /* of all others, and what they gained of it */
    uint64_t characters;
};

/* Adds the characters of valid UTF-8 to what *p holds; zeroed at first. An invalid byte counts as
 * U+FFFD. */
void gs_plausible_count(struct gs_plausible *p, const uint8_t *text, size_t size);

/* What the counted characters gained of their weight, 0 to 1; 1 for none. */
double gs_plausible_score(const struct gs_plausible *p);
/* The same of the characters outside ASCII, and of control characters. */
double gs_plausible_score_other(const struct gs_plausible *p);

/*
 * Of UTF-8, by samples from its start, middle and end (12 KB in all): 0 to 1. Running Chinese text
 * gets 0.8 to 1, tables and English 0.75 to 1, Japanese about 0.6, text decoded as the wrong one of
 * GBK and Big5 below 0.4, private-use and control characters 0. 1 for an empty text.
 */
double gs_text_plausibility(const uint8_t *text, size_t size);

#endif
