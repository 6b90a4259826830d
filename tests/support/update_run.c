#include "tests/support/update_run.h"

#include "indexer/live_filings.h"
#include "tests/support/built_index.h"
#include "tests/support/test.h"

struct gs_str update_str(const char *s)
{
    return (struct gs_str){s, s ? strlen(s) : 0};
}

static void note_removed(void *ctx, struct gs_str id)
{
    struct update_run *run = ctx;
    snprintf(run->removed + strlen(run->removed), sizeof(run->removed) - strlen(run->removed),
             "%.*s ", (int)id.size, id.bytes);
}

struct gs_filing update_filing(const struct update_input *in)
{
    struct gs_filing f = {
        .text = update_str(in->text), .source_size = strlen(in->text), .source_time = in->time};
    f.field[GS_FIELD_ID] = update_str(in->id);
    f.field[GS_FIELD_SOURCE] = update_str(in->source);
    f.field[GS_FIELD_TITLE] = update_str(in->title);
    return f;
}

void update_look(struct update_world *s, struct update_run *run, const struct update_input *in,
                 size_t i)
{
    struct gs_err err;
    struct gs_reconcile_source source = {.id = update_str(in->id),
                                         .source = update_str(in->source),
                                         .size = strlen(in->text),
                                         .time = in->time,
                                         .is_part = in->source != NULL,
                                         .given = run->given};
    assert_ok_err(gs_reconcile_look(s->reconcile, &source, &run->have[i], &err), &err);
}

static void take(struct update_world *s, struct update_run *run, const struct update_input *in,
                 size_t i)
{
    struct gs_err err;
    struct gs_filing f = update_filing(in);
    bool same = false;
    if (run->have[i] == GS_HAVE_SAME) {
        run->not_read++;
        return;
    }
    if (run->have[i] == GS_HAVE_COMPARE)
        assert_ok_err(gs_reconcile_compare(s->reconcile, &f, &same, &err), &err);
    if (same) {
        run->unchanged++;
        return;
    }
    run->added++;
    assert_ok_err(gs_builder_add(s->builder, &f, &err), &err);
}

void update_open(struct update_world *s, struct update_run *run)
{
    struct gs_err err;
    struct gs_builder_params building = {.threads = 1, .memory = GS_MEMORY_MIN, .with_text = true};
    const char *name[] = {"test"};
    assert_ok_err(gs_index_writer_open(&s->writer, s->index, true, &err), &err);
    assert_ok_err(
        gs_work_journal_begin(&s->journal, s->writer, gs_work_journal_hash(name, 1), &err), &err);
    run->continued = s->journal.is_written;
    assert_ok_err(gs_live_filings_count(s->writer, s->journal.start_sequence, &run->done, &err),
                  &err);
    struct gs_reconcile_params params = {run->mode, s->journal.start_sequence};
    assert_ok_err(gs_builder_create(&s->builder, s->writer, &building, &err), &err);
    assert_ok_err(gs_reconcile_create(&s->reconcile, s->writer, &params, &err), &err);
    for (size_t i = 0; i < GS_COUNT_OF(run->roots) && run->roots[i].id; i++)
        assert_ok_err(gs_reconcile_root(s->reconcile, update_str(run->roots[i].id),
                                        run->roots[i].is_folder, &err),
                      &err);
    for (size_t i = 0; i < GS_COUNT_OF(run->exempt) && run->exempt[i]; i++)
        assert_ok_err(gs_reconcile_exempt(s->reconcile, update_str(run->exempt[i]), &err), &err);
}

static void checkpoint(struct update_world *s)
{
    struct gs_err err;
    assert_ok_err(gs_builder_checkpoint(s->builder, &err), &err);
    if (!gs_index_writer_is_changed(s->writer))
        return;
    assert_ok_err(gs_work_journal_keep(&s->journal, s->writer, &err), &err);
    assert_ok_err(gs_index_writer_commit(s->writer, &err), &err);
}

