/* indexer: Word documents that are none, damaged, or made to use up time and memory. */
#include "indexer/extract_docx.h"
#include "tests/support/archive_make.h"
#include "tests/support/docx_make.h"
#include "tests/support/test.h"

#include <time.h>

#define MOST ((size_t)1 << 30)

static enum gaosou_status extract_bytes(const uint8_t *bytes, size_t size, size_t text_max,
                                        struct gs_err *err)
{
    struct gs_extracted x;
    const struct gs_extract_params params = {.text_max = text_max};
    gs_extracted_init(&x, text_max);
    gs_extracted_clear(&x);
    enum gaosou_status status = gs_extract_docx(bytes, size, &params, &x, err);
    gs_extracted_release(&x);
    return status;
}

static void check_docx(const struct docx_parts *parts, size_t text_max, enum gaosou_status wanted,
                       const char *message)
{
    struct gs_buf docx;
    struct gs_err err = {.text = ""};
    gs_buf_init(&docx, MOST);
    docx_make(&docx, parts);
    assert_status_err(extract_bytes(docx.data, docx.size, text_max, &err), wanted, &err);
    if (!strstr(err.text, message))
        fail_msg("\"%s\" is not in \"%s\"", message, err.text);
    gs_buf_release(&docx);
}

/* `before`, then `unit` n times, then `after`; malloc'ed. */
static char *repeated(const char *before, const char *unit, size_t n, const char *after)
{
    size_t b = strlen(before), u = strlen(unit), a = strlen(after);
    char *s = malloc(b + u * n + a + 1);
    assert_non_null(s);
    memcpy(s, before, b);
    for (size_t i = 0; i < n; i++)
        memcpy(s + b + i * u, unit, u);
    memcpy(s + b + n * u, after, a + 1);
    return s;
}

static void not_word(void **state)
{
    (void)state;
    static const char ole[] = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1................";
    static const struct {
        const char *bytes;
        size_t size;
        const char *message;
    } rows[] = {
        {"", 0, "empty"},
        {"%PDF-1.7", 8, "PDF"},
        {"<html><body>x", 13, "HTML"},
        {"{\\rtf1 x", 8, "RTF"},
        {ole, sizeof ole - 1, "OLE"},
        {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1..W\0o\0r\0d\0D\0o\0c\0u\0m\0e\0n\0t\0", 34,
         "Word 97-2003"},
        {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1..E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", 42,
         "password"},
        {"plain text", 10, "no zip"},
    };
    struct gs_err err;
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        assert_status(extract_bytes((const uint8_t *)rows[i].bytes, rows[i].size, MOST, &err),
                      GAOSOU_E_INPUT);
        if (!strstr(err.text, rows[i].message))
            fail_msg("\"%s\" is not in \"%s\"", rows[i].message, err.text);
    }
}

static void other_zips(void **state)
{
    (void)state;
    static const struct {
        const char *part, *message;
    } rows[] = {
        {"a.txt", "a zip without a Word document"},
        {"xl/workbook.xml", "an Excel workbook"},
        {"ppt/presentation.xml", "a PowerPoint presentation"},
        {"META-INF/manifest.xml", "an OpenDocument file"},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct zip_maker z;
        struct gs_err err;
        zip_maker_init(&z);
        zip_maker_text(&z, rows[i].part, "<x/>");
        zip_maker_finish(&z);
        assert_status(extract_bytes(z.bytes.data, z.bytes.size, MOST, &err), GAOSOU_E_INPUT);
        if (!strstr(err.text, rows[i].message))
            fail_msg("\"%s\" is not in \"%s\"", rows[i].message, err.text);
        zip_maker_release(&z);
    }
}

