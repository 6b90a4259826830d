/*
 * bench_query: how long searches take in one process, on one thread, warm.
 *
 *   bench_query --index INDEX --queries FILE [--any] [--rank NAMES] [--repeat N] [--limit K]
 * [--count]
 *               [--exhaustive | --compare-exhaustive] [--snippets]
 *   bench_query --index INDEX --draw CLASS [--number N] [--seed S]
 *
 * A query file has a query a line, or "class TAB query"; # begins a comment. Each query is parsed
 * and run N times (5) and its best time counts; one JSON line a class out: percentiles over its
 * queries in microseconds, of parsing and searching together, and a checksum of all hits that two
 * builds or two options must share. --snippets makes records and passages of the hits too, as the
 * query program does. --compare-exhaustive runs every query with and without pruning by turns, and
 * adds a line with the ratios of the two; it fails where they do not find the same.
 *
 * --draw writes such a file: N (1000) queries cut from the stored text of random filings. Classes:
 * phrase (2-8 Han characters), short (2), all (2-3 phrases), or (2-3 phrases), frequent (a phrase
 * of 3-5 whose bigrams each stand in a fiftieth of the filings), near, sentence, paragraph (groups
 * of two such phrases of 2-3), word, char, prefix, mixed; for --any: any (2-3 phrases of 2-4
 * characters), text (10-25 characters).
 */
#include "benchmarks/draw_queries.h"
#include "benchmarks/options.h"
#include "common/base/file.h"
#include "query/results.h"
#include "query/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FILE_CAP   ((size_t)1 << 30)
#define REPEAT_MAX 1000
#define LIMIT_MAX  1000000   /* hits */
#define NUMBER_MAX 100000000 /* queries drawn */

struct settings {
    const char *index, *queries, *draw;
    bool any, snippets, compare;
    unsigned repeat;
    size_t number;
    uint64_t seed;
    struct gs_search_options options;
};

static void die(const char *what, const struct gs_err *err)
{
    fprintf(stderr, "bench_query: %s%s%s\n", what, err ? ": " : "", err ? err->text : "");
    exit(2);
}

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e6 * (double)t.tv_sec + 1e-3 * (double)t.tv_nsec;
}

/* ---- running ---- */

#define CLASS_MAX 64
struct line {
    const char *class, *query;
    size_t size;
    double us;
};
struct lines {
    struct line *all;
    size_t count, capacity;
};

static void add_line(struct lines *l, char *text)
{
    char *tab = strchr(text, '\t');
    if (*text == '#' || *text == 0)
        return;
    if (l->count == l->capacity) {
        l->capacity = l->capacity * 2 + 1024;
        l->all = realloc(l->all, l->capacity * sizeof(*l->all));
        if (!l->all)
            die("no memory", NULL);
    }
    if (tab)
        *tab = 0;
    const char *query = tab ? tab + 1 : text;
    l->all[l->count++] =
        (struct line){.class = tab ? text : "all", .query = query, .size = strlen(query)};
}

static void read_lines(struct lines *l, const char *path, struct gs_buf *file)
{
    struct gs_err err = {0};
    gs_buf_init(file, FILE_CAP);
    if (gs_file_read(path, file, &err))
        die("cannot read queries", &err);
    gs_buf_append_u8(file, 0);
    for (char *at = (char *)file->data, *end; at; at = end) {
        end = strchr(at, '\n');
        if (end)
            *end++ = 0;
        add_line(l, at);
    }
}

struct sums {
    uint64_t filings, occurrences, hits, hash;
    bool exact;
};

static void add_result(struct sums *s, const struct gs_result *r)
{
    s->filings += r->total;
    s->occurrences += r->occurrences;
    s->hits += r->hit_count;
    s->exact = s->exact && r->total_exact;
    for (size_t i = 0; i < r->hit_count; i++) {
        uint64_t score;
        memcpy(&score, &r->hits[i].score, sizeof(score));
        s->hash = (s->hash ^ score ^ r->hits[i].sequence) * 0x9E3779B97F4A7C15u;
        s->hash ^= s->hash >> 32;
    }
}

