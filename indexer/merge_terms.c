#include "indexer/merge_terms.h"

#include <stdlib.h>
#include <string.h>

#define PART_BYTES ((size_t)4 << 20) /* encoded terms after which a part goes to the writer */

struct u32_array {
    uint32_t *at;
    size_t count, capacity;
};

struct gs_term_union {
    const struct gs_merge_input *inputs; /* borrowed */
    size_t count;
    struct gs_term_cursor *cursors;
    struct u32_array docs, freqs, positions;
    uint8_t word[GS_WORD_MAX]; /* of the current term */
    struct gs_list_cursor list;
};

static bool array_room(struct u32_array *a, size_t more)
{
    size_t wanted = a->count + more + GS_BLOCK;
    if (wanted <= a->capacity)
        return true;
    size_t capacity = a->capacity ? a->capacity * 2 : 4096;
    if (capacity < wanted)
        capacity = wanted;
    uint32_t *grown = realloc(a->at, capacity * sizeof(*grown));
    if (!grown)
        return false;
    /* The slack is read, though what is read there decides nothing. */
    memset(grown + a->count, 0, (capacity - a->count) * sizeof(*grown));
    a->at = grown;
    a->capacity = capacity;
    return true;
}

enum gaosou_status gs_term_union_open(struct gs_term_union **out,
                                      const struct gs_merge_input *inputs, size_t count,
                                      struct gs_err *err)
{
    struct gs_term_union *u = calloc(1, sizeof(*u));
    if (!u)
        return gs_err_nomem(err, sizeof(*u));
    u->inputs = inputs;
    u->count = count;
    u->cursors = calloc(count + 1, sizeof(*u->cursors));
    enum gaosou_status status =
        u->cursors ? GAOSOU_OK : gs_err_nomem(err, count * sizeof(*u->cursors));
    for (size_t i = 0; i < count && status == GAOSOU_OK; i++)
        status = gs_term_cursor_seek(&u->cursors[i], inputs[i].view->segment, NULL, err);
    if (status != GAOSOU_OK) {
        gs_term_union_close(u);
        return status;
    }
    *out = u;
    return GAOSOU_OK;
}

void gs_term_union_close(struct gs_term_union *u)
{
    if (!u)
        return;
    free(u->cursors);
    free(u->docs.at);
    free(u->freqs.at);
    free(u->positions.at);
    free(u);
}

/* Appends the postings of one list, filings renumbered. */
static enum gaosou_status take_list(struct gs_term_union *u, const struct gs_merge_input *in,
                                    const struct gs_list_ref *ref, struct gs_err *err)
{
    struct gs_list_cursor *c = &u->list;
    uint32_t docs = gs_segment_get_stats(in->view->segment)->doc_count;
    gs_list_open(c, in->view->segment, ref);
    for (; c->doc != GS_DOC_END; gs_list_next(c)) {
        uint32_t doc = c->doc < docs ? in->renumbered[c->doc] : GS_DOC_END;
        if (doc == GS_DOC_END)
            continue;
        uint32_t freq = gs_list_freq(c);
        if (!array_room(&u->docs, 1) || !array_room(&u->freqs, 1) ||
            !array_room(&u->positions, freq))
            return gs_err_nomem(err, freq * sizeof(uint32_t));
        if (gs_list_positions(c, u->positions.at + u->positions.count) != freq)
            break;
        u->docs.at[u->docs.count++] = doc;
        u->freqs.at[u->freqs.count++] = freq;
        u->positions.count += freq;
    }
    if (c->status != GAOSOU_OK || c->doc != GS_DOC_END)
        return gs_err_set(err, c->status != GAOSOU_OK ? c->status : GAOSOU_E_CORRUPT,
                          "%s: a postings list is damaged", gs_segment_path(in->view->segment));
    return GAOSOU_OK;
}

