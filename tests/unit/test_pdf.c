/* Text out of PDFs: pages, tables, scans, garbage, damage, and files made to loop or to swell. */
#include "tests/support/test.h"

#include "common/text/utf8.h"
#include "indexer/extract_pdf.h"
#include "tests/support/pdf_maker.h"

#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

static const struct gs_extract_params usual = {
    .text_max = 64 << 20, .seconds_max = 20, .memory_max = (uint64_t)1 << 30};

static enum gaosou_status extract(const struct pdf_maker *m, struct gs_extracted *out)
{
    struct gs_err err = {0};
    gs_extracted_init(out, usual.text_max);
    enum gaosou_status status = gs_extract_pdf(m->bytes.data, m->bytes.size, &usual, out, &err);
    if (status)
        printf("    %s\n", err.text);
    return status;
}

static void assert_text(const struct gs_extracted *x, const char *wanted)
{
    char *got = test_escape(x->text.data, x->text.size),
         *want = test_escape(wanted, strlen(wanted));
    assert_string_equal(got, want);
    free(got);
    free(want);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static bool has_tables(void)
{
    return access("/usr/share/poppler/cidToUnicode/Adobe-GB1", R_OK) == 0 ||
           access("/usr/local/share/poppler/cidToUnicode/Adobe-GB1", R_OK) == 0;
}

static void test_pages_and_rows(void **state)
{
    (void)state;
    static const struct pdf_line first[] = {{60, 780, "青川重工股份有限公司"},
                                            {60, 740, "主要收入"},
                                            {260, 740, "1,234.50"},
                                            {420, 740, "1,100.00"},
                                            {60, 720, "成本"},
                                            {260, 720, "88.10"},
                                            {420, 720, "-12.30"}};
    static const struct pdf_line third[] = {{60, 780, "第三页"}};
    for (enum pdf_font font = PDF_FONT_UNICODE; font <= PDF_FONT_CNS; font++) {
        if (font != PDF_FONT_UNICODE && !has_tables()) {
            printf("skipped: fonts of a Chinese collection (poppler-data is not installed)\n");
            continue;
        }
        struct pdf_maker m;
        struct gs_extracted x;
        pdf_begin(&m, font);
        pdf_page(&m, first, GS_COUNT_OF(first));
        pdf_page(&m, NULL, 0);
        pdf_page(&m, third, GS_COUNT_OF(third));
        pdf_end(&m, "");
        assert_ok(extract(&m, &x));
        assert_text(&x, "青川重工股份有限公司\n\n主要收入    1,234.50   1,100.00\n"
                        "成本    88.10    -12.30\n\f\f第三页\n");
        assert_int_equal(x.pages, 3);
        assert_int_equal(x.pages_without_text, 1);
        assert_int_equal(x.state, GS_TEXT_READ);
        assert_false(x.damaged);
        gs_extracted_release(&x);
        pdf_release(&m);
    }
}

/* ---- pages without text ---- */

static void test_scans(void **state)
{
    (void)state;
    static const struct {
        const char *stamp; /* on each of 6 pages with an image */
        unsigned written;  /* pages of text behind them */
        enum gs_text_state wanted;
    } rows[] = {{NULL, 0, GS_TEXT_NONE},
                {"第1页共6页", 0, GS_TEXT_NONE},
                {NULL, 1, GS_TEXT_READ},
                {"本页为青川重工股份有限公司二〇二三年度报告的扫描件", 0, GS_TEXT_READ}};
    static const struct pdf_line lines[] = {
        {60, 780, "青川重工股份有限公司关于签订日常经营重大合同的公告"},
        {60, 760,
         "本公司董事会及全体董事保证本公告内容不存在任何虚假记载、误导性陈述或者重大遗漏，"},
        {60, 740, "并对其内容的真实性、准确性和完整性承担法律责任。"}};
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct pdf_maker m;
        struct gs_extracted x;
        pdf_begin(&m, PDF_FONT_UNICODE);
        for (unsigned k = 0; k < 6; k++)
            pdf_image_page(&m, 3000, rows[i].stamp);
        for (unsigned k = 0; k < rows[i].written; k++)
            pdf_page(&m, lines, GS_COUNT_OF(lines));
        pdf_end(&m, "");
        assert_ok(extract(&m, &x));
        assert_int_equal(x.state, rows[i].wanted);
        assert_int_equal(x.pages, 6 + rows[i].written);
        assert_int_equal(x.pages_without_text, rows[i].stamp ? 0 : 6);
        assert_int_equal(x.text.size > 0, x.state == GS_TEXT_READ);
        if (rows[i].written)
            assert_memory_equal(x.text.data, "\f\f\f\f\f\f\xE9\x9D\x92", 9);
        gs_extracted_release(&x);
        pdf_release(&m);
    }
}