/* What a program of many queries keeps; the builder is made at first use. */
struct searcher {
    struct gs_search *search;
    struct gs_results_builder *builder;
};

/* What the query program makes of the hits, short of writing it out. */
static void make_snippets(struct searcher *s, const struct gs_snapshot *snapshot,
                          const struct gs_query *query, const struct gs_result *r)
{
    struct gs_results_hit hit;
    struct gs_err err = {0};
    if (s->builder ? gs_results_builder_renew(s->builder, s->search, snapshot, query, &err)
                   : gs_results_builder_create(&s->builder, s->search, snapshot, query, true, &err))
        die("no memory", &err);
    for (size_t i = 0; i < r->hit_count; i++)
        if (gs_results_fill(s->builder, &r->hits[i], i + 1, &hit, &err))
            die("cannot read a hit", &err);
}

/* One query once; its time. */
static double run_once(struct searcher *searcher, const struct gs_snapshot *snapshot,
                       const struct settings *set, const struct line *line, struct sums *sums)
{
    struct gs_query *q;
    struct gs_result r;
    struct gs_err err = {0};
    double start = now_us();
    if (gs_query_parse(&q, line->query, line->size,
                       &(struct gs_query_params){.mode = set->any ? GS_QUERY_ANY : GS_QUERY_SYNTAX},
                       &err) ||
        gs_search_run(searcher->search, snapshot, q, &set->options, &r, &err))
        die(line->query, &err);
    if (set->snippets)
        make_snippets(searcher, snapshot, q, &r);
    double us = now_us() - start;
    if (sums)
        add_result(sums, &r);
    gs_query_free(q);
    return us;
}

