#include "common/base/bytes.h"
#include "common/text/chartab.h"
#include "common/text/cutter_emit.h"

#define INLINE static inline __attribute__((always_inline))

/* The character at p as its code in gs_chartab_bmp. size 0: leave it to the state machine (too near
 * the limit, four bytes, or not valid). Needs four readable bytes for all but ASCII. */
struct peek {
    uint32_t code;
    uint32_t size;
    uint32_t value; /* what gs_chartab_bmp was asked for */
};

/* Little-endian: lead in the low byte. Overlong forms decode to what cannot be Han-like. */
INLINE uint32_t decode3(uint32_t w)
{
    return (w & 0xF) << 12 | (w >> 2 & 0xFC0) | (w >> 16 & 0x3F);
}

INLINE bool is_3_bytes(uint32_t w)
{
    return (w & 0xC0C0F0) == 0x8080E0;
}

INLINE struct peek peek(const uint8_t *p, const uint8_t *limit)
{
    if (*p < 0x80)
        return (struct peek){gs_chartab_bmp[*p], 1, *p};
    if (limit - p < 4)
        return (struct peek){GS_CHAR_SPECIAL, 0, 0};
    uint32_t w = gs_load_u32(p);
    if (is_3_bytes(w)) {
        uint32_t c = decode3(w);
        return (struct peek){gs_chartab_bmp[c], c < 0x800 ? 0 : 3, c};
    }
    if ((w & 0xC0E0) == 0x80C0) {
        uint32_t c = (w & 0x1F) << 6 | (w >> 8 & 0x3F);
        return (struct peek){gs_chartab_bmp[c], c < 0x80 ? 0 : 2, c};
    }
    return (struct peek){GS_CHAR_SPECIAL, 0, 0};
}

/* ---- Han runs ---- */

/*
 * From a Han-like character of code v at p to the first that is none. Ends cannot lie inside a run
 * (see structure.h), so that nothing but the characters is looked at.
 */
INLINE const uint8_t *run_han(struct gs_cutter *c, const uint8_t *p, const uint8_t *limit,
                              uint32_t v, const bool spans)
{
    uint32_t start = gs_cut_offset(c, p);
    gs_emit_han(c, v, start, start + 3);
    p += 3;
    uint64_t *han = c->out->han + c->out->han_count;
    uint32_t position = c->position, prev = c->prev;
    const uint8_t *first = p;
    while (limit - p >= 4) {
        uint32_t w = gs_load_u32(p);
        if (!is_3_bytes(w))
            break;
        v = gs_chartab_bmp[decode3(w)];
        if (v < GS_CHAR_HAN_MIN)
            break;
        if (spans) {
            start = gs_cut_offset(c, p);
            gs_emit_han(c, v, start, start + 3);
        } else {
            *han++ = (uint64_t)(prev << 16 | v) << 32 | (position - 1);
            prev = v;
            position++;
        }
        p += 3;
    }
    if (!spans && p > first) {
        c->out->han_count = (size_t)(han - c->out->han);
        c->position = position;
        c->prev = prev;
        c->lone = c->joined = false;
    }
    return p;
}

/* ---- plain words and numbers: ASCII, whole inside the bytes, and what follows is known to end
 * them ---- */

INLINE bool is_word_byte(uint8_t b)
{
    return b < 0x80 && gs_chartab_bmp[b] >= 0x30;
}

INLINE bool is_digit_byte(uint8_t b)
{
    return (uint8_t)(b - '0') < 10;
}

/* What stands at q, behind a word or number: whether it surely ends it. *next is its code. */
INLINE bool ends_word(const uint8_t *q, const uint8_t *limit, uint32_t *next)
{
    if (q == limit)
        return false;
    struct peek k = peek(q, limit);
    *next = k.code;
    return k.size && (k.code >= GS_CHAR_HAN_MIN || k.code <= GS_CHAR_TRANSPARENT);
}

/* The separator at q behind a digit begins no chain: what follows it is known and no digit. */
INLINE bool ends_digits(const uint8_t *q, const uint8_t *limit)
{
    if (limit - q < 2)
        return false;
    if (q[1] < 0x80)
        return true;
    uint32_t next;
    return ends_word(q + 1, limit, &next);
}

