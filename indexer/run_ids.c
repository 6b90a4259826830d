#include "indexer/run_ids.h"

#include "common/base/checksum.h"
#include "common/segment/segment.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_SLOTS 4096u
#define BYTES_MAX   ((size_t)1 << 36)

struct gs_run_id_entry {
    uint64_t hash;
    size_t offset; /* in bytes */
    uint32_t size, doc;
};

void gs_run_ids_init(struct gs_run_ids *r)
{
    *r = (struct gs_run_ids){0};
    gs_buf_init(&r->bytes, BYTES_MAX);
}

void gs_run_ids_release(struct gs_run_ids *r)
{
    free(r->slots);
    free(r->entries);
    gs_buf_release(&r->bytes);
    gs_run_ids_init(r);
}

void gs_run_ids_clear(struct gs_run_ids *r)
{
    if (r->slots)
        memset(r->slots, 0, (r->mask + 1) * sizeof(*r->slots));
    r->count = 0;
    gs_buf_clear(&r->bytes);
}

size_t gs_run_ids_memory(const struct gs_run_ids *r)
{
    return r->bytes.size + r->count * (sizeof(*r->entries) + 2 * sizeof(*r->slots));
}

static bool grow(struct gs_run_ids *r)
{
    size_t slots = r->slots ? (r->mask + 1) * 2 : FIRST_SLOTS;
    if (slots > (size_t)1 << 32)
        return false;
    uint32_t *table = calloc(slots, sizeof(*table));
    struct gs_run_id_entry *entries = realloc(r->entries, slots / 2 * sizeof(*entries));
    if (entries)
        r->entries = entries;
    if (!table || !entries) {
        free(table);
        return false;
    }
    for (uint32_t i = 0; i < r->count; i++) {
        size_t at = entries[i].hash & (slots - 1);
        while (table[at])
            at = (at + 1) & (slots - 1);
        table[at] = i + 1;
    }
    free(r->slots);
    r->slots = table;
    r->mask = slots - 1;
    r->capacity = (uint32_t)(slots / 2);
    return true;
}

enum gaosou_status gs_run_ids_put(struct gs_run_ids *r, const char *id, size_t size, uint32_t doc,
                                  uint32_t *older, struct gs_err *err)
{
    if (r->count == r->capacity && !grow(r))
        return gs_err_nomem(err, (size_t)r->capacity * 2 * sizeof(*r->entries));
    uint64_t hash = gs_hash64(id, size);
    size_t at = hash & r->mask;
    for (uint32_t found; (found = r->slots[at]) != 0; at = (at + 1) & r->mask) {
        struct gs_run_id_entry *e = &r->entries[found - 1];
        if (e->hash == hash && e->size == size &&
            memcmp(r->bytes.data + e->offset, id, size) == 0) {
            *older = e->doc;
            e->doc = doc;
            return GAOSOU_OK;
        }
    }
    size_t offset = r->bytes.size;
    gs_buf_append(&r->bytes, id, size);
    if (gs_buf_status(&r->bytes) != GAOSOU_OK)
        return gs_err_nomem(err, size);
    r->entries[r->count] = (struct gs_run_id_entry){hash, offset, (uint32_t)size, doc};
    r->slots[at] = ++r->count;
    *older = GS_DOC_END;
    return GAOSOU_OK;
}
