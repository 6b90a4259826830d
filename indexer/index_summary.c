#include "indexer/index_run_internal.h"
#include "indexer/summary.h"

#include <string.h>

/* ---- rows of the table ---- */

static uint64_t sum_of(const struct gs_tally *t, enum gs_outcome_kind kind)
{
    uint64_t sum = 0;
    for (int i = 0; i < GS_SKIP_COUNT; i++)
        sum += gs_skip_outcome((enum gs_skip)i) == kind ? t->skipped[i] : 0;
    return sum;
}

static void add_reasons(struct gs_summary *s, const struct gs_console *c, const struct gs_tally *t,
                        enum gs_outcome_kind kind)
{
    for (int i = 0; i < GS_SKIP_COUNT; i++) {
        if (gs_skip_outcome((enum gs_skip)i) == kind)
            gs_summary_add(s, 1, gs_skip_text(c, (enum gs_skip)i), t->skipped[i], "%s", "");
    }
}

static void add_losses(struct gs_summary *s, const struct gs_console *c, const struct gs_tally *t)
{
    char grouped[GS_SUMMARY_GROUPED];
    gs_summary_add(s, 0, GS_TR(c, "skipped", "跳过"), sum_of(t, GS_OUTCOME_SKIPPED), "%s", "");
    add_reasons(s, c, t, GS_OUTCOME_SKIPPED);
    gs_summary_add(s, 0, GS_TR(c, "damaged", "损坏"),
                   sum_of(t, GS_OUTCOME_DAMAGED) + t->rescued + t->broken + t->repaired, "%s", "");
    add_reasons(s, c, t, GS_OUTCOME_DAMAGED);
    gs_summary_add(s, 1, GS_TR(c, "in part", "部分损坏"), t->rescued, "%s",
                   GS_TR(c, "what could be rescued was indexed", "已索引可读出的部分"));
    gs_summary_add(s, 1, GS_TR(c, "no text could be read", "未能读出文本"), t->broken, "%s",
                   GS_TR(c, "indexed without text", "已索引，无文本"));
    gs_summary_add(
        s, 1, GS_TR(c, "invalid bytes", "无效字节"), t->repaired,
        GS_TR(c, "indexed, U+FFFD for %s invalid byte sequences", "已索引，%s 处替换为 U+FFFD"),
        gs_summary_group(grouped, t->replacements));
}

static const char *replaced_note(const struct gs_console *c, uint64_t replaced, char *out,
                                 size_t size)
{
    char grouped[GS_SUMMARY_GROUPED];
    out[0] = '\0';
    if (replaced > 0)
        snprintf(out, size,
                 replaced == 1 ? GS_TR(c, "%s character replaced", "替换 %s 处字符")
                               : GS_TR(c, "%s characters replaced", "替换 %s 处字符"),
                 gs_summary_group(grouped, replaced));
    return out;
}

/* For what is not listed. */
static void more_note(const struct gs_console *c, uint64_t count, char *out, size_t size,
                      char grouped[GS_SUMMARY_GROUPED])
{
    snprintf(out, size,
             GS_TR(c, "and %s more (--verbose or --report lists all)",
                   "另有 %s 个（--verbose 或 --report 列出全部）"),
             gs_summary_group(grouped, count));
}

/* Which files were in other encodings: by encoding, then the first ones by name. */
static void add_encodings(struct gs_summary *s, const struct gs_console *c,
                          const struct gs_tally *t)
{
    char note[96], grouped[GS_SUMMARY_GROUPED];
    gs_summary_add(s, 0, GS_TR(c, "not UTF-8", "非 UTF-8"), t->converted_files, "%s",
                   GS_TR(c, "converted", "已转换"));
    for (size_t i = 0; i < GS_ENCODINGS_COUNTED && t->encodings[i].name; i++)
        gs_summary_add(s, 1, t->encodings[i].name, t->encodings[i].files, "%s",
                       replaced_note(c, t->encodings[i].replaced, note, sizeof(note)));
    for (size_t i = 0; i < GS_CONVERTED_NAMED && i < t->converted_files; i++) {
        const struct gs_converted *f = &t->named[i];
        (void)replaced_note(c, f->replaced, note, sizeof(note));
        gs_summary_add_note(s, 1, f->path ? f->path : "?", "%s%s%s", f->encoding,
                            note[0] ? GS_TR(c, ", ", ",") : "", note);
    }
    if (t->converted_files > GS_CONVERTED_NAMED) {
        more_note(c, t->converted_files - GS_CONVERTED_NAMED, note, sizeof(note), grouped);
        gs_summary_add_note(s, 1, note, "%s", "");
    }
}

