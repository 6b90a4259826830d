#include "common/base/json_read.h"

#include "common/base/utf8_step.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

bool gs_json_read_fail_at(struct gs_json_reader *r, const uint8_t *at, const char *problem)
{
    if (!r->problem) {
        r->problem = problem;
        r->problem_at = at;
    }
    return false;
}

enum gaosou_status gs_json_read_begin(struct gs_json_reader *r, const uint8_t *bytes, size_t size,
                                      struct gs_buf *strings)
{
    *r = (struct gs_json_reader){
        .start = bytes, .p = bytes, .end = bytes + size, .strings = strings};
    gs_buf_clear(strings);
    return gs_buf_reserve(strings, 2 * size + 16) ? GAOSOU_OK : gs_buf_status(strings);
}

size_t gs_json_read_column(const struct gs_json_reader *r)
{
    return (size_t)(r->problem_at - r->start) + 1;
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

static bool take_hex4(struct gs_json_reader *r, uint32_t *value)
{
    if (r->end - r->p < 4)
        return gs_json_read_fail(r, "\\u needs four hexadecimal digits");
    *value = 0;
    for (int i = 0; i < 4; i++, r->p++) {
        uint8_t c = *r->p;
        uint32_t digit;
        if (c >= '0' && c <= '9')
            digit = (uint32_t)(c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            digit = (uint32_t)((c | 0x20) - 'a' + 10);
        else
            return gs_json_read_fail(r, "\\u needs four hexadecimal digits");
        *value = *value << 4 | digit;
    }
    return true;
}

/* Behind \u: one character, or a surrogate pair. */
static bool take_unicode_escape(struct gs_json_reader *r, uint32_t *cp)
{
    if (!take_hex4(r, cp))
        return false;
    if (*cp < 0xD800 || *cp > 0xDFFF)
        return true;
    const uint8_t *after = r->p;
    uint32_t low;
    if (*cp < 0xDC00 && r->end - r->p >= 6 && r->p[0] == '\\' && r->p[1] == 'u') {
        r->p += 2;
        if (!take_hex4(r, &low))
            return false;
        if (low >= 0xDC00 && low <= 0xDFFF) {
            *cp = 0x10000 + ((*cp - 0xD800) << 10) + (low - 0xDC00);
            return true;
        }
        r->p = after;
    }
    *cp = 0xFFFD;
    r->replaced++;
    return true;
}

/* Behind a backslash. */
static bool take_escape(struct gs_json_reader *r, struct gs_buf *out)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    if (r->p >= r->end)
        return gs_json_read_fail(r, "the line ends inside a string");
    uint8_t c = *r->p;
    const char *known = c ? strchr(names, c) : NULL;
    if (known) {
        gs_buf_append_u8(out, (uint8_t)values[known - names]);
        r->p++;
        return true;
    }
    if (c != 'u')
        return gs_json_read_fail_at(r, r->p - 1, "an escape that JSON does not have");
    r->p++;
    uint32_t cp;
    if (!take_unicode_escape(r, &cp))
        return false;
    uint8_t bytes[4];
    gs_buf_append(out, bytes, gs_utf8_encode(bytes, cp));
    return true;
}

/* A string from its opening quote on: inside the line where it has no escapes, else unescaped. */
bool gs_json_read_string(struct gs_json_reader *r, struct gs_str *out)
{
    const uint8_t *open = r->p++;
    const uint8_t *from = r->p;
    r->p = scan_plain(r->p, r->end);
    if (r->p < r->end && *r->p == '"') {
        *out = (struct gs_str){(const char *)from, (size_t)(r->p - from)};
        r->p++;
        return true;
    }
    struct gs_buf *strings = r->strings;
    size_t start = strings->size;
    for (;;) {
        gs_buf_append(strings, from, (size_t)(r->p - from));
        if (r->p >= r->end)
            return gs_json_read_fail_at(r, open, "the line ends inside this string");
        uint8_t c = *r->p;
        if (c < 0x20)
            return gs_json_read_fail(r, "a control character inside a string");
        r->p++;
        if (c == '"')
            break;
        if (!take_escape(r, strings))
            return false;
        from = r->p;
        r->p = scan_plain(r->p, r->end);
    }
    *out = (struct gs_str){(const char *)strings->data + start, strings->size - start};
    return true;
}

/* ---- other values ---- */

static size_t take_digits(struct gs_json_reader *r)
{
    const uint8_t *from = r->p;
    while (r->p < r->end && *r->p >= '0' && *r->p <= '9')
        r->p++;
    return (size_t)(r->p - from);
}

bool gs_json_read_number(struct gs_json_reader *r, struct gs_str *out)
{
    const uint8_t *from = r->p;
    if (*r->p == '-')
        r->p++;
    bool zero = r->p < r->end && *r->p == '0';
    size_t digits = take_digits(r);
    if (digits == 0 || (zero && digits > 1))
        return gs_json_read_fail_at(r, from, "not a JSON value");
    if (r->p < r->end && *r->p == '.') {
        r->p++;
        if (take_digits(r) == 0)
            return gs_json_read_fail(r, "a digit is missing behind the point");
    }
    if (r->p < r->end && (*r->p | 0x20) == 'e') {
        r->p++;
        if (r->p < r->end && (*r->p == '+' || *r->p == '-'))
            r->p++;
        if (take_digits(r) == 0)
            return gs_json_read_fail(r, "a digit is missing in the exponent");
    }
    *out = (struct gs_str){(const char *)from, (size_t)(r->p - from)};
    return true;
}

bool gs_json_read_literal(struct gs_json_reader *r, const char *name)
{
    size_t size = strlen(name);
    if ((size_t)(r->end - r->p) < size || memcmp(r->p, name, size) != 0)
        return false;
    r->p += size;
    return true;
}

/* Steps over any value, checking it; iterative, with one bit a level: whether it is an object. */
bool gs_json_read_skip(struct gs_json_reader *r)
{
    uint64_t objects = 0;
    unsigned depth = 0;
    struct gs_str ignored;
    for (;;) {
        gs_json_read_space(r);
        if (r->p >= r->end)
            return gs_json_read_fail(r, "a value is missing");
        uint8_t c = *r->p;
        if (c == '{' || c == '[') {
            if (depth == GS_JSON_DEPTH_MAX)
                return gs_json_read_fail(r, "nested too deep");
            r->p++;
            objects = objects << 1 | (c == '{');
            depth++;
            if (!gs_json_read_take(r, c == '{' ? '}' : ']')) {
                if (c == '[')
                    continue;
                goto key;
            }
            objects >>= 1;
            depth--;
        } else if (c == '"') {
            size_t mark = r->strings->size;
            if (!gs_json_read_string(r, &ignored))
                return false;
            r->strings->size = mark;
        } else if (!gs_json_read_literal(r, "null") && !gs_json_read_literal(r, "true") &&
                   !gs_json_read_literal(r, "false") && !gs_json_read_number(r, &ignored)) {
            return false;
        }
        while (depth > 0 && !gs_json_read_take(r, ',')) {
            if (!gs_json_read_take(r, objects & 1 ? '}' : ']'))
                return gs_json_read_fail(r, objects & 1 ? "a comma or } is missing"
                                                        : "a comma or ] is missing");
            objects >>= 1;
            depth--;
        }
        if (depth == 0)
            return true;
        if (!(objects & 1))
            continue;
    key:
        if (!gs_json_read_peek(r, '"'))
            return gs_json_read_fail(r, "a field name in quotes is missing");
        if (!gs_json_read_string(r, &ignored))
            return false;
        if (!gs_json_read_take(r, ':'))
            return gs_json_read_fail(r, "a colon is missing");
    }
}