static size_t skip_digit_bytes(const uint8_t *q, const uint8_t *limit)
{
    const uint8_t *p = q;
    while (p < limit && is_digit_byte(*p))
        p++;
    return (size_t)(p - q);
}

/* A word's bytes [p, q) in lower case at the end of the batch's word bytes. */
INLINE void emit_plain(struct gs_cutter *c, const uint8_t *p, const uint8_t *q)
{
    uint8_t *to = c->out->word_bytes + c->out->word_bytes_size;
    size_t size = (size_t)(q - p);
    for (size_t i = 0; i < size; i++)
        to[i] = (uint8_t)gs_chartab_bmp[p[i]];
    uint32_t start = gs_cut_offset(c, p);
    gs_emit_word_here(c, size, start, start + (uint32_t)size);
}

/* A word from p whose last bytes [digits, q) are digits, with separator and digit behind: a chain
 * of ASCII. The place behind it, or NULL where the bytes do not decide. */
static const uint8_t *cut_chain(struct gs_cutter *c, const uint8_t *p, const uint8_t *digits,
                                const uint8_t *q, const uint8_t *limit)
{
    while (limit - q >= 2 && (*q == '.' || *q == ',') && is_digit_byte(q[1]))
        q += 1 + skip_digit_bytes(q + 1, limit);
    uint32_t next = 0;
    if (q == limit || q - digits > GS_CHAIN_MAX)
        return NULL;
    bool separator = *q == '.' || *q == ',';
    if (separator ? !ends_digits(q, limit) : !is_word_byte(*q) && !ends_word(q, limit, &next))
        return NULL;
    if (digits > p)
        emit_plain(c, p, digits);
    struct gs_chain chain = {digits, (size_t)(q - digits), NULL, NULL, gs_cut_offset(c, digits)};
    gs_chain_emit(c, &chain, gs_chain_classify(&chain, next));
    return q;
}

/* A word that begins with the ASCII letter or digit at p; the place behind it, or NULL. */
INLINE const uint8_t *run_word(struct gs_cutter *c, const uint8_t *p, const uint8_t *limit)
{
    const uint8_t *q = p + 1;
    while (q < limit && is_word_byte(*q))
        q++;
    if (q == limit || q - p > GS_WORD_MAX)
        return NULL;
    if ((*q == '.' || *q == ',') && is_digit_byte(q[-1])) {
        if (limit - q < 2)
            return NULL;
        if (is_digit_byte(q[1])) {
            const uint8_t *digits = q - 1;
            while (digits > p && is_digit_byte(digits[-1]))
                digits--;
            return cut_chain(c, p, digits, q, limit);
        }
        if (!ends_digits(q, limit))
            return NULL;
    } else if (*q >= 0x80) {
        uint32_t next;
        if (!ends_word(q, limit, &next))
            return NULL;
    }
    emit_plain(c, p, q);
    return q;
}

/* ---- the loop ---- */

INLINE void scan(struct gs_cutter *c, const uint8_t *p, const uint8_t *limit, const bool spans)
{
    if (p < limit && !gs_cut_idle(c))
        p = gs_cut_slow(c, p, limit);
    while (p < limit) {
        gs_emit_ends(c, gs_cut_offset(c, p));
        struct peek k = peek(p, limit);
        if (k.size) {
            if (k.code >= GS_CHAR_HAN_MIN) {
                p = run_han(c, p, limit, k.code, spans);
                continue;
            }
            if (k.code == GS_CHAR_TRANSPARENT || k.code == GS_CHAR_VANISHING) {
                p += k.size;
                continue;
            }
            if (k.code == GS_CHAR_BREAK || k.code == GS_CHAR_DOT || k.code == GS_CHAR_COMMA) {
                gs_emit_break(c, gs_cut_offset(c, p));
                p += k.size;
                continue;
            }
            if (k.size == 1) {
                const uint8_t *behind = run_word(c, p, limit);
                if (behind) {
                    p = behind;
                    continue;
                }
            }
        }
        p = gs_cut_slow(c, p, limit);
    }
}

void gs_cut_scan_fast(struct gs_cutter *c, const uint8_t *p, const uint8_t *limit)
{
    scan(c, p, limit, false);
}

void gs_cut_scan_spans(struct gs_cutter *c, const uint8_t *p, const uint8_t *limit)
{
    scan(c, p, limit, true);
}
