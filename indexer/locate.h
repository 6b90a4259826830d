/*
 * locate.h: from sorted tokens to filings, positions inside them, postings and terms: the loop that
 * every token of a run passes once at the flush. Pure.
 */
#ifndef GS_INDEXER_LOCATE_H
#define GS_INDEXER_LOCATE_H

#include "indexer/emit.h"

#define GS_LOCATE_TOKENS 1024u /* located at once: their arrays stay in the first-level cache */
#define GS_LOCATE_SLACK  16u   /* entries that may be written behind what is asked for */

/* The terms of a block: term t has tokens [tokens[t], tokens[t + 1]) and postings likewise. */
struct gs_located {
    size_t terms;
    uint32_t keys[GS_LOCATE_TOKENS + GS_LOCATE_SLACK];
    uint32_t tokens[GS_LOCATE_TOKENS + GS_LOCATE_SLACK];
    uint32_t postings[GS_LOCATE_TOKENS + GS_LOCATE_SLACK];
};

/* The end of the block from `from` on: a term's end, behind at least GS_LOCATE_TOKENS tokens where
 * there are so many. */
size_t gs_locate_end(const uint64_t *tokens, size_t from, size_t n);

/* Tokens [0, n) of one block, n > 0: filings of its postings into e->docs, their frequencies into
 * e->freqs, positions inside filings into e->positions, its terms into *out. */
void gs_locate(struct gs_emitter *e, const uint64_t *tokens, size_t n, struct gs_located *out);

#if defined(__x86_64__) && defined(__GNUC__)
#define GS_HAS_X86_LOCATE
/* As gs_locate, but e->freqs gets the number of each posting's first token; returns the number of
 * postings. Both entries behind the last term and the last posting are the caller's. */
size_t gs_locate_avx512(struct gs_emitter *e, const uint64_t *tokens, size_t n,
                        struct gs_located *out);
#endif

#endif
