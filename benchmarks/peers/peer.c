#include "benchmarks/peers/peer.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PASSES      3
#define LINE_MAX    65536
#define QUERIES_MAX 65536
#define PARTS_MAX   64

static const char *program;

void peer_die(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s%s%s\n", program, what, why ? ": " : "", why ? why : "");
    exit(2);
}

static void *allocate(void *old, size_t size)
{
    void *memory = realloc(old, size);
    if (!memory)
        peer_die("no memory", NULL);
    return memory;
}

/* ---- clocks ---- */

static double wall_start, cpu_start;
static uint64_t stored;

static double wall(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double cpu(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           1e-6 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

void peer_clock_restart(void)
{
    wall_start = wall();
    cpu_start = cpu();
}

void peer_stored_bytes(uint64_t bytes)
{
    stored = bytes;
}

/* ---- filings ---- */

static void docs_open(struct peer_docs *docs, const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0)
        peer_die("cannot open", path);
    void *map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    close(fd);
    if (map == MAP_FAILED)
        peer_die("cannot map", path);
    *docs = (struct peer_docs){.bytes = map, .size = (size_t)st.st_size};
}

bool peer_docs_next(struct peer_docs *docs, const char **text, size_t *size)
{
    uint32_t bytes;
    if (docs->size - docs->at < sizeof(bytes))
        return false;
    const uint8_t *p = docs->bytes + docs->at;
    bytes = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
    if (bytes > docs->size - docs->at - sizeof(bytes))
        return false;
    *text = (const char *)p + sizeof(bytes);
    *size = bytes;
    docs->at += sizeof(bytes) + bytes;
    docs->number++;
    return true;
}

/* ---- queries ---- */

struct queries {
    struct peer_query *all;
    size_t count;
};

size_t peer_characters(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += ((uint8_t)*text & 0xC0) != 0x80;
    return n;
}

static void parse_line(struct peer_query *q, char *line)
{
    static const char *const names[] = {"phrase", "all", "or", "any", "prefix"};
    const char *fields[PARTS_MAX + 2];
    size_t count = 0;
    for (char *field = strtok(line, "\t"); field && count < PARTS_MAX + 2;
         field = strtok(NULL, "\t"))
        fields[count++] = strdup(field);
    size_t op = 0;
    while (count > 2 && op < sizeof(names) / sizeof(*names) && strcmp(fields[1], names[op]) != 0)
        op++;
    if (count < 3 || op == sizeof(names) / sizeof(*names))
        peer_die("not a query", count ? fields[0] : "");
    *q = (struct peer_query){.class_name = fields[0], .op = (enum peer_op)op};
    q->part_count = count - 2;
    q->parts = allocate(NULL, q->part_count * sizeof(*q->parts));
    memcpy(q->parts, fields + 2, q->part_count * sizeof(*q->parts));
}

static void read_queries(struct queries *queries, const char *path)
{
    static char line[LINE_MAX];
    FILE *file = fopen(path, "r");
    if (!file)
        peer_die("cannot open", path);
    queries->all = allocate(NULL, QUERIES_MAX * sizeof(*queries->all));
    while (queries->count < QUERIES_MAX && fgets(line, sizeof(line), file)) {
        line[strcspn(line, "\n")] = '\0';
        parse_line(&queries->all[queries->count++], line);
    }
    fclose(file);
}

void peer_matches_add(struct peer_matches *m, uint32_t number)
{
    if (m->count == m->capacity) {
        m->capacity = 2 * m->capacity + 1024;
        m->numbers = allocate(m->numbers, m->capacity * sizeof(*m->numbers));
    }
    m->numbers[m->count++] = number;
}

/* ---- commands ---- */

static void run_build(const struct peer_engine *engine, char **args)
{
    struct peer_docs docs;
    docs_open(&docs, args[0]);
    peer_clock_restart();
    engine->build(&docs, args[1], strcmp(args[2], "1") == 0, (unsigned)atoi(args[3]));
    printf("{\"seconds\":%.4f,\"cpu_seconds\":%.4f,\"stored_bytes\":%llu}\n", wall() - wall_start,
           cpu() - cpu_start, (unsigned long long)stored);
}

static void run_tokenise(const struct peer_engine *engine, char **args)
{
    struct peer_docs docs;
    double best = 0;
    uint64_t tokens = 0;
    if (!engine->tokenise)
        peer_die("no analysis by itself", NULL);
    docs_open(&docs, args[0]);
    for (int pass = 0; pass < PASSES; pass++) {
        docs.at = 0;
        docs.number = 0;
        double start = wall();
        tokens = engine->tokenise(&docs);
        double seconds = wall() - start;
        best = pass == 0 || seconds < best ? seconds : best;
    }
    printf("{\"seconds\":%.4f,\"tokens\":%llu}\n", best, (unsigned long long)tokens);
}

struct timing {
    double seconds; /* the best; negative: never run */
    size_t hits;
};

static void time_class(const struct peer_engine *engine, void *ctx, const struct peer_query *q,
                       size_t count, bool snippets, double seconds, struct timing *times)
{
    size_t done = 0;
    double start = wall();
    for (; done < count && wall() - start < seconds; done++)
        engine->search(ctx, &q[done], snippets);
    start = wall();
    for (int pass = 0; pass < PASSES && (pass == 0 || wall() - start < seconds); pass++) {
        for (size_t i = 0; i < done; i++) {
            double begin = wall();
            size_t hits = engine->search(ctx, &q[i], snippets);
            double took = wall() - begin;
            if (times[i].seconds < 0 || took < times[i].seconds)
                times[i] = (struct timing){took, hits};
        }
    }
}

static void run_query(const struct peer_engine *engine, char **args)
{
    struct queries queries = {0};
    void *ctx = engine->open(args[0]);
    read_queries(&queries, args[1]);
    struct timing *times = allocate(NULL, (queries.count + 1) * sizeof(*times));
    for (size_t i = 0; i < queries.count; i++)
        times[i] = (struct timing){.seconds = -1};
    for (size_t from = 0, to; from < queries.count; from = to) {
        const char *name = queries.all[from].class_name;
        for (to = from; to < queries.count && strcmp(queries.all[to].class_name, name) == 0;)
            to++;
        time_class(engine, ctx, &queries.all[from], to - from, strcmp(args[2], "1") == 0,
                   atof(args[3]), &times[from]);
    }
    for (size_t i = 0; i < queries.count; i++) {
        if (times[i].seconds < 0)
            puts("-");
        else
            printf("%.0f\t%zu\n", 1e9 * times[i].seconds, times[i].hits);
    }
    engine->close(ctx);
}

static int compare_numbers(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void run_check(const struct peer_engine *engine, char **args)
{
    struct queries queries = {0};
    struct peer_matches m = {0};
    void *ctx = engine->open(args[0]);
    read_queries(&queries, args[1]);
    for (size_t i = 0; i < queries.count; i++) {
        m.count = 0;
        engine->matches(ctx, &queries.all[i], &m);
        if (m.count > 1)
            qsort(m.numbers, m.count, sizeof(*m.numbers), compare_numbers);
        for (size_t k = 0; k < m.count; k++)
            printf("%s%u", k ? " " : "", m.numbers[k]);
        putchar('\n');
    }
    engine->close(ctx);
}

int peer_main(const struct peer_engine *engine, int argc, char **argv)
{
    static const struct {
        const char *name;
        int args;
        void (*run)(const struct peer_engine *, char **);
    } commands[] = {{"build", 4, run_build},
                    {"tokenise", 1, run_tokenise},
                    {"query", 4, run_query},
                    {"check", 2, run_check}};
    program = engine->name;
    for (size_t i = 0; argc > 1 && i < sizeof(commands) / sizeof(*commands); i++) {
        if (strcmp(argv[1], commands[i].name) == 0 && argc - 2 == commands[i].args) {
            commands[i].run(engine, argv + 2);
            return 0;
        }
    }
    peer_die("build DOCS INDEX TEXT THREADS | tokenise DOCS | query INDEX QUERIES SNIPPETS SECONDS "
             "| check INDEX QUERIES",
             NULL);
}
