#include "indexer/locate.h"

size_t gs_locate_end(const uint64_t *tokens, size_t from, size_t n)
{
    size_t end = n - from > GS_LOCATE_TOKENS ? from + GS_LOCATE_TOKENS : n;
    while (end < n && tokens[end] >> 32 == tokens[end - 1] >> 32)
        end++;
    return end;
}

/* See gs_locate_avx512. Postings and terms of one token alternate with longer ones without a
 * pattern: what begins none is overwritten by the next token, nothing branches on it. */
static size_t locate_scalar(struct gs_emitter *e, const uint64_t *tokens, size_t n,
                            struct gs_located *out)
{
    const struct gs_doc_map *map = e->map;
    uint32_t *docs = e->docs, *starts = e->freqs, *positions = e->positions;
    uint32_t last_doc = 0, last_key = ~(uint32_t)(tokens[0] >> 32);
    size_t postings = 0, terms = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t key = (uint32_t)(tokens[i] >> 32), position = (uint32_t)tokens[i];
        uint32_t doc = gs_doc_map_find(map, position);
        bool new_term = key != last_key, new_posting = new_term | (doc != last_doc);
        last_key = key;
        last_doc = doc;
        out->keys[terms] = key;
        out->tokens[terms] = (uint32_t)i;
        out->postings[terms] = (uint32_t)postings;
        docs[postings] = doc;
        starts[postings] = (uint32_t)i;
        positions[i] = position - map->base[doc];
        terms += new_term;
        postings += new_posting;
    }
    out->terms = terms;
    return postings;
}

static size_t locate_raw(struct gs_emitter *e, const uint64_t *tokens, size_t n,
                         struct gs_located *out)
{
#ifdef GS_HAS_X86_LOCATE
    if (__builtin_cpu_supports("avx512f"))
        return gs_locate_avx512(e, tokens, n, out);
#endif
    return locate_scalar(e, tokens, n, out);
}

void gs_locate(struct gs_emitter *e, const uint64_t *tokens, size_t n, struct gs_located *out)
{
    size_t postings = locate_raw(e, tokens, n, out);
    out->tokens[out->terms] = (uint32_t)n;
    out->postings[out->terms] = (uint32_t)postings;
    uint32_t *freqs = e->freqs;
    freqs[postings] = (uint32_t)n;
    for (size_t i = 0; i < postings; i++)
        freqs[i] = freqs[i + 1] - freqs[i];
}
