#include "indexer/index_run.h"

#include "common/base/checksum.h"
#include "indexer/index_run_internal.h"
#include "indexer/live_filings.h"
#include "indexer/stop.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- filings ---- */

/* A note for the next update's speed alone. */
static void keep_touched(struct gs_index_run *r)
{
    struct gs_err err;
    if (gs_reconcile_keep(r->reconcile, &err) != GAOSOU_OK && r->console->verbose)
        gs_console_warn(r->console, "%s", err.text);
}

static enum gaosou_status commit(struct gs_index_run *r, struct gs_err *err)
{
    enum gaosou_status status = gs_index_writer_commit(r->writer, err);
    if (status == GAOSOU_OK) {
        r->committed = true;
        r->live = gs_index_writer_live(r->writer);
    }
    return status;
}

/* Commits what there is so far. */
static enum gaosou_status checkpoint(struct gs_index_run *r, struct gs_err *err)
{
    enum gaosou_status status = gs_builder_checkpoint(r->builder, err);
    if (status == GAOSOU_OK && gs_index_writer_is_changed(r->writer)) {
        /* The note first: a kill in between must not lose what the commit has. */
        status = gs_work_journal_keep(&r->journal, r->writer, err);
        if (status == GAOSOU_OK)
            status = commit(r, err);
    }
    if (status == GAOSOU_OK)
        keep_touched(r);
    gs_report_flush(&r->report);
    r->last_commit = now();
    return status;
}

/* Between two inputs: shows how far the work is, ends it where that is asked for, and commits where
 * it is time. */
static enum gaosou_status tick(void *ctx, struct gs_err *err)
{
    struct gs_index_run *r = ctx;
    unsigned every = r->options->checkpoint;
    struct gs_progress_place place = r->intake.passed;
    place.bytes += r->intake.within;
    gs_progress_update(&r->progress, place);
    if (gs_stop_signal()) {
        r->is_stopped = true;
        return gs_err_set(err, GAOSOU_E_IO, "stopped by signal %d", gs_stop_signal());
    }
    return every > 0 && now() - r->last_commit >= every ? checkpoint(r, err) : GAOSOU_OK;
}

static enum gaosou_status take_filing(void *ctx, const struct gs_filing *filing, struct gs_err *err)
{
    struct gs_index_run *r = ctx;
    return gs_builder_add(r->builder, filing, err);
}

static bool replaces(void *ctx, struct gs_str id)
{
    struct gs_index_run *r = ctx;
    struct gs_index_place place;
    struct gs_err ignored;
    enum gaosou_status status =
        gs_index_writer_find(r->writer, id.bytes, id.size, &place, &ignored);
    bool is_there = status == GAOSOU_OK && place.doc != GS_DOC_END;
    r->older += is_there;
    /* The report tells of ids that were given before in this run too. */
    bool is_again = r->report.out && !gs_hash_set_add(&r->given, gs_hash64(id.bytes, id.size));
    return is_there || is_again;
}

static void say_replaced(void *ctx, struct gs_str id)
{
    struct gs_index_run *r = ctx;
    if (r->console->verbose)
        gs_console_warn(r->console, GS_TR(r->console, "replaced: %.*s", "已替换：%.*s"),
                        (int)id.size, id.bytes);
}

/* ---- the work ---- */

static unsigned default_threads(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? 1 : n > GS_CREW_THREADS_MAX ? GS_CREW_THREADS_MAX : (unsigned)n;
}

/* Of all that decides which filings the work ends in. */
static enum gaosou_status hash_command(const struct gs_index_run *r, uint64_t *hash,
                                       struct gs_err *err)
{
    const struct gs_index_options *o = r->options;
    char *folder = getcwd(NULL, 0);
    const char *fixed[] = {r->mode == GS_RECONCILE_UPDATE ? "update" : "add",
                           folder ? folder : "",
                           o->no_text ? "no-text" : "",
                           o->encoding ? o->encoding : "",
                           o->id_prefix ? o->id_prefix : "",
                           o->meta ? o->meta : "",
                           o->name_pattern ? o->name_pattern : "",
                           o->prune ? "prune" : ""};
    size_t count = sizeof(fixed) / sizeof(fixed[0]);
    size_t all = count + o->filterable_count + (size_t)o->arg_count;
    const char **parts = malloc(all * sizeof(*parts));
    if (!parts) {
        free(folder);
        return gs_err_nomem(err, all * sizeof(*parts));
    }
    memcpy(parts, fixed, sizeof(fixed));
    for (size_t i = 0; i < o->filterable_count; i++)
        parts[count++] = o->filterable[i];
    for (int i = 0; i < o->arg_count; i++)
        parts[count + (size_t)i] = o->args[i];
    *hash = gs_work_journal_hash(parts, all);
    free(parts);
    free(folder);
    return GAOSOU_OK;
}

