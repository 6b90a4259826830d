#include "common/segment/block_codec.h"

/* Packing is built twice, the second time for the instructions that newer processors have. */
#define ALWAYS __attribute__((always_inline)) static inline
#if defined(__x86_64__) && defined(__GNUC__)
#define HAS_AVX2
#define AVX2 __attribute__((target("avx2,bmi2")))
#endif
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define BLOCK            GS_BITPACK_BLOCK
#define EVERY_BYTE       UINT64_C(0x0101010101010101)
#define PLACE_BITS       7u /* of an exception's place in the block */
#define EXCEPTIONS_WORTH 12u
#define SUM_BITS         25u /* so wide are values that 128 of them add up in 32 bits */

/* Bits of one exception, place and high bits: as many as n of them find room for in so many bytes.
 */
static unsigned exception_bits(unsigned bytes, unsigned n, unsigned width)
{
    unsigned all = PLACE_BITS + 32 - width;
    return 8 * bytes / n < all ? 8 * bytes / n : all;
}

/* ---- packing: what is shortest ---- */

struct choice {
    unsigned code, exceptions;
};

ALWAYS void take(struct choice *best, unsigned size, unsigned width, unsigned flags,
                 unsigned exceptions)
{
    if (size < gs_block_bytes(best->code))
        *best = (struct choice){size | width << GS_BLOCK_WIDTH_SHIFT | flags, exceptions};
}

ALWAYS uint32_t or_of(const uint32_t *in)
{
    uint32_t all = 0;
    for (unsigned i = 0; i < BLOCK; i++)
        all |= in[i];
    return all;
}

/* Exact where the sum is below 2^32, as it is where all values but the shifted bits are below 2^25.
 */
ALWAYS uint32_t sum_of(const uint32_t *in, unsigned shift)
{
    uint32_t sum = 0;
    for (unsigned i = 0; i < BLOCK; i++)
        sum += in[i] >> shift;
    return sum;
}

ALWAYS unsigned count_wider(const uint32_t *in, unsigned width)
{
    uint32_t n = 0;
    for (unsigned i = 0; i < BLOCK; i++)
        n += in[i] >> width != 0;
    return n;
}

ALWAYS void try_split(struct choice *best, const uint32_t *in, unsigned width, unsigned top)
{
    uint32_t zeros = top > width + SUM_BITS ? UINT32_MAX : sum_of(in, width);
    if (zeros <= 8 * GS_BLOCK_UNARY_MAX - BLOCK)
        take(best, 16 * width + (BLOCK + zeros + 7) / 8, width, GS_BLOCK_SPLIT, 0);
}

/* False where a smaller width cannot be worth it either. */
ALWAYS bool try_patched(struct choice *best, const uint32_t *in, unsigned width, unsigned top)
{
    unsigned fixed = 16 * width + 1, field = PLACE_BITS + top - width;
    if (fixed + (field + 7) / 8 >= gs_block_bytes(best->code))
        return true;
    unsigned n = count_wider(in, width);
    take(best, fixed + (n * field + 7) / 8, width, 0, n);
    return n <= EXCEPTIONS_WORTH;
}

/* Unary wants about one zero a value, so log2 of the mean and the next lower. Few exceptions are
 * worth it at that width or a little above, and below where they are what makes the mean. */
ALWAYS struct choice choose(const uint32_t *in)
{
    unsigned top = gs_bits_of(or_of(in));
    struct choice best = {GS_BLOCK_SIZE_MASK, 0};
    if (top <= GS_BLOCK_WIDTH_MAX)
        take(&best, 16 * top, top, 0, 0);
    else
        try_patched(&best, in, GS_BLOCK_WIDTH_MAX, top);
    if (top == 0)
        return best;
    unsigned coarse = top > SUM_BITS ? top - SUM_BITS : 0;
    unsigned near = gs_bits_of(sum_of(in, coarse) / BLOCK) + coarse;
    near -= near > 0;
    try_split(&best, in, near, top);
    unsigned width = near + 2 < top ? near + 2 : top - 1;
    while (try_patched(&best, in, width, top) && width-- > 0) {
    }
    return best;
}

