/* The JSON of an answer. Its keys and their order are fixed: a key may be added, none changes. */
#include "query/output.h"

static void string_or_null(struct gs_json *j, const char *key, struct gs_str s)
{
    gs_json_key(j, key);
    if (s.size)
        gs_json_string_bytes(j, s.bytes, s.size);
    else
        gs_json_null(j);
}

static void write_codes(struct gs_json *j, struct gs_str codes)
{
    gs_json_key(j, "codes");
    gs_json_begin_array(j);
    for (size_t from = 0; from < codes.size;) {
        const char *separator = memchr(codes.bytes + from, 0x1F, codes.size - from);
        size_t to = separator ? (size_t)(separator - codes.bytes) : codes.size;
        if (to > from)
            gs_json_string_bytes(j, codes.bytes + from, to - from);
        from = to + 1;
    }
    gs_json_end_array(j);
}

static void write_page(struct gs_json *j, const struct gs_results_place *place)
{
    gs_json_key(j, "page");
    if (place->sheet)
        gs_json_u64(j, place->sheet);
    else
        gs_json_null(j);
}

static void write_place(struct gs_json *j, const struct gs_results_place *place)
{
    write_page(j, place);
    string_or_null(j, "page_label", place->label);
    string_or_null(j, "section", place->section);
}

static void write_terms(struct gs_json *j, const struct gs_results_hit *hit)
{
    gs_json_key(j, "terms");
    gs_json_begin_object(j);
    for (size_t i = 0; i < hit->term_count; i++) {
        gs_json_key(j, hit->terms[i].text);
        gs_json_u64(j, hit->terms[i].count);
    }
    gs_json_end_object(j);
}

static void write_extra(struct gs_json *j, struct gs_str extra)
{
    gs_json_key(j, "extra");
    if (extra.size >= 2 && extra.bytes[0] == '{' && extra.bytes[extra.size - 1] == '}')
        gs_json_raw(j, extra.bytes, extra.size);
    else
        gs_json_raw(j, "{}", 2);
}

/* UTF-16 code units of valid UTF-8. */
static uint64_t utf16_units(const char *bytes, size_t size)
{
    uint64_t units = 0;
    for (size_t i = 0; i < size; i++) {
        uint8_t b = (uint8_t)bytes[i];
        units += (b & 0xC0) == 0x80 ? 0 : b >= 0xF0 ? 2 : 1;
    }
    return units;
}

static void write_spans(struct gs_json *j, const struct gs_results_fragment *f, bool utf16)
{
    uint64_t units = 0; /* up to `at` */
    size_t at = 0;
    gs_json_key(j, "spans");
    gs_json_begin_array(j);
    for (size_t k = 0; k < f->span_count; k++) {
        const size_t ends[2] = {f->spans[k].start, f->spans[k].end};
        gs_json_begin_array(j);
        for (size_t i = 0; i < 2; i++) {
            if (utf16)
                units += utf16_units(f->text.bytes + at, ends[i] - at);
            at = ends[i];
            gs_json_u64(j, utf16 ? units : ends[i]);
        }
        gs_json_end_array(j);
    }
    gs_json_end_array(j);
}

static void write_fragments(struct gs_json *j, const struct gs_results_hit *hit)
{
    gs_json_key(j, "fragments");
    gs_json_begin_array(j);
    for (size_t i = 0; i < hit->fragment_count; i++) {
        const struct gs_results_fragment *f = &hit->fragments[i];
        gs_json_begin_object(j);
        gs_json_key(j, "text");
        gs_json_string_bytes(j, f->text.bytes, f->text.size);
        write_place(j, &f->place);
        write_spans(j, f, hit->utf16);
        gs_json_end_object(j);
    }
    gs_json_end_array(j);
}

const char *gs_json_text_state(enum gs_text_state state)
{
    return state == GS_TEXT_NONE ? "no_text_layer" : state == GS_TEXT_GARBAGE ? "garbage" : NULL;
}

/* Fields with a filing that could not be judged; the others are left out. */
static void write_unjudged(struct gs_json *j, const struct gs_results_head *head)
{
    gs_json_begin_object(j);
    for (size_t i = 0; i < head->filter_field_count; i++) {
        if (head->unjudged[i] == 0)
            continue;
        gs_json_key(j, head->filter_fields[i]);
        gs_json_u64(j, head->unjudged[i]);
    }
    gs_json_end_object(j);
}

/* The reasons that are there; the others are left out. */
static void write_unsearched(struct gs_json *j, const uint64_t *counts)
{
    gs_json_begin_object(j);
    for (size_t i = 0; counts && i < GS_TEXT_STATE_COUNT; i++) {
        const char *name = gs_json_text_state((enum gs_text_state)i);
        if (counts[i] == 0 || !name)
            continue;
        gs_json_key(j, name);
        gs_json_u64(j, counts[i]);
    }
    gs_json_end_object(j);
}

static void write_together(struct gs_json *j, const struct gs_together *together)
{
    gs_json_key(j, "together");
    if (!together) {
        gs_json_null(j);
        return;
    }
    gs_json_begin_object(j);
    gs_json_key(j, "sentence");
    gs_json_u64(j, together->sentence);
    gs_json_key(j, "paragraph");
    gs_json_u64(j, together->paragraph);
    gs_json_end_object(j);
}

