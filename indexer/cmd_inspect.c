#include "common/base/json_write.h"
#include "common/segment/manifest.h"
#include "common/segment/segment.h"
#include "common/text/analysis.h"
#include "indexer/commands.h"
#include "indexer/field_stats.h"

#include <stdlib.h>
#include <string.h>

/* ---- stats ---- */

#define SECTIONS_MAX 64

struct stats {
    uint64_t filings, live, tokens, terms, postings, positions, text_bytes, file_bytes;
    size_t segments;
    struct {
        const char *name;
        uint64_t size;
    } sections[SECTIONS_MAX]; /* added up over the segments */
    size_t section_count;
    uint64_t commit;
};

static void add_section(struct stats *s, const char *name, uint64_t size)
{
    size_t i = 0;
    while (i < s->section_count && strcmp(s->sections[i].name, name) != 0)
        i++;
    if (i == SECTIONS_MAX)
        return;
    if (i == s->section_count) {
        s->sections[s->section_count++].name = name;
        s->sections[i].size = 0;
    }
    s->sections[i].size += size;
}

static void collect(struct stats *s, const struct gs_snapshot *snapshot)
{
    *s = (struct stats){.filings = snapshot->doc_count,
                        .live = snapshot->live_count,
                        .tokens = snapshot->total_length,
                        .segments = snapshot->segment_count,
                        .commit = snapshot->manifest.commit};
    for (size_t i = 0; i < snapshot->segment_count; i++) {
        const struct gs_segment *segment = snapshot->segments[i].segment;
        const struct gs_segment_stats *stats = gs_segment_get_stats(segment);
        s->terms += stats->terms;
        s->postings += stats->postings;
        s->positions += stats->positions;
        s->text_bytes += stats->text_bytes;
        s->file_bytes += snapshot->manifest.segments[i].file_size;
        const char *name;
        uint64_t size;
        for (size_t k = 0; gs_segment_section(segment, k, &name, &size); k++)
            add_section(s, name, size);
    }
}

static uint64_t section_size(const struct stats *s, const char *name)
{
    for (size_t i = 0; i < s->section_count; i++) {
        if (strcmp(s->sections[i].name, name) == 0)
            return s->sections[i].size;
    }
    return 0;
}

static double bits(uint64_t bytes, uint64_t count)
{
    return count ? 8.0 * (double)bytes / (double)count : 0;
}

/* Lists of few filings lie in the term entries, so bits are over all sections that hold postings.
 */
static void print_json(const struct stats *s, const struct gs_field_stats *fields, FILE *out)
{
    struct gs_buf b;
    struct gs_json j;
    gs_buf_init(&b, (size_t)1 << 20);
    gs_json_init(&j, &b);
    gs_json_begin_object(&j);
    const struct {
        const char *name;
        uint64_t value;
    } numbers[] = {{"commit", s->commit},         {"segments", s->segments},
                   {"filings", s->live},          {"deleted", s->filings - s->live},
                   {"terms", s->terms},           {"tokens", s->tokens},
                   {"postings", s->postings},     {"positions", s->positions},
                   {"text_bytes", s->text_bytes}, {"bytes", s->file_bytes}};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        gs_json_key(&j, numbers[i].name);
        gs_json_u64(&j, numbers[i].value);
    }
    gs_json_key(&j, "bits_per_posting");
    gs_json_double(&j, bits(section_size(s, "postings"), s->postings));
    gs_json_key(&j, "bits_per_position");
    gs_json_double(&j, bits(section_size(s, "positions"), s->positions));
    gs_json_key(&j, "sections");
    gs_json_begin_object(&j);
    for (size_t i = 0; i < s->section_count; i++) {
        gs_json_key(&j, s->sections[i].name);
        gs_json_u64(&j, s->sections[i].size);
    }
    gs_json_end_object(&j);
    gs_json_key(&j, "fields");
    gs_field_stats_json(fields, &j);
    gs_json_key(&j, "analysis");
    gs_json_string(&j, gs_analysis_name());
    gs_json_end_object(&j);
    fprintf(out, "%.*s\n", (int)b.size, (const char *)b.data);
    gs_buf_release(&b);
}

static void print_text(const struct stats *s, const struct gs_field_stats *fields,
                       struct gs_console *c)
{
    const struct {
        const char *name;
        uint64_t value;
    } numbers[] = {{GS_TR(c, "commit", "提交"), s->commit},
                   {GS_TR(c, "segments", "段"), s->segments},
                   {GS_TR(c, "filings", "公告"), s->live},
                   {GS_TR(c, "deleted", "已删除"), s->filings - s->live},
                   {GS_TR(c, "terms", "词项"), s->terms},
                   {GS_TR(c, "tokens", "词元"), s->tokens},
                   {GS_TR(c, "postings", "倒排项"), s->postings},
                   {GS_TR(c, "positions", "位置"), s->positions},
                   {GS_TR(c, "text bytes", "文本字节"), s->text_bytes},
                   {GS_TR(c, "bytes", "字节"), s->file_bytes}};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        fprintf(c->out, "%s\t%llu\n", numbers[i].name, (unsigned long long)numbers[i].value);
    fprintf(c->out, "%s\t%.2f\n", GS_TR(c, "bits per posting", "每倒排项位数"),
            bits(section_size(s, "postings"), s->postings));
    fprintf(c->out, "%s\t%.2f\n", GS_TR(c, "bits per position", "每位置位数"),
            bits(section_size(s, "positions"), s->positions));
    for (size_t i = 0; i < s->section_count; i++)
        fprintf(c->out, "%s %s\t%llu\n", GS_TR(c, "section", "部分"), s->sections[i].name,
                (unsigned long long)s->sections[i].size);
    gs_field_stats_print(fields, c);
    fprintf(c->out, "%s\t%s\n", GS_TR(c, "analysis", "分析"), gs_analysis_name());
}

