#include "query/results.h"

#include "common/text/display.h"
#include "common/text/utf8.h"
#include "query/clean.h"

#include <stdlib.h>

#define SECTIONS_MAX ((size_t)1 << 30)   /* bytes of the chains of one hit */
#define TWIN_IDS_MAX ((size_t)512 << 20) /* bytes of the ids of one hit's twins */

struct gs_results_builder {
    struct gs_search *search;
    const struct gs_snapshot *snapshot;
    const struct gs_query *query;
    struct gs_record_reader *records;
    struct gs_snippets *snippets; /* NULL without fragments */
    struct gs_occurrence *occurrences;
    size_t occurrence_count, occurrence_capacity;
    struct gs_results_term *terms;
    size_t *term_leaves; /* of each term the leaf that counts it */
    size_t term_count;
    double *weights; /* of the query's leaves */
    struct gs_results_fragment *fragments;
    size_t *section_ends; /* of each fragment's chain in sections */
    size_t fragment_capacity;
    size_t occurrences_wanted; /* most to be looked at of a hit; 0: all */
    bool utf16;
    struct gs_buf sections; /* chains of the hit's places, one behind the other */
    struct gs_buf heading;
    struct gs_clean clean; /* of a heading whose characters are spaced out */
    bool with_twins;
    struct gs_buf twin_ids; /* of the hit's twins, one behind the other */
    struct gs_str *twins;
    size_t twin_capacity;
};

/* The leaves that count, each text once. */
static enum gaosou_status find_terms(struct gs_results_builder *b)
{
    size_t count = b->query->leaf_count;
    b->terms = calloc(count + 1, sizeof(*b->terms));
    b->term_leaves = calloc(count + 1, sizeof(*b->term_leaves));
    b->weights = calloc(count + 1, sizeof(*b->weights));
    if (!b->terms || !b->term_leaves || !b->weights)
        return GAOSOU_E_NOMEM;
    for (size_t i = 0; i < count; i++) {
        const struct gs_leaf *leaf = &b->query->leaves[i];
        bool again = leaf->excluded;
        for (size_t t = 0; t < b->term_count && !again; t++)
            again = strcmp(b->terms[t].text, leaf->text) == 0;
        if (again)
            continue;
        b->terms[b->term_count].text = leaf->text;
        b->term_leaves[b->term_count++] = i;
    }
    return GAOSOU_OK;
}

enum gaosou_status gs_results_builder_create(struct gs_results_builder **out,
                                             struct gs_search *search,
                                             const struct gs_snapshot *snapshot,
                                             const struct gs_query *query, bool with_fragments,
                                             struct gs_err *err)
{
    struct gs_results_builder *b = calloc(1, sizeof(*b));
    if (!b)
        return gs_err_nomem(err, sizeof(*b));
    b->occurrences_wanted = GS_SNIPPET_OCCURRENCES_MAX;
    gs_buf_init(&b->sections, SECTIONS_MAX);
    gs_buf_init(&b->twin_ids, TWIN_IDS_MAX);
    gs_buf_init(&b->heading, GS_RESULTS_HEADING_MAX);
    gs_clean_init(&b->clean);
    enum gaosou_status status = gs_record_reader_create(&b->records);
    if (status == GAOSOU_OK && with_fragments)
        status = gs_snippets_create(&b->snippets);
    if (status == GAOSOU_OK)
        status = gs_results_builder_renew(b, search, snapshot, query, NULL);
    if (status != GAOSOU_OK) {
        gs_results_builder_free(b);
        return gs_err_nomem(err, sizeof(*b));
    }
    *out = b;
    return GAOSOU_OK;
}

enum gaosou_status gs_results_builder_renew(struct gs_results_builder *b, struct gs_search *search,
                                            const struct gs_snapshot *snapshot,
                                            const struct gs_query *query, struct gs_err *err)
{
    b->search = search;
    b->snapshot = snapshot;
    b->query = query;
    gs_record_reader_forget(b->records);
    if (b->snippets)
        gs_snippets_forget(b->snippets);
    free(b->terms);
    free(b->weights);
    free(b->term_leaves);
    b->terms = NULL;
    b->term_leaves = NULL;
    b->weights = NULL;
    b->term_count = 0;
    return find_terms(b) == GAOSOU_OK ? GAOSOU_OK : gs_err_nomem(err, query->leaf_count);
}

