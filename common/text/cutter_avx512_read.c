/*
 * cutter_avx512_read.c: bytes into the codes of their characters.
 *
 * Blocks stand every 64 bytes. One compare finds the first bytes of a block's characters; their
 * places are packed, and by them the first, second and third bytes drawn from the bytes themselves
 * and those one and two behind, so that a character may reach into the next block. The code points
 * are packed over the borders of blocks. A second pass looks them up in gs_chartab_bmp by gathers,
 * 32 at a time, apart so that neither waits for the other's latency.
 */
#include "common/text/chartab.h"
#include "common/text/cutter_avx512.h"

#ifdef GS_HAS_X86_KERNELS
#include "common/text/cutter_avx512.inc"

struct constants {
    __m512i continuation, three, refused;
    __m512i places, twice, low6, weights, low8, u80;
};

/* By the low six bits of a first byte of several: the top bit of those that are refused. C0, C1 and
 * E0 because some of what they begin is overlong. */
static const uint8_t refused[64] = {
    [0x00] = 0x80, [0x01] = 0x80, [0x20] = 0x80, [0x30] = 0x80, [0x31] = 0x80,
    [0x32] = 0x80, [0x33] = 0x80, [0x34] = 0x80, [0x35] = 0x80, [0x36] = 0x80,
    [0x37] = 0x80, [0x38] = 0x80, [0x39] = 0x80, [0x3A] = 0x80, [0x3B] = 0x80,
    [0x3C] = 0x80, [0x3D] = 0x80, [0x3E] = 0x80, [0x3F] = 0x80};

/* The last character of a batch is cut off at its block's byte `at`. */
INLINE void cut_batch(struct gs_codes *b, size_t block, uint32_t at)
{
    b->size = (uint32_t)(block * GS_CODE_BLOCK) + at;
    b->lanes = b->first_lane[block] + bits_of(b->lead[block] & below(at));
    b->refused = true;
}

/* Ends the batch before the first character that it must not take: one that begins at a bit of
 * `odd`, or, where `bad` has bytes that should or should not be continuations, the one before the
 * first of those, which may have begun in the block before. */
static __attribute__((noinline, cold)) void refuse(struct gs_codes *b, size_t block, uint64_t odd,
                                                   uint64_t bad)
{
    uint32_t at = lowest(odd);
    if (lowest(bad) <= at) {
        at = lowest(bad);
        uint64_t before = b->lead[block] & below(at);
        if (before) {
            at = behind_highest(before) - 1;
        } else if (block) {
            block--;
            at = behind_highest(b->lead[block]) - 1;
        }
    }
    cut_batch(b, block, at);
}

#define TWICE(n) (n), (n)
#define EIGHT(n) TWICE(n), TWICE((n) + 1), TWICE((n) + 2), TWICE((n) + 3)
static const uint8_t twice[64] = {EIGHT(0),  EIGHT(4),  EIGHT(8),  EIGHT(12),
                                  EIGHT(16), EIGHT(20), EIGHT(24), EIGHT(28)};

/* Code points of two bytes, in the lanes whose first byte is below E0. */
static __attribute__((noinline)) __m512i decode_two(__m512i c, __m512i first, __m512i second)
{
    __mmask32 two = _mm512_cmplt_epu16_mask(first, _mm512_set1_epi16(0xE0));
    __m512i top = _mm512_slli_epi16(_mm512_and_si512(first, _mm512_set1_epi16(0x1F)), 6);
    return _mm512_mask_add_epi16(c, two, top, second);
}

/* The code points of the characters whose first bytes have the places `at` (bytes, 32 of them), in
 * both bytes of each lane; v0, v1, v2 are the bytes from a block's begin, one and two behind it. */