static void start_term(struct gs_term_union *u, const struct gs_term *term,
                       struct gs_merged_term *out)
{
    *out = (struct gs_merged_term){.term = *term};
    if (term->is_word) {
        memcpy(u->word, term->bytes, term->size);
        out->term.bytes = u->word;
    }
    u->docs.count = u->freqs.count = u->positions.count = 0;
}

static void finish_term(const struct gs_term_union *u, struct gs_merged_term *out)
{
    out->docs = u->docs.at;
    out->freqs = u->freqs.at;
    out->positions = u->positions.at;
    out->df = (uint32_t)u->docs.count;
    out->cf = u->positions.count;
}

/* The least term of all cursors, or NULL at the end. Segments are few: a linear look. */
static const struct gs_term *least_term(const struct gs_term_union *u)
{
    const struct gs_term *least = NULL;
    for (size_t i = 0; i < u->count; i++) {
        const struct gs_term_cursor *c = &u->cursors[i];
        if (c->valid && (!least || gs_term_compare(&c->term, least) < 0))
            least = &c->term;
    }
    return least;
}

enum gaosou_status gs_term_union_next(struct gs_term_union *u, struct gs_merged_term *out,
                                      bool *more, struct gs_err *err)
{
    for (const struct gs_term *least; (least = least_term(u)) != NULL;) {
        start_term(u, least, out);
        for (size_t i = 0; i < u->count; i++) {
            struct gs_term_cursor *c = &u->cursors[i];
            if (!c->valid || gs_term_compare(&c->term, &out->term) != 0)
                continue;
            enum gaosou_status status = take_list(u, &u->inputs[i], &c->ref, err);
            if (status == GAOSOU_OK)
                status = gs_term_cursor_next(c, err);
            if (status != GAOSOU_OK)
                return status;
        }
        if (u->docs.count > 0) {
            finish_term(u, out);
            *more = true;
            return GAOSOU_OK;
        }
    }
    *more = false;
    return GAOSOU_OK;
}

enum gaosou_status gs_term_union_find(struct gs_term_union *u, const struct gs_term *term,
                                      struct gs_merged_term *out, struct gs_err *err)
{
    start_term(u, term, out);
    for (size_t i = 0; i < u->count; i++) {
        struct gs_list_ref ref;
        enum gaosou_status status = gs_term_find(u->inputs[i].view->segment, term, &ref, err);
        if (status == GAOSOU_OK && ref.df > 0)
            status = take_list(u, &u->inputs[i], &ref, err);
        if (status != GAOSOU_OK)
            return status;
    }
    finish_term(u, out);
    return GAOSOU_OK;
}

enum gaosou_status gs_merge_terms(const struct gs_merge_input *inputs, size_t count,
                                  const struct gs_doc_lengths *lengths,
                                  struct gs_segment_writer *writer, struct gs_err *err)
{
    struct gs_term_union *u = NULL;
    struct gs_term_part *part = NULL;
    enum gaosou_status status = gs_term_union_open(&u, inputs, count, err);
    if (status == GAOSOU_OK && gs_term_part_create(&part) != GAOSOU_OK)
        status = gs_err_nomem(err, PART_BYTES);
    bool more = status == GAOSOU_OK;
    while (more) {
        struct gs_merged_term t;
        status = gs_term_union_next(u, &t, &more, err);
        if (status != GAOSOU_OK || !more)
            break;
        gs_term_part_add(part, &t.term, t.docs, t.freqs, t.df, t.positions, t.cf, lengths);
        if (gs_term_part_memory(part) >= PART_BYTES) {
            gs_segment_writer_append_terms(writer, part);
            gs_term_part_clear(part);
        }
    }
    if (status == GAOSOU_OK) {
        status = gs_term_part_status(part);
        if (status != GAOSOU_OK)
            status = gs_err_set(err, status, "cannot encode terms: %s", gaosou_status_text(status));
        else
            gs_segment_writer_append_terms(writer, part);
    }
    gs_term_part_free(part);
    gs_term_union_close(u);
    return status;
}
