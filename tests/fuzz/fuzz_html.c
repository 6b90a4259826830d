/* Any bytes as a web page: text that is valid, and a reading that can be stopped anywhere. The
 * first byte says at which event. */
#include "common/text/utf8.h"
#include "indexer/decode.h"
#include "indexer/extract_html.h"
#include "indexer/markup.h"
#include "tests/support/random_fuzz.h"
#include "tests/support/random_text.h"

#include <stdlib.h>

#define TEXT_MAX ((size_t)1 << 26)

static enum gaosou_status on_event(void *user)
{
    size_t *left = user;
    if (*left == 0)
        abort(); /* an event after the end */
    return --*left == 0 ? GAOSOU_E_FULL : GAOSOU_OK;
}

static enum gaosou_status on_start(void *user, const struct gs_markup_element *element)
{
    for (size_t i = 0; i < element->attribute_count; i++)
        if (!element->attributes[i].name || !element->attributes[i].value)
            abort();
    return on_event(user);
}

static enum gaosou_status on_end(void *user, const char *name, const char *space)
{
    (void)name, (void)space;
    return on_event(user);
}

static enum gaosou_status on_text(void *user, const char *bytes, size_t size)
{
    (void)bytes, (void)size;
    return on_event(user);
}

static bool is_utf8(const struct gs_buf *text)
{
    for (size_t at = 0; at < text->size;) {
        struct gs_utf8_char c = gs_utf8_decode(text->data + at, text->size - at);
        if (c.size == 0 || !c.valid || c.code == 0)
            return false;
        at += c.size;
    }
    return true;
}

static void check_text(const uint8_t *bytes, size_t size)
{
    const struct gs_extract_params params = {.text_max = TEXT_MAX};
    struct gs_extracted x;
    struct gs_err err = {.text = ""};
    gs_extracted_init(&x, TEXT_MAX);
    enum gaosou_status status = gs_extract_html(bytes, size, &params, &x, &err);
    if (status == GAOSOU_OK && (!is_utf8(&x.text) || !is_utf8(&x.title)))
        abort();
    if (status != GAOSOU_OK && err.text[0] == 0)
        abort();
    gs_extracted_release(&x);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const struct gs_markup_events events = {on_start, on_end, on_text};
    if (size == 0)
        return 0;
    check_text(bytes + 1, size - 1);
    struct gs_buf text;
    uint64_t replaced = 0;
    gs_buf_init(&text, TEXT_MAX);
    if (gs_utf8_valid(bytes + 1, size - 1) == size - 1)
        gs_buf_append(&text, bytes + 1, size - 1);
    else
        replaced = gs_utf8_repair(bytes + 1, size - 1, &text);
    (void)replaced;
    size_t left = (size_t)bytes[0] + 1;
    enum gaosou_status status = gs_markup_read_html(text.data, text.size, &events, &left, NULL);
    if ((left == 0) != (status == GAOSOU_E_FULL))
        abort();
    gs_buf_release(&text);
    return 0;
}

static const char *const parts[] = {
    "<p>",
    "</p>",
    "<div class=nav>",
    "</div>",
    "<table>",
    "</table>",
    "<tr>",
    "</tr>",
    "<td>",
    "</td>",
    "<br>",
    "<pre>",
    "</pre>",
    "<a href=x>",
    "</a>",
    "<b>",
    "</b>",
    "<span hidden>",
    "</span>",
    "<ul><li>",
    "</ul>",
    "<title>",
    "</title>",
    "<script>",
    "</script>",
    "<html>",
    "<body>",
    "<head>",
    "</body>",
    "</html>",
    "<o:p>",
    "<hr>",
    "<x y='z' y=w>",
    "<!-- ",
    " -->",
    "<![if x]>",
    "<![endif]>",
    "&nbsp;",
    "&nbsp",
    "&#150;",
    "&lt;",
    "&#x",
    "\n",
    "\r\n",
    "\t",
    " ",
    "净利润",
    "增长",
    "，",
    "　",
    "abc",
    "1,234.5",
    "<",
    ">",
    "\"",
    "'",
    "\\0",
    "<select>",
    "<option>",
    "</select>",
    "<p style='page-break-before:always;display:none'>",
    "<div style='white-space:pre'>",
    "<form>",
    "</form>",
    "<frameset>",
    "<noframes>",
    "<?x y?>",
    "<!DOCTYPE html>",
    "<textarea>",
    "</textarea>",
    "<svg>",
    "</svg>",
    "<td class=menu>",
    "<div type=paragraph title='一、概述'>",
    "<meta charset=gbk>",
};

static void make(struct random_source *r, struct gs_buf *out)
{
    gs_buf_append_u8(out, (uint8_t)(random_once_in(r, 2) ? 255 : random_below(r, 40)));
    for (uint32_t n = random_between(r, 1, 60); n > 0; n--)
        gs_buf_append_str(out, RANDOM_OF(r, parts));
}

RANDOM_FUZZ_MAIN("html", make, 20000)
