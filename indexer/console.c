#include "indexer/console.h"

#include <stdarg.h>
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
    if (!c->status_line)
        return;
    fputs("\r\033[K", c->err);
    c->status_line = false;
}

GS_PRINTF(2, 0) static void say(struct gs_console *c, const char *fmt, va_list args)
{
    gs_console_clear_line(c);
    fputs("gaosou-index: ", c->err);
    vfprintf(c->err, fmt, args);
    fputc('\n', c->err);
}

void gs_console_error(struct gs_console *c, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    say(c, fmt, args);
    va_end(args);
}

void gs_console_warn(struct gs_console *c, const char *fmt, ...)
{
    if (c->quiet)
        return;
    va_list args;
    va_start(args, fmt);
    say(c, fmt, args);
    va_end(args);
}
