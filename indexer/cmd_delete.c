#include "indexer/commands.h"
#include "indexer/filing.h"
#include "indexer/where.h"

#include <stdlib.h>
#include <string.h>

#define FORCED_FROM 10 /* --where takes more than one filing in so many only with --force */

/* What `delete` works with. */
struct deletion {
    const struct gs_index_options *options;
    struct gs_console *console;
    struct gs_index_writer *writer;
    struct gs_record_reader *records;
    struct gs_buf places; /* struct gs_index_place each: what --where found */
    uint64_t unjudged, deleted;
};

#define PLACES_MAX ((size_t)UINT32_MAX * sizeof(struct gs_index_place))

/* ---- by id ---- */

/* An id as --dry-run and dump write it, or else as it stands. */
static enum gaosou_status delete_id(struct deletion *d, const char *id, bool *found,
                                    struct gs_err *err)
{
    struct gs_buf plain;
    gs_buf_init(&plain, GS_ID_MAX);
    enum gaosou_status status = GAOSOU_OK;
    *found = false;
    if (strchr(id, '\\') && gs_console_unescape_id(&plain, id))
        status =
            gs_index_writer_delete(d->writer, (const char *)plain.data, plain.size, found, err);
    gs_buf_release(&plain);
    return status == GAOSOU_OK && !*found
               ? gs_index_writer_delete(d->writer, id, strlen(id), found, err)
               : status;
}

static enum gaosou_status delete_ids(struct deletion *d, struct gs_err *err)
{
    for (int i = 0; i < d->options->arg_count; i++) {
        const char *id = d->options->args[i];
        bool found;
        enum gaosou_status status = delete_id(d, id, &found, err);
        if (status != GAOSOU_OK)
            return status;
        d->deleted += found;
        if (!found)
            gs_console_warn(d->console,
                            GS_TR(d->console, "no filing has the id %s", "没有 id 为 %s 的公告"),
                            id);
    }
    return GAOSOU_OK;
}

/* ---- by what is known of filings ---- */

static enum gaosou_status judge(struct deletion *d, struct gs_where *where,
                                const struct gs_segment *s, uint32_t doc, enum gs_truth *truth,
                                struct gs_record *record, struct gs_err *err)
{
    uint64_t date = 0, period = 0, commit = 0;
    enum gaosou_status status = gs_record_read(d->records, s, doc, record, err);
    if (status == GAOSOU_OK)
        status = gs_column_get(s, GS_COLUMN_DATE, doc, &date, err);
    if (status == GAOSOU_OK)
        status = gs_column_get(s, GS_COLUMN_PERIOD, doc, &period, err);
    if (status == GAOSOU_OK)
        status = gs_column_get(s, GS_COLUMN_COMMIT, doc, &commit, err);
    struct gs_where_filing filing = {record, (uint32_t)date, (uint32_t)period, commit};
    if (status == GAOSOU_OK)
        status = gs_where_judge(where, &filing, truth, err);
    return status;
}

static enum gaosou_status list_id(const struct deletion *d, struct gs_str id, struct gs_err *err)
{
    struct gs_buf shown;
    gs_buf_init(&shown, 8 * GS_ID_MAX);
    gs_console_escape_id(&shown, id.bytes, id.size);
    enum gaosou_status status =
        gs_buf_status(&shown) == GAOSOU_OK ? GAOSOU_OK : gs_err_nomem(err, id.size);
    if (status == GAOSOU_OK)
        fprintf(d->console->out, "%.*s\n", (int)shown.size, (const char *)shown.data);
    gs_buf_release(&shown);
    return status;
}

/* Collects the filings of one segment that the filters take. */
static enum gaosou_status find_in(struct deletion *d, struct gs_where *where, size_t segment,
                                  struct gs_err *err)
{
    const struct gs_snapshot_segment *view = gs_index_writer_get(d->writer, segment);
    uint32_t docs = gs_segment_get_stats(view->segment)->doc_count;
    enum gaosou_status status = GAOSOU_OK;
    for (uint32_t doc = 0; doc < docs && status == GAOSOU_OK; doc++) {
        enum gs_truth truth = GS_TRUTH_NO;
        struct gs_record record;
        if (gs_snapshot_is_deleted(view, doc))
            continue;
        status = judge(d, where, view->segment, doc, &truth, &record, err);
        d->unjudged += truth == GS_TRUTH_UNKNOWN;
        if (status != GAOSOU_OK || truth != GS_TRUTH_YES)
            continue;
        struct gs_index_place place = {segment, doc};
        gs_buf_append(&d->places, &place, sizeof(place));
        status = gs_buf_status(&d->places) == GAOSOU_OK ? GAOSOU_OK : gs_err_nomem(err, PLACES_MAX);
        if (status == GAOSOU_OK && d->options->dry_run)
            status = list_id(d, record.id, err);
    }
    return status;
}

