#include "common/base/bytes.h"
#include "common/text/cutter_ascii.h"
#include "common/text/cutter_emit.h"

#define INLINE    static inline __attribute__((always_inline))
#define LIKELY(x) __builtin_expect(!!(x), 1)

/* The character at p as its code in gs_chartab_bmp. size 0: leave it to the state machine (too near
 * the limit, four bytes, or not valid). Needs three readable bytes for all but ASCII. */
struct peek {
    uint32_t code;
    uint32_t size;
};

/* Little-endian: lead in the low byte. */
INLINE uint32_t decode3(uint32_t w)
{
    return (w & 0xF) << 12 | (w >> 2 & 0xFC0) | (w >> 16 & 0x3F);
}

INLINE bool is_3_bytes(uint32_t w)
{
    return (w & 0xC0C0FF) - 0x8080E1 <= 0xE; /* lead E1 .. EF: no overlong forms */
}

INLINE struct peek peek(const uint8_t *p, const uint8_t *limit)
{
    if (*p < 0x80)
        return (struct peek){gs_chartab_bmp[*p], 1};
    if (limit - p < 3)
        return (struct peek){GS_CHAR_SPECIAL, 0};
    uint32_t w = LIKELY(limit - p > 3) ? gs_load_u32(p) : p[0] | (uint32_t)(p[1] | p[2] << 8) << 8;
    if (is_3_bytes(w)) {
        uint32_t c = decode3(w);
        return (struct peek){gs_chartab_bmp[c], 3};
    }
    if ((w & 0xC0E0) == 0x80C0) {
        uint32_t c = (w & 0x1F) << 6 | (w >> 8 & 0x3F);
        return (struct peek){gs_chartab_bmp[c], c < 0x80 ? 0 : 2};
    }
    return (struct peek){GS_CHAR_SPECIAL, 0};
}

/* ---- plain words and numbers: ASCII, whole inside the bytes, and what follows is known to end
 * them ---- */

/* Copies letters and digits from p on in lower case, eight bytes at a time; the place of the first
 * byte that is none, or NULL where the bytes end or the word is too long. Writes up to 8 bytes
 * more. */
INLINE const uint8_t *copy_word(uint8_t *to, const uint8_t *p, const uint8_t *limit)
{
    for (size_t size = 0; size <= GS_WORD_MAX; size += 8) {
        if (limit - p < 8)
            return NULL;
        uint64_t x = gs_load_u64(p), ascii = x & ~GS_TOP_BITS;
        uint64_t letters = gs_bytes_between(ascii | GS_EACH_BYTE(0x20), 'a', 'z');
        uint64_t word = (letters | gs_bytes_between(ascii, '0', '9')) & ~x;
        gs_store_u64(to + size, x | letters >> 2);
        size_t n = gs_bytes_before(~word & GS_TOP_BITS);
        p += n;
        if (n < 8)
            return p;
    }
    return NULL;
}

/* The end of the digits at p, at most 7 of them; NULL where the bytes end or there are more. */
INLINE const uint8_t *few_digits(const uint8_t *p, const uint8_t *limit)
{
    if (limit - p < 8)
        return NULL;
    uint64_t x = gs_load_u64(p);
    size_t n = gs_bytes_before(~(gs_bytes_between(x & ~GS_TOP_BITS, '0', '9') & ~x) & GS_TOP_BITS);
    return n < 8 ? p + n : NULL;
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
    uint32_t next;
    if (limit - q < 2)
        return false;
    return q[1] < 0x80 ? !gs_is_digit_byte(q[1]) : ends_word(q + 1, limit, &next);
}

/* The word whose bytes are in place and stand at [p, q). */
INLINE void emit_plain(struct gs_cutter *c, const uint8_t *p, const uint8_t *q)
{
    uint32_t start = gs_cut_offset(c, p);
    gs_emit_word_here(c, (size_t)(q - p), start, start + (uint32_t)(q - p));
}

/* Any chain of ASCII: digits [digits, q), separator and digit. See cut_number for the rest. */
static const uint8_t *cut_chain(struct gs_cutter *c, const uint8_t *p, const uint8_t *digits,
                                const uint8_t *q, const uint8_t *limit)
{
    while (limit - q >= 2 && gs_is_separator_byte(*q) && gs_is_digit_byte(q[1])) {
        do {
            q++;
        } while (q < limit && gs_is_digit_byte(*q));
    }
    uint32_t next = 0;
    if (q == limit || q - digits > GS_CHAIN_MAX)
        return NULL;
    if (gs_is_separator_byte(*q) ? !ends_digits(q, limit)
                                 : !gs_is_word_byte(*q) && !ends_word(q, limit, &next))
        return NULL;
    if (digits > p)
        emit_plain(c, p, digits);
    struct gs_chain chain = {digits, (size_t)(q - digits), NULL, NULL, gs_cut_offset(c, digits)};
    gs_chain_emit(c, &chain, gs_chain_classify(&chain, next));
    return q;
}

/* Where the digits that end at q begin, not before p. */
INLINE const uint8_t *digits_from(const uint8_t *p, const uint8_t *q)
{
    uint64_t beyond = q - p < 8 ? GS_TOP_BITS << 8 * (q - p) : 0;
    if (q - p <= 8 &&
        !(~gs_bytes_between(gs_load_u64(p) & ~GS_TOP_BITS, '0', '9') & GS_TOP_BITS & ~beyond))
        return p; /* nothing but digits; the word was read in eights */
    const uint8_t *digits = q - 1;
    while (digits > p && gs_is_digit_byte(digits[-1]))
        digits--;
    return digits;
}

