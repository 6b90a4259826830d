#include "common/base/json_write.h"

#include "common/base/utf8_step.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void gs_json_init(struct gs_json *j, struct gs_buf *out)
{
    *j = (struct gs_json){.out = out};
}

static void before_value(struct gs_json *j)
{
    if (j->need_comma)
        gs_buf_append_u8(j->out, ',');
    j->need_comma = true;
}

static void begin(struct gs_json *j, uint8_t bracket)
{
    before_value(j);
    gs_buf_append_u8(j->out, bracket);
    j->need_comma = false;
}

static void end(struct gs_json *j, uint8_t bracket)
{
    gs_buf_append_u8(j->out, bracket);
    j->need_comma = true;
}

void gs_json_begin_object(struct gs_json *j)
{
    begin(j, '{');
}

void gs_json_end_object(struct gs_json *j)
{
    end(j, '}');
}

void gs_json_begin_array(struct gs_json *j)
{
    begin(j, '[');
}

void gs_json_end_array(struct gs_json *j)
{
    end(j, ']');
}

/* Characters that are written as \uXXXX: all controls, and those that end lines or turn the
 * direction of text. */
static bool is_escaped(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7F && cp <= 0x9F) || cp == 0x2028 || cp == 0x2029 ||
           (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069);
}

static void append_escape(struct gs_buf *out, uint32_t cp)
{
    static const char digits[] = "0123456789abcdef";
    char text[6] = {
        '\\',           'u', digits[cp >> 12 & 15], digits[cp >> 8 & 15], digits[cp >> 4 & 15],
        digits[cp & 15]};
    if (cp == '\n' || cp == '\r' || cp == '\t') {
        text[1] = cp == '\n' ? 'n' : cp == '\r' ? 'r' : 't';
        gs_buf_append(out, text, 2);
        return;
    }
    gs_buf_append(out, text, sizeof(text));
}

/* Whether the byte stands for itself in a JSON string whatever follows. */
static bool is_plain(uint8_t b)
{
    return b >= 0x20 && b < 0x7F && b != '"' && b != '\\';
}

/* Text with its dangerous characters escaped; quotes and backslashes and low controls too unless it
 * is raw JSON. */
static void append_text(struct gs_buf *out, const uint8_t *p, size_t size, bool raw)
{
    const uint8_t *stop = p + size, *kept = p; /* [kept, p) is copied as it is */
    while (p < stop) {
        if (is_plain(*p)) {
            p++;
            continue;
        }
        uint32_t cp;
        size_t step = gs_utf8_step(p, stop, &cp);
        bool bad = cp == GS_UTF8_BAD && !(step == 3 && p[0] == 0xEF);
        bool quoted = cp == '"' || cp == '\\';
        if (!bad && !is_escaped(cp) && (raw || !quoted)) {
            p += step;
            continue;
        }
        gs_buf_append(out, kept, (size_t)(p - kept));
        if (bad)
            gs_buf_append(out, "\xEF\xBF\xBD", 3);
        else if (quoted)
            gs_buf_append(out, cp == '"' ? "\\\"" : "\\\\", 2);
        else if (raw && cp < 0x20)
            gs_buf_append_u8(out, ' ');
        else
            append_escape(out, cp);
        p += step;
        kept = p;
    }
    gs_buf_append(out, kept, (size_t)(p - kept));
}

static void append_quoted(struct gs_buf *out, const void *bytes, size_t size)
{
    gs_buf_append_u8(out, '"');
    if (size)
        append_text(out, bytes, size, false);
    gs_buf_append_u8(out, '"');
}

void gs_json_key_bytes(struct gs_json *j, const void *bytes, size_t size)
{
    before_value(j);
    append_quoted(j->out, bytes, size);
    gs_buf_append_u8(j->out, ':');
    j->need_comma = false;
}

void gs_json_key(struct gs_json *j, const char *name)
{
    gs_json_key_bytes(j, name, strlen(name));
}

void gs_json_string_bytes(struct gs_json *j, const void *bytes, size_t size)
{
    before_value(j);
    append_quoted(j->out, bytes, size);
}

void gs_json_string(struct gs_json *j, const char *text)
{
    gs_json_string_bytes(j, text, strlen(text));
}

static void append_decimal(struct gs_buf *out, uint64_t value)
{
    char text[20];
    size_t at = sizeof(text);
    do {
        text[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    gs_buf_append(out, text + at, sizeof(text) - at);
}

void gs_json_u64(struct gs_json *j, uint64_t value)
{
    before_value(j);
    append_decimal(j->out, value);
}

void gs_json_i64(struct gs_json *j, int64_t value)
{
    before_value(j);
    if (value < 0)
        gs_buf_append_u8(j->out, '-');
    append_decimal(j->out, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void gs_json_double(struct gs_json *j, double value)
{
    if (!isfinite(value)) {
        gs_json_null(j);
        return;
    }
    before_value(j);
    char text[40];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, value);
        double back = strtod(text, NULL);
        if (memcmp(&back, &value, sizeof(back)) == 0)
            break;
    }
    gs_buf_append_str(j->out, text);
}

void gs_json_bool(struct gs_json *j, bool value)
{
    before_value(j);
    gs_buf_append_str(j->out, value ? "true" : "false");
}

void gs_json_null(struct gs_json *j)
{
    before_value(j);
    gs_buf_append_str(j->out, "null");
}

void gs_json_raw(struct gs_json *j, const void *bytes, size_t size)
{
    before_value(j);
    if (size)
        append_text(j->out, bytes, size, true);
}