static const struct pdf_line paragraph[] = {
    {60, 780, "青川重工股份有限公司关于签订日常经营重大合同的公告"},
    {60, 760, "本公司董事会及全体董事保证本公告内容不存在任何虚假记载"},
    {60, 740, "并对其内容的真实性准确性和完整性承担法律责任"}};

static void assert_state(struct pdf_maker *m, enum gs_text_state wanted)
{
    struct gs_extracted x;
    pdf_end(m, "");
    assert_ok(extract(m, &x));
    assert_int_equal(x.state, wanted);
    assert_int_equal(x.text.size > 0, wanted == GS_TEXT_READ);
    gs_extracted_release(&x);
    pdf_release(m);
}

/* Each character stands for another, as where a font's map is wrong. */
static void add_shifted(struct pdf_maker *m, unsigned lines, uint32_t from, uint32_t step,
                        uint32_t range)
{
    char text[20][128];
    struct pdf_line at[20];
    uint32_t seed = 1;
    for (unsigned i = 0; i < lines; i++) {
        size_t n = 0;
        for (unsigned k = 0; k < 30; k++, seed += step)
            n += gs_utf8_encode((uint8_t *)text[i] + n, from + seed * 7919u % range);
        text[i][n] = '\0';
        at[i] = (struct pdf_line){60, 780 - 20 * (int)i, text[i]};
    }
    pdf_page(m, at, lines);
}

static void test_garbage(void **state)
{
    (void)state;
    struct pdf_maker m;
    pdf_begin(&m, PDF_FONT_PRIVATE);
    pdf_page(&m, paragraph, GS_COUNT_OF(paragraph));
    assert_state(&m, GS_TEXT_GARBAGE);
    pdf_begin(&m, PDF_FONT_UNICODE);
    pdf_page(&m, paragraph, GS_COUNT_OF(paragraph));
    assert_state(&m, GS_TEXT_READ);
    pdf_begin(&m, PDF_FONT_UNICODE);
    add_shifted(&m, 20, 0x4E00, 1, 20000);
    assert_state(&m, GS_TEXT_GARBAGE);
    pdf_begin(&m, PDF_FONT_UNICODE);
    add_shifted(&m, 20, 0xA1, 1, 94);
    assert_state(&m, GS_TEXT_GARBAGE);
}

/* What a font's map makes of a character cannot forge a page, nor anything else the index obeys. */
static void test_controls(void **state)
{
    (void)state;
    static const struct pdf_line lines[] = {{60, 780, "青川+重工*股份-有限公司"}};
    struct pdf_maker m;
    struct gs_extracted x;
    pdf_begin(&m, PDF_FONT_CONTROL);
    pdf_page(&m, lines, 1);
    pdf_end(&m, "");
    assert_ok(extract(&m, &x));
    assert_text(&x, "青川   重工   股份有限公司\n\f"); /* the only page is one, too */
    assert_int_equal(x.pages, 1);
    gs_extracted_release(&x);
    pdf_release(&m);
}

/* ---- not sound ---- */

static void assert_refused(const void *bytes, size_t size, const char *says)
{
    struct gs_extracted x;
    struct gs_err err = {0};
    gs_extracted_init(&x, usual.text_max);
    assert_status(gs_extract_pdf(bytes, size, &usual, &x, &err), GAOSOU_E_INPUT);
    if (!strstr(err.text, says))
        test_fail("\"%s\" does not say \"%s\"", err.text, says);
    gs_extracted_release(&x);
}

