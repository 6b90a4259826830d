#include "common/segment/segment_internal.h"
#include "common/segment/small_codec.h"
#include "common/segment/terms.h"

#include <inttypes.h>

/* ---- the tables of blocks ---- */

static enum gs_section_id blocks_section(bool words)
{
    return words ? GS_SECTION_WORD_BLOCKS : GS_SECTION_HAN_BLOCKS;
}

static enum gs_section_id entries_section(bool words)
{
    return words ? GS_SECTION_WORD_ENTRIES : GS_SECTION_HAN_ENTRIES;
}

static uint64_t block_count(const struct gs_container *c, bool words)
{
    return gs_section_size(c, blocks_section(words)) / GS_TERM_BLOCK_ENTRY;
}

static enum gaosou_status block_line(const struct gs_container *c, bool words, uint64_t block,
                                     struct gs_term_block *out, struct gs_err *err)
{
    const uint8_t *p = NULL;
    enum gaosou_status status = gs_container_get(
        c, blocks_section(words), block * GS_TERM_BLOCK_ENTRY, GS_TERM_BLOCK_ENTRY, &p, err);
    if (status == GAOSOU_OK)
        *out = (struct gs_term_block){gs_load_u64(p), gs_load_u64(p + 8), gs_load_u64(p + 16),
                                      gs_load_u64(p + 24)};
    return status;
}

static enum gaosou_status term_corrupt(const struct gs_term_cursor *c, uint64_t offset,
                                       struct gs_err *err, const char *what)
{
    return gs_container_corrupt(&c->segment->container, entries_section(c->in_words), offset, err,
                                "%s", what);
}

/* Stands before the first entry of c->block. */
static enum gaosou_status block_enter(struct gs_term_cursor *c, struct gs_err *err)
{
    const struct gs_container *k = &c->segment->container;
    struct gs_term_block line, next = {.entries = gs_section_size(k, entries_section(c->in_words))};
    enum gaosou_status status = block_line(k, c->in_words, c->block, &line, err);
    if (status == GAOSOU_OK && c->block + 1 < c->blocks)
        status = block_line(k, c->in_words, c->block + 1, &next, err);
    if (status != GAOSOU_OK)
        return status;
    if (line.entries >= next.entries)
        return gs_container_corrupt(k, blocks_section(c->in_words), c->block * GS_TERM_BLOCK_ENTRY,
                                    err, "entry offsets do not ascend");
    const uint8_t *p = NULL;
    status = gs_container_get(k, entries_section(c->in_words), line.entries,
                              next.entries - line.entries, &p, err);
    if (status != GAOSOU_OK)
        return status;
    c->start = c->at = p;
    c->end = p + (next.entries - line.entries);
    c->start_offset = line.entries;
    c->postings_at = line.postings;
    c->positions_at = line.positions;
    c->key = line.key;
    return GAOSOU_OK;
}

/* ---- one entry ---- */

static const uint8_t *han_key(struct gs_term_cursor *c, const uint8_t *p)
{
    uint32_t first = (uint32_t)(c->key >> 32), second = (uint32_t)c->key, step;
    if (p != c->start) {
        if (!(p = gs_varint_get32(p, c->end, &step)) || step > GS_CODE_POINT_MAX)
            return NULL;
        second += step;
        if (step == 0) {
            if (!(p = gs_varint_get32(p, c->end, &step)) || step == 0 || step > GS_CODE_POINT_MAX)
                return NULL;
            first += step;
            if (!(p = gs_varint_get32(p, c->end, &second)))
                return NULL;
        }
    }
    if (first > GS_CODE_POINT_MAX || second > GS_CODE_POINT_MAX)
        return NULL;
    c->key = gs_han_key(first, second);
    c->term = (struct gs_term){.first = first, .second = second};
    return p;
}

static const uint8_t *word_key(struct gs_term_cursor *c, const uint8_t *p)
{
    size_t before = p == c->start ? 0 : c->term.size;
    if (p == c->end)
        return NULL;
    size_t shared = *p & 15, rest = (size_t)(*p >> 4) + 1;
    p++;
    if (shared == 15 && p < c->end)
        shared = *p++;
    if (rest == 16 && p < c->end)
        rest = *p++;
    if (shared > before || rest == 0 || shared + rest > GS_WORD_MAX || rest > (size_t)(c->end - p))
        return NULL;
    memcpy(c->word + shared, p, rest);
    c->term = (struct gs_term){.is_word = true, .bytes = c->word, .size = shared + rest};
    return p + rest;
}

/* A whole list in its entry: passed over, but for the number of its filings. */
static const uint8_t *inline_ref(struct gs_term_cursor *c, const uint8_t *p)
{
    unsigned size = gs_inline_size(*p);
    struct gs_bit_reader r = {.bytes = p, .at = GS_INLINE_HEAD_BITS, .end = (uint64_t)8 * size};
    uint32_t df;
    if (size > (size_t)(c->end - p) || !gs_gamma_get(&r, &df) || df >= GS_BLOCK ||
        df > c->segment->container.stats.doc_count)
        return NULL;
    c->ref = (struct gs_list_ref){
        .df = df,
        .kind = c->in_words ? GS_LIST_INLINE_WORD : GS_LIST_INLINE_HAN,
        .offset = c->start_offset + (uint64_t)(p - c->start),
        .size = size,
    };
    return p + size;
}

