#include "query/match.h"

#include <stdlib.h>
#include <string.h>

#define SPAN_MAX       16384u /* filings a window: bounds what a union keeps */
#define POSTING_WEIGHT 4      /* pairs reckoned for a posting before its list is read */

/* ---- windows ---- */

void gs_union_open(struct gs_union_cursor *c, const struct gs_segment *segment,
                   const struct gs_plan_union *u, size_t segment_index, bool keep_positions,
                   size_t pair_budget, struct gs_match_scratch *scratch,
                   struct gs_list_cursor *reader)
{
    *c = (struct gs_union_cursor){.segment = segment,
                                  .lists = &u->segments[segment_index],
                                  .scratch = scratch,
                                  .reader = reader,
                                  .keep_positions = keep_positions,
                                  .distinct = u->size > 0,
                                  .doc_count = gs_segment_get_stats(segment)->doc_count};
    uint64_t pairs = c->lists->postings * POSTING_WEIGHT;
    uint64_t span =
        pairs <= pair_budget ? c->doc_count : (uint64_t)c->doc_count * pair_budget / pairs;
    c->span = span < 1 ? 1 : span > SPAN_MAX ? SPAN_MAX : (uint32_t)span;
}

void gs_union_close(struct gs_union_cursor *c)
{
    free(c->docs);
    free(c->tfs);
    free(c->positions);
    free(c->starts);
    *c = (struct gs_union_cursor){0};
}

static void fail(struct gs_union_cursor *c, enum gaosou_status status)
{
    c->status = status;
    c->doc = GS_DOC_END;
}

void gs_union_choose(struct gs_union_cursor *c, const uint64_t *only)
{
    c->only = only;
    c->span = c->doc_count;
}

void gs_union_choose_few(struct gs_union_cursor *c, const uint32_t *docs, size_t count)
{
    c->few = docs;
    c->few_count = count;
    c->span = c->doc_count;
}

/* Appends the posting that the reader is on: a key a position, or one of (filing, frequency). */
static bool gather_posting(struct gs_union_cursor *c, uint32_t shift, size_t *count)
{
    struct gs_list_cursor *r = c->reader;
    uint32_t freq = gs_list_freq(r);
    if (!gs_match_scratch_keys(c->scratch, *count + freq + 1) ||
        !gs_match_scratch_positions(c->scratch, freq))
        return false;
    uint64_t key = (uint64_t)(r->doc - c->from) << 32;
    if (!c->keep_positions && c->distinct) {
        c->scratch->keys[(*count)++] = key | freq;
        return true;
    }
    uint32_t *p = c->scratch->positions[1];
    freq = gs_list_positions(r, p);
    uint64_t *out = c->scratch->keys + *count;
    for (uint32_t i = 0; i < freq; i++)
        out[i] = key | (p[i] + shift);
    *count += freq;
    return true;
}

/* The next filing >= doc that is looked at, or GS_DOC_END. */
static uint32_t next_chosen(const struct gs_union_cursor *c, uint32_t doc)
{
    if (doc >= c->doc_count)
        return GS_DOC_END;
    if (c->only[doc / 64] >> (doc & 63) & 1)
        return doc;
    uint32_t words = (c->doc_count + 63) / 64, w = doc / 64;
    uint64_t bits = c->only[w] >> (doc & 63) << (doc & 63);
    while (!bits && ++w < words)
        bits = c->only[w];
    return bits ? 64 * w + (uint32_t)__builtin_ctzll(bits) : GS_DOC_END;
}

/* Appends those of the postings of the reader's list that are looked at: whole blocks of others are
 * not read. */
static bool gather_chosen(struct gs_union_cursor *c, uint32_t shift, size_t *count)
{
    struct gs_list_cursor *r = c->reader;
    while (r->doc < c->to) {
        uint32_t last = r->docs[r->count - 1];
        for (uint32_t i = r->index; i < r->count; i++) {
            uint32_t doc = r->docs[i];
            if (!(c->only[doc / 64] >> (doc & 63) & 1))
                continue;
            gs_list_seek(r, doc);
            if (!gather_posting(c, shift, count))
                return false;
            if (r->status)
                return true;
        }
        gs_list_seek(r, next_chosen(c, last + 1));
    }
    return true;
}

/* Appends those of its postings that are in one of the few filings and not before the window. */
static bool gather_few(struct gs_union_cursor *c, uint32_t shift, size_t *count)
{
    uint32_t doc = c->from;
    for (size_t i = 0; i < c->few_count && doc != GS_DOC_END; i++) {
        if (c->few[i] < doc)
            continue;
        doc = gs_list_seek(c->reader, c->few[i]);
        if (doc == c->few[i] && !gather_posting(c, shift, count))
            return false;
    }
    return true;
}

