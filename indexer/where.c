#include "indexer/where.h"

#include "common/filter/field_values.h"
#include "common/text/utf8.h"
#include "common/text/white_space.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define ARENA_MAX ((size_t)16 << 20)

#define STORED_MAX ((size_t)64 << 20) /* folded bytes of a stored value */

enum value_kind { VALUE_DAYS, VALUE_COMMIT, VALUE_STRINGS, VALUE_SOURCE };

static const struct field {
    const char *name;
    enum value_kind kind;
    enum gs_value_rule rule; /* of strings */
    size_t offset; /* of a gs_str in struct gs_record, or of a date in struct gs_where_filing */
} fields[] = {
    {"date", VALUE_DAYS, 0, offsetof(struct gs_where_filing, date)},
    {"period", VALUE_DAYS, 0, offsetof(struct gs_where_filing, period)},
    {"since", VALUE_COMMIT, 0, 0},
    {"id", VALUE_STRINGS, GS_VALUES_BYTES, offsetof(struct gs_record, id)},
    {"code", VALUE_STRINGS, GS_VALUES_CODE, offsetof(struct gs_record, codes)},
    {"name", VALUE_STRINGS, GS_VALUES_TEXT, offsetof(struct gs_record, name)},
    {"company", VALUE_STRINGS, GS_VALUES_TEXT, offsetof(struct gs_record, company)},
    {"type", VALUE_STRINGS, GS_VALUES_KIND, offsetof(struct gs_record, type)},
    {"exchange", VALUE_STRINGS, GS_VALUES_EXCHANGE, offsetof(struct gs_record, exchange)},
    {"board", VALUE_STRINGS, GS_VALUES_TEXT, offsetof(struct gs_record, board)},
    {"number", VALUE_STRINGS, GS_VALUES_TEXT, offsetof(struct gs_record, number)},
    {"source", VALUE_SOURCE, GS_VALUES_BYTES, offsetof(struct gs_record, source)},
    {"path", VALUE_STRINGS, GS_VALUES_BYTES, offsetof(struct gs_record, path)},
    {"url", VALUE_STRINGS, GS_VALUES_BYTES, offsetof(struct gs_record, url)},
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))
#define FIELDS_TEXT                                                                                \
    "date period since id code name company type exchange board number source path url"

struct gs_where_term {
    const struct field *field;
    struct gs_day_ranges days;
    struct gs_field_values strings;
    uint64_t since;
};

/* ---- reading ---- */

/* A text while it is read. */
struct reader {
    struct gs_where *where;
    const char *text;
    size_t size, at;
    bool chinese;
    struct gs_err *err;
};

static size_t column_of(const struct reader *r, size_t at)
{
    size_t column = 1;
    for (size_t i = 0; i < at; i++)
        column += ((uint8_t)r->text[i] & 0xC0) != 0x80;
    return column;
}

static enum gaosou_status fail(struct reader *r, size_t at, const char *what)
{
    return gs_err_set(r->err, GAOSOU_E_QUERY,
                      r->chinese ? "--where 第 %zu 列：%s" : "--where, column %zu: %s",
                      column_of(r, at), what);
}

static uint32_t sign_at(const struct reader *r, size_t at, size_t *step)
{
    struct gs_utf8_char c = gs_utf8_decode((const uint8_t *)r->text + at, r->size - at);
    *step = c.size ? c.size : r->size - at;
    if (!c.valid)
        return UINT32_MAX;
    if (gs_char_is_white_space(c.code))
        return ' ';
    return c.code == 0xFF1A ? ':' : c.code;
}

/* Consumes `name:`. */
static enum gaosou_status read_field(struct reader *r, const struct field **field)
{
    size_t from = r->at, step = 0;
    uint32_t c = 0;
    while (r->at < r->size && (c = sign_at(r, r->at, &step)) != ':' && c != ' ')
        r->at += step;
    char what[256];
    for (size_t i = 0; c == ':' && i < FIELDS; i++) {
        if (strlen(fields[i].name) == r->at - from &&
            strncasecmp(fields[i].name, r->text + from, r->at - from) == 0) {
            *field = &fields[i];
            r->at += step;
            return GAOSOU_OK;
        }
    }
    snprintf(what, sizeof(what),
             r->chinese ? "须为 字段:值，字段为 " FIELDS_TEXT
                        : "a FIELD:VALUE is wanted, with one of the fields " FIELDS_TEXT);
    return fail(r, from, what);
}

/* The end of the value at r->at: a space outside quotes. */
static size_t value_end(const struct reader *r)
{
    struct gs_value_scan scan = {.at_start = true};
    size_t at = r->at;
    for (size_t step; at < r->size; at += step) {
        uint32_t c = sign_at(r, at, &step);
        if (!gs_value_scan_step(&scan, c) && c == ' ')
            break;
    }
    return at;
}

/* The commit behind since: as a number. */
static enum gaosou_status read_commit(const char *value, size_t size, uint64_t *commit,
                                      struct gs_value_flaw *flaw)
{
    *flaw = (struct gs_value_flaw){GS_FLAW_NUMBER, value, size, 0};
    *commit = 0;
    for (size_t i = 0; i < size; i++) {
        if (value[i] < '0' || value[i] > '9' || *commit > UINT64_MAX / 10 - 1)
            return GAOSOU_E_QUERY;
        *commit = *commit * 10 + (uint64_t)(value[i] - '0');
    }
    return size ? GAOSOU_OK : GAOSOU_E_QUERY;
}