void gs_results_builder_free(struct gs_results_builder *b)
{
    if (!b)
        return;
    gs_record_reader_free(b->records);
    gs_snippets_free(b->snippets);
    free(b->occurrences);
    free(b->terms);
    free(b->weights);
    free(b->term_leaves);
    free(b->fragments);
    free(b->section_ends);
    gs_buf_release(&b->sections);
    gs_buf_release(&b->twin_ids);
    free(b->twins);
    gs_buf_release(&b->heading);
    gs_clean_release(&b->clean);
    free(b);
}

static void set_page(const struct gs_record *record, const struct gs_page *page,
                     struct gs_results_place *place)
{
    if (!page)
        return;
    place->sheet = page->sheet;
    if (page->label_size && (size_t)page->label_offset + page->label_size <= record->labels_size)
        place->label =
            (struct gs_str){(const char *)record->labels + page->label_offset, page->label_size};
}

/* The page that a position stands on, without reading text; NULL where none is known. */
static const struct gs_page *page_of_position(const struct gs_record *record, uint32_t position)
{
    size_t i = record->page_positions ? record->page_count : 0;
    while (i > 0 && record->page_positions[i - 1] > position)
        i--;
    return i ? &record->pages[i - 1] : NULL;
}

/* The headings in force at a byte, outermost first; returns how many. */
static size_t heading_chain(const struct gs_record *record, uint32_t at,
                            const struct gs_heading *chain[GS_RESULTS_HEADINGS_MAX])
{
    size_t depth = 0;
    for (size_t i = 0; i < record->heading_count && record->headings[i].start <= at; i++) {
        const struct gs_heading *heading = &record->headings[i];
        while (depth > 0 && chain[depth - 1]->level >= heading->level)
            depth--;
        if (depth < GS_RESULTS_HEADINGS_MAX)
            chain[depth++] = heading;
    }
    return depth;
}

/* Whether characters stand apart to fill the line, as in `募 集 资 金`: two wide ones in a row,
 * each by itself. The space of `第一节 重要提示` says something and stays. */
static bool is_spaced_out(const struct gs_buf *heading)
{
    const uint8_t *p = heading->data, *end = p + heading->size;
    size_t run = 0, single = 0;
    bool wide = false;
    for (uint32_t cp; p < end;) {
        p += gs_utf8_step(p, end, &cp);
        enum gs_display_class class = gs_display_class(cp);
        if (class >= GS_DISPLAY_MARK) {
            wide = class == GS_DISPLAY_WIDE;
            run++;
        }
        if (run == 0 || (class >= GS_DISPLAY_MARK && p < end) || class == GS_DISPLAY_DROP)
            continue;
        single = run == 1 && wide ? single + 1 : 0;
        run = 0;
        if (single >= 2)
            return true;
    }
    return false;
}

/* The heading in b->heading, which begins at `from` of the content, as passages are shown. */
static enum gaosou_status append_heading(struct gs_results_builder *b,
                                         const struct gs_record *record, uint32_t from)
{
    const struct gs_buf *heading = &b->heading;
    if (!is_spaced_out(heading)) {
        gs_display_append(&b->sections, heading->data, heading->size);
        return GAOSOU_OK;
    }
    enum gaosou_status status = gs_clean_run(&b->clean, heading->data, heading->size, from,
                                             record->marks, record->mark_count, NULL, 0);
    if (status == GAOSOU_OK)
        gs_display_append(&b->sections, b->clean.text.data, b->clean.text.size);
    return status;
}

/* Appends the chain's text to sections. A filing without text has no section. */
static enum gaosou_status append_section(struct gs_results_builder *b, const struct gs_hit *hit,
                                         const struct gs_segment *segment,
                                         const struct gs_record *record, uint32_t at,
                                         struct gs_err *err)
{
    const struct gs_heading *chain[GS_RESULTS_HEADINGS_MAX];
    size_t depth = heading_chain(record, at, chain), start = b->sections.size;
    for (size_t i = 0; i < depth; i++) {
        uint32_t from = chain[i]->start, to = chain[i]->end;
        if (to > record->content_size || from >= to)
            continue;
        if (to - from > GS_RESULTS_HEADING_MAX)
            to = from + GS_RESULTS_HEADING_MAX;
        gs_buf_clear(&b->heading);
        enum gaosou_status status =
            gs_snippets_read(b->snippets, segment, hit->doc, from, to, &b->heading, err);
        if (status != GAOSOU_OK)
            return status;
        if (b->sections.size > start)
            gs_buf_append_str(&b->sections, " > ");
        status = append_heading(b, record, from);
        if (status != GAOSOU_OK)
            return status;
    }
    return gs_buf_status(&b->sections);
}