static void test_not_a_pdf(void **state)
{
    (void)state;
    static const char page[] = "\xEF\xBB\xBF \r\n<!DOCTYPE HTML><html><body>404</body></html>";
    static const char bare[] = "<HTML><HEAD><TITLE>%PDF</TITLE>";
    uint8_t junk[5000];
    for (size_t i = 0; i < sizeof junk; i++)
        junk[i] = (uint8_t)(i * 31 + i / 7);
    assert_refused("", 0, "an empty file");
    assert_refused(page, sizeof page - 1, "an HTML page");
    assert_refused(bare, sizeof bare - 1, "an HTML page");
    assert_refused(junk, sizeof junk, "no %PDF- in its first 1024 bytes");
    assert_refused("%PDF-1.7\n%%EOF\n", 15, "pdftotext failed (exit status 1): Syntax");
    assert_refused("%PDF-", 5, "breaks off");
}

static void make_plain(struct pdf_maker *m, unsigned pages)
{
    pdf_begin(m, PDF_FONT_UNICODE);
    for (unsigned i = 0; i < pages; i++)
        pdf_page(m, paragraph, GS_COUNT_OF(paragraph));
    pdf_end(m, "");
}

static void test_password(void **state)
{
    (void)state;
    struct pdf_maker m;
    pdf_begin(&m, PDF_FONT_UNICODE);
    pdf_page(&m, paragraph, GS_COUNT_OF(paragraph));
    pdf_end(&m, "/ID[<00112233445566778899AABBCCDDEEFF><00112233445566778899AABBCCDDEEFF>]"
                "/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -44"
                "/O<00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF>"
                "/U<FF112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF>>>");
    assert_refused(m.bytes.data, m.bytes.size, "password");
    pdf_release(&m);
}

static void test_cut_anywhere(void **state)
{
    (void)state;
    struct pdf_maker m;
    make_plain(&m, 5);
    size_t whole = m.bytes.size - 6; /* up to %%EOF */
    for (size_t size = 5; size < whole; size += whole / 60)
        assert_refused(m.bytes.data, size, "breaks off");
    pdf_release(&m);
}

/* The table of objects is not where the end says: poppler looks through the whole file. */
static void test_rescued(void **state)
{
    (void)state;
    struct pdf_maker m;
    struct gs_extracted x;
    for (unsigned i = 0; i < 4; i++) {
        make_plain(&m, 5);
        uint8_t *digits = m.bytes.data + m.bytes.size - 8; /* up to the last of startxref */
        static const char *const other[] = {"", "startxref\n0\n%%EOF\n",
                                            "startxref\n99999999999999999999999\n%%EOF\n",
                                            "startxref"};
        if (i == 0)
            *digits = *digits == '9' ? '2' : '9';
        gs_buf_append_str(&m.bytes, other[i]);
        assert_ok(extract(&m, &x));
        assert_int_equal(x.pages, 5);
        assert_true(x.damaged);
        gs_extracted_release(&x);
        pdf_release(&m);
    }
}

/* Bytes before the PDF move everything; that is no damage. */
static void test_bytes_before(void **state)
{
    (void)state;
    struct pdf_maker m;
    struct gs_buf moved;
    struct gs_extracted x;
    make_plain(&m, 5);
    gs_buf_init(&moved, SIZE_MAX);
    gs_buf_append_str(&moved, "Content-Type: application/pdf\r\n\r\n");
    gs_buf_append(&moved, m.bytes.data, m.bytes.size);
    gs_extracted_init(&x, usual.text_max);
    assert_ok(gs_extract_pdf(moved.data, moved.size, &usual, &x, NULL));
    assert_int_equal(x.pages, 5);
    assert_false(x.damaged);
    gs_extracted_release(&x);
    gs_buf_release(&moved);
    pdf_release(&m);
}

static void test_bytes_changed(void **state)
{
    (void)state;
    struct pdf_maker m;
    make_plain(&m, 2);
    uint32_t seed = 7;
    for (unsigned i = 0; i < 200; i++) {
        uint8_t *copy = malloc(m.bytes.size);
        assert_non_null(copy);
        memcpy(copy, m.bytes.data, m.bytes.size);
        for (unsigned k = 0; k < 1 + i % 8; k++) {
            seed = seed * 1664525u + 1013904223u;
            copy[seed % m.bytes.size] = (uint8_t)(seed >> 24);
        }
        struct gs_extracted x;
        gs_extracted_init(&x, usual.text_max);
        enum gaosou_status status = gs_extract_pdf(copy, m.bytes.size, &usual, &x, NULL);
        assert_true(status == GAOSOU_OK || status == GAOSOU_E_INPUT);
        gs_extracted_release(&x);
        free(copy);
    }
    pdf_release(&m);
}

