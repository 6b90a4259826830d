#include "indexer/jsonl.h"

#include "common/text/utf8.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

struct parser {
    struct gs_jsonl *j;
    const uint8_t *start, *p, *end;
    const char *problem; /* NULL: none; static */
    const uint8_t *problem_at;
    bool has_text, has_codes;
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

static bool fail_at(struct parser *ps, const uint8_t *at, const char *problem)
{
    if (!ps->problem) {
        ps->problem = problem;
        ps->problem_at = at;
    }
    return false;
}

static bool fail(struct parser *ps, const char *problem)
{
    return fail_at(ps, ps->p, problem);
}

static void skip_space(struct parser *ps)
{
    while (ps->p < ps->end && (*ps->p == ' ' || *ps->p == '\t' || *ps->p == '\r' || *ps->p == '\n'))
        ps->p++;
}

/* Steps over c, with white space before it. */
static bool take(struct parser *ps, uint8_t c)
{
    skip_space(ps);
    if (ps->p >= ps->end || *ps->p != c)
        return false;
    ps->p++;
    return true;
}

static bool peek(struct parser *ps, uint8_t c)
{
    skip_space(ps);
    return ps->p < ps->end && *ps->p == c;
}

/* ---- strings ---- */

#ifdef __SSE2__
/* Steps over whole sixteens of bytes without a quote, backslash or control character. */
static const uint8_t *skip_plain(const uint8_t *p, const uint8_t *end)
{
    const __m128i quote = _mm_set1_epi8('"'), escape = _mm_set1_epi8('\\');
    const __m128i control = _mm_set1_epi8(0x1F);
    for (; end - p >= 16; p += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i ends = _mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, escape));
        ends = _mm_or_si128(ends, _mm_cmpeq_epi8(_mm_min_epu8(v, control), v));
        unsigned mask = (unsigned)_mm_movemask_epi8(ends);
        if (mask)
            return p + __builtin_ctz(mask);
    }
    return p;
}
#else
static uint64_t bytes_below(uint64_t v, uint8_t limit)
{
    return (v - 0x0101010101010101u * limit) & ~v & 0x8080808080808080u;
}

/* Steps over whole eights of bytes without a quote, backslash or control character. */
static const uint8_t *skip_plain(const uint8_t *p, const uint8_t *end)
{
    for (; end - p >= 8; p += 8) {
        uint64_t v = gs_load_u64(p);
        uint64_t quote = v ^ 0x2222222222222222u, escape = v ^ 0x5C5C5C5C5C5C5C5Cu;
        if (bytes_below(quote, 1) | bytes_below(escape, 1) | bytes_below(v, 0x20))
            break;
    }
    return p;
}
#endif

/* The first quote, backslash or control character at or behind p, or end. */
static const uint8_t *scan_plain(const uint8_t *p, const uint8_t *end)
{
    p = skip_plain(p, end);
    while (p < end && *p != '"' && *p != '\\' && *p >= 0x20)
        p++;
    return p;
}

static bool take_hex4(struct parser *ps, uint32_t *value)
{
    if (ps->end - ps->p < 4)
        return fail(ps, "\\u needs four hexadecimal digits");
    *value = 0;
    for (int i = 0; i < 4; i++, ps->p++) {
        uint8_t c = *ps->p;
        uint32_t digit;
        if (c >= '0' && c <= '9')
            digit = (uint32_t)(c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            digit = (uint32_t)((c | 0x20) - 'a' + 10);
        else
            return fail(ps, "\\u needs four hexadecimal digits");
        *value = *value << 4 | digit;
    }
    return true;
}

/* Behind \u: one character, or a surrogate pair. */
static bool take_unicode_escape(struct parser *ps, uint32_t *cp)
{
    if (!take_hex4(ps, cp))
        return false;
    if (*cp < 0xD800 || *cp > 0xDFFF)
        return true;
    const uint8_t *after = ps->p;
    uint32_t low;
    if (*cp < 0xDC00 && ps->end - ps->p >= 6 && ps->p[0] == '\\' && ps->p[1] == 'u') {
        ps->p += 2;
        if (!take_hex4(ps, &low))
            return false;
        if (low >= 0xDC00 && low <= 0xDFFF) {
            *cp = 0x10000 + ((*cp - 0xD800) << 10) + (low - 0xDC00);
            return true;
        }
        ps->p = after;
    }
    *cp = 0xFFFD;
    ps->j->replaced++;
    return true;
}

/* Behind a backslash. */
static bool take_escape(struct parser *ps, struct gs_buf *out)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    if (ps->p >= ps->end)
        return fail(ps, "the line ends inside a string");
    uint8_t c = *ps->p;
    const char *known = c ? strchr(names, c) : NULL;
    if (known) {
        gs_buf_append_u8(out, (uint8_t)values[known - names]);
        ps->p++;
        return true;
    }
    if (c != 'u')
        return fail_at(ps, ps->p - 1, "an escape that JSON does not have");
    ps->p++;
    uint32_t cp;
    if (!take_unicode_escape(ps, &cp))
        return false;
    uint8_t bytes[4];
    gs_buf_append(out, bytes, gs_utf8_encode(bytes, cp));
    return true;
}

