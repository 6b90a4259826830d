#include "indexer/pdf_text.h"

#include "common/base/utf8_step.h"

#include <string.h>

#define GAP_MOST   4 /* spaces: two already make a gap (Structure in ANALYSIS.md), four show it */
#define BLANK_MOST 2 /* line feeds in a row: one blank line */

struct tidy {
    struct gs_buf *out;
    struct gs_pdf_text *found;
    unsigned spaces;     /* read and not yet written */
    unsigned line_feeds; /* just written */
    bool line_begun;     /* something but spaces was read of this line */
    uint64_t page_chars; /* visible, good or bad */
};

enum char_kind { CHAR_GOOD, CHAR_BAD, CHAR_SPACE, CHAR_DROPPED };

static bool is_space(uint32_t c)
{
    return c == ' ' || c == '\t' || c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
           c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

/* Private use, and code points that never are characters. */
static bool is_private(uint32_t c)
{
    return (c >= 0xE000 && c <= 0xF8FF) || c >= 0xF0000 || (c >= 0xFDD0 && c <= 0xFDEF) ||
           (c & 0xFFFE) == 0xFFFE;
}

static enum char_kind kind_of(uint32_t c)
{
    if (c == 0xFEFF || (c >= 0x200B && c <= 0x200F))
        return CHAR_DROPPED; /* no width, no meaning here */
    if (is_space(c))
        return CHAR_SPACE;
    return c == GS_UTF8_BAD || is_private(c) ? CHAR_BAD : CHAR_GOOD;
}

static void put(struct tidy *t, const uint8_t *bytes, size_t size)
{
    static const uint8_t gap[GAP_MOST + 1] = "    ";
    gs_buf_append(t->out, gap, t->spaces < GAP_MOST ? t->spaces : GAP_MOST);
    gs_buf_append(t->out, bytes, size);
    t->spaces = 0;
    t->line_feeds = 0;
    t->line_begun = true;
}

static void put_visible(struct tidy *t, const uint8_t *bytes, size_t size, bool good)
{
    put(t, bytes, size);
    t->page_chars++;
    if (good)
        t->found->chars++;
    else
        t->found->bad++;
}

static void end_line(struct tidy *t)
{
    t->spaces = 0;
    t->line_begun = false;
    if (t->line_feeds < BLANK_MOST) {
        gs_buf_append_u8(t->out, '\n');
        t->line_feeds++;
    }
}

/* `with_feed`: not behind the last page. */
static void end_page(struct tidy *t, bool with_feed)
{
    t->found->pages++;
    t->found->empty_pages += t->page_chars == 0;
    t->page_chars = 0;
    t->spaces = 0;
    if (with_feed)
        gs_buf_append_u8(t->out, '\f');
    t->line_feeds = BLANK_MOST - 1; /* a page begins without a blank line but one */
}

/* pdftotext ends a page behind a line end; a form feed inside a line is the file's own. */
static void take_ascii(struct tidy *t, const uint8_t *p, bool at_end)
{
    if (*p == '\n')
        end_line(t);
    else if (*p == '\f' && !t->line_begun)
        end_page(t, !at_end);
    else if (*p == ' ' || *p == '\t' || *p == '\f' || *p == '\r')
        t->spaces++;
    else if (*p > ' ' && *p < 0x7F)
        put_visible(t, p, 1, true);
    else {
        t->found->bad++;
        t->page_chars++;
    }
}

static size_t take_wide(struct tidy *t, const uint8_t *p, const uint8_t *end)
{
    static const uint8_t replacement[] = {0xEF, 0xBF, 0xBD};
    uint32_t c;
    size_t size = gs_utf8_step(p, end, &c);
    if (c >= 0x80 && c < 0xA0) { /* controls */
        t->found->bad++;
        t->page_chars++;
        return size;
    }
    if (c == GS_UTF8_BAD && (size != 3 || memcmp(p, replacement, 3) != 0)) {
        t->found->replaced++;
        put_visible(t, replacement, sizeof replacement, false);
        return size;
    }
    enum char_kind kind = kind_of(c);
    if (kind == CHAR_SPACE)
        put(t, p, size);
    else if (kind != CHAR_DROPPED)
        put_visible(t, p, size, kind == CHAR_GOOD);
    t->found->odd += kind == CHAR_GOOD && c >= 0xA1 && c <= 0x2AF;
    return size;
}

void gs_pdf_text_tidy(const uint8_t *bytes, size_t size, struct gs_buf *out,
                      struct gs_pdf_text *found)
{
    *found = (struct gs_pdf_text){0};
    struct tidy t = {.out = out, .found = found, .line_feeds = BLANK_MOST - 1};
    const uint8_t *end = bytes + size;
    bool open = false; /* there is something behind the last form feed */
    for (const uint8_t *p = bytes; p < end;) {
        uint32_t pages = found->pages;
        if (*p < 0x80) {
            take_ascii(&t, p, p + 1 == end);
            p++;
        } else {
            p += take_wide(&t, p, end);
        }
        open = found->pages == pages;
    }
    if (open)
        end_page(&t, false);
    if (found->pages == 1) /* without a form feed a text has no pages (Pages in ANALYSIS.md) */
        gs_buf_append_u8(out, '\f');
}