/* ---- made to loop or to swell ---- */

static const struct gs_extract_params tight = {
    .text_max = 4 << 20, .seconds_max = 2, .memory_max = (uint64_t)512 << 20};

/* OK, INPUT or LIMIT, whichever poppler makes of it, within the limits of time. */
static enum gaosou_status survive(const struct pdf_maker *m, const char *what)
{
    struct gs_extracted x;
    struct gs_err err = {0};
    gs_extracted_init(&x, tight.text_max);
    double started = now();
    enum gaosou_status status = gs_extract_pdf(m->bytes.data, m->bytes.size, &tight, &x, &err);
    double took = now() - started;
    printf("    %s: %.2f s, %zu bytes, %u pages: %s\n", what, took, x.text.size, x.pages,
           status ? err.text : "read");
    assert_true(status == GAOSOU_OK || status == GAOSOU_E_INPUT || status == GAOSOU_E_LIMIT);
    assert_true(took < tight.seconds_max * 2 + 20);
    gs_extracted_release(&x);
    return status;
}

static void test_loops(void **state)
{
    (void)state;
    struct pdf_maker m;
    pdf_begin(&m, PDF_FONT_UNICODE);
    pdf_page(&m, paragraph, GS_COUNT_OF(paragraph));
    gs_buf_append_str(&m.kids, "2 0 R 1 0 R ");
    m.pages += 1000000;
    pdf_end(&m, "");
    survive(&m, "a tree of pages that holds itself");
    pdf_release(&m);

    pdf_begin(&m, PDF_FONT_UNICODE);
    pdf_page(&m, paragraph, GS_COUNT_OF(paragraph));
    char prev[64];
    for (unsigned guess = 0; guess < 2; guess++) {
        struct pdf_maker twin;
        snprintf(prev, sizeof prev, "/Prev %llu", (unsigned long long)(guess ? m.xref_at : 0));
        pdf_begin(&twin, PDF_FONT_UNICODE);
        pdf_page(&twin, paragraph, GS_COUNT_OF(paragraph));
        pdf_end(&twin, prev);
        m.xref_at = twin.xref_at;
        if (guess)
            survive(&twin, "a table of objects that comes before itself");
        pdf_release(&twin);
    }
    pdf_release(&m);

    static const char nested[] = "/F Do";
    pdf_begin(&m, PDF_FONT_UNICODE);
    unsigned self = (unsigned)(m.offsets.size / 8) + 1;
    char entries[256];
    snprintf(entries, sizeof entries,
             "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F %u 0 R>>>>", self);
    pdf_object(&m, entries, "/F Do /F Do", 11);
    snprintf(entries, sizeof entries, "/Resources<</XObject<</F %u 0 R>>>>", self);
    pdf_content_page(&m, entries, nested, sizeof nested - 1);
    pdf_end(&m, "");
    survive(&m, "a form that draws itself");
    pdf_release(&m);

    pdf_begin(&m, PDF_FONT_UNICODE);
    for (unsigned i = 0; i < 40; i++)
        pdf_page(&m, paragraph, GS_COUNT_OF(paragraph));
    for (unsigned i = 0; i < 100000; i++)
        gs_buf_append_str(&m.kids, "[");
    pdf_end(&m, "");
    survive(&m, "arrays 100,000 deep");
    pdf_release(&m);
}

/* `times` times the pattern, deflated twice over if `twice`. */
static void deflate_into(struct gs_buf *out, const char *pattern, size_t times)
{
    z_stream z = {0};
    uint8_t chunk[65536];
    size_t size = strlen(pattern), fit = sizeof chunk / size;
    for (size_t i = 0; i < fit; i++)
        memcpy(chunk + i * size, pattern, size);
    assert_int_equal(deflateInit(&z, 9), Z_OK);
    for (size_t done = 0; done <= times;) {
        size_t n = times - done < fit ? times - done : fit;
        z.next_in = chunk;
        z.avail_in = (uInt)(n * size);
        int flush = n < fit || done + n == times ? Z_FINISH : Z_NO_FLUSH;
        int code;
        do {
            z.next_out = gs_buf_reserve(out, 65536);
            z.avail_out = 65536;
            code = deflate(&z, flush);
            out->size += 65536 - z.avail_out;
        } while (z.avail_out == 0);
        if (code == Z_STREAM_END)
            break;
        done += n;
    }
    deflateEnd(&z);
}

