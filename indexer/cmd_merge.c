#include "indexer/commands.h"
#include "indexer/merge.h"

/* The ending of a counted English noun; nothing in Chinese. */
static const char *plural(const struct gs_console *c, uint64_t count)
{
    return c->chinese || count == 1 ? "" : "s";
}

int gs_command_merge(const struct gs_index_options *o, struct gs_console *c)
{
    struct gs_index_writer *w = NULL;
    struct gs_err err;
    struct gs_merge_counts counts = {0};
    enum gaosou_status status = gs_index_writer_open(&w, o->index, false, &err);
    if (status == GAOSOU_OK)
        status = gs_merge_all(w, &counts, &err);
    if (status == GAOSOU_OK && gs_index_writer_is_changed(w))
        status = gs_index_writer_commit(w, &err);
    gs_index_writer_close(w);
    if (status != GAOSOU_OK) {
        gs_console_error(c, "%s", err.text);
        return GS_EXIT_ERROR;
    }
    if (!c->quiet)
        fprintf(c->out,
                GS_TR(c, "%zu segment%s became %zu: %llu filing%s, %llu deleted dropped\n",
                      "%zu 段%s合并为 %zu 段：%llu 份公告%s，清除 %llu 份已删除的公告\n"),
                counts.segments_before, plural(c, counts.segments_before), counts.segments_after,
                (unsigned long long)counts.filings, plural(c, counts.filings),
                (unsigned long long)counts.dropped);
    return GS_EXIT_OK;
}

void gs_command_tidy(const struct gs_index_options *o, struct gs_console *c,
                     struct gs_index_writer *w)
{
    struct gs_err err;
    struct gs_merge_counts counts;
    if (o->no_merge)
        return;
    enum gaosou_status status = gs_merge_some(w, &counts, &err);
    if (status == GAOSOU_OK && gs_index_writer_is_changed(w))
        status = gs_index_writer_commit(w, &err);
    if (status != GAOSOU_OK)
        gs_console_warn(c,
                        GS_TR(c, "the filings are committed, but merging segments failed: %s",
                              "公告已提交，但合并段失败：%s"),
                        err.text);
}
