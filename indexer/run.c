#include "indexer/run.h"

#include <stdlib.h>
#include <string.h>

#define DICTIONARY_BYTES 12u /* a word takes in the segment writer's memory, the flush over */

enum gaosou_status gs_run_open(struct gs_run *r, size_t region_size, struct gs_err *err)
{
    memset(r, 0, sizeof(*r));
    atomic_init(&r->used, 0);
    return gs_region_open(&r->region, region_size, err);
}

void gs_run_close(struct gs_run *r)
{
    if (!r)
        return;
    gs_region_close(&r->region);
    free(r->slices);
    free(r->doc_base);
    free(r->doc_length);
    memset(r, 0, sizeof(*r));
}

void gs_run_clear(struct gs_run *r)
{
    atomic_store(&r->used, 0);
    r->slice_count = 0;
    r->doc_count = 0;
    r->positions = 0;
    r->largest_part = r->largest_names = 0;
    r->wide_tokens = 0;
    r->bytes = 0;
    memset(r->han_tokens, 0, sizeof(r->han_tokens));
    memset(r->word_tokens, 0, sizeof(r->word_tokens));
    memset(r->names, 0, sizeof(r->names));
}

void *gs_run_alloc(struct gs_run *r, size_t size)
{
    size = gs_run_rounded(size);
    size_t at = atomic_fetch_add_explicit(&r->used, size, memory_order_relaxed);
    if (at > r->region.size || size > r->region.size - at)
        return NULL;
    return r->region.data + at;
}

/* Adds a partition's share to its total and keeps the largest total. */
static void count_part(uint64_t *totals, uint32_t count, size_t part, uint64_t *largest)
{
    totals[part] += count;
    if (totals[part] > *largest)
        *largest = totals[part];
}

enum gaosou_status gs_run_add_slice(struct gs_run *r, const struct gs_slice *s, struct gs_err *err)
{
    if (r->slice_count == r->slice_capacity) {
        size_t capacity = r->slice_capacity ? r->slice_capacity * 2 : 64;
        struct gs_slice *grown = realloc(r->slices, capacity * sizeof(*grown));
        if (!grown)
            return gs_err_nomem(err, capacity * sizeof(*grown));
        r->slices = grown;
        r->slice_capacity = capacity;
    }
    r->slices[r->slice_count++] = *s;
    for (size_t part = 0; part < GS_HAN_PARTS; part++)
        count_part(r->han_tokens, gs_part_tokens(s->han_begin, part), part, &r->largest_part);
    for (size_t part = 0; part < GS_WORD_PARTS; part++) {
        count_part(r->word_tokens, gs_part_tokens(s->word_begin, part), part, &r->largest_part);
        count_part(r->names, s->name_begin[part + 1] - s->name_begin[part], part,
                   &r->largest_names);
    }
    r->wide_tokens += s->wide_count;
    /* Each distinct word will have an entry in the segment's dictionary. Wide tokens are gathered
     * and sorted once more at the flush: four times their size. */
    r->bytes += (uint64_t)s->han_begin[GS_HAN_PARTS] + s->word_begin[GS_WORD_PARTS] +
                s->name_bytes[GS_WORD_PARTS] +
                s->name_begin[GS_WORD_PARTS] * (uint64_t)DICTIONARY_BYTES +
                4 * s->wide_count * sizeof(struct gs_wide_token) +
                (GS_HAN_PARTS + 3 * GS_WORD_PARTS + 4) * sizeof(uint32_t) + sizeof(*s) + 6 * 64;
    return GAOSOU_OK;
}

enum gaosou_status gs_run_add_doc(struct gs_run *r, uint32_t positions, uint32_t length,
                                  struct gs_err *err)
{
    if (r->doc_count + 1 >= r->doc_capacity) {
        uint32_t capacity = r->doc_capacity ? r->doc_capacity * 2 : 1024;
        uint32_t *base = realloc(r->doc_base, capacity * sizeof(*base));
        if (base)
            r->doc_base = base;
        uint32_t *lengths = realloc(r->doc_length, capacity * sizeof(*lengths));
        if (lengths)
            r->doc_length = lengths;
        if (!base || !lengths)
            return gs_err_nomem(err, capacity * sizeof(*base));
        r->doc_capacity = capacity;
    }
    /* An end mark may stand at the position behind the last one: one more is reserved. */
    uint64_t next = r->positions + positions + 1;
    if (next > UINT32_MAX)
        return gs_err_set(err, GAOSOU_E_LIMIT, "more than %u positions in one run", UINT32_MAX);
    r->doc_base[r->doc_count] = (uint32_t)r->positions;
    r->doc_length[r->doc_count++] = length;
    r->doc_base[r->doc_count] = (uint32_t)next;
    r->positions = next;
    r->bytes += 2 * sizeof(uint32_t);
    return GAOSOU_OK;
}
