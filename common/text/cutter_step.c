#include "common/text/chartab.h"
#include "common/text/cutter_emit.h"

#define CODE_MASK 0xFFFFFFu

void gs_cut_ends_at(struct gs_cutter *c, uint32_t offset, uint32_t position)
{
    while (c->end_next < c->end_count && c->ends[c->end_next].offset <= offset) {
        if (c->held.kinds && c->held.position != position) {
            gs_cut_batch_end(c, c->held.position, c->held.kinds);
            c->held.kinds = 0;
        }
        c->held.position = position;
        c->held.kinds |= c->ends[c->end_next++].kinds;
    }
    c->next_end = c->end_next < c->end_count ? c->ends[c->end_next].offset : GS_NO_END;
}

void gs_cut_ends_fire(struct gs_cutter *c, uint32_t offset)
{
    gs_cut_ends_at(c, offset, c->position);
}

void gs_cut_transparent(struct gs_cutter *c, uint32_t start)
{
    gs_cut_settle(c, 0);
    gs_emit_ends(c, start);
}

static void cut_han(struct gs_cutter *c, uint32_t code, uint32_t start, uint32_t end)
{
    gs_cut_settle(c, code);
    gs_emit_han(c, code, start, end);
}

static void cut_break(struct gs_cutter *c, uint32_t start)
{
    gs_cut_settle(c, 0);
    gs_emit_break(c, start);
}

static void cut_word_char(struct gs_cutter *c, uint32_t code, uint32_t start, uint32_t end)
{
    if (code >= '0' && code <= '9')
        gs_cut_digit(c, (uint8_t)code, start, end);
    else
        gs_cut_letter(c, code, start, end);
}

/* A character of several, or an isolated one: each of the result has the span of the whole. */
static void cut_expansion(struct gs_cutter *c, const struct gs_char_entry *e, uint32_t start,
                          uint32_t end)
{
    bool isolated = e->flags & GS_CHAR_FLAG_ISOLATED;
    if (!gs_cut_batch_room(c))
        return;
    if (isolated) {
        gs_cut_settle(c, 0);
        gs_emit_barrier(c);
    }
    for (size_t i = 0; i < e->count; i++) {
        uint32_t code = e->chars[i] & CODE_MASK;
        switch ((enum gs_char_kind)(e->chars[i] >> 24)) {
        case GS_KIND_HAN:
            cut_han(c, code, start, end);
            break;
        case GS_KIND_WORD:
            gs_cut_letter(c, code, start, end);
            break;
        case GS_KIND_BREAK:
            cut_break(c, start);
            break;
        }
    }
    if (isolated) {
        gs_cut_settle(c, 0);
        gs_emit_barrier(c);
    }
}

static void cut_voice_mark(struct gs_cutter *c, bool semi, uint32_t end)
{
    uint32_t composed = c->kana ? gs_char_compose_kana(c->kana, semi) : 0;
    if (!composed)
        return;
    c->kana = composed;
    c->kana_end = end;
    gs_cut_settle_kana(c);
}

static void cut_special(struct gs_cutter *c, uint32_t code, uint32_t start, uint32_t end)
{
    struct gs_char_entry e;
    gs_char_find(code, &e);
    uint32_t first = e.count ? e.chars[0] & CODE_MASK : 0;
    if (e.class == GS_CLASS_VANISHING) {
        if (e.flags & (GS_CHAR_FLAG_VOICED | GS_CHAR_FLAG_SEMI_VOICED))
            cut_voice_mark(c, e.flags & GS_CHAR_FLAG_SEMI_VOICED, end);
    } else if (e.class == GS_CLASS_TRANSPARENT) {
        gs_cut_transparent(c, start);
    } else if (e.class == GS_CLASS_BREAK) {
        cut_break(c, start);
    } else if (e.flags & GS_CHAR_FLAG_KANA) {
        gs_cut_settle(c, first);
        c->kana = first;
        c->kana_start = start;
        c->kana_end = end;
    } else if (e.flags & GS_CHAR_FLAG_SUPERSCRIPT) {
        gs_cut_superscript(c, (uint8_t)first, start, end);
    } else if (e.count > 1 || (e.flags & GS_CHAR_FLAG_ISOLATED)) {
        cut_expansion(c, &e, start, end);
    } else if (e.chars[0] >> 24 == GS_KIND_HAN) {
        cut_han(c, first, start, end);
    } else {
        cut_word_char(c, first, start, end);
    }
}

void gs_cut_char(struct gs_cutter *c, uint32_t code, uint32_t start, uint32_t end)
{
    uint32_t v = code < 0x10000 ? gs_chartab_bmp[code] : GS_CHAR_SPECIAL;
    switch (v) {
    case GS_CHAR_VANISHING:
        break;
    case GS_CHAR_BREAK:
        cut_break(c, start);
        break;
    case GS_CHAR_TRANSPARENT:
        gs_cut_transparent(c, start);
        break;
    case GS_CHAR_DOT:
    case GS_CHAR_COMMA:
        gs_cut_separator(c, v == GS_CHAR_DOT ? '.' : ',', start);
        break;
    case GS_CHAR_SPECIAL:
        cut_special(c, code, start, end);
        break;
    case GS_CHAR_WORD_SELF:
        gs_cut_letter(c, code, start, end);
        break;
    default:
        if (v >= GS_CHAR_HAN_MIN)
            cut_han(c, v, start, end);
        else
            cut_word_char(c, v, start, end);
    }
}

const uint8_t *gs_cut_slow(struct gs_cutter *c, const uint8_t *p, const uint8_t *limit)
{
    do {
        struct gs_utf8_char ch = gs_utf8_decode(p, (size_t)(limit - p));
        uint32_t start = gs_cut_offset(c, p);
        if (!ch.size) {
            c->partial_size = (uint32_t)(limit - p);
            c->partial_start = start;
            memcpy(c->partial, p, c->partial_size);
            return limit;
        }
        c->feed_left = (size_t)(c->feed_end - p);
        gs_cut_char(c, ch.code, start, start + ch.size);
        p += ch.size;
    } while (p < limit && !gs_cut_idle(c));
    return p;
}

size_t gs_cut_complete(struct gs_cutter *c, const uint8_t *p, size_t size)
{
    uint8_t bytes[8];
    size_t have = c->partial_size, more = size < 4 ? size : 4;
    memcpy(bytes, c->partial, have);
    memcpy(bytes + have, p, more);
    struct gs_utf8_char ch = gs_utf8_decode(bytes, have + more);
    if (!ch.size) {
        memcpy(c->partial, bytes, have + more);
        c->partial_size = (uint32_t)(have + more);
        return size;
    }
    c->partial_size = 0;
    gs_cut_char(c, ch.code, c->partial_start, c->partial_start + ch.size);
    return ch.size - have; /* a valid prefix: at least the bytes we had belong to it */
}

void gs_cut_partial_flush(struct gs_cutter *c)
{
    if (!c->partial_size)
        return;
    uint32_t start = c->partial_start;
    uint32_t end = start + c->partial_size;
    c->partial_size = 0;
    gs_cut_char(c, GS_REPLACEMENT, start, end);
}

void gs_cut_finish(struct gs_cutter *c)
{
    gs_cut_partial_flush(c);
    gs_cut_settle(c, 0);
    gs_emit_barrier(c);
    gs_cut_ends_fire(c, GS_NO_END - 1);
    if (c->held.kinds)
        gs_cut_batch_end(c, c->held.position, c->held.kinds);
    c->held.kinds = 0;
}
