#include "common/segment/text_code.h"

#include "common/base/bytes.h"

/* What is taken from a code (a pair as lead * 256 + trail) to get the character's number. */
#define FIRST_SINGLE 0x80u
#define FIRST_PAIR   (GS_TEXT_CODE_LEAD * 256u - GS_TEXT_CODE_SINGLES)

void gs_text_code_init(struct gs_text_code *c)
{
    memset(c, 0, sizeof(*c));
    for (uint32_t i = 0; i < GS_TEXT_CODE_COUNT; i++) {
        uint32_t pair = i - GS_TEXT_CODE_SINGLES;
        uint32_t code = i < GS_TEXT_CODE_SINGLES
                            ? 0x80 + i
                            : (GS_TEXT_CODE_LEAD + pair / 256) | (pair % 256) << 8;
        c->code[gs_text_code_characters[i]] = (uint16_t)code;
    }
}

/* The size of the valid UTF-8 sequence at p (not ASCII), or 0. */
static size_t sequence_size(const uint8_t *p, const uint8_t *end)
{
    uint8_t a = p[0];
    if (a < 0xC2 || a > 0xF4)
        return 0;
    size_t size = a < 0xE0 ? 2 : a < 0xF0 ? 3 : 4;
    if (size > (size_t)(end - p))
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    if ((a == 0xE0 && p[1] < 0xA0) || (a == 0xED && p[1] > 0x9F) || (a == 0xF0 && p[1] < 0x90) ||
        (a == 0xF4 && p[1] > 0x8F))
        return 0;
    return size;
}

/* A character of two bytes, or one that has no code: escaped. Returns the size read, 0 for bad
 * UTF-8. */
static size_t encode_rare(const struct gs_text_code *c, const uint8_t *p, const uint8_t *end,
                          uint8_t **out)
{
    size_t size = sequence_size(p, end);
    if (size == 0)
        return 0;
    uint16_t code = size == 2 ? c->code[(p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu)] : 0;
    uint8_t *o = *out;
    if (code) {
        gs_store_u16(o, code);
        *out = o + 1 + ((code & 0xFF) >= GS_TEXT_CODE_LEAD);
    } else {
        o[0] = GS_TEXT_CODE_ESCAPE;
        memcpy(o + 1, p, size);
        *out = o + 1 + size;
    }
    return size;
}

size_t gs_text_code_encode(const struct gs_text_code *c, const uint8_t *text, size_t size,
                           uint8_t *out)
{
    const uint8_t *p = text, *end = text + size;
    uint8_t *o = out, *limit = out + size; /* a step writes at most 5 bytes from below the limit */
    while (p < end) {
        if (o >= limit)
            return 0;
        if (*p < 0x80) {
            *o++ = *p++;
            continue;
        }
        /* Three bytes, as nearly all are: no branch on the size of the code, which is a coin toss.
         */
        uint32_t v = gs_load_u32(p);
        uint32_t unit = (v & 0x0F) << 12 | (v >> 2 & 0xFC0) | (v >> 16 & 0x3F);
        uint16_t code = c->code[unit];
        if (__builtin_expect((v & 0xC0C0F0) == 0x8080E0 && unit >= 0x800 && code && end - p >= 3,
                             1)) {
            gs_store_u16(o, code);
            o += 1 + ((code & 0xFF) >= GS_TEXT_CODE_LEAD);
            p += 3;
            continue;
        }
        size_t n = encode_rare(c, p, end, &o);
        if (n == 0)
            return 0;
        p += n;
    }
    size_t written = (size_t)(o - out);
    return written < size ? written : 0;
}

bool gs_text_code_decode(const uint8_t *coded, size_t size, uint8_t *out, size_t out_size)
{
    const uint8_t *p = coded, *end = coded + size;
    uint8_t *o = out, *limit = out + out_size;
    while (p < end) {
        uint32_t a = p[0];
        if (o >= limit)
            return false;
        if (a < 0x80) {
            *o++ = (uint8_t)a;
            p++;
            continue;
        }
        if (__builtin_expect(a == GS_TEXT_CODE_ESCAPE, 0)) {
            size_t n = end - p > 1 ? sequence_size(p + 1, end) : 0;
            if (n == 0)
                return false;
            memcpy(o, p + 1, n);
            o += n;
            p += 1 + n;
            continue;
        }
        /* One byte or two without a branch; a lead byte at the very end is seen below, by p > end.
         */
        uint32_t pair = a >= GS_TEXT_CODE_LEAD, mask = 0u - pair;
        uint32_t number = ((a << 8 | p[1]) & mask) + (a & ~mask) - FIRST_SINGLE;
        number -= (FIRST_PAIR - FIRST_SINGLE) & mask;
        p += 1 + pair;
        uint32_t unit = gs_text_code_characters[number];
        if (__builtin_expect(unit < 0x800, 0)) {
            *o++ = (uint8_t)(0xC0 | unit >> 6);
            *o++ = (uint8_t)(0x80 | (unit & 0x3F));
            continue;
        }
        gs_store_u32(o, (0xE0 | unit >> 12) | (0x80 | (unit >> 6 & 0x3F)) << 8 |
                            (0x80 | (unit & 0x3F)) << 16);
        o += 3;
    }
    return o == limit && p == end;
}
