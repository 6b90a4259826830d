/* Lists of postings and positions. See format_reader.h. */
#include "tests/support/format_reader.h"

struct bits {
    struct format_cursor bytes;
    size_t at; /* bits */
};

static uint64_t read_bits(struct bits *b, unsigned count)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < count; i++, b->at++) {
        if (b->at / 8 >= b->bytes.size) {
            b->bytes.failed = true;
            return 0;
        }
        v |= (uint64_t)(b->bytes.bytes[b->at / 8] >> (b->at % 8) & 1) << i;
    }
    return v;
}

static uint64_t read_rice(struct bits *b, unsigned k)
{
    unsigned zeros = 0;
    while (zeros < 16 && !b->bytes.failed && read_bits(b, 1) == 0)
        zeros++;
    if (zeros == 16)
        return read_bits(b, 32);
    return (uint64_t)zeros << k | read_bits(b, k);
}

static void read_codes(struct bits *b, unsigned k, uint32_t *out, size_t n)
{
    for (size_t i = 0; i < n && !b->bytes.failed; i++)
        out[i] = (uint32_t)read_rice(b, k);
}

static void read_run(struct bits *b, unsigned parameter_bits, uint32_t *out, size_t n)
{
    unsigned k = (unsigned)read_bits(b, parameter_bits);
    read_codes(b, k, out, n);
}

static unsigned width_of(uint64_t x)
{
    unsigned n = 0;
    for (; x; x >>= 1)
        n++;
    return n;
}

/* param(t, n) of the page. */
static unsigned param(uint64_t t, uint64_t n)
{
    unsigned width = width_of(11 * t / (16 * n));
    return width ? width - 1 : 0;
}

/* A run whose parameter is near j. */
static void read_near_run(struct bits *b, unsigned j, uint32_t *out, size_t n)
{
    int k = (int)j, place = 0;
    while (place < 40 && !b->bytes.failed && read_bits(b, 1) == 0)
        place++;
    if (place == 1)
        k--;
    else if (place == 2)
        k++;
    else if (place > 2)
        k -= place - 1;
    b->bytes.failed |= k < 0 || k > 31;
    if (!b->bytes.failed)
        read_codes(b, (unsigned)k, out, n);
}

static uint64_t read_gamma(struct bits *b)
{
    unsigned zeros = 0;
    while (zeros < 32 && !b->bytes.failed && read_bits(b, 1) == 0)
        zeros++;
    b->bytes.failed |= zeros == 32;
    return b->bytes.failed ? 1 : UINT64_C(1) << zeros | read_bits(b, zeros);
}

static uint64_t read_truncated(struct bits *b, uint64_t m)
{
    if (m == 1)
        return 0;
    unsigned width = width_of(m - 1);
    uint64_t c = (UINT64_C(1) << width) - m, v = read_bits(b, width - 1);
    return v < c ? v : 2 * v + read_bits(b, 1) - c;
}

/* Only zero bits stand behind the last code, and less than a byte of them. */
static bool is_at_end(struct bits *b)
{
    if (b->bytes.failed || b->bytes.size * 8 - b->at >= 8)
        return false;
    while (b->at < b->bytes.size * 8)
        if (read_bits(b, 1))
            return false;
    return true;
}

/* 128 integers in rows of four words; one word at a time. */
static bool read_vertical(struct format_cursor c, unsigned width, uint32_t *out)
{
    if (c.failed || c.size < 16 * (size_t)width)
        return false;
    for (size_t k = 0; k < 128; k++) {
        out[k] = 0;
        for (size_t bit = 0; bit < width; bit++) {
            size_t place = k / 4 * width + bit;
            const uint8_t *word = c.bytes + place / 32 * 16 + k % 4 * 4;
            out[k] |= (uint32_t)(word[place % 32 / 8] >> (place % 8) & 1) << bit;
        }
    }
    return true;
}

