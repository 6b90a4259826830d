#include "indexer/intake.h"

#include "indexer/intake_job.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* ---- what all inputs end in ---- */

enum gaosou_status gs_intake_tick(struct gs_intake *in, struct gs_err *err)
{
    return in->params.tick ? in->params.tick(in->sink.ctx, err) : GAOSOU_OK;
}

enum gaosou_status gs_intake_skip(struct gs_intake *in, const char *id, struct gs_outcome *o,
                                  struct gs_err *err)
{
    o->kind = gs_skip_outcome(o->why);
    gs_outcome_note(&in->outcomes, o);
    struct gs_str all = {id, strlen(id)};
    return in->params.reconcile && all.size > 0
               ? gs_reconcile_exempt(in->params.reconcile, all, err)
               : GAOSOU_OK;
}

uint64_t gs_intake_settled_time(uint64_t modified)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return gs_reconcile_settled_time(modified,
                                     (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec);
}

enum gaosou_status gs_intake_look(struct gs_intake *in, const struct gs_reconcile_source *source,
                                  enum gs_have *have, struct gs_err *err)
{
    *have = GS_HAVE_NOT;
    return in->params.reconcile ? gs_reconcile_look(in->params.reconcile, source, have, err)
                                : GAOSOU_OK;
}

bool gs_intake_override(struct gs_intake *in, struct gs_filing *filing,
                        struct gs_name_fields *fields)
{
    if (in->params.meta)
        (void)gs_meta_csv_apply(in->params.meta, &in->extra, filing);
    return !in->params.pattern || !fields ||
           gs_name_pattern_apply(in->params.pattern, filing->field[GS_FIELD_PATH], fields, filing);
}

static enum gaosou_status hand_on(struct gs_intake *in, const struct gs_filing *filing,
                                  enum gs_have have, struct gs_outcome *o, struct gs_err *err)
{
    bool same = false;
    enum gaosou_status status = GAOSOU_OK;
    if (have == GS_HAVE_COMPARE)
        status = gs_reconcile_compare(in->params.reconcile, filing, &same, err);
    if (status != GAOSOU_OK)
        return status;
    o->filing = filing;
    o->kind = GS_OUTCOME_UNCHANGED;
    if (!same) {
        bool replaces = in->params.replaces && in->params.replaces(in->sink.ctx, o->id);
        status = in->sink.filing(in->sink.ctx, filing, err);
        o->kind = filing->text_state != GS_TEXT_READ ? GS_OUTCOME_NO_TEXT
                  : replaces                         ? GS_OUTCOME_REPLACED
                                                     : GS_OUTCOME_INDEXED;
    }
    if (status == GAOSOU_OK)
        gs_outcome_note(&in->outcomes, o);
    return status;
}

enum gaosou_status gs_intake_take(struct gs_intake *in, struct gs_filing *filing,
                                  const struct gs_extracted *x, enum gs_have have,
                                  struct gs_outcome *o, struct gs_err *err)
{
    o->id = filing->field[GS_FIELD_ID];
    if (o->id.size > GS_ID_MAX) {
        o->why = GS_SKIP_BAD_ID;
        o->replaced = 0;
        return gs_intake_skip(in, "", o, err);
    }
    struct gs_name_fields fields;
    bool fits = gs_intake_override(in, filing, o->line ? NULL : &fields);
    if (!fits)
        gs_outcome_note_unfit(&in->outcomes, o->path);
    gs_metadata_derive(in->metadata, x, filing);
    gs_outcome_note_bad_dates(&in->outcomes, o, filing, in->params.meta);
    return hand_on(in, filing, have, o, err);
}

/* ---- the walk ---- */

enum gaosou_status gs_intake_look_at(struct gs_intake *in, const struct gs_source_file *file,
                                     enum gs_have *have, struct gs_err *err)
{
    struct gs_filing given = {0};
    struct gs_name_fields fields;
    bool is_overridden = in->params.meta || in->params.pattern;
    if (is_overridden && in->params.reconcile) {
        given.field[GS_FIELD_ID] = (struct gs_str){file->id, strlen(file->id)};
        given.field[GS_FIELD_PATH] = (struct gs_str){file->path, strlen(file->path)};
        (void)gs_intake_override(in, &given, &fields);
        given.field[GS_FIELD_ID] = given.field[GS_FIELD_PATH] = (struct gs_str){0};
    }
    struct gs_reconcile_source source = {.id = {file->id, strlen(file->id)},
                                         .size = file->size,
                                         .time = file->time,
                                         .given = is_overridden ? given.field : NULL};
    return gs_intake_look(in, &source, have, err);
}

