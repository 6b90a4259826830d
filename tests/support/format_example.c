#include "tests/support/format_example.h"

#include "common/base/file.h"
#include "tests/support/test.h"

static void example_add(struct format_example *e, char *line, unsigned number)
{
    char *colon = strstr(line, ":");
    assert_true(colon && e->count < FORMAT_LINES);
    *colon = '\0';
    char *value = colon + 1;
    while (*value == ' ')
        value++;
    e->lines[e->count++] = (struct format_line){line, value, number};
}

size_t format_examples_run(const char *path, void (*run)(const struct format_example *e, void *ctx),
                           void *ctx)
{
    struct gs_buf text;
    struct gs_err err = {0};
    struct format_example e = {0};
    size_t count = 0;
    bool inside = false;
    unsigned number = 0;
    gs_buf_init(&text, 1 << 20);
    assert_ok_err(gs_file_read(path, &text, &err), &err);
    gs_buf_append(&text, "", 1);
    for (char *line = (char *)text.data, *next; line; line = next) {
        number++;
        if ((next = strchr(line, '\n')))
            *next++ = '\0';
        if (strncmp(line, "```example ", 11) == 0) {
            e = (struct format_example){.kind = line + 11};
            inside = true;
        } else if (inside && strncmp(line, "```", 3) == 0) {
            run(&e, ctx);
            inside = false;
            count++;
        } else if (inside) {
            example_add(&e, line, number);
        }
    }
    gs_buf_release(&text);
    return count;
}

const char *format_value(const struct format_example *e, const char *name)
{
    for (size_t i = 0; i < e->count; i++)
        if (strcmp(e->lines[i].name, name) == 0)
            return e->lines[i].value;
    return NULL;
}

uint32_t *format_numbers(const char *value, size_t *count)
{
    size_t capacity = 0, n = 0;
    uint32_t *out = NULL;
    for (char *end; *value; value = end) {
        unsigned long first = strtoul(value, &end, 10), step = 0, times = 1;
        assert_ptr_not_equal(end, value);
        if (*end == '+') {
            step = strtoul(end + 1, &end, 10);
            assert_int_equal(*end, '*');
            times = strtoul(end + 1, &end, 10);
        }
        while (*end == ' ')
            end++;
        capacity = n + times + 128;
        out = realloc(out, capacity * sizeof(*out));
        assert_non_null(out);
        for (unsigned long i = 0; i < times; i++)
            out[n++] = (uint32_t)(first + i * step);
    }
    memset(out + n, 0, 128 * sizeof(*out));
    *count = n;
    return out;
}

void format_bytes(const struct format_example *e, const char *name, struct gs_buf *out)
{
    for (size_t i = 0; i < e->count; i++) {
        const char *p = e->lines[i].value;
        if (strcmp(e->lines[i].name, name) != 0)
            continue;
        for (char *end; *p; p = end) {
            gs_buf_append_u8(out, (uint8_t)strtoul(p, &end, 16));
            assert_ptr_not_equal(end, p);
            while (*end == ' ')
                end++;
        }
    }
}

void format_expect(const struct format_example *e, const char *name, const uint8_t *bytes,
                   size_t size, size_t *wrong)
{
    struct gs_buf wanted;
    gs_buf_init(&wanted, 1 << 20);
    format_bytes(e, name, &wanted);
    if (format_value(e, name) && (wanted.size != size || memcmp(wanted.data, bytes, size) != 0)) {
        (*wrong)++;
        printf("example %s of FORMAT.md, before line %u: it should be", e->kind,
               e->lines[0].number);
        for (size_t i = 0; i < size; i++)
            printf("%s%02x", i % 16 ? " " : i ? "\n" : "\n", bytes[i]);
        printf("\n(%s)\n", name);
    }
    gs_buf_release(&wanted);
}
