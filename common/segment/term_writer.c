#include "common/segment/segment_writer.h"
#include "common/segment/small_codec.h"
#include "common/segment/terms.h"

#include <stdlib.h>

#define SCRATCH_CAP   ((size_t)1 << 36)
#define ENTRY_KEY_MAX (3 * GS_VARINT_MAX + 2 + GS_WORD_MAX)

void gs_term_writer_init(struct gs_term_writer *w, struct gs_container_writer *out)
{
    *w = (struct gs_term_writer){.out = out};
    gs_buf_init(&w->entries, SCRATCH_CAP);
    gs_buf_init(&w->pairs, SCRATCH_CAP);
    gs_buf_init(&w->row, SCRATCH_CAP);
}

void gs_term_writer_release(struct gs_term_writer *w)
{
    if (!w || !w->out)
        return;
    gs_buf_release(&w->entries);
    gs_buf_release(&w->pairs);
    gs_buf_release(&w->row);
}

size_t gs_term_writer_memory(const struct gs_term_writer *w)
{
    return w->entries.capacity + w->pairs.capacity + w->row.capacity;
}

/* ---- entries and blocks ---- */

static enum gs_section_id entries_section(const struct gs_term_writer *w)
{
    return w->in_words ? GS_SECTION_WORD_ENTRIES : GS_SECTION_HAN_ENTRIES;
}

static void flush_entries(struct gs_term_writer *w)
{
    if (w->entries.size > 0)
        gs_container_append(w->out, entries_section(w), w->entries.data, w->entries.size);
    gs_buf_clear(&w->entries);
}

static void begin_block(struct gs_term_writer *w, uint64_t key)
{
    uint8_t line[GS_TERM_BLOCK_ENTRY];
    gs_store_u64(line, key);
    gs_store_u64(line + 8, gs_container_appended(w->out, entries_section(w)) + w->entries.size);
    gs_store_u64(line + 16, w->postings_at);
    gs_store_u64(line + 24, w->positions_at);
    gs_container_append(w->out, w->in_words ? GS_SECTION_WORD_BLOCKS : GS_SECTION_HAN_BLOCKS, line,
                        sizeof(line));
    w->in_block = 0;
}

/* The key of a Han term behind w->key; the first of a block has none, it stands in the table. */
static uint8_t *put_han_key(struct gs_term_writer *w, uint8_t *p, uint64_t key)
{
    if (w->in_block == 0)
        return p;
    uint64_t first_step = (key >> 32) - (w->key >> 32);
    if (first_step == 0)
        return gs_varint_put(p, key - w->key);
    *p++ = 0;
    p = gs_varint_put(p, first_step);
    return gs_varint_put(p, (uint32_t)key);
}

/* Front coding: one byte of two nibbles, 15 meaning that a byte with the length follows. */
static uint8_t *put_word_key(struct gs_term_writer *w, uint8_t *p, const uint8_t *word, size_t size)
{
    size_t shared = 0;
    while (w->in_block > 0 && shared < w->word_size && shared < size &&
           word[shared] == w->word[shared])
        shared++;
    size_t rest = size - shared;
    *p++ = (uint8_t)((shared < 15 ? shared : 15) | (rest <= 15 ? rest - 1 : 15) << 4);
    if (shared >= 15)
        *p++ = (uint8_t)shared;
    if (rest > 15)
        *p++ = (uint8_t)rest;
    memcpy(p, word + shared, rest);
    return p + rest;
}

static uint8_t *add_han(struct gs_term_writer *w, uint8_t *p, const struct gs_part_record *r)
{
    uint64_t key = gs_han_key(r->first, r->second);
    if (w->in_words || (w->started && key <= w->key)) {
        w->status = GAOSOU_E_USE;
        return p;
    }
    if (!w->started || w->in_block == GS_TERM_BLOCK)
        begin_block(w, key);
    p = put_han_key(w, p, key);
    w->key = key;
    if (r->first != 0 && r->second != 0)
        gs_buf_append(&w->pairs, &(uint64_t){gs_han_key(r->second, r->first)}, sizeof(uint64_t));
    return p;
}

static uint8_t *add_word(struct gs_term_writer *w, uint8_t *p, const uint8_t *word, size_t size)
{
    if (w->in_words && gs_word_compare(w->word, w->word_size, word, size) >= 0) {
        w->status = GAOSOU_E_USE;
        return p;
    }
    if (!w->in_words || w->in_block == GS_TERM_BLOCK) {
        w->in_words = true;
        begin_block(w, gs_word_key(word, size));
    }
    p = put_word_key(w, p, word, size);
    memcpy(w->word, word, size);
    w->word_size = size;
    return p;
}

static void append_term(struct gs_term_writer *w, const struct gs_part_record *r,
                        const uint8_t *word, const uint8_t *payload)
{
    if (r->first == GS_PART_WORD && !w->in_words)
        flush_entries(w); /* they belong to the other section */
    uint8_t *start = gs_buf_reserve(&w->entries, ENTRY_KEY_MAX + r->payload);
    if (!start) {
        w->status = gs_buf_status(&w->entries);
        return;
    }
    uint8_t *p =
        r->first == GS_PART_WORD ? add_word(w, start, word, r->second) : add_han(w, start, r);
    if (w->status != GAOSOU_OK)
        return;
    memcpy(p, payload, r->payload);
    w->entries.size += (size_t)(p - start) + r->payload;
    w->started = true;
    w->in_block++;
    w->terms++;
    w->postings_at += r->postings;
    w->positions_at += r->positions;
}

