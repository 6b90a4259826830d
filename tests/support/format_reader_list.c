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

static void read_run(struct bits *b, unsigned parameter_bits, uint32_t *out, size_t n)
{
    unsigned k = (unsigned)read_bits(b, parameter_bits);
    for (size_t i = 0; i < n && !b->bytes.failed; i++)
        out[i] = (uint32_t)read_rice(b, k);
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

/* The first two runs of a bit stream: n gaps, n freqs. */
static void read_gaps_and_freqs(struct bits *b, struct format_term *t, size_t from, size_t n)
{
    uint32_t values[128] = {0};
    read_run(b, 5, values, n);
    take_gaps(t, values, from, n);
    memset(values, 0, sizeof(values));
    read_run(b, 3, values, n);
    take_freqs(t, values, from, n);
}

bool format_small_read(struct format_term *t, struct format_cursor postings)
{
    struct bits b = {.bytes = postings};
    read_gaps_and_freqs(&b, t, 0, t->df);
    if (b.bytes.failed || t->cf > postings.size * 8)
        return false;
    t->positions = format_memory(t->cf * sizeof(uint32_t));
    read_run(&b, 5, t->positions, t->cf);
    return is_at_end(&b);
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
                       unsigned doc_byte, unsigned freq_byte)
{
    uint32_t values[128];
    if (n < 128) {
        struct bits b = {.bytes = format_slice(&place->blocks, place->offset,
                                               place->blocks.size - place->offset)};
        read_gaps_and_freqs(&b, t, from, n);
        place->offset = place->blocks.size;
        return doc_byte == 0 && freq_byte == 0 && is_at_end(&b);
    }
    if (doc_byte > 32 || freq_byte > 32) /* a codec that format 1 has not */
        return false;
    struct format_cursor docs = format_slice(&place->blocks, place->offset, 16 * doc_byte);
    place->offset += 16 * doc_byte;
    struct format_cursor freqs = format_slice(&place->blocks, place->offset, 16 * freq_byte);
    place->offset += 16 * freq_byte;
    if (!read_vertical(docs, doc_byte, values))
        return false;
    take_gaps(t, values, from, n);
    if (!read_vertical(freqs, freq_byte, values))
        return false;
    take_freqs(t, values, from, n);
    return true;
}

static bool read_skips(struct format_term *t, struct format_cursor *c, struct block_place *place,
                       const struct format_segment *s)
{
    size_t blocks = (t->df + 127) / 128;
    for (size_t i = 0; i < blocks; i++) {
        if (i % 8 == 0 && format_number(c, 4) * 16 != place->offset)
            return false;
        size_t from = 128 * i, n = t->df - from < 128 ? t->df - from : 128;
        uint64_t last = format_number(c, 4), ordinal = format_number(c, 4);
        unsigned doc_byte = (unsigned)format_number(c, 1),
                 freq_byte = (unsigned)format_number(c, 1);
        struct format_cursor impacts = format_slice(c, c->at, 8);
        c->at += 8;
        if (c->failed || ordinal != t->cf || !read_block(t, place, from, n, doc_byte, freq_byte))
            return false;
        if (t->docs[from + n - 1] != last || !check_impacts(s, t, impacts.bytes, from, from + n))
            return false;
    }
    return true;
}

static bool read_row(struct format_cursor c, unsigned width, uint32_t *out, size_t n)
{
    struct bits b = {.bytes = c};
    for (size_t i = 0; i < n; i++)
        out[i] = (uint32_t)read_bits(&b, width);
    return is_at_end(&b) || (b.bytes.size == 0 && !b.bytes.failed);
}

static bool read_positions(struct format_term *t, struct format_cursor c)
{
    size_t blocks = (t->cf + 127) / 128;
    struct format_cursor table = format_slice(&c, 0, blocks + 4 * ((blocks + 15) / 16));
    struct format_cursor data = format_slice(&c, table.size, c.size - table.size);
    uint64_t offset = 0;
    for (size_t i = 0; i < blocks && !table.failed; i++) {
        if (i % 16 == 0 && format_number(&table, 4) * 16 != offset)
            return false;
        unsigned width = (unsigned)format_number(&table, 1);
        size_t n = t->cf - 128 * i < 128 ? t->cf - 128 * i : 128;
        uint64_t size = n == 128 ? 16 * (uint64_t)width : ((uint64_t)n * width + 7) / 8;
        struct format_cursor block = format_slice(&data, offset, size);
        offset += size;
        if (width > 32 || block.failed)
            return false;
        if (!(n == 128 ? read_vertical(block, width, t->positions + 128 * i)
                       : read_row(block, width, t->positions + 128 * i, n)))
            return false;
    }
    return !table.failed && offset == data.size;
}

bool format_blocked_read(struct format_term *t, struct format_cursor postings,
                         struct format_cursor positions, const struct format_segment *s)
{
    struct format_cursor *c = &postings;
    size_t blocks = (t->df + 127) / 128, front = 16 + 18 * blocks + 4 * ((blocks + 7) / 8);
    struct block_place place = {.blocks =
                                    format_slice(c, front, c->size < front ? 0 : c->size - front)};
    uint64_t cf = format_number(c, 4), flags = format_number(c, 4);
    struct format_cursor impacts = format_slice(c, 8, 8);
    c->at = 16;
    if (c->failed || place.blocks.failed || flags != 0 || !read_skips(t, c, &place, s))
        return false;
    if (cf != t->cf || place.offset != place.blocks.size ||
        !check_impacts(s, t, impacts.bytes, 0, t->df) || cf > positions.size * 8192)
        return false;
    t->positions = format_memory(t->cf * sizeof(uint32_t));
    return read_positions(t, positions);
}
