#include "indexer/builder.h"
#include "indexer/commands.h"
#include "indexer/intake.h"
#include "indexer/progress.h"

/* What `add` works with. */
struct add {
    const struct gs_index_options *options;
    struct gs_console *console;
    struct gs_progress progress;
    struct gs_index_writer *writer;
    struct gs_builder *builder;
    struct gs_intake intake;
    bool intake_is_open;
};

static enum gaosou_status take_filing(void *ctx, const struct gs_filing *filing, struct gs_err *err)
{
    struct add *a = ctx;
    const struct gs_tally *tally = &a->intake.outcomes.tally;
    gs_progress_update(&a->progress, tally->filings, tally->source_bytes);
    return gs_builder_add(a->builder, filing, err);
}

static void say_replaced(void *ctx, struct gs_str id)
{
    struct add *a = ctx;
    if (a->console->verbose)
        gs_console_warn(a->console, "%s: %.*s", GS_TR(a->console, "replaced", "已替换"),
                        (int)id.size, id.bytes);
}

static enum gaosou_status add_open(struct add *a, struct gs_err *err)
{
    const struct gs_index_options *o = a->options;
    struct gs_builder_params building = {.threads = o->threads,
                                         .memory = o->memory,
                                         .with_text = !o->no_text,
                                         .replaced = say_replaced,
                                         .ctx = a};
    struct gs_intake_params reading = {
        .encoding = o->encoding,
        .source = {.id_prefix = o->id_prefix, .index_folder = o->index},
        .filing_max = gs_builder_filing_max(o->memory),
        .memory = o->memory,
        .threads = o->threads};
    struct gs_intake_sink sink = {a, take_filing};
    enum gaosou_status status = gs_intake_open(&a->intake, &reading, &sink, a->console, err);
    a->intake_is_open = status == GAOSOU_OK;
    if (status == GAOSOU_OK)
        status = gs_index_writer_open(&a->writer, o->index, true, err);
    if (status == GAOSOU_OK)
        status = gs_builder_create(&a->builder, a->writer, &building, err);
    return status;
}

static enum gaosou_status add_run(struct add *a, struct gs_err *err)
{
    enum gaosou_status status = add_open(a, err);
    for (int i = 0; i < a->options->arg_count && status == GAOSOU_OK; i++)
        status = gs_intake_path(&a->intake, a->options->args[i], err);
    if (status == GAOSOU_OK)
        status = gs_builder_finish(a->builder, err);
    if (status == GAOSOU_OK && gs_index_writer_is_changed(a->writer))
        status = gs_index_writer_commit(a->writer, err);
    return status;
}

static void say_losses(struct add *a)
{
    const struct gs_tally *t = &a->intake.outcomes.tally;
    struct gs_console *c = a->console;
    for (int i = 0; i < GS_SKIP_COUNT; i++) {
        if (t->skipped[i] > 0)
            fprintf(c->out, GS_TR(c, "skipped %llu: %s\n", "跳过 %llu 个:%s\n"),
                    (unsigned long long)t->skipped[i], gs_skip_text(c, (enum gs_skip)i));
    }
    if (t->repaired > 0)
        fprintf(c->out,
                GS_TR(c, "damaged %llu: %llu invalid byte sequences became U+FFFD\n",
                      "损坏 %llu 个:%llu 处无效字节替换为 U+FFFD\n"),
                (unsigned long long)t->repaired, (unsigned long long)t->replacements);
    if (t->bad_dates > 0)
        fprintf(c->out,
                GS_TR(c,
                      t->bad_dates == 1
                          ? "%llu date or period could not be read: taken as unknown\n"
                          : "%llu dates or periods could not be read: taken as unknown\n",
                      "%llu 处日期或报告期无法识别,按不明处理\n"),
                (unsigned long long)t->bad_dates);
}

static void say_summary(struct add *a)
{
    struct gs_console *c = a->console;
    if (c->quiet)
        return;
    struct gs_builder_counts counts = gs_builder_get_counts(a->builder);
    double seconds = gs_progress_seconds(&a->progress);
    double mb = (double)counts.content_bytes / 1e6;
    fprintf(c->out,
            GS_TR(c,
                  counts.filings == 1
                      ? "indexed %llu filing (%.1f MB of text) in %.2f s, %.1f MB/s\n"
                      : "indexed %llu filings (%.1f MB of text) in %.2f s, %.1f MB/s\n",
                  "已索引 %llu 份公告(文本 %.1f MB),用时 %.2f 秒,%.1f MB/s\n"),
            (unsigned long long)counts.filings, mb, seconds, seconds > 0 ? mb / seconds : 0);
    if (counts.replaced > 0)
        fprintf(c->out,
                GS_TR(c,
                      counts.replaced == 1 ? "replaced %llu older filing\n"
                                           : "replaced %llu older filings\n",
                      "替换了 %llu 份旧公告\n"),
                (unsigned long long)counts.replaced);
    say_losses(a);
}

static void add_release(struct add *a)
{
    gs_builder_free(a->builder);
    gs_index_writer_close(a->writer);
    if (a->intake_is_open)
        gs_intake_close(&a->intake);
}

int gs_command_add(const struct gs_index_options *o, struct gs_console *c)
{
    struct add a = {.options = o, .console = c};
    struct gs_err err = {0};
    gs_progress_start(&a.progress, c);
    enum gaosou_status status = add_run(&a, &err);
    gs_progress_stop(&a.progress);
    int code = GS_EXIT_OK;
    if (status != GAOSOU_OK) {
        gs_console_error(c, "%s", err.text);
        code = GS_EXIT_ERROR;
    } else if (gs_builder_get_counts(a.builder).filings == 0) {
        gs_console_error(c, "%s",
                         GS_TR(c, "nothing to index was found; nothing was changed",
                               "没有找到可索引的内容;索引未改动"));
        if (!c->quiet)
            say_losses(&a);
        code = GS_EXIT_ERROR;
    } else {
        gs_command_tidy(o, c, a.writer);
        say_summary(&a);
        code = gs_tally_has_losses(&a.intake.outcomes.tally) ? GS_EXIT_LOSSES : GS_EXIT_OK;
    }
    add_release(&a);
    return code;
}
