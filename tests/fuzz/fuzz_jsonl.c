/* A JSON line of any bytes that are valid UTF-8, as the intake hands them on. */
#include "common/text/utf8.h"
#include "indexer/jsonl.h"
#include "tests/support/random_fuzz.h"
#include "tests/support/random_text.h"

#include <stdlib.h>
#include <string.h>

static bool is_utf8(const uint8_t *p, size_t size)
{
    while (size > 0) {
        struct gs_utf8_char c = gs_utf8_decode(p, size);
        if (c.size == 0 || !c.valid)
            return false;
        p += c.size;
        size -= c.size;
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct gs_jsonl j;
    struct gs_filing filing;
    struct gs_err err = {.text = ""};
    if (!is_utf8(bytes, size) || memchr(bytes, '\n', size))
        return 0;
    gs_jsonl_init(&j, size);
    enum gaosou_status status = gs_jsonl_parse(&j, "fuzz.jsonl", 7, bytes, size, &filing, &err);
    if (status == GAOSOU_OK) {
        for (int i = 0; i < GS_FIELD_COUNT; i++)
            if (!is_utf8((const uint8_t *)filing.field[i].bytes, filing.field[i].size))
                abort();
    } else if (strncmp(err.text, "fuzz.jsonl:7:", 13) != 0) {
        abort();
    }
    gs_jsonl_release(&j);
    return 0;
}

static void make(struct random_source *r, struct gs_buf *out)
{
    static const char *const parts[] = {"{",           "}",          "[",
                                        "]",           ":",          ",",
                                        "\"id\"",      "\"text\"",   "\"title\"",
                                        "\"code\"",    "\"x\"",      "null",
                                        "true",        "-1.5e+3",    "\"\\u4e2d\\ud83d\\ude00\"",
                                        "\"\\ud800\"", "\"净利润\"", "\"\\\\\\n\\/\"",
                                        " ",           "0"};
    if (random_once_in(r, 2)) {
        for (uint32_t n = random_between(r, 1, 30); n > 0; n--)
            gs_buf_append_str(out, RANDOM_OF(r, parts));
        return;
    }
    gs_buf_append_str(
        out, "{\"id\":\"a\",\"title\":\"年度报告\",\"code\":[\"603893\",688088],\"text\":["
             "\"第一页\\n\",\"\\u7b2c\"],\"other\":{\"a\":[1,2,{}]},\"date\":\"2024-03-05\"");
    for (uint32_t n = random_below(r, 4); n > 0; n--) {
        gs_buf_append_str(out, ",");
        gs_buf_append_str(out, RANDOM_OF(r, parts));
        gs_buf_append_str(out, ":");
        gs_buf_append_str(out, RANDOM_OF(r, parts));
    }
    gs_buf_append_str(out, "}");
}

RANDOM_FUZZ_MAIN("jsonl", make, 20000)
