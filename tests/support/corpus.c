#include "tests/support/corpus.h"

#include "common/text/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <zstd.h>

#define LINE_MAX_BYTES ((size_t)1 << 28)
#define READ_BYTES     ((size_t)1 << 17)
#define NEST_MAX       64

const char *const corpus_samples[] = {
    "seeds/000.txt",
    "seeds/001.txt",
    "seeds/002.txt",
    "seeds/003.txt",
    "seeds/004.txt",
    "hkex_ipo/docs.jsonl.zst",
    "fddc_html/docs.jsonl.zst",
    "prospectus/fulldocs.jsonl.zst",
    "prospectus/pages.jsonl.zst",
    "news/docs.jsonl.zst",
    "relevance/drcd/docs.jsonl.zst",
    "relevance/cmrc2018/docs.jsonl.zst",
    NULL,
};

struct corpus {
    FILE *file;
    ZSTD_DStream *zstd; /* NULL: plain */
    uint8_t *raw;       /* READ_BYTES as read */
    ZSTD_inBuffer in;
    uint8_t *plain; /* READ_BYTES decoded */
    size_t plain_size, plain_next;
    bool lines, ended;
    unsigned long line_number;
    char *path;
    struct gs_buf line, id, title, text;
};

const char *corpus_root(void)
{
    const char *root = getenv("GAOSOU_CORPORA");
    if (!root || !*root)
        root = "../shared/corpora";
    struct stat st;
    return stat(root, &st) == 0 && S_ISDIR(st.st_mode) ? root : NULL;
}

/* ---- bytes ---- */

static bool ends_with(const char *s, const char *tail)
{
    size_t n = strlen(s), m = strlen(tail);
    return n >= m && !strcmp(s + n - m, tail);
}

struct corpus *corpus_open(const char *path, struct gs_err *err)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        gs_err_sys(err, errno, "cannot open %s", path);
        return NULL;
    }
    struct corpus *c = calloc(1, sizeof(*c));
    bool zst = ends_with(path, ".zst");
    if (c) {
        c->file = file;
        c->raw = malloc(READ_BYTES);
        c->plain = malloc(READ_BYTES);
        c->path = strdup(path);
        c->zstd = zst ? ZSTD_createDStream() : NULL;
        c->lines = ends_with(path, ".jsonl") || ends_with(path, ".jsonl.zst");
        struct gs_buf *all[] = {&c->line, &c->id, &c->title, &c->text};
        for (size_t i = 0; i < 4; i++)
            gs_buf_init(all[i], LINE_MAX_BYTES);
    }
    if (!c || !c->raw || !c->plain || !c->path || (zst && !c->zstd)) {
        gs_err_nomem(err, READ_BYTES);
        if (!c)
            fclose(file);
        corpus_close(c);
        return NULL;
    }
    return c;
}

struct corpus *corpus_open_sample(const char *name, struct gs_err *err)
{
    const char *root = corpus_root();
    char path[4096];
    if (!root) {
        gs_err_set(err, GAOSOU_E_NOT_FOUND, "no corpora");
        return NULL;
    }
    snprintf(path, sizeof(path), "%s/%s", root, name);
    return corpus_open(path, err);
}

void corpus_close(struct corpus *c)
{
    if (!c)
        return;
    if (c->file)
        fclose(c->file);
    ZSTD_freeDStream(c->zstd);
    free(c->raw);
    free(c->plain);
    free(c->path);
    struct gs_buf *all[] = {&c->line, &c->id, &c->title, &c->text};
    for (size_t i = 0; i < 4; i++)
        gs_buf_release(all[i]);
    free(c);
}

/* More decoded bytes into plain; 0 at the end, -1 on damage. */
static int fill(struct corpus *c, struct gs_err *err)
{
    c->plain_next = c->plain_size = 0;
    while (!c->plain_size) {
        if (!c->zstd) {
            c->plain_size = fread(c->plain, 1, READ_BYTES, c->file);
            return c->plain_size > 0;
        }
        if (c->in.pos == c->in.size) {
            c->in = (ZSTD_inBuffer){c->raw, fread(c->raw, 1, READ_BYTES, c->file), 0};
            if (!c->in.size)
                return 0;
        }
        ZSTD_outBuffer out = {c->plain, READ_BYTES, 0};
        size_t r = ZSTD_decompressStream(c->zstd, &out, &c->in);
        if (ZSTD_isError(r)) {
            gs_err_set(err, GAOSOU_E_INPUT, "%s: %s", c->path, ZSTD_getErrorName(r));
            return -1;
        }
        c->plain_size = out.pos;
    }
    return 1;
}

/* The next line without its end, or all of the file. 1, 0 at the end, -1. */
static int read_unit(struct corpus *c, struct gs_err *err)
{
    gs_buf_clear(&c->line);
    bool any = false;
    for (;;) {
        if (c->plain_next == c->plain_size) {
            int r = fill(c, err);
            if (r <= 0)
                return r < 0 ? -1 : any;
        }
        any = true;
        const uint8_t *from = c->plain + c->plain_next;
        size_t left = c->plain_size - c->plain_next;
        const uint8_t *end = c->lines ? memchr(from, '\n', left) : NULL;
        gs_buf_append(&c->line, from, end ? (size_t)(end - from) : left);
        c->plain_next += end ? (size_t)(end - from) + 1 : left;
        if (end)
            return 1;
    }
}

/* ---- JSON ---- */

static const uint8_t *skip_space(const uint8_t *p, const uint8_t *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'))
        p++;
    return p;
}