int gs_command_stats(const struct gs_index_options *o, struct gs_console *c)
{
    struct gs_snapshot snapshot = {0};
    struct gs_err err;
    if (gs_snapshot_open(&snapshot, o->index, &err) != GAOSOU_OK) {
        gs_console_error(c, "%s", err.text);
        return GS_EXIT_ERROR;
    }
    struct stats s;
    struct gs_field_stats fields;
    collect(&s, &snapshot);
    enum gaosou_status status = gs_field_stats_collect(&fields, &snapshot, &err);
    if (status != GAOSOU_OK)
        gs_console_error(c, "%s", err.text);
    else if (o->json)
        print_json(&s, &fields, c->out);
    else
        print_text(&s, &fields, c);
    gs_snapshot_close(&snapshot);
    return status == GAOSOU_OK ? GS_EXIT_OK : GS_EXIT_ERROR;
}

/* ---- check ---- */

struct check_report {
    struct gs_console *console;
    const char *path;
};

static void report_line(void *ctx, const char *line)
{
    struct check_report *r = ctx;
    fprintf(r->console->out, "%s: %s\n", r->path, line);
}

struct check_counts {
    uint64_t problems;
    bool failed; /* something could not be looked at: no rights, no memory */
};

/* A file that cannot be opened: damage (also where it is gone), unless the system is why. */
static void note_failure(struct check_counts *counts, struct gs_console *c,
                         enum gaosou_status status, const struct gs_err *err)
{
    if (status == GAOSOU_E_IO || status == GAOSOU_E_NOMEM) {
        gs_console_error(c, "%s", err->text);
        counts->failed = true;
        return;
    }
    fprintf(c->out, "%s\n", err->text);
    counts->problems++;
}

/* One segment and its deletions, opened by themselves so that a damaged one does not hide the
 * others. */
static void check_segment(const char *folder, const struct gs_manifest_segment *entry,
                          struct gs_console *c, struct check_counts *counts)
{
    char *path = gs_manifest_segment_path(folder, entry->number);
    char *deletions = gs_manifest_deletions_path(folder, entry->number, entry->del_generation);
    struct gs_segment *segment = NULL;
    struct gs_err err = {0};
    enum gaosou_status status = path && deletions ? gs_segment_open(&segment, path, &err)
                                                  : gs_err_nomem(&err, strlen(folder));
    if (status == GAOSOU_OK) {
        struct check_report report = {c, path};
        uint64_t problems = 0;
        status = gs_segment_check(segment, report_line, &report, &problems, &err);
        counts->problems += problems;
        if (problems > 0)
            status = GAOSOU_OK; /* said already */
    }
    if (status != GAOSOU_OK)
        note_failure(counts, c, status, &err);
    if (deletions && entry->del_generation > 0) {
        uint64_t *read = NULL;
        status = gs_deletions_read(&read, deletions, entry->doc_count, &err);
        if (status != GAOSOU_OK)
            note_failure(counts, c, status, &err);
        free(read);
    }
    gs_segment_close(segment);
    free(path);
    free(deletions);
}

int gs_command_check(const struct gs_index_options *o, struct gs_console *c)
{
    struct gs_manifest m;
    struct gs_err err;
    gs_manifest_init(&m);
    if (gs_manifest_read(&m, o->index, &err) != GAOSOU_OK) {
        gs_console_error(c, "%s", err.text);
        gs_manifest_release(&m);
        return GS_EXIT_ERROR;
    }
    struct check_counts counts = {0};
    for (size_t i = 0; i < m.segment_count; i++)
        check_segment(o->index, &m.segments[i], c, &counts);
    if (counts.problems == 0 && !counts.failed) {
        /* What only the whole shows: files against the manifest, order of the segments. */
        struct gs_snapshot snapshot = {0};
        enum gaosou_status status = gs_snapshot_open(&snapshot, o->index, &err);
        if (status != GAOSOU_OK)
            note_failure(&counts, c, status, &err);
        gs_snapshot_close(&snapshot);
    }
    if (counts.problems > 0)
        gs_console_error(c,
                         counts.problems == 1
                             ? GS_TR(c, "%s is damaged: %llu problem", "%s 有损坏：%llu 处问题")
                             : GS_TR(c, "%s is damaged: %llu problems", "%s 有损坏：%llu 处问题"),
                         o->index, (unsigned long long)counts.problems);
    else if (!counts.failed && !c->quiet)
        fprintf(
            c->out,
            GS_TR(c, "%s is sound: %zu segments, commit %llu\n", "%s 完好：%zu 段，提交 %llu\n"),
            o->index, m.segment_count, (unsigned long long)m.commit);
    gs_manifest_release(&m);
    return counts.problems > 0 || counts.failed ? GS_EXIT_ERROR : GS_EXIT_OK;
}
