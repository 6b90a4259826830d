#include "common/segment/small_codec.h"

#include "common/segment/format.h"

/* Writing is built twice, the second time for the instructions that newer processors have. */
#define ALWAYS __attribute__((always_inline)) static inline
#if defined(__x86_64__) && defined(__GNUC__)
#define HAS_AVX2
#define AVX2 __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))
#endif

#define BLOCK GS_BITPACK_BLOCK
#define FEW   12u /* postings: so few are written one by one */

/* ---- single numbers ---- */

ALWAYS void put_gamma(struct gs_bit_writer *w, uint32_t v)
{
    unsigned low = gs_bits_of(v) - 1;
    uint64_t one = UINT64_C(1) << low, rest = v - one;
    if (__builtin_expect(2 * low + 1 <= GS_BITS_PUT_MAX, 1)) {
        gs_bits_put(w, one | rest << 1 << low, 2 * low + 1);
    } else {
        gs_bits_put(w, one, low + 1);
        gs_bits_put(w, rest, low);
    }
}

void gs_gamma_put(struct gs_bit_writer *w, uint32_t v)
{
    put_gamma(w, v);
}

void gs_truncated_put(struct gs_bit_writer *w, uint32_t v, uint32_t m)
{
    struct gs_bits code = gs_truncated_code(v, m);
    gs_bits_put(w, code.bits, code.count);
}

/* ---- filings ---- */

void gs_small_put_docs(struct gs_bit_writer *w, const uint32_t *docs, size_t n, uint32_t base,
                       unsigned k)
{
    uint32_t gaps[BLOCK + GS_RICE_PAD];
    gs_bitpack_gaps(gaps, docs, n, base);
    gs_rice_put_near(w, gaps, n, k);
}

bool gs_small_get_docs(struct gs_bit_reader *r, uint32_t *docs, size_t n, uint32_t base, unsigned k,
                       uint32_t doc_count)
{
    struct gs_bit_reader at = *r;
    uint64_t doc = (uint32_t)(base + 1);
    uint32_t gap;
    if (!gs_rice_get_near(&at, &k))
        return false;
    for (size_t i = 0; i < n; i++, doc++) {
        if (!gs_rice_get(&at, k, &gap) || (doc += gap) >= doc_count)
            return false;
        docs[i] = (uint32_t)doc;
    }
    *r = at;
    return true;
}

/* ---- frequencies: where those above 1 are, and they ---- */

/* Places of the frequencies above 1; how many. A byte of 0 or 1 for each, eight of these gathered
 * into eight bits by a multiplication, then one bit after the other of 64: loops that end where
 * a processor expects it. */
ALWAYS uint32_t find_places(uint8_t places[BLOCK], const uint32_t *freqs, size_t n)
{
    const uint64_t gather = UINT64_C(0x0102040810204080);
    uint8_t more[BLOCK + 8];
    uint64_t flags[BLOCK / 64] = {0};
    uint32_t count = 0;
    for (size_t i = 0; i < n; i++)
        more[i] = freqs[i] > 1;
    memset(more + n, 0, 8);
    for (size_t i = 0; i < n; i += 8)
        flags[i / 64] |= gs_load_u64(more + i) * gather >> 56 << i % 64;
    for (unsigned word = 0; word < BLOCK / 64; word++)
        for (uint64_t left = flags[word]; left; left &= left - 1)
            places[count++] = (uint8_t)(64 * word + (unsigned)__builtin_ctzll(left));
    return count;
}

ALWAYS void put_freqs(struct gs_bit_writer *to, const uint32_t *freqs, size_t n)
{
    struct gs_bit_writer w = *to; /* in registers: bytes stored might alias *to */
    uint8_t places[BLOCK];
    uint32_t more = find_places(places, freqs, n);
    put_gamma(&w, more + 1);
    if (more > 0 && more < n) {
        unsigned k = gs_small_parameter(n - more, more + 1);
        for (uint32_t i = 0, next = 0; i < more; i++) {
            gs_rice_put(&w, places[i] - next, k);
            next = places[i] + 1u;
        }
    }
    for (uint32_t i = 0; i < more; i++)
        put_gamma(&w, freqs[places[i]] - 1);
    *to = w;
}

