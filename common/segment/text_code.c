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

/* ---- decoding ---- */

/* The character of a code that is not ASCII and no escape, as UTF-8; `b` is the byte behind `a`.
 * Writes up to 4 bytes. */
static inline uint8_t *put_code(uint8_t *o, uint32_t a, uint32_t b)
{
    /* One byte or two without a branch, which would be a coin toss. */
    uint32_t mask = 0u - (a >= GS_TEXT_CODE_LEAD);
    uint32_t number = ((a << 8 | b) & mask) + (a & ~mask) - FIRST_SINGLE;
    number -= (FIRST_PAIR - FIRST_SINGLE) & mask;
    uint32_t unit = gs_text_code_characters[number];
    if (__builtin_expect(unit < 0x800, 0)) {
        o[0] = (uint8_t)(0xC0 | unit >> 6);
        o[1] = (uint8_t)(0x80 | (unit & 0x3F));
        return o + 2;
    }
    gs_store_u32(o, (0xE0 | unit >> 12) | (0x80 | (unit >> 6 & 0x3F)) << 8 |
                        (0x80 | (unit & 0x3F)) << 16);
    return o + 3;
}

/* One code; false where it is bad. A lead byte at the very end leaves *in behind `end`. */
static inline bool decode_one(const uint8_t **in, const uint8_t *end, uint8_t **out)
{
    const uint8_t *p = *in;
    uint32_t a = p[0];
    if (a < 0x80) {
        *(*out)++ = (uint8_t)a;
        *in = p + 1;
        return true;
    }
    if (__builtin_expect(a == GS_TEXT_CODE_ESCAPE, 0)) {
        size_t n = end - p > 1 ? sequence_size(p + 1, end) : 0;
        memcpy(*out, p + 1, n);
        *out += n;
        *in = p + 1 + n;
        return n > 0;
    }
    *out = put_code(*out, a, p[1]);
    *in = p + 1 + (a >= GS_TEXT_CODE_LEAD);
    return true;
}

/*
 * Codes are read CHUNK bytes at a time, so that where a code begins does not wait for the one
 * before to be looked up. A byte is a trail byte where the code that begins before it is of two
 * bytes; in a row of bytes that look like leads every second one is a trail, and so is what stands
 * behind a row of odd length. That is the escaped character behind a row of backslashes, and one
 * subtraction finds it for all rows (Langdale and Lemire, "Parsing Gigabytes of JSON per Second",
 * 2019, section 3.1.1, in the form of simdjson's later versions). Chunks with an escape byte in
 * them, as code or as trail, go code by code.
 */
#define CHUNK      32u
#define CHUNK_ROOM (CHUNK * 3 + 1) /* most that a chunk gives, and what its last store runs over   \
                                    */
#define EACH_BYTE   UINT64_C(0x0101010101010101)
#define ODD_BITS    UINT64_C(0xAAAAAAAAAAAAAAAA)
#define GATHER_BITS UINT64_C(0x0102040810204080) /* times bits 0, 8, .., 56: they become 56 to 63  \
                                                  */

struct chunk {
    uint64_t leads; /* bit i: byte i is GS_TEXT_CODE_LEAD or more */
    bool escapes, ascii;
};

static inline struct chunk look(const uint8_t *p)
{
    struct chunk c = {0};
    uint64_t high = 0, full = 0;
    for (unsigned i = 0; i < CHUNK / 8; i++) {
        uint64_t w = gs_load_u64(p + (size_t)8 * i), inverse = ~w;
        /* From D0 on: bits 7 and 6, and 5 or 4. The highest bit of a byte sees no other byte. */
        uint64_t leads = (w & w << 1 & (w << 2 | w << 3)) >> 7 & EACH_BYTE;
        c.leads |= (leads * GATHER_BITS >> 56) << (8 * i);
        high |= w;
        full |= (inverse - EACH_BYTE) & w & EACH_BYTE << 7; /* a byte of the inverse is zero */
    }
    c.escapes = full != 0;
    c.ascii = !(high & EACH_BYTE << 7);
    return c;
}

/* Decodes the codes that begin in the chunk at p; returns where the next one begins. */
static inline const uint8_t *decode_chunk(const uint8_t *p, uint64_t leads, uint8_t **out)
{
    uint64_t trails = (((leads << 1 | ODD_BITS) - leads) ^ ODD_BITS) ^ leads;
    uint64_t begins = ~trails & ((UINT64_C(1) << CHUNK) - 1);
    uint8_t *o = *out;
    for (uint64_t left = begins; left; left &= left - 1) {
        unsigned i = (unsigned)__builtin_ctzll(left);
        if (p[i] < 0x80)
            *o++ = p[i];
        else
            o = put_code(o, p[i], p[i + 1]);
    }
    *out = o;
    return p + CHUNK + (begins & leads) / (UINT64_C(1) << (CHUNK - 1));
}

bool gs_text_code_decode(const uint8_t *coded, size_t size, uint8_t *out, size_t out_size)
{
    const uint8_t *p = coded, *end = coded + size;
    uint8_t *o = out, *limit = out + out_size;
    while (p < end) {
        if (end - p > CHUNK && limit - o >= (ptrdiff_t)CHUNK_ROOM) {
            struct chunk c = look(p);
            if (c.ascii) {
                memcpy(o, p, CHUNK);
                o += CHUNK;
                p += CHUNK;
                continue;
            }
            if (!c.escapes) {
                p = decode_chunk(p, c.leads, &o);
                continue;
            }
        }
        if (o >= limit || !decode_one(&p, end, &o))
            return false;
    }
    return o == limit && p == end;
}
