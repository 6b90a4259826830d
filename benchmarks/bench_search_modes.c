/*
 * bench_search_modes: what orders, filters and facets cost beside counting the same matches.
 *
 *   bench_search_modes --index INDEX --queries FILE [--repeat N] [--limit K] [--least N]
 *                      [--filter TEXT]...
 *
 * A query file has a query a line, or "class TAB query"; # begins a comment. Each query is searched
 * in every mode, the modes by turns, N times (5) in one process on one thread, and the best time of
 * each counts. Queries with fewer than --least (1) matches are left out. Out comes a row of a
 * Markdown table a class: the median of the matches and of the time to count them, and for each
 * mode the median time and the median of its ratio to the count of the same query.
 *
 * The count reads the lists (exhaustive): without it that of a query of one list is told by the
 * list's head. A filter is measured with a count, too: of what it leaves. Collapsing ranks all.
 */
#include "benchmarks/options.h"
#include "common/base/file.h"
#include "query/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define FILE_CAP    ((size_t)1 << 30)
#define REPEAT_MAX  1000
#define LIMIT_MAX   1000000 /* hits */
#define FILTERS_MAX 8
#define CLASS_MAX   64
#define QUERIES_MAX 10000

/* The modes without filters; one with each filter follows. */
static const struct mode {
    const char *name;
    enum gs_sort sort;
    bool ranks, collapses, facets;
} MODES[] = {
    {.name = "count"},
    {.name = "score", .sort = GS_SORT_SCORE, .ranks = true},
    {.name = "newest", .sort = GS_SORT_NEWEST, .ranks = true},
    {.name = "oldest", .sort = GS_SORT_OLDEST, .ranks = true},
    {.name = "code", .sort = GS_SORT_CODE, .ranks = true},
    {.name = "length", .sort = GS_SORT_LENGTH, .ranks = true},
    {.name = "facets", .facets = true},
    {.name = "collapse", .ranks = true, .collapses = true},
};
#define PLAIN_MODES (sizeof(MODES) / sizeof(MODES[0]))
#define MODES_MAX   (PLAIN_MODES + FILTERS_MAX)

static const struct gs_facet_field FACETS[] = {{"year"}, {"code"}, {"type"}, {"exchange"}};

struct settings {
    const char *index, *queries;
    const char *filters[FILTERS_MAX];
    size_t filter_count, limit;
    uint64_t least;
    unsigned repeat;
};

struct line {
    const char *class, *query;
    uint64_t total;
    double us[MODES_MAX];
};

struct bench {
    struct settings set;
    struct gs_snapshot snapshot;
    struct gs_search *search;
    struct line lines[QUERIES_MAX];
    size_t line_count;
    double values[QUERIES_MAX];
};

static void die(const char *what, const struct gs_err *err)
{
    fprintf(stderr, "bench_search_modes: %s%s%s\n", what, err ? ": " : "", err ? err->text : "");
    exit(2);
}

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e6 * (double)t.tv_sec + 1e-3 * (double)t.tv_nsec;
}

/* ---- input ---- */

static void read_lines(struct bench *b, struct gs_buf *file)
{
    struct gs_err err = {0};
    gs_buf_init(file, FILE_CAP);
    if (gs_file_read(b->set.queries, file, &err))
        die("cannot read queries", &err);
    gs_buf_append_u8(file, 0);
    if (gs_buf_status(file))
        die("no memory", NULL);
    for (char *at = (char *)file->data, *end; at; at = end) {
        end = strchr(at, '\n');
        if (end)
            *end++ = 0;
        if (*at == '#' || *at == 0)
            continue;
        if (b->line_count == QUERIES_MAX)
            option_fail(b->set.queries, "too many queries");
        char *tab = strchr(at, '\t');
        if (tab)
            *tab = 0;
        b->lines[b->line_count++] =
            (struct line){.class = tab ? at : "all", .query = tab ? tab + 1 : at};
    }
}

/* ---- searches ---- */

static struct gs_search_options options_of(const struct settings *set, size_t mode)
{
    struct gs_search_options o = gs_search_defaults();
    const struct mode *m = &MODES[mode < PLAIN_MODES ? mode : 0];
    o.limit = m->ranks ? set->limit : 0;
    o.sort = m->sort;
    o.collapse = m->collapses;
    o.count_all = true;
    o.exhaustive = !m->ranks; /* the count reads the lists */
    o.facets = FACETS;
    o.facet_count = m->facets ? sizeof(FACETS) / sizeof(FACETS[0]) : 0;
    o.facet_limit = 10;
    return o;
}

/* One search in a mode, in microseconds; parsing is not in it. */
static double run_once(struct bench *b, struct line *line, size_t mode)
{
    struct gs_query *query;
    struct gs_result result;
    struct gs_err err = {0};
    struct gs_search_options options = options_of(&b->set, mode);
    const char *filter = mode < PLAIN_MODES ? NULL : b->set.filters[mode - PLAIN_MODES];
    struct gs_query_params params = {.filters = filter,
                                     .filters_size = filter ? strlen(filter) : 0};
    if (gs_query_parse(&query, line->query, strlen(line->query), &params, &err))
        die(line->query, &err);
    double start = now_us();
    if (gs_search_run(b->search, &b->snapshot, query, &options, &result, &err))
        die(line->query, &err);
    double us = now_us() - start;
    if (mode == 0)
        line->total = result.total;
    gs_query_free(query);
    return us;
}

