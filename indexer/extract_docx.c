#include "indexer/extract_docx.h"

#include "common/base/checksum.h"
#include "indexer/docx_package.h"
#include "indexer/docx_text.h"

#include <string.h>

#define FURNITURE_PART_MAX ((size_t)1 << 20) /* bytes of text of a header or footer */
#define KEPT_MAX           1000u             /* different lines of all headers and footers */
#define LOOKED_AT_MAX      20000u            /* lines of them all */

struct extraction {
    struct gs_docx_package package;
    struct gs_docx_context context;
    struct gs_docx_flow flow;
    struct gs_extracted *out;
    struct gs_err *err;
    uint64_t kept_hashes[KEPT_MAX]; /* of furniture lines */
    unsigned kept, looked_at;
};

/* ---- title ------------------------------------------------------------------------------------
 */

struct title_reader {
    struct gs_buf *title;
    bool inside;
};

static enum gaosou_status on_start(void *user, const struct gs_markup_element *e)
{
    struct title_reader *t = user;
    t->inside = strcmp(e->name, "title") == 0 && e->space &&
                strcmp(e->space, "http://purl.org/dc/elements/1.1/") == 0 && t->title->size == 0;
    return GAOSOU_OK;
}

static enum gaosou_status on_end(void *user, const char *name, const char *space)
{
    (void)name, (void)space;
    ((struct title_reader *)user)->inside = false;
    return GAOSOU_OK;
}

static enum gaosou_status on_text(void *user, const char *bytes, size_t size)
{
    struct title_reader *t = user;
    if (t->inside && size <= t->title->cap - t->title->size)
        gs_buf_append(t->title, bytes, size);
    return GAOSOU_OK;
}

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void trim(struct gs_buf *b)
{
    size_t from = 0;
    while (b->size > 0 && is_space(b->data[b->size - 1]))
        b->size--;
    while (from < b->size && is_space(b->data[from]))
        from++;
    if (from > 0)
        memmove(b->data, b->data + from, b->size - from);
    b->size -= from;
}

static enum gaosou_status read_title(struct extraction *x, const struct gs_docx_part *part)
{
    static const struct gs_markup_events events = {on_start, on_end, on_text};
    struct title_reader t = {&x->out->title, false};
    enum gaosou_status status =
        gs_markup_read_xml(part->bytes.data, part->bytes.size, &events, &t, x->err);
    trim(&x->out->title);
    return status;
}

/* ---- headers and footers ----------------------------------------------------------------------
 */

/* Whether the line is one of those kept; remembers it if not. */
static bool seen_before(struct extraction *x, const uint8_t *line, size_t size)
{
    uint64_t hash = gs_hash64(line, size);
    for (size_t i = 0; i < x->kept; i++)
        if (x->kept_hashes[i] == hash)
            return true;
    if (x->kept < KEPT_MAX)
        x->kept_hashes[x->kept++] = hash;
    return false;
}

/* Appends each line that is new and not blank, while there is room. */
static void add_furniture(struct extraction *x, const struct gs_buf *text)
{
    struct gs_buf *out = &x->out->furniture;
    const uint8_t *p = text->data, *end = p + text->size;
    while (p && p < end && x->kept < KEPT_MAX && x->looked_at++ < LOOKED_AT_MAX) {
        const uint8_t *line_end = memchr(p, '\n', (size_t)(end - p));
        if (!line_end)
            line_end = end;
        size_t size = (size_t)(line_end - p), from = 0;
        while (from < size && is_space(p[from]))
            from++;
        if (from < size && size + 1 <= out->cap - out->size && !seen_before(x, p, size)) {
            gs_buf_append(out, p, size);
            gs_buf_append_u8(out, '\n');
        }
        p = line_end + (line_end < end);
    }
}

static enum gaosou_status read_furniture(struct extraction *x, const struct gs_docx_part *part,
                                         const char *root)
{
    struct gs_docx_flow flow;
    struct gs_buf text;
    gs_buf_init(&text, FURNITURE_PART_MAX);
    gs_docx_flow_init(&flow, &text, false);
    enum gaosou_status status =
        gs_docx_text_read(&x->context, root, part->bytes.data, part->bytes.size, &flow, x->err);
    gs_docx_flow_release(&flow);
    if (status == GAOSOU_OK)
        add_furniture(x, &text);
    gs_buf_release(&text);
    return status;
}

