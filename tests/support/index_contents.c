#include "tests/support/index_contents.h"

#include "tests/support/built_index.h"
#include "tests/support/test.h"

#define DUMP_MAX ((size_t)1 << 30)

struct lines {
    char **line;
    size_t count, capacity;
};

static void push(struct lines *l, char *line)
{
    if (l->count == l->capacity) {
        l->capacity = l->capacity ? l->capacity * 2 : 1024;
        l->line = realloc(l->line, l->capacity * sizeof(*l->line));
        assert_non_null(l->line);
    }
    l->line[l->count++] = line;
}

static void release(struct lines *l)
{
    for (size_t i = 0; i < l->count; i++)
        free(l->line[i]);
    free(l->line);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *join(const char *a, const char *b, const char *c)
{
    char *out;
    assert_true(asprintf(&out, "%s\t%s\t%s", a, b, c) > 0);
    return out;
}

/* "@doc, id, sequence, the rest": the id goes to ids, the line without number to out. */
static void take_filing(char *line, struct lines *ids, struct lines *out)
{
    char *id = strchr(line, '\t') + 1;
    char *sequence = strchr(id, '\t');
    *sequence++ = '\0';
    char *rest = strchr(sequence, '\t') + 1;
    push(ids, strdup(id));
    push(out, join("@", id, rest));
}

/* " doc:freq:positions" of a term. */
static void take_posting(const char *line, const char *term, const struct lines *ids,
                         struct lines *out)
{
    char *end;
    size_t doc = strtoul(line + 1, &end, 10);
    assert_true(doc < ids->count);
    push(out, join(term, ids->line[doc], end));
}

/* All lines of the dump, with ids in the place of numbers. */
static void take_dump(char *dump, struct lines *ids, struct lines *out)
{
    const char *term = "";
    for (char *line = strtok(dump, "\n"); line; line = strtok(NULL, "\n")) {
        if (line[0] == '@' && line[1] >= '0' && line[1] <= '9' && term[0] == '\0') {
            take_filing(line, ids, out);
        } else if (line[0] == ' ') {
            take_posting(line, term, ids, out);
        } else {
            line[strcspn(line, "\t")] = '\0'; /* how many there are, the lines tell */
            term = line;
        }
    }
}

/* One filing as `dump --doc` has it, but for when it was added. */
static void append_filing(const char *folder, const char *id, struct gs_buf *out)
{
    struct gs_buf doc;
    gs_buf_init(&doc, DUMP_MAX);
    built_index_dump(folder, id, &doc);
    gs_buf_append_u8(&doc, '\0');
    for (const char *line = (const char *)doc.data, *end; *line; line = end) {
        end = line + strcspn(line, "\n");
        end += *end == '\n';
        if (strncmp(line, "sequence\t", 9) != 0 && strncmp(line, "commit\t", 7) != 0)
            gs_buf_append(out, line, (size_t)(end - line));
    }
    gs_buf_append_u8(out, '\n');
    gs_buf_release(&doc);
}

void index_contents(const char *folder, struct gs_buf *out)
{
    struct lines ids = {0}, lines = {0};
    struct gs_buf dump;
    gs_buf_init(&dump, DUMP_MAX);
    built_index_dump(folder, NULL, &dump);
    gs_buf_append_u8(&dump, '\0');
    take_dump((char *)dump.data, &ids, &lines);
    qsort(lines.line, lines.count, sizeof(*lines.line), by_bytes);
    for (size_t i = 0; i < lines.count; i++) {
        gs_buf_append_str(out, lines.line[i]);
        gs_buf_append_u8(out, '\n');
    }
    if (ids.count > 0)
        qsort(ids.line, ids.count, sizeof(*ids.line), by_bytes);
    for (size_t i = 0; i < ids.count; i++)
        append_filing(folder, ids.line[i], out);
    assert_ok(gs_buf_status(out));
    gs_buf_release(&dump);
    release(&ids);
    release(&lines);
}