void gs_term_writer_append(struct gs_term_writer *w, const struct gs_term_part *p)
{
    if (w->status == GAOSOU_OK)
        w->status = gs_term_part_status(p);
    if (w->status != GAOSOU_OK)
        return;
    const struct gs_part_record *records = (const void *)p->records.data;
    const uint8_t *word = p->words.data, *payload = p->sinks.payload.data;
    for (size_t i = 0; i < p->records.size / sizeof(*records) && w->status == GAOSOU_OK; i++) {
        append_term(w, &records[i], word, payload);
        payload += records[i].payload;
        if (records[i].first == GS_PART_WORD)
            word += records[i].second;
    }
    flush_entries(w);
    gs_container_append(w->out, GS_SECTION_POSTINGS, p->sinks.postings.data,
                        p->sinks.postings.size);
    gs_container_append(w->out, GS_SECTION_POSITIONS, p->sinks.positions.data,
                        p->sinks.positions.size);
    w->postings += p->posting_count;
    w->positions += p->position_count;
}

/* ---- the reverse table ---- */

#define DIGIT 2048u /* two digits hold any code point */

/* Stable sort by the second character (the high half); the firsts of each come in order already. */
static void sort_pass(uint64_t *to, const uint64_t *from, size_t n, unsigned shift)
{
    size_t place[DIGIT + 1] = {0};
    for (size_t i = 0; i < n; i++)
        place[(from[i] >> shift) % DIGIT + 1]++;
    for (size_t d = 1; d <= DIGIT; d++)
        place[d] += place[d - 1];
    for (size_t i = 0; i < n; i++)
        to[place[(from[i] >> shift) % DIGIT]++] = from[i];
}

/* The firsts of one row: the least as a gamma code, the gaps between them as a near run. */
static void put_firsts(struct gs_term_writer *w, const uint64_t *pairs, size_t n)
{
    uint8_t *p = gs_buf_reserve(&w->entries, GS_SMALL_ROOM(n));
    uint32_t *gaps = (uint32_t *)(void *)gs_buf_reserve(&w->row, (n + GS_RICE_PAD) * sizeof(*gaps));
    if (!p || !gaps)
        return;
    struct gs_bit_writer bits = {.p = p};
    gs_gamma_put(&bits, (uint32_t)pairs[0]);
    for (size_t i = 1; i < n; i++)
        gaps[i - 1] = (uint32_t)pairs[i] - (uint32_t)pairs[i - 1] - 1;
    if (n > 1)
        gs_rice_put_near(&bits, gaps, n - 1, gs_small_parameter(GS_REVERSE_RANGE, (uint32_t)n));
    w->entries.size += (size_t)(gs_bits_end(&bits) - p);
}

static void write_row(struct gs_term_writer *w, const uint64_t *pairs, size_t n)
{
    uint8_t row[GS_REVERSE_ROW];
    gs_store_u32(row, (uint32_t)(pairs[0] >> 32));
    gs_store_u32(row + 4, (uint32_t)n);
    gs_store_u64(row + 8,
                 gs_container_appended(w->out, GS_SECTION_REVERSE_FIRSTS) + w->entries.size);
    gs_container_append(w->out, GS_SECTION_REVERSE_ROWS, row, sizeof(row));
    put_firsts(w, pairs, n);
    if (w->entries.size < GS_SPILL)
        return;
    gs_container_append(w->out, GS_SECTION_REVERSE_FIRSTS, w->entries.data, w->entries.size);
    gs_buf_clear(&w->entries);
}

static void write_reverse(struct gs_term_writer *w, const uint64_t *pairs, size_t n)
{
    for (size_t i = 0, j; i < n; i = j) {
        for (j = i + 1; j < n && pairs[j] >> 32 == pairs[i] >> 32;)
            j++;
        write_row(w, pairs + i, j - i);
    }
    if (w->entries.size > 0)
        gs_container_append(w->out, GS_SECTION_REVERSE_FIRSTS, w->entries.data, w->entries.size);
    gs_buf_clear(&w->entries);
}

enum gaosou_status gs_term_writer_finish(struct gs_term_writer *w)
{
    size_t n = w->pairs.size / sizeof(uint64_t);
    if (w->status == GAOSOU_OK)
        w->status = gs_buf_status(&w->pairs);
    if (w->status != GAOSOU_OK || n == 0)
        return w->status;
    uint64_t *pairs = (uint64_t *)(void *)w->pairs.data;
    uint64_t *other = malloc(n * sizeof(*other));
    if (!other)
        return w->status = GAOSOU_E_NOMEM;
    sort_pass(other, pairs, n, 32);
    sort_pass(pairs, other, n, 43);
    free(other);
    write_reverse(w, pairs, n);
    w->status = gs_buf_status(&w->entries);
    return w->status == GAOSOU_OK ? w->status = gs_buf_status(&w->row) : w->status;
}
