#include "query/program.h"

enum gaosou_status gs_program_show(struct gs_program *p)
{
    return gs_err_set(&p->err, GAOSOU_E_USE, "--show is not there yet");
}
