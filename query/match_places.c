/* Sentences and paragraphs of one filing, by the positions of their ends (FORMAT.md, structural
 * terms). */
#include "query/match_group.h"

#include <string.h>

static enum gaosou_status open_list(struct gs_places *p, unsigned which,
                                    const struct gs_segment *segment, struct gs_arena *arena)
{
    static const uint32_t TERMS[] = {GS_STRUCT_SENTENCE, GS_STRUCT_PARAGRAPH};
    const struct gs_term term = {.second = TERMS[which]};
    struct gs_list_ref ref = {0};
    enum gaosou_status status = gs_term_find(segment, &term, &ref, NULL);
    p->lists[which] = gs_arena_alloc(arena, sizeof(*p->lists[which]));
    if (status)
        return status;
    if (!p->lists[which])
        return GAOSOU_E_NOMEM;
    gs_list_open(p->lists[which], segment, &ref);
    return GAOSOU_OK;
}

enum gaosou_status gs_places_open(struct gs_places *p, const struct gs_segment *segment,
                                  unsigned cuts, struct gs_arena *arena,
                                  struct gs_match_scratch *scratch)
{
    *p = (struct gs_places){.scratch = scratch, .doc = GS_DOC_END};
    enum gaosou_status status = GAOSOU_OK;
    for (unsigned which = 0; which < 2 && !status; which++) {
        if (cuts & 1u << which)
            status = open_list(p, which, segment, arena);
    }
    return status;
}

/* The ends of one kind, at the end of the pool. */
static uint32_t read_ends(struct gs_places *p, unsigned which)
{
    struct gs_list_cursor *list = p->lists[which];
    struct gs_match_scratch *s = p->scratch;
    uint32_t count = 0;
    if (gs_list_seek(list, p->doc) == p->doc && gs_match_scratch_pool(s, gs_list_freq(list)))
        count = gs_list_positions(list, s->pool + s->pool_count);
    if (list->status)
        p->status = list->status;
    s->pool_count += count;
    return count;
}

/* The ends of both kinds, each once, at the end of the pool. */
static uint32_t join_ends(struct gs_places *p)
{
    struct gs_match_scratch *s = p->scratch;
    uint32_t counts[2] = {p->ends[GS_CUT_SENTENCES].count, p->ends[GS_CUT_PARAGRAPHS].count};
    if (!gs_match_scratch_pool(s, (size_t)counts[0] + counts[1]))
        return 0;
    const uint32_t *a = s->pool + p->ends[GS_CUT_SENTENCES].at;
    const uint32_t *b = s->pool + p->ends[GS_CUT_PARAGRAPHS].at;
    uint32_t *out = s->pool + s->pool_count, joined = 0;
    for (uint32_t i = 0, k = 0; i < counts[0] || k < counts[1];) {
        bool take_a = k == counts[1] || (i < counts[0] && a[i] <= b[k]);
        bool take_b = i == counts[0] || (k < counts[1] && b[k] <= a[i]);
        out[joined++] = take_a ? a[i] : b[k];
        i += take_a;
        k += take_b;
    }
    s->pool_count += joined;
    return joined;
}

uint32_t gs_places_read(struct gs_places *p, unsigned cuts, uint32_t doc)
{
    if (p->doc != doc) {
        p->doc = doc;
        memset(p->ends, 0, sizeof(p->ends));
    }
    if (cuts == 0 || p->ends[cuts].read)
        return p->ends[cuts].count + 1;
    bool both = cuts == (GS_CUT_SENTENCES | GS_CUT_PARAGRAPHS);
    if (both) {
        gs_places_read(p, GS_CUT_SENTENCES, doc);
        gs_places_read(p, GS_CUT_PARAGRAPHS, doc);
    }
    p->ends[cuts].at = p->scratch->pool_count;
    p->ends[cuts].count = both ? join_ends(p) : read_ends(p, cuts - 1);
    p->ends[cuts].read = true;
    return p->ends[cuts].count + 1;
}

struct gs_place_walk gs_places_walk(const struct gs_places *p, unsigned cuts)
{
    return (struct gs_place_walk){.ends = p->scratch->pool + p->ends[cuts].at,
                                  .count = p->ends[cuts].count};
}

/* Moves to the place of a position that is not in the one it is on. */
void gs_place_gallop(struct gs_place_walk *w, uint32_t position)
{
    uint32_t low = w->at + 1, step = 1, high;
    while (low < w->count && step < w->count - low && w->ends[low + step] <= position) {
        low += step + 1;
        step *= 2;
    }
    high = low < w->count && step < w->count - low ? low + step : w->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (w->ends[middle] <= position)
            low = middle + 1;
        else
            high = middle;
    }
    w->at = low;
}
