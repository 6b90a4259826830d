#include "indexer/where.h"

#include "common/filter/text_values.h"
#include "common/text/utf8.h"
#include "indexer/filing_kinds.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define ARENA_MAX ((size_t)16 << 20)

enum value_kind {
    VALUE_DAYS,
    VALUE_COMMIT,
    VALUE_TEXT,
    VALUE_CODES,
    VALUE_KIND,
    VALUE_EXCHANGE,
    VALUE_SOURCE,
};

static const struct field {
    const char *name;
    enum value_kind kind;
    size_t offset; /* of a gs_str in struct gs_record, or of a date in struct gs_where_filing */
} fields[] = {
    {"date", VALUE_DAYS, offsetof(struct gs_where_filing, date)},
    {"period", VALUE_DAYS, offsetof(struct gs_where_filing, period)},
    {"since", VALUE_COMMIT, 0},
    {"id", VALUE_TEXT, offsetof(struct gs_record, id)},
    {"code", VALUE_CODES, offsetof(struct gs_record, codes)},
    {"name", VALUE_TEXT, offsetof(struct gs_record, name)},
    {"company", VALUE_TEXT, offsetof(struct gs_record, company)},
    {"type", VALUE_KIND, offsetof(struct gs_record, type)},
    {"exchange", VALUE_EXCHANGE, offsetof(struct gs_record, exchange)},
    {"board", VALUE_TEXT, offsetof(struct gs_record, board)},
    {"number", VALUE_TEXT, offsetof(struct gs_record, number)},
    {"source", VALUE_SOURCE, offsetof(struct gs_record, source)},
    {"path", VALUE_TEXT, offsetof(struct gs_record, path)},
    {"url", VALUE_TEXT, offsetof(struct gs_record, url)},
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))
#define FIELDS_TEXT                                                                                \
    "date period since id code name company type exchange board number source path url"

struct gs_where_term {
    const struct field *field;
    struct gs_day_ranges days;
    struct gs_text_values texts;
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
    switch (c.valid ? c.code : UINT32_MAX) {
    case '\t':
    case '\n':
    case '\r':
    case 0x3000:
        return ' ';
    case 0xFF1A:
        return ':';
    default:
        return c.valid ? c.code : UINT32_MAX;
    }
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
    uint32_t want = 0;
    size_t at = r->at;
    for (size_t step; at < r->size; at += step) {
        uint32_t c = sign_at(r, at, &step);
        if (!want && c == ' ')
            break;
        if (want)
            want = c == want ? 0 : want;
        else if (c == '"' || c == 0x300C || c == 0x300E || c == 0x201C)
            want = c == '"' ? c : c + 1;
    }
    return at;
}

/* The commit behind since: as a number. */
static enum gaosou_status read_commit(const char *value, size_t size, uint64_t *commit,
                                      struct gs_value_flaw *flaw)
{
    *flaw = (struct gs_value_flaw){GS_FLAW_NUMBER, value, size};
    *commit = 0;
    for (size_t i = 0; i < size; i++) {
        if (value[i] < '0' || value[i] > '9' || *commit > UINT64_MAX / 10 - 1)
            return GAOSOU_E_QUERY;
        *commit = *commit * 10 + (uint64_t)(value[i] - '0');
    }
    return size ? GAOSOU_OK : GAOSOU_E_QUERY;
}

/* Values that name a kind of filing in any way become its stored name. */
static void settle_kinds(struct gs_text_values *values)
{
    for (size_t i = 0; i < values->count; i++) {
        struct gs_text_value *v = &values->items[i];
        const struct gs_filing_kind *kind =
            v->prefix ? NULL : gs_filing_kind_find(v->bytes, v->size);
        if (kind)
            *v = (struct gs_text_value){kind->name, strlen(kind->name), false};
    }
}