/* What patched blocks have above the low w bits: exceptions in row packing. */
static bool read_patches(struct format_cursor c, unsigned w, uint32_t *out)
{
    struct bits b = {.bytes = format_slice(&c, 1, c.size - 1)};
    uint64_t n = format_number(&c, 1), before = 0;
    if (c.size < 2 || n < 1 || n > 128)
        return false;
    uint64_t f = 8 * (c.size - 1) / n;
    f = f < 39 - w ? f : 39 - w;
    for (uint64_t i = 0; i < n; i++) {
        uint64_t field = read_bits(&b, (unsigned)f), place = field & 127;
        uint64_t above = field >> 7 << w;
        if (b.bytes.failed || f < 8 || (i > 0 && place <= before) || above >> 32)
            return false;
        out[place] |= (uint32_t)above;
        before = place;
    }
    return b.at / 8 <= b.bytes.size;
}

/* What split blocks have there: unary codes, the last one bit in the last byte. */
static bool read_split(struct format_cursor c, unsigned w, uint32_t *out)
{
    struct bits b = {.bytes = c};
    for (size_t k = 0; k < 128; k++) {
        uint64_t zeros = 0;
        while (!b.bytes.failed && read_bits(&b, 1) == 0)
            zeros++;
        if (b.bytes.failed || zeros << w >> 32)
            return false;
        out[k] |= (uint32_t)(zeros << w);
    }
    return c.size >= 16 && c.size <= 47 && (b.at + 7) / 8 == c.size && is_at_end(&b);
}

/* A block of 128 integers by its code, at *offset of c, which goes behind it. */
static bool read_block_of_128(struct format_cursor c, uint64_t *offset, unsigned code,
                              uint32_t *out)
{
    unsigned size = code & 0x3FF, w = code >> 10 & 31, low = 16 * w;
    struct format_cursor block = format_slice(&c, *offset, size);
    *offset += size;
    if (block.failed || size < low || !read_vertical(block, w, out))
        return false;
    struct format_cursor rest = format_slice(&block, low, size - low);
    if (code >> 15)
        return read_split(rest, w, out);
    return rest.size == 0 || read_patches(rest, w, out);
}

void format_positions_restore(struct format_term *t)
{
    uint32_t *p = t->positions;
    for (uint32_t i = 0; i < t->df; i++)
        for (uint32_t k = 0; k < t->freqs[i]; k++, p++)
            if (k > 0)
                *p += p[-1] + 1;
}

static void take_gaps(struct format_term *t, const uint32_t *gaps, size_t from, size_t n)
{
    for (size_t i = 0; i < n; i++)
        t->docs[from + i] = (from + i > 0 ? t->docs[from + i - 1] : UINT32_MAX) + gaps[i] + 1;
}

static void take_freqs(struct format_term *t, const uint32_t *less_one, size_t from, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        t->freqs[from + i] = less_one[i] + 1;
        t->cf += t->freqs[from + i];
    }
}

/* Docs and freqs of a stream of postings. */
static void read_gaps_and_freqs(struct bits *b, struct format_term *t, size_t from, size_t n,
                                const struct format_segment *s)
{
    uint32_t values[128] = {0}, ones[128] = {0};
    read_near_run(b, param(s->docs, t->df), values, n);
    take_gaps(t, values, from, n);
    uint64_t above = read_gamma(b) - 1;
    memset(values, 0, sizeof(values));
    if (above > n)
        b->bytes.failed = true;
    else if (above > 0 && above < n)
        read_codes(b, param(n - above, above + 1), ones, above);
    for (uint64_t i = 0, at = 0; i < above && !b->bytes.failed; i++, at++) {
        at += ones[i];
        if (at < n)
            values[at] = (uint32_t)read_gamma(b);
        else
            b->bytes.failed = true;
    }
    take_freqs(t, values, from, n);
}

/* The values of one posting. */
static void read_posting_values(struct bits *b, uint32_t *out, uint64_t freq, uint64_t length)
{
    length = length < 0x7FFFFFFF ? length : 0x7FFFFFFF;
    if (freq > 1) {
        read_codes(b, param(length, freq), out, freq);
        return;
    }
    uint64_t m = length + length / 8 + 1, v = read_truncated(b, m + 1);
    out[0] = (uint32_t)(v == m ? read_bits(b, 32) : v);
}

