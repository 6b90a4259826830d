/*
 * bench_index: how fast filings become an index, how large it is and how much memory that takes.
 *
 *   bench_index [--folder DIR] [--repeat N] [--threads N[,N...]] [--memory MB]
 *               [--text yes|no|both] [--kernel NAME] [FILE...]
 *
 * Files are what `gaosou-index add` takes; without any, the corpora's news and prospectus/pages.
 * Packed files are unpacked into DIR first, so that unpacking is not measured; reading, JSON,
 * analysis, sorting, encoding, compressing, writing and syncing are. Each build runs in a process
 * of its own. One JSON line for each setting: the median run of N (3), MB/s of text (content bytes,
 * 10^6), bytes by section, ratio to the text, and the highest RssAnon, looked at every two
 * milliseconds.
 */
#include "benchmarks/options.h"
#include "common/text/kernel.h"
#include "indexer/builder.h"
#include "indexer/intake.h"
#include "tests/support/corpus.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FILES_MAX    256
#define REPEAT_MAX   101
#define SECTIONS_MAX 48
#define THREADS_MAX  8
#define MEMORY_MAX   1000000 /* MB */

struct settings {
    const char *named; /* the first file as it was named */
    char *files[FILES_MAX];
    bool made[FILES_MAX]; /* an unpacked copy of ours */
    size_t file_count;
    const char *folder;
    bool own_folder; /* made by us, gone at the end */
    unsigned repeat, threads[THREADS_MAX], thread_count;
    uint64_t memory;
    bool text[2];
    size_t text_count;
};

/* What a build sends to its parent; names are of static storage, the same in both. */
struct result {
    double seconds, cpu_seconds;
    uint64_t filings, content_bytes, index_bytes, rss_anon, segments;
    struct {
        char name[32];
        uint64_t size;
    } sections[SECTIONS_MAX];
    size_t section_count;
};

