/*
 * text_scan_scalar.c: the scan in portable C.
 *
 * One branchless loop marks the places of a block that can be something, few more than those that
 * are; it is of the kind that compilers turn into vector code for whatever the processor has.
 */
#include "common/text/text_scan.h"

#include <string.h>

#define LOOKAHEAD 2

struct hits {
    uint64_t enders, lines,
        rare; /* lines: those of one byte, exactly; rare: see text_scan_take.inc */
};

/* 1 where the bytes a, b, c from a place on can be something, else 0. */
static inline uint8_t can_be(uint8_t a, uint8_t b, uint8_t c)
{
    int line = (a == '\n') | ((a | 1) == '\r') | (a == 0xC2) | ((a == 0xE2) & ((c | 1) == 0xA9));
    int half = ((a & 0xDB) == 0x1B) | (a == '!');
    int full = (a == 0xE3) & (c == 0x82);
    int wide = (a == 0xEF) & (((c & 0xFB) == 0x9B) | ((c & 0xDF) == 0x81));
    int page = (a == 0xE7) & (c == 0xAC);
    int digits = (b == ' ') & ((a & 0xF0) == 0x30) & ((c & 0xF0) == 0x30);
    return (uint8_t)(line | half | full | wide | page | digits);
}

/* GS_SCAN_BLOCK bytes of 0 or 1 as bits. */
static inline uint64_t bits_of_block(const uint8_t *p)
{
    uint64_t bits = 0;
    for (unsigned i = 0; i < GS_SCAN_BLOCK; i += 8) {
        uint64_t eight = 0;
        for (unsigned k = 0; k < 8; k++)
            eight |= (uint64_t)p[i + k] << 8 * k;
        bits |= (eight * 0x0102040810204080u >> 56) << i;
    }
    return bits;
}

static inline int is_ender_lead(uint8_t a)
{
    return a >= 0xE3 ? a != 0xE7 : (a & 0xDB) == 0x1B || a == '!';
}

static inline struct hits look(const uint8_t *p)
{
    uint8_t can[GS_SCAN_BLOCK];
    struct hits h = {0};
    for (unsigned i = 0; i < GS_SCAN_BLOCK; i++)
        can[i] = can_be(p[i], p[i + 1], p[i + 2]);
    for (uint64_t all = bits_of_block(can); all; all &= all - 1) {
        uint64_t lowest = all & (~all + 1);
        uint8_t lead = p[__builtin_ctzll(all)];
        if (is_ender_lead(lead))
            h.enders |= lowest;
        else if (lead < ' ')
            h.lines |= lowest;
        else
            h.rare |= lowest;
    }
    return h;
}

static inline struct hits look_end(const uint8_t *p, size_t size)
{
    uint8_t copy[GS_SCAN_BLOCK + LOOKAHEAD] = {0};
    return look(memcpy(copy, p, size));
}

#include "common/text/text_scan_take.inc"

/* Of one block, bit i for byte i. */
struct line_masks {
    uint64_t tabs, spaces; /* 0009; 0020 and 000B */
    uint64_t other;        /* may begin white space of two or three bytes */
    uint64_t digits, han;
};

static inline void line_masks(const uint8_t *p, size_t size, struct line_masks *m)
{
    uint8_t copy[GS_SCAN_BLOCK + LOOKAHEAD] = {0};
    uint8_t tab[GS_SCAN_BLOCK], space[GS_SCAN_BLOCK], other[GS_SCAN_BLOCK], digit[GS_SCAN_BLOCK],
        han[GS_SCAN_BLOCK];
    if (size < sizeof(copy))
        p = memcpy(copy, p, size);
    for (unsigned i = 0; i < GS_SCAN_BLOCK; i++) {
        uint8_t a = p[i], b = p[i + 1], c = p[i + 2];
        int e2 = (a == 0xE2) & ((uint8_t)(c - 0x80) < 11), e3 = (a == 0xE3) & (c == 0x80);
        tab[i] = a == '\t';
        space[i] = (a == ' ') | (a == '\v');
        other[i] = (uint8_t)(((a == 0xC2) & (b == 0xA0)) | ((b == 0x80) & (e2 | e3)));
        digit[i] = (a & 0xF0) == 0x30;
        han[i] = (uint8_t)(a - 0xE5) < 5;
    }
    *m = (struct line_masks){bits_of_block(tab), bits_of_block(space), bits_of_block(other),
                             bits_of_block(digit), bits_of_block(han)};
}

#include "common/text/text_scan_window.inc"

const struct gs_scan_kernel gs_scan_scalar = {scan, window, count};
