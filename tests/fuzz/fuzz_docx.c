/* Any bytes as a Word document: 'Z' and a zip, or 'X' and the XML inside w:body. The text must be
 * valid UTF-8 without U+0000, whatever comes of it. */
#include "indexer/decode.h"
#include "indexer/extract_docx.h"
#include "tests/support/docx_make.h"
#include "tests/support/random_fuzz.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_MAX ((size_t)1 << 20)

static const char styles[] =
    "<w:style w:styleId=\"1\" w:default=\"1\" w:type=\"paragraph\"><w:pPr><w:numPr>"
    "<w:numId w:val=\"1\"/></w:numPr></w:pPr></w:style><w:style w:styleId=\"2\">"
    "<w:basedOn w:val=\"1\"/><w:rPr><w:vanish/></w:rPr></w:style>";
static const char numbering[] =
    "<w:abstractNum w:abstractNumId=\"1\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/>"
    "<w:numFmt w:val=\"chineseCounting\"/><w:lvlText w:val=\"第%1节%2\"/></w:lvl>"
    "<w:lvl w:ilvl=\"1\"><w:lvlText w:val=\"%1.%2.%9\"/></w:lvl></w:abstractNum>"
    "<w:num w:numId=\"1\"><w:abstractNumId w:val=\"1\"/></w:num>";

static void check(const struct gs_buf *b)
{
    if (b->size > 0 && (gs_utf8_valid(b->data, b->size) != b->size || memchr(b->data, 0, b->size) ||
                        memchr(b->data, '\v', b->size)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const struct gs_extract_params params = {.text_max = TEXT_MAX};
    struct gs_extracted x;
    struct gs_buf docx;
    struct gs_err err = {.text = ""};
    if (size == 0)
        return 0;
    gs_buf_init(&docx, (size_t)64 << 20);
    if (bytes[0] == 'X') {
        char *body = malloc(size);
        if (!body)
            abort();
        memcpy(body, bytes + 1, size - 1);
        body[size - 1] = 0;
        docx_make(&docx, &(struct docx_parts){.body = body,
                                              .styles = styles,
                                              .numbering = numbering,
                                              .header = body,
                                              .footnotes = body,
                                              .title = "标题"});
        free(body);
    } else {
        gs_buf_append(&docx, bytes + 1, size - 1);
    }
    gs_extracted_init(&x, TEXT_MAX);
    gs_extracted_clear(&x);
    enum gaosou_status status = gs_extract_docx(docx.data, docx.size, &params, &x, &err);
    if (status == GAOSOU_OK) {
        check(&x.text);
        check(&x.title);
        check(&x.furniture);
    } else if (err.text[0] == 0) {
        abort();
    }
    gs_extracted_release(&x);
    gs_buf_release(&docx);
    return 0;
}

static const char *const elements[] = {
    "p",    "p",    "p",   "r",          "r",         "r",           "t",
    "t",    "t",    "pPr", "rPr",        "numPr",     "tbl",         "tr",
    "tc",   "trPr", "del", "ins",        "sectPr",    "txbxContent", "footnote",
    "ruby", "rt",   "sdt", "sdtContent", "hyperlink", "moveFrom"};
static const char *const empty[] = {"<w:tab/>",
                                    "<w:br/>",
                                    "<w:br w:type=\"page\"/>",
                                    "<w:lastRenderedPageBreak/>",
                                    "<w:cr/>",
                                    "<w:vanish/>",
                                    "<w:numId w:val=\"1\"/>",
                                    "<w:ilvl w:val=\"1\"/>",
                                    "<w:pStyle w:val=\"2\"/>",
                                    "<w:rStyle w:val=\"2\"/>",
                                    "<w:sym w:font=\"Wingdings\" w:char=\"F0FE\"/>",
                                    "<w:del/>",
                                    "<w:pageBreakBefore/>",
                                    "<w:type w:val=\"continuous\"/>",
                                    "年报",
                                    "x y",
                                    "&amp;",
                                    "\n"};

static void make_element(struct random_source *r, struct gs_buf *out, int depth)
{
    const char *name = RANDOM_OF(r, elements);
    bool alternatives = random_once_in(r, 12);
    if (depth == 0 || random_once_in(r, 3)) {
        gs_buf_append_str(out, RANDOM_OF(r, empty));
        return;
    }
    gs_buf_printf(out, "<w:%s>", name);
    if (alternatives)
        gs_buf_append_str(out, "<mc:AlternateContent><mc:Choice>");
    for (uint32_t n = random_below(r, 4); n > 0; n--)
        make_element(r, out, depth - 1);
    if (alternatives) {
        gs_buf_append_str(out, "</mc:Choice><mc:Fallback>");
        make_element(r, out, depth - 1);
        gs_buf_append_str(out, "</mc:Fallback></mc:AlternateContent>");
    }
    gs_buf_printf(out, "</w:%s>", name);
}

static void make(struct random_source *r, struct gs_buf *out)
{
    struct gs_buf body;
    if (!random_once_in(r, 8)) {
        gs_buf_append_str(out, "X");
        for (uint32_t n = random_below(r, 10); n > 0; n--)
            make_element(r, out, 12);
        return;
    }
    gs_buf_init(&body, TEXT_MAX);
    make_element(r, &body, 8);
    gs_buf_append_u8(&body, 0);
    gs_buf_append_str(out, "Z");
    docx_make(out, &(struct docx_parts){
                       .body = (const char *)body.data, .styles = styles, .numbering = numbering});
    gs_buf_release(&body);
}

RANDOM_FUZZ_MAIN("docx", make, 5000)
