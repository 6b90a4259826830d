#include "tests/support/index_work.h"

#include "indexer/builder.h"
#include "indexer/work_journal.h"

#include <stdio.h>
#include <string.h>

#define TEXT_MAX 1500

struct open_work {
    struct index_work *work;
    struct gs_index_writer *writer;
    struct gs_builder *builder;
    struct gs_reconcile *reconcile;
    struct gs_work_journal journal;
};

static enum gaosou_status open_all(struct open_work *o, const char *folder, struct gs_err *err)
{
    static const char *const command[] = {"work"};
    struct gs_builder_params building = {.threads = 2, .memory = GS_MEMORY_MIN, .with_text = true};
    enum gaosou_status status = gs_index_writer_open(&o->writer, folder, true, err);
    if (status == GAOSOU_OK)
        status =
            gs_work_journal_begin(&o->journal, o->writer, gs_work_journal_hash(command, 1), err);
    if (status == GAOSOU_OK)
        status = gs_builder_create(&o->builder, o->writer, &building, err);
    struct gs_reconcile_params params = {o->work->mode, o->journal.start_sequence};
    if (status == GAOSOU_OK)
        status = gs_reconcile_create(&o->reconcile, o->writer, &params, err);
    o->work->continued = o->journal.is_written;
    return status;
}

static enum gaosou_status take(struct open_work *o, size_t number, struct gs_err *err)
{
    char id[24], text[TEXT_MAX] = "";
    snprintf(id, sizeof(id), "w%zu", number);
    for (size_t k = 0; k < number % 20; k++)
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "净利润%zu增长%zu，", number * k,
                 number + k);
    struct gs_filing f = {.text = {text, strlen(text)},
                          .source_size = strlen(text),
                          .source_time = number + 1 + o->work->later};
    f.field[GS_FIELD_ID] = (struct gs_str){id, strlen(id)};
    struct gs_reconcile_source source = {
        .id = f.field[GS_FIELD_ID], .size = f.source_size, .time = f.source_time};
    enum gs_have have;
    bool same = false;
    enum gaosou_status status = gs_reconcile_look(o->reconcile, &source, &have, err);
    if (status == GAOSOU_OK && have == GS_HAVE_COMPARE)
        status = gs_reconcile_compare(o->reconcile, &f, &same, err);
    if (status != GAOSOU_OK)
        return status;
    if (same || have == GS_HAVE_SAME) {
        o->work->not_read++;
        return GAOSOU_OK;
    }
    o->work->added++;
    return gs_builder_add(o->builder, &f, err);
}

static enum gaosou_status checkpoint(struct open_work *o, struct gs_err *err)
{
    enum gaosou_status status = gs_builder_checkpoint(o->builder, err);
    if (status != GAOSOU_OK || !gs_index_writer_is_changed(o->writer))
        return status;
    status = gs_work_journal_keep(&o->journal, o->writer, err);
    return status == GAOSOU_OK ? gs_index_writer_commit(o->writer, err) : status;
}

static enum gaosou_status run_all(struct open_work *o, struct gs_err *err)
{
    struct index_work *work = o->work;
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0; i < work->count && status == GAOSOU_OK; i++) {
        status = take(o, i, err);
        if (status == GAOSOU_OK && work->checkpoint && (i + 1) % work->checkpoint == 0)
            status = checkpoint(o, err);
    }
    if (status == GAOSOU_OK)
        status = gs_builder_finish(o->builder, err);
    if (status == GAOSOU_OK && gs_index_writer_is_changed(o->writer))
        status = gs_index_writer_commit(o->writer, err);
    if (status == GAOSOU_OK)
        status = gs_reconcile_keep(o->reconcile, err);
    if (status == GAOSOU_OK)
        gs_work_journal_end(&o->journal, o->writer);
    return status;
}

enum gaosou_status index_work_run(const char *folder, struct index_work *work, struct gs_err *err)
{
    struct open_work o = {.work = work};
    work->not_read = work->added = 0;
    enum gaosou_status status = open_all(&o, folder, err);
    if (status == GAOSOU_OK)
        status = run_all(&o, err);
    gs_builder_free(o.builder);
    gs_reconcile_free(o.reconcile);
    gs_index_writer_close(o.writer);
    return status;
}