static enum gaosou_status read_value(struct reader *r, struct gs_where_term *term)
{
    struct gs_value_flaw flaw = {.kind = GS_FLAW_EMPTY};
    struct gs_arena *arena = &r->where->arena;
    size_t from = r->at;
    r->at = value_end(r);
    const char *value = r->text + from;
    size_t size = r->at - from;
    enum gaosou_status status = GAOSOU_E_QUERY;
    if (size > 0 && term->field->kind == VALUE_DAYS)
        status = gs_day_ranges_read(arena, value, size, &term->days, &flaw);
    else if (size > 0 && term->field->kind == VALUE_COMMIT)
        status = read_commit(value, size, &term->since, &flaw);
    else if (size > 0)
        status = gs_field_values_read(arena, term->field->rule, value, size, &term->strings, &flaw);
    if (status == GAOSOU_E_QUERY) {
        char what[256];
        gs_value_flaw_text(&flaw, term->field->name, r->chinese, what, sizeof(what));
        return fail(r, from + flaw.at, what);
    }
    return status == GAOSOU_OK ? GAOSOU_OK : gs_err_nomem(r->err, ARENA_MAX);
}

static enum gaosou_status read_terms(struct reader *r)
{
    struct gs_where *w = r->where;
    for (;;) {
        size_t step;
        while (r->at < r->size && sign_at(r, r->at, &step) == ' ')
            r->at += step;
        if (r->at == r->size)
            break;
        if (w->count == GS_WHERE_TERMS_MAX)
            return fail(r, r->at,
                        r->chinese ? "筛选条件过多（最多 64 个）"
                                   : "too many filters (64 at most)");
        struct gs_where_term *term = &w->terms[w->count++];
        enum gaosou_status status = read_field(r, &term->field);
        if (status == GAOSOU_OK)
            status = read_value(r, term);
        if (status != GAOSOU_OK)
            return status;
    }
    return w->count ? GAOSOU_OK
                    : fail(r, 0, r->chinese ? "没有筛选条件" : "there is no filter in it");
}

enum gaosou_status gs_where_parse(struct gs_where *w, const char *text, bool chinese,
                                  struct gs_err *err)
{
    *w = (struct gs_where){0};
    gs_arena_init(&w->arena, ARENA_MAX);
    gs_buf_init(&w->scratch, STORED_MAX);
    struct reader r = {
        .where = w, .text = text, .size = strlen(text), .chinese = chinese, .err = err};
    w->terms = gs_arena_alloc(&w->arena, GS_WHERE_TERMS_MAX * sizeof(*w->terms));
    enum gaosou_status status = w->terms ? GAOSOU_OK : gs_err_nomem(err, ARENA_MAX);
    if (status == GAOSOU_OK) {
        memset(w->terms, 0, GS_WHERE_TERMS_MAX * sizeof(*w->terms));
        status = read_terms(&r);
    }
    if (status != GAOSOU_OK)
        gs_where_release(w);
    return status;
}

void gs_where_release(struct gs_where *w)
{
    gs_arena_release(&w->arena);
    gs_buf_release(&w->scratch);
    *w = (struct gs_where){0};
}

/* ---- judging ---- */

static enum gs_truth truth_of(bool holds)
{
    return holds ? GS_TRUTH_YES : GS_TRUTH_NO;
}

/* ID, or of ARCHIVE!MEMBER and FILE:LINE what stands before any `!` or the line's number. */
static enum gaosou_status judge_source(struct gs_where *w, const struct gs_where_term *t,
                                       struct gs_str id, enum gs_truth *truth)
{
    bool is_line = false, digits = false;
    enum gaosou_status status = GAOSOU_OK;
    *truth = GS_TRUTH_NO;
    for (size_t n = id.size; n > 0 && status == GAOSOU_OK && *truth == GS_TRUTH_NO; n--) {
        char c = n < id.size ? id.bytes[n] : '!'; /* what stands behind the first n bytes */
        is_line = c == ':' && digits;
        digits = n < id.size && c >= '0' && c <= '9' && (digits || n + 1 == id.size);
        if (c == '!' || is_line)
            status = gs_field_values_judge(&t->strings, id.bytes, n, &w->scratch, truth);
    }
    return status;
}

static enum gaosou_status judge_term(struct gs_where *w, const struct gs_where_term *t,
                                     const struct gs_where_filing *f, enum gs_truth *truth)
{
    const struct field *field = t->field;
    if (field->kind == VALUE_DAYS) {
        uint32_t date;
        memcpy(&date, (const char *)f + field->offset, sizeof(date));
        *truth = gs_day_ranges_judge(&t->days, date);
        return GAOSOU_OK;
    }
    if (field->kind == VALUE_COMMIT) {
        *truth = truth_of(f->commit > t->since);
        return GAOSOU_OK;
    }
    struct gs_str text;
    memcpy(&text, (const char *)f->record + field->offset, sizeof(text));
    if (field->kind == VALUE_SOURCE && text.size == 0)
        return judge_source(w, t, f->record->id, truth);
    return gs_field_values_judge(&t->strings, text.bytes, text.size, &w->scratch, truth);
}

enum gaosou_status gs_where_judge(struct gs_where *w, const struct gs_where_filing *filing,
                                  enum gs_truth *truth, struct gs_err *err)
{
    enum gs_truth least = GS_TRUTH_YES;
    for (size_t i = 0; i < w->count && least != GS_TRUTH_NO; i++) {
        enum gs_truth one = GS_TRUTH_NO;
        enum gaosou_status status = judge_term(w, &w->terms[i], filing, &one);
        if (status != GAOSOU_OK)
            return gs_err_set(err, status, "a stored value could not be compared: %s",
                              gaosou_status_text(status));
        least = one < least ? one : least;
    }
    *truth = least;
    return GAOSOU_OK;
}
