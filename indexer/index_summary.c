#include "indexer/index_run_internal.h"

void gs_index_run_say_losses(struct gs_index_run *r)
{
    const struct gs_tally *t = &r->intake.outcomes.tally;
    const struct gs_console *c = r->console;
    if (c->quiet)
        return;
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
    if (t->rescued > 0)
        fprintf(c->out,
                GS_TR(c, "damaged %llu: what could be rescued was indexed\n",
                      "损坏 %llu 个:已索引可读出的部分\n"),
                (unsigned long long)t->rescued);
    if (t->bad_dates > 0)
        fprintf(c->out,
                GS_TR(c,
                      t->bad_dates == 1
                          ? "%llu date or period could not be read: taken as unknown\n"
                          : "%llu dates or periods could not be read: taken as unknown\n",
                      "%llu 处日期或报告期无法识别,按不明处理\n"),
                (unsigned long long)t->bad_dates);
}

static void say_prune(struct gs_index_run *r)
{
    const struct gs_console *c = r->console;
    const struct gs_prune *p = &r->prune;
    if (p->refused)
        fprintf(c->out,
                GS_TR(c,
                      "%llu of %llu filings are gone, more than a tenth: none was removed; --force "
                      "removes them\n",
                      "%llu 份公告已不存在(共 %llu 份),超过十分之一,未删除;如确认请加 --force\n"),
                (unsigned long long)p->gone, (unsigned long long)p->live);
    else if (p->removed > 0)
        fprintf(c->out,
                GS_TR(c,
                      p->removed == 1 ? "removed %llu filing that is gone\n"
                                      : "removed %llu filings that are gone\n",
                      "删除了 %llu 份已不存在的公告\n"),
                (unsigned long long)p->removed);
    struct gs_str id;
    uint64_t found;
    for (size_t i = 0; r->options->prune && gs_reconcile_get_root(r->reconcile, i, &id, &found);
         i++) {
        if (found == 0)
            gs_console_warn(r->console,
                            GS_TR(c, "nothing was found at %.*s: nothing below it was removed",
                                  "%.*s 下没有找到任何公告:其下未作删除"),
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
                      "文件名与 --name-pattern 不符:%llu 个\n"),
                (unsigned long long)unfit);
    size_t unused = r->meta ? gs_meta_csv_unused(r->meta) : 0, at = 0;
    if (unused > 0)
        fprintf(
            c->out,
            GS_TR(c, "%s: %zu of %zu rows fit no input\n", "%s:%zu 行(共 %zu 行)没有对应的输入\n"),
            r->options->meta, unused, gs_meta_csv_rows(r->meta));
    struct gs_str key;
    uint64_t line;
    while (c->verbose && unused > 0 && gs_meta_csv_next_unused(r->meta, &at, &key, &line))
        gs_console_warn(c, GS_TR(c, "%s:%llu: no input %.*s", "%s:%llu:没有输入 %.*s"),
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
    fprintf(c->out,
            GS_TR(c, "cache: %llu texts taken, %llu written\n", "缓存:取用 %llu 份,写入 %llu 份\n"),
            (unsigned long long)counts.hits, (unsigned long long)counts.written);
}

static void say_indexed(struct gs_index_run *r)
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
                  "已索引 %llu 份公告(文本 %.1f MB),用时 %.2f 秒,%.1f MB/s\n"),
            (unsigned long long)counts.filings, mb, seconds, seconds > 0 ? mb / seconds : 0);
    if (counts.replaced > 0)
        fprintf(c->out,
                GS_TR(c,
                      counts.replaced == 1 ? "replaced %llu older filing\n"
                                           : "replaced %llu older filings\n",
                      "替换了 %llu 份旧公告\n"),
                (unsigned long long)counts.replaced);
    if (counts.replaced > r->older)
        fprintf(c->out,
                GS_TR(c, "ids that were given more than once, the last filing stays: %llu\n",
                      "重复给出的 id(保留最后一份):%llu 个\n"),
                (unsigned long long)(counts.replaced - r->older));
}

void gs_index_run_say_summary(struct gs_index_run *r)
{
    const struct gs_console *c = r->console;
    const struct gs_tally *t = &r->intake.outcomes.tally;
    if (c->quiet)
        return;
    say_indexed(r);
    uint64_t unchanged = t->outcomes[GS_OUTCOME_UNCHANGED];
    if (unchanged > 0)
        fprintf(c->out, GS_TR(c, "unchanged %llu\n", "未变 %llu 份\n"),
                (unsigned long long)unchanged);
    if (t->outcomes[GS_OUTCOME_NO_TEXT] > 0)
        fprintf(c->out,
                GS_TR(c, "without text %llu: no text layer, or none that can be read\n",
                      "无文本 %llu 份:没有文本层或文本层不可读\n"),
                (unsigned long long)t->outcomes[GS_OUTCOME_NO_TEXT]);
    if (t->converted > 0)
        fprintf(c->out,
                GS_TR(c, "converted %llu from other encodings\n", "%llu 个由其他编码转换\n"),
                (unsigned long long)t->converted);
    if (r->duplicates > 0)
        fprintf(c->out,
                GS_TR(c,
                      r->duplicates == 1 ? "%llu filing is also there under another id\n"
                                         : "%llu filings are also there under another id\n",
                      "%llu 份公告在索引中另有相同文本\n"),
                (unsigned long long)r->duplicates);
    say_overrides(r);
    say_cache(r);
    say_prune(r);
    gs_index_run_say_losses(r);
}
