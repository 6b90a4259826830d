/*
 * cutter_private.h: the state of a cutter and the parts it is made of. Private to cutter*.c.
 *
 *   cutter.c        the public calls: chunks, marks, the end of a filing
 *   cutter_run.c    the hot loop of fast mode: Han runs, plain words, white space, breaks
 *   cutter_scan.c   one element whole inside the bytes at hand: what the hot loop leaves, and spans
 *   cutter_ascii.h  eight bytes of ASCII at a time
 *   cutter_step.c   one character of any kind into the full state machine
 *   cutter_word.c   words and number chains that are not yet decided
 *   cutter_chain.c  what a number chain is
 *   cutter_emit.h   elements into positions and tokens
 *   cutter_batch.c  room for tokens
 *   cutter_avx512*.c  the hot loop of fast mode again, 64 bytes at a time
 *
 * The scan handles what it can decide inside the bytes at hand while nothing is pending ("idle"),
 * and gives every other character to the state machine until that is idle again. The machine holds
 * whatever is undecided between chunks; of the bytes only an incomplete last character is kept.
 */
#ifndef GS_TEXT_CUTTER_PRIVATE_H
#define GS_TEXT_CUTTER_PRIVATE_H

#include "common/base/checksum.h"
#include "common/text/cutter.h"

#define GS_CHAIN_MAX 256 /* normalised characters of a number chain; a longer one is cut apart */
/* Entries that fit every batch array beyond one for each byte fed: a chain held back, an expansion.
 */
#define GS_BATCH_SLACK 1024
#define GS_NO_END      UINT32_MAX

/* A word of any length: its first bytes, and all of it hashed once it is longer than a term may be.
 */
struct gs_word_build {
    uint8_t head[GS_WORD_MAX];
    uint64_t size;
    struct gs_hash_stream stream; /* begun when size passes GS_WORD_MAX */
};

enum gs_word_stage {
    GS_STAGE_NONE,
    GS_STAGE_WORD,      /* an open word; its last digit_count characters are digits */
    GS_STAGE_WORD_SEP,  /* ... that ends in a digit, and a separator behind it */
    GS_STAGE_CHAIN,     /* a chain with a separator inside, ending in a digit */
    GS_STAGE_CHAIN_SEP, /* ... and a separator behind it */
    GS_STAGE_LONG,      /* a chain over GS_CHAIN_MAX: an open run of its digits */
    GS_STAGE_LONG_SEP,  /* ... behind a separator, which was a break */
};

struct gs_cutter {
    /* where we are among the elements */
    uint32_t position; /* the next to give */
    uint32_t breaks;   /* positions that break runs took */
    uint32_t prev;     /* the Han-like character that is nearest on the left, T aside, or 0 */
    bool lone;         /* prev has no neighbour on its left and no unigram yet */
    bool joined;       /* prev has its unigram: a word stands before it */
    bool after_word;   /* a word is nearest on the left, no barrier between */
    bool break_open;   /* a run of breaks is open */
    bool with_spans;
    bool avx512; /* the kernel of fast mode */
    uint32_t prev_start, prev_end;

    /* a kana that a voice mark may still change; 0: none */
    uint32_t kana, kana_start, kana_end;

    /* the pending word */
    enum gs_word_stage stage;
    bool superscript; /* the word ends in superscript digits */
    uint32_t word_start, word_end;
    uint32_t last_char;   /* of the word, normalised */
    uint32_t digit_count; /* digits at the word's end, saturating */
    uint32_t prefix_end;  /* byte behind what stands before those digits */
    uint64_t prefix_size; /* normalised bytes before them */
    uint64_t prefix_hash; /* XXH3 of them where they are over GS_WORD_MAX */
    uint32_t sep_start;   /* the pending separator */
    uint8_t sep;          /* '.' or ',' */
    uint32_t chain_size;  /* characters in chain[]; in GS_STAGE_WORD the digits at its end */
    struct gs_word_build word, digits; /* digits: the run at the end, once over GS_CHAIN_MAX */
    uint8_t chain[GS_CHAIN_MAX];
    uint32_t chain_start[GS_CHAIN_MAX], chain_end[GS_CHAIN_MAX];

    /* the input */
    uint32_t offset;    /* of the next byte fed */
    uint32_t delta;     /* offset of a byte at p: (uint32_t)(uintptr_t)p + delta */
    uint8_t partial[4]; /* an incomplete last character */
    uint32_t partial_size, partial_start;
    const struct gs_mark *marks;
    size_t mark_count, mark_next;
    const struct gs_end *ends;
    size_t end_count, end_next;
    uint32_t next_end; /* offset of ends[end_next], or GS_NO_END */
    struct gs_cut_end
        held; /* the last end fired, kept as long as others may fall on its position */

