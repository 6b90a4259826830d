#include "indexer/filterable.h"

#include "common/base/json_scan.h"
#include "common/text/chartab.h"
#include "common/text/utf8.h"
#include "common/text/white_space.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SEPARATOR  0x1F
#define VALUES_MAX ((size_t)1 << 32) /* bytes of a filing's values of one field */

/* ---- names ---- */

void gs_filterable_release(struct gs_filterable *f)
{
    for (size_t i = 0; f && i < f->count; i++)
        free((void *)(uintptr_t)f->names[i].bytes);
    if (f)
        f->count = 0;
}

/* Fields that have filters of their own, and those that say what a filing is or says. */
static bool is_reserved(const char *name, size_t size)
{
    static const char *const names[] = {"id",    "title",    "text",  "code", "codes",
                                        "name",  "company",  "type",  "date", "period",
                                        "board", "exchange", "since", "extra"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strlen(names[i]) == size && strncasecmp(names[i], name, size) == 0)
            return true;
    }
    return false;
}

/* What ends a name in a query, or may stand nowhere in one. */
static bool is_sign(uint32_t c)
{
    static const uint32_t signs[] = {':',    '(',    ')',    '"',    '|',    ',',    '*',
                                     0xFF1A, 0xFF08, 0xFF09, 0xFF02, 0xFF5C, 0xFF0C, 0x3001,
                                     0x201C, 0x201D, 0x300C, 0x300D, 0x300E, 0x300F, 0xFF0A};
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (signs[i] == c)
            return true;
    }
    return c < 0x20 || c == 0x7F || gs_char_is_white_space(c);
}

static bool is_letter(uint32_t c)
{
    struct gs_char_info info;
    gs_char_lookup(c, &info);
    return info.class == GS_CLASS_TEXT && !info.digit;
}

/* NULL: it may be the name of a filterable field. */
static const char *flaw_of(const char *name, size_t size)
{
    if (size == 0)
        return "it is empty";
    if (size > GS_KEYWORD_NAME_MAX)
        return "it is too long";
    if (is_reserved(name, size))
        return "it has a place of its own; filters on code name company type exchange board date "
               "period and id need no --filterable";
    for (size_t at = 0; at < size;) {
        struct gs_utf8_char c = gs_utf8_decode((const uint8_t *)name + at, size - at);
        if (!c.valid)
            return "it is not UTF-8";
        if (at == 0 && !is_letter(c.code))
            return "it does not begin with a letter";
        if (is_sign(c.code))
            return "a colon, comma, star, bracket, quote, bar, space or control character is in it";
        at += c.size;
    }
    return NULL;
}

enum gaosou_status gs_filterable_add(struct gs_filterable *f, const char *name, size_t size,
                                     struct gs_err *err)
{
    const char *flaw = flaw_of(name, size);
    if (flaw)
        return gs_err_set(err, GAOSOU_E_USE, "'%.*s' cannot be a filterable field: %s",
                          size > 64 ? 64 : (int)size, name, flaw);
    const struct gs_str added = {name, size};
    size_t at = 0;
    while (at < f->count && gs_str_compare(f->names[at], added) < 0)
        at++;
    if (at < f->count && gs_str_compare(f->names[at], added) == 0)
        return GAOSOU_OK;
    if (f->count == GS_FILTERABLE_MAX)
        return gs_err_set(err, GAOSOU_E_LIMIT, "an index has %u filterable fields at most",
                          GS_FILTERABLE_MAX);
    char *copy = malloc(size);
    if (!copy)
        return gs_err_nomem(err, size);
    memcpy(copy, name, size);
    memmove(&f->names[at + 1], &f->names[at], (f->count - at) * sizeof(f->names[0]));
    f->names[at] = (struct gs_str){copy, size};
    f->count++;
    return GAOSOU_OK;
}

/* Bytes up to the next comma of any kind; *step: of the comma. */
static size_t name_size(const char *list, size_t *step)
{
    size_t n = strlen(list);
    for (size_t at = 0; at < n; at++) {
        *step =
            list[at] == ',' ? 1
            : at + 3 <= n && (memcmp(list + at, "，", 3) == 0 || memcmp(list + at, "、", 3) == 0)
                ? 3
                : 0;
        if (*step)
            return at;
    }
    *step = 0;
    return n;
}

enum gaosou_status gs_filterable_add_list(struct gs_filterable *f, const char *list,
                                          struct gs_err *err)
{
    enum gaosou_status status = GAOSOU_OK;
    for (size_t step = 1; step > 0 && status == GAOSOU_OK;) {
        size_t size = name_size(list, &step);
        status = gs_filterable_add(f, list, size, err);
        list += size + step;
    }
    return status;
}

/* ---- values ---- */

