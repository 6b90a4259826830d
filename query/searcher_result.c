/* gaosou_result and gaosou_hit: an answer, looked at one thing at a time. */
#include "common/base/json_write.h"
#include "query/searcher.h"

#include <string.h>

static const struct gs_results_head *head_of(const gaosou_result *r)
{
    static const struct gs_results_head none;
    return r ? gs_answer_head(r->session->answerer) : &none;
}

static const struct gs_result *found_by(const gaosou_result *r)
{
    static const struct gs_result none;
    return r ? gs_answer_result(r->session->answerer) : &none;
}

static void put_flag(int *flag, bool value)
{
    if (flag)
        *flag = value;
}

static void put_number(uint64_t *out, uint64_t number)
{
    if (out)
        *out = number;
}

static void put_text(const char **out, const char *text)
{
    if (out)
        *out = text;
}

/* ---- the answer as a whole ---- */

uint64_t gaosou_result_commit(const gaosou_result *result)
{
    if (!result)
        return 0;
    return result->session->snapshot->snapshot.manifest.commit;
}

uint64_t gaosou_result_total(const gaosou_result *result, int *exact)
{
    put_flag(exact, head_of(result)->total_exact);
    return head_of(result)->total;
}

uint64_t gaosou_result_occurrences(const gaosou_result *result, int *exact)
{
    put_flag(exact, head_of(result)->hits_exact);
    return head_of(result)->hits_total;
}

uint64_t gaosou_result_collapsed(const gaosou_result *result)
{
    return found_by(result)->collapsed;
}

const char *gaosou_result_read_as(const gaosou_result *result)
{
    return result ? head_of(result)->read_as : "";
}

int gaosou_result_is_partial(const gaosou_result *result)
{
    return found_by(result)->partial;
}

int gaosou_result_is_continued(const gaosou_result *result)
{
    return found_by(result)->continued_elsewhere;
}

const char *gaosou_result_cursor(const gaosou_result *result)
{
    return head_of(result)->cursor;
}

uint64_t gaosou_result_took(const gaosou_result *result)
{
    return head_of(result)->took_us;
}

/* The index-th of `count` numbers that is not 0; count where there are fewer. */
static size_t nth_nonzero(const uint64_t *numbers, size_t count, size_t index)
{
    for (size_t i = 0; i < count; i++) {
        if (numbers[i] > 0 && index-- == 0)
            return i;
    }
    return count;
}

int gaosou_result_unjudged(const gaosou_result *result, size_t index, const char **field,
                           uint64_t *filings)
{
    if (!result)
        return 0;
    const struct gs_query *query = gs_answer_query(result->session->answerer);
    const uint64_t *counts = found_by(result)->unjudged;
    size_t at = nth_nonzero(counts, query->filter_field_count, index);
    if (at == query->filter_field_count)
        return 0;
    put_text(field, query->filter_fields[at]);
    put_number(filings, counts[at]);
    return 1;
}

int gaosou_result_unsearched(const gaosou_result *result, size_t index, const char **reason,
                             uint64_t *filings)
{
    const uint64_t *counts = found_by(result)->unsearched;
    size_t at = nth_nonzero(counts, GS_TEXT_STATE_COUNT, index);
    if (at == GS_TEXT_STATE_COUNT)
        return 0;
    put_text(reason, gs_json_text_state((enum gs_text_state)at));
    put_number(filings, counts[at]);
    return 1;
}

int gaosou_result_together(const gaosou_result *result, uint64_t *sentence, uint64_t *paragraph)
{
    const struct gs_together *together = head_of(result)->together;
    if (!together)
        return 0;
    put_number(sentence, together->sentence);
    put_number(paragraph, together->paragraph);
    return 1;
}

/* ---- facets ---- */

static const struct gs_facet *facet_at(const gaosou_result *r, size_t index)
{
    const struct gs_result *found = found_by(r);
    return found->facets && index < gs_answer_facet_count(r->session->answerer)
               ? &found->facets[index]
               : NULL;
}

