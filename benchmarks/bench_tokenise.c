/*
 * bench_tokenise: how fast filings become tokens, on one thread.
 *
 *   bench_tokenise [--repeat N] [--limit MB] [--spans] [FILE...]
 *
 * Files are .txt or .jsonl, plain or .zst; without any, the corpora's news and prospectus/pages.
 * All documents are read into memory first; then each run takes them one by one through layout,
 * structure and cutter, as the indexer does, in chunks. One JSON line a file out: medians of N runs
 * (5), of the whole and of each stage by itself; tokens; and a hash of the token stream, equal for
 * equal tokens.
 */
#include "common/base/checksum.h"
#include "common/text/analysis.h"
#include "tests/support/corpus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define REPEAT_MAX 101
#define CORPUS_CAP ((size_t)3 << 30)

struct doc {
    size_t start;
    uint32_t size, title_size;
};

struct input {
    struct gs_buf bytes;
    struct doc *docs;
    size_t count, capacity;
};

enum stage { STAGE_LAYOUT, STAGE_STRUCTURE, STAGE_CUT, STAGE_ALL, STAGE_COUNT };

struct totals {
    uint64_t tokens, han, words, ends, length, characters, hash;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void add_doc(struct input *in, const struct corpus_doc *doc)
{
    if (in->count == in->capacity) {
        in->capacity = in->capacity ? 2 * in->capacity : 1024;
        struct doc *more = realloc(in->docs, in->capacity * sizeof(*more));
        if (!more) {
            fprintf(stderr, "bench_tokenise: no memory\n");
            exit(2);
        }
        in->docs = more;
    }
    struct doc *d = &in->docs[in->count++];
    d->start = in->bytes.size;
    gs_content_build(&in->bytes, doc->title, doc->title_size, doc->text, doc->text_size,
                     &d->title_size);
    d->size = (uint32_t)(in->bytes.size - d->start);
}

static bool load(struct input *in, const char *path, size_t limit)
{
    struct gs_err err = {0};
    gs_buf_init(&in->bytes, CORPUS_CAP);
    struct corpus *c = corpus_open(path, &err);
    struct corpus_doc doc;
    int r = c ? 1 : -1;
    while (r > 0 && in->bytes.size < limit) {
        r = corpus_next(c, &doc, &err);
        if (r > 0)
            add_doc(in, &doc);
    }
    corpus_close(c);
    if (r < 0 || gs_buf_status(&in->bytes)) {
        fprintf(stderr, "bench_tokenise: %s\n", err.text);
        return false;
    }
    return true;
}

static void unload(struct input *in)
{
    gs_buf_release(&in->bytes);
    free(in->docs);
}

/* ---- what the tokens are, apart from the timed runs ---- */

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 29;
}

/* Each array has its own running hash, so that it does not matter how chunks fall. */
static void sum_batch(const struct gs_cut_batch *b, uint64_t hash[4], struct totals *t)
{
    for (size_t i = 0; i < b->han_count; i++)
        hash[0] = mix(hash[0], b->han[i]);
    for (size_t i = 0; i < b->word_count; i++) {
        const struct gs_cut_word *w = &b->words[i];
        hash[1] = mix(hash[1], gs_hash64(b->word_bytes + w->offset, w->size));
        hash[1] = mix(hash[1], w->position);
    }
    for (size_t i = 0; i < b->wide_count; i++)
        hash[2] = mix(mix(mix(hash[2], b->wide[i].first), b->wide[i].second), b->wide[i].position);
    for (size_t i = 0; i < b->end_count; i++)
        hash[3] = mix(mix(hash[3], b->ends[i].position), b->ends[i].kinds);
    t->han += b->han_count + b->wide_count;
    t->words += b->word_count;
    t->ends += b->end_count;
    t->tokens += b->han_count + b->wide_count + b->word_count;
}

static bool sum(const struct input *in, struct totals *t)
{
    struct gs_analysis a;
    struct gs_err err = {0};
    *t = (struct totals){0};
    bool ok = gs_analysis_init(&a, false) == GAOSOU_OK;
    for (size_t i = 0; ok && i < in->count; i++) {
        const struct doc *d = &in->docs[i];
        uint64_t hash[4] = {0};
        ok = !gs_analysis_begin(&a, in->bytes.data + d->start, d->size, d->title_size, &err);
        while (ok && a.offset < a.size) {
            ok = !gs_analysis_chunk(&a, a.size);
            sum_batch(&a.batch, hash, t);
        }
        for (size_t k = 0; k < 4; k++)
            t->hash = mix(t->hash, hash[k]);
        t->length += gs_analysis_length(&a);
    }
    for (size_t i = 0; i < in->bytes.size; i++)
        t->characters += (in->bytes.data[i] & 0xC0) != 0x80;
    gs_analysis_release(&a);
    if (!ok)
        fprintf(stderr, "bench_tokenise: %s\n", err.text);
    return ok;
}

/* ---- timed runs ---- */

static enum gaosou_status run_doc(struct gs_analysis *a, const uint8_t *content,
                                  const struct doc *d, double *stage)
{
    double t0 = now();
    enum gaosou_status st = gs_layout_find(&a->layout, content, d->size, NULL);
    double t1 = now();
    if (!st)
        st = gs_structure_find(&a->structure, &a->layout, content, d->size, NULL);
    double t2 = now();
    gs_cutter_begin(a->cutter, a->layout.marks, a->layout.mark_count, a->structure.ends,
                    a->structure.end_count);
    for (uint32_t at = 0; !st && at < d->size;) {
        uint32_t piece = d->size - at < GS_CUTTER_CHUNK ? d->size - at : GS_CUTTER_CHUNK;
        st = gs_cutter_feed(a->cutter, content + at, piece, at + piece == d->size, &a->batch);
        at += piece;
    }
    double t3 = now();
    stage[STAGE_LAYOUT] += t1 - t0;
    stage[STAGE_STRUCTURE] += t2 - t1;
    stage[STAGE_CUT] += t3 - t2;
    return st;
}