static void bad_xml(void **state)
{
    (void)state;
    struct zip_maker z;
    struct gs_err err;
    static const struct {
        const char *xml;
        const char *message;
    } rows[] = {
        {"<w:document", "word/document.xml"},
        {"<document/>", "its root is <document>"},
        {"", "word/document.xml"},
        {"<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">"
         "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><d>&c;</d>",
         "word/document.xml: line 1"},
        {"<!DOCTYPE d SYSTEM \"file:///etc/passwd\"><d/>", "word/document.xml: line 1"},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        zip_maker_init(&z);
        zip_maker_text(&z, "word/document.xml", rows[i].xml);
        zip_maker_finish(&z);
        assert_status(extract_bytes(z.bytes.data, z.bytes.size, MOST, &err), GAOSOU_E_INPUT);
        if (!strstr(err.text, rows[i].message))
            fail_msg("\"%s\" is not in \"%s\"", rows[i].message, err.text);
        zip_maker_release(&z);
    }
    check_docx(&(struct docx_parts){.body = "", .styles = "<w:style"}, MOST, GAOSOU_E_INPUT,
               "word/styles.xml: line");
    check_docx(&(struct docx_parts){.body = "<w:altChunk/>"}, MOST, GAOSOU_E_INPUT, "altChunk");
}

static void damaged_parts(void **state)
{
    (void)state;
    struct zip_maker z;
    struct gs_err err;
    zip_maker_init(&z);
    zip_maker_add(&z,
                  &(struct zip_member){
                      .name = "word/document.xml", .bytes = "<x/>", .size = 4, .crc_change = 1});
    zip_maker_finish(&z);
    assert_status(extract_bytes(z.bytes.data, z.bytes.size, MOST, &err), GAOSOU_E_INPUT);
    assert_non_null(strstr(err.text, "word/document.xml: "));
    zip_maker_release(&z);
    zip_maker_init(&z);
    zip_maker_add(
        &z, &(struct zip_member){
                .name = "word/document.xml", .bytes = "0123456789abc", .size = 13, .flags = 1});
    zip_maker_finish(&z);
    assert_status(extract_bytes(z.bytes.data, z.bytes.size, MOST, &err), GAOSOU_E_INPUT);
    assert_non_null(strstr(err.text, "encrypted"));
    zip_maker_release(&z);
}

static void cut_off_anywhere(void **state)
{
    (void)state;
    struct gs_buf docx;
    struct gs_err err;
    gs_buf_init(&docx, MOST);
    docx_make(&docx, &(struct docx_parts){.body = "<w:p><w:r><w:t>a</w:t></w:r></w:p>",
                                          .styles = "<w:style w:styleId=\"1\"/>",
                                          .header = "<w:p/>",
                                          .title = "t"});
    for (size_t size = 0; size < docx.size; size++) {
        uint8_t *bytes = malloc(size + 1);
        memcpy(bytes, docx.data, size);
        enum gaosou_status status = extract_bytes(bytes, size, MOST, &err);
        assert_true(status == GAOSOU_OK || status == GAOSOU_E_INPUT);
        free(bytes);
    }
    gs_buf_release(&docx);
}