int gaosou_result_facet(const gaosou_result *result, size_t index, const char **name,
                        size_t *values, uint64_t *more, uint64_t *unknown)
{
    const struct gs_facet *facet = facet_at(result, index);
    if (!facet)
        return 0;
    if (name)
        *name = facet->name;
    if (values)
        *values = facet->value_count;
    if (more)
        *more = facet->more;
    if (unknown)
        *unknown = facet->unknown;
    return 1;
}

/* Bytes and their number; size may be NULL. */
static const char *give(struct gs_str s, size_t *size)
{
    if (size)
        *size = s.size;
    return s.size ? s.bytes : NULL;
}

int gaosou_result_facet_value(const gaosou_result *result, size_t facet, size_t index,
                              const char **value, size_t *size, uint64_t *filings)
{
    const struct gs_facet *f = facet_at(result, facet);
    if (!f || index >= f->value_count)
        return 0;
    put_text(value, give(f->values[index].value, size));
    put_number(filings, f->values[index].count);
    return 1;
}

/* ---- hits ---- */

size_t gaosou_result_hit_count(const gaosou_result *result)
{
    return found_by(result)->hit_count;
}

enum gaosou_status gaosou_result_hit(const gaosou_result *result, size_t index,
                                     const gaosou_hit **hit, gaosou_error *error)
{
    GS_API_REQUIRE(error, result);
    GS_API_REQUIRE(error, hit);
    struct gs_err err = {0};
    gaosou_session *session = result->session;
    enum gaosou_status status = gs_answer_fill(session->answerer, index, &session->hit.hit, &err);
    if (status == GAOSOU_OK)
        *hit = &session->hit;
    return gs_api_return(error, status, &err);
}

enum gaosou_status gs_session_give_json(struct gs_buf *out, enum gaosou_status status,
                                        struct gs_err *err, const char **json, size_t *size,
                                        gaosou_error *error)
{
    gs_buf_append_u8(out, 0);
    if (status == GAOSOU_OK)
        status = gs_buf_status(out);
    if (status != GAOSOU_OK) {
        gs_buf_release(out);
        return gs_api_return(error, status, err);
    }
    *json = (const char *)out->data;
    if (size)
        *size = out->size - 1;
    return GAOSOU_OK;
}

enum gaosou_status gaosou_result_json(const gaosou_result *result, const char **json, size_t *size,
                                      gaosou_error *error)
{
    GS_API_REQUIRE(error, result);
    GS_API_REQUIRE(error, json);
    struct gs_err err = {0};
    struct gs_buf *out = &result->session->json;
    gs_buf_clear(out);
    enum gaosou_status status = gs_answer_write_json(result->session->answerer, out, &err);
    return gs_session_give_json(out, status, &err, json, size, error);
}

static const struct gs_results_hit *shown(const gaosou_hit *hit)
{
    static const struct gs_results_hit none;
    return hit ? &hit->hit : &none;
}

uint64_t gaosou_hit_rank(const gaosou_hit *hit)
{
    return shown(hit)->rank;
}

double gaosou_hit_score(const gaosou_hit *hit)
{
    return shown(hit)->score;
}

const char *gaosou_hit_field(const gaosou_hit *hit, enum gaosou_field field, size_t *size)
{
    const struct gs_record *r = &shown(hit)->record;
    switch (field) {
    case GAOSOU_FIELD_ID:
        return give(r->id, size);
    case GAOSOU_FIELD_TITLE:
        return give(r->title, size);
    case GAOSOU_FIELD_CODES:
        return give(r->codes, size);
    case GAOSOU_FIELD_NAME:
        return give(r->name, size);
    case GAOSOU_FIELD_COMPANY:
        return give(r->company, size);
    case GAOSOU_FIELD_EXCHANGE:
        return give(r->exchange, size);
    case GAOSOU_FIELD_BOARD:
        return give(r->board, size);
    case GAOSOU_FIELD_DATE:
        return give(r->date, size);
    case GAOSOU_FIELD_PERIOD:
        return give(r->period, size);
    case GAOSOU_FIELD_TYPE:
        return give(r->type, size);
    case GAOSOU_FIELD_NUMBER:
        return give(r->number, size);
    case GAOSOU_FIELD_URL:
        return give(r->url, size);
    case GAOSOU_FIELD_PATH:
        return give(r->path, size);
    case GAOSOU_FIELD_EXTRA:
        return give(r->extra, size);
    }
    return give((struct gs_str){0}, size);
}

