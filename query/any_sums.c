/* An OR of leaves: the sums over a window of filings (search_any.c). */
#include "query/search_any.h"

#include <string.h>

static inline void note_hit(struct gs_any_leaf *leaf, uint32_t i, uint32_t tf)
{
    leaf->hits[leaf->hit_count] = (uint16_t)i;
    leaf->tfs[leaf->hit_count++] = tf;
}

/* Postings of the window that stand in one decoded block. Three plain loops: loads, arithmetic that
 * compilers vectorise (hence signed numbers, which convert in one instruction), stores. */
static void add_postings(struct gs_any *a, struct gs_any_leaf *leaf, const uint32_t *docs,
                         const uint32_t *freqs, uint32_t n)
{
    float parts[GS_BLOCK];
    int32_t lengths[GS_BLOCK];
    uint16_t *hits = leaf->hits + leaf->hit_count;
    const float weight = leaf->weight, base = a->run->approximate.base,
                slope = a->run->approximate.slope;
    const int32_t longest = a->run->approximate.longest;
    for (uint32_t i = 0; i < n; i++) {
        hits[i] = (uint16_t)(docs[i] - a->from);
        int32_t length = (int32_t)(gs_any_length(a, hits[i]) & INT32_MAX);
        lengths[i] = length < longest ? length : longest;
    }
    for (uint32_t i = 0; i < n; i++) {
        float tf = (float)(int32_t)freqs[i];
        parts[i] = weight * tf / (tf + (base + slope * (float)lengths[i])) + GS_FLOAT_LEAST;
    }
    uint32_t fresh = 0;
    for (uint32_t i = 0; i < n; i++) {
        float *sum = &a->sums[hits[i]];
        fresh += *sum == 0;
        *sum += parts[i];
    }
    a->run->total += fresh;
    memcpy(leaf->tfs + leaf->hit_count, freqs, n * sizeof(*freqs));
    leaf->hit_count += n;
}

/* leaf->next to the first filing >= target; back only for the ranges that come first. */
static void thin_seek(struct gs_any_leaf *leaf, uint32_t target)
{
    const uint32_t *docs = leaf->thin->docs;
    uint32_t count = leaf->thin->count, step = 1;
    if (leaf->next > 0 && docs[leaf->next - 1] >= target)
        leaf->next = 0;
    uint32_t low = leaf->next;
    while (step < count - low && docs[low + step] < target) {
        low += step;
        step *= 2;
    }
    uint32_t high = step < count - low ? low + step : count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (docs[middle] < target)
            low = middle + 1;
        else
            high = middle;
    }
    leaf->next = low;
}

static void fill_from_thin(struct gs_any *a, struct gs_any_leaf *leaf)
{
    const struct gs_thin_list *thin = leaf->thin;
    thin_seek(leaf, a->from);
    uint32_t i = leaf->next, n = leaf->hit_count, fresh = 0;
    for (; i < thin->count && thin->docs[i] < a->to; i++, n++) {
        float *sum = &a->sums[thin->docs[i] - a->from];
        fresh += *sum == 0;
        *sum += thin->parts[i];
        leaf->hits[n] = (uint16_t)(thin->docs[i] - a->from);
        leaf->tfs[n] = thin->freqs[i];
    }
    leaf->next = i;
    leaf->hit_count = n;
    a->run->total += fresh;
}

static void fill_from_list(struct gs_any *a, struct gs_any_leaf *leaf)
{
    struct gs_list_cursor *c = leaf->list;
    gs_list_seek(c, a->from);
    while (c->doc < a->to && gs_list_freq(c)) {
        uint32_t first = c->index, end = c->count;
        if (c->docs[end - 1] >= a->to)
            for (end = first; c->docs[end] < a->to;)
                end++;
        add_postings(a, leaf, c->docs + first, c->freqs + first, end - first);
        if (end < c->count || c->docs[end - 1] + 1 >= a->to)
            return; /* the next block is not decoded before it is wanted */
        gs_list_seek(c, c->docs[end - 1] + 1);
    }
}

/* Leaves that need positions: not read where the filing cannot get in with the most that the
 * postings allow; `rest` is what the leaves that are not summed up yet can add. */
static void fill_from_leaf(struct gs_any *a, struct gs_any_leaf *leaf, float rest)
{
    struct gs_leaf_match *m = leaf->match;
    for (uint32_t doc = gs_leaf_seek(m, a->from); doc < a->to; doc = gs_leaf_seek(m, doc + 1)) {
        uint32_t i = doc - a->from, length = gs_any_length(a, i);
        float most = gs_float_part(&a->run->approximate, leaf->weight, gs_leaf_tf_most(m), length);
        if (a->bounded && a->sums[i] + most + rest < a->limit) {
            a->run->pruned = true;
            continue;
        }
        uint32_t tf = gs_leaf_confirm(m);
        if (!tf)
            continue;
        a->run->total += a->sums[i] == 0;
        a->sums[i] += gs_float_part(&a->run->approximate, leaf->weight, tf, length);
        note_hit(leaf, i, tf);
    }
}

