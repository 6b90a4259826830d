/*
 * cutter_emit.h: elements (Han-like character, word, break, barrier) become positions and tokens.
 * Private to cutter*.c. Nothing here checks room: see gs_cut_batch_begin and gs_cut_batch_room.
 */
#ifndef GS_TEXT_CUTTER_EMIT_H
#define GS_TEXT_CUTTER_EMIT_H

#include "common/text/cutter_private.h"
#include "common/text/utf8.h"

#include <string.h>

/* Ends at or before the offset are at the next position, or at another one. */
void gs_cut_ends_fire(struct gs_cutter *c, uint32_t offset);
void gs_cut_ends_at(struct gs_cutter *c, uint32_t offset, uint32_t position);

/* Ends at or before byte `start` of the next element are at the position that it is about to take.
 */
static inline void gs_emit_ends(struct gs_cutter *c, uint32_t start)
{
    if (__builtin_expect(start >= c->next_end, 0))
        gs_cut_ends_fire(c, start);
}

static inline void gs_emit_han_term(struct gs_cutter *c, uint32_t first, uint32_t second,
                                    uint32_t position, uint32_t start, uint32_t end)
{
    struct gs_cut_batch *b = c->out;
    if (c->with_spans) {
        b->tokens[b->token_count++] =
            (struct gs_token){{false, first, second, NULL, 0}, position, start, end};
    } else if ((first | second) > 0xFFFF) {
        b->wide[b->wide_count++] = (struct gs_cut_wide){first, second, position};
    } else {
        b->han[b->han_count++] = (uint64_t)(first << 16 | second) << 32 | position;
    }
}

/* The unigram of prev, which stands at the position before the next. */
static inline void gs_emit_unigram(struct gs_cutter *c)
{
    gs_emit_han_term(c, c->prev, 0, c->position - 1, c->prev_start, c->prev_end);
}

static inline void gs_emit_unit(struct gs_cutter *c, uint32_t start, uint32_t end)
{
    struct gs_cut_batch *b = c->out;
    if (c->with_spans)
        b->units[b->unit_count++] = (struct gs_unit){c->position, start, end};
}

static inline void gs_emit_han(struct gs_cutter *c, uint32_t code, uint32_t start, uint32_t end)
{
    gs_emit_ends(c, start);
    gs_emit_unit(c, start, end);
    if (c->prev) {
        gs_emit_han_term(c, c->prev, code, c->position - 1, c->prev_start, end);
        c->lone = c->joined = false;
    } else {
        c->joined = c->after_word;
        c->lone = !c->after_word;
        if (c->joined)
            gs_emit_han_term(c, code, 0, c->position, start, end);
    }
    c->prev = code;
    c->prev_start = start;
    c->prev_end = end;
    c->after_word = c->break_open = false;
    c->position++;
}

static inline void gs_emit_barrier(struct gs_cutter *c)
{
    if (c->prev && c->lone)
        gs_emit_unigram(c);
    c->prev = 0;
    c->lone = c->joined = c->after_word = false;
}

static inline void gs_emit_break(struct gs_cutter *c, uint32_t start)
{
    gs_emit_ends(c, start);
    gs_emit_barrier(c);
    if (!c->break_open) {
        c->position++;
        c->breaks++;
    }
    c->break_open = true;
}

/* A word whose term of `size` bytes (1 .. GS_WORD_MAX) already stands behind the batch's word
 * bytes. */
static inline void gs_emit_word_here(struct gs_cutter *c, size_t size, uint32_t start, uint32_t end)
{
    struct gs_cut_batch *b = c->out;
    gs_emit_ends(c, start);
    if (c->prev && !c->joined)
        gs_emit_unigram(c);
    gs_emit_unit(c, start, end);
    if (c->with_spans) {
        b->tokens[b->token_count++] = (struct gs_token){
            {true, 0, 0, b->word_bytes + b->word_bytes_size, size}, c->position, start, end};
    } else {
        struct gs_cut_word *w = &b->words[b->word_count++];
        w->position = c->position;
        w->offset = (uint32_t)b->word_bytes_size & 0xFFFFFFu;
        w->size = (uint32_t)size & 0xFFu;
    }
    b->word_bytes_size += size;
    c->prev = 0;
    c->lone = c->joined = c->break_open = false;
    c->after_word = true;
    c->position++;
}

/* The word's bytes are [bytes, bytes + size) and hash is XXH3 of all of it where size >
 * GS_WORD_MAX; only the first GS_WORD_MAX of them are read. */
static inline void gs_emit_word(struct gs_cutter *c, const uint8_t *bytes, uint64_t size,
                                uint64_t hash, uint32_t start, uint32_t end)
{
    uint8_t *to = c->out->word_bytes + c->out->word_bytes_size;
    size_t kept = (size_t)size;
    if (size > GS_WORD_MAX) {
        kept = gs_utf8_prefix(bytes, GS_WORD_MAX, GS_WORD_PREFIX);
        for (int i = 0; i < 16; i++)
            to[kept + (size_t)i] = (uint8_t) "0123456789abcdef"[hash >> (60 - 4 * i) & 15];
    }
    memcpy(to, bytes, kept);
    gs_emit_word_here(c, size > GS_WORD_MAX ? kept + 16 : kept, start, end);
}

#endif
