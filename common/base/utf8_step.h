/*
 * utf8_step.h: one character at a time out of bytes that may be anything.
 *
 * For output and other paths that are not hot; the cutter has its own loops. Pure functions, no
 * state.
 */
#ifndef GS_BASE_UTF8_STEP_H
#define GS_BASE_UTF8_STEP_H

#include <stddef.h>
#include <stdint.h>

#define GS_UTF8_BAD 0xFFFDu

/* Whether b continues a character. */
static inline int gs_utf8_is_tail(uint8_t b)
{
    return (b & 0xC0) == 0x80;
}

/*
 * Reads the character at p (p < end) into *cp and returns the bytes it takes, 1 to 4. An invalid
 * sequence gives GS_UTF8_BAD and the length of its maximal valid prefix (Unicode 15, section 3.9,
 * U+FFFD substitution), at least 1.
 */
static inline size_t gs_utf8_step(const uint8_t *p, const uint8_t *end, uint32_t *cp)
{
    uint8_t lead = p[0];
    if (lead < 0x80) {
        *cp = lead;
        return 1;
    }
    *cp = GS_UTF8_BAD;
    size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4)
        return 1;
    /* The second byte's range keeps out overlong forms, surrogates and what is above U+10FFFF. */
    uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (end - p < 2 || p[1] < low || p[1] > high)
        return 1;
    uint32_t value = lead & (0x7Fu >> size);
    value = value << 6 | (p[1] & 0x3Fu);
    for (size_t i = 2; i < size; i++) {
        if ((size_t)(end - p) <= i || !gs_utf8_is_tail(p[i]))
            return i;
        value = value << 6 | (p[i] & 0x3Fu);
    }
    *cp = value;
    return size;
}

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

#endif
