/*
 * cutter_avx512_emit.c: slots into tokens.
 *
 * What tokens there are at slot i follows from three slots (docs/ANALYSIS.md, section Elements).
 * With H, W, B for the kind of a slot, arriving at slot i gives at most one token:
 *   at i - 1, if i - 1 is H: the bigram where i is H; else the unigram, where i is W and i - 2 is
 *     not W, or i is B and i - 2 is neither H nor W (nothing else has joined it, nor will);
 *   at i, if i is H and i - 1 is W: the unigram of i.
 * A barrier, which takes no slot, stands before the first slot only and counts as a break that is
 * none of these. All three are bit operations on masks of 32 slots.
 */
#include "common/text/chartab.h"
#include "common/text/cutter_avx512.h"

#ifdef GS_HAS_X86_KERNELS
#include "common/text/cutter_avx512.inc"

/* Which bytes of the codes e make the keys of 16 tokens: key k is e[k] << 16 | e[k + 1]. */
#define PAIR(k)       2 * (k) + 2, 2 * (k) + 3, 2 * (k), 2 * (k) + 1
#define FOUR_PAIRS(k) PAIR(k), PAIR((k) + 1), PAIR((k) + 2), PAIR((k) + 3)
static const uint8_t pairs[64] = {FOUR_PAIRS(0), FOUR_PAIRS(4), FOUR_PAIRS(8), FOUR_PAIRS(12)};

/* Two vectors of 16 put together, each of the first before its fellow of the second: the first and
 * the last 8 of each. */
static const uint32_t zip_low[16] = {0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23};
static const uint32_t zip_high[16] = {8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31};

struct constants {
    __m512i han_min, word_min, pairs, places, zip_low, zip_high, before, one, sixteen, slots;
};

INLINE struct constants make_constants(void)
{
    return (struct constants){
        .han_min = hidden(_mm512_set1_epi16(GS_CHAR_HAN_MIN)),
        .word_min = hidden(_mm512_set1_epi16(GS_SLOT_WORD_MIN)),
        .pairs = hidden(_mm512_loadu_si512(pairs)),
        .places = hidden(_mm512_loadu_si512(places)),
        .zip_low = hidden(_mm512_loadu_si512(zip_low)),
        .zip_high = hidden(_mm512_loadu_si512(zip_high)),
        .before = hidden(_mm512_set_epi32(14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, -1)),
        .one = hidden(_mm512_set1_epi32(1)),
        .sixteen = hidden(_mm512_set1_epi32(16)),
        .slots = hidden(_mm512_set1_epi32(GS_SLOT_BLOCK)),
    };
}

/* ---- the state at the edges ---- */

void gs_slots_begin(struct gs_slots *s, const struct gs_cutter *c)
{
    uint16_t last = 0, last_but_one = 0;
    if (c->prev) {
        last = (uint16_t)c->prev;
        last_but_one = c->joined ? GS_SLOT_WORD_MIN : c->lone ? 0 : GS_CHAR_HAN_MIN;
    } else if (c->after_word) {
        last = GS_SLOT_WORD_MIN;
    }
    s->code[GS_SLOT_FIRST - 1] = last;
    s->code[GS_SLOT_FIRST - 2] = last_but_one;
}

INLINE bool is_han(uint16_t code)
{
    return code >= GS_CHAR_HAN_MIN;
}

INLINE bool is_word(uint16_t code)
{
    return code >= GS_SLOT_WORD_MIN && !is_han(code);
}

/* The inverse of gs_slots_begin, behind `count` > 0 slots, `breaks` of them breaks. */
INLINE void slots_end(struct gs_slots *s, struct gs_cutter *c, size_t count, uint32_t breaks)
{
    uint16_t last = s->code[GS_SLOT_FIRST + count - 1];
    uint16_t last_but_one = s->code[GS_SLOT_FIRST + count - 2];
    c->prev = is_han(last) ? last : 0;
    c->joined = c->prev && is_word(last_but_one);
    c->lone = c->prev && last_but_one < GS_SLOT_WORD_MIN;
    c->after_word = is_word(last);
    c->break_open = last < GS_SLOT_WORD_MIN;
    c->position += (uint32_t)count;
    c->breaks += breaks;
    s->code[GS_SLOT_FIRST - 1] = last;
    s->code[GS_SLOT_FIRST - 2] = last_but_one;
}

