#include "common/segment/impacts.h"
#include "common/segment/list_codec.h"
#include "common/segment/segment_internal.h"
#include "common/segment/small_codec.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define GREAT_FREQ (1u << 16) /* occurrences in a filing that are compared with its length */
#define PADDING    16u /* entries of GS_DOC_END behind the docs of a block, for gs_list_seek */

/* ---- ends and errors ---- */

static void go_to_end(struct gs_list_cursor *c)
{
    c->doc = GS_DOC_END;
    c->index = c->count = 0;
    c->block = c->block_count;
}

static void fail(struct gs_list_cursor *c, enum gaosou_status status)
{
    if (c->status == GAOSOU_OK)
        c->status = status;
    go_to_end(c);
}

static void corrupt(struct gs_list_cursor *c)
{
    fail(c, GAOSOU_E_CORRUPT);
}

static const struct gs_container *container(const struct gs_list_cursor *c)
{
    return &c->segment->container;
}

/* Verified bytes of a section; NULL after failing the cursor. */
static const uint8_t *get(struct gs_list_cursor *c, enum gs_section_id id, uint64_t offset,
                          uint64_t size)
{
    const uint8_t *p = NULL;
    enum gaosou_status status = gs_container_get(container(c), id, offset, size, &p, NULL);
    if (status == GAOSOU_OK)
        return p;
    fail(c, status);
    return NULL;
}

/* Bytes [from, from + size) of the list itself. */
static const uint8_t *get_list(struct gs_list_cursor *c, uint64_t from, uint64_t size)
{
    if (from > c->ref.size || size > c->ref.size - from) {
        corrupt(c);
        return NULL;
    }
    return get(c, GS_SECTION_POSTINGS, c->ref.offset + from, size);
}

/* The BM25 length of a filing; false after failing the cursor. */
static inline bool length_of(struct gs_list_cursor *c, uint32_t doc, uint32_t *length)
{
    const uint8_t *p = NULL;
    enum gaosou_status status = gs_container_get(
        container(c), GS_SECTION_COLUMNS, GS_LENGTHS_OFFSET + (uint64_t)doc * 4, 4, &p, NULL);
    if (status != GAOSOU_OK) {
        fail(c, status);
        return false;
    }
    *length = gs_load_u32(p);
    return true;
}

/* ---- one block of filings ---- */

static void block_ready(struct gs_list_cursor *c, uint32_t count)
{
    memset(c->docs + count, 0xFF, PADDING * sizeof(c->docs[0]));
    c->count = count;
    c->index = 0;
    c->doc = c->docs[0];
}

/* Filings and frequencies from a stream of bits; false where they are wrong. */
static bool read_postings(struct gs_list_cursor *c, struct gs_bit_reader *r, uint32_t n,
                          uint32_t base)
{
    uint32_t doc_count = container(c)->stats.doc_count;
    unsigned k = gs_small_parameter(doc_count, c->ref.df);
    return gs_small_get_docs(r, c->docs, n, base, k, doc_count) &&
           gs_small_get_freqs(r, c->freqs, n);
}

/* The bits end in the last byte. */
static bool at_end(const struct gs_bit_reader *r)
{
    return r->end - r->at < 8;
}

static uint64_t freq_sum(const struct gs_list_cursor *c)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < c->count; i++)
        sum += c->freqs[i];
    return sum;
}

/* ---- inline and small lists: one block ---- */

/* The filing and frequency of a list of one filing. */
static bool read_posting(struct gs_list_cursor *c, struct gs_bit_reader *r)
{
    return gs_truncated_get(r, container(c)->stats.doc_count, &c->docs[0]) &&
           gs_gamma_get(r, &c->freqs[0]);
}

/* A whole list in the bits of r, its positions left for later. */
static void open_bits(struct gs_list_cursor *c, struct gs_bit_reader r)
{
    uint32_t n = c->ref.df;
    if (!(n == 1 ? read_posting(c, &r) : read_postings(c, &r, n, UINT32_MAX))) {
        corrupt(c);
        return;
    }
    c->values = r.bytes;
    c->values_from = c->value_at = r.at;
    c->values_end = r.end;
    block_ready(c, n);
    c->cf = freq_sum(c);
    if (c->cf > GS_SMALL_CF_MAX)
        corrupt(c);
}

