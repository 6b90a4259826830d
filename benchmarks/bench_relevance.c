/*
 * bench_relevance: how well --any ranks, against judgements, and what each part of the ranking is
 * worth.
 *
 *   bench_relevance --index INDEX --queries TSV --qrels FILE [--rank NAMES]... [--set
 * NAME=VALUE]...
 *                   [--run PREFIX] [--task NAME] [--syntax] [--misses N]
 *
 * The queries are lines "QUERY_ID TAB TEXT", the judgements those of TREC (relevance.h). Every
 * query is searched by BM25 alone, and then once more for each --rank (as of gaosou-query; full
 * where none is given). One JSON line a ranking out: the measures, the time of a search of 100, and
 * for all but the first the differences to it with their p. --run writes PREFIX.NAMES for each
 * ranking, in TREC's form: QUERY_ID Q0 FILING RANK SCORE NAMES.
 */
#include "benchmarks/options.h"
#include "benchmarks/relevance.h"
#include "common/base/file.h"
#include "query/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FILE_CAP     ((size_t)1 << 30)
#define RANKINGS_MAX 32

struct settings {
    const char *index, *queries, *qrels, *run, *task;
    const char *names[RANKINGS_MAX]; /* of rankings, the first is plain */
    size_t ranking_count;
    struct gs_ranking_params params;
    bool syntax;
    size_t misses; /* queries to print that the last ranking does not answer first */
};

struct query {
    const char *id, *text;
};

struct bench {
    struct settings set;
    struct gs_snapshot snapshot;
    struct gs_search *search;
    struct judgements judgements;
    struct query *queries;
    size_t query_count;
    const char ***ids;      /* of the filings, by segment */
    struct gs_buf id_bytes; /* theirs */
    struct gs_buf texts[2]; /* of the two files */
    double *values[RANKINGS_MAX][MEASURE_COUNT];
    size_t measured[RANKINGS_MAX];
    double *us;
};

static void die(const char *what, const struct gs_err *err)
{
    fprintf(stderr, "bench_relevance: %s%s%s\n", what, err ? ": " : "", err ? err->text : "");
    exit(2);
}

static void *take(size_t count, size_t size)
{
    void *p = calloc(count + 1, size);
    if (!p)
        die("no memory", NULL);
    return p;
}

/* ---- input ---- */

static char *read_text(const char *path, struct gs_buf *out)
{
    struct gs_err err = {0};
    gs_buf_init(out, FILE_CAP);
    if (gs_file_read(path, out, &err))
        die("cannot read", &err);
    gs_buf_append_u8(out, 0);
    if (gs_buf_status(out))
        die("no memory", NULL);
    return (char *)out->data;
}

static void read_queries(struct bench *b)
{
    size_t capacity = 0;
    for (char *at = read_text(b->set.queries, &b->texts[0]), *end; at && *at; at = end) {
        end = strchr(at, '\n');
        if (end)
            *end++ = 0;
        char *tab = strchr(at, '\t');
        if (!tab)
            option_fail(b->set.queries, "a line is not QUERY_ID TAB TEXT");
        *tab = 0;
        if (b->query_count == capacity) {
            capacity = capacity * 2 + 1024;
            b->queries = realloc(b->queries, capacity * sizeof(*b->queries));
            if (!b->queries)
                die("no memory", NULL);
        }
        b->queries[b->query_count++] = (struct query){at, tab + 1};
    }
}

static void read_judgements(struct bench *b)
{
    size_t line;
    if (!judgements_read(&b->judgements, read_text(b->set.qrels, &b->texts[1]), &line)) {
        fprintf(stderr, "bench_relevance: %s:%zu: not QUERY ITERATION FILING GRADE\n", b->set.qrels,
                line);
        exit(2);
    }
}

/* The ids of all filings, so that no search waits for records. */
static void read_ids(struct bench *b)
{
    struct gs_record_reader *reader;
    struct gs_record record;
    struct gs_err err = {0};
    gs_buf_init(&b->id_bytes, FILE_CAP);
    b->ids = take(b->snapshot.segment_count, sizeof(*b->ids));
    if (gs_record_reader_create(&reader))
        die("no memory", NULL);
    for (int pass = 0; pass < 2; pass++) { /* the bytes move while they are gathered */
        size_t at = 0;
        for (size_t i = 0; i < b->snapshot.segment_count; i++) {
            const struct gs_segment *segment = b->snapshot.segments[i].segment;
            uint32_t count = gs_segment_get_stats(segment)->doc_count;
            if (pass == 1)
                b->ids[i] = take(count, sizeof(**b->ids));
            for (uint32_t doc = 0; doc < count; doc++) {
                if (pass == 1) {
                    b->ids[i][doc] = (const char *)b->id_bytes.data + at;
                    at += strlen(b->ids[i][doc]) + 1;
                    continue;
                }
                if (gs_record_read(reader, segment, doc, &record, &err))
                    die("cannot read a filing", &err);
                gs_buf_append(&b->id_bytes, record.id.bytes, record.id.size);
                gs_buf_append_u8(&b->id_bytes, 0);
            }
        }
    }
    gs_record_reader_free(reader);
}

