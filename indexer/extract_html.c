#include "indexer/extract_html.h"

#include "indexer/extract_text.h"
#include "indexer/html_lines.h"
#include "indexer/html_rules.h"
#include "indexer/markup.h"

#include <string.h>

#define OPEN_MAX    ((size_t)1 << 28) /* bytes for elements that are open at once */
#define TITLE_BYTES 4096              /* of a title are kept */

/* An element that is open. */
struct open_element {
    uint8_t role;   /* enum gs_html_role */
    uint8_t traits; /* bits of enum gs_html_trait */
};

/* An element that may turn out to be navigation. */
struct chrome {
    struct gs_html_place place;
    uint64_t in_links;
};

struct page {
    struct gs_html_lines lines;
    struct gs_extracted *out;
    struct gs_buf open;    /* of struct open_element */
    struct gs_buf chromes; /* of struct chrome */
    size_t dropped;        /* elements open, from the outermost dropped one on */
    size_t literal;        /* elements open that keep white space */
    size_t links;          /* links open */
    uint64_t link_start;   /* lines.visible at the outermost open link */
    uint64_t in_links;     /* bytes of visible text in links */
    bool in_title, has_title;
};

/* ---- text --------------------------------------------------------------------------------------
 */

static void title_text(struct page *p, const char *bytes, size_t size)
{
    struct gs_buf *title = &p->out->title;
    for (size_t i = 0; i < size && title->size < TITLE_BYTES; i++) {
        bool white = bytes[i] == ' ' || (bytes[i] >= '\t' && bytes[i] <= '\r');
        if (!white)
            gs_buf_append_u8(title, (uint8_t)bytes[i]);
        else if (title->size > 0 && title->data[title->size - 1] != ' ')
            gs_buf_append_u8(title, ' ');
    }
}

static enum gaosou_status status_of(const struct page *p)
{
    if (gs_buf_status(&p->open) != GAOSOU_OK)
        return gs_buf_status(&p->open);
    if (gs_buf_status(&p->chromes) != GAOSOU_OK)
        return gs_buf_status(&p->chromes);
    return gs_html_lines_status(&p->lines);
}

static enum gaosou_status on_text(void *user, const char *bytes, size_t size)
{
    struct page *p = user;
    if (p->in_title)
        title_text(p, bytes, size);
    else if (p->dropped == 0)
        gs_html_lines_text(&p->lines, bytes, size, p->literal > 0);
    return status_of(p);
}

/* ---- links and navigation ----------------------------------------------------------------------
 */

static void link_begin(struct page *p)
{
    if (p->links++ == 0)
        p->link_start = p->lines.visible;
}

static void link_end(struct page *p)
{
    if (--p->links == 0)
        p->in_links += p->lines.visible - p->link_start;
}

static void chrome_begin(struct page *p)
{
    struct chrome c = {gs_html_lines_place(&p->lines), p->in_links};
    gs_buf_append(&p->chromes, &c, sizeof c);
}

/* Takes its text back if half of it or more is links; then true. */
static bool chrome_end(struct page *p)
{
    if (p->chromes.size < sizeof(struct chrome))
        return false;
    struct chrome c;
    p->chromes.size -= sizeof c;
    memcpy(&c, p->chromes.data + p->chromes.size, sizeof c);
    uint64_t text = p->lines.visible - c.place.visible, links = p->in_links - c.in_links;
    if (text == 0 || links * 2 < text || p->links > 0)
        return false;
    gs_html_lines_return(&p->lines, &c.place);
    p->in_links = c.in_links;
    return true;
}

/* ---- elements ----------------------------------------------------------------------------------
 */

static void role_begin(struct page *p, enum gs_html_role role)
{
    switch (role) {
    case GS_HTML_BLOCK:
        gs_html_lines_edge(&p->lines);
        break;
    case GS_HTML_PREFORMATTED:
        gs_html_lines_literal(&p->lines);
        break;
    case GS_HTML_BREAK:
        gs_html_lines_break(&p->lines);
        break;
    case GS_HTML_TABLE:
        gs_html_table_begin(&p->lines);
        break;
    case GS_HTML_ROW:
        gs_html_row_begin(&p->lines);
        break;
    case GS_HTML_CELL:
        gs_html_cell_begin(&p->lines);
        break;
    case GS_HTML_LINK:
        link_begin(p);
        break;
    default:
        break;
    }
}

static void role_end(struct page *p, enum gs_html_role role)
{
    switch (role) {
    case GS_HTML_BLOCK:
    case GS_HTML_PREFORMATTED:
        gs_html_lines_edge(&p->lines);
        break;
    case GS_HTML_TABLE:
        gs_html_table_end(&p->lines);
        break;
    case GS_HTML_ROW:
        gs_html_row_end(&p->lines);
        break;
    case GS_HTML_CELL:
        gs_html_cell_end(&p->lines);
        break;
    case GS_HTML_LINK:
        link_end(p);
        break;
    default:
        break;
    }
}

/* A cell is begun before the place inside it that may be returned to, all else behind it. */
static void element_begin(struct page *p, enum gs_html_role role, unsigned traits)
{
    if (traits & GS_HTML_PAGE_BEFORE)
        gs_html_lines_page(&p->lines);
    if (role == GS_HTML_CELL)
        role_begin(p, role);
    if (traits & GS_HTML_CHROME)
        chrome_begin(p);
    if (role != GS_HTML_CELL)
        role_begin(p, role);
    p->literal += (traits & GS_HTML_KEEPS_SPACE) != 0;
}

