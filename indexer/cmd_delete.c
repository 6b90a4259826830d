#include "indexer/commands.h"
#include "indexer/index_writer.h"

#include <string.h>

static enum gaosou_status delete_all(const struct gs_index_options *o, struct gs_console *c,
                                     struct gs_index_writer *w, int *deleted, struct gs_err *err)
{
    for (int i = 0; i < o->arg_count; i++) {
        bool found;
        enum gaosou_status status =
            gs_index_writer_delete(w, o->args[i], strlen(o->args[i]), &found, err);
        if (status != GAOSOU_OK)
            return status;
        *deleted += found;
        if (!found)
            gs_console_warn(c, GS_TR(c, "no filing has the id %s", "没有 id 为 %s 的公告"),
                            o->args[i]);
    }
    return *deleted > 0 ? gs_index_writer_commit(w, err) : GAOSOU_OK;
}

int gs_command_delete(const struct gs_index_options *o, struct gs_console *c)
{
    struct gs_index_writer *w = NULL;
    struct gs_err err;
    int deleted = 0;
    enum gaosou_status status = gs_index_writer_open(&w, o->index, false, &err);
    if (status == GAOSOU_OK)
        status = delete_all(o, c, w, &deleted, &err);
    if (status == GAOSOU_OK)
        gs_command_tidy(o, c, w);
    gs_index_writer_close(w);
    if (status != GAOSOU_OK) {
        gs_console_error(c, "%s", err.text);
        return GS_EXIT_ERROR;
    }
    if (!c->quiet)
        fprintf(c->out,
                GS_TR(c, deleted == 1 ? "deleted %d filing\n" : "deleted %d filings\n",
                      "已删除 %d 份公告\n"),
                deleted);
    if (deleted == 0)
        return GS_EXIT_ERROR;
    return deleted == o->arg_count ? GS_EXIT_OK : GS_EXIT_LOSSES;
}
