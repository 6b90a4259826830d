/* indexer: what kind of file an input is, by its name and by its first bytes. */
#include "indexer/source_kind.h"
#include "tests/support/test.h"

static void names(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum gs_source_kind kind;
        enum gs_packing packing;
    } rows[] = {
        {"a.txt", GS_SOURCE_TEXT, GS_PACKING_NONE},
        {"a.TXT.GZ", GS_SOURCE_TEXT, GS_PACKING_GZIP},
        {"a.pdf.zst", GS_SOURCE_PDF, GS_PACKING_ZSTD},
        {"x/a.Html", GS_SOURCE_HTML, GS_PACKING_NONE},
        {"a.htm.gz", GS_SOURCE_HTML, GS_PACKING_GZIP},
        {"a.docm", GS_SOURCE_DOCX, GS_PACKING_NONE},
        {"a.ndjson", GS_SOURCE_JSONL, GS_PACKING_NONE},
        {"a.zip", GS_SOURCE_ARCHIVE, GS_PACKING_NONE},
        {"a.tar.gz", GS_SOURCE_ARCHIVE, GS_PACKING_NONE},
        {"a.tgz", GS_SOURCE_ARCHIVE, GS_PACKING_NONE},
        {"a.tar.zst", GS_SOURCE_ARCHIVE, GS_PACKING_NONE},
        {"a", GS_SOURCE_UNKNOWN, GS_PACKING_NONE},
        {".txt", GS_SOURCE_UNKNOWN, GS_PACKING_NONE},
        {"a.gz", GS_SOURCE_UNKNOWN, GS_PACKING_GZIP},
        {"a.doc", GS_SOURCE_UNKNOWN, GS_PACKING_NONE},
        {"", GS_SOURCE_UNKNOWN, GS_PACKING_NONE},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        enum gs_source_kind kind;
        enum gs_packing packing;
        bool known = gs_source_kind_of(rows[i].name, &kind, &packing);
        assert_int_equal(kind, rows[i].kind);
        assert_int_equal(packing, rows[i].packing);
        assert_int_equal(known, kind != GS_SOURCE_UNKNOWN);
    }
    assert_true(gs_source_is_never_read("a/b.JPG"));
    assert_false(gs_source_is_never_read("a/b.xls")); /* often HTML */
}

#define BYTES(s) (s), sizeof(s) - 1

static void bytes_win(void **state)
{
    (void)state;
    static const struct {
        enum gs_source_kind named;
        const char *bytes;
        size_t size;
        enum gs_source_kind kind;
        bool foreign;
    } rows[] = {
        {GS_SOURCE_TEXT, BYTES("净利润"), GS_SOURCE_TEXT, false},
        {GS_SOURCE_TEXT, BYTES("see %PDF-1.4 below"), GS_SOURCE_TEXT, false},
        {GS_SOURCE_TEXT, BYTES("%PDF-1.4\n"), GS_SOURCE_PDF, false},
        {GS_SOURCE_PDF, BYTES("junk before\n%PDF-1.7"), GS_SOURCE_PDF, false},
        {GS_SOURCE_PDF, BYTES("\xEF\xBB\xBF \n<!DOCTYPE HTML><html>"), GS_SOURCE_HTML, false},
        {GS_SOURCE_PDF, BYTES("<HTML lang=zh>"), GS_SOURCE_HTML, false},
        {GS_SOURCE_TEXT, BYTES("<!-- saved --><html>"), GS_SOURCE_HTML, false},
        {GS_SOURCE_TEXT, BYTES("<?xml version=\"1.0\"?>\n<html>"), GS_SOURCE_HTML, false},
        {GS_SOURCE_TEXT, BYTES("\xFF\xFE<\0h\0t\0m\0l\0>\0"), GS_SOURCE_HTML, false},
        {GS_SOURCE_TEXT, BYTES("<htmlish> is no tag"), GS_SOURCE_TEXT, false},
        {GS_SOURCE_TEXT, BYTES("text that speaks of <html>"), GS_SOURCE_TEXT, false},
        {GS_SOURCE_HTML, BYTES("<p>a part of a page"), GS_SOURCE_HTML, false},
        {GS_SOURCE_HTML, BYTES("%PDF-1.4"), GS_SOURCE_PDF, false},
        {GS_SOURCE_UNKNOWN, BYTES("PK\3\4....word/document.xml"), GS_SOURCE_DOCX, false},
        {GS_SOURCE_DOCX, BYTES("PK\3\4"), GS_SOURCE_DOCX, false},
        {GS_SOURCE_TEXT, BYTES("PK\3\4xl/workbook.xml"), GS_SOURCE_UNKNOWN, true},
        {GS_SOURCE_DOCX, BYTES("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), GS_SOURCE_UNKNOWN, true},
        {GS_SOURCE_TEXT, BYTES("\x1F\x8B\x08\0"), GS_SOURCE_UNKNOWN, true},
        {GS_SOURCE_PDF, BYTES("\xFF\xD8\xFF\xE0"), GS_SOURCE_UNKNOWN, true},
        {GS_SOURCE_UNKNOWN, BYTES("plain"), GS_SOURCE_UNKNOWN, false},
        {GS_SOURCE_UNKNOWN, BYTES(""), GS_SOURCE_UNKNOWN, false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        /* Every length up to that: nothing behind the end is read (sanitizer), no crash. */
        for (size_t size = 0; size <= rows[i].size; size++) {
            uint8_t *copy = malloc(size ? size : 1);
            memcpy(copy, rows[i].bytes, size);
            struct gs_source_sniffed s = gs_source_sniff(rows[i].named, copy, size);
            if (size == rows[i].size) {
                assert_int_equal(s.kind, rows[i].kind);
                assert_int_equal(s.foreign != NULL, rows[i].foreign);
                assert_int_equal(s.chinese != NULL, rows[i].foreign);
            }
            free(copy);
        }
    }
}

static void what_looks_like_text(void **state)
{
    (void)state;
    assert_true(gs_source_looks_textual((const uint8_t *)"净利润\r\n", 11));
    assert_false(gs_source_looks_textual((const uint8_t *)"a\0b", 3));
    assert_false(gs_source_looks_textual((const uint8_t *)"\1\2\3", 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(bytes_win),
        cmocka_unit_test(what_looks_like_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
