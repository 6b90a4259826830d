/* Any bytes as a pattern, a line feed, and a name: the pattern is refused with a message, or what
 * it takes out of the name lies within its room, the same twice. */
#include "indexer/name_pattern.h"
#include "tests/support/random_fuzz.h"
#include "tests/support/random_text.h"

#include <stdlib.h>
#include <string.h>

static size_t apply(const struct gs_name_pattern *p, struct gs_str name, bool *fits)
{
    struct gs_name_fields fields;
    struct gs_filing f = {0};
    size_t sum = 0;
    *fits = gs_name_pattern_apply(p, name, &fields, &f);
    for (int i = 0; i < GS_FIELD_COUNT; i++) {
        for (size_t k = 0; k < f.field[i].size; k++)
            sum = sum * 31 + (uint8_t)f.field[i].bytes[k];
        if (f.field[i].size > name.size + sizeof(fields))
            abort();
    }
    if (!*fits && sum != 0)
        abort(); /* a name that does not fit gives nothing */
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const uint8_t *end = memchr(bytes, '\n', size);
    size_t pattern = end ? (size_t)(end - bytes) : size;
    if (memchr(bytes, 0, pattern))
        return 0; /* an argument has none */
    char *text = strndup((const char *)bytes, pattern);
    size_t left = end ? size - pattern - 1 : 0;
    char *name = malloc(left + 1); /* so that a byte too far is seen */
    struct gs_name_pattern *p = malloc(sizeof(*p));
    struct gs_err err = {.text = ""};
    if (!text || !name || !p)
        abort();
    if (left > 0)
        memcpy(name, end + 1, left);
    enum gaosou_status status = gs_name_pattern_parse(p, text, &err);
    if (status == GAOSOU_OK) {
        bool once, twice;
        size_t sum = apply(p, (struct gs_str){name, left}, &once);
        if (sum != apply(p, (struct gs_str){name, left}, &twice) || once != twice)
            abort();
    } else if (err.text[0] == 0) {
        abort();
    }
    free(text);
    free(name);
    free(p);
    return 0;
}

static const char *const parts[] = {
    "{date}",   "{code}",    "{name}", "{title}",    "{year}",   "{type}", "{period}", "{}",
    "{number}", "{company}", "__",     "-",          "/",        ".txt",   "{",        "}",
    "{{",       "}}",        "公司",   "2024-03-29", "20240329", "600001", "00700",    "年度报告",
    "2023",     "云岭股份",  "!",      "\n",         " ",        "\xFF",   ".tar.gz",
};

static void make(struct random_source *r, struct gs_buf *out)
{
    if (random_once_in(r, 2))
        gs_buf_append_str(out, "{date}__{name}__{code}__{year}__{type}.txt\n"
                               "f/2024-03-29__云岭股份__600111__2023年__年度报告.txt");
    for (uint32_t n = random_between(r, 1, 30); n > 0; n--)
        gs_buf_append_str(out, RANDOM_OF(r, parts));
}

RANDOM_FUZZ_MAIN("name_pattern", make, 20000)
