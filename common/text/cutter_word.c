#include "common/text/chartab.h"
#include "common/text/cutter_emit.h"

/* ---- a word of any length ---- */

static void build_clear(struct gs_word_build *w)
{
    w->size = 0;
}

static void build_add(struct gs_word_build *w, const uint8_t *bytes, size_t size)
{
    if (w->size + size > GS_WORD_MAX) {
        if (w->size <= GS_WORD_MAX) {
            gs_hash_begin(&w->stream);
            gs_hash_update(&w->stream, w->head, (size_t)w->size);
        }
        gs_hash_update(&w->stream, bytes, size);
    }
    if (w->size < GS_WORD_MAX) {
        size_t room = GS_WORD_MAX - (size_t)w->size;
        memcpy(w->head + w->size, bytes, size < room ? size : room);
    }
    w->size += size;
}

static uint64_t build_hash(const struct gs_word_build *w)
{
    return w->size > GS_WORD_MAX ? gs_hash_digest(&w->stream) : 0;
}

static void emit_build(struct gs_cutter *c, const struct gs_word_build *w, uint32_t start,
                       uint32_t end)
{
    gs_emit_word(c, w->head, w->size, build_hash(w), start, end);
}

/* ---- the pending word and chain ---- */

static void open_word(struct gs_cutter *c, enum gs_word_stage stage, uint32_t start)
{
    c->stage = stage;
    c->word_start = start;
    c->superscript = false;
    c->digit_count = 0;
    c->chain_size = 0;
    build_clear(&c->word);
}

static void chain_add(struct gs_cutter *c, uint8_t what, uint32_t start, uint32_t end)
{
    c->chain[c->chain_size] = what;
    c->chain_start[c->chain_size] = start;
    c->chain_end[c->chain_size] = end;
    c->chain_size++;
}

static struct gs_chain chain_of(const struct gs_cutter *c, size_t from)
{
    return (struct gs_chain){c->chain + from, c->chain_size - from, c->chain_start + from,
                             c->chain_end + from, 0};
}

static void resolve_chain(struct gs_cutter *c, uint32_t next)
{
    struct gs_chain chain = chain_of(c, 0);
    gs_chain_emit(c, &chain, gs_chain_classify(&chain, next));
}

void gs_cut_settle_kana(struct gs_cutter *c)
{
    if (!c->kana)
        return;
    uint32_t kana = c->kana;
    c->kana = 0;
    gs_emit_han(c, kana, c->kana_start, c->kana_end);
}

void gs_cut_settle(struct gs_cutter *c, uint32_t next)
{
    gs_cut_settle_kana(c);
    enum gs_word_stage stage = c->stage;
    c->stage = GS_STAGE_NONE;
    switch (stage) {
    case GS_STAGE_NONE:
    case GS_STAGE_LONG_SEP:
        return;
    case GS_STAGE_WORD:
    case GS_STAGE_WORD_SEP:
    case GS_STAGE_LONG:
        emit_build(c, &c->word, c->word_start, c->word_end);
        break;
    case GS_STAGE_CHAIN:
        resolve_chain(c, next);
        break;
    case GS_STAGE_CHAIN_SEP:
        resolve_chain(c, 0);
        break;
    }
    if (stage == GS_STAGE_WORD_SEP || stage == GS_STAGE_CHAIN_SEP)
        gs_emit_break(c, c->sep_start);
    if (stage == GS_STAGE_WORD && c->superscript)
        gs_emit_barrier(c);
}

void gs_cut_letter(struct gs_cutter *c, uint32_t code, uint32_t start, uint32_t end)
{
    if (c->stage != GS_STAGE_WORD || c->superscript)
        gs_cut_settle(c, code);
    gs_cut_settle_kana(c);
    if (c->stage == GS_STAGE_NONE)
        open_word(c, GS_STAGE_WORD, start);
    uint8_t bytes[4];
    build_add(&c->word, bytes, gs_utf8_encode(bytes, code));
    c->last_char = code;
    c->word_end = end;
    c->digit_count = 0;
    c->chain_size = 0;
}

/* One more digit at the end of an open word. */
static void add_digit(struct gs_cutter *c, uint8_t digit, uint32_t start, uint32_t end)
{
    if (!c->digit_count) {
        c->prefix_size = c->word.size;
        c->prefix_hash = build_hash(&c->word);
        c->prefix_end = c->word_end;
    }
    build_add(&c->word, &digit, 1);
    c->last_char = digit;
    c->word_end = end;
    if (c->digit_count < GS_CHAIN_MAX) {
        chain_add(c, digit, start, end);
        c->digit_count++;
        return;
    }
    if (c->digit_count == GS_CHAIN_MAX) {
        build_clear(&c->digits);
        build_add(&c->digits, c->chain, GS_CHAIN_MAX);
        c->digit_count++;
    }
    build_add(&c->digits, &digit, 1);
}

/* What stands before the digits at the word's end is a word of its own. */
static void emit_prefix(struct gs_cutter *c)
{
    if (c->prefix_size)
        gs_emit_word(c, c->word.head, c->prefix_size, c->prefix_hash, c->word_start, c->prefix_end);
}

static void long_digit(struct gs_cutter *c, uint8_t digit, uint32_t start, uint32_t end)
{
    if (c->stage != GS_STAGE_LONG)
        open_word(c, GS_STAGE_LONG, start);
    build_add(&c->word, &digit, 1);
    c->last_char = digit;
    c->word_end = end;
}