/* ---- packing ---- */

ALWAYS void pack_low(uint8_t *out, const uint32_t *in, unsigned width)
{
    uint32_t low[BLOCK], mask = (UINT32_C(1) << width) - 1;
    for (unsigned i = 0; i < BLOCK; i++)
        low[i] = in[i] & mask;
    gs_bitpack_pack(out, low, width);
}

ALWAYS void put_exceptions(uint8_t *p, const uint32_t *in, unsigned width, const struct choice *c)
{
    unsigned bytes = (unsigned)gs_block_bytes(c->code) - 16 * width - 1;
    unsigned field = exception_bits(bytes, c->exceptions, width);
    uint8_t wider[BLOCK];
    for (unsigned i = 0; i < BLOCK; i++)
        wider[i] = in[i] >> width != 0;
    *p++ = (uint8_t)c->exceptions;
    memset(p, 0, bytes + 8);
    for (unsigned i = 0, n = 0; i < BLOCK; i += 8)
        for (uint64_t flags = gs_load_u64(wider + i); flags; flags &= flags - 1) {
            unsigned place = i + (unsigned)__builtin_ctzll(flags) / 8;
            gs_row_put(p, n++, field, place | (uint64_t)(in[place] >> width) << PLACE_BITS);
        }
}

/* Sixteen bytes of 0 or 255 as bits. */
ALWAYS uint16_t bits_of_bytes(const uint8_t *bytes)
{
#if defined(__SSE2__)
    return (uint16_t)_mm_movemask_epi8(_mm_load_si128((const __m128i *)(const void *)bytes));
#else
    const uint64_t gather = UINT64_C(0x0102040810204080);
    uint64_t low = (gs_load_u64(bytes) & EVERY_BYTE) * gather >> 56;
    return (uint16_t)(low | (gs_load_u64(bytes + 8) & EVERY_BYTE) * gather >> 56 << 8);
#endif
}

/* A byte a bit, then sixteen of them at once; may store a byte more. */
ALWAYS void put_unary(uint8_t *p, const uint32_t *in, unsigned width, unsigned bytes)
{
    _Alignas(16) uint8_t bits[8 * (GS_BLOCK_UNARY_MAX + 1)];
    uint32_t high[BLOCK], bit = UINT32_MAX;
    memset(bits, 0, 8 * ((size_t)bytes + 1));
    for (unsigned i = 0; i < BLOCK; i++)
        high[i] = in[i] >> width;
    for (unsigned i = 0; i < BLOCK; i += 4)
        for (unsigned j = 0; j < 4; j++)
            bits[bit += high[i + j] + 1] = UINT8_MAX;
    for (unsigned i = 0; i < bytes; i += 2)
        gs_store_u16(p + i, bits_of_bytes(bits + 8 * i));
}

ALWAYS uint16_t pack(uint8_t *out, const uint32_t *in)
{
    struct choice c = choose(in);
    unsigned width = c.code >> GS_BLOCK_WIDTH_SHIFT & GS_BLOCK_WIDTH_MAX;
    unsigned bytes = (unsigned)gs_block_bytes(c.code);
    if (bytes == 16 * width) {
        gs_bitpack_pack(out, in, width);
        return (uint16_t)c.code;
    }
    pack_low(out, in, width);
    if (c.code & GS_BLOCK_SPLIT)
        put_unary(out + 16 * width, in, width, bytes - 16 * width);
    else
        put_exceptions(out + 16 * width, in, width, &c);
    return (uint16_t)c.code;
}

#ifdef HAS_AVX2
AVX2 static uint16_t pack_avx2(uint8_t *out, const uint32_t *in)
{
    return pack(out, in);
}
#endif

