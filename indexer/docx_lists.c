#include "indexer/docx_lists.h"

#include "common/text/utf8.h"

#include <stdlib.h>
#include <string.h>

#define STRINGS_MAX ((size_t)8 << 20)
#define LABEL_MAX   255u /* bytes of a level's text */
#define HOPS_MAX    8    /* schemes that refer to styles that refer to schemes */

void gs_docx_lists_init(struct gs_docx_lists *l)
{
    *l = (struct gs_docx_lists){0};
    gs_buf_init(&l->strings, STRINGS_MAX);
}

void gs_docx_lists_release(struct gs_docx_lists *l)
{
    free(l->levels);
    free(l->schemes);
    free(l->lists);
    gs_buf_release(&l->strings);
    *l = (struct gs_docx_lists){0};
}

/* ---- reading ----------------------------------------------------------------------------------
 */

struct reading {
    struct gs_docx_lists *lists;
    struct gs_docx_scheme *scheme; /* the present one, or NULL */
    struct gs_docx_list *list;     /* the present one, or NULL */
    struct gs_docx_level *level;   /* the present one, or NULL */
    uint32_t override;             /* the level of the list that is being overridden */
    struct gs_err *err;
};

static void all_unset(uint32_t *of_level)
{
    for (int i = 0; i < GS_DOCX_LEVELS; i++)
        of_level[i] = GS_DOCX_UNSET;
}

static uint32_t add_string(struct gs_docx_lists *l, const char *bytes, size_t size)
{
    if (l->strings.size == 0)
        gs_buf_append_u8(&l->strings, 0);
    uint32_t at = (uint32_t)l->strings.size;
    gs_buf_append(&l->strings, bytes, size);
    gs_buf_append_u8(&l->strings, 0);
    return at;
}

static const char *string_at(const struct gs_docx_lists *l, uint32_t at)
{
    return l->strings.data ? (const char *)l->strings.data + at : "";
}

static enum gaosou_status begin_scheme(struct reading *r, const struct gs_markup_element *e)
{
    struct gs_docx_lists *l = r->lists;
    void *items = l->schemes;
    enum gaosou_status status =
        gs_docx_grow(&items, &l->scheme_capacity, l->scheme_count, sizeof *l->schemes, r->err);
    if (status != GAOSOU_OK)
        return status;
    l->schemes = items;
    r->scheme = &l->schemes[l->scheme_count++];
    *r->scheme = (struct gs_docx_scheme){
        .id = gs_docx_number(gs_markup_attribute(e, "abstractNumId"), GS_DOCX_UNSET)};
    all_unset(r->scheme->level);
    return GAOSOU_OK;
}

static enum gaosou_status begin_list(struct reading *r, const struct gs_markup_element *e)
{
    struct gs_docx_lists *l = r->lists;
    void *items = l->lists;
    enum gaosou_status status =
        gs_docx_grow(&items, &l->list_capacity, l->list_count, sizeof *l->lists, r->err);
    if (status != GAOSOU_OK)
        return status;
    l->lists = items;
    r->list = &l->lists[l->list_count++];
    *r->list =
        (struct gs_docx_list){.id = gs_docx_number(gs_markup_attribute(e, "numId"), GS_DOCX_UNSET),
                              .scheme = GS_DOCX_UNSET};
    all_unset(r->list->level);
    all_unset(r->list->start);
    return GAOSOU_OK;
}

static enum gaosou_status begin_level(struct reading *r, const struct gs_markup_element *e)
{
    struct gs_docx_lists *l = r->lists;
    uint32_t ilvl = gs_docx_number(gs_markup_attribute(e, "ilvl"), GS_DOCX_LEVELS);
    void *items = l->levels;
    if (ilvl >= GS_DOCX_LEVELS || (!r->scheme && !r->list))
        return GAOSOU_OK;
    enum gaosou_status status =
        gs_docx_grow(&items, &l->level_capacity, l->level_count, sizeof *l->levels, r->err);
    if (status != GAOSOU_OK)
        return status;
    l->levels = items;
    uint32_t *where = r->scheme ? &r->scheme->level[ilvl] : &r->list->level[ilvl];
    *where = (uint32_t)l->level_count;
    r->level = &l->levels[l->level_count++];
    *r->level = (struct gs_docx_level){.restart = GS_DOCX_UNSET};
    return GAOSOU_OK;
}

static void level_text(struct reading *r, const struct gs_markup_attribute *val)
{
    if (!val)
        return;
    size_t size = gs_utf8_prefix((const uint8_t *)val->value, val->size, LABEL_MAX);
    r->level->text = add_string(r->lists, val->value, size);
    r->level->text_size = (uint32_t)size;
}

