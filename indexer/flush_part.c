#include "indexer/flush_part.h"

#include <stdlib.h>
#include <string.h>

/* One partition and how its terms are called. */
struct named_source {
    struct gs_part_source part;
    gs_term_namer *namer;
    void *namer_ctx;
};

void gs_flush_worker_init(struct gs_flush_worker *w, size_t scratch_tokens,
                          const struct gs_doc_map *map, const struct gs_run *run)
{
    *w = (struct gs_flush_worker){.scratch_tokens = scratch_tokens};
    gs_emitter_init(&w->emitter);
    gs_groups_init(&w->groups);
    gs_word_ranks_init(&w->ranks);
    w->emitter.map = map;
    w->emitter.lengths = (struct gs_doc_lengths){run->doc_length, run->doc_count};
}

void gs_flush_worker_release(struct gs_flush_worker *w)
{
    gs_emitter_release(&w->emitter);
    gs_groups_release(&w->groups);
    gs_word_ranks_release(&w->ranks);
}

/* ---- grouping and emitting ---- */

/* The terms from `from` on with at most `most` tokens, or one term; *tokens: how many it has. */
static size_t span_end(const struct gs_groups *g, size_t from, size_t most, size_t *tokens)
{
    size_t to = from + 1;
    *tokens = g->counts[from];
    while (to < g->terms && *tokens + g->counts[to] <= most)
        *tokens += g->counts[to++];
    return to;
}

/* The terms that are counted, a span at a time. */
static enum gaosou_status emit_counted(struct gs_flush_worker *w, const struct named_source *source,
                                       struct gs_err *err)
{
    struct gs_groups *g = &w->groups;
    struct gs_emitter *e = &w->emitter;
    for (size_t from = 0, to, tokens; from < g->terms; from = to) {
        to = span_end(g, from, w->scratch_tokens, &tokens);
        enum gaosou_status status = gs_emitter_reserve(e, tokens, err);
        if (status != GAOSOU_OK)
            return status;
        gs_groups_place(g, &source->part, from, to, e->positions);
        struct gs_term_span span = {g->keys + from, g->starts, to - from};
        gs_emit(e, &span, source->namer, source->namer_ctx);
    }
    return gs_term_part_status(e->part);
}

/* All terms of the range, which may have none. */
static enum gaosou_status emit_range(struct gs_flush_worker *w, const struct named_source *source,
                                     const struct gs_key_range *range, struct gs_err *err)
{
    enum gaosou_status status = gs_groups_count(&w->groups, &source->part, range, err);
    if (status == GAOSOU_OK)
        status = emit_counted(w, source, err);
    gs_groups_clear(&w->groups);
    return status;
}

/* All terms of a partition, keys in [low, high]. */
static enum gaosou_status emit_part(struct gs_flush_worker *w, const struct named_source *source,
                                    uint32_t low, uint32_t high, struct gs_err *err)
{
    const uint32_t first = low;
    enum gaosou_status status = GAOSOU_OK;
    for (bool last = false; !last && status == GAOSOU_OK; low += GS_GROUP_KEYS) {
        last = high - low < GS_GROUP_KEYS;
        struct gs_key_range range = {low, last ? high : low + GS_GROUP_KEYS - 1,
                                     last && low == first};
        status = emit_range(w, source, &range, err);
    }
    return status;
}

/* ---- Han terms ---- */

static void name_han(void *ctx, uint32_t key, struct gs_term *term)
{
    (void)ctx;
    *term = (struct gs_term){.first = key >> 16, .second = key & 0xFFFF};
}

struct wide_names { /* distinct wide terms in order; the emitter asks for them in order */
    const struct gs_wide_token *at;
};

static void name_wide(void *ctx, uint32_t key, struct gs_term *term)
{
    struct wide_names *names = ctx;
    (void)key;
    uint64_t wide = names->at->term;
    *term = (struct gs_term){.first = (uint32_t)(wide >> 32), .second = (uint32_t)wide};
}

/* Wide terms of list[from, to). */
static enum gaosou_status emit_wide(struct gs_flush_worker *w, const struct gs_wide_list *list,
                                    size_t from, size_t to, struct gs_err *err)
{
    struct gs_emitter *e = &w->emitter;
    for (size_t i = from; i < to;) {
        size_t start = i;
        while (i < to && list->tokens[i].term == list->tokens[start].term)
            i++;
        enum gaosou_status status = gs_emitter_reserve(e, i - start, err);
        if (status != GAOSOU_OK)
            return status;
        for (size_t k = start; k < i; k++)
            e->positions[k - start] = list->tokens[k].position;
        struct wide_names names = {&list->tokens[start]};
        const uint32_t key = 0, starts[] = {0, (uint32_t)(i - start)};
        struct gs_term_span span = {&key, starts, 1};
        gs_emit(e, &span, name_wide, &names);
    }
    return gs_term_part_status(e->part);
}

