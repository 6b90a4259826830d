#include "indexer/scatter.h"

#include <stdlib.h>

enum gaosou_status gs_scatter_init(struct gs_scatter *s, size_t parts)
{
    *s = (struct gs_scatter){0};
    s->stages = aligned_alloc(GS_LINE, (parts * sizeof(*s->stages) + GS_LINE - 1) & ~(GS_LINE - 1));
    s->places = calloc(parts, sizeof(*s->places));
    if (s->stages && s->places) {
        /* Whole lines are stored, whatever stands behind their tokens: the same in every run. */
        memset(s->stages, 0, parts * sizeof(*s->stages));
        return GAOSOU_OK;
    }
    gs_scatter_release(s);
    return GAOSOU_E_NOMEM;
}

void gs_scatter_release(struct gs_scatter *s)
{
    free(s->stages);
    free(s->places);
    *s = (struct gs_scatter){0};
}

uint32_t gs_scatter_plan(struct gs_scatter *s, const uint32_t *counts, size_t parts,
                         uint32_t *begin)
{
    uint64_t total = 0;
    for (size_t part = 0; part < parts; part++) {
        uint64_t bytes = (uint64_t)counts[part] * GS_TOKEN_BYTES;
        uint64_t padding = -bytes & (GS_LINE - 1);
        s->places[part] = (struct gs_scatter_place){.next = (uint32_t)total};
        begin[part] = (uint32_t)total | (uint32_t)padding;
        total += bytes + padding;
        if (total >= UINT32_MAX)
            return UINT32_MAX;
    }
    begin[parts] = (uint32_t)total;
    return (uint32_t)total;
}

void gs_scatter_finish(struct gs_scatter *s, size_t parts)
{
    for (size_t part = 0; part < parts; part++) {
        if (s->places[part].fill > 0)
            gs_scatter_store_line(s->out + s->places[part].next, s->stages[part]);
    }
#if defined(__SSE2__)
    _mm_sfence(); /* such stores are not in order with those that hand the slice on */
#endif
}
