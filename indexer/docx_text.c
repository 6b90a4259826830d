#include "indexer/docx_text.h"

#include <string.h>
#include <strings.h>

#define COMPATIBILITY "http://schemas.openxmlformats.org/markup-compatibility/2006"

/* What an open element is, as far as it matters. */
enum tag {
    TAG_OTHER,
    TAG_SKIPPED, /* with all that is in it */
    TAG_PARAGRAPH,
    TAG_PARAGRAPH_PROPERTIES,
    TAG_MARK_PROPERTIES, /* rPr in pPr: of the paragraph's mark */
    TAG_RUN,
    TAG_RUN_PROPERTIES,
    TAG_TEXT,
    TAG_TABLE,
    TAG_ROW,
    TAG_ROW_PROPERTIES,
    TAG_CELL,
    TAG_BOX,
    TAG_ALTERNATIVES,       /* mc:AlternateContent of which nothing has been taken yet */
    TAG_ALTERNATIVES_TAKEN, /* ... or one */
    TAG_SECTION
};

struct paragraph {
    bool open;
    bool settled; /* its properties are known and have had their effect */
    bool mark_deleted;
    bool page_break, page_break_set;
    bool section_ends, section_break; /* the next section begins on a new page */
    uint32_t list, level;
    char style[256]; /* its name; "": the default */
    size_t style_size;
    struct gs_docx_style_effect effect;
    size_t start;
};

struct reader {
    struct gs_docx_context *context;
    struct gs_docx_flow *flow;
    const char *root;
    struct gs_err *err;
    enum tag tags[GS_MARKUP_XML_DEPTH + 1];
    unsigned depth;
    struct paragraph paragraphs[GS_DOCX_BOX_DEPTH]; /* of the body, and of boxes in it */
    bool run_hidden;
    bool hidden_around[GS_DOCX_BOX_DEPTH]; /* of the runs that boxes hang on */
};

static enum tag parent(const struct reader *r)
{
    return r->depth > 0 ? r->tags[r->depth - 1] : TAG_OTHER;
}

static struct paragraph *paragraph(struct reader *r)
{
    return &r->paragraphs[r->flow->box_count];
}

/* ---- paragraphs -------------------------------------------------------------------------------
 */

static void paragraph_start(struct reader *r)
{
    struct paragraph *p = paragraph(r);
    *p = (struct paragraph){
        .open = true,
        .list = GS_DOCX_UNSET,
        .level = GS_DOCX_UNSET,
        .start = gs_docx_flow_paragraph_start(r->flow),
    };
    r->run_hidden = false;
}

/* All of the paragraph's properties have been read: page break and list number come first. */
static void settle(struct reader *r)
{
    struct paragraph *p = paragraph(r);
    if (!p->open || p->settled)
        return;
    p->settled = true;
    gs_docx_style_effect(&r->context->styles, p->style_size ? p->style : NULL, p->style_size,
                         &p->effect);
    if (p->page_break_set ? p->page_break : p->effect.page_break) {
        gs_docx_flow_page_break(r->flow, false);
        p->start = gs_docx_flow_paragraph_start(r->flow);
    }
    uint32_t list = p->list != GS_DOCX_UNSET ? p->list : p->effect.list;
    uint32_t level = p->level != GS_DOCX_UNSET  ? p->level
                     : p->list != GS_DOCX_UNSET ? 0
                                                : p->effect.level;
    if (list == GS_DOCX_UNSET || list == 0 || p->mark_deleted)
        return;
    struct gs_buf label;
    gs_buf_init(&label, 4096);
    gs_docx_lists_label(&r->context->lists, &r->context->styles, list, level, p->effect.list_style,
                        &label);
    if (!p->effect.hidden)
        gs_docx_flow_text(r->flow, (const char *)label.data, label.size);
    gs_buf_release(&label);
}

static void paragraph_end(struct reader *r)
{
    struct paragraph *p = paragraph(r);
    if (!p->open)
        return;
    settle(r);
    p->open = false;
    gs_docx_flow_paragraph_end(r->flow, p->start, p->mark_deleted);
    if (p->section_ends && p->section_break)
        gs_docx_flow_page_break(r->flow, false);
}

