#include "indexer/flush_part.h"

#include "indexer/radix.h"

#include <stdlib.h>
#include <string.h>

#define KEY_BUCKETS                                                                                \
    1024u /* into which a partition is counted that is too large to be sorted at once */

/* One partition as a source of tokens. */
struct part_source {
    const struct gs_run *run;
    uint32_t number;
    const uint32_t *ranks; /* words: NULL for Han terms */
    gs_term_namer *namer;
    void *namer_ctx;
};

void gs_flush_worker_init(struct gs_flush_worker *w, size_t scratch_tokens,
                          const struct gs_doc_map *map, const struct gs_run *run)
{
    *w = (struct gs_flush_worker){.scratch_tokens = scratch_tokens};
    gs_emitter_init(&w->emitter);
    gs_word_ranks_init(&w->ranks);
    w->emitter.map = map;
    w->emitter.doc_lengths = run->doc_length;
}

void gs_flush_worker_release(struct gs_flush_worker *w)
{
    gs_emitter_release(&w->emitter);
    gs_word_ranks_release(&w->ranks);
}

/* ---- gathering ---- */

static const uint64_t *slice_tokens(const struct part_source *source, const struct gs_slice *s,
                                    size_t *count)
{
    const uint32_t *begin = source->ranks ? s->word_begin : s->han_begin;
    *count = begin[source->number + 1] - begin[source->number];
    return (source->ranks ? s->words : s->han) + begin[source->number];
}

/* The keys of a slice's words in the partition, less the first of them. */
static const uint32_t *slice_ranks(const struct part_source *source, const struct gs_slice *s,
                                   const uint32_t *ranks, uint32_t *first)
{
    *first = s->name_begin[source->number];
    return ranks + (s->name_begin[source->number + 1] - *first);
}

/* Tokens with keys in [low, high], in order of position, with positions of the run; their number.
 */
static size_t gather(const struct part_source *source, uint32_t low, uint32_t high, bool all,
                     uint64_t *out)
{
    size_t n = 0;
    const uint32_t *ranks = source->ranks;
    for (size_t i = 0; i < source->run->slice_count; i++) {
        const struct gs_slice *s = &source->run->slices[i];
        size_t count;
        uint64_t base = s->position_base;
        const uint64_t *tokens = slice_tokens(source, s, &count);
        if (!ranks && all) {
            for (size_t k = 0; k < count; k++)
                out[n + k] = tokens[k] + base;
            n += count;
            continue;
        }
        uint32_t first = 0;
        const uint32_t *names = ranks;
        if (ranks)
            ranks = slice_ranks(source, s, ranks, &first);
        for (size_t k = 0; k < count; k++) {
            uint32_t key = (uint32_t)(tokens[k] >> 32);
            if (names)
                key = names[key - first];
            out[n] = (uint64_t)key << 32 | (uint32_t)(tokens[k] + base);
            n += key - low <= high - low;
        }
    }
    return n;
}

/* How many tokens have keys in [low + b * width, low + (b + 1) * width), for each bucket b. */
static void count_buckets(const struct part_source *source, uint32_t low, uint32_t high,
                          uint32_t width, size_t *buckets)
{
    memset(buckets, 0, KEY_BUCKETS * sizeof(*buckets));
    const uint32_t *ranks = source->ranks;
    for (size_t i = 0; i < source->run->slice_count; i++) {
        const struct gs_slice *s = &source->run->slices[i];
        size_t count;
        uint32_t first = 0;
        const uint64_t *tokens = slice_tokens(source, s, &count);
        const uint32_t *names = ranks;
        if (ranks)
            ranks = slice_ranks(source, s, ranks, &first);
        for (size_t k = 0; k < count; k++) {
            uint32_t key = (uint32_t)(tokens[k] >> 32);
            if (names)
                key = names[key - first];
            if (key - low <= high - low)
                buckets[(key - low) / width]++;
        }
    }
}

/* ---- sorting and emitting ---- */

