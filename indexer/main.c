#include "indexer/commands.h"

#include <stdlib.h>

int main(int argc, char **argv)
{
    struct gs_console console = {.out = stdout, .err = stderr};
    console.chinese =
        gs_console_wants_chinese(getenv("LC_ALL"), getenv("LC_MESSAGES"), getenv("LANG"));
    return gs_index_main(argc, argv, getenv("GAOSOU_INDEX"), &console);
}
