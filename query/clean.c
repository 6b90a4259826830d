#include "query/clean.h"

#include "common/base/utf8_step.h"
#include "common/text/chartab.h"
#include "common/text/display.h"

#include <stdlib.h>

#define CLEAN_TEXT_MAX ((size_t)1 << 20)

/* What stands between two characters that are kept. */
struct gap {
    bool open;
    uint32_t start; /* byte offset of its first character */
    uint32_t spaces;
    bool tab, line, cell;
};

struct cleaning {
    struct gs_clean *clean;
    const struct gs_mark *mark, *mark_end;
    const struct gs_clean_range *solid, *solid_end;
    struct gap gap;
};

void gs_clean_init(struct gs_clean *c)
{
    *c = (struct gs_clean){.chars = NULL};
    gs_buf_init(&c->text, CLEAN_TEXT_MAX);
}

void gs_clean_release(struct gs_clean *c)
{
    if (!c)
        return;
    gs_buf_release(&c->text);
    free(c->chars);
    c->chars = NULL;
    c->count = c->capacity = 0;
}

size_t gs_clean_find(const struct gs_clean *c, uint32_t in)
{
    size_t low = 0, high = c->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->chars[middle].in < in)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Room for all characters of `size` bytes: each takes a byte at least, and so does the gap behind a
 * space. */
static bool reserve_chars(struct gs_clean *c, size_t size)
{
    size_t wanted = size + 2;
    if (wanted <= c->capacity)
        return true;
    struct gs_clean_char *chars = realloc(c->chars, wanted * sizeof(*chars));
    if (!chars)
        return false;
    c->chars = chars;
    c->capacity = wanted;
    return true;
}

static void add_char(struct cleaning *k, uint32_t in, size_t out, uint32_t cp, uint8_t class)
{
    k->clean->chars[k->clean->count++] =
        (struct gs_clean_char){.in = in, .out = (uint32_t)out, .cp = cp, .class = class};
}

/* Of gs_display_class the characters of three bytes that it knows at once: always wide. */
static bool is_plain_wide(uint32_t cp)
{
    return (cp >= 0x4E00 && cp <= 0x9FFF) || (cp >= 0x3001 && cp <= 0x3029) ||
           (cp >= 0xFF01 && cp <= 0xFF60);
}

/* Keeps the ideographs and full-width punctuation at the front of `size` bytes, nothing being
 * pending: no gap is open, so none asks what stands beside it. Returns their bytes. */
static size_t keep_wide(struct cleaning *k, const uint8_t *p, size_t size, uint32_t at)
{
    size_t n = 0, out = k->clean->text.size;
    while (n + 3 <= size && p[n] >= 0xE3 && p[n] <= 0xEF && gs_utf8_is_tail(p[n + 1]) &&
           gs_utf8_is_tail(p[n + 2])) {
        uint32_t cp = (p[n] & 0x0Fu) << 12 | (p[n + 1] & 0x3Fu) << 6 | (p[n + 2] & 0x3Fu);
        if (!is_plain_wide(cp))
            break;
        add_char(k, at + (uint32_t)n, out + n, cp, GS_DISPLAY_WIDE);
        n += 3;
    }
    if (n)
        gs_buf_append(&k->clean->text, p, n);
    return n;
}

