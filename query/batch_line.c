#include "query/batch_line.h"

#include "common/base/json_scan.h"
#include "common/base/utf8_valid.h"
#include "query/option_table.h"
#include "query/option_values.h"

#include <stddef.h>
#include <stdio.h>

#define KEY_MAX   32u /* bytes of the longest key that is known */
#define KEY_SHOWN 64u /* bytes of one that is not, in a message */

/* Keys that are not one option under its own name. */
enum own_key { KEY_QUERY, KEY_LITERAL, KEY_FACETS, KEY_FILTERS, KEY_ID, OWN_KEYS };
static const char *const own_keys[OWN_KEYS] = {"q", "literal", "facets", "filters", "id"};

/* Options that a line may set. */
#define LINE_OPTIONS                                                                               \
    (GS_OPTION_BIT(ANY) | GS_OPTION_BIT(B) | GS_OPTION_BIT(COLLAPSE) | GS_OPTION_BIT(CONTEXT) |    \
     GS_OPTION_BIT(COUNT) | GS_OPTION_BIT(CURSOR) | GS_OPTION_BIT(EXPLAIN) |                       \
     GS_OPTION_BIT(FACET_LIMIT) | GS_OPTION_BIT(FRAGMENTS) | GS_OPTION_BIT(K1) |                   \
     GS_OPTION_BIT(LIMIT) | GS_OPTION_BIT(MIN_MATCH) | GS_OPTION_BIT(NO_SNIPPETS) |                \
     GS_OPTION_BIT(OFFSET) | GS_OPTION_BIT(RANK) | GS_OPTION_BIT(SORT) | GS_OPTION_BIT(SPANS) |    \
     GS_OPTION_BIT(TIES) | GS_OPTION_BIT(TIMEOUT) | GS_OPTION_BIT(TOGETHER) |                      \
     GS_OPTION_BIT(UNKNOWN) | GS_OPTION_BIT(WITHIN))

/* A line while it is read. */
struct reading {
    struct gs_batch_line *line;
    struct gs_json_scan s;
    char key[KEY_MAX];
    uint64_t options; /* bits of those given */
    unsigned own;     /* bits of the own keys given */
    bool any, literal, min_match;
    const uint8_t *start; /* of the line */
    struct gs_err *err;
};

/* A failure that is no problem of the JSON: *err holds it. */
#define WRONG(r, ...) (gs_err_set((r)->err, GAOSOU_E_USE, __VA_ARGS__), false)

/* What is wrong with a key, at its place, with its name as far as it can be shown in a line. */
static bool wrong_key(struct reading *r, struct gs_str key, const uint8_t *at, const char *what)
{
    size_t shown = key.size < KEY_SHOWN ? key.size : KEY_SHOWN;
    while (shown > 0 && shown < key.size && ((uint8_t)key.bytes[shown] & 0xC0) == 0x80)
        shown--;
    for (size_t i = 0; i < shown; i++) {
        if ((uint8_t)key.bytes[i] < 0x20)
            shown = i;
    }
    (void)gs_err_set(r->err, GAOSOU_E_INPUT, "column %zu: %s: %.*s%s", (size_t)(at - r->start) + 1,
                     what, (int)shown, key.size ? key.bytes : "", shown < key.size ? "…" : "");
    return false;
}

/* The value of the key that was read last is not what it must be. */
static bool wrong_value(struct reading *r, const char *wanted)
{
    gs_json_scan_space(&r->s);
    (void)gs_err_set(r->err, GAOSOU_E_INPUT, "column %zu: \"%s\": this value must be %s",
                     (size_t)(r->s.p - r->start) + 1, r->key, wanted);
    return false;
}

void gs_batch_line_init(struct gs_batch_line *l)
{
    *l = (struct gs_batch_line){0};
    gs_buf_init(&l->strings, 2 * GS_BATCH_LINE_MAX + 64);
    gs_buf_init(&l->value, GS_BATCH_LINE_MAX + 1);
    gs_buf_init(&l->filters, 2 * GS_BATCH_LINE_MAX);
    gs_buf_init(&l->facets, 2 * GS_BATCH_LINE_MAX);
    gs_buf_init(&l->cursor, GS_BATCH_LINE_MAX + 1);
}

