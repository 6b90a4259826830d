/* indexer: web pages into text: golden pages, the encodings of pages, bytes that want to harm. */
#include "common/text/utf8.h"
#include "indexer/extract_html.h"
#include "indexer/html_lines.h"
#include "tests/support/test.h"

#include <dirent.h>

#define FOLDER   "tests/golden/html"
#define TEXT_MAX ((size_t)1 << 28)

static enum gaosou_status extract(const void *bytes, size_t size, struct gs_extracted *x,
                                  struct gs_err *err)
{
    static const struct gs_extract_params params = {.text_max = TEXT_MAX};
    gs_extracted_clear(x);
    return gs_extract_html(bytes, size, &params, x, err);
}

/* Whatever the page: valid UTF-8, no U+0000, no line feeds in threes, no white space at the ends of
 * lines, nothing but pages before the first text. */
static void check_text(const struct gs_buf *text)
{
    const uint8_t *p = text->data;
    for (size_t at = 0; at < text->size;) {
        struct gs_utf8_char c = gs_utf8_decode(p + at, text->size - at);
        assert_true(c.valid && c.size > 0 && c.code != 0);
        if (c.code == '\n' || c.code == '\f')
            assert_true(at > 0 && p[at - 1] != ' ' && p[at - 1] != '\t');
        if (c.code == '\n')
            assert_false(at >= 2 && p[at - 1] == '\n' && p[at - 2] == '\n');
        at += c.size;
    }
    if (text->size > 0)
        assert_true(p[text->size - 1] != '\n' && p[text->size - 1] != ' ');
}

/* ---- golden pages ------------------------------------------------------------------------------
 */

static void read_file(const char *path, struct gs_buf *out)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        test_fail("%s cannot be opened", path);
    size_t got = 1;
    gs_buf_clear(out);
    while (got > 0) {
        uint8_t *room = gs_buf_reserve(out, 4096);
        assert_non_null(room);
        got = fread(room, 1, 4096, f);
        out->size += got;
    }
    fclose(f);
}

/* The title, pages where there are any, an empty line, the text and a line feed. */
static void show(const struct gs_extracted *x, struct gs_buf *out)
{
    gs_buf_clear(out);
    gs_buf_append_str(out, "title: ");
    gs_buf_append(out, x->title.data, x->title.size);
    if (x->pages > 0)
        gs_buf_printf(out, "\npages: %u", x->pages);
    gs_buf_append_str(out, "\n\n");
    gs_buf_append(out, x->text.data, x->text.size);
    gs_buf_append_str(out, "\n");
}

struct golden {
    struct gs_extracted x;
    struct gs_buf page, shown, wanted;
};

static void golden_init(struct golden *g)
{
    gs_extracted_init(&g->x, TEXT_MAX);
    gs_buf_init(&g->page, TEXT_MAX);
    gs_buf_init(&g->shown, TEXT_MAX);
    gs_buf_init(&g->wanted, TEXT_MAX);
}

static void golden_release(struct golden *g)
{
    gs_extracted_release(&g->x);
    gs_buf_release(&g->page);
    gs_buf_release(&g->shown);
    gs_buf_release(&g->wanted);
}

static void check_page(struct golden *g, const char *name)
{
    struct gs_err err = {.text = ""};
    char *html = test_path(FOLDER, "%s", name);
    char *txt = test_path(FOLDER, "%.*s.txt", (int)(strlen(name) - 5), name);
    read_file(html, &g->page);
    assert_ok_err(extract(g->page.data, g->page.size, &g->x, &err), &err);
    check_text(&g->x.text);
    show(&g->x, &g->shown);
    if (test_env_number("GAOSOU_GOLDEN", 0))
        test_file_write(txt, g->shown.data, g->shown.size);
    read_file(txt, &g->wanted);
    if (g->shown.size != g->wanted.size ||
        memcmp(g->shown.data, g->wanted.data, g->wanted.size) != 0)
        test_fail("%s gives\n%.*s", name, (int)g->shown.size, (char *)g->shown.data);
    free(html);
    free(txt);
}

