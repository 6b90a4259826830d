#include "indexer/docx_package.h"

#include "indexer/archive.h"
#include "indexer/archive_kind.h"
#include "indexer/markup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PARTS_MAX ((size_t)512 << 20) /* bytes of all parts that are read */
#define PART_MAX  ((size_t)256 << 20) /* bytes of one */
#define COUNT_MAX 10000u              /* parts that are read */

void gs_docx_package_init(struct gs_docx_package *p)
{
    *p = (struct gs_docx_package){0};
}

void gs_docx_package_release(struct gs_docx_package *p)
{
    for (size_t i = 0; i < p->count; i++) {
        free(p->parts[i].name);
        gs_buf_release(&p->parts[i].bytes);
    }
    free(p->parts);
    *p = (struct gs_docx_package){0};
}

struct gs_docx_part *gs_docx_package_part(struct gs_docx_package *p, enum gs_docx_role role)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->parts[i].role == role)
            return &p->parts[i];
    return NULL;
}

/* ---- what is in the zip -----------------------------------------------------------------------
 */

static bool ends_in(const char *s, size_t size, const char *suffix)
{
    size_t n = strlen(suffix);
    return size >= n && strncasecmp(s + size - n, suffix, n) == 0;
}

/* XML that can have a say in the text; forms' data, themes and the glossary have none. */
static bool is_wanted(const char *name)
{
    size_t size = strlen(name);
    return (ends_in(name, size, ".xml") || ends_in(name, size, ".rels")) &&
           strncasecmp(name, "customXml/", 10) != 0 && !strcasestr(name, "/theme/") &&
           !strcasestr(name, "/glossary/");
}

static enum gaosou_status add_part(struct gs_docx_package *p, const char *name, struct gs_err *err)
{
    if (p->count == COUNT_MAX)
        return gs_err_set(err, GAOSOU_E_LIMIT, "more than %u parts", COUNT_MAX);
    if (p->count == p->capacity) {
        size_t capacity = p->capacity ? 2 * p->capacity : 16;
        struct gs_docx_part *parts = realloc(p->parts, capacity * sizeof *parts);
        if (!parts)
            return gs_err_nomem(err, capacity * sizeof *parts);
        p->parts = parts;
        p->capacity = capacity;
    }
    struct gs_docx_part *part = &p->parts[p->count];
    *part = (struct gs_docx_part){.name = strdup(name), .role = GS_DOCX_OTHER};
    if (!part->name)
        return gs_err_nomem(err, strlen(name));
    size_t left = PARTS_MAX - p->size;
    gs_buf_init(&part->bytes, left < PART_MAX ? left : PART_MAX);
    p->count++;
    return GAOSOU_OK;
}

static enum gaosou_status read_parts(struct gs_docx_package *p, struct gs_archive *a,
                                     struct gs_err *err)
{
    struct gs_member m;
    bool at_end;
    for (;;) {
        enum gaosou_status status = gs_archive_next(a, &m, &at_end, err);
        if (status != GAOSOU_OK || at_end)
            return status;
        if (!is_wanted(m.name) || m.kind == GS_MEMBER_FOLDER)
            continue;
        if (m.kind == GS_MEMBER_REFUSED)
            return gs_err_set(err, GAOSOU_E_INPUT, "%s: %s", m.name, m.why);
        status = add_part(p, m.name, err);
        if (status == GAOSOU_OK)
            status = gs_archive_read(a, &p->parts[p->count - 1].bytes, err);
        if (status != GAOSOU_OK)
            return status;
        p->size += p->parts[p->count - 1].bytes.size;
    }
}

/* ---- relationships ----------------------------------------------------------------------------
 */

static const struct {
    const char *type; /* the end of the relationship's type, of which there are two spellings */
    enum gs_docx_role role;
} relations[] = {
    {"/officeDocument", GS_DOCX_DOCUMENT}, {"/styles", GS_DOCX_STYLES},
    {"/numbering", GS_DOCX_NUMBERING},     {"/footnotes", GS_DOCX_FOOTNOTES},
    {"/endnotes", GS_DOCX_ENDNOTES},       {"/header", GS_DOCX_HEADER},
    {"/footer", GS_DOCX_FOOTER},           {"/core-properties", GS_DOCX_CORE},
};

struct linking {
    struct gs_docx_package *package;
    const char *folder; /* of the part whose relationships these are: "word/" */
    size_t folder_size;
};

static struct gs_docx_part *find(struct gs_docx_package *p, const char *folder, size_t folder_size,
                                 const char *name, size_t size)
{
    for (size_t i = 0; i < p->count; i++) {
        const char *n = p->parts[i].name;
        if (strlen(n) == folder_size + size && strncasecmp(n, folder, folder_size) == 0 &&
            strncasecmp(n + folder_size, name, size) == 0)
            return &p->parts[i];
    }
    return NULL;
}