void gs_batch_line_release(struct gs_batch_line *l)
{
    gs_buf_release(&l->strings);
    gs_buf_release(&l->value);
    gs_buf_release(&l->filters);
    gs_buf_release(&l->facets);
    gs_buf_release(&l->cursor);
}

/* ---- values ---- */

static bool take_bool(struct reading *r, bool *out)
{
    gs_json_scan_space(&r->s);
    *out = gs_json_scan_literal(&r->s, "true");
    return *out || gs_json_scan_literal(&r->s, "false") || wrong_value(r, "true or false");
}

static bool take_text(struct reading *r, struct gs_str *out)
{
    if (!gs_json_scan_peek(&r->s, '"'))
        return wrong_value(r, "a string");
    return gs_json_scan_string(&r->s, out);
}

/* A string, or a number by its spelling. */
static bool take_scalar(struct reading *r, struct gs_str *out)
{
    if (gs_json_scan_peek(&r->s, '"'))
        return gs_json_scan_string(&r->s, out);
    if (r->s.p < r->s.end && (*r->s.p == '-' || (*r->s.p >= '0' && *r->s.p <= '9')))
        return gs_json_scan_number(&r->s, out);
    return wrong_value(r, "a string or a number");
}

/* The text with a NUL behind it, until the next one. */
static const char *as_c_string(struct reading *r, struct gs_buf *into, struct gs_str text)
{
    if (text.size > 0 && memchr(text.bytes, 0, text.size)) {
        (void)WRONG(r, "\"%s\": the value has a NUL character in it", r->key);
        return NULL;
    }
    gs_buf_clear(into);
    gs_buf_append(into, text.size ? text.bytes : "", text.size);
    gs_buf_append_u8(into, 0);
    if (gs_buf_status(into) == GAOSOU_OK)
        return (const char *)into->data;
    (void)gs_err_nomem(r->err, text.size);
    return NULL;
}

static bool add_item(struct reading *r, struct gs_buf *out, char separator, struct gs_str item)
{
    if (separator == '\0' && item.size > 0 && memchr(item.bytes, 0, item.size))
        return WRONG(r, "\"%s\": the value has a NUL character in it", r->key);
    if (separator != '\0' && out->size > 0)
        gs_buf_append_u8(out, (uint8_t)separator);
    gs_buf_append(out, item.size ? item.bytes : "", item.size);
    if (separator == '\0')
        gs_buf_append_u8(out, 0);
    return gs_buf_status(out) == GAOSOU_OK || (gs_err_nomem(r->err, item.size), false);
}

/* A list of strings into *out, with the separator between them, or each NUL-ended for '\0'. */
static bool take_list(struct reading *r, char separator, struct gs_buf *out, size_t *count)
{
    struct gs_str item;
    *count = 0;
    (void)gs_json_scan_take(&r->s, '[');
    if (gs_json_scan_take(&r->s, ']'))
        return true;
    do {
        if (!take_text(r, &item) || !add_item(r, out, separator, item))
            return false;
        ++*count;
    } while (gs_json_scan_take(&r->s, ','));
    return gs_json_scan_take(&r->s, ']') || gs_json_scan_fail(&r->s, "a comma or ] is missing");
}

/* ---- keys ---- */

