#include "query/snippet.h"

#include "query/snippet_choose.h"
#include "query/snippet_text.h"

#include <stdlib.h>

#define FRAGMENTS_COMMON 3
#define TRIES            4 /* candidates that are cut for one fragment, at most */

/* Positions of ends of one kind, ascending. */
struct ends {
    uint32_t *at;
    size_t count, capacity;
};

struct gs_snippets {
    struct gs_snippet_text text;
    struct gs_snippet_choice choice;
    struct gs_fragment_cutter cutter;
    struct gs_snippet_shape shape;
    struct gs_fragment *fragments; /* each initialised */
    struct gs_clean_range *taken;  /* what the fragments made so far show */
    size_t capacity;               /* of both */
    struct ends sentences, headings;
    struct gs_list_cursor list;
    size_t failures; /* of this filing: candidates that showed nothing new */
};

enum gaosou_status gs_snippets_create(struct gs_snippets **out)
{
    struct gs_snippets *s = calloc(1, sizeof(*s));
    if (!s)
        return GAOSOU_E_NOMEM;
    s->shape = (struct gs_snippet_shape){FRAGMENTS_COMMON, gs_fragment_shape_common()};
    gs_snippet_choice_init(&s->choice);
    gs_fragment_cutter_init(&s->cutter);
    enum gaosou_status status = gs_snippet_text_init(&s->text);
    if (status != GAOSOU_OK) {
        gs_snippets_free(s);
        return status;
    }
    *out = s;
    return GAOSOU_OK;
}

void gs_snippets_free(struct gs_snippets *s)
{
    if (!s)
        return;
    gs_snippet_text_release(&s->text);
    gs_snippet_choice_release(&s->choice);
    gs_fragment_cutter_release(&s->cutter);
    for (size_t i = 0; i < s->capacity; i++)
        gs_fragment_release(&s->fragments[i]);
    free(s->fragments);
    free(s->taken);
    free(s->sentences.at);
    free(s->headings.at);
    free(s);
}

void gs_snippets_set_shape(struct gs_snippets *s, const struct gs_snippet_shape *shape)
{
    s->shape = *shape;
}

/* Room for one more fragment behind `count`. */
static enum gaosou_status fit_fragment(struct gs_snippets *s, size_t count)
{
    if (count < s->capacity)
        return GAOSOU_OK;
    size_t capacity = s->capacity * 2 + 4;
    struct gs_fragment *fragments = realloc(s->fragments, capacity * sizeof(*fragments));
    if (fragments)
        s->fragments = fragments;
    struct gs_clean_range *taken = realloc(s->taken, capacity * sizeof(*taken));
    if (taken)
        s->taken = taken;
    if (!fragments || !taken)
        return GAOSOU_E_NOMEM;
    while (s->capacity < capacity)
        gs_fragment_init(&s->fragments[s->capacity++]);
    return GAOSOU_OK;
}

void gs_snippets_forget(struct gs_snippets *s)
{
    gs_text_reader_forget(s->text.reader);
}

/* The positions of the filing's ends of a kind, from the index; none is no error. */
static enum gaosou_status read_ends(struct gs_snippets *s, const struct gs_segment *segment,
                                    uint32_t doc, uint32_t kind, struct ends *out,
                                    struct gs_err *err)
{
    const struct gs_term term = {.first = 0, .second = kind};
    struct gs_list_ref ref;
    out->count = 0;
    enum gaosou_status status = gs_term_find(segment, &term, &ref, err);
    if (status != GAOSOU_OK || ref.df == 0)
        return status;
    gs_list_open(&s->list, segment, &ref);
    if (gs_list_seek(&s->list, doc) == doc) {
        uint32_t count = gs_list_freq(&s->list);
        if (count > out->capacity) {
            uint32_t *at = realloc(out->at, count * sizeof(*at));
            if (!at)
                return gs_err_nomem(err, count * sizeof(*at));
            out->at = at;
            out->capacity = count;
        }
        out->count = count ? gs_list_positions(&s->list, out->at) : 0;
    }
    if (s->list.status != GAOSOU_OK)
        return gs_err_set(err, s->list.status,
                          "%s is damaged: section postings or positions: ends of filing %u",
                          gs_segment_path(segment), doc);
    return GAOSOU_OK;
}