static void write_facet(struct gs_json *j, const struct gs_facet *facet)
{
    gs_json_key(j, facet->name);
    gs_json_begin_object(j);
    gs_json_key(j, "values");
    gs_json_begin_array(j);
    for (size_t i = 0; i < facet->value_count; i++) {
        gs_json_begin_object(j);
        gs_json_key(j, "value");
        gs_json_string_bytes(j, facet->values[i].value.bytes, facet->values[i].value.size);
        gs_json_key(j, "count");
        gs_json_u64(j, facet->values[i].count);
        gs_json_end_object(j);
    }
    gs_json_end_array(j);
    gs_json_key(j, "more");
    gs_json_u64(j, facet->more);
    gs_json_key(j, "unknown");
    gs_json_u64(j, facet->unknown);
    gs_json_end_object(j);
}

static void write_facets(struct gs_json *j, const struct gs_results_head *head)
{
    gs_json_key(j, "facets");
    if (!head->facets) {
        gs_json_null(j);
        return;
    }
    gs_json_begin_object(j);
    for (size_t i = 0; i < head->facet_count; i++)
        write_facet(j, &head->facets[i]);
    gs_json_end_object(j);
}

void gs_json_write_head(struct gs_json *j, const struct gs_results_head *head)
{
    gs_json_begin_object(j);
    gs_json_key(j, "query");
    gs_json_string_bytes(j, head->query.bytes, head->query.size);
    gs_json_key(j, "read_as");
    gs_json_string(j, head->read_as);
    gs_json_key(j, "total");
    gs_json_u64(j, head->total);
    gs_json_key(j, "total_relation");
    gs_json_string(j, head->total_exact ? "eq" : "gte");
    gs_json_key(j, "hits_total");
    gs_json_u64(j, head->hits_total);
    gs_json_key(j, "hits_relation");
    gs_json_string(j, head->hits_exact ? "eq" : "gte");
    gs_json_key(j, "collapsed");
    if (head->collapsed)
        gs_json_u64(j, *head->collapsed);
    else
        gs_json_null(j);
    gs_json_key(j, "unjudged");
    write_unjudged(j, head);
    gs_json_key(j, "unsearched");
    write_unsearched(j, head->unsearched);
    gs_json_key(j, "took_us");
    gs_json_u64(j, head->took_us);
    gs_json_key(j, "commit");
    gs_json_u64(j, head->commit);
    gs_json_key(j, "partial");
    gs_json_bool(j, head->partial);
    gs_json_key(j, "continued");
    gs_json_bool(j, head->continued);
    write_together(j, head->together);
    write_facets(j, head);
    gs_json_key(j, "cursor");
    if (head->cursor)
        gs_json_string(j, head->cursor);
    else
        gs_json_null(j);
    gs_json_key(j, "hits");
    gs_json_begin_array(j);
}

static void write_twins(struct gs_json *j, const struct gs_results_hit *hit)
{
    gs_json_key(j, "duplicates");
    if (!hit->twins) {
        gs_json_null(j);
        return;
    }
    gs_json_begin_array(j);
    for (size_t i = 0; i < hit->twin_count; i++)
        gs_json_string_bytes(j, hit->twins[i].bytes, hit->twins[i].size);
    gs_json_end_array(j);
}

static void write_unsearched_state(struct gs_json *j, enum gs_text_state state)
{
    gs_json_key(j, "unsearched");
    if (state == GS_TEXT_READ)
        gs_json_null(j);
    else
        gs_json_string(j, gs_json_text_state(state));
}

static void write_number(struct gs_json *j, const char *key, uint64_t value)
{
    gs_json_key(j, key);
    gs_json_u64(j, value);
}

static void write_sentence(struct gs_json *j, const struct gs_results_hit *hit)
{
    string_or_null(j, "sentence",
                   hit->fragment_count ? hit->fragments[0].text : (struct gs_str){NULL, 0});
}

/* A field that is no string. */
static void write_field(struct gs_json *j, const struct gs_results_hit *hit,
                        enum gs_answer_field field)
{
    static const struct gs_results_fragment none = {.span_count = 0};
    switch (field) {
    case GS_ANSWER_RANK:
        write_number(j, "rank", hit->rank);
        break;
    case GS_ANSWER_SCORE:
        gs_json_key(j, "score");
        gs_json_double(j, hit->score);
        break;
    case GS_ANSWER_CODES:
        write_codes(j, hit->record.codes);
        break;
    case GS_ANSWER_UNSEARCHED:
        write_unsearched_state(j, hit->text_state);
        break;
    case GS_ANSWER_DUPLICATES:
        write_twins(j, hit);
        break;
    case GS_ANSWER_PAGE:
        write_page(j, &hit->place);
        break;
    case GS_ANSWER_TERMS:
        write_terms(j, hit);
        break;
    case GS_ANSWER_EXTRA:
        write_extra(j, hit->record.extra);
        break;
    case GS_ANSWER_FRAGMENTS:
        write_fragments(j, hit);
        break;
    case GS_ANSWER_HITS:
        write_number(j, "hits", gs_results_occurrences(hit));
        break;
    case GS_ANSWER_SENTENCE:
        write_sentence(j, hit);
        break;
    case GS_ANSWER_SPANS:
        write_spans(j, hit->fragment_count ? &hit->fragments[0] : &none, hit->utf16);
        break;
    default:
        break;
    }
}

void gs_json_write_hit(struct gs_json *j, const struct gs_results_hit *hit,
                       const struct gs_answer_fields *fields)
{
    const struct gs_answer_fields *list = fields ? fields : &gs_answer_fields_of_json;
    gs_json_begin_object(j);
    for (size_t i = 0; i < list->count; i++) {
        const struct gs_str *string = gs_results_string(hit, list->fields[i]);
        if (string)
            string_or_null(j, gs_answer_field_name(list->fields[i]), *string);
        else
            write_field(j, hit, list->fields[i]);
    }
    gs_json_end_object(j);
}

