/* Text out of PDFs: pages, tables, scans, garbage, damage, and files made to loop or to swell. */
#include "tests/support/test.h"

#include "indexer/extract_pdf.h"
#include "tests/support/pdf_maker.h"

#include <unistd.h>

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

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages_and_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
