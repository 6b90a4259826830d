#include "indexer/name_pattern.h"

#include "common/base/date.h"
#include "common/filter/filing_kinds.h"
#include "indexer/stock_code.h"

#include <stdio.h>
#include <string.h>

enum name_field {
    NAME_SKIP,
    NAME_DATE,
    NAME_COMPANY,
    NAME_CODE,
    NAME_NAME,
    NAME_YEAR,
    NAME_PERIOD,
    NAME_TYPE,
    NAME_TITLE,
    NAME_NUMBER,
    NAME_EXCHANGE,
    NAME_BOARD,
    NAME_FIELDS
};

static const struct {
    const char *name;
    enum gs_field field; /* where it goes as it is; GS_FIELD_COUNT: it does not */
} fields_of[NAME_FIELDS] = {
    [NAME_SKIP] = {"*", GS_FIELD_COUNT},
    [NAME_DATE] = {"date", GS_FIELD_COUNT},
    [NAME_COMPANY] = {"company", GS_FIELD_COMPANY},
    [NAME_CODE] = {"code", GS_FIELD_COUNT},
    [NAME_NAME] = {"name", GS_FIELD_NAME},
    [NAME_YEAR] = {"year", GS_FIELD_COUNT},
    [NAME_PERIOD] = {"period", GS_FIELD_PERIOD},
    [NAME_TYPE] = {"type", GS_FIELD_TYPE},
    [NAME_TITLE] = {"title", GS_FIELD_TITLE},
    [NAME_NUMBER] = {"number", GS_FIELD_NUMBER},
    [NAME_EXCHANGE] = {"exchange", GS_FIELD_EXCHANGE},
    [NAME_BOARD] = {"board", GS_FIELD_BOARD},
};

/* ---- parsing ---- */

static enum gaosou_status bad(struct gs_err *err, const char *text, size_t at, const char *what)
{
    return gs_err_set(err, GAOSOU_E_USE, "name pattern '%s', column %zu: %s", text, at + 1, what);
}

static int field_of(const char *name, size_t size)
{
    if (size == 0)
        return NAME_SKIP;
    for (int i = 0; i < NAME_FIELDS; i++)
        if (strlen(fields_of[i].name) == size && memcmp(fields_of[i].name, name, size) == 0)
            return i;
    return -1;
}

static bool has_field(const struct gs_name_pattern *p, int field)
{
    for (size_t i = 1; i < p->part_count; i++)
        if (p->part[i].field == field)
            return true;
    return false;
}

/* The field at text[*at] == '{' becomes the next part. */
static enum gaosou_status add_field(struct gs_name_pattern *p, size_t *at, struct gs_err *err)
{
    const char *text = p->text, *close = strchr(text + *at, '}');
    size_t start = *at + 1;
    if (!close)
        return bad(err, text, *at, "the brace is not closed");
    int field = field_of(text + start, (size_t)(close - text) - start);
    if (field < 0)
        return bad(err, text, *at,
                   "unknown field; there are {date} {company} {code} {name} {year} {period} {type} "
                   "{title} {number} {exchange} {board}, and {} for anything");
    if (field != NAME_SKIP && has_field(p, field))
        return bad(err, text, *at, "the field stands twice");
    if (p->part_count > 1 && p->part[p->part_count - 1].literal_size == 0)
        return bad(err, text, *at, "text is needed between two fields");
    if (p->part_count == GS_NAME_PATTERN_PARTS)
        return bad(err, text, *at, "too many fields");
    *at = (size_t)(close - text) + 1;
    p->part[p->part_count++] = (struct gs_name_part){(uint16_t)*at, 0, field};
    return GAOSOU_OK;
}

/* Patterns that end in a field, or in `.*`, leave the suffix open. */
static void find_suffix(struct gs_name_pattern *p)
{
    struct gs_name_part *last = &p->part[p->part_count - 1];
    const char *end = p->text + last->literal + last->literal_size;
    if (last->literal_size >= 2 && memcmp(end - 2, ".*", 2) == 0) {
        last->literal_size = (uint16_t)(last->literal_size - 2);
        p->any_suffix = true;
    } else if (last->literal_size == 0) {
        p->any_suffix = true;
    }
}