static enum gaosou_status say_continuing(struct gs_index_run *r, struct gs_err *err)
{
    uint64_t count = 0;
    enum gaosou_status status =
        gs_live_filings_count(r->writer, r->journal.start_sequence, &count, err);
    if (status == GAOSOU_OK && !r->console->quiet)
        fprintf(r->console->out,
                GS_TR(r->console, "continuing: %llu filings were done\n",
                      "续接上次：%llu 份公告已完成\n"),
                (unsigned long long)count);
    return status;
}

/* What the index has, and whether an interrupted run goes on. */
static enum gaosou_status open_reconcile(struct gs_index_run *r, struct gs_err *err)
{
    uint64_t hash = 0;
    enum gaosou_status status = hash_command(r, &hash, err);
    if (status == GAOSOU_OK)
        status = gs_work_journal_begin(&r->journal, r->writer, hash, err);
    if (status != GAOSOU_OK)
        return status;
    if (r->journal.is_written)
        status = say_continuing(r, err);
    if (status == GAOSOU_OK)
        status = gs_report_begin(&r->report, r->journal.is_written, err);
    if (status != GAOSOU_OK)
        return status;
    struct gs_reconcile_params params = {.mode = r->mode,
                                         .from_sequence = r->journal.start_sequence};
    status = gs_reconcile_create(&r->reconcile, r->writer, &params, err);
    r->intake.params.reconcile = r->reconcile;
    return status;
}

/* The report must not be written over what is to be read. */
static enum gaosou_status open_report(struct gs_index_run *r, struct gs_err *err)
{
    const struct gs_index_options *o = r->options;
    struct stat report, input;
    if (stat(o->report, &report) == 0) {
        for (int i = 0; i < o->arg_count; i++)
            if (stat(o->args[i], &input) == 0 && S_ISREG(input.st_mode) &&
                input.st_dev == report.st_dev && input.st_ino == report.st_ino)
                return gs_err_set(err, GAOSOU_E_USE, "%s cannot be both the report and an input",
                                  o->report);
    }
    return gs_report_open(&r->report, o->report, r->standard, err);
}

/* What the user gives beside the inputs: fields, and a folder of texts. */
static enum gaosou_status open_overrides(struct gs_index_run *r, struct gs_intake_params *reading,
                                         struct gs_err *err)
{
    const struct gs_index_options *o = r->options;
    enum gaosou_status status = GAOSOU_OK;
    if (o->meta)
        status = gs_meta_csv_open(&r->meta, o->meta, err);
    if (status == GAOSOU_OK && o->name_pattern) {
        status = gs_name_pattern_parse(&r->pattern, o->name_pattern, err);
        reading->pattern = &r->pattern;
    }
    if (status == GAOSOU_OK && o->cache)
        status = gs_text_cache_open(&r->cache, o->cache, err);
    if (status == GAOSOU_OK && o->report)
        status = open_report(r, err);
    reading->meta = r->meta;
    reading->cache = r->cache;
    return status;
}

/* What the index has of a filing that was not read, for the report; false: nothing. */
static bool read_stored(struct gs_index_run *r, struct gs_str id, struct gs_filing *filing)
{
    struct gs_index_place place;
    struct gs_record d;
    struct gs_err ignored;
    if ((!r->records && gs_record_reader_create(&r->records) != GAOSOU_OK) ||
        gs_index_writer_find(r->writer, id.bytes, id.size, &place, &ignored) != GAOSOU_OK ||
        place.doc == GS_DOC_END)
        return false;
    const struct gs_segment *segment = gs_index_writer_get(r->writer, place.segment)->segment;
    if (gs_record_read(r->records, segment, place.doc, &d, &ignored) != GAOSOU_OK)
        return false;
    *filing = (struct gs_filing){.field = {[GS_FIELD_TITLE] = d.title,
                                           [GS_FIELD_NAME] = d.name,
                                           [GS_FIELD_COMPANY] = d.company,
                                           [GS_FIELD_DATE] = d.date,
                                           [GS_FIELD_PERIOD] = d.period,
                                           [GS_FIELD_TYPE] = d.type,
                                           [GS_FIELD_EXCHANGE] = d.exchange,
                                           [GS_FIELD_BOARD] = d.board,
                                           [GS_FIELD_NUMBER] = d.number,
                                           [GS_FIELD_CODES] = d.codes}};
    return true;
}