/* Four hex digits at p, or UINT32_MAX. */
static uint32_t hex4(const uint8_t *p, const uint8_t *end)
{
    uint32_t v = 0;
    if (end - p < 4)
        return UINT32_MAX;
    for (int i = 0; i < 4; i++) {
        uint8_t h = p[i], low = (uint8_t)(h | 0x20);
        if (h >= '0' && h <= '9')
            v = v << 4 | (uint32_t)(h - '0');
        else if (low >= 'a' && low <= 'f')
            v = v << 4 | (uint32_t)(low - 'a' + 10);
        else
            return UINT32_MAX;
    }
    return v;
}

/* Behind "\u": appends the character; the place behind it or NULL. */
static const uint8_t *unicode_escape(const uint8_t *p, const uint8_t *end, struct gs_buf *out)
{
    uint32_t c = hex4(p, end);
    if (c == UINT32_MAX)
        return NULL;
    p += 4;
    if (c >= 0xD800 && c < 0xDC00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u') {
        uint32_t low = hex4(p + 2, end);
        if (low >= 0xDC00 && low < 0xE000) {
            c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
            p += 6;
        }
    }
    if (c >= 0xD800 && c < 0xE000)
        c = GS_REPLACEMENT;
    uint8_t bytes[4];
    gs_buf_append(out, bytes, gs_utf8_encode(bytes, c));
    return p;
}

const uint8_t *corpus_json_string(const uint8_t *p, const uint8_t *end, struct gs_buf *out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (p == end || *p++ != '"')
        return NULL;
    while (p < end) {
        const uint8_t *run = p;
        while (p < end && *p != '"' && *p != '\\')
            p++;
        gs_buf_append(out, run, (size_t)(p - run));
        if (p == end)
            return NULL;
        if (*p++ == '"')
            return p;
        if (p == end)
            return NULL;
        uint8_t escape = *p++;
        const char *known = escape ? strchr(from, escape) : NULL;
        if (known)
            gs_buf_append_u8(out, (uint8_t)to[known - from]);
        else if (escape != 'u' || !(p = unicode_escape(p, end, out)))
            return NULL;
    }
    return NULL;
}

/* Behind any value; strings inside are decoded into *out where it is an array of strings, joined by
 * form feeds, or a string itself. */
static const uint8_t *read_value(const uint8_t *p, const uint8_t *end, struct gs_buf *out)
{
    if (p < end && *p == '"')
        return corpus_json_string(p, end, out);
    int depth = 0;
    bool first = true;
    while (p < end) {
        if (*p == '"') {
            if (!first)
                gs_buf_append(out, "\f", 1);
            first = false;
            p = corpus_json_string(p, end, out);
            if (!p)
                return NULL;
            continue;
        }
        if (depth == 0 && (*p == ',' || *p == '}'))
            return p;
        depth += *p == '[' || *p == '{';
        depth -= *p == ']' || *p == '}';
        if (depth < 0 || depth > NEST_MAX)
            return NULL;
        p++;
    }
    return NULL;
}

static bool read_object(struct corpus *c, struct gs_buf *key, struct gs_buf *scrap)
{
    const uint8_t *p = c->line.data, *end = p + c->line.size;
    p = skip_space(p, end);
    if (p == end || *p++ != '{')
        return false;
    for (;;) {
        gs_buf_clear(key);
        gs_buf_clear(scrap);
        p = corpus_json_string(skip_space(p, end), end, key);
        if (!p)
            return false;
        gs_buf_append_u8(key, 0);
        p = skip_space(p, end);
        if (p == end || *p++ != ':' || !key->data)
            return false;
        const char *name = (const char *)key->data;
        struct gs_buf *to = !strcmp(name, "id")      ? &c->id
                            : !strcmp(name, "title") ? &c->title
                            : !strcmp(name, "text")  ? &c->text
                                                     : scrap;
        p = read_value(skip_space(p, end), end, to);
        if (!p)
            return false;
        p = skip_space(p, end);
        if (p < end && *p == '}')
            return true;
        if (p == end || *p++ != ',')
            return false;
    }
}

/* ---- documents ---- */

static int next_line(struct corpus *c, struct gs_err *err)
{
    do {
        int r = read_unit(c, err);
        if (r <= 0)
            return r;
        c->line_number++;
    } while (!c->line.size);
    struct gs_buf key, scrap;
    gs_buf_init(&key, LINE_MAX_BYTES);
    gs_buf_init(&scrap, LINE_MAX_BYTES);
    bool ok = read_object(c, &key, &scrap);
    gs_buf_release(&key);
    gs_buf_release(&scrap);
    if (ok)
        return 1;
    gs_err_set(err, GAOSOU_E_INPUT, "%s: line %lu: bad JSON", c->path, c->line_number);
    return -1;
}

static int next_file(struct corpus *c, struct gs_err *err)
{
    if (c->ended)
        return 0;
    c->ended = true;
    int r = read_unit(c, err);
    if (r <= 0)
        return r;
    const char *slash = strrchr(c->path, '/');
    gs_buf_append_str(&c->id, slash ? slash + 1 : c->path);
    gs_buf_append(&c->text, c->line.data, c->line.size);
    return 1;
}

int corpus_next(struct corpus *c, struct corpus_doc *doc, struct gs_err *err)
{
    gs_buf_clear(&c->id);
    gs_buf_clear(&c->title);
    gs_buf_clear(&c->text);
    int r = c->lines ? next_line(c, err) : next_file(c, err);
    if (r <= 0)
        return r;
    gs_buf_append_u8(&c->id, 0);
    if (gs_buf_status(&c->id) || gs_buf_status(&c->title) || gs_buf_status(&c->text)) {
        gs_err_nomem(err, c->text.size);
        return -1;
    }
    *doc = (struct corpus_doc){(const char *)c->id.data, c->title.data, c->title.size, c->text.data,
                               c->text.size};
    return 1;
}