enum gaosou_status gs_name_pattern_parse(struct gs_name_pattern *out, const char *text,
                                         struct gs_err *err)
{
    struct gs_name_pattern p = {.part_count = 1};
    size_t size = strlen(text);
    if (size >= sizeof(p.text))
        return gs_err_set(err, GAOSOU_E_USE, "the name pattern is longer than %d bytes",
                          GS_NAME_PATTERN_MAX - 1);
    memcpy(p.text, text, size + 1);
    for (size_t at = 0; at < size;) {
        if (text[at] == '{') {
            enum gaosou_status status = add_field(&p, &at, err);
            if (status)
                return status;
            continue;
        }
        if (text[at] == '}')
            return bad(err, text, at, "a brace is closed that was not opened");
        p.slashes += text[at] == '/';
        p.part[p.part_count - 1].literal_size++;
        at++;
    }
    if (p.part_count == 1)
        return bad(err, text, 0, "it has no field such as {code}");
    find_suffix(&p);
    *out = p;
    return GAOSOU_OK;
}

/* ---- applying ---- */

/* The part of the path that the pattern speaks of: the base name and as many folders. */
static struct gs_str name_of(const struct gs_name_pattern *p, struct gs_str path)
{
    size_t slashes = p->slashes, start = path.size, end = path.size;
    while (start > 0) {
        char c = path.bytes[start - 1];
        if ((c == '/' || c == '!') && slashes-- == 0)
            break;
        start--;
    }
    if (p->any_suffix) {
        const char *dot = memrchr(path.bytes + start, '.', end - start);
        size_t size = dot ? (size_t)(path.bytes + end - dot) : 0;
        if (size > 1 && size <= 8 && !memchr(dot, '/', size) && dot > path.bytes + start)
            end -= size;
    }
    return (struct gs_str){path.bytes + start, end - start};
}

/* Cuts the name into the values of the parts. */
static bool cut(const struct gs_name_pattern *p, struct gs_str name, struct gs_str *value)
{
    const char *at = name.bytes, *end = name.bytes + name.size;
    for (size_t i = 0; i < p->part_count; i++) {
        const char *literal = p->text + p->part[i].literal;
        size_t size = p->part[i].literal_size;
        bool last = i + 1 == p->part_count;
        const char *found;
        if ((size_t)(end - at) < size + (i > 0))
            return false;
        if (i == 0)
            found = memcmp(at, literal, size) == 0 ? at : NULL;
        else if (last)
            found = memcmp(end - size, literal, size) == 0 ? end - size : NULL;
        else
            found = memmem(at + 1, (size_t)(end - at) - 1, literal, size);
        if (!found)
            return false;
        value[i] = (struct gs_str){at, (size_t)(found - at)};
        at = found + size;
    }
    return true;
}

static bool read_date(struct gs_str v, char out[16])
{
    size_t used;
    uint32_t date = gs_date_parse(v.bytes, v.size, &used);
    if (date == 0 || used != v.size)
        return false;
    if (date % 100)
        snprintf(out, 16, "%04u-%02u-%02u", date / 10000, date / 100 % 100, date % 100);
    else if (date / 100 % 100)
        snprintf(out, 16, "%04u-%02u", date / 10000, date / 100 % 100);
    else
        snprintf(out, 16, "%04u", date / 10000);
    return true;
}

/* 2019, 2019年, 2019年度 */
static bool read_year(struct gs_str v, char out[16])
{
    size_t digits = 0;
    while (digits < v.size && v.bytes[digits] >= '0' && v.bytes[digits] <= '9')
        digits++;
    struct gs_str rest = {v.bytes + digits, v.size - digits};
    static const char *const behind[] = {"", "年", "年度"};
    for (size_t i = 0; i < 3 && digits == 4; i++) {
        if (rest.size == strlen(behind[i]) && memcmp(rest.bytes, behind[i], rest.size) == 0) {
            memcpy(out, v.bytes, 4);
            out[4] = 0;
            return true;
        }
    }
    return false;
}

