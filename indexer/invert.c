#include "indexer/invert.h"

#include "common/text/analysis.h"
#include "common/text/content_hash.h"
#include "indexer/scatter.h"
#include "indexer/words.h"

#include <stdlib.h>
#include <string.h>

/* Tokens after which a slice is closed: 2 MiB of them, so that collecting and scattering stay in
 * the second-level cache. */
#define SLICE_TOKENS ((size_t)256 << 10)
#define KINDS        3 /* sentence, paragraph, heading */

struct token_list {
    uint64_t *tokens;
    size_t count, capacity;
};

struct gs_inverter {
    struct gs_analysis analysis;
    struct gs_words words;
    struct token_list han, word; /* of the open slice; word keys are ids of `words` */
    struct gs_wide_token *wide;
    size_t wide_count, wide_capacity;
    uint32_t han_counts[GS_HAN_PARTS];
    struct gs_scatter han_scatter, word_scatter;
    uint32_t *order; /* scratch: word id -> place among the slice's words */
    size_t order_capacity;
    struct gs_text_cut *cuts; /* of the filing in work */
    size_t cut_count, cut_capacity;
    uint32_t last_end[KINDS]; /* where the last end of each kind was marked in this filing */
    struct gs_run *run;       /* of the batch in work */
    struct gs_work *work;
    uint32_t base;       /* position of the filing's start, inside the batch */
    uint32_t slice_base; /* position in the batch from which the open slice counts */
};

enum gaosou_status gs_inverter_create(struct gs_inverter **out, struct gs_err *err)
{
    struct gs_inverter *v = calloc(1, sizeof(*v));
    if (!v)
        return gs_err_nomem(err, sizeof(*v));
    gs_words_init(&v->words);
    if (gs_analysis_init(&v->analysis, false) != GAOSOU_OK ||
        gs_scatter_init(&v->han_scatter, GS_HAN_PARTS) != GAOSOU_OK ||
        gs_scatter_init(&v->word_scatter, GS_WORD_PARTS) != GAOSOU_OK) {
        gs_inverter_free(v);
        return gs_err_nomem(err, sizeof(*v));
    }
    *out = v;
    return GAOSOU_OK;
}

void gs_inverter_free(struct gs_inverter *v)
{
    if (!v)
        return;
    gs_analysis_release(&v->analysis);
    gs_words_release(&v->words);
    gs_scatter_release(&v->han_scatter);
    gs_scatter_release(&v->word_scatter);
    free(v->han.tokens);
    free(v->word.tokens);
    free(v->wide);
    free(v->order);
    free(v->cuts);
    free(v);
}

/* Room for `more` elements of `size` bytes in a growing array. */
static bool make_room(void **array, size_t *capacity, size_t count, size_t more, size_t size)
{
    if (*capacity - count >= more)
        return true;
    size_t wanted = *capacity ? *capacity * 2 : 4096;
    if (wanted < count + more)
        wanted = count + more;
    void *grown = realloc(*array, wanted * size);
    if (!grown)
        return false;
    *array = grown;
    *capacity = wanted;
    return true;
}

static bool list_room(struct token_list *l, size_t more)
{
    void *array = l->tokens;
    bool good = make_room(&array, &l->capacity, l->count, more, sizeof(*l->tokens));
    l->tokens = array;
    return good;
}

/* ---- collecting ---- */

static bool take_han(struct gs_inverter *v, const struct gs_cut_batch *b)
{
    if (!list_room(&v->han, b->han_count))
        return false;
    uint64_t *restrict out = v->han.tokens + v->han.count;
    const uint64_t *restrict han = b->han;
    uint32_t *restrict counts = v->han_counts;
    const size_t n = b->han_count;
    const uint32_t base = v->base;
    for (size_t i = 0; i < n; i++) {
        uint64_t token = han[i];
        out[i] = token + base;
        counts[gs_han_part((uint32_t)(token >> 48))]++;
    }
    v->han.count += n;
    return true;
}

