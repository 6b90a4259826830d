#include "query/query_program.h"

#include "common/text/analysis.h"
#include "common/text/display.h"
#include "query/batch_program.h"
#include "query/nothing_found.h"
#include "query/output.h"
#include "query/synonyms.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define STANDARD_OUTPUT "standard output"

/* One run, and what it holds. */
struct run {
    const struct gs_query_options *options;
    struct gs_snapshot snapshot;
    struct gs_synonyms *synonyms;
    struct gs_query *query;
    struct gs_search *search;
    struct gs_result result;
    struct gs_results_builder *builder;
    struct gs_results_head head;
    struct gs_sink out;
    struct gs_err err;
};

static uint64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

/* Written at once and past any failure: there is nobody left to tell. */
static void write_error_output(const struct gs_buf *text)
{
    size_t done = 0;
    while (done < text->size) {
        ssize_t n = write(STDERR_FILENO, text->data + done, text->size - done);
        if (n <= 0)
            return;
        done += (size_t)n;
    }
}

int gs_query_program_fail(const struct gs_err *err)
{
    struct gs_buf text;
    gs_buf_init(&text, 16384);
    gs_buf_append_str(&text, "gaosou-query: ");
    gs_display_append(&text, err->text, strlen(err->text));
    gs_buf_append_u8(&text, '\n');
    write_error_output(&text);
    gs_buf_release(&text);
    return GS_EXIT_ERROR;
}

/* Says that the first argument is no index, and which one is where the order is wrong. */
static enum gaosou_status not_an_index(struct run *r)
{
    const struct gs_query_options *o = r->options;
    struct gs_err why = r->err;
    bool foreign = why.status == GAOSOU_E_NOT_INDEX;
    if (o->chinese)
        gs_err_set(&r->err, why.status, "“%s”不是索引；" GS_QUERY_USAGE_CHINESE, o->index);
    else
        gs_err_set(&r->err, why.status, "'%s' is not an index; " GS_QUERY_USAGE, o->index);
    size_t used = strlen(r->err.text);
    if (o->other_index)
        snprintf(r->err.text + used, sizeof(r->err.text) - used,
                 o->chinese ? "（索引是“%s”）" : " (the index is '%s')", o->other_index);
    else if (foreign)
        snprintf(r->err.text + used, sizeof(r->err.text) - used, " (%.300s)", why.text);
    return why.status;
}

static enum gaosou_status open_index(struct run *r)
{
    enum gaosou_status status = gs_snapshot_open(&r->snapshot, r->options->index, &r->err);
    if (status == GAOSOU_E_NOT_FOUND || status == GAOSOU_E_NOT_INDEX)
        return not_an_index(r);
    if (status != GAOSOU_OK)
        return status;
    if (r->snapshot.segment_count && r->snapshot.manifest.analysis_id != gs_analysis_id())
        return gs_err_set(&r->err, GAOSOU_E_TOO_OLD,
                          "%s: built with another analysis (%016" PRIx64
                          ", this program has %016" PRIx64 ", %s); build it again",
                          r->options->index, r->snapshot.manifest.analysis_id, gs_analysis_id(),
                          gs_analysis_name());
    return GAOSOU_OK;
}

static enum gaosou_status search(struct run *r)
{
    const struct gs_query_options *o = r->options;
    uint64_t started = now_us();
    enum gaosou_status status = open_index(r);
    if (status == GAOSOU_OK && o->synonyms)
        status = gs_synonyms_open(&r->synonyms, o->synonyms, &r->err);
    if (status != GAOSOU_OK)
        return status;
    const struct gs_query_params params = {.mode = o->request.mode,
                                           .chinese = o->chinese,
                                           .within = o->request.within,
                                           .synonyms = r->synonyms,
                                           .filters = o->request.filters,
                                           .filters_size = o->request.filters_size};
    status = gs_query_parse(&r->query, o->request.text, o->request.text_size, &params, &r->err);
    if (status != GAOSOU_OK)
        return status;
    status = gs_search_create(&r->search);
    if (status != GAOSOU_OK)
        return gs_err_nomem(&r->err, 0);
    struct gs_search_options options = o->request.search;
    if (o->request.count) {
        options.limit = options.offset = 0;
        options.count_all = true;
    }
    status = gs_search_run(r->search, &r->snapshot, r->query, &options, &r->result, &r->err);
    r->head = (struct gs_results_head){
        .query = {o->request.text, o->request.text_size},
        .read_as = r->query->read_as,
        .total = r->result.total,
        .hits_total = r->result.occurrences,
        .total_exact = r->result.total_exact,
        .hits_exact = r->result.occurrences_exact,
        .collapsed = o->request.search.collapse ? &r->result.collapsed : NULL,
        .unjudged = r->result.unjudged,
        .filter_fields = r->query->filter_fields,
        .filter_field_count = r->query->filter_field_count,
        .unsearched = r->result.unsearched,
        .filters_alone = r->query->leaf_count == 0,
        .took_us = now_us() - started,
    };
    return status;
}

typedef void write_hit_fn(struct run *r, const struct gs_results_hit *hit, void *how);

/* Hands every hit to a writer, one at a time. */
static enum gaosou_status each_hit(struct run *r, write_hit_fn *write_hit, void *how)
{
    if (r->result.hit_count == 0 || r->options->request.count)
        return GAOSOU_OK;
    enum gaosou_status status = gs_results_builder_create(
        &r->builder, r->search, &r->snapshot, r->query, !r->options->request.no_fragments, &r->err);
    if (status == GAOSOU_OK && r->options->request.search.collapse)
        gs_results_builder_with_twins(r->builder);
    for (size_t i = 0;
         i < r->result.hit_count && status == GAOSOU_OK && !r->out.closed && !r->out.errnum; i++) {
        struct gs_results_hit hit;
        status = gs_results_fill(r->builder, &r->result.hits[i],
                                 r->options->request.search.offset + i + 1, &hit, &r->err);
        if (status == GAOSOU_OK)
            write_hit(r, &hit, how);
        gs_sink_relieve(&r->out);
    }
    return status;
}