static void limits(void **state)
{
    (void)state;
    char *deep = repeated("", "<w:tbl><w:tr><w:tc>", 100000, "");
    check_docx(&(struct docx_parts){.body = deep}, MOST, GAOSOU_E_LIMIT, "word/document.xml: line");
    free(deep);
    deep = repeated("", "<w:tbl>", 100, "");
    check_docx(&(struct docx_parts){.body = deep}, MOST, GAOSOU_E_LIMIT, "tables");
    free(deep);
    deep = repeated("", "<w:p><w:r><w:txbxContent>", 20, "");
    check_docx(&(struct docx_parts){.body = deep}, MOST, GAOSOU_E_LIMIT, "text boxes");
    free(deep);
    char *much = repeated("<w:p><w:r><w:t>", "0123456789", 1000, "</w:t></w:r></w:p>");
    check_docx(&(struct docx_parts){.body = much}, 9999, GAOSOU_E_LIMIT,
               "more than 9999 bytes of text");
    check_docx(&(struct docx_parts){.body = much}, 10001, GAOSOU_OK, "");
    free(much);
    /* text in a box, and in a row, reaches the same limit */
    much = repeated("<w:p><w:r><w:txbxContent><w:p><w:r><w:t>", "0123456789", 1000,
                    "</w:t></w:r></w:p></w:txbxContent></w:r></w:p>");
    check_docx(&(struct docx_parts){.body = much}, 9999, GAOSOU_E_LIMIT, "bytes of text");
    free(much);
}

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Twice the size takes about twice the time: no construct costs its square. */
static void linear(void **state)
{
    (void)state;
    static const struct {
        const char *before, *unit, *after;
    } rows[] = {
        {"", "<w:p/>", ""},
        {"<w:tbl><w:tr>", "<w:tc/>", "</w:tr></w:tbl>"},
        {"<w:tbl><w:tr>", "<w:tc><w:p><w:r><w:br w:type=\"page\"/></w:r></w:p></w:tc>",
         "</w:tr></w:tbl>"},
        {"<w:tbl><w:tr><w:tc>",
         "<w:tbl><w:tr><w:tc><w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>"
         "</w:tc></w:tr></w:tbl>",
         "</w:tc></w:tr></w:tbl>"},
        {"<w:p>", "<w:r><w:txbxContent><w:p><w:r><w:t>x</w:t></w:r></w:p></w:txbxContent></w:r>",
         "</w:p>"},
        {"<w:p>", "<w:r><w:tab/><w:br/><w:lastRenderedPageBreak/><w:t>x</w:t></w:r>", "</w:p>"},
        {"", "<w:p><w:pPr><w:pStyle w:val=\"1\"/></w:pPr></w:p>", ""},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        double best[2] = {1e9, 1e9};
        for (int round = 0; round < 3; round++)
            for (size_t k = 0; k < 2; k++) {
                char *body =
                    repeated(rows[i].before, rows[i].unit, 20000 << (3 * k), rows[i].after);
                double from = seconds();
                check_docx(&(struct docx_parts){.body = body}, MOST, GAOSOU_OK, "");
                if (seconds() - from < best[k])
                    best[k] = seconds() - from;
                free(body);
                if (best[1] < 24 * best[0])
                    round = 3;
            }
        if (best[1] > 24 * best[0])
            fail_msg("row %zu: eight times the size takes %.3f s instead of %.3f s", i, best[1],
                     best[0]);
    }
}

/* The definitions of lists and styles, many and in circles. */
static void definitions(void **state)
{
    (void)state;
    char *many =
        repeated("", "<w:style w:styleId=\"x\"><w:basedOn w:val=\"x\"/></w:style>", 200000, "");
    check_docx(&(struct docx_parts){.body = "<w:p><w:pPr><w:pStyle w:val=\"x\"/></w:pPr></w:p>",
                                    .styles = many},
               MOST, GAOSOU_OK, "");
    free(many);
    many = repeated("", "<w:abstractNum/><w:num/>", 600000, "");
    check_docx(&(struct docx_parts){.body = "", .numbering = many}, MOST, GAOSOU_E_LIMIT,
               "definitions");
    free(many);
    check_docx(
        &(struct docx_parts){
            .body = "<w:p><w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr></w:p>",
            .styles = "<w:style w:styleId=\"l\"><w:pPr><w:numPr><w:numId w:val=\"1\"/>"
                      "</w:numPr></w:pPr></w:style>",
            .numbering = "<w:abstractNum w:abstractNumId=\"1\"><w:numStyleLink "
                         "w:val=\"l\"/></w:abstractNum><w:num w:numId=\"1\">"
                         "<w:abstractNumId w:val=\"1\"/></w:num>"},
        MOST, GAOSOU_OK, "");
}

static void bombs(void **state)
{
    (void)state;
    struct zip_maker z;
    struct gs_err err;
    size_t size = (size_t)300 << 20;
    char *spaces = malloc(size);
    memset(spaces, ' ', size);
    zip_maker_init(&z);
    zip_maker_add(
        &z, &(struct zip_member){
                .name = "word/document.xml", .bytes = spaces, .size = size, .deflated = true});
    zip_maker_finish(&z);
    assert_status(extract_bytes(z.bytes.data, z.bytes.size, MOST, &err), GAOSOU_E_LIMIT);
    assert_non_null(strstr(err.text, "word/document.xml: "));
    zip_maker_release(&z);
    free(spaces);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(not_word),
        cmocka_unit_test(other_zips),
        cmocka_unit_test(bad_xml),
        cmocka_unit_test(damaged_parts),
        cmocka_unit_test(cut_off_anywhere),
        cmocka_unit_test(limits),
        cmocka_unit_test(linear),
        cmocka_unit_test(definitions),
        cmocka_unit_test(bombs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
