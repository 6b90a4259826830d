/*
 * text_scan_scalar.c: the scan in portable C.
 *
 * Sixteen bytes are compared at a time, in the compiler's vectors: it makes of them what the
 * processor has, if only eight bytes in a register. No instruction set is named here.
 */
#include "common/text/text_scan.h"

#include "common/text/line_chars.h"

#define LOOKAHEAD 2

/* Sixteen bytes; a comparison makes each FF or 00. */
typedef uint8_t bytes16 __attribute__((vector_size(16)));
#define LANES (GS_SCAN_BLOCK / 16)

static inline bytes16 load(const uint8_t *p)
{
    bytes16 v;
    memcpy(&v, p, sizeof(v));
    return v;
}

#define IS(v, byte) ((bytes16)((v) == (uint8_t)(byte)))

/* A block's bytes of FF and 00 as bits. */
static inline uint64_t bits_of_lanes(const bytes16 v[LANES])
{
    /* of lane q bit 2q of each of the first eight bytes, and 2q + 1 of the others: */
    const bytes16 weights = {1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2};
    bytes16 all = v[0] & weights;
    uint64_t halves[2], x, t;
    for (unsigned q = 1; q < LANES; q++)
        all |= v[q] & (weights << 2 * q);
    memcpy(halves, &all, sizeof(halves));
    x = halves[0] | halves[1]; /* bit k of byte j is for the place 8k + j: to be transposed */
    t = (x ^ x >> 7) & 0x00AA00AA00AA00AA;
    x ^= t ^ t << 7;
    t = (x ^ x >> 14) & 0x0000CCCC0000CCCC;
    x ^= t ^ t << 14;
    t = (x ^ x >> 28) & 0x00000000F0F0F0F0;
    return x ^ t ^ t << 28;
}

static inline bool is_any(bytes16 v)
{
    uint64_t halves[2];
    memcpy(halves, &v, sizeof(halves));
    return (halves[0] | halves[1]) != 0;
}

/* ---- the lists ---- */

/* Where the bytes a, b, c from a place on can be something; few more places than those that are. */
static inline bytes16 can_be(bytes16 a, bytes16 b, bytes16 c)
{
    bytes16 line = IS(a, '\n') | IS(a | 1, '\r') | IS(a, 0xC2) | (IS(a, 0xE2) & IS(c | 1, 0xA9));
    bytes16 half = IS(a & 0xDB, 0x1B) | IS(a, '!');
    bytes16 full = IS(a, 0xE3) & IS(c, 0x82);
    bytes16 wide = IS(a, 0xEF) & (IS(c & 0xFB, 0x9B) | IS(c & 0xDF, 0x81));
    bytes16 page = IS(a, 0xE7) & IS(c, 0xAC);
    bytes16 digits = IS(b, ' ') & IS(a & c & 0xF0, 0x30); /* 7x too */
    return line | half | full | wide | page | digits;
}

/* What a byte that begins such a place is of; 0: of nothing. */
#define ENDER 1u
#define LINE  2u
#define RARE  4u /* a line end of two or three bytes, or for layout */
static const uint8_t kinds[256] = {
    [0x1B] = ENDER, [0x1F] = ENDER, ['!'] = ENDER, [';'] = ENDER, ['?'] = ENDER, [0xE3] = ENDER,
    [0xEF] = ENDER, ['\n'] = LINE,  ['\f'] = LINE, ['\r'] = LINE, [0xC2] = RARE, [0xE2] = RARE,
    [0xE7] = RARE,  ['0'] = RARE,   ['1'] = RARE,  ['2'] = RARE,  ['3'] = RARE,  ['4'] = RARE,
    ['5'] = RARE,   ['6'] = RARE,   ['7'] = RARE,  ['8'] = RARE,  ['9'] = RARE};

static inline uint64_t look(const uint8_t *p)
{
    bytes16 can[LANES];
    for (unsigned q = 0; q < LANES; q++)
        can[q] = can_be(load(p + 16 * q), load(p + 16 * q + 1), load(p + 16 * q + 2));
    return bits_of_lanes(can);
}

static inline uint64_t look_end(const uint8_t *p, size_t size)
{
    uint8_t copy[GS_SCAN_BLOCK + LOOKAHEAD] = {0};
    return look(memcpy(copy, p, size)); /* zeros can be nothing */
}

static void take_rare(const uint8_t *content, size_t size, uint32_t at, struct gs_text_scan *out)
{
    if (content[at] < 0xE7 && gs_line_end_at(content + at, content + size))
        out->lines[out->line_count++] = (struct gs_scan_line){at, (uint32_t)out->ender_count};
    else
        out->layout[out->layout_count++] = at;
}