/* Whether one of the first `count` fragments has the text of fragments[at]. */
static bool is_repeated(const struct gs_snippets *s, size_t count, size_t at)
{
    const struct gs_buf *text = &s->fragments[at].text;
    for (size_t i = 0; i < count; i++)
        if (s->fragments[i].text.size == text->size &&
            memcmp(s->fragments[i].text.data, text->data, text->size) == 0)
            return true;
    return false;
}

/* Cuts the fragment around an occurrence into fragments[at], clear of the first `count`; *made
 * tells whether it stands there. Of all fragments only the last can be in the way of the next. */
static enum gaosou_status cut_anchor(struct gs_snippets *s, const struct gs_record *record,
                                     size_t anchor, size_t count, size_t at, bool *made,
                                     struct gs_err *err)
{
    const struct gs_occurrence *o = &s->choice.occurrences[anchor];
    uint32_t around = gs_fragment_around(&s->shape.fragment);
    uint32_t from = o->position > around ? o->position - around : 0;
    uint64_t to = (uint64_t)o->position + o->width + around;
    bool all = s->shape.count == SIZE_MAX;
    *made = false;
    if (fit_fragment(s, at) != GAOSOU_OK)
        return gs_err_nomem(err, at * sizeof(*s->fragments));
    struct gs_fragment *f = &s->fragments[at];
    f->first_position = UINT32_MAX; /* shows nothing so far */
    f->end_position = 0;
    enum gaosou_status status = gs_snippet_text_cover(&s->text, from, to, err);
    if (status == GAOSOU_E_LIMIT)
        return GAOSOU_OK;
    if (status != GAOSOU_OK)
        return status;
    const struct gs_fragment_source source = {
        .bytes = s->text.bytes.data,
        .size = s->text.bytes.size,
        .offset = s->text.offset,
        .complete = s->text.complete,
        .units = s->text.units,
        .unit_count = s->text.unit_count,
        .marks = record->marks,
        .mark_count = record->mark_count,
        .ends = s->sentences.at,
        .end_count = s->sentences.count,
        .occurrences = s->choice.occurrences,
        .occurrence_count = s->choice.occurrence_count,
        .taken = s->taken + (all && count ? count - 1 : 0),
        .taken_count = all && count ? 1 : count,
        .leads = s->choice.places[anchor].is_heading,
        .shape = s->shape.fragment,
    };
    status = gs_fragment_cut(&s->cutter, &source, anchor, f);
    if (status == GAOSOU_E_NOT_FOUND)
        return GAOSOU_OK;
    if (status != GAOSOU_OK)
        return status;
    *made = f->span_count > 0;
    return GAOSOU_OK;
}

/* Sentences and figures come before headings and heads of tables that have as much. */
static uint64_t fragment_worth(struct gs_snippets *s, const struct gs_fragment *f)
{
    uint64_t worth = gs_snippet_choice_worth(&s->choice, f->first_position, f->end_position);
    return f->says_something ? worth : worth / 4 * 3;
}

/* Exchanges two fragments. */
static void swap(struct gs_fragment *a, struct gs_fragment *b)
{
    struct gs_fragment held = *a;
    *a = *b;
    *b = held;
}

/* The next fragment, in fragments[count]: the best of some that promise most, since a fragment may
 * show less than its candidate has. */
static enum gaosou_status make_next(struct gs_snippets *s, const struct gs_record *record,
                                    size_t count, bool *made, struct gs_err *err)
{
    struct gs_snippet_choice *choice = &s->choice;
    size_t anchor;
    uint64_t promised, best = 0;
    *made = false;
    gs_snippet_choice_retry(choice);
    for (size_t tries = 0; tries < TRIES && s->failures < s->shape.count + TRIES &&
                           gs_snippet_choice_next(choice, &anchor, &promised) &&
                           (!*made || promised > best);) {
        bool cut;
        size_t at = count + *made;
        enum gaosou_status status = cut_anchor(s, record, anchor, count, at, &cut, err);
        if (status != GAOSOU_OK)
            return status;
        if (!cut || is_repeated(s, count, at)) {
            gs_snippet_choice_show(choice, s->fragments[at].first_position,
                                   s->fragments[at].end_position);
            choice->shown[anchor] = true;
            s->failures++;
            continue;
        }
        tries++;
        choice->tried[anchor] = true;
        uint64_t worth = fragment_worth(s, &s->fragments[at]);
        if (*made && worth > best)
            swap(&s->fragments[count], &s->fragments[at]);
        if (!*made || worth > best)
            best = worth;
        *made = true;
    }
    return GAOSOU_OK;
}

