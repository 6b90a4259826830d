/*
 * cutter_ascii.h: eight bytes of ASCII at a time. Private to cutter*.c.
 *
 * A set of bytes is a word with the top bit of each of its bytes; the first byte is the lowest.
 */
#ifndef GS_TEXT_CUTTER_ASCII_H
#define GS_TEXT_CUTTER_ASCII_H

#include "common/text/chartab.h"

#define GS_EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))
#define GS_TOP_BITS        GS_EACH_BYTE(0x80)

/* Bytes of x in [low, high]; bytes of x are below 0x80. */
static inline uint64_t gs_bytes_between(uint64_t x, uint8_t low, uint8_t high)
{
    return (x + GS_EACH_BYTE(0x80u - low)) & ~(x + GS_EACH_BYTE(0x7Fu - high)) & GS_TOP_BITS;
}

/* Bytes before the first of the set; 8 where it is empty. */
static inline size_t gs_bytes_before(uint64_t set)
{
    return set ? (size_t)__builtin_ctzll(set) / 8 : 8;
}

static inline bool gs_is_digit_byte(uint8_t b)
{
    return (uint8_t)(b - '0') < 10;
}

static inline bool gs_is_word_byte(uint8_t b)
{
    return b < 0x80 && gs_chartab_bmp[b] >= 0x30;
}

static inline bool gs_is_separator_byte(uint8_t b)
{
    return b == '.' || b == ',';
}

#endif
