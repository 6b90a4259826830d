#include "tests/support/pdf_maker.h"

#include "common/text/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Objects 1 and 2 are the catalogue and the tree of pages, written last; 3 is the font. */
#define CATALOG 1u
#define PAGES   2u
#define FONT    3u

static void must(const struct gs_buf *b)
{
    if (gs_buf_status(b)) {
        fprintf(stderr, "pdf_maker: out of memory\n");
        abort();
    }
}

static void set_offset(struct pdf_maker *m, unsigned object)
{
    while (m->offsets.size < 8 * (size_t)object)
        gs_buf_append_u64(&m->offsets, 0);
    must(&m->offsets);
    gs_store_u64(m->offsets.data + 8 * (size_t)(object - 1), m->bytes.size);
}

static void put_object(struct pdf_maker *m, unsigned object, const char *entries,
                       const void *stream, size_t size)
{
    set_offset(m, object);
    gs_buf_printf(&m->bytes, "%u 0 obj\n<<", object);
    gs_buf_append_str(&m->bytes, entries);
    if (stream) {
        gs_buf_printf(&m->bytes, "/Length %zu>>\nstream\n", size);
        gs_buf_append(&m->bytes, stream, size);
        gs_buf_append_str(&m->bytes, "\nendstream\nendobj\n");
    } else {
        gs_buf_append_str(&m->bytes, ">>\nendobj\n");
    }
    must(&m->bytes);
}

unsigned pdf_object(struct pdf_maker *m, const char *entries, const void *stream, size_t size)
{
    unsigned object = (unsigned)(m->offsets.size / 8) + 1;
    put_object(m, object, entries, stream, size);
    return object;
}

static const char *const map_ranges[] = {
    [PDF_FONT_UNICODE] = "1 beginbfrange\n<0000> <FFFF> <0000>\nendbfrange\n",
    [PDF_FONT_PRIVATE] = "1 beginbfrange\n<0000> <FFFF> <E000>\nendbfrange\n",
    [PDF_FONT_CONTROL] = "3 beginbfchar\n<002A> <0000>\n<002B> <000C>\n<002D> <001F>\nendbfchar\n"
                         "1 beginbfrange\n<4E00> <9FFF> <4E00>\nendbfrange\n",
};

/* Private characters: only 8192 of them, so the map folds what is above. */
static unsigned put_map(struct pdf_maker *m, enum pdf_font font)
{
    struct gs_buf map;
    gs_buf_init(&map, SIZE_MAX);
    gs_buf_append_str(&map, "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
                            "/CMapName /Test def\n1 begincodespacerange\n<0000> <FFFF>\n"
                            "endcodespacerange\n");
    if (font == PDF_FONT_PRIVATE)
        for (unsigned high = 0; high < 0x100; high++)
            gs_buf_printf(&map, "1 beginbfrange\n<%02X00> <%02XFF> <%02X00>\nendbfrange\n", high,
                          high, 0xE0 + high % 0x18);
    else
        gs_buf_append_str(&map, map_ranges[font]);
    gs_buf_append_str(&map, "endcmap\nend\nend\n");
    must(&map);
    unsigned object = pdf_object(m, "", map.data, map.size);
    gs_buf_release(&map);
    return object;
}

static void put_font(struct pdf_maker *m, enum pdf_font font)
{
    const char *ordering = font == PDF_FONT_GB ? "GB1" : font == PDF_FONT_CNS ? "CNS1" : "Identity";
    const char *encoding = font == PDF_FONT_GB    ? "UniGB-UCS2-H"
                           : font == PDF_FONT_CNS ? "UniCNS-UCS2-H"
                                                  : "Identity-H";
    char entries[512], map[64] = "";
    snprintf(entries, sizeof entries,
             "/Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000"
             "/CIDSystemInfo<</Registry(Adobe)/Ordering(%s)/Supplement 0>>"
             "/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 4"
             "/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 900/Descent -200/StemV 80>>",
             ordering);
    unsigned descendant = pdf_object(m, entries, NULL, 0);
    if (font != PDF_FONT_GB && font != PDF_FONT_CNS)
        snprintf(map, sizeof map, "/ToUnicode %u 0 R", put_map(m, font));
    snprintf(entries, sizeof entries,
             "/Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/%s"
             "/DescendantFonts[%u 0 R]%s",
             encoding, descendant, map);
    put_object(m, FONT, entries, NULL, 0);
}