static void test_bombs(void **state)
{
    (void)state;
    static const struct {
        const char *what, *pattern;
        size_t times;
    } rows[] = {
        {"1 GB of blanks", "                ", (size_t)64 << 20},
        {"100 million opened states", "q ", (size_t)100 << 20},
        {"200 MB of shown text", "BT /F1 9 Tf 9 9 Td <9752> Tj ET\n", (size_t)6 << 20},
        {"text all over", "BT /F1 9 Tf 1 0 0 1 3 2 Tm 5 3 Td <9752> Tj 100 40 Td <5DDD> Tj ET\n",
         (size_t)2 << 20},
        {"an array without end", "[ [ ", (size_t)20 << 20},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct gs_buf stream;
        struct pdf_maker m;
        gs_buf_init(&stream, SIZE_MAX);
        deflate_into(&stream, rows[i].pattern, rows[i].times);
        pdf_begin(&m, PDF_FONT_UNICODE);
        pdf_content_page(&m, "/Filter/FlateDecode", stream.data, stream.size);
        pdf_end(&m, "");
        survive(&m, rows[i].what);
        gs_buf_release(&stream);
        pdf_release(&m);
    }
}

/* A stream of objects that says it holds 100 million, and one that is 500 MB of one object. */
static void test_object_stream_bombs(void **state)
{
    (void)state;
    struct gs_buf stream;
    gs_buf_init(&stream, SIZE_MAX);
    deflate_into(&stream, "1 0 [ ", (size_t)80 << 20);
    for (unsigned i = 0; i < 2; i++) {
        struct pdf_maker m;
        pdf_begin(&m, PDF_FONT_UNICODE);
        pdf_page(&m, paragraph, GS_COUNT_OF(paragraph));
        char entries[160];
        snprintf(entries, sizeof entries, "/Type/ObjStm/N %s/First %u/Filter/FlateDecode",
                 i ? "100000000" : "1", i ? 400000000 : 4);
        uint64_t bomb_at = m.bytes.size;
        unsigned bomb = pdf_object(&m, entries, stream.data, stream.size);
        /* a table in which the catalogue is inside that stream */
        uint8_t table[64][7] = {{0}};
        assert_true(bomb < GS_COUNT_OF(table));
        table[1][0] = 2;
        table[1][4] = (uint8_t)bomb;
        table[bomb][0] = 1;
        for (unsigned k = 0; k < 4; k++)
            table[bomb][1 + k] = (uint8_t)(bomb_at >> (24 - 8 * k));
        uint64_t at = m.bytes.size;
        snprintf(entries, sizeof entries, "/Type/XRef/Size %u/W[1 4 2]/Root 1 0 R", bomb + 1);
        pdf_object(&m, entries, table, 7 * (size_t)(bomb + 1));
        gs_buf_printf(&m.bytes, "startxref\n%llu\n%%%%EOF\n", (unsigned long long)at);
        survive(&m, i ? "a stream of 100 million objects" : "an object of 500 MB");
        pdf_release(&m);
    }
    gs_buf_release(&stream);
}

static void test_many_pages(void **state)
{
    (void)state;
    struct pdf_maker m;
    struct gs_extracted x;
    struct gs_extract_params patient = usual;
    patient.seconds_max = 300;  /* under a second for 10,000 pages */
    pdf_begin(&m, PDF_FONT_GB); /* a map of its own would be read on every page */
    for (unsigned i = 0; i < 100000; i++)
        pdf_page(&m, NULL, 0);
    pdf_end(&m, "");
    gs_extracted_init(&x, usual.text_max);
    assert_ok(gs_extract_pdf(m.bytes.data, m.bytes.size, &patient, &x, NULL));
    assert_int_equal(x.pages, 100000);
    assert_int_equal(x.pages_without_text, 100000);
    assert_int_equal(x.state, GS_TEXT_NONE);
    gs_extracted_release(&x);
    pdf_release(&m);
}

/* ---- a pdftotext of the test's own ---- */

struct fake {
    const char *body; /* of the shell script */
    enum gaosou_status status;
    const char *says; /* in the message; or, where it is read, the text */
};