/* Names of fields in a list, or in one string with commas between them. */
static bool read_facets(struct reading *r)
{
    struct gs_request *request = &r->line->request;
    struct gs_buf *names = &r->line->facets;
    const struct gs_option_context c = {.name = r->key, .chinese = request->chinese, .err = r->err};
    struct gs_str list;
    size_t count = 0;
    gs_buf_clear(names);
    if (gs_json_scan_peek(&r->s, '[')) {
        if (!take_list(r, '\0', names, &count))
            return false;
    } else {
        if (!take_text(r, &list))
            return false;
        const char *text = as_c_string(r, &r->line->value, list);
        if (!text || gs_option_list(&c, text, GS_FACETS_MAX, names, &count) != GAOSOU_OK)
            return false;
    }
    if (count > GS_FACETS_MAX)
        return WRONG(r, "\"%s\": at most %d of them", r->key, GS_FACETS_MAX);
    const char *name = (const char *)names->data;
    for (size_t i = 0; i < count; i++, name += strlen(name) + 1)
        request->facets[i].name = name;
    request->facet_count = count;
    return true;
}

/* One text of filters, or several, all of which have to hold. */
static bool read_filters(struct reading *r)
{
    struct gs_buf *filters = &r->line->filters;
    struct gs_str text;
    size_t count;
    gs_buf_clear(filters);
    bool good = gs_json_scan_peek(&r->s, '[')
                    ? take_list(r, ' ', filters, &count)
                    : take_text(r, &text) && add_item(r, filters, ' ', text);
    r->line->request.filters = filters->size ? (const char *)filters->data : NULL;
    r->line->request.filters_size = filters->size;
    return good;
}

/* A string or a number, kept as it is spelled. */
static bool read_id(struct reading *r)
{
    struct gs_str value;
    gs_json_scan_space(&r->s);
    const uint8_t *start = r->s.p;
    if (!take_scalar(r, &value))
        return false;
    r->line->id = (struct gs_str){(const char *)start, (size_t)(r->s.p - start)};
    return true;
}

static bool read_own(struct reading *r, enum own_key key)
{
    struct gs_str text;
    switch (key) {
    case KEY_QUERY:
        if (!take_text(r, &text))
            return false;
        r->line->request.text = text.bytes;
        r->line->request.text_size = text.size;
        return true;
    case KEY_LITERAL:
        return take_bool(r, &r->literal);
    case KEY_FACETS:
        return read_facets(r);
    case KEY_FILTERS:
        return read_filters(r);
    case KEY_ID:
        return read_id(r);
    case OWN_KEYS:
        break;
    }
    return false;
}

/* A field of the request, by its place in the options of the command. */
static void *field_of(struct reading *r, const struct gs_option_row *row)
{
    return (char *)&r->line->request + (row->offset - offsetof(struct gs_query_options, request));
}

static bool set_flag(struct reading *r, const struct gs_option_row *row)
{
    if (row->option == GS_OPTION_ANY)
        return take_bool(r, &r->any);
    return take_bool(r, field_of(r, row));
}

/* The value of an option that has a form of its own. */
static enum gaosou_status set_other(struct reading *r, const struct gs_option_context *c,
                                    enum gs_option option, const char *text)
{
    static const char *const span_words[] = {"bytes", "utf16", NULL};
    struct gs_request *request = &r->line->request;
    enum gaosou_status status;
    unsigned choice = 0;
    switch (option) {
    case GS_OPTION_MIN_MATCH:
        r->min_match = true;
        return gs_option_share(c, text, &request->search.min_match,
                               &request->search.min_match_percent);
    case GS_OPTION_TIMEOUT:
        return gs_option_duration(c, text, &request->timeout_ns);
    case GS_OPTION_SPANS:
        status = gs_option_choice(c, text, span_words, &choice);
        if (status == GAOSOU_OK)
            request->utf16 = choice == 1;
        return status;
    case GS_OPTION_RANK:
        if (gs_ranking_read(text, strlen(text), &request->search.ranking))
            return GAOSOU_OK;
        return gs_err_set(r->err, GAOSOU_E_USE,
                          "\"rank\" wants plain, full, or some of title, proximity, stop, passages "
                          "with commas between them, not '%.100s'",
                          text);
    default:
        return gs_err_set(r->err, GAOSOU_E_USE, "\"%s\" is not for a line", r->key);
    }
}

