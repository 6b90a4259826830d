#include "indexer/intake.h"

#include "indexer/intake_job.h"

#include <string.h>

/* ---- what all inputs end in ---- */

void gs_intake_skip(struct gs_intake *in, const char *path, enum gs_skip why, const char *detail)
{
    struct gs_outcome o = {
        .path = path, .kind = gs_skip_outcome(why), .why = why, .detail = detail};
    gs_outcome_note(&in->outcomes, &o);
}

enum gaosou_status gs_intake_take(struct gs_intake *in, struct gs_filing *filing,
                                  const struct gs_extracted *x, struct gs_outcome *o,
                                  struct gs_err *err)
{
    struct gs_str *f = filing->field;
    if (x && f[GS_FIELD_TITLE].size == 0 && x->title.size > 0)
        f[GS_FIELD_TITLE] = (struct gs_str){(const char *)x->title.data, x->title.size};
    gs_outcome_note_bad_dates(&in->outcomes, o->path, o->line, filing);
    o->id = f[GS_FIELD_ID];
    if (o->id.size > GS_ID_MAX) {
        o->kind = GS_OUTCOME_SKIPPED;
        o->why = GS_SKIP_BAD_ID;
        gs_outcome_note(&in->outcomes, o);
        return GAOSOU_OK;
    }
    enum gaosou_status status = in->sink.filing(in->sink.ctx, filing, err);
    if (status != GAOSOU_OK)
        return status;
    o->kind = filing->text_state == GS_TEXT_READ ? GS_OUTCOME_INDEXED : GS_OUTCOME_NO_TEXT;
    o->filing = filing;
    gs_outcome_note(&in->outcomes, o);
    return GAOSOU_OK;
}

/* ---- the walk ---- */

static enum gaosou_status visit_file(void *ctx, const struct gs_source_file *file,
                                     struct gs_err *err)
{
    struct gs_intake *in = ctx;
    if (file->kind == GS_SOURCE_JSONL) {
        enum gaosou_status status = gs_intake_drain(in, err);
        return status == GAOSOU_OK ? gs_intake_read_lines(in, file, err) : status;
    }
    struct gs_intake_item *item;
    return gs_intake_add_item(in, file, &item, err);
}

/* An item too, so that it is noted in its place. */
static enum gaosou_status visit_skip(void *ctx, const char *path, enum gs_skip reason,
                                     const char *detail, struct gs_err *err)
{
    struct gs_source_file file = {.path = path, .id = "", .kind = GS_SOURCE_UNKNOWN};
    struct gs_intake_item *item;
    enum gaosou_status status = gs_intake_add_item(ctx, &file, &item, err);
    if (status != GAOSOU_OK)
        return status;
    item->decided = true;
    item->why = reason;
    if (detail)
        (void)snprintf(item->failure.text, sizeof(item->failure.text), "%s", detail);
    return GAOSOU_OK;
}

enum gaosou_status gs_intake_path(struct gs_intake *in, const char *path, struct gs_err *err)
{
    struct gs_source_visitor visitor = {in, visit_file, visit_skip};
    enum gaosou_status status = gs_source_walk(path, &in->params.source, &visitor, err);
    return status == GAOSOU_OK ? gs_intake_drain(in, err) : status;
}

/* ---- life ---- */

enum gaosou_status gs_intake_open(struct gs_intake *in, const struct gs_intake_params *params,
                                  const struct gs_intake_sink *sink, struct gs_console *console,
                                  struct gs_err *err)
{
    *in = (struct gs_intake){.params = *params, .sink = *sink};
    in->outcomes.console = console;
    in->outcomes.encoding_given = params->encoding != NULL;
    if (in->params.threads == 0)
        in->params.threads = 1;
    if (in->params.memory == 0)
        in->params.memory = 16 * (uint64_t)params->filing_max;
    size_t line_max = params->filing_max + ((size_t)1 << 20);
    gs_buf_init(&in->input, line_max);
    gs_buf_init(&in->repaired, 3 * line_max);
    gs_jsonl_init(&in->jsonl, 3 * line_max);
    enum gaosou_status status = gs_decoder_open(&in->decoder, params->encoding, err);
    if (status == GAOSOU_OK)
        status = gs_intake_jobs_open(in, err);
    if (status != GAOSOU_OK)
        gs_intake_close(in);
    return status;
}

void gs_intake_close(struct gs_intake *in)
{
    gs_intake_jobs_close(in);
    gs_decoder_close(&in->decoder);
    gs_jsonl_release(&in->jsonl);
    gs_buf_release(&in->input);
    gs_buf_release(&in->repaired);
}