static void check_fake(const char *folder, const struct fake *f)
{
    struct pdf_maker m;
    struct gs_extracted x;
    struct gs_err err = {0};
    char script[1024], *path = test_path(folder, "pdftotext");
    int n = snprintf(script, sizeof script, "#!/bin/sh\n%s\n", f->body);
    test_file_write(path, script, (size_t)n);
    assert_int_equal(chmod(path, 0755), 0);
    make_plain(&m, 1);
    struct gs_extract_params p = {.text_max = 1000000,
                                  .seconds_max = strstr(f->says, "s are the limit") ? 1 : 30,
                                  .memory_max = (uint64_t)1 << 30,
                                  .path = folder};
    gs_extracted_init(&x, p.text_max);
    double started = now();
    enum gaosou_status status = gs_extract_pdf(m.bytes.data, m.bytes.size, &p, &x, &err);
    if (status != f->status || (status && !strstr(err.text, f->says)))
        test_fail("%s: status %d: %s", f->body, (int)status, err.text);
    if (!status)
        assert_text(&x, f->says);
    assert_true(now() - started < 30);
    gs_extracted_release(&x);
    pdf_release(&m);
    free(path);
}

static void test_other_readers(void **state)
{
    (void)state;
    static const struct fake fakes[] = {
        {"sleep 1000", GAOSOU_E_LIMIT, "2 s are the limit of time"},
        {"trap '' TERM; sleep 1000 & sleep 1000", GAOSOU_E_LIMIT, "2 s are the limit of time"},
        {"while :; do :; done", GAOSOU_E_LIMIT,
         "s are the limit of"}, /* a busy machine: of the clock */
        {"exec yes", GAOSOU_E_LIMIT, "more than 1000000 bytes of text"},
        {"kill -SEGV $$", GAOSOU_E_INPUT, "crashed (signal 11)"},
        {"echo 'Syntax Error: bad' >&2; kill -ABRT $$", GAOSOU_E_INPUT,
         "crashed (signal 6): Syntax Error: bad"},
        {"echo \"terminate called after 'std::bad_alloc'\" >&2; kill -ABRT $$", GAOSOU_E_LIMIT,
         "1024 MB are the limit of memory"},
        {"echo 'Out of memory' >&2; exit 1", GAOSOU_E_LIMIT, "limit of memory"},
        {"exit 3", GAOSOU_E_INPUT, "exit status 3"},
        {"exit 0", GAOSOU_E_INPUT, "without pages"},
        {"printf '甲\\n\\f'; echo \"Error: Missing language pack for 'Adobe-GB1' mapping\" >&2",
         GAOSOU_E_NOT_FOUND, "poppler-data"},
        {"printf '甲\\n\\f'; echo 'Syntax Error: some font' >&2", GAOSOU_OK, "甲\n\f"},
        {"printf '   甲  乙          丙   \\n\\n\\n\\n\\n丁\\t\\n\\f\\f'", GAOSOU_OK,
         "   甲  乙    丙\n\n丁\n\f"},
        {"printf '甲乙丙丁戊己\\377\\355\\240\\200\\n\\f'", GAOSOU_OK, "甲乙丙丁戊己����\n\f"},
        {"printf '甲\\342\\200\\213\\302\\205\\001\\177乙\\n\\f尾'", GAOSOU_OK, "甲乙\n\f尾"},
    };
    char *folder = test_folder_create();
    for (size_t i = 0; i < GS_COUNT_OF(fakes); i++)
        check_fake(folder, &fakes[i]);
    test_folder_remove(folder);
    struct gs_extract_params p = usual;
    struct gs_extracted x;
    struct gs_err err = {0};
    p.path = "/nowhere:/dev";
    gs_extracted_init(&x, usual.text_max);
    assert_status(gs_extract_pdf((const uint8_t *)"%PDF-1.4", 8, &p, &x, &err), GAOSOU_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "poppler-utils"));
    gs_extracted_release(&x);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages_and_rows),
        cmocka_unit_test(test_scans),
        cmocka_unit_test(test_garbage),
        cmocka_unit_test(test_controls),
        cmocka_unit_test(test_not_a_pdf),
        cmocka_unit_test(test_password),
        cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_rescued),
        cmocka_unit_test(test_bytes_before),
        cmocka_unit_test(test_bytes_changed),
        cmocka_unit_test(test_loops),
        cmocka_unit_test(test_bombs),
        cmocka_unit_test(test_object_stream_bombs),
        cmocka_unit_test(test_many_pages),
        cmocka_unit_test(test_other_readers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
