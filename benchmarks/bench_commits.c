/*
 * bench_commits: what an index pays for growing in small commits.
 *
 *   bench_commits [--commits N] [--filings N] [--no-merge] INDEX FILE
 *
 * Adds N filings of FILE (.txt, .jsonl, .zst) in each of N commits, as `gaosou-index add` does: the
 * index is opened, written, committed, merged by the policy and closed each time. INDEX is made, or
 * grows. FILE is read around where it is too short. One JSON line: milliseconds of a commit without
 * and with its merges, bytes written for each byte added, and segments.
 */
#include "benchmarks/contents.h"
#include "benchmarks/options.h"
#include "indexer/builder.h"
#include "indexer/merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LIMIT ((size_t)256 << 20) /* bytes of FILE */

static const char HELP[] =
    "usage: bench_commits [--commits N] [--filings N] [--no-merge] INDEX FILE\n"
    "\n"
    "  --commits N   so many commits (1000)\n"
    "  --filings N   filings in each (10)\n"
    "  --no-merge    segments are left as they are\n";

struct bench {
    const char *index;
    size_t commits, filings;
    bool no_merge;
    struct contents contents;
    size_t next; /* filing */
    double *commit_ms, *whole_ms;
    uint64_t added, merged; /* bytes of segment files */
    size_t most, last;      /* segments after a commit */
    uint64_t first_id;
};

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

/* Bytes of the segments with this number and later ones. */
static uint64_t bytes_since(const struct gs_index_writer *w, uint64_t number)
{
    const struct gs_manifest *m = gs_index_writer_manifest(w);
    uint64_t bytes = 0;
    for (size_t i = 0; i < m->segment_count; i++)
        bytes += m->segments[i].number >= number ? m->segments[i].file_size : 0;
    return bytes;
}

static enum gaosou_status add_filings(struct bench *b, struct gs_index_writer *w,
                                      struct gs_err *err)
{
    struct gs_builder *builder;
    struct gs_builder_params params = {.threads = 1, .memory = GS_MEMORY_MIN, .with_text = true};
    enum gaosou_status status = gs_builder_create(&builder, w, &params, err);
    if (status != GAOSOU_OK)
        return status;
    for (size_t i = 0; i < b->filings && status == GAOSOU_OK; i++, b->next++) {
        size_t at = b->next % b->contents.count;
        char id[32];
        int size = snprintf(id, sizeof(id), "%llu", (unsigned long long)(b->first_id + b->next));
        struct gs_filing filing = {.source_size = b->contents.items[at].size};
        filing.field[GS_FIELD_ID] = (struct gs_str){id, (size_t)size};
        filing.text = (struct gs_str){(const char *)contents_bytes(&b->contents, at),
                                      b->contents.items[at].size};
        status = gs_builder_add(builder, &filing, err);
    }
    if (status == GAOSOU_OK)
        status = gs_builder_finish(builder, err);
    gs_builder_free(builder);
    return status;
}

static enum gaosou_status commit(struct bench *b, size_t i, struct gs_err *err)
{
    struct gs_index_writer *w = NULL;
    struct gs_merge_counts counts;
    double start = now_ms();
    enum gaosou_status status = gs_index_writer_open(&w, b->index, true, err);
    if (status != GAOSOU_OK)
        return status;
    if (i == 0)
        b->first_id = gs_index_writer_manifest(w)->next_sequence;
    uint64_t number = gs_index_writer_manifest(w)->next_number;
    status = add_filings(b, w, err);
    if (status == GAOSOU_OK)
        status = gs_index_writer_commit(w, err);
    b->commit_ms[i] = now_ms() - start;
    b->added += status == GAOSOU_OK ? bytes_since(w, number) : 0;
    number = gs_index_writer_manifest(w)->next_number;
    if (status == GAOSOU_OK && !b->no_merge)
        status = gs_merge_some(w, &counts, err);
    if (status == GAOSOU_OK && gs_index_writer_is_changed(w))
        status = gs_index_writer_commit(w, err);
    if (status == GAOSOU_OK)
        b->merged += bytes_since(w, number);
    b->last = gs_index_writer_count(w);
    b->most = b->last > b->most ? b->last : b->most;
    gs_index_writer_close(w);
    b->whole_ms[i] = now_ms() - start;
    return status;
}

static int by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void print_times(const char *name, double *ms, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += ms[i];
    qsort(ms, count, sizeof(*ms), by_size);
    printf("\"%s\":{\"mean\":%.2f,\"p50\":%.2f,\"p99\":%.2f,\"max\":%.2f},", name,
           sum / (double)count, ms[count / 2], ms[count * 99 / 100], ms[count - 1]);
}

static void print_result(struct bench *b)
{
    printf("{\"bench\":\"commits\",\"commits\":%zu,\"filings\":%zu,", b->commits, b->filings);
    print_times("commit_ms", b->commit_ms, b->commits);
    print_times("with_merges_ms", b->whole_ms, b->commits);
    printf("\"added_bytes\":%llu,\"merged_bytes\":%llu,\"written_per_added\":%.2f,"
           "\"segments_most\":%zu,\"segments_last\":%zu}\n",
           (unsigned long long)b->added, (unsigned long long)b->merged,
           (double)(b->added + b->merged) / (double)b->added, b->most, b->last);
}

static void take_options(struct bench *b, int argc, char **argv)
{
    int i = 1;
    for (; i < argc && argv[i][0] == '-'; i++) {
        if (!strcmp(argv[i], "--no-merge"))
            b->no_merge = true;
        else if (!strcmp(argv[i], "--commits") && i + 1 < argc)
            b->commits = (size_t)option_number("--commits", argv[++i], 1, 1000000);
        else if (!strcmp(argv[i], "--filings") && i + 1 < argc)
            b->filings = (size_t)option_number("--filings", argv[++i], 1, 1000000);
        else
            option_usage(HELP, "unknown option, or no value", argv[i]);
    }
    if (argc - i != 2)
        option_usage(HELP, "an INDEX and a FILE are wanted", argc - i > 2 ? argv[i + 2] : "");
    b->index = argv[i];
    option_readable(argv[i + 1], 0);
    struct gs_err err;
    if (contents_load(&b->contents, argv[i + 1], LIMIT, &err) != GAOSOU_OK)
        option_fail(argv[i + 1], err.text);
}

int main(int argc, char **argv)
{
    struct bench b = {.commits = 1000, .filings = 10};
    struct gs_err err;
    option_help(argc, argv, HELP);
    take_options(&b, argc, argv);
    b.commit_ms = calloc(b.commits, sizeof(*b.commit_ms));
    b.whole_ms = calloc(b.commits, sizeof(*b.whole_ms));
    if (!b.commit_ms || !b.whole_ms)
        option_fail("--commits", "not enough memory");
    for (size_t i = 0; i < b.commits; i++) {
        if (commit(&b, i, &err) != GAOSOU_OK)
            option_fail(b.index, err.text);
    }
    print_result(&b);
    free(b.commit_ms);
    free(b.whole_ms);
    contents_release(&b.contents);
    return 0;
}
