#include "common/segment/list_codec.h"

#include "common/segment/impacts.h"
#include "common/segment/small_codec.h"

/* A list is tried in its entry where it has at most so many docs and positions, added up. */
#define INLINE_WORTH 7u

/* ---- positions as values ---- */

/* Walks the positions of a list once, turning them into values: the gap to the position before, in
 * a filing's first the position itself. */
struct value_stream {
    const struct gs_list_input *in;
    uint64_t at;        /* ordinal of the next value */
    uint64_t doc_start; /* ordinal at which filing `doc` begins */
    uint32_t doc;
};

/* The next n values. */
static void values_next(struct value_stream *s, uint32_t *out, size_t n)
{
    const uint32_t *positions = s->in->positions + s->at;
    gs_bitpack_gaps(out, positions, n, s->at ? positions[-1] : UINT32_MAX);
    while (s->doc_start < s->at + n && s->doc < s->in->df) {
        out[s->doc_start - s->at] = s->in->positions[s->doc_start];
        s->doc_start += s->in->freqs[s->doc++];
    }
    s->at += n;
}

/* ---- streams of postings: small lists and the last block of large ones ---- */

/* Filings and frequencies, at most GS_BLOCK of the list's. base is the doc before, UINT32_MAX for
 * none. */
static void put_postings(struct gs_bit_writer *w, const struct gs_list_input *in, size_t from,
                         size_t n)
{
    const uint32_t *docs = in->docs + from;
    unsigned k = gs_small_parameter(in->lengths->count, in->df);
    gs_small_put_docs(w, docs, n, from ? docs[-1] : UINT32_MAX, k);
    if (in->cf == in->df)
        gs_bits_put(w, 1, 1); /* none is above 1 */
    else
        gs_small_put_freqs(w, in->freqs + from, n);
}

/* A whole small list. */
static void put_small(struct gs_bit_writer *w, const struct gs_list_input *in)
{
    if (in->df == 1) {
        gs_truncated_put(w, in->docs[0], in->lengths->count);
        gs_gamma_put(w, in->freqs[0]);
    } else {
        put_postings(w, in, 0, in->df);
    }
    gs_small_put_positions(w, in->docs, in->freqs, in->df, in->positions, (size_t)in->cf,
                           in->lengths->of);
}

/* ---- payloads: what stands in a term's entry ---- */

/* A list of one position, which is every third: the same bits in one word. False where they are
 * more than that. */
static bool put_one(uint8_t *p, size_t *size, const struct gs_list_input *in)
{
    uint32_t doc = in->docs[0], limit = gs_small_single_limit(in->lengths->of[doc]);
    struct gs_bits of_doc = gs_truncated_code(doc, in->lengths->count);
    struct gs_bits of_position = gs_truncated_code(in->positions[0], limit + 1);
    unsigned front = GS_INLINE_HEAD_BITS + 1, bits = front + of_doc.count + 1 + of_position.count;
    if (in->positions[0] >= limit || bits > 64)
        return false;
    *size = bits > 8 * GS_INLINE_LEAST ? (bits + 7) / 8 : GS_INLINE_LEAST;
    gs_store_u64(p, 1 | (*size - GS_INLINE_LEAST) << 1 | UINT64_C(1) << GS_INLINE_HEAD_BITS |
                        (of_doc.bits | UINT64_C(1) << of_doc.count) << front |
                        of_position.bits << (front + of_doc.count + 1));
    return true;
}

/* The whole list, if it is short enough. */
static bool encode_inline(struct gs_list_sinks *s, const struct gs_list_input *in)
{
    if (in->df + in->cf > INLINE_WORTH)
        return false;
    size_t size;
    uint8_t *p = gs_buf_reserve(&s->payload, GS_SMALL_ROOM(2 * INLINE_WORTH));
    if (!p)
        return true;
    if (in->cf == 1 && put_one(p, &size, in)) {
        s->payload.size += size;
        return true;
    }
    struct gs_bit_writer w = {.p = p, .bits = GS_INLINE_HEAD_BITS};
    gs_gamma_put(&w, in->df);
    put_small(&w, in);
    uint8_t *end = gs_bits_end(&w);
    while (end < p + GS_INLINE_LEAST)
        *end++ = 0;
    size = (size_t)(end - p);
    if (size > GS_INLINE_MOST)
        return false;
    p[0] |= (uint8_t)(1 | (size - GS_INLINE_LEAST) << 1);
    s->payload.size += size;
    return true;
}

