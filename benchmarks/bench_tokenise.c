/*
 * bench_tokenise: how fast filings become tokens, on one thread.
 *
 *   bench_tokenise [--repeat N] [--limit MB] [--spans] [--kernel NAME] [--transcode LIBRARY]
 *                  [--against COMMAND [--against-count] [--differences N]] [FILE...]
 *
 * Files are .txt or .jsonl, plain or .zst; without any, the corpora's news and prospectus/pages.
 * All documents are read into memory first; then each run takes them one by one through layout,
 * structure and cutter, as the indexer does, in chunks. One JSON line a file out: medians of N runs
 * (5), of the whole and of each stage by itself; tokens; and a hash of the token stream, equal for
 * equal tokens. --kernel forces an instruction set (scalar, ssse3, avx2, avx512; or GAOSOU_KERNEL).
 *
 * --transcode (transcoder.h) and --against (against.h) measure another program's work on the same
 * bytes, its runs alternating with ours; "ratio" is ours over theirs, pair by pair, the median.
 * There is none where the other program has no clock of its own, but a warning.
 * --against also compares the tokens, and prints the first differences (5) as JSON lines.
 */
#include "benchmarks/against.h"
#include "benchmarks/contents.h"
#include "benchmarks/options.h"
#include "benchmarks/transcoder.h"
#include "common/base/checksum.h"
#include "common/text/analysis.h"
#include "common/text/kernel.h"
#include "tests/support/corpus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define REPEAT_MAX 101
#define LIMIT_MAX  1000000 /* MB */

struct options {
    int repeat;
    size_t limit;
    bool spans;
    const char *transcode, *against;
    bool against_count;
    unsigned differences;
};

enum series {
    LAYOUT,
    STRUCTURE,
    CUT,
    ALL,
    TRANSCODE,
    TRANSCODE_WHOLE,
    AGAINST,
    RATIO_TRANSCODE, /* to the faster of the two ways */
    RATIO_AGAINST,
    SERIES
};

struct measured {
    double runs[SERIES][REPEAT_MAX], median[SERIES]; /* seconds, or ratios */
    struct against_count against;
};

