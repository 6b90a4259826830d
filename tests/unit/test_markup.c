/* indexer: HTML and XML as events, their limits, and bytes that want to harm. */
#include "indexer/markup.h"
#include "tests/support/test.h"

/* A document as a line: <name a=v>"text"</name>, adjacent pieces of text joined. */
struct shown {
    struct gs_buf out;
    bool in_text;
    size_t events, stop_at; /* 0: never */
};

static enum gaosou_status counted(struct shown *s)
{
    return ++s->events == s->stop_at ? GAOSOU_E_FULL : GAOSOU_OK;
}

static void end_text(struct shown *s)
{
    if (s->in_text)
        gs_buf_append_u8(&s->out, '"');
    s->in_text = false;
}

static enum gaosou_status show_start(void *user, const struct gs_markup_element *e)
{
    struct shown *s = user;
    end_text(s);
    gs_buf_printf(&s->out, "<%s", e->name);
    if (e->space)
        gs_buf_printf(&s->out, "{%s}", e->space);
    for (size_t i = 0; i < e->attribute_count; i++) {
        const struct gs_markup_attribute *a = &e->attributes[i];
        gs_buf_printf(&s->out, " %s%s%s=%.*s", a->space ? a->space : "", a->space ? ":" : "",
                      a->name, (int)a->size, a->value);
    }
    gs_buf_append_str(&s->out, ">");
    return counted(s);
}

static enum gaosou_status show_end(void *user, const char *name, const char *space)
{
    struct shown *s = user;
    (void)space;
    end_text(s);
    gs_buf_printf(&s->out, "</%s>", name);
    return counted(s);
}

static enum gaosou_status show_text(void *user, const char *bytes, size_t size)
{
    struct shown *s = user;
    if (!s->in_text)
        gs_buf_append_u8(&s->out, '"');
    s->in_text = true;
    gs_buf_append(&s->out, bytes, size);
    return counted(s);
}

static const struct gs_markup_events showing = {show_start, show_end, show_text};

enum kind { HTML, XML };

static enum gaosou_status read_as(enum kind kind, const void *bytes, size_t size, struct shown *s,
                                  struct gs_err *err)
{
    gs_buf_clear(&s->out);
    s->in_text = false;
    s->events = 0;
    enum gaosou_status status = kind == HTML ? gs_markup_read_html(bytes, size, &showing, s, err)
                                             : gs_markup_read_xml(bytes, size, &showing, s, err);
    end_text(s);
    gs_buf_append_u8(&s->out, 0);
    return status;
}

static void shown_init(struct shown *s)
{
    *s = (struct shown){.stop_at = 0};
    gs_buf_init(&s->out, (size_t)1 << 30);
}

struct row {
    const char *bytes, *wanted;
};

static void check_rows(enum kind kind, const struct row *rows, size_t count)
{
    struct shown s;
    struct gs_err err = {.text = ""};
    shown_init(&s);
    for (size_t i = 0; i < count; i++) {
        assert_ok_err(read_as(kind, rows[i].bytes, strlen(rows[i].bytes), &s, &err), &err);
        assert_string_equal((char *)s.out.data, rows[i].wanted);
    }
    gs_buf_release(&s.out);
}

static void html_events(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"", ""},
        {"<P Class=x ID='y&amp;z' hidden>净&#21033;润&nbsp;&lt;",
         "<html><body><p class=x id=y&z hidden=>\"净利润\xC2\xA0<\"</p></body></html>"},
        {"<html><head><title>a</title></head><body>b</body></html>",
         "<html><head><title>\"a\"</title></head><body>\"b\"</body></html>"},
        {"<body>a<!-- b --><br>c<br/></body>",
         "<html><body>\"a\"<br></br>\"c\"<br></br></body></html>"},
        {"<body><o:p>a</o:p><meta charset=gb2312>b</body>",
         "<html><body><o:p>\"a\"</o:p><meta charset=gb2312></meta>\"b\"</body></html>"},
        {"<body><script>a<b></script>c</body>",
         "<html><body><script>\"a<b>\"</script>\"c\"</body></html>"},
    };
    check_rows(HTML, rows, GS_COUNT_OF(rows));
    struct shown s;
    shown_init(&s);
    assert_ok(read_as(HTML, "<p>a\0b\fc", 8, &s, NULL));
    assert_string_equal((char *)s.out.data, "<html><body><p>\"a b c\"</p></body></html>");
    gs_buf_release(&s.out);
}