static enum gaosou_status fit_fragments(struct gs_results_builder *b, size_t count,
                                        struct gs_err *err)
{
    if (count <= b->fragment_capacity)
        return GAOSOU_OK;
    struct gs_results_fragment *fragments = realloc(b->fragments, count * sizeof(*fragments));
    if (fragments)
        b->fragments = fragments;
    size_t *ends = realloc(b->section_ends, count * sizeof(*ends));
    if (ends)
        b->section_ends = ends;
    if (!fragments || !ends)
        return gs_err_nomem(err, count * sizeof(*fragments));
    b->fragment_capacity = count;
    return GAOSOU_OK;
}

static enum gaosou_status fill_fragments(struct gs_results_builder *b, const struct gs_hit *hit,
                                         const struct gs_segment *segment,
                                         struct gs_results_hit *out, struct gs_err *err)
{
    const struct gs_fragment *fragments;
    const struct gs_snippet_question question = {.weights = b->weights,
                                                 .leaf_count = (uint32_t)b->query->leaf_count,
                                                 .pairs = b->query->pairs,
                                                 .pair_count = b->query->pair_count,
                                                 .is_bag = b->query->mode == GS_QUERY_ANY};
    enum gaosou_status status =
        gs_snippets_make(b->snippets, segment, hit->doc, &out->record, b->occurrences,
                         b->occurrence_count, &question, &fragments, &out->fragment_count, err);
    gs_buf_clear(&b->sections);
    if (status == GAOSOU_OK)
        status = fit_fragments(b, out->fragment_count, err);
    for (size_t i = 0; i < out->fragment_count && status == GAOSOU_OK; i++) {
        const struct gs_fragment *f = &fragments[i];
        b->fragments[i] =
            (struct gs_results_fragment){.text = {(const char *)f->text.data, f->text.size},
                                         .spans = f->spans,
                                         .span_count = f->span_count};
        set_page(&out->record,
                 gs_layout_page_at(out->record.pages, out->record.page_count, f->first_hit),
                 &b->fragments[i].place);
        status = append_section(b, hit, segment, &out->record, f->first_hit, err);
        b->section_ends[i] = b->sections.size;
    }
    if (status != GAOSOU_OK)
        return status;
    out->fragments = b->fragments;
    /* Only now: the buffer does not move any more. */
    for (size_t i = 0, from = 0; i < out->fragment_count; from = b->section_ends[i++])
        if (b->section_ends[i] > from)
            b->fragments[i].place.section =
                (struct gs_str){(const char *)b->sections.data + from, b->section_ends[i] - from};
    return GAOSOU_OK;
}

void gs_results_builder_with_twins(struct gs_results_builder *b)
{
    b->with_twins = true;
}

void gs_results_builder_set_shape(struct gs_results_builder *b, size_t fragments, size_t context,
                                  bool utf16)
{
    struct gs_snippet_shape shape = {fragments, gs_fragment_shape_common()};
    if (fragments != SIZE_MAX && fragments > GS_SNIPPET_FRAGMENTS_MAX)
        shape.count = GS_SNIPPET_FRAGMENTS_MAX;
    if (context)
        shape.fragment = gs_fragment_shape_context(context);
    b->utf16 = utf16;
    b->occurrences_wanted = fragments == SIZE_MAX ? 0 : GS_SNIPPET_OCCURRENCES_MAX;
    if (b->snippets)
        gs_snippets_set_shape(b->snippets, &shape);
}

void gs_results_builder_list_sentences(struct gs_results_builder *b)
{
    const struct gs_snippet_shape shape = {SIZE_MAX, gs_fragment_shape_context(0)};
    b->occurrences_wanted = 0;
    if (b->snippets)
        gs_snippets_set_shape(b->snippets, &shape);
}

static enum gaosou_status fit_twins(struct gs_results_builder *b, size_t count, struct gs_err *err)
{
    if (b->twins && count <= b->twin_capacity)
        return GAOSOU_OK;
    struct gs_str *grown = realloc(b->twins, (count + 1) * sizeof(*grown));
    if (!grown)
        return gs_err_nomem(err, count * sizeof(*grown));
    b->twins = grown;
    b->twin_capacity = count;
    return GAOSOU_OK;
}