/* ---- Han tokens ---- */

/* Kinds of 32 slots, bit i + 2 for slot i, so that the two before them are in bits 0 and 1. */
struct kinds {
    uint64_t han, word, slots;
};

INLINE void kinds_next(struct kinds *k, const struct constants *v, const uint16_t *code,
                       size_t left)
{
    const __m512i e = _mm512_loadu_si512(code);
    uint32_t valid =
        (uint32_t)_bzhi_u64(UINT32_MAX, left < GS_SLOT_BLOCK ? (uint32_t)left : GS_SLOT_BLOCK);
    uint32_t han = _mm512_cmpge_epu16_mask(e, v->han_min) & valid;
    uint32_t no_break = _mm512_cmpge_epu16_mask(e, v->word_min) & valid;
    k->han = k->han >> 32 | (uint64_t)han << 2;
    k->word = k->word >> 32 | (uint64_t)(no_break & ~han) << 2;
    k->slots = (uint64_t)valid << 2;
}

/* The slots whose arrival gives a token, from bit 0 on; *own: those whose token is their own
 * unigram. */
INLINE uint32_t token_slots(const struct kinds *k, uint32_t *own)
{
    uint64_t breaks = k->slots & ~(k->han | k->word);
    uint64_t han1 = k->han << 1, word1 = k->word << 1, han2 = k->han << 2, word2 = k->word << 2;
    uint64_t left = han1 & (k->han | (~word2 & (k->word | (breaks & ~han2)))) & k->slots;
    *own = (uint32_t)((k->han & word1) >> 2);
    return (uint32_t)(left >> 2) | *own;
}

/* The tokens of 16 slots; e are the codes from the one before them on, 0 for all but Han; `before`
 * are the positions before the slots'. In the key of a slot's own unigram the slot before, not
 * being Han, drops out at the top. */
INLINE uint64_t *emit_some(uint64_t *han, const struct constants *v, __m512i e, __m512i before,
                           uint32_t tokens, uint32_t own)
{
    __m512i key = _mm512_permutexvar_epi8(v->pairs, e);
    key = _mm512_mask_slli_epi32(key, (__mmask16)own, key, 16);
    before = _mm512_mask_add_epi32(before, (__mmask16)own, before, v->one);
    key = _mm512_maskz_compress_epi32((__mmask16)tokens, key);
    before = _mm512_maskz_compress_epi32((__mmask16)tokens, before);
    _mm512_storeu_si512(han, _mm512_permutex2var_epi32(before, v->zip_low, key));
    _mm512_storeu_si512(han + 8, _mm512_permutex2var_epi32(before, v->zip_high, key));
    return han + bits_of(tokens & 0xFFFF);
}

/* The tokens of 32 slots at code; the position before the first is in all lanes of `before`. */
INLINE uint64_t *emit_han(uint64_t *han, const struct constants *v, const uint16_t *code,
                          const struct kinds *k, __m512i before)
{
    uint32_t own, tokens = token_slots(k, &own);
    __m512i low = _mm512_maskz_loadu_epi16((uint32_t)(k->han >> 1), code - 1);
    __m512i high = _mm512_maskz_loadu_epi16((uint32_t)(k->han >> 17), code + 15);
    han = emit_some(han, v, low, before, tokens, own);
    return emit_some(han, v, high, _mm512_add_epi32(before, v->sixteen), tokens >> 16, own >> 16);
}

/* ---- words ---- */

