/* A search and its answer in the format that was asked for. */
#include "query/program.h"

#include "common/base/file.h"
#include "query/answer_extra.h"
#include "query/table.h"

#include <inttypes.h>

/* What people are told unasked may take this long, and is left out beyond. */
#define TOGETHER_UNASKED_NS UINT64_C(50000000)

typedef void write_hit_fn(struct gs_program *p, const struct gs_results_hit *hit, void *how);

/* Hands every hit to a writer, one at a time. */
static enum gaosou_status each_hit(struct gs_program *p, write_hit_fn *write_hit, void *how)
{
    enum gaosou_status status = GAOSOU_OK;
    size_t count = gs_answer_result(p->answerer)->hit_count;
    for (size_t i = 0; i < count && status == GAOSOU_OK && gs_program_is_read(p); i++) {
        struct gs_results_hit hit;
        status = gs_answer_fill(p->answerer, i, &hit, &p->err);
        if (status == GAOSOU_OK)
            write_hit(p, &hit, how);
        gs_sink_relieve(&p->out);
    }
    return status;
}

/* Each fragment of a hit as a hit of its own. */
static void each_row(struct gs_program *p, const struct gs_results_hit *hit, void *how,
                     write_hit_fn *write_row)
{
    for (size_t i = 0; i < hit->fragment_count; i++) {
        struct gs_results_hit row = *hit;
        row.fragments = &hit->fragments[i];
        row.fragment_count = 1;
        row.place = hit->fragments[i].place;
        row.row_hits = hit->fragments[i].span_count;
        write_row(p, &row, how);
        gs_sink_relieve(&p->out);
    }
}

static void write_text_hit(struct gs_program *p, const struct gs_results_hit *hit, void *style)
{
    gs_text_write_hit(&p->out.buf, hit, style);
}

static void write_json_hit(struct gs_program *p, const struct gs_results_hit *hit, void *json)
{
    gs_json_write_hit(json, hit, p->request.fields);
}

static const struct gs_answer_fields *columns(const struct gs_program *p)
{
    return p->request.fields                  ? p->request.fields
           : p->options->rows == GS_ROWS_HITS ? &gs_answer_fields_of_hits
                                              : &gs_answer_fields_of_filings;
}

static void write_jsonl_line(struct gs_program *p, const struct gs_results_hit *hit, void *unused)
{
    struct gs_json json;
    (void)unused;
    gs_json_init(&json, &p->out.buf);
    gs_json_write_hit(&json, hit,
                      p->options->rows == GS_ROWS_HITS ? columns(p) : p->request.fields);
    gs_buf_append_u8(&p->out.buf, '\n');
}

static void write_jsonl_hit(struct gs_program *p, const struct gs_results_hit *hit, void *unused)
{
    if (p->options->rows == GS_ROWS_HITS)
        each_row(p, hit, unused, write_jsonl_line);
    else
        write_jsonl_line(p, hit, unused);
}

static void write_table_row(struct gs_program *p, const struct gs_results_hit *hit, void *table)
{
    gs_table_write_hit(table, hit, columns(p));
}

static void write_table_hit(struct gs_program *p, const struct gs_results_hit *hit, void *table)
{
    if (p->options->rows == GS_ROWS_HITS)
        each_row(p, hit, table, write_table_row);
    else
        write_table_row(p, hit, table);
}

/* -l: the id, which --show takes; -c: that and the occurrences, as grep says them. */
static void write_listed(struct gs_program *p, const struct gs_results_hit *hit, void *unused)
{
    (void)unused;
    gs_text_write_listed(&p->out.buf, hit->record.id);
    if (p->options->format == GS_FORMAT_HIT_COUNTS)
        gs_buf_printf(&p->out.buf, ":%" PRIu64, gs_results_occurrences(hit));
    gs_buf_append_u8(&p->out.buf, '\n');
}

static struct gs_text_style style_of(const struct gs_query_options *o)
{
    return (struct gs_text_style){.color = o->color, .chinese = o->chinese, .columns = o->columns};
}

/* A page behind the last. */
static void write_past_end(struct gs_program *p, const struct gs_results_head *head)
{
    const uint64_t offset = p->request.search.offset, total = head->total;
    if (p->options->chinese)
        gs_buf_printf(&p->out.buf, "跳过了 %" PRIu64 " 份，没有更多：共 %" PRIu64 " 份\n", offset,
                      total);
    else
        gs_buf_printf(&p->out.buf, "no more behind %" PRIu64 ": there are %" PRIu64 "\n", offset,
                      total);
}

static enum gaosou_status answer_text(struct gs_program *p)
{
    const struct gs_results_head *head = gs_answer_head(p->answerer);
    const struct gs_result *result = gs_answer_result(p->answerer);
    struct gs_text_style style = style_of(p->options);
    style.any = head->any;
    gs_program_start_pager(p);
    gs_text_write_head(&p->out.buf, head, &style);
    if (head->total == 0 && !head->partial) {
        enum gaosou_status status =
            gs_answer_write_nothing_found(p->answerer, &p->out.buf, &p->err);
        return status ? status : gs_answer_write_explain(p->answerer, &p->out.buf, &p->err);
    }
    if (result->hit_count == 0 && p->request.search.offset && p->request.search.limit)
        write_past_end(p, head);
    if (result->hit_count)
        gs_text_set_widths(&style, head->first_rank + result->hit_count - 1, result->hits[0].score);
    enum gaosou_status status = each_hit(p, write_text_hit, &style);
    if (status == GAOSOU_OK)
        gs_text_write_tail(&p->out.buf, head, &style);
    if (status == GAOSOU_OK)
        status = gs_answer_write_explain(p->answerer, &p->out.buf, &p->err);
    return status;
}

