#include "tests/support/docx_make.h"

#include "tests/support/archive_make.h"
#include "tests/support/test.h"

#define MOST ((size_t)1 << 30)

static const char *word_space(const struct docx_parts *parts)
{
    return parts->strict ? "http://purl.oclc.org/ooxml/wordprocessingml/main"
                         : "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
}

static const char *relation_space(const struct docx_parts *parts)
{
    return parts->strict ? "http://purl.oclc.org/ooxml/officeDocument/relationships"
                         : "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
}

/* A part <w:root>contents</w:root> with all namespaces that tests use. */
static void add_part(struct zip_maker *z, const struct docx_parts *parts, const char *name,
                     const char *root, const char *contents)
{
    struct gs_buf xml;
    const char *prefix = parts->prefixed ? "x" : "w";
    if (!contents)
        return;
    gs_buf_init(&xml, MOST);
    gs_buf_append_str(&xml, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n");
    gs_buf_printf(&xml,
                  "<%s:%s xmlns:%s=\"%s\" "
                  "xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" "
                  "xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\" "
                  "xmlns:v=\"urn:schemas-microsoft-com:vml\">",
                  prefix, root, prefix, word_space(parts));
    gs_buf_append_str(&xml, contents);
    gs_buf_printf(&xml, "</%s:%s>", prefix, root);
    zip_maker_add(z, &(struct zip_member){
                         .name = name, .bytes = xml.data, .size = xml.size, .deflated = true});
    gs_buf_release(&xml);
}

static void add_relations(struct zip_maker *z, const struct docx_parts *parts)
{
    struct gs_buf xml;
    static const char *const names[] = {"styles",   "numbering", "footnotes",
                                        "endnotes", "header",    "footer"};
    gs_buf_init(&xml, MOST);
    gs_buf_printf(&xml,
                  "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/"
                  "relationships\"><Relationship Id=\"r1\" Type=\"%s/officeDocument\" "
                  "Target=\"word/document.xml\"/><Relationship Id=\"r2\" "
                  "Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/"
                  "core-properties\" Target=\"/docProps/core.xml\"/></Relationships>",
                  relation_space(parts));
    gs_buf_append_u8(&xml, 0);
    zip_maker_text(z, "_rels/.rels", (const char *)xml.data);
    gs_buf_clear(&xml);
    gs_buf_append_str(&xml, "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/"
                            "2006/relationships\">");
    for (size_t i = 0; i < GS_COUNT_OF(names); i++)
        gs_buf_printf(&xml, "<Relationship Id=\"r%zu\" Type=\"%s/%s\" Target=\"%s.xml\"/>", i,
                      relation_space(parts), names[i], names[i]);
    gs_buf_append_str(&xml, "</Relationships>");
    gs_buf_append_u8(&xml, 0);
    zip_maker_text(z, "word/_rels/document.xml.rels", (const char *)xml.data);
    gs_buf_release(&xml);
}

static void add_document(struct zip_maker *z, const struct docx_parts *parts)
{
    struct gs_buf body;
    const char *prefix = parts->prefixed ? "x" : "w";
    gs_buf_init(&body, MOST);
    gs_buf_printf(&body, "<%s:body>", prefix);
    gs_buf_append_str(&body, parts->body);
    gs_buf_printf(&body, "</%s:body>", prefix);
    gs_buf_append_u8(&body, 0);
    add_part(z, parts, "word/document.xml", "document", (const char *)body.data);
    gs_buf_release(&body);
}

void docx_make(struct gs_buf *out, const struct docx_parts *parts)
{
    struct zip_maker z;
    zip_maker_init(&z);
    zip_maker_text(&z, "[Content_Types].xml",
                   "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/"
                   "content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/>"
                   "</Types>");
    add_relations(&z, parts);
    add_document(&z, parts);
    add_part(&z, parts, "word/styles.xml", "styles", parts->styles);
    add_part(&z, parts, "word/numbering.xml", "numbering", parts->numbering);
    add_part(&z, parts, "word/footnotes.xml", "footnotes", parts->footnotes);
    add_part(&z, parts, "word/endnotes.xml", "endnotes", parts->endnotes);
    add_part(&z, parts, "word/header.xml", "hdr", parts->header);
    add_part(&z, parts, "word/footer.xml", "ftr", parts->footer);
    if (parts->title) {
        struct gs_buf xml;
        gs_buf_init(&xml, MOST);
        gs_buf_printf(&xml,
                      "<c:coreProperties xmlns:c=\"http://schemas.openxmlformats.org/package/"
                      "2006/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/"
                      "1.1/\"><dc:title>%s</dc:title><dc:creator>x</dc:creator>"
                      "</c:coreProperties>",
                      parts->title);
        gs_buf_append_u8(&xml, 0);
        zip_maker_text(&z, "docProps/core.xml", (const char *)xml.data);
        gs_buf_release(&xml);
    }
    zip_maker_finish(&z);
    gs_buf_append(out, z.bytes.data, z.bytes.size);
    zip_maker_release(&z);
}