static void open_inline(struct gs_list_cursor *c, enum gs_section_id section)
{
    const uint8_t *p = get(c, section, c->ref.offset, c->ref.size);
    if (!p)
        return;
    struct gs_bit_reader r = {.bytes = p, .at = GS_INLINE_HEAD_BITS, .end = 8 * c->ref.size};
    uint32_t df;
    if (gs_gamma_get(&r, &df) && df == c->ref.df)
        open_bits(c, r);
    else
        corrupt(c);
}

static void open_small(struct gs_list_cursor *c)
{
    const uint8_t *p = get_list(c, 0, c->ref.size);
    if (p)
        open_bits(c, (struct gs_bit_reader){.bytes = p, .end = 8 * c->ref.size});
}

/* ---- blocked lists ---- */

static const uint8_t *skip_at(const struct gs_list_cursor *c, uint32_t block)
{
    return c->skips + gs_skip_place(block);
}

static uint32_t skip_last(const struct gs_list_cursor *c, uint32_t block)
{
    return gs_load_u32(skip_at(c, block) + GS_SKIP_LAST);
}

/* The first block from `block` on whose last doc is >= target; block_count where none is. Gallops.
 */
static uint32_t skip_find(const struct gs_list_cursor *c, uint32_t block, uint32_t target)
{
    uint32_t low = block, step = 1;
    while (low < c->block_count && skip_last(c, low) < target) {
        block = low + 1;
        low = step < c->block_count - low ? low + step : c->block_count;
        step *= 2;
    }
    while (block < low) {
        uint32_t middle = block + (low - block) / 2;
        if (skip_last(c, middle) < target)
            block = middle + 1;
        else
            low = middle;
    }
    return block;
}

/* What load_block reads of a skip entry. */
struct skip {
    uint32_t last, base; /* last doc of the block, and of the one before (UINT32_MAX: none) */
    uint64_t from;       /* where the block begins in the list */
    unsigned doc_code, freq_code;
};

/* 128 gaps were added up: do the docs ascend up to the skip entry's last? */
static bool docs_ascend(const struct gs_list_cursor *c, const struct skip *skip)
{
    if (skip->last >= container(c)->stats.doc_count || c->docs[GS_BLOCK - 1] != skip->last)
        return false;
    bool falls = skip->base != UINT32_MAX && c->docs[0] <= skip->base;
    if (gs_block_value_bits(skip->doc_code) > 24) /* below, the sum cannot wrap */
        for (uint32_t i = 1; i < GS_BLOCK; i++)
            falls |= c->docs[i] <= c->docs[i - 1];
    return !falls;
}

static void load_full_block(struct gs_list_cursor *c, const struct skip *skip)
{
    size_t doc_bytes = gs_block_bytes(skip->doc_code);
    const uint8_t *p = get_list(c, skip->from, doc_bytes + gs_block_bytes(skip->freq_code));
    if (!p)
        return;
    bool good = gs_block_unpack(c->docs, p, skip->doc_code);
    gs_bitpack_prefix(c->docs, skip->base);
    if (!good || !docs_ascend(c, skip)) {
        corrupt(c);
        return;
    }
    c->freq_bytes = p + doc_bytes;
    c->freq_code = skip->freq_code;
    c->has_freqs = false;
    c->count = GS_BLOCK; /* docs behind are padded since open */
    c->index = 0;
    c->doc = c->docs[0];
}

static void load_last_block(struct gs_list_cursor *c, const struct skip *skip, uint32_t n)
{
    if (skip->doc_code != 0 || skip->freq_code != 0 || skip->from > c->ref.size) {
        corrupt(c);
        return;
    }
    uint64_t size = c->ref.size - skip->from;
    struct gs_bit_reader r = {.bytes = get_list(c, skip->from, size), .end = 8 * size};
    if (!r.bytes)
        return;
    if (!read_postings(c, &r, n, skip->base) || !at_end(&r) || c->docs[n - 1] != skip->last) {
        corrupt(c);
        return;
    }
    c->has_freqs = true;
    block_ready(c, n);
    if (freq_sum(c) != c->ordinal_end - c->ordinal)
        corrupt(c);
}