static void xml_events(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"<?xml version='1.0' encoding='GBK'?><w:p xmlns:w='urn:w' w:a='1&amp;2' b=''>净&#x5229;"
         "<![CDATA[<c>]]><w:t/>\r\n</w:p>",
         "<p{urn:w} urn:w:a=1&2 b=>\"净利<c>\"<t{urn:w}></t>\"\n\"</p>"},
        {"\xEF\xBB\xBF<a>&lt;&quot;</a><!-- x --><?y z?>", "<a>\"<\"\"</a>"},
    };
    check_rows(XML, rows, GS_COUNT_OF(rows));
    struct shown s;
    shown_init(&s);
    assert_ok(read_as(XML, "\xFF\xFE<\0a\0>\0\x29\x52<\0/\0a\0>\0", 18, &s, NULL));
    assert_string_equal((char *)s.out.data, "<a>\"利\"</a>");
    assert_ok(read_as(XML, "\xFE\xFF\0<\0a\0>\x52\x29\0<\0/\0a\0>", 18, &s, NULL));
    assert_string_equal((char *)s.out.data, "<a>\"利\"</a>");
    gs_buf_release(&s.out);
}

static void xml_refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        enum gaosou_status status;
        const char *message;
    } rows[] = {
        {"", GAOSOU_E_INPUT, "line 1: "},
        {"a", GAOSOU_E_INPUT, "line 1: "},
        {"<a>\n<b></a>", GAOSOU_E_INPUT, "line 2: "},
        {"<a>\n\n&nbsp;</a>", GAOSOU_E_INPUT, "line 3: "},
        {"<a>\xB8\xE6</a>", GAOSOU_E_INPUT, "line 1: "},
        {"<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;'>]>\n<a>&c;</a>", GAOSOU_E_INPUT,
         "line 1: a document type declaration"},
        {"<!DOCTYPE a SYSTEM 'file:///etc/hostname'><a/>", GAOSOU_E_INPUT,
         "line 1: a document type declaration"},
    };
    struct shown s;
    shown_init(&s);
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct gs_err err = {.text = ""};
        assert_status_err(read_as(XML, rows[i].bytes, strlen(rows[i].bytes), &s, &err),
                          rows[i].status, &err);
        assert_memory_equal(err.text, rows[i].message, strlen(rows[i].message));
    }
    gs_buf_release(&s.out);
}

/* ---- bytes that want to harm ------------------------------------------------------------------
 */

/* head, `count` times part (%zu in it: the number), tail. */
struct flood {
    enum kind kind;
    const char *head, *part, *tail;
    size_t count;
    enum gaosou_status wanted;
};

static void flood_bytes(const struct flood *f, struct gs_buf *out)
{
    const char *number = strchr(f->part, '#');
    size_t before = number ? (size_t)(number - f->part) : strlen(f->part);
    gs_buf_clear(out);
    gs_buf_append_str(out, f->head);
    for (size_t i = 0; i < f->count; i++) {
        gs_buf_append(out, f->part, before);
        if (number) {
            gs_buf_printf(out, "%zu", i);
            gs_buf_append_str(out, number + 1);
        }
    }
    gs_buf_append_str(out, f->tail);
    assert_ok(gs_buf_status(out));
}

static enum gaosou_status ignore_start(void *user, const struct gs_markup_element *e)
{
    (void)user, (void)e;
    return GAOSOU_OK;
}

static enum gaosou_status ignore_end(void *user, const char *name, const char *space)
{
    (void)user, (void)name, (void)space;
    return GAOSOU_OK;
}