const char *gaosou_hit_code(const gaosou_hit *hit, size_t index, size_t *size)
{
    struct gs_str left = shown(hit)->record.codes;
    while (left.size > 0) {
        const char *end = memchr(left.bytes, 0x1F, left.size);
        size_t length = end ? (size_t)(end - left.bytes) : left.size;
        if (length > 0 && index-- == 0)
            return give((struct gs_str){left.bytes, length}, size);
        size_t step = end ? length + 1 : length;
        left.bytes += step;
        left.size -= step;
    }
    return give((struct gs_str){0}, size);
}

const char *gaosou_hit_unsearched(const gaosou_hit *hit)
{
    return gs_json_text_state(shown(hit)->text_state);
}

int gaosou_hit_term(const gaosou_hit *hit, size_t index, const char **text, uint64_t *count)
{
    if (index >= shown(hit)->term_count)
        return 0;
    put_text(text, shown(hit)->terms[index].text);
    put_number(count, shown(hit)->terms[index].count);
    return 1;
}

const char *gaosou_hit_duplicate(const gaosou_hit *hit, size_t index, size_t *size)
{
    bool is_there = shown(hit)->twins && index < shown(hit)->twin_count;
    return give(is_there ? shown(hit)->twins[index] : (struct gs_str){0}, size);
}

uint32_t gaosou_hit_page(const gaosou_hit *hit)
{
    return shown(hit)->place.sheet;
}

const char *gaosou_hit_label(const gaosou_hit *hit, size_t *size)
{
    return give(shown(hit)->place.label, size);
}

const char *gaosou_hit_section(const gaosou_hit *hit, size_t *size)
{
    return give(shown(hit)->place.section, size);
}

enum gaosou_status gaosou_hit_json(const gaosou_hit *hit, const char **json, size_t *size,
                                   gaosou_error *error)
{
    GS_API_REQUIRE(error, hit);
    GS_API_REQUIRE(error, json);
    struct gs_buf *out = hit->json;
    struct gs_err err = {0};
    struct gs_json j;
    gs_buf_clear(out);
    gs_json_init(&j, out);
    gs_json_write_hit(&j, &hit->hit, NULL);
    return gs_session_give_json(out, GAOSOU_OK, &err, json, size, error);
}

/* ---- fragments ---- */

static const struct gs_results_fragment *fragment_at(const gaosou_hit *hit, size_t index)
{
    static const struct gs_results_fragment none;
    return index < shown(hit)->fragment_count ? &shown(hit)->fragments[index] : &none;
}

size_t gaosou_hit_fragment_count(const gaosou_hit *hit)
{
    return shown(hit)->fragment_count;
}

const char *gaosou_hit_fragment(const gaosou_hit *hit, size_t fragment, size_t *size)
{
    return give(fragment_at(hit, fragment)->text, size);
}

int gaosou_hit_span(const gaosou_hit *hit, size_t fragment, size_t index, size_t *start,
                    size_t *end)
{
    const struct gs_results_fragment *f = fragment_at(hit, fragment);
    if (index >= f->span_count)
        return 0;
    if (start)
        *start = f->spans[index].start;
    if (end)
        *end = f->spans[index].end;
    return 1;
}

uint32_t gaosou_hit_fragment_page(const gaosou_hit *hit, size_t fragment)
{
    return fragment_at(hit, fragment)->place.sheet;
}

const char *gaosou_hit_fragment_label(const gaosou_hit *hit, size_t fragment, size_t *size)
{
    return give(fragment_at(hit, fragment)->place.label, size);
}

const char *gaosou_hit_fragment_section(const gaosou_hit *hit, size_t fragment, size_t *size)
{
    return give(fragment_at(hit, fragment)->place.section, size);
}