static void load_block(struct gs_list_cursor *c, uint32_t block)
{
    const uint8_t *p = skip_at(c, block);
    bool last = block + 1 == c->block_count;
    struct skip skip = {
        .last = gs_load_u32(p + GS_SKIP_LAST),
        .base = block ? skip_last(c, block - 1) : UINT32_MAX,
        .from = GS_LIST_HEADER + gs_skip_bytes(c->block_count) + gs_skip_offset(c->skips, block),
        .doc_code = gs_load_u16(p + GS_SKIP_DOC_CODE),
        .freq_code = gs_load_u16(p + GS_SKIP_FREQ_CODE),
    };
    c->block = block;
    c->ordinal = gs_load_u32(p + GS_SKIP_ORDINAL);
    c->ordinal_end = last ? c->cf : gs_load_u32(skip_at(c, block + 1) + GS_SKIP_ORDINAL);
    c->ordinal_index = 0;
    if ((block && skip.base >= container(c)->stats.doc_count) || c->ordinal >= c->ordinal_end ||
        c->ordinal_end > c->cf) {
        corrupt(c);
        return;
    }
    uint32_t n = last ? c->ref.df - block * GS_BLOCK : GS_BLOCK;
    if (n == GS_BLOCK)
        load_full_block(c, &skip);
    else
        load_last_block(c, &skip, n);
}

static void open_blocked(struct gs_list_cursor *c)
{
    uint32_t blocks = (uint32_t)gs_block_count(c->ref.df);
    const uint8_t *p = get_list(c, 0, GS_LIST_HEADER + gs_skip_bytes(blocks));
    if (!p)
        return;
    c->cf = gs_load_u32(p);
    c->skips = p + GS_LIST_HEADER;
    c->block_count = blocks;
    uint64_t positions = gs_section_size(container(c), GS_SECTION_POSITIONS);
    if (p[GS_LIST_FLAGS] != 0 || c->cf < c->ref.df ||
        gs_position_table_bytes(c->cf) > c->ref.positions_size || c->ref.positions_at > positions ||
        c->ref.positions_size > positions - c->ref.positions_at) {
        corrupt(c);
        return;
    }
    load_block(c, 0);
}

void gs_list_open(struct gs_list_cursor *c, const struct gs_segment *s,
                  const struct gs_list_ref *ref)
{
    /* All but the arrays, which are most of it and are filled before they are read. */
    memset(c, 0, offsetof(struct gs_list_cursor, docs));
    memset(&c->cf, 0, sizeof(*c) - offsetof(struct gs_list_cursor, cf));
    c->doc = GS_DOC_END;
    c->segment = s;
    c->ref = *ref;
    c->position_block = UINT64_MAX;
    memset(c->docs + GS_BLOCK, 0xFF, PADDING * sizeof(c->docs[0]));
    if (ref->df == 0)
        return;
    c->block_count = 1;
    c->has_freqs = true;
    if (ref->df > s->container.stats.doc_count ||
        (ref->kind != GS_LIST_BLOCKED && ref->df >= GS_BLOCK))
        corrupt(c);
    else if (ref->kind == GS_LIST_BLOCKED)
        open_blocked(c);
    else if (ref->kind == GS_LIST_SMALL)
        open_small(c);
    else
        open_inline(c, ref->kind == GS_LIST_INLINE_HAN ? GS_SECTION_HAN_ENTRIES
                                                       : GS_SECTION_WORD_ENTRIES);
}

/* ---- moving ---- */

uint32_t gs_list_next(struct gs_list_cursor *c)
{
    if (c->index + 1 < c->count)
        return c->doc = c->docs[++c->index];
    if (c->doc == GS_DOC_END || c->block + 1 >= c->block_count)
        go_to_end(c);
    else
        load_block(c, c->block + 1);
    return c->doc;
}

/* How many of 16 docs are below target. */
static uint32_t count_below(const uint32_t docs[16], uint32_t target)
{
#if defined(__SSE2__)
    const __m128i flip = _mm_set1_epi32(INT32_MIN); /* SSE2 compares signed */
    const __m128i wanted = _mm_set1_epi32((int)(target ^ 0x80000000u));
    __m128i sum = _mm_setzero_si128();
    for (int i = 0; i < 16; i += 4) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(docs + i));
        sum = _mm_sub_epi32(sum, _mm_cmplt_epi32(_mm_xor_si128(v, flip), wanted));
    }
    sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0x4E));
    sum = _mm_add_epi32(sum, _mm_shuffle_epi32(sum, 0xB1));
    return (uint32_t)_mm_cvtsi128_si32(sum);
#else
    uint32_t n = 0;
    for (int i = 0; i < 16; i++)
        n += docs[i] < target;
    return n;
#endif
}

