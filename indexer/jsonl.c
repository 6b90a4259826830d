#include "indexer/jsonl.h"

#include "common/base/json_scan.h"

#include <string.h>

struct parser {
    struct gs_jsonl *j;
    struct gs_json_scan s;
    uint32_t seen; /* bit per enum gs_field */
};

#define CODE_SEPARATOR 0x1F

void gs_jsonl_init(struct gs_jsonl *j, size_t line_max)
{
    *j = (struct gs_jsonl){0};
    gs_buf_init(&j->strings, 2 * line_max + 64);
    gs_buf_init(&j->extra, line_max + 64);
}

void gs_jsonl_release(struct gs_jsonl *j)
{
    gs_buf_release(&j->strings);
    gs_buf_release(&j->extra);
}

/* ---- fields ---- */

enum { FIELD_TEXT = GS_FIELD_COUNT, FIELD_UNKNOWN };

static int field_of(struct gs_str key)
{
    static const struct {
        const char *name;
        int field;
    } names[] = {{"id", GS_FIELD_ID},
                 {"title", GS_FIELD_TITLE},
                 {"text", FIELD_TEXT},
                 {"code", GS_FIELD_CODES},
                 {"codes", GS_FIELD_CODES},
                 {"name", GS_FIELD_NAME},
                 {"company", GS_FIELD_COMPANY},
                 {"date", GS_FIELD_DATE},
                 {"period", GS_FIELD_PERIOD},
                 {"type", GS_FIELD_TYPE},
                 {"exchange", GS_FIELD_EXCHANGE},
                 {"board", GS_FIELD_BOARD},
                 {"url", GS_FIELD_URL},
                 {"path", GS_FIELD_PATH},
                 {"number", GS_FIELD_NUMBER}};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strlen(names[i].name) == key.size && memcmp(names[i].name, key.bytes, key.size) == 0)
            return names[i].field;
    }
    return FIELD_UNKNOWN;
}

/* A string, a number by its spelling, or null as an empty string. */
static bool take_scalar(struct parser *ps, struct gs_str *out)
{
    gs_json_scan_space(&ps->s);
    if (ps->s.p >= ps->s.end)
        return gs_json_scan_fail(&ps->s, "a value is missing");
    if (*ps->s.p == '"')
        return gs_json_scan_string(&ps->s, out);
    if (gs_json_scan_literal(&ps->s, "null")) {
        *out = (struct gs_str){0};
        return true;
    }
    if (*ps->s.p == '-' || (*ps->s.p >= '0' && *ps->s.p <= '9'))
        return gs_json_scan_number(&ps->s, out);
    return gs_json_scan_fail(&ps->s, "this field must be a string");
}

/* A list of scalars joined by `separator`, into the strings buffer. */
static bool take_list(struct parser *ps, uint8_t separator, struct gs_str *out)
{
    struct gs_buf *strings = &ps->j->strings;
    size_t start = strings->size;
    ps->s.p++; /* [ */
    if (!gs_json_scan_take(&ps->s, ']')) {
        for (size_t items = 0;; items++) {
            if (items > 0)
                gs_buf_append_u8(strings, separator);
            struct gs_str item;
            size_t mark = strings->size;
            if (!take_scalar(ps, &item))
                return false;
            /* An unescaped item lies at `mark` already. */
            strings->size = mark;
            if (item.size > 0 && item.bytes != (const char *)strings->data + mark)
                gs_buf_append(strings, item.bytes, item.size);
            else
                strings->size += item.size;
            if (gs_json_scan_take(&ps->s, ']'))
                break;
            if (!gs_json_scan_take(&ps->s, ','))
                return gs_json_scan_fail(&ps->s, "a comma or ] is missing");
        }
    }
    *out = (struct gs_str){(const char *)strings->data + start, strings->size - start};
    return true;
}

/* A form feed between two pages, and behind one that is the only one: without any there are no
 * pages. The line had brackets and quotes in the byte's place, so that there is room. */
static bool take_pages(struct parser *ps, struct gs_str *out)
{
    if (!take_list(ps, '\f', out))
        return false;
    if (out->size > 0 && !memchr(out->bytes, '\f', out->size)) {
        gs_buf_append_u8(&ps->j->strings, '\f');
        out->size++;
    }
    return true;
}

/* Codes in one string, between commas, semicolons, slashes or spaces of either width, one U+001F
 * between. */
static struct gs_str split_codes(struct parser *ps, struct gs_str given)
{
    static const char *const wide[] = {"，", "、", "；", "\xE3\x80\x80"};
    struct gs_buf *strings = &ps->j->strings;
    size_t start = strings->size;
    for (size_t i = 0; i < given.size;) {
        size_t gap = strchr(",;/ \t\x1F", given.bytes[i]) && given.bytes[i] ? 1 : 0;
        for (size_t k = 0; !gap && k < sizeof(wide) / sizeof(wide[0]); k++) {
            if (given.size - i >= 3 && memcmp(given.bytes + i, wide[k], 3) == 0)
                gap = 3;
        }
        if (!gap)
            gs_buf_append_u8(strings, (uint8_t)given.bytes[i++]);
        else if (strings->size > start && strings->data[strings->size - 1] != CODE_SEPARATOR)
            gs_buf_append_u8(strings, CODE_SEPARATOR);
        i += gap;
    }
    if (strings->size > start && strings->data[strings->size - 1] == CODE_SEPARATOR)
        strings->size--;
    return (struct gs_str){(const char *)strings->data + start, strings->size - start};
}