static enum gaosou_status set_value(struct reading *r, const struct gs_option_row *row,
                                    const char *text)
{
    char quoted[KEY_MAX + 2];
    snprintf(quoted, sizeof(quoted), "\"%s\"", r->key);
    const struct gs_option_context c = {
        .name = quoted, .chinese = r->line->request.chinese, .err = r->err};
    enum gaosou_status status;
    unsigned choice;
    switch (row->kind) {
    case GS_KIND_SIZE:
    case GS_KIND_ALL:
        return gs_option_size(&c, text, row->kind == GS_KIND_ALL, row->number, field_of(r, row));
    case GS_KIND_DOUBLE:
        return gs_option_double(&c, text, (double)row->number, field_of(r, row));
    case GS_KIND_CHOICE:
        status = gs_option_choice(&c, text, row->words, &choice);
        if (status == GAOSOU_OK)
            memcpy(field_of(r, row), &choice, sizeof(choice));
        return status;
    default:
        return set_other(r, &c, row->option, text);
    }
}

static bool read_option(struct reading *r, const struct gs_option_row *row)
{
    struct gs_str value;
    bool is_cursor = row->option == GS_OPTION_CURSOR;
    if (!gs_option_has_value(row))
        return set_flag(r, row);
    if (is_cursor ? !take_text(r, &value) : !take_scalar(r, &value))
        return false;
    const char *text = as_c_string(r, is_cursor ? &r->line->cursor : &r->line->value, value);
    if (text && is_cursor)
        r->line->request.cursor = text;
    return text && (is_cursor || set_value(r, row, text) == GAOSOU_OK);
}

/* The option that a key names: `min_match` is --min-match. NULL: none that a line may set. */
static const struct gs_option_row *option_of(const char *key)
{
    char name[KEY_MAX + 2] = "--";
    const char *value;
    size_t size = strlen(key);
    for (size_t i = 0; i <= size; i++) {
        if (key[i] == '-' || key[i] == '=')
            return NULL;
        name[i + 2] = key[i] == '_' ? '-' : key[i];
    }
    const struct gs_option_row *row = gs_option_find(name, &value);
    return row && (LINE_OPTIONS >> row->option & 1) ? row : NULL;
}

static bool note_key(struct reading *r, struct gs_str key, const uint8_t *at)
{
    if (key.size == 0 || key.size >= KEY_MAX || memchr(key.bytes, 0, key.size))
        return wrong_key(r, key, at, "no such key");
    memcpy(r->key, key.bytes, key.size);
    r->key[key.size] = '\0';
    return true;
}

static bool read_key(struct reading *r, struct gs_str key, const uint8_t *at)
{
    bool again = false;
    gs_json_scan_space(&r->s);
    for (size_t i = 0; i < OWN_KEYS; i++) {
        if (strcmp(r->key, own_keys[i]) != 0)
            continue;
        again = r->own >> i & 1;
        r->own |= 1u << i;
        if (again)
            return wrong_key(r, key, at, "a key given twice");
        return gs_json_scan_literal(&r->s, "null") || read_own(r, (enum own_key)i);
    }
    const struct gs_option_row *row = option_of(r->key);
    if (!row)
        return wrong_key(r, key, at, "no such key");
    again = r->options >> row->option & 1;
    r->options |= UINT64_C(1) << row->option;
    if (again)
        return wrong_key(r, key, at, "a key given twice");
    return gs_json_scan_literal(&r->s, "null") || read_option(r, row);
}

static bool read_object(struct reading *r)
{
    struct gs_str key;
    if (!gs_json_scan_take(&r->s, '{'))
        return gs_json_scan_fail(&r->s, "an object in { } is wanted");
    if (gs_json_scan_take(&r->s, '}'))
        return true;
    do {
        if (!gs_json_scan_peek(&r->s, '"'))
            return gs_json_scan_fail(&r->s, "a key in quotes is missing");
        const uint8_t *at = r->s.p;
        if (!gs_json_scan_string(&r->s, &key) || !note_key(r, key, at))
            return false;
        if (!gs_json_scan_take(&r->s, ':'))
            return gs_json_scan_fail(&r->s, "a colon is missing");
        if (!read_key(r, key, at))
            return false;
    } while (gs_json_scan_take(&r->s, ','));
    return gs_json_scan_take(&r->s, '}') || gs_json_scan_fail(&r->s, "a comma or } is missing");
}