static enum gaosou_status check_share(const struct deletion *d, uint64_t found, struct gs_err *err)
{
    uint64_t live = gs_index_writer_live(d->writer);
    if (d->options->force || d->options->dry_run || found * FORCED_FROM <= live)
        return GAOSOU_OK;
    return gs_err_set(err, GAOSOU_E_USE,
                      GS_TR(d->console,
                            "--where takes %llu of %llu filings, more than a tenth: nothing was "
                            "deleted (--force deletes them, --dry-run lists them)",
                            "--where 涉及 %llu 份公告（共 %llu 份），超过十分之一：未删除"
                            "（--force 强制删除，--dry-run 列出）"),
                      (unsigned long long)found, (unsigned long long)live);
}

static enum gaosou_status delete_places(struct deletion *d, struct gs_err *err)
{
    size_t count = d->places.size / sizeof(struct gs_index_place);
    enum gaosou_status status = check_share(d, count, err);
    for (size_t i = 0; i < count && status == GAOSOU_OK && !d->options->dry_run; i++) {
        struct gs_index_place place;
        memcpy(&place, d->places.data + i * sizeof(place), sizeof(place));
        status = gs_index_writer_delete_at(d->writer, &place, err);
        d->deleted += status == GAOSOU_OK;
    }
    return status;
}

static void say_unjudged(const struct deletion *d)
{
    const struct gs_console *c = d->console;
    if (d->unjudged > 0 && !c->quiet)
        fprintf(c->err,
                GS_TR(c,
                      d->unjudged == 1
                          ? "gaosou-index: %llu filing could not be judged and stays\n"
                          : "gaosou-index: %llu filings could not be judged and stay\n",
                      "gaosou-index: 有 %llu 份公告无从判断，予以保留\n"),
                (unsigned long long)d->unjudged);
}

static enum gaosou_status delete_where(struct deletion *d, struct gs_err *err)
{
    struct gs_where where;
    enum gaosou_status status = gs_where_parse(&where, d->options->where, d->console->chinese, err);
    if (status != GAOSOU_OK)
        return status;
    if (gs_record_reader_create(&d->records) != GAOSOU_OK)
        status = gs_err_nomem(err, sizeof(*d));
    for (size_t i = 0; i < gs_index_writer_count(d->writer) && status == GAOSOU_OK; i++)
        status = find_in(d, &where, i, err);
    gs_record_reader_free(d->records);
    gs_where_release(&where);
    say_unjudged(d);
    return status == GAOSOU_OK ? delete_places(d, err) : status;
}

/* ---- the command ---- */

static enum gaosou_status delete_run(struct deletion *d, struct gs_err *err)
{
    enum gaosou_status status = gs_index_writer_open(&d->writer, d->options->index, false, err);
    if (status == GAOSOU_OK && d->options->where)
        status = delete_where(d, err);
    if (status == GAOSOU_OK)
        status = delete_ids(d, err);
    if (status == GAOSOU_OK && d->deleted > 0)
        status = gs_index_writer_commit(d->writer, err);
    if (status == GAOSOU_OK && d->deleted > 0)
        gs_command_tidy(d->options, d->console, d->writer);
    return status;
}

static int finish(const struct deletion *d)
{
    struct gs_console *c = d->console;
    const struct gs_index_options *o = d->options;
    if (o->dry_run)
        return d->places.size > 0 ? GS_EXIT_OK : GS_EXIT_ERROR;
    if (!c->quiet)
        fprintf(c->out,
                GS_TR(c, d->deleted == 1 ? "deleted %llu filing\n" : "deleted %llu filings\n",
                      "已删除 %llu 份公告\n"),
                (unsigned long long)d->deleted);
    if (d->deleted == 0)
        return GS_EXIT_ERROR;
    uint64_t by_where = d->places.size / sizeof(struct gs_index_place);
    return d->deleted - by_where == (uint64_t)o->arg_count ? GS_EXIT_OK : GS_EXIT_LOSSES;
}

int gs_command_delete(const struct gs_index_options *o, struct gs_console *c)
{
    struct deletion d = {.options = o, .console = c};
    struct gs_err err = {0};
    gs_buf_init(&d.places, PLACES_MAX);
    enum gaosou_status status = delete_run(&d, &err);
    gs_index_writer_close(d.writer);
    int code = GS_EXIT_ERROR;
    if (status != GAOSOU_OK)
        gs_console_error(c, "%s", err.text);
    else
        code = finish(&d);
    gs_buf_release(&d.places);
    return code;
}