/* The first wide token whose first character is >= first. */
static size_t wide_from(const struct gs_wide_list *list, uint32_t first)
{
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list->tokens[middle].term >> 32 < first)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

enum gaosou_status gs_flush_han_part(struct gs_flush_worker *w, const struct gs_run *run,
                                     const struct gs_wide_list *wide, uint32_t number,
                                     struct gs_term_part *part, struct gs_err *err)
{
    w->emitter.part = part;
    if (number == GS_HAN_PARTS)
        return emit_wide(w, wide, wide_from(wide, 0x10000), wide->count, err);
    uint32_t start = gs_han_part_start(number), end = gs_han_part_start(number + 1);
    uint32_t low = start << 16, high = (end - 1) << 16 | 0xFFFF;
    struct named_source source = {
        .part = {.run = run, .number = number, .key_base = start << 16 & ~GS_TOKEN_MASK},
        .namer = name_han};
    size_t at = wide_from(wide, start), last = wide_from(wide, end);
    if (at == last)
        return run->han_tokens[number] ? emit_part(w, &source, low, high, err) : GAOSOU_OK;
    /* Behind the terms of a first character come its wide terms. */
    enum gaosou_status status = GAOSOU_OK;
    while (at < last && status == GAOSOU_OK) {
        uint32_t first = (uint32_t)(wide->tokens[at].term >> 32);
        size_t next = wide_from(wide, first + 1);
        struct gs_key_range range = {low, first << 16 | 0xFFFF, false};
        status = emit_range(w, &source, &range, err);
        if (status == GAOSOU_OK)
            status = emit_wide(w, wide, at, next, err);
        low = (first + 1) << 16;
        at = next;
    }
    struct gs_key_range rest = {low, high, false};
    if (status == GAOSOU_OK && low <= high && low != 0)
        status = emit_range(w, &source, &rest, err);
    return status;
}

/* ---- words ---- */

static void name_word(void *ctx, uint32_t key, struct gs_term *term)
{
    const uint8_t *name = gs_word_ranks_name(ctx, key);
    *term = (struct gs_term){.is_word = true, .bytes = name + 1, .size = name[0]};
}

enum gaosou_status gs_flush_word_part(struct gs_flush_worker *w, const struct gs_run *run,
                                      uint32_t number, struct gs_term_part *part,
                                      struct gs_err *err)
{
    if (run->word_tokens[number] == 0)
        return GAOSOU_OK;
    w->emitter.part = part;
    enum gaosou_status status = gs_word_ranks_build(&w->ranks, run, number, err);
    if (status != GAOSOU_OK)
        return status;
    struct named_source source = {.part = {.run = run, .number = number, .ranks = w->ranks.ranks},
                                  .namer = name_word,
                                  .namer_ctx = &w->ranks};
    return emit_part(w, &source, 0, w->ranks.distinct - 1, err);
}

/* ---- wide terms ---- */

static int by_term_and_position(const void *a, const void *b)
{
    const struct gs_wide_token *x = a, *y = b;
    if (x->term != y->term)
        return x->term < y->term ? -1 : 1;
    return x->position < y->position ? -1 : x->position > y->position;
}

enum gaosou_status gs_wide_list_init(struct gs_wide_list *l, const struct gs_run *run,
                                     struct gs_err *err)
{
    struct gs_wide_list list = {.count = (size_t)run->wide_tokens};
    list.tokens = malloc((list.count ? list.count : 1) * sizeof(*list.tokens));
    if (!list.tokens)
        return gs_err_nomem(err, list.count * sizeof(*list.tokens));
    size_t n = 0;
    for (size_t i = 0; i < run->slice_count; i++) {
        const struct gs_slice *s = &run->slices[i];
        for (size_t k = 0; k < s->wide_count; k++, n++) {
            list.tokens[n] = s->wide[k];
            list.tokens[n].position += s->position_base;
        }
    }
    if (n > 1)
        qsort(list.tokens, n, sizeof(*list.tokens), by_term_and_position);
    *l = list;
    return GAOSOU_OK;
}

void gs_wide_list_release(struct gs_wide_list *l)
{
    free(l->tokens);
    *l = (struct gs_wide_list){0};
}