/* The year's part that the type names, as the last day of it; else the year. */
static void find_period(char period[16], const struct gs_str *type)
{
    char text[256];
    if (!type || type->size > 128)
        return;
    int size = snprintf(text, sizeof(text), "%s年%.*s", period, (int)type->size, type->bytes);
    uint32_t date = gs_date_parse_period(text, (size_t)size);
    if (date / 100 % 100)
        snprintf(period, 16, "%04u-%02u-%02u", date / 10000, date / 100 % 100, date % 100);
}

/* One code or several, joined by , or 、 or + or blanks. */
static bool read_codes(struct gs_str v, char out[128])
{
    size_t n = 0;
    for (size_t at = 0; at < v.size;) {
        size_t size = 0;
        while (at + size < v.size && !strchr(",+ &;", v.bytes[at + size]) &&
               (uint8_t)v.bytes[at + size] < 0x80)
            size++;
        struct gs_stock_code code;
        if (!gs_stock_code_read(&code, v.bytes + at, size, GS_MARKET_UNKNOWN))
            return false;
        size_t digits = strlen(code.digits);
        if (n + digits + 2 > 128)
            return false;
        if (n > 0)
            out[n++] = 0x1F;
        memcpy(out + n, code.digits, digits);
        n += digits;
        at += size;
        while (at < v.size && (strchr(",+ &;", v.bytes[at]) || (uint8_t)v.bytes[at] >= 0x80))
            at++;
    }
    out[n] = 0;
    return n > 0;
}

static void set(struct gs_filing *f, enum gs_field field, const char *text)
{
    f->field[field] = (struct gs_str){text, strlen(text)};
}

/* The values that must be of a form; false: one is not. */
static bool read_values(const struct gs_name_pattern *p, const struct gs_str *value,
                        struct gs_name_fields *out)
{
    const struct gs_str *type = NULL;
    out->date[0] = out->period[0] = out->codes[0] = 0;
    for (size_t i = 1; i < p->part_count; i++) {
        int field = p->part[i].field;
        if ((field == NAME_DATE && !read_date(value[i], out->date)) ||
            (field == NAME_CODE && !read_codes(value[i], out->codes)) ||
            (field == NAME_YEAR && !read_year(value[i], out->period)) ||
            (field == NAME_PERIOD && !gs_date_parse_period(value[i].bytes, value[i].size)))
            return false;
        if (field == NAME_TYPE)
            type = &value[i];
    }
    if (out->period[0])
        find_period(out->period, type);
    return true;
}

bool gs_name_pattern_apply(const struct gs_name_pattern *p, struct gs_str path,
                           struct gs_name_fields *out, struct gs_filing *f)
{
    struct gs_str value[GS_NAME_PATTERN_PARTS];
    if (!cut(p, name_of(p, path), value) || !read_values(p, value, out))
        return false;
    for (size_t i = 1; i < p->part_count; i++) {
        enum gs_field field = fields_of[p->part[i].field].field;
        if (field != GS_FIELD_COUNT)
            f->field[field] = value[i];
        if (field == GS_FIELD_TITLE)
            f->title_from = f->title_to = 0;
    }
    const struct gs_filing_kind *kind =
        has_field(p, NAME_TYPE)
            ? gs_filing_kind_find(f->field[GS_FIELD_TYPE].bytes, f->field[GS_FIELD_TYPE].size)
            : NULL;
    if (kind)
        set(f, GS_FIELD_TYPE, kind->name);
    if (out->date[0])
        set(f, GS_FIELD_DATE, out->date);
    if (out->codes[0])
        set(f, GS_FIELD_CODES, out->codes);
    if (out->period[0] && !has_field(p, NAME_PERIOD))
        set(f, GS_FIELD_PERIOD, out->period);
    return true;
}