/* Takes `size` bytes of a section from *at on; false where it has not so many. */
static bool take(const struct gs_container *k, enum gs_section_id id, uint64_t *at, uint64_t size)
{
    uint64_t has = gs_section_size(k, id);
    if (*at > has || size > has - *at)
        return false;
    *at += size;
    return true;
}

static const uint8_t *list_ref(struct gs_term_cursor *c, const uint8_t *p)
{
    const struct gs_container *k = &c->segment->container;
    uint32_t head;
    if (p < c->end && *p & 1)
        return inline_ref(c, p);
    if (!(p = gs_varint_get32(p, c->end, &head)) || head & 1)
        return NULL;
    bool few = head == 0; /* a blocked list for its positions' sake */
    if (few && !(p = gs_varint_get32(p, c->end, &head)))
        return NULL;
    struct gs_list_ref ref = {.df = few ? head : head >> 1,
                              .kind =
                                  few || head >> 1 >= GS_BLOCK ? GS_LIST_BLOCKED : GS_LIST_SMALL,
                              .offset = c->postings_at,
                              .positions_at = c->positions_at};
    if (!(p = gs_varint_get(p, c->end, &ref.size)))
        return NULL;
    if (ref.kind == GS_LIST_BLOCKED && !(p = gs_varint_get(p, c->end, &ref.positions_size)))
        return NULL;
    if (ref.df == 0 || (few && ref.df >= GS_BLOCK) || ref.df > k->stats.doc_count ||
        !take(k, GS_SECTION_POSTINGS, &c->postings_at, ref.size) ||
        !take(k, GS_SECTION_POSITIONS, &c->positions_at, ref.positions_size))
        return NULL;
    c->ref = ref;
    return p;
}

/* The entry at c->at becomes the current term. */
static enum gaosou_status entry_read(struct gs_term_cursor *c, struct gs_err *err)
{
    const uint8_t *p = c->in_words ? word_key(c, c->at) : han_key(c, c->at);
    if (p)
        p = list_ref(c, p);
    if (!p) {
        c->valid = false;
        return term_corrupt(c, c->start_offset + (uint64_t)(c->at - c->start), err,
                            "an entry cannot be read");
    }
    c->at = p;
    return GAOSOU_OK;
}

/* ---- cursor ---- */

enum gaosou_status gs_term_cursor_next(struct gs_term_cursor *c, struct gs_err *err)
{
    if (!c->valid)
        return GAOSOU_OK;
    if (c->at == c->end) {
        c->block++;
        if (c->block >= c->blocks && !c->in_words) {
            c->in_words = true;
            c->block = 0;
            c->blocks = block_count(&c->segment->container, true);
        }
        c->valid = c->block < c->blocks;
        enum gaosou_status status = c->valid ? block_enter(c, err) : GAOSOU_OK;
        if (status != GAOSOU_OK)
            c->valid = false;
        if (!c->valid)
            return status;
    }
    return entry_read(c, err);
}

/* The first word of a block against a word whose key is the same. */
static enum gaosou_status compare_first_word(struct gs_term_cursor *c, uint64_t block,
                                             const struct gs_term *t, int *order,
                                             struct gs_err *err)
{
    c->block = block;
    enum gaosou_status status = block_enter(c, err);
    if (status != GAOSOU_OK)
        return status;
    if (!word_key(c, c->at))
        return term_corrupt(c, c->start_offset, err, "an entry cannot be read");
    *order = gs_word_compare(c->word, c->term.size, t->bytes, t->size);
    return GAOSOU_OK;
}

/* c->block = the last block whose first term is <= *t; 0 where none is. */
static enum gaosou_status block_find(struct gs_term_cursor *c, const struct gs_term *t,
                                     uint64_t key, struct gs_err *err)
{
    uint64_t low = 0, high = c->blocks; /* the answer is in [low, high), or 0 */
    while (high - low > 1) {
        uint64_t middle = low + (high - low) / 2;
        struct gs_term_block line;
        enum gaosou_status status =
            block_line(&c->segment->container, c->in_words, middle, &line, err);
        int order = (line.key > key) - (line.key < key);
        if (status == GAOSOU_OK && order == 0 && t->is_word)
            status = compare_first_word(c, middle, t, &order, err);
        if (status != GAOSOU_OK)
            return status;
        if (order <= 0)
            low = middle;
        else
            high = middle;
    }
    c->block = low;
    return GAOSOU_OK;
}

static bool before(const struct gs_term_cursor *c, const struct gs_term *t, uint64_t key)
{
    if (c->in_words != t->is_word)
        return t->is_word;
    if (!t->is_word)
        return c->key < key;
    return gs_word_compare(c->word, c->term.size, t->bytes, t->size) < 0;
}