/* ---- rankings ---- */

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e6 * (double)t.tv_sec + 1e-3 * (double)t.tv_nsec;
}

/* One search of the first hundred. */
static double search(struct bench *b, const struct query *query,
                     const struct gs_search_options *options, struct gs_result *result)
{
    struct gs_query *parsed;
    struct gs_err err = {0};
    double start = now_us();
    if (gs_query_parse(
            &parsed, query->text, strlen(query->text),
            &(struct gs_query_params){.mode = b->set.syntax ? GS_QUERY_SYNTAX : GS_QUERY_ANY},
            &err) ||
        gs_search_run(b->search, &b->snapshot, parsed, options, result, &err))
        die(query->text, &err);
    double us = now_us() - start;
    gs_query_free(parsed);
    return us;
}

static void write_run(FILE *run, const struct bench *b, const struct query *query,
                      const struct gs_result *result, const char *name)
{
    for (size_t i = 0; run && i < result->hit_count; i++) {
        const struct gs_hit *hit = &result->hits[i];
        fprintf(run, "%s Q0 %s %zu %.9g %s\n", query->id, b->ids[hit->segment][hit->doc], i + 1,
                hit->score, name);
    }
}

static FILE *open_run(const struct settings *set, const char *name)
{
    char path[4096];
    if (!set->run)
        return NULL;
    snprintf(path, sizeof(path), "%s.%s", set->run, name);
    FILE *f = fopen(path, "w");
    if (!f)
        option_fail(path, "cannot be written");
    return f;
}

static void show_miss(struct bench *b, const struct query *query, const char *const *filings,
                      size_t count, const struct judgement *judged)
{
    if (b->set.misses == 0)
        return;
    b->set.misses--;
    size_t rank = 0;
    while (rank < count && strcmp(filings[rank], judged->filing) != 0)
        rank++;
    fprintf(stderr, "%s\t%s\twanted %s at %zu of %zu, first %s\n", query->id, query->text,
            judged->filing, rank + 1, count, count ? filings[0] : "none");
}

static void run_ranking(struct bench *b, size_t r)
{
    struct gs_search_options options = gs_search_defaults();
    const char *name = b->set.names[r], *filings[MEASURE_DEPTH];
    options.limit = MEASURE_DEPTH;
    options.ranking.params = &b->set.params;
    if (!gs_ranking_read(name, strlen(name), &options.ranking))
        option_fail(name, "is no ranking");
    FILE *run = open_run(&b->set, name);
    for (int m = 0; m < MEASURE_COUNT; m++)
        b->values[r][m] = take(b->query_count, sizeof(double));
    for (size_t i = 0; i < b->query_count; i++) {
        const struct query *query = &b->queries[i];
        const struct judgement *judged;
        struct gs_result result;
        double values[MEASURE_COUNT];
        size_t judged_count = judgements_of(&b->judgements, query->id, &judged);
        b->us[i] = search(b, query, &options, &result);
        write_run(run, b, query, &result, name);
        for (size_t k = 0; k < result.hit_count; k++)
            filings[k] = b->ids[result.hits[k].segment][result.hits[k].doc];
        if (!measure_ranking(filings, result.hit_count, judged, judged_count, values))
            continue;
        for (int m = 0; m < MEASURE_COUNT; m++)
            b->values[r][m][b->measured[r]] = values[m];
        b->measured[r]++;
        if (r + 1 == b->set.ranking_count && values[MEASURE_MRR10] < 1)
            show_miss(b, query, filings, result.hit_count, judged);
    }
    if (run && fclose(run))
        option_fail(name, "the run cannot be written");
}

/* ---- report ---- */