uint16_t gs_block_pack(uint8_t *out, const uint32_t in[GS_BITPACK_BLOCK])
{
#ifdef HAS_AVX2
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"))
        return pack_avx2(out, in);
#endif
    return pack(out, in);
}

/* ---- unpacking ---- */

/* Places ascend, so none stands twice. */
static bool patch(uint32_t *out, const uint8_t *p, unsigned bytes, unsigned width)
{
    if (bytes < 2 || p[0] == 0 || p[0] > BLOCK)
        return false;
    unsigned n = *p++, field = exception_bits(bytes - 1, n, width);
    if (field <= PLACE_BITS)
        return false;
    unsigned least = 0;
    bool ascend = true;
    for (unsigned i = 0; i < n; i++) {
        uint64_t v = gs_row_get(p, i, field);
        unsigned place = (unsigned)v % BLOCK;
        ascend &= place >= least;
        least = place + 1;
        out[place] |= (uint32_t)(v >> PLACE_BITS) << width;
    }
    return ascend;
}

/* Places of the one bits of eight bytes into place[n..], modulo 256, the first of them at bit `at`;
 * returns n. Stores 8 bytes at a time. */
static inline unsigned unary_word(uint8_t *place, unsigned n, uint64_t word, unsigned at)
{
    for (unsigned i = 0; i < 8; i++, word >>= 8) {
        unsigned byte = word & 0xFF;
        gs_store_u64(place + n, gs_unary_places[byte] + EVERY_BYTE * (uint8_t)(at + 8 * i));
        n += gs_unary_ones[byte];
    }
    return n;
}

/* A high part is the distance of two ones, below 256 as the unary bytes are few. */
static bool add_unary(uint32_t *out, const uint8_t *p, unsigned bytes, unsigned width)
{
    uint8_t places[1 + BLOCK + 64], *place = places + 1;
    unsigned n = 0, i = 0;
    places[0] = UINT8_MAX; /* one before the first bit */
    for (; i + 8 <= bytes && n <= BLOCK; i += 8)
        n = unary_word(place, n, gs_load_u64(p + i), 8 * i);
    if (i < bytes && n <= BLOCK)
        n = unary_word(place, n, gs_load_u64(p + i) & ((UINT64_C(1) << 8 * (bytes - i)) - 1),
                       8 * i);
    if (n != BLOCK)
        return false;
    for (i = 0; i < BLOCK; i++)
        out[i] |= (uint32_t)(uint8_t)(place[i] - places[i] - 1) << width;
    return true;
}

typedef bool unary_kernel(uint32_t *out, const uint8_t *p, unsigned bytes, unsigned width);

static inline bool unpack(uint32_t *out, const uint8_t *in, unsigned code, unary_kernel *unary)
{
    unsigned width = code >> GS_BLOCK_WIDTH_SHIFT & GS_BLOCK_WIDTH_MAX;
    unsigned bytes = (unsigned)gs_block_bytes(code);
    if (bytes < 16 * width)
        return false;
    gs_bitpack_unpack(out, in, width);
    in += 16 * width;
    bytes -= 16 * width;
    if (code & GS_BLOCK_SPLIT)
        return bytes >= GS_BLOCK_UNARY_MIN && bytes <= GS_BLOCK_UNARY_MAX && in[bytes - 1] != 0 &&
               unary(out, in, bytes, width);
    return bytes == 0 || patch(out, in, bytes, width);
}

bool gs_block_unpack_portable(uint32_t out[GS_BITPACK_BLOCK], const uint8_t *in, unsigned code)
{
    return unpack(out, in, code, add_unary);
}

bool gs_block_unpack(uint32_t out[GS_BITPACK_BLOCK], const uint8_t *in, unsigned code)
{
#ifdef GS_BLOCK_HAS_AVX512
    if (__builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512bw"))
        return unpack(out, in, code, gs_block_add_unary_avx512);
#endif
    return gs_block_unpack_portable(out, in, code);
}
