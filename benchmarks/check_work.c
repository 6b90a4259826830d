/*
 * check_work: fixed pieces of work for check.sh, which counts their instructions under callgrind.
 *
 *   check_work tokenise FILE            every filing through layout, structure and cutter
 *   check_work build FILE INDEX         an index on one thread, without stored text
 *   check_work build-text FILE INDEX    the same with it
 *   check_work query INDEX FILE CLASS   parses and runs the class's queries, top 10
 *   check_work any INDEX FILE CLASS     the same as --any
 *   check_work snippets INDEX FILE CLASS   the same as query, and ten hits with their passages
 *
 * Only what check_measured() calls is counted: reading files and opening the index are not. The
 * portable paths are counted, whatever the processor has: main() takes the features from the
 * answer that libgcc keeps for __builtin_cpu_supports, which every choice of a kernel asks.
 */
#include "benchmarks/contents.h"
#include "benchmarks/options.h"
#include "common/base/file.h"
#include "common/text/analysis.h"
#include "common/text/kernel.h"
#include "indexer/builder.h"
#include "indexer/intake.h"
#include "query/results.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
/* libgcc and compiler-rt: what __builtin_cpu_supports reads. */
extern struct {
    unsigned vendor, type, subtype, features[1];
} __cpu_model;
extern unsigned __cpu_features2[];
static void forget_features(void)
{
    __builtin_cpu_init();
    __cpu_model.features[0] = 0;
    __cpu_features2[0] = 0;
}
#else
static void forget_features(void)
{
}
#endif

#define QUERIES_MAX 1024

struct work {
    enum gaosou_status (*run)(struct work *w, struct gs_err *err);
    /* tokenise */
    struct contents contents;
    struct gs_analysis analysis;
    /* build */
    const char *file, *index;
    bool with_text; /* kept by a build, shown by a query */
    /* queries */
    struct gs_snapshot snapshot;
    struct gs_search *search;
    enum gs_query_mode mode;
    struct gs_buf lines;
    const char *queries[QUERIES_MAX]; /* in lines */
    size_t sizes[QUERIES_MAX];
    size_t count;
    uint64_t done; /* of whatever is counted; printed, so that the work is seen to be done */
};

/* What callgrind collects in; a call that is not inlined. */
enum gaosou_status check_measured(struct work *w, struct gs_err *err);
__attribute__((noinline)) enum gaosou_status check_measured(struct work *w, struct gs_err *err)
{
    return w->run(w, err);
}

/* ---- tokenise ---- */

static enum gaosou_status tokenise(struct work *w, struct gs_err *err)
{
    struct gs_analysis *a = &w->analysis;
    for (size_t i = 0; i < w->contents.count; i++) {
        const struct content *c = &w->contents.items[i];
        enum gaosou_status st =
            gs_analysis_begin(a, contents_bytes(&w->contents, i), c->size, c->title_size, err);
        while (!st && a->offset < a->size)
            st = gs_analysis_chunk(a, a->size);
        if (st)
            return st;
        w->done += gs_analysis_positions(a);
    }
    return GAOSOU_OK;
}

static enum gaosou_status do_tokenise(struct work *w, char **args, struct gs_err *err)
{
    enum gaosou_status st = contents_load(&w->contents, args[0], SIZE_MAX, err);
    if (st || (st = gs_analysis_init(&w->analysis, false)))
        return st;
    w->run = tokenise;
    st = check_measured(w, err);
    gs_analysis_release(&w->analysis);
    contents_release(&w->contents);
    return st;
}

/* ---- build ---- */

static enum gaosou_status pass_on(void *ctx, const struct gs_filing *filing, struct gs_err *err)
{
    return gs_builder_add(ctx, filing, err);
}

static enum gaosou_status build(struct work *w, struct gs_err *err)
{
    struct gs_index_writer *writer = NULL;
    struct gs_builder *b = NULL;
    struct gs_intake in = {0};
    struct gs_console console = {.out = stdout, .err = stderr, .quiet = true};
    struct gs_builder_params building = {
        .threads = 1, .memory = GS_MEMORY_DEFAULT, .with_text = w->with_text};
    struct gs_intake_params reading = {.filing_max = gs_builder_filing_max(GS_MEMORY_DEFAULT)};
    enum gaosou_status st = gs_index_writer_open(&writer, w->index, true, err);
    if (!st)
        st = gs_builder_create(&b, writer, &building, err);
    struct gs_intake_sink sink = {b, pass_on};
    if (!st)
        st = gs_intake_open(&in, &reading, &sink, &console, err);
    if (!st)
        st = gs_intake_path(&in, w->file, err);
    if (!st)
        st = gs_builder_finish(b, err);
    if (!st)
        st = gs_index_writer_commit(writer, err);
    if (!st)
        w->done = gs_builder_get_counts(b).content_bytes;
    gs_intake_close(&in);
    gs_builder_free(b);
    gs_index_writer_close(writer);
    return st;
}

static enum gaosou_status do_build(struct work *w, char **args, struct gs_err *err)
{
    w->file = args[0];
    w->index = args[1];
    w->run = build;
    return check_measured(w, err);
}

/* ---- queries ---- */