static enum gaosou_status on_relation(void *user, const struct gs_markup_element *e)
{
    struct linking *l = user;
    const struct gs_markup_attribute *type = gs_markup_attribute(e, "Type"),
                                     *target = gs_markup_attribute(e, "Target");
    if (strcmp(e->name, "Relationship") != 0 || !type || !target)
        return GAOSOU_OK;
    const char *name = target->value;
    size_t size = target->size, folder_size = l->folder_size;
    if (size >= 2 && memcmp(name, "./", 2) == 0)
        name += 2, size -= 2;
    if (size >= 1 && name[0] == '/') /* from the root of the package */
        name++, size--, folder_size = 0;
    else if (size >= 3 && memcmp(name, "../", 3) == 0) /* no part lies deeper than one folder */
        name += 3, size -= 3, folder_size = 0;
    struct gs_docx_part *part = find(l->package, l->folder, folder_size, name, size);
    for (size_t i = 0; part && i < sizeof relations / sizeof relations[0]; i++)
        if (part->role == GS_DOCX_OTHER && ends_in(type->value, type->size, relations[i].type))
            part->role = relations[i].role;
    return GAOSOU_OK;
}

static enum gaosou_status on_end(void *user, const char *name, const char *space)
{
    (void)user, (void)name, (void)space;
    return GAOSOU_OK;
}

static enum gaosou_status on_text(void *user, const char *bytes, size_t size)
{
    (void)user, (void)bytes, (void)size;
    return GAOSOU_OK;
}

/* Follows the relationships of the part `of`; "" for those of the package. */
static enum gaosou_status link_parts(struct gs_docx_package *p, const char *of, struct gs_err *err)
{
    static const struct gs_markup_events events = {on_relation, on_end, on_text};
    const char *slash = strrchr(of, '/');
    size_t folder_size = slash ? (size_t)(slash - of) + 1 : 0;
    struct linking l = {p, of, folder_size};
    char name[4200];
    int n = snprintf(name, sizeof name, "_rels/%s.rels", of + folder_size);
    if (n < 0 || (size_t)n >= sizeof name)
        return GAOSOU_OK;
    struct gs_docx_part *rels = find(p, of, folder_size, name, (size_t)n);
    if (!rels)
        return GAOSOU_OK;
    enum gaosou_status status =
        gs_markup_read_xml(rels->bytes.data, rels->bytes.size, &events, &l, err);
    if (status != GAOSOU_OK)
        gs_err_prefix(err, "%s", rels->name);
    return status;
}

/* ---- not a Word document ----------------------------------------------------------------------
 */

static bool holds(const uint8_t *bytes, size_t size, const char *utf16, size_t utf16_size)
{
    return memmem(bytes, size, utf16, utf16_size) != NULL;
}
#define HOLDS(bytes, size, literal) holds(bytes, size, literal, sizeof literal - 1)

/* An OLE file by the names of its streams, which are UTF-16. */
static const char *ole_is(const uint8_t *bytes, size_t size)
{
    if (HOLDS(bytes, size, "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"))
        return "encrypted: it needs a password";
    if (HOLDS(bytes, size, "W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0"))
        return "a Word 97-2003 document (.doc)";
    if (HOLDS(bytes, size, "W\0o\0r\0k\0b\0o\0o\0k\0"))
        return "an Excel 97-2003 workbook (.xls)";
    return "an OLE file (old Office)";
}

static enum gaosou_status check_is_zip(const uint8_t *bytes, size_t size, struct gs_err *err)
{
    const char *is = size == 0 ? "empty" : NULL;
    if (gs_archive_kind_of_bytes(bytes, size) == GS_ARCHIVE_ZIP)
        return GAOSOU_OK;
    if (size >= 8 && memcmp(bytes, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8) == 0)
        is = ole_is(bytes, size);
    else if (size >= 5 && memcmp(bytes, "{\\rtf", 5) == 0)
        is = "RTF";
    else if (!is)
        is = gs_archive_what_is(bytes, size);
    return gs_err_set(err, GAOSOU_E_INPUT, "not a DOCX: it is %s", is ? is : "no zip");
}

static enum gaosou_status not_word(struct gs_docx_package *p, struct gs_err *err)
{
    const char *is = "a zip without a Word document in it";
    for (size_t i = 0; i < p->count; i++) {
        const char *name = p->parts[i].name;
        if (strncasecmp(name, "xl/", 3) == 0)
            is = "an Excel workbook";
        else if (strncasecmp(name, "ppt/", 4) == 0)
            is = "a PowerPoint presentation";
        else if (strcasecmp(name, "META-INF/manifest.xml") == 0)
            is = "an OpenDocument file";
    }
    return gs_err_set(err, GAOSOU_E_INPUT, "not a DOCX: it is %s", is);
}

enum gaosou_status gs_docx_package_read(struct gs_docx_package *p, const uint8_t *bytes,
                                        size_t size, struct gs_err *err)
{
    struct gs_archive *a = NULL;
    enum gaosou_status status = check_is_zip(bytes, size, err);
    if (status == GAOSOU_OK)
        status = gs_archive_open_bytes(&a, bytes, size, "DOCX", GS_ARCHIVE_ZIP, NULL, NULL, err);
    if (status == GAOSOU_OK)
        status = read_parts(p, a, err);
    gs_archive_close(a);
    if (status == GAOSOU_OK)
        status = link_parts(p, "", err);
    if (status != GAOSOU_OK)
        return status;
    struct gs_docx_part *document = gs_docx_package_part(p, GS_DOCX_DOCUMENT);
    if (!document && (document = find(p, "", 0, "word/document.xml", 17)) != NULL)
        document->role = GS_DOCX_DOCUMENT;
    if (!document || strncasecmp(document->name, "xl/", 3) == 0 ||
        strncasecmp(document->name, "ppt/", 4) == 0)
        return not_word(p, err);
    return link_parts(p, document->name, err);
}