/* A string from its opening quote on: inside the line where it has no escapes, else unescaped. */
static bool take_string(struct parser *ps, struct gs_str *out)
{
    const uint8_t *open = ps->p++;
    const uint8_t *from = ps->p;
    ps->p = scan_plain(ps->p, ps->end);
    if (ps->p < ps->end && *ps->p == '"') {
        *out = (struct gs_str){(const char *)from, (size_t)(ps->p - from)};
        ps->p++;
        return true;
    }
    struct gs_buf *strings = &ps->j->strings;
    size_t start = strings->size;
    for (;;) {
        gs_buf_append(strings, from, (size_t)(ps->p - from));
        if (ps->p >= ps->end)
            return fail_at(ps, open, "the line ends inside this string");
        uint8_t c = *ps->p;
        if (c < 0x20)
            return fail(ps, "a control character inside a string");
        ps->p++;
        if (c == '"')
            break;
        if (!take_escape(ps, strings))
            return false;
        from = ps->p;
        ps->p = scan_plain(ps->p, ps->end);
    }
    *out = (struct gs_str){(const char *)strings->data + start, strings->size - start};
    return true;
}

/* ---- other values ---- */

static size_t take_digits(struct parser *ps)
{
    const uint8_t *from = ps->p;
    while (ps->p < ps->end && *ps->p >= '0' && *ps->p <= '9')
        ps->p++;
    return (size_t)(ps->p - from);
}

static bool take_number(struct parser *ps, struct gs_str *out)
{
    const uint8_t *from = ps->p;
    if (*ps->p == '-')
        ps->p++;
    bool zero = ps->p < ps->end && *ps->p == '0';
    size_t digits = take_digits(ps);
    if (digits == 0 || (zero && digits > 1))
        return fail_at(ps, from, "not a JSON value");
    if (ps->p < ps->end && *ps->p == '.') {
        ps->p++;
        if (take_digits(ps) == 0)
            return fail(ps, "a digit is missing behind the point");
    }
    if (ps->p < ps->end && (*ps->p | 0x20) == 'e') {
        ps->p++;
        if (ps->p < ps->end && (*ps->p == '+' || *ps->p == '-'))
            ps->p++;
        if (take_digits(ps) == 0)
            return fail(ps, "a digit is missing in the exponent");
    }
    *out = (struct gs_str){(const char *)from, (size_t)(ps->p - from)};
    return true;
}

static bool take_literal(struct parser *ps, const char *name)
{
    size_t size = strlen(name);
    if ((size_t)(ps->end - ps->p) < size || memcmp(ps->p, name, size) != 0)
        return false;
    ps->p += size;
    return true;
}

/* Steps over any value, checking it; iterative, with one bit a level: whether it is an object. */
static bool skip_value(struct parser *ps)
{
    uint64_t objects = 0;
    unsigned depth = 0;
    struct gs_str ignored;
    for (;;) {
        skip_space(ps);
        if (ps->p >= ps->end)
            return fail(ps, "a value is missing");
        uint8_t c = *ps->p;
        if (c == '{' || c == '[') {
            if (depth == GS_JSONL_DEPTH_MAX)
                return fail(ps, "nested too deep");
            ps->p++;
            objects = objects << 1 | (c == '{');
            depth++;
            if (!take(ps, c == '{' ? '}' : ']')) {
                if (c == '[')
                    continue;
                goto key;
            }
            objects >>= 1;
            depth--;
        } else if (c == '"') {
            size_t mark = ps->j->strings.size;
            if (!take_string(ps, &ignored))
                return false;
            ps->j->strings.size = mark;
        } else if (!take_literal(ps, "null") && !take_literal(ps, "true") &&
                   !take_literal(ps, "false") && !take_number(ps, &ignored)) {
            return false;
        }
        while (depth > 0 && !take(ps, ',')) {
            if (!take(ps, objects & 1 ? '}' : ']'))
                return fail(ps,
                            objects & 1 ? "a comma or } is missing" : "a comma or ] is missing");
            objects >>= 1;
            depth--;
        }
        if (depth == 0)
            return true;
        if (!(objects & 1))
            continue;
    key:
        if (!peek(ps, '"'))
            return fail(ps, "a field name in quotes is missing");
        if (!take_string(ps, &ignored))
            return false;
        if (!take(ps, ':'))
            return fail(ps, "a colon is missing");
    }
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
    skip_space(ps);
    if (ps->p >= ps->end)
        return fail(ps, "a value is missing");
    if (*ps->p == '"')
        return take_string(ps, out);
    if (take_literal(ps, "null")) {
        *out = (struct gs_str){0};
        return true;
    }
    if (*ps->p == '-' || (*ps->p >= '0' && *ps->p <= '9'))
        return take_number(ps, out);
    return fail(ps, "this field must be a string");
}