static void paragraph_property(struct reader *r, const struct gs_markup_element *e)
{
    struct paragraph *p = paragraph(r);
    const struct gs_markup_attribute *val = gs_markup_attribute(e, "val");
    if (strcmp(e->name, "pStyle") == 0 && val && val->size < sizeof p->style) {
        memcpy(p->style, val->value, val->size);
        p->style_size = val->size;
    } else if (strcmp(e->name, "numId") == 0) {
        p->list = gs_docx_number(val, GS_DOCX_UNSET);
    } else if (strcmp(e->name, "ilvl") == 0) {
        p->level = gs_docx_number(val, GS_DOCX_UNSET);
    } else if (strcmp(e->name, "pageBreakBefore") == 0) {
        p->page_break_set = true;
        p->page_break = gs_docx_is_on(e);
    }
}

/* ---- elements ---------------------------------------------------------------------------------
 */

static bool is_one_of(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

/* Elements whose text is not the document's. */
static bool is_left_out(const char *name)
{
    static const char *const names[] = {"del",        "moveFrom",      "delText",
                                        "instrText",  "delInstrText",  "pPrChange",
                                        "rPrChange",  "tblPrChange",   "trPrChange",
                                        "tcPrChange", "tblPrExChange", "sectPrChange",
                                        "sdtPr",      "sdtEndPr",      "rt",
                                        "fldData",    "binData",       "customXmlPr",
                                        "smartTagPr", "tblGridChange", "numberingChange",
                                        NULL};
    return is_one_of(name, names);
}

/* Characters of symbol fonts that say something: boxes that are ticked or not. */
static void symbol(struct reader *r, const struct gs_markup_element *e)
{
    static const struct {
        const char *font, *code, *text;
    } known[] = {
        {"Wingdings", "A8", "□"},   {"Wingdings", "6F", "□"},   {"Wingdings", "FE", "☑"},
        {"Wingdings", "FD", "☒"},   {"Wingdings", "FC", "√"},   {"Wingdings", "FB", "×"},
        {"Wingdings 2", "A3", "□"}, {"Wingdings 2", "52", "☑"}, {"Wingdings 2", "50", "√"},
        {"Wingdings 2", "53", "☒"}, {"Wingdings 2", "54", "☒"}, {"Wingdings 2", "4F", "×"},
    };
    const struct gs_markup_attribute *font = gs_markup_attribute(e, "font"),
                                     *code = gs_markup_attribute(e, "char");
    if (!code || code->size < 2)
        return;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (gs_markup_value_is(font, known[i].font) &&
            strncasecmp(code->value + code->size - 2, known[i].code, 2) == 0)
            gs_docx_flow_text(r->flow, known[i].text, strlen(known[i].text));
}

static void line_break(struct reader *r, const struct gs_markup_element *e)
{
    if (gs_markup_value_is(gs_markup_attribute(e, "type"), "page"))
        gs_docx_flow_page_break(r->flow, true);
    else
        gs_docx_flow_line_break(r->flow);
}

/* Elements that stand for a character or a break. */
static void character(struct reader *r, const struct gs_markup_element *e)
{
    if (strcmp(e->name, "lastRenderedPageBreak") == 0)
        gs_docx_flow_page_break(r->flow, false);
    else if (r->run_hidden)
        return;
    else if (strcmp(e->name, "tab") == 0 || strcmp(e->name, "ptab") == 0)
        gs_docx_flow_tab(r->flow);
    else if (strcmp(e->name, "br") == 0)
        line_break(r, e);
    else if (strcmp(e->name, "cr") == 0)
        gs_docx_flow_line_break(r->flow);
    else if (strcmp(e->name, "noBreakHyphen") == 0)
        gs_docx_flow_text(r->flow, "-", 1);
    else if (strcmp(e->name, "sym") == 0)
        symbol(r, e);
}

static void run_property(struct reader *r, const struct gs_markup_element *e)
{
    const struct gs_markup_attribute *val = gs_markup_attribute(e, "val");
    if (strcmp(e->name, "vanish") == 0) {
        r->run_hidden = gs_docx_is_on(e);
    } else if (strcmp(e->name, "rStyle") == 0 && val) {
        struct gs_docx_style_effect effect;
        gs_docx_style_effect(&r->context->styles, val->value, val->size, &effect);
        r->run_hidden |= effect.hidden;
    }
}

static enum gaosou_status too_deep(struct reader *r, const struct gs_markup_element *e,
                                   const char *what, unsigned most)
{
    return gs_err_set(r->err, GAOSOU_E_LIMIT, "line %u: %s one in another more than %u deep",
                      e->line, what, most);
}

static enum gaosou_status run_start(struct reader *r)
{
    settle(r);
    r->run_hidden = paragraph(r)->open && paragraph(r)->effect.hidden;
    return GAOSOU_OK;
}

static enum gaosou_status box_start(struct reader *r, const struct gs_markup_element *e)
{
    bool hidden = r->run_hidden;
    settle(r);
    if (!gs_docx_flow_box_start(r->flow))
        return too_deep(r, e, "text boxes", GS_DOCX_BOX_DEPTH - 1);
    r->hidden_around[r->flow->box_count] = hidden;
    paragraph(r)->open = false;
    return GAOSOU_OK;
}

static enum gaosou_status enter(struct reader *r, enum tag tag, const struct gs_markup_element *e)
{
    switch (tag) {
    case TAG_PARAGRAPH:
        paragraph_end(r); /* one in another is none that Word writes */
        paragraph_start(r);
        return GAOSOU_OK;
    case TAG_RUN:
        return run_start(r);
    case TAG_TABLE:
        return gs_docx_flow_table_start(r->flow) ? GAOSOU_OK
                                                 : too_deep(r, e, "tables", GS_DOCX_TABLE_DEPTH);
    case TAG_ROW:
        gs_docx_flow_row_start(r->flow);
        return GAOSOU_OK;
    case TAG_CELL:
        gs_docx_flow_cell_start(r->flow);
        return GAOSOU_OK;
    case TAG_BOX:
        return box_start(r, e);
    case TAG_SECTION:
        if (parent(r) == TAG_PARAGRAPH_PROPERTIES)
            paragraph(r)->section_ends = paragraph(r)->section_break = true;
        return GAOSOU_OK;
    default:
        return GAOSOU_OK;
    }
}

static void leave(struct reader *r, enum tag tag)
{
    switch (tag) {
    case TAG_PARAGRAPH:
        paragraph_end(r);
        break;
    case TAG_PARAGRAPH_PROPERTIES:
        settle(r);
        break;
    case TAG_TABLE:
        gs_docx_flow_table_end(r->flow);
        break;
    case TAG_ROW:
        gs_docx_flow_row_end(r->flow);
        break;
    case TAG_BOX:
        paragraph_end(r);
        r->run_hidden = r->hidden_around[r->flow->box_count];
        gs_docx_flow_box_end(r->flow);
        break;
    default:
        break;
    }
}

/* The tag of an element by name and by what it is in. */
static enum tag tag_of(const struct reader *r, const char *name)
{
    static const struct {
        const char *name;
        enum tag tag;
    } plain[] = {
        {"p", TAG_PARAGRAPH},
        {"r", TAG_RUN},
        {"t", TAG_TEXT},
        {"tbl", TAG_TABLE},
        {"tr", TAG_ROW},
        {"tc", TAG_CELL},
        {"pPr", TAG_PARAGRAPH_PROPERTIES},
        {"trPr", TAG_ROW_PROPERTIES},
        {"sectPr", TAG_SECTION},
        {"txbxContent", TAG_BOX},
    };
    if (strcmp(name, "rPr") == 0)
        return parent(r) == TAG_PARAGRAPH_PROPERTIES ? TAG_MARK_PROPERTIES
               : parent(r) == TAG_RUN                ? TAG_RUN_PROPERTIES
                                                     : TAG_SKIPPED;
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (strcmp(name, plain[i].name) == 0)
            return plain[i].tag;
    return TAG_OTHER;
}

/* A property of what the element is in; true where it was one. */
static bool property(struct reader *r, const struct gs_markup_element *e)
{
    const struct gs_markup_attribute *val = gs_markup_attribute(e, "val");
    switch (parent(r)) {
    case TAG_MARK_PROPERTIES:
        if (strcmp(e->name, "del") == 0 || strcmp(e->name, "moveFrom") == 0)
            paragraph(r)->mark_deleted = true;
        return true;
    case TAG_ROW_PROPERTIES:
        if (strcmp(e->name, "del") == 0)
            gs_docx_flow_row_deleted(r->flow);
        return true;
    case TAG_RUN_PROPERTIES:
        run_property(r, e);
        return true;
    case TAG_SECTION:
        if (strcmp(e->name, "type") == 0 &&
            (gs_markup_value_is(val, "continuous") || gs_markup_value_is(val, "nextColumn")))
            paragraph(r)->section_break = false;
        return true;
    default:
        return false;
    }
}

/* mc:AlternateContent holds the same thing several times over: the first is taken. */
static enum tag alternative(struct reader *r, const char *name)
{
    if (strcmp(name, "AlternateContent") == 0)
        return TAG_ALTERNATIVES;
    if (r->depth == 0)
        return TAG_OTHER;
    enum tag *around = &r->tags[r->depth - 1];
    if (*around == TAG_ALTERNATIVES_TAKEN)
        return TAG_SKIPPED;
    if (*around == TAG_ALTERNATIVES)
        *around = TAG_ALTERNATIVES_TAKEN;
    return TAG_OTHER;
}

/* A note that is only the line above notes. */
static bool is_separator(const struct gs_markup_element *e)
{
    const struct gs_markup_attribute *type = gs_markup_attribute(e, "type");
    return (strcmp(e->name, "footnote") == 0 || strcmp(e->name, "endnote") == 0) && type &&
           !gs_markup_value_is(type, "normal");
}

static enum gaosou_status word_element(struct reader *r, const struct gs_markup_element *e,
                                       enum tag *tag)
{
    if (property(r, e) || is_left_out(e->name) || is_separator(e)) {
        *tag = TAG_SKIPPED;
        return GAOSOU_OK;
    }
    if (paragraph(r)->open && !paragraph(r)->settled)
        paragraph_property(r, e);
    *tag = tag_of(r, e->name);
    if (*tag == TAG_OTHER && parent(r) == TAG_RUN)
        character(r, e);
    r->context->embedded |= strcmp(e->name, "altChunk") == 0;
    return enter(r, *tag, e);
}

static enum gaosou_status check_root(struct reader *r, const struct gs_markup_element *e)
{
    if (gs_docx_is_word(e->space) && strcmp(e->name, r->root) == 0)
        return GAOSOU_OK;
    return gs_err_set(r->err, GAOSOU_E_INPUT,
                      "line %u: not a Word document: its root is <%s>, not <%s> of "
                      "WordprocessingML",
                      e->line, e->name, r->root);
}

static enum gaosou_status on_start(void *user, const struct gs_markup_element *e)
{
    struct reader *r = user;
    enum tag tag = TAG_OTHER;
    enum gaosou_status status = r->depth == 0 ? check_root(r, e) : GAOSOU_OK;
    if (status == GAOSOU_OK && r->depth >= sizeof r->tags / sizeof r->tags[0])
        status = too_deep(r, e, "elements", GS_MARKUP_XML_DEPTH);
    if (status != GAOSOU_OK)
        return status;
    if (parent(r) == TAG_SKIPPED)
        tag = TAG_SKIPPED;
    else if (gs_docx_is_word(e->space))
        status = word_element(r, e, &tag);
    else if (e->space && strcmp(e->space, COMPATIBILITY) == 0)
        tag = alternative(r, e->name);
    else if (strcmp(e->name, "t") == 0 && e->space && strstr(e->space, "/math"))
        tag = TAG_TEXT; /* of a formula */
    r->tags[r->depth++] = tag;
    return status;
}

static enum gaosou_status check_room(struct reader *r)
{
    if (gs_buf_status(r->flow->text) == GAOSOU_OK)
        return GAOSOU_OK;
    if (gs_buf_status(r->flow->text) == GAOSOU_E_NOMEM)
        return gs_err_nomem(r->err, r->flow->text->size);
    return gs_err_set(r->err, GAOSOU_E_LIMIT, "more than %zu bytes of text", r->flow->text->cap);
}

static enum gaosou_status on_end(void *user, const char *name, const char *space)
{
    struct reader *r = user;
    (void)name, (void)space;
    leave(r, r->tags[--r->depth]);
    return check_room(r);
}

static enum gaosou_status on_text(void *user, const char *bytes, size_t size)
{
    struct reader *r = user;
    if (parent(r) != TAG_TEXT || r->run_hidden)
        return GAOSOU_OK;
    settle(r);
    gs_docx_flow_text(r->flow, bytes, size);
    return check_room(r);
}

enum gaosou_status gs_docx_text_read(struct gs_docx_context *c, const char *root,
                                     const uint8_t *bytes, size_t size, struct gs_docx_flow *flow,
                                     struct gs_err *err)
{
    static const struct gs_markup_events events = {on_start, on_end, on_text};
    struct reader r = {.context = c, .flow = flow, .root = root, .err = err};
    return gs_markup_read_xml(bytes, size, &events, &r, err);
}