void pdf_begin(struct pdf_maker *m, enum pdf_font font)
{
    *m = (struct pdf_maker){0};
    gs_buf_init(&m->bytes, SIZE_MAX);
    gs_buf_init(&m->kids, SIZE_MAX);
    gs_buf_init(&m->offsets, SIZE_MAX);
    gs_buf_append_str(&m->bytes, "%PDF-1.4\n%\xE2\xE3\xCF\xD3\n");
    set_offset(m, FONT);
    put_font(m, font);
}

static void put_line(struct gs_buf *content, const struct pdf_line *line)
{
    gs_buf_printf(content, "BT /F1 12 Tf %d %d Td <", line->x, line->y);
    const uint8_t *p = (const uint8_t *)line->text;
    for (size_t left = strlen(line->text); left > 0;) {
        struct gs_utf8_char c = gs_utf8_decode(p, left);
        gs_buf_printf(content, "%04X", c.code);
        p += c.size;
        left -= c.size;
    }
    gs_buf_append_str(content, "> Tj ET\n");
}

static void put_page(struct pdf_maker *m, const char *resources, unsigned content)
{
    char entries[512];
    snprintf(entries, sizeof entries,
             "/Type/Page/Parent %u 0 R/MediaBox[0 0 595 842]/Contents %u 0 R"
             "/Resources<</Font<</F1 %u 0 R>>%s>>",
             PAGES, content, FONT, resources);
    unsigned page = pdf_object(m, entries, NULL, 0);
    gs_buf_printf(&m->kids, "%u 0 R ", page);
    m->pages++;
}

void pdf_content_page(struct pdf_maker *m, const char *entries, const void *stream, size_t size)
{
    put_page(m, "", pdf_object(m, entries, stream, size));
}

void pdf_page(struct pdf_maker *m, const struct pdf_line *lines, size_t count)
{
    struct gs_buf content;
    gs_buf_init(&content, SIZE_MAX);
    for (size_t i = 0; i < count; i++)
        put_line(&content, &lines[i]);
    must(&content);
    pdf_content_page(m, "", content.size ? (const void *)content.data : "", content.size);
    gs_buf_release(&content);
}

void pdf_image_page(struct pdf_maker *m, size_t bytes, const char *text)
{
    struct gs_buf content;
    gs_buf_init(&content, SIZE_MAX);
    uint8_t *grey = calloc(1, bytes ? bytes : 1);
    char entries[256];
    snprintf(entries, sizeof entries,
             "/Type/XObject/Subtype/Image/Width %zu/Height 1/ColorSpace/DeviceGray"
             "/BitsPerComponent 8",
             bytes);
    unsigned image = pdf_object(m, entries, grey, bytes);
    free(grey);
    gs_buf_append_str(&content, "q 500 0 0 700 40 100 cm /I1 Do Q\n");
    if (text)
        put_line(&content, &(struct pdf_line){40, 40, text});
    must(&content);
    snprintf(entries, sizeof entries, "/XObject<</I1 %u 0 R>>", image);
    unsigned stream = pdf_object(m, "", content.data, content.size);
    put_page(m, entries, stream);
    gs_buf_release(&content);
}

void pdf_end(struct pdf_maker *m, const char *trailer_entries)
{
    struct gs_buf tree;
    gs_buf_init(&tree, SIZE_MAX);
    gs_buf_printf(&tree, "/Type/Pages/Count %u/Kids[", m->pages);
    gs_buf_append(&tree, m->kids.data, m->kids.size);
    gs_buf_append(&tree, "]", 2);
    must(&tree);
    put_object(m, PAGES, (const char *)tree.data, NULL, 0);
    gs_buf_release(&tree);
    put_object(m, CATALOG, "/Type/Catalog/Pages 2 0 R", NULL, 0);
    m->xref_at = m->bytes.size;
    size_t objects = m->offsets.size / 8;
    gs_buf_printf(&m->bytes, "xref\n0 %zu\n0000000000 65535 f \n", objects + 1);
    for (size_t i = 0; i < objects; i++)
        gs_buf_printf(&m->bytes, "%010llu 00000 n \n",
                      (unsigned long long)gs_load_u64(m->offsets.data + 8 * i));
    gs_buf_printf(&m->bytes, "trailer\n<</Size %zu/Root %u 0 R", objects + 1, CATALOG);
    gs_buf_append_str(&m->bytes, trailer_entries);
    gs_buf_printf(&m->bytes, ">>\nstartxref\n%llu\n%%%%EOF\n", (unsigned long long)m->xref_at);
    must(&m->bytes);
}

void pdf_release(struct pdf_maker *m)
{
    gs_buf_release(&m->bytes);
    gs_buf_release(&m->kids);
    gs_buf_release(&m->offsets);
}