/* What is behind the head of a list with room for its df docs and freqs. */
static bool read_small(struct format_term *t, struct bits *b, const struct format_segment *s)
{
    if (t->df == 1) {
        t->docs[0] = (uint32_t)read_truncated(b, s->docs);
        t->freqs[0] = (uint32_t)read_gamma(b);
        t->cf = t->freqs[0];
    } else {
        read_gaps_and_freqs(b, t, 0, t->df, s);
    }
    if (b->bytes.failed || t->cf > 1024)
        return false;
    t->positions = format_memory(t->cf * sizeof(uint32_t));
    uint32_t *p = t->positions;
    for (uint32_t i = 0; i < t->df && !b->bytes.failed; p += t->freqs[i++]) {
        if (t->docs[i] >= s->docs)
            return false;
        read_posting_values(b, p, t->freqs[i], s->columns[FORMAT_LENGTH][t->docs[i]]);
    }
    return true;
}

bool format_small_read(struct format_term *t, struct format_cursor postings,
                       const struct format_segment *s)
{
    struct bits b = {.bytes = postings};
    return read_small(t, &b, s) && is_at_end(&b);
}

bool format_inline_read(struct format_term *t, struct format_cursor *c,
                        const struct format_segment *s)
{
    uint64_t size = 4 + (c->bytes[c->at] >> 1 & 7);
    struct bits b = {.bytes = format_slice(c, c->at, size), .at = 4};
    uint64_t df = read_gamma(&b);
    c->at += size;
    if (b.bytes.failed || df > 127 || df > s->docs)
        return false;
    t->df = (uint32_t)df;
    t->docs = format_memory(df * sizeof(uint32_t));
    t->freqs = format_memory(df * sizeof(uint32_t));
    if (!read_small(t, &b, s))
        return false;
    while (size == 4 && b.at <= 24)
        if (read_bits(&b, 1))
            return false;
    return is_at_end(&b);
}

uint32_t *format_firsts_read(struct format_cursor row, uint64_t n)
{
    struct bits b = {.bytes = row};
    uint32_t *firsts = n > 0 && n / 8 <= row.size ? format_memory(n * sizeof(*firsts)) : NULL;
    if (!firsts)
        return NULL;
    firsts[0] = (uint32_t)read_gamma(&b);
    if (n > 1)
        read_near_run(&b, param(20992, n), firsts + 1, n - 1);
    for (uint64_t i = 1; i < n; i++)
        firsts[i] += firsts[i - 1] + 1;
    if (is_at_end(&b))
        return firsts;
    free(firsts);
    return NULL;
}

/* ---- impacts ---- */

static uint64_t impact_value(uint64_t code)
{
    return code < 16 ? code : (8 + (code - 16) % 8) << ((code - 16) / 8 + 1);
}

static bool is_bounded(const uint8_t *impacts, uint64_t freq, uint64_t length)
{
    for (size_t i = 0; i < 4 && (impacts[2 * i] || impacts[2 * i + 1]); i++) {
        bool unbounded = impacts[2 * i] == 240;
        if ((unbounded || freq <= impact_value(impacts[2 * i])) &&
            impact_value(impacts[2 * i + 1]) <= length)
            return true;
    }
    return false;
}

static bool are_impacts(const uint8_t *impacts)
{
    bool open = true;
    for (size_t i = 0; i < 4; i++) {
        uint8_t freq = impacts[2 * i], length = impacts[2 * i + 1];
        bool none = freq == 0 && length == 0;
        if (freq > 240 || length > 239 || (i == 0 && none) || (!open && !none))
            return false;
        if (i > 0 && !none && (freq >= impacts[2 * i - 2] || length >= impacts[2 * i - 1]))
            return false;
        open = !none;
    }
    return true;
}

static bool check_impacts(const struct format_segment *s, const struct format_term *t,
                          const uint8_t *impacts, size_t from, size_t to)
{
    bool good = are_impacts(impacts);
    for (size_t i = from; i < to && good; i++)
        good = t->docs[i] < s->docs &&
               is_bounded(impacts, t->freqs[i], s->columns[FORMAT_LENGTH][t->docs[i]]);
    return good;
}