#ifdef HAS_AVX2
AVX2 static void put_freqs_avx2(struct gs_bit_writer *w, const uint32_t *freqs, size_t n)
{
    put_freqs(w, freqs, n);
}
#endif

static bool has_avx2(void)
{
#ifdef HAS_AVX2
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
#else
    return false;
#endif
}

void gs_small_put_freqs(struct gs_bit_writer *w, const uint32_t *freqs, size_t n)
{
#ifdef HAS_AVX2
    if (has_avx2()) {
        put_freqs_avx2(w, freqs, n);
        return;
    }
#endif
    put_freqs(w, freqs, n);
}

/* The places of `more` of n frequencies. */
static bool get_places(struct gs_bit_reader *r, uint8_t places[BLOCK], size_t n, uint32_t more)
{
    unsigned k = gs_small_parameter(n - more, more + 1);
    uint64_t place = 0;
    for (uint32_t i = 0; i < more; i++, place++) {
        uint32_t ones = 0;
        if ((more < n && !gs_rice_get(r, k, &ones)) || (place += ones) >= n)
            return false;
        places[i] = (uint8_t)place;
    }
    return true;
}

bool gs_small_get_freqs(struct gs_bit_reader *r, uint32_t *freqs, size_t n)
{
    struct gs_bit_reader at = *r;
    uint8_t places[BLOCK];
    uint32_t more, v;
    if (!gs_gamma_get(&at, &more) || --more > n)
        return false;
    for (size_t i = 0; i < n; i++)
        freqs[i] = 1;
    if (!get_places(&at, places, n, more))
        return false;
    for (uint32_t i = 0; i < more; i++) {
        if (!gs_gamma_get(&at, &v) || v == UINT32_MAX)
            return false;
        freqs[places[i]] = v + 1;
    }
    *r = at;
    return true;
}

/* ---- positions ---- */

ALWAYS void put_single(struct gs_bit_writer *w, uint32_t v, uint32_t length)
{
    uint32_t limit = gs_small_single_limit(length);
    struct gs_bits code = gs_truncated_code(v < limit ? v : limit, limit + 1);
    gs_bits_put(w, code.bits, code.count);
    if (__builtin_expect(v >= limit, 0))
        gs_bits_put(w, v, 32);
}

ALWAYS void put_several(struct gs_bit_writer *w, const uint32_t *positions, uint32_t freq,
                        uint32_t length)
{
    unsigned k = gs_small_parameter(gs_small_length(length), freq);
    uint32_t before = UINT32_MAX;
    for (uint32_t i = 0; i < freq; i++) {
        gs_rice_put(w, positions[i] - before - 1, k);
        before = positions[i];
    }
}

ALWAYS void put_each(struct gs_bit_writer *to, const uint32_t *docs, const uint32_t *freqs,
                     size_t n, const uint32_t *positions, const uint32_t *lengths)
{
    struct gs_bit_writer w = *to;
    for (size_t i = 0; i < n; i++) {
        uint32_t length = lengths[docs[i]];
        if (freqs[i] == 1)
            put_single(&w, positions[0], length);
        else
            put_several(&w, positions, freqs[i], length);
        positions += freqs[i];
    }
    *to = w;
}

/* ---- positions of more than a few postings: all codes first, then their bits ----
 *
 * Which postings have one position is a coin toss that a processor loses every few postings, and
 * each code is a chain of twenty dependent instructions. So the positions of a list go through
 * arrays, each step a loop without branches that compilers turn into vectors: lengths of the
 * filings, from them a parameter for each posting, that parameter for each position, then code and
 * size of each. Only the last loop goes bit by bit, four codes a store. Codes that 28 bits do not
 * hold (escapes, positions beyond a single's limit) are marked and take the way of put_each. Logs
 * come from the exponents of floats, exact for lengths below LENGTH_EXACT: a limit is an integer
 * below 2^24, and a mean below a power of two is 11 * length / (16 * freq), both integers below
 * 2^24, so less than it by 2^-24 of it, which a float holds. */