static bool take_words(struct gs_inverter *v, const struct gs_cut_batch *b)
{
    if (!list_room(&v->word, b->word_count))
        return false;
    uint64_t *out = v->word.tokens + v->word.count;
    for (size_t i = 0; i < b->word_count; i++) {
        const struct gs_cut_word *word = &b->words[i];
        uint32_t id = gs_words_add(&v->words, b->word_bytes + word->offset, word->size);
        if (id == UINT32_MAX)
            return false;
        out[i] = (uint64_t)id << 32 | (v->base + word->position);
    }
    v->word.count += b->word_count;
    return true;
}

static bool take_wide(struct gs_inverter *v, const struct gs_cut_batch *b)
{
    void *array = v->wide;
    bool good =
        make_room(&array, &v->wide_capacity, v->wide_count, b->wide_count, sizeof(*v->wide));
    v->wide = array;
    if (!good)
        return false;
    for (size_t i = 0; i < b->wide_count; i++) {
        const struct gs_cut_wide *t = &b->wide[i];
        v->wide[v->wide_count++] = (struct gs_wide_token){
            .term = (uint64_t)t->first << 32 | t->second, .position = v->base + t->position};
    }
    return true;
}

/* ---- closing a slice ---- */

/* Memory of the run, or the failure noted. */
static void *run_alloc(struct gs_inverter *v, size_t size)
{
    void *p = gs_run_alloc(v->run, size);
    if (!p && v->work->failure.status == GAOSOU_OK)
        (void)gs_err_set(&v->work->failure, GAOSOU_E_NOMEM,
                         "the tokens do not fit the memory that --memory gives");
    return p;
}

/* Room for the tokens that counts tells of, planned; NULL after noting the failure. */
static uint32_t *plan(struct gs_inverter *v, struct gs_scatter *scatter, const uint32_t *counts,
                      size_t parts)
{
    uint32_t *begin = run_alloc(v, (parts + 1) * sizeof(*begin));
    uint32_t size = begin ? gs_scatter_plan(scatter, counts, parts, begin) : 0;
    scatter->out = size < UINT32_MAX ? run_alloc(v, (size_t)size + GS_TOKEN_SLACK) : NULL;
    return begin && scatter->out ? begin : NULL;
}

static bool scatter_han(struct gs_inverter *v, struct gs_slice *s)
{
    s->han_begin = plan(v, &v->han_scatter, v->han_counts, GS_HAN_PARTS);
    if (!s->han_begin)
        return false;
    const struct gs_scatter scatter = v->han_scatter;
    const uint64_t *tokens = v->han.tokens;
    const size_t count = v->han.count;
    const uint32_t base = v->slice_base;
    for (size_t i = 0; i < count; i++) {
        uint64_t token = tokens[i];
        gs_scatter_put(scatter, gs_han_part((uint32_t)(token >> 48)),
                       (uint32_t)(token >> 32) & GS_TOKEN_MASK, (uint32_t)token - base);
    }
    gs_scatter_finish(&v->han_scatter, GS_HAN_PARTS);
    s->han = scatter.out;
    return true;
}

