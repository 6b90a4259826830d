#include "indexer/locate.h"

#include <string.h>

size_t gs_locate_end(const struct gs_term_span *span, size_t from)
{
    size_t end = from + 1;
    while (end < span->terms && span->starts[end] - span->starts[from] < GS_LOCATE_TOKENS)
        end++;
    return end;
}

/* See gs_locate_avx512. Postings and terms of one token alternate with longer ones without a
 * pattern: what begins none is overwritten by the next token, nothing branches on it. */
static size_t locate_scalar(const struct gs_locate_block *b)
{
    const struct gs_doc_map *map = b->map;
    uint32_t *docs = b->docs, *firsts = b->firsts, *positions = b->positions;
    uint32_t *term_postings = b->postings, last_doc = 0;
    size_t postings = 0, terms = 0;
    for (size_t i = 0; i < b->n; i++) {
        uint32_t position = positions[i];
        uint32_t doc = gs_doc_map_find(map, position);
        bool new_term = b->begins[i / 16] >> i % 16 & 1, new_posting = new_term | (doc != last_doc);
        last_doc = doc;
        term_postings[terms] = (uint32_t)postings;
        docs[postings] = doc;
        firsts[postings] = (uint32_t)i;
        positions[i] = position - map->base[doc];
        terms += new_term;
        postings += new_posting;
    }
    return postings;
}

static size_t locate_block(const struct gs_locate_block *b, enum gs_kernel kernel)
{
#ifdef GS_HAS_X86_KERNELS
    if (kernel == GS_KERNEL_AVX512)
        return gs_locate_avx512(b);
#else
    (void)kernel;
#endif
    return locate_scalar(b);
}

void gs_locate(struct gs_emitter *e, const struct gs_term_span *span, size_t from, size_t to,
               uint32_t *postings)
{
    const uint32_t start = span->starts[from];
    const size_t n = span->starts[to] - start;
    memset(e->begins, 0, (n + 15) / 16 * sizeof(*e->begins));
    for (size_t t = from; t < to; t++) {
        uint32_t at = span->starts[t] - start;
        e->begins[at / 16] |= (uint16_t)(1u << at % 16);
    }
    struct gs_locate_block block = {.map = e->map,
                                    .positions = e->positions + start,
                                    .n = n,
                                    .begins = e->begins,
                                    .docs = e->docs,
                                    .firsts = e->freqs,
                                    .postings = postings};
    size_t found = locate_block(&block, e->kernel);
    postings[to - from] = (uint32_t)found;
    uint32_t *freqs = e->freqs;
    freqs[found] = (uint32_t)n;
    for (size_t i = 0; i < found; i++)
        freqs[i] = freqs[i + 1] - freqs[i];
}
