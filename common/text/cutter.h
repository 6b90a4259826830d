/*
 * cutter.h: text into tokens (docs/ANALYSIS.md, section Tokens). The hot loop of the project.
 *
 * The cutter reads valid UTF-8 in chunks of any size, cut anywhere, and gives the tokens of the
 * whole: it keeps what it cannot decide yet (at most GS_CUTTER_CARRY bytes) until the next chunk.
 * Two modes from the same source: fast (arrays by kind, no spans: what the indexer wants) and spans
 * (one array of tokens in order: highlights, queries, `gaosou-index tokens`). A cutter and its
 * batch belong to one thread; nothing in them outlives the next feed.
 */
#ifndef GS_TEXT_CUTTER_H
#define GS_TEXT_CUTTER_H

#include "common/text/layout.h"
#include "common/text/structure.h"
#include "common/text/term.h"

#define GS_CUTTER_CARRY    4096
#define GS_CUTTER_FEED_MAX ((size_t)1 << 20) /* most bytes of one feed */
#define GS_CUTTER_CHUNK    65536 /* the chunk size that keeps a batch in the second-level cache */

/* Fast mode. Within each array positions ascend; arrays are independent of each other. */
struct gs_cut_word {
    uint32_t position;
    uint32_t offset : 24; /* of the normalised bytes in batch.word_bytes; chunks are small enough */
    uint32_t size : 8;    /* 1..GS_WORD_MAX */
};
struct gs_cut_wide { /* a Han term with a character outside the BMP */
    uint32_t first, second, position;
};
struct gs_cut_end {
    uint32_t position, kinds; /* GS_END_*; see structure.h */
};

/* Spans mode: every token in order of position; at one position the unigram stands before the
 * bigram. */
struct gs_token {
    struct gs_term term; /* word bytes point into batch.word_bytes */
    uint32_t position;
    uint32_t start, end; /* bytes of the content, original characters whole */
};

/* Spans mode: every element that takes a position by itself, in order: a Han-like character or a
 * word. What maps a position back to its bytes (the last character of a Han run begins no token).
 */
struct gs_unit {
    uint32_t position;
    uint32_t start, end;
};

struct gs_cut_batch {
    uint64_t *han; /* (first << 16 | second) << 32 | position; second = 0 for a unigram */
    size_t han_count, han_capacity;
    struct gs_cut_word *words;
    size_t word_count, word_capacity;
    uint8_t *word_bytes; /* readable 16 bytes past the last word */
    size_t word_bytes_size, word_bytes_capacity;
    struct gs_cut_wide *wide;
    size_t wide_count, wide_capacity;
    struct gs_cut_end *ends;
    size_t end_count, end_capacity;
    struct gs_token *tokens; /* spans mode only; the arrays above but ends stay empty then */
    size_t token_count, token_capacity;
    struct gs_unit *units; /* spans mode only */
    size_t unit_count, unit_capacity;
};

void gs_cut_batch_init(struct gs_cut_batch *b);
void gs_cut_batch_release(struct gs_cut_batch *b);

/* What is needed to go on at a place where nothing is pending: stored beside text blocks. */
struct gs_cutter_state {
    uint32_t position; /* the next position to give */
    uint32_t
        last_char; /* normalised code point of the last Han-like character, if last_kind is Han */
    uint8_t last_kind; /* private enum of cutter.c, below 16 */
    uint8_t flags;     /* private bits of cutter.c */
};

struct gs_cutter; /* heap object: about 8 KiB with its carry */

/* Fast mode or spans mode for life, and the kernel in force (kernel.h). NULL without memory. */
struct gs_cutter *gs_cutter_create(bool with_spans);
void gs_cutter_free(struct gs_cutter *c);

/* Starts a filing. layout and structure may be NULL (a query, a bare text); else they are borrowed
 * until the filing's last feed. */
void gs_cutter_begin(struct gs_cutter *c, const struct gs_mark *marks, size_t mark_count,
                     const struct gs_end *ends, size_t end_count);

/* As begin, but the next byte fed is at `offset` of the filing and *state holds there. Structure
 * ends at or before `offset` are left out; a token that begins before it (the bigram over the seam)
 * has `offset` as its start; gs_cutter_length counts break runs before it as if they were content.
 */
void gs_cutter_resume(struct gs_cutter *c, const struct gs_mark *marks, size_t mark_count,
                      const struct gs_end *ends, size_t end_count, uint32_t offset,
                      const struct gs_cutter_state *state);

/* Cuts the next `size` bytes; `last` ends the filing. *out is cleared and filled. Over-read: none;
 * every byte read is inside [bytes, bytes + size) or the carry. Invalid UTF-8 is safe (each maximal
 * bad sequence acts as one U+FFFD) though the intake has repaired it. */
/* At most GS_CUTTER_FEED_MAX bytes, else GAOSOU_E_USE. A structure end is given once nothing more
 * can fall on its position, which may be a feed later than the tokens around it. */
GS_MUST_USE enum gaosou_status gs_cutter_feed(struct gs_cutter *c, const uint8_t *bytes,
                                              size_t size, bool last, struct gs_cut_batch *out);

/* The state behind the last feed; false while bytes are pending (never right after a line feed). */
bool gs_cutter_state(const struct gs_cutter *c, struct gs_cutter_state *state);

/* Positions so far, as if the filing ended here. */
uint32_t gs_cutter_positions(const struct gs_cutter *c);
/* Han-like characters plus words so far, as if the filing ended here: BM25's len. */
uint32_t gs_cutter_length(const struct gs_cutter *c);

/* The kernel of new cutters in fast mode ("scalar" or "avx512", see kernel.h), for benchmarks.
 * Static. */
const char *gs_cutter_kernel(void);

#endif
