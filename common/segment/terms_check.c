/* gs_segment_check for terms, lists and the reverse table: everything is decoded and counted again.
 */
#include "common/segment/impacts.h"
#include "common/segment/segment_internal.h"
#include "common/segment/terms.h"

#include <inttypes.h>
#include <stdlib.h>

enum gaosou_status gs_terms_open(struct gs_segment *s, struct gs_err *err)
{
    static const struct {
        enum gs_section_id id;
        uint32_t entry;
    } tables[] = {
        {GS_SECTION_HAN_BLOCKS, GS_TERM_BLOCK_ENTRY},
        {GS_SECTION_WORD_BLOCKS, GS_TERM_BLOCK_ENTRY},
        {GS_SECTION_REVERSE_ROWS, GS_REVERSE_ROW},
    };
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        uint64_t size = gs_section_size(&s->container, tables[i].id);
        if (size % tables[i].entry != 0)
            return gs_container_corrupt(&s->container, tables[i].id, size, err,
                                        "its size is no multiple of %" PRIu32, tables[i].entry);
    }
    return GAOSOU_OK;
}

struct walk {
    struct gs_checker *checker;
    struct gs_list_cursor cursor;
    struct gs_buf positions; /* of one posting */
    uint64_t terms, bigrams, postings, position_count;
    char name[GS_TERM_TEXT_CAP];
};

static void list_wrong(struct walk *w, const char *what)
{
    gs_checker_report(w->checker, "term %s: %s", w->name, what);
}

static bool bounded(const struct gs_impacts *bounds, uint32_t freq, uint32_t length)
{
    for (uint32_t i = 0; i < bounds->count; i++)
        if (bounds->pair[i].freq >= freq && bounds->pair[i].length <= length)
            return true;
    return false;
}

/* One posting: its positions, and its place under the bounds of its block and of the list. */
static bool check_posting(struct walk *w, const struct gs_impacts *all, uint64_t *cf)
{
    struct gs_list_cursor *c = &w->cursor;
    uint32_t freq = gs_list_freq(c), block_last, length;
    gs_buf_clear(&w->positions);
    uint8_t *room = freq ? gs_buf_reserve(&w->positions, (size_t)freq * sizeof(uint32_t)) : NULL;
    if (!room || gs_list_positions(c, (uint32_t *)(void *)room) != freq) {
        list_wrong(w,
                   room || !freq ? "its positions cannot be read" : "no memory for its positions");
        return false;
    }
    *cf += freq;
    if (c->ref.kind != GS_LIST_BLOCKED)
        return true;
    struct gs_impacts bounds;
    gs_list_bound(c, c->doc, &block_last, &bounds);
    if (gs_column_lengths(w->checker->segment, c->doc, 1, &length, NULL) != GAOSOU_OK)
        return true; /* the columns' own check tells */
    if (block_last < c->doc || !bounded(&bounds, freq, length) || !bounded(all, freq, length)) {
        list_wrong(w, "the bounds of a block do not hold");
        return false;
    }
    return true;
}

static void check_list(struct walk *w, const struct gs_list_ref *ref)
{
    struct gs_list_cursor *c = &w->cursor;
    struct gs_impacts all = {0};
    uint64_t df = 0, cf = 0;
    gs_list_open(c, w->checker->segment, ref);
    if (ref->kind == GS_LIST_BLOCKED)
        gs_list_bound_all(c, &all);
    for (; c->doc != GS_DOC_END; gs_list_next(c), df++)
        if (!check_posting(w, &all, &cf))
            return;
    if (c->status != GAOSOU_OK || df != ref->df)
        list_wrong(w, "its list cannot be read");
    else if (c->cf != cf)
        list_wrong(w, "its occurrences are not as many as its list says");
    w->postings += df;
    w->position_count += cf;
}