/* Writes base + i at out for each bit i of the mask, and more behind them; how many bits. */
INLINE uint32_t write_places(uint32_t *out, const struct constants *v, uint64_t mask, __m512i base)
{
    __m512i at = _mm512_maskz_compress_epi8(mask, v->places);
    uint32_t count = bits_of(mask);
    _mm512_storeu_si512(out,
                        _mm512_add_epi32(_mm512_cvtepu8_epi32(_mm512_castsi512_si128(at)), base));
    for (uint32_t i = 16; i < count; i += 16) {
        at = _mm512_alignr_epi64(at, at, 2);
        __m512i more = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(at));
        _mm512_storeu_si512(out + i, _mm512_add_epi32(more, base));
    }
    return count;
}

/* Where words begin among the marked bytes, into at[]; takes the marks away. */
INLINE void find_words(uint32_t *at, const struct constants *k, uint8_t *bytes, uint32_t size)
{
    const __m512i low = _mm512_set1_epi8(0x7F);
    for (uint32_t i = 0; i < size; i += 64) {
        uint64_t valid = _bzhi_u64(UINT64_MAX, size - i < 64 ? size - i : 64);
        __m512i v = _mm512_loadu_si512(bytes + i);
        _mm512_storeu_si512(bytes + i, _mm512_and_si512(v, low));
        at += write_places(at, k, (uint64_t)_mm512_movepi8_mask(v) & valid,
                           _mm512_set1_epi32((int)i));
    }
    *at = size;
}

/* Puts position and place together. `base` is the offset of the bytes in the batch. */
INLINE void write_words(struct gs_cut_word *out, const struct constants *k,
                        const struct gs_slots *s, size_t count, uint32_t base)
{
    for (size_t i = 0; i < count; i += 16) {
        __m512i position = _mm512_loadu_si512(s->word_position + i);
        __m512i at = _mm512_loadu_si512(s->word_at + i);
        __m512i size = _mm512_sub_epi32(_mm512_loadu_si512(s->word_at + i + 1), at);
        at = _mm512_add_epi32(at, _mm512_set1_epi32((int)base));
        at = _mm512_and_si512(at, _mm512_set1_epi32(0xFFFFFF));
        at = _mm512_or_si512(at, _mm512_slli_epi32(size, 24));
        _mm512_storeu_si512(out + i, _mm512_permutex2var_epi32(position, k->zip_low, at));
        _mm512_storeu_si512(out + i + 8, _mm512_permutex2var_epi32(position, k->zip_high, at));
    }
}

/* ---- both ---- */

void gs_slots_emit(struct gs_slots *s, struct gs_cutter *c, size_t count, size_t word_bytes)
{
    struct gs_cut_batch *b = c->out;
    const uint16_t *code = s->code + GS_SLOT_FIRST;
    uint64_t *han = b->han + b->han_count;
    size_t words = 0;
    uint32_t han_slots = 0;
    const struct constants v = make_constants();
    struct kinds k = {0};
    kinds_next(&k, &v, code - GS_SLOT_BLOCK, GS_SLOT_BLOCK);
    __m512i first = _mm512_set1_epi32((int)c->position);
    for (size_t i = 0; i < count; i += GS_SLOT_BLOCK) {
        kinds_next(&k, &v, code + i, count - i);
        __m512i before = _mm512_add_epi32(first, v.before);
        han = emit_han(han, &v, code + i, &k, before);
        han_slots += bits_of(k.han >> 2);
        words += write_places(s->word_position + words, &v, k.word >> 2, first);
        first = _mm512_add_epi32(first, v.slots);
    }
    if (words) {
        struct gs_cut_word *out = b->words + b->word_count;
        find_words(s->word_at, &v, b->word_bytes + b->word_bytes_size, (uint32_t)word_bytes);
        write_words(out, &v, s, words, (uint32_t)b->word_bytes_size);
    }
    b->han_count = (size_t)(han - b->han);
    b->word_count += words;
    b->word_bytes_size += word_bytes;
    if (count)
        slots_end(s, c, count, (uint32_t)(count - words) - han_slots);
}

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
