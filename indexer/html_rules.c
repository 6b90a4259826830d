#include "indexer/html_rules.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct element_role {
    const char *name;
    enum gs_html_role role;
};

/* By name. Form controls, what stands for something else, and what only programs read is dropped.
 */
static const struct element_role roles[] = {
    {"address", GS_HTML_BLOCK},
    {"applet", GS_HTML_DROPPED},
    {"article", GS_HTML_BLOCK},
    {"aside", GS_HTML_BLOCK},
    {"audio", GS_HTML_DROPPED},
    {"blockquote", GS_HTML_BLOCK},
    {"body", GS_HTML_BODY},
    {"br", GS_HTML_BREAK},
    {"button", GS_HTML_DROPPED},
    {"canvas", GS_HTML_DROPPED},
    {"caption", GS_HTML_BLOCK},
    {"center", GS_HTML_BLOCK},
    {"datalist", GS_HTML_DROPPED},
    {"dd", GS_HTML_BLOCK},
    {"details", GS_HTML_BLOCK},
    {"dir", GS_HTML_BLOCK},
    {"div", GS_HTML_BLOCK},
    {"dl", GS_HTML_BLOCK},
    {"dt", GS_HTML_BLOCK},
    {"fieldset", GS_HTML_BLOCK},
    {"figcaption", GS_HTML_BLOCK},
    {"figure", GS_HTML_BLOCK},
    {"footer", GS_HTML_BLOCK},
    {"form", GS_HTML_BLOCK},
    {"h1", GS_HTML_BLOCK},
    {"h2", GS_HTML_BLOCK},
    {"h3", GS_HTML_BLOCK},
    {"h4", GS_HTML_BLOCK},
    {"h5", GS_HTML_BLOCK},
    {"h6", GS_HTML_BLOCK},
    {"header", GS_HTML_BLOCK},
    {"hr", GS_HTML_BLOCK},
    {"html", GS_HTML_BODY},
    {"iframe", GS_HTML_DROPPED},
    {"legend", GS_HTML_BLOCK},
    {"li", GS_HTML_BLOCK},
    {"listing", GS_HTML_PREFORMATTED},
    {"main", GS_HTML_BLOCK},
    {"menu", GS_HTML_BLOCK},
    {"nav", GS_HTML_DROPPED},
    {"noembed", GS_HTML_DROPPED},
    {"noframes", GS_HTML_DROPPED},
    {"noscript", GS_HTML_DROPPED},
    {"object", GS_HTML_DROPPED},
    {"ol", GS_HTML_BLOCK},
    {"option", GS_HTML_DROPPED},
    {"p", GS_HTML_BLOCK},
    {"plaintext", GS_HTML_PREFORMATTED},
    {"pre", GS_HTML_PREFORMATTED},
    {"rp", GS_HTML_DROPPED},
    {"rt", GS_HTML_DROPPED},
    {"script", GS_HTML_DROPPED},
    {"section", GS_HTML_BLOCK},
    {"select", GS_HTML_DROPPED},
    {"style", GS_HTML_DROPPED},
    {"summary", GS_HTML_BLOCK},
    {"svg", GS_HTML_DROPPED},
    {"table", GS_HTML_TABLE},
    {"tbody", GS_HTML_BLOCK},
    {"td", GS_HTML_CELL},
    {"template", GS_HTML_DROPPED},
    {"textarea", GS_HTML_DROPPED},
    {"tfoot", GS_HTML_BLOCK},
    {"th", GS_HTML_CELL},
    {"thead", GS_HTML_BLOCK},
    {"title", GS_HTML_TITLE},
    {"tr", GS_HTML_ROW},
    {"ul", GS_HTML_BLOCK},
    {"video", GS_HTML_DROPPED},
    {"xml", GS_HTML_DROPPED},
    {"xmp", GS_HTML_PREFORMATTED},
};

static int by_name(const void *name, const void *row)
{
    return strcmp(name, ((const struct element_role *)row)->name);
}

static bool is_navigation(const struct gs_markup_attribute *role)
{
    return gs_markup_value_is(role, "navigation") || gs_markup_value_is(role, "menu") ||
           gs_markup_value_is(role, "menubar");
}

enum gs_html_role gs_html_role_of(const struct gs_markup_element *element)
{
    if (strcmp(element->name, "a") == 0) {
        const struct gs_markup_attribute *to = gs_markup_attribute(element, "href");
        return to && to->size > 0 && to->value[0] != '#' ? GS_HTML_LINK : GS_HTML_INLINE;
    }
    const struct element_role *row =
        bsearch(element->name, roles, sizeof roles / sizeof roles[0], sizeof roles[0], by_name);
    enum gs_html_role role = row ? row->role : GS_HTML_INLINE;
    if (role != GS_HTML_BODY && is_navigation(gs_markup_attribute(element, "role")))
        return GS_HTML_DROPPED;
    return role;
}