/* ---- blocked lists ---- */

struct block_place {
    struct format_cursor blocks; /* all of the list */
    uint64_t offset;             /* where the next block should be */
};

static bool read_block(struct format_term *t, struct block_place *place, size_t from, size_t n,
                       unsigned doc_code, unsigned freq_code, const struct format_segment *s)
{
    uint32_t values[128];
    if (n < 128) {
        struct bits b = {.bytes = format_slice(&place->blocks, place->offset,
                                               place->blocks.size - place->offset)};
        read_gaps_and_freqs(&b, t, from, n, s);
        place->offset = place->blocks.size;
        return doc_code == 0 && freq_code == 0 && is_at_end(&b);
    }
    if (!read_block_of_128(place->blocks, &place->offset, doc_code, values))
        return false;
    take_gaps(t, values, from, n);
    if (!read_block_of_128(place->blocks, &place->offset, freq_code, values))
        return false;
    take_freqs(t, values, from, n);
    return true;
}

static bool read_skips(struct format_term *t, struct format_cursor *c, struct block_place *place,
                       const struct format_segment *s)
{
    size_t blocks = (t->df + 127) / 128;
    for (size_t i = 0; i < blocks; i++) {
        if (i > 0 && i % 8 == 0 && format_number(c, 4) != place->offset)
            return false;
        size_t from = 128 * i, n = t->df - from < 128 ? t->df - from : 128;
        uint64_t last = format_number(c, 4), ordinal = format_number(c, 4);
        unsigned doc_code = (unsigned)format_number(c, 2),
                 freq_code = (unsigned)format_number(c, 2);
        struct format_cursor impacts = format_slice(c, c->at, 8);
        c->at += 8;
        if (c->failed || ordinal != t->cf || !read_block(t, place, from, n, doc_code, freq_code, s))
            return false;
        if (t->docs[from + n - 1] != last || !check_impacts(s, t, impacts.bytes, from, from + n))
            return false;
    }
    return true;
}

static bool read_positions(struct format_term *t, struct format_cursor c)
{
    size_t blocks = (t->cf + 127) / 128;
    struct format_cursor table = format_slice(&c, 0, 2 * blocks + 8 * ((blocks - 1) / 32));
    struct format_cursor data = format_slice(&c, table.size, c.size - table.size);
    uint64_t offset = 0;
    for (size_t i = 0; i < blocks && !table.failed; i++) {
        if (i > 0 && i % 32 == 0 && format_number(&table, 8) != offset)
            return false;
        unsigned code = (unsigned)format_number(&table, 2);
        size_t n = t->cf - 128 * i < 128 ? t->cf - 128 * i : 128;
        if (n == 128) {
            if (!read_block_of_128(data, &offset, code, t->positions + 128 * i))
                return false;
            continue;
        }
        struct bits b = {.bytes = format_slice(&data, offset, data.size - offset)};
        read_run(&b, 5, t->positions + 128 * i, n);
        offset = data.size;
        if (code != 0 || !is_at_end(&b))
            return false;
    }
    return !table.failed && offset == data.size;
}

bool format_blocked_read(struct format_term *t, struct format_cursor postings,
                         struct format_cursor positions, const struct format_segment *s)
{
    struct format_cursor *c = &postings;
    size_t blocks = (t->df + 127) / 128, front = 13 + 20 * blocks + 4 * ((blocks - 1) / 8);
    struct block_place place = {.blocks =
                                    format_slice(c, front, c->size < front ? 0 : c->size - front)};
    uint64_t cf = format_number(c, 4), flags = format_number(c, 1);
    struct format_cursor impacts = format_slice(c, 5, 8);
    c->at = 13;
    if (c->failed || place.blocks.failed || flags != 0 || !read_skips(t, c, &place, s))
        return false;
    if (cf != t->cf || place.offset != place.blocks.size ||
        !check_impacts(s, t, impacts.bytes, 0, t->df) || cf > positions.size * 8192)
        return false;
    t->positions = format_memory(t->cf * sizeof(uint32_t));
    return read_positions(t, positions);
}