static enum gaosou_status ignore_text(void *user, const char *bytes, size_t size)
{
    (void)user, (void)bytes, (void)size;
    return GAOSOU_OK;
}

static const struct gs_markup_events ignoring = {ignore_start, ignore_end, ignore_text};

#define M 1000000

static const struct flood floods[] = {
    {HTML, "", "<div>", "x", 100000, GAOSOU_OK},
    {HTML, "", "<table><tr><td>", "x", 100000, GAOSOU_OK},
    {HTML, "", "<b>", "", 2 * M, GAOSOU_E_LIMIT},
    {HTML, "", "<", "", 10 * M, GAOSOU_OK},
    {HTML, "", "</", "", 2 * M, GAOSOU_OK},
    {HTML, "", "&", "", M, GAOSOU_OK},
    {HTML, "", "<!", "", M, GAOSOU_OK},
    {HTML, "", "<!--", "", M, GAOSOU_OK},
    {HTML, "<script>", "</", "", M, GAOSOU_OK},
    {HTML, "<p title=\"", "x", "\">", 20 * M, GAOSOU_OK},
    {HTML, "<p title=\"", "x <b> ", "", M, GAOSOU_OK},
    {HTML, "", "x", "", 20 * M, GAOSOU_OK},
    {HTML, "<html><html", " a#", "><x1>", 300000, GAOSOU_E_LIMIT},
    {HTML, "", "<n#>", "", 300000, GAOSOU_E_LIMIT},
    {HTML, "", "</n#>", "", 300000, GAOSOU_E_LIMIT},
    {HTML, "", "&n#;", "", 300000, GAOSOU_E_LIMIT},
    {HTML, "", "<?n# ?>", "", 300000, GAOSOU_E_LIMIT},
    {XML, "<a", " n#='1'", "/>", 257, GAOSOU_E_LIMIT},
    {XML, "<a", " n#='1'", "/>", 256, GAOSOU_OK},
    {XML, "", "<a>", "", 257, GAOSOU_E_LIMIT},
    {XML, "", "<a>", "", 256, GAOSOU_E_INPUT},
    {XML, "", "<a xmlns:x='1' xmlns:y='2'>", "", 129, GAOSOU_E_LIMIT},
    {XML, "<a>", "<n#/>", "</a>", 300000, GAOSOU_E_LIMIT},
    {XML, "<a>", "x", "</a>", 20 * M, GAOSOU_OK},
    {XML, "<a b='", "x", "'/>", 20 * M, GAOSOU_OK},
    {XML, "<a>", "<!--x-->", "</a>", M, GAOSOU_OK},
};

static void floods_are_bounded(void **state)
{
    (void)state;
    struct gs_buf bytes;
    gs_buf_init(&bytes, (size_t)1 << 28);
    for (size_t i = 0; i < GS_COUNT_OF(floods); i++) {
        const struct flood *f = &floods[i];
        struct gs_err err = {.text = ""};
        flood_bytes(f, &bytes);
        enum gaosou_status status =
            f->kind == HTML ? gs_markup_read_html(bytes.data, bytes.size, &ignoring, NULL, &err)
                            : gs_markup_read_xml(bytes.data, bytes.size, &ignoring, NULL, &err);
        if (status != f->wanted)
            test_fail("flood of %s: status %d, wanted %d: %s", f->part, status, f->wanted,
                      err.text);
        if (status != GAOSOU_OK)
            assert_memory_equal(err.text, "line 1: ", 8);
    }
    gs_buf_release(&bytes);
}

/* 100,000 elements open and 100,000 end tags of none of them: 10^10 comparisons in libxml2. */
static void broken_nesting_is_bounded(void **state)
{
    (void)state;
    static const char *const ends[] = {"</p>", "<body>"};
    struct gs_buf bytes;
    gs_buf_init(&bytes, (size_t)1 << 24);
    for (size_t i = 0; i < GS_COUNT_OF(ends); i++) {
        struct gs_err err = {.text = ""};
        gs_buf_clear(&bytes);
        for (size_t n = 0; n < 100000; n++)
            gs_buf_append_str(&bytes, "<div>");
        for (size_t n = 0; n < 100000; n++)
            gs_buf_append_str(&bytes, ends[i]);
        assert_status_err(gs_markup_read_html(bytes.data, bytes.size, &ignoring, NULL, &err),
                          GAOSOU_E_LIMIT, &err);
        assert_non_null(strstr(err.text, "too broken"));
    }
    gs_buf_release(&bytes);
}

