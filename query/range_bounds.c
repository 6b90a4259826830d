#include "query/range_bounds.h"

#include "common/segment/impacts.h"

#include <float.h>
#include <string.h>

#define RANGES_MAX 4096u
#define CELLS_MAX  ((size_t)1 << 16) /* of rows, in all */
#define THIN       4u                /* a list with fewer postings a range than this is read */

static float clamp(double v)
{
    return v < 1e30 ? (float)v : 1e30f;
}

void gs_float_scorer_init(struct gs_float_scorer *f, const struct gs_scorer *s)
{
    f->base = clamp(s->base);
    f->slope = clamp(s->slope);
    f->longest = (int32_t)(s->longest & INT32_MAX);
    for (unsigned code = 0; code < 256; code++) {
        bool known = code <= GS_IMPACT_TOP; /* what no writer makes bounds nothing */
        f->norms[code] = clamp(gs_score_norm(s, known ? gs_impact_value(code) : 0));
        f->inverses[code] = !known ? 0 : code ? 1.0f / (float)gs_impact_value(code) : 1e30f;
    }
}

/* tf / (tf + norm) is 1 / (1 + norm / tf): the best pair is the one with the least norm / tf.
 * Unused pairs, both codes 0, have the largest. */
float gs_impacts_bound(const struct gs_float_scorer *f, double exact_weight, const uint8_t *codes)
{
    float weight = (float)exact_weight * (1 + GS_FLOAT_SLACK);
    float least = f->norms[codes[1]] * f->inverses[codes[0]];
    for (unsigned i = 2; i < GS_IMPACT_BYTES; i += 2) {
        float other = f->norms[codes[i + 1]] * f->inverses[codes[i]];
        least = other < least && codes[i] ? other : least;
    }
    if (codes[0] == 0)
        least = 0; /* damaged */
    return weight / (1 + least) * (1 + GS_FLOAT_SLACK) + GS_FLOAT_LEAST;
}

/* State of one row. */
struct row {
    const struct gs_float_scorer *scorer;
    struct gs_list_cursor *list;
    float weight;
    unsigned shift;
    uint32_t count;
    float *cells;
    struct gs_err *err;
};

static void raise(struct row *r, uint32_t range, float bound)
{
    if (r->cells[range] < bound)
        r->cells[range] = bound;
}

/* Every range that a block reaches into; blocks without a gap between them. */
static void from_skips(struct row *r, uint32_t blocks)
{
    uint32_t first = 0, last;
    for (uint32_t b = 0; b < blocks; b++, first = last >> r->shift) {
        const uint8_t *codes = gs_list_skip(r->list, b, &last);
        float bound = gs_impacts_bound(r->scorer, r->weight, codes);
        for (uint32_t i = first; i <= last >> r->shift && i < r->count; i++)
            raise(r, i, bound);
    }
}

/* The ranges that a filing of the block is in. */
static void from_postings(struct row *r, uint32_t blocks)
{
    struct gs_list_cursor *c = r->list;
    for (uint32_t b = 0, last; b < blocks && c->doc != GS_DOC_END; b++) {
        float bound = gs_impacts_bound(r->scorer, r->weight, gs_list_skip(c, b, &last));
        for (uint32_t i = 0; i < c->count; i++)
            raise(r, c->docs[i] >> r->shift, bound);
        gs_list_seek(c, last + 1);
    }
    gs_list_rewind(c);
}

static enum gaosou_status take_thin(struct row *r, struct gs_arena *arena, struct gs_thin_list *out)
{
    struct gs_list_cursor *c = r->list;
    size_t room = ((size_t)c->ref.df + 15) / 16 * 16;
    uint32_t *docs = gs_arena_alloc(arena, room * sizeof(*docs));
    uint32_t *freqs = gs_arena_alloc(arena, room * sizeof(*freqs));
    float *parts = gs_arena_alloc(arena, room * sizeof(*parts));
    if (!docs || !freqs || !parts)
        return gs_err_nomem(r->err, room * sizeof(*docs));
    uint32_t n = 0;
    while (gs_list_freq(c) && c->count <= c->ref.df - n) {
        memcpy(docs + n, c->docs, c->count * sizeof(*docs));
        memcpy(freqs + n, c->freqs, c->count * sizeof(*freqs));
        n += c->count;
        gs_list_seek(c, docs[n - 1] + 1);
    }
    /* what damage has hidden is told when the cursor's owner asks for its status */
    *out = (struct gs_thin_list){.docs = docs, .freqs = freqs, .parts = parts, .count = n};
    return GAOSOU_OK;
}

/* The list read whole: each posting bounds its range by itself. The loop in the middle is plain
 * arithmetic on signed numbers, which compilers vectorise. */