/* The sizes of a list that stands elsewhere; only a blocked one has positions. */
static void put_payload(struct gs_list_sinks *s, uint32_t df, uint64_t postings, uint64_t positions)
{
    uint8_t *p = gs_buf_reserve(&s->payload, 1 + 3 * GS_VARINT_MAX);
    if (!p)
        return;
    uint8_t *start = p;
    bool few = positions > 0 && df < GS_BLOCK;
    if (few)
        *p++ = 0;
    p = gs_varint_put(p, few ? df : (uint64_t)df << 1);
    p = gs_varint_put(p, postings);
    if (positions > 0)
        p = gs_varint_put(p, positions);
    s->payload.size += (size_t)(p - start);
}

static void encode_small(struct gs_list_sinks *s, const struct gs_list_input *in)
{
    if (encode_inline(s, in))
        return;
    uint8_t *p = gs_buf_reserve(&s->postings, GS_SMALL_ROOM(2 * in->df + in->cf));
    if (!p)
        return;
    struct gs_bit_writer w = {.p = p};
    put_small(&w, in);
    size_t size = (size_t)(gs_bits_end(&w) - p);
    s->postings.size += size;
    put_payload(s, in->df, size, 0);
}

/* ---- blocked: filings ---- */

static void store_skip(uint8_t *skips, uint32_t b, uint32_t last, uint64_t offset, uint64_t ordinal)
{
    uint8_t *p = skips + gs_skip_place(b);
    if (b > 0 && b % GS_SKIP_GROUP == 0)
        gs_store_u32(p - 4, (uint32_t)offset);
    gs_store_u32(p + GS_SKIP_LAST, last);
    gs_store_u32(p + GS_SKIP_ORDINAL, (uint32_t)ordinal);
    gs_store_u16(p + GS_SKIP_DOC_CODE, 0);
    gs_store_u16(p + GS_SKIP_FREQ_CODE, 0);
}

/* Impacts of n postings into a skip entry and the list's front; returns the sum of their
 * frequencies. */
static uint64_t put_impacts(uint8_t *skip, struct gs_impact_front *all, const uint32_t *docs,
                            const uint32_t *freqs, size_t n, const uint32_t *doc_lengths)
{
    struct gs_impact_front front;
    gs_impact_front_clear(&front);
    uint64_t sum = gs_impact_front_add_postings(&front, docs, freqs, n, doc_lengths);
    gs_impact_front_encode(&front, skip + GS_SKIP_IMPACTS);
    gs_impact_front_merge(all, &front);
    return sum;
}

static uint8_t *put_full_block(uint8_t *p, uint8_t *skip, const uint32_t *docs,
                               const uint32_t *freqs, uint32_t base)
{
    uint32_t values[GS_BLOCK];
    gs_bitpack_gaps(values, docs, GS_BLOCK, base);
    uint16_t code = gs_block_pack(p, values);
    gs_store_u16(skip + GS_SKIP_DOC_CODE, code);
    p += gs_block_bytes(code);
    for (size_t i = 0; i < GS_BLOCK; i++)
        values[i] = freqs[i] - 1;
    code = gs_block_pack(p, values);
    gs_store_u16(skip + GS_SKIP_FREQ_CODE, code);
    return p + gs_block_bytes(code);
}