/* Before the hit's own record: the reader holds one at a time. */
static enum gaosou_status fill_twins(struct gs_results_builder *b, const struct gs_hit *hit,
                                     struct gs_results_hit *out, struct gs_err *err)
{
    enum gaosou_status status = fit_twins(b, hit->twin_count, err);
    gs_buf_clear(&b->twin_ids);
    for (size_t i = 0; i < hit->twin_count && status == GAOSOU_OK; i++) {
        struct gs_record record;
        status = gs_record_read(b->records, b->snapshot->segments[hit->twins[i].segment].segment,
                                hit->twins[i].doc, &record, err);
        if (status != GAOSOU_OK)
            break;
        b->twins[i].size = record.id.size;
        gs_buf_append(&b->twin_ids, record.id.bytes, record.id.size);
    }
    if (status == GAOSOU_OK && gs_buf_status(&b->twin_ids) != GAOSOU_OK)
        status = gs_err_nomem(err, TWIN_IDS_MAX);
    if (status != GAOSOU_OK)
        return status;
    const char *at = (const char *)b->twin_ids.data; /* which does not move any more */
    for (size_t i = 0; i < hit->twin_count; at += b->twins[i++].size)
        b->twins[i].bytes = at;
    out->twins = b->twins;
    out->twin_count = hit->twin_count;
    return GAOSOU_OK;
}

enum gaosou_status gs_results_fill(struct gs_results_builder *b, const struct gs_hit *hit,
                                   uint64_t rank, struct gs_results_hit *out, struct gs_err *err)
{
    const struct gs_segment *segment = b->snapshot->segments[hit->segment].segment;
    *out = (struct gs_results_hit){.rank = rank,
                                   .score = hit->score,
                                   .terms = b->terms,
                                   .term_count = b->term_count,
                                   .utf16 = b->utf16};
    for (size_t t = 0; t < b->term_count; t++)
        b->terms[t].count = hit->counts[b->term_leaves[t]];
    enum gaosou_status status = b->with_twins ? fill_twins(b, hit, out, err) : GAOSOU_OK;
    if (status == GAOSOU_OK)
        status = gs_record_read(b->records, segment, hit->doc, &out->record, err);
    if (status != GAOSOU_OK)
        return status;
    uint64_t state = 0;
    status = gs_column_get(segment, GS_COLUMN_TEXT_STATE, hit->doc, &state, err);
    if (status != GAOSOU_OK)
        return status;
    out->text_state = state < GS_TEXT_STATE_COUNT ? (enum gs_text_state)state : GS_TEXT_NONE;
    if (b->snippets || out->record.page_count) {
        status = gs_search_occurrences(b->search, b->snapshot, b->query, hit->segment, hit->doc,
                                       b->snippets ? b->occurrences_wanted : 1, &b->occurrences,
                                       &b->occurrence_count, &b->occurrence_capacity, err);
        if (status != GAOSOU_OK)
            return status;
    }
    if (b->snippets)
        status = gs_search_passage_weights(b->search, b->snapshot, b->query, b->weights, err);
    if (b->snippets && status == GAOSOU_OK)
        status = fill_fragments(b, hit, segment, out, err);
    if (out->fragment_count)
        out->place = out->fragments[0].place;
    else if (b->occurrence_count && out->record.page_count)
        set_page(&out->record, page_of_position(&out->record, b->occurrences[0].position),
                 &out->place);
    return status;
}

const struct gs_str *gs_results_string(const struct gs_results_hit *hit, enum gs_answer_field field)
{
    const struct gs_record *r = &hit->record;
    switch (field) {
    case GS_ANSWER_ID:
        return &r->id;
    case GS_ANSWER_TITLE:
        return &r->title;
    case GS_ANSWER_NAME:
        return &r->name;
    case GS_ANSWER_COMPANY:
        return &r->company;
    case GS_ANSWER_EXCHANGE:
        return &r->exchange;
    case GS_ANSWER_BOARD:
        return &r->board;
    case GS_ANSWER_DATE:
        return &r->date;
    case GS_ANSWER_PERIOD:
        return &r->period;
    case GS_ANSWER_TYPE:
        return &r->type;
    case GS_ANSWER_NUMBER:
        return &r->number;
    case GS_ANSWER_URL:
        return &r->url;
    case GS_ANSWER_PATH:
        return &r->path;
    case GS_ANSWER_LINK:
        return r->url.size ? &r->url : r->path.size ? &r->path : &r->id;
    case GS_ANSWER_PAGE_LABEL:
        return &hit->place.label;
    case GS_ANSWER_SECTION:
        return &hit->place.section;
    default:
        return NULL;
    }
}

uint64_t gs_results_occurrences(const struct gs_results_hit *hit)
{
    uint64_t sum = hit->row_hits;
    for (size_t i = 0; i < hit->term_count && !hit->row_hits; i++)
        sum += hit->terms[i].count;
    return sum;
}