typedef void page_check(struct golden *g, const char *name);

static void each_page(page_check *check)
{
    struct golden g;
    size_t count = 0;
    golden_init(&g);
    DIR *folder = opendir(FOLDER);
    assert_non_null(folder);
    for (const struct dirent *e = readdir(folder); e; e = readdir(folder)) {
        size_t size = strlen(e->d_name);
        if (size < 6 || strcmp(e->d_name + size - 5, ".html") != 0)
            continue;
        check(&g, e->d_name);
        count++;
    }
    closedir(folder);
    assert_true(count >= 11);
    golden_release(&g);
}

static void golden_pages(void **state)
{
    (void)state;
    each_page(check_page);
}

static void check_cut(struct golden *g, const char *name)
{
    char *path = test_path(FOLDER, "%s", name);
    read_file(path, &g->page);
    for (size_t size = 0; size < g->page.size; size++) {
        uint8_t *copy = malloc(size ? size : 1); /* so that a read beyond it is seen */
        assert_non_null(copy);
        if (size > 0)
            memcpy(copy, g->page.data, size);
        assert_ok(extract(copy, size, &g->x, NULL));
        check_text(&g->x.text);
        free(copy);
    }
    free(path);
}

static void pages_cut_off_anywhere(void **state)
{
    (void)state;
    each_page(check_cut);
}

/* ---- encodings ---------------------------------------------------------------------------------
 */

#define GBK_HEAD "<html><head><meta http-equiv=Content-Type content=\"text/html; charset=gb2312\">"
/* 净利润增长，本公司及董事会全体成员 in GBK */
#define GBK_TEXT                                                                                   \
    "\xBE\xBB\xC0\xFB\xC8\xF3\xD4\xF6\xB3\xA4\xA3\xAC\xB1\xBE\xB9\xAB\xCB\xBE\xBC\xB0\xB6\xAD"     \
    "\xCA\xC2\xBB\xE1\xC8\xAB\xCC\xE5\xB3\xC9\xD4\xB1"
#define UTF8_TEXT "净利润增长，本公司及董事会全体成员"

static void encodings_of_pages(void **state)
{
    (void)state;
    static const struct {
        const char *page, *encoding;
    } rows[] = {
        {GBK_HEAD "</head><p>" GBK_TEXT "</p>", "GB18030"},
        {GBK_HEAD "</head><p>" UTF8_TEXT "</p>", NULL},
        {"<p>" GBK_TEXT "</p>", "GB18030"},
        {"<meta charset=iso-8859-1><p>" GBK_TEXT "</p>", "GB18030"},
        {"\xEF\xBB\xBF<meta charset=big5><p>" UTF8_TEXT "</p>", NULL},
    };
    struct gs_extracted x;
    gs_extracted_init(&x, TEXT_MAX);
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct gs_err err = {.text = ""};
        assert_ok_err(extract(rows[i].page, strlen(rows[i].page), &x, &err), &err);
        assert_int_equal(x.text.size, strlen(UTF8_TEXT));
        assert_memory_equal(x.text.data, UTF8_TEXT, x.text.size);
        assert_true(!x.encoding == !rows[i].encoding);
        if (x.encoding)
            assert_string_equal(x.encoding, rows[i].encoding);
        assert_int_equal(x.replaced, 0);
    }
    uint8_t binary[1024];
    for (size_t i = 0; i < sizeof binary; i++)
        binary[i] = (uint8_t)(i * i >> 3);
    assert_status(extract(binary, sizeof binary, &x, NULL), GAOSOU_E_INPUT);
    gs_extracted_release(&x);
}

/* ---- bytes that want to harm -------------------------------------------------------------------
 */

/* head, `count` times part, tail: gives text and status. */
struct flood {
    const char *head, *part, *tail;
    size_t count;
    const char *text; /* NULL: any */
};

