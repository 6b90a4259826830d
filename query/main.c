/* gaosou-query: reads its options, runs, and ends with the exit code. */
#include "query/query_program.h"

int main(int argc, char **argv)
{
    struct gs_query_options options;
    struct gs_err err;
    int code;
    if (gs_query_options_read(&options, argc, argv, &err) == GAOSOU_OK)
        code = gs_query_program_run(&options);
    else
        code = gs_query_program_fail(&err);
    gs_query_options_release(&options);
    return code;
}