/* A place is written to both lists of the frequent kinds, and counted in its own: the kind can
 * hardly be guessed. The bytes to come are asked for early, as in text_scan_take.inc. */
static void scan(const uint8_t *content, size_t size, size_t from, size_t to,
                 struct gs_text_scan *out)
{
    for (size_t base = from; base < to; base += GS_SCAN_BLOCK) {
        const uint8_t *p = content + base;
        __builtin_prefetch((const void *)((uintptr_t)p + GS_SCAN_AHEAD), 0, 2);
        bool is_end = size - base < GS_SCAN_BLOCK + LOOKAHEAD;
        for (uint64_t all = is_end ? look_end(p, size - base) : look(p); all; all &= all - 1) {
            uint32_t at = (uint32_t)base + (uint32_t)__builtin_ctzll(all);
            unsigned kind = kinds[content[at]];
            out->enders[out->ender_count] = at;
            out->ender_count += kind & ENDER;
            out->lines[out->line_count] = (struct gs_scan_line){at, (uint32_t)out->ender_count};
            out->line_count += (kind & LINE) / LINE;
            if (kind & RARE)
                take_rare(content, size, at, out);
        }
    }
}

/* ---- windows, tokens ---- */

/* Of one block, bit i for byte i. */
struct line_masks {
    uint64_t tabs, spaces; /* 0009; 0020 and 000B */
    uint64_t other;        /* may begin white space of two or three bytes */
    uint64_t digits, han;
};

/* May begin white space of two or three bytes. */
static inline bytes16 other_space(bytes16 a, bytes16 b, bytes16 c)
{
    bytes16 three = (IS(a, 0xE2) & (bytes16)(c < 0x8B)) | (IS(a, 0xE3) & IS(c, 0x80));
    return (IS(a, 0xC2) & IS(b, 0xA0)) | (IS(b, 0x80) & three);
}

static inline void line_masks(const uint8_t *p, size_t size, struct line_masks *m)
{
    uint8_t copy[GS_SCAN_BLOCK + LOOKAHEAD] = {0};
    bytes16 tab[LANES], space[LANES], other[LANES], digit[LANES], han[LANES], seldom = {0};
    if (size < sizeof(copy))
        p = memcpy(copy, p, size);
    for (unsigned q = 0; q < LANES; q++) {
        bytes16 a = load(p + 16 * q), b = load(p + 16 * q + 1), c = load(p + 16 * q + 2);
        tab[q] = IS(a, '\t');
        space[q] = IS(a, ' ') | IS(a, '\v');
        other[q] = other_space(a, b, c);
        digit[q] = IS(a & 0xF0, 0x30);
        han[q] = (bytes16)(a - 0xE5 < 5);
        seldom |= tab[q] | other[q];
    }
    *m = (struct line_masks){0, bits_of_lanes(space), 0, bits_of_lanes(digit), bits_of_lanes(han)};
    if (is_any(seldom)) {
        m->tabs = bits_of_lanes(tab);
        m->other = bits_of_lanes(other);
    }
}

static inline void token_masks(const uint8_t *p, size_t size, struct gs_token_masks *m)
{
    uint8_t copy[GS_SCAN_BLOCK + LOOKAHEAD] = {0};
    bytes16 letter[LANES], digit[LANES], point[LANES], han[LANES], odd = {0};
    if (size < GS_SCAN_BLOCK + LOOKAHEAD)
        p = memcpy(copy, p, size);
    for (unsigned q = 0; q < LANES; q++) {
        bytes16 a = load(p + 16 * q), b = load(p + 16 * q + 1), c = load(p + 16 * q + 2);
        letter[q] = (bytes16)((a | 0x20) - 'a' < 26);
        digit[q] = (bytes16)(a - '0' < 10);
        point[q] = IS(a, '.') | IS(a, ',');
        han[q] = (bytes16)(a - 0xE4 < 6);
        odd |= IS(a, 0xE3) & (~IS(b, 0x80) | IS(c & 0xFC, 0x84));
        odd |= (IS(a, 0xE2) & (bytes16)(b > 0xB9)) | (IS(a, 0xEF) & (bytes16)(b < 0xBC));
        odd |= ((bytes16)(a > 0xE9) & ~IS(a | 1, 0xEF)) | (IS(a, 0xE4) & IS(b, 0xB7));
    }
    *m = (struct gs_token_masks){bits_of_lanes(letter), bits_of_lanes(digit), bits_of_lanes(point),
                                 bits_of_lanes(han), is_any(odd)};
}

#include "common/text/text_scan_tokens.inc"
#include "common/text/text_scan_window.inc"

const struct gs_scan_kernel gs_scan_scalar = {scan, window, count, tokens};
