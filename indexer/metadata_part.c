#include "indexer/metadata_internal.h"

#include "common/base/utf8_step.h"

bool gs_begins_any(const char *text, size_t size, const char *const *list)
{
    for (; *list; list++)
        if (gs_begins(text, size, *list))
            return true;
    return false;
}

bool gs_ends_any(const char *text, size_t size, const char *const *list)
{
    for (; *list; list++)
        if (gs_ends(text, size, *list))
            return true;
    return false;
}

bool gs_finds_any(const char *text, size_t size, const char *const *list)
{
    for (; *list; list++)
        if (gs_finds(text, size, *list))
            return true;
    return false;
}

/* Latin letters and digits: only between them does a space mean something. */
static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '.' || c == ',';
}

static bool starts_line(const struct gs_lines *l, size_t p, size_t *line)
{
    while (*line < l->count && l->line[*line].start < p)
        (*line)++;
    return *line < l->count && l->line[*line].start == p;
}

size_t gs_char_copy(const struct gs_lines *l, size_t p, size_t step, char *out)
{
    size_t from = gs_lines_source(l, p);
    uint32_t c;
    size_t size = gs_utf8_step(l->text + from, l->text + l->text_end, &c);
    bool as_folded = c == GS_UTF8_BAD || (step == 1 && is_word(l->fold[p]));
    memcpy(out, as_folded ? l->fold + p : (const char *)l->text + from, as_folded ? step : size);
    return as_folded ? step : size;
}

size_t gs_part_copy(const struct gs_lines *l, struct gs_part part, char *out, size_t cap)
{
    size_t n = 0, line = 0;
    uint32_t c;
    for (size_t p = part.start; p < part.end;) {
        size_t step =
            gs_utf8_step((const uint8_t *)l->fold + p, (const uint8_t *)l->fold + part.end, &c);
        bool gap = p > part.start && (gs_lines_gap(l, p) || starts_line(l, p, &line));
        if (n + 8 > cap) {
            out[0] = 0;
            return 0;
        }
        if (gap && is_word(l->fold[p]) && is_word(l->fold[p - 1]))
            out[n++] = ' ';
        n += gs_char_copy(l, p, step, out + n);
        p += step;
    }
    out[n] = 0;
    return n;
}
