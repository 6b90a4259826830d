/*
 * utf8.h: decoding and encoding of UTF-8, safe on any bytes. Thread-safe, pure.
 *
 * An invalid sequence is cut as Unicode advises (section 3.9, maximal subparts): the longest prefix
 * of a valid sequence, or one byte, stands for one U+FFFD.
 */
#ifndef GS_TEXT_UTF8_H
#define GS_TEXT_UTF8_H

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

/* Bytes that a character takes; writes them at out (room for 4). */
static inline uint32_t gs_utf8_encode(uint8_t *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (uint8_t)(0xC0 | c >> 6);
        out[1] = (uint8_t)(0x80 | (c & 63));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (uint8_t)(0xE0 | c >> 12);
        out[1] = (uint8_t)(0x80 | (c >> 6 & 63));
        out[2] = (uint8_t)(0x80 | (c & 63));
        return 3;
    }
    out[0] = (uint8_t)(0xF0 | c >> 18);
    out[1] = (uint8_t)(0x80 | (c >> 12 & 63));
    out[2] = (uint8_t)(0x80 | (c >> 6 & 63));
    out[3] = (uint8_t)(0x80 | (c & 63));
    return 4;
}

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