static void write_text_hit(struct run *r, const struct gs_results_hit *hit, void *style)
{
    gs_text_write_hit(&r->out.buf, hit, style);
}

static void write_json_hit(struct run *r, const struct gs_results_hit *hit, void *json)
{
    (void)r;
    gs_json_write_hit(json, hit);
}

static void write_jsonl_hit(struct run *r, const struct gs_results_hit *hit, void *unused)
{
    (void)unused;
    struct gs_json json;
    gs_json_init(&json, &r->out.buf);
    gs_json_write_hit(&json, hit);
    gs_buf_append_u8(&r->out.buf, '\n');
}

static enum gaosou_status answer_text(struct run *r)
{
    const struct gs_query_options *o = r->options;
    struct gs_text_style style = {.color = o->color, .chinese = o->chinese};
    gs_text_write_head(&r->out.buf, &r->head, &style);
    if (r->head.total == 0)
        return gs_nothing_found_explain(&r->out.buf, r->search, &r->snapshot, r->query, o->chinese,
                                        &r->err);
    if (r->result.hit_count)
        gs_text_set_widths(&style, o->request.search.offset + r->result.hit_count,
                           r->result.hits[0].score);
    return each_hit(r, write_text_hit, &style);
}

static enum gaosou_status answer_json(struct run *r)
{
    struct gs_json json;
    gs_json_init(&json, &r->out.buf);
    gs_json_write_head(&json, &r->head);
    enum gaosou_status status = each_hit(r, write_json_hit, &json);
    if (status != GAOSOU_OK) {
        gs_buf_clear(&r->out.buf); /* what is out is no object: nobody takes it for the answer */
        return status;
    }
    gs_json_write_tail(&json);
    gs_buf_append_u8(&r->out.buf, '\n');
    return status;
}

static enum gaosou_status answer_jsonl(struct run *r)
{
    enum gaosou_status status = each_hit(r, write_jsonl_hit, NULL);
    if (status != GAOSOU_OK || r->options->quiet)
        return status;
    const struct gs_text_style style = {.chinese = r->options->chinese};
    struct gs_buf text;
    gs_buf_init(&text, (size_t)64 << 20);
    gs_text_write_head(&text, &r->head, &style);
    write_error_output(&text);
    gs_buf_release(&text);
    return GAOSOU_OK;
}

/* The number alone, for programs; what it says nothing about goes to the error output. */
static enum gaosou_status answer_count(struct run *r)
{
    struct gs_buf text;
    gs_buf_printf(&r->out.buf, "%" PRIu64 "\n", r->head.total);
    gs_buf_init(&text, 16384);
    gs_text_write_unsearched(&text, &r->head, r->options->chinese);
    write_error_output(&text);
    gs_buf_release(&text);
    return GAOSOU_OK;
}

static enum gaosou_status answer(struct run *r)
{
    switch (r->options->format) {
    case GS_FORMAT_JSON:
        return answer_json(r);
    case GS_FORMAT_JSONL:
        if (!r->options->request.count)
            return answer_jsonl(r);
        break;
    default:
        if (!r->options->request.count)
            return r->options->quiet ? GAOSOU_OK : answer_text(r);
        break;
    }
    return answer_count(r);
}

static int run_search(const struct gs_query_options *options)
{
    struct run r = {.options = options};
    gs_sink_init(&r.out, STDOUT_FILENO);
    enum gaosou_status status = search(&r);
    if (status == GAOSOU_OK)
        status = answer(&r);
    /* Hits found before an error are shown still, but for --json; the exit code tells that they are
     * not all. */
    struct gs_err output_err;
    enum gaosou_status written = gs_sink_finish(&r.out, STANDARD_OUTPUT, &output_err);
    int code = r.head.total ? GS_EXIT_FOUND : GS_EXIT_NOTHING;
    if (status != GAOSOU_OK && r.err.text[0] == '\0')
        gs_err_set(&r.err, status, "%s", gaosou_status_text(status));
    if (status != GAOSOU_OK)
        code = gs_query_program_fail(&r.err);
    else if (written != GAOSOU_OK)
        code = gs_query_program_fail(&output_err);
    gs_results_builder_free(r.builder);
    gs_search_free(r.search);
    gs_query_free(r.query);
    gs_synonyms_free(r.synonyms);
    gs_snapshot_close(&r.snapshot);
    return code;
}

static int print(const char *text, const char *more)
{
    struct gs_sink out;
    struct gs_err err;
    gs_sink_init(&out, STDOUT_FILENO);
    gs_buf_append_str(&out.buf, text);
    gs_buf_append_str(&out.buf, more);
    return gs_sink_finish(&out, STANDARD_OUTPUT, &err) == GAOSOU_OK ? GS_EXIT_FOUND
                                                                    : gs_query_program_fail(&err);
}

int gs_query_program_run(const struct gs_query_options *options)
{
    switch (options->action) {
    case GS_ACTION_HELP:
        return print(gs_query_help(options->chinese), "");
    case GS_ACTION_VERSION:
        return print("gaosou-query ", GAOSOU_VERSION_STRING "\n");
    case GS_ACTION_BATCH:
        return gs_batch_program_run(options);
    case GS_ACTION_SEARCH:
    default:
        break;
    }
    return run_search(options);
}