/* The distinct words in order of partitions; fills v->order. */
static bool scatter_names(struct gs_inverter *v, struct gs_slice *s)
{
    const struct gs_words *words = &v->words;
    uint32_t *begin = run_alloc(v, (GS_WORD_PARTS + 1) * sizeof(*begin));
    uint32_t *bytes = run_alloc(v, (GS_WORD_PARTS + 1) * sizeof(*bytes));
    uint8_t *names = run_alloc(v, words->bytes.size + words->count);
    void *order = v->order;
    if (!make_room(&order, &v->order_capacity, 0, words->count, sizeof(*v->order)))
        return false;
    v->order = order;
    if (!begin || !bytes || !names)
        return false;
    memset(begin, 0, (GS_WORD_PARTS + 1) * sizeof(*begin));
    memset(bytes, 0, (GS_WORD_PARTS + 1) * sizeof(*bytes));
    for (uint32_t id = 0; id < words->count; id++) {
        begin[words->entries[id].part + 1]++;
        bytes[words->entries[id].part + 1] += words->entries[id].size + 1u;
    }
    uint32_t next[GS_WORD_PARTS], next_byte[GS_WORD_PARTS];
    for (size_t part = 0; part < GS_WORD_PARTS; part++) {
        next[part] = begin[part];
        next_byte[part] = bytes[part];
        begin[part + 1] += begin[part];
        bytes[part + 1] += bytes[part];
    }
    for (uint32_t id = 0; id < words->count; id++) {
        const struct gs_word_entry *e = &words->entries[id];
        uint8_t *to = names + next_byte[e->part];
        to[0] = e->size;
        memcpy(to + 1, words->bytes.data + e->offset, e->size);
        next_byte[e->part] += e->size + 1u;
        v->order[id] = next[e->part]++;
    }
    s->names = names;
    s->name_begin = begin;
    s->name_bytes = bytes;
    return true;
}

static bool scatter_words(struct gs_inverter *v, struct gs_slice *s)
{
    if (!scatter_names(v, s))
        return false;
    const struct gs_word_entry *entries = v->words.entries;
    const uint64_t *tokens = v->word.tokens;
    uint32_t counts[GS_WORD_PARTS] = {0};
    for (size_t i = 0; i < v->word.count; i++)
        counts[entries[tokens[i] >> 32].part]++;
    s->word_begin = plan(v, &v->word_scatter, counts, GS_WORD_PARTS);
    if (!s->word_begin)
        return false;
    for (size_t i = 0; i < v->word.count; i++) {
        uint32_t id = (uint32_t)(tokens[i] >> 32), part = entries[id].part;
        gs_scatter_put(v->word_scatter, part, v->order[id] - s->name_begin[part],
                       (uint32_t)tokens[i] - v->slice_base);
    }
    gs_scatter_finish(&v->word_scatter, GS_WORD_PARTS);
    s->words = v->word_scatter.out;
    return true;
}

static bool copy_wide(struct gs_inverter *v, struct gs_slice *s)
{
    if (v->wide_count == 0)
        return true;
    struct gs_wide_token *out = run_alloc(v, v->wide_count * sizeof(*out));
    if (!out)
        return false;
    for (size_t i = 0; i < v->wide_count; i++)
        out[i] = (struct gs_wide_token){v->wide[i].term, v->wide[i].position - v->slice_base};
    s->wide = out;
    s->wide_count = (uint32_t)v->wide_count;
    return true;
}

static size_t open_tokens(const struct gs_inverter *v)
{
    return v->han.count + v->word.count + v->wide_count;
}

static bool close_slice(struct gs_inverter *v)
{
    if (open_tokens(v) == 0)
        return true;
    struct gs_work *w = v->work;
    void *slices = w->slices;
    bool good = make_room(&slices, &w->slice_capacity, w->slice_count, 1, sizeof(*w->slices));
    w->slices = slices;
    struct gs_slice s = {.position_base = v->slice_base};
    good = good && scatter_han(v, &s) && scatter_words(v, &s) && copy_wide(v, &s);
    if (good)
        w->slices[w->slice_count++] = s;
    v->han.count = v->word.count = v->wide_count = 0;
    memset(v->han_counts, 0, sizeof(v->han_counts));
    gs_words_clear(&v->words);
    return good;
}

/* Makes the open slice one that takes positions [low, high] of the batch. Slices may overlap: only
 * the positions of one term have to ascend from slice to slice. */
static bool open_slice(struct gs_inverter *v, uint32_t low, uint32_t high)
{
    if (high - low > GS_TOKEN_MASK) {
        (void)gs_err_set(&v->work->failure, GAOSOU_E_LIMIT, "one chunk of text has %u positions",
                         high - low);
        return false;
    }
    bool fits = open_tokens(v) < SLICE_TOKENS && low >= v->slice_base &&
                high - v->slice_base <= GS_TOKEN_MASK;
    if (open_tokens(v) > 0 && fits)
        return true;
    if (!close_slice(v))
        return false;
    v->slice_base = low;
    return true;
}

