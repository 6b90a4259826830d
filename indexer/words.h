/*
 * words.h: the distinct words of a slice of input, with exact ids.
 *
 * A small hash table that fits the second-level cache, because it holds one slice and is cleared
 * for the next; the flush joins the slices' words partition by partition. Ids are 0, 1, ... in
 * order of first appearance. One thread.
 */
#ifndef GS_INDEXER_WORDS_H
#define GS_INDEXER_WORDS_H

#include "common/base/buf.h"

struct gs_word_entry {
    uint32_t hash;   /* high half of its XXH3 */
    uint32_t offset; /* of its bytes in gs_words.bytes */
    uint16_t part;   /* partition.h */
    uint8_t size;
};

struct gs_words {
    uint32_t *slots; /* id + 1, or 0 */
    uint32_t mask;
    struct gs_word_entry *entries;
    uint32_t count, capacity;
    struct gs_buf bytes;
};

void gs_words_init(struct gs_words *w);
void gs_words_release(struct gs_words *w);
void gs_words_clear(struct gs_words *w);

/* The id of a word of 1 to 255 bytes, or UINT32_MAX without memory. */
uint32_t gs_words_add(struct gs_words *w, const uint8_t *bytes, size_t size);

#endif