/* ,ddd groups and .d+ from q on, copied to *to without the commas; the place behind them, or NULL
 * where they are not well formed, too near the limit, or too long for the plain way. *to moves; up
 * to 8 bytes more are written. */
INLINE const uint8_t *copy_rest(uint8_t **to, const uint8_t *q, const uint8_t *limit, bool groups)
{
    uint8_t *const from = *to;
    while (groups && *q == ',') {
        const uint8_t *end = few_digits(q + 1, limit);
        if (!end || end - q != 4 || *to - from > GS_WORD_MAX)
            return NULL;
        memcpy(*to, q + 1, 4);
        *to += 3;
        q = end;
    }
    if (*q != '.')
        return q;
    const uint8_t *end = few_digits(q + 1, limit);
    if (!end || end == q + 1)
        return NULL;
    memcpy(*to, q, 8);
    *to += end - q;
    return end;
}

/*
 * A word at [p, q), copied already, whose last bytes are digits, with separator and digit behind:
 * the plain numbers \d+\.\d+ and \d{1,3}(,\d{3})+(\.\d+)?, and all else through cut_chain. The
 * place behind, or NULL where the bytes do not decide.
 */
static const uint8_t *cut_number(struct gs_cutter *c, const uint8_t *p, const uint8_t *q,
                                 const uint8_t *limit)
{
    const uint8_t *digits = digits_from(p, q);
    uint8_t *copied = c->out->word_bytes + c->out->word_bytes_size + (q - p), *to = copied;
    const uint8_t *end = copy_rest(&to, q, limit, q - digits <= 3);
    uint32_t next = 0;
    bool plain = end && end > q && !gs_is_separator_byte(*end) &&
                 (gs_is_word_byte(*end) || ends_word(end, limit, &next));
    size_t size = (size_t)(q - digits) + (size_t)(to - copied);
    if (!plain || next == GS_NIAN || size > GS_WORD_MAX)
        return cut_chain(c, p, digits, q, limit);
    if (digits > p)
        emit_plain(c, p, digits);
    uint32_t start = gs_cut_offset(c, digits);
    gs_emit_word_here(c, size, start, start + (uint32_t)(end - digits));
    return end;
}

/* A word that begins with the ASCII letter or digit at p; the place behind it, or NULL. */
INLINE const uint8_t *run_word(struct gs_cutter *c, const uint8_t *p, const uint8_t *limit)
{
    const uint8_t *q = copy_word(c->out->word_bytes + c->out->word_bytes_size, p, limit);
    if (!q || q - p > GS_WORD_MAX)
        return NULL;
    if (*q >= 0x80) {
        uint32_t next;
        if (!ends_word(q, limit, &next))
            return NULL;
    } else if (gs_is_separator_byte(*q) && gs_is_digit_byte(q[-1])) {
        if (limit - q >= 2 && gs_is_digit_byte(q[1]))
            return cut_number(c, p, q, limit);
        if (!ends_digits(q, limit))
            return NULL;
    }
    emit_plain(c, p, q);
    return q;
}

/* ---- the loop ---- */

/* One element of the code k at p; the place behind it, or NULL where it needs the state machine. */
INLINE const uint8_t *scan_one(struct gs_cutter *c, const uint8_t *p, struct peek k)
{
    uint32_t start = gs_cut_offset(c, p);
    if (!k.size)
        return NULL;
    if (k.code == GS_CHAR_BREAK || k.code == GS_CHAR_DOT || k.code == GS_CHAR_COMMA)
        gs_emit_break(c, start);
    else if (k.code >= GS_CHAR_HAN_MIN)
        gs_emit_han(c, k.code, start, start + k.size);
    else if (k.code != GS_CHAR_TRANSPARENT && k.code != GS_CHAR_VANISHING)
        return NULL;
    return p + k.size;
}

/* An element that needs nothing but the bytes at hand, at p; the place behind it, or NULL. */
INLINE const uint8_t *scan_some(struct gs_cutter *c, const uint8_t *p, const uint8_t *limit)
{
    struct peek k = peek(p, limit);
    return k.size == 1 && k.code >= 0x30 ? run_word(c, p, limit) : scan_one(c, p, k);
}

const uint8_t *gs_cut_scan_one(struct gs_cutter *c, const uint8_t *p, const uint8_t *limit)
{
    const uint8_t *behind = scan_some(c, p, limit);
    return behind ? behind : gs_cut_slow(c, p, limit);
}

INLINE void scan(struct gs_cutter *c, const uint8_t *p, const uint8_t *limit, const bool spans)
{
    if (p < limit && !gs_cut_idle(c))
        p = gs_cut_slow(c, p, limit);
    while (p < limit) {
        gs_emit_ends(c, gs_cut_offset(c, p));
        if (!spans)
            p = gs_cut_run(c, p, limit);
        if (p == limit)
            break;
        gs_emit_ends(c, gs_cut_offset(c, p));
        const uint8_t *behind = scan_some(c, p, limit);
        p = behind ? behind : gs_cut_slow(c, p, limit);
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
