#include "common/base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *gaosou_version(void)
{
    return GAOSOU_VERSION_STRING;
}

const char *gaosou_status_text(enum gaosou_status status)
{
    switch (status) {
    case GAOSOU_OK:
        return "ok";
    case GAOSOU_E_USE:
        return "wrong use";
    case GAOSOU_E_NOT_FOUND:
        return "not found";
    case GAOSOU_E_BUSY:
        return "index is being written";
    case GAOSOU_E_NOMEM:
        return "out of memory";
    case GAOSOU_E_IO:
        return "input/output error";
    case GAOSOU_E_FULL:
        return "no space left";
    case GAOSOU_E_NOT_INDEX:
        return "not an index";
    case GAOSOU_E_TOO_OLD:
        return "format too old";
    case GAOSOU_E_TOO_NEW:
        return "format too new";
    case GAOSOU_E_ENCODING:
        return "unknown encoding";
    case GAOSOU_E_INPUT:
        return "bad input";
    case GAOSOU_E_CORRUPT:
        return "damaged index";
    case GAOSOU_E_QUERY:
        return "bad query";
    case GAOSOU_E_LIMIT:
        return "limit reached";
    }
    return "unknown status";
}

GS_PRINTF(3, 0)
static void err_write(struct gs_err *err, enum gaosou_status status, const char *fmt, va_list args)
{
    if (!err)
        return;
    err->status = status;
    vsnprintf(err->text, sizeof(err->text), fmt, args);
}

enum gaosou_status gs_err_set(struct gs_err *err, enum gaosou_status status, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    err_write(err, status, fmt, args);
    va_end(args);
    return status;
}

static enum gaosou_status status_of_errno(int errnum)
{
    switch (errnum) {
    case ENOSPC:
    case EDQUOT:
        return GAOSOU_E_FULL;
    case ENOMEM:
        return GAOSOU_E_NOMEM;
    case ENOENT:
        return GAOSOU_E_NOT_FOUND;
    default:
        return GAOSOU_E_IO;
    }
}

enum gaosou_status gs_err_sys(struct gs_err *err, int errnum, const char *fmt, ...)
{
    enum gaosou_status status = status_of_errno(errnum);
    if (!err)
        return status;
    va_list args;
    va_start(args, fmt);
    err_write(err, status, fmt, args);
    va_end(args);
    size_t used = strlen(err->text);
    snprintf(err->text + used, sizeof(err->text) - used, ": %s", strerror(errnum));
    return status;
}

enum gaosou_status gs_err_nomem(struct gs_err *err, size_t bytes)
{
    return gs_err_set(err, GAOSOU_E_NOMEM, "out of memory (%zu bytes wanted)", bytes);
}

void gs_err_prefix(struct gs_err *err, const char *fmt, ...)
{
    if (!err)
        return;
    char old[GS_ERR_CAP];
    memcpy(old, err->text, sizeof(old));
    old[sizeof(old) - 1] = '\0';
    va_list args;
    va_start(args, fmt);
    err_write(err, err->status, fmt, args);
    va_end(args);
    size_t used = strlen(err->text);
    int tail = snprintf(err->text + used, sizeof(err->text) - used, ": %s", old);
    (void)tail;
}
