#include "common/base/utf8_skip.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define HAS_KERNEL 1
#else
#define HAS_KERNEL 0
#endif

#if HAS_KERNEL
#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif
#include <immintrin.h>

/* What a pair of neighbouring bytes can be wrong in; a pair is wrong in what all three tables say.
 */
enum {
    TOO_SHORT = 1 << 0,  /* a lead without its continuation */
    TOO_LONG = 1 << 1,   /* a continuation behind ASCII */
    OVERLONG_3 = 1 << 2, /* E0 80..9F */
    TOO_LARGE = 1 << 3,  /* F4 90.., F5.. */
    SURROGATE = 1 << 4,  /* ED A0.. */
    OVERLONG_2 = 1 << 5, /* C0, C1 */
    TOO_LARGE_1000 = 1 << 6,
    OVERLONG_4 = 1 << 6, /* F0 80..8F */
    TWO_CONTS =
        1 << 7, /* two continuations: an error unless a lead of three or four stands before */
    CARRY = TOO_SHORT | TOO_LONG | TWO_CONTS,
};

#define TABLE(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)                                      \
    _mm256_setr_epi8((char)(a), (char)(b), (char)(c), (char)(d), (char)(e), (char)(f), (char)(g),  \
                     (char)(h), (char)(i), (char)(j), (char)(k), (char)(l), (char)(m), (char)(n),  \
                     (char)(o), (char)(p), (char)(a), (char)(b), (char)(c), (char)(d), (char)(e),  \
                     (char)(f), (char)(g), (char)(h), (char)(i), (char)(j), (char)(k), (char)(l),  \
                     (char)(m), (char)(n), (char)(o), (char)(p))

static inline __m256i high_nibbles(__m256i v)
{
    return _mm256_and_si256(_mm256_srli_epi16(v, 4), _mm256_set1_epi8(0x0F));
}

/* Errors of 32 bytes, given the 32 before them: zero where there are none. */
static inline __m256i errors_of(__m256i input, __m256i before)
{
    const __m256i first_high = TABLE(
        TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TWO_CONTS,
        TWO_CONTS, TWO_CONTS, TWO_CONTS, TOO_SHORT | OVERLONG_2, TOO_SHORT,
        TOO_SHORT | OVERLONG_3 | SURROGATE, TOO_SHORT | TOO_LARGE | TOO_LARGE_1000 | OVERLONG_4);
    const __m256i first_low =
        TABLE(CARRY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4, CARRY | OVERLONG_2, CARRY, CARRY,
              CARRY | TOO_LARGE, CARRY | TOO_LARGE | TOO_LARGE_1000,
              CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000,
              CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000,
              CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000,
              CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000 | SURROGATE,
              CARRY | TOO_LARGE | TOO_LARGE_1000, CARRY | TOO_LARGE | TOO_LARGE_1000);
    const __m256i second_high = TABLE(
        TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,
        TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE_1000 | OVERLONG_4,
        TOO_LONG | OVERLONG_2 | TWO_CONTS | OVERLONG_3 | TOO_LARGE,
        TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE,
        TOO_LONG | OVERLONG_2 | TWO_CONTS | SURROGATE | TOO_LARGE, TOO_SHORT, TOO_SHORT, TOO_SHORT,
        TOO_SHORT);
    const __m256i seam = _mm256_permute2x128_si256(before, input, 0x21);
    const __m256i one = _mm256_alignr_epi8(input, seam, 15); /* each byte's predecessor */
    const __m256i two = _mm256_alignr_epi8(input, seam, 14);
    const __m256i three = _mm256_alignr_epi8(input, seam, 13);
    __m256i pairs = _mm256_and_si256(
        _mm256_shuffle_epi8(first_high, high_nibbles(one)),
        _mm256_shuffle_epi8(first_low, _mm256_and_si256(one, _mm256_set1_epi8(0x0F))));
    pairs = _mm256_and_si256(pairs, _mm256_shuffle_epi8(second_high, high_nibbles(input)));
    /* the top bit where the byte must be the third of three or more, or the fourth of four */
    __m256i must = _mm256_or_si256(_mm256_subs_epu8(two, _mm256_set1_epi8(0xE0 - 0x80)),
                                   _mm256_subs_epu8(three, _mm256_set1_epi8((char)(0xF0 - 0x80))));
    return _mm256_xor_si256(_mm256_and_si256(must, _mm256_set1_epi8((char)0x80)), pairs);
}

/* Whole blocks of 64 without an error, from the start. */
static size_t skip_blocks(const uint8_t *bytes, size_t size)
{
    __m256i before = _mm256_setzero_si256();
    size_t at = 0;
    for (; size - at >= 64; at += 64) {
        __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)(bytes + at));
        __m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(bytes + at + 32));
        /* a block of ASCII may still be wrong where it follows on a character's beginning */
        __m256i wrong = errors_of(a, before);
        if (_mm256_movemask_epi8(_mm256_or_si256(a, b)) != 0)
            wrong = _mm256_or_si256(wrong, errors_of(b, a));
        if (!_mm256_testz_si256(wrong, wrong))
            break;
        before = b;
    }
    return at;
}

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#endif

size_t gs_utf8_skip(const uint8_t *bytes, size_t size)
{
#if HAS_KERNEL
    if (size < 64 || !__builtin_cpu_supports("avx2"))
        return 0;
    size_t at = skip_blocks(bytes, size);
    /* back to where a character begins that the blocks may have cut */
    for (size_t back = 1; back <= 3 && back <= at; back++) {
        uint8_t b = bytes[at - back];
        if (b >= 0xC0)
            return (b >= 0xF0 ? 4u : b >= 0xE0 ? 3u : 2u) > back ? at - back : at;
    }
    return at;
#else
    (void)bytes;
    (void)size;
    return 0;
#endif
}