static void run_line(struct bench *b, struct line *line)
{
    size_t modes = PLAIN_MODES + b->set.filter_count;
    for (unsigned round = 0; round < b->set.repeat; round++)
        for (size_t mode = 0; mode < modes; mode++) {
            double us = run_once(b, line, mode);
            if (round == 0 || us < line->us[mode])
                line->us[mode] = us;
            if (line->total < b->set.least)
                return;
        }
}

/* ---- output ---- */

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(struct bench *b, size_t count)
{
    qsort(b->values, count, sizeof(*b->values), compare);
    return b->values[count / 2];
}

static bool is_of(const struct bench *b, const struct line *line, const char *class)
{
    return line->total >= b->set.least && strcmp(line->class, class) == 0;
}

/* The median of a mode's times, or of their ratios to the count. */
static double median_of(struct bench *b, const char *class, size_t mode, bool ratio)
{
    size_t count = 0;
    for (size_t i = 0; i < b->line_count; i++)
        if (is_of(b, &b->lines[i], class))
            b->values[count++] = b->lines[i].us[mode] / (ratio ? b->lines[i].us[0] : 1);
    return median(b, count);
}

static void report_head(const struct settings *set)
{
    printf("| class | queries | matches");
    for (size_t mode = 0; mode < PLAIN_MODES; mode++)
        printf(" | %s", MODES[mode].name);
    for (size_t i = 0; i < set->filter_count; i++)
        printf(" | `%s`", set->filters[i]);
    printf(" |\n|");
    for (size_t i = 0; i < 3 + PLAIN_MODES + set->filter_count; i++)
        printf(" --- |");
    printf("\n");
}

static void report_class(struct bench *b, const char *class)
{
    size_t count = 0;
    for (size_t i = 0; i < b->line_count; i++)
        if (is_of(b, &b->lines[i], class))
            b->values[count++] = (double)b->lines[i].total;
    if (count == 0)
        return;
    double matches = median(b, count); /* before the next, which uses b->values, too */
    printf("| %s | %zu | %.0f | %.0f", class, count, matches, median_of(b, class, 0, false));
    for (size_t mode = 1; mode < PLAIN_MODES + b->set.filter_count; mode++)
        printf(" | %.0f (%.2f)", median_of(b, class, mode, false), median_of(b, class, mode, true));
    printf(" |\n");
}

static void run_all(struct bench *b)
{
    const char *classes[CLASS_MAX];
    size_t class_count = 0;
    report_head(&b->set);
    for (size_t i = 0; i < b->line_count; i++) {
        size_t k = 0;
        run_line(b, &b->lines[i]);
        while (k < class_count && strcmp(classes[k], b->lines[i].class) != 0)
            k++;
        if (k == class_count && class_count < CLASS_MAX)
            classes[class_count++] = b->lines[i].class;
    }
    for (size_t k = 0; k < class_count; k++)
        report_class(b, classes[k]);
}

/* ---- options ---- */

static const char HELP[] =
    "usage: bench_search_modes --index INDEX --queries FILE [--repeat N] [--limit K] [--least N]\n"
    "           [--filter TEXT]...\n"
    "\n"
    "Searches each query of FILE (a query a line, or class TAB query; # begins a comment) in "
    "every\n"
    "order, with facets, collapsed and with filters, and prints a row a class: microseconds, and\n"
    "in brackets the ratio to counting the same matches.\n"
    "\n"
    "  --index INDEX      the index\n"
    "  --queries FILE     the queries\n"
    "  --repeat N         runs of each, of which the best counts: 1 to 1000 (5)\n"
    "  --limit K          hits wanted (10)\n"
    "  --least N          leave queries with fewer matches out (1)\n"
    "  --filter TEXT      measure this filter, too; up to 8 times\n"
    "  --help             this text\n";

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

static void add_filter(struct settings *set, const char *text)
{
    if (set->filter_count == FILTERS_MAX)
        option_usage(HELP, "too many filters", text);
    set->filters[set->filter_count++] = text;
}

static void read_settings(struct settings *set, int argc, char **argv)
{
    *set = (struct settings){.repeat = 5, .limit = 10, .least = 1};
    option_help(argc, argv, HELP);
    for (int i = 1; i < argc; i++) {
        const char *a = argv[i];
        if (strcmp(a, "--index") == 0)
            set->index = value(argc, argv, &i);
        else if (strcmp(a, "--queries") == 0)
            set->queries = value(argc, argv, &i);
        else if (strcmp(a, "--filter") == 0)
            add_filter(set, value(argc, argv, &i));
        else if (strcmp(a, "--repeat") == 0)
            set->repeat = (unsigned)number(argc, argv, &i, 1, REPEAT_MAX);
        else if (strcmp(a, "--limit") == 0)
            set->limit = number(argc, argv, &i, 1, LIMIT_MAX);
        else if (strcmp(a, "--least") == 0)
            set->least = number(argc, argv, &i, 1, UINT64_MAX);
        else
            option_usage(HELP, "unknown option", a);
    }
    if (!set->index || !set->queries)
        option_usage(HELP, "--index and --queries are needed", NULL);
}

int main(int argc, char **argv)
{
    static struct bench b;
    struct gs_buf file;
    struct gs_err err = {0};
    read_settings(&b.set, argc, argv);
    read_lines(&b, &file);
    if (gs_snapshot_open(&b.snapshot, b.set.index, &err))
        die("cannot open the index", &err);
    if (gs_search_create(&b.search))
        die("no memory", NULL);
    run_all(&b);
    gs_search_free(b.search);
    gs_snapshot_close(&b.snapshot);
    gs_buf_release(&file);
    return 0;
}
