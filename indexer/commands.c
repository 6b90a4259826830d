#include "indexer/commands.h"
#include "common/text/kernel.h"

#include <signal.h>

typedef int command_function(const struct gs_index_options *o, struct gs_console *c);

int gs_index_main(int argc, char **argv, const char *index_env, struct gs_console *c)
{
    static command_function *const functions[] = {
        [GS_COMMAND_ADD] = gs_command_add,       [GS_COMMAND_UPDATE] = gs_command_update,
        [GS_COMMAND_DELETE] = gs_command_delete, [GS_COMMAND_MERGE] = gs_command_merge,
        [GS_COMMAND_CHECK] = gs_command_check,   [GS_COMMAND_STATS] = gs_command_stats,
        [GS_COMMAND_DUMP] = gs_command_dump,     [GS_COMMAND_TOKENS] = gs_command_tokens,
    };
    /* A file that grows past ulimit -f is a full disk to us (EFBIG), not a death. */
    (void)signal(SIGXFSZ, SIG_IGN);
    struct gs_index_options options;
    struct gs_err err;
    int code = GS_EXIT_OK;
    if (gs_index_options_parse(&options, argc, argv, index_env, c, &err) != GAOSOU_OK ||
        (options.kernel && gs_kernel_select(options.kernel, &err) != GAOSOU_OK)) {
        gs_console_error(c, "%s", err.text);
        return GS_EXIT_ERROR;
    }
    c->quiet = options.quiet;
    c->verbose = options.verbose;
    if (options.command != GS_COMMAND_NONE)
        code = functions[options.command](&options, c);
    if ((fflush(c->out) != 0 || ferror(c->out)) && code == GS_EXIT_OK) {
        gs_console_error(c, "%s", GS_TR(c, "cannot write the output", "无法写出结果"));
        bool committed =
            options.command == GS_COMMAND_ADD || options.command == GS_COMMAND_UPDATE ||
            options.command == GS_COMMAND_DELETE || options.command == GS_COMMAND_MERGE;
        code = committed ? GS_EXIT_LOSSES : GS_EXIT_ERROR;
    }
    return code;
}