/* Appends the postings of one list in [from, to). */
static bool gather_list(struct gs_union_cursor *c, size_t list, size_t *count)
{
    struct gs_list_cursor *r = c->reader;
    uint32_t shift = list >= c->lists->ends_from;
    gs_list_open(r, c->segment, &c->lists->refs[list]);
    if (c->only || c->few) {
        if (!(c->few ? gather_few(c, shift, count) : gather_chosen(c, shift, count)))
            return false;
    } else {
        for (uint32_t doc = gs_list_seek(r, c->from); doc < c->to; doc = gs_list_next(r)) {
            if (!gather_posting(c, shift, count))
                return false;
        }
    }
    if (r->status)
        c->status = r->status;
    return r->status == GAOSOU_OK;
}

static bool reserve_window(struct gs_union_cursor *c, size_t keys)
{
    size_t docs = keys < c->span ? keys : c->span;
    if (docs + 1 > c->capacity || !c->starts) {
        size_t a = c->capacity, b = c->capacity, d = c->capacity;
        if (!gs_match_grow(&c->docs, &a, docs + 1, sizeof(*c->docs)) ||
            !gs_match_grow(&c->tfs, &b, docs + 1, sizeof(*c->tfs)) ||
            !gs_match_grow(&c->starts, &d, docs + 1, sizeof(*c->starts)))
            return false;
        c->capacity = a;
    }
    return !c->keep_positions || keys <= c->position_capacity ||
           gs_match_grow(&c->positions, &c->position_capacity, keys, sizeof(*c->positions));
}

/* Sorted keys into filings with tf, equal positions once. */
static void fold_keys(struct gs_union_cursor *c, size_t keys)
{
    const uint64_t *k = c->scratch->keys;
    bool frequencies = !c->keep_positions && c->distinct;
    size_t kept = 0;
    c->count = 0;
    for (size_t i = 0; i < keys; i++) {
        bool same_doc = i > 0 && k[i] >> 32 == k[i - 1] >> 32;
        if (same_doc && !frequencies && k[i] == k[i - 1])
            continue;
        if (!same_doc) {
            c->docs[c->count] = c->from + (uint32_t)(k[i] >> 32);
            c->tfs[c->count] = 0;
            c->starts[c->count++] = kept;
        }
        c->tfs[c->count - 1] += frequencies ? (uint32_t)k[i] : 1;
        if (c->keep_positions)
            c->positions[kept++] = (uint32_t)k[i];
    }
    c->starts[c->count] = kept;
    c->index = 0;
}

static bool load_window(struct gs_union_cursor *c, uint32_t from)
{
    size_t keys = 0;
    c->from = from;
    c->to = c->doc_count - from > c->span ? from + c->span : c->doc_count;
    for (size_t i = 0; i < c->lists->count; i++) {
        if (c->scratch->deadline && gs_deadline_look(c->scratch->deadline)) {
            c->doc = GS_DOC_END; /* some of the lists say nothing */
            return false;
        }
        if (!gather_list(c, i, &keys)) {
            fail(c, c->status ? c->status : c->scratch->status);
            return false;
        }
    }
    gs_match_scratch_sort(c->scratch, keys);
    if (!reserve_window(c, keys)) {
        fail(c, GAOSOU_E_NOMEM);
        return false;
    }
    fold_keys(c, keys);
    return true;
}

/* Index of the first filing >= target, galloping from where the cursor is. */
static size_t gallop(const struct gs_union_cursor *c, uint32_t target)
{
    size_t low = c->index, step = 1;
    while (low + step < c->count && c->docs[low + step] < target)
        step *= 2;
    size_t high = low + step < c->count ? low + step : c->count;
    for (low += step / 2; low < high;) {
        size_t middle = (low + high) / 2;
        if (c->docs[middle] < target)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t gs_union_seek(struct gs_union_cursor *c, uint32_t target)
{
    if (c->doc == GS_DOC_END || (c->count && c->doc >= target))
        return c->doc;
    if (target < c->to)
        c->index = gallop(c, target);
    while (target >= c->to || c->index == c->count) {
        uint32_t from = target > c->to ? target : c->to;
        if (from >= c->doc_count) {
            c->doc = GS_DOC_END;
            return c->doc;
        }
        if (!load_window(c, from))
            return GS_DOC_END;
    }
    c->doc = c->docs[c->index];
    return c->doc;
}