static enum gaosou_status answer_json(struct gs_program *p)
{
    struct gs_json json;
    gs_json_init(&json, &p->out.buf);
    gs_json_write_head(&json, gs_answer_head(p->answerer));
    enum gaosou_status status = each_hit(p, write_json_hit, &json);
    if (status == GAOSOU_OK)
        status = gs_answer_write_json_tail(p->answerer, &json, &p->err);
    if (status != GAOSOU_OK) {
        gs_buf_clear(&p->out.buf); /* what is out is no object: nobody takes it for the answer */
        return status;
    }
    gs_buf_append_u8(&p->out.buf, '\n');
    return status;
}

/* What is said about the answer as a whole, where standard output holds the rows alone. */
static void note_head(struct gs_program *p)
{
    const struct gs_results_head *head = gs_answer_head(p->answerer);
    const struct gs_text_style style = {.chinese = p->options->chinese};
    struct gs_buf text;
    if (p->options->quiet)
        return;
    gs_buf_init(&text, (size_t)64 << 20);
    gs_text_write_head(&text, head, &style);
    gs_text_write_tail(&text, head, &style);
    gs_program_note(&text);
    gs_buf_release(&text);
}

/* That a list is not all of it, on the error output; nothing where it is. */
static void note_state(struct gs_program *p)
{
    struct gs_buf text;
    if (p->options->quiet)
        return;
    gs_buf_init(&text, (size_t)1 << 20);
    gs_text_write_state(&text, gs_answer_head(p->answerer), p->options->chinese);
    gs_program_note(&text);
    gs_buf_release(&text);
}

/* Each facet's values, where no filing is to be shown; those without one as an empty value. */
static void write_facet_rows(struct gs_program *p, struct gs_table *table)
{
    const struct gs_results_head *head = gs_answer_head(p->answerer);
    gs_table_write_facet_head(table);
    for (size_t i = 0; i < head->facet_count && gs_program_is_read(p); i++) {
        gs_table_write_facet(table, &head->facets[i]);
        gs_sink_relieve(&p->out);
    }
}

static bool wants_facets_alone(const struct gs_program *p)
{
    return p->request.facet_count > 0 && p->request.search.limit == 0;
}

static enum gaosou_status answer_table(struct gs_program *p)
{
    enum gaosou_status status = GAOSOU_OK;
    struct gs_table table;
    gs_table_init(&table, &p->out.buf,
                  p->options->format == GS_FORMAT_CSV ? GS_TABLE_CSV : GS_TABLE_TSV);
    gs_table_begin(&table);
    if (wants_facets_alone(p)) {
        write_facet_rows(p, &table);
    } else {
        gs_table_write_head(&table, columns(p));
        status = each_hit(p, write_table_hit, &table);
    }
    if (status == GAOSOU_OK)
        status = gs_buf_status(&table.cell);
    gs_table_release(&table);
    return status;
}

/* The number alone, for programs; what it says nothing about goes to the error output. */
static enum gaosou_status answer_count(struct gs_program *p)
{
    struct gs_buf text;
    const struct gs_results_head *head = gs_answer_head(p->answerer);
    gs_buf_printf(&p->out.buf, "%" PRIu64 "\n", head->total);
    gs_buf_init(&text, (size_t)1 << 20);
    gs_text_write_state(&text, head, p->options->chinese);
    gs_text_write_unsearched(&text, head, p->options->chinese);
    gs_text_write_facets(&text, head, p->options->chinese);
    gs_program_note(&text);
    gs_buf_release(&text);
    return GAOSOU_OK;
}

static enum gaosou_status answer(struct gs_program *p)
{
    const struct gs_query_options *o = p->options;
    enum gaosou_status status = GAOSOU_OK;
    if (o->request.count && o->format != GS_FORMAT_JSON)
        return answer_count(p);
    switch (o->format) {
    case GS_FORMAT_TEXT:
        return o->quiet ? GAOSOU_OK : answer_text(p);
    case GS_FORMAT_JSON:
        return answer_json(p);
    case GS_FORMAT_JSONL:
        status = each_hit(p, write_jsonl_hit, NULL);
        break;
    case GS_FORMAT_TSV:
    case GS_FORMAT_CSV:
        status = answer_table(p);
        break;
    case GS_FORMAT_IDS:
    case GS_FORMAT_HIT_COUNTS:
        status = each_hit(p, write_listed, NULL);
        note_state(p);
        return status;
    }
    if (status == GAOSOU_OK)
        note_head(p);
    return status;
}

enum gaosou_status gs_program_search(struct gs_program *p)
{
    const struct gs_query_options *o = p->options;
    p->request.list_sentences = o->rows == GS_ROWS_HITS;
    p->request.no_fragments |= o->format == GS_FORMAT_IDS || o->format == GS_FORMAT_HIT_COUNTS;
    if (o->format == GS_FORMAT_TEXT && !o->quiet && !o->request.count && !o->request.together) {
        p->request.together = true;
        p->request.together_ns = TOGETHER_UNASKED_NS;
    }
    enum gaosou_status status = gs_answer_run(p->answerer, &p->snapshot, &p->request, &p->err);
    if (status != GAOSOU_OK)
        return status;
    p->found = gs_answer_head(p->answerer)->total > 0;
    if (o->matrix)
        status = gs_program_write_matrix(p);
    return status == GAOSOU_OK ? answer(p) : status;
}