/* Other names of exchanges become those that are stored. */
static void settle_exchanges(struct gs_text_values *values)
{
    static const char *const names[][2] = {
        {"SH", "SSE"},      {"上交所", "SSE"},  {"SZ", "SZSE"},     {"深交所", "SZSE"},
        {"BJ", "BSE"},      {"北交所", "BSE"},  {"HK", "HKEX"},     {"港交所", "HKEX"},
        {"联交所", "HKEX"}, {"聯交所", "HKEX"}, {"新三板", "NEEQ"}, {"证交所", "TWSE"},
        {"證交所", "TWSE"},
    };
    for (size_t i = 0; i < values->count; i++) {
        struct gs_text_value *v = &values->items[i];
        for (size_t k = 0; k < sizeof(names) / sizeof(names[0]) && !v->prefix; k++) {
            if (strlen(names[k][0]) == v->size && strncasecmp(names[k][0], v->bytes, v->size) == 0)
                *v = (struct gs_text_value){names[k][1], strlen(names[k][1]), false};
        }
    }
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
        status = gs_text_values_read(arena, value, size, &term->texts, &flaw);
    if (status == GAOSOU_E_QUERY) {
        char what[256];
        gs_value_flaw_text(&flaw, term->field->name, r->chinese, what, sizeof(what));
        return fail(r, from, what);
    }
    if (status == GAOSOU_OK && term->field->kind == VALUE_KIND)
        settle_kinds(&term->texts);
    if (status == GAOSOU_OK && term->field->kind == VALUE_EXCHANGE)
        settle_exchanges(&term->texts);
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
    *w = (struct gs_where){0};
}

/* ---- judging ---- */

static enum gs_truth truth_of(bool holds)
{
    return holds ? GS_TRUTH_YES : GS_TRUTH_NO;
}

static enum gs_truth judge_codes(const struct gs_where_term *t, struct gs_str codes)
{
    const char *at = codes.bytes, *end = codes.bytes + codes.size;
    while (at < end) {
        const char *next = memchr(at, 0x1F, (size_t)(end - at));
        size_t size = (size_t)((next ? next : end) - at);
        if (gs_text_values_match_code(&t->texts, at, size))
            return GS_TRUTH_YES;
        at = next ? next + 1 : end;
    }
    return GS_TRUTH_NO;
}

static enum gs_truth judge_kind(const struct gs_where_term *t, struct gs_str type)
{
    const struct gs_filing_kind *kind = gs_filing_kind_find(type.bytes, type.size);
    return truth_of((kind && gs_text_values_match(&t->texts, kind->name, strlen(kind->name))) ||
                    gs_text_values_match(&t->texts, type.bytes, type.size));
}

/* ID, or of ARCHIVE!MEMBER and FILE:LINE what stands before any `!` or the line's number. */
static enum gs_truth judge_source(const struct gs_where_term *t, struct gs_str id)
{
    bool is_line = false, digits = false;
    for (size_t n = id.size; n > 0; n--) {
        char c = n < id.size ? id.bytes[n] : '!'; /* what stands behind the first n bytes */
        is_line = c == ':' && digits;
        digits = n < id.size && c >= '0' && c <= '9' && (digits || n + 1 == id.size);
        if ((c == '!' || is_line) && gs_text_values_match(&t->texts, id.bytes, n))
            return GS_TRUTH_YES;
    }
    return GS_TRUTH_NO;
}

static enum gs_truth judge_term(const struct gs_where_term *t, const struct gs_where_filing *f)
{
    const struct field *field = t->field;
    if (field->kind == VALUE_DAYS) {
        uint32_t date;
        memcpy(&date, (const char *)f + field->offset, sizeof(date));
        return gs_day_ranges_judge(&t->days, date);
    }
    if (field->kind == VALUE_COMMIT)
        return truth_of(f->commit > t->since);
    struct gs_str text;
    memcpy(&text, (const char *)f->record + field->offset, sizeof(text));
    if (field->kind == VALUE_SOURCE && text.size == 0)
        return judge_source(t, f->record->id);
    if (text.size == 0)
        return GS_TRUTH_UNKNOWN;
    if (field->kind == VALUE_CODES)
        return judge_codes(t, text);
    if (field->kind == VALUE_KIND)
        return judge_kind(t, text);
    return truth_of(gs_text_values_match(&t->texts, text.bytes, text.size));
}

enum gs_truth gs_where_judge(const struct gs_where *w, const struct gs_where_filing *filing)
{
    enum gs_truth least = GS_TRUTH_YES;
    for (size_t i = 0; i < w->count && least != GS_TRUTH_NO; i++) {
        enum gs_truth truth = judge_term(&w->terms[i], filing);
        least = truth < least ? truth : least;
    }
    return least;
}
