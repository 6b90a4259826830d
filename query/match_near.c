/* Occurrences near one another, as spans that share a position (match_group.h, gs_near_find). */
#include "query/match_group.h"

/* A span: its first position << 32 | its last. */
static inline uint64_t make_span(uint32_t first, uint32_t last)
{
    return (uint64_t)first << 32 | last;
}
static inline uint32_t span_first(uint64_t span)
{
    return (uint32_t)(span >> 32);
}
static inline uint32_t span_last(uint64_t span)
{
    return (uint32_t)span;
}

struct near {
    const struct gs_places *places;
    unsigned cuts;
    uint32_t distance;
    struct gs_match_scratch *scratch;
};

/* The span of the occurrence at start, or false for one that stands in no place whole. */
static inline bool find_span(const struct near *n, struct gs_place_walk *walk, uint32_t start,
                             uint32_t width, uint64_t *span)
{
    if (gs_place_of(walk, start, width) == GS_NO_PLACE)
        return false;
    uint64_t last = (uint64_t)start + width + n->distance, most = gs_place_last(walk);
    *span = make_span(start, (uint32_t)(last < most ? last : most));
    return true;
}

/* Appends a span that begins at or behind the last one's first position. */
static inline size_t append(uint64_t *spans, size_t count, uint64_t span)
{
    if (count == 0 || span_first(span) > span_last(spans[count - 1])) {
        spans[count] = span;
        return count + 1;
    }
    if (span_last(span) > span_last(spans[count - 1]))
        spans[count - 1] = make_span(span_first(spans[count - 1]), span_last(span));
    return count;
}

/* The joined spans of one leaf. */
static size_t leaf_spans(const struct near *n, const struct gs_leaf_match *m, uint64_t *out)
{
    struct gs_place_walk walk = gs_places_walk(n->places, n->cuts);
    const uint32_t *starts = gs_leaf_loaded(m);
    size_t count = 0;
    uint64_t span;
    for (uint32_t i = 0; i < m->tf; i++) {
        if (find_span(n, &walk, starts[i], m->width, &span))
            count = append(out, count, span);
    }
    return count;
}

/* The joined spans of several leaves, by way of sorted keys. */
static size_t part_spans(const struct near *n, const struct gs_near_part *part, uint64_t *out)
{
    struct gs_match_scratch *s = n->scratch;
    size_t keys = 0, count = 0;
    if (part->count == 1)
        return leaf_spans(n, part->leaves[0], out);
    for (size_t i = 0; i < part->count; i++)
        keys += part->leaves[i]->tf;
    if (!gs_match_scratch_keys(s, keys))
        return 0;
    keys = 0;
    for (size_t i = 0; i < part->count; i++) {
        const struct gs_leaf_match *m = part->leaves[i];
        struct gs_place_walk walk = gs_places_walk(n->places, n->cuts);
        const uint32_t *starts = gs_leaf_loaded(m);
        for (uint32_t k = 0; k < m->tf; k++)
            keys += find_span(n, &walk, starts[k], m->width, &s->keys[keys]);
    }
    gs_match_scratch_sort(s, keys);
    for (size_t i = 0; i < keys; i++)
        count = append(out, count, s->keys[i]);
    return count;
}

/* What is in both, of spans that ascend and are disjoint. */
static size_t intersect(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count,
                        uint64_t *out)
{
    size_t count = 0;
    for (size_t i = 0, k = 0; i < a_count && k < b_count;) {
        uint32_t a_last = span_last(a[i]), b_last = span_last(b[k]);
        uint32_t first = span_first(a[i]) > span_first(b[k]) ? span_first(a[i]) : span_first(b[k]);
        uint32_t last = a_last < b_last ? a_last : b_last;
        if (first <= last)
            out[count++] = make_span(first, last);
        i += a_last <= b_last;
        k += b_last <= a_last;
    }
    return count;
}

/* Keeps the occurrences whose span touches one of the shared ones. */
static void keep_touching(const struct near *n, struct gs_leaf_match *m, const uint64_t *shared,
                          size_t shared_count)
{
    struct gs_place_walk walk = gs_places_walk(n->places, n->cuts);
    uint32_t *starts = gs_leaf_loaded(m), kept = 0;
    uint64_t span;
    size_t at = 0;
    for (uint32_t i = 0; i < m->tf && at < shared_count; i++) {
        if (!find_span(n, &walk, starts[i], m->width, &span))
            continue;
        while (at < shared_count && span_last(shared[at]) < span_first(span))
            at++;
        if (at < shared_count && span_first(shared[at]) <= span_last(span))
            starts[kept++] = starts[i];
    }
    m->tf = kept;
}

/* More spans than all occurrences of two parts are never made. */
static size_t count_spans(const struct gs_near_part *parts, size_t count)
{
    size_t spans = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < parts[i].count; k++)
            spans += parts[i].leaves[k]->tf;
    return spans;
}

static void swap_spans(struct gs_match_scratch *s, size_t a, size_t b)
{
    uint64_t *kept = s->spans[a];
    s->spans[a] = s->spans[b];
    s->spans[b] = kept;
}

size_t gs_near_find(const struct gs_near_part *parts, size_t count, uint32_t distance,
                    const struct gs_places *places, unsigned cuts, struct gs_match_scratch *scratch)
{
    struct near n = {places, cuts, distance, scratch};
    size_t shared = 0;
    if (gs_match_scratch_spans(scratch, count_spans(parts, count))) {
        shared = part_spans(&n, &parts[0], scratch->spans[0]);
        for (size_t i = 1; i < count && shared > 0; i++) {
            size_t other = part_spans(&n, &parts[i], scratch->spans[1]);
            shared =
                intersect(scratch->spans[0], shared, scratch->spans[1], other, scratch->spans[2]);
            swap_spans(scratch, 0, 2);
        }
    }
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < parts[i].count; k++)
            keep_touching(&n, parts[i].leaves[k], scratch->spans[0], shared);
    return shared;
}
