#include "common/text/cutter_emit.h"

#include <stdlib.h>

void gs_cut_batch_init(struct gs_cut_batch *b)
{
    memset(b, 0, sizeof(*b));
}

void gs_cut_batch_release(struct gs_cut_batch *b)
{
    free(b->han);
    free(b->words);
    free(b->word_bytes);
    free(b->wide);
    free(b->ends);
    free(b->tokens);
    free(b->units);
    gs_cut_batch_init(b);
}

/* Room for `wanted` entries in all; false without memory. */
static bool grow(void **array, size_t *capacity, size_t wanted, size_t entry)
{
    if (wanted <= *capacity)
        return true;
    if (*capacity)
        wanted += wanted / 2;
    void *more = realloc(*array, wanted * entry);
    if (!more)
        return false;
    *array = more;
    *capacity = wanted;
    return true;
}

#define GROW(b, array, capacity, wanted)                                                           \
    grow((void **)&(b)->array, &(b)->capacity, wanted, sizeof(*(b)->array))

/*
 * Room for what `bytes` more bytes of input can give. A character that stays one character gives at
 * most one entry for each of its bytes, and at most two normalised bytes for each; those that
 * expand ask again (gs_cut_batch_room), and what was held back from earlier feeds fits the slack.
 */
static bool reserve(struct gs_cutter *c, size_t bytes)
{
    struct gs_cut_batch *b = c->out;
    size_t room = bytes + GS_BATCH_SLACK;
    bool ok = GROW(b, word_bytes, word_bytes_capacity, b->word_bytes_size + room + bytes);
    if (c->with_spans) {
        ok = ok && GROW(b, tokens, token_capacity, b->token_count + room);
        ok = ok && GROW(b, units, unit_capacity, b->unit_count + room);
    } else {
        ok = ok && GROW(b, han, han_capacity, b->han_count + room);
        ok = ok && GROW(b, words, word_capacity, b->word_count + room);
        ok = ok && GROW(b, wide, wide_capacity, b->wide_count + room);
    }
    if (!ok)
        c->failed = true;
    return ok;
}

bool gs_cut_batch_begin(struct gs_cutter *c)
{
    struct gs_cut_batch *b = c->out;
    b->han_count = b->word_count = b->word_bytes_size = b->wide_count = 0;
    b->end_count = b->token_count = b->unit_count = 0;
    return reserve(c, c->feed_left);
}

/* Tokens point into word_bytes: after it moved they are set again, in order. */
static void repoint(struct gs_cut_batch *b)
{
    const uint8_t *p = b->word_bytes;
    for (size_t i = 0; i < b->token_count; i++) {
        if (b->tokens[i].term.is_word) {
            b->tokens[i].term.bytes = p;
            p += b->tokens[i].term.size;
        }
    }
}

bool gs_cut_batch_room(struct gs_cutter *c)
{
    const uint8_t *before = c->out->word_bytes;
    bool ok = reserve(c, c->feed_left);
    if (c->out->word_bytes != before)
        repoint(c->out);
    return ok;
}

void gs_cut_batch_end(struct gs_cutter *c, uint32_t position, uint32_t kinds)
{
    struct gs_cut_batch *b = c->out;
    if (b->end_count == b->end_capacity &&
        !GROW(b, ends, end_capacity, b->end_capacity ? 2 * b->end_capacity : 64)) {
        c->failed = true;
        return;
    }
    b->ends[b->end_count++] = (struct gs_cut_end){position, kinds};
}