static void stop(const char *what, const char *why)
{
    fprintf(stderr, "bench_index: %s%s%s\n", what, why ? ": " : "", why ? why : "");
    exit(2);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double cpu_seconds(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           1e-6 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

/* ---- memory ---- */

static atomic_bool watching;
static uint64_t highest; /* bytes; the watcher's until it is joined */

static uint64_t rss_anon(void)
{
    char text[4096];
    int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
    if (fd >= 0)
        close(fd);
    text[n > 0 ? n : 0] = '\0';
    const char *line = strstr(text, "RssAnon:");
    return line ? strtoull(line + 8, NULL, 10) * 1024 : 0;
}

static void *watch(void *unused)
{
    (void)unused;
    while (atomic_load(&watching)) {
        uint64_t bytes = rss_anon();
        highest = bytes > highest ? bytes : highest;
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    }
    return NULL;
}

/* ---- one build ---- */

static enum gaosou_status pass_on(void *ctx, const struct gs_filing *filing, struct gs_err *err)
{
    return gs_builder_add(ctx, filing, err);
}

static void measure_index(const char *index, struct result *r)
{
    struct gs_snapshot s = {0};
    struct gs_err err;
    if (gs_snapshot_open(&s, index, &err) != GAOSOU_OK)
        stop("cannot open what was built", err.text);
    r->segments = s.segment_count;
    for (size_t i = 0; i < s.segment_count; i++) {
        const char *name;
        uint64_t size;
        r->index_bytes += s.manifest.segments[i].file_size;
        for (size_t k = 0; gs_segment_section(s.segments[i].segment, k, &name, &size); k++) {
            size_t at = 0;
            while (at < r->section_count && strcmp(r->sections[at].name, name) != 0)
                at++;
            if (at == SECTIONS_MAX)
                continue;
            if (at == r->section_count)
                snprintf(r->sections[r->section_count++].name, sizeof(r->sections[0].name), "%s",
                         name);
            r->sections[at].size += size;
        }
    }
    gs_snapshot_close(&s);
}

static enum gaosou_status build(const struct settings *s, const char *index, unsigned threads,
                                bool text, struct result *r, struct gs_err *err)
{
    struct gs_index_writer *w = NULL;
    struct gs_builder *b = NULL;
    struct gs_intake in;
    struct gs_console console = {.out = stdout, .err = stderr, .quiet = true};
    struct gs_builder_params building = {
        .threads = threads, .memory = s->memory, .with_text = text};
    struct gs_intake_params reading = {.filing_max = gs_builder_filing_max(s->memory)};
    enum gaosou_status status = gs_index_writer_open(&w, index, true, err);
    if (status == GAOSOU_OK)
        status = gs_builder_create(&b, w, &building, err);
    struct gs_intake_sink sink = {b, pass_on};
    if (status == GAOSOU_OK)
        status = gs_intake_open(&in, &reading, &sink, &console, err);
    for (size_t i = 0; i < s->file_count && status == GAOSOU_OK; i++)
        status = gs_intake_path(&in, s->files[i], err);
    if (status == GAOSOU_OK)
        status = gs_builder_finish(b, err);
    if (status == GAOSOU_OK)
        status = gs_index_writer_commit(w, err);
    if (status != GAOSOU_OK)
        return status;
    r->filings = gs_builder_get_counts(b).filings;
    r->content_bytes = gs_builder_get_counts(b).content_bytes;
    gs_intake_close(&in);
    gs_builder_free(b);
    gs_index_writer_close(w);
    return GAOSOU_OK;
}

/* In the child: builds and sends the result. */
static void child(const struct settings *s, const char *index, unsigned threads, bool text,
                  int pipe)
{
    struct result r = {0};
    struct gs_err err;
    pthread_t watcher;
    atomic_store(&watching, true);
    if (pthread_create(&watcher, NULL, watch, NULL) != 0)
        stop("cannot start a thread", NULL);
    double start = now(), cpu = cpu_seconds();
    if (build(s, index, threads, text, &r, &err) != GAOSOU_OK)
        stop("cannot build", err.text);
    r.seconds = now() - start;
    r.cpu_seconds = cpu_seconds() - cpu;
    atomic_store(&watching, false);
    pthread_join(watcher, NULL);
    r.rss_anon = highest;
    measure_index(index, &r);
    if (write(pipe, &r, sizeof(r)) != (ssize_t)sizeof(r))
        _exit(2);
    _exit(0);
}

static void remove_index(const char *index)
{
    char command[4200];
    snprintf(command, sizeof(command), "rm -rf '%s'", index);
    if (strchr(index, '\'') || system(command) != 0)
        stop("cannot remove", index);
}

static void clean_up(struct settings *s)
{
    for (size_t i = 0; i < s->file_count; i++) {
        if (s->made[i])
            (void)unlink(s->files[i]);
        free(s->files[i]);
    }
    if (s->own_folder)
        (void)rmdir(s->folder);
}

static struct result one_run(const struct settings *s, unsigned threads, bool text)
{
    char index[4096];
    int ends[2], status;
    struct result r;
    snprintf(index, sizeof(index), "%s/bench.index", s->folder);
    remove_index(index);
    if (pipe(ends) != 0)
        stop("pipe", NULL);
    fflush(stdout);
    pid_t pid = fork();
    if (pid < 0)
        stop("fork", NULL);
    if (pid == 0)
        child(s, index, threads, text, ends[1]);
    close(ends[1]);
    ssize_t n = read(ends[0], &r, sizeof(r));
    close(ends[0]);
    if (waitpid(pid, &status, 0) != pid || status != 0 || n != (ssize_t)sizeof(r))
        stop("a build failed", NULL);
    remove_index(index);
    return r;
}

static int by_seconds(const void *a, const void *b)
{
    const struct result *x = a, *y = b;
    return x->seconds < y->seconds ? -1 : x->seconds > y->seconds;
}

/* Nothing was built: names the first file, which is the only one most often. */
static void stop_empty(struct settings *s, const char *first)
{
    char name[4096];
    snprintf(name, sizeof(name), "%s%s", first, s->file_count > 1 ? " and the others" : "");
    clean_up(s);
    stop(name, "no filings in it");
}

static void report(struct settings *s, unsigned threads, bool text)
{
    static struct result runs[REPEAT_MAX];
    for (unsigned i = 0; i < s->repeat; i++) {
        runs[i] = one_run(s, threads, text);
        if (runs[i].content_bytes == 0)
            stop_empty(s, s->named);
    }
    qsort(runs, s->repeat, sizeof(*runs), by_seconds);
    const struct result *r = &runs[s->repeat / 2];
    double mb = (double)r->content_bytes / 1e6;
    printf("{\"bench\":\"index\",\"text\":%s,\"threads\":%u,\"runs\":%u,\"filings\":%llu,"
           "\"content_bytes\":%llu,\"seconds\":%.3f,\"seconds_best\":%.3f,\"cpu_seconds\":%.3f,"
           "\"mb_per_s\":%.1f,\"index_bytes\":%llu,\"ratio\":%.4f,\"segments\":%llu,"
           "\"rss_anon_bytes\":%llu,\"sections\":{",
           text ? "true" : "false", threads, s->repeat, (unsigned long long)r->filings,
           (unsigned long long)r->content_bytes, r->seconds, runs[0].seconds, r->cpu_seconds,
           mb / r->seconds, (unsigned long long)r->index_bytes,
           (double)r->index_bytes / (double)r->content_bytes, (unsigned long long)r->segments,
           (unsigned long long)r->rss_anon);
    for (size_t i = 0; i < r->section_count; i++)
        printf("%s\"%s\":%llu", i ? "," : "", r->sections[i].name,
               (unsigned long long)r->sections[i].size);
    printf("}}\n");
    fflush(stdout);
}

/* ---- inputs ---- */

/* The path itself, or that of an unpacked copy in the folder; malloc'ed. */
static char *unpacked(struct settings *s, const char *path, size_t number)
{
    enum gs_source_kind kind;
    enum gs_packing packing;
    if (!gs_source_kind_of(path, &kind, &packing) || packing == GS_PACKING_NONE)
        return strdup(path);
    char *copy = NULL;
    if (asprintf(&copy, "%s/input%zu.%s", s->folder, number,
                 kind == GS_SOURCE_TEXT ? "txt" : "jsonl") < 0)
        stop("no memory", NULL);
    s->made[number] = true;
    struct gs_stream *stream;
    struct gs_err err;
    FILE *out = fopen(copy, "w");
    static uint8_t bytes[1 << 20];
    size_t got = 1;
    if (!out || gs_stream_open(&stream, path, packing, &err) != GAOSOU_OK)
        stop(out ? err.text : copy, NULL);
    while (got > 0) {
        if (gs_stream_read(stream, bytes, sizeof(bytes), &got, &err) != GAOSOU_OK)
            stop(err.text, NULL);
        if (fwrite(bytes, 1, got, out) != got)
            stop("cannot write", copy);
    }
    gs_stream_close(stream);
    if (fclose(out) != 0)
        stop("cannot write", copy);
    return copy;
}

static void take_files(struct settings *s, char **paths, int count)
{
    static const char *const samples[] = {"news/docs.jsonl.zst", "prospectus/pages.jsonl.zst"};
    char path[4096];
    s->named = count > 0 ? paths[0] : samples[0];
    for (int i = 0; i < count; i++, s->file_count++)
        s->files[s->file_count] = unpacked(s, paths[i], s->file_count);
    if (count > 0)
        return;
    if (!corpus_root())
        stop("no corpora; name files, or set GAOSOU_CORPORA", NULL);
    for (size_t i = 0; i < 2; i++, s->file_count++) {
        snprintf(path, sizeof(path), "%s/%s", corpus_root(), samples[i]);
        s->files[i] = unpacked(s, path, i);
    }
}

static const char HELP[] =
    "usage: bench_index [--folder DIR] [--repeat N] [--threads N[,N...]] [--memory MB]\n"
    "           [--text yes|no|both] [--kernel NAME] [FILE...]\n"
    "\n"
    "Builds an index of filings and prints a JSON line for each setting. FILEs are what\n"
    "`gaosou-index add` takes; without any, the corpora's news and prospectus pages.\n"
    "\n"
    "  --folder DIR          where indexes are built and packed files unpacked (a new temporary\n"
    "                        folder)\n"
    "  --repeat N            builds of each setting, of which the median is shown: 1 to 101 (3)\n"
    "  --threads N[,N...]    threads that build: each 1 to 64, up to 8 numbers (1,2)\n"
    "  --memory MB           as of gaosou-index add (1024)\n"
    "  --text yes|no|both    with stored text, without, or first without and then with (both)\n"
    "  --kernel NAME         instruction set: scalar, ssse3, avx2 or avx512 (the best there is)\n"
    "  --help                this text\n";

static void force_kernel(const char *name)
{
    struct gs_err err;
    if (gs_kernel_select(name, &err) != GAOSOU_OK)
        stop(err.text, NULL);
}

static void take_threads(struct settings *s, char *list)
{
    s->thread_count = 0;
    for (char *one; (one = strsep(&list, ","));) {
        if (s->thread_count == THREADS_MAX)
            stop("--threads", "more than 8 numbers");
        s->threads[s->thread_count++] = (unsigned)option_number("--threads", one, 1, 64);
    }
}

static void take_text(struct settings *s, const char *value)
{
    if (strcmp(value, "both") == 0)
        return;
    if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
        option_usage(HELP, "--text: yes, no or both, not", value);
    s->text_count = 1;
    s->text[0] = strcmp(value, "yes") == 0;
}

static int parse(struct settings *s, int argc, char **argv)
{
    int i = 1;
    for (; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
        char *value = argv[i + 1];
        if (strcmp(argv[i], "--folder") == 0)
            s->folder = value;
        else if (strcmp(argv[i], "--repeat") == 0)
            s->repeat = (unsigned)option_number(argv[i], value, 1, REPEAT_MAX);
        else if (strcmp(argv[i], "--memory") == 0)
            s->memory = option_number(argv[i], value, GS_MEMORY_MIN >> 20, MEMORY_MAX) << 20;
        else if (strcmp(argv[i], "--threads") == 0)
            take_threads(s, value);
        else if (strcmp(argv[i], "--kernel") == 0)
            force_kernel(value);
        else if (strcmp(argv[i], "--text") == 0)
            take_text(s, value);
        else
            option_usage(HELP, "unknown option", argv[i]);
    }
    if (i < argc && strncmp(argv[i], "--", 2) == 0)
        option_usage(HELP, "an unknown option, or one without its value", argv[i]);
    if (argc - i > FILES_MAX)
        stop("more than 256 files", NULL);
    for (int k = i; k < argc; k++)
        option_readable(argv[k], true);
    return i;
}

int main(int argc, char **argv)
{
    struct settings s = {.repeat = 3,
                         .threads = {1, 2},
                         .thread_count = 2,
                         .memory = GS_MEMORY_DEFAULT,
                         .text = {false, true},
                         .text_count = 2};
    char made[] = "/tmp/bench_index.XXXXXX";
    option_help(argc, argv, HELP);
    int first = parse(&s, argc, argv);
    s.own_folder = s.folder == NULL;
    if (s.own_folder && !(s.folder = mkdtemp(made)))
        stop("cannot make a folder", made);
    take_files(&s, argv + first, argc - first);
    for (size_t t = 0; t < s.text_count; t++) {
        for (unsigned k = 0; k < s.thread_count; k++)
            report(&s, s.threads[k], s.text[t]);
    }
    clean_up(&s);
    return 0;
}
