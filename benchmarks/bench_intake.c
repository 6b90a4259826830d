/*
 * bench_intake: what each stage of the intake costs, by itself and in memory.
 *
 *   bench_intake [--repeat N] [--limit MB] FILE|FOLDER...
 *
 * Of JSON lines (.jsonl, .jsonl.zst) one JSON line a stage comes out: reading the lines, their
 * validation, and of the texts in them: plain intake, finding and converting each encoding, and
 * metadata, and the texts as web pages and Word documents made of them, a line a paragraph. Texts
 * that an encoding cannot express are made so with ? for what it lacks. Of folders and other files
 * one line a format: what the extractors make of them, and what the cache of texts costs instead.
 * MB are of the bytes that a stage reads; times are of the processor, the children's too, the best
 * of N (3) rounds.
 */
#include "benchmarks/contents.h"
#include "benchmarks/options.h"
#include "common/base/file.h"
#include "indexer/decode.h"
#include "indexer/extract_docx.h"
#include "indexer/extract_html.h"
#include "indexer/extract_pdf.h"
#include "indexer/extract_text.h"
#include "indexer/jsonl.h"
#include "indexer/metadata.h"
#include "indexer/text_cache.h"
#include "indexer/text_stream.h"
#include "tests/support/docx_make.h"

#include <dirent.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define TEXT_MAX ((size_t)1 << 30)

static const char help[] =
    "usage: bench_intake [--repeat N] [--limit MB] FILE|FOLDER...\n"
    "\n"
    "  --repeat N   rounds, of which the best counts (3)\n"
    "  --limit MB   of text from each file of JSON lines (100)\n"
    "  FILE         .jsonl or .jsonl.zst: the stages of text, also as pages and documents\n"
    "               made of them; any other: its extractor\n"
    "  FOLDER       the files below it, by format (.txt .html .docx .pdf)\n";

struct piece {
    struct gs_buf bytes;
};

/* Inputs in memory: whole files, or texts in one encoding. */
struct pieces {
    struct piece *items;
    size_t count, capacity;
    uint64_t bytes;
};

typedef enum gaosou_status gs_extract(const uint8_t *bytes, size_t size,
                                      const struct gs_extract_params *params,
                                      struct gs_extracted *out, struct gs_err *err);

struct settings {
    unsigned repeat;
    size_t limit;
};

static void die(const char *what, const struct gs_err *err)
{
    fprintf(stderr, "bench_intake: %s%s%s\n", what, err ? ": " : "", err ? err->text : "");
    exit(2);
}

static void must(enum gaosou_status status, const char *what, const struct gs_err *err)
{
    if (status != GAOSOU_OK)
        die(what, err);
}

/* Seconds of the processor, those of children that ended included. */
static double now(void)
{
    struct timespec t;
    struct rusage u;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    getrusage(RUSAGE_CHILDREN, &u);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec + (double)u.ru_utime.tv_sec +
           (double)u.ru_stime.tv_sec + 1e-6 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static struct gs_buf *add_piece(struct pieces *p, size_t cap)
{
    if (p->count == p->capacity) {
        p->capacity = 2 * p->capacity + 64;
        p->items = realloc(p->items, p->capacity * sizeof(*p->items));
        if (!p->items)
            die("no memory", NULL);
    }
    struct gs_buf *b = &p->items[p->count++].bytes;
    gs_buf_init(b, cap);
    return b;
}

static void release_pieces(struct pieces *p)
{
    for (size_t i = 0; i < p->count; i++)
        gs_buf_release(&p->items[i].bytes);
    free(p->items);
    *p = (struct pieces){0};
}

static void report(const char *input, const char *stage, const struct pieces *p, double seconds)
{
    printf("{\"input\":\"%s\",\"stage\":\"%s\",\"pieces\":%zu,\"mb\":%.3f,\"mb_s\":%.1f,"
           "\"us_each\":%.1f}\n",
           input, stage, p->count, (double)p->bytes / 1e6, (double)p->bytes / 1e6 / seconds,
           seconds * 1e6 / (double)(p->count ? p->count : 1));
    fflush(stdout);
}

/* ---- stages over pieces ---- */

struct stage {
    struct gs_extracted x;
    const char *encoding; /* told, or to be converted from */
    gs_extract *extract;
    const char *format;
    struct gs_metadata *metadata;
    struct gs_text_cache *cache;
    uint64_t text_bytes, refused;
};

typedef void run_stage(struct stage *s, const struct gs_buf *piece);

static void measure(const struct settings *set, const char *input, const char *name,
                    const struct pieces *p, struct stage *s, run_stage *run)
{
    double best = 0;
    for (unsigned round = 0; round < set->repeat; round++) {
        s->text_bytes = s->refused = 0;
        double from = now();
        for (size_t i = 0; i < p->count; i++)
            run(s, &p->items[i].bytes);
        double took = now() - from;
        best = round == 0 || took < best ? took : best;
    }
    report(input, name, p, best > 0 ? best : 1e-9);
}

static void run_validate(struct stage *s, const struct gs_buf *piece)
{
    s->refused += gs_utf8_valid(piece->data, piece->size) != piece->size;
}

static void run_find(struct stage *s, const struct gs_buf *piece)
{
    struct gs_encoding e;
    gs_encoding_find(piece->data, piece->size, NULL, NULL, &e);
    s->refused += e.binary;
}

static void run_extract(struct stage *s, const struct gs_buf *piece)
{
    struct gs_extract_params params = {.encoding = s->encoding,
                                       .text_max = TEXT_MAX,
                                       .seconds_max = 300,
                                       .memory_max = (uint64_t)2 << 30};
    gs_extracted_clear(&s->x);
    s->refused += s->extract(piece->data, piece->size, &params, &s->x, NULL) != GAOSOU_OK;
    s->text_bytes += s->x.text.size;
}

static void run_metadata(struct stage *s, const struct gs_buf *piece)
{
    struct gs_filing f = {.text = {(const char *)piece->data, piece->size}};
    gs_metadata_derive(s->metadata, NULL, &f);
}

static void run_put(struct stage *s, const struct gs_buf *piece)
{
    struct gs_text_cache_key key;
    run_extract(s, piece);
    gs_text_cache_key_make(&key, piece->data, piece->size, s->format, 1, NULL);
    gs_text_cache_put(s->cache, &key, &s->x, GAOSOU_OK, NULL);
}

static void run_get(struct stage *s, const struct gs_buf *piece)
{
    struct gs_text_cache_key key;
    enum gaosou_status status;
    gs_text_cache_key_make(&key, piece->data, piece->size, s->format, 1, NULL);
    s->refused += !gs_text_cache_get(s->cache, &key, &s->x, &status, NULL);
}

/* ---- JSON lines ---- */

static void read_lines(const struct settings *set, const char *path, struct pieces *lines)
{
    size_t length = strlen(path);
    bool zst = length > 4 && strcmp(path + length - 4, ".zst") == 0;
    struct gs_text_stream stream;
    struct gs_buf all;
    struct gs_err err = {0};
    gs_buf_init(&all, TEXT_MAX);
    must(gs_text_stream_open(&stream, path, zst ? GS_PACKING_ZSTD : GS_PACKING_NONE, NULL, &err),
         "cannot open", &err);
    double from = now();
    while (!stream.at_end && all.size < set->limit)
        must(gs_text_stream_read(&stream, &all, &err), "cannot read", &err);
    double took = now() - from;
    gs_text_stream_close(&stream);
    for (size_t at = 0; at < all.size;) {
        uint8_t *end = memchr(all.data + at, '\n', all.size - at);
        if (!end)
            break;
        size_t size = (size_t)(end - all.data) - at;
        gs_buf_append(add_piece(lines, size), all.data + at, size);
        lines->bytes += size;
        at += size + 1;
    }
    gs_buf_release(&all);
    report(path, zst ? "read, unpacked" : "read", lines, took);
}

/* The text of each line; their time is that of parsing. */
static void parse_lines(const struct settings *set, const char *path, const struct pieces *lines,
                        struct pieces *texts)
{
    struct gs_jsonl j;
    double best = 0;
    gs_jsonl_init(&j, TEXT_MAX);
    for (unsigned round = 0; round <= set->repeat; round++) {
        double from = now();
        for (size_t i = 0; i < lines->count; i++) {
            struct gs_filing f = {0};
            const struct gs_buf *line = &lines->items[i].bytes;
            must(gs_jsonl_parse(&j, path, i + 1, line->data, line->size, &f, NULL), "a bad line",
                 NULL);
            if (round > 0 || f.text.size == 0)
                continue;
            gs_buf_append(add_piece(texts, f.text.size), f.text.bytes, f.text.size);
            texts->bytes += f.text.size;
        }
        double took = now() - from;
        if (round > 0) /* the first one copies */
            best = round == 1 || took < best ? took : best;
    }
    gs_jsonl_release(&j);
    report(path, "JSON lines", lines, best);
}

/* The texts in another encoding. */
static void encode(const struct pieces *texts, const char *to, struct pieces *out)
{
    iconv_t cd = iconv_open(to, "UTF-8");
    if (cd == (iconv_t)-1)
        die(to, NULL);
    for (size_t i = 0; i < texts->count; i++) {
        const struct gs_buf *text = &texts->items[i].bytes;
        struct gs_buf *b = add_piece(out, text->size * 2 + 16);
        char *in = (char *)text->data, *at = (char *)gs_buf_reserve(b, text->size * 2 + 16);
        size_t left = text->size, room = text->size * 2 + 16;
        while (at && left > 0 && iconv(cd, &in, &left, &at, &room) == (size_t)-1) {
            size_t unit = strncmp(to, "UTF-16", 6) == 0 ? 2 : 1;
            memcpy(at, "?", unit);
            at += unit;
            room -= unit;
            do {
                in++;
                left--;
            } while (left > 0 && ((uint8_t)*in & 0xC0) == 0x80);
        }
        if (at)
            (void)iconv(cd, NULL, NULL, &at, &room);
        b->size = text->size * 2 + 16 - room;
        out->bytes += b->size;
    }
    iconv_close(cd);
}

static void measure_encoding(const struct settings *set, const char *path,
                             const struct pieces *texts, const char *name, struct stage *s)
{
    struct pieces encoded = {0};
    char stage[64];
    encode(texts, name, &encoded);
    snprintf(stage, sizeof(stage), "find %s", name);
    measure(set, path, stage, &encoded, s, run_find);
    snprintf(stage, sizeof(stage), "convert %s", name);
    s->encoding = name;
    measure(set, path, stage, &encoded, s, run_extract);
    s->encoding = NULL;
    release_pieces(&encoded);
}

/* ---- pages and documents made of texts ---- */

static void append_escaped(struct gs_buf *out, const uint8_t *p, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (p[i] == '<')
            gs_buf_append_str(out, "&lt;");
        else if (p[i] == '&')
            gs_buf_append_str(out, "&amp;");
        else if (p[i] >= ' ' || p[i] == '\t')
            gs_buf_append_u8(out, p[i]);
    }
}

/* Each line between two pieces of markup. */
static void append_lines(struct gs_buf *out, const struct gs_buf *text, const char *before,
                         const char *after)
{
    for (size_t at = 0; at < text->size;) {
        const uint8_t *end = memchr(text->data + at, '\n', text->size - at);
        size_t size = end ? (size_t)(end - text->data) - at : text->size - at;
        gs_buf_append_str(out, before);
        append_escaped(out, text->data + at, size);
        gs_buf_append_str(out, after);
        at += size + 1;
    }
}

static void make_html(const struct gs_buf *text, struct gs_buf *out)
{
    gs_buf_append_str(out, "<html><head><meta charset=utf-8><title>x</title><style>p{}</style>"
                           "</head><body><div class=nav><a href=/>x</a></div><div>");
    append_lines(out, text, "<p style=\"margin:0\"><span lang=zh>", "</span></p>\n");
    gs_buf_append_str(out, "</div></body></html>");
}

static void make_docx(const struct gs_buf *text, struct gs_buf *out)
{
    struct gs_buf body;
    gs_buf_init(&body, TEXT_MAX);
    append_lines(&body, text, "<w:p><w:r><w:rPr><w:sz w:val=\"24\"/></w:rPr><w:t>",
                 "</w:t></w:r></w:p>");
    gs_buf_append_u8(&body, 0);
    docx_make(out, &(struct docx_parts){.body = (const char *)body.data});
    gs_buf_release(&body);
}

static void measure_made(const struct settings *set, const char *path, const struct pieces *texts,
                         const char *name, void (*make)(const struct gs_buf *, struct gs_buf *),
                         gs_extract *extract)
{
    struct pieces made = {0};
    struct stage s = {.extract = extract};
    char stage[32];
    for (size_t i = 0; i < texts->count; i++) {
        struct gs_buf *b = add_piece(&made, TEXT_MAX);
        make(&texts->items[i].bytes, b);
        made.bytes += b->size;
    }
    gs_extracted_init(&s.x, TEXT_MAX);
    snprintf(stage, sizeof(stage), "made %s", name);
    measure(set, path, stage, &made, &s, run_extract);
    if (s.refused > 0)
        die("an extractor refuses what was made for it", NULL);
    gs_extracted_release(&s.x);
    release_pieces(&made);
}

static void measure_lines(const struct settings *set, const char *path)
{
    static const char *const encodings[] = {"GB18030", "BIG5-HKSCS", "UTF-16LE"};
    struct pieces lines = {0}, texts = {0};
    struct stage s = {.extract = gs_extract_text, .format = "text"};
    gs_extracted_init(&s.x, TEXT_MAX);
    if (!(s.metadata = gs_metadata_create()))
        die("no memory", NULL);
    read_lines(set, path, &lines);
    measure(set, path, "validate lines", &lines, &s, run_validate);
    parse_lines(set, path, &lines, &texts);
    release_pieces(&lines);
    measure(set, path, "validate", &texts, &s, run_validate);
    measure(set, path, "plain UTF-8", &texts, &s, run_extract);
    for (size_t i = 0; i < sizeof(encodings) / sizeof(encodings[0]); i++)
        measure_encoding(set, path, &texts, encodings[i], &s);
    measure(set, path, "metadata", &texts, &s, run_metadata);
    measure_made(set, path, &texts, "html", make_html, gs_extract_html);
    measure_made(set, path, &texts, "docx", make_docx, gs_extract_docx);
    gs_metadata_free(s.metadata);
    gs_extracted_release(&s.x);
    release_pieces(&texts);
}

/* ---- files ---- */

static const struct format {
    const char *suffix, *name;
    gs_extract *extract;
} formats[] = {
    {".txt", "text", gs_extract_text},
    {".html", "html", gs_extract_html},
    {".docx", "docx", gs_extract_docx},
    {".pdf", "pdf", gs_extract_pdf},
};

static bool has_suffix(const char *name, const char *suffix)
{
    size_t n = strlen(name), m = strlen(suffix);
    return n >= m && strcasecmp(name + n - m, suffix) == 0;
}

static void load_file(struct pieces *p, const char *path)
{
    struct gs_err err = {0};
    struct gs_buf *b = add_piece(p, TEXT_MAX);
    must(gs_file_read(path, b, &err), "cannot read", &err);
    p->bytes += b->size;
}

/* The files of the suffix: the path itself, or those below the folder. */
static void load_files(struct pieces *p, const char *path, const char *suffix)
{
    DIR *d = opendir(path);
    if (!d && has_suffix(path, suffix))
        load_file(p, path);
    for (struct dirent *e; d && (e = readdir(d));) {
        if (e->d_name[0] == '.' || (e->d_type != DT_DIR && !has_suffix(e->d_name, suffix)))
            continue;
        char *file = gs_path_join(path, e->d_name);
        load_files(p, file, suffix);
        free(file);
    }
    if (d)
        closedir(d);
}

static void measure_cache(const struct settings *set, const char *path, const struct pieces *files,
                          struct stage *s)
{
    char folder[] = "/tmp/bench_intake.XXXXXX", command[64];
    struct gs_err err = {0};
    struct settings once = *set;
    if (!mkdtemp(folder))
        die("no temporary folder", NULL);
    must(gs_text_cache_open(&s->cache, folder, &err), "no cache", &err);
    once.repeat = 1;
    measure(&once, path, "extract, put into the cache", files, s, run_put);
    measure(set, path, "get from the cache", files, s, run_get);
    gs_text_cache_close(s->cache);
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    if (system(command) != 0)
        fprintf(stderr, "bench_intake: %s is left\n", folder);
}

static void measure_files(const struct settings *set, const char *path)
{
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        struct pieces files = {0};
        struct stage s = {.extract = formats[i].extract, .format = formats[i].name};
        char stage[32];
        load_files(&files, path, formats[i].suffix);
        if (files.count > 0) {
            gs_extracted_init(&s.x, TEXT_MAX);
            snprintf(stage, sizeof(stage), "extract %s", formats[i].name);
            measure(set, path, stage, &files, &s, run_extract);
            printf("{\"input\":\"%s\",\"format\":\"%s\",\"text_mb\":%.3f,\"refused\":%llu}\n", path,
                   formats[i].name, (double)s.text_bytes / 1e6, (unsigned long long)s.refused);
            measure_cache(set, path, &files, &s);
            gs_extracted_release(&s.x);
        }
        release_pieces(&files);
    }
}

int main(int argc, char **argv)
{
    struct settings set = {.repeat = 3, .limit = (size_t)100 << 20};
    struct gs_encodings_held held;
    int at = 1;
    option_help(argc, argv, help);
    for (; at + 1 < argc && strncmp(argv[at], "--", 2) == 0; at += 2) {
        if (strcmp(argv[at], "--repeat") == 0)
            set.repeat = (unsigned)option_number(argv[at], argv[at + 1], 1, 1000);
        else if (strcmp(argv[at], "--limit") == 0)
            set.limit = (size_t)option_number(argv[at], argv[at + 1], 1, 1000) << 20;
        else
            option_usage(help, "unknown option", argv[at]);
    }
    if (at == argc)
        option_usage(help, "no input", "");
    gs_encodings_hold(&held);
    for (; at < argc; at++) {
        option_readable(argv[at], 1);
        if (has_suffix(argv[at], ".jsonl") || has_suffix(argv[at], ".jsonl.zst"))
            measure_lines(&set, argv[at]);
        else
            measure_files(&set, argv[at]);
    }
    gs_encodings_release(&held);
    return 0;
}
