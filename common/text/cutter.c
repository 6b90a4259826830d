#include "common/text/cutter.h"

#include "common/text/cutter_emit.h"
#include "common/text/kernel.h"

#include <stdlib.h>

/* gs_cutter_state.last_kind and .flags */
enum { LEFT_NOTHING, LEFT_WORD, LEFT_HAN };
#define FLAG_BREAK_OPEN 1u
#define FLAG_LONE       2u
#define FLAG_JOINED     4u

struct gs_cutter *gs_cutter_create(bool with_spans)
{
    size_t align = _Alignof(struct gs_cutter);
    size_t size = (sizeof(struct gs_cutter) + align - 1) / align * align;
    struct gs_cutter *c = aligned_alloc(align, size);
    if (!c)
        return NULL;
    memset(c, 0, size);
    c->with_spans = with_spans;
    c->avx512 = gs_kernel_current() == GS_KERNEL_AVX512;
    c->next_end = GS_NO_END;
    return c;
}

void gs_cutter_free(struct gs_cutter *c)
{
    free(c);
}

void gs_cutter_begin(struct gs_cutter *c, const struct gs_mark *marks, size_t mark_count,
                     const struct gs_end *ends, size_t end_count)
{
    static const struct gs_cutter_state start;
    gs_cutter_resume(c, marks, mark_count, ends, end_count, 0, &start);
    c->next_end = end_count ? ends[0].offset : GS_NO_END;
    c->end_next = 0;
}

/* The first mark that ends behind the offset. */
static size_t first_mark(const struct gs_mark *marks, size_t count, uint32_t offset)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (marks[middle].end <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The first end behind the offset: one at it was given with what stands before. */
static size_t first_end(const struct gs_end *ends, size_t count, uint32_t offset)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (ends[middle].offset <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void gs_cutter_resume(struct gs_cutter *c, const struct gs_mark *marks, size_t mark_count,
                      const struct gs_end *ends, size_t end_count, uint32_t offset,
                      const struct gs_cutter_state *state)
{
    c->position = state->position;
    c->breaks = 0;
    c->prev = state->last_kind == LEFT_HAN && state->last_char <= 0x10FFFF ? state->last_char : 0;
    c->prev_start = c->prev_end = offset;
    c->lone = c->prev && (state->flags & FLAG_LONE);
    c->joined = c->prev && (state->flags & FLAG_JOINED);
    c->after_word = state->last_kind == LEFT_WORD;
    c->break_open = state->flags & FLAG_BREAK_OPEN;
    c->kana = 0;
    c->stage = GS_STAGE_NONE;
    c->superscript = false;
    c->offset = offset;
    c->partial_size = 0;
    c->marks = marks;
    c->mark_count = mark_count;
    c->mark_next = first_mark(marks, mark_count, offset);
    c->ends = ends;
    c->end_count = end_count;
    c->end_next = first_end(ends, end_count, offset);
    c->next_end = c->end_next < end_count ? ends[c->end_next].offset : GS_NO_END;
    c->held = (struct gs_cut_end){0, 0};
    c->failed = false;
}

static void scan(struct gs_cutter *c, const uint8_t *p, const uint8_t *limit)
{
    if (c->partial_size && p < limit)
        p += gs_cut_complete(c, p, (size_t)(limit - p));
    if (p == limit)
        return;
    if (c->with_spans)
        gs_cut_scan_spans(c, p, limit);
#ifdef GS_HAS_X86_KERNELS
    else if (c->avx512)
        gs_cut_scan_avx512(c, p, limit);
#endif
    else
        gs_cut_scan_fast(c, p, limit);
}

/* The bytes from c->offset to the next mark, or over that mark; the place behind them. */
static const uint8_t *feed_piece(struct gs_cutter *c, const uint8_t *p, const uint8_t *end)
{
    const struct gs_mark *mark = c->mark_next < c->mark_count ? &c->marks[c->mark_next] : NULL;
    uint32_t here = gs_cut_offset(c, p);
    size_t left = (size_t)(end - p);
    if (!mark || mark->start > here) {
        size_t before = mark ? mark->start - here : left;
        const uint8_t *limit = p + (before < left ? before : left);
        scan(c, p, limit);
        return limit;
    }
    gs_cut_partial_flush(c);
    if (mark->kind == GS_MARK_FURNITURE)
        gs_cut_transparent(c, here);
    size_t rest = mark->end > here ? mark->end - here : 0;
    if (rest > left)
        return end;
    c->mark_next++;
    return p + rest;
}

enum gaosou_status gs_cutter_feed(struct gs_cutter *c, const uint8_t *bytes, size_t size, bool last,
                                  struct gs_cut_batch *out)
{
    static const uint8_t nothing[1];
    if (size > GS_CUTTER_FEED_MAX)
        return GAOSOU_E_USE;
    if (!size)
        bytes = nothing; /* may be NULL */
    c->out = out;
    c->feed_left = size;
    c->feed_end = bytes + size;
    c->delta = c->offset - (uint32_t)(uintptr_t)bytes;
    if (!gs_cut_batch_begin(c))
        return GAOSOU_E_NOMEM;
    for (const uint8_t *p = bytes; p < c->feed_end && !c->failed;)
        p = feed_piece(c, p, c->feed_end);
    c->offset += (uint32_t)size;
    if (last)
        gs_cut_finish(c);
    else if (gs_cut_idle(c) && !c->partial_size)
        gs_emit_ends(c, c->offset);
    c->out = NULL;
    return c->failed ? GAOSOU_E_NOMEM : GAOSOU_OK;
}

bool gs_cutter_state(const struct gs_cutter *c, struct gs_cutter_state *state)
{
    if (!gs_cut_idle(c) || c->partial_size)
        return false;
    *state = (struct gs_cutter_state){.position = c->position, .last_char = c->prev};
    state->last_kind = c->prev ? LEFT_HAN : c->after_word ? LEFT_WORD : LEFT_NOTHING;
    state->flags = (uint8_t)((c->break_open ? FLAG_BREAK_OPEN : 0) | (c->lone ? FLAG_LONE : 0) |
                             (c->joined ? FLAG_JOINED : 0));
    return true;
}

uint32_t gs_cutter_positions(const struct gs_cutter *c)
{
    uint32_t positions, length;
    gs_cut_pending(c, &positions, &length);
    return c->position + positions;
}

uint32_t gs_cutter_length(const struct gs_cutter *c)
{
    uint32_t positions, length;
    gs_cut_pending(c, &positions, &length);
    return c->position - c->breaks + length;
}

const char *gs_cutter_kernel(void)
{
    return gs_kernel_name(gs_kernel_current() == GS_KERNEL_AVX512 ? GS_KERNEL_AVX512
                                                                  : GS_KERNEL_SCALAR);
}