/* ---- one filing ---- */

/* A kind of end at a position, once: two ends with nothing between them are one. */
static void take_end(struct gs_inverter *v, unsigned kind, uint32_t position)
{
    if (v->last_end[kind - 1] == position)
        return;
    v->last_end[kind - 1] = position;
    v->han.tokens[v->han.count++] = (uint64_t)kind << 32 | (v->base + position);
    v->han_counts[0]++;
}

/* The cutter holds an end back until it knows that nothing more falls on its position, which may be
 * any number of chunks later: each end is placed by itself. */
static bool take_ends(struct gs_inverter *v, const struct gs_cut_batch *b)
{
    for (size_t i = 0; i < b->end_count; i++) {
        uint32_t kinds = b->ends[i].kinds, position = b->ends[i].position;
        if (!open_slice(v, v->base + position, v->base + position) || !list_room(&v->han, KINDS))
            return false;
        take_end(v, GS_STRUCT_SENTENCE, position);
        if (kinds & (GS_END_PARAGRAPH | GS_END_HEADING))
            take_end(v, GS_STRUCT_PARAGRAPH, position);
        if (kinds & GS_END_HEADING)
            take_end(v, GS_STRUCT_HEADING, position);
    }
    return true;
}

struct span { /* positions of a filing; low > high: none */
    uint32_t low, high;
};

static void widen(struct span *s, uint32_t first, uint32_t last)
{
    s->low = first < s->low ? first : s->low;
    s->high = last > s->high ? last : s->high;
}

/* The positions of a batch's tokens, end marks aside: each array ascends. */
static struct span batch_span(const struct gs_cut_batch *b)
{
    struct span s = {UINT32_MAX, 0};
    if (b->han_count > 0)
        widen(&s, (uint32_t)b->han[0], (uint32_t)b->han[b->han_count - 1]);
    if (b->word_count > 0)
        widen(&s, b->words[0].position, b->words[b->word_count - 1].position);
    if (b->wide_count > 0)
        widen(&s, b->wide[0].position, b->wide[b->wide_count - 1].position);
    return s;
}

static bool take_tokens(struct gs_inverter *v)
{
    const struct gs_cut_batch *b = &v->analysis.batch;
    struct span s = batch_span(b);
    /* An end that was held back a little belongs to the same slice. */
    if (b->end_count > 0 && s.low <= s.high && b->ends[0].position < s.low &&
        s.high - b->ends[0].position <= GS_TOKEN_MASK)
        s.low = b->ends[0].position;
    if (s.low <= s.high && !open_slice(v, v->base + s.low, v->base + s.high))
        return false;
    return take_han(v, b) && take_words(v, b) && take_wide(v, b) && take_ends(v, b);
}

static bool cut_until(struct gs_inverter *v, uint32_t until)
{
    while (v->analysis.offset < until) {
        if (gs_analysis_chunk(&v->analysis, until) != GAOSOU_OK || !take_tokens(v))
            return false;
    }
    return true;
}

/* Runs the analysis from stop to stop: text cuts, where the cutter's state is kept, and page
 * starts, where the position is. */
static bool cut_filing(struct gs_inverter *v, uint32_t size)
{
    const struct gs_layout *layout = &v->analysis.layout;
    size_t cut = 0, page = 0;
    for (;;) {
        uint32_t stop = size;
        if (cut < v->cut_count && v->cuts[cut].offset < stop)
            stop = v->cuts[cut].offset;
        if (page < layout->page_count && layout->pages[page].offset < stop)
            stop = layout->pages[page].offset;
        if (!cut_until(v, stop))
            return false;
        const struct gs_cutter *cutter = v->analysis.cutter;
        while (cut < v->cut_count && v->cuts[cut].offset <= stop) {
            struct gs_text_cut *c = &v->cuts[cut++];
            c->position = gs_cutter_positions(cutter);
            c->resumable = gs_cutter_state(cutter, &c->state);
        }
        while (page < layout->page_count && layout->pages[page].offset <= stop) {
            uint32_t position = gs_cutter_positions(cutter);
            gs_buf_append(&v->work->page_positions, &position, sizeof(position));
            page++;
        }
        if (stop == size)
            return true;
    }
}