static void note_outcome(void *ctx, const struct gs_outcome *o)
{
    struct gs_index_run *r = ctx;
    struct gs_outcome completed = *o;
    struct gs_filing stored;
    bool is_unread = r->report.out && o->kind == GS_OUTCOME_UNCHANGED && !o->filing;
    if (is_unread && read_stored(r, o->id, &stored))
        completed.filing = &stored;
    gs_report_note(&r->report, &completed);
}

static enum gaosou_status run_open(struct gs_index_run *r, struct gs_err *err)
{
    const struct gs_index_options *o = r->options;
    unsigned threads = o->threads ? o->threads : default_threads();
    struct gs_builder_params building = {.threads = threads,
                                         .memory = o->memory,
                                         .with_text = !o->no_text,
                                         .replaced = say_replaced,
                                         .ctx = r};
    struct gs_intake_params reading = {
        .encoding = o->encoding,
        .source = {.id_prefix = o->id_prefix, .index_folder = o->index, .output = o->report},
        .filing_max = gs_builder_filing_max(o->memory),
        .memory = o->memory,
        .threads = threads,
        .replaces = replaces,
        .tick = tick,
        .progress = &r->progress};
    struct gs_intake_sink sink = {r, take_filing};
    enum gaosou_status status = open_overrides(r, &reading, err);
    if (status == GAOSOU_OK)
        status = gs_intake_open(&r->intake, &reading, &sink, r->console, err);
    r->intake_is_open = status == GAOSOU_OK;
    r->intake.outcomes.observer = note_outcome;
    r->intake.outcomes.observer_ctx = r;
    if (status == GAOSOU_OK)
        status = gs_index_writer_open(&r->writer, o->index, true, err);
    for (size_t i = 0; i < o->filterable_count && status == GAOSOU_OK; i++)
        status = gs_index_writer_add_filterable(r->writer, o->filterable[i], err);
    if (status == GAOSOU_OK)
        status = gs_builder_create(&r->builder, r->writer, &building, err);
    return status == GAOSOU_OK ? open_reconcile(r, err) : status;
}

static void note_removed(void *ctx, struct gs_str id)
{
    struct gs_index_run *r = ctx;
    if (r->console->verbose)
        gs_console_warn(r->console, GS_TR(r->console, "removed: %.*s", "已删除：%.*s"),
                        (int)id.size, id.bytes);
    struct gs_outcome o = {.id = id, .kind = GS_OUTCOME_REMOVED};
    gs_outcome_note(&r->intake.outcomes, &o);
}

static void say_duplicate(void *ctx, struct gs_str id, struct gs_str other)
{
    struct gs_index_run *r = ctx;
    uint64_t pair = gs_hash64(id.bytes, id.size) ^ gs_hash64(other.bytes, other.size);
    if (r->console->verbose && gs_hash_set_add(&r->paired, pair)) /* once for the two */
        gs_console_warn(
            r->console,
            GS_TR(r->console, "%.*s has the same text as %.*s", "%.*s 与 %.*s 文本相同"),
            (int)id.size, id.bytes, (int)other.size, other.bytes);
    gs_report_note_duplicate(&r->report, id, other);
}

/* New filings that the index has under another id too. */
static enum gaosou_status count_duplicates(struct gs_index_run *r, struct gs_err *err)
{
    struct gs_duplicates_params params = {
        .from_sequence = r->journal.start_sequence, .found = say_duplicate, .ctx = r};
    return gs_duplicates_find(r->writer, &params, &r->duplicates, err);
}

static enum gaosou_status run_all(struct gs_index_run *r, struct gs_err *err)
{
    const struct gs_index_options *o = r->options;
    enum gaosou_status status = run_open(r, err);
    r->last_commit = now();
    if (status == GAOSOU_OK)
        gs_progress_watch(&r->progress, o->args, o->arg_count, &r->intake.params.source);
    for (int i = 0; i < o->arg_count && status == GAOSOU_OK; i++)
        status = gs_intake_path(&r->intake, o->args[i], err);
    if (status == GAOSOU_OK)
        status = gs_builder_finish(r->builder, err);
    if (status == GAOSOU_OK && o->prune) {
        r->prune = (struct gs_prune){.removing = note_removed, .ctx = r};
        status = gs_reconcile_prune(r->reconcile, o->force, &r->prune, err);
    }
    if (status == GAOSOU_OK && gs_index_writer_is_changed(r->writer))
        status = commit(r, err);
    if (status != GAOSOU_OK)
        return status;
    gs_work_journal_end(&r->journal, r->writer);
    keep_touched(r);
    return count_duplicates(r, err);
}