/* digits, separator, and now a digit: a chain. */
static void begin_chain(struct gs_cutter *c, uint8_t digit, uint32_t start, uint32_t end)
{
    emit_prefix(c);
    if (c->digit_count + 2 <= GS_CHAIN_MAX) {
        chain_add(c, c->sep, c->sep_start, c->sep_start);
        chain_add(c, digit, start, end);
        c->stage = GS_STAGE_CHAIN;
        return;
    }
    if (c->digit_count > GS_CHAIN_MAX) {
        emit_build(c, &c->digits, c->chain_start[0], c->word_end);
    } else {
        struct gs_chain chain = chain_of(c, 0);
        gs_chain_emit(c, &chain, GS_CHAIN_APART);
    }
    gs_emit_break(c, c->sep_start);
    c->stage = GS_STAGE_NONE;
    long_digit(c, digit, start, end);
}

/* The chain is full: all of it is cut apart, its last run stays open. */
static void overflow_chain(struct gs_cutter *c, uint8_t digit, uint32_t start, uint32_t end)
{
    size_t run = c->chain_size;
    if (c->stage == GS_STAGE_CHAIN) {
        while (c->chain[run - 1] >= '0')
            run--;
    }
    struct gs_chain chain = {c->chain, run, c->chain_start, c->chain_end, 0};
    gs_chain_emit(c, &chain, GS_CHAIN_APART);
    if (c->stage == GS_STAGE_CHAIN_SEP)
        gs_emit_break(c, c->sep_start);
    c->stage = GS_STAGE_NONE;
    for (size_t i = run, size = c->chain_size; i < size; i++)
        long_digit(c, c->chain[i], c->chain_start[i], c->chain_end[i]);
    long_digit(c, digit, start, end);
}

void gs_cut_digit(struct gs_cutter *c, uint8_t digit, uint32_t start, uint32_t end)
{
    gs_cut_settle_kana(c);
    if (c->stage == GS_STAGE_WORD && c->superscript)
        gs_cut_settle(c, digit);
    switch (c->stage) {
    case GS_STAGE_NONE:
        open_word(c, GS_STAGE_WORD, start);
        add_digit(c, digit, start, end);
        break;
    case GS_STAGE_WORD:
        add_digit(c, digit, start, end);
        break;
    case GS_STAGE_WORD_SEP:
        begin_chain(c, digit, start, end);
        break;
    case GS_STAGE_CHAIN:
        if (c->chain_size + 1 > GS_CHAIN_MAX)
            overflow_chain(c, digit, start, end);
        else
            chain_add(c, digit, start, end);
        break;
    case GS_STAGE_CHAIN_SEP:
        if (c->chain_size + 2 > GS_CHAIN_MAX) {
            overflow_chain(c, digit, start, end);
        } else {
            chain_add(c, c->sep, c->sep_start, c->sep_start);
            chain_add(c, digit, start, end);
            c->stage = GS_STAGE_CHAIN;
        }
        break;
    case GS_STAGE_LONG:
    case GS_STAGE_LONG_SEP:
        long_digit(c, digit, start, end);
        break;
    }
}

void gs_cut_separator(struct gs_cutter *c, uint8_t sep, uint32_t start)
{
    gs_cut_settle_kana(c);
    if (c->stage == GS_STAGE_WORD && c->digit_count) {
        c->stage = GS_STAGE_WORD_SEP;
    } else if (c->stage == GS_STAGE_CHAIN) {
        c->stage = GS_STAGE_CHAIN_SEP;
    } else {
        bool inside = c->stage == GS_STAGE_LONG;
        gs_cut_settle(c, 0);
        gs_emit_break(c, start);
        c->stage = inside ? GS_STAGE_LONG_SEP : GS_STAGE_NONE;
        return;
    }
    c->sep = sep;
    c->sep_start = start;
}

void gs_cut_superscript(struct gs_cutter *c, uint8_t digit, uint32_t start, uint32_t end)
{
    gs_cut_settle_kana(c);
    bool joins = c->stage == GS_STAGE_WORD && (c->superscript || gs_char_is_latin(c->last_char));
    if (!joins) {
        gs_cut_settle(c, 0);
        gs_emit_barrier(c);
        gs_emit_word(c, &digit, 1, 0, start, end);
        gs_emit_barrier(c);
        return;
    }
    build_add(&c->word, &digit, 1);
    c->superscript = true;
    c->word_end = end;
    c->digit_count = 0;
    c->chain_size = 0;
}

void gs_cut_pending(const struct gs_cutter *c, uint32_t *positions, uint32_t *length)
{
    uint32_t words = 0, breaks = 0;
    if (c->stage == GS_STAGE_CHAIN || c->stage == GS_STAGE_CHAIN_SEP) {
        struct gs_chain chain = chain_of(c, 0);
        gs_chain_count(&chain, gs_chain_classify(&chain, 0), &words, &breaks);
    } else if (c->stage != GS_STAGE_NONE && c->stage != GS_STAGE_LONG_SEP) {
        words = 1;
    }
    if (c->stage == GS_STAGE_CHAIN_SEP || c->stage == GS_STAGE_WORD_SEP)
        breaks++;
    words += c->kana != 0;
    *positions = words + breaks;
    *length = words;
}