bool gs_intake_has_changed(const struct gs_source_file *file)
{
    struct stat st;
    return stat(file->path, &st) != 0 || (uint64_t)st.st_size != file->size ||
           gs_source_change_time(&st) != file->time;
}

enum gaosou_status gs_intake_add_file(struct gs_intake *in, const struct gs_source_file *file,
                                      struct gs_err *err)
{
    enum gs_have have;
    struct gs_intake_item *item;
    enum gaosou_status status = gs_intake_look_at(in, file, &have, err);
    if (status == GAOSOU_OK)
        status = gs_intake_add_item(in, file, &item, err);
    if (status != GAOSOU_OK)
        return status;
    item->have = have;
    item->decided = item->unchanged = have == GS_HAVE_SAME;
    return GAOSOU_OK;
}

static enum gaosou_status visit_file(void *ctx, const struct gs_source_file *found,
                                     struct gs_err *err)
{
    struct gs_intake *in = ctx;
    enum gaosou_status status;
    struct gs_source_file settled = *found, *file = &settled;
    struct gs_intake_way way = gs_intake_find_way(file);
    if (!way.is_item)
        gs_progress_begin(in->params.progress, GS_PROGRESS_STREAM, file->path);
    if (way.is_item) {
        status = gs_intake_add_file(in, file, err);
    } else if (file->kind == GS_SOURCE_ARCHIVE) {
        status = gs_intake_read_archive(in, file, way.archive, err);
    } else {
        status = gs_intake_drain(in, err);
        if (status == GAOSOU_OK)
            status = gs_intake_read_lines(in, file, err);
    }
    if (!way.is_item)
        gs_progress_end(in->params.progress, GS_PROGRESS_STREAM);
    in->within = 0;
    in->passed.files++;
    in->passed.bytes += file->size;
    return status;
}

/* An item too, so that it is noted in its place. */
static enum gaosou_status visit_skip(void *ctx, const char *path, const char *id,
                                     enum gs_skip reason, const char *detail, struct gs_err *err)
{
    struct gs_source_file file = {.path = path, .id = id, .kind = GS_SOURCE_UNKNOWN};
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

/* Tells the reconciliation what is walked now. */
static enum gaosou_status announce_root(struct gs_intake *in, const char *path, struct gs_err *err)
{
    if (!in->params.reconcile || strcmp(path, "-") == 0)
        return GAOSOU_OK;
    struct stat st;
    bool is_folder = stat(path, &st) == 0 && S_ISDIR(st.st_mode);
    char *id = gs_source_root_id(path, in->params.source.id_prefix);
    if (!id)
        return gs_err_nomem(err, strlen(path));
    enum gaosou_status status =
        gs_reconcile_root(in->params.reconcile, (struct gs_str){id, strlen(id)}, is_folder, err);
    free(id);
    return status;
}

enum gaosou_status gs_intake_path(struct gs_intake *in, const char *path, struct gs_err *err)
{
    struct gs_source_visitor visitor = {in, visit_file, visit_skip};
    enum gaosou_status status = announce_root(in, path, err);
    if (status == GAOSOU_OK)
        status = gs_source_walk(path, &in->params.source, &visitor, err);
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
    gs_buf_init(&in->extra, GS_METADATA_MAX);
    gs_buf_init(&in->repaired, 3 * line_max);
    gs_jsonl_init(&in->jsonl, 3 * line_max);
    struct gs_decoder known; /* that the encoding is known is seen once */
    gs_encodings_hold(&in->encodings);
    enum gaosou_status status = gs_decoder_open(&known, params->encoding, err);
    gs_decoder_close(&known);
    if (status == GAOSOU_OK)
        status = gs_intake_jobs_open(in, err);
    if (status == GAOSOU_OK && !(in->metadata = gs_metadata_create()))
        status = gs_err_nomem(err, sizeof(*in));
    if (status != GAOSOU_OK)
        gs_intake_close(in);
    return status;
}

void gs_intake_close(struct gs_intake *in)
{
    gs_outcomes_release(&in->outcomes);
    gs_intake_jobs_close(in);
    gs_encodings_release(&in->encodings);
    gs_metadata_free(in->metadata);
    in->metadata = NULL;
    gs_jsonl_release(&in->jsonl);
    gs_buf_release(&in->input);
    gs_buf_release(&in->repaired);
    gs_buf_release(&in->extra);
}