static int compare_times(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static void report(const struct bench *b, size_t r)
{
    size_t n = b->measured[r];
    qsort(b->us, b->query_count, sizeof(*b->us), compare_times);
    printf("{\"bench\":\"relevance\",\"task\":\"%s\",\"rank\":\"%s\",\"queries\":%zu", b->set.task,
           b->set.names[r], n);
    for (int m = 0; m < MEASURE_COUNT; m++)
        printf(",\"%s\":%.4f", measure_names[m], mean_of(b->values[r][m], n));
    for (int m = 0; m < MEASURE_COUNT && r > 0; m++)
        printf(",\"%s_change\":%.4f,\"%s_p\":%.4f", measure_names[m],
               mean_of(b->values[r][m], n) - mean_of(b->values[0][m], n), measure_names[m],
               randomisation_test(b->values[r][m], b->values[0][m], n));
    printf(",\"p50_us\":%.0f,\"p99_us\":%.0f}\n", b->us[b->query_count / 2],
           b->us[b->query_count * 99 / 100]);
    fflush(stdout);
}

/* ---- options ---- */

static const char HELP[] =
    "usage: bench_relevance --index INDEX --queries TSV --qrels FILE [--rank NAMES]...\n"
    "           [--set NAME=VALUE]... [--run PREFIX] [--task NAME] [--syntax] [--misses N]\n"
    "\n"
    "Measures rankings of --any against judgements, and against BM25 alone: a JSON line each.\n"
    "\n"
    "  --index INDEX      the index\n"
    "  --queries TSV      lines QUERY_ID TAB TEXT\n"
    "  --qrels FILE       judgements: lines QUERY_ID ITERATION FILING GRADE\n"
    "  --rank NAMES       a ranking, as of gaosou-query: full (the default), or names of title,\n"
    "                     proximity, stop, passages with commas between; up to 31 times\n"
    "  --set NAME=VALUE   a parameter of query/ranking.h\n"
    "  --run PREFIX       writes PREFIX.NAMES for each ranking, lines as trec_eval reads them\n"
    "  --task NAME        what the report calls it\n"
    "  --syntax           the queries are in the query language, not any of the terms\n"
    "  --misses N         prints N queries whose filing the last ranking does not put first\n"
    "  --help             this text\n";

static void set_param(struct settings *set, const char *text)
{
    const char *sign = strchr(text, '=');
    double *value = sign ? gs_ranking_param(&set->params, text, (size_t)(sign - text)) : NULL;
    char *end = NULL;
    double read = sign ? strtod(sign + 1, &end) : 0;
    if (!value || end == sign + 1 || *end != 0 || !(read >= 0 && read <= 1e6))
        option_usage(HELP, "--set wants a parameter's name and a number", text);
    *value = read;
}

static void take_option(struct settings *set, const char *name, const char *value)
{
    if (strcmp(name, "--index") == 0)
        set->index = value;
    else if (strcmp(name, "--queries") == 0)
        set->queries = value;
    else if (strcmp(name, "--qrels") == 0)
        set->qrels = value;
    else if (strcmp(name, "--run") == 0)
        set->run = value;
    else if (strcmp(name, "--task") == 0)
        set->task = value;
    else if (strcmp(name, "--misses") == 0)
        set->misses = option_number(name, value, 0, 1000000);
    else if (strcmp(name, "--set") == 0)
        set_param(set, value);
    else if (strcmp(name, "--rank") == 0 && set->ranking_count < RANKINGS_MAX)
        set->names[set->ranking_count++] = value;
    else
        option_usage(HELP, "unknown option", name);
}

static void read_settings(struct settings *set, int argc, char **argv)
{
    *set = (struct settings){.task = "", .params = gs_ranking_defaults};
    option_help(argc, argv, HELP);
    set->names[set->ranking_count++] = "plain";
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--syntax") == 0) {
            set->syntax = true;
            continue;
        }
        if (i + 1 == argc)
            option_usage(HELP, "unknown option, or one that lacks its value", argv[i]);
        take_option(set, argv[i], argv[i + 1]);
        i++;
    }
    if (set->ranking_count == 1)
        set->names[set->ranking_count++] = "full";
    if (!set->index || !set->queries || !set->qrels)
        option_usage(HELP, "--index, --queries and --qrels are needed", NULL);
}

int main(int argc, char **argv)
{
    struct bench b = {0};
    struct gs_err err = {0};
    read_settings(&b.set, argc, argv);
    if (gs_snapshot_open(&b.snapshot, b.set.index, &err))
        die("cannot open the index", &err);
    if (gs_search_create(&b.search))
        die("no memory", NULL);
    read_queries(&b);
    read_judgements(&b);
    read_ids(&b);
    b.us = take(b.query_count, sizeof(*b.us));
    for (size_t r = 0; r < b.set.ranking_count; r++) {
        run_ranking(&b, r);
        report(&b, r);
    }
    return 0;
}