static void input_size_is_bounded(void **state)
{
    (void)state;
    struct gs_err err;
    assert_status(gs_markup_read_html(NULL, GS_MARKUP_INPUT_MAX + 1, &ignoring, NULL, &err),
                  GAOSOU_E_LIMIT);
    assert_status(gs_markup_read_xml(NULL, GS_MARKUP_INPUT_MAX + 1, &ignoring, NULL, &err),
                  GAOSOU_E_LIMIT);
}

/* A callback that gives a status ends the reading at once, wherever it is. */
static void callbacks_stop(void **state)
{
    (void)state;
    static const char html[] =
        "<html><head><title>a</title><body class=b><p>c<br>d&amp;e<table><tr>"
        "<td>f</table><script>g</script></span><o:p/><html x=y></body>h";
    static const char xml[] = "<a xmlns='u'><b c='d'>e&amp;f<![CDATA[g]]></b><h/> </a>";
    const struct row rows[] = {{html, NULL}, {xml, NULL}};
    struct shown s;
    shown_init(&s);
    for (int kind = HTML; kind <= XML; kind++) {
        size_t size = strlen(rows[kind].bytes);
        assert_ok(read_as((enum kind)kind, rows[kind].bytes, size, &s, NULL));
        size_t events = s.events;
        assert_true(events > 8);
        for (s.stop_at = 1; s.stop_at <= events; s.stop_at++) {
            assert_status(read_as((enum kind)kind, rows[kind].bytes, size, &s, NULL),
                          GAOSOU_E_FULL);
            assert_int_equal(s.events, s.stop_at);
        }
        s.stop_at = 0;
    }
    gs_buf_release(&s.out);
}

static void cut_anywhere(void **state)
{
    (void)state;
    static const char text[] =
        "<?xml version='1.0'?><html><p a='b&#21033;'>净利润<!-- c --><br/>&lt;"
        "<script>d</script><![CDATA[e]]></p></html>";
    struct shown s;
    shown_init(&s);
    for (size_t size = 0; size < sizeof text - 1; size++) {
        uint8_t *copy = malloc(size + 1); /* so that a read beyond it is seen */
        assert_non_null(copy);
        memcpy(copy, text, size);
        copy = realloc(copy, size ? size : 1);
        enum gaosou_status html = read_as(HTML, copy, size, &s, NULL);
        assert_true(html == GAOSOU_OK);
        assert_status(read_as(XML, copy, size, &s, NULL), GAOSOU_E_INPUT);
        free(copy);
    }
    gs_buf_release(&s.out);
}

static void attributes_are_found(void **state)
{
    (void)state;
    const struct gs_markup_attribute a[] = {{"b", "u", "12", 1}, {"c", NULL, "", 0}};
    struct gs_markup_element e = {.name = "x", .attributes = a, .attribute_count = 2};
    assert_ptr_equal(gs_markup_attribute(&e, "b"), &a[0]);
    assert_null(gs_markup_attribute(&e, "d"));
    assert_true(gs_markup_value_is(gs_markup_attribute(&e, "b"), "1"));
    assert_false(gs_markup_value_is(gs_markup_attribute(&e, "b"), "12"));
    assert_true(gs_markup_value_is(gs_markup_attribute(&e, "c"), ""));
    assert_false(gs_markup_value_is(NULL, ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(html_events),
        cmocka_unit_test(xml_events),
        cmocka_unit_test(xml_refused),
        cmocka_unit_test(floods_are_bounded),
        cmocka_unit_test(broken_nesting_is_bounded),
        cmocka_unit_test(input_size_is_bounded),
        cmocka_unit_test(callbacks_stop),
        cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(attributes_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