/* What could not be found out about the filings that were indexed. */
static void add_unknown(struct gs_summary *s, const struct gs_console *c, const struct gs_tally *t)
{
    const char *names[GS_UNKNOWN_COUNT] = {
        GS_TR(c, "without a code", "无证券代码"), GS_TR(c, "without a short name", "无简称"),
        GS_TR(c, "without a title", "无标题"),    GS_TR(c, "without a date", "无日期"),
        GS_TR(c, "without a period", "无报告期"), GS_TR(c, "without a type", "无类型")};
    bool is_any = false;
    for (size_t i = 0; i < GS_UNKNOWN_COUNT; i++)
        is_any |= t->unknown[i] > 0;
    if (is_any)
        gs_summary_add_note(s, 0, GS_TR(c, "unknown of the filings indexed", "已索引公告中不明的"),
                            "%s", "");
    for (size_t i = 0; i < GS_UNKNOWN_COUNT; i++)
        gs_summary_add(s, 1, names[i], t->unknown[i], "%s", "");
}

/* How many of the filings indexed have a value of each filterable field. */
static void add_filterable(struct gs_summary *s, const struct gs_index_run *r)
{
    const struct gs_console *c = r->console;
    const struct gs_filterable *f = gs_index_writer_filterable(r->writer);
    struct gs_builder_counts counts = gs_builder_get_counts(r->builder);
    if (f->count > 0 && counts.filings > 0)
        gs_summary_add_note(s, 0, GS_TR(c, "with a value of filterable fields", "可筛选字段有值的"),
                            "%s", "");
    for (size_t i = 0; i < f->count && counts.filings > 0; i++) {
        char name[GS_KEYWORD_NAME_MAX + 1];
        memcpy(name, f->names[i].bytes, f->names[i].size);
        name[f->names[i].size] = '\0';
        if (counts.with_value[i] > 0)
            gs_summary_add(s, 1, name, counts.with_value[i], "%s", "");
        else
            gs_summary_add_note(s, 1, name, "%s", GS_TR(c, "none", "无"));
    }
}

/* Which filings have no text. */
static void add_textless(struct gs_summary *s, const struct gs_console *c, const struct gs_tally *t)
{
    char note[96], grouped[GS_SUMMARY_GROUPED];
    uint64_t count = t->outcomes[GS_OUTCOME_NO_TEXT];
    for (size_t i = 0; i < GS_TEXTLESS_NAMED && i < count; i++)
        gs_summary_add_note(s, 2, t->textless[i] ? t->textless[i] : "?", "%s", "");
    if (count > GS_TEXTLESS_NAMED) {
        more_note(c, count - GS_TEXTLESS_NAMED, note, sizeof(note), grouped);
        gs_summary_add_note(s, 2, note, "%s", "");
    }
}

