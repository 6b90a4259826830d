/*
 * pattern.h: words with ? (any one character) and * (any number of them) in them (docs/QUERY.md,
 * Patterns). Pure, thread-safe.
 */
#ifndef GS_QUERY_PATTERN_H
#define GS_QUERY_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes before the first sign: every word that the pattern describes begins with them. */
size_t gs_pattern_fixed(const uint8_t *pattern, size_t size);

/* Whether the pattern describes the whole word, which is UTF-8. Time is at most the product of
 * their sizes. */
bool gs_pattern_matches(const uint8_t *pattern, size_t pattern_size, const uint8_t *word,
                        size_t word_size);

#endif
