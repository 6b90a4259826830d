#include "common/base/json_scan.h"

#include "common/base/utf8_step.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

bool gs_json_scan_fail_at(struct gs_json_scan *s, const uint8_t *at, const char *problem)
{
    if (!s->problem) {
        s->problem = problem;
        s->problem_at = at;
    }
    return false;
}

bool gs_json_scan_fail(struct gs_json_scan *s, const char *problem)
{
    return gs_json_scan_fail_at(s, s->p, problem);
}

void gs_json_scan_space(struct gs_json_scan *s)
{
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\r' || *s->p == '\n'))
        s->p++;
}

bool gs_json_scan_take(struct gs_json_scan *s, uint8_t c)
{
    gs_json_scan_space(s);
    if (s->p >= s->end || *s->p != c)
        return false;
    s->p++;
    return true;
}

bool gs_json_scan_peek(struct gs_json_scan *s, uint8_t c)
{
    gs_json_scan_space(s);
    return s->p < s->end && *s->p == c;
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

static bool take_hex4(struct gs_json_scan *s, uint32_t *value)
{
    if (s->end - s->p < 4)
        return gs_json_scan_fail(s, "\\u needs four hexadecimal digits");
    *value = 0;
    for (int i = 0; i < 4; i++, s->p++) {
        uint8_t c = *s->p;
        uint32_t digit;
        if (c >= '0' && c <= '9')
            digit = (uint32_t)(c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            digit = (uint32_t)((c | 0x20) - 'a' + 10);
        else
            return gs_json_scan_fail(s, "\\u needs four hexadecimal digits");
        *value = *value << 4 | digit;
    }
    return true;
}

/* Behind \u: one character, or a surrogate pair. */
static bool take_unicode_escape(struct gs_json_scan *s, uint32_t *cp)
{
    if (!take_hex4(s, cp))
        return false;
    if (*cp < 0xD800 || *cp > 0xDFFF)
        return true;
    const uint8_t *after = s->p;
    uint32_t low;
    if (*cp < 0xDC00 && s->end - s->p >= 6 && s->p[0] == '\\' && s->p[1] == 'u') {
        s->p += 2;
        if (!take_hex4(s, &low))
            return false;
        if (low >= 0xDC00 && low <= 0xDFFF) {
            *cp = 0x10000 + ((*cp - 0xD800) << 10) + (low - 0xDC00);
            return true;
        }
        s->p = after;
    }
    *cp = 0xFFFD;
    s->replaced++;
    return true;
}

/* Behind a backslash. */
static bool take_escape(struct gs_json_scan *s, struct gs_buf *out)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    if (s->p >= s->end)
        return gs_json_scan_fail(s, "the line ends inside a string");
    uint8_t c = *s->p;
    const char *known = c ? strchr(names, c) : NULL;
    if (known) {
        gs_buf_append_u8(out, (uint8_t)values[known - names]);
        s->p++;
        return true;
    }
    if (c != 'u')
        return gs_json_scan_fail_at(s, s->p - 1, "an escape that JSON does not have");
    s->p++;
    uint32_t cp;
    if (!take_unicode_escape(s, &cp))
        return false;
    uint8_t bytes[4];
    gs_buf_append(out, bytes, gs_utf8_encode(bytes, cp));
    return true;
}

bool gs_json_scan_string(struct gs_json_scan *s, struct gs_str *out)
{
    const uint8_t *open = s->p++;
    const uint8_t *from = s->p;
    s->p = scan_plain(s->p, s->end);
    if (s->p < s->end && *s->p == '"') {
        *out = (struct gs_str){(const char *)from, (size_t)(s->p - from)};
        s->p++;
        return true;
    }
    struct gs_buf *strings = s->strings;
    size_t start = strings->size;
    for (;;) {
        gs_buf_append(strings, from, (size_t)(s->p - from));
        if (s->p >= s->end)
            return gs_json_scan_fail_at(s, open, "the line ends inside this string");
        uint8_t c = *s->p;
        if (c < 0x20)
            return gs_json_scan_fail(s, "a control character inside a string");
        s->p++;
        if (c == '"')
            break;
        if (!take_escape(s, strings))
            return false;
        from = s->p;
        s->p = scan_plain(s->p, s->end);
    }
    *out = (struct gs_str){(const char *)strings->data + start, strings->size - start};
    return true;
}

/* ---- other values ---- */

static size_t take_digits(struct gs_json_scan *s)
{
    const uint8_t *from = s->p;
    while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
        s->p++;
    return (size_t)(s->p - from);
}

bool gs_json_scan_number(struct gs_json_scan *s, struct gs_str *out)
{
    const uint8_t *from = s->p;
    if (*s->p == '-')
        s->p++;
    bool zero = s->p < s->end && *s->p == '0';
    size_t digits = take_digits(s);
    if (digits == 0 || (zero && digits > 1))
        return gs_json_scan_fail_at(s, from, "not a JSON value");
    if (s->p < s->end && *s->p == '.') {
        s->p++;
        if (take_digits(s) == 0)
            return gs_json_scan_fail(s, "a digit is missing behind the point");
    }
    if (s->p < s->end && (*s->p | 0x20) == 'e') {
        s->p++;
        if (s->p < s->end && (*s->p == '+' || *s->p == '-'))
            s->p++;
        if (take_digits(s) == 0)
            return gs_json_scan_fail(s, "a digit is missing in the exponent");
    }
    *out = (struct gs_str){(const char *)from, (size_t)(s->p - from)};
    return true;
}

bool gs_json_scan_literal(struct gs_json_scan *s, const char *name)
{
    size_t size = strlen(name);
    if ((size_t)(s->end - s->p) < size || memcmp(s->p, name, size) != 0)
        return false;
    s->p += size;
    return true;
}

/* Iterative, with one bit a level: whether it is an object. */
bool gs_json_scan_skip(struct gs_json_scan *s)
{
    uint64_t objects = 0;
    unsigned depth = 0;
    struct gs_str ignored;
    for (;;) {
        gs_json_scan_space(s);
        if (s->p >= s->end)
            return gs_json_scan_fail(s, "a value is missing");
        uint8_t c = *s->p;
        if (c == '{' || c == '[') {
            if (depth == GS_JSON_DEPTH_MAX)
                return gs_json_scan_fail(s, "nested too deep");
            s->p++;
            objects = objects << 1 | (c == '{');
            depth++;
            if (!gs_json_scan_take(s, c == '{' ? '}' : ']')) {
                if (c == '[')
                    continue;
                goto key;
            }
            objects >>= 1;
            depth--;
        } else if (c == '"') {
            size_t mark = s->strings->size;
            if (!gs_json_scan_string(s, &ignored))
                return false;
            s->strings->size = mark;
        } else if (!gs_json_scan_literal(s, "null") && !gs_json_scan_literal(s, "true") &&
                   !gs_json_scan_literal(s, "false") && !gs_json_scan_number(s, &ignored)) {
            return false;
        }
        while (depth > 0 && !gs_json_scan_take(s, ',')) {
            if (!gs_json_scan_take(s, objects & 1 ? '}' : ']'))
                return gs_json_scan_fail(s, objects & 1 ? "a comma or } is missing"
                                                        : "a comma or ] is missing");
            objects >>= 1;
            depth--;
        }
        if (depth == 0)
            return true;
        if (!(objects & 1))
            continue;
    key:
        if (!gs_json_scan_peek(s, '"'))
            return gs_json_scan_fail(s, "a field name in quotes is missing");
        if (!gs_json_scan_string(s, &ignored))
            return false;
        if (!gs_json_scan_take(s, ':'))
            return gs_json_scan_fail(s, "a colon is missing");
    }
}
