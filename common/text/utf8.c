#include "common/text/utf8.h"

/* Length and range of the second byte by lead (Unicode, table 3-7). */
struct lead {
    uint32_t length;
    uint8_t low, high;
};

static struct lead classify_lead(uint8_t b)
{
    if (b >= 0xC2 && b <= 0xDF)
        return (struct lead){2, 0x80, 0xBF};
    if (b >= 0xE0 && b <= 0xEF)
        return (struct lead){3, b == 0xE0 ? 0xA0 : 0x80, b == 0xED ? 0x9F : 0xBF};
    if (b >= 0xF0 && b <= 0xF4)
        return (struct lead){4, b == 0xF0 ? 0x90 : 0x80, b == 0xF4 ? 0x8F : 0xBF};
    return (struct lead){0, 0, 0};
}

struct gs_utf8_char gs_utf8_decode(const uint8_t *p, size_t size)
{
    if (p[0] < 0x80)
        return (struct gs_utf8_char){p[0], 1, true};
    struct lead lead = classify_lead(p[0]);
    if (!lead.length)
        return (struct gs_utf8_char){GS_REPLACEMENT, 1, false};
    uint32_t code = p[0] & (0xFFu >> (lead.length + 1));
    for (uint32_t i = 1; i < lead.length; i++) {
        if (i == size)
            return (struct gs_utf8_char){GS_REPLACEMENT, 0, false};
        uint8_t low = i == 1 ? lead.low : 0x80, high = i == 1 ? lead.high : 0xBF;
        if (p[i] < low || p[i] > high)
            return (struct gs_utf8_char){GS_REPLACEMENT, i, false};
        code = code << 6 | (p[i] & 63u);
    }
    return (struct gs_utf8_char){code, lead.length, true};
}