static void element_end(struct page *p, enum gs_html_role role, unsigned traits)
{
    p->literal -= (traits & GS_HTML_KEEPS_SPACE) != 0;
    if (role != GS_HTML_CELL)
        role_end(p, role);
    bool gone = (traits & GS_HTML_CHROME) && chrome_end(p);
    if (role == GS_HTML_CELL && gone)
        gs_html_cell_drop(&p->lines);
    if (role == GS_HTML_CELL)
        role_end(p, role);
    if (traits & GS_HTML_PAGE_AFTER)
        gs_html_lines_page(&p->lines);
}

static void section_begin(struct page *p, const struct gs_markup_element *element)
{
    bool whole = false;
    const struct gs_markup_attribute *title = gs_html_section_title(element, &whole);
    if (!title)
        return;
    if (!whole) {
        gs_html_lines_text(&p->lines, title->value, title->size, false);
        gs_html_lines_edge(&p->lines);
    } else if (!p->has_title) {
        title_text(p, title->value, title->size);
        p->has_title = true;
    }
}

static enum gaosou_status on_start(void *user, const struct gs_markup_element *element)
{
    struct page *p = user;
    if (p->dropped > 0) {
        p->dropped++;
        return GAOSOU_OK;
    }
    enum gs_html_role role = gs_html_role_of(element);
    unsigned traits = gs_html_traits_of(element);
    if (role == GS_HTML_BODY) /* hidden only until a script shows it */
        traits = 0;
    if (role == GS_HTML_PREFORMATTED)
        traits |= GS_HTML_KEEPS_SPACE;
    bool again = role == GS_HTML_TITLE && p->has_title;
    if (role == GS_HTML_DROPPED || again || (traits & GS_HTML_HIDDEN)) {
        p->dropped = 1;
        return GAOSOU_OK;
    }
    p->in_title = role == GS_HTML_TITLE;
    p->has_title |= p->in_title;
    struct open_element e = {(uint8_t)role, (uint8_t)traits};
    gs_buf_append(&p->open, &e, sizeof e);
    element_begin(p, role, traits);
    if (role == GS_HTML_BLOCK)
        section_begin(p, element);
    return status_of(p);
}

static enum gaosou_status on_end(void *user, const char *name, const char *space)
{
    struct page *p = user;
    (void)name, (void)space;
    p->in_title = false;
    if (p->dropped > 0) {
        p->dropped--;
        return GAOSOU_OK;
    }
    struct open_element e;
    if (p->open.size < sizeof e)
        return GAOSOU_OK;
    p->open.size -= sizeof e;
    memcpy(&e, p->open.data + p->open.size, sizeof e);
    element_end(p, (enum gs_html_role)e.role, e.traits);
    return status_of(p);
}

/* ---- the page ----------------------------------------------------------------------------------
 */

static enum gaosou_status read_page(const uint8_t *bytes, size_t size, struct gs_extracted *out,
                                    struct gs_err *err)
{
    static const struct gs_markup_events events = {on_start, on_end, on_text};
    struct page p = {.out = out};
    gs_buf_init(&p.open, OPEN_MAX);
    gs_buf_init(&p.chromes, OPEN_MAX);
    gs_html_lines_init(&p.lines, &out->text);
    enum gaosou_status status = gs_markup_read_html(bytes, size, &events, &p, err);
    gs_html_lines_finish(&p.lines);
    if (status_of(&p) != GAOSOU_OK)
        status = gs_err_set(err, status_of(&p), "more than %zu bytes of text, or out of memory",
                            out->text.cap);
    if (p.lines.pages_ended > 0)
        out->pages = p.lines.pages_ended + 1;
    while (out->title.size > 0 && out->title.data[out->title.size - 1] == ' ')
        out->title.size--;
    gs_html_lines_release(&p.lines);
    gs_buf_release(&p.open);
    gs_buf_release(&p.chromes);
    return status;
}

enum gaosou_status gs_extract_html(const uint8_t *bytes, size_t size,
                                   const struct gs_extract_params *params, struct gs_extracted *out,
                                   struct gs_err *err)
{
    struct gs_encoding encoding;
    const char *declared = NULL;
    gs_encoding_declared(bytes, size, &declared);
    gs_encoding_find(bytes, size, params->encoding, declared, &encoding);
    if (encoding.binary && memchr(bytes, 0, size))
        return gs_err_set(err, GAOSOU_E_INPUT, "binary: no text in any known encoding");
    out->encoding_by = encoding.origin;
    if (encoding.valid)
        return read_page(bytes + encoding.bom_size, size - encoding.bom_size, out, err);
    if (strcmp(encoding.name, "UTF-8") != 0)
        out->encoding = encoding.name;
    struct gs_buf text;
    gs_buf_init(&text, GS_MARKUP_INPUT_MAX);
    enum gaosou_status status =
        gs_encoding_convert(bytes, size, &encoding, &text, &out->replaced, err);
    if (status == GAOSOU_OK)
        status = read_page(text.data, text.size, out, err);
    gs_buf_release(&text);
    return status;
}
