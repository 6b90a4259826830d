#include "indexer/docx_styles.h"

#include <stdlib.h>
#include <string.h>

#define NAMES_MAX ((size_t)8 << 20)
#define HOPS_MAX  64 /* styles based on styles; a circle ends here */

void gs_docx_styles_init(struct gs_docx_styles *s)
{
    *s = (struct gs_docx_styles){0};
    gs_buf_init(&s->names, NAMES_MAX);
}

void gs_docx_styles_release(struct gs_docx_styles *s)
{
    free(s->items);
    gs_buf_release(&s->names);
    *s = (struct gs_docx_styles){0};
}

/* ---- reading ----------------------------------------------------------------------------------
 */

struct reading {
    struct gs_docx_styles *styles;
    struct gs_docx_style *style; /* the present one, or NULL */
    unsigned depth;              /* of elements below it */
    unsigned skip; /* depth below which all is passed over (tracked changes); 0: none */
    struct gs_err *err;
};

static uint32_t add_name(struct gs_docx_styles *s, const struct gs_markup_attribute *a)
{
    if (!a || a->size == 0)
        return 0;
    if (s->names.size == 0)
        gs_buf_append_u8(&s->names, 0);
    uint32_t at = (uint32_t)s->names.size;
    gs_buf_append(&s->names, a->value, a->size);
    gs_buf_append_u8(&s->names, 0);
    return at;
}

static enum gaosou_status begin_style(struct reading *r, const struct gs_markup_element *e)
{
    struct gs_docx_styles *s = r->styles;
    void *items = s->items;
    enum gaosou_status status =
        gs_docx_grow(&items, &s->capacity, s->count, sizeof *s->items, r->err);
    if (status != GAOSOU_OK)
        return status;
    s->items = items;
    r->style = &s->items[s->count++];
    *r->style = (struct gs_docx_style){.list = GS_DOCX_UNSET, .level = GS_DOCX_UNSET};
    r->style->id = add_name(s, gs_markup_attribute(e, "styleId"));
    const struct gs_markup_attribute *is_default = gs_markup_attribute(e, "default");
    if (gs_markup_value_is(gs_markup_attribute(e, "type"), "paragraph") &&
        (gs_markup_value_is(is_default, "1") || gs_markup_value_is(is_default, "true")))
        s->paragraph = r->style->id;
    r->depth = 0;
    r->skip = 0;
    if (gs_buf_status(&s->names) != GAOSOU_OK)
        return gs_err_set(r->err, GAOSOU_E_LIMIT, "more than %zu bytes of names", NAMES_MAX);
    return GAOSOU_OK;
}

static enum gaosou_status on_start(void *user, const struct gs_markup_element *e)
{
    struct reading *r = user;
    struct gs_docx_style *style = r->style;
    if (!style)
        return gs_docx_is_word(e->space) && strcmp(e->name, "style") == 0 ? begin_style(r, e)
                                                                          : GAOSOU_OK;
    r->depth++;
    if (r->skip || !gs_docx_is_word(e->space))
        return GAOSOU_OK;
    const struct gs_markup_attribute *val = gs_markup_attribute(e, "val");
    if (strcmp(e->name, "pPrChange") == 0 || strcmp(e->name, "rPrChange") == 0 ||
        strcmp(e->name, "tblStylePr") == 0) {
        r->skip = r->depth;
    } else if (strcmp(e->name, "basedOn") == 0) {
        style->based_on = add_name(r->styles, val);
    } else if (strcmp(e->name, "numId") == 0) {
        style->list = gs_docx_number(val, GS_DOCX_UNSET);
    } else if (strcmp(e->name, "ilvl") == 0) {
        style->level = gs_docx_number(val, GS_DOCX_UNSET);
    } else if (strcmp(e->name, "vanish") == 0) {
        style->hidden_set = true;
        style->hidden = gs_docx_is_on(e);
    } else if (strcmp(e->name, "pageBreakBefore") == 0) {
        style->page_break_set = true;
        style->page_break = gs_docx_is_on(e);
    }
    return GAOSOU_OK;
}

static enum gaosou_status on_end(void *user, const char *name, const char *space)
{
    struct reading *r = user;
    (void)name, (void)space;
    if (!r->style)
        return GAOSOU_OK;
    if (r->skip == r->depth)
        r->skip = 0;
    if (r->depth == 0)
        r->style = NULL;
    else
        r->depth--;
    return GAOSOU_OK;
}

static enum gaosou_status on_text(void *user, const char *bytes, size_t size)
{
    (void)user, (void)bytes, (void)size;
    return GAOSOU_OK;
}

static const char *name_at(const struct gs_docx_styles *s, uint32_t at)
{
    return s->names.data ? (const char *)s->names.data + at : "";
}

static int by_name(const void *a, const void *b, void *styles)
{
    const struct gs_docx_style *x = a, *y = b;
    int order = strcmp(name_at(styles, x->id), name_at(styles, y->id));
    return order ? order : x->id < y->id ? -1 : x->id > y->id;
}

enum gaosou_status gs_docx_styles_read(struct gs_docx_styles *s, const uint8_t *bytes, size_t size,
                                       struct gs_err *err)
{
    static const struct gs_markup_events events = {on_start, on_end, on_text};
    struct reading r = {.styles = s, .err = err};
    enum gaosou_status status = gs_markup_read_xml(bytes, size, &events, &r, err);
    if (status != GAOSOU_OK)
        return status;
    if (gs_buf_status(&s->names) != GAOSOU_OK)
        return gs_err_set(err, GAOSOU_E_LIMIT, "more than %zu bytes of names", NAMES_MAX);
    if (s->count > 0)
        qsort_r(s->items, s->count, sizeof *s->items, by_name, s);
    return GAOSOU_OK;
}

/* ---- looking up -------------------------------------------------------------------------------
 */

/* The first style of that name, or NULL. */
static const struct gs_docx_style *find(const struct gs_docx_styles *s, const char *name,
                                        size_t size)
{
    size_t from = 0, to = s->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        const char *at = name_at(s, s->items[middle].id);
        int order = strncmp(at, name, size);
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    /* From here on names that begin with it; the name itself is the first of them. */
    if (from == s->count)
        return NULL;
    const char *at = name_at(s, s->items[from].id);
    return strlen(at) == size && memcmp(at, name, size) == 0 ? &s->items[from] : NULL;
}

void gs_docx_style_effect(const struct gs_docx_styles *s, const char *name, size_t size,
                          struct gs_docx_style_effect *out)
{
    bool hidden_set = false, page_break_set = false;
    *out = (struct gs_docx_style_effect){.list = GS_DOCX_UNSET, .level = GS_DOCX_UNSET};
    if (!name && s->paragraph == 0)
        return;
    if (!name) {
        name = name_at(s, s->paragraph);
        size = strlen(name);
    }
    const struct gs_docx_style *style = find(s, name, size);
    for (int hops = 0; style && hops < HOPS_MAX; hops++) {
        if (out->list == GS_DOCX_UNSET && style->list != GS_DOCX_UNSET) {
            out->list = style->list;
            out->list_style = name_at(s, style->id);
        }
        if (out->level == GS_DOCX_UNSET)
            out->level = style->level;
        if (!hidden_set && style->hidden_set)
            out->hidden = style->hidden;
        hidden_set |= style->hidden_set;
        if (!page_break_set && style->page_break_set)
            out->page_break = style->page_break;
        page_break_set |= style->page_break_set;
        const char *base = name_at(s, style->based_on);
        style = style->based_on ? find(s, base, strlen(base)) : NULL;
    }
}