static struct gs_extent keep(struct gs_buf *b, const void *array, size_t count, size_t size)
{
    struct gs_extent extent = {b->size / size, count};
    if (count > 0)
        gs_buf_append(b, array, count * size);
    return extent;
}

static void keep_layout(struct gs_inverter *v, struct gs_work_doc *d)
{
    struct gs_work *w = v->work;
    const struct gs_layout *l = &v->analysis.layout;
    const struct gs_structure *s = &v->analysis.structure;
    d->marks = keep(&w->marks, l->marks, l->mark_count, sizeof(*l->marks));
    d->pages = keep(&w->pages, l->pages, l->page_count, sizeof(*l->pages));
    d->labels = keep(&w->labels, l->labels, l->labels_size, 1);
    d->headings = keep(&w->headings, s->headings, s->heading_count, sizeof(*s->headings));
}

static bool invert_doc(struct gs_inverter *v, struct gs_work_doc *d)
{
    struct gs_work *w = v->work;
    const uint8_t *content = w->content.data + d->content;
    memset(v->last_end, 0xFF, sizeof(v->last_end));
    v->cut_count = 0;
    if (gs_analysis_begin(&v->analysis, content, d->content_size, d->title_size, &w->failure) !=
        GAOSOU_OK)
        return false;
    if (d->title_from < d->title_to)
        gs_analysis_set_title(&v->analysis, d->title_from, d->title_to);
    if (w->pack && gs_text_cuts(content, d->content_size, &v->cuts, &v->cut_count,
                                &v->cut_capacity) != GAOSOU_OK)
        return false;
    keep_layout(v, d);
    if (d->content_size > 0 && !cut_filing(v, d->content_size))
        return false;
    d->content_hash = gs_content_hash(content, d->content_size, d->title_size,
                                      v->analysis.layout.marks, v->analysis.layout.mark_count);
    if (d->content_size > 0) {
        d->positions = gs_analysis_positions(&v->analysis);
        d->length = gs_analysis_length(&v->analysis);
        d->title_start = v->analysis.title_start;
        d->title_positions = v->analysis.title_positions;
    }
    v->base += d->positions + 1;
    if (w->pack)
        gs_text_pack_add(w->pack, content, d->content_size, v->cuts, v->cut_count);
    return true;
}

static bool bufs_are_good(const struct gs_work *w)
{
    return gs_buf_status(&w->marks) == GAOSOU_OK && gs_buf_status(&w->pages) == GAOSOU_OK &&
           gs_buf_status(&w->page_positions) == GAOSOU_OK &&
           gs_buf_status(&w->labels) == GAOSOU_OK && gs_buf_status(&w->headings) == GAOSOU_OK;
}

void gs_inverter_run(struct gs_inverter *v, struct gs_run *run, struct gs_work *w)
{
    v->run = run;
    v->work = w;
    v->base = v->slice_base = 0;
    bool good = true;
    for (size_t i = 0; i < w->doc_count && good; i++)
        good = invert_doc(v, &w->docs[i]);
    /* Closed also after a failure: the next batch begins with an empty slice. */
    good = close_slice(v) && good && bufs_are_good(w);
    if (good && w->pack)
        good = gs_text_pack_finish(w->pack, &w->failure) == GAOSOU_OK;
    if (!good && w->failure.status == GAOSOU_OK)
        (void)gs_err_nomem(&w->failure, w->content.size);
}