#define LENGTH_EXACT (1u << 20)
#define LANES        8u                  /* full vectors: loops run to a multiple */
#define SEVERAL      (UINT32_C(1) << 31) /* flag of a parameter: Rice's k; else a single's limit */
#define CODE_MOST    28u /* bits of a code in the arrays: two and a half bytes less in a put */
#define MARKED       64u /* the size of any other */

struct position_codes {
    uint32_t values[GS_SMALL_CF_MAX + 2 * LANES], parameters[GS_SMALL_CF_MAX + 2 * LANES];
    uint32_t codes[GS_SMALL_CF_MAX + 2 * LANES], sizes[GS_SMALL_CF_MAX + 2 * LANES];
};

ALWAYS size_t full(size_t n)
{
    return (n + LANES - 1) & ~(size_t)(LANES - 1);
}

/* log2 of a float >= 1, rounded down; less than 0 below. */
ALWAYS int32_t log_of(float v)
{
    uint32_t bits;
    memcpy(&bits, &v, sizeof(bits));
    return (int32_t)(bits >> 23) - 127;
}

/* A parameter for each of n postings; false where a length is beyond LENGTH_EXACT. */
ALWAYS bool find_parameters(uint32_t parameters[BLOCK + LANES], const uint32_t *docs,
                            const uint32_t *freqs, size_t n, const uint32_t *lengths)
{
    uint32_t of[BLOCK + LANES], f[BLOCK + LANES], all = 0;
    for (size_t i = 0; i < n; i++) {
        of[i] = lengths[docs[i]];
        f[i] = freqs[i];
    }
    for (size_t i = 0; i < LANES; i++)
        of[n + i] = 0, f[n + i] = 1;
    for (size_t i = 0; i < full(n); i++) {
        int32_t k = log_of((float)(int32_t)(11 * of[i]) / (float)(int32_t)(16 * f[i]));
        uint32_t limit = of[i] + of[i] / 8 + 1;
        uint32_t several = (uint32_t)(k > 0 ? k : 0) | SEVERAL,
                 is_single = 0 - (uint32_t)(f[i] == 1);
        parameters[i] = several ^ ((several ^ limit) & is_single);
        all |= of[i];
    }
    return all < LENGTH_EXACT;
}

/* Values and parameters of all positions; how many. */
ALWAYS size_t spread(struct position_codes *c, const uint32_t *parameters, const uint32_t *freqs,
                     size_t n, const uint32_t *positions, size_t cf)
{
    c->values[0] = positions[0];
    for (size_t i = 1; i < cf; i++)
        c->values[i] = positions[i] - positions[i - 1] - 1;
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        c->values[at] = positions[at];
        for (size_t j = 0; j < LANES; j++)
            c->parameters[at + j] = parameters[i];
        for (size_t j = LANES; __builtin_expect(j < freqs[i], 0); j++)
            c->parameters[at + j] = parameters[i];
        at += freqs[i];
    }
    return at;
}