static bool run(const struct input *in, bool spans, double stage[STAGE_COUNT])
{
    struct gs_analysis a;
    bool ok = gs_analysis_init(&a, spans) == GAOSOU_OK;
    memset(stage, 0, STAGE_COUNT * sizeof(*stage));
    for (size_t i = 0; ok && i < in->count; i++)
        ok = !run_doc(&a, in->bytes.data + in->docs[i].start, &in->docs[i], stage);
    double t0 = now();
    for (size_t i = 0; ok && i < in->count; i++) {
        const struct doc *d = &in->docs[i];
        ok = !gs_analysis_begin(&a, in->bytes.data + d->start, d->size, d->title_size, NULL);
        while (ok && a.offset < a.size)
            ok = !gs_analysis_chunk(&a, a.size);
    }
    stage[STAGE_ALL] = now() - t0;
    gs_analysis_release(&a);
    return ok;
}

static int compare_double(const void *a, const void *b)
{
    double x, y;
    memcpy(&x, a, sizeof(x));
    memcpy(&y, b, sizeof(y));
    return (x > y) - (x < y);
}

static bool measure(const char *path, size_t limit, int repeat, bool spans)
{
    struct input in = {0};
    struct totals t;
    static double times[STAGE_COUNT][REPEAT_MAX];
    bool ok = load(&in, path, limit) && sum(&in, &t);
    for (int i = 0; ok && i < repeat; i++) {
        double stage[STAGE_COUNT];
        ok = run(&in, spans, stage);
        for (int s = 0; s < STAGE_COUNT; s++)
            times[s][i] = stage[s];
    }
    if (ok) {
        for (int s = 0; s < STAGE_COUNT; s++)
            qsort(times[s], (size_t)repeat, sizeof(double), compare_double);
        double mb = (double)in.bytes.size / 1e6, all = times[STAGE_ALL][repeat / 2];
        printf("{\"bench\":\"tokenise\",\"file\":\"%s\",\"kernel\":\"%s\",\"spans\":%s,\"runs\":%d,"
               "\"docs\":%zu,\"bytes\":%zu,\"seconds\":%.4f,\"mb_per_s\":%.1f,\"ns_per_char\":%.3f,"
               "\"layout_mb_per_s\":%.1f,\"structure_mb_per_s\":%.1f,\"cut_mb_per_s\":%.1f,",
               path, gs_cutter_kernel(), spans ? "true" : "false", repeat, in.count, in.bytes.size,
               all, mb / all, all * 1e9 / (double)t.characters,
               mb / times[STAGE_LAYOUT][repeat / 2], mb / times[STAGE_STRUCTURE][repeat / 2],
               mb / times[STAGE_CUT][repeat / 2]);
        printf("\"tokens\":%llu,\"han\":%llu,\"words\":%llu,\"ends\":%llu,\"length\":%llu,"
               "\"hash\":\"%016llx\",\"analysis\":\"%s\"}\n",
               (unsigned long long)t.tokens, (unsigned long long)t.han, (unsigned long long)t.words,
               (unsigned long long)t.ends, (unsigned long long)t.length, (unsigned long long)t.hash,
               gs_analysis_name());
        fflush(stdout);
    }
    unload(&in);
    return ok;
}

/* Where no file is named. */
static int measure_samples(size_t limit, int repeat, bool spans)
{
    static const char *const samples[] = {"news/docs.jsonl.zst", "prospectus/pages.jsonl.zst"};
    const char *root = corpus_root();
    if (!root) {
        fprintf(stderr, "bench_tokenise: no corpora; name files, or set GAOSOU_CORPORA\n");
        return 2;
    }
    bool ok = true;
    for (size_t i = 0; i < 2; i++) {
        char path[4096];
        snprintf(path, sizeof(path), "%s/%s", root, samples[i]);
        ok = measure(path, limit, repeat, spans) && ok;
    }
    return ok ? 0 : 2;
}

static int usage(void)
{
    fprintf(stderr, "usage: bench_tokenise [--repeat N] [--limit MB] [--spans] [FILE...]\n");
    return 2;
}

int main(int argc, char **argv)
{
    int repeat = 5, i = 1;
    size_t limit = SIZE_MAX;
    bool spans = false, ok = true;
    for (; i < argc && argv[i][0] == '-'; i++) {
        if (!strcmp(argv[i], "--repeat") && i + 1 < argc)
            repeat = atoi(argv[++i]);
        else if (!strcmp(argv[i], "--limit") && i + 1 < argc)
            limit = (size_t)strtoull(argv[++i], NULL, 10) * 1000000;
        else if (!strcmp(argv[i], "--spans"))
            spans = true;
        else
            return usage();
    }
    if (repeat < 1 || repeat > REPEAT_MAX)
        return usage();
    bool named = i < argc;
    for (; i < argc; i++)
        ok = measure(argv[i], limit, repeat, spans) && ok;
    return named ? (ok ? 0 : 2) : measure_samples(limit, repeat, spans);
}