/* Whether the character makes a word or figure: a space between two of them means something. */
static bool is_word(uint32_t cp, uint8_t class)
{
    if (cp < 0x80)
        return (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z');
    if (class == GS_DISPLAY_WIDE && cp >= 0x4E00 && cp <= 0x9FFF)
        return false;
    struct gs_char_entry entry;
    gs_char_find(cp, &entry);
    for (unsigned i = 0; entry.class == GS_CLASS_TEXT && i < entry.count; i++)
        if (entry.chars[i] >> 24 == GS_KIND_WORD)
            return true;
    return false;
}

static bool is_solid(struct cleaning *k, uint32_t at)
{
    while (k->solid < k->solid_end && k->solid->end <= at)
        k->solid++;
    return k->solid < k->solid_end && k->solid->start < k->gap.start;
}

/* Whether the gap before this character leaves a space. */
static bool keeps_space(struct cleaning *k, uint32_t at, uint32_t cp, enum gs_display_class class)
{
    const struct gap *gap = &k->gap;
    if (k->clean->count == 0)
        return false;
    const struct gs_clean_char *prev = &k->clean->chars[k->clean->count - 1];
    if (gap->cell)
        return true;
    if (is_word(prev->cp, prev->class) && is_word(cp, (uint8_t) class))
        return true;
    if (prev->class == GS_DISPLAY_WIDE && class == GS_DISPLAY_WIDE)
        return !gap->line && (gap->tab || (gap->spaces >= 2 && !is_solid(k, at)));
    if (prev->class == GS_DISPLAY_WIDE || class == GS_DISPLAY_WIDE)
        return !gap->line;
    return true;
}

static void widen_gap(struct gap *gap, uint32_t at, enum gs_display_class class)
{
    if (!gap->open)
        *gap = (struct gap){.open = true, .start = at};
    gap->spaces++;
    gap->tab |= class == GS_DISPLAY_TAB;
    gap->line |= class == GS_DISPLAY_LINE;
    gap->cell |= class == GS_DISPLAY_CELL;
}

static void keep_char(struct cleaning *k, const uint8_t *p, size_t step, uint32_t at, uint32_t cp,
                      enum gs_display_class class)
{
    struct gs_clean *c = k->clean;
    if (class == GS_DISPLAY_MARK && c->count > 0) {
        gs_buf_append(&c->text, p, step); /* a gap before it stays open */
        return;
    }
    if (k->gap.open && keeps_space(k, at, cp, class)) {
        add_char(k, k->gap.start, c->text.size, ' ', GS_DISPLAY_SPACE);
        gs_buf_append_u8(&c->text, ' ');
    }
    k->gap.open = false;
    add_char(k, at, c->text.size, cp,
             class == GS_DISPLAY_MARK ? GS_DISPLAY_NARROW : (uint8_t) class);
    if (cp == GS_UTF8_BAD)
        gs_buf_append(&c->text, "\xEF\xBF\xBD", 3);
    else
        gs_buf_append(&c->text, p, step);
}

/* The mark that covers `at`, or NULL. */
static const struct gs_mark *mark_at(struct cleaning *k, uint32_t at)
{
    while (k->mark < k->mark_end && k->mark->end <= at)
        k->mark++;
    return k->mark < k->mark_end && k->mark->start <= at ? k->mark : NULL;
}

/* The first of the sorted marks that ends behind `offset`. */
static const struct gs_mark *first_mark(const struct gs_mark *marks, size_t count, uint32_t offset)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (marks[middle].end <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return marks + low;
}

enum gaosou_status gs_clean_run(struct gs_clean *c, const uint8_t *bytes, size_t size,
                                uint32_t offset, const struct gs_mark *marks, size_t mark_count,
                                const struct gs_clean_range *solid, size_t solid_count)
{
    struct cleaning k = {.clean = c};
    gs_buf_clear(&c->text);
    c->count = 0;
    if (mark_count) {
        k.mark = first_mark(marks, mark_count, offset);
        k.mark_end = marks + mark_count;
    }
    if (solid_count) {
        k.solid = solid;
        k.solid_end = solid + solid_count;
    }
    if (!reserve_chars(c, size))
        return GAOSOU_E_NOMEM;
    for (size_t i = 0; i < size;) {
        uint32_t at = offset + (uint32_t)i;
        const struct gs_mark *mark = mark_at(&k, at);
        if (mark) {
            if (mark->kind == GS_MARK_FURNITURE)
                widen_gap(&k.gap, at, GS_DISPLAY_LINE);
            i = mark->end - offset;
            continue;
        }
        size_t clear =
            k.mark < k.mark_end && k.mark->start - offset < size ? k.mark->start - offset : size;
        size_t run = k.gap.open ? 0 : keep_wide(&k, bytes + i, clear - i, at);
        if (run) {
            i += run;
            continue;
        }
        uint32_t cp;
        size_t step = gs_utf8_step(bytes + i, bytes + size, &cp);
        enum gs_display_class class = gs_display_class(cp);
        if (class >= GS_DISPLAY_MARK)
            keep_char(&k, bytes + i, step, at, cp, class);
        else if (class != GS_DISPLAY_DROP)
            widen_gap(&k.gap, at, class);
        i += step;
    }
    c->chars[c->count] =
        (struct gs_clean_char){.in = offset + (uint32_t)size, .out = (uint32_t)c->text.size};
    return gs_buf_status(&c->text);
}
