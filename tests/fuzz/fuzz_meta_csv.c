/* Any bytes as a table of fields (--meta): refused with a place, or rows that are given out once
 * asked for, valid UTF-8 in every field. */
#include "common/base/file.h"
#include "indexer/decode.h"
#include "indexer/meta_csv.h"
#include "tests/support/random_fuzz.h"
#include "tests/support/random_text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const keys[] = {"a", "f/b.txt", "f/z.zip!m", "", "净利润"};

static void ask(struct gs_meta_csv *t, const char *key)
{
    struct gs_buf extra;
    gs_buf_init(&extra, (size_t)1 << 20);
    struct gs_filing f = {0};
    f.field[GS_FIELD_ID] = f.field[GS_FIELD_PATH] = (struct gs_str){key, strlen(key)};
    f.field[GS_FIELD_EXTRA] = (struct gs_str){"{\"x\":1}", 7};
    size_t unused = gs_meta_csv_unused(t);
    bool has = gs_meta_csv_apply(t, &extra, &f);
    if (gs_meta_csv_unused(t) > unused || (!has && gs_meta_csv_unused(t) != unused))
        abort();
    for (int i = 0; i < GS_FIELD_COUNT; i++)
        if (gs_utf8_valid((const uint8_t *)f.field[i].bytes, f.field[i].size) != f.field[i].size)
            abort();
    gs_buf_release(&extra);
}

static void count_unused(const struct gs_meta_csv *t)
{
    struct gs_str key;
    uint64_t line;
    size_t at = 0, n = 0;
    while (gs_meta_csv_next_unused(t, &at, &key, &line))
        n++;
    if (n != gs_meta_csv_unused(t) || n > gs_meta_csv_rows(t))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char path[] = "/tmp/fuzz_meta_csv.XXXXXX";
    struct gs_meta_csv *t = NULL;
    struct gs_err err = {.text = ""};
    int fd = mkstemp(path);
    if (fd < 0 || write(fd, bytes, size) != (ssize_t)size || close(fd) != 0)
        abort();
    enum gaosou_status status = gs_meta_csv_open(&t, path, &err);
    unlink(path);
    if (status != GAOSOU_OK && (err.text[0] == 0 || t))
        abort();
    for (size_t i = 0; t && i < sizeof(keys) / sizeof(keys[0]); i++)
        ask(t, keys[i]);
    if (t)
        count_unused(t);
    gs_meta_csv_close(t);
    return 0;
}

static const char *const parts[] = {
    "id",        "path",         "title",      "date",   "code",
    "period",    "broker",       ",",          ",",      "\n",
    "\r\n",      "\"",           "\"\"",       "a",      "f/b.txt",
    "f/z.zip!m", "净利润",       "2024-03-05", "600001", "\xEF\xBB\xBF",
    "\xFF",      "\xBE\xBB\xC0", "\t",         " ",      ";",
    "",
};

static void make(struct random_source *r, struct gs_buf *out)
{
    if (random_once_in(r, 2))
        gs_buf_append_str(out, random_once_in(r, 2) ? "id,title,date,x\n" : "path,code,period\n");
    for (uint32_t n = random_between(r, 1, 60); n > 0; n--)
        gs_buf_append_str(out, RANDOM_OF(r, parts));
}

RANDOM_FUZZ_MAIN("meta_csv", make, 5000)