static void check_forward(struct walk *w)
{
    struct gs_err err;
    struct gs_term_cursor c;
    struct gs_term last = {0};
    uint8_t last_word[GS_WORD_MAX];
    enum gaosou_status status = gs_term_cursor_seek(&c, w->checker->segment, NULL, &err);
    while (status == GAOSOU_OK && c.valid) {
        gs_term_text(&c.term, w->name);
        if (w->terms > 0 && gs_term_compare(&last, &c.term) >= 0)
            list_wrong(w, "terms do not ascend");
        last = c.term;
        if (last.is_word)
            last.bytes = memcpy(last_word, c.word, last.size);
        w->terms++;
        w->bigrams += !c.term.is_word && c.term.first && c.term.second;
        check_list(w, &c.ref);
        status = gs_term_cursor_next(&c, &err);
    }
    if (status != GAOSOU_OK)
        gs_checker_error(w->checker, &err);
}

/* Every pair of the reverse table is a term; there are as many as Han bigrams, so every bigram is
 * there. */
static void check_row(struct walk *w, uint32_t second, struct gs_buf *firsts, uint64_t *pairs)
{
    struct gs_err err;
    gs_buf_clear(firsts);
    if (gs_term_firsts_of(w->checker->segment, second, firsts, &err) != GAOSOU_OK) {
        gs_checker_error(w->checker, &err);
        return;
    }
    for (size_t i = 0; i < firsts->size; i += sizeof(uint32_t)) {
        struct gs_term t = {.second = second};
        struct gs_list_ref ref;
        memcpy(&t.first, firsts->data + i, sizeof(t.first));
        if (gs_term_find(w->checker->segment, &t, &ref, NULL) != GAOSOU_OK || ref.df == 0)
            gs_checker_report(w->checker, "reverse table: %s is no term",
                              gs_term_text(&t, w->name));
        (*pairs)++;
    }
}

static void check_reverse(struct walk *w)
{
    const struct gs_container *k = &w->checker->segment->container;
    uint64_t rows = gs_section_size(k, GS_SECTION_REVERSE_ROWS) / GS_REVERSE_ROW, pairs = 0;
    uint32_t before = 0;
    struct gs_buf firsts;
    gs_buf_init(&firsts, (size_t)8 * GS_CODE_POINT_MAX);
    for (uint64_t row = 0; row < rows; row++) {
        const uint8_t *p = NULL;
        if (gs_container_get(k, GS_SECTION_REVERSE_ROWS, row * GS_REVERSE_ROW, GS_REVERSE_ROW, &p,
                             NULL) != GAOSOU_OK)
            break; /* its page is reported already */
        uint32_t second = gs_load_u32(p);
        if (second <= before || second > GS_CODE_POINT_MAX)
            gs_checker_report(w->checker, "reverse table: rows do not ascend");
        before = second;
        check_row(w, second, &firsts, &pairs);
    }
    gs_buf_release(&firsts);
    if (pairs != w->bigrams)
        gs_checker_report(w->checker, "reverse table: %" PRIu64 " pairs, the terms have %" PRIu64,
                          pairs, w->bigrams);
}

static void check_total(struct walk *w, const char *what, uint64_t found, uint64_t wanted)
{
    if (found != wanted)
        gs_checker_report(w->checker, "header: %" PRIu64 " %s, counted %" PRIu64, wanted, what,
                          found);
}

void gs_terms_check(struct gs_checker *checker)
{
    struct walk *w = calloc(1, sizeof(*w));
    if (!w) {
        gs_checker_report(checker, "no memory to check the terms");
        return;
    }
    const struct gs_segment_stats *stats = &checker->segment->container.stats;
    w->checker = checker;
    gs_buf_init(&w->positions, SIZE_MAX);
    check_forward(w);
    check_reverse(w);
    check_total(w, "terms", w->terms, stats->terms);
    check_total(w, "postings", w->postings, stats->postings);
    check_total(w, "positions", w->position_count, stats->positions);
    gs_buf_release(&w->positions);
    free(w);
}