void update_finish(struct update_world *s, struct update_run *run)
{
    struct gs_err err;
    run->pruned = (struct gs_prune){.removing = note_removed, .ctx = run};
    assert_ok_err(gs_builder_finish(s->builder, &err), &err);
    if (run->prune)
        assert_ok_err(gs_reconcile_prune(s->reconcile, run->force, &run->pruned, &err), &err);
    if (gs_index_writer_is_changed(s->writer))
        assert_ok_err(gs_index_writer_commit(s->writer, &err), &err);
    assert_ok_err(gs_reconcile_keep(s->reconcile, &err), &err);
    gs_work_journal_end(&s->journal, s->writer);
}

void update_close(struct update_world *s)
{
    gs_builder_free(s->builder);
    gs_reconcile_free(s->reconcile);
    gs_index_writer_close(s->writer);
}

void update_drive(struct update_world *s, struct update_run *run, const struct update_input *inputs,
                  size_t count)
{
    update_open(s, run);
    run->added = run->unchanged = run->not_read = 0;
    for (size_t i = 0; run->look_ahead && i < count; i++)
        update_look(s, run, &inputs[i], i);
    bool killed = false;
    for (size_t i = 0; i < count && !killed; i++) {
        if (!run->look_ahead)
            update_look(s, run, &inputs[i], i);
        take(s, run, &inputs[i], i);
        if (run->checkpoint && (i + 1) % run->checkpoint == 0)
            checkpoint(s);
        killed = run->killed == i + 1;
    }
    if (!killed)
        update_finish(s, run);
    update_close(s);
    built_index_check(s->index);
}

int update_setup(void **state)
{
    struct update_world *s = calloc(1, sizeof(*s));
    s->folder = test_folder_create();
    s->index = test_path(s->folder, "index");
    *state = s;
    return 0;
}

int update_teardown(void **state)
{
    struct update_world *s = *state;
    free(s->index);
    test_folder_remove(s->folder);
    free(s);
    return 0;
}

void update_assert_index(struct update_world *s, const char *const *wanted, size_t count)
{
    struct gs_index_writer *w;
    struct gs_text_reader *texts;
    struct gs_err err;
    assert_ok_err(gs_index_writer_open(&w, s->index, false, &err), &err);
    assert_ok(gs_text_reader_create(&texts));
    assert_int_equal(gs_index_writer_live(w), count);
    for (size_t i = 0; i < count; i++) {
        const char *space = strchr(wanted[i], ' ');
        struct gs_index_place place;
        struct gs_buf text;
        assert_ok_err(gs_index_writer_find(w, wanted[i], (size_t)(space - wanted[i]), &place, &err),
                      &err);
        assert_int_not_equal(place.doc, GS_DOC_END);
        gs_buf_init(&text, 1000);
        const struct gs_segment *segment = gs_index_writer_get(w, place.segment)->segment;
        assert_ok_err(
            gs_text_read(texts, segment, place.doc, 0, (uint32_t)strlen(space + 1), &text, &err),
            &err);
        assert_int_equal(text.size, strlen(space + 1));
        assert_memory_equal(text.data, space + 1, text.size);
        gs_buf_release(&text);
    }
    gs_text_reader_free(texts);
    gs_index_writer_close(w);
}

/* ---- what several tests begin with ---- */

const struct update_input update_three[3] = {
    {.id = "r/a", .text = "甲一", .time = 10},
    {.id = "r/b", .text = "乙二", .time = 20},
    {.id = "r/c", .text = "丙三", .time = 30},
};

const struct update_input update_feed[3] = {
    {.id = "n1", .text = "一", .time = 10, .source = "feed.jsonl"},
    {.id = "n2", .text = "二", .time = 10, .source = "feed.jsonl"},
    {.id = "feed.jsonl:3", .text = "三", .time = 10, .source = "feed.jsonl"},
};

void update_first(struct update_world *s)
{
    struct update_run run = {.mode = GS_RECONCILE_UPDATE};
    update_drive(s, &run, update_three, 3);
    assert_int_equal(run.added, 3);
}
