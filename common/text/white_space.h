/* white_space.h: the characters with the Unicode property White_Space. Pure. */
#ifndef GS_TEXT_WHITE_SPACE_H
#define GS_TEXT_WHITE_SPACE_H

#include <stdbool.h>
#include <stdint.h>

static inline bool gs_char_is_white_space(uint32_t c)
{
    return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000;
}

#endif