static void level_property(struct reading *r, const struct gs_markup_element *e)
{
    struct gs_docx_level *level = r->level;
    const struct gs_markup_attribute *val = gs_markup_attribute(e, "val");
    if (strcmp(e->name, "start") == 0)
        level->start = gs_docx_number(val, 0);
    else if (strcmp(e->name, "numFmt") == 0 && val)
        level->format = gs_list_format_of(val->value, val->size);
    else if (strcmp(e->name, "lvlText") == 0)
        level_text(r, val);
    else if (strcmp(e->name, "lvlRestart") == 0)
        level->restart = gs_docx_number(val, GS_DOCX_UNSET);
    else if (strcmp(e->name, "isLgl") == 0)
        level->legal = gs_docx_is_on(e);
    else if (strcmp(e->name, "suff") == 0)
        level->close = gs_markup_value_is(val, "nothing");
    else if (strcmp(e->name, "pStyle") == 0 && val)
        level->style = add_string(r->lists, val->value, val->size);
}

static void list_property(struct reading *r, const struct gs_markup_element *e)
{
    const struct gs_markup_attribute *val = gs_markup_attribute(e, "val");
    if (strcmp(e->name, "abstractNumId") == 0)
        r->list->scheme = gs_docx_number(val, GS_DOCX_UNSET);
    else if (strcmp(e->name, "lvlOverride") == 0)
        r->override = gs_docx_number(gs_markup_attribute(e, "ilvl"), GS_DOCX_LEVELS);
    else if (strcmp(e->name, "startOverride") == 0 && r->override < GS_DOCX_LEVELS)
        r->list->start[r->override] = gs_docx_number(val, GS_DOCX_UNSET);
}

static enum gaosou_status on_start(void *user, const struct gs_markup_element *e)
{
    struct reading *r = user;
    const struct gs_markup_attribute *val = gs_markup_attribute(e, "val");
    if (!gs_docx_is_word(e->space))
        return GAOSOU_OK;
    if (strcmp(e->name, "lvl") == 0)
        return begin_level(r, e);
    if (r->level)
        level_property(r, e);
    else if (r->list)
        list_property(r, e);
    else if (r->scheme && strcmp(e->name, "numStyleLink") == 0 && val)
        r->scheme->style_link = add_string(r->lists, val->value, val->size);
    else if (!r->scheme && strcmp(e->name, "abstractNum") == 0)
        return begin_scheme(r, e);
    else if (!r->scheme && strcmp(e->name, "num") == 0)
        return begin_list(r, e);
    return GAOSOU_OK;
}

static enum gaosou_status on_end(void *user, const char *name, const char *space)
{
    struct reading *r = user;
    if (!gs_docx_is_word(space))
        return GAOSOU_OK;
    if (strcmp(name, "lvl") == 0)
        r->level = NULL;
    else if (strcmp(name, "lvlOverride") == 0)
        r->override = GS_DOCX_LEVELS;
    else if (strcmp(name, "abstractNum") == 0)
        r->scheme = NULL;
    else if (strcmp(name, "num") == 0)
        r->list = NULL;
    return GAOSOU_OK;
}

static enum gaosou_status on_text(void *user, const char *bytes, size_t size)
{
    (void)user, (void)bytes, (void)size;
    return GAOSOU_OK;
}

static int by_scheme_id(const void *a, const void *b)
{
    const struct gs_docx_scheme *x = a, *y = b;
    return x->id < y->id ? -1 : x->id > y->id;
}

static int by_list_id(const void *a, const void *b)
{
    const struct gs_docx_list *x = a, *y = b;
    return x->id < y->id ? -1 : x->id > y->id;
}

enum gaosou_status gs_docx_lists_read(struct gs_docx_lists *l, const uint8_t *bytes, size_t size,
                                      struct gs_err *err)
{
    static const struct gs_markup_events events = {on_start, on_end, on_text};
    struct reading r = {.lists = l, .override = GS_DOCX_LEVELS, .err = err};
    enum gaosou_status status = gs_markup_read_xml(bytes, size, &events, &r, err);
    if (status != GAOSOU_OK)
        return status;
    if (gs_buf_status(&l->strings) != GAOSOU_OK)
        return gs_err_set(err, GAOSOU_E_LIMIT, "more than %zu bytes of names", STRINGS_MAX);
    if (l->scheme_count > 0)
        qsort(l->schemes, l->scheme_count, sizeof *l->schemes, by_scheme_id);
    if (l->list_count > 0)
        qsort(l->lists, l->list_count, sizeof *l->lists, by_list_id);
    return GAOSOU_OK;
}

/* ---- counting ---------------------------------------------------------------------------------
 */

static struct gs_docx_list *find_list(struct gs_docx_lists *l, uint32_t id)
{
    const struct gs_docx_list key = {.id = id};
    return l->list_count == 0 ? NULL
                              : bsearch(&key, l->lists, l->list_count, sizeof key, by_list_id);
}