static int compare_times(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static double percentile(const double *sorted, size_t n, double p)
{
    size_t i = (size_t)(p * (double)n);
    return sorted[i < n ? i : n - 1];
}

/* Percentiles over the queries of a class. */
struct times {
    double mean, p50, p95, p99, max;
    size_t count;
};

static struct times summarise(const struct lines *l, const char *class)
{
    double *us = malloc((l->count + 1) * sizeof(*us)), sum = 0;
    size_t n = 0;
    if (!us)
        die("no memory", NULL);
    for (size_t i = 0; i < l->count; i++) {
        if (strcmp(l->all[i].class, class) == 0) {
            us[n++] = l->all[i].us;
            sum += l->all[i].us;
        }
    }
    qsort(us, n, sizeof(*us), compare_times);
    struct times t = {.mean = sum / (double)n,
                      .p50 = percentile(us, n, 0.5),
                      .p95 = percentile(us, n, 0.95),
                      .p99 = percentile(us, n, 0.99),
                      .max = us[n - 1],
                      .count = n};
    free(us);
    return t;
}

static void report(const struct settings *set, const char *class, const struct times *t,
                   const struct sums *s)
{
    printf("{\"bench\":\"query\",\"class\":\"%s\",\"mode\":\"%s\",\"pruning\":%s,"
           "\"snippets\":%s,\"limit\":%zu,\"queries\":%zu,\"repeat\":%u,"
           "\"mean_us\":%.2f,\"p50_us\":%.2f,\"p95_us\":%.2f,\"p99_us\":%.2f,\"max_us\":%.2f,"
           "\"filings\":%llu,\"exact\":%s,\"occurrences\":%llu,\"hits\":%llu,\"checksum\":\"%"
           "016llx\"}\n",
           class, set->any ? "any" : "syntax", set->options.exhaustive ? "false" : "true",
           set->snippets ? "true" : "false", set->options.limit, t->count, set->repeat, t->mean,
           t->p50, t->p95, t->p99, t->max, (unsigned long long)s->filings,
           s->exact ? "true" : "false", (unsigned long long)s->occurrences,
           (unsigned long long)s->hits, (unsigned long long)s->hash);
}

/* One round over the queries of a class. */
static void run_round(const struct settings *set, const struct gs_snapshot *snapshot,
                      struct searcher *searcher, struct lines *l, const char *class, unsigned round,
                      struct sums *sums)
{
    for (size_t i = 0; i < l->count; i++) {
        struct line *line = &l->all[i];
        if (strcmp(line->class, class) != 0)
            continue;
        double us = run_once(searcher, snapshot, set, line, round == 0 ? sums : NULL);
        if (round == 0 || us < line->us)
            line->us = us;
    }
}

static void run_class(const struct settings *set, const struct gs_snapshot *snapshot,
                      struct searcher *searcher, struct lines *l, const char *class)
{
    struct sums sums = {.exact = true};
    for (unsigned round = 0; round < set->repeat; round++)
        run_round(set, snapshot, searcher, l, class, round, &sums);
    struct times t = summarise(l, class);
    report(set, class, &t, &sums);
}

/* Rounds with and without pruning by turns. */
static void compare_class(const struct settings *pruned, const struct gs_snapshot *snapshot,
                          struct searcher *searcher, struct lines *l, const char *class)
{
    struct settings exhaustive = *pruned;
    struct sums sums[2] = {{.exact = true}, {.exact = true}};
    struct lines other = {.all = malloc(l->count * sizeof(*other.all)), .count = l->count};
    if (!other.all)
        die("no memory", NULL);
    memcpy(other.all, l->all, l->count * sizeof(*other.all));
    exhaustive.options.exhaustive = true;
    for (unsigned round = 0; round < pruned->repeat; round++) {
        run_round(pruned, snapshot, searcher, l, class, round, &sums[0]);
        run_round(&exhaustive, snapshot, searcher, &other, class, round, &sums[1]);
    }
    struct times a = summarise(l, class), b = summarise(&other, class);
    report(pruned, class, &a, &sums[0]);
    report(&exhaustive, class, &b, &sums[1]);
    printf("{\"bench\":\"query-pruning\",\"class\":\"%s\",\"pruned_of_exhaustive_p50\":%.3f,"
           "\"pruned_of_exhaustive_p95\":%.3f,\"pruned_of_exhaustive_p99\":%.3f}\n",
           class, a.p50 / b.p50, a.p95 / b.p95, a.p99 / b.p99);
    free(other.all);
    if (sums[0].hash != sums[1].hash)
        die("pruning changes what is found", NULL);
}

static void run_all(const struct settings *set, const struct gs_snapshot *snapshot)
{
    struct lines l = {0};
    struct gs_buf file;
    struct searcher searcher = {0};
    const char *classes[CLASS_MAX];
    size_t class_count = 0;
    read_lines(&l, set->queries, &file);
    if (l.count == 0)
        option_fail(set->queries, "no queries in it");
    if (gs_search_create(&searcher.search))
        die("no memory", NULL);
    for (size_t i = 0; i < l.count; i++) {
        size_t k = 0;
        while (k < class_count && strcmp(classes[k], l.all[i].class) != 0)
            k++;
        if (k == class_count && class_count < CLASS_MAX)
            classes[class_count++] = l.all[i].class;
    }
    for (size_t k = 0; k < class_count; k++)
        (set->compare ? compare_class : run_class)(set, snapshot, &searcher, &l, classes[k]);
    gs_results_builder_free(searcher.builder);
    gs_search_free(searcher.search);
    gs_buf_release(&file);
    free(l.all);
}

/* ---- options ---- */

static const char HELP[] =
    "usage: bench_query --index INDEX --queries FILE [--any] [--repeat N] [--limit K] [--count]\n"
    "           [--exhaustive | --compare-exhaustive] [--snippets]\n"
    "       bench_query --index INDEX --draw CLASS [--number N] [--seed S]\n"
    "\n"
    "Runs the queries of FILE (a query a line, or class TAB query; # begins a comment) and prints "
    "a\n"
    "JSON line a class; or draws such a file from the text of an index.\n"
    "\n"
    "  --index INDEX          the index\n"
    "  --queries FILE         the queries\n"
    "  --any                  rank by any of the bigrams, as gaosou-query --any\n"
    "  --rank NAMES           as gaosou-query --rank: plain, full (--any's default), or some of\n"
    "                         title,proximity,stop,passages\n"
    "  --repeat N             runs of each query, of which the best counts: 1 to 1000 (5)\n"
    "  --limit K              hits wanted (10)\n"
    "  --count                count all filings and occurrences\n"
    "  --exhaustive           score every filing: no pruning\n"
    "  --compare-exhaustive   with and without pruning by turns; adds the ratios\n"
    "  --snippets             make records and passages of the hits too\n"
    "  --draw CLASS           write queries: phrase short all or frequent word char prefix near\n"
    "                         sentence paragraph any text mixed\n"
    "  --number N             how many (1000)\n"
    "  --seed S               which (1)\n"
    "  --help                 this text\n";

static const char *value(int argc, char **argv, int *i)
{
    if (*i + 1 >= argc)
        option_usage(HELP, "an option lacks its value", argv[*i]);
    return argv[++*i];
}

static uint64_t number(int argc, char **argv, int *i, uint64_t least, uint64_t most)
{
    const char *name = argv[*i];
    return option_number(name, value(argc, argv, i), least, most);
}

static void read_rank(struct settings *set, const char *names)
{
    if (!gs_ranking_read(names, strlen(names), &set->options.ranking))
        option_usage(HELP, "--rank wants plain, full, or title, proximity, stop, passages", names);
}

static void read_settings(struct settings *set, int argc, char **argv)
{
    *set =
        (struct settings){.repeat = 5, .number = 1000, .seed = 1, .options = gs_search_defaults()};
    option_help(argc, argv, HELP);
    for (int i = 1; i < argc; i++) {
        const char *a = argv[i];
        if (strcmp(a, "--any") == 0)
            set->any = true;
        else if (strcmp(a, "--rank") == 0)
            read_rank(set, value(argc, argv, &i));
        else if (strcmp(a, "--snippets") == 0)
            set->snippets = true;
        else if (strcmp(a, "--compare-exhaustive") == 0)
            set->compare = true;
        else if (strcmp(a, "--exhaustive") == 0)
            set->options.exhaustive = true;
        else if (strcmp(a, "--count") == 0)
            set->options.count_all = true;
        else if (strcmp(a, "--index") == 0)
            set->index = value(argc, argv, &i);
        else if (strcmp(a, "--queries") == 0)
            set->queries = value(argc, argv, &i);
        else if (strcmp(a, "--draw") == 0)
            set->draw = value(argc, argv, &i);
        else if (strcmp(a, "--repeat") == 0)
            set->repeat = (unsigned)number(argc, argv, &i, 1, REPEAT_MAX);
        else if (strcmp(a, "--limit") == 0)
            set->options.limit = number(argc, argv, &i, 0, LIMIT_MAX);
        else if (strcmp(a, "--number") == 0)
            set->number = number(argc, argv, &i, 1, NUMBER_MAX);
        else if (strcmp(a, "--seed") == 0)
            set->seed = number(argc, argv, &i, 0, UINT64_MAX);
        else
            option_usage(HELP, "unknown option", a);
    }
    if (!set->index || !set->queries == !set->draw)
        option_usage(HELP, "--index, and one of --queries and --draw, are needed", NULL);
}

int main(int argc, char **argv)
{
    struct settings set;
    struct gs_snapshot snapshot;
    struct gs_err err = {0};
    read_settings(&set, argc, argv);
    if (gs_snapshot_open(&snapshot, set.index, &err))
        die("cannot open the index", &err);
    if (set.draw)
        draw_queries(&snapshot, set.draw, set.number, set.seed);
    else
        run_all(&set, &snapshot);
    gs_snapshot_close(&snapshot);
    return 0;
}
