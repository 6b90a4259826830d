/*
 * utf8.h: decoding and encoding of UTF-8, safe on any bytes. Thread-safe, pure.
 *
 * An invalid sequence is cut as Unicode advises (section 3.9, maximal subparts): the longest prefix
 * of a valid sequence, or one byte, stands for one U+FFFD.
 */
#ifndef GS_TEXT_UTF8_H
#define GS_TEXT_UTF8_H

#include "common/base/utf8_step.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GS_REPLACEMENT 0xFFFDu

struct gs_utf8_char {
    uint32_t code; /* GS_REPLACEMENT for an invalid sequence */
    uint32_t size; /* bytes; 0: the bytes end inside a sequence that is valid so far */
    bool valid;
};

/* The first character of [p, p + size), size >= 1. Reads nothing beyond. */
struct gs_utf8_char gs_utf8_decode(const uint8_t *p, size_t size);

/* The longest prefix of at most `most` bytes of valid UTF-8 that ends on a character. */
static inline size_t gs_utf8_prefix(const uint8_t *p, size_t size, size_t most)
{
    if (size <= most)
        return size;
    while (most > 0 && (p[most] & 0xC0) == 0x80)
        most--;
    return most;
}

#endif
