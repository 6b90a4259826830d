/*
 * golden_text.c: reads annotated texts, runs them, and shows a difference.
 */
#include "tests/support/golden_text.h"

#include "tests/support/test.h"

#define FILE_CAP ((size_t)1 << 20)

void golden_add(struct gs_buf *notes, uint32_t offset, uint32_t rank, const char *format, ...)
{
    struct golden_note note = {.offset = offset, .rank = rank};
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(note.text, sizeof(note.text), format, arguments);
    va_end(arguments);
    gs_buf_append(notes, &note, sizeof(note));
}

static void append_code_point(struct gs_buf *out, unsigned long c)
{
    if (c < 0x80) {
        gs_buf_append_u8(out, (uint8_t)c);
    } else if (c < 0x800) {
        gs_buf_append_u8(out, (uint8_t)(0xC0 | c >> 6));
        gs_buf_append_u8(out, (uint8_t)(0x80 | (c & 0x3F)));
    } else {
        gs_buf_append_u8(out, (uint8_t)(0xE0 | c >> 12));
        gs_buf_append_u8(out, (uint8_t)(0x80 | (c >> 6 & 0x3F)));
        gs_buf_append_u8(out, (uint8_t)(0x80 | (c & 0x3F)));
    }
}

static void append_filler(struct gs_buf *out, unsigned long bytes)
{
    for (unsigned long i = 0; i < bytes; i += 3)
        gs_buf_append(out, i % 90 == 87 ? "，" : "文", 3);
}

/* One escape from behind its backslash; the place behind it. */
static const char *append_escape(struct gs_buf *out, const char *p)
{
    static const char names[] = "ftrn\\", values[] = "\f\t\r\n\\";
    const char *name = strchr(names, *p);
    if (*p && name) {
        gs_buf_append_u8(out, (uint8_t)values[name - names]);
        return p + 1;
    }
    char *end = NULL;
    if ((*p != 'u' && *p != 'x') || p[1] != '{')
        test_fail("golden file: unknown escape \\%c", *p);
    unsigned long number = strtoul(p + 2, &end, *p == 'u' ? 16 : 10);
    if (*p == 'u')
        append_code_point(out, number);
    else
        append_filler(out, number);
    return *end == '}' ? end + 1 : end;
}

/* The annotated text with its escapes resolved. */
static void expand(const char *p, const char *end, struct gs_buf *out)
{
    while (p < end) {
        if (*p == '\\')
            p = append_escape(out, p + 1);
        else
            gs_buf_append_u8(out, (uint8_t)*p++);
    }
}

/* Bytes of the annotation at p, or 0. */
static size_t annotation_at(const char *p)
{
    static const char *const brackets[] = {"⟦", "⟧", "⟨", "⟩"};
    for (size_t i = 0; i < GS_COUNT_OF(brackets); i++) {
        if (strncmp(p, brackets[i], 3) == 0)
            return 3;
    }
    const char *close = strncmp(p, "⟪", 3) == 0 ? strstr(p, "⟫") : NULL;
    return close ? (size_t)(close - p) + 3 : 0;
}

static void strip(const struct gs_buf *annotated, struct gs_buf *out)
{
    const char *p = (const char *)annotated->data, *end = p + annotated->size;
    while (p < end) {
        size_t n = annotation_at(p);
        if (!n)
            gs_buf_append_u8(out, (uint8_t)*p);
        p += n ? n : 1;
    }
}

static int compare_notes(const void *a, const void *b)
{
    const struct golden_note *x = a, *y = b;
    if (x->offset != y->offset)
        return x->offset < y->offset ? -1 : 1;
    return x->rank < y->rank ? -1 : x->rank > y->rank;
}

static void annotate(const struct gs_buf *text, struct gs_buf *notes, struct gs_buf *out)
{
    struct golden_note *all = (struct golden_note *)(void *)notes->data;
    size_t count = notes->size / sizeof(*all), from = 0;
    if (count > 0)
        qsort(all, count, sizeof(*all), compare_notes);
    for (size_t i = 0; i < count; i++) {
        gs_buf_append(out, text->data + from, all[i].offset - from);
        gs_buf_append_str(out, all[i].text);
        from = all[i].offset;
    }
    gs_buf_append(out, text->data + from, text->size - from);
}

static void run_case(const char *where, const char *p, const char *end, golden_run *run)
{
    struct gs_buf wanted, text, notes, got;
    struct gs_buf *const all[] = {&wanted, &text, &notes, &got};
    for (size_t i = 0; i < GS_COUNT_OF(all); i++)
        gs_buf_init(all[i], FILE_CAP * 16);
    expand(p, end, &wanted);
    gs_buf_append_u8(&wanted, 0);
    wanted.size--;
    strip(&wanted, &text);
    uint8_t *exact =
        malloc(text.size ? text.size : 1); /* so that a sanitizer sees every over-read */
    assert_non_null(exact);
    memcpy(exact, text.data, text.size);
    run(exact, text.size, &notes);
    free(exact);
    annotate(&text, &notes, &got);
    if (wanted.size != got.size || memcmp(wanted.data, got.data, got.size) != 0)
        test_fail("%s\n--- wanted\n%.*s\n--- got\n%.*s\n---", where, (int)wanted.size,
                  (const char *)wanted.data, (int)got.size, (const char *)got.data);
    for (size_t i = 0; i < GS_COUNT_OF(all); i++)
        gs_buf_release(all[i]);
}

static void read_whole(const char *path, struct gs_buf *out)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        test_fail("cannot open %s", path);
    uint8_t *room = gs_buf_reserve(out, FILE_CAP);
    assert_non_null(room);
    out->size = fread(room, 1, FILE_CAP - 1, f);
    out->data[out->size] = 0;
    (void)fclose(f);
}

void golden_file(const char *folder, const char *name, golden_run *run)
{
    struct gs_buf file;
    char *path = test_path("tests/golden", "%s/%s.txt", folder, name);
    gs_buf_init(&file, FILE_CAP);
    read_whole(path, &file);
    const char *p = (const char *)file.data;
    size_t cases = 0;
    p = strncmp(p, "== ", 3) == 0 ? p : strstr(p, "\n== ");
    for (const char *next; p; p = next, cases++) {
        p += *p == '\n';
        const char *title_end = strchr(p, '\n');
        if (!title_end)
            test_fail("%s: a case without text", path);
        next = strstr(title_end, "\n== ");
        const char *end = next ? next : strchr(title_end, 0) - 1;
        char where[256];
        (void)snprintf(where, sizeof(where), "%s: %.*s", path, (int)(title_end - p), p);
        run_case(where, title_end + 1 < end ? title_end + 1 : end, end, run);
    }
    if (cases == 0)
        test_fail("%s has no cases", path);
    free(path);
    gs_buf_release(&file);
}