INLINE __m512i decode(const struct constants *k, __m512i at, __m512i v0, __m512i v1, __m512i v2,
                      uint64_t two)
{
    __m512i first = _mm512_and_si512(_mm512_permutexvar_epi8(at, v0), k->low8);
    __m512i rest = _mm512_permutexvar_epi8(at, v2);
    rest = _mm512_mask_permutexvar_epi8(rest, 0xAAAAAAAAAAAAAAAA, at, v1); /* second byte high */
    rest = _mm512_and_si512(rest, k->low6);
    __m512i c =
        _mm512_or_si512(_mm512_slli_epi16(first, 12), _mm512_maddubs_epi16(rest, k->weights));
    __mmask32 ascii = _mm512_cmplt_epu16_mask(first, k->u80);
    if (UNLIKELY(two))
        c = decode_two(c, first, _mm512_srli_epi16(rest, 8));
    return _mm512_mask_mov_epi16(c, ascii, first);
}

/* Reads block number i of the `left` bytes from p on; in `whole` ones there are all that a block
 * may touch, 64 and two more. `need` has the continuation bytes that the block before wants of it,
 * then those it wants of the next. Whether the batch may go on. */
INLINE bool read_block(struct gs_codes *b, const struct constants *k, size_t i, const uint8_t *p,
                       uint32_t left, bool whole, uint64_t *need)
{
    const uint64_t in = whole ? UINT64_MAX : below(left);
    const uint64_t in1 = left > 0 ? below(left - 1) : 0, in2 = left > 1 ? below(left - 2) : 0;
    __m512i v0 = whole ? _mm512_loadu_si512(p) : _mm512_maskz_loadu_epi8(in, p);
    __m512i v1 = whole ? _mm512_loadu_si512(p + 1) : _mm512_maskz_loadu_epi8(in1, p + 1);
    __m512i v2 = whole ? _mm512_loadu_si512(p + 2) : _mm512_maskz_loadu_epi8(in2, p + 2);
    _mm_prefetch((const char *)p + GS_CODE_BLOCKS * GS_CODE_BLOCK,
                 _MM_HINT_T0); /* for the next batch; never faults */
    uint64_t high = _mm512_movepi8_mask(v0);
    uint64_t lead = _mm512_cmpgt_epi8_mask(v0, k->continuation) & in;
    uint64_t multi = lead & high;
    uint64_t three = _mm512_test_epi8_mask(v0, k->three) & multi;
    uint64_t odd = (uint64_t)_mm512_movepi8_mask(_mm512_permutexvar_epi8(v0, k->refused)) & multi;
    uint64_t bad = ((high & ~lead) ^ (multi << 1 | three << 2 | *need)) & in;
    *need = multi >> 63 | three >> 62;
    __m512i at = _mm512_maskz_compress_epi8(lead, k->places);
    uint16_t *code = b->code + b->lanes;
    uint32_t count = bits_of(lead);
    uint64_t two = multi & ~three;
    __m512i low = _mm512_permutexvar_epi8(k->twice, at);
    _mm512_storeu_si512(code, decode(k, low, v0, v1, v2, two));
    if (UNLIKELY(count > GS_SLOT_BLOCK)) {
        __m512i upper = _mm512_permutexvar_epi8(k->twice, _mm512_alignr_epi64(at, at, 4));
        _mm512_storeu_si512(code + GS_SLOT_BLOCK, decode(k, upper, v0, v1, v2, two));
    }
    b->lead[i] = lead;
    b->first_lane[i] = b->lanes;
    b->lanes += count;
    if (UNLIKELY(odd | bad)) {
        refuse(b, i, odd, bad);
        return false;
    }
    return true;
}

/* The last block of [p, p + left), left < GS_CODE_BLOCK + 2, without a character that is not whole.
 */
INLINE void read_last(struct gs_codes *b, const struct constants *k, size_t i, const uint8_t *p,
                      uint32_t left, uint64_t need)
{
    uint32_t size = left < GS_CODE_BLOCK ? left : GS_CODE_BLOCK;
    if (!read_block(b, k, i, p, left, false, &need))
        return;
    b->size = (uint32_t)(i * GS_CODE_BLOCK) + size;
    uint32_t last = behind_highest(b->lead[i]);
    if (!last)
        return;
    last--;
    uint32_t length = p[last] < 0x80 ? 1 : p[last] < 0xE0 ? 2 : 3;
    if (last + length > left)
        cut_batch(b, i, last);
    else if (last + length > size)
        b->size += last + length - size;
}