void gs_any_fill(struct gs_any *a, struct gs_any_leaf *leaf, float rest)
{
    if (leaf->thin)
        fill_from_thin(a, leaf);
    else if (leaf->list)
        fill_from_list(a, leaf);
    else
        fill_from_leaf(a, leaf, rest);
}

/* Deleted filings as if the leaf had not been summed up in them. */
void gs_any_drop_deleted(struct gs_any *a, const struct gs_any_leaf *leaf)
{
    for (uint32_t h = 0; h < leaf->hit_count; h++) {
        float *sum = &a->sums[leaf->hits[h]];
        if (*sum > 0 && gs_snapshot_is_deleted(a->segment->part, a->from + leaf->hits[h])) {
            *sum = 0;
            a->run->total--;
        }
    }
}

/* What a sum has to be to get in with the leaves that stand before place k in order, by range of
 * the window: thinner bounds than the window's. */
static void set_least(struct gs_any *a, size_t k)
{
    uint32_t first = a->from >> a->bounds.shift, last = (a->to - 1) >> a->bounds.shift;
    for (uint32_t r = first; r <= last; r++) {
        float rest = 0;
        for (size_t i = 0; i < k; i++)
            rest += a->leaves[a->order[i]].row[r];
        float least = a->limit - rest;
        a->least[r - first] = least > GS_FLOAT_LEAST / 2 ? least : GS_FLOAT_LEAST / 2;
    }
}

/* The filings summed up that can get in with the leaves before place k. Walks what was added and
 * not the window: mostly there is little of it, and next to nothing of that can get in. */
void gs_any_take_live(struct gs_any *a, size_t k)
{
    uint64_t words[GS_ANY_WORDS / 64] = {0}; /* those that have bits */
    unsigned shift = a->bounds.shift;
    uint32_t inside = a->from & ((1u << shift) - 1); /* of the first range, before the window */
    for (size_t e = k; e < a->count && a->segment->part->deleted; e++)
        gs_any_drop_deleted(a, &a->leaves[a->order[e]]);
    set_least(a, k);
    for (size_t e = k; e < a->count; e++) {
        const struct gs_any_leaf *leaf = &a->leaves[a->order[e]];
        for (uint32_t h = 0; h < leaf->hit_count; h++) {
            uint32_t i = leaf->hits[h];
            if (a->sums[i] >= a->least[(i + inside) >> shift]) {
                a->bits[i / 64] |= UINT64_C(1) << (i & 63);
                words[i / 4096] |= UINT64_C(1) << (i / 64 & 63);
            }
        }
    }
    a->live_count = 0;
    for (uint32_t v = 0; v < GS_ANY_WORDS / 64; v++)
        for (; words[v]; words[v] &= words[v] - 1) {
            uint32_t w = 64 * v + (uint32_t)__builtin_ctzll(words[v]);
            for (uint64_t bits = a->bits[w]; bits; bits &= bits - 1)
                a->live[a->live_count++] = (uint16_t)(64 * w + (uint32_t)__builtin_ctzll(bits));
            a->bits[w] = 0;
        }
}

/* tf in a filing of the window that is not before the one asked about last. */
static uint32_t seek_tf(struct gs_any_leaf *leaf, uint32_t doc)
{
    if (leaf->thin) {
        thin_seek(leaf, doc);
        bool found = leaf->next < leaf->thin->count && leaf->thin->docs[leaf->next] == doc;
        return found ? leaf->thin->freqs[leaf->next] : 0;
    }
    if (leaf->list)
        return gs_list_seek(leaf->list, doc) == doc ? gs_list_freq(leaf->list) : 0;
    return gs_leaf_tf_at(leaf->match, doc);
}

/* Adds a leaf to the live filings only. */
void gs_any_seek_live(struct gs_any *a, struct gs_any_leaf *leaf)
{
    for (uint32_t k = 0; k < a->live_count; k++) {
        uint32_t i = a->live[k], tf = seek_tf(leaf, a->from + i);
        if (!tf)
            continue;
        a->sums[i] += gs_float_part(&a->run->approximate, leaf->weight, tf, gs_any_length(a, i));
        note_hit(leaf, i, tf);
    }
}

/* Those that cannot get in with the leaves before place k. */
void gs_any_drop_dead(struct gs_any *a, size_t k)
{
    unsigned shift = a->bounds.shift;
    uint32_t kept = 0, inside = a->from & ((1u << shift) - 1);
    set_least(a, k);
    for (uint32_t n = 0; n < a->live_count; n++) {
        uint32_t i = a->live[n];
        a->live[kept] = (uint16_t)i;
        kept += a->sums[i] >= a->least[(i + inside) >> shift];
    }
    a->live_count = kept;
}