uint32_t gs_list_seek(struct gs_list_cursor *c, uint32_t target)
{
    if (target <= c->doc)
        return c->doc;
    if (target > c->docs[c->count - 1]) {
        uint32_t block = c->skips ? skip_find(c, c->block + 1, target) : c->block_count;
        if (block >= c->block_count) {
            go_to_end(c);
            return c->doc;
        }
        load_block(c, block);
        if (c->status != GAOSOU_OK || target <= c->doc)
            return c->doc;
    }
    uint32_t i = c->index;
    while (c->docs[i + 15] < target) /* the padding ends it: target is at most the block's last */
        i += 16;
    c->index = i + count_below(c->docs + i, target);
    return c->doc = c->docs[c->index];
}

/* ---- frequencies ---- */

static void load_freqs(struct gs_list_cursor *c)
{
    bool good = gs_block_unpack(c->freqs, c->freq_bytes, c->freq_code);
    uint64_t sum = GS_BLOCK;
    uint32_t all = 0;
    for (uint32_t i = 0; i < GS_BLOCK; i++) {
        sum += c->freqs[i];
        all |= c->freqs[i];
        c->freqs[i]++;
    }
    c->has_freqs = true;
    if (!good || sum != c->ordinal_end - c->ordinal || all > INT32_MAX)
        corrupt(c);
}

/* Callers make room for as many positions: a great number has to fit the filing. A term stands at a
 * position once, and of two ends one has content or a break before it. */
static bool freq_fits(struct gs_list_cursor *c, uint32_t freq)
{
    uint32_t length;
    return length_of(c, c->doc, &length) && freq <= 2 * (uint64_t)length + 2;
}

uint32_t gs_list_freq(struct gs_list_cursor *c)
{
    if (c->doc == GS_DOC_END)
        return c->freq = 0;
    if (!c->has_freqs) {
        load_freqs(c);
        if (c->status != GAOSOU_OK)
            return c->freq = 0;
    }
    uint32_t freq = c->freqs[c->index];
    if (freq > GREAT_FREQ && !freq_fits(c, freq)) {
        corrupt(c);
        return c->freq = 0;
    }
    return c->freq = freq;
}

/* ---- positions ---- */

/* Positions of the list before those of the posting it is on. */
static uint64_t ordinal_of(struct gs_list_cursor *c)
{
    for (; c->ordinal_index < c->index; c->ordinal_index++)
        c->ordinal += c->freqs[c->ordinal_index];
    return c->ordinal;
}

/* Where position block `number` begins behind the table, and its code. */
static bool find_position_block(struct gs_list_cursor *c, uint64_t number, uint64_t *offset,
                                unsigned *code)
{
    uint64_t inside = number % GS_POSITION_GROUP, first = number - inside;
    uint64_t before = first ? 8 : 0; /* the group's offset */
    const uint8_t *p =
        get(c, GS_SECTION_POSITIONS, c->ref.positions_at + gs_position_place(first) - before,
            before + 2 * inside + 2);
    if (!p)
        return false;
    *offset = before ? gs_load_u64(p) : 0;
    p += before;
    for (uint64_t i = 0; i < inside; i++, p += 2)
        *offset += gs_block_bytes(gs_load_u16(p));
    *code = gs_load_u16(p);
    return true;
}

/* The last values of a list, less than a block. */
static bool read_last_values(struct gs_list_cursor *c, const uint8_t *p, uint64_t size, size_t n)
{
    struct gs_bit_reader r = {.bytes = p, .end = 8 * size};
    uint32_t k;
    if (!gs_bits_get(&r, GS_RICE_POSITION_BITS, &k))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!gs_rice_get(&r, k, &c->deltas[i]))
            return false;
    return at_end(&r);
}

/* Values of position block `number` into deltas; false for what is not there or wrong. */
static bool load_position_block(struct gs_list_cursor *c, uint64_t number)
{
    uint64_t table = gs_position_table_bytes(c->cf), offset, left = c->cf - number * GS_BLOCK;
    unsigned code;
    if (!find_position_block(c, number, &offset, &code))
        return false;
    uint64_t has = c->ref.positions_size - table;
    if (offset > has || (left < GS_BLOCK && code != 0))
        return false;
    uint64_t size = left < GS_BLOCK ? has - offset : gs_block_bytes(code);
    if (size > has - offset)
        return false;
    const uint8_t *p = get(c, GS_SECTION_POSITIONS, c->ref.positions_at + table + offset, size);
    c->position_block = UINT64_MAX; /* deltas are about to be overwritten */
    if (!p || !(left < GS_BLOCK ? read_last_values(c, p, size, (size_t)left)
                                : gs_block_unpack(c->deltas, p, code)))
        return false;
    c->position_block = number;
    return true;
}