/* ---- the line ---- */

/* What the keys mean together. */
static bool settle(struct reading *r)
{
    struct gs_request *request = &r->line->request;
    if (!(r->own & 1u << KEY_QUERY) && request->filters_size == 0)
        return WRONG(r, "the key \"q\" is missing: the query");
    if (r->any && r->literal)
        return WRONG(r, "\"any\" and \"literal\" do not go together");
    if (r->options & GS_OPTION_BIT(ANY))
        request->mode = r->any ? GS_QUERY_ANY : GS_QUERY_SYNTAX;
    if (r->own & 1u << KEY_LITERAL)
        request->mode = r->literal ? GS_QUERY_LITERAL : request->mode;
    if (r->min_match && request->mode != GS_QUERY_ANY)
        return WRONG(r, "\"min_match\" goes with \"any\" alone");
    if (request->mode == GS_QUERY_ANY && request->within != GS_WITHIN_FILING)
        return WRONG(r, "\"any\" and \"within\" do not go together");
    if (request->cursor && request->search.offset > 0)
        return WRONG(r, "\"cursor\" and \"offset\" do not go together");
    return true;
}

static enum gaosou_status read_json(struct gs_batch_line *l, const uint8_t *bytes, size_t size,
                                    struct gs_err *err)
{
    struct gs_err why = {0};
    struct reading r = {.line = l, .start = bytes, .err = &why};
    size_t valid = gs_utf8_valid(bytes, size);
    if (valid < size)
        return gs_err_set(err, GAOSOU_E_INPUT, "column %zu: this is no UTF-8", valid + 1);
    gs_buf_clear(&l->strings);
    if (!gs_buf_reserve(&l->strings, size + 16)) /* so that it never moves */
        return gs_err_nomem(err, size);
    r.s = (struct gs_json_scan){.p = bytes, .end = bytes + size, .strings = &l->strings};
    bool good = read_object(&r);
    if (good) {
        gs_json_scan_space(&r.s);
        good = r.s.p == r.s.end || gs_json_scan_fail(&r.s, "something stands behind the object");
    }
    if (good && settle(&r))
        return GAOSOU_OK;
    if (why.status != GAOSOU_OK)
        return gs_err_set(err, why.status, "%s", why.text);
    const char *problem = r.s.problem ? r.s.problem : "this is no JSON";
    size_t column = (size_t)((r.s.problem ? r.s.problem_at : r.s.p) - bytes) + 1;
    return gs_err_set(err, GAOSOU_E_INPUT, "column %zu: %s", column, problem);
}

enum gaosou_status gs_batch_line_read_json(struct gs_batch_line *l,
                                           const struct gs_request *defaults, const uint8_t *bytes,
                                           size_t size, struct gs_err *err)
{
    l->request = *defaults;
    l->id = (struct gs_str){0};
    l->request.text = "";
    l->request.text_size = 0;
    if (size > GS_BATCH_LINE_MAX)
        return gs_err_set(err, GAOSOU_E_LIMIT, "more than %zu bytes", GS_BATCH_LINE_MAX);
    return read_json(l, bytes, size, err);
}

enum gaosou_status gs_batch_line_read(struct gs_batch_line *l, const struct gs_request *defaults,
                                      const uint8_t *bytes, size_t size, struct gs_err *err)
{
    size_t at = 0;
    while (at < size && (bytes[at] == ' ' || bytes[at] == '\t'))
        at++;
    if (at < size && bytes[at] == '{')
        return gs_batch_line_read_json(l, defaults, bytes, size, err);
    l->request = *defaults;
    l->id = (struct gs_str){0};
    l->request.text = (const char *)bytes;
    l->request.text_size = size;
    return GAOSOU_OK;
}