/* Records and passages of the hits, as they are shown. */
static enum gaosou_status show(struct work *w, const struct gs_query *q, const struct gs_result *r,
                               struct gs_err *err)
{
    struct gs_results_builder *b;
    enum gaosou_status st = gs_results_builder_create(&b, w->search, &w->snapshot, q, true, err);
    if (st)
        return st;
    for (size_t i = 0; !st && i < r->hit_count; i++) {
        struct gs_results_hit hit;
        st = gs_results_fill(b, &r->hits[i], i + 1, &hit, err);
        w->done += st ? 0 : hit.fragment_count;
    }
    gs_results_builder_free(b);
    return st;
}

static enum gaosou_status answer(struct work *w, size_t i, struct gs_err *err)
{
    struct gs_search_options options = gs_search_defaults();
    options.ranking.chosen = true; /* BM25 alone, as the counts checked in */
    struct gs_query *q;
    struct gs_result r;
    enum gaosou_status st = gs_query_parse(&q, w->queries[i], w->sizes[i],
                                           &(struct gs_query_params){.mode = w->mode}, err);
    if (st)
        return st;
    st = gs_search_run(w->search, &w->snapshot, q, &options, &r, err);
    if (!st)
        w->done += r.hit_count;
    if (!st && w->with_text)
        st = show(w, q, &r, err);
    gs_query_free(q);
    return st;
}

static enum gaosou_status answer_all(struct work *w, struct gs_err *err)
{
    enum gaosou_status st = GAOSOU_OK;
    for (size_t i = 0; !st && i < w->count; i++)
        st = answer(w, i, err);
    return st;
}

/* The queries of one class, as lines "class TAB query". */
static enum gaosou_status read_queries(struct work *w, const char *path, const char *class,
                                       struct gs_err *err)
{
    gs_buf_init(&w->lines, 1 << 20);
    enum gaosou_status st = gs_file_read(path, &w->lines, err);
    size_t n = strlen(class);
    const char *p = (const char *)w->lines.data, *end = p + w->lines.size;
    while (!st && p < end) {
        const char *line_end = memchr(p, '\n', (size_t)(end - p));
        line_end = line_end ? line_end : end;
        if ((size_t)(line_end - p) > n && memcmp(p, class, n) == 0 && p[n] == '\t' &&
            w->count < QUERIES_MAX) {
            w->queries[w->count] = p + n + 1;
            w->sizes[w->count++] = (size_t)(line_end - p) - n - 1;
        }
        p = line_end + 1;
    }
    if (!st && w->count == 0)
        st = gs_err_set(err, GAOSOU_E_USE, "%s has no queries of the class %s", path, class);
    return st;
}

static enum gaosou_status do_queries(struct work *w, char **args, struct gs_err *err)
{
    enum gaosou_status st = read_queries(w, args[1], args[2], err);
    if (st || (st = gs_snapshot_open(&w->snapshot, args[0], err)))
        return st;
    st = gs_search_create(&w->search);
    w->run = answer_all;
    if (!st)
        st = check_measured(w, err);
    gs_search_free(w->search);
    gs_snapshot_close(&w->snapshot);
    gs_buf_release(&w->lines);
    return st;
}

/* ---- */

struct command {
    const char *name;
    int args;
    enum gaosou_status (*run)(struct work *w, char **args, struct gs_err *err);
    bool with_text;
    enum gs_query_mode mode;
};

static const struct command commands[] = {
    {"tokenise", 1, do_tokenise, false, GS_QUERY_SYNTAX},
    {"build", 2, do_build, false, GS_QUERY_SYNTAX},
    {"build-text", 2, do_build, true, GS_QUERY_SYNTAX},
    {"query", 3, do_queries, false, GS_QUERY_SYNTAX},
    {"any", 3, do_queries, false, GS_QUERY_ANY},
    {"snippets", 3, do_queries, true, GS_QUERY_SYNTAX},
};

static const char HELP[] =
    "usage: check_work WORK ARGUMENT...\n"
    "\n"
    "One piece of work on one thread and portable code, whose instructions check.sh counts.\n"
    "\n"
    "  tokenise FILE                every filing through layout, structure and cutter\n"
    "  build FILE INDEX             an index without stored text\n"
    "  build-text FILE INDEX        an index with it\n"
    "  query INDEX FILE CLASS       the queries of FILE that are of the class, top 10\n"
    "  any INDEX FILE CLASS         the same as with --any\n"
    "  snippets INDEX FILE CLASS    the same as query, and ten hits with their passages\n"
    "  --help                       this text\n";

int main(int argc, char **argv)
{
    static struct work w;
    struct gs_err err = {0};
    option_help(argc, argv, HELP);
    forget_features();
    enum gaosou_status st = gs_kernel_select("scalar", &err);
    for (size_t i = 0; !st && argc > 1 && i < sizeof(commands) / sizeof(commands[0]); i++) {
        const struct command *c = &commands[i];
        if (strcmp(argv[1], c->name) != 0 || argc != c->args + 2)
            continue;
        w.with_text = c->with_text;
        w.mode = c->mode;
        st = c->run(&w, argv + 2, &err);
        if (!st)
            printf("%llu\n", (unsigned long long)w.done);
        else
            fprintf(stderr, "check_work: %s\n", err.text);
        return st ? 2 : 0;
    }
    option_usage(HELP, "no such work, or other arguments than it takes", NULL);
}
