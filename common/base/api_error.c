#include "common/base/api_error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

gaosou_error *gaosou_error_create(void)
{
    return calloc(1, sizeof(gaosou_error));
}

void gaosou_error_free(gaosou_error *error)
{
    free(error);
}

enum gaosou_status gaosou_error_status(const gaosou_error *error)
{
    return error ? error->err.status : GAOSOU_OK;
}

const char *gaosou_error_text(const gaosou_error *error)
{
    return error ? error->err.text : "";
}

enum gaosou_status gs_api_return(gaosou_error *error, enum gaosou_status status,
                                 const struct gs_err *err)
{
    if (!error || status == GAOSOU_OK)
        return status;
    if (err->status == status && err->text[0] != '\0')
        error->err = *err;
    else
        (void)gs_err_set(&error->err, status, "%s", gaosou_status_text(status));
    return status;
}

enum gaosou_status gs_api_fail(gaosou_error *error, enum gaosou_status status, const char *fmt, ...)
{
    if (!error)
        return status;
    va_list args;
    va_start(args, fmt);
    error->err.status = status;
    vsnprintf(error->err.text, sizeof(error->err.text), fmt, args);
    va_end(args);
    return status;
}