/* A value that is no list: its text, or nothing for null and for objects. */
static bool take_scalar(struct gs_json_scan *s, struct gs_str *out)
{
    *out = (struct gs_str){"", 0};
    if (gs_json_scan_peek(s, '"'))
        return gs_json_scan_string(s, out);
    if (gs_json_scan_literal(s, "true"))
        *out = (struct gs_str){"true", 4};
    else if (gs_json_scan_literal(s, "false"))
        *out = (struct gs_str){"false", 5};
    else if (s->p < s->end && (*s->p == '-' || (*s->p >= '0' && *s->p <= '9')))
        return gs_json_scan_number(s, out);
    else
        return gs_json_scan_skip(s);
    return true;
}

static void append_value(struct gs_buf *values, struct gs_str value)
{
    if (value.size == 0)
        return;
    if (values->size > 0)
        gs_buf_append_u8(values, SEPARATOR);
    gs_buf_append(values, value.bytes, value.size);
}

/* A member's value, whose scalars are appended. */
static bool take_values(struct gs_json_scan *s, struct gs_buf *values)
{
    struct gs_str value;
    const bool list = gs_json_scan_take(s, '[');
    if (list && gs_json_scan_take(s, ']'))
        return true;
    do {
        gs_buf_clear(s->strings);
        if (!take_scalar(s, &value))
            return false;
        append_value(values, value);
    } while (list && gs_json_scan_take(s, ','));
    return !list || gs_json_scan_take(s, ']') || gs_json_scan_fail(s, "a comma or ] is missing");
}

static size_t find_name(const struct gs_filterable *f, struct gs_str key)
{
    size_t i = 0;
    while (i < f->count && gs_str_compare(f->names[i], key) != 0)
        i++;
    return i;
}

static bool take_member(struct gs_json_scan *s, const struct gs_filterable *f,
                        struct gs_buf *values)
{
    struct gs_str key;
    gs_buf_clear(s->strings);
    if (!gs_json_scan_peek(s, '"'))
        return gs_json_scan_fail(s, "a field name in quotes is missing");
    if (!gs_json_scan_string(s, &key))
        return false;
    size_t name = find_name(f, key);
    if (!gs_json_scan_take(s, ':'))
        return gs_json_scan_fail(s, "a colon is missing");
    return name < f->count ? take_values(s, &values[name]) : gs_json_scan_skip(s);
}

static bool take_object(struct gs_json_scan *s, const struct gs_filterable *f,
                        struct gs_buf *values)
{
    if (!gs_json_scan_take(s, '{'))
        return gs_json_scan_fail(s, "an object in { } is wanted");
    if (gs_json_scan_take(s, '}'))
        return true;
    do {
        if (!take_member(s, f, values))
            return false;
    } while (gs_json_scan_take(s, ','));
    return gs_json_scan_take(s, '}') || gs_json_scan_fail(s, "a comma or } is missing");
}

static bool is_called(struct gs_str name, const char *text)
{
    return gs_str_compare(name, (struct gs_str){text, strlen(text)}) == 0;
}

/* Fields of the input that have a place of their own in the record. */
static struct gs_str known_field(const struct gs_record *record, struct gs_str name)
{
    if (is_called(name, "number"))
        return record->number;
    if (is_called(name, "url"))
        return record->url;
    return is_called(name, "path") ? record->path : (struct gs_str){"", 0};
}

static enum gaosou_status read_extra(const struct gs_filterable *f, struct gs_str object,
                                     struct gs_buf *values, struct gs_err *err)
{
    struct gs_buf strings;
    gs_buf_init(&strings, object.size + 1);
    struct gs_json_scan scan = {.p = (const uint8_t *)object.bytes,
                                .end = (const uint8_t *)object.bytes + object.size,
                                .strings = &strings};
    enum gaosou_status status = GAOSOU_OK;
    if (!take_object(&scan, f, values))
        status = gs_err_set(err, GAOSOU_E_INPUT, "the fields of a filing are no sound JSON: %s",
                            scan.problem);
    else if (gs_buf_status(&strings) != GAOSOU_OK)
        status = gs_err_nomem(err, object.size);
    gs_buf_release(&strings);
    return status;
}

enum gaosou_status gs_filterable_values(const struct gs_filterable *f,
                                        const struct gs_record *record, struct gs_buf *values,
                                        size_t sizes[GS_FILTERABLE_MAX], struct gs_err *err)
{
    struct gs_buf of[GS_FILTERABLE_MAX];
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0; i < f->count; i++) {
        gs_buf_init(&of[i], VALUES_MAX);
        append_value(&of[i], known_field(record, f->names[i]));
    }
    if (record->extra.size > 0 && f->count > 0)
        status = read_extra(f, record->extra, of, err);
    for (size_t i = 0; i < f->count; i++) {
        if (status == GAOSOU_OK && gs_buf_status(&of[i]) != GAOSOU_OK)
            status = gs_err_nomem(err, of[i].size);
        sizes[i] = of[i].size;
        if (of[i].size > 0)
            gs_buf_append(values, of[i].data, of[i].size);
        gs_buf_release(&of[i]);
    }
    if (status == GAOSOU_OK && gs_buf_status(values) != GAOSOU_OK)
        status = gs_err_nomem(err, values->size);
    return status;
}