/* ---- the whole --------------------------------------------------------------------------------
 */

static enum gaosou_status read_part(struct extraction *x, const struct gs_docx_part *part)
{
    const uint8_t *bytes = part->bytes.data;
    size_t size = part->bytes.size;
    switch (part->role) {
    case GS_DOCX_STYLES:
        return gs_docx_styles_read(&x->context.styles, bytes, size, x->err);
    case GS_DOCX_NUMBERING:
        return gs_docx_lists_read(&x->context.lists, bytes, size, x->err);
    case GS_DOCX_DOCUMENT:
        return gs_docx_text_read(&x->context, "document", bytes, size, &x->flow, x->err);
    case GS_DOCX_FOOTNOTES:
        x->flow.paged = false;
        return gs_docx_text_read(&x->context, "footnotes", bytes, size, &x->flow, x->err);
    case GS_DOCX_ENDNOTES:
        x->flow.paged = false;
        return gs_docx_text_read(&x->context, "endnotes", bytes, size, &x->flow, x->err);
    case GS_DOCX_HEADER:
        return read_furniture(x, part, "hdr");
    case GS_DOCX_FOOTER:
        return read_furniture(x, part, "ftr");
    case GS_DOCX_CORE:
        return read_title(x, part);
    default:
        return GAOSOU_OK;
    }
}

/* Parts in the order in which they build on each other and stand in the text. */
static enum gaosou_status read_all(struct extraction *x)
{
    static const enum gs_docx_role order[] = {
        GS_DOCX_STYLES,   GS_DOCX_NUMBERING, GS_DOCX_DOCUMENT, GS_DOCX_FOOTNOTES,
        GS_DOCX_ENDNOTES, GS_DOCX_HEADER,    GS_DOCX_FOOTER,   GS_DOCX_CORE,
    };
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        for (size_t k = 0; k < x->package.count; k++) {
            struct gs_docx_part *part = &x->package.parts[k];
            if (part->role != order[i])
                continue;
            enum gaosou_status status = read_part(x, part);
            if (status != GAOSOU_OK) {
                gs_err_prefix(x->err, "%s", part->name);
                return status;
            }
            gs_buf_release(&part->bytes);
        }
    return GAOSOU_OK;
}

static bool is_blank(const struct gs_buf *b)
{
    for (size_t i = 0; i < b->size; i++)
        if (!is_space(b->data[i]) && b->data[i] != '\f')
            return false;
    return true;
}

static uint32_t count_pages(const struct gs_buf *text)
{
    uint32_t breaks = 0;
    const uint8_t *p = text->data, *end = p + text->size;
    while (p && p < end && (p = memchr(p, '\f', (size_t)(end - p))) != NULL) {
        breaks++;
        p++;
    }
    return breaks > 0 ? breaks + 1 : 0;
}

enum gaosou_status gs_extract_docx(const uint8_t *bytes, size_t size,
                                   const struct gs_extract_params *params, struct gs_extracted *out,
                                   struct gs_err *err)
{
    struct extraction x = {.out = out, .err = err};
    (void)params; /* the text's cap is that of out->text; no child, and XML says its encoding */
    gs_docx_package_init(&x.package);
    gs_docx_styles_init(&x.context.styles);
    gs_docx_lists_init(&x.context.lists);
    gs_docx_flow_init(&x.flow, &out->text, true);
    enum gaosou_status status = gs_docx_package_read(&x.package, bytes, size, err);
    if (status == GAOSOU_OK)
        status = read_all(&x);
    if (status == GAOSOU_OK && x.context.embedded && is_blank(&out->text))
        status = gs_err_set(err, GAOSOU_E_INPUT,
                            "its text is an embedded file of another format (altChunk)");
    if (status == GAOSOU_OK && gs_buf_status(&out->text) != GAOSOU_OK)
        status = gs_err_set(err, gs_buf_status(&out->text), "more than %zu bytes of text",
                            out->text.cap);
    out->pages = count_pages(&out->text);
    gs_docx_flow_release(&x.flow);
    gs_docx_lists_release(&x.context.lists);
    gs_docx_styles_release(&x.context.styles);
    gs_docx_package_release(&x.package);
    return status;
}
