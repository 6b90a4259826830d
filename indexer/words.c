#include "indexer/words.h"

#include "common/base/checksum.h"
#include "indexer/partition.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_SLOTS 8192u

void gs_words_init(struct gs_words *w)
{
    *w = (struct gs_words){0};
    gs_buf_init(&w->bytes, UINT32_MAX);
}

void gs_words_release(struct gs_words *w)
{
    if (!w)
        return;
    free(w->slots);
    free(w->entries);
    gs_buf_release(&w->bytes);
    gs_words_init(w);
}

void gs_words_clear(struct gs_words *w)
{
    if (w->slots)
        memset(w->slots, 0, ((size_t)w->mask + 1) * sizeof(*w->slots));
    w->count = 0;
    gs_buf_clear(&w->bytes);
}

/* Twice the slots, every entry placed again; entries for half of them. */
static bool words_grow(struct gs_words *w)
{
    size_t slots = w->slots ? ((size_t)w->mask + 1) * 2 : FIRST_SLOTS;
    if (slots > (size_t)1 << 31)
        return false;
    uint32_t *table = calloc(slots, sizeof(*table));
    struct gs_word_entry *entries = realloc(w->entries, slots / 2 * sizeof(*entries));
    if (entries)
        w->entries = entries;
    if (!table || !entries) {
        free(table);
        return false;
    }
    uint32_t mask = (uint32_t)(slots - 1);
    for (uint32_t id = 0; id < w->count; id++) {
        uint32_t at = w->entries[id].hash & mask;
        while (table[at])
            at = (at + 1) & mask;
        table[at] = id + 1;
    }
    free(w->slots);
    w->slots = table;
    w->mask = mask;
    w->capacity = (uint32_t)(slots / 2);
    return true;
}

uint32_t gs_words_add(struct gs_words *w, const uint8_t *bytes, size_t size)
{
    if (w->count == w->capacity && !words_grow(w))
        return UINT32_MAX;
    uint32_t hash = (uint32_t)(gs_hash64(bytes, size) >> 32);
    uint32_t at = hash & w->mask;
    for (uint32_t found; (found = w->slots[at]) != 0; at = (at + 1) & w->mask) {
        const struct gs_word_entry *e = &w->entries[found - 1];
        if (e->hash == hash && e->size == size &&
            memcmp(w->bytes.data + e->offset, bytes, size) == 0)
            return found - 1;
    }
    uint32_t id = w->count;
    w->entries[id] = (struct gs_word_entry){.hash = hash,
                                            .offset = (uint32_t)w->bytes.size,
                                            .part = (uint16_t)gs_word_part(bytes, size),
                                            .size = (uint8_t)size};
    gs_buf_append(&w->bytes, bytes, size);
    if (gs_buf_status(&w->bytes) != GAOSOU_OK)
        return UINT32_MAX;
    w->slots[at] = id + 1;
    w->count++;
    return id;
}