/* ---- style --------------------------------------------------------------------------------- */

struct word {
    const char *bytes;
    size_t size;
};

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct word trimmed(const char *from, const char *to)
{
    while (from < to && is_space(*from))
        from++;
    while (to > from && is_space(to[-1]))
        to--;
    return (struct word){from, (size_t)(to - from)};
}

static bool word_is(struct word w, const char *text)
{
    return w.size == strlen(text) && strncasecmp(w.bytes, text, w.size) == 0;
}

static bool starts_with(struct word w, const char *text)
{
    size_t size = strlen(text);
    return w.size >= size && strncasecmp(w.bytes, text, size) == 0;
}

static const struct style_row {
    const char *property, *value; /* the value's beginning */
    enum gs_html_trait trait;
} styles[] = {
    {"display", "none", GS_HTML_HIDDEN},
    {"visibility", "hidden", GS_HTML_HIDDEN},
    {"mso-hide", "all", GS_HTML_HIDDEN},
    {"page-break-before", "always", GS_HTML_PAGE_BEFORE},
    {"break-before", "page", GS_HTML_PAGE_BEFORE},
    {"page-break-after", "always", GS_HTML_PAGE_AFTER},
    {"break-after", "page", GS_HTML_PAGE_AFTER},
    {"white-space", "pre", GS_HTML_KEEPS_SPACE},
    {"white-space", "break-spaces", GS_HTML_KEEPS_SPACE},
};

static unsigned declaration_traits(const char *from, const char *to)
{
    const char *colon = memchr(from, ':', (size_t)(to - from));
    if (!colon)
        return 0;
    struct word property = trimmed(from, colon), value = trimmed(colon + 1, to);
    for (size_t i = 0; i < sizeof styles / sizeof styles[0]; i++)
        if (word_is(property, styles[i].property) && starts_with(value, styles[i].value))
            return styles[i].trait;
    return 0;
}

static unsigned style_traits(const struct gs_markup_attribute *style)
{
    unsigned traits = 0;
    const char *at = style->value, *end = at + style->size;
    while (at < end) {
        const char *semicolon = memchr(at, ';', (size_t)(end - at));
        const char *to = semicolon ? semicolon : end;
        traits |= declaration_traits(at, to);
        at = semicolon ? semicolon + 1 : end;
    }
    return traits;
}

/* ---- class and id -------------------------------------------------------------------------- */

static bool is_chrome_word(struct word w)
{
    static const char *const whole[] = {
        "navbar", "navigation", "breadcrumb", "breadcrumbs", "sidebar",   "header",
        "head",   "footer",     "foot",       "top",         "toolbar",   "links",
        "share",  "pager",      "sitemap",    "pagination",  "copyright",
    };
    static const char *const ends[] = {"nav", "menu", "crumb", "crumbs"};
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
        if (word_is(w, whole[i]))
            return true;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        size_t size = strlen(ends[i]);
        if (w.size >= size && strncasecmp(w.bytes + w.size - size, ends[i], size) == 0)
            return true;
    }
    return false;
}

static bool has_chrome_word(const struct gs_markup_attribute *names)
{
    const char *at = names->value, *end = at + names->size;
    while (at < end) {
        const char *to = at;
        while (to < end && !is_space(*to) && *to != '-' && *to != '_')
            to++;
        if (to > at && is_chrome_word((struct word){at, (size_t)(to - at)}))
            return true;
        at = to + 1;
    }
    return false;
}

static bool is_chrome_element(const char *name)
{
    return strcmp(name, "aside") == 0 || strcmp(name, "header") == 0 || strcmp(name, "footer") == 0;
}

unsigned gs_html_traits_of(const struct gs_markup_element *element)
{
    unsigned traits = is_chrome_element(element->name) ? GS_HTML_CHROME : 0;
    for (size_t i = 0; i < element->attribute_count; i++) {
        const struct gs_markup_attribute *a = &element->attributes[i];
        if (strcmp(a->name, "style") == 0)
            traits |= style_traits(a);
        else if (strcmp(a->name, "hidden") == 0)
            traits |= GS_HTML_HIDDEN;
        else if (strcmp(a->name, "class") == 0 || strcmp(a->name, "id") == 0)
            traits |= has_chrome_word(a) ? GS_HTML_CHROME : 0;
    }
    return traits;
}

const struct gs_markup_attribute *gs_html_section_title(const struct gs_markup_element *element,
                                                        bool *whole_document)
{
    if (strcmp(element->name, "div") != 0)
        return NULL;
    const struct gs_markup_attribute *type = gs_markup_attribute(element, "type");
    *whole_document = gs_markup_value_is(type, "pdf");
    if (!*whole_document && !gs_markup_value_is(type, "paragraph"))
        return NULL;
    return gs_markup_attribute(element, "title");
}