static enum gaosou_status emit_at_once(struct gs_flush_worker *w, const struct part_source *source,
                                       uint32_t low, uint32_t high, size_t n, bool all,
                                       struct gs_err *err)
{
    struct gs_emitter *e = &w->emitter;
    /* gather writes one token past what it keeps. */
    enum gaosou_status status =
        gs_emitter_reserve(e, n + 1 > w->scratch_tokens ? n + 1 : w->scratch_tokens, err);
    if (status != GAOSOU_OK)
        return status;
    size_t count = gather(source, low, high, all, e->tokens);
    uint64_t *sorted = gs_radix_sort(e->tokens, e->sorted, count, low, high);
    gs_emit(e, sorted, count, source->namer, source->namer_ctx);
    if (n + 1 > w->scratch_tokens) {
        /* One term had this many: not kept for the rest. */
        gs_region_close(&e->region);
        e->capacity = 0;
    }
    return gs_term_part_status(e->part);
}

/* Terms with keys in [low, high], of which there are n tokens, or at most n where `all` is not
 * known. */
static enum gaosou_status emit_range(struct gs_flush_worker *w, const struct part_source *source,
                                     uint32_t low, uint32_t high, size_t n, bool all,
                                     struct gs_err *err)
{
    if (n == 0)
        return GAOSOU_OK;
    if (n < w->scratch_tokens || low == high)
        return emit_at_once(w, source, low, high, n, all, err);
    uint32_t width = (high - low) / KEY_BUCKETS + 1;
    size_t *buckets = malloc(KEY_BUCKETS * sizeof(*buckets));
    if (!buckets)
        return gs_err_nomem(err, KEY_BUCKETS * sizeof(*buckets));
    count_buckets(source, low, high, width, buckets);
    enum gaosou_status status = GAOSOU_OK;
    uint32_t used = (high - low) / width + 1;
    for (uint32_t from = 0; from < used && status == GAOSOU_OK;) {
        size_t tokens = buckets[from];
        uint32_t to = from + 1;
        while (to < used && tokens + buckets[to] < w->scratch_tokens)
            tokens += buckets[to++];
        uint32_t last = to == used ? high : low + to * width - 1;
        status = emit_range(w, source, low + from * width, last, tokens, false, err);
        from = to;
    }
    free(buckets);
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
        enum gaosou_status status = gs_emitter_reserve(
            e, i - start > w->scratch_tokens ? i - start : w->scratch_tokens, err);
        if (status != GAOSOU_OK)
            return status;
        for (size_t k = start; k < i; k++)
            e->tokens[k - start] = list->tokens[k].position;
        struct wide_names names = {&list->tokens[start]};
        gs_emit(e, e->tokens, i - start, name_wide, &names);
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
    struct part_source source = {.run = run, .number = number, .namer = name_han};
    size_t n = (size_t)run->han_tokens[number];
    size_t at = wide_from(wide, start), last = wide_from(wide, end);
    if (at == last)
        return emit_range(w, &source, low, high, n, true, err);
    /* Behind the terms of a first character come its wide terms. */
    enum gaosou_status status = GAOSOU_OK;
    while (at < last && status == GAOSOU_OK) {
        uint32_t first = (uint32_t)(wide->tokens[at].term >> 32);
        size_t next = wide_from(wide, first + 1);
        status = emit_range(w, &source, low, first << 16 | 0xFFFF, n, false, err);
        if (status == GAOSOU_OK)
            status = emit_wide(w, wide, at, next, err);
        low = (first + 1) << 16;
        at = next;
    }
    if (status == GAOSOU_OK && low <= high && low != 0)
        status = emit_range(w, &source, low, high, n, false, err);
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
    struct part_source source = {.run = run,
                                 .number = number,
                                 .ranks = w->ranks.ranks,
                                 .namer = name_word,
                                 .namer_ctx = &w->ranks};
    return emit_range(w, &source, 0, w->ranks.distinct - 1, (size_t)run->word_tokens[number], true,
                      err);
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