    struct gs_cut_batch *out;
    const uint8_t *feed_end;
    size_t feed_left; /* bytes of this feed from the character at hand on */
    bool failed;      /* no memory; sticky until begin */
};

static inline bool gs_cut_idle(const struct gs_cutter *c)
{
    return c->stage == GS_STAGE_NONE && !c->kana;
}

static inline uint32_t gs_cut_offset(const struct gs_cutter *c, const uint8_t *p)
{
    return (uint32_t)(uintptr_t)p + c->delta;
}

/* ---- cutter_batch.c ---- */

/* Empties the batch and makes room for a feed of c->feed_size bytes. */
bool gs_cut_batch_begin(struct gs_cutter *c);
/* Keeps room for the rest of the feed, c->feed_left; called for each character that expands. */
bool gs_cut_batch_room(struct gs_cutter *c);
void gs_cut_batch_end(struct gs_cutter *c, uint32_t position, uint32_t kinds); /* appends to ends */

/* ---- cutter_scan.c ---- */

/* Cuts [p, limit): limit is the end of the bytes or a mark. */
void gs_cut_scan_fast(struct gs_cutter *c, const uint8_t *p, const uint8_t *limit);
void gs_cut_scan_spans(struct gs_cutter *c, const uint8_t *p, const uint8_t *limit);
/* An element at p < limit while the machine is idle, and what the machine takes with it until it is
 * so again; the place behind. */
const uint8_t *gs_cut_scan_one(struct gs_cutter *c, const uint8_t *p, const uint8_t *limit);

/* ---- cutter_avx512.c ---- */

/* As gs_cut_scan_fast; only where the processor has GS_KERNEL_AVX512. */
void gs_cut_scan_avx512(struct gs_cutter *c, const uint8_t *p, const uint8_t *limit);

/* ---- cutter_run.c ---- */

/* Fast mode, idle: cuts what it can of [p, limit); the place behind, which may be p. Ends before
 * that place are taken. */
const uint8_t *gs_cut_run(struct gs_cutter *c, const uint8_t *p, const uint8_t *limit);

/* ---- cutter_step.c ---- */

void gs_cut_char(struct gs_cutter *c, uint32_t code, uint32_t start, uint32_t end);
/* Characters of [p, limit) until the machine is idle; the place behind them. */
const uint8_t *gs_cut_slow(struct gs_cutter *c, const uint8_t *p, const uint8_t *limit);
/* Completes the character begun in the feed before; how many of the bytes it took. */
size_t gs_cut_complete(struct gs_cutter *c, const uint8_t *p, size_t size);
void gs_cut_partial_flush(struct gs_cutter *c); /* an incomplete character is a bad one */
void gs_cut_transparent(struct gs_cutter *c, uint32_t start);
void gs_cut_finish(struct gs_cutter *c);

/* ---- cutter_word.c ---- */

void gs_cut_letter(struct gs_cutter *c, uint32_t code, uint32_t start, uint32_t end);
void gs_cut_digit(struct gs_cutter *c, uint8_t digit, uint32_t start, uint32_t end);
void gs_cut_superscript(struct gs_cutter *c, uint8_t digit, uint32_t start, uint32_t end);
void gs_cut_separator(struct gs_cutter *c, uint8_t sep, uint32_t start);
/* Whatever was pending is decided: `next` is the normalised character that follows, or 0. */
void gs_cut_settle(struct gs_cutter *c, uint32_t next);
void gs_cut_settle_kana(struct gs_cutter *c);
/* Positions and length that settling now would add. */
void gs_cut_pending(const struct gs_cutter *c, uint32_t *positions, uint32_t *length);

/* ---- cutter_chain.c ---- */

enum gs_chain_form {
    GS_CHAIN_NUMBER, /* (a) one number */
    GS_CHAIN_GLUED,  /* (b) several with two decimals each */
    GS_CHAIN_APART,  /* (c) digit runs and breaks */
};
#define GS_NIAN 0x5E74u /* 年 */

/* Digits, '.' and ','; starts NULL: character i lies at bytes [base + i, base + i + 1). */
struct gs_chain {
    const uint8_t *chars;
    size_t size;
    const uint32_t *starts, *ends;
    uint32_t base;
};

enum gs_chain_form gs_chain_classify(const struct gs_chain *chain, uint32_t next);
void gs_chain_emit(struct gs_cutter *c, const struct gs_chain *chain, enum gs_chain_form form);
/* Elements that gs_chain_emit gives: words and breaks. */
void gs_chain_count(const struct gs_chain *chain, enum gs_chain_form form, uint32_t *words,
                    uint32_t *breaks);

#endif