/* The best fragments, each chosen by what those before it show. */
static enum gaosou_status make_best(struct gs_snippets *s, const struct gs_record *record,
                                    size_t *count, struct gs_err *err)
{
    for (bool made = true; made && *count < s->shape.count; *count += made) {
        enum gaosou_status status = make_next(s, record, *count, &made, err);
        if (status != GAOSOU_OK)
            return status;
        const struct gs_fragment *f = &s->fragments[*count];
        if (!made)
            break;
        s->taken[*count] = (struct gs_clean_range){f->start, f->end};
        gs_snippet_choice_show(&s->choice, f->first_position, f->end_position);
    }
    return GAOSOU_OK;
}

/* A fragment for each occurrence that the one before does not show. */
static enum gaosou_status make_all(struct gs_snippets *s, const struct gs_record *record,
                                   size_t *count, struct gs_err *err)
{
    uint32_t behind = 0; /* positions below it are shown */
    for (size_t i = 0; i < s->choice.occurrence_count; i++) {
        const struct gs_occurrence *o = &s->choice.occurrences[i];
        bool made;
        if (*count && (uint64_t)o->position + o->width <= behind)
            continue;
        enum gaosou_status status = cut_anchor(s, record, i, *count, *count, &made, err);
        if (status != GAOSOU_OK)
            return status;
        if (!made)
            continue;
        const struct gs_fragment *f = &s->fragments[*count];
        s->taken[(*count)++] = (struct gs_clean_range){f->start, f->end};
        behind = f->end_position;
    }
    return GAOSOU_OK;
}

/* All of them, or the best, of the title only where there is no other. */
static enum gaosou_status make_fragments(struct gs_snippets *s, const struct gs_record *record,
                                         size_t *count, struct gs_err *err)
{
    bool all = s->shape.count == SIZE_MAX;
    enum gaosou_status status = GAOSOU_OK;
    for (int with_title = all; with_title <= 1 && *count == 0 && !status; with_title++) {
        s->failures = 0;
        if (gs_snippet_choice_begin(&s->choice, with_title) != GAOSOU_OK)
            return gs_err_nomem(err, s->choice.occurrence_count);
        status = all ? make_all(s, record, count, err) : make_best(s, record, count, err);
    }
    return status;
}

enum gaosou_status
gs_snippets_make(struct gs_snippets *s, const struct gs_segment *segment, uint32_t doc,
                 const struct gs_record *record, const struct gs_occurrence *occurrences,
                 size_t occurrence_count, const struct gs_snippet_question *question,
                 const struct gs_fragment **fragments, size_t *count, struct gs_err *err)
{
    *fragments = NULL;
    *count = 0;
    if (!gs_segment_get_stats(segment)->has_text || occurrence_count == 0)
        return GAOSOU_OK;
    uint64_t title_start = 0, title_positions = 0;
    enum gaosou_status status =
        gs_column_get(segment, GS_COLUMN_TITLE_POSITIONS, doc, &title_positions, err);
    if (status == GAOSOU_OK)
        status = gs_column_get(segment, GS_COLUMN_TITLE_START, doc, &title_start, err);
    if (status == GAOSOU_OK)
        status = read_ends(s, segment, doc, GS_STRUCT_SENTENCE, &s->sentences, err);
    if (status == GAOSOU_OK)
        status = read_ends(s, segment, doc, GS_STRUCT_HEADING, &s->headings, err);
    if (status != GAOSOU_OK)
        return status;
    struct gs_snippet_choice *choice = &s->choice;
    choice->occurrences = occurrences;
    choice->occurrence_count = occurrence_count;
    choice->question = question;
    choice->ends = s->sentences.at;
    choice->end_count = s->sentences.count;
    choice->headings = s->headings.at;
    choice->heading_count = s->headings.count;
    choice->title_from = title_start;
    choice->title_to = title_start + title_positions;
    gs_snippet_text_begin(&s->text, segment, doc, record);
    status = make_fragments(s, record, count, err);
    *fragments = s->fragments;
    return status;
}

enum gaosou_status gs_snippets_read(struct gs_snippets *s, const struct gs_segment *segment,
                                    uint32_t doc, uint32_t from, uint32_t to, struct gs_buf *out,
                                    struct gs_err *err)
{
    return gs_text_read(s->text.reader, segment, doc, from, to, out, err);
}