/* A list of scalars joined by `separator`, into the strings buffer. */
static bool take_list(struct parser *ps, uint8_t separator, struct gs_str *out)
{
    struct gs_buf *strings = &ps->j->strings;
    size_t start = strings->size;
    ps->p++; /* [ */
    if (!take(ps, ']')) {
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
            if (take(ps, ']'))
                break;
            if (!take(ps, ','))
                return fail(ps, "a comma or ] is missing");
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
        return fail_at(ps, key_at, "this field is given twice");
    ps->seen |= 1u << field;
    bool list = peek(ps, '[');
    if (field == FIELD_TEXT)
        return list ? take_pages(ps, &out->text) : take_scalar(ps, &out->text);
    struct gs_str value = {0};
    if (field == GS_FIELD_CODES) {
        if (!(list ? take_list(ps, CODE_SEPARATOR, &value) : take_scalar(ps, &value)))
            return false;
        out->field[field] = split_codes(ps, value);
        return true;
    }
    const uint8_t *at = ps->p;
    if (!take_scalar(ps, &value))
        return false;
    if (value.size > (field == GS_FIELD_ID ? GS_ID_MAX : GS_METADATA_MAX))
        return fail_at(ps, at, "this field is too long");
    out->field[field] = value;
    return true;
}

static bool take_unknown(struct parser *ps, struct gs_str key, const uint8_t *key_at)
{
    struct gs_jsonl *j = ps->j;
    for (size_t i = 0; i < j->unknown_count; i++) {
        if (j->unknown[i].size == key.size && memcmp(j->unknown[i].bytes, key.bytes, key.size) == 0)
            return fail_at(ps, key_at, "this field is given twice");
    }
    if (j->unknown_count == GS_JSONL_UNKNOWN_MAX)
        return fail_at(ps, key_at, "too many fields");
    j->unknown[j->unknown_count++] = key;
    if (!skip_value(ps))
        return false;
    gs_buf_append_u8(&j->extra, j->extra.size ? ',' : '{');
    gs_buf_append(&j->extra, key_at, (size_t)(ps->p - key_at));
    return true;
}

static bool take_field(struct parser *ps, struct gs_filing *out)
{
    if (!peek(ps, '"'))
        return fail(ps, "a field name in quotes is missing");
    const uint8_t *key_at = ps->p;
    struct gs_str key;
    if (!take_string(ps, &key))
        return false;
    if (!take(ps, ':'))
        return fail(ps, "a colon is missing");
    int field = field_of(key);
    return field == FIELD_UNKNOWN ? take_unknown(ps, key, key_at)
                                  : take_known(ps, field, key_at, out);
}

static bool parse_object(struct parser *ps, struct gs_filing *out)
{
    if (!take(ps, '{'))
        return fail(ps, "an object in { } is wanted");
    if (!take(ps, '}')) {
        do {
            if (!take_field(ps, out))
                return false;
        } while (take(ps, ','));
        if (!take(ps, '}'))
            return fail(ps, ps->p >= ps->end ? "the line ends inside the object"
                                             : "a comma or } is missing");
    }
    skip_space(ps);
    return ps->p == ps->end || fail(ps, "something stands behind the object");
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
    struct parser ps = {.j = j, .start = bytes, .p = bytes, .end = bytes + size};
    struct gs_filing filing = {.source_size = size};
    bool good = parse_object(&ps, &filing);
    if (good && !id_is_plain(filing.field[GS_FIELD_ID]))
        good = fail_at(&ps, bytes, "the id has a control character in it");
    if (!good)
        return gs_err_set(err, GAOSOU_E_INPUT, "%s:%llu:%zu: %s", name, (unsigned long long)line,
                          (size_t)(ps.problem_at - bytes) + 1, ps.problem);
    if (j->extra.size > 0) {
        gs_buf_append_u8(&j->extra, '}');
        filing.field[GS_FIELD_EXTRA] = (struct gs_str){(const char *)j->extra.data, j->extra.size};
    }
    if (gs_buf_status(&j->strings) != GAOSOU_OK || gs_buf_status(&j->extra) != GAOSOU_OK)
        return gs_err_nomem(err, size);
    *out = filing;
    return GAOSOU_OK;
}
