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

static void write_place(struct gs_json *j, const struct gs_results_place *place)
{
    gs_json_key(j, "page");
    if (place->sheet)
        gs_json_u64(j, place->sheet);
    else
        gs_json_null(j);
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
        gs_json_key(j, "spans");
        gs_json_begin_array(j);
        for (size_t k = 0; k < f->span_count; k++) {
            gs_json_begin_array(j);
            gs_json_u64(j, f->spans[k].start);
            gs_json_u64(j, f->spans[k].end);
            gs_json_end_array(j);
        }
        gs_json_end_array(j);
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
    gs_json_key(j, "cursor");
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

void gs_json_write_hit(struct gs_json *j, const struct gs_results_hit *hit)
{
    const struct gs_record *r = &hit->record;
    gs_json_begin_object(j);
    gs_json_key(j, "rank");
    gs_json_u64(j, hit->rank);
    gs_json_key(j, "score");
    gs_json_double(j, hit->score);
    string_or_null(j, "id", r->id);
    string_or_null(j, "title", r->title);
    write_codes(j, r->codes);
    string_or_null(j, "name", r->name);
    string_or_null(j, "company", r->company);
    string_or_null(j, "exchange", r->exchange);
    string_or_null(j, "board", r->board);
    string_or_null(j, "date", r->date);
    string_or_null(j, "period", r->period);
    string_or_null(j, "type", r->type);
    string_or_null(j, "number", r->number);
    string_or_null(j, "url", r->url);
    string_or_null(j, "path", r->path);
    gs_json_key(j, "unsearched");
    if (hit->text_state == GS_TEXT_READ)
        gs_json_null(j);
    else
        gs_json_string(j, gs_json_text_state(hit->text_state));
    write_twins(j, hit);
    write_place(j, &hit->place);
    write_terms(j, hit);
    write_extra(j, r->extra);
    write_fragments(j, hit);
    gs_json_end_object(j);
}

void gs_json_write_tail(struct gs_json *j)
{
    gs_json_end_array(j);
    gs_json_end_object(j);
}