static void add_indexed(struct gs_summary *s, const struct gs_index_run *r)
{
    const struct gs_console *c = r->console;
    const struct gs_tally *t = &r->intake.outcomes.tally;
    struct gs_builder_counts counts = gs_builder_get_counts(r->builder);
    uint64_t again = counts.replaced > r->older ? counts.replaced - r->older : 0;
    uint64_t fresh = counts.filings > counts.replaced ? counts.filings - counts.replaced : 0;
    gs_summary_add(s, 1, GS_TR(c, "new", "新增"), fresh, "%s", "");
    gs_summary_add(s, 1, GS_TR(c, "replaced", "替换"), counts.replaced, "%s",
                   GS_TR(c, "older filings", "份旧公告"));
    gs_summary_add(s, 2, GS_TR(c, "ids given more than once", "重复给出的 id"), again, "%s",
                   GS_TR(c, "the last filing stays", "保留最后一份"));
    gs_summary_add(s, 1, GS_TR(c, "without text", "无文本"), t->outcomes[GS_OUTCOME_NO_TEXT], "%s",
                   GS_TR(c, "no text layer, or none that can be read", "没有文本层或文本层不可读"));
    add_textless(s, c, t);
    gs_summary_add(s, 1, GS_TR(c, "pages without text", "无文本的页"), t->pages_without_text, "%s",
                   GS_TR(c, "in filings that have text", "（公告其余部分有文本）"));
}

static void add_read(struct gs_summary *s, const struct gs_index_run *r)
{
    const struct gs_console *c = r->console;
    const struct gs_tally *t = &r->intake.outcomes.tally;
    double seconds = gs_progress_seconds(&r->progress), mb = (double)t->source_bytes / 1e6;
    gs_summary_add(s, 0, GS_TR(c, "inputs", "输入"), t->inputs,
                   GS_TR(c, "files; %.1f MB read, %.1f MB/s", "个文件；读取 %.1f MB，%.1f MB/s"),
                   mb, seconds > 0 ? mb / seconds : 0);
}

static void print_table(struct gs_index_run *r, struct gs_summary *s)
{
    if (!gs_summary_print(s, r->console->out))
        gs_console_warn(r->console, "%s",
                        GS_TR(r->console, "no memory for the summary", "内存不足，无法显示汇总"));
    gs_summary_release(s);
}

static void say_bad_dates(const struct gs_index_run *r)
{
    const struct gs_tally *t = &r->intake.outcomes.tally;
    const struct gs_console *c = r->console;
    if (t->bad_dates > 0)
        fprintf(c->out,
                GS_TR(c,
                      t->bad_dates == 1
                          ? "%llu date or period could not be read: taken as unknown\n"
                          : "%llu dates or periods could not be read: taken as unknown\n",
                      "%llu 处日期或报告期无法识别，按不明处理\n"),
                (unsigned long long)t->bad_dates);
}

void gs_index_run_say_losses(struct gs_index_run *r)
{
    struct gs_summary s;
    if (r->console->quiet)
        return;
    gs_summary_init(&s);
    add_losses(&s, r->console, &r->intake.outcomes.tally);
    print_table(r, &s);
    say_bad_dates(r);
}

/* ---- what is beside the table ---- */

static void say_prune(struct gs_index_run *r)
{
    const struct gs_console *c = r->console;
    const struct gs_prune *p = &r->prune;
    if (p->refused)
        fprintf(
            c->out,
            GS_TR(c,
                  "%llu of %llu filings are gone, more than a tenth: none was removed; --force "
                  "removes them\n",
                  "%llu 份公告已不存在（共 %llu 份），超过十分之一，未删除；如确认请加 --force\n"),
            (unsigned long long)p->gone, (unsigned long long)p->live);
    struct gs_str id;
    uint64_t found;
    for (size_t i = 0; r->options->prune && gs_reconcile_get_root(r->reconcile, i, &id, &found);
         i++) {
        if (found == 0)
            gs_console_warn(r->console,
                            GS_TR(c, "nothing was found at %.*s: nothing below it was removed",
                                  "%.*s 下没有找到任何公告：其下未作删除"),
                            (int)id.size, id.bytes);
    }
}