INLINE struct constants byte_constants(void)
{
    return (struct constants){
        .continuation = all_bytes(0xBF),
        .three = all_bytes(0x20),
        .refused = bytes_of(refused),
        .places = bytes_of(places),
        .twice = bytes_of(twice),
        .low6 = all_bytes(0x3F),
        .weights = all_lanes(0x4001),
        .low8 = all_lanes(0xFF),
        .u80 = all_lanes(0x80),
    };
}

/* Code points from p on, as many blocks as there are room and bytes for. */
void gs_codes_read(struct gs_codes *b, const uint8_t *p, const uint8_t *limit)
{
    const struct constants k = byte_constants();
    size_t i = 0, left = (size_t)(limit - p);
    uint64_t need = 0;
    b->lanes = 0;
    b->refused = false;
    for (; i < GS_CODE_BLOCKS && left >= GS_CODE_BLOCK + 2;
         i++, p += GS_CODE_BLOCK, left -= GS_CODE_BLOCK) {
        if (!read_block(b, &k, i, p, GS_CODE_BLOCK + 2, true, &need))
            return;
    }
    b->size = (uint32_t)(i * GS_CODE_BLOCK) + bits_of(need);
    if (i < GS_CODE_BLOCKS && left > bits_of(need))
        read_last(b, &k, i++, p, (uint32_t)left, need);
    b->lead[i] = 0; /* a last character may reach into the next block */
    b->first_lane[i] = b->lanes;
}

_Static_assert((GS_CHAR_BREAK & 6) == 0 && (GS_CHAR_TRANSPARENT & 6) == 0 &&
                   (GS_CHAR_VANISHING & 2) != 0 && (GS_CHAR_SPECIAL & 2) != 0 &&
                   (GS_CHAR_WORD_SELF & 2) != 0 && (GS_CHAR_DOT & 6) == 4 &&
                   (GS_CHAR_COMMA & 6) == 4,
               "the codes are told apart by their bits");

/* Code points into codes of gs_chartab_bmp. Reads 32 bits at each, so that U+FFFF is looked up as
 * U+FFFE, which is of the same class. */
void gs_codes_look_up(struct gs_codes *b)
{
    const __m512i most = all_lanes(0xFFFE), low = hidden(_mm512_set1_epi32(0xFFFF));
    const __m512i letters = all_lanes(0x80), letter_count = all_lanes(GS_CHAR_HAN_MIN - 0x80);
    const __m512i rare_bit = all_lanes(GS_CODE_BIT_RARE), all_rare = all_lanes(GS_CODE_RARE);
    for (uint32_t i = 0; i < b->lanes; i += GS_SLOT_BLOCK) {
        __m512i c = _mm512_min_epu16(_mm512_loadu_si512(b->code + i), most);
        __m512i even = _mm512_and_si512(c, low), odd = _mm512_srli_epi32(c, 16);
        even = _mm512_i32gather_epi32(even, (const void *)gs_chartab_bmp, 2);
        odd = _mm512_slli_epi32(_mm512_i32gather_epi32(odd, (const void *)gs_chartab_bmp, 2), 16);
        c = _mm512_ternarylogic_epi32(even, low, odd, 0xEA); /* even & low | odd */
        __mmask32 rare = _mm512_cmplt_epu16_mask(_mm512_sub_epi16(c, letters), letter_count);
        rare |= _mm512_mask_test_epi16_mask(_mm512_cmplt_epu16_mask(c, all_rare), c, rare_bit);
        _mm512_storeu_si512(b->code + i, _mm512_mask_mov_epi16(c, rare, all_rare));
    }
}

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif
