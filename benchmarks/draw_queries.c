#include "benchmarks/draw_queries.h"

#include "common/segment/segment.h"
#include "common/text/utf8.h"
#include "tests/support/random_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_CAP ((size_t)1 << 20)

static void die(const char *what, const struct gs_err *err)
{
    fprintf(stderr, "bench_query: %s%s%s\n", what, err ? ": " : "", err ? err->text : "");
    exit(2);
}

#define STRETCH 600 /* bytes of text that a piece is looked for in */
#define TRIES   200

struct drawer {
    const struct gs_snapshot *snapshot;
    struct gs_record_reader *records;
    struct gs_text_reader *texts;
    struct random_source random;
    struct gs_buf text;
};

/* A stretch of a random filing's text in d->text. */
static bool draw_stretch(struct drawer *d)
{
    uint64_t n = random_next(&d->random) % d->snapshot->doc_count;
    size_t i = 0;
    for (; n >= gs_segment_get_stats(d->snapshot->segments[i].segment)->doc_count; i++)
        n -= gs_segment_get_stats(d->snapshot->segments[i].segment)->doc_count;
    const struct gs_segment *s = d->snapshot->segments[i].segment;
    struct gs_record record;
    struct gs_err err = {0};
    if (gs_record_read(d->records, s, (uint32_t)n, &record, &err))
        die("cannot read a filing", &err);
    uint32_t room = record.content_size > STRETCH ? record.content_size - STRETCH : 0;
    uint32_t from = room ? random_below(&d->random, room) : 0;
    uint32_t to = record.content_size - from > STRETCH ? from + STRETCH : record.content_size;
    gs_buf_clear(&d->text);
    if (gs_text_read(d->texts, s, (uint32_t)n, from, to, &d->text, &err))
        die("cannot read text", &err);
    return d->text.size > 0;
}

static bool is_han(uint32_t c)
{
    return c >= 0x4E00 && c < 0xA000;
}

static bool is_alnum(uint32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Appends a piece of `length` characters of one kind, starting at a random place. */
static bool draw_piece(struct drawer *d, struct gs_buf *out, uint32_t length,
                       bool (*belongs)(uint32_t))
{
    for (int tries = 0; tries < TRIES; tries++) {
        if (!draw_stretch(d))
            continue;
        const uint8_t *p = d->text.data, *end = p + d->text.size;
        p += random_below(&d->random, (uint32_t)(d->text.size / 2 + 1));
        const uint8_t *start = NULL;
        for (uint32_t run = 0; p < end;) {
            struct gs_utf8_char c = gs_utf8_decode(p, (size_t)(end - p));
            if (c.size == 0)
                break;
            run = c.valid && belongs(c.code) ? run + 1 : 0;
            start = run == 1 ? p : start;
            p += c.size;
            if (run == length) {
                gs_buf_append(out, start, (size_t)(p - start));
                return true;
            }
        }
    }
    return false;
}

static void draw_han(struct drawer *d, struct gs_buf *out, uint32_t least, uint32_t most)
{
    if (!draw_piece(d, out, random_between(&d->random, least, most), is_han))
        die("this index has too little Han text to draw from", NULL);
}

static void draw_several(struct drawer *d, struct gs_buf *out, const char *between)
{
    for (uint32_t n = random_between(&d->random, 2, 3); n > 0; n--) {
        draw_han(d, out, 2, 4);
        gs_buf_append_str(out, n > 1 ? between : "");
    }
}

/* Whether every bigram of the UTF-8 Han text stands in a fiftieth of the filings. */
static bool is_frequent(struct drawer *d, const struct gs_buf *text)
{
    struct gs_err err = {0};
    struct gs_term term = {0};
    for (size_t at = 0; at < text->size;) {
        struct gs_utf8_char c = gs_utf8_decode(text->data + at, text->size - at);
        uint64_t df = 0;
        term.first = term.second;
        term.second = c.code;
        at += c.size;
        for (size_t i = 0; term.first && i < d->snapshot->segment_count; i++) {
            struct gs_list_ref ref;
            if (gs_term_find(d->snapshot->segments[i].segment, &term, &ref, &err))
                die("cannot look a term up", &err);
            df += ref.df;
        }
        if (term.first && df * 50 < d->snapshot->doc_count)
            return false;
    }
    return true;
}

static void draw_frequent(struct drawer *d, struct gs_buf *out, uint32_t least, uint32_t most)
{
    struct gs_buf phrase;
    bool found = false;
    gs_buf_init(&phrase, 1 << 10);
    for (int tries = 0; !found && tries < 100 * TRIES; tries++) {
        gs_buf_clear(&phrase);
        draw_han(d, &phrase, least, most);
        found = is_frequent(d, &phrase);
    }
    if (!found)
        die("this index has no frequent phrases", NULL);
    gs_buf_append(out, phrase.data, phrase.size);
    gs_buf_release(&phrase);
}

static void draw_group(struct drawer *d, const char *opening, struct gs_buf *out)
{
    gs_buf_append_str(out, opening);
    draw_frequent(d, out, 2, 3);
    gs_buf_append_u8(out, ' ');
    draw_frequent(d, out, 2, 3);
    gs_buf_append_u8(out, ')');
}

static const char *const CLASSES[] = {"phrase", "short", "all", "or", "word", "char", "prefix"};
#define MIXED (sizeof(CLASSES) / sizeof(CLASSES[0]))

static void draw_query(struct drawer *d, const char *class, struct gs_buf *out)
{
    if (strcmp(class, "phrase") == 0) {
        draw_han(d, out, 2, 8);
    } else if (strcmp(class, "short") == 0) {
        draw_han(d, out, 2, 2);
    } else if (strcmp(class, "char") == 0) {
        draw_han(d, out, 1, 1);
    } else if (strcmp(class, "text") == 0) {
        draw_han(d, out, 10, 25);
    } else if (strcmp(class, "frequent") == 0) {
        draw_frequent(d, out, 3, 5);
    } else if (strcmp(class, "near") == 0) {
        draw_group(d, "NEAR/8(", out);
    } else if (strcmp(class, "sentence") == 0) {
        draw_group(d, "SENTENCE(", out);
    } else if (strcmp(class, "paragraph") == 0) {
        draw_group(d, "PARAGRAPH(", out);
    } else if (strcmp(class, "all") == 0 || strcmp(class, "any") == 0) {
        draw_several(d, out, " ");
    } else if (strcmp(class, "or") == 0) {
        draw_several(d, out, "|");
    } else if (strcmp(class, "word") == 0) {
        if (!draw_piece(d, out, random_between(&d->random, 3, 6), is_alnum))
            gs_buf_append_str(out, "2024");
    } else if (strcmp(class, "prefix") == 0) {
        if (random_once_in(&d->random, 2) ||
            !draw_piece(d, out, random_between(&d->random, 2, 4), is_alnum))
            draw_han(d, out, 1, 1);
        gs_buf_append_str(out, "*");
    } else {
        die("--draw knows phrase short all or frequent word char prefix near sentence paragraph "
            "any "
            "text mixed",
            NULL);
    }
}

void draw_queries(const struct gs_snapshot *snapshot, const char *class, size_t number,
                  uint64_t seed)
{
    struct drawer d = {.snapshot = snapshot, .random = {seed}};
    struct gs_buf out;
    gs_buf_init(&out, 1 << 16);
    gs_buf_init(&d.text, TEXT_CAP);
    if (snapshot->doc_count == 0)
        die("the index is empty", NULL);
    if (gs_record_reader_create(&d.records) || gs_text_reader_create(&d.texts))
        die("no memory", NULL);
    bool mixed = strcmp(class, "mixed") == 0;
    for (size_t i = 0; i < number; i++) {
        const char *one = mixed ? CLASSES[i % MIXED] : class;
        gs_buf_clear(&out);
        draw_query(&d, one, &out);
        printf("%s\t%.*s\n", one, (int)out.size, (const char *)out.data);
    }
    gs_text_reader_free(d.texts);
    gs_record_reader_free(d.records);
    gs_buf_release(&d.text);
    gs_buf_release(&out);
}