static bool encode_doc_blocks(struct gs_buf *out, const struct gs_list_input *in)
{
    uint32_t blocks = (uint32_t)gs_block_count(in->df);
    size_t fixed = GS_LIST_HEADER + (size_t)gs_skip_bytes(blocks);
    uint8_t *start = gs_buf_reserve(out, fixed + (size_t)blocks * 2 * GS_BLOCK_ROOM +
                                             GS_SMALL_ROOM(2 * GS_BLOCK));
    if (!start)
        return true;
    struct gs_impact_front all;
    gs_impact_front_clear(&all);
    uint8_t *data = start + fixed, *p = data;
    uint64_t ordinal = 0;
    for (uint32_t b = 0; b < blocks; b++) {
        size_t at = (size_t)b * GS_BLOCK, n = in->df - at < GS_BLOCK ? in->df - at : GS_BLOCK;
        const uint32_t *docs = in->docs + at, *freqs = in->freqs + at;
        uint8_t *skip = start + GS_LIST_HEADER + gs_skip_place(b);
        store_skip(start + GS_LIST_HEADER, b, docs[n - 1], (uint64_t)(p - data), ordinal);
        ordinal += put_impacts(skip, &all, docs, freqs, n, in->lengths->of);
        if (n == GS_BLOCK) {
            p = put_full_block(p, skip, docs, freqs, b ? docs[-1] : UINT32_MAX);
        } else {
            struct gs_bit_writer w = {.p = p};
            put_postings(&w, in, at, n);
            p = gs_bits_end(&w);
        }
    }
    gs_store_u32(start, (uint32_t)in->cf);
    start[GS_LIST_FLAGS] = 0;
    gs_impact_front_encode(&all, start + GS_LIST_IMPACTS);
    out->size += (size_t)(p - start);
    return p - data <= UINT32_MAX;
}

/* ---- blocked: positions ---- */

static size_t put_position_block(uint8_t *p, uint8_t *entry, uint32_t *values, size_t n)
{
    if (n == GS_BLOCK) {
        uint16_t code = gs_block_pack(p, values);
        gs_store_u16(entry, code);
        return gs_block_bytes(code);
    }
    struct gs_bit_writer w = {.p = p};
    gs_rice_put_run(&w, values, n, GS_RICE_POSITION_BITS, GS_RICE_K_MAX);
    gs_store_u16(entry, 0);
    return (size_t)(gs_bits_end(&w) - p);
}

static void encode_position_blocks(struct gs_buf *out, const struct gs_list_input *in)
{
    size_t table = (size_t)gs_position_table_bytes(in->cf), begin = out->size;
    if (!gs_buf_reserve(out, table))
        return;
    out->size += table;
    struct value_stream stream = {.in = in};
    uint32_t values[GS_BLOCK + GS_RICE_PAD];
    for (uint64_t b = 0; b * GS_BLOCK < in->cf; b++) {
        uint64_t left = in->cf - b * GS_BLOCK;
        size_t n = left < GS_BLOCK ? (size_t)left : GS_BLOCK;
        values_next(&stream, values, n);
        uint8_t *p = gs_buf_reserve(out, GS_SMALL_ROOM(GS_BLOCK));
        if (!p)
            return;
        uint8_t *entry = out->data + begin + gs_position_place(b);
        if (b > 0 && b % GS_POSITION_GROUP == 0)
            gs_store_u64(entry - 8, out->size - begin - table);
        out->size += put_position_block(p, entry, values, n);
    }
}

static bool encode_blocked(struct gs_list_sinks *s, const struct gs_list_input *in)
{
    size_t postings = s->postings.size, positions = s->positions.size;
    if (!encode_doc_blocks(&s->postings, in))
        return false;
    encode_position_blocks(&s->positions, in);
    put_payload(s, in->df, s->postings.size - postings, s->positions.size - positions);
    return true;
}

bool gs_list_encode(struct gs_list_sinks *s, const struct gs_list_input *in)
{
    if (in->cf > GS_LIST_CF_MAX)
        return false;
    if (!gs_list_is_small(in->df, in->cf))
        return encode_blocked(s, in);
    encode_small(s, in);
    return true;
}