#define M 1000000

static const struct flood floods[] = {
    {"", "<div>", "净利润", 100000, "净利润"},
    {"", "<table><tr><td>", "净利润", 100000, "净利润"},
    {"", "<table><tr><td>a<td>", "b", 20000, NULL},
    {"", "<table><tr><td><p>a<br>b</p></td><td>", "b", 20000, NULL},
    {"", "<table><table>", "b", 50000, "b"},
    {"", "<div class=nav><a href=x>y</a>", "b", 50000, NULL},
    {"", "<ul><li>", "净利润", 100000, "净利润"},
    {"", "<b><i>", "净利润", 100000, "净利润"},
    {"a", "<br>", "b", M, "a\n\nb"},
    {"a", "<p></p>", "b", 200000, "a\nb"},
    {"a", "<p style='page-break-before:always'></p>", "b", 20000, "a\fb"},
    {"a", "&nbsp;", "", M, "a"},
    {"<pre>a", "\n  ", "b</pre>", M, "a\n\n  b"},
    {"<table><tr><td>a", "<td>", "<td></table>b", 200000, "a\nb"},
    {"<table><tr><td>a", "<tr><td>", "</table>b", 100000, "a\nb"},
    {"", "<", "", 10 * M, NULL},
    {"", "<!", "", M, NULL},
    {"a<!--", "x", "", M, NULL},
    {"", "<!--", "", M, NULL},
    {"", "<![if x", "", M, NULL},
    {"", "&nbsp", "", M, ""},
    {"a<script>", "<p>x</p>", "", M / 10, "a"},
    {"<p style='", "display:block;", "display:none'>a</p>b", M / 10, "b"},
    {"<p class='", "xnav-", "'>a</p>b", M / 10, "a\nb"},
    {"<title>", "净", "</title>b", M, "b"},
    {"<p hidden><p>", "<p>", "a", M / 10, "a"},
};

static void floods_are_bounded(void **state)
{
    (void)state;
    struct gs_extracted x;
    struct gs_buf page;
    gs_extracted_init(&x, TEXT_MAX);
    gs_buf_init(&page, TEXT_MAX);
    for (size_t i = 0; i < GS_COUNT_OF(floods); i++) {
        const struct flood *f = &floods[i];
        struct gs_err err = {.text = ""};
        gs_buf_clear(&page);
        gs_buf_append_str(&page, f->head);
        for (size_t n = 0; n < f->count; n++)
            gs_buf_append_str(&page, f->part);
        gs_buf_append_str(&page, f->tail);
        if (extract(page.data, page.size, &x, &err) != GAOSOU_OK)
            test_fail("flood of %s: %s", f->part, err.text);
        check_text(&x.text);
        if (f->text && (x.text.size != strlen(f->text) ||
                        (x.text.size && memcmp(x.text.data, f->text, x.text.size) != 0)))
            test_fail("flood of %s gives %.*s", f->part, (int)(x.text.size % 200),
                      (char *)x.text.data);
    }
    gs_buf_release(&page);
    gs_extracted_release(&x);
}

static void text_is_bounded(void **state)
{
    (void)state;
    const struct gs_extract_params params = {.text_max = 10};
    struct gs_extracted x;
    struct gs_err err = {.text = ""};
    gs_extracted_init(&x, params.text_max);
    assert_ok(gs_extract_html((const uint8_t *)"<p>0123456789", 13, &params, &x, &err));
    gs_extracted_clear(&x);
    assert_status_err(gs_extract_html((const uint8_t *)"<p>0123456789a", 14, &params, &x, &err),
                      GAOSOU_E_LIMIT, &err);
    gs_extracted_release(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_pages),       cmocka_unit_test(pages_cut_off_anywhere),
        cmocka_unit_test(encodings_of_pages), cmocka_unit_test(floods_are_bounded),
        cmocka_unit_test(text_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
