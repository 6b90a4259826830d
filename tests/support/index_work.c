#include "tests/support/index_work.h"

#include "indexer/builder.h"
#include "indexer/work_journal.h"

#include <stdio.h>
#include <string.h>

#define TEXT_MAX 1500
#define ID_MAX   24
#define WINDOW   64 /* inputs looked up and not taken */

struct open_work {
    struct index_work *work;
    struct gs_index_writer *writer;
    struct gs_builder *builder;
    struct gs_reconcile *reconcile;
    struct gs_work_journal journal;
    enum gs_have have[WINDOW]; /* of input n at n % WINDOW */
};

static enum gaosou_status open_all(struct open_work *o, const char *folder, struct gs_err *err)
{
    static const char *const command[] = {"work"};
    struct gs_builder_params building = {
        .threads = 2, .memory = GS_MEMORY_MIN, .with_text = !o->work->no_text};
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

/* Input `number`: its text is made in `made` where it is not given. */
static struct index_input input_of(const struct index_work *work, size_t number, char *id,
                                   char *made)
{
    struct index_input in;
    if (work->inputs) {
        in = work->inputs[number];
    } else {
        snprintf(id, ID_MAX, "w%zu", number);
        made[0] = '\0';
        for (size_t k = 0; k < number % 20; k++)
            snprintf(made + strlen(made), TEXT_MAX - strlen(made), "净利润%zu增长%zu，", number * k,
                     number + k);
        in = (struct index_input){.id = id, .text = made, .time = number + 1};
    }
    in.time += work->later;
    return in;
}

static enum gaosou_status look(struct open_work *o, size_t number, struct gs_err *err)
{
    char id[ID_MAX], text[TEXT_MAX];
    struct index_input in = input_of(o->work, number, id, text);
    struct gs_reconcile_source source = {
        .id = {in.id, strlen(in.id)}, .size = strlen(in.text), .time = in.time};
    return in.is_unreadable
               ? gs_reconcile_exempt(o->reconcile, source.id, err)
               : gs_reconcile_look(o->reconcile, &source, &o->have[number % WINDOW], err);
}

static enum gaosou_status take(struct open_work *o, size_t number, struct gs_err *err)
{
    char id[ID_MAX], text[TEXT_MAX];
    struct index_input in = input_of(o->work, number, id, text);
    if (in.is_unreadable)
        return GAOSOU_OK;
    struct gs_filing f = {
        .text = {in.text, strlen(in.text)}, .source_size = strlen(in.text), .source_time = in.time};
    f.field[GS_FIELD_ID] = (struct gs_str){in.id, strlen(in.id)};
    enum gs_have have = o->have[number % WINDOW];
    bool same = false;
    enum gaosou_status status = GAOSOU_OK;
    if (have == GS_HAVE_COMPARE)
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
    if (status == GAOSOU_OK && gs_index_writer_is_changed(o->writer)) {
        status = gs_work_journal_keep(&o->journal, o->writer, err);
        if (status == GAOSOU_OK)
            status = gs_index_writer_commit(o->writer, err);
    }
    return status == GAOSOU_OK ? gs_reconcile_keep(o->reconcile, err) : status;
}

static enum gaosou_status take_all(struct open_work *o, struct gs_err *err)
{
    struct index_work *work = o->work;
    size_t looked = 0, end = work->stop && work->stop < work->count ? work->stop : work->count;
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0; i < end && status == GAOSOU_OK; i++) {
        while (looked < end && looked <= i + work->ahead && status == GAOSOU_OK)
            status = look(o, looked++, err);
        if (status == GAOSOU_OK)
            status = take(o, i, err);
        if (status == GAOSOU_OK && work->checkpoint && (i + 1) % work->checkpoint == 0)
            status = checkpoint(o, err);
    }
    return status;
}

static enum gaosou_status finish(struct open_work *o, struct gs_err *err)
{
    struct gs_prune prune = {0};
    enum gaosou_status status = gs_builder_finish(o->builder, err);
    if (status == GAOSOU_OK && o->work->prune)
        status = gs_reconcile_prune(o->reconcile, true, &prune, err);
    if (status == GAOSOU_OK && gs_index_writer_is_changed(o->writer))
        status = gs_index_writer_commit(o->writer, err);
    if (status == GAOSOU_OK)
        status = gs_reconcile_keep(o->reconcile, err);
    if (status == GAOSOU_OK)
        gs_work_journal_end(&o->journal, o->writer);
    return status;
}

static enum gaosou_status run_all(struct open_work *o, struct gs_err *err)
{
    const struct index_work *work = o->work;
    enum gaosou_status status = GAOSOU_OK;
    if (work->prune)
        status = gs_reconcile_root(o->reconcile, (struct gs_str){work->prune, strlen(work->prune)},
                                   true, err);
    if (status == GAOSOU_OK)
        status = take_all(o, err);
    return status == GAOSOU_OK && !work->stop ? finish(o, err) : status;
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