enum gaosou_status gs_term_cursor_seek(struct gs_term_cursor *c, const struct gs_segment *s,
                                       const struct gs_term *from, struct gs_err *err)
{
    static const struct gs_term least = {0};
    const struct gs_term *t = from ? from : &least;
    uint64_t key = t->is_word ? gs_word_key(t->bytes, t->size) : gs_han_key(t->first, t->second);
    memset(c, 0, offsetof(struct gs_term_cursor, word));
    c->segment = s;
    c->in_words = t->is_word || block_count(&s->container, false) == 0;
    c->blocks = block_count(&s->container, c->in_words);
    c->block = 0;
    enum gaosou_status status =
        c->blocks && c->in_words == t->is_word ? block_find(c, t, key, err) : GAOSOU_OK;
    if (status == GAOSOU_OK && c->blocks)
        status = block_enter(c, err);
    if (status != GAOSOU_OK || c->blocks == 0)
        return status;
    c->valid = true;
    do
        status = gs_term_cursor_next(c, err);
    while (status == GAOSOU_OK && c->valid && before(c, t, key));
    return status;
}

enum gaosou_status gs_term_find(const struct gs_segment *s, const struct gs_term *t,
                                struct gs_list_ref *ref, struct gs_err *err)
{
    struct gs_term_cursor c;
    enum gaosou_status status = gs_term_cursor_seek(&c, s, t, err);
    if (status != GAOSOU_OK)
        return status;
    bool found = c.valid && c.term.is_word == t->is_word;
    if (found && t->is_word)
        found = gs_word_compare(c.word, c.term.size, t->bytes, t->size) == 0;
    else if (found)
        found = c.key == gs_han_key(t->first, t->second);
    *ref = found ? c.ref : (struct gs_list_ref){0};
    return GAOSOU_OK;
}

/* ---- the reverse table ---- */

static enum gaosou_status row_get(const struct gs_container *k, uint64_t row, const uint8_t **p,
                                  struct gs_err *err)
{
    return gs_container_get(k, GS_SECTION_REVERSE_ROWS, row * GS_REVERSE_ROW, GS_REVERSE_ROW, p,
                            err);
}

static bool firsts_get(struct gs_bit_reader *r, uint32_t *out, uint32_t count)
{
    uint32_t first, gap;
    unsigned k = gs_small_parameter(GS_REVERSE_RANGE, count);
    if (!gs_gamma_get(r, &first) || (count > 1 && !gs_rice_get_near(r, &k)))
        return false;
    out[0] = first;
    for (uint32_t i = 1; i < count && first <= GS_CODE_POINT_MAX; i++) {
        if (!gs_rice_get(r, k, &gap) || gap > GS_CODE_POINT_MAX)
            return false;
        out[i] = first += gap + 1;
    }
    if (first > GS_CODE_POINT_MAX)
        return false;
    return r->end - r->at < 8;
}

static enum gaosou_status row_read(const struct gs_container *k, uint64_t offset, uint64_t end,
                                   uint32_t count, struct gs_buf *firsts, struct gs_err *err)
{
    const uint8_t *p = NULL;
    if (offset > end || count == 0 || count / 8 > end - offset)
        return gs_container_corrupt(k, GS_SECTION_REVERSE_FIRSTS, offset, err,
                                    "a row of %" PRIu32 " does not fit", count);
    enum gaosou_status status =
        gs_container_get(k, GS_SECTION_REVERSE_FIRSTS, offset, end - offset, &p, err);
    if (status != GAOSOU_OK)
        return status;
    uint32_t *out = (uint32_t *)(void *)gs_buf_reserve(firsts, count * sizeof(*out));
    if (!out)
        return gs_err_nomem(err, count * sizeof(*out));
    struct gs_bit_reader r = {.bytes = p, .end = 8 * (end - offset)};
    if (!firsts_get(&r, out, count))
        return gs_container_corrupt(k, GS_SECTION_REVERSE_FIRSTS, offset, err,
                                    "a row cannot be read");
    firsts->size += count * sizeof(*out);
    return GAOSOU_OK;
}

enum gaosou_status gs_term_firsts_of(const struct gs_segment *s, uint32_t ch, struct gs_buf *firsts,
                                     struct gs_err *err)
{
    const struct gs_container *k = &s->container;
    uint64_t rows = gs_section_size(k, GS_SECTION_REVERSE_ROWS) / GS_REVERSE_ROW, low = 0,
             high = rows;
    const uint8_t *p = NULL;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        enum gaosou_status status = row_get(k, middle, &p, err);
        if (status != GAOSOU_OK)
            return status;
        if (gs_load_u32(p) < ch)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == rows)
        return GAOSOU_OK;
    enum gaosou_status status = row_get(k, low, &p, err);
    if (status != GAOSOU_OK || gs_load_u32(p) != ch)
        return status;
    uint32_t count = gs_load_u32(p + 4);
    uint64_t offset = gs_load_u64(p + 8), end = gs_section_size(k, GS_SECTION_REVERSE_FIRSTS);
    if (low + 1 < rows) {
        status = row_get(k, low + 1, &p, err);
        if (status != GAOSOU_OK)
            return status;
        end = gs_load_u64(p + 8);
    }
    return row_read(k, offset, end, count, firsts, err);
}
