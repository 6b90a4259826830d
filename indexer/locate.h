/*
 * locate.h: from grouped tokens to filings, positions inside them, and postings: the loop that
 * every token of a run passes once at the flush. Pure.
 */
#ifndef GS_INDEXER_LOCATE_H
#define GS_INDEXER_LOCATE_H

#include "indexer/emit.h"

#define GS_LOCATE_TOKENS 1024u /* located at once: their arrays stay in the first-level cache */
#define GS_LOCATE_SLACK  16u   /* entries that may be written behind what is asked for */

/* The end of the block of terms from `from` on: behind at least GS_LOCATE_TOKENS tokens where there
 * are so many, and at most that many terms. */
size_t gs_locate_end(const struct gs_term_span *span, size_t from);

/* Terms [from, to) of one block: filings of their postings into e->docs and frequencies into
 * e->freqs, both from the front on; e->positions becomes positions inside filings; term t has
 * postings [postings[t - from], postings[t - from + 1]). */
void gs_locate(struct gs_emitter *e, const struct gs_term_span *span, size_t from, size_t to,
               uint32_t *postings);

/* n tokens of one block. */
struct gs_locate_block {
    const struct gs_doc_map *map;
    uint32_t *positions; /* in the run; in filings afterwards */
    size_t n;
    const uint16_t *begins; /* bit i % 16 of i / 16: token i begins a term */
    uint32_t *docs;         /* out: of each posting */
    uint32_t *firsts;       /* out: number of its first token */
    uint32_t *postings;     /* out: of each term, the number of its first posting */
};

#ifdef GS_HAS_X86_KERNELS
/* Returns the number of postings; sixteen tokens at a time. */
size_t gs_locate_avx512(const struct gs_locate_block *b);
#endif

#endif