ALWAYS void find_codes(struct position_codes *c, size_t n)
{
    for (size_t i = 0; i < LANES; i++)
        c->values[n + i] = c->parameters[n + i] = 0;
    for (size_t i = 0; i < full(n); i++) {
        uint32_t v = c->values[i], limit = c->parameters[i], k = limit & GS_RICE_K_MAX;
        uint32_t zeros = v >> k, low = v & ((UINT32_C(1) << k) - 1);
        uint32_t rice = (low << 1 | 1) << (zeros & (GS_RICE_ESCAPE - 1)), rice_size = zeros + 1 + k;
        rice_size = zeros < GS_RICE_ESCAPE ? rice_size : MARKED;
        /* as gs_truncated_code(v, limit + 1) */
        uint32_t b = (uint32_t)(log_of((float)(int32_t)(limit & ~SEVERAL)) + 1) & 31;
        uint32_t brief = (UINT32_C(1) << b) - limit - 1, x = v + brief;
        uint32_t whole = x >> 1 | (x & 1) << ((b - 1) & 31);
        uint32_t single_size = b - (v < brief);
        single_size = v < limit ? single_size : MARKED;
        bool several = limit >= SEVERAL;
        uint32_t size = several ? rice_size : single_size;
        c->codes[i] = several ? rice : v < brief ? v : whole;
        c->sizes[i] = size <= CODE_MOST ? size : MARKED;
    }
}

ALWAYS void put_marked(struct gs_bit_writer *w, uint32_t v, uint32_t parameter)
{
    if (parameter & SEVERAL) {
        gs_rice_put(w, v, parameter & ~SEVERAL);
        return;
    }
    uint32_t limit = parameter;
    struct gs_bits code = gs_truncated_code(v < limit ? v : limit, limit + 1);
    gs_bits_put(w, code.bits, code.count);
    if (v >= limit)
        gs_bits_put(w, v, 32);
}

/* Four codes, zeros behind the last. */
ALWAYS void put_four(struct gs_bit_writer *w, const struct position_codes *c, size_t at)
{
    const uint32_t *code = c->codes + at, *size = c->sizes + at;
    uint32_t first = size[0] + size[1], all = first + size[2] + size[3];
    if (__builtin_expect(all <= GS_BITS_PUT_MAX, 1)) {
        uint64_t low = code[0] | (uint64_t)code[1] << size[0];
        uint64_t high = code[2] | (uint64_t)code[3] << size[2];
        gs_bits_put(w, low | high << first, all);
        return;
    }
    for (size_t i = 0; i < 4; i++)
        if (size[i] != MARKED)
            gs_bits_put(w, code[i], size[i]);
        else
            put_marked(w, c->values[at + i], c->parameters[at + i]);
}

ALWAYS void put_positions(struct gs_bit_writer *to, const uint32_t *docs, const uint32_t *freqs,
                          size_t n, const uint32_t *positions, size_t cf, const uint32_t *lengths)
{
    uint32_t parameters[BLOCK + LANES];
    if (n < FEW || cf > GS_SMALL_CF_MAX || !find_parameters(parameters, docs, freqs, n, lengths)) {
        put_each(to, docs, freqs, n, positions, lengths);
        return;
    }
    struct position_codes c;
    spread(&c, parameters, freqs, n, positions, cf);
    find_codes(&c, cf);
    memset(c.codes + cf, 0, 4 * sizeof(c.codes[0]));
    memset(c.sizes + cf, 0, 4 * sizeof(c.sizes[0]));
    struct gs_bit_writer w = *to; /* in registers: bytes stored might alias *to */
    for (size_t i = 0; i < cf; i += 4)
        put_four(&w, &c, i);
    *to = w;
}

#ifdef HAS_AVX2
AVX2 static void put_positions_avx2(struct gs_bit_writer *w, const uint32_t *docs,
                                    const uint32_t *freqs, size_t n, const uint32_t *positions,
                                    size_t cf, const uint32_t *lengths)
{
    put_positions(w, docs, freqs, n, positions, cf, lengths);
}
#endif

void gs_small_put_positions(struct gs_bit_writer *w, const uint32_t *docs, const uint32_t *freqs,
                            size_t n, const uint32_t *positions, size_t cf, const uint32_t *lengths)
{
#ifdef HAS_AVX2
    if (has_avx2()) {
        put_positions_avx2(w, docs, freqs, n, positions, cf, lengths);
        return;
    }
#endif
    put_positions(w, docs, freqs, n, positions, cf, lengths);
}