/* What the user gave beside the inputs and did not fit them. */
static void say_overrides(struct gs_index_run *r)
{
    struct gs_console *c = r->console;
    uint64_t unfit = r->intake.outcomes.tally.unfit;
    if (unfit > 0)
        fprintf(c->out,
                GS_TR(c, "names that the --name-pattern does not fit: %llu\n",
                      "文件名与 --name-pattern 不符：%llu 个\n"),
                (unsigned long long)unfit);
    size_t unused = r->meta ? gs_meta_csv_unused(r->meta) : 0, at = 0;
    if (unused > 0)
        fprintf(c->out,
                GS_TR(c, "%s: %zu of %zu rows fit no input\n",
                      "%s：%zu 行（共 %zu 行）没有对应的输入\n"),
                r->options->meta, unused, gs_meta_csv_rows(r->meta));
    struct gs_str key;
    uint64_t line;
    while (c->verbose && unused > 0 && gs_meta_csv_next_unused(r->meta, &at, &key, &line))
        gs_console_warn(c, GS_TR(c, "%s:%llu: no input %.*s", "%s:%llu：没有输入 %.*s"),
                        r->options->meta, (unsigned long long)line, (int)key.size, key.bytes);
}

static void say_cache(struct gs_index_run *r)
{
    struct gs_err why;
    struct gs_console *c = r->console;
    if (!r->cache)
        return;
    if (gs_text_cache_trouble(r->cache, &why))
        gs_console_warn(c, "%s", why.text);
    struct gs_text_cache_counts counts;
    gs_text_cache_count(r->cache, &counts);
    fprintf(
        c->out,
        GS_TR(c, "cache: %llu texts taken, %llu written\n", "缓存：取用 %llu 份，写入 %llu 份\n"),
        (unsigned long long)counts.hits, (unsigned long long)counts.written);
}

static void say_indexed(const struct gs_index_run *r)
{
    const struct gs_console *c = r->console;
    struct gs_builder_counts counts = gs_builder_get_counts(r->builder);
    double seconds = gs_progress_seconds(&r->progress);
    double mb = (double)counts.content_bytes / 1e6;
    fprintf(c->out,
            GS_TR(c,
                  counts.filings == 1
                      ? "indexed %llu filing (%.1f MB of text) in %.2f s, %.1f MB/s\n"
                      : "indexed %llu filings (%.1f MB of text) in %.2f s, %.1f MB/s\n",
                  "已索引 %llu 份公告（文本 %.1f MB），用时 %.2f 秒，%.1f MB/s\n"),
            (unsigned long long)counts.filings, mb, seconds, seconds > 0 ? mb / seconds : 0);
}

static void say_table(struct gs_index_run *r)
{
    const struct gs_console *c = r->console;
    const struct gs_tally *t = &r->intake.outcomes.tally;
    struct gs_summary s;
    gs_summary_init(&s);
    add_indexed(&s, r);
    gs_summary_add(&s, 0, GS_TR(c, "unchanged", "未变"), t->outcomes[GS_OUTCOME_UNCHANGED], "%s",
                   "");
    gs_summary_add(&s, 0, GS_TR(c, "removed", "已删除"), t->outcomes[GS_OUTCOME_REMOVED], "%s",
                   GS_TR(c, "gone from where they were found", "原处已不存在"));
    add_losses(&s, c, t);
    gs_summary_add(&s, 0, GS_TR(c, "also there under another id", "索引中另有相同文本"),
                   r->duplicates, "%s", "");
    add_encodings(&s, c, t);
    add_unknown(&s, c, t);
    add_filterable(&s, r);
    add_read(&s, r);
    print_table(r, &s);
}

void gs_index_run_say_summary(struct gs_index_run *r)
{
    const struct gs_console *c = r->console;
    const struct gs_tally *t = &r->intake.outcomes.tally;
    if (c->quiet)
        return;
    say_indexed(r);
    say_table(r);
    say_bad_dates(r);
    say_overrides(r);
    say_cache(r);
    say_prune(r);
    if (t->filings == 0 && t->outcomes[GS_OUTCOME_REMOVED] == 0)
        fprintf(c->out, "%s\n", GS_TR(c, "nothing has changed", "没有变化"));
}