struct totals {
    uint64_t tokens, han, words, ends, length, characters, hash;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
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

static bool sum(const struct contents *in, struct totals *t)
{
    struct gs_analysis a;
    struct gs_err err = {0};
    *t = (struct totals){0};
    bool ok = gs_analysis_init(&a, false) == GAOSOU_OK;
    for (size_t i = 0; ok && i < in->count; i++) {
        const struct content *d = &in->items[i];
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

static enum gaosou_status run_stages(struct gs_analysis *a, const uint8_t *content, uint32_t size,
                                     double *seconds)
{
    double t0 = now();
    enum gaosou_status st = gs_layout_find(&a->layout, content, size, NULL);
    double t1 = now();
    if (!st)
        st = gs_structure_find(&a->structure, &a->layout, content, size, NULL);
    double t2 = now();
    gs_cutter_begin(a->cutter, a->layout.marks, a->layout.mark_count, a->structure.ends,
                    a->structure.end_count);
    for (uint32_t at = 0; !st && at < size;) {
        uint32_t piece = size - at < GS_CUTTER_CHUNK ? size - at : GS_CUTTER_CHUNK;
        st = gs_cutter_feed(a->cutter, content + at, piece, at + piece == size, &a->batch);
        at += piece;
    }
    seconds[LAYOUT] += t1 - t0;
    seconds[STRUCTURE] += t2 - t1;
    seconds[CUT] += now() - t2;
    return st;
}

static bool run(const struct contents *in, bool spans, double seconds[SERIES])
{
    struct gs_analysis a;
    bool ok = gs_analysis_init(&a, spans) == GAOSOU_OK;
    for (size_t i = 0; ok && i < in->count; i++)
        ok = !run_stages(&a, contents_bytes(in, i), in->items[i].size, seconds);
    double t0 = now();
    for (size_t i = 0; ok && i < in->count; i++) {
        const struct content *d = &in->items[i];
        ok = !gs_analysis_begin(&a, contents_bytes(in, i), d->size, d->title_size, NULL);
        while (ok && a.offset < a.size)
            ok = !gs_analysis_chunk(&a, a.size);
    }
    seconds[ALL] = now() - t0;
    gs_analysis_release(&a);
    return ok;
}

/* One round: ours, and right behind it the others. */
static enum gaosou_status run_round(const struct contents *in, const struct options *o,
                                    const struct transcoder *t, struct against_count *against,
                                    double seconds[SERIES], struct gs_err *err)
{
    if (!run(in, o->spans, seconds))
        return gs_err_set(err, GAOSOU_E_NOMEM, "tokenising failed");
    if (t->library) {
        seconds[TRANSCODE] = transcoder_filings(t, in);
        seconds[TRANSCODE_WHOLE] = transcoder_whole(t, in);
        double fast = seconds[TRANSCODE] < seconds[TRANSCODE_WHOLE] ? seconds[TRANSCODE]
                                                                    : seconds[TRANSCODE_WHOLE];
        seconds[RATIO_TRANSCODE] = fast / seconds[ALL];
    }
    if (!o->against)
        return GAOSOU_OK;
    enum gaosou_status st = against_time(o->against, in, against, err);
    seconds[AGAINST] = against->seconds;
    seconds[RATIO_AGAINST] = against->seconds / seconds[ALL];
    return st;
}

static int compare_double(const void *a, const void *b)
{
    double x, y;
    memcpy(&x, a, sizeof(x));
    memcpy(&y, b, sizeof(y));
    return (x > y) - (x < y);
}

static enum gaosou_status run_all(const struct contents *in, const struct options *o,
                                  const struct transcoder *t, struct measured *m,
                                  struct gs_err *err)
{
    for (int i = 0; i < o->repeat; i++) {
        double seconds[SERIES] = {0};
        enum gaosou_status st = run_round(in, o, t, &m->against, seconds, err);
        if (st)
            return st;
        for (int s = 0; s < SERIES; s++)
            m->runs[s][i] = seconds[s];
    }
    for (int s = 0; s < SERIES; s++) {
        qsort(m->runs[s], (size_t)o->repeat, sizeof(double), compare_double);
        m->median[s] = m->runs[s][o->repeat / 2];
    }
    return GAOSOU_OK;
}

/* ---- output ---- */

/* MB a second; 0 where the clock saw no time pass. */
static double rate(double mb, double seconds)
{
    return seconds > 0 ? mb / seconds : 0;
}

/* What the other tokeniser took. Without its own clock its start and its reading are in the time,
 * which is then no measure of tokenising. */
static void print_against(double mb, const struct measured *m)
{
    printf("\"against_mb_per_s\":%.2f,\"against_tokens\":%llu,\"against_clock\":\"%s\",",
           rate(mb, m->median[AGAINST]), (unsigned long long)m->against.tokens,
           m->against.own_clock ? "its own" : "process");
    if (m->against.own_clock)
        printf("\"ratio_against\":%.2f,", m->median[RATIO_AGAINST]);
    else
        printf("\"warning\":\"no ratio: the other program did not measure itself, so its start "
               "and its reading are in its time\",");
}

static void print(const char *path, const struct contents *in, const struct options *o,
                  const struct transcoder *tr, const struct measured *m, const struct totals *t)
{
    double mb = (double)in->bytes.size / 1e6;
    const double *s = m->median;
    printf("{\"bench\":\"tokenise\",\"file\":\"%s\",\"kernel\":\"%s\",\"spans\":%s,\"runs\":%d,"
           "\"docs\":%zu,\"bytes\":%zu,\"seconds\":%.4f,\"mb_per_s\":%.1f,\"mb_per_s_best\":%.1f,"
           "\"ns_per_char\":%.3f,\"layout_mb_per_s\":%.1f,\"structure_mb_per_s\":%.1f,"
           "\"cut_mb_per_s\":%.1f,",
           path, gs_kernel_name(gs_kernel_current()), o->spans ? "true" : "false", o->repeat,
           in->count, in->bytes.size, s[ALL], rate(mb, s[ALL]), rate(mb, m->runs[ALL][0]),
           t->characters ? s[ALL] * 1e9 / (double)t->characters : 0, rate(mb, s[LAYOUT]),
           rate(mb, s[STRUCTURE]), rate(mb, s[CUT]));
    if (tr->library)
        printf("\"transcode\":\"%s\",\"transcode_mb_per_s\":%.1f,"
               "\"transcode_whole_mb_per_s\":%.1f,\"ratio_transcode\":%.4f,",
               tr->kernel, rate(mb, s[TRANSCODE]), rate(mb, s[TRANSCODE_WHOLE]),
               s[RATIO_TRANSCODE]);
    if (o->against)
        print_against(mb, m);
    printf("\"tokens\":%llu,\"han\":%llu,\"words\":%llu,\"ends\":%llu,\"length\":%llu,"
           "\"hash\":\"%016llx\",\"analysis\":\"%s\"}\n",
           (unsigned long long)t->tokens, (unsigned long long)t->han, (unsigned long long)t->words,
           (unsigned long long)t->ends, (unsigned long long)t->length, (unsigned long long)t->hash,
           gs_analysis_name());
    fflush(stdout);
}

static enum gaosou_status compare_tokens(const struct contents *in, const struct options *o,
                                         struct gs_err *err)
{
    struct against_difference d;
    enum gaosou_status st = against_compare(o->against, in, o->differences, &d, err);
    if (!st)
        printf("{\"bench\":\"against\",\"filings\":%llu,\"filings_equal\":%llu,\"ours\":%llu,"
               "\"theirs\":%llu,\"common\":%llu}\n",
               (unsigned long long)d.filings, (unsigned long long)d.filings_equal,
               (unsigned long long)d.ours, (unsigned long long)d.theirs,
               (unsigned long long)d.common);
    return st;
}

static bool measure(const char *path, const struct options *o)
{
    struct contents in = {0};
    struct transcoder tr = {0};
    struct totals t;
    struct gs_err err = {0};
    struct measured *m = calloc(1, sizeof(*m));
    enum gaosou_status st = m ? contents_load(&in, path, o->limit, &err) : GAOSOU_E_NOMEM;
    if (!st && o->transcode)
        st = transcoder_open(&tr, o->transcode, &in, &err);
    if (!st && !sum(&in, &t))
        st = GAOSOU_E_NOMEM;
    if (!st)
        st = run_all(&in, o, &tr, m, &err);
    if (!st)
        print(path, &in, o, &tr, m, &t);
    if (!st && o->against && !o->against_count)
        st = compare_tokens(&in, o, &err);
    if (st)
        fprintf(stderr, "bench_tokenise: %s\n", err.text);
    transcoder_close(&tr);
    contents_release(&in);
    free(m);
    return st == GAOSOU_OK;
}

/* Where no file is named. */
static int measure_samples(const struct options *o)
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
        ok = measure(path, o) && ok;
    }
    return ok ? 0 : 2;
}

static const char HELP[] =
    "usage: bench_tokenise [--repeat N] [--limit MB] [--spans] [--kernel NAME]\n"
    "           [--transcode LIBRARY] [--against COMMAND [--against-count] [--differences N]]\n"
    "           [FILE...]\n"
    "\n"
    "Tokenises filings on one thread and prints a JSON line for each FILE (.txt or .jsonl, plain\n"
    "or .zst; without any, the corpora's news and prospectus pages).\n"
    "\n"
    "  --repeat N           runs, whose median counts: 1 to 101 (5)\n"
    "  --limit MB           stop reading a file behind so many MB of text (the whole file)\n"
    "  --spans              make the bytes of each token too\n"
    "  --kernel NAME        instruction set: scalar, ssse3, avx2 or avx512 (GAOSOU_KERNEL, else\n"
    "                       the best of this processor)\n"
    "  --transcode LIBRARY  measure transcoding to UTF-16 by turns (make bench-transcode makes\n"
    "                       build/transcode/libtranscode.so)\n"
    "  --against COMMAND    measure another tokeniser by turns and compare its tokens with ours\n"
    "                       (benchmarks/README.md has the protocol)\n"
    "  --against-count      do not compare the tokens\n"
    "  --differences N      differing places to print (5)\n"
    "  --help               this text\n";

/* Takes the option argv[i] that has a value. */
static void take_value(struct options *o, const char **kernel, const char *name, const char *value)
{
    if (!strcmp(name, "--repeat"))
        o->repeat = (int)option_number(name, value, 1, REPEAT_MAX);
    else if (!strcmp(name, "--limit"))
        o->limit = (size_t)option_number(name, value, 1, LIMIT_MAX) * 1000000;
    else if (!strcmp(name, "--kernel"))
        *kernel = value;
    else if (!strcmp(name, "--transcode"))
        o->transcode = value;
    else if (!strcmp(name, "--against"))
        o->against = value;
    else if (!strcmp(name, "--differences"))
        o->differences = (unsigned)option_number(name, value, 0, UINT32_MAX);
    else
        option_usage(HELP, "unknown option", name);
}

/* Index of the first file. */
static int parse(struct options *o, const char **kernel, int argc, char **argv)
{
    int i = 1;
    for (; i < argc && argv[i][0] == '-'; i++) {
        if (!strcmp(argv[i], "--spans"))
            o->spans = true;
        else if (!strcmp(argv[i], "--against-count"))
            o->against_count = true;
        else if (i + 1 < argc)
            take_value(o, kernel, argv[i], argv[i + 1]), i++;
        else
            option_usage(HELP, "an unknown option, or one without its value", argv[i]);
    }
    return i;
}

int main(int argc, char **argv)
{
    struct options o = {.repeat = 5, .limit = SIZE_MAX, .differences = 5};
    const char *kernel = getenv("GAOSOU_KERNEL");
    option_help(argc, argv, HELP);
    int first = parse(&o, &kernel, argc, argv);
    struct gs_err err = {0};
    if (gs_kernel_select(kernel, &err))
        option_fail(err.text, NULL);
    for (int i = first; i < argc; i++)
        option_readable(argv[i], false);
    bool ok = true;
    for (int i = first; i < argc; i++)
        ok = measure(argv[i], &o) && ok;
    return first < argc ? (ok ? 0 : 2) : measure_samples(&o);
}