/* The scheme of a list; one that only refers to a style stands for that style's. */
static struct gs_docx_scheme *scheme_of(struct gs_docx_lists *l,
                                        const struct gs_docx_styles *styles,
                                        const struct gs_docx_list *list)
{
    for (int hops = 0; list && hops < HOPS_MAX; hops++) {
        struct gs_docx_scheme key = {.id = list->scheme};
        struct gs_docx_style_effect effect;
        struct gs_docx_scheme *scheme =
            l->scheme_count == 0
                ? NULL
                : bsearch(&key, l->schemes, l->scheme_count, sizeof key, by_scheme_id);
        if (!scheme || scheme->style_link == 0)
            return scheme;
        const char *style = string_at(l, scheme->style_link);
        gs_docx_style_effect(styles, style, strlen(style), &effect);
        list = find_list(l, effect.list);
    }
    return NULL;
}

static const struct gs_docx_level *level_of(const struct gs_docx_lists *l,
                                            const struct gs_docx_scheme *scheme,
                                            const struct gs_docx_list *list, uint32_t level)
{
    uint32_t i = list->level[level] != GS_DOCX_UNSET ? list->level[level] : scheme->level[level];
    return i == GS_DOCX_UNSET ? NULL : &l->levels[i];
}

/* The level whose paragraphs have that style; 0 where there is none. */
static uint32_t level_of_style(const struct gs_docx_lists *l, const struct gs_docx_scheme *scheme,
                               const struct gs_docx_list *list, const char *style)
{
    for (uint32_t i = 0; style && i < GS_DOCX_LEVELS; i++) {
        const struct gs_docx_level *level = level_of(l, scheme, list, i);
        if (level && level->style && strcmp(string_at(l, level->style), style) == 0)
            return i;
    }
    return 0;
}

/* One more paragraph of this level: its counter goes on, those below begin anew. */
static void count(const struct gs_docx_lists *l, struct gs_docx_scheme *scheme,
                  struct gs_docx_list *list, uint32_t at)
{
    for (uint32_t i = 0; i <= at; i++) {
        const struct gs_docx_level *level = level_of(l, scheme, list, i);
        if (list->start[i] != GS_DOCX_UNSET) { /* the first paragraph of this list */
            scheme->counter[i] = list->start[i];
            scheme->counting[i] = true;
            list->start[i] = GS_DOCX_UNSET;
        } else if (!scheme->counting[i]) {
            scheme->counter[i] = level ? level->start : 1;
            scheme->counting[i] = true;
        } else if (i == at && scheme->counter[i] < UINT32_MAX) {
            scheme->counter[i]++;
        }
    }
    for (uint32_t i = at + 1; i < GS_DOCX_LEVELS; i++) {
        const struct gs_docx_level *level = level_of(l, scheme, list, i);
        if (!level || level->restart == GS_DOCX_UNSET || at < level->restart)
            scheme->counting[i] = false;
    }
}

static void write_label(const struct gs_docx_lists *l, const struct gs_docx_scheme *scheme,
                        const struct gs_docx_list *list, const struct gs_docx_level *level,
                        struct gs_buf *out)
{
    const char *p = string_at(l, level->text), *end = p + level->text_size;
    while (p < end) {
        if (end - p < 2 || p[0] != '%' || p[1] < '1' || p[1] > '9') {
            gs_buf_append_u8(out, (uint8_t)*p++);
            continue;
        }
        uint32_t i = (uint32_t)(p[1] - '1');
        const struct gs_docx_level *other = level_of(l, scheme, list, i);
        if (other)
            gs_list_number(out, level->legal ? GS_LIST_DECIMAL : other->format,
                           scheme->counting[i] ? scheme->counter[i] : other->start);
        p += 2;
    }
}

/* Whether a label that ends so needs no space to stand apart: its last sign is a CJK one of
 * punctuation, U+3001 to U+303F or a full-width form. */
static bool stands_apart(const uint8_t *label, size_t size)
{
    if (size < 3)
        return false;
    const uint8_t *p = label + size - 3;
    return (p[0] == 0xE3 && p[1] == 0x80) || (p[0] == 0xEF && (p[1] == 0xBC || p[1] == 0xBD));
}

void gs_docx_lists_label(struct gs_docx_lists *l, const struct gs_docx_styles *styles, uint32_t id,
                         uint32_t at, const char *style, struct gs_buf *out)
{
    struct gs_docx_list *list = find_list(l, id);
    struct gs_docx_scheme *scheme = list ? scheme_of(l, styles, list) : NULL;
    size_t before = out->size;
    if (!scheme)
        return;
    if (at >= GS_DOCX_LEVELS)
        at = level_of_style(l, scheme, list, style);
    count(l, scheme, list, at);
    const struct gs_docx_level *level = level_of(l, scheme, list, at);
    if (!level || level->format == GS_LIST_BULLET)
        return;
    write_label(l, scheme, list, level, out);
    if (out->size > before && !level->close &&
        !stands_apart(out->data + before, out->size - before))
        gs_buf_append_u8(out, ' ');
}