static enum gaosou_status from_thin(struct row *r, struct gs_arena *arena, struct gs_thin_list *out)
{
    const uint8_t *lengths;
    const struct gs_segment *segment = r->list->segment;
    enum gaosou_status status = take_thin(r, arena, out);
    if (status == GAOSOU_OK)
        status = gs_column_lengths_view(segment, 0, gs_segment_get_stats(segment)->doc_count,
                                        &lengths, r->err);
    if (status != GAOSOU_OK)
        return status;
    const float weight = r->weight, base = r->scorer->base, slope = r->scorer->slope;
    const int32_t longest = r->scorer->longest;
    for (uint32_t i = 0; i < out->count; i++) {
        int32_t length = (int32_t)(gs_load_u32(lengths + (size_t)out->docs[i] * 4) & INT32_MAX);
        out->parts[i] = (float)(length < longest ? length : longest);
    }
    for (uint32_t i = 0; i < out->count; i++) {
        float tf = (float)(int32_t)out->freqs[i];
        out->parts[i] = weight * tf / (tf + (base + slope * out->parts[i])) + GS_FLOAT_LEAST;
    }
    for (uint32_t i = 0; i < out->count; i++)
        raise(r, out->docs[i] >> r->shift, out->parts[i]);
    return GAOSOU_OK;
}

/* A list of one block was decoded when it was opened: each posting by itself. */
static void from_few(struct row *r)
{
    struct gs_list_cursor *c = r->list;
    for (uint32_t i = 0; i < c->count; i++) {
        const uint8_t *length;
        enum gaosou_status status =
            gs_column_lengths_view(c->segment, c->docs[i], 1, &length, NULL);
        float bound = r->weight;
        if (status == GAOSOU_OK)
            bound = gs_float_part(r->scorer, r->weight, c->freqs[i], gs_load_u32(length));
        raise(r, c->docs[i] >> r->shift, bound * (1 + GS_FLOAT_SLACK));
    }
}

static enum gaosou_status fill_row(struct row *r, const struct gs_leaf_match *m,
                                   struct gs_arena *arena, struct gs_thin_list *thin)
{
    memset(r->cells, 0, r->count * sizeof(*r->cells));
    *thin = (struct gs_thin_list){0};
    if (m->part_count == 0)
        return GAOSOU_OK;
    r->list = m->parts[0].list; /* tf is at most the frequency of any list that it reads */
    r->weight = (float)m->weight * (1 + GS_FLOAT_SLACK);
    uint32_t blocks = r->list ? gs_list_skip_count(r->list) : 0;
    bool is_thin = r->list && r->list->ref.df < THIN * r->count;
    if (!r->list) {
        for (uint32_t i = 0; i < r->count; i++)
            r->cells[i] = r->weight + GS_FLOAT_LEAST;
    } else if (blocks && is_thin && gs_leaf_list(m)) {
        return from_thin(r, arena, thin);
    } else if (blocks == 0) {
        from_few(r);
    } else if (is_thin) {
        from_postings(r, blocks);
    } else {
        from_skips(r, blocks);
    }
    return GAOSOU_OK;
}

enum gaosou_status gs_range_bounds_make(struct gs_range_bounds *b, struct gs_arena *arena,
                                        const struct gs_float_scorer *scorer,
                                        struct gs_leaf_match *leaves, size_t leaf_count,
                                        uint32_t doc_count, struct gs_err *err)
{
    size_t most = CELLS_MAX / leaf_count;
    most = most < 16 ? 16 : most > RANGES_MAX ? RANGES_MAX : most;
    *b = (struct gs_range_bounds){.shift = GS_RANGE_SHIFT, .leaf_count = leaf_count};
    while (((doc_count - 1) >> b->shift) >= most)
        b->shift++;
    b->count = ((doc_count - 1) >> b->shift) + 1;
    b->rows = gs_arena_alloc(arena, leaf_count * b->count * sizeof(*b->rows));
    b->sums = gs_arena_alloc(arena, b->count * sizeof(*b->sums));
    b->thin = gs_arena_alloc(arena, leaf_count * sizeof(*b->thin));
    if (!b->rows || !b->sums || !b->thin)
        return gs_err_nomem(err, leaf_count * b->count * sizeof(*b->rows));
    memset(b->sums, 0, b->count * sizeof(*b->sums));
    for (size_t k = 0; k < leaf_count; k++) {
        struct row row = {.scorer = scorer,
                          .shift = b->shift,
                          .count = b->count,
                          .cells = b->rows + k * b->count,
                          .err = err};
        enum gaosou_status status = fill_row(&row, &leaves[k], arena, &b->thin[k]);
        if (status)
            return status;
        for (uint32_t i = 0; i < b->count; i++)
            b->sums[i] += row.cells[i];
    }
    return GAOSOU_OK;
}
