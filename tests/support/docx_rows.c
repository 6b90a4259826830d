#include "tests/support/docx_rows.h"

#include "indexer/extract_docx.h"
#include "tests/support/test.h"

#define DOCX_MOST ((size_t)256 << 20)

void docx_extract(const struct docx_parts *parts, struct gs_extracted *x)
{
    struct gs_buf docx;
    struct gs_err err = {.text = ""};
    static const struct gs_extract_params params = {.text_max = DOCX_MOST};
    gs_buf_init(&docx, DOCX_MOST);
    docx_make(&docx, parts);
    gs_extracted_init(x, DOCX_MOST);
    gs_extracted_clear(x);
    assert_ok_err(gs_extract_docx(docx.data, docx.size, &params, x, &err), &err);
    gs_buf_append_u8(&x->text, 0);
    gs_buf_append_u8(&x->title, 0);
    gs_buf_append_u8(&x->furniture, 0);
    gs_buf_release(&docx);
}

void docx_assert_text(const struct docx_parts *parts, const char *wanted)
{
    struct gs_extracted x;
    docx_extract(parts, &x);
    if (strcmp((const char *)x.text.data, wanted) != 0)
        fail_msg("for %s\ngot    %s\nwanted %s", parts->body,
                 test_escape(x.text.data, x.text.size - 1), test_escape(wanted, strlen(wanted)));
    gs_extracted_release(&x);
}
