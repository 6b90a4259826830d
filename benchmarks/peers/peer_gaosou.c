/*
 * Gaosou by the same rules as its peers (peer.h): filings without fields but an id, results with
 * everything that gaosou-query shows.
 */
#include "benchmarks/peers/peer.h"
#include "common/text/analysis.h"
#include "indexer/builder.h"
#include "query/results.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(enum gaosou_status status, const struct gs_err *err)
{
    if (status != GAOSOU_OK)
        peer_die("gaosou", err ? err->text : "no memory");
}

/* ---- building ---- */

static void build(struct peer_docs *docs, const char *index, bool with_text, unsigned threads)
{
    struct gs_err err = {0};
    struct gs_index_writer *writer;
    struct gs_builder *builder;
    struct gs_builder_params params = {
        .threads = threads, .memory = GS_MEMORY_DEFAULT, .with_text = with_text};
    const char *text;
    size_t size;
    must(gs_index_writer_open(&writer, index, true, &err), &err);
    must(gs_builder_create(&builder, writer, &params, &err), &err);
    while (peer_docs_next(docs, &text, &size)) {
        char id[16];
        int length = snprintf(id, sizeof(id), "%" PRIu32, docs->number - 1);
        struct gs_filing filing = {.text = {text, size}, .source_size = size};
        filing.field[GS_FIELD_ID] = (struct gs_str){id, (size_t)length};
        must(gs_builder_add(builder, &filing, &err), &err);
    }
    must(gs_builder_finish(builder, &err), &err);
    must(gs_index_writer_commit(writer, &err), &err);
    gs_builder_free(builder);
    gs_index_writer_close(writer);
}

static uint64_t tokenise(struct peer_docs *docs)
{
    struct gs_analysis a;
    struct gs_err err = {0};
    const char *text;
    size_t size;
    uint64_t tokens = 0;
    must(gs_analysis_init(&a, false), NULL);
    while (peer_docs_next(docs, &text, &size)) {
        must(gs_analysis_begin(&a, (const uint8_t *)text, size, 0, &err), &err);
        while (a.offset < a.size) {
            must(gs_analysis_chunk(&a, a.size), NULL);
            tokens += a.batch.han_count + a.batch.wide_count + a.batch.word_count;
        }
    }
    gs_analysis_release(&a);
    return tokens;
}

/* ---- searching ---- */

struct engine {
    struct gs_snapshot snapshot;
    struct gs_search *search;
    struct gs_results_builder *builder; /* made at first use */
    struct gs_buf text;
};

static void *open_index(const char *index)
{
    struct engine *e = calloc(1, sizeof(*e));
    struct gs_err err = {0};
    if (!e)
        peer_die("no memory", NULL);
    must(gs_snapshot_open(&e->snapshot, index, &err), &err);
    must(gs_search_create(&e->search), NULL);
    gs_buf_init(&e->text, GS_QUERY_BYTES_MAX);
    return e;
}

static void close_index(void *ctx)
{
    struct engine *e = ctx;
    gs_results_builder_free(e->builder);
    gs_search_free(e->search);
    gs_snapshot_close(&e->snapshot);
    gs_buf_release(&e->text);
    free(e);
}

/* The query as a person would type it, parsed. Caller frees. */
static struct gs_query *parse(struct engine *e, const struct peer_query *q)
{
    struct gs_query *query;
    struct gs_err err = {0};
    gs_buf_clear(&e->text);
    for (size_t i = 0; i < q->part_count; i++) {
        gs_buf_append_str(&e->text, i == 0 ? "" : q->op == PEER_OR ? "|" : " ");
        gs_buf_append_str(&e->text, q->parts[i]);
    }
    gs_buf_append_str(&e->text, q->op == PEER_PREFIX ? "*" : "");
    must(gs_query_parse(
             &query, (const char *)e->text.data, e->text.size,
             &(struct gs_query_params){.mode = q->op == PEER_ANY ? GS_QUERY_ANY : GS_QUERY_SYNTAX},
             &err),
         &err);
    return query;
}

static void fill_hits(struct engine *e, const struct gs_query *query, const struct gs_result *r)
{
    struct gs_err err = {0};
    must(e->builder
             ? gs_results_builder_renew(e->builder, e->search, &e->snapshot, query, &err)
             : gs_results_builder_create(&e->builder, e->search, &e->snapshot, query, true, &err),
         &err);
    for (size_t i = 0; i < r->hit_count; i++) {
        struct gs_results_hit hit;
        must(gs_results_fill(e->builder, &r->hits[i], i + 1, &hit, &err), &err);
    }
}

static size_t search(void *ctx, const struct peer_query *q, bool snippets)
{
    struct engine *e = ctx;
    struct gs_search_options options = gs_search_defaults();
    struct gs_result r;
    struct gs_err err = {0};
    struct gs_query *query = parse(e, q);
    options.limit = PEER_LIMIT;
    must(gs_search_run(e->search, &e->snapshot, query, &options, &r, &err), &err);
    if (snippets)
        fill_hits(e, query, &r);
    gs_query_free(query);
    return r.hit_count;
}

/* Sequence numbers follow the filings' from 1: one index, added in order, nothing replaced. */
static void matches(void *ctx, const struct peer_query *q, struct peer_matches *out)
{
    struct engine *e = ctx;
    struct gs_search_options options = gs_search_defaults();
    struct gs_result r;
    struct gs_err err = {0};
    struct gs_query *query = parse(e, q);
    options.limit = SIZE_MAX;
    must(gs_search_run(e->search, &e->snapshot, query, &options, &r, &err), &err);
    if (r.total != r.hit_count)
        peer_die("total and hits differ", q->parts[0]);
    for (size_t i = 0; i < r.hit_count; i++)
        peer_matches_add(out, (uint32_t)r.hits[i].sequence - 1);
    gs_query_free(query);
}

int main(int argc, char **argv)
{
    static const struct peer_engine engine = {
        .name = "peer_gaosou",
        .build = build,
        .tokenise = tokenise,
        .open = open_index,
        .search = search,
        .matches = matches,
        .close = close_index,
    };
    return peer_main(&engine, argc, argv);
}
