#include "indexer/commands.h"

#include <signal.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    /* A pipe that is closed early (| head) is a write error here, not a death in the midst of a
     * commit. */
    signal(SIGPIPE, SIG_IGN);
    struct gs_console console = {.out = stdout, .err = stderr};
    console.chinese =
        gs_console_wants_chinese(getenv("LC_ALL"), getenv("LC_MESSAGES"), getenv("LANG"));
    return gs_index_main(argc, argv, getenv("GAOSOU_INDEX"), &console);
}
