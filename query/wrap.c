#include "query/wrap.h"

#include "common/base/utf8_step.h"
#include "common/text/display.h"

#include <stdbool.h>
#include <string.h>

#define ROOM_LEAST 8u /* columns left for text behind the hanging spaces, else these are fewer */

static const char closing[] = "。，、；：？！）》〉」』】〕］｝”’％…—～·℃.,;:?!)]}%";
static const char opening[] = "（《〈「『【〔［｛“‘￥＄([{$";

enum glyph_kind { GLYPH_UNSEEN, GLYPH_SPACE, GLYPH_OPENING, GLYPH_CLOSING, GLYPH_OTHER };

/* A character or an escape sequence. */
struct glyph {
    size_t size, columns;
    enum glyph_kind kind; /* UNSEEN: an escape, or what belongs to the character before */
    bool is_word;         /* a letter, digit or mark as Latin text has them: kept with its like */
};

/* A line that is being filled. Offsets are into the text as it was. */
struct wrapping {
    struct gs_buf *out;
    const uint8_t *text;
    size_t columns, hang;
    size_t start;    /* the first byte not put out yet */
    size_t used;     /* columns of the line so far */
    size_t break_at; /* the last place where it may end; `start`: none */
    size_t break_used;
    bool has_text; /* more than spaces stands in it */
    struct glyph last;
};

static bool is_in(const char *set, size_t set_size, const uint8_t *p, size_t size)
{
    const uint8_t *s = (const uint8_t *)set, *end = s + set_size;
    while (s < end) {
        uint32_t cp;
        size_t step = gs_utf8_step(s, end, &cp);
        if (step == size && memcmp(s, p, size) == 0)
            return true;
        s += step;
    }
    return false;
}

/* Bytes of ESC [ ... m, 0 where none begins. */
static size_t escape_size(const uint8_t *p, const uint8_t *end)
{
    if (end - p < 3 || p[0] != 0x1B || p[1] != '[')
        return 0;
    for (const uint8_t *q = p + 2; q < end; q++) {
        if (*q == 'm')
            return (size_t)(q - p) + 1;
        if (*q != ';' && (*q < '0' || *q > '9'))
            return 0;
    }
    return 0;
}

/* Full-width letters and digits are set like their Latin likes. */
static bool is_fullwidth_word(uint32_t cp)
{
    return (cp >= 0xFF10 && cp <= 0xFF19) || (cp >= 0xFF21 && cp <= 0xFF3A) ||
           (cp >= 0xFF41 && cp <= 0xFF5A) || cp == 0xFF0E;
}

static struct glyph read_glyph(const uint8_t *p, const uint8_t *end)
{
    struct glyph g = {.size = escape_size(p, end)};
    uint32_t cp;
    if (g.size)
        return g;
    g.size = gs_utf8_step(p, end, &cp);
    enum gs_display_class class = gs_display_class(cp);
    if (class == GS_DISPLAY_DROP || class == GS_DISPLAY_MARK)
        return g;
    g.columns = class == GS_DISPLAY_WIDE ? 2 : 1;
    g.is_word = class == GS_DISPLAY_NARROW || is_fullwidth_word(cp);
    g.kind = class == GS_DISPLAY_SPACE || class == GS_DISPLAY_TAB ? GLYPH_SPACE
             : is_in(closing, sizeof(closing) - 1, p, g.size)     ? GLYPH_CLOSING
             : is_in(opening, sizeof(opening) - 1, p, g.size)     ? GLYPH_OPENING
                                                                  : GLYPH_OTHER;
    return g;
}

/* Whether a line may end between two characters. */
static bool may_break(const struct glyph *before, const struct glyph *behind)
{
    if (behind->kind == GLYPH_SPACE || behind->kind == GLYPH_CLOSING)
        return false;
    if (before->kind == GLYPH_SPACE)
        return true;
    return before->kind != GLYPH_OPENING && !(before->is_word && behind->is_word);
}

static void put_out(struct wrapping *w, size_t end, bool trimmed)
{
    size_t stop = end;
    while (trimmed && stop > w->start && w->text[stop - 1] == ' ')
        stop--;
    gs_buf_append(w->out, w->text + w->start, stop - w->start);
    w->start = end;
}

/* Ends the line before byte `at`, where the character that is too much begins, or earlier. */
static void break_line(struct wrapping *w, size_t at)
{
    bool has_place = w->break_at > w->start;
    size_t end = has_place ? w->break_at : at;
    w->used = w->hang + (has_place ? w->used - w->break_used : 0);
    put_out(w, end, true);
    gs_buf_append_u8(w->out, '\n');
    for (size_t i = 0; i < w->hang; i++)
        gs_buf_append_u8(w->out, ' ');
    w->break_at = end;
    w->has_text = end < at;
}

static void wrap_line(struct wrapping *w, size_t end)
{
    size_t at = w->start;
    w->used = w->break_used = 0;
    w->break_at = at;
    w->has_text = false;
    while (at < end) {
        struct glyph g = read_glyph(w->text + at, w->text + end);
        if (g.kind == GLYPH_UNSEEN) {
            at += g.size;
            continue;
        }
        if (w->has_text && may_break(&w->last, &g)) {
            w->break_at = at;
            w->break_used = w->used;
        }
        while (g.kind != GLYPH_SPACE && w->has_text && w->used + g.columns > w->columns)
            break_line(w, at);
        w->has_text = w->has_text || g.kind != GLYPH_SPACE;
        w->used += g.columns;
        w->last = g;
        at += g.size;
    }
    put_out(w, end, false);
}

void gs_wrap_lines(struct gs_buf *out, size_t start, size_t columns, size_t hang)
{
    struct gs_buf text;
    if (columns == 0 || gs_buf_status(out) != GAOSOU_OK || start >= out->size ||
        out->size - start <= columns)
        return; /* no character is wider than its bytes */
    gs_buf_init(&text, out->size - start);
    gs_buf_append(&text, out->data + start, out->size - start);
    if (gs_buf_status(&text) == GAOSOU_OK) {
        size_t most = columns > ROOM_LEAST ? columns - ROOM_LEAST : 0;
        struct wrapping w = {.out = out, .text = text.data, .columns = columns};
        w.hang = hang < most ? hang : most;
        out->size = start;
        while (w.start < text.size) {
            const uint8_t *line = text.data + w.start;
            const uint8_t *feed = memchr(line, '\n', text.size - w.start);
            wrap_line(&w, feed ? (size_t)(feed - text.data) : text.size);
            if (feed)
                put_out(&w, w.start + 1, false);
        }
    }
    gs_buf_release(&text);
}