static void run_release(struct gs_index_run *r)
{
    if (r->intake_is_open)
        gs_intake_close(&r->intake);
    gs_progress_release(&r->progress); /* its workers tell of their files until then */
    gs_meta_csv_close(r->meta);
    gs_text_cache_close(r->cache);
    gs_reconcile_free(r->reconcile);
    gs_builder_free(r->builder);
    gs_index_writer_close(r->writer);
    gs_hash_set_release(&r->given);
    gs_hash_set_release(&r->paired);
    gs_record_reader_free(r->records);
}

/* Whether there was anything at all that concerns the index. */
static bool found_anything(const struct gs_index_run *r)
{
    const struct gs_tally *t = &r->intake.outcomes.tally;
    return gs_builder_get_counts(r->builder).filings > 0 || t->outcomes[GS_OUTCOME_UNCHANGED] > 0 ||
           t->outcomes[GS_OUTCOME_REMOVED] > 0;
}

/* The exit code: what was committed before the failure stays. */
static int say_failure(struct gs_index_run *r, const struct gs_err *err)
{
    gs_console_error(r->console, "%s", err->text);
    if (!r->committed)
        return GS_EXIT_ERROR;
    gs_console_error(r->console,
                     GS_TR(r->console,
                           "what was committed on the way stays, the index has %llu filings; the "
                           "same command goes on there",
                           "此前已提交的部分保留，索引现有 %llu 份公告；重新执行同一命令即可继续"),
                     (unsigned long long)r->live);
    return GS_EXIT_LOSSES;
}

/* Asked to stop: what was taken so far is committed as at a checkpoint. */
static int say_stopped(struct gs_index_run *r)
{
    struct gs_err err;
    struct gs_console *c = r->console;
    if (checkpoint(r, &err) != GAOSOU_OK)
        return say_failure(r, &err);
    gs_index_run_say_summary(r);
    gs_console_error(c, "%s",
                     r->committed || r->journal.is_written
                         ? GS_TR(c,
                                 "stopped; what was done is committed, and the same command goes "
                                 "on there",
                                 "已停止；已完成的部分已提交，重新执行同一命令即可继续")
                         : GS_TR(c, "stopped; nothing was changed", "已停止；索引未改动"));
    return GS_EXIT_SIGNAL + gs_stop_signal();
}

static int say_done(struct gs_index_run *r)
{
    struct gs_console *c = r->console;
    if (!found_anything(r)) {
        gs_console_error(c, "%s",
                         GS_TR(c, "nothing to index was found; nothing was changed",
                               "没有找到可索引的内容；索引未改动"));
        gs_index_run_say_losses(r);
        return GS_EXIT_ERROR;
    }
    if (r->committed && !gs_stop_signal())
        gs_command_tidy(r->options, c, r->writer);
    gs_index_run_say_summary(r);
    bool losses = gs_tally_has_losses(&r->intake.outcomes.tally) || r->prune.refused;
    return losses ? GS_EXIT_LOSSES : GS_EXIT_OK;
}

/* The exit code, after the report is closed. */
static int close_report(struct gs_index_run *r, int code)
{
    struct gs_err err;
    if (gs_report_close(&r->report, &err) == GAOSOU_OK)
        return code;
    gs_console_warn(r->console, "%s: %s", r->options->report, err.text);
    return code == GS_EXIT_OK ? GS_EXIT_LOSSES : code;
}

int gs_index_run(const struct gs_index_options *o, enum gs_reconcile_mode mode,
                 struct gs_console *c)
{
    struct gs_index_run r = {.options = o, .mode = mode, .console = c, .standard = c->out};
    struct gs_err err = {0};
    int code = GS_EXIT_ERROR;
    if (o->report && strcmp(o->report, "-") == 0)
        c->out = c->err; /* the report has the standard output for itself */
    /* Somebody who reads the report may have enough of it: a failure to write, not a death. */
    (void)signal(SIGPIPE, SIG_IGN);
    gs_stop_catch();
    gs_progress_start(&r.progress, c);
    enum gaosou_status status = run_all(&r, &err);
    gs_progress_stop(&r.progress);
    if (r.is_stopped)
        code = say_stopped(&r);
    else if (status != GAOSOU_OK)
        code = say_failure(&r, &err);
    else
        code = say_done(&r);
    code = close_report(&r, code);
    gs_stop_release();
    run_release(&r);
    c->out = r.standard;
    return code;
}
