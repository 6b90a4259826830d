#include "indexer/commands.h"
#include "indexer/index_run.h"

int gs_command_add(const struct gs_index_options *o, struct gs_console *c)
{
    return gs_index_run(o, GS_RECONCILE_ADD, c);
}
