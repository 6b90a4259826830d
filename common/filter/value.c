#include "common/filter/value.h"

#include "common/text/utf8.h"

#include <stdio.h>
#include <string.h>

void gs_value_flaw_text(const struct gs_value_flaw *flaw, const char *name, bool chinese, char *out,
                        size_t capacity)
{
    int size = (int)gs_utf8_prefix((const uint8_t *)flaw->bytes, flaw->size, 64);
    switch (flaw->kind) {
    case GS_FLAW_FORM:
        snprintf(out, capacity,
                 chinese
                     ? "%s: 须为年、月、日或其范围，如 %s:2024、%s:2024-03..2024-09-30、%s:2024.."
                     : "%s: wants a year, month or day, or a range of them: %s:2024, "
                       "%s:2024-03..2024-09-30, %s:2024..",
                 name, name, name, name);
        return;
    case GS_FLAW_NO_SUCH_DAY:
        snprintf(out, capacity,
                 chinese ? "%s: 没有这样的月或日：%.*s" : "%s: no such day or month: %.*s", name,
                 size, flaw->bytes);
        return;
    case GS_FLAW_BACKWARDS:
        snprintf(out, capacity,
                 chinese ? "%s: 范围的起止颠倒：%.*s" : "%s: the range runs backwards: %.*s", name,
                 size, flaw->bytes);
        return;
    case GS_FLAW_EMPTY:
        snprintf(out, capacity,
                 chinese ? "%s: 列表中有空项" : "%s: something is missing in the list", name);
        return;
    case GS_FLAW_NUMBER:
        snprintf(out, capacity, chinese ? "%s: 须为数字：%.*s" : "%s: wants a number: %.*s", name,
                 size, flaw->bytes);
        return;
    case GS_FLAW_QUOTE:
        snprintf(out, capacity,
                 chinese ? "%s: 引号未闭合，或引号后紧跟文字：%.*s"
                         : "%s: a quote is not closed, or has text directly behind it: %.*s",
                 name, size, flaw->bytes);
        return;
    case GS_FLAW_STAR:
        snprintf(out, capacity,
                 chinese ? "%s: 范围的两端不能带 *：%.*s" : "%s: a range takes no *: %.*s", name,
                 size, flaw->bytes);
        return;
    case GS_FLAW_NO_END:
        snprintf(out, capacity,
                 chinese ? "%s: 范围缺少起止：%.*s" : "%s: the range has no end: %.*s", name, size,
                 flaw->bytes);
        return;
    case GS_FLAW_TOO_MANY:
        snprintf(out, capacity,
                 chinese ? "%s: 前缀和范围过多（最多 %u 个）"
                         : "%s: too many prefixes and ranges (%u at most)",
                 name, GS_VALUES_SPANS_MAX);
        return;
    }
}

static uint32_t fold(uint32_t c)
{
    if (c >= 0xFF10 && c <= 0xFF19)
        return c - 0xFF10 + '0';
    switch (c) {
    case 0xFF0F:
        return '/';
    case 0xFF0E:
        return '.';
    case 0xFF0C:
    case 0x3001:
        return ',';
    case 0xFF0A:
        return '*';
    case 0xFF0D:
        return '-';
    case 0xFF5E:
    case 0x81F3: /* 至 */
        return '~';
    default:
        return c;
    }
}

char *gs_value_fold(struct gs_arena *arena, const char *value, size_t size, size_t *folded_size)
{
    char *folded = gs_arena_alloc(arena, size + 1);
    size_t n = 0;
    if (!folded)
        return NULL;
    for (size_t at = 0, step; at < size; at += step) {
        struct gs_utf8_char c = gs_utf8_decode((const uint8_t *)value + at, size - at);
        step = c.size ? c.size : size - at;
        uint32_t plain = c.valid ? fold(c.code) : UINT32_MAX;
        if (plain < 0x80) {
            folded[n++] = (char)plain;
            continue;
        }
        memcpy(folded + n, value + at, step);
        n += step;
    }
    folded[n] = '\0';
    *folded_size = n;
    return folded;
}