/* Values [from, from + n) of a blocked list. */
static bool values_blocked(struct gs_list_cursor *c, uint64_t from, uint32_t n, uint32_t *out)
{
    while (n > 0) {
        uint32_t inside = (uint32_t)(from % GS_BLOCK);
        uint32_t part = GS_BLOCK - inside < n ? GS_BLOCK - inside : n;
        if (c->position_block != from / GS_BLOCK && !load_position_block(c, from / GS_BLOCK))
            return false;
        for (uint32_t i = 0; i < part; i++) /* mostly one or two: no call */
            out[i] = c->deltas[inside + i];
        out += part;
        from += part;
        n -= part;
    }
    return true;
}

/* The values of the posting that a list without blocks is on. What stands before them is passed
 * over: postings are asked for in order, mostly. */
static bool values_small(struct gs_list_cursor *c, uint32_t n, uint32_t *out)
{
    struct gs_bit_reader r = {.bytes = c->values, .at = c->value_at, .end = c->values_end};
    uint32_t length;
    if (c->index < c->value_index) {
        r.at = c->values_from;
        c->value_index = 0;
    }
    for (uint32_t i = c->value_index; i < c->index; i++)
        if (!length_of(c, c->docs[i], &length) ||
            !gs_small_get_values(&r, NULL, c->freqs[i], length))
            return false;
    c->value_at = r.at;
    c->value_index = c->index;
    if (!length_of(c, c->doc, &length) || !gs_small_get_values(&r, out, n, length))
        return false;
    return c->index + 1 < c->count || at_end(&r) || c->ref.size == GS_INLINE_LEAST;
}

uint32_t gs_list_positions(struct gs_list_cursor *c, uint32_t *out)
{
    uint32_t n = gs_list_freq(c);
    if (n == 0)
        return 0;
    if (!(c->skips ? values_blocked(c, ordinal_of(c), n, out) : values_small(c, n, out))) {
        corrupt(c);
        return 0;
    }
    uint64_t position = out[0];
    for (uint32_t i = 1; i < n; i++) {
        position += (uint64_t)out[i] + 1;
        out[i] = (uint32_t)position;
        if (position > UINT32_MAX) {
            corrupt(c);
            return 0;
        }
    }
    return n;
}

/* ---- bounds ---- */

/* Impacts of a list of one block, from the lengths column; keeps them. */
static bool compute_bound(struct gs_list_cursor *c)
{
    struct gs_impact_front front;
    uint8_t bytes[GS_IMPACT_BYTES];
    gs_impact_front_clear(&front);
    for (uint32_t i = 0; i < c->count; i++) {
        uint32_t length;
        if (!length_of(c, c->docs[i], &length))
            return false;
        gs_impact_front_add(&front, c->freqs[i], length);
    }
    gs_impact_front_encode(&front, bytes);
    c->has_bound = gs_impacts_decode(bytes, &c->bound);
    return c->has_bound;
}

static void bound_from(struct gs_list_cursor *c, const uint8_t *bytes, struct gs_impacts *out)
{
    if (!gs_impacts_decode(bytes, out)) {
        corrupt(c);
        out->count = 0;
    }
}

void gs_list_bound(struct gs_list_cursor *c, uint32_t target, uint32_t *block_last,
                   struct gs_impacts *out)
{
    *block_last = GS_DOC_END;
    out->count = 0;
    if (c->doc == GS_DOC_END)
        return;
    if (!c->skips) {
        if (target > c->docs[c->count - 1] || (!c->has_bound && !compute_bound(c)))
            return;
        *block_last = c->docs[c->count - 1];
        *out = c->bound;
        return;
    }
    if (c->bound_block < c->block)
        c->bound_block = c->block;
    c->bound_block = skip_find(c, c->bound_block, target);
    if (c->bound_block >= c->block_count)
        return;
    const uint8_t *skip = skip_at(c, c->bound_block);
    *block_last = gs_load_u32(skip);
    bound_from(c, skip + GS_SKIP_IMPACTS, out);
}

void gs_list_bound_all(struct gs_list_cursor *c, struct gs_impacts *out)
{
    out->count = 0;
    if (c->doc == GS_DOC_END)
        return;
    if (c->skips)
        bound_from(c, c->skips - GS_LIST_HEADER + GS_LIST_IMPACTS, out);
    else if (c->has_bound || compute_bound(c))
        *out = c->bound;
}
