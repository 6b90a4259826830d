#include "query/hit_ranges.h"

#include "query/fragment.h"
#include "query/snippet_text.h"

#include <stdlib.h>

void gs_hit_ranges_release(struct gs_hit_ranges *h)
{
    free(h->ranges);
    *h = (struct gs_hit_ranges){.ranges = NULL};
}

/* Occurrences come by position: a range overlaps or touches the last one or none. */
static enum gaosou_status add_range(struct gs_hit_ranges *h, uint32_t start, uint32_t end,
                                    struct gs_err *err)
{
    struct gs_clean_range *last = h->count ? &h->ranges[h->count - 1] : NULL;
    if (last && start <= last->end) {
        last->end = end > last->end ? end : last->end;
        return GAOSOU_OK;
    }
    if (h->count == h->capacity) {
        size_t capacity = h->capacity * 2 + 64;
        struct gs_clean_range *grown = realloc(h->ranges, capacity * sizeof(*grown));
        if (!grown)
            return gs_err_nomem(err, capacity * sizeof(*grown));
        h->ranges = grown;
        h->capacity = capacity;
    }
    h->ranges[h->count++] = (struct gs_clean_range){start, end};
    return GAOSOU_OK;
}

static enum gaosou_status find_one(struct gs_hit_ranges *h, struct gs_snippet_text *text,
                                   const struct gs_occurrence *o, struct gs_err *err)
{
    uint64_t behind = (uint64_t)o->position + o->width;
    enum gaosou_status status = gs_snippet_text_cover(text, o->position, behind, err);
    if (status == GAOSOU_E_LIMIT) {
        h->unmarked++;
        return GAOSOU_OK;
    }
    if (status != GAOSOU_OK)
        return status;
    size_t first = gs_fragment_unit_at(text->units, text->unit_count, o->position);
    size_t next = gs_fragment_unit_at(text->units, text->unit_count,
                                      behind > UINT32_MAX ? UINT32_MAX : (uint32_t)behind);
    if (first >= next)
        return GAOSOU_OK;
    return add_range(h, text->units[first].start, text->units[next - 1].end, err);
}

enum gaosou_status gs_hit_ranges_find(struct gs_hit_ranges *h, const struct gs_segment *segment,
                                      uint32_t doc, const struct gs_record *record,
                                      const struct gs_occurrence *occurrences, size_t count,
                                      struct gs_err *err)
{
    struct gs_snippet_text text;
    h->count = h->unmarked = 0;
    if (count == 0 || !gs_segment_get_stats(segment)->has_text)
        return GAOSOU_OK;
    enum gaosou_status status = gs_snippet_text_init(&text);
    if (status != GAOSOU_OK)
        return gs_err_nomem(err, sizeof(text));
    gs_snippet_text_begin(&text, segment, doc, record);
    for (size_t i = 0; i < count && status == GAOSOU_OK; i++)
        status = find_one(h, &text, &occurrences[i], err);
    gs_snippet_text_release(&text);
    return status;
}
