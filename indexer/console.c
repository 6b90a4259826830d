#include "indexer/console.h"

#include "common/base/utf8_step.h"
#include "common/text/utf8.h"

#include <stdlib.h>
#include <string.h>

bool gs_console_wants_chinese(const char *lc_all, const char *lc_messages, const char *lang)
{
    const char *given[] = {lc_all, lc_messages, lang};
    for (size_t i = 0; i < sizeof(given) / sizeof(given[0]); i++) {
        if (given[i] && *given[i])
            return strncmp(given[i], "zh", 2) == 0;
    }
    return false;
}

void gs_console_clear_line(struct gs_console *c)
{
    flockfile(c->err);
    if (c->status_line)
        fputs("\r\033[K", c->err);
    c->status_line = false;
    funlockfile(c->err);
}

/* ---- what may be shown ---- */

/* Turns the direction of writing, or ends a line. */
static bool is_unruly(uint32_t cp)
{
    return (cp >= 0x80 && cp < 0xA0) || cp == 0x061C || cp == 0x200E || cp == 0x200F ||
           (cp >= 0x2028 && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069);
}

static void escape_control(struct gs_buf *out, uint8_t byte)
{
    static const char letters[] = {['\t'] = 't', ['\n'] = 'n', ['\r'] = 'r'};
    if (byte < sizeof(letters) && letters[byte])
        gs_buf_printf(out, "\\%c", letters[byte]);
    else
        gs_buf_printf(out, "\\x%02X", byte);
}

void gs_console_escape(struct gs_buf *out, const void *bytes, size_t size)
{
    const uint8_t *p = bytes, *stop = size ? p + size : p;
    while (p < stop) {
        uint32_t cp;
        size_t step = gs_utf8_step(p, stop, &cp);
        bool is_bad = cp == GS_UTF8_BAD && !(step == 3 && memcmp(p, "\xEF\xBF\xBD", 3) == 0);
        if (is_bad || cp < 0x20 || cp == 0x7F) {
            for (size_t i = 0; i < step; i++)
                escape_control(out, p[i]);
        } else if (is_unruly(cp)) {
            gs_buf_printf(out, "\\u{%04X}", (unsigned)cp);
        } else {
            gs_buf_append(out, p, step);
        }
        p += step;
    }
}

void gs_console_escape_id(struct gs_buf *out, const void *bytes, size_t size)
{
    const char *p = bytes;
    for (size_t at = 0; at < size;) {
        const char *slash = memchr(p + at, '\\', size - at);
        size_t plain = slash ? (size_t)(slash - p) - at : size - at;
        gs_console_escape(out, p + at, plain);
        at += plain + (slash ? 1 : 0);
        gs_buf_append(out, "\\\\", slash ? 2 : 0);
    }
}

/* Bytes of the escape behind a backslash; *cp: a byte (x) or a character (u). 0: none. */
static size_t read_escape(const char *text, uint32_t *cp)
{
    static const char letters[] = "n\nr\rt\t\\\\";
    const char *letter = *text ? strchr(letters, *text) : NULL;
    if (letter && (letter - letters) % 2 == 0) {
        *cp = (uint8_t)letter[1];
        return 1;
    }
    size_t head = *text == 'x' ? 1 : strncmp(text, "u{", 2) == 0 ? 2 : 0;
    size_t digits = head == 1 ? 2 : 4;
    if (head == 0 || strspn(text + head, "0123456789ABCDEF") < digits)
        return 0;
    char hex[5] = {0};
    memcpy(hex, text + head, digits);
    *cp = (uint32_t)strtoul(hex, NULL, 16);
    if (head == 1)
        return head + digits;
    return text[head + digits] == '}' ? head + digits + 1 : 0;
}

bool gs_console_unescape_id(struct gs_buf *out, const char *text)
{
    while (*text) {
        size_t plain = strcspn(text, "\\");
        gs_buf_append(out, text, plain);
        text += plain;
        if (!*text)
            break;
        uint32_t cp = 0;
        size_t size = read_escape(text + 1, &cp);
        if (size == 0)
            return false;
        uint8_t bytes[4] = {(uint8_t)cp};
        gs_buf_append(out, bytes, text[1] == 'u' ? gs_utf8_encode(bytes, cp) : 1);
        text += 1 + size;
    }
    return gs_buf_status(out) == GAOSOU_OK;
}

/* ---- messages ---- */

#define MESSAGE_MAX ((size_t)1 << 20)

GS_PRINTF(2, 0) static void say(struct gs_console *c, const char *fmt, va_list args)
{
    struct gs_buf shown;
    char *text = NULL;
    gs_buf_init(&shown, MESSAGE_MAX);
    int size = vasprintf(&text, fmt, args);
    if (size >= 0)
        gs_console_escape(&shown, text, (size_t)size);
    bool is_whole = size >= 0 && gs_buf_status(&shown) == GAOSOU_OK;
    flockfile(c->err);
    gs_console_clear_line(c);
    fputs("gaosou-index: ", c->err);
    if (is_whole && shown.size > 0)
        fwrite(shown.data, 1, shown.size, c->err);
    else if (!is_whole)
        fputs(GS_TR(c, "no memory for a message", "内存不足，无法显示消息"), c->err);
    fputc('\n', c->err);
    funlockfile(c->err);
    gs_buf_release(&shown);
    if (size >= 0)
        free(text);
}

void gs_console_error(struct gs_console *c, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    say(c, fmt, args);
    va_end(args);
}

void gs_console_vwarn(struct gs_console *c, const char *fmt, va_list args)
{
    if (!c->quiet)
        say(c, fmt, args);
}

void gs_console_warn(struct gs_console *c, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    gs_console_vwarn(c, fmt, args);
    va_end(args);
}