static bool take_known(struct parser *ps, int field, const uint8_t *key_at, struct gs_filing *out)
{
    if (ps->seen >> field & 1)
        return gs_json_scan_fail_at(&ps->s, key_at, "this field is given twice");
    ps->seen |= 1u << field;
    bool list = gs_json_scan_peek(&ps->s, '[');
    if (field == FIELD_TEXT)
        return list ? take_pages(ps, &out->text) : take_scalar(ps, &out->text);
    struct gs_str value = {0};
    if (field == GS_FIELD_CODES) {
        if (!(list ? take_list(ps, CODE_SEPARATOR, &value) : take_scalar(ps, &value)))
            return false;
        out->field[field] = split_codes(ps, value);
        return true;
    }
    const uint8_t *at = ps->s.p;
    if (!take_scalar(ps, &value))
        return false;
    if (value.size > (field == GS_FIELD_ID ? GS_ID_MAX : GS_METADATA_MAX))
        return gs_json_scan_fail_at(&ps->s, at, "this field is too long");
    out->field[field] = value;
    return true;
}

static bool take_unknown(struct parser *ps, struct gs_str key, const uint8_t *key_at)
{
    struct gs_jsonl *j = ps->j;
    for (size_t i = 0; i < j->unknown_count; i++) {
        if (j->unknown[i].size == key.size && memcmp(j->unknown[i].bytes, key.bytes, key.size) == 0)
            return gs_json_scan_fail_at(&ps->s, key_at, "this field is given twice");
    }
    if (j->unknown_count == GS_JSONL_UNKNOWN_MAX)
        return gs_json_scan_fail_at(&ps->s, key_at, "too many fields");
    j->unknown[j->unknown_count++] = key;
    if (!gs_json_scan_skip(&ps->s))
        return false;
    gs_buf_append_u8(&j->extra, j->extra.size ? ',' : '{');
    gs_buf_append(&j->extra, key_at, (size_t)(ps->s.p - key_at));
    return true;
}

static bool take_field(struct parser *ps, struct gs_filing *out)
{
    if (!gs_json_scan_peek(&ps->s, '"'))
        return gs_json_scan_fail(&ps->s, "a field name in quotes is missing");
    const uint8_t *key_at = ps->s.p;
    struct gs_str key;
    if (!gs_json_scan_string(&ps->s, &key))
        return false;
    if (!gs_json_scan_take(&ps->s, ':'))
        return gs_json_scan_fail(&ps->s, "a colon is missing");
    int field = field_of(key);
    return field == FIELD_UNKNOWN ? take_unknown(ps, key, key_at)
                                  : take_known(ps, field, key_at, out);
}

static bool parse_object(struct parser *ps, struct gs_filing *out)
{
    if (!gs_json_scan_take(&ps->s, '{'))
        return gs_json_scan_fail(&ps->s, "an object in { } is wanted");
    if (!gs_json_scan_take(&ps->s, '}')) {
        do {
            if (!take_field(ps, out))
                return false;
        } while (gs_json_scan_take(&ps->s, ','));
        if (!gs_json_scan_take(&ps->s, '}'))
            return gs_json_scan_fail(&ps->s, ps->s.p >= ps->s.end
                                                 ? "the line ends inside the object"
                                                 : "a comma or } is missing");
    }
    gs_json_scan_space(&ps->s);
    return ps->s.p == ps->s.end || gs_json_scan_fail(&ps->s, "something stands behind the object");
}

static bool id_is_plain(struct gs_str id)
{
    for (size_t i = 0; i < id.size; i++) {
        if ((uint8_t)id.bytes[i] < 0x20 || id.bytes[i] == 0x7F)
            return false;
    }
    return true;
}

enum gaosou_status gs_jsonl_parse(struct gs_jsonl *j, const char *name, uint64_t line,
                                  const uint8_t *bytes, size_t size, struct gs_filing *out,
                                  struct gs_err *err)
{
    gs_buf_clear(&j->strings);
    gs_buf_clear(&j->extra);
    j->unknown_count = 0;
    /* All strings together are never longer than the line; codes are copied once more. Slices point
     * into the buffer, so it must not move. */
    if (!gs_buf_reserve(&j->strings, 2 * size + 16))
        return gs_err_nomem(err, size);
    struct parser ps = {.j = j, .s = {.p = bytes, .end = bytes + size, .strings = &j->strings}};
    struct gs_filing filing = {.source_size = size};
    bool good = parse_object(&ps, &filing);
    j->replaced += ps.s.replaced;
    if (good && !id_is_plain(filing.field[GS_FIELD_ID]))
        good = gs_json_scan_fail_at(&ps.s, bytes, "the id has a control character in it");
    if (!good)
        return gs_err_set(err, GAOSOU_E_INPUT, "%s:%llu:%zu: %s", name, (unsigned long long)line,
                          (size_t)(ps.s.problem_at - bytes) + 1, ps.s.problem);
    if (j->extra.size > 0) {
        gs_buf_append_u8(&j->extra, '}');
        filing.field[GS_FIELD_EXTRA] = (struct gs_str){(const char *)j->extra.data, j->extra.size};
    }
    if (gs_buf_status(&j->strings) != GAOSOU_OK || gs_buf_status(&j->extra) != GAOSOU_OK)
        return gs_err_nomem(err, size);
    *out = filing;
    return GAOSOU_OK;
}
